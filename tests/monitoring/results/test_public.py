"""What everybody reads: signed grants, accepted numbers, approved visits; no names, no drafts, no small counts."""

import re
from datetime import date
from decimal import Decimal

import pytest

from foundation.database import DB, execute, value
from monitoring.indicators import summary
from monitoring.results.listing import GRANTS
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report, the_value
from tests.builders.visits import a_visit
from tests.importing import importing
from tests.monitoring.results.world import a_world
from web.shell import SITE

PAGES = ["/en/", "/ka/", "/en/grants", "/en/results", "/en/map", "/en/municipalities/vani", "/en/about-numbers"]
UNSIGNED = ("drafting", "offered", "declined", "withdrawn_by_funder", "signed_cso")


@pytest.mark.parametrize("state", UNSIGNED)
async def test_a_grant_nobody_signed_is_nowhere(state, cast, client):
    award = await an_award(cast, state=state, title_en="Secret until signed", amount=Decimal("4321"))
    for path in [*PAGES, "/api/v1/grants", "/api/v1/results", "/en/grants?as=csv"]:
        body = (await client.get(path)).text
        assert award.reference not in body and "Secret until signed" not in body and "4,321" not in body, path
    assert (await client.get(f"/en/grants/{award.reference}")).status_code == 404
    assert (await client.get(f"/api/v1/grants/{award.reference}")).status_code == 404


async def test_pages_and_files_name_no_person(cast, client):
    world = await a_world(cast)
    await execute("UPDATE account SET name = 'Zurab ' || name, email = 'zurab.' || email")
    for path in [
        *PAGES,
        f"/en/grants/{world.vani.reference}",
        f"/api/v1/grants/{world.vani.reference}",
        "/en/grants?as=csv",
    ]:
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert "zurab" not in answer.text.lower(), path


async def test_a_visit_nobody_approved_is_not_public(cast, client):
    world = await a_world(cast)
    waiting = await a_visit(cast, world.vani, "in_review", photos=1)
    body = (await client.get(f"/en/grants/{world.vani.reference}")).text
    assert world.visit.reference in body and waiting.reference not in body


async def test_only_photos_chosen_for_the_public_are_public(cast, client):
    world = await a_world(cast)
    body = (await client.get(f"/en/grants/{world.vani.reference}")).text
    photos = set(re.findall(r"/photos/([0-9a-f-]{36})", body))
    assert photos == {str(world.photo.id)}
    assert (await client.get(f"/en/visits/{world.visit.reference}/photos/{world.photo.id}/small")).status_code == 200


async def test_a_report_that_is_not_accepted_does_not_count(cast, client):
    world = await a_world(cast)
    body = (await client.get(f"/en/grants/{world.guria.reference}")).text
    assert "70" not in re.findall(r'data-th="Reported">([^<]*)<', body)
    assert "36 verified of 40 reported" in (await client.get("/en/results")).text


async def test_the_verdict_stands_beside_the_number(cast, client):
    world = await a_world(cast)
    body = (await client.get(f"/en/grants/{world.vani.reference}")).text
    assert re.findall(r'data-th="Reported">([^<]*)<', body) == ["40", "40"]
    assert re.findall(r'data-th="Verified">([^<]*)<', body) == ["36", "36"]
    assert "corrected" in body and "/donor/values/" not in body
    await client.sign_in(cast.donor)
    value_id = (await the_value(world.accepted)).id
    assert f"/en/donor/values/{value_id}" in (await client.get(f"/en/grants/{world.vani.reference}")).text


