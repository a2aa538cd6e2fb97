"""What the address of a list says: words searched for, filters, the order, the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused

SIZE = 20
MOST_WORDS = 100
MOST_TOKEN = 800  # where a page of the API goes on, see `places`

NO_FURTHER = N_("The list cannot continue from there. Begin at its first page.")


class Unknown(Refused):
    """A filter or an order this list does not have: a wrong answer would look like a right one."""

    status = 400


@dataclass(frozen=True)
class ListQuery:
    """The query of a list page: only the names the page knows, nothing empty."""

    query: dict[str, str] = field(default_factory=dict)
    page: int = 1
    size: int = SIZE
    after: str = ""

    def __getitem__(self, name: str) -> str:
        return self.query.get(name, "")

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def pages(self, total: int) -> int:
        return max(1, -(-total // self.size))

    def without(self, *names: str) -> dict[str, str]:
        return {name: value for name, value in self.query.items() if name not in names}

    def also(self, **changed: str) -> dict[str, str]:
        return {name: value for name, value in {**self.query, **changed}.items() if value}

    @property
    def where(self) -> dict[str, str]:
        """All that leads back to this page of the list."""
        further = {"after": self.after} if self.after else {}
        return self.query | further | ({"page": str(self.page)} if self.page > 1 else {})


def list_query(typed: Mapping[str, str], *names: str, size: int = SIZE) -> ListQuery:
    """From the address as typed; `names` are the filters this list has."""
    kept = {name: typed[name].replace("\x00", "").strip() for name in names if typed.get(name)}
    for value in kept.values():
        if len(value) > MOST_WORDS:
            raise Unknown(_("A list is searched and narrowed by at most {n} characters.", n=MOST_WORDS))
    after = typed.get("after", "")
    if len(after) > MOST_TOKEN:
        raise Unknown(_(NO_FURTHER))
    return ListQuery({name: value for name, value in kept.items() if value}, _page(typed.get("page", "")), size, after)


def _page(typed: str) -> int:
    """The first where nothing is said."""
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7 and int(typed)):
        raise Unknown(_("“{value}” is not the number of a page.", value=typed[:MOST_WORDS]))
    return int(typed)


def only_paged(typed: Mapping[str, str], size: int) -> ListQuery:
    """Of what nobody narrows or puts in another order."""
    refuse_unknown(typed, ("page",))
    return list_query(typed, size=size)


def refuse_unknown(typed: Collection[str], names: Collection[str]) -> None:
    for name in typed:
        if name not in names:
            raise Unknown(_("This list has no filter “{name}”.", name=name[:MOST_WORDS]))
