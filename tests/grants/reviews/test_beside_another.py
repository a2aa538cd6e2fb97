"""Two calls with two applications each, side by side: what is read of a review, of minutes and of the assigning is of
one call and one application alone."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from accounts.sessions import person_by_id
from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import execute, insert
from grants.reviews import queries
from grants.reviews.committee import actions, transitions
from grants.reviews.listing import REVIEWS
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, a_scored_application, minutes_say
from tests.cast import add_account, add_role, ended_role
from tests.importing import importing


async def somebody():
    """An organisation of its own: each has one application in a call."""
    made = await insert(Organisation, kind="cso", name_ka="სხვა", name_en="Somebody else")
    return {"organisation_id": made.id}


@pytest.fixture
async def two(cast):
    """Of each call one application in review, by Vani and by Guria, and one scored by somebody else."""
    made = []
    for organisation in (cast.vani_youth, cast.guria_women):
        call = await a_call(cast, "evaluating")
        read = await an_application(cast, call, "in_review", organisation=organisation)
        scored = await a_scored_application(cast, call, (80, 70), **await somebody())
        made.append(SimpleNamespace(call=call, read=read, scored=scored, organisation=organisation))
    return made


async def test_a_review_carries_the_names_of_its_own(two, cast):
    """And is found by whoever writes it and whoever follows all of them."""
    reviews = [await a_review(cast, each.read, "clear", cast.reviewer) for each in two]
    for each, review in zip(two, reviews, strict=True):
        found = await queries.review_of(cast.reviewer, review.id)
        assert (found.number, found.organisation_name_en) == (each.read.number, each.organisation.name_en)
        assert (found.reference, found.reviewer_name) == (each.call.reference, "Reviewer")
        for who in (cast.manager, cast.chair, cast.director, cast.auditor):
            assert (await queries.review_of(who, review.id)).id == review.id
        for who in (cast.reviewer2, cast.curator, cast.signatory, cast.finance):
            assert await queries.review_of(who, review.id) is None
    async with importing():
        await execute("UPDATE role SET until = now() WHERE account_id = $1", cast.reviewer.id)
    assert await queries.review_of(await person_by_id(cast.reviewer.id), reviews[0].id) is None


async def test_how_far_a_reviewer_is(two, cast):
    mine = await a_review(cast, two[0].read, "clear", cast.reviewer)
    await a_review(cast, two[1].read, "replaced", cast.reviewer)
    await a_review(cast, two[1].read, "drafting", cast.reviewer2)
    assert await queries.progress_of(cast.reviewer) == {"locked": 2, "clear": 1}
    first, second = await queries.reviews_of(two[0].scored, cast.manager)
    assert {each.reviewer_name for each in (first, second)} == {"Reviewer", "Reviewer2"}
    assert [each.id for each in await queries.reviews_of(two[0].read, cast.manager)] == [mine.id]
    assert await queries.reviews_so_far(two[0].scored) == (2, 0) and await queries.reviews_so_far(two[0].read) == (0, 1)
    assert await queries.reviews_so_far(two[1].read) == (0, 1)


async def test_who_reads_whose_scores(two, cast):
    """One's own always; another's once that is locked, and one's own, if there is one, as well."""
    application = two[0].read
    locked = await a_review(cast, application, "locked", cast.reviewer, 80)
    drafted = await a_review(cast, application, "drafting", cast.reviewer2)
    await a_review(cast, application, "replaced", SimpleNamespace(id=await a_third_reviewer(cast)))
    async with importing():
        await add_role(cast.manager.id, "reviewer")
    manager = await person_by_id(cast.manager.id)

    async def seen(person):
        found = await queries.reviews_of(application, person)
        for each in found:
            assert (each.total is not None) == (each.open_to_me and each.state == "locked")
            assert len(each.scores) == (len(application.call.criteria) if each.total is not None else 0)
        return {each.id: each.open_to_me for each in found}

    assert await seen(cast.reviewer) == {locked.id: True, drafted.id: False}
    assert await seen(cast.reviewer2) == {drafted.id: True}
    assert await seen(manager) == {locked.id: True, drafted.id: False}
    assert await seen(cast.curator) == {}
    await a_review(
        cast, two[1].read, "locked", manager, assigned_by=cast.admin.id
    )  # of another application: that counts for nothing here
    assert await seen(manager) == {locked.id: True, drafted.id: False}
    own = await a_review(cast, application, "drafting", manager, assigned_by=cast.admin.id)
    assert await seen(manager) == {locked.id: False, drafted.id: False, own.id: True}


