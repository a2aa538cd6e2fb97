"""The builders of monitoring reach every state."""

import pytest

from monitoring.recommendations import lifecycle as recommendations
from monitoring.reports import lifecycle as reports
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report


@pytest.mark.parametrize("state", [*reports.State])
async def test_a_report_in_every_state(cast, state):
    assert (await a_report(cast, state=str(state), women=20, men=15)).state == state


@pytest.mark.parametrize("addressee", ["cso", "municipality"])
@pytest.mark.parametrize("state", [*recommendations.State])
async def test_a_recommendation_in_every_state(cast, state, addressee):
    assert (await a_recommendation(cast, state=str(state), addressee=addressee)).state == state
