"""Every read of calls: which a person may see, one of them, its parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.person import Person
from accounts.tables import Municipality, Organisation
from foundation.database import Row, all_of, one_of, row, rows
from grants.calls.checklist import Whole
from grants.calls.deadline import time_left
from grants.calls.tables import (
    Call,
    Criterion,
    EligibilityCriterion,
    Question,
    RequiredDocument,
    Section,
)
from lifecycle.owned import without_hands

COLUMNS = (
    "c.*, ARRAY(SELECT m.municipality_id FROM call_municipality m WHERE m.call_id = c.id) AS municipality_ids,"
    " ARRAY(SELECT i.organisation_id FROM call_invitation i WHERE i.call_id = c.id) AS invited_ids"
)


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `call c` and its arguments, numbered from `first`: everybody reads what has been opened,
    a curator also the drafts they write or whose municipalities they look after, the programme's staff all."""
    if person.reads_all or person.is_chair or person.is_system:
        return "true", []
    opened = "(call_public(c.state) OR (call_dropped(c.state) AND c.opened_at IS NOT NULL))"
    if not person.is_curator:
        return opened, []
    own = (
        f"({opened} OR coalesce(c.owner_id, c.created_by) = ${first} OR EXISTS (SELECT 1 FROM call_municipality v"
        f" WHERE v.call_id = c.id AND v.municipality_id = ANY(${first + 1}::uuid[])))"
    )
    return own, [person.id, list(person.municipalities)]


async def call_of(person: Person, reference: str) -> Call | None:
    """The call with this reference, with `municipality_ids` and `invited_ids`; None unless this person may see it."""
    condition, args = visible_to(person, 2)
    return await one_of(Call, f"SELECT {COLUMNS} FROM call c WHERE c.reference = $1 AND {condition}", reference, *args)


async def mark(person: Person, reference: str) -> str | None:
    """Changes whenever the page of a call does; None unless this person may see the call. Its parts stay as they are
    once it is open."""
    condition, args = visible_to(person, 2)
    found = await row(
        "SELECT c.id, c.revision, c.updated, c.deadline, p.updated AS programme, (SELECT max(e.seq) FROM event e"
        " WHERE e.object_id = c.id) AS told FROM call c JOIN programme p ON p.id = c.programme_id"
        f" WHERE c.reference = $1 AND {condition}",
        reference, *args,
    )  # fmt: skip
    return repr((*found, time_left(found["deadline"]))) if found else None


async def sections_of(call: Call) -> list[Section]:
    """In order, each with its `questions` in order."""
    sections = await Section.objects().where(Section.call_id == call.id).order_by(Section.position)
    questions = await all_of(Question, "SELECT * FROM question WHERE call_id = $1 ORDER BY position, id", call.id)
    for section in sections:
        section.questions = [question for question in questions if question.section_id == section.id]
    return sections


async def criteria_of(call: Call) -> list[Criterion]:
    its = Criterion.objects().where(Criterion.call_id == call.id)
    return await its.order_by(Criterion.position, Criterion.id)


async def documents_of(call: Call) -> list[RequiredDocument]:
    its = RequiredDocument.objects().where(RequiredDocument.call_id == call.id)
    return await its.order_by(RequiredDocument.position, RequiredDocument.id)


async def eligibility_of(call: Call) -> list[EligibilityCriterion]:
    its = EligibilityCriterion.objects().where(EligibilityCriterion.call_id == call.id)
    return await its.order_by(EligibilityCriterion.position, EligibilityCriterion.id)


async def whole(call: Call, reckoned: bool = True) -> Whole:
    """`left` is only `reckoned` for those who write the call; nobody else is shown it."""
    return Whole(
        call,
        await sections_of(call),
        await criteria_of(call),
        await documents_of(call),
        await eligibility_of(call),
        await left_for(call) if reckoned else None,
    )


