"""One clock and one calendar: a day is a day in Georgia, in Python and in SQL."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from foundation.clock import TBILISI
from foundation.database import execute, value

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("accounts", "grants", "monitoring", "uploads", "lifecycle", "web", "entrypoints", "foundation")
OF_NOWHERE = re.compile(
    r"CURRENT_DATE|LOCALTIME|(?:now|clock_timestamp|transaction_timestamp)\(\)::date|date\.today\(\)|utcnow\(|datetime\.now\(\)",
    re.IGNORECASE,
)


def test_nobody_asks_for_a_day_without_saying_where():
    files = [path for room in ROOMS for kind in ("*.py", "*.sql") for path in (ROOT / room).rglob(kind)]
    files += list((ROOT / "migrations/repeatable").glob("*.sql"))
    assert len(files) > 300
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in files
        if (found := OF_NOWHERE.search(path.read_text("utf-8")))
    ]
    assert wrong == []


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_the_day_of_the_database_is_the_day_in_georgia(db, zone):
    await execute("SELECT set_config('timezone', $1, true)", zone)
    moment = await value("SELECT now()")
    assert await value("SELECT day_here()") == moment.astimezone(TBILISI).date()


async def test_no_table_writes_a_day_of_another_place(db):
    """What a column is given by itself."""
    asked = "SELECT count(*) FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) ~* 'current_date|now\\(\\)\\)?::date'"
    assert await value(asked) == 0
    assert isinstance(await value("SELECT now()"), datetime)


async def test_a_role_is_held_since_today_in_georgia(db, cast):
    assert {await value("SELECT DISTINCT since FROM role")} == {await value("SELECT day_here()")}
