"""How the database ranks the applications of a call: ranks, ties, the running sum and where the money ends."""

import random
from decimal import Decimal

from accounts.person import SYSTEM
from accounts.tables import Organisation
from foundation.database import execute, insert
from grants.reviews import queries
from grants.reviews.lifecycle import FUNDED
from grants.reviews.ranking import average
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_scored_application
from tests.importing import importing


async def asks(application, amount, number=None):
    async with importing():
        await execute(
            "UPDATE application SET requested = $2, number = coalesce($3, number) WHERE id = $1",
            application.id, Decimal(amount), number,
        )  # fmt: skip


async def somebody():
    """An organisation of its own: each has one application in a call."""
    made = await insert(Organisation, kind="cso", name_ka="ორგანიზაცია", name_en="Organisation")
    return {"organisation_id": made.id}


async def scored(cast, call, number, totals, requested="1000", state="scored"):
    application = await a_scored_application(cast, call, totals, state, **await somebody())
    await asks(application, requested, number)
    return application


async def envelope(call, amount, **columns):
    async with importing():
        await execute(
            "UPDATE call SET envelope = $2, min_award = 1, max_award = 1 WHERE id = $1", call.id, Decimal(amount)
        )
    call.envelope = Decimal(amount)
    for name, told in columns.items():
        setattr(call, name, told)


async def line_of(call):
    """Told on every page, also on one behind the last."""
    line, nothing = await queries.ranking_page(call, SYSTEM, 50, 500)
    assert nothing == []
    return line


async def test_the_line_stands_where_the_money_ends(cast):
    call = await a_call(cast, "evaluating")
    await envelope(call, 6500)
    await scored(cast, call, "A-3", (60, 50), 3000)
    await scored(cast, call, "A-1", (90, 80), 4000)
    await scored(cast, call, "A-2", (70, 80), 2000)
    places = await queries.ranking_of(call, SYSTEM)
    assert [(p.application.number, p.rank, p.running, p.fits) for p in places] == [
        ("A-1", 1, Decimal(4000), True),
        ("A-2", 2, Decimal(6000), True),
        ("A-3", 3, Decimal(9000), False),
    ]
    line = await line_of(call)
    assert (line.places, line.scored, line.fitting, line.wanted, line.given) == (3, 3, 2, Decimal(9000), Decimal(0))
    assert line.ends


async def test_the_money_lasts_for_all(cast):
    call = await a_call(cast, "evaluating")
    await envelope(call, 9000)
    await scored(cast, call, "A-1", (90, 80), 4000)
    line = await line_of(call)
    assert not line.ends and call.envelope - line.wanted == 5000


async def test_equal_scores_share_a_rank_and_are_marked(cast):
    call = await a_call(cast, "evaluating")
    for number, totals in (("A-1", (80, 80)), ("A-2", (90, 70)), ("A-3", (60,))):
        await scored(cast, call, number, totals)
    places = await queries.ranking_of(call, SYSTEM)
    assert [(p.application.number, p.rank, p.tied) for p in places] == [
        ("A-1", 1, True),
        ("A-2", 1, True),
        ("A-3", 3, False),
    ]
    assert [p.flags for p in places] == [[], [], ["reviews"]]


async def test_a_page_of_the_ranking_is_a_piece_of_the_whole(cast):
    call = await a_call(cast, "evaluating")
    for number, totals in (("A-1", (80, 80)), ("A-2", (90, 70)), ("A-3", (60, 61))):
        await scored(cast, call, number, totals)
    (second,) = (await queries.ranking_page(call, SYSTEM, 1, 1))[1]
    assert (second.application.number, second.rank, second.tied, second.running) == ("A-2", 1, True, Decimal(2000))
    alone = await queries.place_of(call, SYSTEM, second.application)
    assert (alone.rank, alone.tied, alone.running, alone.totals) == (1, True, Decimal(2000), [Decimal(70), Decimal(90)])


async def test_reviewers_far_apart_are_flagged(cast):
    call = await a_call(cast, "evaluating")
    await scored(cast, call, "A-1", (90, 60))
    (place,) = await queries.ranking_of(call, SYSTEM)
    assert (place.flags, place.spread) == (["spread"], Decimal(30))
    call.wide_spread = 30
    assert (await queries.ranking_of(call, SYSTEM))[0].flags == []


async def test_what_was_decided_changes_the_running_sum(cast):
    call = await a_call(cast, "evaluating")
    first = await a_decided_application(cast, "approve", call, totals=(90, 90), amount="500", **await somebody())
    await asks(first, 1000)
    second = await a_decided_application(cast, "reject", call, totals=(80, 80), **await somebody())
    await asks(second, 1000)
    await scored(cast, call, "A-9", (70, 70))
    places = await queries.ranking_of(call, SYSTEM)
    assert [p.running for p in places] == [Decimal(500), Decimal(500), Decimal(1500)]
    assert (await line_of(call)).given == Decimal(500)


async def test_unscored_applications_come_last_without_a_rank(cast):
    call = await a_call(cast, "evaluating")
    await scored(cast, call, "A-1", (), state="in_review")
    await scored(cast, call, "A-2", (10,))
    places = await queries.ranking_of(call, SYSTEM)
    assert [(p.application.number, p.rank, p.running) for p in places] == [
        ("A-2", 1, Decimal(1000)),
        ("A-1", None, None),
    ]


async def test_the_database_ranks_as_one_would_by_hand(cast):
    chance = random.Random(5)
    call = await a_call(cast, "evaluating")
    await envelope(call, 12000)
    for n in range(14):
        totals = chance.sample([60, 61, 70, 71, 80], chance.choice([0, 1, 2, 2, 2]))
        if totals and chance.random() < 0.4:
            outcome = chance.choice(["approve", "correction", "reserve", "reject"])
            amount = chance.randrange(500, 1500)
            made = await a_decided_application(cast, outcome, call, totals=totals, amount=amount, **await somebody())
            await asks(made, chance.randrange(1500, 3000), f"A-{n:02}")
        else:
            await scored(cast, call, f"A-{n:02}", totals, chance.randrange(500, 3000))
    places = await queries.ranking_of(call, SYSTEM)
    by_hand = sorted(places, key=lambda p: (not p.totals, -(average(p.totals) or 0), p.application.number))
    assert [p.application.number for p in places] == [p.application.number for p in by_hand]
    running = Decimal(0)
    for place in places:
        assert place.average == average(place.totals)
        if not place.totals:
            assert (place.rank, place.tied, place.running, place.fits) == (None, False, None, False)
            continue
        same = [other for other in places if other.average == place.average]
        assert place.rank == 1 + sum(1 for other in places if other.totals and other.average > place.average)
        assert place.tied == (len(same) > 1)
        if place.outcome is None:
            running += place.application.requested
        elif place.outcome in FUNDED:
            running += place.decision.amount
        assert (place.running, place.fits) == (running, running <= call.envelope)
    line = await line_of(call)
    assert line.fitting == sum(1 for place in places if place.fits)
    assert line.scored == sum(1 for place in places if place.totals)
