"""What PostgreSQL refuses about calls, asked past the application with the service's own role."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import now
from foundation.database import DB, execute, row, transaction, value
from tests.builders.calls import a_call
from tests.cast import make_cast
from tests.importing import importing


async def refused(sql, *args) -> str:
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    return error.value.constraint_name


async def test_a_call_starts_as_a_draft(cast):
    columns = "programme_id, reference, currency, envelope, min_award, max_award, opens_at, deadline"
    assert (
        await refused(
            f"INSERT INTO call ({columns}, state, title_ka, title_en, summary_ka, summary_en)"
            " VALUES ($1, 'X', 'EUR', 100, 1, 10, now(), now() + interval '1 day', 'open', 'a', 'a', 'a', 'a')",
            cast.programme.id,
        )
        == "call_state"
    )


@pytest.mark.parametrize(
    "state, target",
    [
        ("draft", "scheduled"),
        ("draft", "open"),
        ("open", "evaluating"),
        ("closed", "open"),
        ("completed", "evaluating"),
        ("cancelled", "draft"),
    ],
)
async def test_states_move_only_along_the_arrows(cast, state, target):
    call = await a_call(cast, state=state, parts=False)
    assert await refused("UPDATE call SET state = $2 WHERE id = $1", call.id, target) == "call_state"


@pytest.mark.parametrize(
    "change, rule",
    [
        ("deadline = opens_at", "call_dates"),
        ("min_award = max_award + 1", "call_amounts"),
        ("max_award = envelope + 1", "call_amounts"),
        ("envelope = 'NaN'", "money_above_zero_check"),
        ("min_award = 0", "money_above_zero_check"),
        ("approved_by = created_by", "call_persons_stay"),
    ],
)
async def test_terms_that_make_no_sense(cast, change, rule):
    call = await a_call(cast, state="draft", parts=False, submitted_by=cast.curator2.id)
    assert await refused(f"UPDATE call SET {change} WHERE id = $1", call.id) == rule


@pytest.mark.parametrize("who", ["created_by", "submitted_by"])
async def test_nobody_approves_what_they_wrote_or_handed_in(cast, who):
    call = await a_call(cast, state="in_approval", parts=False, submitted_by=cast.curator2.id)
    approve = f"UPDATE call SET state = 'scheduled', approved_by = {who} WHERE id = $1"
    assert await refused(approve, call.id) == "call_second_person"


async def test_no_call_leaves_the_drawing_board_in_one_language(cast):
    call = await a_call(cast, state="draft", parts=False, title_en="  ")
    assert await refused("UPDATE call SET state = 'in_approval' WHERE id = $1", call.id) == "call_both_languages"


async def test_a_second_person_schedules(cast):
    call = await a_call(cast, state="in_approval", parts=False)
    assert await refused("UPDATE call SET state = 'scheduled' WHERE id = $1", call.id) == "call_second_person"
    own = "UPDATE call SET state = 'scheduled', approved_by = created_by WHERE id = $1"
    assert await refused(own, call.id) == "call_second_person"


async def test_envelopes_stay_within_the_programme(cast):
    await a_call(cast, state="closed", parts=False, envelope=Decimal("200000"))
    call = await a_call(cast, state="in_approval", parts=False, envelope=Decimal("40000.01"))
    sql = "UPDATE call SET state = 'scheduled', approved_by = $2 WHERE id = $1"
    assert await refused(sql, call.id, cast.manager.id) == "call_within_programme"


async def test_calls_open_and_close_on_time(cast):
    scheduled = await a_call(cast, state="scheduled", parts=False)
    assert await refused("UPDATE call SET state = 'open' WHERE id = $1", scheduled.id) == "call_opens_on_time"
    opened = await a_call(cast, state="open", parts=False)
    assert await refused("UPDATE call SET state = 'closed' WHERE id = $1", opened.id) == "call_closes_on_time"


@pytest.mark.parametrize(
    "change",
    ["currency = 'GEL'", "min_award = 2000", "max_award = 9000", "invited_only = true", "min_reviews = 1", "wide_spread = 90",
     "opens_at = opens_at - interval '1 day'"],
)  # fmt: skip
async def test_published_terms_are_frozen(cast, change):
    call = await a_call(cast, state="open", parts=False)
    assert await refused(f"UPDATE call SET {change} WHERE id = $1", call.id) == "call_terms_frozen"


async def test_a_deadline_only_moves_later_and_not_after_it_passed(cast):
    call = await a_call(cast, state="open", parts=False)
    earlier = "UPDATE call SET deadline = deadline - interval '1 hour' WHERE id = $1"
    assert await refused(earlier, call.id) == "call_deadline_only_later"
    waiting = await a_call(cast, state="in_approval", parts=False)
    assert await refused(earlier, waiting.id) == "call_deadline_only_later"
    late = await a_call(cast, state="open", parts=False, deadline=now() - timedelta(seconds=1))
    later = "UPDATE call SET deadline = deadline + interval '1 day' WHERE id = $1"
    assert await refused(later, late.id) == "call_deadline_only_later"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM criterion WHERE call_id = $1",
        "UPDATE criterion SET weight = 1 WHERE call_id = $1",
        "INSERT INTO section (call_id, position) VALUES ($1, 9)",
        "UPDATE question SET required = false WHERE call_id = $1",
        "DELETE FROM required_document WHERE call_id = $1",
        "DELETE FROM eligibility_criterion WHERE call_id = $1",
        "DELETE FROM call_municipality WHERE call_id = $1",
    ],
)
async def test_parts_of_a_published_call_are_frozen(cast, sql):
    call = await a_call(cast, state="open")
    assert await refused(sql, call.id) == "call_terms_frozen"


async def test_the_service_cannot_import_history(cast):
    call = await a_call(cast, state="open", parts=False)
    await execute("SELECT set_config('subgrants.importing', 'on', true)")
    assert await refused("UPDATE call SET min_award = 2000 WHERE id = $1", call.id) == "call_terms_frozen"


async def test_parallel_approvals_never_promise_more_than_the_budget(committing):
    """Ten managers at once; the budget has room for four."""
    cast = await make_cast()
    calls = [await a_call(cast, state="in_approval", parts=False, envelope=Decimal("60000")) for _n in range(10)]

    async def approve(call):
        try:
            await execute(
                "UPDATE call SET state = 'scheduled', approved_by = $2 WHERE id = $1", call.id, cast.manager.id
            )
            return "scheduled"
        except asyncpg.PostgresError as error:
            return error.constraint_name

    said = await asyncio.gather(*(approve(call) for call in calls))
    assert sorted(said) == ["call_within_programme"] * 6 + ["scheduled"] * 4
    assert await value("SELECT sum(envelope) FROM call WHERE state = 'scheduled'") == Decimal("240000")
    assert DB.pool is not None


async def test_importing_is_for_the_owner_of_the_tables(cast):
    async with importing():
        call = await a_call(cast, state="completed", parts=False)
    assert call.state == "completed"


async def test_the_database_measures_how_long_a_call_stood_still(cast):
    """Whatever the application says, the clock is the database's."""
    call = await a_call(cast)
    await execute("UPDATE call SET state = 'suspended', suspended_at = '2020-01-01' WHERE id = $1", call.id)
    since = await value("SELECT suspended_at FROM call WHERE id = $1", call.id)
    assert since.year >= 2025
    await execute("UPDATE call SET state = 'open', deadline = deadline + interval '9 days' WHERE id = $1", call.id)
    after = await value("SELECT deadline FROM call WHERE id = $1", call.id)
    assert after - call.deadline < timedelta(minutes=3)


