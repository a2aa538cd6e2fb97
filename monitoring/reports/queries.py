"""Everything read about reports. Lists and single pages start from the same condition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row, all_of, one_of, row, rows
from grants.awards.queries import visible_to as awards_visible_to
from lifecycle.tasks import MOST
from monitoring.indicators.queries import Filters
from monitoring.reports.tables import Report, ReportSubmission

# A report with the facts of its award and its place in the calendar that its lifecycle asks for.
COLUMNS = """
r.*, a.reference AS award_reference, a.state AS award_state, a.organisation_id, a.municipality_id, a.curator_id,
  a.application_id, a.call_id, a.amount AS award_amount, a.title_ka, a.title_en,
  d.number, d.kind, d.period_from, d.period_to, greatest(d.due_on, r.correct_by) AS due_on,
  o.name_ka AS organisation_ka, o.name_en AS organisation_en
"""
FROM = """FROM report r JOIN award a ON a.id = r.award_id JOIN report_due d ON d.id = r.report_due_id
JOIN organisation o ON o.id = a.organisation_id"""
REPORT = f"SELECT {COLUMNS} {FROM}"


async def by_number(person: Person, reference: str, number: int) -> Report | None:
    """The report with this number of the grant; None unless this person may see it."""
    seen, args = awards_visible_to(person, 3)
    return await one_of(
        Report, f"{REPORT} WHERE a.reference = $1 AND d.number = $2 AND {seen}", reference, number, *args
    )


async def by_id(report_id: UUID) -> Report | None:
    """Without asking who may see it: for notices, never for pages."""
    return await one_of(Report, f"{REPORT} WHERE r.id = $1", report_id)


EVERYTHING = Filters()


async def of_award(award_id: UUID) -> list[Report]:
    return await all_of(Report, f"{REPORT} WHERE r.award_id = $1 ORDER BY d.number", award_id)


async def submissions_of(report: Report) -> list[ReportSubmission]:
    """As they were signed, the first one first."""
    its = ReportSubmission.objects().where(ReportSubmission.report_id == report.id)
    return await its.order_by(ReportSubmission.number).output(load_json=True)


async def returns_of(report: Report) -> list[Row]:
    return await rows(
        "SELECT b.*, p.name AS author FROM report_return b JOIN account p ON p.id = b.author_id"
        " WHERE b.report_id = $1 ORDER BY b.at DESC",
        report.id,
    )


async def names_of(report: Report) -> dict[UUID, str]:
    """Who submitted, verified and agreed."""
    people = (report.submitted_by, report.verified_by, report.manager_id, report.finance_id)
    found = await rows("SELECT id, name FROM account WHERE id = ANY($1::uuid[])", [one for one in people if one])
    return {one["id"]: one["name"] for one in found}


async def file_of(report: Report, upload_id: UUID) -> UUID | None:
    """The upload, when it belongs to a part of this report."""
    found = await row(FILE, report.id, upload_id)
    return found["upload_id"] if found else None


# what is due -----------------------------------------------------------------------------------------------------


async def unscheduled() -> list[UUID]:
    """Signed grants with a line of the calendar that has no report yet; those from sources report no more."""
    return [
        found["award_id"]
        for found in await rows(
            "SELECT DISTINCT d.award_id FROM report_due d JOIN award a ON a.id = d.award_id"
            " WHERE award_running(a.state) AND a.source IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id)"
        )
    ]


async def to_open(ahead: int) -> list[Report]:
    """Scheduled reports whose period ends within so many days."""
    return await all_of(
        Report,
        f"{REPORT} WHERE report_is_scheduled(r.state) AND award_going_on(a.state) AND d.period_to - $2::int <= $1",
        today(),
        ahead,
    )


async def to_remind() -> list[Report]:
    """To be handed in within a week, or late."""
    return await all_of(
        Report, f"{REPORT} WHERE report_writable(r.state) AND greatest(d.due_on, r.correct_by) - 7 <= $1::date", today()
    )


async def waiting_for(person: Person) -> list[Row]:
    """Reports in which this person has the next step, with the step's name."""
    return await rows(
        WAITING,
        list(person.organisations),
        list(person.municipalities),
        person.is_manager,
        person.is_finance,
        person.id,
        list(person.ties),
    )


