"""The donor's overview, ready to be drawn: every number with the address of the list it adds up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from foundation.database import Columns, Row
from foundation.language import gettext as _
from foundation.language import label, language, ngettext, number, percent, pick_text
from foundation.money import SIGNS, money
from monitoring.indicators.numbers import formatted, progress_said, total_shown
from monitoring.indicators.queries import IndicatorFigure
from monitoring.indicators.terms import ADDITIVE, Figure, Kind, Rule
from monitoring.results.money import Beside, Months, Step, Sums
from monitoring.results.privacy import Privacy
from monitoring.results.scope import UNKNOWN, Scope
from web import charts
from web.context import href

Link = Callable[..., str]


def linker(scope: Scope) -> Link:
    """Addresses of the donor's lists that keep the filters."""

    def link(path: str, **also: object) -> str:
        return href(path, **(scope.query | also))

    return link


def sentence(totals: Row, sums: Sums, scope: Scope, behind: Link | None = None) -> str:
    """What the page says first; its numbers are marked, and lead to the lists `behind` them."""
    n = totals["organisations"]

    def marked(words: str, path: str, **also: object) -> Markup:
        return figure(words, behind(path, **also) if behind else "")

    paid, verified = sums.amount(Step.PAID), sums.amount(Step.VERIFIED)
    words: dict[str, object] = {
        "organisations": marked(number(n), "/donor/money/paid", by="organisation"),
        "places": marked(number(totals["municipalities"]), "/donor/money/paid", by="place"),
        "paid": marked(money(paid, sums.currency), "/donor/money/paid"),
        "verified": marked(money(verified, sums.currency), "/donor/money/verified"),
    }
    if not paid:
        awarded = marked(money(sums.amount(Step.AWARDED), sums.currency), "/donor/money/awarded")
        return _("Nothing has been paid out yet. {awarded} is awarded.", awarded=awarded)
    if scope.words:
        return ngettext(
            "{scope}: {organisations} local organisation has received {paid}."
            " Curators have checked {verified} of what it spent.",
            "{scope}: {organisations} local organisations have received {paid}."
            " Curators have checked {verified} of what they spent.",
            n, scope=", ".join(scope.words), **words,
        )  # fmt: skip
    return ngettext(
        "{organisations} local organisation has received {paid}. Curators have checked {verified} of what it spent.",
        "{organisations} local organisations in {places} municipalities have received {paid}."
        " Curators have checked {verified} of what they spent.",
        n, **words,
    )  # fmt: skip


def figure(words: str, address: str = "") -> Markup:
    marked = Markup('<em class="num">{}</em>').format(words)
    return Markup('<a href="{}">{}</a>').format(address, marked) if address else marked


def budget_of(totals: Any, scope: Scope) -> tuple[Decimal | None, str]:
    """The programme's, or the call's; one municipality or one curator has none of its own."""
    if scope.municipality or scope.unknown_place or scope.curator:
        return None, ""
    if scope.call:
        same = scope.call["currency"] == totals["currency"]
        return (scope.call["envelope"], _("envelope of the call")) if same else (None, "")
    return totals["budget"], _("in the contract with the donor")


def envelopes(scope: Scope, totals: Row) -> dict[str, Any]:
    """The budget call by call; `rest` is what no call has yet, so that the list adds up to the budget."""
    own = [call for call in scope.envelopes if call["currency"] == totals["currency"]]
    apart = [call for call in scope.envelopes if call["currency"] != totals["currency"]]
    if scope.call:
        own = [call for call in own if call["id"] == scope.call["id"]]
    total = sum((call["envelope"] for call in own), Decimal(0))
    whole = total if scope.call else totals["budget"]
    return {"calls": own, "apart": apart, "rest": whole - total, "budget": whole}


def steps(totals: object, sums: Sums, scope: Scope) -> list[charts.Step]:
    """Five bars; the budget is left out where there is none."""
    link, rows, before = linker(scope), [], None
    budget, of_budget = budget_of(totals, scope)
    for step in Step:
        amount = budget if step is Step.BUDGET else sums.amount(step)
        if amount is None:
            continue
        if step is Step.BUDGET:
            note = of_budget
        elif step is Step.AWARDED:
            note = ngettext("{n} grant", "{n} grants", sums.grants(step))
        else:
            note = _share_of(step, amount, before)
        note = _and(note, _beside(step, amount, sums.amount, sums.currency))
        rows.append(
            {"label": label(step), "amount": amount, "value": money(amount, sums.currency), "note": note,
             "href": link(f"/donor/money/{step}")}
        )  # fmt: skip
        before = amount
    return charts.money_steps(rows)


