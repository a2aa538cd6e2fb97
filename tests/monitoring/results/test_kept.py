"""What is kept of whole cells says what a full count says, whatever has happened; and everything that counts is noticed."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from asyncpg import UniqueViolationError

from foundation.clock import today
from foundation.database import execute, rows, transaction, value
from monitoring.indicators import summary
from monitoring.results import gallery, money, queries
from monitoring.results.evidence import AGREED, PUBLIC
from monitoring.results.scope import scope_of
from tests.builders.awards import an_award
from tests.builders.reports import a_report
from tests.cast import make_cast
from tests.importing import importing
from tests.monitoring.results.world import a_dollar_award, a_world, opened

# The money of each grant, added up row by row: what `award_money` keeps of it.
MONEY_OF_AWARDS = """
SELECT a.id AS award_id,
  (SELECT coalesce(sum(amount) FILTER (WHERE state NOT IN ('cancelled')), 0) FROM tranche WHERE award_id = a.id) AS planned,
  (SELECT coalesce(sum(amount) FILTER (WHERE state IN ('cancelled')), 0) FROM tranche WHERE award_id = a.id) AS cancelled,
  (SELECT coalesce(sum(amount) FILTER (WHERE tranche_paid(state)), 0) FROM tranche WHERE award_id = a.id) AS paid,
  (SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount WHEN 'decommitment' THEN -amount END), 0)
   FROM standing_entry WHERE award_id = a.id) AS committed,
  (SELECT coalesce(sum(amount), 0) FROM standing_entry WHERE award_id = a.id AND kind = 'payment') AS posted,
  (SELECT coalesce(sum(s.spent_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
   WHERE r.award_id = a.id AND r.state = 'accepted') AS reported,
  (SELECT coalesce(sum(s.accepted_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
   WHERE r.award_id = a.id AND r.state = 'accepted') AS verified,
  (SELECT coalesce(sum(amount), 0) FROM standing_entry WHERE award_id = a.id AND kind = 'decommitment') AS given_back,
  (SELECT coalesce(sum(amount), 0) FROM standing_entry WHERE award_id = a.id AND kind = 'recovery') AS returned,
  (SELECT coalesce(sum(s.spent - s.spent_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
   WHERE r.award_id = a.id AND r.state = 'accepted') AS own_reported,
  (SELECT coalesce(sum(s.accepted - s.accepted_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
   WHERE r.award_id = a.id AND r.state = 'accepted') AS own_verified
FROM award a ORDER BY a.id
"""
TABLES = ("money", "month", "work", "day", "indicator", "newest", "picture")
# A hand in the database for each thing these pages count.
CHANGES = {
    "a grant's state": "UPDATE award SET state = CASE state WHEN 'active' THEN 'suspended' ELSE 'active' END WHERE id = $1",
    "a tranche is cancelled": "UPDATE tranche SET state = 'cancelled' WHERE award_id = $1 AND state IN ('planned', 'due')",
    "a report is due later": "UPDATE report_due SET due_on = due_on + 9 WHERE award_id = $1",
    "a report is waived": "UPDATE report SET state = 'waived' WHERE award_id = $1 AND state = 'open'",
    "a report came later": "UPDATE report SET first_submitted_at = first_submitted_at + interval '90 days' WHERE award_id = $1",
    "a report is open again": "UPDATE report SET state = 'under_review' WHERE award_id = $1 AND state = 'accepted'",
    "spending is seen otherwise": "UPDATE spending_line SET accepted = accepted - 1 WHERE accepted > 1 AND report_id IN"
    " (SELECT id FROM report WHERE award_id = $1)",
    "a value is corrected": "UPDATE report_value SET reported = reported + 1, verdict = 'unverified', verified = NULL,"
    " verified_by = NULL, verified_at = NULL WHERE award_id = $1",
    "a promise grows": "UPDATE award_indicator SET target = target + 10 WHERE award_id = $1",
    "a visit is not approved any more": "UPDATE visit SET state = 'in_review' WHERE award_id = $1 AND state = 'approved'",
    "a visit has no place": "UPDATE visit SET latitude = NULL, longitude = NULL WHERE award_id = $1",
    "a finding is closed": "UPDATE finding SET state = 'closed' WHERE award_id = $1 AND state = 'final'",
    "a finding was shared earlier": "UPDATE finding SET shared_at = shared_at - interval '60 days' WHERE award_id = $1",
    "a photo is hidden": "UPDATE visit_photo SET public = false WHERE visit_id IN (SELECT id FROM visit WHERE award_id = $1)",
    "evidence goes": "DELETE FROM value_evidence WHERE award_id = $1",
}


async def a_larger_world(cast):
    world = await a_world(cast)
    await a_dollar_award(cast)
    await opened(world.vani)
    async with importing():
        await execute(
            "INSERT INTO value_evidence (value_id, award_id, visit_id) SELECT v.id, v.award_id, $1 FROM report_value v"
            " WHERE v.award_id = $2",
            world.visit.id, world.vani.id,
        )  # fmt: skip
    return world


async def told(scope):
    """All that the overviews count, in an order that does not depend on where it comes from."""
    totals = await queries.totals(scope)
    sums = await money.sums(scope, "EUR")
    months = [await money.months(scope, currency, today()) for currency in ("EUR", "USD")]
    return (
        {name: totals[name] for name in sorted(totals.keys())},
        sorted(sums.cells, key=repr),
        months,
        {key: [dict(each) for each in listed] for key, listed in (await queries.newest_values(scope)).items()},
        [
            {key: [each["id"] for each in listed] for key, listed in (await gallery.first(scope, allowed)).items()}
            for allowed in (AGREED, PUBLIC)
        ],
    )


async def agree(*addresses):
    """What is kept says what is counted."""
    assert await rows("SELECT * FROM award_money ORDER BY award_id") == await rows(MONEY_OF_AWARDS)
    await summary.sum_up_what_waits()
    for address in addresses or ({},):
        scope = await scope_of(address)
        assert scope.kept
        kept, counted = await told(scope), await told(replace(scope, kept=False))
        for one, other in zip(kept, counted, strict=True):
            if isinstance(other, dict) and "place" in str(other):
                other = {key: [_without_place(each) for each in listed] for key, listed in other.items()}
            assert one == other, address


def _without_place(each):
    return {name: content for name, content in each.items() if name != "place"} if isinstance(each, dict) else each


async def test_kept_and_counted_say_the_same_under_every_filter(cast):
    world = await a_larger_world(cast)
    call = await value("SELECT reference FROM call WHERE id = $1", world.vani.call_id)
    await agree({}, {"municipality": "vani"}, {"municipality": "unknown"}, {"call": call}, {"municipality": "khoni"})
    assert (await told(await scope_of({})))[0]["visits_made"] > 0


async def test_a_period_is_counted(cast):
    await a_larger_world(cast)
    await summary.sum_up_what_waits()
    assert not (await scope_of({"period": str(today().year)})).kept


async def test_of_a_period_everything_is_counted_and_nothing_taken_from_what_is_kept(cast):
    await a_larger_world(cast)
    await summary.sum_up_what_waits()
    for address, empty in (({}, False), ({"period": "2019"}, True)):
        scope = await scope_of(address)
        totals, sums, months, newest, pictures = await told(scope)
        assert scope.kept is not empty
        counted = [totals[name] for name in ("grants", "visits_planned", "reports_due", "organisations")]
        for each in (*counted, sums, months[0].months, newest, *pictures):
            assert (not each) is empty, (address, each)


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_counts_is_noticed(cast, what):
    world = await a_larger_world(cast)
    await a_report(cast, world.vani, "open", number=2)
    await summary.sum_up_what_waits()
    async with importing():
        await execute("UPDATE spending_line SET accepted = spent")
        await summary.sum_up_what_waits()
        await execute(CHANGES[what], world.vani.id)
    assert not (await scope_of({})).kept
    await agree({}, {"municipality": "vani"})


async def test_anything_in_any_order_leaves_what_a_rebuild_makes(cast):
    world = await a_larger_world(cast)
    chance = random.Random(3)
    awards = [world.vani.id, world.guria.id]
    async with importing():
        for _round in range(3):
            for what in chance.sample(list(CHANGES), 6):
                await execute(CHANGES[what], chance.choice(awards))
            await agree({}, {"municipality": "vani"})
    kept = {table: await content(table) for table in TABLES}
    await summary.rebuild()
    assert kept == {table: await content(table) for table in TABLES}


async def content(table):
    return sorted(str({**each, "made": None}) for each in await rows(f"SELECT * FROM result_{table}"))


async def test_a_falsified_cell_is_found_and_a_rebuild_mends_it(cast):
    world = await a_larger_world(cast)
    await summary.sum_up_what_waits()
    assert await summary.differing_cells() == []
    async with importing():
        await execute("UPDATE result_money SET amount = amount + 1 WHERE step = 'paid' AND currency = 'EUR'")
    wrong = await value("SELECT reference FROM call WHERE id = $1", world.vani.call_id)
    assert wrong in await summary.differing_cells()
    await summary.rebuild()
    assert await summary.differing_cells() == []


async def test_nobody_but_the_database_writes_what_is_kept(committing):
    for table in TABLES:
        assert not await value(f"SELECT has_table_privilege(current_user, 'result_{table}', 'INSERT, UPDATE, DELETE')")


async def test_what_is_marked_is_summed_up_when_its_transaction_ends(cast):
    """The end comes early here; below is a real one."""
    award = await an_award(cast)
    await summary.sum_up_what_waits()
    async with importing():
        await execute("UPDATE report_due SET due_on = $2 WHERE award_id = $1", award.id, today() + timedelta(days=900))
        assert await value("SELECT count(*) FROM result_mark") == 1
        await execute("SET CONSTRAINTS result_marked IMMEDIATE")
        assert await value("SELECT count(*) FROM result_mark") == 0
        await execute("SET CONSTRAINTS result_marked DEFERRED")


async def test_sums_of_a_grant_that_are_made_changed_or_taken_away_mark_its_cell(cast):
    """They are made by the worker, in a transaction after the one that accepted the report and marked the cell for it."""
    await a_larger_world(cast)
    await summary.sum_up_what_waits()
    one = "(SELECT award_id FROM result_sum ORDER BY award_id LIMIT 1)"
    async with importing():
        await execute("SET CONSTRAINTS result_marked IMMEDIATE")
        await execute("SET CONSTRAINTS result_marked DEFERRED")
        await execute(f"CREATE TEMP TABLE taken ON COMMIT DROP AS SELECT * FROM result_sum WHERE award_id = {one}")
        for change in (
            "UPDATE result_sum SET award_id = award_id WHERE award_id IN (SELECT award_id FROM taken)",
            "DELETE FROM result_sum WHERE award_id IN (SELECT award_id FROM taken)",
            "INSERT INTO result_sum SELECT * FROM taken",
        ):
            assert await value("SELECT count(*) FROM result_mark") == 0
            await execute(change)
            assert await value("SELECT count(*) FROM result_mark") == 1, change
            await execute("SET CONSTRAINTS result_marked IMMEDIATE")
            await execute("SET CONSTRAINTS result_marked DEFERRED")
        await execute("DROP TABLE taken")


async def test_the_transaction_that_changes_something_sums_it_up(committing):
    cast = await make_cast()
    award = await an_award(cast)
    assert await value("SELECT count(*) FROM result_mark") == 0
    assert await value("SELECT sum(grants) FROM result_work") == 1
    async with transaction(), importing():
        await execute("UPDATE report_due SET due_on = $2 WHERE award_id = $1", award.id, today() + timedelta(days=900))
        assert await value("SELECT count(*) FROM result_mark") == 1
    assert await value("SELECT count(*) FROM result_mark") == 0
    assert await value("SELECT min(day) FROM result_day WHERE kind = 'due'") == today() + timedelta(days=900)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("result_cell", "result_cell_call_id_municipality_id_bucket_key"),
        ("result_day", "result_day_cell_id_kind_indicator_id_day_key"),
    ],
)
async def test_nothing_is_kept_twice(cast, table, key):
    """Also where there is no municipality or no indicator, which are equal to each other here."""
    await a_larger_world(cast)
    await summary.rebuild()
    columns = "call_id, municipality_id, bucket" if table == "result_cell" else "cell_id, kind, indicator_id, day, n"
    there = await value(f"SELECT count(*) FROM {table}")
    for twice in (f"SELECT {columns} FROM {table}", _without(table, columns)):
        with pytest.raises(UniqueViolationError) as error:
            async with importing():
                await execute(f"INSERT INTO {table} ({columns}) {twice}")
        assert error.value.constraint_name == key
    assert there and await value(f"SELECT count(*) FROM {table}") == there


def _without(table, columns):
    """Two rows that are the same and name nothing in the column that may be empty."""
    empty = "municipality_id" if table == "result_cell" else "indicator_id"
    again = columns.replace(empty, f"NULL::uuid AS {empty}").replace("bucket", "999 AS bucket")
    one = f"(SELECT {again} FROM {table} LIMIT 1)"
    return f"{one} UNION ALL {one}"
