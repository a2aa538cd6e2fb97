"""The tables the rooms describe are the tables the migrations made."""

import importlib
import pkgutil

from piccolo.table import Table

import grants
import monitoring
from foundation.database import rows


def described():
    modules = ["accounts.tables", "uploads.tables", "lifecycle.tables"]
    for package in (grants, monitoring):
        modules += [
            f"{package.__name__}.{room.name}.tables"
            for room in pkgutil.iter_modules(package.__path__)
            if importlib.util.find_spec(f"{package.__name__}.{room.name}.tables")
        ]
    for name in modules:
        for table in vars(importlib.import_module(name)).values():
            if isinstance(table, type) and issubclass(table, Table) and table.__module__ == name:
                yield table


# A domain of ours, or citext, as Piccolo can say it; whatever is not named here is the same word on both sides.
SAID = {"currency": "VARCHAR(3)", "citext": "VARCHAR(255)", "timestamp with time zone": "TIMESTAMPTZ"}


async def test_tables_match_migrations(db):
    """Names, whether a value may be missing, and the type with its digits."""
    made: dict[str, dict[str, tuple[bool, str]]] = {}
    for r in await rows(COLUMNS):
        kind = SAID.get(r["domain"]) or SAID.get(r["kind"]) or r["kind"].upper().replace(",", ", ")
        made.setdefault(r["table_name"], {})[r["column_name"]] = (r["null"], kind)
    wrong = []
    for table in described():
        name = table._meta.tablename
        told = {column._meta.name: (bool(column._meta.null), column.column_type) for column in table._meta.columns}
        if "id" in told and "id" not in made.get(name, {}):
            told.pop("id")  # Piccolo adds one to tables whose key is made of several columns
        if told != made.get(name):
            wrong.append((name, set(told.items()) ^ set(made.get(name, {}).items())))
    assert wrong == []


COLUMNS = """
SELECT c.relname AS table_name, a.attname AS column_name, NOT a.attnotnull AND NOT y.typnotnull AS null,
  y.typname AS domain, format_type(coalesce(nullif(y.typbasetype, 0), a.atttypid),
    CASE WHEN y.typbasetype = 0 THEN a.atttypmod ELSE y.typtypmod END) AS kind
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""


async def test_every_table_is_described(db):
    told = {table._meta.tablename for table in described()}
    made = {r["tablename"] for r in await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    machinery = {
        "migration",
        "fingerprint_key",
        "schema_file",
        "table_right",
        "transition",
        "counter",
        "no_place",
        "no_award",
    }
    machinery |= {"event_head", "mail", "invented", "idempotency"}
    # kept by the database itself, for sums
    machinery |= {"result_cell", "result_mark", "result_money", "result_month", "result_work", "result_day"}
    machinery |= {"result_indicator", "result_newest", "result_picture", "award_money", "application_reviews"}
    # what everybody was told, which only one module asks
    machinery |= {"told_indicator", "told_group", "told_slot"}
    assert made - told - machinery == set()


async def test_whatever_has_a_revision_counts_its_changes(db):
    """Else somebody's page could overwrite what another has just written."""
    uncounted = await rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'revision'"
        " WHERE c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgrelid = c.oid AND p.proname = 'touch' AND t.tgenabled = 'O')"
    )
    assert uncounted == []
