"""What can be done with a tranche and a bank account, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.sessions import person_by_id
from foundation.clock import today
from foundation.database import all_of, execute, get, one_of, rows, update, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused, Stale
from grants.awards import transitions as awards
from grants.awards.tables import Award
from grants.disbursements import actions, notices, queries, transitions
from grants.disbursements.bank import actions as bank
from grants.disbursements.bank import queries as bank_queries
from grants.disbursements.bank import transitions as bank_steps
from grants.disbursements.bank.forms import Entry
from grants.disbursements.ledger import queries as ledger
from grants.disbursements.ledger.listing import LEDGER
from grants.disbursements.listing import PAYMENTS
from grants.disbursements.tables import Tranche, TrancheCondition
from grants.disbursements.transitions import STEPS
from lifecycle.record import history_of
from lifecycle.transition import open_steps
from tests.builders.awards import GOOD_IBANS, a_bank_account, a_tranche, an_award
from tests.builders.reports import a_report
from tests.builders.uploads import a_pdf
from tests.builders.visits import a_visit
from tests.importing import importing
from uploads.receiving import receive_bytes


async def seen(tranche) -> Tranche:
    return await queries.tranche_by_id(tranche.id)


async def in_state(cast, state, **over):
    return await seen(await a_tranche(cast, state=state, **over))


async def events(tranche):
    return [each.name for each in await history_of(tranche)]


# the whole way -------------------------------------------------------------------------------------------------


async def test_a_tranche_goes_from_request_to_confirmed_receipt(cast):
    tranche = await in_state(cast, "due")
    await transitions.request(tranche, cast.signatory)
    await transitions.certify(tranche, cast.curator, "Seen the contract")
    await transitions.approve(tranche, cast.finance)
    await transitions.send(
        tranche, cast.finance, order_reference="PO-1", exchange_currency="GEL", exchange_rate=Decimal("2.95"),
        exchange_source="The bank",
    )  # fmt: skip
    await transitions.pay(tranche, cast.finance, "BR-1", today())
    await transitions.confirm(tranche, cast.signatory)
    assert tranche.state == "confirmed"
    assert await events(tranche) == [
        "tranche.requested", "tranche.certified", "tranche.approved", "tranche.sent", "tranche.paid", "tranche.confirmed",
    ]  # fmt: skip
    for part, who in {
        "requested": "signatory", "certified": "curator", "approved": "finance", "sent": "finance", "confirmed": "signatory",
    }.items():  # fmt: skip
        assert (getattr(tranche, f"{part}_by"), getattr(tranche, f"{part}_at") is None) == (cast.people[who].id, False)
    assert (tranche.certificate, tranche.exchange_rate, tranche.paid_by) == (
        "Seen the contract",
        Decimal("2.95"),
        cast.finance.id,
    )
    (entry,) = await rows("SELECT * FROM ledger_entry WHERE tranche_id = $1", tranche.id)
    assert (entry["kind"], entry["amount"], entry["credit"]) == ("payment", Decimal("3000"), "bank:programme")
    assert entry["debit"] == f"grantee:{tranche.award_reference}"


async def test_a_large_payment_waits_for_the_director(cast):
    award = await an_award(cast, amount=Decimal("12000"))
    tranche = await in_state(cast, "approved", award=award)
    assert "order" not in open_steps(cast.finance, tranche, STEPS)
    with speaking("en"), pytest.raises(Refused, match="director"):
        await transitions.send(tranche, cast.finance, "PO-1")
    await transitions.authorise(tranche, cast.director)
    assert (tranche.authorised_by, tranche.authorised_at is None) == (cast.director.id, False)
    await transitions.send(tranche, cast.finance, "PO-1")
    assert tranche.state == "sent"


WRONG = {
    "due": ("request", ["editor", "other_signatory", "curator", "finance", "manager", "admin"]),
    "requested": ("certify", ["signatory", "curator2", "finance", "manager", "director"]),
    "certified": ("approve", ["signatory", "curator", "manager", "director", "admin"]),
    "approved": ("authorise", ["finance", "curator", "manager", "signatory"]),
    "paid": ("confirm", ["editor", "finance", "curator", "other_signatory"]),
}


@pytest.mark.parametrize("state", list(WRONG))
async def test_only_those_whose_step_it_is(state, cast):
    verb, people = WRONG[state]
    tranche = await in_state(cast, state)
    given = ["words"] if verb == "certify" else []
    for who in people:
        with pytest.raises(NotAllowed):
            await getattr(transitions, verb)(tranche, cast.people[who], *given)


async def test_a_stale_page_moves_nothing(cast):
    tranche = await in_state(cast, "due")
    before = tranche.revision
    await transitions.request(tranche, cast.signatory, revision=before)
    with pytest.raises(Stale):
        await transitions.certify(tranche, cast.curator, "words", revision=before)


# persons -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, who, verb, noun",
    [
        ("due", "signatory", "request", "request"), ("requested", "curator", "certify", "certificate"),
        ("certified", "finance", "approve", "approval"), ("approved", "director", "authorise", "authorisation"),
    ],
)  # fmt: skip
async def test_who_verified_the_account_takes_no_part_in_the_payment(cast, state, who, verb, noun):
    award, person = await an_award(cast, amount=Decimal("10000")), cast.people[who]
    async with importing():
        await execute("ALTER TABLE bank_account DISABLE TRIGGER bank_account_guard")
        await execute("UPDATE bank_account SET entered_by = $2, verified_by = $1", person.id, cast.editor.id)
        await execute("ALTER TABLE bank_account ENABLE TRIGGER bank_account_guard")
    tranche = await in_state(cast, state, award=award)
    with speaking("en"), pytest.raises(Refused, match="checked the bank account"):
        await getattr(transitions, verb)(tranche, person, *(["Seen"] if verb == "certify" else []))
    if state != "due":  # the account is bound to the tranche by the request
        assert noun not in open_steps(person, tranche, STEPS)


async def test_the_curator_of_the_grant_is_not_its_finance_officer(cast):
    async with importing():
        await execute(
            "INSERT INTO role (account_id, kind) VALUES ($1, 'finance')",
            cast.curator.id,
        )
    both = await person_by_id(cast.curator.id)
    tranche = await in_state(cast, "certified")
    assert both.is_finance and "approval" not in open_steps(both, tranche, STEPS)
    with pytest.raises(NotAllowed):
        await transitions.approve(tranche, both)


# obstacles -----------------------------------------------------------------------------------------------------


async def test_nothing_moves_while_the_grant_is_suspended(cast):
    tranche = await in_state(cast, "due")
    award = await get(Award, tranche.award_id)
    await awards.suspend(award, cast.director, "A report is missing")
    with speaking("en"), pytest.raises(Refused, match="suspended"):
        await transitions.request(tranche, cast.signatory)
    await awards.resume(award, cast.director, "It came")
    await transitions.request(tranche, cast.signatory)


async def test_a_changed_account_sends_the_request_back(cast):
    tranche = await in_state(cast, "requested")
    account = await a_bank_account(cast, verified=False, iban=GOOD_IBANS[1])
    await bank_steps.verify(account, cast.manager, "Called the office")
    with speaking("en"), pytest.raises(Refused, match="changed"):
        await transitions.certify(tranche, cast.curator, "words")
    await transitions.send_back(tranche, cast.curator, "The account has changed")
    assert (tranche.state, tranche.requested_by, tranche.bank_account_id) == ("due", None, None)
    await transitions.request(tranche, cast.signatory)
    assert tranche.bank_account_id == account.id


async def test_money_waits_after_a_new_account(cast):
    tranche = await in_state(cast, "approved")
    async with importing():
        await execute("UPDATE programme SET bank_cooling = '10 days'")
    with speaking("en"), pytest.raises(Refused, match="recently"):
        await transitions.send(tranche, cast.finance, "PO-1")


async def test_after_the_end_date_only_the_last_tranche_is_paid(cast):
    award = await an_award(cast, state="closing")
    async with importing():
        await execute("UPDATE tranche_condition SET fulfilled_at = now() WHERE fulfilled_at IS NULL")
    first, second = [await seen(each) for each in await queries.tranches_of(award)]
    with speaking("en"), pytest.raises(Refused, match="last"):
        await transitions.request(await in_state(cast, "due", award=award), cast.signatory)
    second = await in_state(cast, "due", award=award, number=2)
    await transitions.request(second, cast.signatory)
    assert first.number == 1 and second.state == "requested"


# back and aside ------------------------------------------------------------------------------------------------


async def test_every_way_back_wants_a_reason(cast):
    for state, verb, who in (
        ("requested", "send_back", "curator"),
        ("certified", "return_payment", "finance"),
        ("approved", "return_payment", "director"),
        ("authorised", "revoke", "director"),
        ("sent", "fail", "finance"),
        ("failed", "retry", "finance"),
    ):
        tranche = await in_state(cast, state, award=await an_award(cast))
        with pytest.raises(Refused):
            await getattr(transitions, verb)(tranche, cast.people[who], " ")
        await getattr(transitions, verb)(tranche, cast.people[who], "There is a reason")
        assert (await history_of(tranche))[-1].reason == "There is a reason"
        assert tranche.state == ("failed" if verb == "fail" else "due")


FORGOTTEN = {
    f"{part}_{what}" for part in ("requested", "certified", "approved", "authorised", "sent") for what in ("by", "at")
} | {
    "bank_account_id", "certificate", "order_reference", "exchange_rate", "exchange_currency", "exchange_source",
}  # fmt: skip


@pytest.mark.parametrize(("state", "verb", "who"), [
    ("requested", "send_back", "curator"), ("certified", "return_payment", "finance"),
    ("authorised", "revoke", "director"), ("failed", "retry", "finance"),
])  # fmt: skip
async def test_what_goes_back_is_asked_for_anew_and_remembers_nobody(state, verb, who, cast):
    """Whoever agreed to the first request has not agreed to the next one."""
    rate = {"exchange_rate": Decimal("2.95"), "exchange_currency": "GEL", "exchange_source": "The bank"}
    tranche = await in_state(cast, state, **(rate if state == "failed" else {}))
    assert tranche.requested_by and (state != "failed" or all(getattr(tranche, name) for name in FORGOTTEN))
    await getattr(transitions, verb)(tranche, cast.people[who], "The annex is missing")
    kept = await seen(tranche)
    assert {name: getattr(kept, name) for name in FORGOTTEN if getattr(kept, name) is not None} == {}


async def test_the_bank_pays_and_gives_back_on_a_day_that_was(cast):
    tranche = await in_state(cast, "sent")
    for days in (2, -1):  # it was sent yesterday
        with speaking("en"), pytest.raises(Refused, match="between the day the order was sent"):
            await transitions.pay(tranche, cast.finance, "BR-1", today() - timedelta(days=days))
    await transitions.pay(tranche, cast.finance, "BR-1", today() - timedelta(days=1))
    await transitions.order_recovery(tranche, cast.director, tranche.amount, "All of it was spent on something else")
    for day in (today() - timedelta(days=2), today() + timedelta(days=1)):
        with speaking("en"), pytest.raises(Refused, match="before the payment or in the future"):
            await transitions.recover(tranche, cast.finance, day, "BR-2")
    await transitions.recover(tranche, cast.finance, today() - timedelta(days=1), "BR-2")
    assert (await one_of_ledger(tranche, "recovery"))["amount"] == tranche.amount


async def test_a_reference_is_used_once(cast):
    paid = await in_state(cast, "paid")
    other = await in_state(cast, "sent", award=await an_award(cast))
    with speaking("en"), pytest.raises(Refused, match=f"Tranche 1 of {paid.award_reference} already"):
        await transitions.pay(other, cast.finance, paid.bank_reference, today())
    with speaking("en"), pytest.raises(Refused, match="today"):
        await transitions.pay(other, cast.finance, "BR-9", today() + timedelta(days=1))
    third = await in_state(cast, "approved", award=await an_award(cast))
    with speaking("en"), pytest.raises(Refused, match="already"):
        await transitions.send(third, cast.finance, other.order_reference)


async def test_a_payment_noted_wrongly_is_reversed_and_noted_again(cast):
    tranche = await in_state(cast, "sent")
    await transitions.pay(tranche, cast.finance, "BR-WRONG", today())
    with pytest.raises(NotAllowed):
        await transitions.reverse(tranche, cast.finance, "The bank says no")
    await transitions.reverse(tranche, cast.director, "The line belongs to another grant")
    assert (tranche.state, tranche.paid_on, tranche.bank_reference, tranche.paid_by) == ("sent", None, None, None)
    assert (await history_of(tranche))[-1].reason == "The line belongs to another grant"
    payment, back = await rows("SELECT * FROM ledger_entry WHERE tranche_id = $1 ORDER BY id", tranche.id)
    assert (back["reverses"], back["debit"], back["credit"]) == (payment["id"], payment["credit"], payment["debit"])
    await transitions.pay(tranche, cast.finance, "BR-RIGHT", today())
    assert (await ledger.balance())[0]["posted"] == (await ledger.balance())[0]["paid"]
    assert not await ledger.differences()
    await transitions.confirm(tranche, cast.signatory)
    with pytest.raises(Refused):
        await transitions.reverse(tranche, cast.director, "Too late")


async def test_recovery_goes_through_the_ledger(cast):
    tranche = await in_state(cast, "confirmed")
    with pytest.raises(Refused):
        await transitions.order_recovery(tranche, cast.director, Decimal("3000.01"), "A finding")
    await transitions.order_recovery(tranche, cast.director, Decimal("500"), "A finding")
    assert (await history_of(tranche))[-1].reason == "A finding"
    await transitions.recover(tranche, cast.finance, today(), "BR-77")
    assert tranche.state == "recovered"
    entry = await one_of_ledger(tranche, "recovery")
    assert (entry["amount"], entry["debit"]) == (Decimal("500"), "bank:programme")


async def test_what_cannot_come_back_is_written_off(cast):
    tranche = await in_state(cast, "recovery_due")
    with pytest.raises(NotAllowed):
        await transitions.write_off(tranche, cast.finance, "The organisation is dissolved")
    await transitions.write_off(tranche, cast.director, "The organisation is dissolved")
    assert (await history_of(tranche))[-1].reason == "The organisation is dissolved"
    assert (await one_of_ledger(tranche, "write_off"))["debit"] == "losses:programme"


async def one_of_ledger(tranche, kind):
    (entry,) = await rows("SELECT * FROM ledger_entry WHERE tranche_id = $1 AND kind = $2", tranche.id, kind)
    return entry


# conditions ----------------------------------------------------------------------------------------------------


async def test_an_accepted_report_lets_the_tranche_fall_due(cast):
    award = await an_award(cast)
    due = (await a_report(cast, award, "accepted")).report_due_id
    await actions.fulfil_for_report(due, cast.manager)
    second = (await queries.tranches_of(award))[1]
    assert second.state == "due"
    assert await events(second) == ["tranche.condition_fulfilled", "tranche.due"]
    await actions.fulfil_for_report(due, cast.manager)
    assert len(await events(second)) == 2


async def with_condition(cast, kind, **facts):
    """An active award whose first tranche waits for this and nothing else."""
    award = await an_award(cast)
    tranche = (await queries.tranches_of(award))[0]
    async with importing():
        await execute("DELETE FROM tranche_condition WHERE tranche_id = $1", tranche.id)
        names = ["tranche_id", "kind", *facts]
        marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
        await execute(
            f"INSERT INTO tranche_condition ({', '.join(names)}) VALUES ({marks})", tranche.id, kind, *facts.values()
        )
    condition = await one_of(TrancheCondition, "SELECT * FROM tranche_condition WHERE tranche_id = $1", tranche.id)
    return award, tranche, condition


async def test_an_approved_visit_lets_the_tranche_fall_due(cast):
    award, tranche, _condition = await with_condition(cast, "visit_approved")
    await a_visit(cast, award)
    await actions.fulfil_for_visit(award.id, cast.manager)
    assert (await seen(tranche)).state == "due"


async def test_a_day_comes_by_itself(cast):
    _award, tranche, condition = await with_condition(cast, "date", due_on=today() + timedelta(days=3))
    await notices.clock()
    assert (await seen(tranche)).state == "planned"
    async with importing():
        await update(condition, due_on=today())
    await notices.clock()
    assert (await seen(tranche)).state == "due"


async def test_the_curator_says_that_a_document_came(cast):
    _award, tranche, condition = await with_condition(cast, "document", description_en="Contract")
    for who in ("signatory", "curator2", "finance", "manager"):
        with pytest.raises(NotAllowed):
            await actions.fulfil(condition, cast.people[who])
    await actions.fulfil(condition, cast.curator, await receive_bytes(a_pdf(), "contract.pdf"), "Came by post")
    assert (await seen(tranche)).state == "due"
    assert (condition.fulfilled_by, condition.note) == (cast.curator.id, "Came by post")


async def test_other_conditions_are_not_fulfilled_by_hand(cast):
    _award, _tranche, condition = await with_condition(cast, "report_accepted")
    with pytest.raises(NotAllowed):
        await actions.fulfil(condition, cast.curator)


async def test_nothing_falls_due_before_the_agreement_runs(cast):
    award = await an_award(cast, state="offered")
    async with importing():
        await execute("UPDATE tranche_condition SET fulfilled_at = now()")
    await notices.clock()
    assert {each.state for each in await queries.tranches_of(award)} == {"planned"}


# bank accounts -------------------------------------------------------------------------------------------------


async def enter(cast, person, iban=GOOD_IBANS[2]):
    return await bank.enter(
        cast.vani_youth, person, Entry(holder="Vani Youth", iban=iban), await receive_bytes(a_pdf(), "letter.pdf")
    )


async def test_the_signatory_enters_another_verifies(cast):
    for who in ("editor", "other_signatory", "finance", "manager", "curator"):
        with pytest.raises(NotAllowed):
            await enter(cast, cast.people[who])
    account = await enter(cast, cast.signatory)
    for who in ("signatory", "curator", "director", "admin"):
        with pytest.raises(NotAllowed):
            await bank_steps.verify(account, cast.people[who], "Called the office")
    await bank_steps.verify(account, cast.finance, "Called the office")
    assert account.verified_by == cast.finance.id


async def test_a_new_account_retires_the_old_one_only_when_verified(cast):
    old = await a_bank_account(cast)
    new = await enter(cast, cast.signatory)
    assert (await bank_queries.account_by_id(old.id)).retired_at is None
    await bank_steps.verify(new, cast.manager, "Called the office")
    assert (await bank_queries.account_by_id(old.id)).retired_at is not None
    assert [each.id for each in await bank_queries.accounts_of(cast.vani_youth)] == [new.id, old.id]


async def test_the_same_account_is_not_entered_twice(cast):
    await enter(cast, cast.signatory)
    with pytest.raises(Refused):
        await enter(cast, cast.signatory)


async def test_a_retired_account_stays_retired(cast):
    account = await enter(cast, cast.signatory)
    await bank_steps.retire(account, cast.signatory, "We closed it")
    for verb in (bank_steps.verify, bank_steps.retire):
        with speaking("en"), pytest.raises(Refused, match="not used any more"):
            await verb(account, cast.manager, "Called the office")


async def test_an_account_is_looked_at_again_before_it_is_used_or_retired(cast):
    """Whoever still has the page of before is told, and nothing is written twice."""
    account = await enter(cast, cast.signatory)
    seen = await bank_queries.account_by_id(account.id)
    await bank_steps.verify(account, cast.manager, "Called the office")
    with speaking("en"), pytest.raises(Refused, match="verified already"):
        await bank_steps.verify(seen, cast.finance, "Called the office")
    also_seen = await bank_queries.account_by_id(account.id)
    with speaking("en"), pytest.raises(Refused, match="reason"):
        await bank_steps.retire(account, cast.finance, " ")
    await bank_steps.retire(account, cast.finance, "We closed it")
    assert (await history_of(account))[-1].reason == "We closed it"
    with speaking("en"), pytest.raises(Refused, match="not used any more"):
        await bank_steps.retire(also_seen, cast.manager, "We closed it")


@pytest.mark.parametrize(("typed", "good"), [
    ("GE29NB0000000101904917", True), ("ge29 nb00 0000 0101 9049 17", True), ("GE28NB0000000101904917", False),
    ("GE29NB000000010190491", False), ("DE89370400440532013000", True), ("XX", False), ("GE29NB0000000101904917É", False),
])  # fmt: skip
def test_ibans_are_checked(typed, good):
    if good:
        assert Entry(holder="Vani", iban=typed).iban.isalnum()
    else:
        with pytest.raises(ValueError):
            Entry(holder="Vani", iban=typed)


# the ledger ----------------------------------------------------------------------------------------------------


async def test_running_totals_and_balance(cast):
    await a_tranche(cast, state="paid", award=await an_award(cast, amount=Decimal("6000")))
    await a_tranche(cast, state="paid", award=await an_award(cast, amount=Decimal("4000")))
    entries = (await LEDGER.rows(cast.finance, LEDGER.list_query({}))).rows
    assert [(each["kind"], each["committed"], each["paid"]) for each in entries] == [
        ("payment", Decimal("10000"), Decimal("5000")),
        ("commitment", Decimal("10000"), Decimal("3000")),
        ("payment", Decimal("6000"), Decimal("3000")),
        ("commitment", Decimal("6000"), Decimal("0")),
    ]
    (euros,) = await ledger.balance()
    assert (euros["awarded"], euros["planned"], euros["paid"], euros["posted"]) == (
        Decimal("10000"), Decimal("10000"), Decimal("5000"), Decimal("5000"),
    )  # fmt: skip
    assert await ledger.differences() == []


async def test_a_grant_that_does_not_add_up_is_named(cast):
    award = await an_award(cast)
    async with importing():
        await execute("ALTER TABLE tranche DISABLE TRIGGER tranche_money")
        await execute("UPDATE tranche SET amount = amount - 1 WHERE award_id = $1 AND number = 1", award.id)
        await execute("ALTER TABLE tranche ENABLE TRIGGER tranche_money")
    assert [each["reference"] for each in await ledger.differences()] == [award.reference]


async def test_the_queue_shows_what_this_person_may_see(cast):
    own = await a_tranche(cast, state="requested")
    other = await a_tranche(cast, state="requested", award=await an_award(cast, organisation=cast.guria_women))
    for who, expected in (
        ("curator", {own.id}), ("curator2", {other.id}), ("finance", {own.id, other.id}), ("signatory", {own.id}),
        ("donor", set()), ("reviewer", set()),
    ):  # fmt: skip
        shown = await PAYMENTS.rows(cast.people[who], PAYMENTS.list_query({"state": "requested"}))
        assert {each["key"] for each in shown.rows} == expected, who


async def test_all_tranches_of_a_cancelled_plan_are_cancelled(cast):
    award = await an_award(cast)
    await awards.terminate(award, cast.director, "No reports at all")
    states = {each.state for each in await all_of(Tranche, "SELECT * FROM tranche WHERE award_id = $1", award.id)}
    assert states == {"cancelled"}
    assert await value("SELECT sum(amount) FROM ledger_entry WHERE kind = 'decommitment'") == award.amount
