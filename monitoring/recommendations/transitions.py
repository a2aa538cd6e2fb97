"""Every step of a recommendation, from its issue to the verification that it was carried out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from accounts.person import Person
from accounts.queries import without_ties
from foundation.clock import today
from foundation.database import Row, insert, one_of, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from lifecycle.owned import handed_over
from lifecycle.transition import Told, Transition
from monitoring.recommendations import forms, queries
from monitoring.recommendations.lifecycle import (
    FollowUpKind,
    Priority,
    State,
    its_extender,
    its_head,
    its_lead,
    its_lead_or_head,
    its_owner,
    its_verifier,
    may_hand_over,
    not_of_staff,
    without_due_date,
)
from monitoring.recommendations.tables import FollowUp, Recommendation
from uploads.actions import keep
from uploads.attached import Attached
from uploads.receiving import Received

MOST_EXTENSIONS = 2
NEEDS_PROOF = (Priority.HIGH, Priority.CRITICAL)
EVIDENCE = Attached("file", optional=True, label=N_("Document or photo"))
ENDED = State.in_set("unissued", "live")

Steps = AsyncIterator[Told]
step = partial(Transition, "recommendation")
with_reason = partial(step, form=forms.Reason, reason="text")


@step(
    "issue", "recommendation.issued", {State.DRAFT}, State.ISSUED, its_lead, stamp="issued",
    button=N_("Issue it"), icon="send",
    history=N_("The recommendation was issued"),
    done=N_("The recommendation is issued; we have told the person responsible."),
)  # fmt: skip
async def issue(one: Recommendation, person: Person) -> Steps:
    """From now on its words and its first due date stay."""
    if one.due_current is None or one.due_current < today():
        raise Refused(_("Set a due date that is still to come first."))
    yield {}


# the owner's part --------------------------------------------------------------------------------------------------


@step(
    "acceptance", "recommendation.accepted", {State.ISSUED, State.DISPUTED}, State.ACCEPTED, its_owner,
    writes=("owner_id",), button=N_("Accept it"), icon="check",
    history=N_("Its owner accepted the recommendation"), done=N_("You accepted the recommendation."),
)  # fmt: skip
async def accept(one: Recommendation, person: Person) -> Steps:
    """Whoever accepts is its owner by name: they will not verify it."""
    yield {"owner_id": person.id}


start = step(
    "start", "recommendation.started", {State.ACCEPTED, State.PARTLY, State.REOPENED}, State.IN_PROGRESS, its_owner,
    facts={"reported_by": None, "reported_at": None, "verified_by": None, "verified_at": None},
    button=N_("Begin the work"), history=N_("Work on the recommendation began"), done=N_("The work has begun."),
)  # fmt: skip


@step(
    "completion", "recommendation.reported_done", {State.IN_PROGRESS}, State.REPORTED_DONE, its_owner,
    stamp="reported", form=forms.Evidence, file=EVIDENCE, button=N_("Report it done"), icon="badge-check",
    hint=N_("Somebody else verifies it. Evidence you added before counts too."),
    history=N_("Its owner reported the recommendation done"), done=N_("It is reported done."),
)  # fmt: skip
async def report_done(
    one: Recommendation, person: Person, given: forms.Evidence, file: Received | None = None
) -> Steps:
    """With evidence of its own, or with what was added while it was in progress."""
    if file or given.visit or given.adopted_on:
        await _add_evidence(one, person, given, file)
    else:
        await _refuse_without_evidence(one)
        await _follow_up(one, person, FollowUpKind.PROGRESS, given.text)
    yield {}


@with_reason(
    "dispute", "recommendation.disputed", {State.ISSUED}, State.DISPUTED, its_owner,
    button=N_("Dispute it"), look="text",
    hint=N_("The programme manager reads why, and issues it again, changed or not, or withdraws it."),
    history=N_("Its owner disputed the recommendation"), done=N_("You disputed the recommendation."),
)  # fmt: skip
async def dispute(one: Recommendation, person: Person, text: str) -> Steps:
    await _follow_up(one, person, FollowUpKind.ANSWER, text)
    yield {}


@step(
    "progress", "recommendation.progress_told", State.in_set("running"), None, its_owner, form=forms.Reason,
    button=N_("Give an update"), look="2", hint=N_("What has been done, what comes next."),
    history=N_("The person responsible gave an update"), done=N_("Thank you, it is noted."),
)  # fmt: skip
async def tell_progress(one: Recommendation, person: Person, text: str) -> Steps:
    await _follow_up(one, person, FollowUpKind.PROGRESS, text)
    yield {}


@step(
    "evidence", "recommendation.evidence_added", State.in_set("running"), None, its_owner, form=forms.Evidence,
    file=EVIDENCE,
    button=N_("Add evidence"), look="2",
    hint=N_("A document or photo, a visit where it was seen, or the act of the municipality with its date."),
    history=N_("Evidence was added"), done=N_("The evidence is added."),
)  # fmt: skip
async def add_evidence(
    one: Recommendation, person: Person, given: forms.Evidence, file: Received | None = None
) -> Steps:
    await _add_evidence(one, person, given, file)
    yield {}


@step(
    "extension", "recommendation.extension_asked", State.in_set("running"), None, its_owner, obstacle=without_due_date,
    form=forms.Extension, button=N_("Ask for more time"), look="text",
    hint=N_("Somebody else decides. More time is given twice at most."),
    history=N_("More time was asked for"), done=N_("You asked for more time."),
)  # fmt: skip
async def ask_more_time(one: Recommendation, person: Person, new_due: date, text: str) -> Steps:
    if await queries.asked_for(one):
        raise Refused(_("More time was asked for already; wait for the answer."))
    await _refuse_third(one)
    if new_due <= one.due_current:
        raise Refused(_("The new day must be later than the current one."))
    await _follow_up(one, person, FollowUpKind.EXTENSION_ASKED, text, new_due=new_due)
    yield {}, {"until": new_due}


# the others' part --------------------------------------------------------------------------------------------------


@step(
    "extension-approval", "recommendation.extended", State.in_set("running"), None, its_extender,
    writes=("due_current",), button=N_("Give more time"), look="2",
    history=N_("The due date was extended"), done=N_("The due date is extended."),
)  # fmt: skip
async def extend(one: Recommendation, person: Person) -> Steps:
    """Somebody else approves what was asked for; the first due date stays visible, two extensions at most."""
    asked = await _asked_by_another(one, person)
    await _refuse_third(one)
    until = asked["new_due"]
    await _answer(one, person, FollowUpKind.EXTENSION, asked, asked["text"], new_due=until)
    yield {"due_current": until}, {"until": until}


@step(
    "extension-refusal", "recommendation.extension_refused", State.in_set("running"), None, its_extender,
    form=forms.Reason, reason="text", button=N_("Refuse more time"), look="bad",
    hint=N_("The due date stays; its owner reads why."),
    history=N_("More time was refused"), done=N_("More time is refused."),
)  # fmt: skip
async def refuse_more_time(one: Recommendation, person: Person, text: str) -> Steps:
    await _answer(one, person, FollowUpKind.EXTENSION_REFUSED, await _asked_by_another(one, person), text)
    yield {}


async def look(one: Recommendation, person: Person, given: forms.Verification, file: Received | None = None) -> Steps:
    """By somebody who neither owns it nor reported it done."""
    await _follow_up(one, person, FollowUpKind.VERIFICATION, given.text, file, given.visit)
    yield {}


looks = partial(step, form=forms.Verification, file=EVIDENCE, stamp="verified")


@looks(
    "verification", "recommendation.verified", {State.REPORTED_DONE}, State.VERIFIED, its_verifier,
    button=N_("Verify it as done"), icon="badge-check",
    hint=N_("Write what you saw and where. One of high priority needs a document or a visit."),
    history=N_("The recommendation was verified as done"), done=N_("The recommendation is verified."),
)  # fmt: skip
async def verify(one: Recommendation, person: Person, given: forms.Verification, file: Received | None = None) -> Steps:
    """A high or critical one by a document or a visit."""
    await _follow_up(one, person, FollowUpKind.VERIFICATION, given.text, file, given.visit)
    if Priority(one.priority) in NEEDS_PROOF and not await queries.has_proof(one):
        raise Refused(_("This one is verified by a document or a visit: add one."))
    yield {}


find_partly_done = looks(
    "partial-verification", "recommendation.partly_done", {State.REPORTED_DONE}, State.PARTLY, its_verifier,
    reason="text", button=N_("Only partly done"), look="2",
    hint=N_("Write what is still missing; the person responsible continues with it."),
    history=N_("The recommendation was found partly done"), done=N_("It is noted as partly done."),
)(look)  # fmt: skip
reopen = looks(
    "reopening", "recommendation.reopened", {State.REPORTED_DONE}, State.REOPENED, its_verifier,
    reason="text", button=N_("Not done: reopen it"), look="bad",
    hint=N_("Write what you found instead; the person responsible begins again."),
    history=N_("The recommendation was found not done and reopened"), done=N_("The recommendation is reopened."),
)(look)  # fmt: skip


@step(
    "reissue", "recommendation.reissued", {State.DISPUTED}, State.ISSUED, its_head, stamp="issued",
    form=forms.Reissue, reason="text", writes=("text_ka", "text_en"), button=N_("Issue it again"), look="2",
    hint=N_("Write why; change its words where its owner was right."),
    history=N_("The disputed recommendation was issued again"), done=N_("The recommendation is issued again."),
)  # fmt: skip
async def reissue(
    one: Recommendation, person: Person, text: str, text_ka: str | None = None, text_en: str | None = None
) -> Steps:
    """A disputed one comes again, with other words where its owner was right."""
    yield {"text_ka": text_ka, "text_en": text_en} if text_ka or text_en else {}


@step(
    "replacement", "recommendation.superseded", ENDED, State.SUPERSEDED, its_lead_or_head, form=forms.Replacement,
    writes=("superseded_by",), button=N_("Replace it by another"), look="text",
    hint=N_("This one ends; the other one continues in its place."),
    history=N_("The recommendation was replaced by another"), done=N_("The recommendation is replaced."),
)  # fmt: skip
async def replace(one: Recommendation, person: Person, successor: str) -> Steps:
    other = await queries.by_reference(person, successor.strip())
    if other is None or other.id == one.id:
        raise Refused(_("There is no other recommendation with this reference."))
    if other.municipality_id != one.municipality_id:
        raise Refused(_("The other recommendation is for another municipality."))
    yield {"superseded_by": other.id}, {"by": other.reference}


withdraw = with_reason(
    "withdrawal", "recommendation.withdrawn", ENDED, State.WITHDRAWN, its_head, button=N_("Withdraw it"), look="bad",
    hint=N_("It ends here without being done. Its owner reads why."),
    history=N_("The recommendation was withdrawn"), done=N_("The recommendation is withdrawn."),
)  # fmt: skip
accept_risk = with_reason(
    "accepted-risk", "recommendation.risk_accepted", ENDED, State.RISK_ACCEPTED, its_head,
    button=N_("Accept the risk"), look="bad",
    hint=N_("It ends here though it is not done; you sign for the risk that remains."),
    history=N_("The recommendation was closed and its risk accepted"), done=N_("The risk is accepted."),
)  # fmt: skip


async def could_own(one: Any) -> list[Any]:
    able = await without_ties(await queries.staff(), one.award_id)
    return [each for each in able if each.id != one.owner_id]


hand_over = handed_over(
    "recommendation", "recommendation.handed_over", State.in_set("running"), "owner_id", may_hand_over, could_own,
    obstacle=not_of_staff, button=N_("Give it to somebody else"),
    history=N_("The recommendation was given to another owner"),
)  # fmt: skip

# in the order of the buttons
STEPS = (
    issue, accept, start, report_done, verify, dispute, tell_progress, add_evidence, ask_more_time, extend,
    refuse_more_time, find_partly_done, reopen, reissue, replace, withdraw, accept_risk,
    hand_over,
)  # fmt: skip
# they stand beside the request they answer
ANSWERS = (extend, refuse_more_time)


# inside ------------------------------------------------------------------------------------------------------------


async def _asked_by_another(one: Recommendation, person: Person) -> Row:
    asked = await queries.asked_for(one)
    if asked is None:
        raise Refused(_("Nobody waits for more time here."))
    if asked["author_id"] == person.id:
        raise NotAllowed(_("Nobody approves what they asked for themselves."))
    return asked


async def _answer(
    one: Recommendation, person: Person, kind: FollowUpKind, asked: Row, text: str, **more: object
) -> None:
    await insert(
        FollowUp, recommendation_id=one.id, kind=str(kind), text=text, author_id=asked["author_id"],
        approved_by=person.id, **more,
    )  # fmt: skip


async def _refuse_third(one: Recommendation) -> None:
    if await queries.extensions(one) >= MOST_EXTENSIONS:
        raise Refused(_("A due date is extended twice at most."))


async def _refuse_without_evidence(one: Recommendation) -> None:
    there = await one_of(
        FollowUp, "SELECT * FROM follow_up WHERE recommendation_id = $1 AND kind = 'evidence' LIMIT 1", one.id
    )
    if there is None:
        raise Refused(_("Add evidence first: a file, a visit or a dated act."))


async def _add_evidence(one: Recommendation, person: Person, given: forms.Evidence, file: Received | None) -> None:
    if not (file or given.visit or given.adopted_on):
        raise Refused(_("Add evidence first: a file, a visit or a dated act."))
    if given.adopted_on:
        await update(one, adopted_on=given.adopted_on, adoption_kind=str(given.adoption_kind))
    await _follow_up(one, person, FollowUpKind.EVIDENCE, given.text, file, given.visit)


async def _follow_up(
    one: Recommendation, person: Person, kind: FollowUpKind, text: str, file: Received | None = None,
    visit: UUID | None = None, **more: object,
) -> None:  # fmt: skip
    if visit is not None and visit not in {each["id"] for each in await queries.visits_for(one)}:
        raise Refused(_("This visit was somewhere else."))
    upload = await keep(file, person) if file else None
    await insert(
        FollowUp, recommendation_id=one.id, kind=str(kind), text=text, author_id=person.id,
        upload_id=upload.id if upload else None, visit_id=visit, **more,
    )  # fmt: skip