async def a_third_reviewer(cast):
    async with importing():
        account = await add_account("third")
        await add_role(account, "reviewer")
    return account


async def test_which_review_comes_next(two, cast):
    """Of the same call, its own, not done, of an application in review: by the day it is due, without a day last."""
    call, soon = two[0].call, today() + timedelta(days=3)
    now_open = await a_review(cast, two[0].read, "drafting", cast.reviewer, due_on=soon)
    assert await queries.next_of(now_open) is None
    later, without, first = [
        await a_review(
            cast, await an_application(cast, call, "in_review", **await somebody()), "clear", cast.reviewer, due_on=due
        )
        for due in (soon + timedelta(days=2), None, soon + timedelta(days=1))
    ]
    await a_review(
        cast, await an_application(cast, call, "in_review", **await somebody()), "clear", cast.reviewer2, due_on=soon
    )
    await a_review(
        cast, await an_application(cast, call, "in_review", **await somebody()), "locked", cast.reviewer, due_on=soon
    )
    await a_review(
        cast, await an_application(cast, call, "withdrawn", **await somebody()), "clear", cast.reviewer, due_on=soon
    )
    await a_review(cast, two[1].read, "clear", cast.reviewer, due_on=soon)
    found = []
    async with importing():
        for _n in range(3):
            found.append(await queries.next_of(now_open))
            await execute("UPDATE review SET state = 'replaced' WHERE id = $1", found[-1])
    assert found == [first.id, later.id, without.id]


async def test_ones_own_reviews_stand_in_the_order_in_which_they_are_done(two, cast):
    """What is done comes last; then by the day, without a day last. What was replaced is on no list."""
    call, day = two[0].call, today()
    made = [
        await a_review(cast, await an_application(cast, call, "in_review", **await somebody()), state, cast.reviewer, due_on=due)
        for state, due in (
            ("conflicted", day - timedelta(days=9)), ("clear", None), ("drafting", day + timedelta(days=1)),
            ("invited", day), ("clear", day - timedelta(days=1)), ("replaced", day),
        )
    ]  # fmt: skip
    await a_review(cast, two[1].read, "clear", cast.reviewer2)
    listed = (await REVIEWS.rows(cast.reviewer, REVIEWS.list_query({}))).rows
    ids = [each["key"] for each in listed if each["key"] in {one.id for one in made}]
    assert ids == [made[n].id for n in (4, 3, 2, 1, 0)]
    assert {each["key"]: each["overdue"] for each in listed if each["overdue"]} == {made[4].id: True}


async def test_minutes_and_decisions_are_of_one_call(two, cast):
    first, second = two
    decided = await a_decided_application(cast, "approve", first.call, **await somebody())
    other = await a_decided_application(cast, "reserve", second.call, **await somebody())
    await minutes_say(cast, first.scored, "reserve", signed=False)
    assert [(each.number, each.decisions, each.signed_by_name) for each in await queries.minutes_of(first.call)] == [
        (1, 1, "Chair"), (2, 1, None),
    ]  # fmt: skip
    opened = await queries.open_minutes(first.call)
    assert opened.number == 2 and await queries.open_minutes(second.call) is None
    assert (await queries.minutes_number(first.call, 2)).id == opened.id
    assert await queries.minutes_number(second.call, 2) is None
    (said,) = await queries.decisions_in(opened)
    assert (said.number, said.organisation_name_en) == (first.scored.number, "Somebody else")
    assert (list(map(float, said.totals)), float(said.average)) == ([70, 80], 75)
    found = await queries.decision_of(decided)
    assert (found.outcome, found.minutes_number, found.decided_by) == ("approve", 1, cast.chair.id)
    assert await queries.decision_of(first.scored) is None  # its minutes are not signed
    await minutes_say(cast, decided, "reject")
    assert (await queries.decision_of(decided)).outcome == "reject"  # the last word counts
    assert (await queries.decision_of(other)).outcome == "reserve"


async def test_decisions_stand_by_rank_and_then_by_number(two, cast):
    more = [await a_scored_application(cast, two[0].call, (60, 60), **await somebody()) for _n in range(3)]
    for each, rank in zip(more, (2, None, 1), strict=True):
        decision = await minutes_say(cast, each, "reserve", signed=False)
        async with importing():
            await execute("UPDATE decision SET rank = $2 WHERE id = $1", decision.id, rank)
    minutes = await queries.open_minutes(two[0].call)
    found = [each.application_id for each in await queries.decisions_in(minutes)]
    assert found == [more[n].id for n in (2, 0, 1)]


