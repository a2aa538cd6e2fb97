"""Every guard the migrated database has, and the SQL that takes just this one away."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import asyncpg

from foundation.database import APP_ROLE

NOOP = """
CREATE OR REPLACE FUNCTION mutant_lets_pass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF TG_LEVEL = 'STATEMENT' THEN RETURN NULL; ELSIF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;
"""
# with up to three pairs of parentheses inside each other, which is what our rules need
REFUSAL = re.compile(r"PERFORM refuse\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\);")
LET_PASS = re.compile(r"EXECUTE FUNCTION .*$", re.S)  # what a trigger is told may have several lines
RULE = re.compile(r"refuse\((TG_TABLE_NAME \|\| )?'(\w+)'")
CALLED = re.compile(r"PERFORM (\w+)\(")
STAMP = re.compile(r"\bNEW\.(\w+) := [^;]+;")


@dataclass(frozen=True)
class Mutant:
    """`seen` are the refusals that tests of this guard meet; tests that write to `table` may notice as well."""

    name: str
    sql: str
    seen: frozenset[str] = field(default_factory=frozenset)
    table: str = ""


async def every_mutant(connection: asyncpg.Connection) -> list[Mutant]:
    return [
        *await _rules(connection),
        *await _triggers(connection),
        *await _frozen(connection),
        *await _constraints(connection),
        *await _indexes(connection),
        *await _rights(connection),
        Mutant(
            "right: importing",
            "CREATE OR REPLACE FUNCTION importing() RETURNS boolean LANGUAGE sql STABLE AS"
            " $$ SELECT coalesce(current_setting('subgrants.importing', true), '') = 'on' $$",
            frozenset({"award_state"}),
        ),
    ]


async def _functions(connection: asyncpg.Connection):
    """Our trigger functions: name, definition, and the tables they stand at."""
    return await connection.fetch(
        "SELECT p.proname AS name, pg_get_functiondef(p.oid) AS definition,"
        " array_agg(DISTINCT c.relname::text) AS tables FROM pg_proc p"
        " JOIN pg_trigger t ON t.tgfoid = p.oid AND NOT t.tgisinternal JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE p.pronamespace = 'public'::regnamespace GROUP BY p.oid ORDER BY p.proname"
    )


def _names(definition: str, table: str) -> frozenset[str]:
    found = {f"{table}{name}" if of_table else name for of_table, name in RULE.findall(definition)}
    return frozenset(found | {f"{table}_append_only"} if "append-only" in definition else found)


async def _rules(connection: asyncpg.Connection) -> list[Mutant]:
    """One refusal of one trigger function, or one value it writes by itself."""
    found = []
    for function in await _functions(connection):
        definition = function["definition"]
        if function["name"] == "frozen":
            continue  # what it holds is taken away state by state below
        for n, match in enumerate(REFUSAL.finditer(definition), 1):
            names = _names(match.group(), "")
            if any(name.startswith("_") for name in names):
                continue  # the rule of every lifecycle: its triggers are taken away one by one below
            without = definition[: match.start()] + "NULL;" + definition[match.end() :]
            found.append(Mutant(f"rule: {function['name']} {n} {'/'.join(sorted(names))}", without, names))
        for n, match in enumerate(STAMP.finditer(definition), 1):
            without = definition[: match.start()] + "NULL;" + definition[match.end() :]
            name = f"value: {function['name']} {n} {match.group(1)}"
            found.append(Mutant(name, without, table=function["tables"][0]))
    return found


async def _triggers(connection: asyncpg.Connection) -> list[Mutant]:
    """The trigger stays and lets everything pass, so that tests that switch it off and on still run."""
    found = []
    for trigger in await connection.fetch(
        "SELECT t.tgname AS name, c.relname AS table, p.proname AS function, p.prosrc AS body,"
        " t.tgconstraint <> 0 AS late, pg_get_triggerdef(t.oid) AS definition,"
        " CASE p.proname WHEN 'frozen' THEN encode(t.tgargs, 'escape') ELSE '' END AS told"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
        " ORDER BY c.relname, t.tgname"
    ):
        sql = NOOP + LET_PASS.sub("EXECUTE FUNCTION mutant_lets_pass()", trigger["definition"])
        sql = sql.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")
        if trigger["late"]:
            sql = f'DROP TRIGGER "{trigger["name"]}" ON "{trigger["table"]}"'
        seen = (
            _names(trigger["body"], trigger["table"])
            | _frozen_names(trigger["table"], trigger["told"])
            | {f"calls {name}" for name in (trigger["function"], *CALLED.findall(trigger["body"]))}
        )
        found.append(Mutant(f"trigger: {trigger['table']}.{trigger['name']}", sql, seen, trigger["table"]))
    return found


def _told(arguments: str) -> list[dict[str, list[str]]]:
    """What a trigger `<table>_stays` frees, and which rules speak for which columns and states."""
    return [json.loads(each) for each in arguments.split("\\000") if each] + [{}]


def _frozen_names(table: str, arguments: str) -> frozenset[str]:
    return frozenset(_told(arguments)[1].keys() | {f"{table}_frozen"} if arguments else ())


async def _frozen(connection: asyncpg.Connection) -> list[Mutant]:
    """All is free in one state that freezes; or with every step; or what one rule speaks for is free everywhere."""
    found = []
    for each in await connection.fetch(
        "SELECT c.relname AS table, pg_get_triggerdef(t.oid) AS definition, encode(t.tgargs, 'escape') AS told,"
        " ARRAY(SELECT source || '>' || target FROM transition WHERE entity = c.relname ORDER BY 1) AS arrows,"
        " ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE p.proname = 'frozen' ORDER BY 1"
    ):
        free, rules, *_ = _told(each["told"])
        named = [key.split(">") for key in free if key != "never"]
        arrows = each["arrows"] or [f"{a}>{b[0]}" for a, *b in named if b]
        states = {state for arrow in arrows for side in arrow.split(">") for state in side.split(", ")}
        states |= {state for a, *_ in named for state in a.split(", ")}
        wholly = {state for key, told in free.items() if told == ["*"] for state in key.split(", ")}
        without = {f"in {state}": {**free, state: ["*"]} for state in sorted(states - wholly)}
        if arrows:
            without["with a step"] = {**free, **{arrow: ["*"] for arrow in arrows}}
        for rule, told in rules.items():
            columns = [name for name in told if name in each["columns"]]
            more = {key: [*free.get(key, ()), *columns] for key in (*sorted(states), *arrows)}
            if columns:
                without[rule] = {
                    **free,
                    **more,
                    "never": [name for name in free.get("never", ()) if name not in columns],
                }
        for what, now in without.items():
            sql = each["definition"].partition(" EXECUTE FUNCTION ")[0] + " EXECUTE FUNCTION "
            sql = sql.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")
            sql += f"frozen('{json.dumps(now)}', '{json.dumps(rules)}')"
            found.append(Mutant(f"frozen: {each['table']} {what}", sql, _frozen_names(each["table"], each["told"])))
    return found


async def _constraints(connection: asyncpg.Connection) -> list[Mutant]:
    """CHECK, UNIQUE, EXCLUDE, the foreign keys of more than one column, and the checks of domains."""
    found = []
    for each in await connection.fetch(
        "SELECT conname AS name, contype::text AS kind, conrelid::regclass::text AS table,"
        " cardinality(conkey) AS columns FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conparentid = 0"
        " AND contype IN ('c', 'u', 'x', 'f') ORDER BY conrelid::regclass::text, conname"
    ):
        if each["kind"] == "f" and each["columns"] == 1:
            continue
        what = {"c": "check", "u": "unique", "x": "exclude", "f": "key"}[each["kind"]]
        sql = f'ALTER TABLE {each["table"]} DROP CONSTRAINT "{each["name"]}" CASCADE'
        table = each["table"] if what == "unique" else ""
        found.append(Mutant(f"{what}: {each['table']}.{each['name']}", sql, frozenset({each["name"]}), table))
    for each in await connection.fetch(
        "SELECT c.conname AS name, t.typname AS domain FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid"
        " WHERE c.connamespace = 'public'::regnamespace AND c.contype = 'c' ORDER BY 1"
    ):
        sql = f'ALTER DOMAIN {each["domain"]} DROP CONSTRAINT "{each["name"]}"'
        found.append(Mutant(f"domain: {each['domain']}.{each['name']}", sql, frozenset({each["name"]})))
    return found


async def _indexes(connection: asyncpg.Connection) -> list[Mutant]:
    found = await connection.fetch(
        "SELECT c.relname AS name, i.indrelid::regclass::text AS table"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY 1"
    )
    return [
        Mutant(f"unique: {each['table']}.{each['name']}", f'DROP INDEX "{each["name"]}"', frozenset({each["name"]}))
        for each in found
    ]


async def _rights(connection: asyncpg.Connection) -> list[Mutant]:
    """What the service's own role may not do to a table, it now may."""
    found = await connection.fetch(
        "SELECT c.relname AS table, r AS right"
        " FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) r"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        f" AND NOT has_table_privilege('{APP_ROLE}', c.oid, r) ORDER BY 1, 2"
    )
    return [
        Mutant(
            f"right: {each['table']} {each['right']}", f'GRANT {each["right"]} ON "{each["table"]}" TO {APP_ROLE}',
            frozenset({"rights", f"denied {each['table']}"}),
        )
        for each in found
    ]  # fmt: skip
