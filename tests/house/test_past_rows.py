"""Rows that cannot be, whoever writes them: not even the owner of the tables, with every trigger switched off."""

from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, get, transaction, value
from grants.calls.tables import Call
from tests.builders.applications import an_application
from tests.builders.awards import a_bank_account, a_decided_call, a_tranche, an_award
from tests.builders.calls import a_call
from tests.builders.indicators import an_indicator
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report, the_value
from tests.builders.reviews import a_decided_application, a_review, some_minutes
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.importing import importing


async def refused(name, table, sql, *args):
    async with importing():
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(asyncpg.PostgresError) as error:
            async with transaction():
                await execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                await execute(sql, *args)
        assert error.value.constraint_name == name, (error.value, sql)


async def cannot_be(row, table, *cases):
    """Each case is the name of the rule and what one would have to write to break it; $2 is the row's own id."""
    for name, change, *args in cases:
        await refused(name, table, f"UPDATE {table} SET {change} WHERE id = $1", row.id, *args)


async def cannot_be_twice(name, table, row_id, without="id"):
    """A second row like this one."""
    columns = await value(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_name = $1"
        " AND column_name <> $2 AND is_generated = 'NEVER'", table, without,
    )  # fmt: skip
    sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = $1"
    await refused(name, table, sql, row_id)


async def test_calls(cast):
    call, other = await a_call(cast), await a_call(cast)
    await cannot_be(
        call, "call",
        ("currency_check", "currency = 'XXX'"), ("call_reference_key", "reference = $2", other.reference),
        ("call_min_reviews_check", "min_reviews = 0"), ("call_complaint_days_check", "complaint_days = -1"),
        ("call_dates", "deadline = opens_at"), ("call_amounts", "min_award = max_award + 1"),
        ("call_both_languages", "title_ka = ' '"), ("money_above_zero_check", "envelope = 'NaN'"),
    )  # fmt: skip
    criterion = call.criteria[0]
    await cannot_be(
        criterion, "criterion",
        ("criterion_max_points_check", "max_points = 0"), ("criterion_weight_check", "weight = 0"),
        ("criterion_weight_check", "weight = 'NaN'"),
    )  # fmt: skip
    await cannot_be(call.sections[1], "section", ("section_position", "position = $2", call.sections[0].position))


async def test_applications(cast):
    sent = await an_application(cast, state="submitted")
    other = await an_application(cast, state="submitted", organisation=cast.guria_women)
    await cannot_be(
        sent, "application",
        ("application_number_key", "number = $2", other.number), ("application_call_id_currency_fkey", "currency = 'GEL'"),
        ("application_submission_facts", "submitted_at = NULL"), ("application_submission_facts", "body = NULL"),
        ("application_submission_facts", "body_sha256 = NULL"), ("application_dates", "ends_on = starts_on - 1"),
        ("money_or_zero_check", "requested = -1"), ("money_or_zero_check", "own_contribution = 'NaN'"),
        ("sha256_check", "body_sha256 = '\\x00'"),
    )  # fmt: skip
    answer = await value("SELECT id FROM answer WHERE application_id = $1 LIMIT 1", sent.id)
    await cannot_be_twice("answer_application_id_question_id_key", "answer", answer)
    line = await value("SELECT id FROM budget_line WHERE application_id = $1 LIMIT 1", sent.id)
    for name, change in (
        ("budget_line_quantity_check", "quantity = 1e9, unit_cost = 0.01, amount = 1e7"),
        ("budget_line_amount", "amount = amount + 1"), ("budget_line_own_share", "own_share = amount + 1"),
        ("budget_line_item_check", "item = ' '"),
    ):  # fmt: skip
        await refused(name, "budget_line", f"UPDATE budget_line SET {change} WHERE id = $1", line)


async def test_reviews_and_decisions(cast):
    decided = await a_decided_application(cast)
    call, other = await get(Call, decided.call_id), await a_call(cast, "evaluating")
    elsewhere = await an_application(cast, other, "in_review")
    review = await value("SELECT id FROM review WHERE application_id = $1 LIMIT 1", decided.id)
    for name, change, *args in (
        ("review_total_check", "total = 101"),
        ("review_locked_facts", "locked_at = NULL"), ("review_locked_facts", "total = NULL"),
        ("review_after_clean_declaration", "conflict = true"), ("review_second_person", "assigned_by = reviewer_id"),
    ):  # fmt: skip
        await refused(name, "review", f"UPDATE review SET {change} WHERE id = $1", review, *args)
    await cannot_be_twice("review_application_id_reviewer_id_key", "review", review)
    foreign = await a_review(cast, elsewhere, "drafting", cast.reviewer2)
    await cannot_be(foreign, "review", ("review_application_id_call_id_fkey", "call_id = $2", call.id))
    await refused("score_review_id_call_id_fkey", "score", "UPDATE score SET review_id = $2 WHERE review_id = $1",
                  review, foreign.id)  # fmt: skip
    minutes = await some_minutes(cast, other)
    await cannot_be(
        decided.decision, "decision",
        ("decision_application_id_call_id_fkey", "application_id = $2", elsewhere.id),
        ("decision_minutes_id_call_id_fkey", "minutes_id = $2", minutes.id), ("decision_amount", "amount = NULL"),
        ("decision_reason_check", "reason = ' '"),
    )  # fmt: skip
    await cannot_be_twice("decision_minutes_id_application_id_key", "decision", decided.decision.id)
    await cannot_be_twice("meeting_minutes_call_id_number_key", "meeting_minutes", minutes.id)
    for change in ("signed_by", "signed_at", "body_sha256"):
        await cannot_be(minutes, "meeting_minutes", ("minutes_signed_facts", f"{change} = NULL"))


