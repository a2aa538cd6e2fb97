"""What the organisation signed to achieve is not lowered by anybody alone, neither before a report nor after it."""

from decimal import Decimal

import asyncpg
import pytest

from foundation.database import execute, rows, transaction
from foundation.language import speaking
from foundation.refused import Refused
from grants.awards.lifecycle import State
from monitoring.indicators import actions
from monitoring.indicators.forms import Promises
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator, promised_by
from tests.builders.reports import a_report

D = Decimal
FREE = {State.DRAFTING}
BOUND = [State.SIGNED_CSO, *sorted(State.in_set("running"))]


def promises(**targets):
    told = {key: {"promised": True, "target": target} for key, target in targets.items()}
    return Promises.model_validate({"promises": told})


async def promised(award):
    return {
        str(each["indicator_id"]): each["target"]
        for each in await rows("SELECT indicator_id, target FROM award_indicator WHERE award_id = $1", award.id)
    }


async def with_promise(cast, state):
    award = await an_award(cast, state=state)
    await a_promise(cast, award, target=D(20))
    [indicator] = await promised_by(award)
    return award, str(indicator.id)


@pytest.mark.parametrize("state", sorted(FREE))
async def test_before_the_signature_it_is_free(state, cast):
    award, key = await with_promise(cast, state)
    await actions.promise(award, cast.curator, promises(**{key: 5}))
    assert await promised(award) == {key: 5}
    await execute("DELETE FROM award_indicator WHERE award_id = $1", award.id)


async def test_what_was_offered_is_what_is_signed(cast):
    """The document that was offered names the results: changed, it would not be what the organisation read."""
    award, key = await with_promise(cast, State.OFFERED)
    another = await an_indicator(cast)
    added = promises(**{key: 20, str(another.id): 3})
    for given in (promises(**{key: 5}), promises(), added):
        with speaking("en"), pytest.raises(Refused, match="Take the offer back"):
            await actions.promise(award, cast.curator, given)
    for sql, *more in (
        ("UPDATE award_indicator SET target = 5 WHERE award_id = $1",),
        ("DELETE FROM award_indicator WHERE award_id = $1",),
        ("INSERT INTO award_indicator (award_id, indicator_id) VALUES ($1, $2)", another.id),
    ):
        with pytest.raises(asyncpg.PostgresError, match="what was offered is what is signed"):
            async with transaction():
                await execute(sql, award.id, *more)
    assert await promised(award) == {key: 20}


@pytest.mark.parametrize("state", BOUND)
@pytest.mark.parametrize("who", ["curator", "manager"])
async def test_after_the_signature_it_stays(who, state, cast):
    award, key = await with_promise(cast, state)
    for given in (promises(**{key: 5}), promises(**{key: 25}), promises()):
        with speaking("en"), pytest.raises(Refused, match="is in the signed agreement"):
            await actions.promise(award, cast.people[who], given)
    assert await promised(award) == {key: 20}


@pytest.mark.parametrize("state", BOUND)
async def test_the_database_refuses_it_too(state, cast):
    award, _key = await with_promise(cast, state)
    for sql in (
        "UPDATE award_indicator SET target = 5 WHERE award_id = $1",
        "UPDATE award_indicator SET baseline = 1 WHERE award_id = $1",
        "DELETE FROM award_indicator WHERE award_id = $1",
    ):
        with pytest.raises(asyncpg.CheckViolationError) as error:
            async with transaction():
                await execute(sql, award.id)
        assert error.value.constraint_name == "award_indicator_signed"


async def test_what_was_never_agreed_can_be_added_until_the_first_report(cast):
    award, key = await with_promise(cast, "active")
    another = await an_indicator(cast)
    given = promises(**{key: 20, str(another.id): 3})
    await actions.promise(award, cast.curator, given)
    assert await promised(award) == {key: 20, str(another.id): 3}
    await a_report(cast, award, state="submitted")
    third = await an_indicator(cast)
    later = given.model_copy(update={"promises": given.promises | {third.id: given.promises[another.id]}})
    with speaking("en"), pytest.raises(Refused, match="submitted already"):
        await actions.promise(award, cast.curator, later)
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await execute(
                "INSERT INTO award_indicator (award_id, indicator_id, target) VALUES ($1, $2, 1)", award.id, third.id
            )
    assert error.value.constraint_name == "award_indicator_signed"