def public_steps(totals: object, sums: Sums, scope: Scope) -> list[charts.Step]:
    """For everybody: the budget opens the envelopes it is divided into, the other steps the grants they add up from."""
    also = {"municipality": scope.municipality["slug"]} if scope.municipality else {}
    where = {label(step): href("/grants", sort=f"-{step}", **also) for step in Step if step is not Step.BUDGET}
    return [replace(step, href=where.get(step.label, href("/budget"))) for step in steps(totals, sums, scope)]


def steps_of(grant: Row) -> list[charts.Step]:
    """One grant's money, from what was awarded to what is verified."""
    before, made = None, []
    for step in (step for step in Step if step is not Step.BUDGET):
        amount = grant["amount"] if step is Step.AWARDED else grant[str(step)]
        if grant["source"] and not amount:
            continue  # the sources do not say, which is not zero
        note = "" if step is Step.AWARDED else _share_of(step, amount, before)
        note = _and(note, _beside(step, amount, lambda beside: grant[str(beside)], grant["currency"]))
        made.append({"label": label(step), "amount": amount, "value": money(amount, grant["currency"]), "note": note})
        before = amount
    return charts.money_steps(made)


def _and(note: str, more: str) -> str:
    return " · ".join(each for each in (note, more) if each)


def _beside(step: Step, amount: Decimal, told: Callable[[Beside], Decimal], currency: str) -> str:
    """What a step is net of what went back, and what the organisations spent of their own: no part of the bar."""
    match step:
        case Step.AWARDED if back := told(Beside.GIVEN_BACK):
            return _(
                "net {amount}, {back} went back", amount=money(amount - back, currency), back=money(back, currency)
            )
        case Step.PAID if back := told(Beside.RETURNED):
            return _(
                "net {amount}, {back} came back", amount=money(amount - back, currency), back=money(back, currency)
            )
        case Step.REPORTED if own := told(Beside.OWN_REPORTED):
            return _("and {amount} of their own", amount=money(own, currency))
        case Step.VERIFIED if own := told(Beside.OWN_VERIFIED):
            return _("and {amount} of their own", amount=money(own, currency))
    return ""


def _share_of(step: Step, amount: Decimal, before: Decimal | None) -> str:
    if not before:
        return ""
    share = percent(amount / before)
    return {
        Step.PAID: _("{share} of awarded", share=share),
        Step.REPORTED: _("{share} of paid", share=share),
        Step.VERIFIED: _("{share} of reported", share=share),
    }[step]


