"""Saving the parts of a draft: whatever was typed is kept, and nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from uuid import UUID

from accounts.person import Person
from foundation.database import execute, insert, lock, row, rows, transaction, update
from foundation.language import gettext as _
from foundation.merging import merge, read_seen
from foundation.money import MOST
from foundation.refused import Missing, NotAllowed, Refused
from grants.applications import budget
from grants.applications.forms import ABOUT, read_about
from grants.applications.lifecycle import State, its_people
from grants.applications.tables import Application, Attachment, BudgetLine
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received

MOST_FILES = 40


async def save_about(
    application: Application, person: Person, answers: Mapping[str, str], municipalities: Collection[UUID],
    seen: str | None = None,
) -> None:  # fmt: skip
    """`seen` is what each field was opened with; where two wrote different fields, both stay."""
    async with transaction():
        await _to_write(application, person)
        stored = about_as_stored(application)
        mine = {name: text for name, text in answers.items() if name in stored}
        columns, typed = read_about(merge(mine, stored, read_seen(seen)), municipalities)
        kept = {name: text for name, text in (application.typed or {}).items() if name not in columns}
        both = {name: columns.get(name, getattr(application, name)) for name in ("starts_on", "ends_on")}
        if both["starts_on"] and both["ends_on"] and both["ends_on"] < both["starts_on"]:
            typed = {**typed, "ends_on": both["ends_on"].isoformat()}
            columns = {**columns, "ends_on": None}
        await update(application, **columns, typed={**kept, **typed})
        await _edited(person, application, "about")


async def save_section(
    application: Application, person: Person, section_id: UUID, answers: dict[UUID, str], seen: str | None = None
) -> None:
    """Keeps whatever was typed, of any shape; `seen` is what each answer was opened with."""
    async with transaction():
        await _to_write(application, person)
        stored = await answers_of(application, section_id)
        if not stored:
            raise Missing(_("There is no such section in this call."))
        mine = {str(question): text for question, text in answers.items() if question in stored}
        whole = merge(mine, {str(question): text for question, text in stored.items()}, read_seen(seen))
        changed = {question: whole[str(question)] for question in stored if str(question) in whole}
        changed = {question: text for question, text in changed.items() if text != stored[question]}
        if changed:
            await execute(UPSERT_ANSWERS, application.id, list(changed), list(changed.values()), person.id)
            await _edited(person, application, str(section_id))


async def save_budget(
    application: Application, person: Person, rows_typed: list[budget.Row], seen: str | None = None
) -> dict[str, str]:
    """Whole rows become lines; when one is not whole, all are kept as typed beside. The errors by cell."""
    async with transaction():
        await _to_write(application, person)
        stored = await budget_as_stored(application)
        merged = merge({"lines": rows_typed}, {"lines": stored}, read_seen(seen))
        rows_typed = budget.with_ids(merged["lines"])
        lines, errors = budget.read(rows_typed, application.currency)
        await BudgetLine.delete().where(BudgetLine.application_id == application.id)
        for position, line in enumerate(lines, 1):
            await insert(BudgetLine, application_id=application.id, position=position, **vars(line))
        typed = {name: text for name, text in (application.typed or {}).items() if name != "budget"}
        await update(
            application,
            requested=min(budget.requested(lines), MOST),
            own_contribution=min(budget.own_contribution(lines), MOST),
            typed={**typed, "budget": rows_typed} if errors else typed,
        )
        await _edited(person, application, "budget")
        return errors


async def attach(
    application: Application, person: Person, received: Received, document_id: UUID | None = None
) -> Attachment:
    async with transaction():
        await _to_write(application, person)
        await refuse_one_more_file(application, document_id)
        upload = await keep(received, person)
        made = await insert(Attachment, application_id=application.id, document_id=document_id, upload_id=upload.id)
        await _edited(person, application, "documents", attached=received.filename)
        return made


async def detach(application: Application, person: Person, attachment: Attachment) -> None:
    async with transaction():
        await _to_write(application, person)
        await execute("DELETE FROM attachment WHERE id = $1 AND application_id = $2", attachment.id, application.id)
        await _edited(person, application, "documents", removed=str(attachment.id))


def is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


def about_as_stored(application: Application) -> dict[str, str]:
    typed = application.typed or {}
    return {name: typed.get(name) or str(getattr(application, name) or "") for name in ABOUT}


async def answers_of(application: Application, section_id: UUID) -> dict[UUID, str]:
    """Every question of the section with what is stored for it; empty when the call has no such section."""
    return {
        found["id"]: found["value"]
        for found in await rows(ANSWERS_SQL, section_id, application.call_id, application.id)
    }


async def budget_as_stored(application: Application) -> list[budget.Row]:
    kept = (application.typed or {}).get("budget")
    if kept is not None:
        return budget.with_ids(kept)
    its = BudgetLine.application_id == application.id
    return budget.typed_again(await BudgetLine.select().where(its).order_by(BudgetLine.position))


async def refuse_one_more_file(application: Application, document_id: UUID | None = None) -> None:
    """When there are too many, or the call asks for no such document. The row is locked, so nobody adds one
    meanwhile."""
    found = await row(
        "SELECT (SELECT count(*) FROM attachment WHERE application_id = $1) AS files,"
        " $2::uuid IS NULL OR EXISTS (SELECT 1 FROM required_document WHERE id = $2 AND call_id = $3) AS wanted",
        application.id, document_id, application.call_id,
    )  # fmt: skip
    if found is None or not found["wanted"]:
        raise Missing(_("The call does not ask for such a document."))
    if found["files"] >= MOST_FILES:
        raise Refused(_("An application carries at most {most} files.", most=MOST_FILES))


async def _to_write(application: Application, person: Person) -> None:
    await lock(application)
    if not its_people(person, application):
        raise NotAllowed(_("You may not do this here."))
    if application.state == State.AWAITING_SIGNOFF:
        raise Refused(_("The draft waits for the signatory. Open it for editing again to change it."))
    if application.state != State.DRAFT:
        raise Refused(_("The application is no longer a draft; it can no longer be changed."))


async def _edited(person: Person, application: Application, part: str, **more: object) -> None:
    await record("application.edited", person, application, part=part, **more)


UPSERT_ANSWERS = """
INSERT INTO answer (application_id, question_id, value, updated_by)
SELECT $1, given.question_id, given.value, $4 FROM unnest($2::uuid[], $3::text[]) AS given (question_id, value)
ON CONFLICT (application_id, question_id) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by
"""
ANSWERS_SQL = """
SELECT q.id, coalesce(w.value, '') AS value FROM question q
LEFT JOIN answer w ON w.question_id = q.id AND w.application_id = $3
WHERE q.section_id = $1 AND q.call_id = $2 ORDER BY q.position, q.id
"""
