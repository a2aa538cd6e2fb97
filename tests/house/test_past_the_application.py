"""Somebody holds the service's own database role and writes SQL: money, fairness and evidence stand all the same."""

from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import now, today
from foundation.database import execute, get, row, rows, transaction, value
from grants.awards.tables import Award
from grants.calls.tables import Call
from grants.disbursements.ledger import posting
from tests.builders.applications import an_application
from tests.builders.awards import a_bank_account, a_decided_call, a_recommended_application, a_tranche, an_award
from tests.builders.awards import an_upload as a_record_of_an_upload
from tests.builders.calls import a_call
from tests.builders.reports import a_report
from tests.builders.reviews import a_decided_application, a_review, minutes_say, some_minutes
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.cast import ended_role
from tests.importing import importing


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, error.value


# rights --------------------------------------------------------------------------------------------------------

# What a draft may lose, and what is only needed for a while; everything else is there for good.
MAY_BE_DELETED = {
    "access_token", "attachment", "award_indicator", "budget_line", "call_invitation", "call_municipality",
    "criterion", "curated_municipality", "decision", "eligibility_criterion", "event_payload", "finding_photo", "publication_edition",
    "publication_reach", "question",
    "registration", "report_document", "report_due", "report_value", "required_document", "result_sum",
    "result_unsummed", "section", "session", "sign_in_attempt",
    "spending_evidence", "tranche", "tranche_condition", "value_evidence", "visit_photo",
}  # fmt: skip
NEVER_CHANGED = {
    "agreement", "currency_limit", "curated_municipality", "event", "event_head", "event_payload", "exchange_rate", "finding_photo", "follow_up", "indicator_change", "invented", "ledger_entry",
    "migration", "municipality", "no_award", "no_place", "publication_edition", "publication_reach", "report_return", "report_submission", "result_unsummed", "schema_file", "signature", "table_right", "told_group", "told_slot",
    "transition", "upload",
}  # fmt: skip
NEVER_ADDED = {
    "award_line", "currency_limit", "event_head", "exchange_rate", "invented", "migration", "municipality", "no_award", "no_place", "programme", "report_submission", "schema_file", "table_right",
    "transition",
}  # fmt: skip


# What the database keeps for itself.
KEPT = {
    "result_cell", "result_mark", "result_money", "result_month", "result_work", "result_day", "result_indicator",
    "result_newest", "result_picture", "award_money", "application_reviews",
}  # fmt: skip
NEVER_CHANGED |= KEPT
NEVER_ADDED |= KEPT


async def holders(right):
    found = await rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND has_table_privilege('subgrants_app', oid, $1)",
        right,
    )
    return {each["relname"] for each in found}


async def test_only_what_is_listed_may_be_deleted_or_changed(cast):
    everything = await holders("SELECT")
    assert await holders("DELETE") == MAY_BE_DELETED
    assert await holders("TRUNCATE") == set()
    assert everything - await holders("UPDATE") == NEVER_CHANGED | {"programme", "blob"}
    assert everything - await holders("INSERT") == NEVER_ADDED


@pytest.mark.parametrize("column", ["director_threshold", "bank_cooling", "budget", "most_per_organisation"])
async def test_the_limits_of_the_money_are_not_set_from_within(cast, column):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute(f"UPDATE programme SET {column} = {column}")


async def test_a_temporary_table_deceives_no_rule(cast):
    award = await an_award(cast, state="drafting")
    await execute("CREATE TEMP TABLE transition (entity text, source text, target text)")
    await execute("INSERT INTO pg_temp.transition VALUES ('award', 'drafting', 'signed_cso')")
    await refused("award_state", "UPDATE award SET state = 'signed_cso' WHERE id = $1", award.id)
    await execute("DROP TABLE pg_temp.transition")


async def test_the_services_role_brings_in_no_history(cast):
    await execute("SELECT set_config('subgrants.importing', 'on', true)")
    await refused(
        "award_state",
        "UPDATE award SET state = 'closed' WHERE id = $1", (await an_award(cast, state="drafting")).id,
    )  # fmt: skip
    assert await value("SELECT importing()") is False


# parts stay where they are -------------------------------------------------------------------------------------


async def test_parts_of_what_was_sent_do_not_move_to_a_draft(cast):
    sent = await an_application(cast, state="submitted")
    draft = await an_application(cast, state="draft", organisation=cast.guria_women)
    upload = await a_record_of_an_upload(cast.editor)
    async with importing():
        await execute("INSERT INTO attachment (application_id, upload_id) VALUES ($1, $2)", sent.id, upload.id)
        await execute("DELETE FROM answer WHERE application_id = $1", draft.id)
    for table in ("answer", "budget_line", "attachment"):
        await refused(
            "application_part_stays", f"UPDATE {table} SET application_id = $2 WHERE application_id = $1",
            sent.id, draft.id,
        )  # fmt: skip


