"""What time it is. Everybody asks here, so that a test can say."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TBILISI = ZoneInfo("Asia/Tbilisi")

_offset = timedelta(0)


def now() -> datetime:
    """Aware, in UTC. Deadlines are judged by the database's clock instead, see migrations."""
    return datetime.now(UTC) + _offset


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
    before, _offset = _offset, moment - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before
