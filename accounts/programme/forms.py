"""What an operator says about the programme."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from accounts.forms import Email, Line
from foundation.money import CURRENCIES, Money, MoneyOrZero
from web.forms import Strict


class Limits(Strict):
    """What the programme may give in a currency beside its own."""

    currency: Literal[CURRENCIES]  # type: ignore[valid-type]
    budget: Money
    director_threshold: MoneyOrZero
    most_per_organisation: Money | None = None


class Programme(Strict):
    """For the first time; every later time only what changes is said."""

    name_ka: Line
    name_en: Line
    donor_ka: Line
    donor_en: Line
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]
    budget: Money
    director_threshold: MoneyOrZero
    contract_number: Line | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    most_per_organisation: Money | None = None
    exchange_method: Literal["inforeuro", "nbg"] | None = None
    help_phone: Line | None = None
    help_email: Email | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("The programme ends before it starts.")
        return self
