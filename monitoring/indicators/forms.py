"""What people send about indicators: a definition, or what a grant promises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from foundation.language import N_
from foundation.merging import Editable
from monitoring.indicators.kinds import OFFERED, PLACE_RULES, TIME_RULES
from monitoring.indicators.numbers import Number
from monitoring.indicators.terms import (
    AgainstDirection,
    Direction,
    Kind,
    Missing,
    Rule,
    refuse_target_against_direction,
)
from web.forms import Lenient

AGAINST = N_("The target lies against the direction: it would be reached by getting worse.")
Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Field(max_length=2000)]


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
    baseline: Number | None = None
    target: Number | None = None
    active: bool = False
    reason: Paragraph | None = None

    @field_validator("code")
    @classmethod
    def _free(cls, code: str) -> str:
        if code.lower() == "new":
            raise ValueError(N_("Choose another code."))
        return code

    @field_validator("kind")
    @classmethod
    def _offered(cls, kind: Kind) -> Kind:
        if kind not in OFFERED:
            raise ValueError(N_("Choose one of the answers."))
        return kind

    @model_validator(mode="after")
    def _whole(self) -> Definition:
        if self.time_rule is None:
            self.time_rule = TIME_RULES[self.kind][0]
        if self.time_rule not in TIME_RULES[self.kind]:
            raise ValueError(N_("This rule over time does not go with this kind of indicator."))
        if self.place_rule not in PLACE_RULES:
            raise ValueError(N_("Choose one of the answers."))
        try:
            refuse_target_against_direction(self.direction, self.baseline, self.target)
        except AgainstDirection:
            raise ValueError(AGAINST) from None
        return self


class Promise(Lenient):
    """`target_of`: what a promised share is a part of, or how many answers a promised mean is of."""

    promised: bool = False
    baseline: Number | None = None
    target: Number | None = None
    target_of: Number | None = None


class Promises(Editable, Lenient):
    """What is promised of each indicator, by its id: one that comes meanwhile moves no word to another."""

    promises: dict[UUID, Promise] = Field({}, max_length=200)


def promised_in(promises: Iterable[Any]) -> dict[str, Any]:
    """What a grant promises, in the terms of the form."""
    names = {"promised": "promised", "baseline": "own_baseline", "target": "own_target", "target_of": "own_of"}
    return {"promises": {each["id"]: {name: each[of] for name, of in names.items()} for each in promises}}