async def test_when_a_call_began_to_stand_still_is_not_written_by_hand(cast):
    """An earlier beginning would move the deadline; one where nothing stands still would be a lie."""
    stood = "SELECT suspended_at, suspend_reason FROM call WHERE id = $1"
    running = await a_call(cast)
    await execute("UPDATE call SET suspended_at = '2020-01-01' WHERE id = $1", running.id)
    assert await value(stood, running.id) is None
    await execute("UPDATE call SET state = 'suspended', suspend_reason = 'A mistake.' WHERE id = $1", running.id)
    since = await value(stood, running.id)
    await execute("UPDATE call SET suspended_at = '2020-01-01' WHERE id = $1", running.id)
    assert await value(stood, running.id) == since
    await execute("UPDATE call SET state = 'open', suspend_reason = 'A mistake.' WHERE id = $1", running.id)
    assert tuple(await row(stood, running.id)) == (None, None)


async def test_a_suspended_call_keeps_its_deadline(cast):
    call = await a_call(cast, "suspended")
    sql = "UPDATE call SET deadline = deadline + interval '9 days' WHERE id = $1"
    assert await refused(sql, call.id) == "call_deadline_only_later"


async def test_a_call_whose_deadline_has_passed_is_not_suspended(cast):
    """Else the time given back would open it again for those who came late."""
    late = await a_call(cast, "open", deadline=now() - timedelta(seconds=1))
    sql = "UPDATE call SET state = 'suspended' WHERE id = $1"
    assert await refused(sql, late.id) == "call_deadline_only_later"


async def test_a_standstill_has_its_moment_and_a_spread_is_a_share_of_hundred(cast):
    """The table itself, whoever writes it: even history brought in by the owner."""
    call = await a_call(cast)
    async with importing():
        sql = "UPDATE call SET state = 'suspended', suspended_at = NULL, suspend_reason = NULL WHERE id = $1"
        assert await refused(sql, call.id) == "call_suspended"
        assert await refused("UPDATE call SET wide_spread = 101 WHERE id = $1", call.id) == "call_wide_spread_check"
