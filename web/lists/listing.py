"""One list of the service, declared once: columns, orders, filters, words. Its page, files and JSON come from it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, Generic, TypeVar

import asyncpg
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream
from pydantic import BaseModel

from foundation.clock import today
from foundation.database import like, rows, snapshot
from foundation.language import N_, alone, label, language, pick_text
from foundation.language import gettext as _
from web.cells import Head
from web.lists import files, places, statement
from web.lists.kept import remember
from web.lists.query import NO_FURTHER, ListQuery, Unknown, list_query, refuse_unknown
from web.lists.statement import COUNTED, COUNTED_FOUND, Arguments, Order, Source
from web.pages import or_404, page
from web.sheets import About

P = TypeVar("P")
T = TypeVar("T", bound=BaseModel)
Row = Any  # a record, or what a list makes of it
Options = Sequence[tuple[str, str]]
Choices = Mapping[str, Options]

FURTHER = N_("Pages lead no further than this. Go on with `after`, from what `next` said.")
NUMBERS = ("money", "number")
OWN = ("sort", "page", "after")  # every list has these; `q` where there is a search


def everything(_person: object, _first: int = 1) -> tuple[str, list[object]]:
    """`visible_to` of a list whose rows everybody sees who sees the list."""
    return "true", []


def each_language(sql: str) -> dict[str, str]:
    """The order of a pair: its words in the reader's language, or in the other where that has none."""
    return {one: f"lower(coalesce({sql}_{one}, {sql}_{other}, ''))" for one, other in (("ka", "en"), ("en", "ka"))}


@dataclass(frozen=True)
class Column:
    """A fact of every row. `kind` says how it is shown: text, link, pair (of languages), word (of an enum), state,
    place, money, number, day, moment. Without a title it stands on no page and in no file, only in the row."""

    name: str
    sql: str
    title: str = ""
    kind: str = "text"
    # what ?sort= orders by; there is an index for it, or each language's own, and nothing in it is NULL
    sort: str | tuple[str, ...] | Mapping[str, str] = ()
    of: type[StrEnum] | None = None
    page: bool = True
    file: bool = True
    titles: tuple[str, ...] = ()  # what stands above it in a file; under two of them both languages side by side
    value: Callable[[Row], object] | None = None  # in files, where it is more than the fact itself
    read_by: Callable[[Any, Row], bool] | None = None  # the person, the row: others find something `instead`
    instead: Callable[[Row], object] = lambda _row: None
    nowrap: bool = False
    shown_to: Callable[[Any], bool] = lambda _person: True  # on pages and in files; the API has a model of its own

    @property
    def select(self) -> str:
        if self.kind == "pair":
            return f"{self.sql}_ka AS {self.name}_ka, {self.sql}_en AS {self.name}_en"
        if self.kind == "place":
            names = f"{self.sql}.name_ka AS {self.name}_ka, {self.sql}.name_en AS {self.name}_en"
            return f"{self.sql}.slug AS {self.name}, {names}"
        return f"{self.sql} AS {self.name}" if self.sql else ""

    @property
    def in_file(self) -> bool:
        return self.file and bool(self.title or self.titles)

    @property
    def heading(self) -> dict[str, Any]:
        return {"text": _(self.title), "sort": self.name if self.sort else "", "num": self.kind in NUMBERS}

    def heads(self) -> list[Head]:
        return [Head(_(each), self.kind) for each in self.titles or (self.title,)]

    def cells(self, row: Row) -> list[object]:
        """As a file tells it."""
        if self.value is not None:
            return [self.value(row)]
        if len(self.titles) == 2:
            return [row[f"{self.name}_ka"], row[f"{self.name}_en"]]
        if self.kind == "pair" or (self.kind == "place" and row[self.name]):
            return [pick_text(row, self.name)]
        told = row[self.name] if self.sql else None
        if self.of is not None and told is not None:
            return [label(self.of(told))]
        return [told]


