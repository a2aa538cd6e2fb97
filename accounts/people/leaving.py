"""Before a role ends or an account closes: what would stay with nobody, and who goes on with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from accounts.people.forms import NOBODY, Leaving
from accounts.people.queries import live_roles_of, others_with
from accounts.person import Person, Role
from accounts.tables import Role as RoleHeld
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.owned import OWNED, Owned, Somebody, Work

# Others wait for whoever holds one of these.
WAITED_FOR = frozenset({Role.SIGNATORY, Role.CURATOR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.CHAIR})


@dataclass(frozen=True)
class Hanging:
    """`able` are those who could go on with it, where this person may give it to them at all."""

    owned: Owned
    work: Work
    able: tuple[Somebody, ...]


@dataclass(frozen=True)
class Left:
    """`alone` are the roles nobody else holds."""

    hanging: tuple[Hanging, ...]
    alone: tuple[RoleHeld, ...]

    def __bool__(self) -> bool:
        return bool(self.hanging or self.alone)

    @property
    def successors(self) -> list[tuple[str, str]]:
        names = {str(each.id): each.name for one in self.hanging for each in one.able}
        return sorted(names.items(), key=lambda each: each[1])


class Undecided(Refused):
    """Something would stay with nobody, and it was not said what becomes of it."""

    on_page = 422

    def __init__(self, fields: dict[str, str]):
        super().__init__(" ".join(fields.values()))
        self.fields = fields

    @property
    def errors(self) -> dict[str, str]:
        return self.fields


async def left_by(account_id: UUID, ending: Collection[RoleHeld], person: Person) -> Left:
    """What hangs on the roles that end, apart from what others of this person's roles still carry."""
    kinds = {Role(each.kind) for each in ending}
    ids = {each.id for each in ending}
    kept = {Role(each.kind) for each in await live_roles_of(account_id) if each.id not in ids}
    hanging = [
        Hanging(owned, work, await _able(owned, work, account_id, person))
        for owned in OWNED
        if kinds & set(owned.roles) and not kept & set(owned.roles)
        for work in await owned.held(account_id)
    ]
    alone = [each for each in ending if each.kind in WAITED_FOR and not await others_with(each)]
    return Left(tuple(hanging), tuple(alone))


async def _able(owned: Owned, work: Work, account_id: UUID, person: Person) -> tuple[Somebody, ...]:
    if not owned.step.open_to(person, work.row):
        return ()
    return tuple(each for each in await owned.successors(work.row) if each.id != account_id)


async def pass_on(left: Left, given: Leaving, person: Person) -> None:
    """As it was said; what the successor cannot take stays, and stands on the page of today of the managers."""
    refuse_undecided(left, given)
    if given.successor in (None, NOBODY):
        return
    for each in left.hanging:
        successor = next((able.id for able in each.able if str(able.id) == str(given.successor)), None)
        if successor:
            await each.owned.give(each.work, person, successor, given.reason or "")


def refuse_undecided(left: Left, given: Leaving) -> None:
    wrong = {}
    if left.hanging and given.successor is None:
        wrong["successor"] = _("Say who continues with what is not finished, or that no one does yet.")
    if left and not (given.reason or "").strip():
        wrong["reason"] = _("Write the reason; the people concerned will read it.")
    if wrong:
        raise Undecided(wrong)


async def ending_account(account_id: UUID, person: Person) -> Left:
    return await left_by(account_id, await live_roles_of(account_id), person)
