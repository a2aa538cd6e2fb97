"""The publications a database already has come along with a migration, and say what the example says of the same rows."""

from types import SimpleNamespace
from typing import Any

from entrypoints.example import history
from entrypoints.example.people import known, table
from foundation.database import execute, rows, script
from migrations.m0010_publications import SQL
from tests.importing import importing

BEFORE = """
CREATE SCHEMA before; SET LOCAL search_path = before, public;
CREATE TABLE transition (LIKE public.transition); CREATE TABLE table_right (LIKE public.table_right);
CREATE TABLE publication (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, title_ka text, title_en text, kind text NOT NULL, date_text text,
  publisher text, languages text, content text, source text);
"""
FACTS = """
SELECT reference, state, past, basis, title_ka, title_en, kind, when_first, when_last, when_precision, when_note, publisher,
  about_ka, about_en, source, published_at,
  (SELECT array_agg(language || ' ' || e.basis ORDER BY language) FROM {of}publication_edition e WHERE e.publication_id = p.id) AS editions,
  (SELECT array_agg(concat_ws(' ', channel, number, unit, units_told, r.basis, r.source)) FROM {of}publication_reach r
    WHERE r.publication_id = p.id) AS reach
FROM {of}publication p ORDER BY reference
"""


async def test_what_the_sources_tell_comes_along(cast):
    example: Any = SimpleNamespace(places={})
    async with importing():
        await history._publications(example)
    expected = [dict(each) for each in await rows(FACTS.format(of="public."))]
    await execute("SELECT set_config('role', 'none', true)")
    await script(BEFORE)
    for r in table("publications"):
        await execute(
            "INSERT INTO before.publication (code, title_ka, title_en, kind, date_text, publisher, languages, content, source)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            r["pub_id"], known(r["title_ka"]), known(r["title_en"]), r["type"], known(r["date"]), known(r["publisher"]),
            known(r["languages"]), known(r["content"]), known(r["source"]),
        )  # fmt: skip
    await script(SQL)
    found = [dict(each) for each in await rows(FACTS.format(of="before."))]
    assert len(found) == 14
    assert found == expected


async def test_the_vaguest_stay_vague(cast):
    example: Any = SimpleNamespace(places={})
    async with importing():
        await history._publications(example)
    told = {
        each["reference"]: (str(each["when_first"]), str(each["when_last"]), each["when_precision"], each["when_note"])
        for each in await rows("SELECT * FROM publication")
    }
    assert told["PB-02"] == ("None", "None", "unknown", None)
    assert told["PB-05"] == ("2021-09-01", "2021-10-31", "range", "2021-09 or 10")
    assert told["PB-08"] == ("2021-03-30", "2021-03-30", "day", None)
    assert told["PB-11"] == ("2020-01-01", "2020-12-31", "year", "2020 (after 2020-01-21)")