async def test_awards(cast):
    award = await an_award(cast)
    other = await an_award(cast, organisation=cast.guria_women)
    await cannot_be(
        award, "award",
        ("award_reference_key", "reference = $2", other.reference),
        ("award_application_id_call_id_fkey", "call_id = $2", (await a_decided_call(cast)).id),
        ("award_countersigned", "countersigned_by = NULL"), ("award_countersigned", "signed_at = NULL"),
        ("award_dates", "ends_on = starts_on - 1"), ("award_municipality", "municipality_id = NULL"),
        ("award_second_person", "approved_by = proposed_by"), ("award_second_person", "approved_by = NULL"),
        ("award_prevailing_language", "agreement_language = 'en'"),
        ("award_closed_by_two", "closing_manager_id = proposed_by, closing_finance_id = proposed_by"),
    )  # fmt: skip
    bare = await an_award(cast, state="drafting")
    async with importing():
        await execute(
            "DELETE FROM tranche_condition USING tranche t WHERE t.id = tranche_id AND award_id = $1", bare.id
        )
        await execute("DELETE FROM tranche WHERE award_id = $1", bare.id)
    away = ("award_application_id_organisation_id_fkey", "organisation_id = $2", other.organisation_id)
    await cannot_be(bare, "award", away)
    for table, name in (
        ("agreement", "agreement_award_id_version_key"), ("signature", "signature_agreement_id_party_key"),
        ("report_due", "report_due_award_id_number_key"),
    ):  # fmt: skip
        row = await value(f"SELECT id FROM {table} WHERE award_id = $1 LIMIT 1", award.id)
        await cannot_be_twice(name, table, row)
    offered = await an_award(cast, state="offered", organisation=cast.guria_women)
    foreign = await value("SELECT id FROM agreement WHERE award_id = $1", offered.id)
    sign = "UPDATE signature SET agreement_id = $2 WHERE award_id = $1 AND party = 'cso'"
    await refused("signature_agreement_id_award_id_fkey", "signature", sign, award.id, foreign)
    backwards = "UPDATE report_due SET period_to = period_from - 1 WHERE award_id = $1"
    await refused("report_due_dates", "report_due", backwards, award.id)


async def test_bank_accounts_and_tranches(cast):
    account = await a_bank_account(cast)
    await cannot_be(
        account, "bank_account",
        ("bank_account_verified", "verified_at = NULL"), ("bank_account_holder_check", "holder = ''"),
        ("bank_account_second_person", "verified_by = entered_by"), ("bank_account_iban", "iban = 'GE1'"),
    )  # fmt: skip
    tranche = await a_tranche(cast, state="paid", award=await an_award(cast))
    lost = (
        ("requested_by", "requested"), ("bank_account_id", "requested"), ("certified_by", "certified"),
        ("approved_by", "approved"), ("sent_by", "sent"), ("order_reference", "sent"), ("paid_by", "paid"),
        ("paid_on", "paid"), ("bank_reference", "paid"),
    )  # fmt: skip
    await cannot_be(
        tranche, "tranche",
        *((f"tranche_{state}_facts", f"{column} = NULL") for column, state in lost),
        ("tranche_exchange_rate", "exchange_rate = 0"), ("tranche_exchange_rate", "exchange_rate = 'NaN'"),
        ("tranche_exchange_said", "exchange_rate = 3"), ("tranche_exchange_said", "exchange_source = 'NBG'"),
        ("tranche_exchange_source_check", "exchange_rate = 3, exchange_source = ' '"),
        ("tranche_exchange_said", "exchange_currency = 'GEL'"),
        ("tranche_number_check", "number = 0"), ("tranche_second_person", "certified_by = approved_by"),
        ("tranche_third_person", "authorised_by = certified_by"), ("money_above_zero_check", "amount = 0"),
    )  # fmt: skip
    back = await a_tranche(cast, state="recovered", award=await an_award(cast))
    await cannot_be(
        back, "tranche",
        ("tranche_recovered_facts", "recovered_on = NULL"), ("tranche_recovered_facts", "recovery_reference = NULL"),
        ("tranche_recovery_facts", "recovery_amount = amount + 1"),
    )  # fmt: skip


