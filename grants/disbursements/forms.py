"""What people send about tranches, parsed once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from foundation.language import N_, labels
from foundation.merging import Editable, TableLine
from foundation.money import Money
from web.forms import Strict

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=4_000)]

REASON: str = Field(title=N_("Reason"), description=N_("The people concerned will read it."))


class TrancheLine(TableLine):
    """One tranche with at most one condition of each kind."""

    amount: Money
    planned_on: date | None = None
    agreement_active: bool = False
    report: int | None = Field(None, ge=1, le=99)
    visit: bool = False
    document_ka: Line | None = None
    document_en: Line | None = None
    not_before: date | None = None


class Plan(Editable):
    tranches: list[TrancheLine] = Field(min_length=1, max_length=24)


class Certificate(Strict):
    certificate: Text = Field(
        title=N_("What is your certification based on?"),
        description=N_(
            "Which reports, visits and documents you have seen, and that there is no reason to stop the payment."
        ),
    )
    revision: int | None = None


class Currency(StrEnum):
    EUR = "EUR"
    GEL = "GEL"
    USD = "USD"


labels(Currency, {Currency.EUR: N_("euro"), Currency.GEL: N_("lari"), Currency.USD: N_("US dollar")})


class Order(Strict):
    order_reference: Reference = Field(title=N_("Reference of the payment order"))
    sent_on: date | None = Field(
        None, title=N_("Day of the order"), description=N_("Where it went to the bank on another day than today")
    )
    exchange_currency: Currency | None = Field(
        None, title=N_("Currency of the account"), description=N_("Where it is another one than the payment's")
    )
    exchange_rate: Decimal | None = Field(
        None, gt=0, lt=10_000_000, decimal_places=6, allow_inf_nan=False,
        title=N_("Exchange rate"),
        description=N_("So many of it for one of the payment's currency; empty: the programme's rate of that day"),
    )  # fmt: skip
    exchange_source: Line | None = Field(
        None, title=N_("Where the rate comes from"), description=N_("For a rate that is written above")
    )
    revision: int | None = None


class CorrectedOrder(Strict):
    order_reference: Reference = Field(title=N_("Reference of the payment order"))
    sent_on: date = Field(title=N_("Day of the order"))
    reason: Text = REASON
    revision: int | None = None


class Payment(Strict):
    bank_reference: Reference = Field(title=N_("Reference of the bank's line"))
    paid_on: date = Field(title=N_("Paid on"))
    revision: int | None = None


class Recovery(Strict):
    amount: Money = Field(title=N_("Amount to come back"))
    reason: Text = REASON
    revision: int | None = None


class Repayment(Strict):
    reference: Reference = Field(title=N_("Reference of the bank's line"))
    recovered_on: date = Field(title=N_("Came back on"))
    amount: Money | None = Field(
        None, title=N_("Amount that came"), description=N_("Leave it empty when all that is still due came back.")
    )
    revision: int | None = None


class Reasoned(Strict):
    reason: Text = REASON
    revision: int | None = None


class Simple(Strict):
    revision: int | None = None


class Fulfilment(Strict):
    note: Text | None = None
