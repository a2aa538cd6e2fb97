"""Everything that can be done with a recommendation, one verb each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import execute, get, insert, lock, one_of, refusals, row, transaction, update, value
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from lifecycle.record import record
from monitoring.recommendations import forms, queries
from monitoring.recommendations.lifecycle import (
    ACCEPT,
    ACCEPT_RISK,
    DISPUTE,
    ISSUE,
    PARTLY,
    REISSUE,
    REOPEN,
    REPORT_DONE,
    RUNNING,
    START,
    SUPERSEDE,
    VERIFY,
    WITHDRAW,
    FollowUpKind,
    Priority,
    State,
    may_ask_more_time,
    may_draft,
    may_edit,
    may_extend,
    may_follow_up,
)
from monitoring.recommendations.tables import FollowUp, Recommendation
from uploads.actions import keep
from uploads.receiving import Received

MOST_EXTENSIONS = 2
NEEDS_PROOF = (Priority.HIGH, Priority.CRITICAL)

refusals(
    {
        "recommendation_second_person": N_("Whoever owns a recommendation or reported it done does not verify it."),
        "recommendation_text": N_("Write what should be done, in one language at least."),
        "recommendation_due_stays": N_("The first due date stays as it was."),
        "recommendation_due_by_extension": N_("A due date changes only when more time is approved."),
        "recommendation_with_due_date": N_("Set a due date first."),
        "recommendation_with_evidence": N_("Add evidence first: a file, a visit or a dated act."),
        "recommendation_adoption": N_("Write both the day of the act and what kind of act it is."),
        "recommendation_superseded_facts": N_("A recommendation is replaced by another one."),
        "follow_up_two_extensions": N_("A due date is extended twice at most."),
        "follow_up_second_person": N_("Nobody approves what they asked for themselves."),
        "follow_up_later": N_("The new day must be later than the current one."),
        "follow_up_evidence": N_("Add evidence first: a file, a visit or a dated act."),
    }
)


# writing -----------------------------------------------------------------------------------------------------------


async def draft(person: Person, given: forms.Draft) -> Recommendation:
    """Standing alone, or resting on a finding, whose grant and municipality it then has."""
    async with transaction():
        if given.id and (there := await _drafted_already(given.id, person)):
            return there
        given = await _of_finding(given)
        if not may_draft(person, given.municipality):
            raise NotAllowed(_("Recommendations are written by the curator of the municipality."))
        await _refuse_foreign_award(given)
        facts = given.columns() | ({"id": given.id} if given.id else {})
        made = await insert(Recommendation, reference=await _next_reference(), created_by=person.id, **facts)
        await record("recommendation.drafted", person, made, reference=made.reference)
    return made


async def _drafted_already(key: UUID, person: Person) -> Recommendation | None:
    """The answer to the first sending was lost: the draft is there once, and is not written over."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"recommendation {key}")
    there = await get(Recommendation, key)
    if there is not None and there.created_by != person.id:
        raise Refused(_("Another recommendation is here under this id."))
    return there


async def edit(recommendation: Recommendation, person: Person, given: forms.Draft) -> None:
    async with transaction():
        await lock(recommendation, given.revision)
        if not may_edit(person, recommendation) or not may_draft(person, given.municipality):
            raise NotAllowed(_("Only a draft can be changed, by the curator of the municipality."))
        given = await _of_finding(given.model_copy(update={"finding": recommendation.finding_id}))
        await _refuse_foreign_award(given)
        await update(recommendation, **given.columns())
        await record("recommendation.edited", person, recommendation)


async def issue(recommendation: Recommendation, person: Person) -> None:
    """From now on its words and its first due date stay."""
    async with transaction():
        await lock(recommendation)
        ISSUE.require(person, recommendation)
        if recommendation.due_current is None or recommendation.due_current < today():
            raise Refused(_("Set a due date that is still to come first."))
        await ISSUE.make(person, recommendation, issued_by=person.id, issued_at=now())


# the owner's part --------------------------------------------------------------------------------------------------


async def accept(recommendation: Recommendation, person: Person) -> None:
    """Whoever accepts is its owner by name: they will not verify it."""
    async with transaction():
        await lock(recommendation)
        await ACCEPT.make(person, recommendation, owner_id=person.id)


async def dispute(recommendation: Recommendation, person: Person, given: forms.Reason) -> None:
    async with transaction():
        await lock(recommendation)
        DISPUTE.require(person, recommendation, given.text)
        await _follow_up(recommendation, person, FollowUpKind.ANSWER, given.text)
        await DISPUTE.make(person, recommendation, given.text)


async def start(recommendation: Recommendation, person: Person) -> None:
    async with transaction():
        await lock(recommendation)
        await START.make(person, recommendation, reported_by=None, reported_at=None, verified_by=None, verified_at=None)


async def tell_progress(recommendation: Recommendation, person: Person, given: forms.Reason) -> None:
    async with transaction():
        await _to_follow_up(recommendation, person)
        await _follow_up(recommendation, person, FollowUpKind.PROGRESS, given.text)
        await record("recommendation.progress_told", person, recommendation)


