"""When it was, and what stands under it, is the database's own word: whoever writes SQL as the service cannot say."""

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import pytest

from foundation.database import execute, get, row, transaction, value
from grants.disbursements.ledger import posting
from monitoring.visits.tables import Visit
from tests.builders.applications import an_application
from tests.builders.awards import a_bank_account, a_tranche, an_award
from tests.builders.calls import a_call
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report
from tests.builders.reviews import a_decided_application, a_review, a_scored_application, minutes_say
from tests.builders.visits import a_finding, a_visit_photo
from tests.importing import importing

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
NOW = "{} > transaction_timestamp() - interval '1 minute'"  # the test is one transaction


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, (error.value, sql)


async def stamped(table, row_id, *columns):
    for column in columns:
        assert await value(f"SELECT {NOW.format(column)} FROM {table} WHERE id = $1", row_id), column


# times ---------------------------------------------------------------------------------------------------------


async def test_an_account_is_not_made_older_than_it_is(cast):
    """An older one would escape the days that money waits after a change."""
    made = await value(
        "INSERT INTO bank_account (organisation_id, holder, iban, entered_by, entered_at)"
        " VALUES ($1, 'Vani Youth', 'GE29NB0000000101904917', $2, $3) RETURNING id",
        cast.vani_youth.id, cast.signatory.id, LONG_AGO,
    )  # fmt: skip
    verify = "UPDATE bank_account SET verified_by = $2, verified_at = $3, verification_note = 'called' WHERE id = $1"
    await execute(verify, made, cast.manager.id, LONG_AGO)
    await stamped("bank_account", made, "entered_at", "verified_at")
    retired = await a_bank_account(cast, verified=False)
    await execute("UPDATE bank_account SET retired_at = now() WHERE id = $1", retired.id)
    await refused("bank_account_versioned", verify, retired.id, cast.manager.id, LONG_AGO)


async def test_agreements_and_signatures_are_of_today(cast):
    award = await an_award(cast, state="offered")
    signed = await value(
        "INSERT INTO signature (agreement_id, award_id, party, upload_id, signed_by, signed_at)"
        " SELECT id, award_id, 'cso', upload_id, $2, $3 FROM agreement WHERE award_id = $1 RETURNING id",
        award.id, cast.signatory.id, LONG_AGO,
    )  # fmt: skip
    async with importing():
        await execute("UPDATE award SET state = 'drafting' WHERE id = $1", award.id)
    made = await value(
        "INSERT INTO agreement (award_id, version, upload_id, document_sha256, body, made_at)"
        " SELECT award_id, 2, upload_id, document_sha256, '{}', $2 FROM agreement WHERE award_id = $1 RETURNING id",
        award.id, LONG_AGO,
    )  # fmt: skip
    await stamped("signature", signed, "signed_at")
    await stamped("agreement", made, "made_at")


async def test_the_ledger_is_written_today_and_pays_no_more_than_the_grant(cast):
    award = await an_award(cast)
    tranche = await a_tranche(cast, state="sent", award=award)
    async with importing():
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
        await execute("ALTER TABLE award DISABLE TRIGGER award_money")
        await execute("UPDATE award SET amount = $2 WHERE id = $1", award.id, tranche.amount - 1)
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await posting.pay(award, tranche, cast.finance)
    assert error.value.constraint_name == "ledger_paid_within_award"
    async with importing():
        await execute("UPDATE award SET amount = $2 WHERE id = $1", award.id, Decimal(6000))
        await execute("ALTER TABLE award ENABLE TRIGGER award_money")
        await execute("SET CONSTRAINTS ALL DEFERRED")
    await posting.pay(award, tranche, cast.finance, at=LONG_AGO)
    entry = await value("SELECT id FROM ledger_entry WHERE tranche_id = $1 AND kind = 'payment'", tranche.id)
    await stamped("ledger_entry", entry, "at")


