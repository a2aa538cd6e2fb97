"""Every read of calls: which a person may see, one of them, its parts."""

from __future__ import annotations

from typing import Any

from accounts.person import Person
from foundation.database import all_of, one_of
from grants.calls.tables import (
    Call,
    Criterion,
    EligibilityCriterion,
    Question,
    RequiredDocument,
    Section,
)

COLUMNS = (
    "c.*, ARRAY(SELECT m.municipality_id FROM call_municipality m WHERE m.call_id = c.id) AS municipality_ids,"
    " ARRAY(SELECT i.organisation_id FROM call_invitation i WHERE i.call_id = c.id) AS invited_ids"
)


def visible_to(person: Person, first: int = 1) -> tuple[str, list[Any]]:
    """A condition over `call c` and its arguments, numbered from `first`: everybody reads what has been opened,
    a curator also the drafts they write or whose municipalities they look after, the programme's staff all."""
    if person.reads_all or person.is_chair or person.is_system:
        return "true", []
    opened = (
        "(c.state IN ('open', 'closed', 'evaluating', 'decided', 'completed')"
        " OR (c.state = 'cancelled' AND c.opened_at IS NOT NULL))"
    )
    if not person.is_curator:
        return opened, []
    own = (
        f"({opened} OR c.created_by = ${first} OR EXISTS (SELECT 1 FROM call_municipality v"
        f" WHERE v.call_id = c.id AND v.municipality_id = ANY(${first + 1}::uuid[])))"
    )
    return own, [person.id, list(person.municipalities)]


async def call_of(person: Person, reference: str) -> Call | None:
    """The call with this reference, with `municipality_ids` and `invited_ids`; None unless this person may see it."""
    condition, args = visible_to(person, 2)
    return await one_of(Call, f"SELECT {COLUMNS} FROM call c WHERE c.reference = $1 AND {condition}", reference, *args)


async def sections_of(call: Call) -> list[Section]:
    """In order, each with its `questions` in order."""
    sections = await all_of(Section, "SELECT * FROM section WHERE call_id = $1 ORDER BY position", call.id)
    questions = await all_of(Question, "SELECT * FROM question WHERE call_id = $1 ORDER BY position, id", call.id)
    for section in sections:
        section.questions = [question for question in questions if question.section_id == section.id]
    return sections


async def criteria_of(call: Call) -> list[Criterion]:
    return await all_of(Criterion, "SELECT * FROM criterion WHERE call_id = $1 ORDER BY position, id", call.id)


async def documents_of(call: Call) -> list[RequiredDocument]:
    return await all_of(
        RequiredDocument, "SELECT * FROM required_document WHERE call_id = $1 ORDER BY position, id", call.id
    )


async def eligibility_of(call: Call) -> list[EligibilityCriterion]:
    return await all_of(
        EligibilityCriterion, "SELECT * FROM eligibility_criterion WHERE call_id = $1 ORDER BY position, id", call.id
    )
