"""Every declared list: its page, its files, each of its orders and filters; and no order without an index."""

import pytest

from foundation.database import rows, script
from foundation.language import speaking
from tests.house.list_world import asking
from tests.house.routes import every_route
from web.lists import statement
from web.lists.listing import ALL
from web.shell import SITE

every_route()  # loads the rooms
LISTS = sorted(ALL.values(), key=lambda each: each.name)
ORDERS = [(each, sort) for each in LISTS if not each.few for sort in each.sorts]


@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.name)
@pytest.mark.parametrize("example", [False, True], ids=["real", "example"])
async def test_every_list_is_a_file_whole(listing, example, cast, client, monkeypatch):
    """Of an example, files say of each row where it is from."""
    if not listing.downloads:
        return
    monkeypatch.setattr(SITE, "example", example)
    person = next(each for each in (cast.director, *cast.people.values()) if listing.who(asking(listing, each)))
    await client.sign_in(person)
    for kind in ("csv", "xlsx"):
        answer = await client.get(f"/en{listing.path}.{kind}")
        assert answer.status_code == 200, kind


@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.name)
async def test_every_list_answers_in_every_order_and_with_every_filter(listing, cast, client):
    await client.sign_in(
        next(each for each in (cast.director, *cast.people.values()) if listing.who(asking(listing, each)))
    )
    paths = {route.path for route in every_route()}
    queries = [f"sort={way}{name}" for name in listing.sorts for way in ("", "-")]
    queries += [f"{each.name}={value}" for each in listing.filters for value in _values(each)] + [
        "page=7",
    ]
    if listing.search:
        queries += ["q=a%25b", "q=zz"]
    for each in (each for each in listing.filters if each.known):
        answer = await client.get(f"/en{listing.path}?{each.name}=atlantis")
        assert answer.status_code in (400, 404), f"{each.name}: what there is not looks like an empty list"
    refused = []
    for path in ("", ".csv", ".xlsx"):
        if listing.path + path in paths:
            for query in ["", *(queries if not path else queries[:1])]:
                answer = await client.get(f"/en{listing.path}{path}?{query}")
                if answer.status_code != 200:
                    refused.append((path, query, answer.status_code))
            # what would be ignored is refused; public pages overlook it, like every name they do not know
            if not listing.search and not listing.public:
                assert (await client.get(f"/en{listing.path}{path}?q=zz")).status_code == 400, path
    assert refused == []


def _values(each):
    if each.kind == "scope":  # what is not there of these is a page that is not there
        return []
    return [
        *each.each,
        *map(str, (each.of or ())),
        *([] if each.of or each.each or each.known or each.kind == "date" else ["nothing"]),
    ]


@pytest.mark.parametrize(("listing", "sort"), ORDERS, ids=lambda each: getattr(each, "name", each))
async def test_every_order_has_an_index(listing, sort, cast):
    """Where sorting is forbidden a plan sorts if it has no other way; rows alike in the first key may be sorted."""
    await script("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                 "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")  # fmt: skip
    for code in ("ka", "en"):
        with speaking(code):
            order = listing.ordered(listing.list_query({"sort": sort}))
        sql = statement.keys(statement.Source(listing.source, listing.key, listing.joins), listing.where, [], order)
        plan = [each[0] for each in await rows(f"EXPLAIN (COSTS OFF) {sql} LIMIT 50")]
        sorts = [line for line in plan if line.strip().removeprefix("->").strip() == "Sort"]
        assert sorts == [], "\n".join(plan)
