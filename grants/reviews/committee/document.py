"""Minutes as a document: what the signature stands under, and the same as words for paper."""

from __future__ import annotations

from typing import Any

from foundation.language import day, label, language, moment, pick_text
from foundation.language import gettext as _
from foundation.money import money
from grants.calls.tables import Call
from grants.reviews import queries
from grants.reviews.lifecycle import MinutesState, Outcome
from grants.reviews.tables import MeetingMinutes
from web.shell import SITE


def said_by(call: Call, minutes: MeetingMinutes, decisions: list[Any]) -> dict[str, object]:
    """What the signature stands under."""
    return {
        "version": 1,
        "call": {"reference": call.reference, "title_ka": call.title_ka, "title_en": call.title_en},
        "currency": call.currency,
        "envelope": str(call.envelope),
        "number": minutes.number,
        "held_on": minutes.held_on.isoformat(),
        "present": minutes.present,
        "text": minutes.text,
        "reserve_until": minutes.reserve_until.isoformat() if minutes.reserve_until else None,
        "decisions": [
            {
                "application": each.number,
                "organisation_ka": each.organisation_name_ka,
                "organisation_en": each.organisation_name_en,
                "title_ka": each.title_ka,
                "title_en": each.title_en,
                "rank": each.rank,
                "average": str(each.average) if each.average is not None else None,
                "totals": [str(total) for total in each.totals],
                "requested": str(each.requested),
                "outcome": each.outcome,
                "amount": str(each.amount) if each.amount else None,
                "reason": each.reason,
                "exception_note": each.exception_note,
                "correction": each.correction,
                "correct_by": each.correct_by.isoformat() if each.correct_by else None,
            }
            for each in decisions
        ],
    }


async def printed(call: Call, row: MeetingMinutes) -> dict[str, object]:
    """The minutes as words for paper, in the current language."""
    decisions = await queries.decisions_in(row)
    return {
        "language": language.get(),
        "example": _("Example data: the amounts, scores and addresses here are invented.") if SITE.example else "",
        "title": _("Minutes {number} of the committee", number=row.number),
        "call": f"{pick_text(call, 'title')} · {call.reference}",
        "facts": [
            [_("Held on"), day(row.held_on)],
            [_("Present"), row.present or ""],
            [_("Envelope"), money(call.envelope, call.currency)],
            [_("The reserve list holds until"), day(row.reserve_until) if row.reserve_until else "–"],
        ],
        "text": row.text or "",
        "words": {
            "decisions": _("Decisions"),
            "page": _("Page"),
            "rank": _("Rank"),
            "application": _("Application"),
            "score": _("Score"),
            "outcome": _("Decision"),
            "amount": _("Amount"),
        },
        "decisions": [
            {
                "rank": str(each.rank or "–"),
                "application": f"{each.number}, {pick_text(each, 'organisation_name')}",
                "title": pick_text(each, "title"),
                "score": str(each.average if each.average is not None else "–"),
                "outcome": label(Outcome(each.outcome)),
                "amount": money(each.amount, call.currency) if each.amount else "–",
                "reason": each.reason,
                "notes": [
                    text
                    for text in (
                        _("To correct by {day}: {points}", day=day(each.correct_by), points=each.correction)
                        if each.correction
                        else "",
                        _("Why a rank was skipped: {note}", note=each.exception_note) if each.exception_note else "",
                    )
                    if text
                ],
            }
            for each in decisions
        ],
        "signed": _(
            "Signed by {name} on {when}. Fingerprint (SHA-256): {hash}",
            name=getattr(row, "signed_by_name", "") or "",
            when=moment(row.signed_at),
            hash=row.body_sha256.hex(),
        )
        if row.state == MinutesState.SIGNED
        else _("Draft: these minutes are not signed yet."),
    }
