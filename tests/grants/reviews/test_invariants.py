"""What PostgreSQL refuses about reviews and decisions, asked past the application with the service's own role."""

from decimal import Decimal

import asyncpg
import pytest

from foundation.database import execute, get, row, transaction, value
from grants.calls.tables import Call
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, a_scored_application, some_minutes
from tests.cast import add_account, add_role, ended_role
from tests.importing import importing

ASSIGN = "INSERT INTO review (application_id, call_id, reviewer_id, assigned_by) VALUES ($1, $2, $3, $4)"


async def refused(sql, *args) -> str:
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    return error.value.constraint_name


async def test_only_reviewers_of_other_organisations_once_each(cast):
    application = await an_application(cast, state="in_review")
    async with importing():
        own, competitor = [await add_account(name) for name in ("own", "competitor")]
        for each, organisation in ((own, cast.vani_youth), (competitor, cast.guria_women)):
            await add_role(each, "reviewer")
            await ended_role(each, "editor", organisation.id)
    await an_application(cast, await get(Call, application.call_id), "admin_check", organisation=cast.guria_women)
    ids = (application.id, application.call_id)
    assert await refused(ASSIGN, *ids, cast.director.id, cast.manager.id) == "review_by_reviewer"
    assert await refused(ASSIGN, *ids, own, cast.manager.id) == "review_not_own_organisation"
    assert await refused(ASSIGN, *ids, competitor, cast.manager.id) == "review_of_no_competitor"
    assert await refused(ASSIGN, *ids, cast.reviewer.id, cast.reviewer.id) == "review_second_person"
    await execute(ASSIGN, *ids, cast.reviewer.id, cast.manager.id)
    assert await refused(ASSIGN, *ids, cast.reviewer.id, cast.manager.id) == "review_application_id_reviewer_id_key"


async def test_reviewers_come_only_in_review(cast):
    application = await an_application(cast, state="admin_check")
    ids = (application.id, application.call_id)
    assert await refused(ASSIGN, *ids, cast.reviewer.id, cast.manager.id) == "review_of_application_in_review"


@pytest.mark.parametrize(
    "state, target",
    [("invited", "drafting"), ("invited", "locked"), ("conflicted", "clear"), ("locked", "drafting"), ("replaced", "invited"), ("clear", "locked")],
)  # fmt: skip
async def test_reviews_move_only_along_the_arrows(cast, state, target):
    review = await a_review(cast, state=state)
    assert await refused("UPDATE review SET state = $2 WHERE id = $1", review.id, target) == "review_state"


async def test_nothing_opens_before_a_declaration(cast):
    review = await a_review(cast, state="invited")
    rule = "review_after_clean_declaration"
    assert await refused("UPDATE review SET state = 'clear' WHERE id = $1", review.id) == rule
    conflicted = "UPDATE review SET state = 'clear', declared_at = now(), conflict = true WHERE id = $1"
    assert await refused(conflicted, review.id) == rule


async def test_a_declared_conflict_is_not_taken_back(cast):
    review = await a_review(cast, state="clear")
    sql = "UPDATE review SET conflict = NULL WHERE id = $1"
    assert await refused(sql, review.id) in ("review_declaration_stays", "review_after_clean_declaration")
    for other in ("declaration = 'Something else'", "declared_at = now()"):
        assert await refused(f"UPDATE review SET {other} WHERE id = $1", review.id) == "review_declaration_stays"


@pytest.mark.parametrize("state", ["invited", "clear", "conflicted", "locked", "reopened", "replaced"])
async def test_scores_are_written_only_while_drafting(cast, state):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), state)
    sql = (
        "INSERT INTO score (review_id, call_id, criterion_id, points) VALUES ($1, $2, $3, 1)"
        " ON CONFLICT (review_id, criterion_id) DO UPDATE SET points = 1"
    )
    assert await refused(sql, review.id, call.id, call.criteria[0].id) == "score_while_drafting"


async def test_points_stay_within_the_criterion(cast):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "drafting")
    sql = "INSERT INTO score (review_id, call_id, criterion_id, points) VALUES ($1, $2, $3, $4)"
    assert await refused(sql, review.id, call.id, call.criteria[2].id, Decimal("10.5")) == "score_within_criterion"
    assert await refused(sql, review.id, call.id, call.criteria[2].id, Decimal("-1")) == "score_points_check"
    other = await a_call(cast, "evaluating")
    assert await refused(sql, review.id, call.id, other.criteria[0].id, Decimal(1)) == "score_criterion_id_call_id_fkey"


async def test_a_review_is_locked_whole_with_the_total_of_its_scores(cast):
    call = await a_call(cast, "evaluating")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "drafting")
    lock = "UPDATE review SET state = 'locked', total = 99, locked_at = now() WHERE id = $1"
    assert await refused(lock, review.id) == "review_complete"
    for criterion in call.criteria:
        await execute(
            "INSERT INTO score (review_id, call_id, criterion_id, points) VALUES ($1, $2, $3, 10)",
            review.id, call.id, criterion.id,
        )  # fmt: skip
    await execute(lock, review.id)
    assert await value("SELECT total FROM review WHERE id = $1", review.id) == Decimal("60.000")
    assert await refused("UPDATE review SET total = 99 WHERE id = $1", review.id) == "review_frozen"
    assert await refused("UPDATE review SET comment = 'x' WHERE id = $1", review.id) == "review_frozen"
    assert await refused("UPDATE score SET points = 1 WHERE review_id = $1", review.id) == "score_while_drafting"