async def add_evidence(
    recommendation: Recommendation, person: Person, given: forms.Evidence, file: Received | None = None
) -> None:
    async with transaction():
        await _to_follow_up(recommendation, person)
        await _add_evidence(recommendation, person, given, file)
        await record("recommendation.evidence_added", person, recommendation)


async def report_done(
    recommendation: Recommendation, person: Person, given: forms.Evidence, file: Received | None = None
) -> None:
    """With evidence of its own, or with what was added while it was in progress."""
    async with transaction():
        await lock(recommendation)
        REPORT_DONE.require(person, recommendation)
        if file or given.visit or given.adopted_on:
            await _add_evidence(recommendation, person, given, file)
        else:
            await _refuse_without_evidence(recommendation)
            await _follow_up(recommendation, person, FollowUpKind.PROGRESS, given.text)
        await REPORT_DONE.make(person, recommendation, reported_by=person.id, reported_at=now())


async def ask_more_time(recommendation: Recommendation, person: Person, given: forms.Extension) -> None:
    async with transaction():
        await lock(recommendation)
        if not may_ask_more_time(person, recommendation):
            raise NotAllowed(_("You may not do this here."))
        if await queries.asked_for(recommendation):
            raise Refused(_("More time was asked for already; wait for the answer."))
        await _refuse_third(recommendation)
        if given.new_due <= recommendation.due_current:
            raise Refused(_("The new day must be later than the current one."))
        await _follow_up(recommendation, person, FollowUpKind.EXTENSION_ASKED, given.text, new_due=given.new_due)
        await record("recommendation.extension_asked", person, recommendation, until=given.new_due)


# the others' part --------------------------------------------------------------------------------------------------


async def extend(recommendation: Recommendation, person: Person) -> None:
    """Somebody else approves what was asked for; the first due date stays visible, two extensions at most."""
    async with transaction():
        asked = await _to_answer(recommendation, person)
        await _refuse_third(recommendation)
        await insert(
            FollowUp, recommendation_id=recommendation.id, kind=str(FollowUpKind.EXTENSION), text=asked["text"],
            new_due=asked["new_due"], author_id=asked["author_id"], approved_by=person.id,
        )  # fmt: skip
        await update(recommendation, due_current=asked["new_due"])
        await record("recommendation.extended", person, recommendation, until=asked["new_due"])


async def refuse_more_time(recommendation: Recommendation, person: Person, given: forms.Reason) -> None:
    async with transaction():
        asked = await _to_answer(recommendation, person)
        await insert(
            FollowUp, recommendation_id=recommendation.id, kind=str(FollowUpKind.EXTENSION_REFUSED), text=given.text,
            author_id=asked["author_id"], approved_by=person.id,
        )  # fmt: skip
        await record("recommendation.extension_refused", person, recommendation, reason=given.text)


async def verify(
    recommendation: Recommendation, person: Person, given: forms.Verification, file: Received | None = None
) -> None:
    """By somebody who neither owns it nor reported it done; a high or critical one by a document or a visit."""
    async with transaction():
        await lock(recommendation)
        VERIFY.require(person, recommendation)
        await _verification(recommendation, person, given, file)
        if Priority(recommendation.priority) in NEEDS_PROOF and not await queries.has_proof(recommendation):
            raise Refused(_("This one is verified by a document or a visit: add one."))
        await VERIFY.make(person, recommendation, verified_by=person.id, verified_at=now())


async def find_partly_done(
    recommendation: Recommendation, person: Person, given: forms.Verification, file: Received | None = None
) -> None:
    async with transaction():
        await lock(recommendation)
        PARTLY.require(person, recommendation, given.text)
        await _verification(recommendation, person, given, file)
        await PARTLY.make(person, recommendation, given.text, verified_by=person.id, verified_at=now())


async def reopen(
    recommendation: Recommendation, person: Person, given: forms.Verification, file: Received | None = None
) -> None:
    async with transaction():
        await lock(recommendation)
        REOPEN.require(person, recommendation, given.text)
        await _verification(recommendation, person, given, file)
        await REOPEN.make(person, recommendation, given.text, verified_by=person.id, verified_at=now())


async def reissue(recommendation: Recommendation, person: Person, given: forms.Reissue) -> None:
    """A disputed one comes again, with other words where its owner was right."""
    async with transaction():
        await lock(recommendation)
        REISSUE.require(person, recommendation, given.text)
        words: dict[str, Any] = {"text_ka": given.text_ka, "text_en": given.text_en}
        if not any(words.values()):
            words = {"text_ka": recommendation.text_ka, "text_en": recommendation.text_en}
        await REISSUE.make(person, recommendation, given.text, issued_by=person.id, issued_at=now(), **words)


async def replace(recommendation: Recommendation, person: Person, given: forms.Replacement) -> None:
    async with transaction():
        await lock(recommendation)
        SUPERSEDE.require(person, recommendation)
        successor = await queries.by_reference(person, given.successor.strip())
        if successor is None or successor.id == recommendation.id:
            raise Refused(_("There is no other recommendation with this reference."))
        if successor.municipality_id != recommendation.municipality_id:
            raise Refused(_("The other recommendation is for another municipality."))
        await SUPERSEDE.make(person, recommendation, payload={"by": successor.reference}, superseded_by=successor.id)


