"""What was decided, signed, paid or handed in stays: also a column that nobody has thought of yet."""

import json
import re
from contextlib import asynccontextmanager

import asyncpg
import pytest

from accounts.tables import RoleOffer
from entrypoints.web import litestar_app
from foundation.database import APP_ROLE, execute, insert, rows, transaction, value
from grants.applications.tables import Clarification
from lifecycle.transition import TRANSITIONS
from tests.builders.applications import an_application
from tests.builders.publications import a_publication
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report
from tests.builders.reviews import a_decided_application
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.importing import importing

litestar_app(manage_pool=False)  # imports every room

# tables with a lifecycle whose rows nothing freezes, and why
WITHOUT = {
    "blob": "the service's role may write nothing of it but its state",
    "event_job": "what is still to be done about an event, not what happened",
}
# still on the drawing board: whatever its trigger does not name as never free may be written
DRAFTS = {"call": {"draft"}, "application": {"draft"}, "indicator": {"new"}}
# what holds a row as a whole, by the state of what it belongs to: its guard looks at no column
AS_A_WHOLE = {
    "answer": "application_part_frozen", "budget_line": "application_part_frozen", "attachment": "application_part_frozen",
    "section": "call_part_frozen", "question": "call_part_frozen", "criterion": "call_part_frozen",
    "required_document": "call_part_frozen", "eligibility_criterion": "call_part_frozen",
    "score": "score_guard", "decision": "decision_guard", "report_due": "report_due_frozen",
    "award_indicator": "award_indicator_guard", "report_value": "report_part_guard", "spending_line": "report_part_guard",
    "value_evidence": "report_part_guard", "spending_evidence": "report_part_guard", "report_document": "report_part_guard",
    "agreement": "append_only", "signature": "append_only", "ledger_entry": "append_only", "follow_up": "append_only",
    "indicator_change": "append_only", "report_return": "append_only", "report_submission": "append_only", "event": "append_only",
    "publication_edition": "publication_edition_stays", "publication_reach": "publication_reach_stays",
}  # fmt: skip


async def frozen_tables():
    """Each with the states, steps and free columns its trigger names, and its rules."""
    found = {}
    for each in await rows(
        "SELECT c.relname, t.tgname, encode(t.tgargs, 'escape') AS told FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'frozen'"
    ):
        assert each["tgname"] == f"{each['relname']}_stays"
        free, names, *_ = [*(json.loads(part) for part in each["told"].split("\\000") if part), {}]
        found[each["relname"]] = (free, names)
    return found


def sides(named):
    """`a, b>c` is a step from a or b to c; `a, b` are states."""
    sources, _, targets = named.partition(">")
    return sources.split(", "), targets.split(", ") if targets else []


async def arrows_of(table, free):
    """The lifecycle's, or for a row without a state of its own the steps its trigger names."""
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = $1", table)}
    named = [sides(each) for each in free]
    return arrows or {(a, b) for sources, targets in named for a in sources for b in targets}


async def states_of(table, free):
    arrows = {r["source"]: r["target"] for r in await rows("SELECT * FROM transition WHERE entity = $1", table)}
    if arrows:
        return {state for arrow in await arrows_of(table, free) for state in arrow}
    own, of = set(re.findall(r"'(\w+)'", await stages(table))), await parent(table)
    return own | (await states_of(of, free) if of else set())


async def stages(table):
    return await value("SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure($1)", f"stage({table})")


async def parent(table):
    """Whose state it is that `stage` reads, where it is not all its own."""
    found = re.search(r"\bstate(?: END)?\s+FROM (\w+)", await stages(table))
    return found and found.group(1)


async def test_every_lifecycle_is_frozen_by_default(db):
    with_state = await rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'state'"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
    )
    assert {each["relname"] for each in with_state} - set(await frozen_tables()) == set(WITHOUT)


async def test_what_the_triggers_name_is_there(db):
    """States, arrows and columns are written as words in JSON: a wrong one would free or freeze nothing."""
    wrong = []
    for table, (free, names) in (await frozen_tables()).items():
        columns = {r["attname"] for r in await rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped", table
        )}  # fmt: skip
        states, arrows = await states_of(table, free), await arrows_of(table, free)
        for named, told in free.items():
            sources, targets = sides(named)
            wrong += [(table, named, each) for each in {*told} - columns - {"*"}]
            if named != "never":
                wrong += [(table, named, each) for each in {*sources, *targets} - states]
                wrong += [(table, named, a, b) for a in sources for b in targets if (a, b) not in arrows]
        wrong += [(table, rule, each) for rule, told in names.items() for each in {*told} - columns - states - {"*"}]
    assert wrong == []


