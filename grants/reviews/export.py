"""The ranked list for the committee's own spreadsheet: one row an application with each reviewer's total."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.language import gettext as _
from foundation.language import label, pick_text
from grants.applications.lifecycle import State
from grants.calls.tables import Call
from grants.reviews.ranking import Place
from web.cells import Head
from web.sheets import About, Sheet, sheet


async def ranking_sheet(call: Call, places: Sequence[Place], kind: str) -> Sheet:
    """What this person may not see yet stays empty, as on the page."""
    most = max((len(place.totals) for place in places), default=0)
    columns: list[Head | str] = [
        _("Rank"), _("Number"), _("Title"), _("Organisation"), _("Municipality"), Head(_("Asked"), "money"),
        _("Currency"), _("Score"), _("Spread"), *(_("Review {n}", n=n + 1) for n in range(most)),
        Head(_("Running sum"), "money"), _("Decision"), Head(_("Amount"), "money"), _("State"),
    ]  # fmt: skip
    shown = {_("Call"): f"{call.reference} {pick_text(call, 'title')}"}
    about = About(f"{call.reference}-ranking", _("Ranking"), f"/calls/{call.reference}/ranking", shown)
    return await sheet(about, columns, [_row(call, place, most) for place in places], kind)


def _row(call: Call, place: Place, most: int) -> list[object]:
    application = place.application
    totals: list[object] = [] if place.hidden else [*place.totals]
    return [
        place.rank, application.number, pick_text(application, "title"), pick_text(application, "organisation_name"),
        pick_text(application, "place") if application.slug else None, application.requested, call.currency,
        None if place.hidden else place.average, None if place.hidden else place.spread, *totals,
        *[None] * (most - len(totals)), place.running, label(place.outcome) if place.outcome else None,
        place.decision.amount if place.decision else None, label(State(application.state)),
    ]  # fmt: skip
