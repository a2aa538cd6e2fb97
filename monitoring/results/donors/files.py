"""The donor's lists as files: what goes into which column."""

from __future__ import annotations

from enum import StrEnum

from foundation.database import Row
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from monitoring.indicators.queries import IndicatorFigure
from monitoring.indicators.terms import Verdict
from monitoring.results import overview
from monitoring.results.donors.money import what
from monitoring.results.money import By, Step, Sums
from monitoring.results.scope import Scope

ONE_OF = {
    By.GRANT: N_("Grant"),
    By.ORGANISATION: N_("Organisation"),
    By.PLACE: N_("Municipality"),
    By.WHAT: N_("What"),
}
Table = tuple[list[str], list[list[object]]]


def whole_overview(scope: Scope, totals: object, sums: Sums, figures: list[IndicatorFigure]) -> Table:
    rows: list[list[object]] = []
    budget, _note = overview.budget_of(totals, scope)
    if budget is not None:
        rows.append([_("Money"), label(Step.BUDGET), budget, sums.currency, None, None, None])
    for step in (step for step in Step if step is not Step.BUDGET):
        for currency in (sums.currency, *sums.others):
            rows.append([_("Money"), label(step), sums.amount(step, currency), currency, None, None, None])
    for told in figures:
        indicator, total = told.indicator, told.figure
        name, unit = pick_text(indicator, "name"), pick_text(indicator, "unit")
        rows.append([_("Result"), name, None, unit, total.reported.value, total.verified.value, told.target])
    for item in overview.figures(totals, [], scope):
        rows.append([_("Work"), item["label"], item["value"], item["of"], None, None, None])
    columns = [_("Part"), _("What"), _("Amount or number"), _("Unit"), _("Reported"), _("Verified"), _("Target")]
    return columns, rows


def together_list(step: StrEnum, by: By, rows: list[Row]) -> Table:
    """The same money put together."""
    columns = [_(ONE_OF[by]), _("Grants"), _("Lines"), label(step), _("Currency")]
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
    columns = [_("Kind"), _("Grant"), _("Title"), _("Visit"), _("Date"), _("Caption"), "SHA-256"]
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
