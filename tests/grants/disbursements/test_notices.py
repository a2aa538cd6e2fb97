"""Letters after events of tranches and bank accounts: to whom, in whose language."""

import pytest

from foundation.clock import today
from foundation.database import execute, rows, transaction, value
from foundation.language import day, speaking
from grants.disbursements import actions, queries, transitions
from grants.disbursements.bank import actions as bank
from grants.disbursements.bank import transitions as bank_steps
from grants.disbursements.bank.forms import Entry
from lifecycle.notices import handle_events
from lifecycle.record import record
from tests.builders.awards import GOOD_IBANS, a_bank_account, a_tranche, an_award
from tests.builders.reports import a_report
from tests.builders.uploads import a_pdf
from tests.importing import importing
from uploads.receiving import receive_bytes


async def letters():
    """(to, subject) of all letters, after the worker has followed up every event."""
    await handle_events()
    assert await value("SELECT count(*) FROM event_job WHERE event_job_is_failed(state)") == 0
    return sorted((r["to_address"].split("@")[0], r["subject"]) for r in await rows("SELECT * FROM mail"))


WORKERS, WRITTEN = {"editor", "signatory"}, "This email was written by the service itself."
# to whom, above it, and what it says, in the letters about tranche 1 of Vani's grant
TOLD = [
    ("due", WORKERS, "Ready to request: {r}, tranche 1", "All conditions of tranche 1 of €3,000 are fulfilled."),
    ("requested", {"curator"}, "A request to certify: {r}, tranche 1", "Vani Youth requests tranche 1 of €3,000."),
    ("certified", {"finance"}, "A payment to approve: {r}, tranche 1", "tranche 1 of €3,000 for Vani Youth."),
    ("approved", set(), "", ""),
    ("request_returned", WORKERS, "Returned: {r}, tranche 1", "tranche 1 of €3,000 was returned to you.\n\nReason: Rain"),
    ("returned", WORKERS, "Returned: {r}, tranche 1", "tranche 1 of €3,000 was returned to you.\n\nReason: Rain"),
    ("authorisation_revoked", WORKERS, "Returned: {r}, tranche 1", "was returned to you.\n\nReason: Rain"),
    ("failed", WORKERS, "The payment failed: {r}, tranche 1", "tranche 1 of €3,000.\n\nReason: Rain"),
    ("retried", WORKERS, "Request it again: {r}, tranche 1", "can be requested again.\n\nRain"),
    ("paid", WORKERS | {"curator"}, "Paid: {r}, tranche 1", "€3,000 were paid to the account of Vani Youth on {paid}."),
    ("payment_reversed", WORKERS | {"finance"}, "Not paid yet: {r}, tranche 1", "by mistake; the note is reversed. Finance looks again at what the bank did.\n\nReason: Rain"),
    ("recovery_ordered", {"signatory", "finance"}, "Money to return: {r}, tranche 1", "for €100 of tranche 1 back."),
    ("written_off", {"signatory", "finance"}, "Written off: {r}, tranche 1", "no longer asks for €100 of tranche 1."),
]  # fmt: skip


async def test_whom_a_step_of_the_money_is_told_and_what_they_read(cast):
    await execute("UPDATE account SET language = 'en'")
    await a_tranche(cast, "recovery_due", await an_award(cast, organisation=cast.guria_women, amount=7000))
    tranche = await queries.tranche_by_id((await a_tranche(cast, "recovery_due")).id)
    with speaking("en"):
        paid = day(tranche.paid_on)
    for event, to, subject, words in TOLD:
        reason = {"reason": "Rain"} if "Rain" in words or "recovery" in event or event == "written_off" else {}
        async with importing():
            await execute("DELETE FROM mail")
        async with transaction():
            await record(f"tranche.{event}", cast.director, tranche, **reason)
        await letters()
        told = await rows("SELECT to_address, subject, body FROM mail")
        assert {each["to_address"].split("@")[0] for each in told} == to, event
        for each in told:
            assert each["subject"] == subject.format(r=tranche.award_reference)
            assert words.format(paid=paid) in each["body"] and "None" not in each["body"], each["body"]
            link = f"/en/awards/{tranche.award_reference}/tranches/1\n\n{WRITTEN}"
            assert each["body"].strip().endswith(link), each["body"]


async def test_each_step_of_a_payment_calls_the_next_person(cast):
    award = await an_award(cast)
    due = (await a_report(cast, award, "accepted")).report_due_id
    await actions.fulfil_for_report(due, cast.manager)
    tranche = (await queries.tranches_of(award))[1]
    steps = [
        (lambda: None, {"editor", "signatory"}),
        (lambda: transitions.request(tranche, cast.signatory), {"curator"}),
        (lambda: transitions.certify(tranche, cast.curator, "Seen everything"), {"finance"}),
        (lambda: transitions.approve(tranche, cast.finance), set()),
        (lambda: transitions.send(tranche, cast.finance, "PO-1"), set()),
        (lambda: transitions.pay(tranche, cast.finance, "BR-1", today()), {"editor", "signatory", "curator"}),
    ]
    for act, to in steps:
        async with importing():
            await execute("DELETE FROM mail")
        step = act()
        if step is not None:
            await step
        assert {name for name, _ in await letters()} == to


async def test_a_large_payment_calls_the_director_and_a_return_the_organisation(cast):
    tranche = await queries.tranche_by_id(
        (await a_tranche(cast, state="certified", award=await an_award(cast, amount=16000))).id
    )
    await transitions.approve(tranche, cast.finance)
    assert {name for name, _ in await letters()} == {"director"}
    async with importing():
        await execute("DELETE FROM mail")
    await transitions.return_payment(tranche, cast.director, "The report has a gap")
    assert {name for name, _ in await letters()} == {"editor", "signatory"}


async def test_everybody_hears_of_a_bank_account(cast):
    await a_bank_account(cast)
    letter = await receive_bytes(a_pdf(), "letter.pdf")
    account = await bank.enter(cast.vani_youth, cast.signatory, Entry(holder="Vani Youth", iban=GOOD_IBANS[1]), letter)
    everybody = {"editor", "signatory", "finance", "manager"}
    assert {name for name, _ in await letters()} == everybody
    async with importing():
        await execute("DELETE FROM mail")
    await bank_steps.verify(account, cast.manager, "Called the office")
    told = await letters()
    assert {name for name, _ in told} == everybody and len(told) == 8  # the new one is used, the old one no longer
    assert GOOD_IBANS[1] not in await value("SELECT string_agg(body, '') FROM mail")


@pytest.mark.parametrize("state", ["requested", "sent", "failed", "paid", "recovery_due"])
async def test_ways_back_write_letters(state, cast):
    tranche = await queries.tranche_by_id((await a_tranche(cast, state=state)).id)
    act = {
        "requested": lambda: transitions.send_back(tranche, cast.curator, "A paper is missing"),
        "sent": lambda: transitions.fail(tranche, cast.finance, "The account is closed"),
        "failed": lambda: transitions.retry(tranche, cast.finance, "A new account is verified"),
        "paid": lambda: transitions.order_recovery(tranche, cast.director, 100, "A finding"),
        "recovery_due": lambda: transitions.write_off(tranche, cast.director, "It cannot come back"),
    }[state]
    await act()
    assert "signatory" in {name for name, _ in await letters()}