async def test_reports(cast):
    report = await a_report(cast, state="accepted")
    other = await a_report(cast, await an_award(cast, organisation=cast.guria_women))
    await cannot_be(
        report, "report",
        ("report_award_id_currency_fkey", "currency = 'GEL'"),
        ("report_report_due_id_award_id_fkey", "report_due_id = $2",
         await value("SELECT id FROM report_due WHERE award_id = $1 AND number = 2", other.award_id)),
        ("report_submitted_facts", "body = NULL"), ("report_submitted_facts", "submitted_at = NULL"),
        ("report_verified_facts", "verified_at = NULL"), ("report_accepted_facts", "accepted_cost = NULL"),
        ("report_second_person", "manager_id = finance_id"), ("report_second_person", "verified_by = submitted_by"),
    )  # fmt: skip
    await cannot_be_twice("report_report_due_id_key", "report", report.id)
    told = await the_value(report)
    await cannot_be(
        told, "report_value",
        ("report_value_award_id_municipality_id_fkey", "municipality_id = $2", cast.khoni.id),
        ("report_value_reported_check", "reported = 'NaN'"), ("report_value_verified_check", "verdict = 'sampled', verified = 'NaN'"),
        ("report_value_reported_of_check", "reported_of = -1"), ("report_value_verified_of_check", "verdict = 'sampled', verified_of = -1"),
        ("report_value_verdict", "verified = reported + 1"), ("report_value_verdict", "verified_by = NULL"),
        ("report_value_no_data", "no_data_reason = 'none'"), ("report_value_words", "words_en = 'Many'"),
    )  # fmt: skip
    await cannot_be_twice("report_value_report_id_indicator_id_municipality_id_cell_key", "report_value", told.id)
    line = await value("SELECT id FROM spending_line WHERE report_id = $1 LIMIT 1", report.id)
    await cannot_be_twice("spending_line_report_id_budget_line_id_key", "spending_line", line)
    await refused(
        "spending_accepted", "spending_line", "UPDATE spending_line SET accepted = spent + 1 WHERE id = $1", line
    )
    evidence = await value("SELECT id FROM value_evidence WHERE award_id = $1 LIMIT 1", report.award_id)
    visit, foreign = await a_visit(cast, await an_award(cast)), await the_value(other)
    for name, change, *args in (
        ("value_evidence_one", "upload_id = NULL"), ("value_evidence_one", "visit_id = $2", visit.id),
        ("value_evidence_visit_id_award_id_fkey", "upload_id = NULL, visit_id = $2", visit.id),
        ("value_evidence_value_id_award_id_fkey", "value_id = $2", foreign.id),
    ):  # fmt: skip
        await refused(name, "value_evidence", f"UPDATE value_evidence SET {change} WHERE id = $1", evidence, *args)


async def test_visits_and_findings(cast):
    visit, other = await a_visit(cast), await a_visit(cast, await an_award(cast, organisation=cast.guria_women))
    await cannot_be(
        visit, "visit",
        ("visit_reference_key", "reference = $2", other.reference), ("visit_latitude_check", "latitude = 91"),
        ("visit_longitude_check", "longitude = -181"), ("visit_accuracy_m_check", "accuracy_m = -1"),
        ("visit_women_check", "women = -1"), ("visit_men_check", "men = -1"),
        ("visit_award_id_municipality_id_fkey", "municipality_id = $2", cast.khoni.id),
        ("visit_not_future", "visited_on = $2", today() + timedelta(days=2)), ("visit_second_person", "reviewed_by = lead_id"),
        ("visit_approved_facts", "reviewed_by = NULL"),
    )  # fmt: skip
    photo = await a_visit_photo(cast, visit)
    finding = await a_finding(cast, visit, state="final", photo=photo)
    await cannot_be(
        finding, "finding",
        ("finding_text_check", "text = ''"),
        ("finding_final_facts", "reviewed_by = NULL"), ("finding_answered", "response_kind = NULL"),
        ("finding_second_person", "reviewed_by = author_id"),
    )  # fmt: skip
    alone = await a_finding(cast, visit)
    await cannot_be(alone, "finding", ("finding_visit_id_award_id_fkey", "visit_id = $2", other.id))
    foreign = await a_visit_photo(cast, other)
    move = "UPDATE finding_photo SET photo_id = $2, visit_id = $3 WHERE finding_id = $1"
    key = "finding_photo_finding_id_visit_id_fkey"
    await refused(key, "finding_photo", move, finding.id, foreign.id, other.id)


