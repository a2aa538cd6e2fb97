"""What is not going well, in sentences: derived from dates and states, so nobody has to admit it first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from foundation.clock import today
from foundation.database import Row
from foundation.language import N_, day, labels, language, ngettext, pick, pick_text
from foundation.language import gettext as _
from web.context import href


class Trouble(StrEnum):
    REPORT = "report"
    FINDING = "finding"
    RECOMMENDATION = "recommendation"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CONTRADICTED = "contradicted"


labels(
    Trouble,
    {
        Trouble.REPORT: N_("Reports that are late"),
        Trouble.FINDING: N_("High and critical findings"),
        Trouble.RECOMMENDATION: N_("Overdue recommendations"),
        Trouble.SUSPENDED: N_("Suspended grants"),
        Trouble.TERMINATED: N_("Terminated grants"),
        Trouble.CONTRADICTED: N_("Reported values that evidence contradicts"),
    },
)


def described(found: list[Row]) -> list[Mapping[str, Any]]:
    """Each with what is `said` of it, a `note`, and `whose` turn it is."""
    return [{**row, **_described(row)} for row in found]


def _described(row: Row) -> dict[str, str]:
    kind = Trouble(row["kind"])
    grant = pick_text(row, "title") if row["reference"] else ""
    late = (today() - row["since"]).days if row["since"] else 0
    said, note = _words(kind, row, grant, late)
    return {"said": said, "note": note, "whose": _whose(kind, row)}


def _words(kind: Trouble, row: Row, grant: str, late: int) -> tuple[str, str]:
    if kind is Trouble.REPORT and row["other"] == "returned":
        said = _("Report {number} of “{grant}” was sent back and has not come again", number=row["number"], grant=grant)
        return said, _("It was due on {day}.", day=day(row["since"]))
    if kind is Trouble.REPORT:
        said = ngettext(
            "Report {number} of “{grant}” is {n} day late", "Report {number} of “{grant}” is {n} days late", late,
            number=row["number"], grant=grant,
        )  # fmt: skip
        return said, _("It was due on {day}.", day=day(row["since"]))
    if kind is Trouble.FINDING:
        said = _("Critical finding at “{grant}”", grant=grant)
        if row["severity"] == "high":
            said = _("High-risk finding at “{grant}”", grant=grant)
        words = Markup('<span lang="ka">{}</span>').format(row["text_ka"] or "")
        if row["text_ka"] and language.get() == "en":
            words = Markup("{} ({})").format(words, _("in Georgian"))
        return said, words
    if kind is Trouble.RECOMMENDATION:
        said = ngettext("A recommendation is {n} day past its day", "A recommendation is {n} days past its day", late)
        return said, pick(row, "text")
    if kind is Trouble.CONTRADICTED:
        said = _("Evidence contradicts a value reported by “{grant}”", grant=grant)
        return said, pick_text(row, "text")
    since = day(row["since"]) if row["since"] else ""
    if kind is Trouble.SUSPENDED:
        said = _("“{grant}” is suspended: nothing is paid meanwhile", grant=grant)
        return said, _("Suspended since {day}.", day=since) if since else ""
    return _("“{grant}” was terminated", grant=grant), _("Terminated on {day}.", day=since) if since else ""


def _whose(kind: Trouble, row: Row) -> str:
    """Who has to act: an organisation, a municipality, or the programme; never a person's name."""
    place = pick_text(row, "place") if row["slug"] else _("municipality not known")
    known = row["name_ka"] or row["name_en"]
    if kind is Trouble.RECOMMENDATION and not known:
        return _("{place}, municipality", place=place)
    return f"{pick_text(row, 'name')}, {place}" if known else place


def leads_to(row: Mapping[str, Any], inside: bool, everywhere: bool = False) -> str:
    """The page about it. Who is `inside` may follow it to pages the public has not, and who reads `everywhere` also to
    what belongs to one municipality."""
    kind = Trouble(row["kind"])
    if inside and kind is Trouble.FINDING:
        return href(f"/donor/visits/{row['other']}")
    if inside and kind is Trouble.CONTRADICTED:
        return href(f"/donor/values/{row['other']}")
    if kind is Trouble.RECOMMENDATION and row["addressee"] == "municipality":
        return href(f"/municipalities/{row['slug']}") + f"#{row['other']}"
    if kind is Trouble.RECOMMENDATION and (everywhere or not row["reference"]):
        return href(f"/recommendations/{row['other']}")
    return href(f"/grants/{row['reference']}")
