"""Days on which people work: Monday to Friday, in Tbilisi."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from foundation.clock import TBILISI, now

# An organisation answers a finding within these; then silence counts as its answer.
ANSWER_DAYS = 10


def working_days_after(at: datetime, count: int) -> date:
    """The last of so many working days after the moment."""
    day = at.astimezone(TBILISI).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def passed(at: datetime, count: int) -> bool:
    """Whether all of them are over, the last one included."""
    return now().astimezone(TBILISI).date() > working_days_after(at, count)
