"""Where a list goes on: the last row's place in the order, written so that an address can carry it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from foundation.language import gettext as _
from web.lists.query import NO_FURTHER, Unknown

Key = str | int | bool | Decimal | date | datetime | UUID
READ: dict[str, Callable[[str], Key]] = {
    "str": str,
    "int": int,
    "bool": lambda text: text == "True",
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "UUID": UUID,
}


def written(sort: str, keys: Sequence[Key]) -> str:
    """The order stands in it, too: a place in one is none in another."""
    kinds = [("UUID" if isinstance(key, UUID) else type(key).__name__) for key in keys]
    told = [sort, *([kind, key if isinstance(key, str) else str(key)] for kind, key in zip(kinds, keys, strict=True))]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(token: str, sort: str, count: int) -> list[Key]:
    try:
        told = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if told[0] != sort or len(told) != count + 1:
            raise ValueError
        return [READ[kind](key) for kind, key in told[1:]]
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, RecursionError, binascii.Error):
        raise Unknown(_(NO_FURTHER)) from None
