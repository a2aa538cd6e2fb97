"""Indicators: what the programme measures, how each number came about, and what each grant promised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from accounts.person import Person, visitor
from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import APART, seen_of
from grants.awards import queries as awards
from grants.awards.tables import Award
from lifecycle.pages import Served
from lifecycle.transition import open_steps
from monitoring.indicators import actions, changing, forms, queries
from monitoring.indicators.kinds import OVER_TIME, PLACE_RULES
from monitoring.indicators.listing import INDICATORS
from monitoring.indicators.numbers import (
    formatted,
    grades,
    leaf,
    plain,
    progress_said,
    promise_said,
    target_said,
    total_shown,
    with_unit,
)
from monitoring.indicators.queries import Filters, IndicatorFigure
from monitoring.indicators.tables import Indicator
from monitoring.indicators.terms import Direction, Kind, Missing, Rule, Verdict
from web import charts
from web.forms import Errors, Form, given_back, known_to, parse
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect

HERE = "monitoring/indicators/templates"


async def this_indicator(code: FromPath[str]) -> Indicator:
    return or_404(await queries.by_code(code))


async def this_award(reference: FromPath[str], person: NamedDependency[Person]) -> Award:
    return or_404(await awards.award_of(person, reference))


def insiders(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """A guard: for others there are the public pages of results."""
    or_404(actions.may_read_counts(visitor(connection)) or None)


@get("/indicators", name="indicators", guards=[signed_in, insiders], include_in_schema=False)
async def index(person: NamedDependency[Person], request: Request) -> Response:
    here = INDICATORS.list_query(request.query_params)
    choices = await queries.filter_choices()
    filters, asked = _filters(choices, here["municipality"], here["call"])
    promising = await queries.grants_promising(person) if person.is_curator or person.is_manager else []
    return await INDICATORS.page(
        person,
        request.query_params,
        figures={told.indicator["code"]: _shown(told) for told in await queries.overview(filters)},
        choices=choices,
        asked=asked,
        may_define=actions.may_define(person),
        promising=promising[: queries.MOST_PROMISING],
        more_promise=len(promising) > queries.MOST_PROMISING,
    )


@get(
    "/indicators/{code:str}", name="indicators.show", guards=[signed_in, insiders], include_in_schema=False,
    dependencies={"indicator": Provide(this_indicator)},
)  # fmt: skip
async def show(
    indicator: NamedDependency[Indicator],
    person: NamedDependency[Person],
    municipality: FromQuery[str] = "",
    call: FromQuery[str] = "",
) -> Response:
    return await page_of(indicator, person, municipality, call)


async def page_of(
    indicator: Indicator, person: Person, municipality: str = "", call: str = "", status: int = 200,
    errors: Errors = None, form: Form | None = None,
) -> Response:  # fmt: skip
    choices = await queries.filter_choices()
    filters, asked = _filters(choices, municipality, call)
    told = (await queries.figures(filters, indicator.code))[0]
    names = {place["id"]: place for place in choices["places"]}
    return page(
        f"{HERE}/show.html",
        status=status,
        errors=errors or {},
        proposed=changing.proposed_in(indicator),
        proposer=await changing.proposer_of(indicator),
        row=indicator,
        open_steps=open_steps(person, indicator, changing.STEPS),
        told=_shown(told),
        places=[
            {"place": names.get(key), "reported": value, "verified": told.figure.verified.places.get(key)}
            for key, value in told.figure.reported.places.items()
        ],
        behind=await queries.behind(indicator.code, filters),
        choices=choices,
        asked=asked,
        may_define=actions.may_define(person),
        opens=lambda row: person.reads_all or row["slug"] in _curated(person, names),
        shown=formatted,
        leaf=leaf,
        grades=grades(told.indicator),
        verdict=Verdict,
        label=label,
        rules=_rules(indicator),
    )


def definers(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """A guard: for others there is nothing here."""
    or_404(actions.may_define(visitor(connection)) or None)


@get("/indicators/new", name="indicators.new", guards=[signed_in, definers], include_in_schema=False)
async def new(person: NamedDependency[Person]) -> Response:
    return await edit_page()


async def edit_page(
    indicator: Indicator | None = None, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    new = {} if indicator else {"position": await queries.next_position(), "active": "true"}

    def options(members: Any) -> list[tuple[str, str]]:
        return [(str(member), label(member)) for member in members]

    return page(
        f"{HERE}/edit.html",
        status=status,
        indicator=indicator,
        stored=_stored(indicator) if indicator else new,
        seen=seen_of(forms.Definition, indicator) if indicator else "",
        form=form,
        errors=errors,
        kinds=options(Kind),
        times=options(OVER_TIME),
        places=options(PLACE_RULES),
        directions=options(Direction),
        missing=options(Missing),
    )


@post("/indicators", name="indicators.add", guards=[signed_in, definers], include_in_schema=False)
@given_back(edit_page)
async def add(form: NamedDependency[Form], person: NamedDependency[Person]) -> Response:
    made = await actions.add(person, parse(forms.Definition, form))
    return redirect(f"/indicators/{made.code}", _("Indicator added."))


@get(
    "/indicators/{code:str}/edit", name="indicators.edit", guards=[signed_in, definers], include_in_schema=False,
    dependencies={"indicator": Provide(this_indicator)},
)  # fmt: skip
async def edit(indicator: NamedDependency[Indicator], person: NamedDependency[Person]) -> Response:
    return await edit_page(indicator)


@post(
    "/indicators/{code:str}", name="indicators.change", guards=[signed_in, definers], include_in_schema=False,
    dependencies={"indicator": Provide(this_indicator)},
)  # fmt: skip
@given_back(edit_page)
async def change(
    form: NamedDependency[Form], indicator: NamedDependency[Indicator], person: NamedDependency[Person]
) -> Response:
    waits = await actions.change(indicator, person, parse(forms.Definition, form))
    said = _("The change waits for a second person: a manager or the director.") if waits else _("Indicator saved.")
    return redirect(f"/indicators/{indicator.code}", said)


@get(
    "/promises/{reference:str}", name="promises", guards=[signed_in], include_in_schema=False,
    dependencies={"award": Provide(this_award)},
)  # fmt: skip
async def promises(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    """What a grant promised, and how far its accepted reports have come."""
    told = {f.indicator["id"]: f for f in await queries.figures(Filters(award=award.id))}
    rows = [row for row in await queries.promises_of(award) if row["promised"]]
    return page(
        f"{HERE}/promises.html",
        award=award,
        promised=[_shown(told[row["id"]]) | {"row": row} for row in rows if row["id"] in told],
        may_promise=actions.may_promise(person, award),
        said=promise_said,
    )


@get(
    "/promises/{reference:str}/edit", name="promises.edit", guards=[signed_in], include_in_schema=False,
    dependencies={"award": Provide(this_award)},
)  # fmt: skip
async def edit_promises(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    or_404(award if actions.may_promise(person, award) else None)
    return await _promises_page(award)


async def _promises_page(award: Award, form: Form | None = None, errors: Errors = None, status: int = 200) -> Response:
    rows = await queries.promises_of(award)
    return page(
        f"{HERE}/promises_edit.html",
        status=status,
        award=award,
        rows=rows,
        seen=seen_of(forms.Promises, forms.promised_in(rows)),
        form=form or {},
        errors=_named(errors or {}, rows),
        plain=plain,
        kind=Kind,
        grades=grades,
    )


@post(
    "/promises/{reference:str}", name="promises.set", guards=[signed_in], include_in_schema=False,
    dependencies={"award": known_to(this_award, actions.may_promise)},
)  # fmt: skip
@given_back(_promises_page)
async def set_promises(
    form: NamedDependency[Form], award: NamedDependency[Award], person: NamedDependency[Person]
) -> Response:
    await actions.promise(award, person, parse(forms.Promises, form))
    return redirect(f"/promises/{award.reference}", _("Promised results saved."))


def _filters(choices: dict[str, list[Any]], municipality: str, call: str) -> tuple[Filters, dict[str, str]]:
    """An unknown name in the address is a page that is not there."""
    place: UUID | None = _id_of(choices["places"], "slug", municipality)
    of_call: UUID | None = _id_of(choices["calls"], "reference", call)
    return Filters([place] if place else None, of_call), {"municipality": municipality, "call": call}


def _id_of(rows: list[Row], name: str, asked: str) -> UUID | None:
    return or_404(next((row["id"] for row in rows if row[name] == asked), None)) if asked else None


def _curated(person: Person, names: dict[UUID, Any]) -> set[str]:
    return {place["slug"] for key, place in names.items() if key in person.municipalities}


def _shown(told: IndicatorFigure) -> dict[str, object]:
    """A figure with its bar and its sentences."""
    figure, indicator = told.figure, told.indicator
    return {
        "indicator": indicator,
        "figure": figure,
        "bar": charts.bullet(told.reached, figure.reported.value, figure.verified.value),
        "reported": total_shown(indicator, figure.reported),
        "said": progress_said(
            *(total_shown(indicator, each) if each.there else None for each in (figure.reported, figure.verified))
        ),
        "best": total_shown(indicator, figure.best),
        "target": target_said(indicator, told.target, told.aim) if told.target is not None else "",
        "promised": with_unit(indicator, told.promised) if told.promised is not None else "",
        "baseline": with_unit(indicator, figure.definition.baseline),
        "told": told,
    }


def _rules(indicator: Indicator) -> list[str]:
    return [label(kind(getattr(indicator, name))) for name, kind in (
        ("time_rule", Rule), ("place_rule", Rule), ("direction", Direction), ("missing", Missing))]  # fmt: skip


def _stored(indicator: Indicator) -> dict[str, object]:
    names = [name for name in forms.Definition.model_fields if name not in APART and name != "reason"]
    told = {name: getattr(indicator, name) for name in names}
    return told | {
        **{name: plain(told[name]) for name in ("baseline", "baseline_of", "target", "target_of")},
        **{name: "\n".join(told[name]) for name in ("grades_ka", "grades_en")},
        "active": "true" if indicator.active else "",
        "people": "true" if indicator.people else "",
    }


def _named(errors: dict[str, str], rows: list[Any]) -> dict[str, str]:
    """The same field stands there once for each indicator, so its error says which."""
    names = {f"promises.{row['id']}": pick_text(row, "name") for row in rows}
    said = {}
    for field, sentence in errors.items():
        of = names.get(field.rpartition(".")[0])
        said[field] = f"{of}: {sentence}" if of else sentence
    return said


async def indicator_decided(code: FromPath[str], person: NamedDependency[Person]) -> Indicator:
    """For whoever reads all its counts."""
    indicator = or_404(await queries.by_code(code))
    return or_404(indicator if actions.may_read_counts(person) else None)


SERVED = Served(
    "indicators", changing.STEPS, "/indicators/{code:str}", indicator_decided, page_of,
    lambda indicator: f"/indicators/{indicator.code}", title=lambda indicator: pick_text(indicator, "name"),
    back=lambda indicator: indicator.code,
)  # fmt: skip


STEPS = Router("/", route_handlers=SERVED.handlers(), guards=[signed_in], include_in_schema=False)
ROUTES: list[Route] = [index, show, new, add, edit, change, promises, edit_promises, set_promises, STEPS]
