"""A state owns its facts: word, tone and the sets it belongs to stand in one line."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

from foundation.language import labels

# Every enum of states, by the table whose column `state` holds them.
STATUSES: dict[str, type[Status]] = {}


class Worded(StrEnum):
    """A choice that says what it is called: `BOOKLET = "booklet", N_("booklet")`."""

    word: str

    def __new__(cls, value: str, word: str = "") -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.word = word
        return made

    def __init_subclass__(cls) -> None:
        labels(cls, {each: each.word for each in cls})


class Status(StrEnum):
    """`PAID = "paid", N_("paid"), "good", "paid", "settled"`: value, word, tone of its tag, sets. `divided` names sets
    of which every state belongs to exactly one, so a new state that nobody placed does not import."""

    entity: ClassVar[str]
    by_set: ClassVar[dict[str, frozenset[Status]]]
    word: str
    tone: str
    sets: frozenset[str]

    # the defaults serve the type checker alone, which takes State(row.state) for a call of this
    def __new__(cls, value: str, word: str = "", tone: str = "", *sets: str) -> Self:
        state = str.__new__(cls, value)
        state._value_ = value
        state.word, state.tone, state.sets = word, tone, frozenset(sets)
        return state

    def __init_subclass__(cls, entity: str, divided: tuple[str, ...] = ()) -> None:
        for state in cls:
            if divided and len(state.sets.intersection(divided)) != 1:
                raise TypeError(f"{entity}: “{state}” must belong to exactly one of {', '.join(divided)}")
        names = sorted({name for state in cls for name in state.sets})
        cls.entity = entity
        cls.by_set = {name: frozenset(state for state in cls if name in state.sets) for name in names}
        labels(cls, {state: state.word for state in cls})
        STATUSES[entity] = cls

    @classmethod
    def in_set(cls, *names: str) -> frozenset[Self]:
        """The states of these sets together; a set nobody declared is a mistake, never empty."""
        if unknown := set(names) - cls.by_set.keys():
            raise LookupError(f"{cls.entity} has no set {', '.join(unknown)}")
        return frozenset(state for state in cls if not state.sets.isdisjoint(names))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> bool:
            """For templates, as the database has call_is_open(state) and award_signed(state): `state.is_open`,
            `state.in_signed`; what no state and no set is called is a mistake there, too."""
            kind, _, of = name.partition("_")
            if kind == "is" and of in {str(each) for each in type(self)}:
                return self.value == of
            if kind == "in" and of in type(self).by_set:
                return of in self.sets
            raise AttributeError(f"{type(self).entity} knows nothing of {name}")
