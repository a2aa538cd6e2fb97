"""Payments as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from pydantic import BaseModel, Field

from accounts.person import Person
from foundation.money import Amount
from foundation.typed import Quantity
from grants.awards.lifecycle import its_drafter
from grants.awards.pages import this_award
from grants.awards.tables import Award
from grants.disbursements import actions, forms, planning, queries
from grants.disbursements.bank.iban import masked
from grants.disbursements.lifecycle import ConditionKind, State, curates_it
from grants.disbursements.listing import PAYMENTS
from grants.disbursements.obstacles import obstacles_to_sending
from grants.disbursements.pages import SERVED, drafted_for, this_condition, this_tranche
from grants.disbursements.tables import Tranche, TrancheCondition
from grants.disbursements.transitions import STEPS
from lifecycle.api import operations_of
from lifecycle.transition import open_steps
from web.forms import allowed
from web.guards import signed_in
from web.pages import Route, or_404


class TrancheShort(BaseModel):
    award: str
    number: int
    organisation_ka: str | None
    organisation_en: str | None
    municipality: str | None
    amount: Amount
    currency: str
    state: State
    planned_on: date | None
    paid_on: date | None
    obstacles: list[str]


class ConditionShown(BaseModel):
    id: UUID
    kind: ConditionKind
    report: int | None
    description_ka: str | None
    description_en: str | None
    due_on: date | None
    fulfilled_at: datetime | None


class Refund(BaseModel):
    """What came back by one line of the bank, or was written off."""

    kind: Literal["recovery", "write_off"]
    amount: Amount
    day: date | None
    reference: str | None


class Account(BaseModel):
    """What became of a grant's money. The grant closes when nothing is with the organisation any more."""

    currency: str
    committed: Amount
    given_back: Annotated[Amount, Field(description="Of what was committed, back in the envelope.")]
    paid: Amount
    accepted: Annotated[Amount, Field(description="The grant's part of accepted costs.")]
    returned: Amount
    written_off: Amount
    with_organisation: Annotated[Amount, Field(description="Below zero where more was accepted than paid.")]


class TrancheWhole(TrancheShort):
    account: str
    sent_on: date | None
    recovery_amount: Annotated[Amount | None, Field(description="What was ordered back of it in all.")]
    outstanding: Annotated[Amount | None, Field(description="What of that is still to come back.")]
    refunds: list[Refund]
    order_reference: str | None
    bank_reference: str | None
    exchange_currency: str | None
    exchange_rate: Quantity | None
    exchange_source: str | None
    revision: int
    conditions: list[ConditionShown]
    moves: list[str]


@get("/awards/{reference:str}/tranches", summary="The tranches of a grant")
async def of_award(award: NamedDependency[Award], person: NamedDependency[Person]) -> list[TrancheShort]:
    if drafted_for(person, award):
        return []
    return [TrancheShort(**short(each)) for each in await queries.tranches_of(award)]


@get("/awards/{reference:str}/account", summary="What became of the money of a grant")
async def account(award: NamedDependency[Award], person: NamedDependency[Person]) -> Account:
    or_404(None if drafted_for(person, award) else award)
    told = {name: amount.quantize(Decimal("0.01")) for name, amount in (await queries.account_of(award)).items()}
    return Account(
        currency=award.currency, given_back=told["decommitted"], accepted=told["accepted"] - told["left_to_them"],
        with_organisation=told["held"], committed=told["committed"], paid=told["paid"], returned=told["returned"],
        written_off=told["written_off"],
    )  # fmt: skip


@put(
    "/awards/{reference:str}/tranches",
    dependencies={"award": allowed(this_award, its_drafter)},
    summary="Plan the tranches of a grant",
)
async def write_plan(
    award: NamedDependency[Award], person: NamedDependency[Person], data: JSONBody[forms.Plan]
) -> list[TrancheShort]:
    await planning.write_plan(award, person, data)
    return [TrancheShort(**short(each)) for each in await queries.tranches_of(award)]


@get("/awards/{reference:str}/tranches/{number:int}", summary="One tranche")
async def show(tranche: NamedDependency[Tranche], person: NamedDependency[Person]) -> TrancheWhole:
    return await whole(tranche, person)


async def whole(tranche: Tranche, person: Person) -> TrancheWhole:
    fresh: Any = or_404(await queries.tranche_by_id(tranche.id))
    return TrancheWhole(
        **short(fresh),
        account=masked(fresh.iban),
        order_reference=fresh.order_reference,
        bank_reference=fresh.bank_reference,
        sent_on=fresh.sent_on,
        recovery_amount=fresh.recovery_amount,
        outstanding=None if fresh.outstanding is None else fresh.outstanding.quantize(Decimal("0.01")),
        refunds=[
            Refund(**{name: each[name] for name in Refund.model_fields}) for each in await queries.refunds_of(fresh)
        ]
        if fresh.recovery_amount
        else [],
        exchange_currency=fresh.exchange_currency,
        exchange_rate=fresh.exchange_rate,
        exchange_source=fresh.exchange_source,
        revision=fresh.revision,
        conditions=[
            ConditionShown(**{**vars(each), "report": each.report_number})  # type: ignore[attr-defined]
            for each in await queries.conditions_of(fresh)
        ],
        moves=sorted(open_steps(person, fresh, STEPS)),
    )


def short(tranche: Tranche) -> dict[str, Any]:
    return {
        "award": tranche.award_reference,
        "municipality": tranche.slug,
        "obstacles": obstacles_to_sending(tranche),
        **{
            name: getattr(tranche, name)
            for name in TrancheShort.model_fields
            if name not in ("award", "municipality", "obstacles")
        },
    }


@post(
    "/awards/{reference:str}/tranches/{number:int}/conditions/{condition_id:uuid}/fulfilment",
    dependencies={"tranche": allowed(this_tranche, curates_it), "condition": Provide(this_condition)},
    status_code=200,
    summary="Note that a condition is fulfilled",
)
async def fulfil(
    tranche: NamedDependency[Tranche],
    condition: NamedDependency[TrancheCondition],
    person: NamedDependency[Person],
    data: JSONBody[forms.Fulfilment],
) -> TrancheWhole:
    await actions.fulfil(condition, person, None, data.note)
    return await whole(tranche, person)


ROUTES: list[Route] = [
    Router("/api/v1", route_handlers=[PAYMENTS.operation("/payments", TrancheShort)], guards=[signed_in]),
    Router(
        "/api/v1",
        route_handlers=[of_award, account, write_plan],
        dependencies={"award": Provide(this_award)},
        guards=[signed_in],
    ),
    Router(
        "/api/v1",
        route_handlers=[show, *operations_of(SERVED, whole), fulfil],
        dependencies={"award": Provide(this_award), "tranche": Provide(this_tranche)},
        guards=[signed_in],
    ),
]