# money -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spent:
    """What one grant has reported as spent of the grant, and what of it was verified and accepted; beside it what the
    organisation paid itself."""

    award_id: UUID
    reference: str
    call_id: UUID
    municipality_id: UUID | None
    slug: str | None
    currency: str
    reported: Decimal
    verified: Decimal
    own_reported: Decimal
    own_verified: Decimal


async def money(filters: Filters = EVERYTHING) -> list[Spent]:
    """One row for each signed grant, in one statement; like values, spending counts while its report is accepted."""
    return [Spent(**found) for found in await rows(MONEY, *filters.args)]


async def spent_so_far(report: Report) -> Row:
    """Paid to the grantee, and spent in earlier reports."""
    return (await rows(SO_FAR, report.award_id, report.number))[0]


# Neither being written nor back for correction.
MONEY = """
SELECT a.id AS award_id, a.reference, a.call_id, a.municipality_id, m.slug, a.currency::text AS currency,
  coalesce(sum(x.spent), 0) AS reported, coalesce(sum(x.accepted), 0) AS verified,
  coalesce(sum(x.own_spent), 0) AS own_reported, coalesce(sum(x.own_accepted), 0) AS own_verified
FROM award a LEFT JOIN municipality m ON m.id = a.municipality_id
LEFT JOIN LATERAL (
  SELECT sum(s.spent_grant) AS spent, sum(s.accepted_grant) AS accepted, sum(s.spent - s.spent_grant) AS own_spent,
    sum(s.accepted - s.accepted_grant) AS own_accepted
  FROM spending_line s JOIN report r ON r.id = s.report_id JOIN report_due d ON d.id = r.report_due_id
  WHERE r.award_id = a.id AND report_is_accepted(r.state)
    AND ($4::date IS NULL OR d.period_to >= $4) AND ($5::date IS NULL OR d.period_to <= $5)) x ON true
WHERE award_signed(a.state)
  AND ($1::uuid[] IS NULL OR a.municipality_id = ANY($1)) AND ($2::uuid IS NULL OR a.call_id = $2)
  AND ($3::uuid IS NULL OR a.id = $3)
GROUP BY a.id, m.id ORDER BY a.reference
"""
SO_FAR = """
SELECT (SELECT coalesce(sum(amount), 0) FROM tranche WHERE award_id = $1 AND tranche_paid(state)) AS paid,
  (SELECT coalesce(sum(s.spent), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
    JOIN report_due d ON d.id = r.report_due_id
    WHERE r.award_id = $1 AND d.number < $2 AND report_claiming(r.state)) AS before
"""
FILE = """
SELECT e.upload_id FROM value_evidence e JOIN report_value v ON v.id = e.value_id
  WHERE v.report_id = $1 AND e.upload_id = $2
UNION SELECT e.upload_id FROM spending_evidence e JOIN spending_line s ON s.id = e.spending_line_id
  WHERE s.report_id = $1 AND e.upload_id = $2
UNION SELECT upload_id FROM report_document WHERE report_id = $1 AND upload_id = $2
"""
WAITING = f"""
SELECT r.id, r.state, r.updated, r.submitted_at, r.verified_at, a.reference, a.title_ka, a.title_en, d.number,
  greatest(d.due_on, r.correct_by) AS due_on, m.slug, o.name_ka AS organisation_ka, o.name_en AS organisation_en,
  CASE WHEN report_writable(r.state) THEN 'write' WHEN report_is_submitted(r.state) THEN 'start'
    WHEN report_is_under_review(r.state) THEN 'verify' ELSE 'accept' END AS step
{FROM} LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE (report_writable(r.state) OR report_examined(r.state)) AND a.organisation_id <> ALL($6::uuid[]) AND (
  (report_writable(r.state) AND a.organisation_id = ANY($1::uuid[]))
  OR (report_checkable(r.state) AND a.municipality_id = ANY($2::uuid[])
      AND NOT a.organisation_id = ANY($1::uuid[]) AND r.submitted_by IS DISTINCT FROM $5)
  OR (report_is_verified(r.state) AND (($3 AND r.manager_id IS NULL) OR ($4 AND r.finance_id IS NULL))
      AND $5::uuid IS NOT NULL AND $5 <> ALL (array_remove(ARRAY[a.curator_id, r.verified_by, r.submitted_by, r.manager_id, r.finance_id], NULL))))
ORDER BY greatest(d.due_on, r.correct_by) LIMIT {MOST}
"""  # noqa: E501
