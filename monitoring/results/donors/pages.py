"""The donor's pages: an overview, and behind each of its numbers a list, a grant, a visit, a photo."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person, Role
from foundation.clock import now, today
from foundation.database import Row, snapshot
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.settings import settings
from monitoring.indicators import queries as indicators
from monitoring.indicators.numbers import formatted, leaf, leaf_with_unit, target_said, total_shown
from monitoring.indicators.terms import Verdict
from monitoring.reports.lifecycle import Kind as ReportKind
from monitoring.reports.lifecycle import State as ReportState
from monitoring.results import evidence, funnel, gallery, money, overview, queries
from monitoring.results.donors import files
from monitoring.results.donors.access import may_look, opens, photos_for, reads_everywhere
from monitoring.results.donors.listing import PHOTOS, REPORTS, TROUBLE, VISITS, Look
from monitoring.results.donors.money import AMOUNT, CURRENCY, DAY, MONEY, TOGETHER, record_of, what
from monitoring.results.money import By, Plan, Step
from monitoring.results.scope import EVERYTHING, Scope, period_word, periods, scope_of
from monitoring.results.trouble import Trouble, leads_to
from monitoring.visits.lifecycle import Kind as FindingKind
from monitoring.visits.lifecycle import Severity
from monitoring.visits.lifecycle import State as VisitState
from web import charts
from web.guards import signed_in
from web.lists.query import Unknown, list_query
from web.pages import or_404, page
from web.sheets import CSV, XLSX, sheet, streamed_sheet

HERE = "monitoring/results/donors/templates"
PAGE = 50  # grants whose figures and values stand on one page


async def looking(person: NamedDependency[Person]) -> Person:
    """Somebody who may look at these pages; for others they are not there."""
    return or_404(person if may_look(person) else None)


async def filtered(request: Request, looker: NamedDependency[Person]) -> Scope:
    """The filters in the address."""
    return await scope_of(request.query_params)


def as_file(request: Request) -> str:
    """?as=csv or ?as=xlsx asks for the same list as a file."""
    kind = request.query_params.get("as", "")
    return kind if kind in (CSV, XLSX) else ""


def asked(request: Request) -> dict[str, str]:
    """What is asked of the list, as a page or a file."""
    return {name: typed for name, typed in request.query_params.items() if name != "as"}


DOOR: dict[str, Any] = {
    "guards": [signed_in],
    "include_in_schema": False,
    "dependencies": {"looker": Provide(looking), "chosen": Provide(filtered)},
}


@get("/donor", name="donor", **DOOR)
async def index(request: Request, looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    async with snapshot():
        totals = or_404(await queries.totals(chosen))
        currency = totals["currency"]
        sums = await money.sums(chosen, currency)
        figures = await indicators.overview(chosen.filters)
        months = await money.months(chosen, currency, today())
        newest = await queries.newest_values(chosen)
        troubles = await TROUBLE.first(Look(looker, chosen), 6)
        seen = await evidence.latest_visits(chosen, 6, photos_for(looker))
        pictures = await gallery.first(chosen, photos_for(looker))
    if kind := as_file(request):
        about = files.about(chosen, "overview", _("Donor overview"), "/donor")
        return await sheet(about, *files.whole_overview(chosen, totals, sums, figures), kind)
    link = funnel.linker(chosen)
    drawing, said = funnel.payments(months, currency)

    def where(place: Row) -> str:
        return link("/donor/money/awarded", municipality=place["slug"])

    return page(
        f"{HERE}/overview.html",
        **common(chosen, totals),
        at=now(),
        printed=_on_paper(chosen, link),
        sentence=funnel.sentence(totals, sums, chosen, link),
        steps=funnel.steps(totals, sums, chosen),
        apart=funnel.other_currencies(sums),
        figures=overview.figures(totals, figures, chosen),
        results=[
            (overview.result(each, link), newest.get(each.indicator["id"], []), pictures.get(each.indicator["id"], []))
            for each in figures
        ],
        places=funnel.places(sums, chosen, where),
        unplaced=funnel.unplaced(sums, chosen, link),
        unsaid=funnel.unsaid(sums),
        payments=drawing,
        payments_said=said,
        seen=seen,
        troubles=troubles,
        leads_to=partial(leads_to, inside=True, everywhere=reads_everywhere(looker)),
    )


def _on_paper(chosen: Scope, link: Callable[..., str]) -> dict[str, Any]:
    """What a sheet of paper has to say by itself: where it is from, and what was chosen. Its day stands above."""
    named = [
        pick_text(one, name) for one, name in ((chosen.municipality, "name"), (chosen.call, "title"),
                                               (chosen.curator, "name")) if one
    ]  # fmt: skip
    if chosen.query.get("period"):
        named.append(period_word(chosen.query["period"]))
    return {"where": settings().address + link("/donor"), "filters": named}


def common(chosen: Scope, totals: Row) -> dict[str, Any]:
    """What every list of these pages needs."""
    return {
        "scope": chosen,
        "programme": totals,
        "link": funnel.linker(chosen),
        "choices": {
            "municipality": [(place["slug"], pick_text(place, "name")) for place in chosen.places],
            "call": [(call["reference"], pick_text(call, "title")) for call in chosen.calls],
            "curator": [(curator["code"], pick_text(curator, "name")) for curator in chosen.curators],
            "period": periods(totals["starts_on"]),
        },
        "steps_named": [step for step in Step if step is not Step.BUDGET],
        "photo_href": evidence.photo_href,
        "shown": formatted,
        "leaf": leaf,
        "verdict": Verdict,
        "Step": Step,
        "Plan": Plan,
    }


@get("/donor/map", name="donor.map", **DOOR)
async def on_a_map(looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    totals = or_404(await queries.totals(chosen))
    sums = await money.sums(chosen, totals["currency"])
    link = funnel.linker(chosen)

    def where(place: Row) -> str:
        return link("/donor/money/awarded", municipality=place["slug"])

    return page(
        "monitoring/results/templates/map.html",
        **common(chosen, totals),
        drawing=charts.choropleth(funnel.places(sums, chosen, where)),
        sums=sums,
        table=funnel.by_place(
            sums, chosen, where, lambda step, place: link(f"/donor/money/{step}", municipality=place["slug"])
        ),
        back={"text": _("Overview"), "href": link("/donor")},
    )


@get("/donor/money/{step:str}", name="donor.money", **DOOR)
async def behind_money(
    request: Request,
    step: FromPath[str],
    looker: NamedDependency[Person],
    chosen: NamedDependency[Scope],
) -> Response:
    wanted = or_404(next((each for each in (*Step, *Plan) if each == step), None))
    totals = or_404(await queries.totals(chosen))
    if wanted is Step.BUDGET:
        return _budget(chosen, totals)
    lines, typed = MONEY[wanted], asked(request)
    look = Look(looker, chosen, ran=typed.get("state") == "ran")
    here = lines.list_query(typed)
    by = _by(wanted, here["by"])
    kind = as_file(request)
    currency, amount = CURRENCY[wanted], AMOUNT[wanted]
    more: dict[str, Any] = {}
    if by is not By.LINE:
        key, facts = TOGETHER[by]
        found = await lines.together(
            look, here, key, {**facts, "currency": currency}, whole=bool(kind), amount=f"sum({amount})",
            parts="count(*)", grants="count(DISTINCT a.id)",
            references="array_agg(DISTINCT a.reference ORDER BY a.reference)",
        )  # fmt: skip
        if kind:
            about = files.about(
                chosen, f"money-{wanted}", f"{label(wanted)}, {label(by)}", f"/donor/money/{wanted}", by=by
            )
            return await sheet(about, *files.together_list(wanted, by, found.rows), kind)
        more = {"found": found, "rows": found.rows}
    elif kind:
        return await lines.file(look, typed, kind)
    context = {
        **common(chosen, totals),
        "kept": {name: here[name] for name in ("state", "by") if here[name]},
        "step": wanted,
        "by": by,
        "By": By,
        "ways": _ways(wanted),
        "totals": await lines.sums(look, here, [currency], amount=f"sum({amount})", n="count(*)"),
        "state": here["state"],
        "day_word": _(DAY[wanted]),
        "what": what,
        "name_of": files.name_of,
        "record_of": partial(record_of, looker, wanted),
        "one_of": files.ONE_OF,
    }
    if more:
        return page(f"{HERE}/money.html", here=here, **context, **more)
    return await lines.page(look, typed, **context)


def _by(step: StrEnum, typed: str) -> By:
    """How it is put together; each line alone where nothing is said."""
    if typed and typed not in _ways(step):
        raise Unknown(_("“{value}” is nothing this list can be narrowed to.", value=typed))
    return By(typed) if typed else By.LINE


def _ways(step: StrEnum) -> list[By]:
    """How this money can be put together; only reports say what it was spent on."""
    return [by for by in By if by is not By.WHAT or step in (Step.REPORTED, Step.VERIFIED)]


def _budget(chosen: Scope, totals: Any) -> Response:
    """The budget divided into the envelopes of calls; what no call has yet is the last row, so that it adds up."""
    chosen = chosen.of_all_time  # envelopes have no period
    return page(f"{HERE}/budget.html", **common(chosen, totals), **funnel.envelopes(chosen, totals), step=Step.BUDGET)


@get("/donor/results/{code:str}", name="donor.result", **DOOR)
async def behind_result(
    request: Request,
    code: FromPath[str],
    looker: NamedDependency[Person],
    chosen: NamedDependency[Scope],
) -> Response:
    """One indicator: what it counts, how it adds up, who reported, and every value with its evidence."""
    indicator = or_404(await indicators.by_code(code))
    if kind := as_file(request):
        found = indicators.all_behind(indicator.code, chosen.filters)
        name = pick_text(indicator, "name")
        about = files.about(chosen, f"result-{indicator.code}", name, f"/donor/results/{indicator.code}")
        lines = partial(files.values_lines, indicator.to_dict())
        return await streamed_sheet(about, files.values_heads(), found, lines, kind)
    here = list_query(request.query_params, size=PAGE)
    figure = await indicators.figure_of(indicator, chosen.filters)
    count, by_grant = await indicators.by_grant(indicator, chosen.filters, PAGE, here.offset)
    rows = await indicators.behind(indicator.code, chosen.filters, [each.row["id"] for each in by_grant])
    names = {place["id"]: place for place in chosen.places}
    reported, verified = figure.figure.reported, figure.figure.verified
    return page(
        f"{HERE}/result.html",
        **common(chosen, or_404(await queries.totals(chosen))),
        indicator=indicator,
        told=figure,
        result=overview.result(figure, funnel.linker(chosen)),
        rows=rows,
        by_grant=by_grant,
        here=here,
        count=count,
        counted={key for each in by_grant for key in each.figure.figure.reported.rows},
        women=overview.women(figure.figure),
        places=[
            (names[key], value, verified.places.get(key))
            for key, value in sorted(reported.places.items(), key=lambda item: names[item[0]]["position"])
        ],
        rules=overview.rules_of(indicator),
        rule_is_sum=overview.adds(indicator),
        target_said=target_said,
        total_shown=total_shown,
    )


@get("/donor/values/{value_id:uuid}", name="donor.value", **DOOR)
async def one_value(
    value_id: FromPath[UUID], looker: NamedDependency[Person], chosen: NamedDependency[Scope]
) -> Response:
    value = or_404(await evidence.value_of(value_id))
    return page(
        f"{HERE}/value.html",
        value=value,
        opens=opens(looker, value),
        evidence=await evidence.evidence_of_value(value_id),
        photos=await gallery.photos(EVERYTHING, photos_for(looker), value=value_id),
        photo_href=evidence.photo_href,
        verifier=_role(value["verifier_role"]),
        verdict=Verdict(value["verdict"]),
        report_kind=ReportKind,
        indicator={name: value[name] for name in ("unit_ka", "unit_en", "grades_ka", "grades_en")}
        | {"kind": value["indicator_kind"]},
        shown=formatted,
        leaf=leaf_with_unit,
    )


@get("/donor/visits", name="donor.visits", **DOOR)
async def visits(request: Request, looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    typed = asked(request)
    here = VISITS.list_query(typed)
    indicator = or_404(await indicators.by_code(here["indicator"])) if here["indicator"] else None
    look = Look(looker, chosen, here["indicator"])
    if kind := as_file(request):
        return await VISITS.file(look, typed, kind)
    return await VISITS.page(
        look, typed, **common(chosen, or_404(await queries.totals(chosen))),
        which=here["show"], indicator=indicator, states=VisitState,
    )  # fmt: skip


@get("/donor/evidence", name="donor.evidence", **DOOR)
async def all_evidence(request: Request, looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    """Every photo and document behind accepted values, or behind those of one indicator."""
    typed = asked(request)
    code = PHOTOS.list_query(typed)["indicator"]
    indicator = or_404(await indicators.by_code(code)) if code else None
    documents = await gallery.files(chosen, code)
    if kind := as_file(request):
        about = files.about(
            chosen, "evidence", _("Evidence"), "/donor/evidence", **({"indicator": code} if code else {})
        )
        photos = await gallery.photos(chosen, photos_for(looker), code)
        return await sheet(about, *files.evidence_list(photos, documents), kind)
    return await PHOTOS.page(
        Look(looker, chosen, code), typed, **common(chosen, or_404(await queries.totals(chosen))),
        indicator=indicator,
        images=[each for each in documents if each["image"]],
        documents=[each for each in documents if not each["image"]],
        opens=partial(opens, looker),
    )  # fmt: skip


@get("/donor/visits/{reference:str}", name="donor.visit", **DOOR)
async def one_visit(
    reference: FromPath[str], looker: NamedDependency[Person], chosen: NamedDependency[Scope]
) -> Response:
    visit = or_404(await evidence.visit_of(reference))
    return page(
        f"{HERE}/visit.html",
        visit=visit,
        photos=await evidence.photos_of_visit(visit["id"], photos_for(looker)),
        values=await evidence.values_of_visit(visit["id"]),
        findings=await evidence.findings_of_visit(visit["id"]),
        lead=_role(visit["lead_role"]),
        reviewer=_role(visit["reviewer_role"]),
        photo_href=evidence.photo_href,
        shown=formatted,
        leaf=leaf,
        verdict=Verdict,
        finding_kind=FindingKind,
        severity=Severity,
    )


@get("/donor/reports", name="donor.reports", **DOOR)
async def reports(request: Request, looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    typed, look = asked(request), Look(looker, chosen)
    which = REPORTS.list_query(typed)["show"]
    if kind := as_file(request):
        return await REPORTS.file(look, typed, kind)
    totals = or_404(await queries.totals(chosen))
    return await REPORTS.page(
        look, typed, **common(chosen, totals),
        which=which, due=totals["reports_due"], on_time=totals["reports_on_time"], states=ReportState, kinds=ReportKind,
        opens=partial(opens, looker),
    )  # fmt: skip


@get("/donor/trouble", name="donor.trouble", **DOOR)
async def trouble(request: Request, looker: NamedDependency[Person], chosen: NamedDependency[Scope]) -> Response:
    """Everything that is not going well, by kind."""
    typed, look = asked(request), Look(looker, chosen)
    if file := as_file(request):
        return await TROUBLE.file(look, typed, file)
    return await TROUBLE.page(
        look, typed, **common(chosen, or_404(await queries.totals(chosen))),
        kinds=[(str(each), label(each)) for each in Trouble],
        kind_of=Trouble,
        leads_to=partial(leads_to, inside=True, everywhere=reads_everywhere(looker)),
    )  # fmt: skip


def _role(said: str | None) -> str:
    """In which role somebody acted, and for which organisation; names of people stay inside the programme."""
    if not said:
        return ""
    role = json.loads(said)
    word = label(Role(role["kind"]))
    if not role["name_ka"] and not role["name_en"]:
        return word
    return _("{role}, {organisation}", role=word, organisation=pick_text(role, "name"))


ROUTES = [index, on_a_map, behind_money, behind_result, one_value, visits, one_visit, all_evidence, reports, trouble]
