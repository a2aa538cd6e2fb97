"""One sentence, one scope: what a page looks at is what it counts; what has no period is as of today, or not said."""

import re
from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import execute
from tests.builders.awards import a_tranche, an_award
from tests.importing import importing
from tests.monitoring.results.numbers import main_of, words_of
from tests.monitoring.results.world import a_world


@pytest.fixture
async def world(cast):
    return await a_world(cast)


async def said(client, query):
    answer = await client.get("/en/donor", params=query)
    assert answer.status_code == 200, query
    return words_of(main_of(answer.text).xpath(".//h1")[0]), answer.text


async def test_where_nothing_was_paid_in_a_period_the_period_is_said(cast, client, world):
    """Vani has received money, only not then."""
    await client.sign_in(cast.donor)
    head, _page = await said(client, {"municipality": "vani", "period": "2019"})
    assert head == "Vani Municipality, 2019: nothing was paid out. Agreements over €0 were signed."
    head, _page = await said(client, {"municipality": "terjola"})
    assert head == "Terjola Municipality: nothing has been paid out yet. €0 is awarded."
    head, _page = await said(client, {"municipality": "vani"})
    assert "1 local organisation has received €3,000" in head


async def test_who_was_paid_and_whose_reports_end_then_are_told_apart(cast, client, world):
    await client.sign_in(cast.donor)
    head, page = await said(client, {"period": str(today().year)})
    assert (
        "received" in head and "In reports whose period ends in this time" in head and "of what they spent" not in head
    )
    assert "open high risks, as of today" in page and "results and spending where their report ends" in page
    bars = [words_of(each) for each in main_of(page).xpath(".//*[@id='money']//li")]
    assert bars and not any("Sub-grant budget" in each for each in bars), "a budget has no period"
    assert re.search(r"target 1,000.people, for all periods together", page)
    told = (await client.get("/api/v1/donor/summary", params={"period": str(today().year)})).json()
    assert told["budget"] is None


async def test_a_grant_runs_in_every_period_its_run_overlaps(cast, client, world):
    """Signed long before, it runs all the same, and its number leads to it."""
    async with importing():
        await execute(
            "UPDATE award SET countersigned_at = now() - interval '800 days', starts_on = $2, ends_on = $3 WHERE id = $1",
            world.vani.id, today() - timedelta(days=790), today() + timedelta(days=30),
        )  # fmt: skip
        await execute(
            "UPDATE award SET starts_on = $2, ends_on = $3 WHERE id = $1",
            world.guria.id, today() - timedelta(days=20), today() + timedelta(days=90),
        )  # fmt: skip
    await client.sign_in(cast.donor)
    year = (today() - timedelta(days=400)).year
    for period, many in ((str(year), 1), (str(today().year), 2), ("2001", 0)):
        told = (await client.get("/api/v1/donor/summary", params={"period": period})).json()
        assert told["grants_running"] == many, period
        page = (await client.get("/en/donor", params={"period": period})).text
        assert "grants ran in this time" in page
        found = (await client.get("/en/donor/money/awarded", params={"period": period, "state": "ran"})).text
        assert len(main_of(found).xpath(".//table/tbody/tr")) == many


async def test_what_no_source_tells_is_no_zero(cast, client, world):
    """A grant of the past was paid; nobody told what it was spent on: no addend, no zero, no share of it."""
    past = await an_award(cast, state="closed", organisation=cast.guria_women)
    await a_tranche(cast, "paid", past)
    async with importing():
        await execute(
            "UPDATE award SET source = 'https://example.org/past', municipality_id = NULL WHERE id = $1", past.id
        )
    await client.sign_in(cast.donor)
    whole = (await client.get("/api/v1/donor/summary")).json()
    assert (whole["paid"], whole["reportable"]) == ("8000.00", "5000.00")
    _head, page = await said(client, {})
    assert "of the €5,000 that is reported on" in page and "Of €3,000 paid, no source says" in page
    _head, page = await said(client, {"municipality": "unknown"})
    bars = [words_of(each) for each in main_of(page).xpath(".//*[@id='money']//li")]
    assert [each.split(" €")[0] for each in bars] == ["Awarded", "Paid out"], bars
    told = (await client.get(f"/api/v1/grants/{past.reference}")).json()
    assert (told["reported"], told["verified"]) == (None, None)


async def test_places_that_are_not_looked_at_are_blank(cast, client, world):
    await client.sign_in(cast.donor)
    for query, amounts in (({}, 8), ({"municipality": "vani"}, 1), ({"municipality": "unknown"}, 0)):
        _head, page = await said(client, query)
        tiles = [words_of(each) for each in main_of(page).xpath(".//a[contains(@class, 'tile ')]")]
        assert len(tiles) == 8 and len([each for each in tiles if "€" in each]) == amounts, (query, tiles)


async def test_what_stands_on_no_tile_is_a_line_of_its_own(cast, client, world):
    async with importing():
        await execute(
            "UPDATE award SET source = 'The past', municipality_id = NULL WHERE id = $1", (await an_award(cast)).id
        )
    await client.sign_in(cast.donor)
    _head, page = await said(client, {})
    assert "€6,000 in 1 grant whose municipality is not known" in page
    assert "€6,000 in 1 grant whose municipality is not known" in (await client.get("/en/")).text