async def test_follow_ups_are_of_today(cast):
    done = await a_recommendation(cast, state="in_progress")
    said = await value(
        "INSERT INTO follow_up (recommendation_id, kind, text, author_id, at) VALUES ($1, 'progress', 'x', $2, $3)"
        " RETURNING id", done.id, cast.signatory.id, LONG_AGO,
    )  # fmt: skip
    await stamped("follow_up", said, "at")


# what was handed in --------------------------------------------------------------------------------------------


async def test_an_application_taken_back_was_never_sent(cast):
    sent = await an_application(cast, state="submitted")
    await execute("UPDATE application SET state = 'draft' WHERE id = $1", sent.id)
    left = await row("SELECT submitted_at, submitted_by, body, body_sha256 FROM application WHERE id = $1", sent.id)
    assert set(left.values()) == {None}


async def test_an_application_is_hashed_and_dated_by_the_database(cast):
    draft = await an_application(cast, state="draft", declared=True)
    await execute(
        "UPDATE application SET state = 'submitted', submitted_by = $2, body = '{\"a\": 1}', submitted_at = $3,"
        " body_sha256 = sha256(convert_to('other', 'UTF8')) WHERE id = $1",
        draft.id, cast.signatory.id, LONG_AGO,
    )  # fmt: skip
    await stamped("application", draft.id, "submitted_at")
    own = "SELECT body_sha256 = sha256(convert_to(body::text, 'UTF8')) FROM application WHERE id = $1"
    assert await value(own, draft.id)


async def test_every_change_is_counted(cast):
    account = cast.editor.id
    before = await value("SELECT revision FROM account WHERE id = $1", account)
    await execute("UPDATE account SET name = 'Other', revision = 99, updated = $2 WHERE id = $1", account, LONG_AGO)
    assert await value("SELECT revision FROM account WHERE id = $1", account) == before + 1
    await stamped("account", account, "updated")


SEND = (
    "UPDATE report SET state = 'submitted', submitted_by = $2, body = '{\"a\": 1}', submitted_at = $3,"
    " first_submitted_at = $3, body_sha256 = sha256(convert_to('other', 'UTF8')) WHERE id = $1"
)


async def test_a_report_is_hashed_dated_and_kept_as_it_was_signed(cast):
    report = await a_report(cast, state="open")
    await execute(SEND, report.id, cast.signatory.id, LONG_AGO)
    await stamped("report", report.id, "submitted_at", "first_submitted_at")
    kept = await row(
        "SELECT r.body_sha256 = sha256(convert_to(r.body::text, 'UTF8')) AS own, s.body = r.body"
        " AND s.body_sha256 = r.body_sha256 AND s.submitted_by = r.submitted_by AS same"
        " FROM report r JOIN report_submission s ON s.report_id = r.id WHERE r.id = $1", report.id,
    )  # fmt: skip
    assert tuple(kept.values()) == (True, True)
    await execute("UPDATE report SET state = 'open' WHERE id = $1", report.id)
    left = await row(
        "SELECT submitted_at, first_submitted_at, submitted_by, body, body_sha256 FROM report WHERE id = $1", report.id
    )
    assert set(left.values()) == {None}


async def test_a_report_keeps_its_grant_and_is_taken_back_only_once(cast):
    report = await a_report(cast, state="open")
    other = await value("SELECT id FROM report_due WHERE award_id = $1 AND number = 2", report.award_id)
    await refused("report_stays", "UPDATE report SET report_due_id = $2 WHERE id = $1", report.id, other)
    consent = "UPDATE report SET manager_id = $2 WHERE id = $1"
    await refused("report_consent_of_verified", consent, report.id, cast.manager.id)
    accepted = "UPDATE spending_line SET accepted = 1 WHERE report_id = $1"
    await refused("report_verdict_under_review", accepted, report.id)
    again = await a_report(cast, await an_award(cast), state="returned")
    await execute(SEND, again.id, cast.signatory.id, LONG_AGO)
    await refused("report_taken_back_once", "UPDATE report SET state = 'open' WHERE id = $1", again.id)


