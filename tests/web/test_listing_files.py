"""Every declared list as files: CSV and XLSX say the same, row by row, and hold all the list holds."""

import pytest

from tests.builders.awards import an_award
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report
from tests.house.routes import every_route
from tests.sheets import table
from web.lists.listing import ALL

every_route()  # loads the rooms
LISTS = sorted((each for each in ALL.values() if each.downloads), key=lambda each: each.name)


@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.name)
async def test_both_files_hold_the_whole_list(listing, cast, client):
    await a_report(cast, await an_award(cast))
    await a_recommendation(cast)
    person = next(each for each in (cast.director, *cast.people.values()) if listing.who(each))
    await client.sign_in(person)
    text = await client.get(f"/en{listing.path}.csv")
    assert (text.status_code, text.headers["content-type"].split(";")[0]) == (200, "text/csv")
    lines = table(text.content)
    book = await client.get(f"/en{listing.path}.xlsx")
    assert book.status_code == 200
    sheet = table(book.content)
    assert sheet.heads == lines.heads
    assert len(sheet.rows) == len(lines.rows) == (await listing.rows(person, listing.list_query({}))).total
