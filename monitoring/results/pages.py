"""What everybody may read: the first page, grants, results, municipalities, and how numbers are verified."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from accounts.person import NOBODY, Person
from foundation.clock import today
from foundation.database import Row
from foundation.language import gettext as _
from grants.awards.lifecycle import State as AwardState
from lifecycle.version import current_version
from monitoring.indicators import queries as indicators
from monitoring.indicators.changing import changes_of, lines
from monitoring.indicators.numbers import formatted
from monitoring.indicators.queries import Filters
from monitoring.indicators.terms import Verdict
from monitoring.recommendations.lifecycle import State as RecommendationState
from monitoring.reports.lifecycle import Kind as ReportKind
from monitoring.reports.lifecycle import State as ReportState
from monitoring.results import evidence, funnel, grants, listing, money, overview, queries
from monitoring.results.donors.access import may_look
from monitoring.results.donors.listing import TROUBLE, Look
from monitoring.results.listing import GRANTS
from monitoring.results.money import Step
from monitoring.results.privacy import Privacy, published
from monitoring.results.scope import UNKNOWN, scope_of
from monitoring.results.trouble import leads_to
from web import charts
from web.context import href
from web.fresh import already, kept, tag_of
from web.lists.query import ListQuery, list_query
from web.pages import or_404, page
from web.sheets import CSV, XLSX
from web.sources import sources

PUBLIC: dict[str, Any] = {"include_in_schema": False, "opt": {"public": True}}
HERE = "monitoring/results/templates"
PAGE = 50
STEPS = [step for step in Step if step is not Step.BUDGET]


def public_list(path: str, by: str = "") -> str:
    """Where everybody finds the grants behind a step of money; organisations and places have no such list."""
    return "" if by else href("/grants", sort=f"-{path.rpartition('/')[2]}")


@get("/", name="home", **PUBLIC)
async def home(request: Request) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    scope = await scope_of({})
    totals = await queries.totals(scope)
    if totals is None:
        return page(f"{HERE}/empty.html")
    sums = await money.sums(scope, totals["currency"])
    return page(
        f"{HERE}/home.html",
        headers=kept(tag),
        programme=totals,
        sentence=funnel.sentence(totals, sums, scope, public_list),
        places=funnel.places(sums, scope, lambda place: href(f"/municipalities/{place['slug']}")),
        unplaced=funnel.unplaced(sums, scope, lambda _path, **also: href("/grants", **also)),
        calls=await grants.open_calls(),
        seen=await evidence.latest_visits(scope, 3, evidence.PUBLIC),
        photo_href=evidence.photo_href,
    )


@get("/grants", name="grants", **PUBLIC)
async def all_grants(request: Request) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    kind = request.query_params.get("as", "")
    if kind in (CSV, XLSX):
        return await GRANTS.file(None, request.query_params, kind)
    here = GRANTS.list_query(request.query_params)
    scope = await scope_of({})
    return await GRANTS.page(
        None,
        request.query_params,
        headers=kept(tag),
        totals=await listing.sums_of(here),
        facets=listing.facets(here, await GRANTS.facets(None, here, **grants.FACETS), scope),
        chips=listing.chips(here, scope),
        states=AwardState,
    )


@get("/grants/{reference:str}", name="grants.show", **PUBLIC)
async def one_grant(request: Request, reference: FromPath[str], person: NamedDependency[Person]) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    async with published() as private:
        return await _grant(reference, person, private, kept(tag))


async def _grant(reference: str, person: Person, private: Privacy, headers: dict[str, str]) -> Response:
    grant = or_404(await grants.public_grant(reference))
    values: dict[UUID, list[Row]] = {}
    for value in await grants.values_of(grant):
        values.setdefault(value["indicator_id"], []).append(value)
    promised = [
        each for each in await indicators.overview(Filters(award=grant["id"]))
        if each.target is not None or each.indicator["id"] in values
    ]  # fmt: skip
    return page(
        f"{HERE}/grant.html",
        headers=headers,
        grant=grant,
        steps=funnel.steps_of(grant),
        private=private,
        state=AwardState(grant["state"]),
        tranches=await grants.tranches_of(grant),
        results=[
            (overview.public_result(each, private, "grant", grant["id"]), values.get(each.indicator["id"], []))
            for each in promised
        ],
        reports=await grants.reports_of(grant),
        visits=await grants.visits_of(grant),
        photos=await evidence.public_photos_of_award(grant["id"]),
        photo_href=evidence.photo_href,
        sources=sources(grant["source"]),
        may_look=may_look(person),
        verdict=Verdict,
        report_states=ReportState,
        report_kinds=ReportKind,
        today=today(),
    )


@get("/results", name="results", **PUBLIC)
async def results(request: Request) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    async with published() as private:
        return await _results(private, kept(tag))


async def _results(private: Privacy, headers: dict[str, str]) -> Response:
    scope = await scope_of({})
    totals = await queries.totals(scope)
    if totals is None:
        return page(f"{HERE}/empty.html")
    sums, figures = await money.sums(scope, totals["currency"]), await indicators.overview()
    return page(
        f"{HERE}/results.html",
        headers=headers,
        programme=totals,
        sums=sums,
        steps=funnel.public_steps(totals, sums, scope),
        unsaid=funnel.unsaid(sums),
        apart=funnel.other_currencies(sums),
        results=[
            (overview.public_result(each, private), overview.by_municipality(each, scope, private)) for each in figures
        ],
        troubles=await TROUBLE.first(Look(NOBODY, scope), 6),
        leads_to=partial(leads_to, inside=False),
    )


@get("/results/{code:str}", name="results.show", **PUBLIC)
async def one_result(request: Request, code: FromPath[str]) -> Response:
    """One indicator: what it counts, how it adds up, and the grants and municipalities it adds up from."""
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    async with published() as private:
        return await _result(code, list_query(request.query_params, size=PAGE), private, kept(tag))


async def _result(code: str, here: ListQuery, private: Privacy, headers: dict[str, str]) -> Response:
    indicator = or_404(await indicators.by_code(code))
    scope, figure = await scope_of({}), await indicators.figure_of(indicator)
    count, by_grant = await indicators.by_grant(indicator, limit=PAGE, offset=here.offset)
    return page(
        f"{HERE}/result.html",
        headers=headers,
        indicator=indicator,
        told=figure,
        changes=[_change(each) for each in await changes_of(indicator)],
        result=overview.public_result(figure, private),
        rules=overview.rules_of(indicator),
        adds=overview.adds(indicator),
        places=overview.by_municipality(figure, scope, private),
        by_grant=by_grant,
        here=here,
        count=count,
        private=private,
        photos=await evidence.public_photos_of_indicator(indicator.id, scope.kept),
        photo_href=evidence.photo_href,
        shown=formatted,
    )


def _change(told: Row) -> dict[str, Any]:
    before, after = json.loads(told["before"]), json.loads(told["after"])
    return {"at": told["at"], "reason": told["reason"], "lines": lines(before, after)}


@get("/budget", name="budget", **PUBLIC)
async def budget(request: Request) -> Response:
    """The budget divided into the envelopes of calls."""
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    scope = await scope_of({})
    totals = or_404(await queries.totals(scope))
    return page(
        f"{HERE}/budget.html",
        headers=kept(tag),
        programme=totals,
        **funnel.envelopes(scope, totals),
        step=Step.BUDGET,
    )


@get("/map", name="map", **PUBLIC)
async def on_a_map(request: Request) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    scope = await scope_of({})
    totals = await queries.totals(scope)
    if totals is None:
        return page(f"{HERE}/empty.html")
    sums = await money.sums(scope, totals["currency"])

    def where(place: Row) -> str:
        if place["slug"] == UNKNOWN:
            return href("/grants", municipality=UNKNOWN)
        return href(f"/municipalities/{place['slug']}")

    return page(
        f"{HERE}/map.html",
        headers=kept(tag),
        drawing=charts.choropleth(funnel.places(sums, scope, where)),
        sums=sums,
        table=funnel.by_place(sums, scope, where),
        steps_named=STEPS,
        back={"text": _("Results"), "href": href("/results")},
    )


@get("/municipalities/{slug:str}", name="municipality", **PUBLIC)
async def municipality(request: Request, slug: FromPath[str]) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    typed = {name: request.query_params[name] for name in ("page", "after") if name in request.query_params}
    async with published() as private:
        return await _municipality(slug, typed, private, kept(tag))


async def _municipality(slug: str, typed: dict[str, str], private: Privacy, headers: dict[str, str]) -> Response:
    scope = await scope_of({"municipality": slug})
    place = or_404(scope.municipality)
    totals = or_404(await queries.totals(scope))
    sums = await money.sums(scope, totals["currency"])
    figures = await indicators.overview(scope.filters)
    here = replace(GRANTS.list_query({"municipality": slug, **typed}), size=PAGE)
    found = await GRANTS.rows(None, here)
    return page(
        f"{HERE}/municipality.html",
        headers=headers,
        place=place,
        programme=totals,
        sums=sums,
        steps=funnel.public_steps(totals, sums, scope),
        unsaid=funnel.unsaid(sums),
        here=here,
        count=sums.all_grants(Step.AWARDED),
        rows=found.rows,
        found=found,
        totals=sums.by_currency,
        states=AwardState,
        results=[
            overview.public_result(each, private, "place", place["id"])
            for each in figures
            if each.target is not None or each.grants
        ],
        recommendations=await grants.recommendations_in(place),
        recommendation_states=RecommendationState,
        sources=sources,
    )


@get("/about-numbers", name="about-numbers", **PUBLIC)
async def about_numbers(request: Request) -> Response:
    tag = tag_of(await current_version())
    if answer := already(request, tag):
        return answer
    return page(f"{HERE}/about_numbers.html", headers=kept(tag), verdicts=list(Verdict))


ROUTES = [home, all_grants, one_grant, results, one_result, budget, on_a_map, municipality, about_numbers]
