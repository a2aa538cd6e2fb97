"""One list tells the same on its page, in both files and in the API: cell by cell, whatever it is a list of."""

import html
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import pytest

from foundation.language import day, number, speaking
from foundation.money import money
from tests.house.list_world import a_world, asking
from tests.house.routes import every_route
from tests.house.test_list_promises import WHO, reader
from tests.sheets import table
from web.lists.listing import ALL

ROUTES = {route.path for route in every_route()}  # loads the rooms
FILES = sorted((each for each in ALL.values() if each.downloads), key=lambda each: each.name)
# of calls the API has the list of those who manage them; of indicators what each has come to
OTHERS = {"calls", "calls.open", "indicators"}
SPOKEN = sorted(
    (each for each in ALL.values() if f"/api/v1{each.path}" in ROUTES and each.name not in OTHERS),
    key=lambda each: each.name,
)
TAGS = re.compile(r"<[^>]+>")


def the_reader(cast, listing):
    return WHO.get(listing.name, reader)(cast, listing)


def meant(cell):
    """What a cell of a CSV, of a workbook or of JSON stands for."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).removeprefix("'")
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text


@pytest.mark.parametrize("listing", FILES, ids=lambda each: each.name)
async def test_both_files_and_the_page_tell_the_same_cells(listing, cast, client):
    await a_world(cast)
    person = the_reader(cast, listing)
    await client.sign_in(person)
    text, book = [table((await client.get(f"/en{listing.path}.{kind}")).content) for kind in ("csv", "xlsx")]
    assert text.heads == book.heads
    assert [[meant(cell) for cell in row] for row in text.rows] == [[meant(cell) for cell in row] for row in book.rows]
    page = html.unescape(TAGS.sub(" ", (await client.get(f"/en{listing.path}")).text))
    with speaking("en"):
        rows = (await listing.rows(asking(listing, person), listing.list_query({}))).rows
        heads = {each.name: each.heads()[0].text for each in listing.columns if each.in_file}
        missing = []
        for row, told in zip(rows, text.told(), strict=False):
            for each in listing.columns:
                if not (each.page and each.in_file and each.title) or each.shown_to(person) is False:
                    continue
                cell = told[heads[each.name]]
                said = as_on_the_page(each, cell, row)
                if said and said not in page:
                    missing.append((each.name, cell, said))
    assert missing == []


def as_on_the_page(column, cell, row):
    if not cell or column.titles or column.value:
        return ""
    if column.kind == "money":
        return money(Decimal(cell), row["currency"])
    if column.kind == "number":
        return number(Decimal(cell))
    if column.kind in ("day", "moment"):
        return day(date.fromisoformat(cell[:10]))
    return cell.removeprefix("'")


@pytest.mark.parametrize("listing", SPOKEN, ids=lambda each: each.name)
async def test_the_api_tells_what_the_list_tells(listing, cast, client):
    await a_world(cast)
    person = the_reader(cast, listing)
    await client.sign_in(person)
    told = (await client.get(f"/api/v1{listing.path}")).json()
    found = await listing.rows(asking(listing, person), listing.list_query({}))
    items = told if isinstance(told, list) else told["items"]
    assert len(items) == len(found.rows) and (told is items or told["found"] == found.total)
    differing = []
    for item, row in zip(items, found.rows, strict=True):
        for name in item:
            if name in row.keys() and of_json(item[name], row[name]) != meant(row[name]):
                differing.append((name, item[name], row[name]))
    assert differing == []


def of_json(told, value):
    if isinstance(value, datetime):
        assert datetime.fromisoformat(told) == value
        return meant(value)
    return meant(told)


@pytest.mark.parametrize("listing", FILES, ids=lambda each: each.name)
async def test_a_file_found_alone_says_what_it_is(listing, cast, client):
    """Title, programme, moment, filter, language, address, licence: in both kinds and both languages."""
    await client.sign_in(the_reader(cast, listing))
    narrowing = next((each for each in listing.filters if each.of and each.shown_to(the_reader(cast, listing))), None)
    value = next(iter(narrowing.among or narrowing.of)) if narrowing else ""
    query = f"?{narrowing.name}={value}" if narrowing else ""
    for kind in ("csv", "xlsx"):
        answer = await client.get(f"/en{listing.path}.{kind}{query}")
        told = table(answer.content)
        assert [*told.about] == ["Programme", "As of", "Shown", "Language", "Source", "Licence", "Data"]
        assert (told.about["Programme"], told.about["Language"]) == ("Common Forum", "English")
        assert told.about["As of"].endswith("(Tbilisi time)") and told.title
        assert told.about["Source"].endswith(f"/en{listing.path}{query}")
        if narrowing:
            with speaking("en"):
                said = dict(narrowing.options({})).get(str(value), str(value))
            assert said in told.about["Shown"]
            named = re.search('filename="([^"]+)"', answer.headers["content-disposition"])[1]
            assert f"{narrowing.name}-{value}".replace("_", "-") in named
    assert table((await client.get(f"/ka{listing.path}.csv")).content).about["ენა"] == "ქართული"


async def test_rows_of_an_example_say_where_each_is_from(cast, client):
    """What a source tells is not taken for invented, nor the other way."""
    from entrypoints.site import refresh_site
    from foundation.database import execute
    from tests.builders.awards import an_award
    from tests.importing import importing

    invented, partly, sourced = [await an_award(cast, organisation=cast.vani_youth) for _ in range(3)]
    async with importing():
        await execute("UPDATE award SET source = 'Report of 2021' WHERE id = ANY($1)", [partly.id, sourced.id])
        await execute("INSERT INTO invented VALUES ('award', $1, '{amount}')", partly.id)
        await execute("UPDATE programme SET example = true")
    await refresh_site(force=True)
    await client.sign_in(cast.manager)
    answer = await client.get("/en/awards.csv")
    told = {row["Reference"]: row["Data"] for row in table(answer.content).told()}
    assert told == {
        invented.reference: "example data", sourced.reference: "from published sources",
        partly.reference: "from published sources, in part invented",
    }  # fmt: skip
    assert 'filename="example-awards-' in answer.headers["content-disposition"]
    async with importing():
        await execute("UPDATE programme SET example = false")
    await refresh_site(force=True)
