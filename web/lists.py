"""What the address of a list says: words searched for, filters, the order, the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SIZE = 20
MOST_WORDS = 100


@dataclass(frozen=True)
class Asked:
    """The query of a list page, cleaned: only the names the page knows, nothing empty, never malformed."""

    query: dict[str, str] = field(default_factory=dict)
    page: int = 1
    size: int = SIZE

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


def asked(typed: Mapping[str, str], *names: str, size: int = SIZE) -> Asked:
    """From the address as typed; `names` are the filters this list has."""
    kept = {name: typed[name].strip()[:MOST_WORDS] for name in names if typed.get(name, "").strip()}
    page = typed.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Asked(kept, max(number, 1), size)


def order(typed: str, columns: Mapping[str, Sequence[str]], default: str) -> str:
    """SQL for ?sort=name or ?sort=-name; `columns` says what each name means, other names mean the default."""
    name = typed.removeprefix("-")
    if name not in columns:
        return default
    way = "DESC" if typed.startswith("-") else "ASC"
    return ", ".join(f"{column} {way} NULLS LAST" for column in columns[name])
