"""Made-up rows for /patterns, the page that shows every component."""

from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from litestar import Response, get

from foundation.language import N_, labels, number, percent
from foundation.language import gettext as _
from foundation.money import NOT_MONEY
from web import charts
from web.lists.query import ListQuery
from web.pages import page


class Sample(StrEnum):
    """As a state of a lifecycle tells its word and tone."""

    VERIFIED = "verified"
    tone = property(lambda self: str(self))


labels(Sample, {Sample.VERIFIED: N_("Verified")})


def samples() -> dict[str, Any]:
    """In the current language; nothing here is real."""
    places = municipalities()
    return {
        "places": places,
        "state": Sample.VERIFIED,
        "here": ListQuery({"q": "x"}, page=2),
        "counted": SimpleNamespace(total=1000, exact=False, next="x"),
        "steps": charts.money_steps(money()),
        "figures": figures(),
        "results": results(),
        "map": charts.choropleth(places),
        "payments": payments(),
        "progress": {"done": 5, "part": 2, "total": 8},
        "award": Decimal(14820),
        "form": {
            "title_ka": "ახალგაზრდული ცენტრი დიხაშხოში",
            "amount": "15000,555",
            "ontrack": "partly",
            "documents": ["extract"],
        },
        "errors": {"amount": _(NOT_MONEY)},
    }


def municipalities() -> list[dict[str, Any]]:
    rows = [
        ("lanchkhuti", _("Lanchkhuti"), 22600, 3),
        ("ozurgeti", _("Ozurgeti"), 31200, 4),
        ("khoni", _("Khoni"), 24900, 3),
        ("vani", _("Vani"), 27800, 3),
        ("bagdati", _("Bagdati"), 9700, 2),
        ("terjola", _("Terjola"), 15400, 3),
        ("tsageri", _("Tsageri"), 10300, 2),
        ("ambrolauri", _("Ambrolauri"), 0, 0),
    ]
    shades = charts.shades({slug: amount for slug, _name, amount, _grants in rows})
    return [
        {
            "slug": slug,
            "name": name,
            "href": "#tiles",
            "figure": f"€{number(amount)}",
            "note": _("{n} grants", n=number(grants)),
            "shade": shades[slug],
        }
        for slug, name, amount, grants in rows
    ]


def money() -> list[dict[str, Any]]:
    rows = [
        (_("Sub-grant budget"), 240000, _("in the contract with the EU")),
        (_("Awarded"), 196400, _("{n} grants", n=number(23))),
        (_("Paid out"), 148250, _("{share} of awarded", share=percent(0.75))),
        (_("Reported spent"), 121900, _("{share} of paid", share=percent(0.82))),
        (_("Verified"), 64300, _("{share} of reported", share=percent(0.53))),
    ]
    return [
        {"label": label, "amount": amount, "value": f"€{number(amount)}", "note": note, "href": "#money"}
        for label, amount, note in rows
    ]


def figures() -> list[dict[str, Any]]:
    rows = [
        (number(4812), "", _("people took part"), _("{share} women", share=percent(0.57))),
        (number(14), _("of {n}", n=number(20)), _("municipal decisions changed"), _("12 verified on site")),
        (number(41), _("of {n}", n=number(44)), _("visits made"), _("38 with photos and a place")),
    ]
    return [
        {"value": value, "of": of, "label": label, "note": note, "href": "#figures"} for value, of, label, note in rows
    ]


def results() -> list[dict[str, Any]]:
    rows = [
        (_("Citizens at budget meetings"), 2400, 2016, 1730),
        (_("Municipal decisions changed"), 20, 14, 12),
        (_("Young people trained"), 600, 640, 512),
        (_("Services assessed by residents"), None, 39, 0),
    ]
    return [
        {
            "title": title,
            "bar": charts.bullet(target, reported, verified),
            "said": _(
                "{verified} verified of {reported} reported", verified=number(verified), reported=number(reported)
            ),
            "target": _("target {n}", n=number(target)) if target else _("No target set"),
        }
        for title, target, reported, verified in rows
    ]


def payments() -> charts.LineChart:
    months = [_("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov")]
    return charts.line_chart(
        months,
        [12, 31, 46, 63, 79, 96, 118, 134],
        [15, 35, 55, 75, 95, 112, 130, 146, 160],
        words=lambda thousands: f"€{number(thousands)}k" if thousands else "0",
        done_label=_("{amount} paid", amount="€134k"),
        plan_label=_("{amount} planned", amount="€160k"),
    )


@get("/patterns", name="patterns", include_in_schema=False, opt={"public": True, "unlisted": True})
async def patterns() -> Response[bytes]:
    """Every component in one place, for whoever builds pages."""
    return page("web/templates/patterns.html", **samples())


ROUTES = [patterns]