async def test_what_a_manager_arranges_is_of_one_call(two, cast):
    """A declared conflict and what was replaced are missing again; who had it once is never asked again."""
    call, read = two[0].call, two[0].read
    conflicted = await a_review(cast, read, "conflicted", cast.reviewer)
    await a_review(cast, read, "replaced", cast.reviewer2)
    await a_review(cast, two[1].read, "clear", cast.reviewer2)
    found = {each.id: each for each in await queries.applications_in_review(call)}
    assert set(found) == {read.id, two[0].scored.id}
    (live,) = found[read.id].reviews
    assert (live["id"], live["name"], live["due_on"]) == (str(conflicted.id), "Reviewer", conflicted.due_on)
    assert found[read.id].had == {cast.reviewer.id, cast.reviewer2.id}
    assert (found[read.id].organisation_name_en, found[read.id].place_en) == ("Vani Youth", "Vani")
    (need,) = queries.needs(call, list(found.values()))
    assert (need.application_id, need.lacking) == (read.id, call.min_reviews)
    assert await queries.lacking_declarations(call) == [read.number]
    for name in ("first", "second"):
        async with importing():
            reviewer = SimpleNamespace(id=await add_account(name))
            await add_role(reviewer.id, "reviewer")
        await a_review(cast, read, "clear", reviewer)
    assert await queries.lacking_declarations(call) == []
    (need,) = queries.needs(call, await queries.applications_in_review(call))
    assert need.lacking == call.min_reviews - 2
    assert (await queries.application_in(call, read.number)).organisation_name_en == "Vani Youth"
    assert await queries.application_in(call, two[1].read.number) is None
    assert await queries.states_in(call) == {"in_review": 1, "scored": 1}


async def test_who_may_be_asked_for_a_review(two, cast):
    """Everybody with the role now, by name; with what they have in this call, and all organisations they ever had."""
    async with importing():
        former, away, also = [await add_account(name) for name in ("former", "away", "anna")]
        for each in (former, away, also):
            await add_role(each, "reviewer")
        await ended_role(also, "editor", cast.guria_women.id)
        await execute("UPDATE role SET until = now() WHERE account_id = $1", former)
        await execute("UPDATE account SET active = false WHERE id = $1", away)
    await a_review(cast, two[0].read, "replaced", cast.reviewer)
    await a_review(cast, two[1].read, "conflicted", cast.reviewer2)
    await a_review(
        cast, await an_application(cast, two[0].call, "in_review", **await somebody()), "conflicted", cast.reviewer2
    )
    found = await queries.reviewers(two[0].call)
    assert [(each.name, each.load) for each in found] == [("Anna", 0), ("Reviewer", 1), ("Reviewer2", 1)]
    assert [each.organisations for each in found] == [{cast.guria_women.id}, frozenset(), frozenset()]


async def test_a_call_is_not_over_while_somebody_waits(two, cast):
    for outcome, waits in (("approve", True), ("reserve", True), ("reject", False)):
        call = await a_call(cast, "decided")
        await a_decided_application(cast, outcome, call)
        assert await actions.anything_open(call) == waits, outcome


async def test_the_reserve_list_holds_on_its_last_day(cast):
    """Each by the last signed minutes that speak of it; and only what still waits."""
    waiting = await a_decided_application(cast, "reserve", await a_call(cast, "decided"))
    moved = await a_decided_application(cast, "reserve", await a_call(cast, "decided"))
    await transitions.promote(moved, cast.manager)
    async with importing():
        await execute("UPDATE meeting_minutes SET reserve_until = $1", today())
    assert await transitions.release_reserves() == 0
    async with importing():
        await execute("UPDATE meeting_minutes SET reserve_until = $1", today() - timedelta(days=1))
    assert await transitions.release_reserves() == 1
    assert await queries.states_in(await queries.call_by_id(waiting.call_id)) == {"rejected": 1}
    assert await queries.states_in(await queries.call_by_id(moved.call_id)) == {"recommended": 1}


async def test_the_service_itself_ranks_with_every_score(two):
    places = await queries.ranking_of(two[0].call, SYSTEM)
    assert [(each.application.id, each.hidden, each.rank) for each in places if each.rank] == [
        (two[0].scored.id, False, 1)
    ]