async def test_parts_of_a_published_call_do_not_move_to_a_draft(cast):
    published, draft = await a_call(cast, "open"), await a_call(cast, "draft")
    for table in ("section", "question", "criterion", "required_document", "eligibility_criterion"):
        move = f"UPDATE {table} SET call_id = $2 WHERE call_id = $1"
        await refused("call_part_stays", move, published.id, draft.id)


async def test_a_condition_does_not_move_to_another_tranche(cast):
    signed, drafted = await an_award(cast), await an_award(cast, state="drafting")
    other = await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 1", drafted.id)
    await refused(
        "tranche_terms_frozen",
        "UPDATE tranche_condition SET tranche_id = $2 WHERE tranche_id IN (SELECT id FROM tranche WHERE award_id = $1)",
        signed.id, other,
    )  # fmt: skip
    await refused(
        "report_due_frozen", "UPDATE report_due SET award_id = $2, number = 9 WHERE award_id = $1 AND number = 2",
        signed.id, drafted.id,
    )  # fmt: skip


async def test_what_was_reported_does_not_move_to_an_open_report(cast):
    award = await an_award(cast)
    sent, still_open = await a_report(cast, award, "submitted"), await a_report(cast, award, "open", number=2)
    for table in ("report_value", "spending_line"):
        await refused(
            "report_locked", f"UPDATE {table} SET report_id = $2 WHERE report_id = $1", sent.id, still_open.id
        )
    upload = await a_record_of_an_upload(cast.signatory)
    async with importing():
        document = "INSERT INTO report_document (report_id, upload_id) VALUES ($1, $2)"
        await execute(document, sent.id, upload.id)
    moves = ("UPDATE report_document SET report_id = $2 WHERE report_id = $1", *(
        f"UPDATE {evidence} SET {part} = (SELECT id FROM {table} WHERE report_id = $2 LIMIT 1)"
        f" WHERE {part} IN (SELECT id FROM {table} WHERE report_id = $1)"
        for evidence, part, table in (
            ("value_evidence", "value_id", "report_value"), ("spending_evidence", "spending_line_id", "spending_line"),
        )
    ))  # fmt: skip
    for move in moves:
        await refused("report_locked", move, sent.id, still_open.id)


async def test_an_amount_stays_in_its_report_while_both_are_written(cast):
    award = await an_award(cast)
    one, other = [await a_report(cast, award, "returned", number=number) for number in (1, 2)]
    async with importing():
        await execute("DELETE FROM spending_evidence")
        await execute("DELETE FROM spending_line WHERE report_id = $1", other.id)
    await refused("report_locked", "UPDATE spending_line SET report_id = $2 WHERE report_id = $1", one.id, other.id)


async def test_evidence_does_not_move_to_another_visit(cast):
    award = await an_award(cast)
    approved, planned = await a_visit(cast, award), await a_visit(cast, award, state="in_field")
    photo = await a_visit_photo(cast, approved)
    await refused("visit_photo_frozen", "UPDATE visit_photo SET visit_id = $2 WHERE id = $1", photo.id, planned.id)
    finding = await a_finding(cast, approved, state="final", photo=photo)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("UPDATE finding_photo SET finding_id = finding_id WHERE finding_id = $1", finding.id)


