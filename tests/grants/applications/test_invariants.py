"""What the database refuses, whatever the application says: plain SQL as the service's own role."""

from datetime import timedelta

import asyncpg
import pytest

from foundation.clock import now
from foundation.database import execute, insert, transaction, value
from grants.applications.tables import Clarification
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import an_upload
from tests.importing import importing

SUBMIT = (
    "UPDATE application SET state = 'submitted', submitted_by = $2, declared = true, body = '{\"a\": 1}'::jsonb,"
    " submitted_at = $3 WHERE id = $1"
)


async def refused(sql: str, *args) -> str:
    """The name of the rule that said no."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as caught:
        async with transaction():
            await execute(sql, *args)
    return caught.value.constraint_name


async def test_a_late_draft_is_refused_by_the_databases_clock(cast):
    call = await a_call(cast, "open", opens_at=now() - timedelta(days=9), deadline=now() - timedelta(seconds=1))
    application = await an_application(cast, call, "draft")
    early = now() - timedelta(days=2)
    assert await refused(SUBMIT, application.id, cast.signatory.id, early) == "application_in_time"


async def test_the_time_of_submission_is_the_databases(cast):
    application = await an_application(cast, state="draft")
    await execute(SUBMIT, application.id, cast.signatory.id, now() - timedelta(days=5))
    stamped = await value("SELECT clock_timestamp() - submitted_at FROM application WHERE id = $1", application.id)
    assert timedelta(0) <= stamped < timedelta(minutes=1)


async def test_a_draft_cannot_be_sent_to_a_call_that_is_not_open(cast):
    application = await an_application(cast, await a_call(cast, "closed"), "draft")
    assert await refused(SUBMIT, application.id, cast.signatory.id, now()) == "application_in_time"


@pytest.mark.parametrize("requested", ["10000.01", "999.99"])
async def test_a_request_stays_within_the_limits_of_the_call(cast, requested):
    application = await an_application(cast, state="draft")
    await execute(f"UPDATE application SET requested = {requested} WHERE id = $1", application.id)
    assert await refused(SUBMIT, application.id, cast.signatory.id, now()) == "application_within_limits"


async def test_a_request_is_what_the_budget_adds_up_to(cast):
    application = await an_application(cast, state="draft")
    await execute("UPDATE application SET requested = 3999 WHERE id = $1", application.id)
    assert await refused(SUBMIT, application.id, cast.signatory.id, now()) == "application_adds_up"


async def test_an_uninvited_organisation_cannot_send(cast):
    call = await a_call(cast, invited=[cast.guria_women], invited_only=True)
    application = await an_application(cast, call, "draft")
    assert await refused(SUBMIT, application.id, cast.signatory.id, now()) == "application_invited"


async def test_nobody_sends_without_a_signed_declaration(cast):
    application = await an_application(cast, state="draft")
    unsigned = SUBMIT.replace("declared = true", "declared = false")
    assert await refused(unsigned, application.id, cast.signatory.id, now()) == "application_signed"
    assert await refused(SUBMIT, application.id, None, now()) == "application_signed"


@pytest.mark.parametrize(
    "change",
    [
        "body = '{}'", "body_sha256 = sha256('a'::bytea)", "submitted_at = clock_timestamp()", "requested = 4001",
        "own_contribution = 1", "title_ka = 'სხვა'", "summary_en = 'Other'", "starts_on = '2030-01-01', ends_on = NULL",
        "municipality_id = NULL", "declared = false", "number = 'A-1'", "submitted_by = NULL",
    ],
)  # fmt: skip
@pytest.mark.parametrize("state", ["submitted", "admin_check", "in_review"])
async def test_what_was_submitted_is_frozen(cast, state, change):
    application = await an_application(cast, state=state)
    assert await refused(f"UPDATE application SET {change} WHERE id = $1", application.id) == "application_frozen"


@pytest.mark.parametrize("state", ["awaiting_signoff", "submitted", "admin_check", "clarification", "scored"])
async def test_the_parts_of_what_was_submitted_are_frozen(cast, state):
    application = await an_application(cast, state=state)
    upload = await an_upload(cast.editor)
    for sql in (
        "UPDATE answer SET value = 'x' WHERE application_id = $1",
        "UPDATE budget_line SET item = 'x' WHERE application_id = $1",
        "DELETE FROM budget_line WHERE application_id = $1",
        "INSERT INTO budget_line (application_id, position, category, item, quantity, unit_cost, amount)"
        " VALUES ($1, 9, 'other', 'x', 1, 1, 1)",
    ):
        assert await refused(sql, application.id) == "application_frozen", sql
    attach = "INSERT INTO attachment (application_id, upload_id, clarification) VALUES ($1, $2, true)"
    if state == "clarification":
        await execute(attach, application.id, upload.id)
        assert await refused("DELETE FROM attachment WHERE application_id = $1", application.id) == "application_frozen"
    else:
        assert await refused(attach, application.id, upload.id) == "application_frozen"


async def test_an_organisation_has_one_live_application_to_a_call(cast):
    application = await an_application(cast, state="submitted")
    again = "INSERT INTO application (number, call_id, organisation_id, currency) VALUES ('A-2', $1, $2, 'EUR')"
    given = application.call_id, application.organisation_id
    assert await refused(again, *given) == "application_one_live"
    await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", application.id)
    await execute(again, *given)


async def test_an_application_begins_as_a_draft_and_goes_along_the_arrows(cast):
    call = await a_call(cast)
    begun = (
        "INSERT INTO application (number, call_id, organisation_id, currency, state, submitted_at, body, body_sha256)"
        " VALUES ('A-3', $1, $2, 'EUR', 'submitted', now(), '{}', sha256('a'::bytea))"
    )
    assert await refused(begun, call.id, cast.vani_youth.id) == "application_state"
    application = await an_application(cast, state="submitted")
    for target in ("approved", "in_review", "scored", "rejected", "expired"):
        jump = f"UPDATE application SET state = '{target}' WHERE id = $1"
        assert await refused(jump, application.id) == "application_state"


async def test_an_application_stays_with_its_call_and_organisation(cast):
    application = await an_application(cast, state="draft")
    moved = "UPDATE application SET organisation_id = $2 WHERE id = $1"
    assert await refused(moved, application.id, cast.guria_women.id) == "application_stays"


async def test_taking_back_is_over_with_the_deadline(cast):
    call = await a_call(cast, "open", opens_at=now() - timedelta(days=9), deadline=now() - timedelta(seconds=1))
    application = await an_application(cast, call, "submitted")
    assert (
        await refused("UPDATE application SET state = 'draft' WHERE id = $1", application.id) == "application_in_time"
    )


async def test_a_budget_line_is_quantity_times_price(cast):
    application = await an_application(cast, state="draft")
    line = (
        "INSERT INTO budget_line (application_id, position, category, item, quantity, unit_cost, amount, own_share)"
        " VALUES ($1, 9, 'other', 'x', {}, {}, {}, {})"
    )
    assert await refused(line.format(2, 10, 21, 0), application.id) == "budget_line_amount"
    assert await refused(line.format(2, 10, 20, 21), application.id) == "budget_line_own_share"
    await execute(line.format("1.5", "0.33", "0.50", "0"), application.id)


async def test_not_eligible_needs_a_reason_and_a_second_person(cast):
    application = await an_application(cast, state="admin_check")
    found = "UPDATE application SET state = 'ineligible', ineligible_confirmed_by = $2, ineligible_reason = $3 WHERE id = $1"
    assert await refused(found, application.id, cast.manager.id, "late") == "application_ineligible"
    await execute("UPDATE application SET ineligible_proposed_by = $2 WHERE id = $1", application.id, cast.curator.id)
    assert await refused(found, application.id, cast.curator.id, "late") == "application_ineligible"
    assert await refused(found, application.id, cast.manager.id, None) == "application_ineligible"


async def test_eligibility_is_judged_only_during_the_check(cast):
    application = await an_application(cast, state="in_review")
    judged = (
        "INSERT INTO eligibility_check (application_id, criterion_id, passed, checked_by) VALUES ($1, $2, true, $3)"
    )
    given = application.id, application.call.eligibility[0].id, cast.curator.id
    assert await refused(judged, *given) == "eligibility_in_check"


async def test_a_judgement_may_change_its_mind_and_not_its_criterion(cast):
    application = await an_application(cast, state="admin_check")
    first, second, *_ = application.call.eligibility
    await execute(
        "INSERT INTO eligibility_check (application_id, criterion_id, passed, checked_by) VALUES ($1, $2, true, $3)",
        application.id, first.id, cast.curator.id,
    )  # fmt: skip
    change = "UPDATE eligibility_check SET {} WHERE application_id = $1"
    await execute(change.format("passed = false, note = 'Founded last month'"), application.id)
    moved = change.format("criterion_id = $2")
    assert await refused(moved, application.id, second.id) == "eligibility_in_check"


async def test_what_was_asked_and_answered_stays(cast):
    application = await an_application(cast, state="clarification")
    async with importing():
        asked = await insert(
            Clarification, application_id=application.id, kind="clarification", question="Why?",
            asked_by=cast.curator.id, due_on=now().date(),
        )  # fmt: skip
    assert await refused("UPDATE clarification SET question = 'x' WHERE id = $1", asked.id) == "clarification_frozen"
    half = "UPDATE clarification SET replied_at = now() WHERE id = $1"
    assert await refused(half, asked.id) == "clarification_reply"
    await execute("UPDATE clarification SET reply = 'So.', replied_at = now() WHERE id = $1", asked.id)
    assert await refused("UPDATE clarification SET reply = 'x' WHERE id = $1", asked.id) == "clarification_frozen"


async def test_the_service_may_not_delete_applications(cast):
    application = await an_application(cast, state="submitted")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("DELETE FROM application WHERE id = $1", application.id)
    assert await value("SELECT count(*) FROM application WHERE id = $1", application.id) == 1
