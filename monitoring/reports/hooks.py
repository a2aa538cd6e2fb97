"""What happens to reports when the award itself moves."""

from __future__ import annotations

from accounts.person import Person
from foundation.language import gettext as _
from foundation.language import label
from grants.awards.tables import Award
from monitoring.reports import actions, queries
from monitoring.reports.lifecycle import Kind, State


async def schedule_reports(award: Award, person: Person) -> None:
    await actions.schedule(award)


async def reports_are_settled(award: Award) -> list[str]:
    """Every report is accepted or given up, and the final one is not merely lapsed."""
    found = []
    for report in await queries.of_award(award.id):
        lapsed_final = report.kind == Kind.FINAL and report.state == State.LAPSED
        if report.state not in State.in_set("settled") or lapsed_final:
            state = label(State(report.state))
            found.append(_("Report {number} is not accepted yet ({state}).", number=report.number, state=state))
    return found