def other_currencies(sums: Sums) -> list[str]:
    """In other currencies, said apart and never added."""
    return [
        _(
            "Also in another currency, not added above: {awarded} awarded, {paid} paid, {verified} verified.",
            awarded=money(sums.amount(Step.AWARDED, currency), currency),
            paid=money(sums.amount(Step.PAID, currency), currency),
            verified=money(sums.amount(Step.VERIFIED, currency), currency),
        )
        for currency in sums.others
    ]


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
    first = [
        next((each for each in told if each.indicator["people"]), None),
        next((each for each in told if not each.indicator["people"]), None),
    ]
    grants, running, due = totals["grants"], totals["running"], totals["reports_due"]
    return [
        *(_of_indicator(each, link) for each in first if each),
        {
            "value": number(running),
            "of": _("of {n}", n=number(grants)),
            "of_href": link("/donor/money/awarded"),
            "label": _("grants running"),
            "href": link("/donor/money/awarded", state="running"),
            "notes": [
                {
                    "text": ngettext("{n} finished", "{n} finished", grants - running),
                    "href": link("/donor/money/awarded", state="finished"),
                }
            ],
        },
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
            "label": _("open high risks"),
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


def _of_indicator(told: IndicatorFigure, link: Link) -> dict[str, object]:
    indicator, total = told.indicator, told.figure
    here = link(f"/donor/results/{indicator['code']}")
    notes = []
    if told.target is not None:
        notes.append({"text": _("target {n}", n=formatted(indicator, told.target)), "href": here})
    if (share := women(total)) is not None:
        notes.append({"text": _("{share} women where it was counted", share=percent(share)), "href": here})
    return {
        "value": total_shown(indicator, total.verified) if total.verified.value is not None else "–",
        "of": _("verified of {n} reported", n=total_shown(indicator, total.reported))
        if total.reported.value is not None else _("nothing reported yet"),
        "of_href": here + "#grants",
        "label": pick_text(indicator, "name"),
        "href": here + "#grants",
        "notes": notes,
    }  # fmt: skip


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
    said = progress_said(
        *(total_shown(indicator, each) if each.value is not None else None for each in (reported, verified))
    )
    here, code = link(f"/donor/results/{indicator['code']}"), indicator["code"]
    proofs = link("/donor/evidence", indicator=code)
    return Result(
        told,
        charts.bullet(told.target, reported.value, verified.value),
        said,
        _("target {n}", n=formatted(indicator, told.target)) if told.target is not None else _("no target set"),
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
        said = progress_said(
            *(private.total(what, indicator, which, each) if each.value is not None else None for each in both)
        )
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
    return "; ".join(said)


def places(sums: Sums, scope: Scope, where: Callable[[Any], str], step: Step = Step.AWARDED) -> list[dict[str, object]]:
    """For the tile map and the map: whole amounts of one step, shaded by size."""
    amounts = {place["slug"]: sums.at(place["id"], step) for place in scope.places}
    shades = charts.shades({slug: amount for slug, (amount, _grants) in amounts.items()})
    return [
        {
            "slug": place["slug"],
            "name": pick_text(place, "name"),
            "href": where(place),
            "amount": amounts[place["slug"]][0],
            "figure": whole(amounts[place["slug"]][0], sums.currency),
            "note": ngettext("{n} grant", "{n} grants", amounts[place["slug"]][1]),
            "shade": shades[place["slug"]],
        }
        for place in scope.places
    ]


def by_place(
    sums: Sums, scope: Scope, where: Callable[[Any], str], behind: Callable[[Step, Any], str] | None = None
) -> list[dict[str, object]]:
    """The same as a table that adds up: one more row for grants whose municipality no source names. `behind`: where
    each amount leads."""
    found = [(place, pick_text(place, "name"), place["slug"]) for place in scope.places]
    unknown = {"id": None, "slug": UNKNOWN}
    if any(cell.municipality is None and cell.currency == sums.currency for cell in sums.cells):
        found.append((unknown, _("municipality not known"), ""))
    return [
        {
            "name": name,
            "slug": slug,
            "href": where(place),
            "grants": sums.at(place["id"], Step.AWARDED)[1],
            "hrefs": {str(step): behind(step, place) for step in Step} if behind else {},
            "amounts": {str(step): sums.at(place["id"], step)[0] for step in Step if step is not Step.BUDGET},
        }
        for place, name, slug in found
    ]


def whole(amount: Decimal, currency: str) -> str:
    """Without cents, where there is little room; the table beside it is exact."""
    return money(amount.quantize(Decimal(1)), currency)


def payments(months: Months, currency: str) -> tuple[charts.LineChart, str]:
    """Paid and planned, added up month by month, and the same in one sentence."""
    thousand = max([*months.paid, *months.planned, Decimal(0)]) >= 10000
    paid = months.paid[-1] if months.paid else Decimal(0)
    by_now = months.planned[len(months.paid) - 1] if months.paid else Decimal(0)

    def words(amount: object) -> str:
        if not amount:
            return "0"
        if thousand:
            return _("{sign}{number}k", sign=SIGNS[currency], number=number(Decimal(str(amount)) / 1000))
        return money(Decimal(str(amount)), currency)

    drawing = charts.line_chart(
        month_words(months.months), months.paid, months.planned, words=words,
        done_label=_("{amount} paid", amount=money(paid, currency)),
        plan_label=_("{amount} planned by now", amount=money(by_now, currency)),
    )  # fmt: skip
    said = _(
        "Payments added up month by month: {paid} paid, {planned} planned by now.",
        paid=money(paid, currency), planned=money(by_now, currency),
    )  # fmt: skip
    return drawing, said


def month_words(months: list[date]) -> list[str]:
    """Names where they fit: every month of a short time, every January of a long one."""
    if len(months) <= 10:
        return [_month(month) for month in months]
    if len(months) <= 25:
        return [_month(month) if place % 3 == 0 else "" for place, month in enumerate(months)]
    return [str(month.year) if month.month == 1 else "" for month in months]


def _month(month: date) -> str:
    return format_date(month, "LLL", locale="ka" if language.get() == "ka" else "en_GB")
