"""Everything read about recommendations. Lists and single pages start from the same condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row, all_of, one_of, row, rows, value
from lifecycle.owned import without_hands
from lifecycle.tasks import MOST
from monitoring.recommendations.tables import Recommendation

# Each asks something of somebody at once; the others when their day comes near.
SOON = 7
# Derived, never stored: its owner still has to act, and the current due date has passed.
OVERDUE = "(recommendation_running(x.state) AND x.due_current < $1::date)"
STAFF_ROLES = "'curator', 'manager', 'finance', 'director', 'chair'"
# of staff who have left, the name is no longer that of who acts
OWNER = (
    "CASE WHEN x.addressee = 'staff' AND recommendation_running(x.state) AND x.source IS NULL"
    f" AND NOT holds(x.owner_id, {STAFF_ROLES}) THEN NULL ELSE w.name END"
)
COLUMNS = f"""
x.*, coalesce({OVERDUE}, false) AS overdue,
  a.organisation_id AS grantee_id, a.reference AS award_reference, a.title_ka, a.title_en, o.name_ka AS organisation_ka,
  o.name_en AS organisation_en, m.slug, m.name_ka AS place_ka, m.name_en AS place_en, {OWNER} AS owner_name,
  f.text AS finding_text, v.reference AS visit_reference, s.reference AS successor_reference
"""
FROM = """
FROM recommendation x JOIN municipality m ON m.id = x.municipality_id LEFT JOIN award a ON a.id = x.award_id
LEFT JOIN organisation o ON o.id = x.organisation_id LEFT JOIN account w ON w.id = x.owner_id
LEFT JOIN finding f ON f.id = x.finding_id LEFT JOIN visit v ON v.id = f.visit_id
LEFT JOIN recommendation s ON s.id = x.superseded_by
"""
RECOMMENDATION = f"SELECT {COLUMNS} {FROM}"
STAFF = f"SELECT a.id, a.name FROM account a WHERE holds(a.id, {STAFF_ROLES}) ORDER BY a.name"


@dataclass(frozen=True)
class Somebody:
    id: UUID
    name: str


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `recommendation x` and its arguments, numbered from `first`. A draft is seen by those who look
    after the place; what is issued by its owner too, and by donors."""
    if person.reads_all or person.is_system:
        return "true", []
    sql = (
        f"(x.municipality_id = ANY(${first}::uuid[]) OR (NOT recommendation_is_draft(x.state) AND (${first + 1}::bool"
        f" OR x.organisation_id = ANY(${first + 2}::uuid[]) OR x.owner_id = ${first + 3}::uuid)))"
    )
    return sql, [list(person.municipalities), person.is_donor, list(person.organisations), person.id]


async def by_reference(person: Person, reference: str) -> Recommendation | None:
    seen, args = visible_to(person, 3)
    return await one_of(
        Recommendation, f"{RECOMMENDATION} WHERE x.reference = $2 AND {seen}", today(), reference, *args
    )


async def by_id(recommendation_id: UUID) -> Recommendation | None:
    """Without asking who may see it: for notices, never for pages."""
    return await one_of(Recommendation, f"{RECOMMENDATION} WHERE x.id = $2", today(), recommendation_id)


# one of them --------------------------------------------------------------------------------------------------------


async def follow_ups_of(recommendation: Recommendation) -> list[Row]:
    return await rows(
        "SELECT f.*, p.name AS author, b.name AS approver, u.filename, u.thumbnail_sha256 IS NOT NULL AS pictured,"
        " v.reference AS visit_reference, v.visited_on FROM follow_up f LEFT JOIN account p ON p.id = f.author_id"
        " LEFT JOIN account b ON b.id = f.approved_by LEFT JOIN upload u ON u.id = f.upload_id"
        " LEFT JOIN visit v ON v.id = f.visit_id WHERE f.recommendation_id = $1 ORDER BY f.at DESC, f.id DESC",
        recommendation.id,
    )


async def asked_for(recommendation: Recommendation) -> Any:
    """The request for more time that nobody has answered yet."""
    last = await row(
        "SELECT * FROM follow_up WHERE recommendation_id = $1"
        " AND kind IN ('extension_asked', 'extension', 'extension_refused') ORDER BY at DESC, id DESC LIMIT 1",
        recommendation.id,
    )
    return last if last and last["kind"] == "extension_asked" else None


async def extensions(recommendation: Recommendation) -> int:
    return await value(
        "SELECT count(*) FROM follow_up WHERE recommendation_id = $1 AND kind = 'extension'", recommendation.id
    )


async def has_proof(recommendation: Recommendation) -> bool:
    """A document or a visit; the words of its owner alone are none."""
    found = await row(
        "SELECT 1 FROM follow_up WHERE recommendation_id = $1 AND kind IN ('evidence', 'verification')"
        " AND num_nonnulls(upload_id, visit_id) > 0 LIMIT 1",
        recommendation.id,
    )
    return found is not None