async def test_a_step_writes_what_is_free_with_it_and_nothing_else_is(db):
    """The steps that say what they write are compared with the triggers; what a guard writes by itself is added."""
    wrong, compared = [], 0
    for table, (free, _names) in (await frozen_tables()).items():
        by_guards = set(re.findall(r"NEW\.(\w+)(?: :=| FROM )", await value(
            "SELECT string_agg(p.prosrc, ' ') FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = $1::text::regclass", table,
        )))  # fmt: skip
        written: dict[tuple[str, str], set[str]] = {}
        for step in TRANSITIONS.get(table, ()):
            for source in step.sources:
                arrow = str(source), str(step.target or source)
                written.setdefault(arrow, set()).update(step.columns)
        for (source, target), columns in written.items():
            freed = {
                column
                for named, told in free.items()
                for sources, targets in [sides(named)]
                if source in sources and (target in targets or (not targets and source == target))
                for column in told
            }
            compared += 1
            wrong += [(table, source, target, each, "is not free") for each in columns - freed - {"*"}]
            if source != target:
                wrong += [(table, source, target, each, "is not written") for each in freed - columns - by_guards]
    assert wrong == [] and compared > 60


async def test_frozen_looks_last(db):
    """Triggers of a table fire by name: what a guard writes counts as written, and an illegal move says that it is one."""
    late = await rows(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND t.tgtype & 19 = 19"  # a row, before, an update
        " AND t.tgname > c.relname || '_stays' AND p.proname <> 'touch' AND c.relname = ANY($1)",
        list(await frozen_tables()),
    )
    assert late == []


async def test_parts_are_held_as_a_whole(db):
    held = {(r["relname"], r["proname"]) for r in await rows(
        "SELECT c.relname, p.proname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    )}  # fmt: skip
    assert set(AS_A_WHOLE.items()) - held == set()


@asynccontextmanager
async def owner():
    """What only the owner of the tables may do; history is not brought in, so every rule holds."""
    await execute("SELECT set_config('role', 'none', true)")
    yield
    await execute(f"SET LOCAL ROLE {APP_ROLE}")


async def told_when(sql):
    """What a rule says about it, or nothing."""
    try:
        async with transaction():
            await execute(sql)
    except asyncpg.PostgresError as error:
        return str(error)
    return ""


@pytest.fixture
async def one_of_each(cast):
    """Some row in every table that freezes."""
    report = await a_report(cast, state="accepted")
    visit = await a_visit(cast)
    await a_visit_photo(cast, visit)
    await a_finding(cast, visit)
    await a_recommendation(cast)
    await a_publication(cast)
    await a_decided_application(cast)
    application = await an_application(cast, state="clarification", organisation=cast.guria_women)
    async with importing():
        await insert(
            Clarification, application_id=application.id, kind="clarification", question="Why?",
            asked_by=cast.curator.id, due_on=application.created.date(),
        )  # fmt: skip
    await execute(
        "INSERT INTO eligibility_check (application_id, criterion_id, passed, checked_by) VALUES ($1, $2, true, $3)",
        application.id, application.call.eligibility[0].id, cast.curator.id,
    )  # fmt: skip
    await insert(RoleOffer, account_id=cast.editor.id, kind="signatory", organisation_id=cast.vani_youth.id, name="E",
                 email=cast.editor.email, offered_by=cast.signatory.id)  # fmt: skip
    return report


async def test_a_column_nobody_thought_of_is_frozen(one_of_each):
    """In every state in which not all is free, and with every step."""
    for table, (free, _names) in (await frozen_tables()).items():
        with_state = bool(await rows("SELECT 1 FROM transition WHERE entity = $1", table))
        async with owner():
            await execute(f"ALTER TABLE {table} ADD COLUMN nobody_thought_of text")
            for each in await rows(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = $1::text::regclass AND NOT tgisinternal AND tgname <> $2",
                table, f"{table}_stays",
            ):  # fmt: skip
                await execute(f"ALTER TABLE {table} DISABLE TRIGGER {each['tgname']}")
            for each in await rows(
                "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'c'", table
            ):
                await execute(f'ALTER TABLE {table} DROP CONSTRAINT "{each["conname"]}"')
            assert await value(f"SELECT count(*) FROM {table}"), f"no row of {table}"
            one = f"WHERE id = '{await value(f'SELECT id FROM {table} LIMIT 1')}'" if with_state else ""

        async def put(source, target, table=table, one=one):
            """A row that is there, and goes there when the new column is written."""
            async with owner():
                if not one:
                    return await execute(
                        f"CREATE OR REPLACE FUNCTION stage(its {table}) RETURNS text LANGUAGE sql STABLE AS"
                        f" $$ SELECT CASE its.nobody_thought_of WHEN '{target}' THEN '{target}' ELSE '{source}' END $$"
                    )
                await execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_stays")
                await execute(f"UPDATE {table} SET state = '{source}', nobody_thought_of = NULL {one}")
                await execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_stays")

        arrows = await arrows_of(table, free)
        free_now = set()
        for source, target in {(state, state) for state in await states_of(table, free)} | arrows:
            await put(source, target)
            moved = f"state = '{target}', " if with_state else ""
            said = await told_when(f"UPDATE {table} SET {moved}nobody_thought_of = '{target}' {one}")
            assert said == "" or "nobody_thought_of" in said, said
            if said == "":
                free_now.add((source, target))
        assert free_now == {(state, state) for state in DRAFTS.get(table, ())}, table


async def test_importing_history_is_not_refused(one_of_each):
    async with importing():
        await execute("UPDATE report SET accepted_cost = accepted_cost + 1 WHERE id = $1", one_of_each.id)
    assert (
        await value("SELECT accepted_cost FROM report WHERE id = $1", one_of_each.id) == one_of_each.accepted_cost + 1
    )
