"""How long a call is still open, in words."""

from __future__ import annotations

from datetime import datetime

from foundation.clock import now
from foundation.language import ngettext


def time_left(deadline: datetime) -> str:
    """Nothing once it has passed."""
    left = deadline - now()
    if left.total_seconds() <= 0:
        return ""
    if left.days >= 1:
        return ngettext("{n} day is left.", "{n} days are left.", left.days)
    hours = int(left.total_seconds() // 3600)
    if hours >= 1:
        return ngettext("{n} hour is left.", "{n} hours are left.", hours)
    minutes = int(left.total_seconds() // 60)
    return ngettext("{n} minute is left.", "{n} minutes are left.", minutes)
