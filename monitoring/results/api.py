"""Results and grants as JSON: the same public facts as the pages, and the donor's summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from pydantic import BaseModel, Field

from accounts.person import Person
from foundation.clock import TBILISI
from foundation.database import Columns, Row
from foundation.money import Amount
from foundation.typed import exact
from monitoring.indicators import queries as indicators
from monitoring.indicators.queries import Filters, IndicatorFigure
from monitoring.results import grants, money, queries
from monitoring.results.donors.access import may_look
from monitoring.results.listing import GRANTS
from monitoring.results.money import Beside, Step
from monitoring.results.overview import budget_of
from monitoring.results.privacy import Privacy, published
from monitoring.results.scope import scope_of
from web.guards import signed_in
from web.lists import ListQuery
from web.pages import or_404

PUBLIC = {"public": True}
# Facts of a grant that go out as they are.
FACTS = ("reference", "call", "state", "currency", "starts_on", "ends_on", "date_precision", "source")


class Text(BaseModel):
    """Either may be missing: what nobody has translated is not invented."""

    ka: str | None
    en: str | None


class IndicatorOut(BaseModel):
    """Numbers are strings. `hidden`: not told, for they are one to four people or would tell such a count."""

    code: str
    name: Text
    definition: Text
    unit: Text
    target: str | None
    reported: str | None
    verified: str | None
    hidden: bool
    waiting_since: Annotated[
        date | None, Field(description="As it stood before this day: a small count came then, and is added later.")
    ]
    grants_reported: int
    grants_expected: int


class ResultsOut(BaseModel):
    example: bool
    indicators: list[IndicatorOut]


class GrantOut(BaseModel):
    example: bool
    reference: str
    title: Text
    organisation: Text
    municipality: str | None
    call: str
    state: str
    currency: str
    awarded: Amount
    paid: Amount
    reported: Amount
    verified: Amount
    starts_on: date | None
    ends_on: date | None
    date_precision: str
    source: str | None


class ValueOut(BaseModel):
    indicator: str
    report: int
    until: date
    reported: str | None
    verified: str | None
    verdict: Annotated[str | None, Field(description="Not told of what is hidden.")]
    hidden: bool


class TrancheOut(BaseModel):
    number: int
    amount: Amount
    paid_on: date | None
    planned_on: date | None


class OneGrantOut(BaseModel):
    example: bool
    invented: list[str]
    reference: str
    title: Text
    summary: Text
    organisation: Text
    municipality: str | None
    call: str
    state: str
    currency: str
    awarded: Amount
    paid: Amount
    reported: Amount
    verified: Amount
    given_back: Annotated[Amount, Field(description="Of what was awarded, back in the envelopes.")]
    returned: Annotated[Amount, Field(description="Of what was paid, back in the programme's account.")]
    own_reported: Annotated[Amount, Field(description="Spent of their own beside it, no part of `reported`.")]
    own_verified: Amount
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    date_precision: str
    source: str | None
    tranches: list[TrancheOut]
    values: list[ValueOut]


class SummaryOut(BaseModel):
    """Money in the programme's currency; other currencies stand in `apart` and are not added."""

    example: bool
    currency: str
    budget: Amount | None
    awarded: Amount
    paid: Amount
    reported: Amount
    verified: Amount
    given_back: Annotated[Amount, Field(description="Of what was awarded, back in the envelopes.")]
    returned: Annotated[Amount, Field(description="Of what was paid, back in the programme's account.")]
    own_reported: Annotated[Amount, Field(description="Spent of their own beside it, no part of `reported`.")]
    own_verified: Amount
    apart: dict[str, dict[str, Amount]]
    organisations: int
    grants: int
    grants_running: int
    visits_planned: int
    visits_made: int
    visits_approved: int
    reports_due: int
    reports_on_time: int
    open_high_risks: int
    indicators: list[IndicatorOut]


@get("/api/v1/results", opt=PUBLIC, summary="What all grants achieved")
async def results() -> ResultsOut:
    """Every indicator with what was reported and verified in accepted reports."""
    programme = or_404(await queries.programme())
    async with published() as private:
        told = [_indicator(each, private) for each in await indicators.overview()]
    return ResultsOut(example=programme["example"], indicators=told)


async def as_grants(found: list[Row], _here: ListQuery) -> list[GrantOut]:
    programme = or_404(await queries.programme())
    return [
        GrantOut(
            example=programme["example"], title=_text(row, "title"), organisation=_text(row, "name"),
            municipality=row["slug"], call=row["call_reference"], **{str(step): row[step] for step in grants.MONEY},
            **{name: row[name] for name in FACTS if name != "call"},
        )
        for row in found
    ]  # fmt: skip


