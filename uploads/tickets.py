"""A file that arrived with a form that was refused: its bytes lie here, and a ticket in the form says which they are.

Whoever only knows the hash of somebody else's file must not get it attached, so the ticket is sealed with the
service's secret and the person it was given to. It holds for a day; bytes without a row stay for seven (sweeping)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from foundation.clock import now
from foundation.settings import settings
from uploads.received import Received, Stored
from web.context import request_context

LIFE = timedelta(hours=24)


def sealed(received: Received) -> str:
    facts = {
        "name": received.filename,
        "sent": received.original_sha256.hex(),
        "stored": _facts(received.stored),
        "thumbnail": _facts(received.thumbnail),
        "taken": received.taken_at,
        "until": int((now() + LIFE).timestamp()),
    }
    told = base64.urlsafe_b64encode(json.dumps(facts, ensure_ascii=False).encode()).decode()
    return f"{told}.{_seal(told)}"


def opened(ticket: str) -> Received | None:
    """What the ticket is for; None when it is not ours, not this person's, or too old."""
    told, _dot, seal = ticket.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(told).encode()):
        return None
    try:
        facts = json.loads(base64.urlsafe_b64decode(told))
    except (ValueError, binascii.Error):
        return None
    if facts["until"] < now().timestamp():
        return None
    stored, thumbnail = _stored(facts["stored"]), _stored(facts["thumbnail"])
    return Received(
        facts["name"], bytes.fromhex(facts["sent"]), stored, thumbnail, ticket=ticket, kept=True,
        taken_at=facts.get("taken"),
    )  # fmt: skip


def _seal(told: str) -> str:
    here = request_context.get(None)
    person = here.person if here else None
    return hmac.new(
        settings().secret.encode(), f"file:{person.id if person else ''}:{told}".encode(), hashlib.sha256
    ).hexdigest()


def _facts(stored: Stored | None) -> Any:
    return [stored.sha256.hex(), stored.size, stored.media_type, stored.width, stored.height] if stored else None


def _stored(facts: Any) -> Stored | None:
    return Stored(bytes.fromhex(facts[0]), *facts[1:]) if facts else None