async def file_of(recommendation: Recommendation, upload_id: UUID) -> UUID | None:
    found = await row(
        "SELECT upload_id FROM follow_up WHERE recommendation_id = $1 AND upload_id = $2", recommendation.id, upload_id
    )
    return found["upload_id"] if found else None


async def held(account_id: UUID | None) -> list[Recommendation]:
    """Of staff, and still to be carried out; of nobody: those whose owner can no longer act."""
    return await all_of(
        Recommendation,
        f"{RECOMMENDATION} WHERE x.addressee = 'staff' AND recommendation_running(x.state) AND x.source IS NULL"
        " AND x.owner_id IS NOT NULL AND (x.owner_id = $2::uuid OR $2::uuid IS NULL"
        f" AND x.id IN {without_hands('recommendation')}) ORDER BY x.reference",
        today(),
        account_id,
    )


async def staff() -> list[Somebody]:
    """Who could own one: everybody who works for the programme today."""
    return [Somebody(**each) for each in await rows(STAFF)]


# what is needed to write one -------------------------------------------------------------------------------------


async def choices_for(person: Person) -> dict[str, list[Any]]:
    """Places this person looks after, the organisations and grants there, and staff who could own one."""
    places = list(person.municipalities)
    return {
        "places": await rows(
            "SELECT id, slug, name_ka, name_en FROM municipality WHERE id = ANY($1::uuid[]) ORDER BY position", places
        ),
        "organisations": await rows(
            "SELECT id, name_ka, name_en FROM organisation WHERE kind = 'cso' AND municipality_id = ANY($1::uuid[])"
            " ORDER BY coalesce(name_ka, name_en)",
            places,
        ),
        "awards": await rows(
            "SELECT id, reference, title_ka, title_en FROM award WHERE municipality_id = ANY($1::uuid[])"
            " AND award_running(state) ORDER BY reference",
            places,
        ),
        "staff": await staff(),
    }


async def visits_for(recommendation: Recommendation) -> list[Row]:
    """Visits that were made to its grant, or without one in its municipality."""
    return await rows(
        "SELECT id, reference, visited_on, place FROM visit WHERE visited_on IS NOT NULL"
        " AND visit_told(state) AND (award_id = $1 OR ($1::uuid IS NULL AND municipality_id = $2))"
        " ORDER BY visited_on DESC LIMIT 50",
        recommendation.award_id,
        recommendation.municipality_id,
    )


# for other rooms -------------------------------------------------------------------------------------------------


async def open_of_award(award_id: UUID) -> list[Row]:
    return await rows(f"{RECOMMENDATION} WHERE x.award_id = $2 AND recommendation_live(x.state)"
    f" ORDER BY x.due_current", today(),
                      award_id)  # fmt: skip


async def resting_on(finding_ids: list[UUID]) -> list[Row]:
    return await rows(
        f"{RECOMMENDATION} WHERE x.finding_id = ANY($2::uuid[]) AND NOT recommendation_is_withdrawn(x.state)"
        " ORDER BY x.reference",
        today(),
        finding_ids,
    )


async def running() -> list[Row]:
    """Those whose due date is near or past, with the levels that were told about this due date already."""
    return await rows(
        """
SELECT x.id, x.due_current,
  coalesce(array_agg((p.body->>'level')::int) FILTER (WHERE p.seq IS NOT NULL), '{}') AS told
FROM recommendation x LEFT JOIN event e ON e.object_id = x.id AND e.name = 'recommendation.escalated'
LEFT JOIN event_payload p ON p.seq = e.seq AND p.body->>'due' = x.due_current::text
WHERE recommendation_running(x.state) AND x.due_current - 7 <= $1::date AND x.source IS NULL GROUP BY x.id""",
        today(),
    )


async def waiting_for(person: Person) -> list[Row]:
    """Recommendations in which this person could have the next step; their lifecycle says which. What is being carried
    out asks for nobody before its day is near, and before it is late only for those who carry it out."""
    seen, args = visible_to(person, 5)
    return await rows(
        f"{RECOMMENDATION} WHERE NOT recommendation_final(x.state) AND x.source IS NULL AND {seen}"
        f" AND (x.due_current < $1::date OR x.due_current IS NULL OR recommendation_prompt(x.state)"
        f"  OR x.due_current <= $1::date + {SOON} AND (x.organisation_id = ANY($2::uuid[]) OR x.owner_id = $3::uuid"
        f"   OR x.municipality_id = ANY($4::uuid[]))) ORDER BY x.due_current LIMIT {2 * MOST}",
        today(),
        list(person.organisations),
        person.id,
        list(person.municipalities),
        *args,
    )