async def left_for(call: Call) -> Decimal | None:
    """The programme's budget in the currency of the call less the envelopes of its other calls in it that were handed
    in; None where the programme has no limits in that currency, and so no call."""
    found = await row(
        "SELECT l.budget - coalesce(sum(o.envelope), 0) AS left_over FROM programme_limit l"
        " LEFT JOIN call o ON o.programme_id = l.programme_id AND o.id <> $2 AND o.currency = l.currency"
        " AND call_approved(o.state) WHERE l.programme_id = $1 AND l.currency = $3 GROUP BY l.budget",
        call.programme_id,
        call.id,
        call.currency,
    )
    return found["left_over"] if found else None


async def municipalities() -> list[Municipality]:
    return await all_of(Municipality, "SELECT * FROM municipality ORDER BY position")


async def municipalities_of(call: Call) -> list[Municipality]:
    return await all_of(
        Municipality, "SELECT * FROM municipality WHERE id = ANY($1::uuid[]) ORDER BY position", call.municipality_ids
    )


async def could_apply(call: Call, person: Person) -> list[Organisation]:
    """The organisations this person may apply for to this call."""
    if not person.organisations:
        return []
    return await all_of(
        Organisation,
        "SELECT * FROM organisation WHERE id = ANY($1::uuid[]) AND (NOT $2 OR id = ANY($3::uuid[])) ORDER BY name_ka",
        list(person.organisations),
        call.invited_only,
        call.invited_ids,
    )


async def could_be_invited() -> list[Organisation]:
    """Every civil society organisation, with the name of its municipality, in the order of the map."""
    return await all_of(
        Organisation,
        "SELECT o.*, m.slug, m.name_ka AS place_ka, m.name_en AS place_en FROM organisation o"
        " LEFT JOIN municipality m ON m.id = o.municipality_id WHERE o.kind = 'cso'"
        " ORDER BY m.position NULLS LAST, coalesce(o.name_ka, o.name_en)",
    )


async def waiting_for(person: Person) -> list[Row]:
    """Drafts of a curator, and calls a manager is to approve: id, reference, titles, state and since when."""
    return await rows(
        "SELECT c.id, c.reference, c.title_ka, c.title_en, c.state, c.updated, a.name AS author FROM call c"
        " LEFT JOIN account a ON a.id = coalesce(c.owner_id, c.created_by)"
        " WHERE (call_is_draft(c.state) AND coalesce(c.owner_id, c.created_by) = $1 AND $2)"
        " OR (call_is_in_approval(c.state) AND $3 AND c.created_by IS DISTINCT FROM $1"
        " AND c.submitted_by IS DISTINCT FROM $1 AND c.owner_id IS DISTINCT FROM $1 AND $1 <> ALL(c.earlier_owners))"
        " ORDER BY c.updated",
        person.id,
        person.is_curator,
        person.is_manager,
    )


async def held(account_id: UUID | None) -> list[Call]:
    """Drafts this person writes, also while they wait for approval; of nobody: those whose writer can no longer act."""
    return await all_of(
        Call,
        f"SELECT {COLUMNS} FROM call c WHERE call_unapproved(c.state)"
        " AND (coalesce(c.owner_id, c.created_by) = $1::uuid"
        f" OR $1::uuid IS NULL AND c.id IN {without_hands('call')}) ORDER BY c.reference",
        account_id,
    )


async def names_of(call: Call) -> dict[str, str | None]:
    """Who wrote, handed in and approved the call."""
    found = await row(
        "SELECT (SELECT name FROM account WHERE id = $1) AS created,"
        " (SELECT name FROM account WHERE id = $2) AS submitted, (SELECT name FROM account WHERE id = $3) AS approved",
        call.created_by,
        call.submitted_by,
        call.approved_by,
    )
    assert found is not None
    return dict(found)


async def invited_to(call: Call) -> list[Any]:
    found = await rows("SELECT organisation_id FROM call_invitation WHERE call_id = $1", call.id)
    return [each["organisation_id"] for each in found]