async def test_an_attached_file_keeps_its_bytes(cast):
    upload, other = await a_record_of_an_upload(cast.editor), await a_record_of_an_upload(cast.editor)
    for sql in (
        "UPDATE upload SET blob_sha256 = $2 WHERE id = $1", "UPDATE upload SET thumbnail_sha256 = $2 WHERE id = $1",
        "DELETE FROM upload WHERE id = $1 AND $2::bytea IS NOT NULL",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction():
                await execute(sql, upload.id, other.blob_sha256)


# calls and applications ----------------------------------------------------------------------------------------


async def test_who_wrote_and_approved_a_call_stays(cast):
    call = await a_call(cast, "open")
    for change in ("created_by = $2", "submitted_by = $2", "approved_by = $2"):
        await refused("call_persons_stay", f"UPDATE call SET {change} WHERE id = $1", call.id, cast.admin.id)
    draft = await a_call(cast, "draft")
    await refused("call_persons_stay", "UPDATE call SET created_by = $2 WHERE id = $1", draft.id, cast.admin.id)
    waiting = await a_call(cast, "in_approval")
    await refused("call_persons_stay", "UPDATE call SET submitted_by = $2 WHERE id = $1", waiting.id, cast.admin.id)
    await refused("call_terms_frozen", "UPDATE call SET complaint_days = 0 WHERE id = $1", call.id)


async def test_an_open_call_is_not_raised_above_the_programme(cast):
    call = await a_call(cast, "open")
    budget = await value("SELECT budget FROM programme WHERE id = $1", call.programme_id)
    await refused("call_within_programme", "UPDATE call SET envelope = $2 WHERE id = $1", call.id, budget + 1)


async def test_one_person_alone_turns_nobody_away(cast):
    application = await an_application(cast, state="admin_check")
    turn_away = "UPDATE application SET state = 'ineligible', ineligible_reason = 'x', {} = $2 WHERE id = $1"
    confirm, propose = turn_away.format("ineligible_confirmed_by"), turn_away.format("ineligible_proposed_by")
    await refused("application_ineligible", confirm, application.id, cast.manager.id)
    await refused("application_frozen", propose, application.id, cast.manager.id)
    await execute("UPDATE application SET ineligible_proposed_by = $2 WHERE id = $1", application.id, cast.manager.id)
    await refused("application_ineligible", confirm, application.id, cast.manager.id)


async def test_review_begins_when_every_criterion_passed(cast):
    application = await an_application(cast, state="admin_check")
    await refused("application_eligible", "UPDATE application SET state = 'in_review' WHERE id = $1", application.id)


async def test_scored_is_what_enough_reviewers_scored(cast):
    application = await an_application(cast, state="in_review")
    await a_review(cast, application, state="locked")
    await refused("application_after_reviews", "UPDATE application SET state = 'scored' WHERE id = $1", application.id)


@pytest.mark.parametrize("said", [None, "open", "approve", "reject"])
@pytest.mark.parametrize("state", ["recommended", "reserve", "rejected"])
async def test_the_committee_decides_in_signed_minutes(cast, state, said):
    application = await an_application(cast, state="scored")
    if said:
        await minutes_say(cast, application, "approve" if said == "open" else said, signed=said != "open")
    change = f"UPDATE application SET state = '{state}' WHERE id = $1"
    if (said, state) in (("approve", "recommended"), ("reject", "rejected")):
        await execute(change, application.id)
    else:
        await refused("application_after_minutes", change, application.id)


# reviews -------------------------------------------------------------------------------------------------------


async def test_a_review_stays_with_its_application_and_reviewer(cast):
    call = await a_call(cast, "evaluating")
    mine = await an_application(cast, call, "in_review")
    other = await an_application(cast, call, "in_review", organisation=cast.guria_women)
    review = await a_review(cast, mine, state="locked")
    await refused("review_stays", "UPDATE review SET application_id = $2 WHERE id = $1", review.id, other.id)
    await refused("review_stays", "UPDATE review SET reviewer_id = $2 WHERE id = $1", review.id, cast.reviewer2.id)
    await refused("review_stays", "UPDATE review SET assigned_by = $2 WHERE id = $1", review.id, cast.admin.id)
    drafting = await a_review(cast, other, state="drafting")
    await refused("score_stays", "UPDATE score SET review_id = $2 WHERE review_id = $1", review.id, drafting.id)


async def test_who_joins_the_applicant_later_does_not_go_on(cast):
    application = await an_application(cast, await a_call(cast, "evaluating"), "in_review")
    review = await a_review(cast, application, state="drafting")
    async with importing():
        # they have worked there: the rule that keeps a reviewer from working for an applicant came later
        await ended_role(cast.reviewer.id, "editor", application.organisation_id)
        await execute(
            "INSERT INTO score (review_id, call_id, criterion_id, points)"
            " SELECT $1, call_id, id, 1 FROM criterion WHERE call_id = $2 ON CONFLICT DO NOTHING",
            review.id, application.call_id,
        )  # fmt: skip
    lock = "UPDATE review SET state = 'locked', total = 1, locked_at = now() WHERE id = $1"
    await refused("review_not_own_organisation", lock, review.id)


async def test_no_review_comes_in_after_the_decision(cast):
    application = await a_decided_application(cast)
    async with importing():
        reviewer = await value("INSERT INTO account (email, name) VALUES ('third@example.org', 'Third') RETURNING id")
        await execute("INSERT INTO role (account_id, kind) VALUES ($1, 'reviewer')", reviewer)
        review = await value(
            "INSERT INTO review (application_id, call_id, reviewer_id, assigned_by, state, conflict, declared_at)"
            " VALUES ($1, $2, $3, $4, 'drafting', false, now()) RETURNING id",
            application.id, application.call_id, reviewer, cast.manager.id,
        )  # fmt: skip
        await execute(
            "INSERT INTO score (review_id, call_id, criterion_id, points)"
            " SELECT $1, call_id, id, 1 FROM criterion WHERE call_id = $2",
            review, application.call_id,
        )  # fmt: skip
    lock = "UPDATE review SET state = 'locked', total = 1, locked_at = now() WHERE id = $1"
    await refused("review_while_in_review", lock, review)


async def test_a_decision_stays_in_its_minutes(cast):
    application = await a_decided_application(cast)
    unsigned = await some_minutes(cast, await get(Call, application.call_id), signed=False)
    move = "UPDATE decision SET minutes_id = $2 WHERE id = $1"
    await refused("decision_stays", move, application.decision.id, unsigned.id)


# awards and agreements -----------------------------------------------------------------------------------------

AWARD = (
    "INSERT INTO award (reference, application_id, call_id, organisation_id, municipality_id, currency, amount,"
    " proposed_by, approved_by) SELECT 'G-X', id, call_id, organisation_id, municipality_id, currency, $2, $3, $4"
    " FROM application WHERE id = $1"
)


async def test_nobody_gets_more_than_the_committee_decided(cast):
    application = await a_recommended_application(cast, 6000, state="approved", requested=9000)
    people = cast.chair.id, cast.director.id
    await refused("award_within_decision", AWARD, application.id, Decimal("6000.01"), *people)
    await execute(AWARD, application.id, Decimal("6000"), *people)
    await refused("award_within_decision", "UPDATE award SET amount = 9000 WHERE application_id = $1", application.id)


async def test_the_terms_of_an_offer_are_frozen(cast):
    award = await an_award(cast, state="offered")
    for change in (
        "ends_on = ends_on + 100", "starts_on = starts_on - 1", "special_conditions_en = 'none'",
        "agreement_language = 'ka'", "offered_at = now()",
    ):  # fmt: skip
        await refused("award_terms_frozen", f"UPDATE award SET {change} WHERE id = $1", award.id)


async def test_who_signed_and_closed_stays(cast):
    award = await an_award(cast)
    for change in ("signed_by = $2", "countersigned_by = $2"):
        await refused("award_signatures_stay", f"UPDATE award SET {change} WHERE id = $1", award.id, cast.admin.id)
    closing = await an_award(cast, state="closing")
    close = "UPDATE award SET state = 'closed', closing_manager_id = $2 WHERE id = $1"
    await refused("award_closed_by_two", close, closing.id, cast.manager.id)
    closed = await an_award(cast, state="closed")
    await refused(
        "award_closed_by_two", "UPDATE award SET closing_finance_id = $2 WHERE id = $1", closed.id, cast.admin.id
    )


MAKE = (
    "INSERT INTO agreement (award_id, version, upload_id, document_sha256, body)"
    " SELECT $1, 2, upload_id, document_sha256, '{}' FROM agreement WHERE award_id = $1"
)
SIGN = (
    "INSERT INTO signature (agreement_id, award_id, party, upload_id, signed_by)"
    " SELECT id, award_id, $2, upload_id, $3 FROM agreement WHERE award_id = $1"
)


@pytest.mark.parametrize("state", ["offered", "signed_cso", "active"])
async def test_no_other_document_slips_in_after_the_offer(cast, state):
    await refused("agreement_while_drafting", MAKE, (await an_award(cast, state=state)).id)


async def test_each_side_signs_in_its_turn_and_nobody_for_both(cast):
    offered = await an_award(cast, state="offered")
    await refused("signature_in_turn", SIGN, offered.id, "funder", cast.director.id)
    signed = await an_award(cast, state="signed_cso")
    await refused("apart_from_organisation", SIGN, signed.id, "funder", cast.signatory.id)
    await execute(SIGN, offered.id, "cso", cast.director.id)
    await execute("UPDATE award SET state = 'signed_cso', signed_by = $2 WHERE id = $1", offered.id, cast.director.id)
    await refused("signature_second_person", SIGN, offered.id, "funder", cast.director.id)
    await execute(SIGN, signed.id, "funder", cast.director.id)


# tranches ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, column",
    [
        ("requested", "requested_by"), ("requested", "bank_account_id"), ("certified", "certified_by"),
        ("approved", "approved_by"), ("authorised", "authorised_by"), ("sent", "approved_by"),
        ("sent", "bank_account_id"), ("sent", "exchange_rate"), ("sent", "sent_by"),
    ],
)  # fmt: skip
async def test_who_asked_and_agreed_and_the_account_stay_on_the_way(cast, state, column):
    tranche = await a_tranche(cast, state=state)
    other = {
        "bank_account_id": (await a_bank_account(cast, verified=False)).id, "exchange_rate": 3,
    }.get(column, cast.admin.id)  # fmt: skip
    await refused("tranche_persons_frozen", f"UPDATE tranche SET {column} = $2 WHERE id = $1", tranche.id, other)


