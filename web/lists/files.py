"""A list as a file: every row of it, each fact under its head, and above them what it is narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.response import Stream

from foundation.database import Row, streamed
from foundation.language import gettext as _
from web.lists import statement
from web.lists.query import ListQuery
from web.sheets import About, streamed_sheet
from web.shell import SITE

if TYPE_CHECKING:
    from web.lists.listing import Listing


async def file_of(listing: Listing[Any], person: Any, here: ListQuery, kind: str) -> Stream:
    args = listing.arguments(person)
    where = listing.where_of(person, here, args)
    facts = f"{listing.facts}, {_origin(listing)}" if SITE.example else listing.facts
    sql = statement.everything(listing.whole_source, args.put(facts), where, listing.ordered(here))
    columns = [each for each in listing.columns if each.in_file and each.shown_to(person)]
    heads = [head for each in columns for head in each.heads()]
    count = 0

    def lines(found: list[Row]) -> list[list[object]]:
        nonlocal count
        count += len(found)
        return [[cell for each in columns for cell in each.cells(row)] for row in listing.told(person, list(found))]

    about = About(
        listing.file_name or listing.name, _(listing.title), listing.path, await shown(listing, person, here),
        here.query, listing.public,
    )  # fmt: skip
    answer = await streamed_sheet(about, heads, streamed(sql, *args), lines, kind, whence)
    if listing.taken:
        await listing.taken(person, here, count)
    return answer


async def shown(listing: Listing[Any], person: Any, here: ListQuery) -> dict[str, str]:
    """What it is narrowed to, in the words its page has for that."""
    told = dict(listing.said(person))
    choices = await listing.choices(person) if listing.choices else {}
    for each in listing.filters:
        if each.kind == "scope":
            continue
        title = _(each.called or each.title or each.name)
        if typed := here[each.name]:
            told[title] = dict(each.options(choices)).get(typed, typed)
        elif each.unchosen:
            told[title] = _(each.unchosen)
    return told | ({_("Search"): here["q"]} if here["q"] else {})


def _origin(listing: Listing[Any]) -> str:
    marked = f"EXISTS (SELECT 1 FROM invented i_ WHERE i_.row_id = {listing.key})" if listing.origin else "false"
    return f"{listing.origin or 'NULL::text'} AS origin_source, {marked} AS origin_marked"


def whence(row: Row) -> str:
    """Where a row of an example is from."""
    if not row["origin_source"]:
        return _("example data")
    return _("from published sources, in part invented") if row["origin_marked"] else _("from published sources")