async def test_recommendations_and_indicators(cast):
    done, other = await a_recommendation(cast, state="reported_done"), await a_recommendation(cast)
    await cannot_be(
        done, "recommendation",
        ("recommendation_reference_key", "reference = $2", other.reference),
        ("recommendation_text", "text_ka = '', text_en = NULL"), ("recommendation_due", "due_current = due_original - 1"),
        ("recommendation_reported_facts", "reported_by = NULL"),
        ("recommendation_second_person", "verified_by = reported_by"), ("recommendation_adoption", "adopted_on = now()"),
        ("recommendation_superseded_facts", "superseded_by = $2", other.id),
    )  # fmt: skip
    said = await value("SELECT id FROM follow_up WHERE recommendation_id = $1", done.id)
    for name, change in (("follow_up_extension", "new_due = now()"), ("follow_up_text_check", "text = ' '"),
                         ("follow_up_approved", "approved_by = author_id")):  # fmt: skip
        await refused(name, "follow_up", f"UPDATE follow_up SET {change} WHERE id = $1", said)
    indicator = await an_indicator(cast, baseline=Decimal("5"))
    await cannot_be(
        indicator, "indicator",
        ("indicator_finite", "target = 'NaN'"), ("indicator_target_direction", "target = 4"),
        ("indicator_name", "name_en = ''"), ("indicator_share", "target_of = 9"),
        ("indicator_grades", "grades_ka = '{a,b}', grades_en = '{a,b}'"),
    )  # fmt: skip
    share, grade = await an_indicator(cast, kind="ratio"), await an_indicator(cast, kind="ordinal")
    await cannot_be(
        share, "indicator",
        ("indicator_share", "target_of = NULL"), ("indicator_share", "target = target_of + 1"),
        ("indicator_share", "target = NULL, target_of = 'NaN'"), ("indicator_share", "baseline = 1"),
        ("indicator_share", "target = 0, target_of = 0"),
    )  # fmt: skip
    await cannot_be(
        grade, "indicator",
        ("indicator_grades", "grades_ka = '{a}', grades_en = '{a}'"), ("indicator_grades", "grades_en = '{a,b}'"),
        ("indicator_not_added", "people = true"), ("indicator_own_targets", "target = 2"),
        ("indicator_own_targets", "baseline = 1"),
    )  # fmt: skip
    award = await an_award(cast)
    for name, change in (("award_indicator_finite", "'NaN', NULL"), ("award_indicator_of", "1, 0")):
        sql = f"INSERT INTO award_indicator (award_id, indicator_id, target, target_of) VALUES ($1, $2, {change})"
        await refused(name, "award_indicator", sql, award.id, indicator.id)
    before = "INSERT INTO award_indicator (award_id, indicator_id, baseline, baseline_of) VALUES ($1, $2, 1, 0)"
    await refused("award_indicator_baseline_of", "award_indicator", before, award.id, share.id)


async def test_exchange_rates(cast):
    rate = "INSERT INTO exchange_rate (source, base, currency, rate, valid_from, valid_to) VALUES {}"
    for name, row in (
        ("exchange_rate_source_check", "('bank', 'EUR', 'GEL', 3, '2026-12-01', NULL)"),
        ("exchange_rate_rate_check", "('nbg', 'EUR', 'GEL', 0, '2026-12-01', NULL)"),
        ("exchange_rate_rate_check", "('nbg', 'EUR', 'GEL', 'NaN', '2026-12-01', NULL)"),
        ("exchange_rate_two", "('nbg', 'EUR', 'EUR', 1, '2026-12-01', NULL)"),
        ("exchange_rate_days", "('nbg', 'EUR', 'GEL', 3, '2026-12-01', '2026-11-30')"),
        ("exchange_rate_source_base_currency_valid_from_key",
         "('nbg', 'EUR', 'GEL', 3, '2026-12-01', NULL), ('nbg', 'EUR', 'GEL', 4, '2026-12-01', NULL)"),
    ):  # fmt: skip
        await refused(name, "exchange_rate", rate.format(row))
    method = "UPDATE programme SET exchange_method = 'bank'"
    await refused("programme_exchange_method_check", "programme", method)
    await refused("municipality_population_check", "municipality", "UPDATE municipality SET population = 0")
    another = "INSERT INTO fingerprint_key (one, key) VALUES ({}, {})"
    await refused("fingerprint_key_one_check", "fingerprint_key", another.format("false", "sha256('x'::bytea)"))
    await refused("fingerprint_key_pkey", "fingerprint_key", another.format("true", "sha256('x'::bytea)"))
    await refused("fingerprint_key_key_check", "fingerprint_key", "UPDATE fingerprint_key SET key = 'x'")
