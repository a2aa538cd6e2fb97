"""Small counts of people that everybody may add up: which others each is hidden among, so that none can be worked out.

A count of one to four is never told, and it enters a sum that is told only together with others that are not told
either, its group: every such sum, now and before, holds all of the group or none of it. So nobody ever learns more of a
group than what it comes to. Whether that is little enough is asked of what could be moved from one member to another,
all that was ever told of both alike, without any of them ceasing to be what it is said to be: “fewer than 5”, or hidden
and five at least. A reported and a verified number move together, so that what is verified as reported stays so."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

FEW = Decimal(5)
# A hidden count must be able to be at least so many different numbers for whoever holds every published one.
CHOICES = 3
MANY = 10**12
Pair = tuple[Decimal | None, Decimal | None]  # reported, verified
Key = tuple[str, Any, Any]


def is_few(value: Decimal | None) -> bool:
    return value is not None and 0 < value < FEW


@dataclass(frozen=True)
class Slot:
    """What counts once in every sum above it: a value of a report, or of levels the latest of a grant. `fresh`: nobody
    has ever been told it, nor a sum with it."""

    key: UUID
    award: UUID
    place: UUID
    pair: Pair
    fresh: bool = True

    @property
    def small(self) -> bool:
        return any(map(is_few, self.pair))

    @property
    def order(self) -> tuple[Decimal, str]:
        return self.pair[0] or Decimal(0), str(self.key)


@dataclass
class Member:
    """A slot with all that was told of it inside its group's sums, the newest last, and since when."""

    slot: Slot
    told: list[Pair]
    at: datetime | None = None


@dataclass
class Group:
    """`verified`: what is verified of its members is in the verified sums, too; otherwise it is in none."""

    members: list[Member] = field(default_factory=list)
    verified: bool = True

    @property
    def slots(self) -> list[Slot]:
        return [each.slot for each in self.members]

    @property
    def level(self) -> str:
        """The lowest sum that holds all of it."""
        if len({slot.award for slot in self.slots}) == 1:
            return "grant"
        return "place" if len({slot.place for slot in self.slots}) == 1 else "total"

    def parted(self) -> Iterator[tuple[str, UUID, list[Member]]]:
        """Every sum that holds some of it and not all."""
        if self.level == "grant":
            return
        for what in ("grant", "place") if self.level == "total" else ("grant",):
            inside: dict[UUID, list[Member]] = defaultdict(list)
            for each in self.members:
                inside[each.slot.award if what == "grant" else each.slot.place].append(each)
            for key, members in inside.items():
                yield what, key, members

    def above(self) -> Iterator[tuple[str, UUID | None]]:
        """Every sum that holds all of it."""
        first = self.slots[0]
        if self.level == "grant":
            yield "grant", first.award
        if self.level != "total":
            yield "place", first.place
        yield "total", None


def room(member: Member, verified: bool) -> tuple[int, int]:
    """How far all that was told of it could be lower, and higher."""
    down, up = MANY, MANY
    for pair in member.told:
        if not verified and pair[1] and pair[1] != pair[0]:
            return 0, 0  # that it was corrected is told, too
        for value in pair if verified else pair[:1]:
            least, most = _room(value)
            down, up = min(down, least), min(up, most)
    return down, up


def _room(value: Decimal | None) -> tuple[int, int]:
    if value is None or value <= 0:
        return 0, 0
    return (int(value - 1), int(FEW - 1 - value)) if is_few(value) else (int(value - FEW), MANY)


Sums = Callable[[str, UUID | None], Pair]


def is_safe(group: Group, sums: Sums) -> bool:
    """Whether each small count of it, and of its members together, could be three numbers at least; and no sum that is
    told with all of it is a small count itself."""
    if len(group.members) < 2 or any(any(map(is_few, sums(*key))) for key in group.above()):
        return False
    for series in (0, 1) if group.verified else (0,):
        if sum(each.told[-1][series] or 0 for each in group.members) < FEW:
            return False
    rooms = {id(each): room(each, group.verified) for each in group.members}
    small = [[each] for each in group.members if any(is_few(value) for pair in each.told for value in pair)]
    small += [inside for what, key, inside in group.parted() if any(map(is_few, sums(what, key)))]
    for inside in small:
        within = [rooms[id(each)] for each in inside]
        beside = [rooms[id(each)] for each in group.members if each not in inside]
        lower = min(sum(down for down, _ in within), sum(up for _, up in beside))
        higher = min(sum(up for _, up in within), sum(down for down, _ in beside))
        if lower + 1 + higher < CHOICES:
            return False
    return True


