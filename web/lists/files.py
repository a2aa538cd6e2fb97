"""A list as a file: every row of it, each fact under its head, and above them what it is narrowed to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar.response import Stream

from foundation.database import Row, streamed
from foundation.language import gettext as _
from web.lists.query import ListQuery
from web.sheets import About, streamed_sheet
from web.shell import SITE

Told = Callable[[list[Row]], Sequence[Any]]


async def file_of(
    about: About, columns: Sequence[Any], everything: tuple[str, list[object]], told: Told, kind: str
) -> tuple[Stream, int]:
    """The file, and how many rows it has. `columns` are those of a list that a file has; `everything` is its statement
    and what that is asked with; `told` makes the list's rows of what was found."""
    heads = [head for each in columns for head in each.heads()]
    count = 0

    def lines(found: list[Row]) -> list[list[object]]:
        nonlocal count
        count += len(found)
        return [[cell for each in columns for cell in each.cells(row)] for row in told(list(found))]

    sql, args = everything
    answer = await streamed_sheet(about, heads, streamed(sql, *args), lines, kind, whence)
    return answer, count


def narrowed(
    filters: Sequence[Any], here: ListQuery, said: Mapping[str, str], choices: Mapping[str, Any]
) -> dict[str, str]:
    """What a list is narrowed to, in the words its page has for that; `said` is what it says of itself."""
    told = dict(said)
    for each in filters:
        if each.kind == "scope":
            continue
        title = _(each.called or each.title or each.name)
        if typed := here[each.name]:
            told[title] = dict(each.options(choices)).get(typed, typed)
        elif each.unchosen:
            told[title] = _(each.unchosen)
    return told | ({_("Search"): here["q"]} if here["q"] else {})


def with_origin(facts: str, origin: str | None, key: str) -> str:
    """The facts of a row and where it is from; everything else of an example is invented."""
    if not SITE.example:
        return facts
    marked = f"EXISTS (SELECT 1 FROM invented i_ WHERE i_.row_id = {key})" if origin else "false"
    return f"{facts}, {origin or 'NULL::text'} AS origin_source, {marked} AS origin_marked"


def whence(row: Row) -> str:
    """Where a row of an example is from."""
    if not row["origin_source"]:
        return _("example data")
    return _("from published sources, in part invented") if row["origin_marked"] else _("from published sources")
