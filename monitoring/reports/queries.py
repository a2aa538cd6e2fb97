"""Everything read about reports. Lists and single pages start from the same condition."""

from __future__ import annotations

from accounts.person import Person
from foundation.database import one_of
from grants.awards.queries import visible_to as awards_visible_to
from monitoring.reports.tables import Report

# A report with the facts of its award and its place in the calendar that its lifecycle asks for.
REPORT = """
SELECT r.*, a.reference AS award_reference, a.state AS award_state, a.organisation_id, a.municipality_id, a.curator_id,
  a.application_id, a.call_id, a.amount AS award_amount, a.title_ka, a.title_en,
  d.number, d.kind, d.period_from, d.period_to, d.due_on
FROM report r JOIN award a ON a.id = r.award_id JOIN report_due d ON d.id = r.report_due_id
"""


async def by_number(person: Person, reference: str, number: int) -> Report | None:
    """The report with this number of the grant; None unless this person may see it."""
    seen = awards_visible_to(person)
    return await one_of(
        Report, f"{REPORT} WHERE a.reference = $4 AND d.number = $5 AND {seen.sql}", *seen.args, reference, number
    )
