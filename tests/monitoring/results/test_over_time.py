"""Whoever keeps every page that was ever published cannot work out a small count: tried on random programmes whose
reports are accepted, reopened and accepted again, with all that the pages tell of them, by integer programming."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from uuid import UUID

import pytest

from monitoring.results.counting import Counts, judged
from monitoring.results.groups import CHOICES, is_few
from tests.monitoring.results.attack import Knowledge

THIS = UUID(int=1)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SERIES = (0, 1)


class Programme:
    """What is accepted by now, and what everybody was told of it so far."""

    def __init__(self, dice: random.Random, last: bool, places: int = 4, grants: int = 2):
        self.dice, self.last = dice, last
        self.awards = {
            UUID(int=1000 * (p + 1) + g): UUID(int=100 + p)
            for p in range(dice.randint(1, places)) for g in range(dice.randint(1, grants))
        }  # fmt: skip
        self.values: dict[UUID, dict] = {}
        self.back: dict[UUID, dict] = {}  # reopened
        self.now, self.before, self.number = BEGAN, None, 0
        self.groups: dict[UUID, object] = {}
        self.known = Knowledge()
        self.truth: dict[object, int] = {}
        self.versions: dict[UUID, list[tuple]] = {}
        self.in_sums: dict[UUID, tuple] = {}  # of grouped slots: what sums hold, and under which names
        self.small: dict[tuple, str] = {}  # parts of a small count → where it stood

    def a_pair(self):
        kind = self.dice.random()
        reported = D(self.dice.randint(1, 4) if kind < 0.4 else 0 if kind < 0.45 else self.dice.randint(5, 60))
        seen = self.dice.random()
        if seen < 0.25:
            return reported, None
        return reported, reported if seen < 0.8 else D(self.dice.randint(0, 30))

    def accept(self, award=None, pair=None):
        self.number += 1
        self.now += timedelta(hours=1)
        award = award or self.dice.choice(list(self.awards))
        reported, verified = pair or self.a_pair()
        key = UUID(int=10**6 + self.number)
        self.values[key] = {
            "id": key, "award_id": award, "municipality_id": self.awards[award], "reported": reported,
            "verified": verified, "accepted_at": self.now, "reopened": False, "period": self.number,
        }  # fmt: skip
        return key

    def reopen(self, key=None):
        key = key or (self.dice.choice(list(self.values)) if self.values else None)
        if key:
            self.back[key] = self.values.pop(key)

    def accept_again(self, key=None, pair=None):
        key = key or (self.dice.choice(list(self.back)) if self.back else None)
        if key:
            self.now += timedelta(hours=1)
            one = self.back.pop(key) | {"accepted_at": self.now, "reopened": True}
            if pair or self.dice.random() < 0.6:
                one["reported"], one["verified"] = pair or self.a_pair()
            self.values[key] = one

    def step(self):
        what = self.dice.random()
        if what < 0.7 or not (self.values or self.back):
            self.accept()
        elif what < 0.85:
            self.reopen()
        else:
            self.accept_again()

    # what everybody reads ----------------------------------------------------------------------------------------------

    def slot_of(self, one):
        return one["award_id"] if self.last else one["id"]

    def current(self):
        return {self.slot_of(one): one for one in sorted(self.values.values(), key=lambda one: one["period"])}

    def publish(self):
        """As the service decides it, but for the database; then it is all noted down."""
        ordered = sorted(self.values.values(), key=lambda one: one["period"])
        current = self.current()
        sums = {}
        for place in set(self.awards.values()):
            own = [one for one in current.values() if one["municipality_id"] == place]
            if own:
                sums[place] = (*self.pair_of(own), *self.how_many(own))
        counts = Counts(ordered, self.last, self.before, self.groups.values(), sums)
        changed, made = judged(counts, self.groups)
        self.groups |= changed
        for group in made:
            self.groups[UUID(int=10**9 + len(self.groups))] = group
        told = counts.told(THIS, list(self.groups.values()))
        self.now += timedelta(minutes=1)
        self.before = self.now
        self.note(told, current)
        return told

    def pair_of(self, own):
        return tuple(
            sum(there, D(0)) if (there := [one[name] for one in own if one[name] is not None]) else None
            for name in ("reported", "verified")
        )

    def how_many(self, own):
        """Grants that count in each series."""
        return tuple(
            len({one["award_id"] for one in own if one[name] is not None}) for name in ("reported", "verified")
        )

    def names(self, one):
        """The unknowns of a value as it is by now: another pair is another unknown."""
        versions, pair = self.versions.setdefault(one["id"], []), (one["reported"], one["verified"])
        if pair not in versions:
            versions.append(pair)
        n = versions.index(pair)
        return tuple(
            None if number is None else (series, one["id"], n) for series, number in zip("rv", pair, strict=True)
        )

    def note(self, told, current):
        for one in self.values.values():
            hidden = told.wholly or ("value", THIS, one["id"]) in told.hidden
            names = self.names(one)
            for name, number in zip(names, (one["reported"], one["verified"]), strict=True):
                if name is not None:
                    self.see(name, int(number), hidden)
            if one["verified"] is not None and names not in self.in_sums.get("verdicts", ()):
                self.in_sums["verdicts"] = (*self.in_sums.get("verdicts", ()), names)
                (self.known.same if one["reported"] == one["verified"] else self.known.differ)(*names)
        self.follow_groups(current)
        if not told.wholly:
            self.add_up(told, current)

    def see(self, name, number, hidden):
        self.truth[name] = number
        if not hidden or number == 0:
            self.known.unknown(name, number, number)
            assert not 0 < number < 5, "a small count is told"
        else:
            self.known.unknown(name, *((1, 4) if number < 5 else (5, 10_000)))
        if 0 < number < 5:
            self.small[(name,)] = f"{name} = {number}"

    def follow_groups(self, current):
        for group in self.groups.values():
            for member in group.members:
                slot, pair = member.slot.key, member.told[-1]
                before = self.in_sums.get(slot)
                if before is None or before[0] != pair:
                    reported, verified = self.names(current[slot])
                    kept = before[1][1] if before else None
                    same = current[slot]["verified"] == pair[1]
                    self.in_sums[slot] = pair, (reported, (verified if same else kept) if group.verified else None)

    def add_up(self, told, current):
        grouped = {member.slot.key: member.slot for group in self.groups.values() for member in group.members}
        cells = {("grant", award) for award in self.awards} | {("place", place) for place in self.awards.values()}
        for what, key in (*sorted(cells, key=str), ("total", None)):

            def inside(award, place, what=what, key=key):
                return what == "total" or key == (award if what == "grant" else place)

            own = [one for one in current.values() if inside(one["award_id"], one["municipality_id"])]
            real = self.pair_of(own)
            self.remember_small(what, own, real)
            if (what, THIS, key) in told.hidden:
                continue
            public = told.sums.get((what, THIS, key), real)
            for series in SERIES:
                parts = [
                    self.names(one)[series] for slot, one in current.items()
                    if inside(one["award_id"], one["municipality_id"]) and slot not in grouped
                    and not any(map(is_few, (one["reported"], one["verified"])))
                ]  # fmt: skip
                parts += [
                    self.in_sums[slot][1][series] for slot, its in grouped.items() if inside(its.award, its.place)
                ]
                parts = [part for part in parts if part is not None]
                if public[series] is None:
                    assert not parts, (what, series)
                    continue
                assert sum(self.truth[part] for part in parts) == public[series], (what, series, public)
                assert not is_few(public[series]), "a small sum is told"
                if parts:
                    self.known.told(parts, int(public[series]))

    def remember_small(self, what, own, real):
        for series in SERIES:
            parts = tuple(sorted(name for one in own if (name := self.names(one)[series]) is not None))
            if is_few(real[series]) and parts:
                self.small[parts] = f"{what}: {parts} = {real[series]}"

    def found_out(self):
        return [where for parts, where in self.small.items() if len(self.known.possible(list(parts))) < CHOICES]


@pytest.mark.parametrize("last", [False, True], ids=["added up", "the latest counts"])
@pytest.mark.parametrize("seed", range(40))
def test_no_small_count_is_worked_out(seed, last):
    one = Programme(random.Random(seed), last)
    for _publication in range(one.dice.randint(1, 6)):
        for _step in range(one.dice.choice((1, 1, 2, 3, 8))):
            one.step()
        one.publish()
    assert one.found_out() == []


def a_programme(*numbers, last=False):
    """A grant in each municipality."""
    one = Programme(random.Random(0), last)
    one.awards = {UUID(int=1000 + n): UUID(int=100 + n) for n in range(len(numbers) + 3)}
    for award, number in zip(one.awards, numbers, strict=False):
        pair = number if isinstance(number, tuple) else (D(number), D(number))
        one.accept(award, pair)
    return one


def total(told):
    return told.sums.get(("total", THIS, None))


@pytest.mark.parametrize("small", [1, 2, 3, 4])
def test_of_six_municipalities_two_are_hidden_and_the_total_is_told(small):
    one = a_programme(small, 31, 10, 50, 120, 400)
    told = one.publish()
    assert {key for what, _, key in told.hidden if what == "place"} == {UUID(int=100), UUID(int=102)}
    assert total(told) == (D(611 + small), D(611 + small)) and not told.since and one.found_out() == []


def test_a_small_count_that_comes_alone_waits_for_another():
    one = a_programme(40)
    assert one.publish().hidden == set()
    one.accept(UUID(int=1001), (D(3), D(3)))
    told = one.publish()
    assert total(told) == (40, 40) and ("total", THIS, None) in told.since
    one.accept(UUID(int=1002), (D(20), D(20)))
    told = one.publish()
    assert total(told) == (63, 63) and not told.since
    assert {key for what, _, key in told.hidden if what == "place"} == {UUID(int=101), UUID(int=102)}
    assert one.found_out() == []


def test_what_was_told_before_hides_nothing_new():
    """Reopened and accepted again as it was: everybody knows it, so nothing is hidden among it."""
    one = a_programme(40, 60)
    one.publish()
    one.reopen(next(iter(one.values)))
    one.accept(UUID(int=1002), (D(3), D(3)))
    one.accept_again()
    told = one.publish()
    assert ("total", THIS, None) in told.since and one.found_out() == []


def test_what_is_not_verified_is_not_told_by_what_is():
    """3 reported and not verified, 31 of 31 and 10 of 10: totals of 44 and 41 would tell the 3."""
    one = a_programme((D(3), None), (D(31), D(31)), (D(10), D(10)))
    told = one.publish()
    assert total(told) == (44, 31) and one.found_out() == []


def test_a_hidden_count_that_changes_stays_hidden_and_is_told_as_it_was_where_that_would_tell():
    one = a_programme(4, 40)
    one.publish()
    one.reopen(key := next(iter(one.values)))
    one.accept_again(key, (D(5), D(5)))
    told = one.publish()
    assert total(told) == (44, 44), "one more, and 5 at least: it was 4"
    one.reopen(key)
    one.accept_again(key, (D(30), D(30)))
    assert total(one.publish()) == (70, 70) and one.found_out() == []
