"""Everything read about tranches, their conditions and who is paid."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person
from foundation.database import Row, all_of, one_of, rows
from grants.awards.queries import visible_to as awards_visible_to
from grants.awards.tables import Award
from grants.disbursements.lifecycle import State
from grants.disbursements.tables import Tranche, TrancheCondition

# the states in which somebody has something to do, in the order money takes
OPEN = tuple(state for state in State if state in State.in_set("to_do"))

# what a tranche's lifecycle and its obstacles ask for, beside the row itself
STANDING = {
    "award_state": "a.state",
    "director_threshold": "coalesce((SELECT l.director_threshold FROM programme_limit l"
    " WHERE l.programme_id = g.id AND l.currency = t.currency), 0)",
    "bank_cooling": "g.bank_cooling",
    "account_verified_at": "b.verified_at",
    "account_verified_by": "b.verified_by",
    "account_retired_at": "b.retired_at",
    "active_account_id": "(SELECT x.id FROM bank_account x WHERE x.organisation_id = t.organisation_id"
    " AND x.verified_at IS NOT NULL AND x.retired_at IS NULL)",
    "unfulfilled": "(SELECT json_agg(json_build_object('kind', x.kind, 'report_number', d.number, 'due_on', x.due_on,"
    "   'description_ka', x.description_ka, 'description_en', x.description_en) ORDER BY x.id)"
    "   FROM tranche_condition x LEFT JOIN report_due d ON d.id = x.report_due_id"
    "   WHERE x.tranche_id = t.id AND x.fulfilled_at IS NULL)",
    "undone": "(SELECT count(*) FROM tranche_condition x WHERE x.tranche_id = t.id AND x.fulfilled_at IS NOT NULL"
    "   AND x.kind IN ('report_accepted', 'visit_approved') AND NOT condition_stands(x))",
    # of what was ordered back: what has neither come back yet nor been given up
    "outstanding": "(t.recovery_amount - came_back(t.id))",
    "is_last": "NOT EXISTS (SELECT 1 FROM tranche x WHERE x.award_id = t.award_id AND x.number > t.number"
    "   AND NOT tranche_dropped(x.state))",
}
FACTS = (
    "a.reference AS award_reference, a.municipality_id, a.curator_id, a.title_ka, a.title_en,"
    " o.name_ka AS organisation_ka, o.name_en AS organisation_en, m.slug, m.name_ka AS place_ka, m.name_en AS place_en,"
    " b.iban, b.holder, " + ", ".join(f"{sql} AS {name}" for name, sql in STANDING.items())
)
FROM = (
    " FROM tranche t JOIN award a ON a.id = t.award_id JOIN call c ON c.id = a.call_id"
    " JOIN programme g ON g.id = c.programme_id"
    " JOIN organisation o ON o.id = t.organisation_id"
    " LEFT JOIN municipality m ON m.id = a.municipality_id LEFT JOIN bank_account b ON b.id = t.bank_account_id"
)
# when the tranche came into its state; the list is put in order by it
SINCE = (
    "tranche_since(t.state, t.due_at, t.requested_at, t.certified_at, t.approved_at, t.authorised_at, t.sent_at,"
    " t.confirmed_at, t.updated)"
)
TRANCHE = f"SELECT t.*, {FACTS}, {SINCE} AS since{FROM}"


ACCOUNT = """
SELECT coalesce(sum(amount) FILTER (WHERE kind = 'commitment'), 0) AS committed,
  coalesce(sum(amount) FILTER (WHERE kind = 'decommitment'), 0) AS decommitted,
  coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid,
  coalesce(sum(amount) FILTER (WHERE kind = 'recovery'), 0) AS returned,
  coalesce(sum(amount) FILTER (WHERE kind = 'write_off'), 0) AS written_off,
  coalesce(sum(amount) FILTER (WHERE kind = 'accepted_cost'), 0) AS accepted,
  coalesce(sum(amount) FILTER (WHERE kind = 'own_cost'), 0) AS left_to_them,
  coalesce(sum(CASE WHEN kind = 'commitment' THEN amount WHEN kind IN ('payment', 'decommitment') THEN -amount END), 0)
    AS uncommitted, with_grantee($1) AS held
FROM standing_entry WHERE award_id = $1
"""


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A tranche is as visible as its award `a`."""
    return awards_visible_to(person, first)