def grouped(slots: Iterable[Slot], sums: Sums) -> list[Group]:
    """Groups for the small ones among these, each with what is nearest and smallest. What finds none waits for others:
    it enters no sum."""
    queues = _Queues(slots)
    made = []
    for slot in sorted((each for each in queues.all if each.small), key=lambda each: each.order):
        if slot.key not in queues.taken and (group := _group_of(slot, queues, sums)):
            queues.taken |= {each.key for each in group.slots}
            made.append(group)
    return made


MOST = 16  # of one group: more would hide more than it protects


def _group_of(slot: Slot, queues: _Queues, sums: Sums) -> Group | None:
    chosen = [slot]
    for other in queues.near(slot):
        chosen.append(other)
        if (group := _safe(chosen, sums)) is not None:
            for needless in chosen[1:-1]:
                rest = [each for each in group.slots if each is not needless]
                group = _safe(rest, sums) or group
            return group
        if len(chosen) == MOST:
            break
    return None


def _safe(slots: list[Slot], sums: Sums) -> Group | None:
    members = [Member(each, [each.pair]) for each in slots]
    for verified in (True, False) if all(each.pair[1] for each in slots) else (False,):
        if is_safe(group := Group(members, verified), sums):
            return group
    return None


SMALL_ONES = 3  # beside the first, at each distance: several of them rarely leave each other room


class _Queues:
    """The slots that may be hidden, by where they are and whether anything of them is verified: small ones, those with
    most room below them first, and the others, the smallest first."""

    def __init__(self, slots: Iterable[Slot]):
        self.all = [each for each in slots if each.fresh and (each.pair[0] or 0) > 0]
        self.taken: set[UUID] = set()
        self.by: dict[tuple[UUID | None, bool, bool], deque[Slot]] = defaultdict(deque)
        ordered = sorted(self.all, key=lambda each: each.order)
        small = [each for each in ordered if each.small]
        for each in (*reversed(small), *(each for each in ordered if not each.small)):
            for where in (each.award, each.place, None):
                self.by[where, bool(each.pair[1]), each.small].append(each)

    def near(self, slot: Slot) -> Iterator[Slot]:
        seen = {slot.key}
        for where in (slot.award, slot.place, None):
            for alike in (bool(slot.pair[1]), not slot.pair[1]):
                yield from islice(self._free(self.by[where, alike, True], seen), SMALL_ONES)
                yield from self._free(self.by[where, alike, False], seen)

    def _free(self, queue: deque[Slot], seen: set[UUID]) -> Iterator[Slot]:
        while queue and queue[0].key in self.taken:
            queue.popleft()
        for each in queue:
            if each.key not in self.taken and each.key not in seen:
                seen.add(each.key)
                yield each


def hidden_by(groups: Iterable[Group]) -> set[tuple[str, UUID]]:
    """The sums that hold some of a group and not all, which are therefore not told."""
    return {(what, key) for group in groups for what, key, _inside in group.parted()}


def followed(group: Group, current: Mapping[UUID, Pair], sums: Sums) -> Group | None:
    """The group with what its members are now, where that may be told; None where everything stays as it was told
    last: where one is gone, or its change would tell what it was."""
    if all(current.get(each.slot.key) == each.told[-1] for each in group.members):
        return None
    members = []
    for each in group.members:
        pair = current.get(each.slot.key)
        if pair is None or not (pair[0] or 0) > 0:
            return None
        if group.verified and not pair[1]:  # what is verified then stays as it was
            pair = pair[0], each.told[-1][1]
        members.append(Member(each.slot, each.told if pair == each.told[-1] else [*each.told, pair], each.at))
    after = Group(members, group.verified)
    return after if is_safe(after, sums) else None