@get("/api/v1/grants/{reference:str}", opt=PUBLIC, summary="One signed grant")
async def one_grant(reference: FromPath[str]) -> OneGrantOut:
    async with published() as private:
        return await _one_grant(reference, private)


async def _one_grant(reference: str, private: Privacy) -> OneGrantOut:
    grant = or_404(await grants.public_grant(reference))
    told = {each.indicator["id"]: each.indicator for each in await indicators.figures(Filters(award=grant["id"]))}
    programme = or_404(await queries.programme())
    return OneGrantOut(
        example=programme["example"], title=_text(grant, "title"), summary=_text(grant, "summary"),
        organisation=_text(grant, "name"), municipality=grant["slug"], awarded=grant["amount"], paid=grant["paid"],
        reported=grant["reported"], verified=grant["verified"], **{str(each): grant[str(each)] for each in Beside},
        tranches=[
            TrancheOut(
                number=each["number"], amount=each["amount"], paid_on=each["paid_on"] if each["paid"] else None,
                planned_on=each["planned_on"],
            )
            for each in await grants.tranches_of(grant)
        ],
        values=[_value(each, told[each["indicator_id"]], private) for each in await grants.values_of(grant)
                if each["indicator_id"] in told],
        invented=grant["invented"], signed_on=grant["signed_on"], **{name: grant[name] for name in FACTS},
    )  # fmt: skip


@get("/api/v1/donor/summary", guards=[signed_in], summary="The donor's overview")
async def summary(
    person: NamedDependency[Person], municipality: FromQuery[str] = "", call: FromQuery[str] = "",
    curator: FromQuery[str] = "", period: FromQuery[str] = "",
) -> SummaryOut:  # fmt: skip
    """What the donor's overview says, with the same filters; a period is a year or 2026-Q3."""
    or_404(person if may_look(person) else None)
    scope = await scope_of({"municipality": municipality, "call": call, "curator": curator, "period": period})
    totals = or_404(await queries.totals(scope))
    sums = await money.sums(scope, totals["currency"])
    steps = [step for step in Step if step is not Step.BUDGET]
    return SummaryOut(
        example=totals["example"], currency=totals["currency"], budget=budget_of(totals, scope)[0],
        awarded=sums.amount(Step.AWARDED), paid=sums.amount(Step.PAID), reported=sums.amount(Step.REPORTED),
        verified=sums.amount(Step.VERIFIED), given_back=sums.amount(Beside.GIVEN_BACK),
        returned=sums.amount(Beside.RETURNED), own_reported=sums.amount(Beside.OWN_REPORTED),
        own_verified=sums.amount(Beside.OWN_VERIFIED),
        apart={other: {str(step): sums.amount(step, other) for step in steps} for other in sums.others},
        grants_running=totals["running"], open_high_risks=totals["risks"],
        indicators=[_indicator(each, None) for each in await indicators.overview(scope.filters)],
        **{name: totals[name] for name in (
            "organisations", "grants", "visits_planned", "visits_made", "visits_approved", "reports_due",
            "reports_on_time")},
    )  # fmt: skip


def _text(row: Columns, name: str) -> Text:
    return Text(ka=row[f"{name}_ka"], en=row[f"{name}_en"])


def _indicator(told: IndicatorFigure, private: Privacy | None) -> IndicatorOut:
    row, total = told.indicator, told.figure
    if private is not None:
        total = replace(
            total, reported=private.shown("total", row, None, total.reported),
            verified=private.shown("total", row, None, total.verified),
        )  # fmt: skip
    hidden = private is not None and private.hides("total", row)
    since = private.stood("total", row) if private else None
    return IndicatorOut(
        code=row["code"], name=_text(row, "name"), definition=_text(row, "definition"), unit=_text(row, "unit"),
        target=_number(told.target), reported=_number(total.reported.value),
        verified=_number(total.verified.value), hidden=hidden,
        waiting_since=since.astimezone(TBILISI).date() if since else None, grants_reported=total.coverage.reported,
        grants_expected=total.coverage.expected,
    )  # fmt: skip


def _value(row: Row, indicator: Columns, private: Privacy) -> ValueOut:
    hidden = private.hides("value", indicator, row["id"])
    return ValueOut(
        indicator=indicator["code"], report=row["number"], until=row["period_to"], hidden=hidden,
        verdict=None if hidden else row["verdict"], reported=None if hidden else _number(row["reported"]),
        verified=None if hidden else _number(row["verified"]),
    )  # fmt: skip


def _number(value: Decimal | None) -> str | None:
    return None if value is None else exact(value)


ROUTES = [results, GRANTS.operation("/api/v1/grants", GrantOut, items=as_grants, opt=PUBLIC), one_grant, summary]