async def test_reviews_are_locked_only_during_evaluation(cast):
    call = await a_call(cast, "closed")
    review = await a_review(cast, await an_application(cast, call, "in_review"), "drafting")
    assert await refused("UPDATE review SET state = 'locked' WHERE id = $1", review.id) == "review_while_evaluating"


DECIDE = (
    "INSERT INTO decision (minutes_id, call_id, application_id, outcome, amount, reason, decided_by)"
    " VALUES ($1, $2, $3, $4, $5, 'Because.', $6)"
)


async def test_decisions_rest_on_scored_applications_and_stay_within_limits(cast):
    call = await a_call(cast, "evaluating")
    scored, waiting = (
        await a_scored_application(cast, call),
        await an_application(cast, call, "in_review", cast.guria_women),
    )
    minutes = await some_minutes(cast, call, signed=False)
    chair = cast.chair.id
    ids = (minutes.id, call.id, scored.id)
    assert (
        await refused(DECIDE, minutes.id, call.id, waiting.id, "approve", Decimal(2000), chair) == "decision_of_scored"
    )
    assert await refused(DECIDE, *ids, "approve", Decimal("4000.01"), chair) == "decision_within_limits"
    assert await refused(DECIDE, *ids, "approve", Decimal("999"), chair) == "decision_within_limits"
    assert await refused(DECIDE, *ids, "approve", None, chair) == "decision_amount"
    assert await refused(DECIDE, *ids, "reject", Decimal(2000), chair) == "decision_amount"
    assert await refused(DECIDE, *ids, "correction", Decimal(2000), chair) == "decision_correction_facts"
    await execute(DECIDE, *ids, "approve", Decimal(2000), chair)
    assert await refused(DECIDE, *ids, "reject", None, chair) == "decision_minutes_id_application_id_key"


async def test_signed_minutes_and_their_decisions_are_frozen(cast):
    application = await a_decided_application(cast)
    minutes = application.decision.minutes_id
    for sql in (
        "UPDATE meeting_minutes SET text = 'x' WHERE id = $1",
        "UPDATE decision SET amount = 1 WHERE minutes_id = $1",
        "DELETE FROM decision WHERE minutes_id = $1",
    ):
        assert await refused(sql, minutes) == "minutes_frozen"


async def test_signed_minutes_are_kept_even_from_whoever_brings_history_in(cast):
    """Where nothing was decided nothing else points to them; the service's own role can take no minutes away at all."""
    signed = await some_minutes(cast, await a_call(cast, "evaluating"))
    still_open = await some_minutes(cast, await a_call(cast, "evaluating"), signed=False)
    gone = "DELETE FROM meeting_minutes WHERE id = $1"
    async with importing():
        assert await refused(gone, signed.id) == "minutes_frozen"
        await execute(gone, still_open.id)


async def test_minutes_are_signed_by_a_chair_who_had_no_hand_in_the_call(cast):
    call = await a_call(cast, "evaluating", approved_by=cast.chair.id)
    minutes = await some_minutes(cast, call, signed=False)
    sign = "UPDATE meeting_minutes SET state = 'signed', signed_by = $2, body = '{}' WHERE id = $1"
    assert await refused(sign, minutes.id, cast.chair.id) == "minutes_by_chair"
    other = await some_minutes(cast, await a_call(cast, "evaluating"), signed=False)
    assert await refused(sign, other.id, cast.director.id) == "minutes_by_chair"
    unsaid = "UPDATE meeting_minutes SET state = 'signed', signed_by = $2 WHERE id = $1"
    assert await refused(unsaid, other.id, cast.chair.id) == "minutes_signed_facts"
    await execute(sign, other.id, cast.chair.id)


async def test_one_meeting_at_a_time(cast):
    call = await a_call(cast, "evaluating")
    await some_minutes(cast, call, signed=False)
    sql = "INSERT INTO meeting_minutes (call_id, number, held_on, opened_by) VALUES ($1, 9, now(), $2)"
    assert await refused(sql, call.id, cast.chair.id) == "minutes_one_open"


async def test_how_many_read_an_application_is_kept_while_it_is_in_review(cast):
    application = await an_application(cast, state="in_review")
    assert await kept_of(application) == (0, 0)
    first = await a_review(cast, application, "invited")
    second = await a_review(cast, application, "drafting", reviewer=cast.reviewer2)
    assert await kept_of(application) == (2, 1)
    async with importing():
        await execute(
            "UPDATE review SET state = 'clear', conflict = false, declared_at = now() WHERE id = $1", first.id
        )
        assert await kept_of(application) == (2, 2)
        await execute("UPDATE review SET state = 'replaced' WHERE id = $1", second.id)
        assert await kept_of(application) == (1, 1)
        await execute("UPDATE application SET state = 'scored' WHERE id = $1", application.id)
        assert await kept_of(application) is None
        await execute("UPDATE application SET state = 'in_review' WHERE id = $1", application.id)
    assert await kept_of(application) == (1, 1)


async def kept_of(application):
    found = await row("SELECT counting, reading FROM application_reviews WHERE application_id = $1", application.id)
    return tuple(found) if found else None
