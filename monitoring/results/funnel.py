"""The money of the overviews, ready to be drawn: every amount with the address of the list it adds up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import label, language, ngettext, number, percent, pick_text
from foundation.money import SIGNS, money
from monitoring.results.money import Beside, Months, Step, Sums
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
    awarded = sums.amount(Step.AWARDED)
    words: dict[str, object] = {
        "organisations": marked(number(n), "/donor/money/paid", by="organisation"),
        "places": marked(number(totals["municipalities"]), "/donor/money/paid", by="place"),
        "paid": marked(money(paid, sums.currency), "/donor/money/paid"),
        "verified": marked(money(verified, sums.currency), "/donor/money/verified"),
        "awarded": marked(money(awarded, sums.currency), "/donor/money/awarded"),
    }
    if scope.since:
        return _in_a_period(n, bool(paid), scope, words)
    if not paid and scope.words:
        return _("{scope}: nothing has been paid out yet. {awarded} is awarded.", scope=scope.where_words, **words)
    if not paid:
        return _("Nothing has been paid out yet. {awarded} is awarded.", **words)
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


def _in_a_period(n: int, paid: bool, scope: Scope, words: dict[str, object]) -> str:
    """Whoever was paid then and whose reports end then need not be the same."""
    where = ", ".join(scope.words)
    if not paid:
        return _("{scope}: nothing was paid out. Agreements over {awarded} were signed.", scope=where, **words)
    return ngettext(
        "{scope}: {organisations} local organisation received {paid}."
        " In reports whose period ends in this time, curators have checked {verified}.",
        "{scope}: {organisations} local organisations received {paid}."
        " In reports whose period ends in this time, curators have checked {verified}.",
        n, scope=where, **words,
    )  # fmt: skip


def figure(words: str, address: str = "") -> Markup:
    marked = Markup('<em class="num">{}</em>').format(words)
    return Markup('<a href="{}">{}</a>').format(address, marked) if address else marked


def budget_of(totals: Any, scope: Scope) -> tuple[Decimal | None, str]:
    """The programme's, or the call's; one municipality, one curator or one period has none of its own."""
    if scope.since or scope.municipality or scope.unknown_place or scope.curator:
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
        if amount is None or is_untold(sums, step):
            continue
        if step is Step.BUDGET:
            note = of_budget
        elif step is Step.AWARDED:
            note = ngettext("{n} grant", "{n} grants", sums.grants(step))
        else:
            note = _share_of(step, amount, before)
            if step is Step.REPORTED and (base := sums.amount(Beside.REPORTABLE)) != before:
                note = _of_reportable(amount, base, sums.currency)
        note = _and(note, _beside(step, amount, sums.amount, sums.currency))
        rows.append(
            {"label": label(step), "amount": amount, "value": money(amount, sums.currency), "note": note,
             "href": link(f"/donor/money/{step}")}
        )  # fmt: skip
        before = amount
    return charts.money_steps(rows)


SPENT = (Step.REPORTED, Step.VERIFIED)


def is_untold(sums: Sums, step: Step) -> bool:
    """Something was paid, and of none of it a source tells what it was spent on: that is not known, and no zero."""
    if step not in SPENT or sums.amount(step):
        return False
    return bool(sums.amount(Step.PAID)) and not sums.amount(Beside.REPORTABLE)


def _of_reportable(amount: Decimal, base: Decimal, currency: str) -> str:
    if not base:
        return ""
    return _("{share} of the {base} that is reported on", share=percent(amount / base), base=money(base, currency))


def unsaid(sums: Sums) -> str:
    """What was paid in grants of which no source tells what it was spent on."""
    rest = sums.amount(Step.PAID) - sums.amount(Beside.REPORTABLE)
    return (
        _("Of {amount} paid, no source says what it was spent on.", amount=money(rest, sums.currency))
        if rest > 0
        else ""
    )


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
            "figure": whole(amounts[place["slug"]][0], sums.currency) if scope.covers(place) else "",
            "note": ngettext("{n} grant", "{n} grants", amounts[place["slug"]][1]) if scope.covers(place) else "",
            "shade": shades[place["slug"]],
        }
        for place in scope.places
    ]


def unplaced(sums: Sums, scope: Scope, link: Link) -> dict[str, str] | None:
    """What stands on no tile: grants whose municipality no source names."""
    amount, grants = sums.at(None, Step.AWARDED)
    if not grants or scope.unknown_place:
        return None
    said = ngettext(
        "{amount} in {n} grant whose municipality is not known",
        "{amount} in {n} grants whose municipality is not known", grants, amount=money(amount, sums.currency),
    )  # fmt: skip
    return {"text": said, "href": link("/donor/money/awarded", municipality=UNKNOWN)}


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
            "amounts": {str(step): _known(sums, place, step) for step in Step if step is not Step.BUDGET},
        }
        for place, name, slug in found
    ]


def _known(sums: Sums, place: Any, step: Step) -> Decimal | None:
    """None where something was paid and no source tells of it."""
    amount, _grants = sums.at(place["id"], step)
    untold = step in SPENT and not amount and sums.at(place["id"], Step.PAID)[0]
    return None if untold and not sums.beside(place["id"], Beside.REPORTABLE) else amount


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
