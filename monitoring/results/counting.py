"""One indicator of people in numbers: what is hidden counts in which sums, and what everybody reads there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from foundation.database import Columns
from monitoring.results.groups import Group, Key, Member, Pair, Slot, followed, grouped, hidden_by, is_few

NOTHING: Pair = (None, None)
Summed = tuple[Decimal | None, Decimal | None, int, int]  # reported, verified, and of how many grants each
NO_SUMS: Summed = (None, None, 0, 0)


@dataclass
class Told:
    """`hidden`: what is not told. `sums`: what is told of sums that hold anything hidden. `since`: by sum that stands
    there without something, the day when the first of that came. `wholly`: nothing of the indicator is told."""

    hidden: set[Key] = field(default_factory=set)
    sums: dict[Key, Pair] = field(default_factory=dict)
    since: dict[Key, datetime] = field(default_factory=dict)
    wholly: bool = False


class Counts:
    """The grants that have to do with something hidden: all their values, what of them counts, and the sums."""

    def __init__(
        self, values: Sequence[Columns], last: bool, before: datetime | None, kept: Iterable[Group],
        of_place: Mapping[UUID, Summed],
    ):  # fmt: skip
        self.values = values
        self.of_place = of_place
        self.last = last
        current: dict[UUID, Columns] = {}
        for each in values:  # by period
            if each["reported"] is not None:
                current[self.slot_of(each)] = each
        self.current = current
        self.pairs: dict[UUID, Pair] = {key: (each["reported"], each["verified"]) for key, each in current.items()}
        self.inside = {slot.key for group in kept for slot in group.slots}
        self.loose = [
            Slot(key, each["award_id"], each["municipality_id"], self.pairs[key], _is_fresh(each, before))
            for key, each in current.items()
            if key not in self.inside
        ]
        self.of_award: dict[UUID, Pair] = defaultdict(lambda: NOTHING)
        self.counted: dict[UUID, list[UUID]] = defaultdict(list)
        for key, each in current.items():
            self.of_award[each["award_id"]] = _add(self.of_award[each["award_id"]], self.pairs[key])
            self.counted[each["award_id"]].append(key)
        self.place = {each["award_id"]: each["municipality_id"] for each in values}
        self.place |= {slot.award: slot.place for group in kept for slot in group.slots}

    def slot_of(self, each: Columns) -> UUID:
        return each["award_id"] if self.last else each["id"]

    def sums(self, what: str, key: UUID | None) -> Pair:
        if what == "grant":
            return self.of_award[key] if key else NOTHING
        if what == "place":
            return self.of_place[key][:2] if key and key in self.of_place else NOTHING
        total = NOTHING
        for each in self.of_place.values():
            total = _add(total, each[:2])
        return total

    def told(self, this: UUID, groups: list[Group]) -> Told:
        """What everybody reads, sum by sum."""
        inside = {each.slot.key: (each, group.verified) for group in groups for each in group.members}
        waiting = {each.key for each in self.loose if each.small}
        told = Told(hidden={(what, this, key) for what, key in hidden_by(groups)})
        told.hidden |= {
            ("value", this, each["id"])
            for each in self.values
            if self.slot_of(each) in inside or any(map(is_few, (each["reported"], each["verified"])))
        }
        if any(any(map(is_few, own)) and not self._explained(award) for award, own in self.of_award.items()):
            return Told(wholly=True)
        return self._sums_told(this, inside, waiting, told)

    def _explained(self, award: UUID) -> bool:
        """Not where large counts and corrections below zero make a small sum: then nothing at all is told."""
        return any(any(map(is_few, self.pairs[key])) for key in self.counted[award])

    def _sums_told(self, this: UUID, inside: dict[UUID, tuple[Member, bool]], waiting: set[UUID], told: Told) -> Told:
        of_award: dict[UUID, Pair] = defaultdict(lambda: NOTHING)
        for key, each in self.current.items():
            if key not in inside and key not in waiting:
                of_award[each["award_id"]] = _add(of_award[each["award_id"]], self.pairs[key])
        for member, verified in inside.values():
            reported, seen = member.told[-1]
            of_award[member.slot.award] = _add(of_award[member.slot.award], (reported, seen if verified else None))
        late: dict[UUID, datetime] = {}
        for key in {*waiting, *inside}:
            now = self.current.get(key)
            if key in inside and (now is None or self._differs(key, *inside[key])):
                award, day = inside[key][0].slot.award, now["accepted_at"] if now else inside[key][0].at
            elif key in waiting and now:
                award, day = now["award_id"], now["accepted_at"]
            else:
                continue
            if day:
                late[award] = min(late.get(award, day), day)
        places: dict[UUID, list[UUID]] = defaultdict(list)
        for award in {*self.of_award, *of_award}:
            places[self.place[award]].append(award)
            self._tell(told, ("grant", this, award), of_award[award], self.of_award[award], late.get(award))
        total: Pair = NOTHING
        for place in {*places, *self.of_place}:
            own = places.get(place, [])
            real, n = self.of_place.get(place, NO_SUMS)[:2], self.of_place.get(place, NO_SUMS)[2:]
            public = _without(real, n, [self.of_award[award] for award in own])
            for award in own:
                public = _add(public, of_award[award])
            total = _add(total, public)
            if own:
                days = [late[award] for award in own if award in late]
                self._tell(told, ("place", this, place), public, real, min(days, default=None))
        self._tell(told, ("total", this, None), total, self.sums("total", None), min(late.values(), default=None))
        if any(any(map(is_few, pair)) for key, pair in told.sums.items()):
            return Told(wholly=True)
        return told

    def _differs(self, key: UUID, member: Member, verified: bool) -> bool:
        pair = self.pairs[key]
        return pair[0] != member.told[-1][0] or (bool(pair[1]) and (not verified or pair[1] != member.told[-1][1]))

    def _tell(self, told: Told, key: Key, public: Pair, real: Pair, late: datetime | None) -> None:
        if key in told.hidden:
            return
        if public[0] is None and real[0] is not None:
            told.hidden.add(key)
            return
        told.sums[key] = public
        if late is not None and public != real:
            told.since[key] = late


def judged(counts: Counts, kept: Mapping[UUID, Group]) -> tuple[dict[UUID, Group], list[Group]]:
    """Groups that may be told as they are by now, and new ones."""
    changed = {
        key: after for key, group in kept.items() if (after := followed(group, counts.pairs, counts.sums)) is not None
    }
    return changed, grouped(counts.loose, counts.sums)


def _is_fresh(each: Columns, before: datetime | None) -> bool:
    if any(map(is_few, (each["reported"], each["verified"]))):
        return True
    return before is None or (each["accepted_at"] is not None and each["accepted_at"] > before and not each["reopened"])


def _add(one: Pair, other: Pair) -> Pair:
    return _plus(one[0], other[0]), _plus(one[1], other[1])


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other


def _without(whole: Pair, n: tuple[int, int], parts: list[Pair]) -> Pair:
    """What others come to; None where there are none."""
    left: list[Decimal | None] = []
    for series in (0, 1):
        own = [number for part in parts if (number := part[series]) is not None]
        rest = n[series] - len(own)
        left.append((whole[series] or Decimal(0)) - sum(own, Decimal(0)) if rest > 0 else None)
    return left[0], left[1]
