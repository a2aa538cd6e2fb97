"""What time it is: the database's, for it judges deadlines. Everybody asks here, so that a test can say."""

import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TBILISI = ZoneInfo("Asia/Tbilisi")
# The machine's own clock may go wrong by hours; whether it does, `check` tells.
APART = timedelta(seconds=2)

_offset = timedelta(0)
# What the database last said, and when that was by a clock nobody sets.
_heard: tuple[datetime, float] | None = None


def ticking() -> float:
    """Seconds since some moment; where the machine can tell, those it was asleep as well."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def machine() -> datetime:
    return datetime.now(UTC)


def follow(said: datetime, asked: float) -> None:
    """From now on it is what the database said when it was asked, and what has passed since."""
    global _heard
    _heard = said, asked


def now() -> datetime:
    """Aware, in UTC. The machine's own only before anybody has asked the database."""
    if _heard is None:
        return machine() + _offset
    said, asked = _heard
    return said + timedelta(seconds=ticking() - asked) + _offset


def ahead() -> timedelta:
    """By how much the machine's clock is before the database's."""
    return machine() - (now() - _offset)


def today() -> date:
    """The calendar day in Georgia, where the deadlines are."""
    return now().astimezone(TBILISI).date()


def after(first: date, years: int) -> date:
    """The same day so many years later; the last of February where there is no 29th."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:
        return first.replace(year=first.year + years, day=28)


@contextmanager
def clock_at(moment: datetime):
    """For tests: time goes on from the given moment."""
    global _offset
    before, _offset = _offset, timedelta(0)
    _offset = moment - now()
    try:
        yield
    finally:
        _offset = before
