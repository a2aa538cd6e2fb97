"""What the address of a list says: words searched for, filters, the order, the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from foundation.language import gettext as _
from foundation.refused import Refused

SIZE = 20
MOST_WORDS = 100
MOST_TOKEN = 800  # where a page of the API goes on, see `places`


class Unknown(Refused):
    """A filter or an order this list does not have: a wrong answer would look like a right one."""

    status = 400


@dataclass(frozen=True)
class ListQuery:
    """The query of a list page, cleaned: only the names the page knows, nothing empty, never malformed."""

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
    kept = {name: typed[name].replace("\x00", "").strip()[:MOST_WORDS] for name in names if typed.get(name)}
    page, after = typed.get("page", ""), typed.get("after", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return ListQuery({name: value for name, value in kept.items() if value}, max(number, 1), size, after[:MOST_TOKEN])


def only_paged(typed: Mapping[str, str], size: int) -> ListQuery:
    """Of what nobody narrows or puts in another order."""
    refuse_unknown(typed, ("page",))
    return list_query(typed, size=size)


def refuse_unknown(typed: Collection[str], names: Collection[str]) -> None:
    for name in typed:
        if name not in names:
            raise Unknown(_("This list has no filter “{name}”.", name=name[:MOST_WORDS]))
