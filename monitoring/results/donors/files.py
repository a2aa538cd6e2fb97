"""The donor's lists as files: what goes into which column."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from foundation.database import Columns, Row
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from foundation.typed import exact
from monitoring.indicators.numbers import leaf, total_shown
from monitoring.indicators.queries import IndicatorFigure
from monitoring.indicators.terms import WHOLE_ONLY, Kind, Total, Verdict
from monitoring.results import funnel, overview
from monitoring.results.donors.money import what
from monitoring.results.money import By, Step, Sums
from monitoring.results.scope import TITLES, Scope
from web.cells import Head
from web.sheets import About

ONE_OF = {
    By.GRANT: N_("Grant"),
    By.ORGANISATION: N_("Organisation"),
    By.PLACE: N_("Municipality"),
    By.WHAT: N_("What"),
}
Table = tuple[list[Head | str], list[list[object]]]


def about(scope: Scope, name: str, title: str, path: str, **more: str) -> About:
    """What a file of these pages is of."""
    shown = {_(TITLES[each]): words for each, words in scope.narrowed.items()}
    return About(name, title, path, shown, scope.query | more)


def whole_overview(scope: Scope, totals: Any, sums: Sums, figures: list[IndicatorFigure]) -> Table:
    """Each kind of number in a column of its own: nothing has to be taken apart to be added up."""
    rows: list[list[object]] = []
    budget, _note = funnel.budget_of(totals, scope)
    if budget is not None:
        rows.append([_("Money"), label(Step.BUDGET), budget, sums.currency, *[None] * 7])
    for step in (step for step in Step if step is not Step.BUDGET):
        for currency in (sums.currency, *sums.others):
            amount = None if currency == sums.currency and funnel.is_untold(sums, step) else sums.amount(step, currency)
            rows.append([_("Money"), label(step), amount, currency, *[None] * 7])
    for told in figures:
        indicator, both = told.indicator, (told.figure.reported, told.figure.verified)
        name, unit = pick_text(indicator, "name"), pick_text(indicator, "unit")
        reached = [*(_whole(indicator, each) for each in both), _target(told)]
        rows.append([_("Result"), name, None, None, *[None] * 3, unit, *reached])
    for name, part, whole in overview.work(totals):
        share = Decimal(part) / whole if whole else None
        rows.append([_("Work"), name, None, None, part, whole, share, *[None] * 4])
    columns: list[Head | str] = [
        _("Part"), _("What"), Head(_("Amount"), "money"), _("Currency"), _("Number"), _("Out of"),
        Head(_("Share"), "share"), _("Unit"), _("Reported"), _("Verified"), _("Target"),
    ]  # fmt: skip
    return columns, rows


def _whole(indicator: Columns, total: Total) -> object:
    """A number where there is one; grades and words are counted."""
    return total_shown(indicator, total) if total.levels else _as_written(total.value)


def _target(told: IndicatorFigure) -> object:
    return None if told.all_time else _as_written(told.target)


def together_list(step: StrEnum, by: By, rows: list[Row]) -> Table:
    """The same money put together."""
    columns: list[Head | str] = [
        _(ONE_OF[by]), _("Grants"), _("Lines"), Head(label(step), "money"), _("Currency"),
    ]  # fmt: skip
    return columns, [
        [name_of(step, by, row), len(row["references"]), row["parts"], row["amount"], row["currency"]] for row in rows
    ]


def name_of(step: StrEnum, by: By, row: Row) -> str:
    """What one line of money put together is; a grant without a title goes by its reference."""
    if by is By.WHAT:
        return what(step, row)
    if by is By.GRANT:
        return (
            f"{row['reference']} {pick_text(row, 'title')}" if row["title_ka"] or row["title_en"] else row["reference"]
        )
    return pick_text(row, "name") if row["name_ka"] or row["name_en"] else _("not known")


def evidence_list(photos: list[Row], documents: list[Row]) -> Table:
    columns: list[Head | str] = [_("Kind"), _("Grant"), _("Title"), _("Visit"), _("Date"), _("Caption"), "SHA-256"]
    return columns, [
        *(
            [
                _("Photo"), row["reference"], pick_text(row, "title"), row["visit"],
                row["taken_at"] or row["visited_on"],
                pick_text(row, "caption") if row["shown"] else None, row["sha256"] if row["shown"] else None,
            ]
            for row in photos
        ),
        *(
            [
                _("Photo") if row["image"] else _("Document"), row["reference"], pick_text(row, "title"), None,
                row["created"], None, row["sha256"],
            ]
            for row in documents
        ),
    ]  # fmt: skip


def _as_written(number: Decimal | None) -> Decimal | None:
    """Without the zeros of the column it is stored in."""
    return None if number is None else Decimal(exact(number))


def values_heads() -> list[str]:
    return [
        _("Grant"), _("Title"), _("Organisation"), _("Municipality"), _("Period until"), _("Reported"), _("Out of"),
        _("In words"), _("Verdict"), _("Verified"), _("Verified out of"), _("Documents"), _("Visits"), _("Photos"),
    ]  # fmt: skip


def values_lines(indicator: Columns, rows: list[Row]) -> list[list[object]]:
    """A grade is its place from the lowest, with its word beside it; what is told in words has no number."""
    words = indicator["kind"] == Kind.TEXT
    return [
        [
            row["reference"], pick_text(row, "title"), pick_text(row, "organisation"), pick_text(row, "place"),
            row["period_to"], None if words else _as_written(row["reported"]), _as_written(row["reported_of"]),
            leaf(indicator, row) if indicator["kind"] in WHOLE_ONLY and row["reported"] is not None else None,
            label(Verdict(row["verdict"])), None if words else _as_written(row["verified"]),
            _as_written(row["verified_of"]), row["documents"],
            row["visits"], row["photos"],
        ]
        for row in rows
    ]  # fmt: skip
