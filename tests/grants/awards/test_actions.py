"""What can be done with an award, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import clock_at, now, today
from foundation.database import get, rows, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused, Stale
from grants.applications.tables import Application
from grants.awards import actions, approvals, extensions, queries, transitions
from grants.awards.forms import Calendar, Terms
from grants.awards.tables import Award
from grants.disbursements import planning
from grants.disbursements.forms import Plan
from lifecycle.record import history_of
from tests.builders.awards import (
    a_bank_account,
    a_decided_call,
    a_final_report,
    a_recommended_application,
    a_tranche,
    an_award,
)
from tests.builders.uploads import a_pdf
from tests.importing import importing
from uploads.receiving import receive_bytes


async def a_scan():
    return await receive_bytes(a_pdf(), "signed.pdf")


async def recommended(cast, **over):
    application = await a_recommended_application(cast, **over)
    return await queries.recommendation_of(cast.director, application.number)


def terms(**over):
    given = dict(
        title_ka="ღია ბიუჯეტი",
        title_en="Open budget",
        starts_on=today(),
        ends_on=today() + timedelta(days=180),
        offer_expires_on=today() + timedelta(days=20),
    )
    return Terms(**(given | over))


def calendar(award, **over):
    middle = award.starts_on + timedelta(days=90)
    return Calendar(
        reports=[
            dict(kind="interim", period_from=award.starts_on, period_to=middle, due_on=middle + timedelta(days=15)),
            dict(
                kind="final",
                period_from=middle + timedelta(days=1),
                period_to=award.ends_on,
                due_on=award.ends_on + timedelta(days=30),
            ),
        ],
        **over,
    )


async def approved(application, director):
    await approvals.approve(application, director)
    return await Award.objects().get(Award.application_id == application.id)


async def drafted(cast, amount="6000"):
    """A draft with everything in it."""
    award = await approved(await recommended(cast, amount=Decimal(amount)), cast.director)
    await actions.write_terms(award, cast.curator, terms())
    await actions.write_calendar(award, cast.curator, calendar(award))
    half = str(Decimal(amount) / 2)
    plan = [dict(amount=half, agreement_active=True), dict(amount=half, report=1)]
    await planning.write_plan(award, cast.curator, Plan(tranches=plan))
    return award


async def offered(cast, amount="6000"):
    award = await drafted(cast, amount)
    await transitions.offer(award, cast.director)
    return award


async def signed(cast, amount="6000"):
    award = await offered(cast, amount)
    await a_bank_account(cast)
    await transitions.sign(award, cast.signatory, await a_scan())
    return award


# decide --------------------------------------------------------------------------------------------------------


async def test_the_director_approves_and_the_award_stands_with_the_minuted_amount(cast):
    application = await recommended(cast, amount=Decimal("5400"), requested=Decimal("6000"))
    award = await approved(application, cast.director)
    assert (award.state, award.amount, award.reference) == ("drafting", Decimal("5400"), f"G-{today().year}-001")
    assert (award.proposed_by, award.approved_by, award.curator_id) == (
        cast.chair.id,
        cast.director.id,
        cast.curator.id,
    )
    assert (await get(Application, application.id)).state == "approved"
    assert [each.name for each in await history_of(award)] == ["award.drafted"]
    assert [each.name for each in await history_of(application)] == ["application.approved"]


async def test_only_a_director_approves(cast):
    application = await recommended(cast)
    for who in ("chair", "manager", "curator", "finance", "admin", "signatory"):
        with pytest.raises(NotAllowed):
            await approvals.approve(application, cast.people[who])


async def test_a_recommendation_is_decided_once_whoever_still_sees_it_open(cast):
    application = await recommended(cast)
    seen = await queries.recommendation_of(cast.director, application.number)
    await approvals.approve(application, cast.director)
    with pytest.raises(Refused):
        await approvals.approve(seen, cast.director)


async def test_whose_page_has_the_buttons_of_a_decision(cast):
    application = await recommended(cast)
    assert approvals.may_decide(cast.director, application)
    for who in ("finance", "auditor", "admin"):
        assert not approvals.may_decide(cast.people[who], application)
    await approvals.approve(application, cast.director)
    assert not approvals.may_decide(cast.director, application)


async def test_a_director_who_took_part_before_does_not_decide(cast):
    application = await recommended(cast)
    application.took_part = [*application.took_part, cast.director.id]
    assert not approvals.may_decide(cast.director, application)
    with pytest.raises(NotAllowed):
        await approvals.approve(application, cast.director)
    with pytest.raises(NotAllowed):
        await approvals.reject(application, cast.director, "No reason at all")


async def test_without_signed_minutes_nothing_is_approved(cast):
    application = await a_recommended_application(cast, minutes="open")
    (found,) = await queries.recommended_to(cast.director)
    assert found.id == application.id and found.decided_amount is None
    with pytest.raises(Refused):
        await approvals.approve(found, cast.director)


async def test_the_director_refuses_with_a_reason(cast):
    application = await recommended(cast)
    with pytest.raises(Refused):
        await approvals.reject(application, cast.director, " ")
    await approvals.reject(application, cast.director, "Financed twice")
    assert (await get(Application, application.id)).state == "rejected"
    assert (await history_of(application))[-1].reason == "Financed twice"


async def test_an_organisation_gets_no_more_than_the_programme_allows(cast):
    async with importing():
        await value("UPDATE programme SET most_per_organisation = 10000 RETURNING 1")
    await an_award(cast, amount=Decimal("9000"), organisation=cast.guria_women)
    await an_award(cast, state="declined", amount=Decimal("9000"))  # nobody gets this
    await approvals.approve(await recommended(cast, amount=Decimal("6000")), cast.director)
    with speaking("en"), pytest.raises(Refused, match="would have €10,001 in total, more than the €10,000 one"):
        await approvals.approve(await recommended(cast, amount=Decimal("4001")), cast.director)
    await approvals.approve(await recommended(cast, amount=Decimal("4000")), cast.director)


async def test_the_envelope_is_not_exceeded(cast):
    call = await a_decided_call(cast, envelope=Decimal("10000"))
    await approvals.approve(await recommended(cast, amount=Decimal("6000"), call=call), cast.director)
    other = await recommended(cast, amount=Decimal("4001"), call=call, organisation=cast.guria_women)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await approvals.approve(other, cast.director)
    assert refused.value.constraint_name == "award_within_envelope"


# draft ---------------------------------------------------------------------------------------------------------


async def test_curator_and_director_draft_others_do_not(cast):
    award = await an_award(cast, state="drafting")
    await actions.write_terms(award, cast.curator, terms())
    await actions.write_terms(award, cast.director, terms(title_en="Other"))
    for who in ("curator2", "manager", "finance", "signatory", "admin"):
        with pytest.raises(NotAllowed):
            await actions.write_terms(award, cast.people[who], terms())


async def test_a_stale_draft_is_not_written_over(cast):
    award = await an_award(cast, state="drafting")
    seen = award.revision
    await actions.write_terms(award, cast.curator, terms(revision=seen))
    with pytest.raises(Stale):
        await actions.write_terms(award, cast.director, terms(revision=seen))


async def test_tranches_add_up_without_those_that_were_cancelled(cast):
    """And without those of another grant."""
    await an_award(cast, organisation=cast.guria_women)
    award = await an_award(cast, state="closing", tranches=(Decimal("2000"), Decimal("4000")))
    assert await queries.tranches_total(award) == Decimal("6000")
    await a_tranche(cast, "cancelled", award, number=2)
    assert await queries.tranches_total(award) == Decimal("2000")


async def test_terms_change_only_in_the_draft(cast):
    award = await an_award(cast, state="offered")
    with pytest.raises(Refused):
        await actions.write_terms(award, cast.curator, terms())


async def test_the_calendar_ends_with_one_final_report(cast):
    award = await an_award(cast, state="drafting")
    good = calendar(award)
    for wrong in (
        Calendar(reports=good.reports[:1]),
        Calendar(reports=[good.reports[1], good.reports[1].model_copy(update={"period_from": award.ends_on})]),
        Calendar(reports=[good.reports[0].model_copy(update={"period_to": award.ends_on}), good.reports[1]]),
    ):
        with pytest.raises(Refused):
            await actions.write_calendar(award, cast.curator, wrong)
    await actions.write_calendar(award, cast.curator, good)
    assert [due.kind for due in await queries.calendar_of(award)] == ["interim", "final"]


async def test_a_report_a_tranche_waits_for_is_not_taken_away(cast):
    award = await drafted(cast)
    only = calendar(award)
    only.reports = [only.reports[1]]
    await actions.write_calendar(award, cast.curator, only)  # report 1 stays, now the final one
    plan = Plan(tranches=[dict(amount="6000", report=1)])
    await planning.write_plan(award, cast.curator, plan)
    await actions.write_calendar(award, cast.curator, calendar(award))
    await planning.write_plan(award, cast.curator, Plan(tranches=[dict(amount="6000", report=2)]))
    with speaking("en"), pytest.raises(Refused, match="2"):
        await actions.write_calendar(award, cast.curator, only)


# offer and sign ------------------------------------------------------------------------------------------------


async def test_an_offer_needs_dates_calendar_and_tranches_that_add_up(cast):
    award = await approved(await recommended(cast), cast.director)
    assert len(await actions.missing_for_offer(award)) == 3
    with pytest.raises(Refused):
        await transitions.offer(award, cast.director)
    award = await drafted(cast)
    await planning.write_plan(award, cast.curator, Plan(tranches=[dict(amount="5999.99", agreement_active=True)]))
    with speaking("en"), pytest.raises(Refused, match=r"5,999\.99"):
        await transitions.offer(award, cast.director)
    await planning.write_plan(award, cast.curator, Plan(tranches=[dict(amount="6000")]))
    with speaking("en"), pytest.raises(Refused, match="condition"):
        await transitions.offer(award, cast.director)


async def test_offering_makes_a_version_of_the_document_that_stays(cast):
    award = await offered(cast)
    (agreement,) = await queries.agreements_of(award)
    assert (award.state, agreement["version"]) == ("offered", 1)
    upload = await queries.document_of(award, 1)
    assert upload.blob_sha256.hex() == agreement["sha256"]
    with pytest.raises(NotAllowed):
        await transitions.offer(await drafted(cast), cast.curator)


async def test_the_signatory_asks_for_a_change_and_gets_a_second_version(cast):
    award = await offered(cast)
    with pytest.raises(NotAllowed):
        await transitions.ask_change(award, cast.editor, "The end date is wrong")
    await transitions.ask_change(award, cast.signatory, "The end date is wrong")
    assert award.state == "drafting"
    await transitions.offer(award, cast.director)
    assert [each["version"] for each in await queries.agreements_of(award)] == [2, 1]


async def test_signing_needs_a_verified_account_and_the_offer_still_standing(cast):
    award = await offered(cast)
    with speaking("en"), pytest.raises(Refused, match="bank"):
        await transitions.sign(award, cast.signatory, await a_scan())
    await a_bank_account(cast)
    with pytest.raises(NotAllowed):
        await transitions.sign(award, cast.other_signatory, await a_scan())
    with clock_at(now() + timedelta(days=21)), speaking("en"), pytest.raises(Refused, match="expired"):
        await transitions.sign(award, cast.signatory, await a_scan())
    with clock_at(now() + timedelta(days=20)):  # the last day
        await transitions.sign(award, cast.signatory, await a_scan())
    assert (award.state, award.signed_by) == ("signed_cso", cast.signatory.id)


async def test_countersigning_commits_in_the_ledger_and_lets_the_first_tranche_fall_due(cast):
    award = await signed(cast)
    with pytest.raises(NotAllowed):
        await transitions.countersign(award, cast.manager)
    await transitions.countersign(award, cast.director)
    assert award.state == "active"
    (entry,) = await rows("SELECT * FROM ledger_entry WHERE award_id = $1", award.id)
    assert (entry["kind"], entry["amount"], entry["debit"]) == (
        "commitment",
        Decimal("6000"),
        f"commitments:{award.reference}",
    )
    assert [each["state"] for each in await queries.tranches_of(award)] == ["due", "planned"]


async def test_a_returned_agreement_is_signed_anew(cast):
    award = await signed(cast)
    await transitions.return_for_correction(award, cast.director, "The name is misspelt")
    assert (award.state, award.signed_by) == ("drafting", None)
    await transitions.offer(award, cast.director)
    with pytest.raises(Refused):
        await transitions.countersign(award, cast.director)
    await transitions.sign(award, cast.signatory, await a_scan())
    await transitions.countersign(award, cast.director, await a_scan())
    assert award.state == "active"


async def test_declining_gives_the_money_back_to_the_call(cast):
    call = await a_decided_call(cast, envelope=Decimal("6000"))
    award = await an_award(cast, state="offered", call=call)
    with pytest.raises(Refused):
        await transitions.decline(award, cast.signatory, "")
    await transitions.decline(award, cast.signatory, "We cannot carry it out")
    assert [each["state"] for each in await queries.tranches_of(award)] == ["cancelled", "cancelled"]
    assert await value("SELECT count(*) FROM ledger_entry WHERE award_id = $1", award.id) == 0
    again = await recommended(cast, call=call, organisation=cast.guria_women)
    assert (await approved(again, cast.director)).state == "drafting"


async def test_an_offer_expires_by_itself_only_after_its_day(cast):
    award = await an_award(cast, state="offered", offer_expires_on=today())
    await transitions.expire(award)
    assert award.state == "offered"
    with clock_at(now() + timedelta(days=1)):
        (found,) = await queries.expired_offers(today())
        await transitions.expire(found)
    assert found.state == "declined"


@pytest.mark.parametrize("state", ["drafting", "offered", "signed_cso"])
async def test_the_funder_withdraws_before_the_agreement_binds(state, cast):
    award = await an_award(cast, state=state)
    await transitions.withdraw(award, cast.director, "A check failed")
    assert award.state == "withdrawn_by_funder"


# run and close -------------------------------------------------------------------------------------------------


async def test_a_suspended_grant_goes_on_where_it_stopped(cast):
    award = await an_award(cast)
    await transitions.suspend(award, cast.director, "A report is missing")
    assert award.state == "suspended"
    await transitions.resume(award, cast.director, "The report came")
    assert award.state == "active"
    assert [each["state"] for each in await queries.tranches_of(award)] == ["due", "planned"]


async def test_termination_cancels_and_decommits_what_is_not_paid(cast):
    tranche = await a_tranche(cast, state="paid")
    award = await get(Award, tranche.award_id)
    await transitions.terminate(award, cast.director, "The money was used otherwise")
    assert [each["state"] for each in await queries.tranches_of(award)] == ["paid", "cancelled"]
    back = await rows("SELECT amount FROM ledger_entry WHERE award_id = $1 AND kind = 'decommitment'", award.id)
    assert [each["amount"] for each in back] == [Decimal("3000")]


async def test_the_end_date_leads_to_closing(cast):
    award = await an_award(cast)
    await transitions.end(award)
    assert award.state == "active"
    with clock_at(now() + timedelta(days=400)):
        for found in await queries.ended(today()):
            await transitions.end(found)
    assert (await get(Award, award.id)).state == "closing"


async def settled(cast):
    award = await an_award(cast, state="closing")
    await a_tranche(cast, state="confirmed", award=award, number=1)
    await a_tranche(cast, state="confirmed", award=award, number=2)
    await a_final_report(cast, award)
    return award


async def test_closing_takes_a_manager_and_a_finance_officer(cast):
    award = await settled(cast)
    for who in ("curator", "director", "signatory", "auditor"):
        with pytest.raises(NotAllowed):
            await transitions.close(award, cast.people[who])
    assert await transitions.close(award, cast.manager) is False
    with pytest.raises(Refused):
        await transitions.close(award, cast.manager)
    assert award.state == "closing"
    assert await transitions.close(award, cast.finance) is True
    assert (award.state, award.closing_manager_id, award.closing_finance_id) == (
        "closed",
        cast.manager.id,
        cast.finance.id,
    )


async def test_closing_waits_for_money_on_its_way_and_for_other_rooms(cast, monkeypatch):
    award = await an_award(cast, state="closing")
    await a_tranche(cast, state="paid", award=award, number=1)
    with speaking("en"), pytest.raises(Refused, match="1"):
        await transitions.close(award, cast.manager)
    award = await settled(cast)

    async def report_missing(_award):
        return ["The final report is not accepted yet."]

    monkeypatch.setattr(
        extensions, "before_closing", extensions.Obstacles([*extensions.before_closing, report_missing])
    )
    with speaking("en"), pytest.raises(Refused, match="final report"):
        await transitions.close(award, cast.manager)


async def test_closing_cancels_what_was_never_requested(cast):
    award = await an_award(cast, state="closing")
    await a_tranche(cast, state="confirmed", award=award, number=1)
    await a_final_report(cast, award)
    await transitions.close(award, cast.finance)
    await transitions.close(award, cast.manager)
    assert [each["state"] for each in await queries.tranches_of(award)] == ["confirmed", "cancelled"]
    assert await value("SELECT sum(amount) FROM ledger_entry WHERE kind = 'decommitment'") == Decimal("3000")


async def test_a_terminated_grant_is_settled_by_director_and_finance(cast):
    award = await an_award(cast, state="terminated")
    with pytest.raises(NotAllowed):
        await transitions.settle(award, cast.manager)
    assert await transitions.settle(award, cast.finance) is False
    assert await transitions.settle(award, cast.director) is True
    assert award.state == "closed"
