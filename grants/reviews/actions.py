"""What managers, reviewers and the chair do with reviews, one verb each; the committee has verbs of its own."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now
from foundation.database import execute, get, insert, lock, transaction, update
from foundation.language import gettext as _
from foundation.language import ngettext
from foundation.refused import NotAllowed, Refused
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.applications.transitions import review_reopening, scoring
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_manager as manages
from grants.calls.queries import criteria_of
from grants.calls.tables import Call
from grants.calls.transitions import evaluation_starts
from grants.reviews import queries
from grants.reviews.forms import Declaration, Scores
from grants.reviews.lifecycle import State, its_reviewer
from grants.reviews.suggestion import Need, able_to, suggested
from grants.reviews.tables import Review
from grants.reviews.transitions import begun, conflicted, declared_clear, locking, reopened, replaced
from lifecycle.record import record
from lifecycle.transition import refuse_silent

# the manager's -----------------------------------------------------------------------------------------------------


async def assign(
    call: Call, application: Application, person: Person, reviewer_ids: list[UUID], due_on: date
) -> list[Review]:
    async with transaction():
        await _to_assign(call, application, person)
        return await _assign(call, application, person, reviewer_ids, due_on)


async def assign_suggested(call: Call, person: Person, due_on: date) -> int:
    """Give every application in review the reviewers it lacks, evenly; how many reviews were assigned."""
    async with transaction():
        await lock(call)
        if not manages(person, call):
            raise NotAllowed(_("You may not do this here."))
        applications = await queries.applications_in_review(call)
        people = [each for each in await queries.reviewers(call) if each.id != person.id]
        found = suggested(queries.needs(call, applications), people)
        made = 0
        for application in applications:
            chosen = [each.id for each in found.get(application.id, [])]
            if chosen:
                await _to_assign(call, application, person)
                made += len(await _assign(call, application, person, chosen, due_on))
        if not made:
            raise Refused(_("Nobody can be suggested: every application has enough reviewers, or nobody is left."))
        return made


async def replace(review: Review, person: Person, reason: str, successor: UUID | None = None) -> None:
    """The review is kept, but counts no more; somebody else may take its place."""
    async with transaction():
        call = await _call(review)
        application = await lock(await _application(review))
        await lock(review)
        await replaced.require(person, review)
        refuse_silent(reason)
        if not manages(person, call):
            raise NotAllowed(_("You may not do this here."))
        await replaced.write(person, review, reason)
        if successor:
            await _assign(call, application, person, [successor], review.due_on)
        await settle(application)


async def start_evaluation(call: Call, person: Person) -> None:
    """From here on scores are written: every application in review has its reviewers, and each has declared."""
    async with transaction():
        await lock(call)
        await evaluation_starts.require(person, call)
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
        await evaluation_starts.write(person, call)


# the reviewer's ----------------------------------------------------------------------------------------------------


async def declare(review: Review, person: Person, given: Declaration) -> None:
    """Before anything of the application is shown. A conflict found later ends the review."""
    async with transaction():
        application = await _application(review)
        await lock(review)
        step = conflicted if given.conflict else declared_clear
        await step.require(person, review)
        if given.conflict:
            refuse_silent(given.declaration)
        _refuse_over(application)
        facts: dict[str, Any] = {"conflict": given.conflict, "declaration": given.declaration or None}
        if review.declared_at is None:
            facts["declared_at"] = now()
        await step.write(person, review, given.declaration if given.conflict else None, **facts)


async def save_scores(review: Review, person: Person, given: Scores) -> None:
    """A draft: anything may be missing. The first one begins the scoring."""
    async with transaction():
        call = await _call(review)
        application = await _application(review)
        await lock(review, given.revision)
        if not its_reviewer(person, review):
            raise NotAllowed(_("You may not do this here."))
        _refuse_over(application)
        _refuse_before_evaluation(call)
        if review.state in begun.sources:
            await begun.write(person, review)
        if review.state != State.DRAFTING:
            await locking.require(person, review)  # says in which state it is
        criteria = {each.id: each for each in await criteria_of(call)}
        _refuse_foreign(criteria, given)
        await execute(
            SCORE_SQL,
            review.id,
            review.call_id,
            list(given.scores),
            [each.points for each in given.scores.values()],
            [each.comment or None for each in given.scores.values()],
        )
        await update(review, comment=given.comment or None)
        await record("review.scores_saved", person, review, criteria=len(given.scores))


async def lock_review(review: Review, person: Person) -> None:
    """Nothing of it changes any more; the database makes the total. With the last one the application is scored."""
    async with transaction():
        # the call first, as the committee does, so that neither waits for the other
        await execute("SELECT 1 FROM call WHERE id = $1 FOR SHARE", review.call_id)
        call = await _call(review)
        application = await lock(await _application(review))
        await lock(review)
        await locking.require(person, review)
        _refuse_over(application)
        _refuse_before_evaluation(call)
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
        await locking.write(person, review)
        await settle(application)


# the chair's -------------------------------------------------------------------------------------------------------


async def reopen(review: Review, person: Person, reason: str) -> None:
    """An application that was scored already goes back into review until this one is locked again."""
    async with transaction():
        call = await lock(await _call(review))
        application = await lock(await _application(review))
        await lock(review)
        await reopened.require(person, review)
        refuse_silent(reason)
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
        await reopened.write(person, review, reason)


# the clock's -------------------------------------------------------------------------------------------------------


async def settle(application: Application) -> None:
    """Enough reviews are locked and nobody is still writing: the application is scored. Its row is locked."""
    if not scoring.open_to(SYSTEM, application):
        return
    call = await queries.call_by_id(application.call_id)
    locked, under_way = await queries.reviews_so_far(application)
    if locked >= call.min_reviews and not under_way:
        await scoring.write(SYSTEM, application, payload={"reviews": locked})


# -------------------------------------------------------------------------------------------------------------------


async def _to_assign(call: Call, application: Application, person: Person) -> None:
    await lock(application)
    if not manages(person, call):
        raise NotAllowed(_("You may not do this here."))
    if application.state != ApplicationState.IN_REVIEW:
        raise Refused(_("Reviewers are assigned while the application is in review."))
    if call.state not in CallState.in_set("in_evaluation"):
        raise Refused(_("Reviewers are assigned after the call has closed and before it is decided."))


async def _assign(
    call: Call, application: Application, person: Person, reviewer_ids: list[UUID], due_on: date | None
) -> list[Review]:
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
        if not able_to(people[reviewer_id], need):
            raise Refused(_("Nobody reviews an application of their own organisation."))
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


def _refuse_over(application: Application) -> None:
    if application.state != ApplicationState.IN_REVIEW:
        raise Refused(_("This application is no longer in review."))


def _refuse_before_evaluation(call: Call) -> None:
    if call.state != CallState.EVALUATING:
        raise Refused(_("Scores are written once the programme manager has started the evaluation."))


def _refuse_foreign(criteria: dict[UUID, Any], given: Scores) -> None:
    for key, scored in given.scores.items():
        if key not in criteria:
            raise Refused(_("The call has no such criterion."))
        if scored.points is not None and scored.points > criteria[key].max_points:
            raise Refused(_("These points are more than the criterion allows."))


async def _application(review: Review) -> Application:
    found = await get(Application, review.application_id)
    assert found is not None
    return found


async def _call(review: Review) -> Call:
    return await queries.call_by_id(review.call_id)


SCORE_SQL = """
INSERT INTO score (review_id, call_id, criterion_id, points, comment)
SELECT $1, $2, given.criterion_id, given.points, given.comment
FROM unnest($3::uuid[], $4::numeric[], $5::text[]) AS given (criterion_id, points, comment)
ON CONFLICT (review_id, criterion_id) DO UPDATE SET points = excluded.points, comment = excluded.comment
"""
