"""What became of the applications of tools/volume.py: reviews, grants, money, reports with accepted values, visits."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg

MADE_UP_KA, MADE_UP_EN = "გამოგონილი", "Made up"
# code, kind, over time, over places, counts people: with the example's own they make 25 values a report
INDICATORS = [
    ("people trained", "flow", "sum", "sum", True),
    ("people advised", "flow", "sum", "sum", True),
    ("people reached so far", "running_total", "last", "sum", True),
    ("people taking part now", "stock", "last", "sum", True),
    ("different people", "unique", "max", "sum", True),
    ("meetings", "flow", "sum", "sum", False),
    ("proposals written", "flow", "sum", "mean", False),
    ("groups at work", "stock", "max", "sum", False),
    ("budget spent on proposals", "ratio", "sum", "sum", False),
    ("satisfaction", "mean", "mean", "sum", False),
]
VALUES = 25  # of one report

# A number between 0 and 99 that belongs to a row, the same each time.
LUCK = {
    name: f"(abs(hashtext({key})) % 100)"
    for name, key in {
        "of_application": "a.number", "of_grant": "a.reference", "of_visit": "v.reference",
        "quality": "'quality' || a.number", "opinion": "a.number || r.n",
    }.items()
}  # fmt: skip

PEOPLE = """
SELECT max(id::text) FILTER (WHERE email = 'curator@example.org') AS curator,
  max(id::text) FILTER (WHERE email = 'curator2@example.org') AS curator2,
  max(id::text) FILTER (WHERE email = 'manager@example.org') AS manager,
  max(id::text) FILTER (WHERE email = 'finance@example.org') AS finance,
  max(id::text) FILTER (WHERE email = 'director@example.org') AS director,
  max(id::text) FILTER (WHERE email = 'chair@example.org') AS chair,
  max(id::text) FILTER (WHERE email = 'signatory@example.org') AS signatory,
  max(id::text) FILTER (WHERE email = 'reviewer@example.org') AS reviewer,
  max(id::text) FILTER (WHERE email = 'reviewer2@example.org') AS reviewer2 FROM account
"""
# What it writes.
TABLES = [
    "review", "score", "meeting_minutes", "decision", "indicator", "award", "bank_account", "tranche", "ledger_entry",
    "report_due", "report", "award_indicator", "report_value", "spending_line", "upload", "visit", "visit_photo",
    "value_evidence", "finding", "recommendation",
]  # fmt: skip

GRANTS = Path(__file__).with_suffix(".sql")


async def fill_grants(connection: asyncpg.Connection) -> None:
    """Inside the transaction that imports. Values are summed up afterwards: see `summary.rebuild`."""
    people = await connection.fetchrow(PEOPLE)
    known = LUCK | {"ka": MADE_UP_KA, "en": MADE_UP_EN} | {name: f"'{key}'" for name, key in people.items()}
    written = GRANTS.read_text(encoding="utf-8")
    statements = re.sub(r"(?<!:):([a-z]\w*)", lambda found: known.get(found[1], found[0]), written)
    await _indicators(connection)
    await connection.execute(statements)
    await connection.execute("SELECT count_award_money(id) FROM award WHERE reference LIKE 'G-B-%'")
    await connection.execute("SELECT count_reviews(id) FROM application WHERE number LIKE 'A-B-%'")
    await connection.execute(
        "INSERT INTO result_unsummed SELECT id FROM award WHERE reference LIKE 'G-B-%' ON CONFLICT DO NOTHING"
    )


async def _indicators(connection: asyncpg.Connection) -> None:
    """As many as make VALUES of each report."""
    have = await connection.fetchval(
        "SELECT sum(CASE WHEN people AND kind <> 'unique' THEN 3 ELSE 1 END) FROM indicator WHERE active"
    )
    position = await connection.fetchval("SELECT max(position) FROM indicator")
    programme = await connection.fetchval("SELECT id FROM programme LIMIT 1")
    for number, (name, kind, time, place, people) in enumerate(INDICATORS, 1):
        more = 3 if people and kind != "unique" else 1
        if have + more > VALUES:
            continue
        have += more
        await connection.execute(
            """INSERT INTO indicator (programme_id, code, position, name_ka, name_en, unit_ka, unit_en, kind, time_rule,
              place_rule, people, baseline, target)
            VALUES ($1, $2, $3, $4, $5, 'ერთეული', 'units', $6, $7, $8, $9, 0, 100000)""",
            programme, f"B-{number}", position + number, f"{MADE_UP_KA} {number}", f"{MADE_UP_EN}: {name}", kind, time,
            place, people,
        )  # fmt: skip
