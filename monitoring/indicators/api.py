"""Indicators as JSON: definitions, figures with everything that explains them, and promises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, Field, ValidationError

from accounts.person import Person
from foundation.database import Row, value
from foundation.merging import Editable
from foundation.typed import Quantity
from grants.awards.tables import Award
from lifecycle.api import operations_of
from lifecycle.transition import open_steps
from monitoring.indicators import actions, forms, queries
from monitoring.indicators.changing import STEPS
from monitoring.indicators.listing import INDICATORS
from monitoring.indicators.numbers import Number
from monitoring.indicators.pages import SERVED, insiders, this_award, this_indicator
from monitoring.indicators.queries import Filters, IndicatorFigure
from monitoring.indicators.tables import Indicator
from monitoring.indicators.terms import Direction, Kind, Missing, Rule, Total, rounded
from web.forms import Form, Invalid, Strict
from web.forms.parsing import error_sentences
from web.guards import signed_in
from web.lists import ListQuery
from web.pages import Route, or_404


class DefinitionIn(forms.Definition, Strict):
    pass


class ChangeIn(Strict):
    """What is named is changed, and nothing else. `reason` is needed once grantees have reported on it."""

    revision: int
    code: str | None = None
    position: int | None = None
    name_ka: str | None = None
    name_en: str | None = None
    definition_ka: str | None = None
    definition_en: str | None = None
    unit_ka: str | None = None
    unit_en: str | None = None
    kind: Kind | None = None
    time_rule: Rule | None = None
    place_rule: Rule | None = None
    direction: Direction | None = None
    missing: Missing | None = None
    people: bool | None = None
    baseline: Number | None = None
    target: Number | None = None
    active: bool | None = None
    reason: str | None = None

    def over(self, indicator: Indicator) -> DefinitionIn:
        """The whole definition with what is named."""
        stored = {name: getattr(indicator, name) for name in DefinitionIn.model_fields if hasattr(indicator, name)}
        named = {name: getattr(self, name) for name in self.model_fields_set}
        try:
            return DefinitionIn.model_validate(stored | named)
        except ValidationError as wrong:
            raise Invalid(error_sentences(wrong), Form([])) from None


class PromiseIn(forms.Promise):
    indicator: UUID


class PromisesIn(Editable, Strict):
    promises: list[PromiseIn] = Field(max_length=200)


class TotalOut(BaseModel):
    """`rows` are the ids of the values behind it. `at_most` is given for people counted without a registry. `levels`:
    how many of each grade, by its place from the lowest; of words how many there are."""

    value: Quantity | None
    at_most: Quantity | None
    progress: Quantity | None
    maintained: bool | None
    levels: dict[str, int]
    rows: list[UUID]


class FigureOut(BaseModel):
    code: str
    name_ka: str | None
    name_en: str | None
    unit_ka: str | None
    unit_en: str | None
    kind: str
    grades_ka: list[str]
    grades_en: list[str]
    baseline: Quantity | None
    target: Quantity | None
    target_part: Annotated[Quantity | None, Field(description="Of a share, in counts.")]
    target_of: Quantity | None
    promised: Quantity | None
    reported: TotalOut
    verified: TotalOut
    best: TotalOut
    reported_by: int
    expected: int
    no_data: int
    carried: Annotated[int, Field(description="Of a level: values older than the period asked for, which count.")]
    missing_periods: int
    verified_share: Annotated[Quantity | None, Field(description="Verified by reported.")]
    checked_share: Annotated[Quantity | None, Field(description="Of the reported value, what has a verdict.")]
    checked_values: Annotated[int, Field(description="With a verdict, whatever it is.")]
    of_values: int
    documents: int
    photos: int
    visits: int


class ValueOut(BaseModel):
    id: UUID
    grant: str
    report: int
    municipality: str
    period_from: date
    period_to: date
    reported: Quantity | None
    reported_of: Quantity | None
    words_ka: str | None
    words_en: str | None
    no_data_reason: str | None
    women: Quantity | None
    men: Quantity | None
    verdict: str
    verified: Quantity | None
    verified_of: Quantity | None
    documents: int
    photos: int
    visits: int


class ExplainedOut(FigureOut):
    position: int
    definition_ka: str | None
    definition_en: str | None
    time_rule: str
    place_rule: str
    direction: str
    missing: str
    people: bool
    active: bool
    revision: int
    proposed: dict[str, Any] | None
    moves: list[str]
    values: list[ValueOut]


class IndicatorOut(BaseModel):
    """`proposed`: what waits for a second person."""

    code: str
    revision: int
    proposed: dict[str, Any] | None


class PromiseOut(BaseModel):
    indicator: UUID
    code: str
    baseline: Quantity | None
    baseline_of: Quantity | None
    target: Quantity | None
    target_of: Quantity | None


async def as_figures(found: list[Row], here: ListQuery) -> list[FigureOut]:
    """Municipality and call say of what they count."""
    figures = await queries.figures(await _filters(here["municipality"], here["call"]))
    told = {each.indicator["code"]: each for each in figures}
    return [FigureOut(**_out(told[row["code"]])) for row in found]


index = INDICATORS.operation("/api/v1/indicators", FigureOut, items=as_figures, guards=[signed_in, insiders])


@get(
    "/api/v1/indicators/{code:str}",
    guards=[signed_in, insiders],
    dependencies={"indicator": Provide(this_indicator)},
    summary="One indicator",
)
async def show(
    indicator: NamedDependency[Indicator],
    person: NamedDependency[Person],
    municipality: FromQuery[str] = "",
    call: FromQuery[str] = "",
) -> ExplainedOut:
    filters = await _filters(municipality, call)
    told = (await queries.figures(filters, indicator.code))[0]
    own = {name: getattr(indicator, name) for name in ExplainedOut.model_fields if hasattr(indicator, name)}
    moves = list(open_steps(person, indicator, STEPS))
    values = [_value(row) for row in await queries.behind(indicator.code, filters)]
    return ExplainedOut(**(own | _out(told)), values=values, moves=moves)


async def indicator_to_define(code: FromPath[str], person: NamedDependency[Person]) -> Indicator:
    indicator = await this_indicator(code)
    return or_404(indicator if actions.may_define(person) else None)


async def award_to_promise(reference: FromPath[str], person: NamedDependency[Person]) -> Award:
    award = await this_award(reference, person)
    return or_404(award if actions.may_promise(person, award) else None)


async def definer(person: NamedDependency[Person]) -> Person:
    return or_404(person if actions.may_define(person) else None)


@post("/api/v1/indicators", guards=[signed_in], dependencies={"definer": Provide(definer)}, summary="Add an indicator")
async def add(definer: NamedDependency[Person], data: JSONBody[DefinitionIn]) -> IndicatorOut:
    made = await actions.add(definer, data)
    return _short(made)


@put(
    "/api/v1/indicators/{code:str}",
    guards=[signed_in],
    dependencies={"indicator": Provide(indicator_to_define)},
    summary="Change an indicator",
)
async def change(
    indicator: NamedDependency[Indicator], person: NamedDependency[Person], data: JSONBody[ChangeIn]
) -> IndicatorOut:
    await actions.change(indicator, person, data.over(indicator))
    return _short(indicator)


def _short(indicator: Indicator) -> IndicatorOut:
    return IndicatorOut(code=indicator.code, revision=indicator.revision, proposed=_proposed(indicator))


def _proposed(indicator: Indicator) -> Any:
    return indicator.proposed


async def to_json(indicator: Indicator, person: Person) -> IndicatorOut:
    return _short(indicator)


@get(
    "/api/v1/promises/{reference:str}",
    guards=[signed_in],
    dependencies={"award": Provide(this_award)},
    summary="The results a grant promises",
)
async def promises(award: NamedDependency[Award]) -> list[PromiseOut]:
    return [
        PromiseOut(
            indicator=row["id"], code=row["code"], baseline=row["own_baseline"],
            baseline_of=row["own_baseline_of"], target=row["own_target"], target_of=row["own_of"],
        )
        for row in await queries.promises_of(award)
        if row["promised"]
    ]  # fmt: skip


@put(
    "/api/v1/promises/{reference:str}",
    guards=[signed_in],
    dependencies={"award": Provide(award_to_promise)},
    summary="Write the results a grant promises",
)
async def set_promises(
    award: NamedDependency[Award], person: NamedDependency[Person], data: JSONBody[PromisesIn]
) -> list[PromiseOut]:
    by_key: dict[UUID, forms.Promise] = {one.indicator: one for one in data.promises}
    given = forms.Promises(promises=by_key, revision=data.revision, seen=data.seen)
    await actions.promise(award, person, given)
    return await promises.fn(award)


async def _filters(municipality: str, call: str) -> Filters:
    """By slug and by reference; an unknown one is 404."""
    place = or_404(await value("SELECT id FROM municipality WHERE slug = $1", municipality)) if municipality else None
    of_call = or_404(await value("SELECT id FROM call WHERE reference = $1", call)) if call else None
    return Filters([place] if place else None, of_call)


def _out(told: IndicatorFigure) -> dict[str, Any]:
    figure, indicator = told.figure, told.indicator
    names = ("code", "name_ka", "name_en", "unit_ka", "unit_en", "kind", "grades_ka", "grades_en")
    part, whole = told.aim or (None, None)
    return {
        **{name: indicator[name] for name in names},
        "baseline": figure.definition.baseline,
        "target": told.target,
        "target_part": part,
        "target_of": whole,
        "promised": told.promised,
        "reported": _total(figure.reported),
        "verified": _total(figure.verified),
        "best": _total(figure.best),
        "reported_by": figure.coverage.reported,
        "expected": figure.coverage.expected,
        "no_data": figure.coverage.no_data,
        "carried": figure.coverage.carried,
        "missing_periods": figure.coverage.missing_periods,
        "verified_share": _share(figure.verification.verified),
        "checked_share": _share(figure.verification.share),
        "checked_values": figure.verification.leaves,
        "of_values": figure.verification.of_leaves,
        "documents": told.documents,
        "photos": told.photos,
        "visits": told.visits,
    }


def _total(total: Total) -> TotalOut:
    return TotalOut(
        value=total.value,
        at_most=total.at_most,
        progress=_share(total.progress.share),
        maintained=total.progress.maintained,
        levels={str(int(grade)): n for grade, n in total.levels.items()},
        rows=[UUID(str(key)) for key in total.rows],
    )


def _share(share: Decimal | None) -> Decimal | None:
    """To the hundredth of a per cent."""
    return None if share is None else rounded(share, 4)


def _value(row: Row) -> ValueOut:
    told = {name: row[name] for name in ValueOut.model_fields if name in row.keys() and name != "id"}
    return ValueOut(id=row["value_id"], grant=row["reference"], report=row["number"], municipality=row["slug"], **told)


DECISIONS = Router("/api/v1", route_handlers=operations_of(SERVED, to_json), guards=[signed_in])
ROUTES: list[Route] = [index, show, add, change, promises, set_promises, DECISIONS]