async def withdraw(recommendation: Recommendation, person: Person, given: forms.Reason) -> None:
    async with transaction():
        await lock(recommendation)
        await WITHDRAW.make(person, recommendation, given.text)


async def accept_risk(recommendation: Recommendation, person: Person, given: forms.Reason) -> None:
    async with transaction():
        await lock(recommendation)
        await ACCEPT_RISK.make(person, recommendation, given.text)


async def escalate(recommendation_id: UUID, level: int) -> None:
    """Tells the next level once for each due date; a missed run catches up with the highest level reached."""
    async with transaction():
        recommendation = await get(Recommendation, recommendation_id)
        if recommendation is None:
            return
        await lock(recommendation)
        if State(recommendation.state) not in RUNNING or recommendation.due_current is None:
            return
        if (today() - recommendation.due_current).days < level:
            return
        due = str(recommendation.due_current)
        told = await row(
            "SELECT 1 FROM event e JOIN event_payload p USING (seq) WHERE e.object_id = $1"
            " AND e.name = 'recommendation.escalated' AND p.body->>'due' = $2 AND (p.body->>'level')::int >= $3",
            recommendation.id,
            due,
            level,
        )
        if told is None:
            await record("recommendation.escalated", SYSTEM, recommendation, level=level, due=due)


# inside ------------------------------------------------------------------------------------------------------------


async def _next_reference() -> str:
    year = today().year
    return f"R-{year}-{await value('SELECT next_number($1)', f'recommendation-{year}'):03d}"


async def _of_finding(given: forms.Draft) -> forms.Draft:
    if given.finding is None:
        return given
    found = await row(
        "SELECT v.award_id, v.municipality_id FROM finding f JOIN visit v ON v.id = f.visit_id WHERE f.id = $1",
        given.finding,
    )
    if found is None:
        raise Refused(_("This finding is not there any more."))
    return given.model_copy(update={"award": found["award_id"], "municipality": found["municipality_id"]})


async def _refuse_foreign_award(given: forms.Draft) -> None:
    """A recommendation about a grant is for its municipality, and to nobody but its organisation."""
    if given.award is None:
        return
    found = await row("SELECT municipality_id, organisation_id FROM award WHERE id = $1", given.award)
    if found is None or found["municipality_id"] != given.municipality:
        raise Refused(_("This grant is in another municipality."))
    if given.organisation is not None and found["organisation_id"] != given.organisation:
        raise Refused(_("This grant belongs to another organisation."))


async def _to_follow_up(recommendation: Recommendation, person: Person) -> None:
    await lock(recommendation)
    if not may_follow_up(person, recommendation):
        raise NotAllowed(_("You may not do this here."))


async def _to_answer(recommendation: Recommendation, person: Person) -> Any:
    await lock(recommendation)
    if not may_extend(person, recommendation):
        raise NotAllowed(_("You may not do this here."))
    asked = await queries.asked_for(recommendation)
    if asked is None:
        raise Refused(_("Nobody waits for more time here."))
    if asked["author_id"] == person.id:
        raise NotAllowed(_("Nobody approves what they asked for themselves."))
    return asked


async def _refuse_third(recommendation: Recommendation) -> None:
    if await queries.extensions(recommendation) >= MOST_EXTENSIONS:
        raise Refused(_("A due date is extended twice at most."))


async def _refuse_without_evidence(recommendation: Recommendation) -> None:
    there = await one_of(
        FollowUp,
        "SELECT * FROM follow_up WHERE recommendation_id = $1 AND kind = 'evidence' LIMIT 1",
        recommendation.id,
    )
    if there is None:
        raise Refused(_("Add evidence first: a file, a visit or a dated act."))


async def _add_evidence(
    recommendation: Recommendation, person: Person, given: forms.Evidence, file: Received | None
) -> None:
    if not (file or given.visit or given.adopted_on):
        raise Refused(_("Add evidence first: a file, a visit or a dated act."))
    if given.adopted_on:
        await update(recommendation, adopted_on=given.adopted_on, adoption_kind=str(given.adoption_kind))
    await _follow_up(recommendation, person, FollowUpKind.EVIDENCE, given.text, file, given.visit)


async def _verification(
    recommendation: Recommendation, person: Person, given: forms.Verification, file: Received | None
) -> None:
    await _follow_up(recommendation, person, FollowUpKind.VERIFICATION, given.text, file, given.visit)


async def _follow_up(
    recommendation: Recommendation, person: Person, kind: FollowUpKind, text: str, file: Received | None = None,
    visit: UUID | None = None, **more: Any,
) -> None:  # fmt: skip
    if visit is not None and visit not in {each["id"] for each in await queries.visits_for(recommendation)}:
        raise Refused(_("This visit was somewhere else."))
    upload = await keep(file, person) if file else None
    await insert(
        FollowUp, recommendation_id=recommendation.id, kind=str(kind), text=text, author_id=person.id,
        upload_id=upload.id if upload else None, visit_id=visit, **more,
    )  # fmt: skip
