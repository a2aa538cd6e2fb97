"""What reviewers, managers and the chair send, parsed and checked once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from foundation.clock import today
from foundation.language import N_
from foundation.merging import APART, Editable
from foundation.money import Money
from grants.reviews.lifecycle import FUNDED, Outcome
from web.forms import Lenient

Reasoning = Annotated[str, Field(min_length=3, max_length=10000)]
Words = Annotated[str, Field(max_length=10000)]


Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=4, decimal_places=1, allow_inf_nan=False)]


class Due(Lenient):
    due_on: date

    @field_validator("due_on")
    @classmethod
    def _leaves_time(cls, given: date) -> date:
        if not today() < given <= today() + timedelta(days=120):
            raise ValueError(N_("Give at least until tomorrow and at most 120 days."))
        return given


class Chosen(Due):
    reviewers: list[UUID] = Field(min_length=1, max_length=20)


class Assignment(Chosen):
    number: Annotated[str, Field(max_length=40)]


class Replacement(Lenient):
    reason: Reasoning
    reviewer: UUID | None = None


class Reason(Lenient):
    reason: Reasoning


class Declaration(Lenient):
    conflict: bool
    declaration: Words = ""

    @model_validator(mode="after")
    def _says_which(self):
        if self.conflict and len(self.declaration) < 3:
            raise ValueError(N_("Say in a few words what connects you with the applicant."))
        return self


class Scored(Lenient):
    points: Points | None = None
    comment: Words = ""


class Scores(Editable, Lenient):
    """By the criterion's id. A draft may leave anything out."""

    scores: dict[UUID, Scored] = {}
    comment: Words = ""


class Decided(Editable, Lenient):
    together = True

    outcome: Outcome
    amount: Money | None = None
    reason: Reasoning
    exception_note: Words = ""
    correction: Words = ""
    section_ids: list[UUID] = Field(default=[], max_length=50)
    correct_by: date | None = None

    @model_validator(mode="after")
    def _whole(self):
        if self.outcome is Outcome.REJECT:
            self.amount = None
        elif self.amount is None:
            raise ValueError(N_("Write the amount the committee gives or reserves."))
        if self.outcome is not Outcome.CORRECTION:
            self.correction, self.section_ids, self.correct_by = "", [], None
        elif not self.correction or self.correct_by is None:
            raise ValueError(N_("Say what is to be corrected, and by when."))
        elif not today() < self.correct_by <= today() + timedelta(days=60):
            raise ValueError(N_("The deadline must be between tomorrow and 60 days from now."))
        return self

    @property
    def funded(self) -> bool:
        return self.outcome in FUNDED


def decided(decision: Any) -> dict[str, Any]:
    """What the minutes say of an application, in the terms of the form; nothing, where they say nothing yet."""
    names = Decided.model_fields.keys() - APART
    return {name: getattr(decision, name, None) for name in names}


class Minutes(Editable, Lenient):
    held_on: date
    present: Words = ""
    text: Annotated[str, Field(max_length=30000)] = ""
    reserve_until: date | None = None

    @field_validator("held_on")
    @classmethod
    def _was_held(cls, given: date) -> date:
        if given > today():
            raise ValueError(N_("A meeting is minuted on its day or later."))
        return given
