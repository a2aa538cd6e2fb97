"""One statement for a list: keys of a page by an index, how many there are, the rest for the rows of the page only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

COUNTED = 10_000  # further nobody counts, and no page skips more
COUNTED_FOUND = 1_000  # of words: each row found is looked at again

NAMED = re.compile(r"(?<!:):(today|me|text)\b")


class Arguments(list[object]):
    """What stands for $1, $2 …; `:today` and `:me` in SQL become one of them, each once."""

    def __init__(self, named: Mapping[str, tuple[object, str]]):
        super().__init__()
        self.named = named
        self.given: dict[str, str] = {}

    def add(self, value: object) -> str:
        self.append(value)
        return f"${len(self)}"

    def put(self, sql: str) -> str:
        return NAMED.sub(lambda found: self._given(found[1]), sql)

    def _given(self, name: str) -> str:
        if name not in self.given:
            value, kind = self.named[name]
            self.given[name] = f"{self.add(value)}::{kind}"
        return self.given[name]


@dataclass(frozen=True)
class Order:
    """Expressions, all going one way; the key of the row comes after them, so that no two rows are alike."""

    name: str
    keys: tuple[str, ...]
    down: bool

    @property
    def names(self) -> list[str]:
        return [*(f"k{n}" for n in range(1, len(self.keys) + 1)), "key"]

    def by(self, names: Iterable[str]) -> str:
        return ", ".join(f"{each} DESC" if self.down else each for each in names)


@dataclass(frozen=True)
class Source:
    """A table under a name, its key, and what can be joined to it."""

    table: str
    key: str
    joins: Mapping[str, str] = field(default_factory=dict)

    @property
    def alias(self) -> str:
        return self.table.rpartition(" ")[2]

    def rows(self, *using: str) -> str:
        return f"FROM {self.table} {self.joined(*using)}"

    def joined(self, *using: str) -> str:
        """Those joins only that the SQL names, and what they rest on."""
        sql, chosen = " ".join(using), set()
        for alias, join in reversed([*self.joins.items()]):
            if re.search(rf"\b{alias}\.", sql):
                chosen.add(alias)
                sql += " " + join
        return " ".join(join for alias, join in self.joins.items() if alias in chosen)


def keys(source: Source, where: str, after: Sequence[str], order: Order) -> str:
    """What the rows are put in order by, and their keys, all in that order."""
    every = [*order.keys, source.key]
    said = ", ".join(f"{sql} AS {name}" for name, sql in zip(order.names, every, strict=True))
    further = ""
    if after:
        sign = "<" if order.down else ">"
        # the first alone as well: where it is another table's, no index serves the whole comparison
        further = f" AND {every[0]} {sign}= {after[0]} AND ({', '.join(every)}) {sign} ({', '.join(after)})"
    return f"SELECT {said} {source.rows(where, said)} WHERE {where}{further} ORDER BY {order.by(every)}"


def page(
    source: Source, facts: str, where: str, after: Sequence[str], order: Order, args: Arguments, size: int,
    offset: int, counted: int,
) -> str:  # fmt: skip
    """Every row carries `counted`; there is one without a row where nothing is found."""
    return f"""
WITH counted AS (SELECT count(*) AS n FROM (SELECT {source.rows(where)} WHERE {where} LIMIT {counted + 1}) these),
keys AS ({keys(source, where, after, order)} LIMIT {args.add(size)}::int OFFSET {args.add(offset)}::int)
SELECT counted.n AS counted, page.* FROM counted LEFT JOIN (
  SELECT keys.*, {facts} FROM keys JOIN {source.table} ON {source.key} = keys.key {source.joined(facts)}
) page ON true ORDER BY {order.by(f"page.{name}" for name in order.names)}"""


def page_of_few(
    source: Source, facts: str, where: str, after: Sequence[str], order: Order, args: Arguments, size: int,
    offset: int, counted: int,
) -> str:  # fmt: skip
    """The same where all that is found is looked at once, put in order and counted: a view finds no row by its key."""
    said = ", ".join(f"{sql} AS {name}" for name, sql in zip(order.names, [*order.keys, source.key], strict=True))
    sign = "<" if order.down else ">"
    further = f"WHERE ({', '.join(order.names)}) {sign} ({', '.join(after)})" if after else ""
    return f"""
WITH found AS MATERIALIZED (SELECT {source.alias}.*, {said} {source.rows(where, said)} WHERE {where}),
counted AS (SELECT count(*) AS n FROM (SELECT FROM found LIMIT {counted + 1}) these)
SELECT counted.n AS counted, page.* FROM counted LEFT JOIN (
  SELECT {", ".join(f"{source.alias}.{name}" for name in order.names)}, {facts} FROM (
    SELECT * FROM found {further} ORDER BY {order.by(order.names)}
    LIMIT {args.add(size)}::int OFFSET {args.add(offset)}::int
  ) {source.alias} {source.joined(facts)}
) page ON true ORDER BY {order.by(f"page.{name}" for name in order.names)}"""


def everything(source: Source, facts: str, where: str, order: Order) -> str:
    by = order.by([*order.keys, source.key])
    return f"SELECT {facts} {source.rows(facts, where, by)} WHERE {where} ORDER BY {by}"
