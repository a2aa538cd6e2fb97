"""Public counts of people: from one to four nobody is told how many, so that nobody can be recognised."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from foundation.language import gettext as _
from monitoring.indicators.calculator import Total
from monitoring.indicators.numbers import shown, total_shown

FEW = Decimal(5)


def hidden(indicator: Any, *values: Decimal | None) -> bool:
    """Whether one of these counts of people is too small to be told."""
    return bool(indicator["people"]) and any(value is not None and 0 < value < FEW for value in values)


def public(indicator: Any, value: Decimal | None) -> str:
    return _("fewer than 5") if hidden(indicator, value) else shown(indicator, value)


def public_total(indicator: Any, total: Total) -> str:
    return _("fewer than 5") if hidden(indicator, total.value, total.at_most) else total_shown(indicator, total)