async def test_the_account_is_not_swapped_in_the_moment_of_payment(cast):
    tranche = await a_tranche(cast, state="sent")
    other = await a_bank_account(cast, verified=False)
    await posting.pay(await get(Award, tranche.award_id), tranche, cast.finance)
    await refused(
        "tranche_persons_frozen",
        "UPDATE tranche SET state = 'paid', paid_by = $2, paid_on = $3, bank_reference = 'B', bank_account_id = $4"
        " WHERE id = $1", tranche.id, cast.finance.id, today(), other.id,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["recovery_due", "recovered", "written_off"])
async def test_what_was_paid_stays_frozen_when_it_is_ordered_back(cast, state):
    tranche = await a_tranche(cast, state=state)
    for change in ("bank_reference = 'x'", "order_reference = 'x'", "recovery_amount = 1", "paid_on = paid_on - 1"):
        await refused("tranche_paid_frozen", f"UPDATE tranche SET {change} WHERE id = $1", tranche.id)


async def test_conditions_are_fulfilled_by_facts(cast):
    award = await an_award(cast)
    report = await row("SELECT id FROM report_due WHERE award_id = $1 AND number = 1", award.id)
    tranche = await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 2", award.id)
    async with importing():
        for kind, due, report_id in (
            ("report_accepted", None, report["id"]), ("visit_approved", None, None), ("document", None, None),
            ("date", today() + timedelta(days=1), None), ("date", None, None),
        ):  # fmt: skip
            await execute(
                "INSERT INTO tranche_condition (tranche_id, kind, due_on, report_due_id) VALUES ($1, $2, $3, $4)",
                tranche, kind, due, report_id,
            )  # fmt: skip
    conditions = await rows(
        "SELECT id, kind FROM tranche_condition WHERE tranche_id = $1 AND fulfilled_at IS NULL", tranche
    )
    assert {each["kind"] for each in conditions} >= {"report_accepted", "visit_approved", "document", "date"}
    for each in conditions:
        sql = "UPDATE tranche_condition SET fulfilled_at = now() WHERE id = $1"
        await refused("tranche_condition_true", sql, each["id"])
    done = await value("SELECT id FROM tranche_condition WHERE tranche_id = $1 AND fulfilled_at IS NOT NULL", tranche)
    for change in ("fulfilled_at = NULL", "fulfilled_by = $2", "note = 'x'"):
        sql = f"UPDATE tranche_condition SET {change} WHERE id = $1 AND $2::uuid IS NOT NULL"
        await refused("tranche_condition_fulfilled", sql, done, cast.admin.id)


