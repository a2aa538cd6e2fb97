"""A declared list: what it refuses, how it goes on, how far it counts, and the way back to it."""

import html
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from foundation.language import gettext as _
from foundation.language import speaking
from grants.applications import pages
from grants.applications.listing import APPLICATIONS
from tests.builders.applications import an_application
from tests.sheets import table
from web.lists import listing, statement
from web.lists.query import Unknown

API = "/api/v1/applications"


async def some(cast, *amounts):
    return [await an_application(cast, state="in_review", requested=Decimal(each)) for each in amounts]


@pytest.mark.parametrize("query", ["colour=red", "sort=colour", "sort=-", "state=draft_like", "after=abc"])
async def test_what_a_list_does_not_have_is_refused_in_words(query, cast, client):
    await client.sign_in(cast.auditor)
    answer = await client.get(f"{API}?{query}")
    assert answer.status_code == 400 and len(answer.json()["title"]) > 20
    page = await client.get(f"/en/applications?{query}")
    assert page.status_code == 400 and "list" in page.text


@pytest.mark.parametrize("sort", [*APPLICATIONS.sorts, *(f"-{name}" for name in APPLICATIONS.sorts)])
async def test_every_order_goes_on_where_it_was_left(sort, cast, client):
    made = await some(cast, 1000, 1000, 3000, 2000, 2000, 1500, 1000)
    by_threes = replace(APPLICATIONS, size=3)
    at_once = await APPLICATIONS.rows(cast.auditor, APPLICATIONS.list_query({"sort": sort}))
    numbers, after = [], ""
    for _page in range(3):
        part = await by_threes.rows(cast.auditor, by_threes.list_query({"sort": sort, "after": after}))
        assert (part.total, part.exact) == (7, True)
        numbers += [row["number"] for row in part.rows]
        after = part.next or ""
    assert after == "" and numbers == [row["number"] for row in at_once.rows]
    assert sorted(numbers) == sorted(each.number for each in made)
    if sort.endswith("requested"):
        amounts = [row["requested"] for row in at_once.rows]
        assert amounts == sorted(amounts, reverse=sort.startswith("-"))


async def test_a_place_in_one_order_is_none_in_another(cast):
    await some(cast, 1000, 2000)
    one = replace(APPLICATIONS, size=1)
    further = (await one.rows(cast.auditor, one.list_query({"sort": "requested"}))).next
    with pytest.raises(Unknown):
        await one.rows(cast.auditor, one.list_query({"sort": "number", "after": further}))


async def test_the_number_stands_beyond_the_last_page(cast, client):
    await some(cast, 1000, 2000)
    await client.sign_in(cast.auditor)
    answer = (await client.get(f"{API}?page=9")).json()
    assert (answer["found"], answer["exact"], answer["items"], answer["next"]) == (2, True, [], None)
    page = (await client.get("/en/applications?page=9")).text
    assert "2 found" in page and "To its first page" in page


async def test_it_is_counted_only_so_far_and_goes_on_all_the_same(cast, client, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 2)
    short = replace(APPLICATIONS, size=1)
    made = await some(cast, 1000, 2000, 3000, 4000)
    monkeypatch.setattr(pages, "APPLICATIONS", short)
    await client.sign_in(cast.auditor)
    where, seen = "/en/applications?sort=requested", []
    while where:
        text = (await client.get(where)).text
        seen += [each.number for each in made if f">{each.number}<" in text]
        assert "more than 2 found" in text
        link = re.search(r'rel="next" href="([^"]+)"', text)
        where = "/en/applications" + html.unescape(link[1]) if link else ""
    assert seen == [each.number for each in made]


async def test_georgian_and_english_each_sort_by_their_own_titles(cast):
    for ka, en in (("ბაღი", "Well"), ("ანბანი", "yard"), ("გზა", "apple")):
        await an_application(cast, state="in_review", title_ka=ka, title_en=en)
    for code, titles in (("ka", ["ანბანი", "ბაღი", "გზა"]), ("en", ["apple", "Well", "yard"])):
        with speaking(code):
            found = await APPLICATIONS.rows(cast.auditor, APPLICATIONS.list_query({"sort": "title"}))
            assert [row[f"title_{code}"] for row in found.rows] == titles


async def test_what_narrows_a_list_is_offered_beside_it(cast, client):
    """And every column with a title; what is chosen stands there and can be taken away."""
    await some(cast, 1000)
    await client.sign_in(cast.auditor)
    text = (await client.get("/en/applications?state=in_review")).text
    for filter in APPLICATIONS.filters:
        assert (f'name="{filter.name}"' in text) == bool(filter.title), filter.name
    with speaking("en"):
        heads = [_(each.title) for each in APPLICATIONS.columns if each.page and each.title]
    assert heads and all(head in text for head in heads) and "in review" in text


async def test_files_hold_the_whole_list_and_what_narrows_it(cast, client):
    await some(cast, 1000, 2000)
    await an_application(cast, state="withdrawn", title_en="=1+1")
    await client.sign_in(cast.auditor)
    short = await client.get("/en/applications.csv?state=withdrawn&sort=-requested")
    (line,) = table(short.content).rows
    assert "'=1+1" in line and short.content.startswith(b"\xef\xbb\xbf")
    whole = await client.get("/en/applications.xlsx")
    assert len(table(whole.content).rows) == 3 and int(whole.headers["content-length"]) == len(whole.content)
    assert (await client.get("/en/applications.xlsx?colour=red")).status_code == 400


async def test_the_way_back_leads_to_the_list_as_it_was_left(cast, client):
    one, *_others = await some(cast, 1000, 2000)
    await client.sign_in(cast.curator)
    record = f"/en/applications/{one.number}"
    assert 'class="back" href="/en/applications"' in (await client.get(record)).text
    await client.get("/en/applications?state=in_review&sort=-requested")
    assert 'class="back" href="/en/applications?sort=-requested&amp;state=in_review"' in (await client.get(record)).text
    kept = client.cookies["lists"]
    await client.get("/en/applications")
    assert 'class="back" href="/en/applications"' in (await client.get(record)).text
    # what one person left is nothing in another's session, and no cookie of one's own making leads anywhere
    for cookie in (kept, kept[:-4] + "AAAA", "x.y", "." + kept.partition(".")[2], ""):
        client.cookies.set("lists", cookie, domain="127.0.0.1", path="/")
        await client.sign_in(cast.auditor)
        assert 'class="back" href="/en/applications"' in (await client.get(record)).text


async def test_the_description_of_the_api_names_filters_and_answer(client):
    described = (await client.get("/schema/openapi.json")).json()
    told = described["paths"][API]["get"]
    assert {"q", "state", "municipality", "call", "sort", "page", "after"} <= {
        each["name"] for each in told["parameters"]
    }
    shape = told["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(described["components"]["schemas"][shape]["properties"]) == {"found", "exact", "next", "page", "items"}


def test_only_joins_that_are_named_are_made():
    source = statement.Source("a t", "t.id", {"b": "JOIN b ON b.id = t.b", "c": "JOIN c ON c.id = b.c"})
    assert source.rows("t.x") == "FROM a t "
    assert source.joined("c.x") == "JOIN b ON b.id = t.b JOIN c ON c.id = b.c"


def test_a_copy_of_a_list_takes_nobodys_place():
    replace(APPLICATIONS, size=3)
    assert listing.ALL["applications"] is APPLICATIONS
