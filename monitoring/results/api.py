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
from monitoring.indicators.terms import Total
from monitoring.results import grants, money, queries
from monitoring.results.donors.access import may_look
from monitoring.results.funnel import budget_of
from monitoring.results.listing import GRANTS, told
from monitoring.results.money import Beside, Step
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
    """Numbers are strings; of people each counted once, the least they can be. `hidden`: not told, for they are one to
    four people or would tell such a count."""

    code: str
    name: Text
    definition: Text
    unit: Text
    grades: Annotated[list[Text], Field(description="Of a grade: the words of each, from the lowest.")]
    target: str | None
    target_part: Annotated[str | None, Field(description="Of a share, in counts.")]
    target_of: str | None
    reported: str | None
    verified: str | None
    reported_at_most: Annotated[str | None, Field(description="Of people each counted once, the most they can be.")]
    verified_at_most: str | None
    reported_levels: Annotated[dict[str, int], Field(description="Of a grade or of words: how many there are of each.")]
    verified_levels: dict[str, int]
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
    paid: Amount | None
    reported: Amount | None
    verified: Amount | None
    starts_on: date | None
    ends_on: date | None
    date_precision: str
    source: str | None


class ValueOut(BaseModel):
    indicator: str
    report: int
    until: date
    reported: str | None
    reported_of: str | None
    words: Text
    verified: str | None
    verified_of: str | None
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
    paid: Amount | None
    reported: Amount | None
    verified: Amount | None
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
    reportable: Annotated[
        Amount,
        Field(description="Of what was paid, what can be reported on: sources of past grants tell of no report."),
    ]
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
            municipality=row["slug"], call=row["call_reference"],
            **{str(step): told(step, row) for step in grants.MONEY},
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
    known = {each.indicator["id"]: each.indicator for each in await indicators.figures(Filters(award=grant["id"]))}
    programme = or_404(await queries.programme())
    return OneGrantOut(
        example=programme["example"], title=_text(grant, "title"), summary=_text(grant, "summary"),
        organisation=_text(grant, "name"), municipality=grant["slug"], awarded=grant["amount"],
        **{str(step): told(step, grant) for step in grants.MONEY if step is not Step.AWARDED},
        **{str(each): grant[str(each)] for each in grants.BESIDE},
        tranches=[
            TrancheOut(
                number=each["number"], amount=each["amount"], paid_on=each["paid_on"] if each["paid"] else None,
                planned_on=each["planned_on"],
            )
            for each in await grants.tranches_of(grant)
        ],
        values=[_value(each, known[each["indicator_id"]], private) for each in await grants.values_of(grant)
                if each["indicator_id"] in known],
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
        own_verified=sums.amount(Beside.OWN_VERIFIED), reportable=sums.amount(Beside.REPORTABLE),
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
        grades=[
            Text(ka=ka, en=en) for ka, en in zip(row["grades_ka"] or [], row["grades_en"] or [], strict=True)
        ],
        reported_at_most=None if hidden else _number(total.reported.at_most),
        verified_at_most=None if hidden else _number(total.verified.at_most),
        reported_levels=_levels(total.reported), verified_levels=_levels(total.verified),
        target=_number(told.target), target_part=_number(told.aim[0] if told.aim else None),
        target_of=_number(told.aim[1] if told.aim else None), reported=_number(total.reported.value),
        verified=_number(total.verified.value), hidden=hidden,
        waiting_since=since.astimezone(TBILISI).date() if since else None, grants_reported=total.coverage.reported,
        grants_expected=total.coverage.expected,
    )  # fmt: skip


def _value(row: Row, indicator: Columns, private: Privacy) -> ValueOut:
    hidden = private.hides("value", indicator, row["id"])
    return ValueOut(
        indicator=indicator["code"], report=row["number"], until=row["period_to"], hidden=hidden,
        verdict=None if hidden else row["verdict"], words=_text(row, "words"),
        **{name: None if hidden else _number(row[name]) for name in NUMBERS},
    )  # fmt: skip


NUMBERS = ("reported", "reported_of", "verified", "verified_of")


def _levels(total: Total) -> dict[str, int]:
    return {str(int(grade)): n for grade, n in total.levels.items()}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else exact(value)


ROUTES = [results, GRANTS.operation("/api/v1/grants", GrantOut, items=as_grants, opt=PUBLIC), one_grant, summary]
