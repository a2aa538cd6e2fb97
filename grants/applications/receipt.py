"""The receipt of a submission as a PDF in the organisation's language: number, time, amount and fingerprint."""

from __future__ import annotations

from typing import Any

from foundation.language import gettext as _
from foundation.language import in_tbilisi, language, moment, pick_text
from foundation.money import money
from grants.applications.tables import Application
from grants.calls.tables import Call
from web.paper import pdf

TEMPLATE = "grants/applications/templates/receipt.typ"


async def receipt_pdf(application: Application, call: Call, example: bool) -> bytes:
    return await pdf(TEMPLATE, words_of(application, call, example))


def words_of(application: Application, call: Call, example: bool) -> dict[str, object]:
    """In the current language."""
    named: Any = application
    declared = (application.body or {}).get("declaration", {})
    return {
        "language": language.get(),
        "heading": _("Receipt for an application"),
        "number": application.number,
        "example": _("Example data: the amounts, scores and addresses here are invented.") if example else "",
        "facts": [
            [_("Project"), pick_text(application, "title")],
            [_("Organisation"), pick_text(named, "organisation_name")],
            [_("Call"), f"{pick_text(call, 'title')} ({call.reference})"],
            [_("Requested from the grant"), money(application.requested, application.currency)],
            [_("Received"), moment(application.submitted_at)],
            [_("Deadline"), in_tbilisi(call.deadline)],
            [_("Sent by"), declared.get("signed_by", "")],
        ],
        "hash_label": _("Fingerprint (SHA-256) of what was sent"),
        "hash": application.body_sha256.hex(),
        "hash_note": _("It belongs to exactly what was sent: if one letter were changed, it would be another one."),
        "declaration_label": _("Declared by the signatory"),
        "declaration": declared.get(f"text_{language.get()}", []),
    }
