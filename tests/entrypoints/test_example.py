"""The example programme: whole, marked as an example, loaded once, and never in place of a real one."""

import asyncpg
import pytest

from accounts.passwords import refuse_weak
from entrypoints.example import PASSWORD, load, reset
from entrypoints.example.people import SIGN_INS
from entrypoints.web import litestar_app
from foundation.database import DB
from foundation.migrating import migrate
from foundation.refused import Refused
from grants.awards.lifecycle import State as AwardState
from lifecycle.record import SENTENCES
from monitoring.indicators.terms import Kind, Verdict
from tests.conftest import _named, _sql

litestar_app(manage_pool=False)  # every room names its events


@pytest.fixture
async def empty(dsn):
    """The address of a migrated, empty database."""
    name = "example_test"
    await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    kept_pool, kept_config, DB.pool = DB.pool, DB.config, None
    own = _named(dsn, name)
    try:
        await migrate(own)
        yield own
    finally:
        DB.pool, DB.config = kept_pool, kept_config
        await _sql(dsn, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def counts(dsn):
    connection = await asyncpg.connect(dsn)
    try:
        return {
            name: await connection.fetchval(f"SELECT count(*) FROM {name}")
            for name in (
                "municipality",
                "award",
                "meeting",
                "recommendation",
                "publication",
                "achievement",
                "event",
                "mail",
            )
        }
    finally:
        await connection.close()


async def test_the_example_is_whole_and_loaded_once(empty):
    assert await load(empty) is True
    first = await counts(empty)
    assert await load(empty) is False
    assert await counts(empty) == first
    assert (first["municipality"], first["meeting"], first["publication"], first["achievement"]) == (8, 107, 15, 33)
    assert first["mail"] == 0, "nobody gets letters about an invented past"
    connection = await asyncpg.connect(empty)
    try:
        past = await connection.fetchval("SELECT count(*) FROM award WHERE source IS NOT NULL")
        assert past == 46
        assert await connection.fetchval("SELECT count(*) FROM event_verify()") == 0
        assert await connection.fetchval("SELECT example FROM programme")
        unmarked = await connection.fetch(
            "SELECT reference FROM award a WHERE NOT EXISTS (SELECT 1 FROM invented i WHERE i.table_name = 'award'"
            " AND i.row_id = a.id AND ('amount' = ANY(i.fields)))"
        )
        assert unmarked == [], "every amount is marked as invented"
        told = {r["name"] for r in await connection.fetch("SELECT DISTINCT name FROM event")}
        assert told - set(SENTENCES) == set(), "events without a sentence"
    finally:
        await connection.close()


async def test_every_state_of_a_grant_is_shown(example_site):
    connection = await asyncpg.connect(example_site.dsn)
    try:
        states = {r["state"] for r in await connection.fetch("SELECT DISTINCT state FROM award")}
        calls = {r["state"] for r in await connection.fetch("SELECT DISTINCT state FROM call")}
    finally:
        await connection.close()
    assert states == {str(state) for state in AwardState}
    assert calls >= {"draft", "in_approval", "scheduled", "open", "evaluating", "completed"}


async def test_the_ledger_of_the_example_tells_what_happened(example_site):
    """The same accounts and sums as the service writes: promises, payments, accepted costs."""
    connection = await asyncpg.connect(example_site.dsn)
    try:
        odd = await connection.fetch(
            "SELECT a.reference FROM award a LEFT JOIN ledger_entry e ON e.award_id = a.id GROUP BY a.id HAVING"
            " coalesce(sum(e.amount) FILTER (WHERE e.kind = 'commitment'), 0) <> CASE WHEN a.countersigned_at IS NULL"
            "   THEN 0 ELSE a.amount END"
            " OR coalesce(sum(e.amount) FILTER (WHERE e.kind = 'payment'), 0) <> (SELECT coalesce(sum(amount), 0)"
            "   FROM tranche WHERE award_id = a.id AND paid_on IS NOT NULL)"
            " OR coalesce(sum(e.amount) FILTER (WHERE e.kind = 'accepted_cost'), 0) <> (SELECT"
            "   coalesce(sum(s.accepted_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id"
            "   WHERE r.award_id = a.id AND r.state = 'accepted')"
        )
        assert odd == []
        kinds = {r["kind"] for r in await connection.fetch("SELECT DISTINCT kind FROM ledger_entry")}
        assert kinds == {"commitment", "payment", "accepted_cost", "decommitment", "recovery"}
        parts = "SELECT count(*) FROM ledger_entry WHERE kind = 'recovery' GROUP BY tranche_id ORDER BY 1"
        assert [r["count"] for r in await connection.fetch(parts)] == [1, 2, 2]
        invented = (
            "SELECT a.reference FROM award a WHERE a.state = 'closed' AND a.source IS NULL AND with_grantee(a.id) <> 0"
        )
        assert await connection.fetch(invented) == []
        cut = (
            "SELECT a.state FROM award a JOIN application p ON p.id = a.application_id WHERE a.amount < p.requested"
            " AND a.amount = (SELECT sum(amount - own_share) FROM award_line WHERE award_id = a.id) ORDER BY 1"
        )
        assert [r["state"] for r in await connection.fetch(cut)] == ["active", "drafting"]
        kept = (
            "SELECT count(*) FROM tranche t JOIN award a ON a.id = t.award_id WHERE t.state = 'cancelled'"
            " AND a.countersigned_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry e"
            " WHERE e.tranche_id = t.id AND e.kind = 'decommitment' AND e.amount = t.amount)"
        )
        assert await connection.fetchval(kept) == 0
        undone = "SELECT count(*) FROM tranche_condition c WHERE fulfilled_at IS NOT NULL AND NOT condition_stands(c)"
        assert await connection.fetchval(undone + " AND kind IN ('report_accepted', 'visit_approved')") == 0
    finally:
        await connection.close()


def test_the_password_of_the_example_obeys_the_rule_for_passwords():
    for name, shown, *_ in SIGN_INS:
        assert refuse_weak(PASSWORD, shown, f"{name}@example.org") == PASSWORD


async def test_numbers_go_on_where_the_example_ends(example_site):
    connection = await asyncpg.connect(example_site.dsn)
    try:
        counters = dict(await connection.fetch("SELECT name, last FROM counter"))
        series_of = ("application", "number"), ("award", "reference"), ("visit", "reference")
        for series, column in (*series_of, ("recommendation", "reference")):
            newest = await connection.fetchval(
                f"SELECT {column} FROM {series} WHERE {column} LIKE '_-2%' ORDER BY {column} DESC LIMIT 1"
            )
            _letter, year, number = newest.split("-")
            assert counters[f"{series}-{year}"] == int(number)
    finally:
        await connection.close()


async def test_reset_brings_it_back(empty):
    await load(empty)
    before = await counts(empty)
    await _sql(empty, "DELETE FROM achievement", "UPDATE organisation SET note = 'changed'")
    await reset(empty)
    assert await counts(empty) == before


async def test_a_programme_of_ones_own_is_left_alone(empty):
    await _sql(
        empty,
        "INSERT INTO programme (name_ka, name_en, donor_ka, donor_en, currency, budget, director_threshold)"
        " VALUES ('ა', 'a', 'ბ', 'b', 'EUR', 1000, 100)",
    )
    with pytest.raises(Refused):
        await load(empty)
    with pytest.raises(Refused):
        await reset(empty)


async def test_every_kind_of_indicator_has_values_with_every_verdict(example_site):
    connection = await asyncpg.connect(example_site.dsn)
    try:
        told = await connection.fetch(
            "SELECT i.kind, count(DISTINCT v.id) FILTER (WHERE report_is_accepted(r.state) AND v.verified IS NOT NULL) AS n,"
            " bool_or(p.target IS NOT NULL) AS promised FROM indicator i JOIN award_indicator p ON p.indicator_id = i.id"
            " LEFT JOIN report_value v ON v.indicator_id = i.id LEFT JOIN report r ON r.id = v.report_id GROUP BY i.kind"
        )
        assert {r["kind"] for r in told if r["n"]} == {str(kind) for kind in Kind}
        assert {r["kind"] for r in told if r["promised"]} == {str(kind) for kind in Kind} - {"text"}
        verdicts = {r[0] for r in await connection.fetch("SELECT DISTINCT verdict FROM report_value")}
        assert verdicts == {str(verdict) for verdict in Verdict} - {"sampled"}
        younger = (
            "SELECT count(*) FROM value_evidence e JOIN report_value v ON v.id = e.value_id JOIN visit s ON s.id = e.visit_id"
            " WHERE s.visited_on > (v.verified_at AT TIME ZONE 'Asia/Tbilisi')::date"
        )
        assert await connection.fetchval(younger) == 0
        again = (
            "SELECT count(*) FROM (SELECT u.blob_sha256 FROM spending_evidence e JOIN upload u ON u.id = e.upload_id"
            " GROUP BY 1 HAVING count(*) > 1) x"
        )
        assert await connection.fetchval(again) == 0, "each receipt is its own"
        assert await connection.fetchval("SELECT count(*) FROM visit WHERE earlier_owners <> '{}'") == 1
    finally:
        await connection.close()
