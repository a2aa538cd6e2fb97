"""The triage list as CSV: one row an application, for a spreadsheet, with nothing a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from foundation.clock import TBILISI
from foundation.language import gettext as _
from foundation.language import label
from grants.applications.lifecycle import State
from web.sheets import plain


def as_csv(found: Iterable[Mapping[str, Any]], example: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            _("Number"), _("State"), _("Title, in Georgian"), _("Title, in English"), _("Organisation, in Georgian"),
            _("Organisation, in English"), _("Identification code"), _("Municipality"), _("Call"), _("Asked"),
            _("Currency"), _("Sent"), *([_("Data")] if example else []),
        ]
    )  # fmt: skip
    for each in found:
        writer.writerow(
            [
                each["number"], label(State(each["state"])), *map(plain, (each["title_ka"], each["title_en"],
                each["organisation_name_ka"], each["organisation_name_en"])), each["identification_code"] or "",
                each["municipality_name_ka"] or "", each["call_reference"], each["requested"], each["currency"],
                each["submitted_at"].astimezone(TBILISI).isoformat(timespec="seconds"),
                *([_("example data")] if example else []),
            ]
        )  # fmt: skip
    return text.getvalue().encode("utf-8-sig")
