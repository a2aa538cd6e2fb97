"""What people send about indicators: a definition, or what a grant promises."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from foundation.language import N_
from foundation.merging import Editable
from monitoring.indicators.kinds import PLACE_RULES, TIME_RULES
from monitoring.indicators.numbers import Number
from monitoring.indicators.terms import (
    CARRY_OF,
    WHOLE_ONLY,
    AgainstDirection,
    Direction,
    Kind,
    Missing,
    Rule,
    refuse_target_against_direction,
)
from web.forms import Lenient

AGAINST = N_("The target lies against the direction: it would be reached by getting worse.")
OVER_THE_WHOLE = N_("A part cannot be larger than its whole.")
PART_AND_WHOLE = N_("Write the part and what it is of, both as counts: 12 of 20.")
NO_WHOLE = N_("Only a share is of a whole.")
NO_NUMBER = N_("Words have no number to reach.")
Line = Annotated[str, Field(max_length=200)]


def one_a_line(typed: object) -> object:
    """What a textarea holds, or a list of such lines; empty lines are none."""
    several = [typed] if isinstance(typed, str) else typed
    if not isinstance(several, list) or not all(isinstance(each, str) for each in several):
        return typed
    return [line.strip() for each in several for line in each.splitlines() if line.strip()]


Grades = Annotated[list[Line], BeforeValidator(one_a_line), Field(max_length=12)]
Paragraph = Annotated[str, Field(max_length=2000)]


class Aim(NamedTuple):
    """From where to where."""

    baseline: Decimal | None
    baseline_of: Decimal | None
    target: Decimal | None
    target_of: Decimal | None


class Definition(Editable, Lenient):
    """An indicator with all its rules. An empty time rule is the usual one of its kind."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")]
    position: int | None = Field(default=None, ge=1, le=999)
    name_ka: Line
    name_en: Line
    definition_ka: Paragraph | None = None
    definition_en: Paragraph | None = None
    unit_ka: Line | None = None
    unit_en: Line | None = None
    kind: Kind
    time_rule: Rule | None = None
    place_rule: Rule = Rule.SUM
    direction: Direction = Direction.UP
    missing: Missing = Missing.IGNORE
    people: bool = False
    grades_ka: Grades = []
    grades_en: Grades = []
    baseline: Number | None = None
    baseline_of: Number | None = None
    target: Number | None = None
    target_of: Number | None = None
    active: bool = False
    reason: Paragraph | None = None

    @field_validator("code")
    @classmethod
    def _free(cls, code: str) -> str:
        if code.lower() == "new":
            raise ValueError(N_("Choose another code."))
        return code

    @model_validator(mode="after")
    def _whole(self) -> Definition:
        if self.time_rule is None:
            self.time_rule = TIME_RULES[self.kind][0]
        if self.time_rule not in TIME_RULES[self.kind]:
            raise ValueError(N_("This rule over time does not go with this kind of indicator."))
        if self.place_rule not in PLACE_RULES:
            raise ValueError(N_("Choose one of the answers."))
        if self.kind is Kind.ORDINAL and not (2 <= len(self.grades_ka) == len(self.grades_en)):
            raise ValueError(N_("Write at least two grades, as many in Georgian as in English."))
        if self.kind in WHOLE_ONLY:
            if self.people:
                raise ValueError(N_("Grades and words count no people."))
            if self.target is not None or self.baseline is not None:
                raise ValueError(N_("Grades and words have no target in common; each grant promises its own grade."))
        if self.kind is not Kind.ORDINAL and (self.grades_ka or self.grades_en):
            raise ValueError(N_("Only grades have words of their own."))
        if self.kind is not Kind.RATIO and (self.target_of is not None or self.baseline_of is not None):
            raise ValueError(NO_WHOLE)
        refuse_impossible(self.kind, self.direction, Aim(self.baseline, self.baseline_of, self.target, self.target_of))
        return self


class Promise(Lenient):
    """`target_of`: what a promised share is a part of, or how many answers a promised mean is of; `baseline_of`: what
    the share was a part of before."""

    promised: bool = False
    baseline: Number | None = None
    baseline_of: Number | None = None
    target: Number | None = None
    target_of: Number | None = None

    @property
    def aim(self) -> Aim:
        return Aim(self.baseline, self.baseline_of, self.target, self.target_of)


def refuse_impossible(kind: Kind, direction: Direction, aim: Aim, grades: int = 0) -> None:
    """ValueError for what cannot be reached: a share without its whole, more than it, a grade that there is not, words
    as a number, and what would be reached by getting worse."""
    baseline, target = aim.baseline, aim.target
    if kind is Kind.TEXT and (baseline is not None or target is not None):
        raise ValueError(NO_NUMBER)
    if (aim.baseline_of is not None and kind is not Kind.RATIO) or (aim.target_of is not None and kind not in CARRY_OF):
        raise ValueError(NO_WHOLE)
    levels = [n for n in (baseline, target) if n is not None]
    if kind is Kind.ORDINAL and any(n != int(n) or not 1 <= n <= grades for n in levels):
        raise ValueError(N_("Choose one of the answers."))
    if kind is Kind.RATIO:
        for part, of in ((baseline, aim.baseline_of), (target, aim.target_of)):
            if (part is None) != (of is None) or (of is not None and of <= 0) or (part is not None and part < 0):
                raise ValueError(PART_AND_WHOLE)
            if part is not None and of is not None and part > of:
                raise ValueError(OVER_THE_WHOLE)
        baseline = baseline / aim.baseline_of if baseline is not None and aim.baseline_of else None
        target = target / aim.target_of if target is not None and aim.target_of else None
    try:
        refuse_target_against_direction(direction, baseline, target)
    except AgainstDirection:
        raise ValueError(AGAINST) from None


class Promises(Editable, Lenient):
    """What is promised of each indicator, by its id: one that comes meanwhile moves no word to another."""

    promises: dict[UUID, Promise] = Field({}, max_length=200)


def promised_in(promises: Iterable[Any]) -> dict[str, Any]:
    """What a grant promises, in the terms of the form."""
    names = {
        "promised": "promised", "baseline": "own_baseline", "baseline_of": "own_baseline_of", "target": "own_target",
        "target_of": "own_of",
    }  # fmt: skip
    return {"promises": {each["id"]: {name: each[of] for name, of in names.items()} for each in promises}}
