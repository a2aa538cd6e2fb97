"""What every step keeps to, whatever room it stands in."""

import pytest

from foundation.database import get
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from grants.awards import transitions
from grants.awards.lifecycle import State, its_director
from grants.awards.tables import Award
from lifecycle.record import history_of
from lifecycle.transition import TRANSITIONS, Transition, open_steps
from tests.builders.awards import an_award


@pytest.fixture
def step(monkeypatch):
    """A step of awards that is forgotten after the test."""
    monkeypatch.setitem(TRANSITIONS, "award", list(TRANSITIONS["award"]))

    def made(**more):
        return Transition("award", "rest", "award.suspended", {State.ACTIVE}, State.SUSPENDED, its_director, **more)

    return made


async def test_who_was_quicker_is_said_and_when(cast):
    award = await an_award(cast)
    seen = await get(Award, award.id)
    await transitions.suspend(award, cast.director, "A report is missing")
    with speaking("en"), pytest.raises(Refused) as no:
        await transitions.suspend(seen, cast.director, "A report is missing, too")
    assert f"“suspended”. The grant was suspended ({cast.director.name}, " in no.value.sentence


async def test_the_right_is_asked_before_the_state(cast):
    award = await an_award(cast, state="closed")
    with pytest.raises(NotAllowed):
        await transitions.suspend(award, cast.finance, "Not mine")
    with pytest.raises(Refused):
        await transitions.suspend(award, cast.director, "Not now")


async def test_what_was_rolled_back_did_not_happen_to_the_row_in_hand(cast, step):
    award = await an_award(cast)

    @step()
    async def rest(award, person):
        yield {}
        raise Refused("After all not.")

    with pytest.raises(Refused):
        await rest(award, cast.director)
    assert award.state == "active" and (await get(Award, award.id)).state == "active"


async def test_a_step_writes_only_what_it_says(cast, step):
    @step(writes=("closed_at",))
    async def rest(award, person):
        yield {"offered_by": person.id}

    with pytest.raises(KeyError, match="offered_by"):
        await rest(await an_award(cast), cast.director)


async def test_without_a_yield_the_state_stays(cast, step):
    award = await an_award(cast)
    before = len(await history_of(award))

    @step()
    async def rest(award, person):
        if award.state != "active":
            yield {}

    assert await rest(award, cast.director) is False
    assert award.state == "active" and len(await history_of(award)) == before


async def test_two_yields_are_a_mistake(cast, step):
    @step()
    async def rest(award, person):
        yield {}
        yield {}

    with pytest.raises(RuntimeError, match="twice"):
        await rest(await an_award(cast), cast.director)


async def test_an_obstacle_closes_the_button_and_refuses_in_its_words(cast, step):
    award = await an_award(cast)
    rest = step(obstacle=lambda person, award: "Not on Sundays.")
    assert open_steps(cast.director, award, [rest]) == {}
    with pytest.raises(Refused, match="Not on Sundays"):
        await rest(award, cast.director)