@pytest.mark.parametrize(("reported", "shown"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")])
async def test_counts_of_one_to_four_people_are_hidden(reported, shown, cast, client):
    award = await an_award(cast)
    indicator = await a_promise(cast, award)
    await a_report(cast, award, "accepted", reported=Decimal(reported))
    grant = (await client.get(f"/en/grants/{award.reference}")).text
    assert re.findall(r'data-th="Reported">([^<]*)<', grant) == [shown]
    results = (await client.get("/en/results")).text
    assert f"{'hidden' if shown.startswith('fewer') else shown} reported" in results
    told = next(i for i in (await client.get("/api/v1/results")).json()["indicators"] if i["code"] == indicator.code)
    assert (told["reported"], told["hidden"]) == ((None, True) if shown.startswith("fewer") else (shown, False))


async def test_other_counts_are_not_hidden(cast, client):
    award = await an_award(cast)
    from tests.builders.indicators import an_indicator

    await a_promise(cast, award, await an_indicator(cast, people=False))
    await a_report(cast, award, "accepted", reported=Decimal(3))
    assert "3 verified of 3 reported" in (await client.get("/en/results")).text


async def test_what_is_not_known_says_so(cast, client):
    async with importing():
        award = await an_award(cast, "closed", title_ka=None, title_en=None, summary_ka=None, summary_en=None)
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        await execute(
            "UPDATE award SET municipality_id = NULL, starts_on = NULL, ends_on = NULL, source = 'SP1-01; https://example.org/a' WHERE id = $1",
            award.id,
        )
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
    body = (await client.get(f"/en/grants/{award.reference}")).text
    assert body.count('class="unknown"') >= 3 and "title not known" in body
    assert 'href="https://example.org/a"' in body
    assert award.reference in (await client.get("/en/grants?municipality=unknown")).text


async def test_a_year_is_not_shown_as_a_day(cast, client):
    award = await an_award(
        cast, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), date_precision="year", source="x"
    )
    body = (await client.get(f"/en/grants/{award.reference}")).text
    facts = body[body.index('<dl class="facts">') : body.index("</dl>")]
    assert "<dt>When</dt><dd>2020" in facts and "January" not in facts


async def test_search_and_facets_narrow_the_list(cast, client):
    world = await a_world(cast)
    closed = await an_award(cast, "closed", title_en="Clean water", title_ka="წყალი")
    everything = {world.vani.reference, world.guria.reference, closed.reference}
    for query, left in (
        ("", everything),
        ("q=clean+WATER", {closed.reference}),
        ("q=წყალი", {closed.reference}),
        ("municipality=ozurgeti", {world.guria.reference}),
        ("state=finished", {closed.reference}),
        ("state=running&municipality=vani", {world.vani.reference}),
        ("q=100%25", set()),
        ("year=1999", set()),
    ):
        body = (await client.get(f"/en/grants?{query}")).text
        assert set(re.findall(r'<th scope="row"><a href="/en/grants/([^"?]+)"', body)) == left, query
    counts = re.findall(
        r'href="/en/grants\?municipality=(\w+)"[^>]*>[^<]*<span>(\d+)<', (await client.get("/en/grants")).text
    )
    assert dict(counts) == {"vani": "2", "ozurgeti": "1"}


async def test_grants_stand_newest_first_and_each_way_to_narrow_leaves_others_out(cast):
    """By their year, then their number; one whose place no source names is found by just that."""
    made = {}
    for name, organisation, year in (("old", None, 2020), ("new", cast.guria_women, 2024), ("lost", None, 2024)):
        made[name] = await an_award(
            cast, "closed", organisation=organisation, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
            reference=f"G-{year}-{len(made):03d}",
        )  # fmt: skip
    async with importing():
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        await execute("UPDATE award SET municipality_id = NULL, source = 'page' WHERE id = $1", made["lost"].id)
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
        call = await value("SELECT reference FROM call WHERE id = $1", made["old"].call_id)
    names = {award.id: name for name, award in made.items()}
    for typed, expected in (
        ({}, "lost new old"), ({"sort": "newest"}, "old new lost"), ({"year": "2020"}, "old"), ({"call": call}, "old"),
        ({"municipality": "unknown"}, "lost"), ({"municipality": "vani"}, "old"), ({"q": "guria women"}, "new"),
        ({"q": "G-2020"}, "old"), ({"state": "running"}, ""), ({"state": "finished"}, "lost new old"),
    ):  # fmt: skip
        found = await GRANTS.rows(None, GRANTS.list_query(typed))
        assert [names[each["key"]] for each in found.rows] == expected.split(), typed


async def test_lists_are_sorted_by_what_was_asked(cast, client):
    await a_world(cast)

    async def amounts(sort):
        body = (await client.get(f"/en/grants?sort={sort}")).text
        return re.findall(r'data-th="Awarded">€([\d,]+)<', body)[:-1]  # the last one is the sum

    assert (await amounts("awarded"), await amounts("-awarded")) == (["4,000", "6,000"], ["6,000", "4,000"])
    assert (await client.get("/en/grants?sort=nothing")).status_code == 400


async def test_public_pages_cost_the_same_for_one_and_for_three(cast, client, monkeypatch):
    world = await a_world(cast)
    monkeypatch.setattr(SITE, "read_at", float("inf"))  # however long this takes, it is not read anew meanwhile
    paths = [*PAGES, f"/en/grants/{world.vani.reference}"]

    async def cost(path):
        await summary.sum_up_what_waits()
        await client.get("/en/results")  # which counts are hidden is worked out once for each change
        before = DB.statements
        assert (await client.get(path)).status_code == 200
        return DB.statements - before

    once = [await cost(path) for path in paths]
    for _ in range(2):
        award = await an_award(cast)
        await a_promise(cast, award, world.people)
        await a_report(cast, award, "accepted")
        await a_visit(cast, award, photos=1)
        await a_visit(cast, world.vani, photos=1)
    assert [await cost(path) for path in paths] == once
    assert max(once) <= 13


async def test_an_unchanged_page_is_asked_for_in_one_statement(cast, client):
    await a_world(cast)
    for path in PAGES:
        first = await client.get(path)
        before = DB.statements
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content, DB.statements - before) == (304, b"", 1), path


async def test_a_change_makes_the_page_new(cast, client):
    from lifecycle.record import record

    world = await a_world(cast)
    tag = (await client.get("/en/results")).headers["etag"]
    await record("award.suspended", cast.director, world.vani, reason="x")
    assert (await client.get("/en/results", headers={"if-none-match": tag})).status_code == 200


async def test_a_municipality_shows_what_it_was_recommended(cast, client):
    world = await a_world(cast)
    ours = await a_recommendation(
        cast, addressee="municipality", state="accepted", award=None, text_en="Open a hotline"
    )
    theirs = await a_recommendation(cast, award=world.vani, state="accepted", text_en="Only for the grantee")
    body = (await client.get("/en/municipalities/vani")).text
    assert ours.reference in body and "Open a hotline" in body
    assert theirs.reference not in body and "Only for the grantee" not in body
    assert (await client.get("/en/municipalities/atlantis")).status_code == 404


async def test_without_a_programme_the_pages_say_so(db, client):
    for path in ("/en/", "/en/results", "/en/map"):
        answer = await client.get(path)
        assert answer.status_code == 200 and "Nothing is set up yet" in answer.text
    assert (await client.get("/en/grants")).status_code == 200
    assert (await client.get("/api/v1/results")).status_code == 404
