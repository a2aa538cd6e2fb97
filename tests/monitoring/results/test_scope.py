"""Filters in the address: what they mean, and what is not one."""

from datetime import date

import pytest

from foundation.refused import Missing
from monitoring.results.scope import NOWHERE, period_of, scope_of
from tests.builders.awards import an_award


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2026-Q5", None, None),
        ("1999", None, None),
        ("2026-13", None, None),
        ("' OR 1=1", None, None),
    ],
)
def test_a_period_is_a_year_or_a_quarter(typed, first, last):
    assert period_of(typed) == (first, last)


async def test_a_municipality_nobody_knows_is_no_page(cast):
    with pytest.raises(Missing):
        await scope_of({"municipality": "atlantis"})


@pytest.mark.parametrize("typed", ["nonsense", "2026-Q9", "1999", "2026-13"])
async def test_a_period_that_does_not_exist_is_no_page(typed, cast, client):
    with pytest.raises(Missing):
        await scope_of({"period": typed})
    await client.sign_in(cast.donor)
    for path in ("/en/donor", "/en/donor/visits", "/en/donor/money/paid", "/api/v1/donor/summary"):
        assert (await client.get(path, params={"period": typed})).status_code == 404, path


async def test_unknown_is_a_choice_of_its_own(cast):
    scope = await scope_of({"municipality": "unknown"})
    assert (scope.args, scope.filters.places) == ([None, None, True, None, None], [NOWHERE])
    assert scope.query == {"municipality": "unknown"}


@pytest.mark.parametrize("typed", ["nonsense", "2026-Q9", "1999"])
async def test_no_page_has_a_period_that_does_not_exist(typed, cast):
    """It would show all time, and look like the answer."""
    with pytest.raises(Missing):
        await scope_of({"period": typed})


async def test_only_calls_that_led_to_a_grant_are_offered(cast):
    award = await an_award(cast)
    await an_award(cast, state="drafting", organisation=cast.guria_women)
    scope = await scope_of({})
    assert [call["id"] for call in scope.calls] == [award.call_id]


async def test_a_curator_stands_for_their_municipalities(cast):
    everything = await scope_of({})
    mine = next(each for each in everything.curators if each["id"] == cast.curator_imereti.id)
    scope = await scope_of({"curator": mine["code"]})
    assert cast.vani.id in scope.where and cast.ozurgeti.id not in scope.where
    assert (await scope_of({"curator": mine["code"], "municipality": "vani"})).where == [cast.vani.id]
    assert (await scope_of({"curator": mine["code"], "municipality": "ozurgeti"})).where == []
    with pytest.raises(Missing):
        await scope_of({"curator": "nobody"})
