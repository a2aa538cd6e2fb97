"""What the database itself refuses about recommendations, whoever asks."""

from datetime import timedelta

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, transaction
from tests.builders.recommendations import a_recommendation
from tests.importing import importing


async def refused(constraint, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as refusal:
        async with transaction():
            await execute(sql, *args)
    assert refusal.value.constraint_name == constraint


FOLLOW = "INSERT INTO follow_up (recommendation_id, kind, text, new_due, author_id, approved_by) VALUES ($1, $2, 'x', $3, $4, $5)"


async def test_states_move_only_along_the_arrows(cast):
    for state, target in (
        ("issued", "verified"),
        ("draft", "accepted"),
        ("verified", "issued"),
        ("withdrawn", "issued"),
    ):
        one = await a_recommendation(cast, state=state)
        await refused(
            "recommendation_state", "UPDATE recommendation SET state = $2, verified_by = $3 WHERE id = $1", one.id, target,
            cast.manager.id,
        )  # fmt: skip


@pytest.mark.parametrize(
    "who, rule",
    [
        ("manager", "recommendation_second_person"), ("signatory", "apart_from_organisation"),
        ("editor", "apart_from_organisation"),
    ],
)  # fmt: skip
async def test_nobody_verifies_their_own(cast, who, rule):
    owner = cast.people[who].id
    one = await a_recommendation(cast, state="reported_done", owner_id=owner, reported_by=owner)
    await refused(
        rule, "UPDATE recommendation SET state = 'verified', verified_by = $2 WHERE id = $1", one.id, owner
    )  # fmt: skip
    await refused("recommendation_verified_facts", "UPDATE recommendation SET state = 'verified' WHERE id = $1", one.id)


async def test_the_first_due_date_and_the_words_stay(cast):
    one = await a_recommendation(cast, state="accepted")
    later = one.due_original + timedelta(days=1)
    earlier = "UPDATE recommendation SET due_original = due_original - 1 WHERE id = $1"
    await refused("recommendation_due_stays", earlier, one.id)
    await refused(
        "recommendation_due_by_extension", "UPDATE recommendation SET due_current = $2 WHERE id = $1", one.id, later
    )
    await refused("recommendation_text_stays", "UPDATE recommendation SET text_en = 'Easier' WHERE id = $1", one.id)
    await refused("recommendation_stays", "UPDATE recommendation SET addressee = 'staff' WHERE id = $1", one.id)


@pytest.mark.parametrize("state", ["verified", "superseded"])
async def test_what_has_ended_keeps_its_day_although_more_time_was_given(state, cast):
    one = await a_recommendation(cast, state=state)
    later = one.due_current + timedelta(days=9)
    async with importing():
        await execute(FOLLOW, one.id, "extension", later, cast.editor.id, cast.manager.id)
    await refused(
        "recommendation_due_by_extension", "UPDATE recommendation SET due_current = $2 WHERE id = $1", one.id, later
    )


async def test_time_is_given_by_another_and_twice_at_most(cast):
    theirs = await a_recommendation(cast, state="accepted", owner_id=cast.signatory.id)
    asked = theirs.due_current + timedelta(days=1)
    await refused("apart_from_organisation", FOLLOW, theirs.id, "extension", asked, cast.editor.id, cast.signatory.id)
    one = await a_recommendation(cast, "accepted", "municipality", owner_id=cast.signatory.id)
    due = one.due_current
    await refused(
        "follow_up_second_person", FOLLOW, one.id, "extension", due + timedelta(days=1), cast.editor.id, cast.editor.id
    )
    await refused(
        "follow_up_second_person",
        FOLLOW,
        one.id,
        "extension",
        due + timedelta(days=1),
        cast.editor.id,
        cast.signatory.id,
    )
    await refused("follow_up_approved", FOLLOW, one.id, "extension", due + timedelta(days=1), cast.editor.id, None)
    await refused("follow_up_later", FOLLOW, one.id, "extension", due, cast.editor.id, cast.curator.id)
    for n in (1, 2):
        await execute(FOLLOW, one.id, "extension", due + timedelta(days=n), cast.editor.id, cast.curator.id)
        await execute("UPDATE recommendation SET due_current = $2 WHERE id = $1", one.id, due + timedelta(days=n))
    await refused(
        "follow_up_two_extensions",
        FOLLOW,
        one.id,
        "extension",
        due + timedelta(days=3),
        cast.editor.id,
        cast.curator.id,
    )


async def test_what_is_reported_done_has_evidence(cast):
    one = await a_recommendation(cast, state="in_progress")
    done = "UPDATE recommendation SET state = 'reported_done', reported_by = $2 WHERE id = $1"
    await refused("recommendation_with_evidence", done, one.id, cast.editor.id)
    await refused("follow_up_evidence", FOLLOW, one.id, "evidence", None, cast.editor.id, None)


async def test_follow_ups_are_kept(cast):
    await a_recommendation(cast, state="reported_done")
    for sql in ("DELETE FROM follow_up", "UPDATE follow_up SET text = 'y'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction():
                await execute(sql)


@pytest.mark.parametrize("state", ["draft", "verified", "withdrawn"])
async def test_only_an_open_one_is_followed_up(cast, state):
    one = await a_recommendation(cast, state=state)
    await refused("follow_up_while_open", FOLLOW, one.id, "progress", None, cast.editor.id, None)


async def test_it_is_issued_with_a_due_date_and_replaced_by_another(cast):
    one = await a_recommendation(cast, state="draft", due_original=None, due_current=None)
    await refused("recommendation_with_due_date", "UPDATE recommendation SET state = 'issued' WHERE id = $1", one.id)
    live = await a_recommendation(cast)
    await refused(
        "recommendation_superseded_facts", "UPDATE recommendation SET state = 'superseded' WHERE id = $1", live.id
    )
    await refused(
        "recommendation_superseded_facts", "UPDATE recommendation SET state = 'superseded', superseded_by = id WHERE id = $1",
        live.id,
    )  # fmt: skip
    await refused(
        "recommendation_adoption", "UPDATE recommendation SET adopted_on = $2 WHERE id = $1", live.id, today()
    )