async def test_the_letter_and_the_call_back_of_an_account_stay(cast):
    account = await a_bank_account(cast)
    letter = await a_record_of_an_upload(cast.signatory)
    for change, content in (
        ("letter_upload_id", letter.id), ("bank_name", "Other"), ("verification_note", "never called"),
    ):  # fmt: skip
        sql = f"UPDATE bank_account SET {change} = $2 WHERE id = $1"
        await refused("bank_account_versioned", sql, account.id, content)


async def test_a_forged_row_does_not_reach_further_than_its_first_state(cast):
    """Nothing that counts is inserted ready-made."""
    call = await a_decided_call(cast)
    application = await an_application(cast, state="submitted")
    for name, sql, args in (
        ("call_state", "INSERT INTO call (programme_id, reference, currency, envelope, min_award, max_award, opens_at,"
         " deadline, state) SELECT programme_id, 'C-X', currency, envelope, min_award, max_award, opens_at, deadline,"
         " 'open' FROM call WHERE id = $1", (call.id,)),
        ("application_state", "INSERT INTO application (number, call_id, organisation_id, currency, state, submitted_at,"
         " body, body_sha256) SELECT 'A-X', call_id, $2, currency, 'approved', $3, body, body_sha256 FROM application"
         " WHERE id = $1", (application.id, cast.guria_women.id, now())),
        ("meeting_minutes_state", "INSERT INTO meeting_minutes (call_id, number, held_on, state, opened_by, signed_by,"
         " signed_at, body_sha256) VALUES ($1, 9, now(), 'signed', $2, $2, now(), sha256('x'::bytea))",
         (call.id, cast.chair.id)),
    ):  # fmt: skip
        await refused(name, sql, *args)
