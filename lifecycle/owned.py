"""Unfinished work that stays with one person: whose it is, who could go on with it, and how it changes hands.

    give = handed_over("visit", "visit.handed_over", State.in_set("pending"), "lead_id", may_hand_over, could_lead, …)
    owned=[Owned(give, {Role.CURATOR}, held, could_lead)]     # in a room's front: shown before a role ends, and on the
                                                              # managers' Today when nobody can act

The database appends who held it before to `earlier_owners`: whoever had a part in it never judges it afterwards.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import Field

from foundation.database import rows
from foundation.extension import ExtensionPoint
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.transition import Told, Transition, Who
from web.forms import Lenient

NOUN = "handover"
AT_ONCE = 50  # of what waits for nobody: the next come when these have found somebody
TEMPLATE = "lifecycle/templates/handover.html"


class Somebody(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


# the row, who gives, to whom, why
Follow = Callable[[Any, Any, UUID, str], Awaitable[None]]
Successors = Callable[[Any], Awaitable[Sequence[Somebody]]]


class Handover(Lenient):
    successor: UUID = Field(title=N_("Who takes it over?"))
    reason: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        title=N_("Why?"), description=N_("The people concerned will read it.")
    )


@dataclass(frozen=True)
class Work:
    """One piece: `row` as its step takes it, `about` in the reader's language, `href` its own page."""

    row: Any
    about: str
    href: str
    since: datetime | date | None = None
    slug: str = ""


@dataclass(frozen=True)
class Owned:
    """`roles` are those by which somebody has it. `held(account)` is what one person has not finished; `held(None)`
    what stays with somebody who can no longer act, because their role has ended or their account is closed."""

    step: Transition
    roles: Collection[StrEnum]
    held: Callable[[UUID | None], Awaitable[list[Work]]]
    successors: Successors
    sent: Callable[[UUID, str], dict[str, Any]] = lambda successor, reason: {"successor": successor, "reason": reason}
    path: str = f"/{NOUN}"  # behind the work's own page

    async def give(self, work: Work, person: Any, successor: UUID, reason: str) -> None:
        await self.step(work.row, person, **self.sent(successor, reason))


OWNED: ExtensionPoint[Owned] = ExtensionPoint()


def handed_over(
    entity: str, event: str, sources: Collection[StrEnum], column: str, who: Who, successors: Successors,
    *, button: str, history: str, holder: Callable[[Any], UUID | None] | None = None, follow: Follow | None = None,
    **more: Any,
) -> Transition:  # fmt: skip
    """The step by which work changes hands; `follow` takes along what belongs to it."""

    async def give(row: Any, person: Any, successor: UUID, reason: str) -> AsyncIterator[Told]:
        before = holder(row) if holder else getattr(row, column)
        if successor == before:
            raise Refused(_("It is with this person already."))
        if successor not in {each.id for each in await successors(row)}:
            raise Refused(_("This person cannot continue with it: choose someone who holds the role for it today."))
        yield {column: successor}, {"before": before, "after": successor}
        if follow:
            await follow(row, person, successor, reason)

    return Transition(
        entity, NOUN, event, sources, None, who, form=Handover, reason="reason", writes=(column,), look="2",
        icon="users", button=button, history=history, body=give,
        done=N_("It is in new hands; we have told both people."),
        **more,
    )  # fmt: skip


def without_hands(entity: str) -> str:
    """Ids, as SQL, of what stays with somebody who can no longer act, as much of it as one page shows; the database
    says when that is."""
    return f"(SELECT n.id FROM without_hands() n WHERE n.entity = '{entity}' LIMIT {AT_ONCE})"


async def waits_for_nobody() -> list[tuple[Owned, Work]]:
    """Looked for in one statement; on most days there is none."""
    there = {each["entity"] for each in await rows("SELECT DISTINCT entity FROM without_hands()")}
    return [(owned, work) for owned in OWNED if owned.step.entity in there for work in await owned.held(None)]
