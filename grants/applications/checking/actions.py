"""The check beside its steps: judge the criteria, answer a question, propose that it is not eligible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import execute, insert, lock, rows, transaction, update
from foundation.language import gettext as _
from foundation.refused import Missing, NotAllowed, Refused
from grants.applications import queries
from grants.applications.content import content_of
from grants.applications.drafting.actions import refuse_one_more_file
from grants.applications.forms import Check, checked_in
from grants.applications.lifecycle import State, its_curator, its_people
from grants.applications.tables import Application, Attachment, Clarification
from grants.applications.transitions import clarify, confirm_ineligible, correct, refuse_unproposed
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received


async def judge(application: Application, person: Person, given: Check) -> None:
    """Each criterion passes, fails or waits; what was said before is replaced, the log keeps it."""
    async with transaction():
        await lock(application)
        if not its_curator(person, application):
            raise NotAllowed(_("You may not do this here."))
        if application.state not in State.in_set("in_check"):
            raise Refused(_("Eligibility is judged while the application is being checked."))
        known = {each["id"]: each for each in await queries.criteria_of(application)}
        judged = given.over(checked_in(known.values())).criteria
        if judged.keys() - known.keys():
            raise Missing(_("The call has no such criterion."))
        changed = {
            key: said
            for key, said in judged.items()
            if (said.passed, said.note.strip()) != (known[key]["passed"], known[key]["note"] or "")
        }
        if not changed:
            return
        await execute(
            JUDGE_SQL, application.id, list(changed), [each.passed for each in changed.values()],
            [each.note.strip() or None for each in changed.values()], person.id,
        )  # fmt: skip
        if application.checked_by != person.id:
            await update(application, checked_by=person.id)
        said = {str(key): each.passed for key, each in changed.items()}
        await record("application.criterion_checked", person, application, criteria=said)


async def answer(
    application: Application, person: Person, reply: str, answers: dict[str, str], files: Iterable[Received] = ()
) -> None:
    """The organisation replies; answers of the named sections that differ are kept as differences, before and after."""
    async with transaction():
        await lock(application)
        step = correct if application.state == State.CORRECTION else clarify
        await step.require(person, application)
        asked = await _open_question(application)
        await _add_files(application, person, files)
        changes = differences(await content_of(application), asked, answers)
        await update(asked, reply=reply.strip(), draft={}, changes=changes, replied_by=person.id, replied_at=now())
        payload = {"clarification": str(asked.id), "changed": [each["question_id"] for each in changes]}
        await step.write(person, application, payload=payload)


async def add_files(application: Application, person: Person, files: Iterable[Received]) -> None:
    """Files stay even when the reply itself is not finished yet."""
    async with transaction():
        await _to_answer(application, person)
        if names := await _add_files(application, person, files):
            await record("application.edited", person, application, part="reply", attached=names)


async def keep_reply(application: Application, person: Person, typed: dict[str, str]) -> None:
    """What an organisation's own people have typed so far, for whoever of them goes on writing or sends it."""
    async with transaction():
        await _to_answer(application, person)
        asked = await _open_question(application)
        await update(asked, draft=typed)
        await record("application.reply_drafted", person, application, clarification=str(asked.id))


async def propose_ineligible(application: Application, person: Person, criterion_id: UUID, reason: str) -> None:
    """The curator says which criterion fails, and why; somebody else confirms."""
    async with transaction():
        await lock(application)
        if not its_curator(person, application):
            raise NotAllowed(_("You may not do this here."))
        refuse_unproposable(application)
        if criterion_id not in {each["id"] for each in await queries.criteria_of(application)}:
            raise Missing(_("The call has no such criterion."))
        await update(
            application,
            ineligible_proposed_by=person.id,
            ineligible_criterion_id=criterion_id,
            ineligible_reason=reason,
        )
        await record(
            "application.ineligibility_proposed", person, application, reason=reason, criterion=str(criterion_id)
        )


def refuse_unproposable(application: Application) -> None:
    if application.state not in confirm_ineligible.sources:
        raise Refused(_("An application in this state cannot be found not eligible."))


async def drop_proposal(application: Application, person: Person, reason: str) -> None:
    async with transaction():
        await lock(application)
        await confirm_ineligible.require(person, application)
        refuse_unproposed(application)
        await update(application, ineligible_proposed_by=None, ineligible_criterion_id=None, ineligible_reason=None)
        await record("application.proposal_dropped", person, application, reason=reason)


async def time_out() -> int:
    """Questions whose day has passed go on without an answer; the day itself still counts."""
    done = 0
    for found in await rows(OVERDUE_SQL, today()):
        async with transaction():
            application = await lock(await queries.by_id(found["id"]))
            step = correct if application.state == State.CORRECTION else clarify
            if step.open_to(SYSTEM, application) and (await _open_question(application)).due_on < today():
                await step.write(SYSTEM, application, payload={"timed_out": True})
                done += 1
    return done


def differences(content: dict[str, Any], asked: Clarification, answers: dict[str, str]) -> list[dict[str, object]]:
    """Answers of the named sections that are not what was sent; other sections cannot be touched."""
    named = {str(each) for each in asked.section_ids}
    return [
        {
            "section_id": section["id"], "question_id": question["id"], "label_ka": question["label_ka"],
            "label_en": question["label_en"], "before": question["value"] or "",
            "after": answers[question["id"]].strip(),
        }
        for section in content["sections"]
        if section["id"] in named
        for question in section["questions"]
        if question["id"] in answers and answers[question["id"]].strip() != (question["value"] or "").strip()
    ]  # fmt: skip


async def _to_answer(application: Application, person: Person) -> None:
    await lock(application)
    if not its_people(person, application):
        raise NotAllowed(_("You may not do this here."))
    if application.state not in State.in_set("asked"):
        raise Refused(_("Nothing is being asked any more."))


async def _open_question(application: Application) -> Clarification:
    asked = await queries.open_question(application)
    if asked is None:
        raise Refused(_("Nothing is being asked any more."))
    return asked


async def _add_files(application: Application, person: Person, files: Iterable[Received]) -> list[str]:
    names = []
    for received in files:
        await refuse_one_more_file(application)
        upload = await keep(received, person)
        await insert(Attachment, application_id=application.id, upload_id=upload.id, clarification=True)
        names.append(received.filename)
    return names


JUDGE_SQL = """
INSERT INTO eligibility_check (application_id, criterion_id, passed, note, checked_by)
SELECT $1, given.criterion_id, given.passed, given.note, $5
FROM unnest($2::uuid[], $3::boolean[], $4::text[]) AS given (criterion_id, passed, note)
ON CONFLICT (application_id, criterion_id) DO UPDATE SET passed = excluded.passed, note = excluded.note,
  checked_by = excluded.checked_by, checked_at = clock_timestamp()
"""
OVERDUE_SQL = """
SELECT DISTINCT a.id FROM application a JOIN clarification q ON q.application_id = a.id
WHERE application_asked(a.state) AND q.replied_at IS NULL AND q.due_on < $1 ORDER BY a.id LIMIT 500
"""
