"""A state's sets stand in its enum alone: SQL asks functions made of it, and no state is written into SQL by hand."""

import ast
import csv
import importlib
import re

import pytest

from foundation.database import execute, rows
from lifecycle.states import STATUSES
from tests.house.sql_states import ROOT, modules, states_in, texts, written_by_hand
from tools.state_sets import FILE, functions, text

REPEATABLE = FILE.parent
KNOWN = frozenset(str(state) for states in STATUSES.values() for state in states)


def test_the_functions_of_the_database_are_made_of_the_enums():
    assert FILE.read_text("utf-8") == text(), "run python -m tools.state_sets"


@pytest.mark.parametrize("entity", sorted(STATUSES))
async def test_an_enum_has_the_states_its_table_may_hold(db, entity):
    (rule,) = await rows(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass AND conname = $2",
        entity,
        f"{entity}_state_check",
    )
    assert set(re.findall(r"'([a-z_]+)'::text", rule[0])) == set(STATUSES[entity])


async def plan_of(sql: str) -> str:
    return "\n".join(each[0] for each in await rows(f"EXPLAIN {sql}"))


async def test_the_planner_puts_the_comparison_in_place_of_each_function(db):
    for name in functions():
        entity = next(each for each in sorted(STATUSES, key=len, reverse=True) if name.startswith(each + "_"))
        plan = await plan_of(f"SELECT 1 FROM {entity} WHERE {name}(state)")
        assert f"{name}(" not in plan, plan


@pytest.mark.parametrize(
    ("index", "sql"),
    [
        ("event_job_waiting", "SELECT seq FROM event_job WHERE event_job_is_waiting(state) AND next_at <= now()"),
        (
            "application_one_live",
            "SELECT id FROM application WHERE call_id = uuidv7() AND organisation_id = uuidv7()"
            " AND NOT application_dropped(state)",
        ),
        (
            "minutes_one_open",
            "SELECT id FROM meeting_minutes WHERE call_id = uuidv7() AND meeting_minutes_is_open(state)",
        ),
        (
            "recommendation_first",
            "SELECT id FROM recommendation"
            " ORDER BY recommendation_final(state), coalesce(due_current, 'infinity'), reference, id LIMIT 20",
        ),
    ],
)
async def test_indexes_over_states_serve_the_functions(db, index, sql):
    await execute("SET LOCAL enable_seqscan = off")
    await execute("SET LOCAL enable_sort = off")
    assert index in await plan_of(sql)


def test_no_state_is_written_into_sql():
    assert written_by_hand(KNOWN) == []


def test_no_state_is_written_into_a_function_or_trigger():
    """One is set, of a file that was examined before its row is there; all others are asked."""
    found = {
        (path.name, each)
        for path in REPEATABLE.glob("*.sql")
        if path != FILE
        for each in states_in(re.sub(r"SET state = '\w+' WHERE sha256", "", path.read_text("utf-8")), KNOWN)
    }
    assert found == set()


def test_every_function_of_states_that_functions_and_triggers_call_is_one():
    """What PL/pgSQL calls is looked up only when it runs."""
    written = "\n".join(path.read_text("utf-8") for path in REPEATABLE.glob("*.sql"))
    made = set(re.findall(r"CREATE OR REPLACE FUNCTION (\w+)\(", written))
    called = re.findall(rf"\b((?:{'|'.join(STATUSES)})_\w+)\((?:\w+\.)?\w*state\)", written)
    assert len(set(called)) > 50 and set(called) - made == set()


def test_every_function_of_states_that_sql_calls_is_one():
    called = re.compile(rf"\b((?:{'|'.join(STATUSES)})_\w+)\((?:\w+\.)?\w*state\)")
    used = {
        name
        for path in modules()
        for _, each in texts(ast.parse(path.read_text("utf-8")))
        for name in called.findall(each)
    }
    assert len(used) > 50 and used - set(functions()) == set()


def test_every_set_that_python_asks_for_is_one():
    asked = 0
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "in_set":
                place = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
                eval(compile(ast.Expression(node), str(path), "eval"), vars(place))  # an unknown set is a LookupError
                asked += 1
    assert asked > 30


@pytest.mark.parametrize(
    "planted",
    [
        "SELECT 1 FROM award a WHERE a.state = 'active'",
        "SELECT 1 FROM award WHERE state <> 'active'",
        "SELECT 1 FROM tranche t WHERE 'paid' = t.state",
        "SELECT 1 FROM award a WHERE a.state IN ('active', 'closing')",
        "SELECT 1 FROM award a WHERE a.state NOT IN ('drafting')",
        "SELECT 1 FROM award a WHERE a.state = ANY(ARRAY['active', 'closing'])",
        "SELECT 1 FROM award a WHERE a.state = ANY('{active,closing}'::text[])",
        "SELECT 1 FROM award a WHERE a.state IS DISTINCT FROM 'active'",
        "SELECT CASE t.state WHEN 'due' THEN 1 END FROM tranche t",
        "SELECT CASE WHEN t.state = 'due' THEN 1 END FROM tranche t",
        "SELECT count(*) FILTER (WHERE award_state = 'active') FROM x",
        "SELECT coalesce(r.state, 'scheduled') FROM report r",
        "SELECT 1 FROM report r WHERE coalesce(r.state, '') <> 'waived'",
        "UPDATE event_job SET state = 'done' WHERE seq = $1",
        "INSERT INTO call (reference, state) VALUES ($1, 'draft')",
        "('paid', 'confirmed')",
    ],
)
def test_a_state_written_by_hand_is_found(planted):
    assert states_in(planted, KNOWN) != []


