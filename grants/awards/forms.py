"""What people send about awards, parsed once."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from foundation.clock import after
from foundation.language import N_, labels
from foundation.merging import Editable, TableLine
from foundation.money import MoneyOrZero
from grants.applications.progress import LONGEST_YEARS, TOO_LONG
from web.forms import Form, Strict

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4_000)]

START_BEFORE_END = N_("The end must not be before the start.")
PREVAILING_IS_WRITTEN = N_("The prevailing language must be one the agreement is written in.")
OWN_SHARE_WITHIN = N_("The own share cannot be more than the whole cost of the line.")
TITLE_IN_ONE = N_("Give the title in at least one language.")


class AgreementLanguage(StrEnum):
    KA = "ka"
    EN = "en"
    BOTH = "both"


class ReportKind(StrEnum):
    INTERIM = "interim"
    FINAL = "final"


labels(
    AgreementLanguage,
    {
        AgreementLanguage.KA: N_("Georgian"),
        AgreementLanguage.EN: N_("English"),
        AgreementLanguage.BOTH: N_("Georgian and English"),
    },
)
labels(ReportKind, {ReportKind.INTERIM: N_("interim report"), ReportKind.FINAL: N_("final report")})


class Terms(Editable):
    title_ka: Line | None = None
    title_en: Line | None = None
    summary_ka: Text | None = None
    summary_en: Text | None = None
    starts_on: date
    ends_on: date
    offer_expires_on: date
    agreement_language: AgreementLanguage = AgreementLanguage.BOTH
    prevailing_language: Literal["ka", "en"] = "ka"
    special_conditions_ka: Text | None = None
    special_conditions_en: Text | None = None

    @model_validator(mode="after")
    def hold_together(self) -> Terms:
        if self.ends_on < self.starts_on:
            raise ValueError(START_BEFORE_END)
        if self.ends_on > after(self.starts_on, LONGEST_YEARS):
            raise ValueError(TOO_LONG)
        if self.agreement_language not in (AgreementLanguage.BOTH, self.prevailing_language):
            raise ValueError(PREVAILING_IS_WRITTEN)
        if not (self.title_ka or self.title_en):
            raise ValueError(TITLE_IN_ONE)
        return self


class ReportLine(TableLine):
    kind: ReportKind
    period_from: date
    period_to: date
    due_on: date

    @model_validator(mode="after")
    def hold_together(self) -> ReportLine:
        if self.period_to < self.period_from:
            raise ValueError(START_BEFORE_END)
        return self


class Calendar(Editable):
    reports: list[ReportLine] = Field(min_length=1, max_length=12)


class BudgetLine(TableLine):
    """One line of the application's budget as the grant has it; the rest of the cost is the grant's."""

    amount: MoneyOrZero
    own_share: MoneyOrZero

    @model_validator(mode="after")
    def hold_together(self) -> BudgetLine:
        if self.own_share > self.amount:
            raise ValueError(OWN_SHARE_WITHIN)
        return self


class Budget(Editable):
    lines: list[BudgetLine] = Field(min_length=1, max_length=100)


class Reasoned(Strict):
    reason: Reason = Field(title=N_("Reason"), description=N_("The people concerned will read it."))


def renumbered(form: Form, rows: str, *telling: str) -> Form:
    """Rows of which none of the `telling` fields is filled in are dropped, and the others numbered anew from 0."""
    numbered = re.compile(rf"{rows}\.([0-9]{{1,4}})\.([a-z_]+)")
    told = [numbered.fullmatch(name) for name, text in form.pairs if text.strip()]
    numbers = sorted({int(each[1]) for each in told if each and each[2] in telling})
    place = {str(number): str(new) for new, number in enumerate(numbers)}
    pairs = []
    for name, text in form.pairs:
        if name.startswith(f"{rows}."):
            each = numbered.fullmatch(name)
            if not each or str(int(each[1])) not in place:
                continue
            name = f"{rows}.{place[str(int(each[1]))]}.{each[2]}"
        pairs.append((name, text))
    return Form(pairs, form.files)
