"""What a small room says of its records; pages.py and api.py beside this make its routes of it.

    BOOKS = Resource(listing=BOOKS_LISTED, table=Book, steps=STEPS, form=forms.Entry, state=State, …)
    ROOM = Room("books", routes=routes_of(BOOKS), …)

A record has a `reference`, by which its address is made, and a `state`. It is edited by a step like any other, with
`form=forms.Entry` and no target. A page that wants more is a handler of its own, beside these.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from piccolo.table import Table
from pydantic import BaseModel

from foundation.merging import Editable
from lifecycle.resource.parts import Part
from lifecycle.resource.told import told
from lifecycle.states import Status
from lifecycle.transition import Transition, open_steps
from web.lists.listing import Listing


def all_of_it(_person: Any, _row: Any) -> bool:
    return True


@dataclass(frozen=True)
class Resource:
    """`find(person, reference)` is the row, None where it is not for their eyes; `enter(person, form)` makes one. Of a
    row that somebody finds and does not `reads(person, row)`, the columns `withheld` and all parts stay untold.
    `tells(person)` is who sees state and history. `template` extends lifecycle/templates/record.html; it has the row as
    `row`, what the API says of it as `one`, and what `context(row)` brings."""

    listing: Listing[Any]
    table: type[Table]
    state: type[Status]
    steps: Collection[Transition]
    form: type[Editable]
    find: Callable[[Any, str], Awaitable[Any]]
    enter: Callable[[Any, Any], Awaitable[Any]]
    may_enter: Callable[[Any], bool]
    heading: Callable[[Any], str]
    title: str  # above the form of a new one
    entered: str  # said once it is saved
    parts: Mapping[str, Part] = field(default_factory=dict)
    reads: Callable[[Any, Any], bool] = all_of_it
    withheld: Collection[str] = ()
    tells: Callable[[Any], bool] = bool
    template: str = "lifecycle/templates/record.html"
    context: Callable[[Any], Mapping[str, Any]] = lambda _row: {}

    @property
    def name(self) -> str:
        return self.listing.name

    @property
    def path(self) -> str:
        return self.listing.path

    def address(self, row: Any) -> str:
        return f"{self.path}/{row.reference}"

    @cached_property
    def short(self) -> type[BaseModel]:
        """What the API tells of each in the list: the columns that the list reads."""
        listed = {each.name for each in self.listing.columns}
        pairs = {f"{each.name}_{code}" for each in self.listing.columns if each.kind == "pair" for code in ("ka", "en")}
        return told(f"{self.table.__name__}Short", self.table, self.form, only=listed | pairs, state=self.state)

    @cached_property
    def whole(self) -> type[BaseModel]:
        name, own = self.table.__name__, {}
        for key, part in self.parts.items():
            model = told(f"{name}{key.title()}", part.table, part.form, **part.own)
            own[key] = list[model]  # type: ignore[valid-type]
        return told(f"{name}Whole", self.table, self.form, (), state=self.state, moves=list[str], **own)

    async def tell(self, row: Any, person: Any) -> Any:
        """What this person may know of it, for the page and the API."""
        facts = {name: getattr(row, name, None) for name in self.whole.model_fields}
        facts["moves"] = list(open_steps(person, row, self.steps))
        if self.reads(person, row):
            facts |= {name: [dict(each) for each in await part.of(row)] for name, part in self.parts.items()}
        else:
            facts |= dict.fromkeys(self.withheld) | {name: [] for name in self.parts}
        return self.whole.model_validate(facts)
