"""The donor's overview, ready to be drawn: every number with the address of the list it adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from foundation.database import Columns
from foundation.language import gettext as _
from foundation.language import label, ngettext, number, percent, pick_text
from monitoring.indicators.numbers import progress_said, target_said, total_shown
from monitoring.indicators.queries import IndicatorFigure
from monitoring.indicators.terms import ADDITIVE, WHOLE_ONLY, Figure, Kind, Rule
from monitoring.results.funnel import Link, linker
from monitoring.results.privacy import Privacy
from monitoring.results.scope import Scope
from web import charts
from web.context import href


def work(totals: Any) -> list[tuple[str, int, int | None]]:
    """What was done, as numbers: each with the whole it is a part of."""
    return [
        (_("grants running"), totals["running"], totals["grants"]),
        (_("monitoring visits made"), totals["visits_made"], totals["visits_planned"]),
        (_("reports on time"), totals["reports_on_time"], totals["reports_due"]),
        (_("open high risks"), totals["risks"], None),
    ]


def figures(totals: Any, told: list[IndicatorFigure], scope: Scope) -> list[dict[str, object]]:
    """What it has done: two indicators, then the work itself. Each number has the address of its own list."""
    link = linker(scope)
    numbers = [each for each in told if each.indicator["kind"] not in WHOLE_ONLY]
    first = [
        next((each for each in told if each.indicator["people"]), None),
        next((each for each in numbers if not each.indicator["people"]), None),
    ]
    grants, running, due = totals["grants"], totals["running"], totals["reports_due"]
    return [
        *(_of_indicator(each, link) for each in first if each),
        _ran_then(running, link) if scope.since else _running(running, grants, link),
        {
            "value": number(totals["visits_made"]),
            "of": _("of {n} planned", n=number(totals["visits_planned"])),
            "of_href": link("/donor/visits"),
            "label": _("monitoring visits made"),
            "href": link("/donor/visits", show="made"),
            "notes": [
                {
                    "text": ngettext("{n} approved", "{n} approved", totals["visits_approved"]),
                    "href": link("/donor/visits", show="approved"),
                },
                {
                    "text": ngettext(
                        "{n} with photos and a place", "{n} with photos and a place", totals["visits_evidenced"]
                    ),
                    "href": link("/donor/visits", show="evidenced"),
                },
            ],
        },
        {
            "value": percent(Decimal(totals["reports_on_time"]) / due) if due else "–",
            "of": "",
            "label": _("reports on time"),
            "href": link("/donor/reports"),
            "notes": [
                {
                    "text": ngettext("{n} sent by its day", "{n} sent by their day", totals["reports_on_time"]),
                    "href": link("/donor/reports", show="on_time"),
                },
                {"text": ngettext("{n} due so far", "{n} due so far", due), "href": link("/donor/reports")},
            ],
        },
        {
            "value": number(totals["risks"]),
            "of": "",
            "label": _("open high risks, as of today") if scope.since else _("open high risks"),
            "href": link("/donor/trouble", kind="finding"),
            "notes": [
                {
                    "text": ngettext("{n} older than 30 days", "{n} older than 30 days", totals["risks_old"]),
                    "href": link("/donor/trouble", kind="finding", older="30"),
                }
            ]
            if totals["risks"]
            else [{"text": _("No high or critical finding is open")}],
        },
    ]


def _running(running: int, grants: int, link: Link) -> dict[str, object]:
    finished = {
        "text": ngettext("{n} finished", "{n} finished", grants - running),
        "href": link("/donor/money/awarded", state="finished"),
    }
    return {
        "value": number(running), "of": _("of {n}", n=number(grants)), "of_href": link("/donor/money/awarded"),
        "label": _("grants running"), "href": link("/donor/money/awarded", state="running"), "notes": [finished],
    }  # fmt: skip


def _ran_then(ran: int, link: Link) -> dict[str, object]:
    """Of a period: those whose run overlaps it, whenever they were signed."""
    return {
        "value": number(ran), "of": "", "label": _("grants ran in this time"),
        "href": link("/donor/money/awarded", state="ran"), "notes": [],
    }  # fmt: skip


def _of_indicator(told: IndicatorFigure, link: Link) -> dict[str, object]:
    indicator, total = told.indicator, told.figure
    here = link(f"/donor/results/{indicator['code']}")
    notes = []
    if told.target is not None:
        notes.append({"text": aim_said(told), "href": here})
    if (share := women(total)) is not None:
        notes.append({"text": _("{share} women where it was counted", share=percent(share)), "href": here})
    return {
        "value": total_shown(indicator, total.verified) if total.verified.there else "–",
        "of": _("verified of {n} reported", n=total_shown(indicator, total.reported))
        if total.reported.there else _("nothing reported yet"),
        "of_href": here + "#grants",
        "label": pick_text(indicator, "name"),
        "href": here + "#grants",
        "notes": notes,
    }  # fmt: skip


def aim_said(told: IndicatorFigure) -> str:
    if told.target is None:
        return _("no target set")
    target = target_said(told.indicator, told.target, told.aim)
    if told.all_time:
        return _("target {n}, for all periods together", n=target)
    return _("target {n}", n=target)


def women(total: Figure) -> Decimal | None:
    """Their share of those counted as women or men."""
    for split in total.splits:
        counted = sum(split.cells.values(), Decimal(0))
        if "women" in split.cells and counted:
            return split.cells["women"] / counted
    return None


@dataclass(frozen=True)
class Result:
    """One indicator as the overviews draw it."""

    told: IndicatorFigure
    bar: charts.Bullet
    said: str
    target: str
    evidence: str
    coverage: str
    href: str
    trail: list[dict[str, str]]
    waiting: str = ""

    @property
    def indicator(self) -> Any:
        return self.told.indicator


def result(told: IndicatorFigure, link: Link) -> Result:
    total, indicator = told.figure, told.indicator
    reported, verified = total.reported, total.verified
    said = progress_said(*(total_shown(indicator, each) if each.there else None for each in (reported, verified)))
    here, code = link(f"/donor/results/{indicator['code']}"), indicator["code"]
    proofs = link("/donor/evidence", indicator=code)
    return Result(
        told,
        charts.bullet(told.reached, reported.value, verified.value),
        said,
        aim_said(told),
        ngettext("{n} photo", "{n} photos", told.photos),
        coverage_said(total),
        here,
        [
            {"text": said, "href": f"{here}#grants"},
            {"text": ngettext("{n} grant", "{n} grants", told.grants), "href": f"{here}#grants"},
            {
                "text": ngettext("{n} visit", "{n} visits", told.visits),
                "href": link("/donor/visits", indicator=code),
            },
            {"text": ngettext("{n} photo", "{n} photos", told.photos), "href": f"{proofs}#photos"},
            {"text": ngettext("{n} document", "{n} documents", told.documents), "href": f"{proofs}#documents"},
        ],
    )


def public_result(told: IndicatorFigure, private: Privacy, what: str = "total", which: object = None) -> Result:
    """The same for everybody: small counts of people are hidden, and with them the bar that would show them."""
    total, indicator = told.figure, told.indicator
    here = href(f"/results/{indicator['code']}")
    both = (total.reported, total.verified)
    shown = [private.shown(what, indicator, which, each) for each in both]
    told = replace(told, figure=replace(total, reported=shown[0], verified=shown[1]))
    drawn = replace(result(told, lambda _path, **_also: here), href=here, evidence="", trail=[])
    if private.hides(what, indicator, which):
        said = progress_said(*(private.total(what, indicator, which, each) if each.there else None for each in both))
        drawn = replace(drawn, said=said)
    return replace(drawn, waiting=private.waiting(what, indicator, which))


def by_municipality(told: IndicatorFigure, scope: Scope, private: Privacy) -> list[dict[str, object]]:
    """Reported and verified in each municipality that reported, for everybody's eyes."""
    reported, verified = told.figure.reported.places, told.figure.verified.places
    return [
        {
            "place": place,
            "reported": private.told("place", told.indicator, place["id"], "reported", reported[place["id"]]),
            "verified": private.told("place", told.indicator, place["id"], "verified", verified[place["id"]])
            if verified.get(place["id"]) is not None else "–",
            "waiting": private.waiting("place", told.indicator, place["id"]),
        }
        for place in scope.places
        if place["id"] in reported
    ]  # fmt: skip


def rules_of(indicator: Columns) -> list[str]:
    """How an indicator adds up, in words."""
    return [
        label(Kind(indicator["kind"])),
        _("over time: {rule}", rule=label(Rule(indicator["time_rule"]))),
        _("over municipalities: {rule}", rule=label(Rule(indicator["place_rule"]))),
    ]


def adds(indicator: Columns) -> bool:
    """Whether the parts of its total are simply added."""
    return Kind(indicator["kind"]) in ADDITIVE and Rule(indicator["place_rule"]) is Rule.SUM


def coverage_said(total: Figure) -> str:
    """k of n: how many of the grants that should have reported did."""
    have, should = total.coverage.reported, total.coverage.expected
    said = [_("{k} of {n} grants have reported", k=number(have), n=number(should))] if should else []
    if total.coverage.no_data:
        said.append(ngettext("{n} says it has no data", "{n} say they have no data", total.coverage.no_data))
    if total.coverage.carried:
        said.append(ngettext("{n} counts with an older value", "{n} count with older values", total.coverage.carried))
    return "; ".join(said)
