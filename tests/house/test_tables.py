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


async def test_tables_match_migrations(db):
    made: dict[str, dict[str, bool]] = {}
    for r in await rows(
        "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
    ):
        made.setdefault(r["table_name"], {})[r["column_name"]] = r["is_nullable"] == "YES"
    wrong = []
    for table in described():
        name = table._meta.tablename
        told = {column._meta.name: bool(column._meta.null) for column in table._meta.columns}
        if "id" in told and "id" not in made.get(name, {}):
            told.pop("id")  # Piccolo adds one to tables whose key is made of several columns
        if told != made.get(name):
            wrong.append((name, set(told.items()) ^ set(made.get(name, {}).items())))
    assert wrong == []


async def test_every_table_is_described(db):
    told = {table._meta.tablename for table in described()}
    made = {r["tablename"] for r in await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    machinery = {"migration", "table_right", "transition", "counter", "event_head", "mail", "invented", "idempotency"}
    assert made - told - machinery == set()


async def test_whatever_has_a_revision_counts_its_changes(db):
    """Else somebody's page could overwrite what another has just written."""
    uncounted = await rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'revision'"
        " WHERE c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgrelid = c.oid AND p.proname = 'touch' AND t.tgenabled = 'O')"
    )
    assert uncounted == []