@pytest.mark.parametrize(
    "module",
    [
        'STATES = "x"\nsql = f"SELECT 1 FROM award a WHERE a.state IN {STATES}"',
        'STATES = "x"\nsql = f"SELECT 1 FROM award a WHERE a.state IN ({STATES})"',
        """STATE = "x"\nsql = f"SELECT 1 FROM award a WHERE a.state = '{STATE}'\"""",
        """sql = "SELECT 1 FROM award a WHERE a.state"  " = 'active'\"""",
    ],
)
def test_one_put_together_by_python_is_found_too(module):
    assert [found for _, each in texts(ast.parse(module)) for found in states_in(each, KNOWN)] != []


@pytest.mark.parametrize(
    "innocent",
    [
        "SELECT 1 FROM award a WHERE award_running(a.state) AND NOT award_is_active(a.state)",
        "SELECT 1 FROM award a WHERE a.state = $1 AND a.kind = 'draft'",
        "SELECT 1 FROM award a WHERE a.state = ANY($1::text[])",
        "SELECT 1 FROM award a WHERE a.state IN (SELECT state FROM other)",
        "SELECT CASE WHEN award_running(a.state) THEN 'active' END FROM award a",
        "UPDATE event_job SET state = $2",
        "SET LOCAL statement_timeout = 'open'",
        "The state is now “active”.",
    ],
)
def test_what_asks_a_function_or_takes_an_argument_is_left_alone(innocent):
    assert states_in(innocent, KNOWN) == []


# in templates ------------------------------------------------------------------------------------------------------

TEMPLATES = sorted(path for room in ("accounts", "grants", "monitoring", "lifecycle", "uploads", "web")
                   for path in (ROOT / room).rglob("*.html"))  # fmt: skip
COMPARED = re.compile(
    r"\b\w*state(?:\(.*?\))? *(?:==|!=|(?:not )?in|is (?:not )?(?:in|equalto)) *(?:'(\w+)'|[(\[]([^)\]]*))"
)
ASKED = re.compile(r"(?:\bnow|state|states?\([^)]*\))\.((?:is|in)_\w+)")


def compared(text: str) -> set[str]:
    """The states a template spells; parts of a draft and tasks of a list have words of their own."""
    return {word for one, several in COMPARED.findall(text) for word in re.findall(r"\w+", one or several)} & KNOWN


def test_a_template_asks_a_state_and_does_not_spell_it():
    """`state.is_open`, `state.in_signed`: what nobody declared is undefined there, and undefined is a mistake."""
    by_hand = {str(path.relative_to(ROOT)): found for path in TEMPLATES if (found := compared(path.read_text("utf-8")))}
    assert by_hand == {}


@pytest.mark.parametrize(
    "text", ["state == 'open'", "each.state != 'open'", "state in ('x', 'open')", "state not in ['open']"]
)
def test_a_state_spelt_in_a_template_is_found(text):
    assert "open" in compared(f"{{% if a and {text} %}}")


def test_what_a_template_asks_of_a_state_is_declared_somewhere():
    singles = {f"is_{state}" for states in STATUSES.values() for state in states}
    sets = {f"in_{name}" for states in STATUSES.values() for name in states.by_set}
    asked = {name for path in TEMPLATES for name in ASKED.findall(path.read_text("utf-8"))}
    assert asked > {"is_suspended", "in_unapproved"} and asked <= singles | sets


def test_a_state_answers_for_itself_and_knows_no_others():
    state = STATUSES["call"]("suspended")
    assert state.is_suspended and state.in_before_deadline and not state.is_open and not state.in_after_deadline
    for name in ("is_opne", "in_signed", "suspended"):
        with pytest.raises(AttributeError):
            getattr(state, name)


# rule, the states it spells, and those it leaves out on purpose: so that a new state has to be placed here, too.
SPELT = {
    each["rule"]: (frozenset(each["spelt"].split()), frozenset(each["left_out"].split()))
    for each in csv.DictReader((ROOT / "tests" / "house" / "spelt_states.csv").open(encoding="utf-8"))
}


async def test_states_that_a_rule_or_an_index_spells_are_a_set_of_the_enum_or_placed_one_by_one(db):
    """A constraint may not call a function that changes with a release, so it spells its states; a new state would
    silently stay outside."""
    spelt = await rows(
        "SELECT c.conrelid::regclass::text AS entity, c.conname::text AS name, pg_get_constraintdef(c.oid) AS rule"
        " FROM pg_constraint c WHERE c.contype = 'c' UNION ALL"
        " SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_expr(i.indpred, i.indrelid)"
        " FROM pg_index i WHERE i.indpred IS NOT NULL"
    )
    unplaced, listed_here = [], set()
    for each in spelt:
        states = STATUSES.get(each["entity"])
        if states is None or each["name"] == f"{each['entity']}_state_check":
            continue
        every = frozenset(str(state) for state in states)
        known = {frozenset(str(state) for state in found) for found in states.by_set.values()}
        known |= {every - one for one in known}
        for listed in re.findall(r"state (?:= ANY|<> ALL) \(ARRAY\[([^\]]*)\]", each["rule"]):
            spelled = frozenset(re.findall(r"'([a-z_]+)'::text", listed))
            if len(spelled) < 2 or spelled in known:
                continue
            listed_here.add(each["name"])
            if SPELT.get(each["name"]) != (spelled, every - spelled):
                unplaced.append(f"{each['name']},{' '.join(sorted(spelled))},{' '.join(sorted(every - spelled))}")
    assert unplaced == []
    assert set(SPELT) == listed_here, "rules that are gone, or are a set by now"
