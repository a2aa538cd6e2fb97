"""A report from the calendar to acceptance, by different people, and every way in which it is refused."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from foundation.clock import clock_at, now, today
from foundation.database import one_of, row, rows, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused, Stale
from grants.awards import extensions
from grants.awards import transitions as awards
from grants.awards.lifecycle import State as AwardState
from grants.disbursements import queries as tranches
from grants.disbursements import transitions as disbursements
from grants.disbursements.transitions import STEPS
from lifecycle.record import history_of
from lifecycle.transition import open_steps
from monitoring.indicators.queries import figures
from monitoring.reports import actions, forms, hooks, judging, notices, queries, transitions
from monitoring.reports.checklist import gaps_of
from monitoring.reports.content import content_of
from monitoring.reports.difference import changes
from monitoring.reports.tables import ReportValue
from tests.builders.awards import a_tranche, an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report, the_value
from tests.builders.uploads import a_jpeg, a_pdf
from uploads.receiving import receive_bytes

SUBMITTED = forms.Submission(declared=True, early_reason="Everything planned is done")


async def a_paper():
    return await receive_bytes(a_pdf(), "list.pdf")


async def filled(cast, report, reported=40):
    """Written by the editor until nothing is missing."""
    for claim in (await content_of(report)).claims:
        given = forms.Value(total=reported, women=reported - 10, men=10)
        await actions.save_value(report, cast.editor, claim.code, given, [await a_paper()])
    for line in (await content_of(report)).lines:
        given = forms.Spending(spent="250.50")
        await actions.save_spending(report, cast.editor, line.budget["position"], given, [await a_paper()])
    await actions.save_story(report, cast.editor, forms.Story(done_ka="შეხვედრები", changed_ka="ოქმები ქვეყნდება"))
    return report


async def an_open_report(cast, state="open"):
    award = await an_award(cast)
    await a_promise(cast, award)
    await actions.schedule(award)
    report = (await queries.of_award(award.id))[0]
    if state == "open":
        await actions.open_for_writing(report)
    return report


async def test_a_grant_that_becomes_active_gets_its_calendar(cast):
    award = await an_award(cast)
    await hooks.schedule_reports(award, cast.director)
    await hooks.schedule_reports(award, cast.director)
    assert [(r.number, r.state) for r in await queries.of_award(award.id)] == [(1, "scheduled"), (2, "scheduled")]


async def test_a_report_opens_two_weeks_before_its_period_ends(cast):
    award = await an_award(cast, starts_on=today())
    await actions.schedule(award)
    first = (await queries.of_award(award.id))[0]
    with clock_at(now() + (first.period_to - today()) - timedelta(days=15)):
        await notices.open_what_is_due()
        assert [r.state for r in await queries.of_award(award.id)] == ["scheduled", "scheduled"]
    with clock_at(now() + (first.period_to - today()) - timedelta(days=14)):
        await notices.open_what_is_due()
        assert [r.state for r in await queries.of_award(award.id)] == ["open", "scheduled"]


async def test_from_writing_to_acceptance(cast):
    report = await filled(cast, await an_open_report(cast))
    await transitions.submit(report, cast.signatory, SUBMITTED)
    assert report.state == "submitted" and report.body["results"][0]["women"] == "30"
    assert len(report.body_sha256) == 32
    await transitions.start_review(report, cast.curator)
    claim = (await content_of(report)).claims[0]
    await judging.judge(
        report, cast.curator, claim.code,
        forms.Judgement(verdict="corrected", verified=35, women=26, note="Counted the lists"),
    )  # fmt: skip
    for line in (await content_of(report)).lines:
        await judging.accept_spending(
            report, cast.curator, line.budget["position"], forms.Accepted(accepted="200", note="One receipt is unclear")
        )
    await transitions.verify(report, cast.curator)
    assert await transitions.agree(report, cast.manager) is False
    assert await transitions.agree(report, cast.finance) is True
    assert (report.state, report.accepted_cost) == ("accepted", 400)
    told = (await figures())[0].figure
    assert (told.reported.value, told.verified.value) == (40, 35)
    assert (await queries.money())[0].verified == 400 and (await queries.money())[0].reported == 501
    women = await one_of(ReportValue, "SELECT * FROM report_value WHERE report_id = $1 AND cell = 'women'", report.id)
    assert (women.verdict, women.verified) == ("corrected", 26)
    assert [event.name for event in await history_of(report) if "section_saved" not in event.name] == [
        "report.opened", "report.submitted", "report.review_started", "report.value_judged", "report.spending_judged",
        "report.spending_judged", "report.verified", "report.acceptance_agreed", "report.accepted",
    ]  # fmt: skip


async def test_acceptance_fulfils_the_condition_and_writes_the_ledger_at_once(cast):
    report = await a_report(cast, state="verified", spent=D(300))
    await transitions.agree(report, cast.finance)
    await transitions.agree(report, cast.manager)
    waiting = await rows(
        "SELECT 1 FROM tranche_condition WHERE report_due_id = $1 AND fulfilled_at IS NULL", report.report_due_id
    )
    assert waiting == []
    entry = await row(
        "SELECT amount, kind FROM ledger_entry WHERE award_id = $1 AND kind = 'accepted_cost'", report.award_id
    )
    assert entry["amount"] == 600


async def test_an_audit_takes_everything_back_in_the_same_breath(cast):
    report = await a_report(cast, state="verified", spent=D(300))
    await transitions.agree(report, cast.finance)
    await transitions.agree(report, cast.manager)
    await transitions.reopen(report, cast.director, "Two lists are copies of each other")
    assert (report.state, report.accepted_cost, report.manager_id, report.verified_by) == (
        "under_review",
        None,
        None,
        None,
    )
    assert (await figures())[0].figure.reported.value is None
    sums = await row(
        "SELECT sum(CASE WHEN kind = 'reversal' THEN -amount ELSE amount END) AS cost FROM ledger_entry"
        " WHERE award_id = $1 AND kind IN ('accepted_cost', 'reversal')", report.award_id,
    )  # fmt: skip
    assert sums["cost"] == 0


async def test_a_reopened_report_stops_the_payment_that_rests_on_it(cast):
    award = await an_award(cast)
    await a_report(cast, award, state="accepted")
    tranche = await tranches.tranche_by_id((await a_tranche(cast, state="approved", award=award, number=2)).id)
    report = (await queries.of_award(award.id))[0]
    await transitions.reopen(report, cast.director, "Two lists are copies of each other")
    with speaking("en"), pytest.raises(Refused, match="examined again"):
        await disbursements.send(tranche, cast.finance, "PO-1")
    assert "order" not in open_steps(cast.finance, tranche, STEPS) and tranche.state == "approved"
    await transitions.verify(report, cast.curator)
    await transitions.agree(report, cast.finance)
    await transitions.agree(report, cast.manager)
    await disbursements.send(tranche, cast.finance, "PO-1")
    assert tranche.state == "sent"


async def test_nobody_agrees_twice_or_for_both(cast):
    report = await a_report(cast, state="verified")
    await transitions.agree(report, cast.manager)
    for who in ("curator", "director", "signatory"):
        with pytest.raises(NotAllowed):
            await transitions.agree(report, cast.people[who])
    with speaking("en"), pytest.raises(Refused, match="agreed already"):
        await transitions.agree(report, cast.manager)


async def test_a_report_is_returned_by_sections_and_comes_back_with_the_difference(cast):
    report = await filled(cast, await an_open_report(cast))
    await transitions.submit(report, cast.signatory, SUBMITTED)
    await transitions.start_review(report, cast.curator)
    claim = (await content_of(report)).claims[0]
    await judging.judge(report, cast.curator, claim.code, forms.Judgement(verdict="verified"))
    await transitions.return_for_correction(
        report, cast.curator, forms.Return(sections=["results"], reason="The total is too high")
    )
    assert [r["reason"] for r in await queries.returns_of(report)] == ["The total is too high"]
    total = await the_value(report)
    await actions.save_value(
        report, cast.editor, claim.code, forms.Value(total=38, women=30, men=8, revision=total.revision)
    )
    assert (await the_value(report)).verdict == "unverified"
    assert (await the_value(report, "women")).verdict == "verified"
    await transitions.submit(report, cast.signatory, SUBMITTED)
    first, second = await queries.submissions_of(report)
    assert [(c.before, c.after) for c in changes(first.body, second.body)] == [("40", "38"), ("10", "8")]
    assert first.body_sha256 != second.body_sha256


async def test_a_first_submission_is_taken_back_and_a_second_is_not(cast):
    report = await filled(cast, await an_open_report(cast))
    await transitions.submit(report, cast.signatory, SUBMITTED)
    await transitions.take_back(report, cast.signatory)
    assert (report.state, report.body, report.submitted_by) == ("open", None, None)
    await transitions.submit(report, cast.signatory, SUBMITTED)
    await transitions.start_review(report, cast.curator)
    await transitions.return_for_correction(report, cast.curator, forms.Return(sections=["story"], reason="Tell more"))
    await transitions.submit(report, cast.signatory, SUBMITTED)
    with pytest.raises(Refused):
        await transitions.take_back(report, cast.signatory)


async def test_what_is_missing_is_listed_and_refused(cast):
    report = await an_open_report(cast)
    with pytest.raises(transitions.Incomplete) as refused:
        await transitions.submit(report, cast.signatory, SUBMITTED)
    assert [gap.section for gap in refused.value.gaps] == ["results", "spending", "spending", "story", "story"]
    assert report.state == "open"


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("flow", dict(total=10, women=4, men=5), "1 of 10 are in no group"),
        ("flow", dict(total=10, women=8, men=5), "more than the total"),
        ("flow", dict(total=-3), "corrects an earlier one"),
        ("stock", dict(total=-3), "below zero"),
        ("ratio", dict(total=5), "out of"),
        ("ratio", dict(total=5, of=4), "larger than its whole"),
    ],
)
async def test_numbers_have_to_make_sense_before_submission(cast, kind, given, sentence):
    award = await an_award(cast)
    indicator = await a_promise(cast, award, await an_indicator(cast, kind=kind))
    report = await a_report(cast, award, reported=None)
    await actions.save_value(report, cast.editor, indicator.code, forms.Value(**given), [await a_paper()])
    from foundation.language import speaking

    with speaking("en"):
        said = [gap.sentence for gap in gaps_of(await content_of(report)) if gap.section == "results"]
    assert any(sentence in one for one in said), said


async def test_a_running_total_that_falls_needs_a_reason(cast):
    award = await an_award(cast)
    indicator = await a_promise(cast, award, await an_indicator(cast, kind="running_total"))
    await a_report(cast, award, state="accepted", reported=D(65))
    second = await a_report(cast, award, number=2, reported=D(60))
    assert [gap.path for gap in gaps_of(await content_of(second)) if gap.section == "results"] == [
        f"/results/{indicator.code}"
    ]
    total = await the_value(second)
    given = forms.Value(total=60, note="Five had been counted twice", revision=total.revision)
    await actions.save_value(second, cast.editor, indicator.code, given)
    assert [gap for gap in gaps_of(await content_of(second)) if gap.section == "results"] == []


async def test_no_data_with_a_reason_is_enough_and_zero_needs_no_proof(cast):
    award = await an_award(cast)
    first, second = await a_promise(cast, award), await a_promise(cast, award)
    report = await a_report(cast, award, reported=None)
    await actions.save_value(report, cast.editor, first.code, forms.Value(no_data_reason="The survey is not finished"))
    await actions.save_value(report, cast.editor, second.code, forms.Value(total=0))
    assert [gap for gap in gaps_of(await content_of(report)) if gap.section == "results"] == []


async def test_money_beyond_the_plan_needs_a_reason(cast):
    report = await a_report(cast, spent=D("5000"))
    assert {gap.path for gap in gaps_of(await content_of(report)) if gap.section == "spending"} == {
        "/spending/1",
        "/spending/2",
    }


@pytest.mark.parametrize("who", ["other_editor", "curator", "manager", "donor"])
async def test_others_do_not_write(cast, who):
    report = await a_report(cast)
    with pytest.raises(NotAllowed):
        await actions.save_story(report, cast.people[who], forms.Story(done_en="Mine"))


@pytest.mark.parametrize("state", ["scheduled", "submitted", "under_review", "verified", "accepted", "lapsed"])
async def test_nothing_is_written_once_it_is_handed_in(cast, state):
    report = await a_report(cast, state=state)
    for attempt in (
        lambda: actions.save_story(report, cast.editor, forms.Story(done_en="Later")),
        lambda: actions.save_spending(report, cast.editor, 1, forms.Spending(spent="1")),
        lambda: actions.save_value(report, cast.editor, "x", forms.Value(total=1)),
    ):
        with pytest.raises(Refused, match="ანგარიში შესავსებად ღია არ არის"):
            await attempt()
    assert await value("SELECT done_en FROM report WHERE id = $1", report.id) != "Later"


async def test_an_old_revision_is_not_saved(cast):
    report = await a_report(cast)
    old = report.revision
    await actions.save_story(report, cast.editor, forms.Story(done_en="One", revision=old))
    with pytest.raises(Stale):
        await actions.save_story(report, cast.signatory, forms.Story(done_en="Two", revision=old))


async def test_the_editor_does_not_sign(cast):
    report = await filled(cast, await an_open_report(cast))
    with pytest.raises(NotAllowed):
        await transitions.submit(report, cast.editor, SUBMITTED)


async def test_verdicts_are_given_while_under_review_by_the_curator_of_the_place(cast):
    report = await a_report(cast, state="under_review")
    code = (await content_of(report)).claims[0].code
    for who in ("curator2", "manager", "signatory", "finance"):
        with pytest.raises(NotAllowed):
            await judging.judge(report, cast.people[who], code, forms.Judgement(verdict="verified"))
    submitted = await a_report(cast, state="submitted")
    with pytest.raises(Refused, match="ანგარიში შესამოწმებლად ღია არ არის"):
        await judging.judge(submitted, cast.curator, code, forms.Judgement(verdict="verified"))


@pytest.mark.parametrize("wrong", [dict(verdict="corrected"), dict(verdict="contradicted"), dict(verdict="sampled")])
def test_a_verdict_without_its_ground_is_refused_at_the_door(wrong):
    with pytest.raises(ValueError):
        forms.Judgement(**wrong)


async def test_every_amount_is_judged_and_less_needs_a_reason(cast):
    report = await a_report(cast, state="under_review", spent=D(500))
    with pytest.raises(Refused):
        await transitions.verify(report, cast.curator)
    for wrong in (dict(accepted="501"), dict(accepted="400")):
        with pytest.raises(Refused):
            await judging.accept_spending(report, cast.curator, 1, forms.Accepted(**wrong))


async def test_a_contradicted_value_is_not_in_the_best_available(cast):
    report = await a_report(cast, state="under_review", reported=D(40), spent=D(10))
    content = await content_of(report)
    given = forms.Judgement(verdict="contradicted", note="Nobody in the village knows of it")
    await judging.judge(report, cast.curator, content.claims[0].code, given)
    for line in content.lines:
        await judging.accept_spending(report, cast.curator, line.budget["position"], forms.Accepted(accepted="10"))
    await transitions.verify(report, cast.curator)
    await transitions.agree(report, cast.manager)
    await transitions.agree(report, cast.finance)
    told = (await figures())[0].figure
    assert (told.reported.value, told.verified.value, told.best.value) == (40, None, None)


async def test_manager_sends_back_lapses_and_waives_with_a_reason(cast):
    verified = await a_report(cast, state="verified")
    await transitions.send_back(verified, cast.finance, "Receipt 3 is for another grant")
    assert (verified.state, verified.verified_by) == ("under_review", None)
    lapsed = await a_report(cast, state="returned")
    await transitions.lapse(lapsed, cast.manager, "No answer for two months")
    waived = await a_report(cast, state="scheduled")
    await transitions.waive(waived, cast.manager, "The grant ends earlier")
    assert (lapsed.state, waived.state) == ("lapsed", "waived")
    for action in (transitions.lapse, transitions.waive):
        with pytest.raises(Refused):
            await action(await a_report(cast, state="returned"), cast.manager, "  ")


async def test_a_grant_closes_only_after_its_reports(cast):
    award = await an_award(cast, state="closing")
    await a_report(cast, award, state="accepted")
    await a_report(cast, award, state="submitted", number=2)
    assert AwardState(award.state) is AwardState.CLOSING
    assert len(await hooks.reports_are_settled(award)) == 1
    assert hooks.reports_are_settled in extensions.before_closing
    with speaking("en"), pytest.raises(Refused, match="Report 2 is not accepted yet"):
        await awards.close(award, cast.manager)


async def test_a_file_is_removed_from_wherever_it_hangs(cast):
    report = await a_report(cast)
    received = await receive_bytes(a_jpeg(), "photo.jpg")
    await actions.add_document(report, cast.editor, forms.Document(note="Poster"), received)
    document = (await content_of(report)).documents[0]
    assert await queries.file_of(report, document["upload_id"]) == document["upload_id"]
    await actions.remove_file(report, cast.editor, document["upload_id"])
    assert (await content_of(report)).documents == []
    assert await value("SELECT count(*) FROM upload WHERE id = $1", document["upload_id"]) == 1


async def test_a_visit_is_evidence_only_for_its_own_grant(cast):
    report = await a_report(cast, reported=None)
    code = (await content_of(report)).claims[0].code
    from uuid import uuid4

    await actions.save_value(report, cast.editor, code, forms.Value(total=1, visits=[uuid4()]))
    assert (await content_of(report)).claims[0].evidence == []
