"""Every step of a review, and the start of a call's evaluation; the committee's are in committee/transitions.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now
from foundation.database import execute, get, insert, lock
from foundation.language import N_, ngettext
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.applications.transitions import review_reopening, scoring
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_manager as manages
from grants.calls.queries import criteria_of
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.forms import Declaration, Reason, Replacement
from grants.reviews.lifecycle import State, its_chair, its_manager, its_reviewer, its_unbound_reviewer
from grants.reviews.queries import call_by_id
from grants.reviews.suggestion import Need, able_to
from grants.reviews.tables import Review
from lifecycle.record import record
from lifecycle.transition import Told, Transition

Steps = AsyncIterator[Told]


async def lock_in_order(review: Review, revision: int | None = None) -> None:
    """The call before the application before its review, as the committee does, so that neither waits for the other."""
    await execute("SELECT 1 FROM call WHERE id = $1 FOR SHARE", review.call_id)
    await lock(await application_of(review))
    await lock(review, revision)


async def application_of(review: Review) -> Application:
    found = await get(Application, review.application_id)
    assert found is not None
    return found


step = partial(Transition, "review", lock_row=lock_in_order)


# the reviewer's ----------------------------------------------------------------------------------------------------


async def _declared(review: Review, person: Person, given: Declaration) -> Steps:
    """Before anything of the application is shown."""
    refuse_over(await application_of(review))
    declared_at = review.declared_at or now()
    yield {"conflict": given.conflict, "declaration": given.declaration or None, "declared_at": declared_at}


async def _found_a_conflict(review: Review, person: Person, given: Declaration) -> Steps:
    """Also after locking, until the committee has decided: the score leaves the average at once, and an application
    that lacks a review now goes back until somebody else has written one. Who has an interest in one applicant has one
    in how all who compete with it are judged: their other reviews of this call end as well."""
    application = await application_of(review)
    if application.state not in ApplicationState.in_set("scorable"):
        raise Refused(_("The committee has decided on this application already. Write to the programme manager."))
    declared_at = review.declared_at or now()
    yield {"conflict": given.conflict, "declaration": given.declaration or None, "declared_at": declared_at}
    await _back_to_review(application)
    for other in await queries.others_in_call(review):
        await closed_with_it.write(person, other, conflict=True, declaration=review.declaration, declared_at=now())
        await _back_to_review(await lock(await application_of(other)))


async def _back_to_review(application: Application) -> None:
    call = await call_by_id(application.call_id)
    locked, _under_way = await queries.reviews_so_far(application)
    if application.state != ApplicationState.SCORED or locked >= call.min_reviews:
        return
    minutes = await queries.open_minutes(call)
    if minutes and any(each.application_id == application.id for each in await queries.decisions_in(minutes)):
        return  # the chair reads of it in a letter, and decides anew or signs all the same
    await review_reopening.write(SYSTEM, application)


declaring = partial(step, form=Declaration, writes=("conflict", "declaration", "declared_at"))
declared_clear = declaring(
    "declaration", "review.declared_clear", {State.INVITED}, State.CLEAR, its_unbound_reviewer, body=_declared,
    history=N_("No conflict of interest declared"), done=N_("Thank you. The application is open to you now."),
)  # fmt: skip
conflicted = declaring(
    "conflict", "review.conflicted",
    {State.INVITED, State.CLEAR, State.DRAFTING, State.LOCKED, State.REOPENED}, State.CONFLICTED, its_reviewer,
    body=_found_a_conflict, by_tied=True, reason="declaration", history=N_("Conflict of interest declared"),
    done=N_("Thank you. The programme manager will ask somebody else."),
)  # fmt: skip

closed_with_it = declaring(
    "", "review.closed_with_another", conflicted.sources, State.CONFLICTED, its_reviewer, by_tied=True,
    history=N_("Closed: the reviewer has to do with an applicant of this call"),
)  # fmt: skip


async def declare(review: Review, person: Person, given: Declaration) -> str:
    """The form says which of the two steps it is; the answer is what is said afterwards."""
    declared = conflicted if given.conflict else declared_clear
    return declared.said(review, await declared(review, person, given))


# the first draft of the scores; written by actions.save_scores, which holds the row already
begun = step(
    "", "review.begun", {State.CLEAR, State.REOPENED}, State.DRAFTING, its_unbound_reviewer, history=N_("Scoring begun")
)  # fmt: skip


@step(
    "lock", "review.locked", {State.DRAFTING}, State.LOCKED, its_unbound_reviewer, button=N_("Lock the review"),
    history=N_("Review locked"), done=N_("The review is locked."),
)  # fmt: skip
async def lock_review(review: Review, person: Person) -> Steps:
    """Nothing of it changes any more; the database makes the total. With the last one the application is scored."""
    call, application = await call_by_id(review.call_id), await application_of(review)
    refuse_over(application)
    refuse_before_evaluation(call)
    given = await queries.scores_of(review)
    criteria = await criteria_of(call)
    lacking = [c for c in criteria if c.id not in given or given[c.id].points is None or not given[c.id].comment]
    if lacking:
        raise Refused(
            ngettext(
                "{n} criterion still lacks points or a comment.",
                "{n} criteria still lack points or a comment.",
                len(lacking),
            )
        )
    yield {}
    await settle(application)


# the manager's and the chair's -------------------------------------------------------------------------------------


@step(
    "replacement", "review.replaced",
    {State.INVITED, State.CLEAR, State.CONFLICTED, State.DRAFTING, State.LOCKED, State.REOPENED},
    State.REPLACED, its_manager, form=Replacement, reason="reason", button=N_("Replace the reviewer"), look="2",
    history=N_("Reviewer replaced"), done=N_("The reviewer was replaced."),
)  # fmt: skip
async def replace(review: Review, person: Person, reason: str, reviewer: UUID | None = None) -> Steps:
    """The review is kept, but counts no more; somebody else may take its place."""
    call, application = await call_by_id(review.call_id), await application_of(review)
    if not manages(person, call):
        raise NotAllowed(_("You may not do this here."))
    if review.state in (State.LOCKED, State.CONFLICTED) and application.state not in ApplicationState.in_set(
        "scorable"
    ):
        raise Refused(_("The committee has decided on this application already."))
    yield {}
    await _back_to_review(application)
    if reviewer:
        await assigned(call, application, person, [reviewer], review.due_on)
    await settle(application)


@step(
    "reopening", "review.reopened", {State.LOCKED}, State.REOPENED, its_chair, form=Reason, reason="reason",
    facts={"total": None, "locked_at": None}, button=N_("Open the review again"), look="2",
    history=N_("Review reopened by the chair"), done=N_("The review is open again; we have told its reviewer."),
)  # fmt: skip
async def reopen(review: Review, person: Person, reason: str) -> Steps:
    """An application that was scored already goes back into review until this one is locked again."""
    call, application = await call_by_id(review.call_id), await application_of(review)
    if call.state != CallState.EVALUATING:
        raise Refused(_("Reviews are reopened only while the call is being evaluated."))
    minutes = await queries.open_minutes(call)
    if minutes and any(d.application_id == application.id for d in await queries.decisions_in(minutes)):
        raise Refused(_("Take the decision on this application out of the minutes first."))
    if application.state == ApplicationState.SCORED:
        await review_reopening.require(person, application)
        await review_reopening.write(person, application, reason)
    elif application.state != ApplicationState.IN_REVIEW:
        raise Refused(_("The committee has decided on this application already."))
    yield {}


STEPS = (lock_review, replace, reopen)


@Transition(
    "call", "evaluation", "call.evaluation_started", {CallState.CLOSED}, CallState.EVALUATING, manages,
    button=N_("Start the evaluation"), history=N_("Evaluation started"),
    done=N_("The evaluation has started; reviewers can write scores."),
)  # fmt: skip
async def start_evaluation(call: Call, person: Person) -> Steps:
    """From here on scores are written: every application in review has its reviewers, and each has declared."""
    counts = await queries.states_in(call)
    if counts.get(ApplicationState.SUBMITTED):
        raise Refused(_("Some applications have not been checked yet. Their curators begin the check first."))
    if not counts.get(ApplicationState.IN_REVIEW):
        raise Refused(_("No application is in review yet."))
    if lacking := await queries.lacking_declarations(call):
        raise Refused(
            ngettext(
                "{n} application still lacks reviewers who declared no conflict: {numbers}.",
                "{n} applications still lack reviewers who declared no conflict: {numbers}.",
                len(lacking),
                numbers=", ".join(lacking[:10]),
            )
        )
    yield {}


# what comes of them ------------------------------------------------------------------------------------------------


async def settle(application: Application) -> None:
    """Enough reviews are locked and nobody is still writing: the application is scored. Its row is locked."""
    if not scoring.open_to(SYSTEM, application):
        return
    call = await call_by_id(application.call_id)
    locked, under_way = await queries.reviews_so_far(application)
    if locked >= call.min_reviews and not under_way:
        await scoring.write(SYSTEM, application, payload={"reviews": locked})


async def assigned(
    call: Call, application: Application, person: Person, reviewer_ids: list[UUID], due_on: date | None
) -> list[Review]:
    """New reviews of an application whose row is locked."""
    had = await Review.objects().where(Review.application_id == application.id)
    need = Need(
        application.id, application.organisation_id, len(reviewer_ids), frozenset(each.reviewer_id for each in had)
    )
    people = {each.id: each for each in await queries.reviewers(call)}
    made = []
    for reviewer_id in dict.fromkeys(reviewer_ids):
        if reviewer_id == person.id:
            raise Refused(_("Nobody assigns a review to themselves."))
        if reviewer_id not in people:
            raise Refused(_("Only people with the role of reviewer can be assigned."))
        if reviewer_id in need.had:
            raise Refused(_("This reviewer has been assigned to this application before."))
        if need.organisation_id in people[reviewer_id].organisations:
            raise Refused(_("Nobody reviews an application of their own organisation."))
        if not able_to(people[reviewer_id], need):
            raise Refused(
                _("This person has to do with an applicant of this call, so they review none of its applications.")
            )
        made.append(
            await insert(
                Review,
                application_id=application.id,
                call_id=call.id,
                reviewer_id=reviewer_id,
                assigned_by=person.id,
                due_on=due_on,
            )
        )
        await record("review.assigned", person, made[-1], application=application.number, reviewer=str(reviewer_id))
    return made


def refuse_over(application: Application) -> None:
    if application.state != ApplicationState.IN_REVIEW:
        raise Refused(_("This application is no longer in review."))


def refuse_before_evaluation(call: Call) -> None:
    if call.state != CallState.EVALUATING:
        raise Refused(_("Scores are written once the programme manager has started the evaluation."))