@dataclass(frozen=True)
class Filter(Generic[P]):
    """Narrows a list. `sql` takes what is typed for each `?`; `each` has a condition of its own for a word, with what
    it is called. The choices are an enum's, or come from the list's `choices`; without a title the filter stands only
    in addresses. `kind`: select, date, hidden, tab (one of several lists: nothing that narrows it),
    scope (`visible_to` asks about it)."""

    name: str
    title: str = ""
    sql: str = ""
    of: type[StrEnum] | None = None
    each: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    blank: str = N_("All")
    kind: str = "select"
    shown_to: Callable[[P], bool] = lambda _person: True
    among: Sequence[StrEnum] = ()  # fewer members of the enum than there are
    otherwise: str | Callable[[P], str] = ""  # the condition while nothing is chosen
    unchosen: str = ""  # what a file says of that
    called: str = ""  # what it is called there, where no page has a field for it
    known: str = ""  # finds a row where there is such a thing as typed; what there is not would look like an empty list

    def options(self, choices: Choices) -> list[tuple[str, str]]:
        own = [(str(member), alone(label(member))) for member in self.among or self.of or ()]
        worded = [(name, _(words)) for name, (words, _sql) in self.each.items() if words]
        return [*worded, *own, *choices.get(self.name, ())]

    def condition(self, typed: str, args: Arguments) -> str:
        if typed in self.each:
            return args.put(self.each[typed][1])
        if not self.sql or (self.of is not None and typed not in set(self.of)):
            raise Unknown(_("“{value}” is nothing this list can be narrowed to.", value=typed))
        return args.put(self.sql.replace("?", args.add(_day(typed) if self.kind == "date" else typed)))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Unknown(_("Write a date as day, month and year.")) from None


class Found(BaseModel, Generic[T]):
    """`found` is how many there are, or when not `exact` only that there are more; `next` goes into ?after=."""

    found: int
    exact: bool
    next: str | None
    page: int
    items: list[T]


@dataclass(frozen=True)
class Rows:
    """One page of a list."""

    rows: list[Row]
    total: int
    exact: bool
    next: str | None


ALL: dict[str, Listing[Any]] = {}


