"""The builders of this room make what they say."""

import pytest

from foundation.database import value
from grants.awards.lifecycle import State
from grants.disbursements.lifecycle import State as TrancheState
from tests.builders.awards import a_tranche, an_award


@pytest.mark.parametrize("state", list(State))
async def test_an_award_stands_in_every_state(state, cast):
    award = await an_award(cast, state=state)
    assert award.state == state
    assert await value("SELECT sum(amount) FROM tranche WHERE award_id = $1", award.id) == award.amount
    assert await value("SELECT current_user::text") == "subgrants_app"


@pytest.mark.parametrize("state", list(TrancheState))
async def test_a_tranche_stands_in_every_state(state, cast):
    assert (await a_tranche(cast, state=state)).state == state
