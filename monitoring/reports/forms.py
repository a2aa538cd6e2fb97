"""What people send about reports, parsed once; a draft takes anything that is of the right kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from foundation.language import N_
from foundation.merging import Editable
from foundation.money import MoneyOrZero
from monitoring.indicators.numbers import Count, Number
from monitoring.indicators.terms import Kind, Verdict
from web.forms import Lenient

Paragraph = Annotated[str, Field(max_length=2000)]
Essay = Annotated[str, Field(max_length=20000)]
Section = Literal["results", "spending", "story", "documents"]


class Value(Editable, Lenient):
    """Empty is "not told yet"; zero is a number like any other; `no_data_reason` says why there is none. `total` of a
    grade is its place from the lowest. `sure`: an unlikely number is right, as whoever reports it says."""

    total: Number | None = None
    of: Number | None = None
    women: Count | None = None
    men: Count | None = None
    unknown: Count | None = None
    words_ka: Essay | None = None
    words_en: Essay | None = None
    no_data_reason: Paragraph | None = None
    note: Paragraph | None = None
    visits: list[UUID] = []
    sure: bool = False

    @property
    def in_words(self) -> bool:
        return bool((self.words_ka or "").strip() or (self.words_en or "").strip())

    @model_validator(mode="after")
    def _one_of_both(self) -> Value:
        if (self.total is not None or self.in_words) and self.no_data_reason:
            raise ValueError(N_("Write either a number or why there is none, not both."))
        if self.of is not None and self.of < 0:
            raise ValueError(N_("What it is out of cannot be below zero."))
        return self


def value_in(claim: Any) -> dict[str, object]:
    """What stands for a promised result, in the terms of the form."""
    told = {name: claim.cell(name) for name in ("women", "men", "unknown")}
    return told | claim.words | {
        "total": None if claim.kind is Kind.TEXT else claim.reported, "of": claim.of, "no_data_reason": claim.no_data,
        "note": claim.note, "sure": claim.sure,
        "visits": [each["visit_id"] for each in claim.evidence if each["visit_id"]],
    }  # fmt: skip


class Spending(Editable, Lenient):
    spent: MoneyOrZero | None = None
    note: Paragraph | None = None


class Story(Editable, Lenient):
    done_ka: Essay | None = None
    done_en: Essay | None = None
    changed_ka: Essay | None = None
    changed_en: Essay | None = None
    problems_ka: Essay | None = None
    problems_en: Essay | None = None
    next_ka: Essay | None = None
    next_en: Essay | None = None


class Document(Lenient):
    note: Paragraph | None = None


EarlyReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2_000)]


class Submission(Lenient):
    declared: bool = Field(default=False, validate_default=True)
    early_reason: EarlyReason | None = None
    revision: int | None = None

    @field_validator("declared")
    @classmethod
    def _signed(cls, declared: bool) -> bool:
        if not declared:
            raise ValueError(N_("Confirm that the report is true."))
        return declared


class Judgement(Editable, Lenient):
    """The verdict on a total; where the curator counted otherwise, what they counted."""

    together = True

    verdict: Literal[Verdict.VERIFIED, Verdict.CORRECTED, Verdict.CONTRADICTED, Verdict.NOT_VERIFIABLE]
    verified: Number | None = Field(default=None, validate_default=True)
    verified_of: Number | None = None
    women: Count | None = None
    men: Count | None = None
    note: Paragraph | None = Field(default=None, validate_default=True)
    visits: list[UUID] = []

    @field_validator("verified")
    @classmethod
    def _corrected(cls, number: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if number is None and info.data.get("verdict") is Verdict.CORRECTED:
            raise ValueError(N_("Write the number you found."))
        return number

    @field_validator("note")
    @classmethod
    def _explained(cls, note: str | None, info: ValidationInfo) -> str | None:
        if not note and info.data.get("verdict", Verdict.VERIFIED) is not Verdict.VERIFIED:
            raise ValueError(N_("Write how you know; the organisation will read it."))
        return note


class Accepted(Lenient):
    accepted: MoneyOrZero
    note: Paragraph | None = None


def judged_in(claim: Any) -> dict[str, Any]:
    """The verdict that stands for a promised result, in the terms of the form."""
    names: tuple[str, ...] = ("verdict", "verified", "verified_of", "women", "men", "note")
    told: dict[str, Any] = dict.fromkeys(names)
    total = claim.total
    if total and total["verdict"] != Verdict.UNVERIFIED:
        told |= {"verdict": total["verdict"], "note": total["verdict_note"]}
        if total["verdict"] != Verdict.VERIFIED:
            told |= {name: total[name] for name in ("verified", "verified_of")}
            told |= {name: cell["verified"] for name, cell in claim.cells.items() if name in ("women", "men")}
    return told


class AcceptedLine(Lenient):
    """One line of the page that judges all; what is left empty is not judged yet."""

    accepted: MoneyOrZero | None = None
    note: Paragraph | None = None


class AllAccepted(Editable, Lenient):
    """By the position of each line in the budget."""

    lines: dict[int, AcceptedLine] = Field({}, max_length=500)


def accepted_in(content: Any) -> dict[str, Any]:
    """What is accepted of each line so far, in the terms of the form."""
    names = {"accepted": "accepted", "note": "verdict_note"}
    return {
        "lines": {
            line.budget["position"]: {name: line.budget[of] for name, of in names.items()} for line in content.lines
        }
    }


class Return(Lenient):
    sections: list[Section] = Field(min_length=1)
    reason: Annotated[str, Field(min_length=1, max_length=4000)]


class Reason(Lenient):
    reason: Annotated[str, Field(min_length=1, max_length=4000)] = Field(
        title=N_("Reason"), description=N_("The people concerned will read it.")
    )
