"""Somebody who keeps everything that was ever published and computes: what could a hidden count be?

Every number that was once reported, and every number once verified, is an unknown whole number. What was published are
equations between them: a number that is told is what it is; “fewer than 5” is one to four; “hidden” is five at least; a
sum that is told is what its parts come to; what is verified as reported is the same, what was corrected another."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

MANY = 10_000


@dataclass
class Knowledge:
    names: list[object] = field(default_factory=list)
    bounds: dict[object, tuple[int, int]] = field(default_factory=dict)
    sums: list[tuple[dict[object, int], int, int]] = field(default_factory=list)

    def unknown(self, name: object, least: int = 0, most: int = MANY) -> None:
        if name not in self.bounds:
            self.names.append(name)
            self.bounds[name] = (least, most)
        before = self.bounds[name]
        self.bounds[name] = max(before[0], least), min(before[1], most)

    def told(self, parts: list[object], number: int) -> None:
        terms: dict[object, int] = {}
        for each in parts:
            terms[each] = terms.get(each, 0) + 1
        self.sums.append((terms, number, number))

    def same(self, one: object, other: object) -> None:
        self.sums.append(({one: 1, other: -1}, 0, 0))

    def differ(self, one: object, other: object) -> None:
        switch = ("which is more", one, other)
        self.unknown(switch, 0, 1)
        self.sums.append(({one: 1, other: -1, switch: MANY}, 1, 2 * MANY))
        self.sums.append(({one: -1, other: 1, switch: -MANY}, 1 - MANY, MANY))

    def possible(self, parts: list[object], most: int = 12, enough: int = 3) -> list[int]:
        """The numbers that these together may be, as far as it takes to say that there are enough."""
        found = []
        for guess in range(0, most):
            if self._consistent([*self.sums, (dict.fromkeys(parts, 1), guess, guess)]):
                found.append(guess)
            if len(found) >= enough:
                break
        return found

    def _consistent(self, sums: list[tuple[dict[object, int], int, int]]) -> bool:
        place = {name: n for n, name in enumerate(self.names)}
        table = numpy.zeros((len(sums), len(place)))
        for n, (terms, _least, _most) in enumerate(sums):
            for name, factor in terms.items():
                table[n, place[name]] = factor
        answer = milp(
            numpy.zeros(len(place)),
            integrality=numpy.ones(len(place)),
            bounds=Bounds([self.bounds[name][0] for name in self.names], [self.bounds[name][1] for name in self.names]),
            constraints=[LinearConstraint(table, [each[1] for each in sums], [each[2] for each in sums])],
        )
        return answer.status == 0