async def test_what_was_said_is_never_rewritten_not_even_by_the_owner(cast):
    await a_report(cast, state="returned")
    await a_recommendation(cast, state="reported_done")
    sent = await a_report(cast, await an_award(cast), state="open")
    await execute(SEND, sent.id, cast.signatory.id, LONG_AGO)
    async with importing():
        for table, column in (("report_return", "reason"), ("report_submission", "number"), ("follow_up", "text")):
            for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
                await refused(f"{table}_append_only", sql)


# scores and minutes --------------------------------------------------------------------------------------------


async def test_a_review_is_locked_now(cast):
    application = await an_application(cast, await a_call(cast, "evaluating"), "in_review")
    review = await a_review(cast, application, state="locked")
    async with importing():
        await execute("UPDATE review SET state = 'reopened' WHERE id = $1", review.id)
        await execute("UPDATE review SET state = 'drafting' WHERE id = $1", review.id)
    await execute("UPDATE review SET state = 'locked', total = 100, locked_at = $2 WHERE id = $1", review.id, LONG_AGO)
    await stamped("review", review.id, "locked_at")
    assert await value("SELECT total FROM review WHERE id = $1", review.id) == Decimal("80.000")


async def test_minutes_are_hashed_and_dated_by_the_database(cast):
    decided = await a_decided_application(cast, signed=False)
    sign = (
        "UPDATE meeting_minutes SET state = 'signed', signed_by = $2, body = '{\"said\": 1}', signed_at = $3,"
        " body_sha256 = sha256(convert_to('other', 'UTF8')) WHERE id = $1"
    )
    await execute(sign, decided.decision.minutes_id, cast.chair.id, LONG_AGO)
    await stamped("meeting_minutes", decided.decision.minutes_id, "signed_at")
    own = "SELECT body_sha256 = sha256(convert_to(body::text, 'UTF8')) FROM meeting_minutes WHERE id = $1"
    assert await value(own, decided.decision.minutes_id)


async def test_a_corrected_application_is_not_put_off_again(cast):
    call = await a_call(cast, "evaluating")
    corrected = await a_scored_application(cast, call, state="corrected")
    scored = await a_scored_application(cast, call, organisation=cast.guria_women)
    open_ = await minutes_say(cast, scored, "approve", signed=False)
    for outcome in ("reserve", "correction"):
        await refused(
            "decision_after_correction",
            "INSERT INTO decision (minutes_id, call_id, application_id, outcome, amount, reason, correction, correct_by,"
            " decided_by) VALUES ($1, $2, $3, $4, 2000, 'x', 'y', now(), $5)",
            open_.minutes_id, call.id, corrected.id, outcome, cast.chair.id,
        )  # fmt: skip


async def test_every_part_of_an_open_call_is_frozen(cast):
    call = await a_call(cast, "open", invited=[cast.vani_youth], invited_only=True)
    for table in (
        "call_municipality", "call_invitation", "section", "question", "criterion", "required_document",
        "eligibility_criterion",
    ):  # fmt: skip
        await refused("call_terms_frozen", f"DELETE FROM {table} WHERE call_id = $1", call.id)
    invite = "INSERT INTO call_invitation (call_id, organisation_id) VALUES ($1, $2)"
    await refused("call_terms_frozen", invite, call.id, cast.guria_women.id)


async def test_a_finding_moves_along_its_arrows_and_its_evidence_is_not_moved(cast):
    finding = await a_finding(cast, state="draft")
    for state in ("final", "closed", "responded"):
        facts = "response_kind = 'agrees', responded_at = now(), reviewed_by = $2, reviewed_at = now()"
        sql = f"UPDATE finding SET state = '{state}', {facts} WHERE id = $1"
        await refused("finding_state", sql, finding.id, cast.manager.id)
    photo = await a_visit_photo(cast, await _visit_of(finding))
    shared = await a_finding(cast, await _visit_of(finding), state="shared", photo=photo)
    async with importing():
        move = "UPDATE finding_photo SET finding_id = $2 WHERE finding_id = $1"
        await refused("finding_frozen", move, shared.id, finding.id)


async def _visit_of(finding):
    return await get(Visit, finding.visit_id)
