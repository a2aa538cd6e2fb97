"""What the database itself refuses about reports, whoever asks."""

from decimal import Decimal as D

import asyncpg
import pytest

from foundation.database import execute, row, transaction
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise
from tests.builders.reports import a_report, the_value


async def refused(constraint, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as refusal:
        async with transaction():
            await execute(sql, *args)
    assert refusal.value.constraint_name == constraint


LOCKED = ["submitted", "verified", "accepted", "lapsed"]


@pytest.mark.parametrize("state", [*LOCKED, "under_review"])
async def test_reported_values_are_frozen_after_submission(cast, state):
    report = await a_report(cast, state=state, women=D(10))
    value = await the_value(report)
    await refused("report_locked", "UPDATE report_value SET reported = 41 WHERE id = $1", value.id)
    await refused("report_locked", "UPDATE report_value SET note = 'x' WHERE id = $1", value.id)
    await refused("report_locked", "DELETE FROM report_value WHERE report_id = $1 AND cell = 'women'", report.id)
    await refused("report_locked", "DELETE FROM value_evidence WHERE value_id = $1", value.id)
    await refused("report_locked", "UPDATE spending_line SET spent = 1 WHERE report_id = $1", report.id)
    await refused(
        "report_locked", "DELETE FROM spending_evidence e USING spending_line s WHERE s.id = e.spending_line_id"
        " AND s.report_id = $1", report.id,
    )  # fmt: skip
    await refused(
        "report_locked",
        "INSERT INTO report_document (report_id, upload_id) SELECT $1, id FROM upload LIMIT 1", report.id,
    )  # fmt: skip


@pytest.mark.parametrize("state", [*LOCKED, "under_review", "scheduled"])
async def test_the_story_is_frozen_after_submission(cast, state):
    report = await a_report(cast, state=state)
    await refused("report_locked", "UPDATE report SET done_en = 'Other' WHERE id = $1", report.id)


@pytest.mark.parametrize("state", LOCKED)
async def test_what_was_signed_stays_signed(cast, state):
    report = await a_report(cast, state=state)
    await refused("report_locked", "UPDATE report SET body = '{}' WHERE id = $1", report.id)


VERDICT = (
    "UPDATE report_value SET verdict = 'verified', verified = reported, verified_by = $2, verified_at = now()"
    " WHERE id = $1"
)


@pytest.mark.parametrize(
    ("state", "constraint"),
    [(state, "report_locked") for state in ("submitted", "lapsed")]
    + [(state, "report_verdict_under_review") for state in ("open", "returned")],
)
async def test_verdicts_are_given_only_under_review(cast, state, constraint):
    value = await the_value(await a_report(cast, state=state))
    await refused(constraint, VERDICT, value.id, cast.curator.id)


async def test_under_review_a_verdict_is_fine_and_a_false_one_is_not(cast):
    value = await the_value(await a_report(cast, state="under_review", reported=D(40)))
    judged = "UPDATE report_value SET verified_by = $2, verified_at = now(), "
    for facts in (
        "verdict = 'verified', verified = 41", "verdict = 'corrected', verdict_note = 'x'",
        "verdict = 'corrected', verified = 39", "verdict = 'not_verifiable', verified = 40, verdict_note = 'x'",
        "verdict = 'contradicted'",
    ):  # fmt: skip
        await refused("report_value_verdict", f"{judged} {facts} WHERE id = $1", value.id, cast.curator.id)
    await execute(VERDICT, value.id, cast.curator.id)


async def test_a_changed_value_cannot_keep_its_verdict(cast):
    report = await a_report(cast, state="under_review")
    value = await the_value(report)
    await execute(VERDICT, value.id, cast.curator.id)
    await execute(
        "INSERT INTO report_return (report_id, sections, reason, author_id) VALUES ($1, '{results}', 'why', $2)",
        report.id,
        cast.curator.id,
    )
    await execute("UPDATE report SET state = 'returned' WHERE id = $1", report.id)
    await refused(
        "report_verdict_under_review", "UPDATE report_value SET reported = 1, verified = 1 WHERE id = $1", value.id
    )


async def test_states_move_only_along_the_arrows(cast):
    for state, target in (
        ("open", "accepted"),
        ("open", "verified"),
        ("submitted", "accepted"),
        ("accepted", "verified"),
    ):
        report = await a_report(cast, state=state)
        await refused("report_state", "UPDATE report SET state = $2 WHERE id = $1", report.id, target)
    await refused(
        "report_state",
        "INSERT INTO report (award_id, report_due_id, currency, state) SELECT d.award_id, d.id, 'EUR', 'open'"
        " FROM report_due d WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id) LIMIT 1",
    )


async def test_two_people_accept_and_neither_wrote_or_verified(cast):
    # handed in by somebody of the programme, as history may tell it: the organisation's own are refused before
    report = await a_report(cast, state="verified", spent=D(10), submitted_by=cast.admin.id)
    agree = "UPDATE report SET manager_id = $2, finance_id = $3 WHERE id = $1"
    for manager, finance in (
        (cast.manager, cast.manager), (cast.curator, cast.finance), (cast.manager, cast.curator),
        (cast.admin, cast.finance),
    ):  # fmt: skip
        await refused("report_second_person", agree, report.id, manager.id, finance.id)
    await refused("apart_from_organisation", agree, report.id, cast.signatory.id, cast.finance.id)
    accept = "UPDATE report SET state = 'accepted', accepted_cost = $2, accepted_at = now() WHERE id = $1"
    await refused("report_accepted_facts", accept, report.id, D(20))
    await execute(agree, report.id, cast.manager.id, cast.finance.id)
    await refused("report_accepted_cost", accept, report.id, D(19))
    await execute(accept, report.id, D(20))
    await refused("report_locked", "UPDATE report SET accepted_cost = 21 WHERE id = $1", report.id)


async def test_who_submitted_does_not_verify(cast):
    report = await a_report(cast, state="under_review", submitted_by=cast.admin.id)
    await execute("UPDATE spending_line SET accepted = spent WHERE report_id = $1", report.id)
    verify = "UPDATE report SET state = 'verified', verified_by = $2, verified_at = now() WHERE id = $1"
    await refused("report_second_person", verify, report.id, cast.admin.id)
    await refused("apart_from_organisation", verify, report.id, cast.signatory.id)


async def test_spending_is_judged_before_the_report_is_verified(cast):
    report = await a_report(cast, state="under_review", spent=D(10))
    await refused(
        "report_spending_judged", "UPDATE report SET state = 'verified', verified_by = $2, verified_at = now() WHERE id = $1",
        report.id, cast.curator.id,
    )  # fmt: skip
    await refused("spending_accepted", "UPDATE spending_line SET accepted = 11 WHERE report_id = $1", report.id)


async def test_a_return_has_a_reason_that_stays(cast):
    report = await a_report(cast, state="under_review")
    await refused("report_returned_with_reason", "UPDATE report SET state = 'returned' WHERE id = $1", report.id)
    returned = await a_report(cast, state="returned")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("UPDATE report_return SET reason = 'better' WHERE report_id = $1", returned.id)


async def test_submissions_are_kept_and_nobody_writes_them(cast):
    report = await a_report(cast)
    sent = "UPDATE report SET state = 'submitted', body = $2::text::jsonb, submitted_by = $3, submitted_at = '2001-01-01' WHERE id = $1"
    await refused("report_signed", "UPDATE report SET state = 'submitted' WHERE id = $1", report.id)
    await execute(sent, report.id, '{"n": 1}', cast.signatory.id)
    kept = await row(
        "SELECT number, submitted_at > now() - interval '1 minute' AS now FROM report_submission WHERE report_id = $1",
        report.id,
    )
    assert (kept["number"], kept["now"]) == (1, True)
    for sql in ("DELETE FROM report_submission", "UPDATE report_submission SET number = 2"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction():
                await execute(sql)


async def test_values_belong_to_a_promise_of_their_own_grant_and_place(cast):
    report = await a_report(cast)
    elsewhere = await an_award(cast, organisation=cast.guria_women)
    foreign = await a_promise(cast, elsewhere)
    value = "INSERT INTO report_value (report_id, award_id, indicator_id, municipality_id, reported) VALUES ($1, $2, $3, $4, 1)"
    for award, place in ((report.award_id, report.municipality_id), (elsewhere.id, elsewhere.municipality_id)):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with transaction():
                await execute(value, report.id, award, foreign.id, place)


async def test_spending_is_told_against_the_own_budget(cast):
    report, other = await a_report(cast), await a_report(cast, await an_award(cast, organisation=cast.guria_women))
    line = await row("SELECT budget_line_id FROM spending_line WHERE report_id = $1 LIMIT 1", other.id)
    await refused(
        "spending_line_of_award", "INSERT INTO spending_line (report_id, budget_line_id, spent) VALUES ($1, $2, 1)",
        report.id, line["budget_line_id"],
    )  # fmt: skip


async def test_no_number_says_why_and_numbers_are_finite(cast):
    report = await a_report(cast)
    value = await the_value(report)
    await refused("report_value_no_data", "UPDATE report_value SET no_data_reason = 'x' WHERE id = $1", value.id)
    await refused("report_value_reported_check", "UPDATE report_value SET reported = 'NaN' WHERE id = $1", value.id)


async def test_a_verdict_that_came_back_stays_with_its_number(cast):
    """What is told about it may change; a number and an amount change only with their verdict gone."""
    report = await a_report(cast, state="under_review", spent=D(10))
    value = await the_value(report)
    await execute(VERDICT, value.id, cast.curator.id)
    await execute("UPDATE spending_line SET accepted = 9, verdict_note = 'why' WHERE report_id = $1", report.id)
    await execute(
        "INSERT INTO report_return (report_id, sections, reason, author_id) VALUES ($1, '{results}', 'why', $2)",
        report.id, cast.curator.id,
    )  # fmt: skip
    await execute("UPDATE report SET state = 'returned' WHERE id = $1", report.id)
    rule, lines = "report_verdict_under_review", "WHERE report_id = $1"
    await execute("UPDATE report_value SET note = 'Counted again' WHERE id = $1", value.id)
    await execute(f"UPDATE spending_line SET note = 'Paid in cash' {lines}", report.id)
    await refused(rule, "UPDATE report_value SET verdict_note = 'Fine' WHERE id = $1", value.id)
    await refused(rule, f"UPDATE spending_line SET accepted = 10 {lines}", report.id)
    await refused(rule, f"UPDATE spending_line SET spent = 20 {lines}", report.id)
    await execute(f"UPDATE spending_line SET spent = 20, accepted = NULL, verdict_note = NULL {lines}", report.id)
    gone = "verdict = 'unverified', verified = NULL, verified_by = NULL, verified_at = NULL"
    await execute(f"UPDATE report_value SET reported = 1, {gone} WHERE id = $1", value.id)
    await refused(rule, f"UPDATE spending_line SET accepted = 10 {lines}", report.id)
    await refused(rule, VERDICT, value.id, cast.curator.id)


async def test_what_is_put_in_carries_no_verdict(cast):
    report = await a_report(cast, state="open")
    value = await the_value(report)
    await refused(
        "report_verdict_under_review",
        "INSERT INTO report_value (report_id, award_id, indicator_id, municipality_id, cell, reported, verdict, verified_by)"
        " SELECT report_id, award_id, indicator_id, municipality_id, 'girls', 1, 'sampled', $2 FROM report_value"
        " WHERE id = $1", value.id, cast.curator.id,
    )  # fmt: skip
    await refused(
        "report_verdict_under_review",
        "INSERT INTO spending_line (report_id, budget_line_id, spent, accepted) SELECT $1, b.id, 1, 1 FROM budget_line b"
        " JOIN award a ON a.application_id = b.application_id WHERE a.id = $2 LIMIT 1", report.id, report.award_id,
    )  # fmt: skip


@pytest.mark.parametrize("column", ["indicator_id", "municipality_id", "cell", "award_id"])
async def test_what_a_value_tells_of_stays(cast, column):
    value = await the_value(await a_report(cast, state="open"))
    other = "'other'" if column == "cell" else "uuidv7()"
    await refused("report_locked", f"UPDATE report_value SET {column} = {other} WHERE id = $1", value.id)