async def tranche_of(person: Person, reference: str, number: int) -> Tranche | None:
    condition, args = visible_to(person, 3)
    return await one_of(
        Tranche, f"{TRANCHE} WHERE a.reference = $1 AND t.number = $2 AND {condition}", reference, number, *args
    )


async def tranche_by_id(tranche_id: UUID) -> Tranche | None:
    """Without asking who may see it: for actions and notices."""
    return await one_of(Tranche, f"{TRANCHE} WHERE t.id = $1", tranche_id)


async def tranches_of(award: Award) -> list[Tranche]:
    return await all_of(Tranche, f"{TRANCHE} WHERE t.award_id = $1 ORDER BY t.number", award.id)


async def conditions_of(*tranches: Tranche) -> list[TrancheCondition]:
    """With the number of the report a condition waits for, and who fulfilled it."""
    return await all_of(
        TrancheCondition,
        "SELECT c.*, d.number AS report_number, d.due_on AS report_due_on, who.name AS fulfilled_by_name,"
        " u.filename AS evidence_name"
        " FROM tranche_condition c LEFT JOIN report_due d ON d.id = c.report_due_id"
        " LEFT JOIN account who ON who.id = c.fulfilled_by LEFT JOIN upload u ON u.id = c.evidence_upload_id"
        " WHERE c.tranche_id = ANY($1::uuid[]) ORDER BY c.tranche_id, c.id",
        [tranche.id for tranche in tranches],
    )


async def account_of(award: Award) -> Row:
    """What became of the grant's money: `held` is with the organisation, below zero where it has spent of its own;
    `uncommitted` is promised and neither paid nor given back."""
    return (await rows(ACCOUNT, award.id))[0]


async def condition_of(tranche: Tranche, condition_id: UUID) -> TrancheCondition | None:
    its = (TrancheCondition.id == condition_id) & (TrancheCondition.tranche_id == tranche.id)
    return await TrancheCondition.objects().get(its)


async def refunds_of(tranche: Tranche) -> list[Row]:
    """What has come back of it or was given up, each as it was posted."""
    return await rows(
        "SELECT e.kind, e.amount, e.day, e.reference, e.note, e.at FROM standing_entry e"
        " WHERE e.tranche_id = $1 AND e.kind IN ('recovery', 'write_off') ORDER BY e.id",
        tranche.id,
    )


async def persons_of(tranche: Tranche) -> dict[UUID, str]:
    """The names of those who moved this money."""
    ids = {
        tranche.requested_by, tranche.certified_by, tranche.approved_by, tranche.authorised_by, tranche.sent_by,
        tranche.paid_by, tranche.confirmed_by, tranche.account_verified_by,
    }  # fmt: skip
    found = await rows("SELECT id, name FROM account WHERE id = ANY($1::uuid[])", list(ids - {None}))
    return {each["id"]: each["name"] for each in found}


# what time and other rooms do ------------------------------------------------------------------------------------


async def ready_to_fall_due() -> list[Tranche]:
    """Planned tranches of running awards whose conditions are all fulfilled."""
    return await all_of(
        Tranche,
        f"{TRANCHE} WHERE tranche_is_planned(t.state) AND award_going_on(a.state) AND NOT EXISTS"
        " (SELECT 1 FROM tranche_condition x WHERE x.tranche_id = t.id AND x.fulfilled_at IS NULL)",
    )


async def dates_reached(today) -> list[TrancheCondition]:
    return await all_of(
        TrancheCondition,
        "SELECT c.* FROM tranche_condition c JOIN tranche t ON t.id = c.tranche_id JOIN award a ON a.id = t.award_id"
        " WHERE c.kind = 'date' AND c.fulfilled_at IS NULL AND c.due_on <= $1"
        " AND award_running(a.state) AND tranche_is_planned(t.state)",
        today,
    )


async def open_conditions(kind: str, award_id: UUID | None = None, report_due_id: UUID | None = None):
    return await all_of(
        TrancheCondition,
        "SELECT c.* FROM tranche_condition c JOIN tranche t ON t.id = c.tranche_id"
        " WHERE c.kind = $1 AND c.fulfilled_at IS NULL AND ($2::uuid IS NULL OR t.award_id = $2)"
        " AND ($3::uuid IS NULL OR c.report_due_id = $3) ORDER BY t.number, c.id",
        kind,
        award_id,
        report_due_id,
    )
