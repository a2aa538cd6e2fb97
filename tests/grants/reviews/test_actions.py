"""Assignment, declaration, scoring and locking: what is done, and what is refused with which sentence."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from foundation.clock import today
from foundation.database import execute, get, rows, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from grants.applications.tables import Application
from grants.reviews import actions, queries, transitions
from grants.reviews.forms import Declaration, Scored, Scores
from grants.reviews.tables import Review
from lifecycle.record import history_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_review, a_scored_application
from tests.cast import add_account, add_role, ended_role, make_cast
from tests.importing import importing

SOON = today() + timedelta(days=10)


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def full(call, share="0.5", comment="Because."):
    scores = {c.id: Scored(points=Decimal(c.max_points) * Decimal(share), comment=comment) for c in call.criteria}
    return Scores(scores=scores, comment="Good.")


async def of(review):
    return await get(Review, review.id)


async def state(application):
    return await value("SELECT state FROM application WHERE id = $1", application.id)


# assignment --------------------------------------------------------------------------------------------------------


async def test_a_manager_assigns_reviewers(cast):
    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "in_review")
    made = await actions.assign(call, application, cast.manager, [cast.reviewer.id, cast.reviewer2.id], SOON)
    assert [(r.reviewer_id, r.state, r.due_on) for r in made] == [
        (cast.reviewer.id, "invited", SOON),
        (cast.reviewer2.id, "invited", SOON),
    ]
    assert [h.name for h in await history_of(*made)] == ["review.assigned", "review.assigned"]


@pytest.mark.parametrize("who", ["curator", "chair", "director", "reviewer", "signatory"])
async def test_only_the_manager_assigns(cast, who):
    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "in_review")
    with pytest.raises(NotAllowed):
        await actions.assign(call, application, cast.people[who], [cast.reviewer.id], SOON)


async def test_who_cannot_be_assigned(cast):
    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "in_review")
    async with importing():
        for name in ("asked", "own", "competitor"):
            cast.people[name] = SimpleNamespace(id=await add_account(name))
            await add_role(cast.people[name].id, "reviewer")
        await ended_role(cast.people["own"].id, "editor", cast.vani_youth.id)
        await ended_role(cast.people["competitor"].id, "signatory", cast.guria_women.id)
        await add_role(cast.manager.id, "reviewer")
    await an_application(cast, call, "admin_check", organisation=cast.guria_women)
    await actions.assign(call, application, cast.manager, [cast.people["asked"].id], SOON)
    for who, sentence in (
        ("own", "own organisation"),
        ("competitor", "has to do with an applicant"),
        ("manager", "to themselves"),
        ("director", "role of reviewer"),
        ("asked", "assigned to this application before"),
    ):
        with pytest.raises(Refused, match=sentence):
            await actions.assign(call, application, cast.manager, [cast.people[who].id], SOON)


async def test_reviewers_are_assigned_only_in_review_and_before_the_decision(cast):
    scored = await a_scored_application(cast)
    with pytest.raises(Refused, match="while the application is in review"):
        await actions.assign(scored.call, scored, cast.manager, [cast.reviewer.id], SOON)
    early = await a_call(cast, "open")
    odd = await an_application(cast, early, "in_review")
    with pytest.raises(Refused, match="after the call has closed"):
        await actions.assign(early, odd, cast.manager, [cast.reviewer.id], SOON)


async def test_the_suggestion_fills_what_is_lacking_evenly(cast):
    call = await a_call(cast, "closed")
    first = await an_application(cast, call, "in_review")
    second = await an_application(cast, call, "in_review", organisation=cast.guria_women)
    await a_review(cast, first, "conflicted")
    assert await actions.assign_suggested(call, cast.manager, SOON) == 2
    listed = {a.id: a.reviews for a in await queries.applications_in_review(call)}
    assert [r["name"] for r in listed[first.id]] == ["Reviewer", "Reviewer2"]
    assert [r["name"] for r in listed[second.id]] == ["Reviewer2"], "a conflict with one applicant is one with all"
    with pytest.raises(Refused, match="Nobody can be suggested"):
        await actions.assign_suggested(call, cast.manager, SOON)


async def test_a_conflicted_reviewer_is_replaced(cast):
    call = await a_call(cast, "closed")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "conflicted")
    with pytest.raises(Refused, match="assigned to this application before"):
        await transitions.replace(review, cast.manager, "Conflict.", cast.reviewer.id)
    await transitions.replace(await of(review), cast.manager, "Conflict.", cast.reviewer2.id)
    states = await rows(
        "SELECT reviewer_id, state FROM review WHERE application_id = $1 ORDER BY created", review.application_id
    )
    assert [tuple(r) for r in states] == [(cast.reviewer.id, "replaced"), (cast.reviewer2.id, "invited")]


async def test_replacing_the_last_one_who_writes_completes_the_scoring(cast):
    call = await a_call(cast, "evaluating", min_reviews=1)
    application = await an_application(cast, call, "in_review")
    await a_review(cast, application, "locked")
    slow = await a_review(cast, application, "drafting", cast.reviewer2)
    await transitions.replace(slow, cast.manager, "Fell ill.")
    assert await state(application) == "scored"


async def test_evaluation_starts_when_enough_reviewers_have_declared(cast):
    call = await a_call(cast, "closed")
    with pytest.raises(Refused, match="No application is in review yet"):
        await transitions.start_evaluation(call, cast.manager)
    application = await an_application(cast, call, "in_review")
    await a_review(cast, application, "clear")
    other = await a_review(cast, application, "invited", cast.reviewer2)
    with pytest.raises(
        Refused, match=f"1 application still lacks reviewers who declared no conflict: {application.number}"
    ):
        await transitions.start_evaluation(call, cast.manager)
    await transitions.declare(other, cast.reviewer2, Declaration(conflict=False))
    unchecked = await an_application(cast, call, "submitted", organisation=cast.guria_women)
    with pytest.raises(Refused, match="have not been checked yet"):
        await transitions.start_evaluation(call, cast.manager)
    async with importing():
        await execute("UPDATE application SET state = 'admin_check' WHERE id = $1", unchecked.id)
    with pytest.raises(NotAllowed):
        await transitions.start_evaluation(call, cast.chair)
    await transitions.start_evaluation(call, cast.manager)
    assert call.state == "evaluating"


# declaration -------------------------------------------------------------------------------------------------------


async def test_a_reviewer_declares_before_anything_opens(cast):
    review = await a_review(cast, state="invited")
    await transitions.declare(review, cast.reviewer, Declaration(conflict=False))
    assert (review.state, review.conflict, review.declared_at is not None) == ("clear", False, True)


async def test_a_conflict_ends_the_review_also_when_found_late(cast):
    for state_before in ("invited", "clear", "drafting"):
        review = await a_review(cast, await an_application(cast, state="in_review"), state_before)
        await transitions.declare(
            review, cast.reviewer, Declaration(conflict=True, declaration="My brother works there.")
        )
        assert (review.state, review.conflict) == ("conflicted", True)
        assert (await history_of(review))[-1].reason == "My brother works there."


async def test_declarations_that_are_refused(cast):
    review = await a_review(cast, state="invited")
    with pytest.raises(ValueError):
        Declaration(conflict=True)
    with pytest.raises(NotAllowed):
        await transitions.declare(review, cast.reviewer2, Declaration(conflict=False))
    locked = await a_review(cast, await an_application(cast, state="in_review"), "locked")
    with pytest.raises(Refused):
        await transitions.declare(locked, cast.reviewer, Declaration(conflict=False))
    withdrawn = await a_review(cast, await an_application(cast, state="withdrawn"), "invited")
    with pytest.raises(Refused, match="no longer in review"):
        await transitions.declare(withdrawn, cast.reviewer, Declaration(conflict=False))


# scoring -----------------------------------------------------------------------------------------------------------


async def test_scores_are_saved_as_a_draft_with_gaps(cast):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "clear")
    need, quality, budget = call.criteria
    await actions.save_scores(
        review, cast.reviewer, Scores(scores={need.id: Scored(points="7,5"), quality.id: Scored(comment="Vague.")})
    )
    assert review.state == "drafting"
    kept = await queries.scores_of(review)
    assert (kept[need.id].points, kept[quality.id].points, kept[quality.id].comment) == (Decimal("7.5"), None, "Vague.")
    assert budget.id not in kept
    with pytest.raises(Refused, match="3 criteria still lack points or a comment"):
        await transitions.lock_review(await of(review), cast.reviewer)


async def test_the_database_makes_the_total_and_the_last_lock_scores_the_application(cast):
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    first = await a_review(cast, application, "clear")
    second = await a_review(cast, application, "clear", cast.reviewer2)
    await actions.save_scores(first, cast.reviewer, full(call))
    await transitions.lock_review(first, cast.reviewer)
    assert (first.state, first.total, first.locked_at is not None) == ("locked", Decimal("50.000"), True)
    assert await state(application) == "in_review"
    await actions.save_scores(second, cast.reviewer2, full(call, "0.8"))
    await transitions.lock_review(second, cast.reviewer2)
    assert second.total == Decimal("80.000") and await state(application) == "scored"
    last = (await history_of(application))[-1]
    assert (last.name, last.actor_role, last.payload["reviews"]) == ("application.scored", "system", 2)


async def test_scoring_that_is_refused(cast):
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    invited = await a_review(cast, application, "invited")
    with pytest.raises(Refused, match="declaration awaited"):
        await actions.save_scores(invited, cast.reviewer, full(call))
    with pytest.raises(NotAllowed):
        await actions.save_scores(invited, cast.reviewer2, full(call))
    clear = await a_review(cast, application, "clear", cast.reviewer2)
    other = await a_call(cast, "evaluating")
    with pytest.raises(Refused, match="no such criterion"):
        await actions.save_scores(clear, cast.reviewer2, full(other))
    with pytest.raises(Refused, match="more than the criterion allows"):
        await actions.save_scores(clear, cast.reviewer2, full(call, "1.5"))
    closed = await a_call(cast, "closed")
    early = await a_review(cast, await an_application(cast, closed, "in_review"), "clear")
    with pytest.raises(Refused, match="started the evaluation"):
        await actions.save_scores(early, cast.reviewer, full(closed))
    locked = await a_review(cast, await an_application(cast, state="in_review"), "locked")
    with pytest.raises(Refused, match="locked"):
        await actions.save_scores(locked, cast.reviewer, Scores())


# reopening ---------------------------------------------------------------------------------------------------------


async def test_the_chair_reopens_a_review_and_the_application_goes_back(cast):
    call = await a_call(cast, "evaluating")
    application = await a_scored_application(cast, call)
    review = (await queries.reviews_of(application, cast.chair))[0]
    with pytest.raises(NotAllowed):
        await transitions.reopen(review, cast.manager, "Points and words differ.")
    with pytest.raises(Refused, match="Write the reason"):
        await transitions.reopen(await of(review), cast.chair, " ")
    review = await of(review)
    await transitions.reopen(review, cast.chair, "Points and words differ.")
    assert (review.state, review.total, await state(application)) == ("reopened", None, "in_review")
    await actions.save_scores(review, cast.reviewer, full(call, "0.9"))
    await transitions.lock_review(review, cast.reviewer)
    assert review.total == Decimal("90.000") and await state(application) == "scored"


async def test_no_review_is_reopened_after_the_decision(cast):
    application = await a_scored_application(cast, state="rejected", call=await a_call(cast, "evaluating"))
    review = await of((await queries.reviews_of(application, cast.chair))[0])
    with pytest.raises(Refused, match="decided on this application already"):
        await transitions.reopen(review, cast.chair, "Too late.")
    done = await a_scored_application(cast, await a_call(cast, "decided"))
    review = await of((await queries.reviews_of(done, cast.chair))[0])
    with pytest.raises(Refused, match="only while the call is being evaluated"):
        await transitions.reopen(review, cast.chair, "Too late.")


async def test_two_reviewers_locking_at_once_score_the_application_once(committing):
    cast = await make_cast()
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    pair = [(await a_review(cast, application, "clear", who), who) for who in (cast.reviewer, cast.reviewer2)]
    for review, who in pair:
        await actions.save_scores(review, who, full(call))
    await asyncio.gather(*(transitions.lock_review(review, who) for review, who in pair))
    assert (await get(Application, application.id)).state == "scored"
    assert await value("SELECT count(*) FROM event WHERE name = 'application.scored'") == 1
