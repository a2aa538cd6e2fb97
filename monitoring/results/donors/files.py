"""The donor's lists as files: what goes into which column."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from foundation.database import Row
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from monitoring.indicators.queries import IndicatorFigure
from monitoring.indicators.terms import Verdict
from monitoring.results import overview
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
    budget, _note = overview.budget_of(totals, scope)
    if budget is not None:
        rows.append([_("Money"), label(Step.BUDGET), budget, sums.currency, *[None] * 7])
    for step in (step for step in Step if step is not Step.BUDGET):
        for currency in (sums.currency, *sums.others):
            rows.append([_("Money"), label(step), sums.amount(step, currency), currency, *[None] * 7])
    for told in figures:
        indicator, total = told.indicator, told.figure
        name, unit = pick_text(indicator, "name"), pick_text(indicator, "unit")
        reached = [total.reported.value, total.verified.value, told.target]
        rows.append([_("Result"), name, None, None, *[None] * 3, unit, *reached])
    for name, part, whole in overview.work(totals):
        share = Decimal(part) / whole if whole else None
        rows.append([_("Work"), name, None, None, part, whole, share, *[None] * 4])
    columns: list[Head | str] = [
        _("Part"), _("What"), Head(_("Amount"), "money"), _("Currency"), _("Number"), _("Out of"),
        Head(_("Share"), "share"), _("Unit"), _("Reported"), _("Verified"), _("Target"),
    ]  # fmt: skip
    return columns, rows


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


def values_heads() -> list[str]:
    return [
        _("Grant"), _("Title"), _("Organisation"), _("Municipality"), _("Period until"), _("Reported"), _("Verdict"),
        _("Verified"), _("Documents"), _("Visits"), _("Photos"),
    ]  # fmt: skip


def values_lines(rows: list[Row]) -> list[list[object]]:
    return [
        [
            row["reference"], pick_text(row, "title"), pick_text(row, "organisation"), pick_text(row, "place"),
            row["period_to"], row["reported"], label(Verdict(row["verdict"])), row["verified"], row["documents"],
            row["visits"], row["photos"],
        ]
        for row in rows
    ]  # fmt: skip
