"""Who reviews what, and a reviewer's scores as far as they are; the steps of a review are in transitions.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.database import execute, lock, transaction, update
from foundation.language import gettext as _
from foundation.merging import seen_of
from foundation.refused import NotAllowed, Refused
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.calls.lifecycle import State as CallState
from grants.calls.lifecycle import its_manager as manages
from grants.calls.queries import criteria_of
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.forms import Scored, Scores
from grants.reviews.lifecycle import State, its_unbound_reviewer
from grants.reviews.suggestion import suggested
from grants.reviews.tables import Review
from grants.reviews.transitions import (
    application_of,
    assigned,
    begun,
    lock_review,
    refuse_before_evaluation,
    refuse_over,
)
from lifecycle.record import record

# the manager's -----------------------------------------------------------------------------------------------------


async def assign(
    call: Call, application: Application, person: Person, reviewer_ids: list[UUID], due_on: date
) -> list[Review]:
    async with transaction():
        await _to_assign(call, application, person)
        return await assigned(call, application, person, reviewer_ids, due_on)


async def assign_suggested(call: Call, person: Person, due_on: date) -> int:
    """Give every application in review the reviewers it lacks, evenly; how many reviews were assigned."""
    async with transaction():
        await lock(call)
        if not manages(person, call):
            raise NotAllowed(_("You may not do this here."))
        applications = await queries.applications_in_review(call, lacking=True)
        people = [each for each in await queries.reviewers(call) if each.id != person.id]
        found = suggested(queries.needs(call, applications), people)
        made = 0
        for application in applications:
            chosen = [each.id for each in found.get(application.id, [])]
            if chosen:
                await _to_assign(call, application, person)
                made += len(await assigned(call, application, person, chosen, due_on))
        if not made:
            raise Refused(_("Nobody can be suggested: every application has enough reviewers, or nobody is left."))
        return made


# the reviewer's ----------------------------------------------------------------------------------------------------


async def save_scores(review: Review, person: Person, given: Scores) -> None:
    """A draft: anything may be missing. The first one begins the scoring."""
    async with transaction():
        call = await queries.call_by_id(review.call_id)
        application = await application_of(review)
        await lock(review, given.revision)
        if not its_unbound_reviewer(person, review):
            raise NotAllowed(_("You may not do this here."))
        refuse_over(application)
        refuse_before_evaluation(call)
        if review.state in begun.sources:
            await begun.write(person, review)
        if review.state != State.DRAFTING:
            await lock_review.require(person, review)  # says in which state it is
        criteria = {each.id: each for each in await criteria_of(call)}
        stored = await queries.scores_of(review)
        given = given.over(written_in(review, criteria, stored))
        _refuse_foreign(criteria, given)
        scores = {key: each for key, each in given.scores.items() if key in stored or each != Scored()}
        await execute(
            SCORE_SQL,
            review.id,
            review.call_id,
            list(scores),
            [each.points for each in scores.values()],
            [each.comment or None for each in scores.values()],
        )
        await update(review, comment=given.comment or None)
        await record("review.scores_saved", person, review, criteria=len(scores))


def written_in(review: Review, criteria: Iterable[UUID], stored: Mapping[UUID, Any]) -> dict[str, Any]:
    """What stands in a review, in the terms of its form: each criterion has its place in it."""
    return {"scores": {key: stored.get(key) for key in criteria}, "comment": review.comment}


async def seen_in_scores(review: Review) -> str:
    """What a form of the scores carries, opened now."""
    criteria = await criteria_of(await queries.call_by_id(review.call_id))
    return seen_of(Scores, written_in(review, [each.id for each in criteria], await queries.scores_of(review)))


# -------------------------------------------------------------------------------------------------------------------


async def _to_assign(call: Call, application: Application, person: Person) -> None:
    await lock(application)
    if not manages(person, call):
        raise NotAllowed(_("You may not do this here."))
    refuse_unassignable(call, application)


def refuse_unassignable(call: Call, application: Application) -> None:
    if application.state != ApplicationState.IN_REVIEW:
        raise Refused(_("Reviewers are assigned while the application is in review."))
    if call.state not in CallState.in_set("in_evaluation"):
        raise Refused(_("Reviewers are assigned after the call has closed and before it is decided."))


def _refuse_foreign(criteria: dict[UUID, Any], given: Scores) -> None:
    for key, scored in given.scores.items():
        if key not in criteria:
            raise Refused(_("The call has no such criterion."))
        if scored.points is not None and scored.points > criteria[key].max_points:
            raise Refused(_("These points are more than the criterion allows."))


SCORE_SQL = """
INSERT INTO score (review_id, call_id, criterion_id, points, comment)
SELECT $1, $2, given.criterion_id, given.points, given.comment
FROM unnest($3::uuid[], $4::numeric[], $5::text[]) AS given (criterion_id, points, comment)
ON CONFLICT (review_id, criterion_id) DO UPDATE SET points = excluded.points, comment = excluded.comment
"""