@dataclass(frozen=True)
class Listing(Generic[P]):
    """`source` with its `joins`; `visible_to` says what of it a person sees, `where` what belongs in it at all."""

    name: str
    path: str
    title: str
    source: str
    key: str
    columns: Sequence[Column]
    visible_to: Callable[[P, int], tuple[str, list[Any]]]
    order: str
    joins: Mapping[str, str] = field(default_factory=dict)
    where: str = "true"
    orders: Mapping[str, str | tuple[str, ...] | Mapping[str, str]] = field(
        default_factory=dict
    )  # not a column's, but offered
    filters: Sequence[Filter[P]] = ()
    search: str = ""  # every ? is the words looked for
    search_title: str = N_("Search")
    choices: Callable[[P], Awaitable[Choices]] | None = None
    who: Callable[[P], bool] = lambda _person: True
    meta: str = ""
    file_name: str = ""  # where it is not the list's own
    empty: tuple[str, str, str] = (N_("Nothing is here yet"), "", "search")
    template: str = "web/templates/listing.html"
    context: Callable[[P], Mapping[str, object]] = lambda _person: {}
    size: int = 20
    public: bool = False
    downloads: bool = True
    made: Callable[[list[Row]], list[Row]] = list
    said: Callable[[P], Mapping[str, str]] = lambda _person: {}  # title and words of what `visible_to` narrows it to
    origin: str = ""  # where a row comes from, as SQL: an example tells sourced rows and invented ones apart
    marked: str = ""  # whose mark says that it is invented, where that is not `key`
    taken: Callable[[P, ListQuery, int], Awaitable[None]] | None = None  # when somebody took so many rows as a file
    few: bool = False  # at any one time: an index on `where` finds them, and they are put in order as they are

    def __post_init__(self) -> None:
        ALL.setdefault(self.name, self)  # a copy with another size takes nobody's place

    # what is asked -----------------------------------------------------------------------------------------------

    def list_query(self, typed: Mapping[str, str]) -> ListQuery:
        """Names nobody knows are refused; on public pages only orders are, for links from elsewhere carry marks."""
        names = [*(("q",) if self.search else ()), *(each.name for each in self.filters)]
        if not self.public:
            refuse_unknown(typed, [*names, *OWN])
        here = list_query(typed, "sort", *names, size=self.size)
        self.ordered(here)
        if here.after:
            return here
        return replace(here, page=min(here.page, (COUNTED_FOUND if here["q"] else COUNTED) // self.size + 1))

    def ordered(self, here: ListQuery) -> Order:
        asked_for = here["sort"] or self.order
        name = asked_for.removeprefix("-")
        of_columns = {each.name: each.sort for each in self.columns if each.sort}
        offered: dict[str, Any] = {**self.orders, **of_columns}
        if name not in offered or (here["sort"] and name == ""):
            raise Unknown(_("This list cannot be sorted by “{name}”.", name=name))
        keys = offered[name]
        if isinstance(keys, Mapping):
            keys = keys[language.get()]
        return Order(asked_for, (keys,) if isinstance(keys, str) else tuple(keys), asked_for.startswith("-"))

    def where_of(self, person: P, here: ListQuery, args: Arguments) -> str:
        seen, given = self.visible_to(person, len(args) + 1)
        args.extend(given)
        parts = [seen, args.put(self.where)]
        for each in self.filters:
            if each.kind == "scope":
                continue
            if here[each.name]:
                parts.append(each.condition(here[each.name], args))
            elif each.otherwise:
                parts.append(args.put(each.otherwise if isinstance(each.otherwise, str) else each.otherwise(person)))
        if here["q"]:
            parts.append(f"({args.put(self.search.replace('?', args.add(like(here['q'])) + '::text'))})")
        return " AND ".join(part for part in parts if part != "true") or "true"

    @property
    def whole_source(self) -> Source:
        return Source(self.source, self.key, self.joins)

    @property
    def facts(self) -> str:
        return ", ".join([each.select for each in self.columns if each.sql])

    def arguments(self, person: P) -> Arguments:
        return Arguments({"today": (today(), "date"), "me": (getattr(person, "id", None), "uuid")})

    def told(self, person: P, found: list[Row]) -> list[Row]:
        """What this person may read of them."""
        kept = [(each, each.read_by) for each in self.columns if each.read_by]
        if kept:
            found = [
                {**row, **{each.name: each.instead(row) for each, may in kept if not may(person, row)}} for row in found
            ]
        return self.made(found)

    # what is found -----------------------------------------------------------------------------------------------

    async def refuse_unknown(self, here: ListQuery) -> None:
        for each in self.filters:
            typed = here[each.name]
            if each.known and typed and typed not in each.each and not await rows(each.known.replace("?", "$1"), typed):
                raise Unknown(_("“{value}” is nothing this list can be narrowed to.", value=typed))

    async def rows(self, person: P, here: ListQuery) -> Rows:
        """One page. The number stands also where the page has nothing."""
        args, order = self.arguments(person), self.ordered(here)
        where = self.where_of(person, here, args)
        most = COUNTED_FOUND if here["q"] else COUNTED
        after: list[str] = []
        if here.after:
            after = [args.add(key) for key in places.read(here.after, order.name, len(order.keys) + 1)]
        offset = 0 if after else min(here.offset, most)
        facts = args.put(self.facts)
        made = statement.page_of_few if self.few else statement.page
        sql = made(self.whole_source, facts, where, after, order, args, here.size + 1, offset, most)
        async with snapshot("force_custom_plan") if here["q"] else nullcontext():
            try:
                answered = await rows(sql, *args)
            except asyncpg.DataError:
                raise Unknown(_(NO_FURTHER)) from None
        counted = answered[0]["counted"]
        if not counted:
            await self.refuse_unknown(here)
        shown = [each for each in answered if each["key"] is not None][: here.size]
        more = shown and answered[-1]["key"] is not None and len(answered) > here.size
        last = [shown[-1][name] for name in order.names] if more else []
        return Rows(
            self.told(person, shown), min(counted, most), counted <= most,
            places.written(order.name, last) if more else None,
        )  # fmt: skip

    async def first(self, person: P, many: int) -> Rows:
        """The first of the list as it is when nothing is asked of it, and how many there are."""
        return await self.rows(person, replace(self.list_query({}), size=many))

    async def sums(self, person: P, here: ListQuery, by: Sequence[str], **sums: str) -> list[asyncpg.Record]:
        """What everything that is found comes to, a row for each of `by`: names and SQL as keywords."""
        args = self.arguments(person)
        where = self.where_of(person, here, args)
        said = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
        groups = ", ".join(by)
        source = self.whole_source.rows(where, said, groups)
        return await rows(f"SELECT {groups}, {said} {source} WHERE {where} GROUP BY {groups} ORDER BY {groups}", *args)

    async def together(
        self, person: P, here: ListQuery, key: str, facts: Mapping[str, str], whole: bool = False, **sums: str
    ) -> Rows:
        """Rows alike in `key` are one, named by `facts`; the largest of the first of `sums` come first. One page of
        them, or the `whole`."""
        args = self.arguments(person)
        where = self.where_of(person, here, args)
        named = ", ".join(f"{sql} AS {name}" for name, sql in facts.items())
        said = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
        by = f"page.{next(iter(sums))} DESC, page.key"
        limit = "" if whole else f"LIMIT {args.add(here.size)}::int OFFSET {args.add(here.offset)}::int"
        found = await rows(
            f"""
WITH groups AS (SELECT {key} AS key, {named}, {said} {self.whole_source.rows(where, named, said, key)} WHERE {where}
  GROUP BY {", ".join([key, *facts.values()])})
SELECT (SELECT count(*) FROM groups) AS counted, page.* FROM (SELECT 1) one LEFT JOIN (
  SELECT * FROM groups page ORDER BY {by} {limit}) page ON true ORDER BY {by}""",
            *args,
        )
        counted = found[0]["counted"]
        return Rows([each for each in found if each[next(iter(sums))] is not None], counted, True, None)

    async def facets(self, person: P, here: ListQuery, **values: str) -> dict[str, dict[str, int]]:
        """How many rows each value of these filters would leave, all others being as chosen; in one statement."""
        args, parts = self.arguments(person), []
        for name, sql in values.items():
            where = self.where_of(person, replace(here, query=here.without(name)), args)
            source = self.whole_source.rows(where, sql)
            parts.append(f"SELECT '{name}' AS facet, {sql} AS value, count(*) AS n {source} WHERE {where} GROUP BY 2")
        counted: dict[str, dict[str, int]] = {name: {} for name in values}
        for each in await rows(" UNION ALL ".join(parts), *args):
            counted[each["facet"]][each["value"]] = each["n"]
        return counted

    async def found(
        self,
        person: P,
        typed: Mapping[str, str],
        item: type[T],
        made: Callable[[list[Row], ListQuery], Awaitable[list[T]]] | None = None,
    ) -> Found[T]:
        """For the API: each item has the facts its model names, or is what is `made` of the rows."""
        or_404(self.who(person) or None)
        here = self.list_query(typed)
        if not here.after and typed.get("page") and int(typed["page"]) != here.page:
            raise Unknown(_(FURTHER))
        it = await self.rows(person, here)
        names = list(item.model_fields)
        if made:
            items = await made(it.rows, here)
        else:
            items = [item(**{name: _fact(row, name) for name in names}) for row in it.rows]
        return Found[item](found=it.total, exact=it.exact, next=it.next, page=here.page, items=items)  # type: ignore[valid-type]

    async def file(self, person: P, typed: Mapping[str, str], kind: str) -> Stream:
        """The whole list with the same filters and order."""
        here = self.list_query(typed)
        await self.refuse_unknown(here)
        args = self.arguments(person)
        where = self.where_of(person, here, args)
        facts = args.put(files.with_origin(self.facts, self.origin, self.marked or self.key))
        sql = statement.everything(self.whole_source, facts, where, self.ordered(here))
        choices = await self.choices(person) if self.choices else {}
        shown = files.narrowed(self.filters, here, self.said(person), choices)
        about = About(self.file_name or self.name, _(self.title), self.path, shown, here.query, self.public)
        columns = [each for each in self.columns if each.in_file and each.shown_to(person)]
        answer, count = await files.file_of(about, columns, (sql, args), partial(self.told, person), kind)
        if self.taken:
            await self.taken(person, here, count)
        return answer

    async def offered(self, person: P) -> list[dict[str, Any]]:
        """The filters as a page shows them."""
        choices = await self.choices(person) if self.choices else {}
        return [
            {"name": each.name, "title": _(each.title), "kind": each.kind, "blank": _(each.blank),
             "options": each.options(choices)}
            for each in self.filters
            if each.title and each.shown_to(person)
        ]  # fmt: skip

    async def page(self, person: P, typed: Mapping[str, str], **more: Any) -> Response[bytes]:
        here = self.list_query(typed)
        it = await self.rows(person, here)
        filters = await self.offered(person)
        words = {(each["name"], value): word for each in filters for value, word in each["options"]}
        tabs = [each.name for each in self.filters if each.kind == "tab"]
        narrowing = here.without("sort", *tabs)
        answer = page(
            self.template,
            **{
                "listing": self, "heading": "", "here": here, "found": it, "rows": it.rows, "filters": filters,
                "columns": [each for each in self.columns if each.page and each.title and each.shown_to(person)],
                "narrowed": bool(narrowing),
                "tab": {name: here[name] for name in tabs if here[name]},
                "chips": [
                    {"name": name, "text": words.get((name, value), value), "query": here.without(name)}
                    for name, value in narrowing.items()
                ],
                **self.context(person), **more,
            },
        )  # fmt: skip
        if not self.public:
            remember(answer, self.path, here.where)
        return answer

    # what the service offers -------------------------------------------------------------------------------------

    def pages(self, **how: Any) -> list[HTTPRouteHandler]:
        """The page of the list, and the list as CSV and XLSX."""

        @get(self.path, name=self.name, **how)
        async def index(request: Request, person: NamedDependency[Any]) -> Response[bytes]:
            or_404(self.who(person) or None)
            return await self.page(person, request.query_params)

        return [index, self.files(**how)] if self.downloads else [index]

    def files(self, **how: Any) -> HTTPRouteHandler:
        @get([f"{self.path}.csv", f"{self.path}.xlsx"], name=f"{self.name}.csv", **how)
        async def export(request: Request, person: NamedDependency[Any]) -> Stream:
            """The same filters, all pages."""
            or_404(self.who(person) or None)
            return await self.file(person, request.query_params, request.scope["path"].rpartition(".")[2])

        return export

    def operation(
        self,
        path: str,
        item: type[T],
        own: Callable[[P], Awaitable[Found[T] | None]] | None = None,
        items: Callable[[list[Row], ListQuery], Awaitable[list[T]]] | None = None,
        **how: Any,
    ) -> HTTPRouteHandler:
        """The list as JSON; its filters stand in the description of the API. `own` is what somebody gets instead."""

        async def index(**given: Any) -> Any:
            instead = await own(given["person"]) if own else None
            return instead or await self.found(given["person"], given["request"].query_params, item, items)

        said = {
            **({"q": _API["q"]} if self.search else {}),
            "sort": _API["sort"].format(names=", ".join(self.sorts)),
            **{each.name: each.title or each.name for each in self.filters},
            "page": _API["page"],
            "after": _API["after"],
        }
        index.__doc__ = f"{self.title}: what you may see of them, filtered and sorted."
        parameters = {"request": Request, "person": NamedDependency[Any]} | {
            f"asked_{name}": Annotated[str, QueryParameter(name=name, description=words)]
            for name, words in said.items()
        }
        index.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(
                    name, inspect.Parameter.KEYWORD_ONLY, annotation=kind,
                    default="" if name.startswith("asked_") else inspect.Parameter.empty,
                )
                for name, kind in parameters.items()
            ],
            return_annotation=Found[item],  # type: ignore[valid-type]
        )  # fmt: skip
        index.__annotations__ = {**parameters, "return": Found[item]}  # type: ignore[valid-type]
        return get(path, summary=self.title, **how)(index)

    def state(self, value: str) -> StrEnum:
        return next(each.of for each in self.columns if each.kind == "state" and each.of)(value)

    @property
    def sorts(self) -> list[str]:
        return [each.name for each in self.columns if each.sort] + [name for name in self.orders if name]


_API = {
    "q": "Words to search for",
    "sort": "One of {names}; with - before it the other way round",
    "page": "1, 2, 3 …",
    "after": "What `next` said: the rows after that one, however far",
}


def _fact(row: Row, name: str) -> object:
    try:
        return row[name]
    except TypeError:
        return getattr(row, name)
