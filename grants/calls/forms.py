"""What people send about a call, parsed and checked once; a draft takes anything that is of the right kind."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from foundation.clock import TBILISI
from foundation.language import N_
from foundation.merging import Editable
from foundation.money import Money
from grants.calls.kinds import Kind, Part
from grants.calls.tables import Call
from web.forms import Lenient

Line = Annotated[str, Field(max_length=300)]
Paragraph = Annotated[str, Field(max_length=2000)]
LongText = Annotated[str, Field(max_length=30000)]


class Revised(Editable, Lenient):
    """Several curators may be writing it at the same time."""


class Texts(Revised):
    title_ka: Line | None = None
    title_en: Line | None = None
    summary_ka: Paragraph | None = None
    summary_en: Paragraph | None = None
    text_ka: LongText | None = None
    text_en: LongText | None = None
    eligibility_ka: LongText | None = None
    eligibility_en: LongText | None = None


class Terms(Revised):
    """Days and hours are those of Tbilisi."""

    currency: Literal["EUR", "GEL", "USD"]
    envelope: Money
    min_award: Money
    max_award: Money
    opens_on: date
    opens_time: time = time(10)
    deadline_on: date
    deadline_time: time = time(18)
    invited_only: bool = False
    municipalities: list[UUID] = []
    min_reviews: int = Field(default=2, ge=1, le=9)
    wide_spread: int = Field(default=25, ge=1, le=100)
    decision_due: date | None = None
    complaint_days: int = Field(default=10, ge=0, le=90)

    @model_validator(mode="after")
    def _in_order(self):
        if self.min_award > self.max_award:
            raise ValueError(N_("The smallest grant must not exceed the largest."))
        if self.max_award > self.envelope:
            raise ValueError(N_("The largest grant must not exceed the envelope."))
        if self.opens_at >= self.deadline:
            raise ValueError(N_("The deadline must be after the opening."))
        return self

    @staticmethod
    def stored_in(call: Call, municipalities: list[UUID]) -> dict[str, object]:
        """What stands in a call, in the terms of this form."""
        opens, closes = call.opens_at.astimezone(TBILISI), call.deadline.astimezone(TBILISI)
        return call.to_dict() | {
            "opens_on": opens.date(), "opens_time": opens.time(), "deadline_on": closes.date(),
            "deadline_time": closes.time(), "municipalities": municipalities,
        }  # fmt: skip

    @property
    def opens_at(self) -> datetime:
        return datetime.combine(self.opens_on, self.opens_time, TBILISI)

    @property
    def deadline(self) -> datetime:
        return datetime.combine(self.deadline_on, self.deadline_time, TBILISI)


class NewCall(Terms):
    title_ka: Line | None = None
    title_en: Line | None = None


class Invited(Revised):
    organisations: list[UUID] = []


class Reason(Lenient):
    reason: Annotated[str, Field(min_length=3, max_length=5000)] = Field(title=N_("Reason"))


class Extension(Reason):
    deadline_on: date
    deadline_time: time = time(18)

    @property
    def deadline(self) -> datetime:
        return datetime.combine(self.deadline_on, self.deadline_time, TBILISI)

    def arguments(self) -> dict[str, object]:
        return {"deadline": self.deadline, "reason": self.reason}


class Direction(Lenient):
    direction: Literal["up", "down"]


class SectionForm(Revised):
    title_ka: Line | None = None
    title_en: Line | None = None
    help_ka: Paragraph | None = None
    help_en: Paragraph | None = None


class Option(Lenient):
    """`value` is what an answer keeps; it is given once and stays, whatever becomes of the words."""

    value: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")] | None = None
    ka: Line | None = None
    en: Line | None = None


class QuestionForm(Revised):
    section_id: UUID
    kind: Kind
    label_ka: Line | None = None
    label_en: Line | None = None
    help_ka: Paragraph | None = None
    help_en: Paragraph | None = None
    required: bool = False
    word_guide: int | None = Field(default=None, ge=10, le=5000)
    options: list[Option] = []

    @model_validator(mode="after")
    def _tidy(self):
        """Words belong to a choice only; each option has a value of its own."""
        kept = [option for option in self.options if option.ka or option.en] if self.kind is Kind.CHOICE else []
        used = {option.value for option in kept if option.value}
        for option in kept:
            if not option.value:
                option.value = next(v for n in range(1, 1000) if (v := f"o{n}") not in used)
                used.add(option.value)
        self.options = kept
        if self.kind is not Kind.LONG_TEXT:
            self.word_guide = None
        return self


class CriterionForm(Revised):
    title_ka: Line | None = None
    title_en: Line | None = None
    help_ka: Paragraph | None = None
    help_en: Paragraph | None = None
    max_points: int = Field(ge=1, le=100)
    weight: Decimal = Field(gt=0, le=100, max_digits=6, decimal_places=2)


class DocumentForm(Revised):
    title_ka: Line | None = None
    title_en: Line | None = None
    help_ka: Paragraph | None = None
    help_en: Paragraph | None = None
    required: bool = False


class EligibilityForm(Revised):
    title_ka: Line | None = None
    title_en: Line | None = None


FORMS: dict[Part, type[Revised]] = {
    Part.SECTIONS: SectionForm,
    Part.QUESTIONS: QuestionForm,
    Part.CRITERIA: CriterionForm,
    Part.DOCUMENTS: DocumentForm,
    Part.ELIGIBILITY: EligibilityForm,
}
