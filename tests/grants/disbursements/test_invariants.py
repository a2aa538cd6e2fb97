"""What the database itself refuses about money on its way: SQL past the application, as the service's own role."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import now, today
from foundation.database import DB, PoolTimeout, execute, get, transaction, value
from foundation.refused import Refused
from grants.awards.tables import Award
from grants.disbursements import queries, transitions
from grants.disbursements.ledger import posting
from grants.disbursements.lifecycle import State
from tests.builders.awards import GOOD_IBANS, a_bank_account, a_tranche, an_award
from tests.cast import make_cast
from tests.importing import importing


async def refused(name, sql, *args, kind=asyncpg.PostgresError):
    """The statement is refused by the rule of this name, and changes nothing."""
    with pytest.raises(kind) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, error.value


STEP = {
    "requested": "UPDATE tranche SET state = 'requested', requested_by = $2, bank_account_id = $3 WHERE id = $1",
    "certified": "UPDATE tranche SET state = 'certified', certified_by = $2 WHERE id = $1",
    "approved": "UPDATE tranche SET state = 'approved', approved_by = $2 WHERE id = $1",
    "authorised": "UPDATE tranche SET state = 'authorised', authorised_by = $2 WHERE id = $1",
    "sent": "UPDATE tranche SET state = 'sent', sent_by = $2, order_reference = 'PO' WHERE id = $1",
    "paid": "UPDATE tranche SET state = 'paid', paid_by = $2, paid_on = $3, bank_reference = $4 WHERE id = $1",
}


async def active_account(cast):
    return await value("SELECT id FROM bank_account WHERE verified_at IS NOT NULL AND retired_at IS NULL LIMIT 1")


# tranches and the award ----------------------------------------------------------------------------------------


async def test_tranches_never_exceed_the_award(cast):
    award = await an_award(cast, state="drafting")
    insert = "INSERT INTO tranche (award_id, organisation_id, currency, number, amount) VALUES ($1, $2, $3, 3, $4)"
    await refused("tranche_within_award", insert, award.id, award.organisation_id, "EUR", Decimal("0.01"))
    for amount in ("NaN", "0", "-5"):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.NumericValueOutOfRangeError)):
            async with transaction():
                await execute(insert, award.id, award.organisation_id, "EUR", Decimal(amount))


async def test_terms_are_frozen_with_the_offer(cast):
    award = await an_award(cast, state="offered")
    await refused("tranche_terms_frozen", "UPDATE tranche SET amount = amount - 1 WHERE award_id = $1", award.id)
    await refused(
        "tranche_terms_frozen",
        "DELETE FROM tranche_condition WHERE tranche_id IN (SELECT id FROM tranche WHERE award_id = $1)", award.id,
    )  # fmt: skip
    await refused(
        "tranche_terms_frozen",
        "INSERT INTO tranche_condition (tranche_id, kind) SELECT id, 'date' FROM tranche WHERE award_id = $1", award.id,
    )  # fmt: skip
    await refused(
        "tranche_terms_frozen",
        "INSERT INTO tranche (award_id, organisation_id, currency, number, amount) VALUES ($1, $2, 'EUR', 9, 1)",
        award.id, award.organisation_id,
    )  # fmt: skip


async def test_one_number_once(cast):
    award = await an_award(cast, state="drafting", tranches=[Decimal("1000")])
    await refused(
        "tranche_number",
        "INSERT INTO tranche (award_id, organisation_id, currency, number, amount) VALUES ($1, $2, 'EUR', 1, 1)",
        award.id, award.organisation_id, kind=asyncpg.UniqueViolationError,
    )  # fmt: skip


async def test_a_tranche_has_the_currency_and_organisation_of_its_award(cast):
    award = await an_award(cast, state="drafting", tranches=[Decimal("1000")])
    for organisation, currency in ((award.organisation_id, "GEL"), (cast.guria_women.id, "EUR")):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with transaction():
                await execute(
                    "INSERT INTO tranche (award_id, organisation_id, currency, number, amount) VALUES ($1, $2, $3, 2, 1)",
                    award.id, organisation, currency,
                )  # fmt: skip


@pytest.mark.parametrize("state", ["drafting", "offered", "signed_cso"])
async def test_no_payment_before_both_signatures(state, cast):
    award = await an_award(cast, state=state)
    async with importing():
        await execute(
            "UPDATE tranche_condition SET fulfilled_at = now()"
            " WHERE tranche_id IN (SELECT id FROM tranche WHERE award_id = $1)",
            award.id,
        )
    await refused("tranche_after_signature", "UPDATE tranche SET state = 'due' WHERE award_id = $1", award.id)


async def test_nothing_moves_while_suspended(cast):
    tranche = await a_tranche(cast, state="certified")
    await execute("UPDATE award SET state = 'suspended' WHERE id = $1", tranche.award_id)
    await refused("tranche_after_signature", STEP["approved"], tranche.id, cast.finance.id)


async def test_only_along_the_arrows(cast):
    tranche = await a_tranche(cast, state="due")
    for state in ("paid", "sent", "approved", "confirmed", "planned"):
        with pytest.raises(asyncpg.CheckViolationError) as error:
            async with transaction():
                await execute(
                    "UPDATE tranche SET state = $2, requested_by = $3, certified_by = $4, approved_by = $5, sent_by = $5,"
                    " order_reference = 'x', bank_account_id = $6 WHERE id = $1",
                    tranche.id, state, cast.signatory.id, cast.curator.id, cast.finance.id, await active_account(cast),
                )  # fmt: skip
        assert error.value.constraint_name in ("tranche_state", "tranche_paid_facts", "tranche_paid_in_ledger")


async def test_conditions_come_first(cast):
    award = await an_award(cast)
    tranche = (await queries.tranches_of(award))[1]
    await execute("UPDATE tranche SET state = 'due' WHERE id = $1", tranche.id)
    await refused(
        "tranche_conditions_fulfilled", STEP["requested"], tranche.id, cast.signatory.id, await active_account(cast)
    )


async def test_a_fulfilled_condition_stays_fulfilled(cast):
    tranche = await a_tranche(cast, state="due")
    await refused(
        "tranche_condition_fulfilled",
        "UPDATE tranche_condition SET fulfilled_at = NULL WHERE tranche_id = $1",
        tranche.id,
    )


async def test_after_the_end_only_the_final_tranche(cast):
    award = await an_award(cast, state="closing")
    await a_tranche(cast, state="due", award=award, number=2)
    first = await a_tranche(cast, state="due", award=award, number=1)
    await refused("tranche_final_only", STEP["requested"], first.id, cast.signatory.id, await active_account(cast))


# persons -------------------------------------------------------------------------------------------------------


async def test_who_requested_does_not_approve(cast):
    tranche = await a_tranche(cast, state="certified", requested_by=cast.finance.id)
    await refused("tranche_second_person", STEP["approved"], tranche.id, cast.finance.id)
    await refused("apart_from_organisation", STEP["approved"], tranche.id, cast.signatory.id)


async def test_who_certified_does_not_approve(cast):
    tranche = await a_tranche(cast, state="certified")
    await refused("tranche_second_person", STEP["approved"], tranche.id, cast.curator.id)


async def test_who_approved_or_certified_does_not_authorise(cast):
    tranche = await a_tranche(cast, state="approved")
    for person in (cast.finance, cast.curator):
        await refused("tranche_third_person", STEP["authorised"], tranche.id, person.id)


@pytest.mark.parametrize("part", ["requested_by", "certified_by", "approved_by", "authorised_by"])
async def test_who_verified_the_account_takes_no_part_in_payments_to_it(cast, part):
    verifier = cast.manager.id
    before = {part: verifier} if part in ("requested_by", "certified_by") else {}
    tranche = await a_tranche(cast, state="approved" if part == "authorised_by" else "certified", **before)
    step = "authorised" if part == "authorised_by" else "approved"
    await refused("tranche_verifier_apart", STEP[step], tranche.id, cast.finance.id if before else verifier)


@pytest.mark.parametrize("step", ["requested", "certified", "approved", "authorised", "sent"])
async def test_a_reopened_report_stops_what_is_not_sent_yet(cast, step):
    before = {"requested": "due", "certified": "requested", "approved": "certified"}.get(step, "approved")
    award = await an_award(cast)
    tranche = await a_tranche(cast, state=before, award=award, number=2)
    people = {"requested": cast.signatory, "certified": cast.curator, "authorised": cast.director}
    who = people.get(step, cast.finance).id, *([await active_account(cast)] if step == "requested" else [])
    async with importing():
        await execute("UPDATE report SET state = 'under_review' WHERE award_id = $1", award.id)
    await refused("tranche_conditions_fulfilled", STEP[step], tranche.id, *who)
    async with importing():
        await execute("UPDATE report SET state = 'verified' WHERE award_id = $1", award.id)
        await execute("UPDATE report SET state = 'accepted' WHERE award_id = $1", award.id)
    await execute(STEP[step], tranche.id, *who)


async def test_persons_stay(cast):
    tranche = await a_tranche(cast, state="certified")
    await refused(
        "tranche_persons_frozen",
        "UPDATE tranche SET state = 'approved', approved_by = $2, certified_by = $3 WHERE id = $1",
        tranche.id, cast.finance.id, cast.curator2.id,
    )  # fmt: skip


async def test_a_large_amount_needs_the_director(cast):
    award = await an_award(cast, amount=Decimal("10000"))  # two tranches at the threshold of 5,000
    tranche = await a_tranche(cast, state="approved", award=award)
    await refused("tranche_director_threshold", STEP["sent"], tranche.id, cast.finance.id)
    await execute(STEP["authorised"], tranche.id, cast.director.id)
    await execute(STEP["sent"], tranche.id, cast.finance.id)


# bank accounts -------------------------------------------------------------------------------------------------


async def test_only_to_a_verified_account_of_the_organisation(cast):
    award = await an_award(cast)
    tranche = await a_tranche(cast, state="certified", award=award)
    await execute("UPDATE bank_account SET retired_at = now()")
    await refused("tranche_account_verified", STEP["approved"], tranche.id, cast.finance.id)
    other = await a_bank_account(cast, cast.guria_women)
    due = await a_tranche(cast, state="due", award=await an_award(cast))
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with transaction():
            await execute(STEP["requested"], due.id, cast.signatory.id, other.id)


async def test_a_new_account_cools(cast):
    tranche = await a_tranche(cast, state="approved")
    async with importing():
        await execute("UPDATE programme SET bank_cooling = '30 days'")
    await refused("tranche_account_cooling", STEP["sent"], tranche.id, cast.finance.id)


ENTER = (
    "INSERT INTO bank_account (organisation_id, holder, iban, entered_by, verified_by, verified_at)"
    " VALUES ($1, 'x', $2, $3, $4, $5)"
)


async def test_an_account_starts_unverified_and_another_verifies_after_a_call(cast):
    await refused(
        "bank_account_starts_unverified", ENTER, cast.vani_youth.id, GOOD_IBANS[0], cast.signatory.id, cast.manager.id,
        now(),
    )  # fmt: skip
    account = await a_bank_account(cast, verified=False)
    verify = "UPDATE bank_account SET verified_by = $2, verified_at = now(), verification_note = $3 WHERE id = $1"
    await refused("bank_account_called_back", verify, account.id, cast.manager.id, " ")
    await refused("apart_from_organisation", verify, account.id, cast.signatory.id, "Called")
    by_finance = await a_bank_account(cast, verified=False, entered_by=cast.finance.id, iban=GOOD_IBANS[1])
    await refused("bank_account_second_person", verify, by_finance.id, cast.finance.id, "Called")
    await execute(verify, account.id, cast.manager.id, "Called")


async def test_accounts_are_versioned(cast):
    account = await a_bank_account(cast)
    for column, content in (
        ("iban", GOOD_IBANS[1]),
        ("holder", "Somebody else"),
        ("organisation_id", cast.guria_women.id),
    ):
        await refused(
            "bank_account_versioned", f"UPDATE bank_account SET {column} = $2 WHERE id = $1", account.id, content
        )
    await refused(
        "bank_account_versioned", "UPDATE bank_account SET verified_by = $2 WHERE id = $1", account.id, cast.finance.id
    )
    await execute("UPDATE bank_account SET retired_at = now() WHERE id = $1", account.id)
    await refused("bank_account_versioned", "UPDATE bank_account SET retired_at = NULL WHERE id = $1", account.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute("DELETE FROM bank_account")


async def test_one_active_account(cast):
    await a_bank_account(cast)
    second = await a_bank_account(cast, verified=False, iban=GOOD_IBANS[1])
    await refused(
        "bank_account_one_active",
        "UPDATE bank_account SET verified_by = $2, verified_at = now(), verification_note = 'Called' WHERE id = $1",
        second.id, cast.manager.id, kind=asyncpg.UniqueViolationError,
    )  # fmt: skip


async def test_an_iban_looks_like_one(cast):
    await refused("bank_account_iban", ENTER, cast.vani_youth.id, "no iban", cast.signatory.id, None, None)


# paid ----------------------------------------------------------------------------------------------------------


async def test_paid_means_day_reference_payer_and_a_ledger_entry(cast):
    tranche = await a_tranche(cast, state="sent")
    await refused("tranche_paid_in_ledger", STEP["paid"], tranche.id, cast.finance.id, today(), "BR")
    await post(tranche)
    await refused("tranche_paid_facts", "UPDATE tranche SET state = 'paid' WHERE id = $1", tranche.id)
    await execute(STEP["paid"], tranche.id, cast.finance.id, today(), "BR")
    early = await a_tranche(cast, state="sent", award=await an_award(cast))
    await refused(
        "tranche_paid_frozen",
        "UPDATE tranche SET paid_on = $2, bank_reference = 'x', paid_by = $3 WHERE id = $1",
        early.id, today(), cast.finance.id,
    )  # fmt: skip


async def test_a_paid_tranche_is_frozen(cast):
    tranche = await a_tranche(cast, state="paid")
    for column, content in (
        ("paid_on", today() - timedelta(days=1)), ("bank_reference", "other"), ("paid_by", cast.admin.id),
        ("approved_by", cast.admin.id), ("certified_by", cast.admin.id), ("requested_by", cast.admin.id),
    ):  # fmt: skip
        await refused("tranche_paid_frozen", f"UPDATE tranche SET {column} = $2 WHERE id = $1", tranche.id, content)
    await refused("tranche_terms_frozen", "UPDATE tranche SET amount = 1 WHERE id = $1", tranche.id)
    await refused("tranche_terms_frozen", "DELETE FROM tranche WHERE id = $1", tranche.id)


@pytest.mark.parametrize("state", ["planned", "paid"])
async def test_a_tranche_keeps_its_number(state, cast):
    tranche = await a_tranche(cast, state=state)
    await refused("tranche_terms_frozen", "UPDATE tranche SET number = 9 WHERE id = $1", tranche.id)


async def test_references_are_used_once(cast):
    paid = await a_tranche(cast, state="paid")
    other = await a_tranche(cast, state="sent", award=await an_award(cast))
    await post(other)
    await refused(
        "tranche_bank_reference", STEP["paid"], other.id, cast.finance.id, today(), paid.bank_reference,
        kind=asyncpg.UniqueViolationError,
    )  # fmt: skip
    third = await a_tranche(cast, state="approved", award=await an_award(cast))
    await refused(
        "tranche_order_reference",
        "UPDATE tranche SET state = 'sent', sent_by = $2, order_reference = $3 WHERE id = $1",
        third.id, cast.finance.id, paid.order_reference, kind=asyncpg.UniqueViolationError,
    )  # fmt: skip


@pytest.mark.parametrize("state", sorted(State.in_set("paid")))
async def test_an_order_reference_stays_taken_whatever_becomes_of_the_money(cast, state):
    gone = await a_tranche(cast, state=str(state))
    other = await a_tranche(cast, state="approved", award=await an_award(cast))
    await refused(
        "tranche_order_reference",
        "UPDATE tranche SET state = 'sent', sent_by = $2, order_reference = $3 WHERE id = $1",
        other.id, cast.finance.id, gone.order_reference, kind=asyncpg.UniqueViolationError,
    )  # fmt: skip


async def test_no_more_comes_back_than_was_paid(cast):
    tranche = await a_tranche(cast, state="paid")
    await refused(
        "tranche_recovery_facts",
        "UPDATE tranche SET state = 'recovery_due', recovery_amount = amount + 1 WHERE id = $1", tranche.id,
    )  # fmt: skip
    await refused("tranche_recovery_facts", "UPDATE tranche SET state = 'recovery_due' WHERE id = $1", tranche.id)


# the ledger ----------------------------------------------------------------------------------------------------

POST = (
    "INSERT INTO ledger_entry (debit, credit, amount, currency, kind, call_id, award_id, tranche_id, day, reference)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $5 = 'recovery' THEN (now() AT TIME ZONE 'Asia/Tbilisi')::date END,"
    " CASE WHEN $5 = 'recovery' THEN gen_random_uuid()::text END)"
)


async def post(tranche, kind="payment", amount=None, debit=None, credit=None, currency="EUR"):
    award = await get(Award, tranche.award_id)
    call = await value("SELECT reference FROM call WHERE id = $1", award.call_id)
    grantee, commitments, envelope = f"grantee:{award.reference}", f"commitments:{award.reference}", f"envelope:{call}"
    usual = {
        "payment": (grantee, "bank:programme"), "recovery": ("bank:programme", grantee),
        "write_off": ("losses:programme", grantee), "accepted_cost": (f"costs:{award.reference}", grantee),
        "commitment": (commitments, envelope), "decommitment": (envelope, commitments),
    }[kind]  # fmt: skip
    await execute(
        POST, debit or usual[0], credit or usual[1], tranche.amount if amount is None else amount, currency, kind,
        award.call_id, award.id, tranche.id if kind in ("payment", "recovery", "write_off") else None,
    )  # fmt: skip


async def post_refused(name, tranche, **over):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await post(tranche, **over)
    assert error.value.constraint_name == name, error.value


async def test_a_payment_is_posted_once_for_what_was_sent(cast):
    await post_refused("ledger_payment_of_sent_tranche", await a_tranche(cast, state="approved"))
    tranche = await a_tranche(cast, state="sent", award=await an_award(cast))
    await post_refused("ledger_payment_of_sent_tranche", tranche, amount=tranche.amount + 1)
    await post_refused("ledger_accounts", tranche, currency="GEL")
    await post(tranche)
    await post_refused("ledger_payment_once", tranche)
    fail = "UPDATE tranche SET state = 'failed' WHERE id = $1"
    await refused("tranche_paid_in_ledger", fail, tranche.id)


async def test_what_is_posted_also_happens(cast):
    """Where the transaction would end, a payment whose tranche stays at the bank is refused; so is a return of money
    that nobody took note of."""
    returned = Decimal("100")
    for state, kind, amount in (
        ("sent", "payment", None), ("recovery_due", "recovery", returned), ("recovery_due", "write_off", returned),
    ):  # fmt: skip
        tranche = await a_tranche(cast, state=state, award=await an_award(cast))
        with pytest.raises(asyncpg.CheckViolationError) as error:
            async with transaction():
                await post(tranche, kind=kind, amount=amount)
                await execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert error.value.constraint_name == "ledger_carried_out"
    award = await an_award(cast, state="signed_cso")
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await posting.commit(award, cast.director)
            await execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert error.value.constraint_name == "ledger_carried_out"


async def test_nothing_is_settled_or_given_back_past_the_ledger(cast):
    tranche = await a_tranche(cast, state="recovery_due")
    back = "state = 'recovered', recovered_on = now(), recovery_reference = 'x'"
    for change in (back, "state = 'written_off'"):
        await refused("tranche_settled_in_ledger", f"UPDATE tranche SET {change} WHERE id = $1", tranche.id)
    await post(tranche, kind="recovery", amount=Decimal("100"))
    await refused("tranche_settled_in_ledger", "UPDATE tranche SET state = 'written_off' WHERE id = $1", tranche.id)
    await execute(f"UPDATE tranche SET {back} WHERE id = $1", tranche.id)
    due = await a_tranche(cast, state="due", award=await an_award(cast))
    cancel = "UPDATE tranche SET state = 'cancelled' WHERE id = $1"
    await refused("tranche_settled_in_ledger", cancel, due.id)


async def test_accounts_are_those_of_the_kind_and_the_grant(cast):
    tranche, other = await a_tranche(cast, state="sent"), await a_tranche(cast, award=await an_award(cast))
    foreign = (await get(Award, other.award_id)).reference
    for kind in ("payment", "recovery", "write_off", "accepted_cost", "commitment", "decommitment"):
        await post_refused("ledger_accounts", tranche, kind=kind, amount=1, debit=f"grantee:{foreign}")
        await post_refused("ledger_accounts", tranche, kind=kind, amount=1, credit="bank:mine")
        async with importing():  # history has the same accounts
            await post_refused("ledger_accounts", tranche, kind=kind, amount=1, debit="bank:mine")


async def test_no_more_goes_back_than_is_left_and_only_what_was_ordered(cast):
    tranche = await a_tranche(cast, state="confirmed")
    await post_refused("ledger_decommitment_of_rest", tranche, kind="decommitment", amount=Decimal("3000.01"))
    await post(tranche, kind="decommitment", amount=Decimal("3000"))
    await post_refused("ledger_decommitment_of_rest", tranche, kind="decommitment", amount=Decimal("0.01"))
    for kind in ("recovery", "write_off"):
        await post_refused("ledger_recovery_of_tranche", tranche, kind=kind, amount=Decimal("100"))
    ordered = await a_tranche(cast, state="recovery_due", award=await an_award(cast))
    await post_refused("ledger_recovery_of_tranche", ordered, kind="recovery", amount=Decimal("100.01"))
    await post(ordered, kind="recovery", amount=Decimal("99"))
    for kind in ("recovery", "write_off"):
        await post_refused("ledger_recovery_of_tranche", ordered, kind=kind, amount=Decimal("1.01"))
    await post(ordered, kind="recovery", amount=Decimal("1"))
    await post_refused("ledger_recovery_of_tranche", ordered, kind="write_off", amount=Decimal("0.01"))


async def test_an_entry_has_two_sides_and_an_amount(cast):
    tranche = await a_tranche(cast, state="sent")
    async with importing():
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
        await execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_guard")
        await post_refused("ledger_two_sides", tranche, debit="same", credit="same")
        await execute("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_guard")
    for amount in ("NaN", "0", "-1"):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.NumericValueOutOfRangeError)):
            async with transaction():
                await post(tranche, kind="recovery", amount=Decimal(amount))


async def test_a_commitment_is_posted_once(cast):
    tranche = await a_tranche(cast, state="due")
    await post_refused("ledger_commitment_of_award", tranche, kind="commitment")
    async with importing():
        await post_refused("ledger_commitment_once", tranche, kind="commitment")


async def test_an_entry_is_reversed_at_most_once(cast):
    tranche = await a_tranche(cast, state="paid")
    payment = await value("SELECT id FROM ledger_entry WHERE tranche_id = $1", tranche.id)
    await post(tranche, kind="accepted_cost", amount=Decimal("10"))
    cost = await value("SELECT id FROM ledger_entry WHERE kind = 'accepted_cost'")
    reverse = (
        "INSERT INTO ledger_entry (debit, credit, amount, currency, kind, reverses, call_id, award_id, tranche_id)"
        " SELECT {debit}, debit, {amount}, currency, '{kind}', id, call_id, award_id, tranche_id FROM ledger_entry"
        " WHERE id = $1"
    )
    usual = dict(debit="credit", amount="amount", kind="reversal")
    for wrong in ({"amount": "amount + 1"}, {"debit": "'bank:mine'"}):
        await refused("ledger_reversal", reverse.format(**(usual | wrong)), cost)
    await refused("ledger_reversal_second_person", reverse.format(**usual), payment)
    async with importing():
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
        await execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_guard")
        await refused("ledger_reversal", reverse.format(**(usual | {"kind": "recovery"})), cost)
        await execute("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_guard")
    await execute(reverse.format(**usual), cost)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction():
            await execute(reverse.format(**usual), cost)


BACK = (
    "INSERT INTO ledger_entry (debit, credit, amount, currency, kind, reverses, call_id, award_id, tranche_id, actor)"
    " SELECT credit, debit, amount, currency, 'reversal', id, call_id, award_id, tranche_id, $2 FROM ledger_entry"
    " WHERE tranche_id = $1 AND kind = 'payment'"
)
UNPAID = "UPDATE tranche SET state = 'sent', paid_on = NULL, bank_reference = NULL, paid_by = NULL WHERE id = $1"


async def test_a_payment_is_taken_back_by_another_person_and_in_the_ledger(cast):
    tranche = await a_tranche(cast, state="paid")
    payer = await value("SELECT actor FROM ledger_entry WHERE tranche_id = $1 AND kind = 'payment'", tranche.id)
    await refused("tranche_reversed_in_ledger", UNPAID, tranche.id)
    if payer:
        await refused("ledger_reversal_second_person", BACK, tranche.id, payer)
    await refused("ledger_reversal_second_person", BACK, tranche.id, None)
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await execute(BACK, tranche.id, cast.director.id)
            await execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert error.value.constraint_name == "ledger_carried_out"
    async with transaction():
        await execute(BACK, tranche.id, cast.director.id)
        await refused("tranche_paid_frozen", UNPAID.replace("paid_by", "approved_by = NULL, paid_by"), tranche.id)
        await execute(UNPAID, tranche.id)
        await execute("SET CONSTRAINTS ALL IMMEDIATE")
    await refused("tranche_paid_in_ledger", STEP["paid"], tranche.id, cast.finance.id, today(), "BR-2")


async def test_what_was_confirmed_is_recovered_not_reversed(cast):
    tranche = await a_tranche(cast, state="confirmed")
    await refused("ledger_reversal_of_paid", BACK, tranche.id, cast.director.id)


async def test_the_ledger_is_append_only(cast):
    await a_tranche(cast, state="paid")
    await execute("SET CONSTRAINTS ALL IMMEDIATE")  # work left for later would be another reason not to truncate
    statements = ("UPDATE ledger_entry SET amount = 1", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry CASCADE")
    for sql in statements:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction():
                await execute(sql)
    async with importing():  # not even the owner of the tables
        for sql in statements:
            with pytest.raises(asyncpg.PostgresError) as error:
                async with transaction():
                    await execute(sql)
            assert error.value.constraint_name == "ledger_entry_append_only"


# in parallel ---------------------------------------------------------------------------------------------------


async def test_fifty_times_paid_at_once_is_paid_once(committing):
    """Fifty clerks mark the same tranche as paid in the same moment, each with a reference of their own."""
    cast = await make_cast()
    tranche = await a_tranche(cast, state="sent")

    async def pay(n):
        mine = await queries.tranche_by_id(tranche.id)
        while True:
            try:
                await transitions.pay(mine, cast.finance, f"BR-{n}", today())
            except Refused:
                return "refused"
            except (asyncpg.LockNotAvailableError, PoolTimeout):
                continue  # the service answers 503 and is asked again
            return "paid"

    done = await asyncio.gather(*(pay(n) for n in range(50)))
    assert (done.count("paid"), done.count("refused")) == (1, 49)
    assert await value("SELECT count(*) FROM ledger_entry WHERE kind = 'payment'") == 1
    assert await value("SELECT sum(amount) FROM ledger_entry WHERE kind = 'payment'") == tranche.amount
    assert await value("SELECT count(*) FROM event WHERE name = 'tranche.paid'") == 1


async def test_fifty_raw_payments_at_once_leave_one_entry(committing):
    """The same past the application: the index of the ledger is enough."""
    cast = await make_cast()
    tranche = await a_tranche(cast, state="sent")

    async def raw(n):
        try:
            async with transaction():
                await post(tranche)
                await execute(STEP["paid"], tranche.id, cast.finance.id, today(), f"BR-{n}")
        except PoolTimeout:
            return await raw(n)
        except asyncpg.PostgresError as error:
            return error.constraint_name
        return "posted"

    done = await asyncio.gather(*(raw(n) for n in range(50)))
    assert done.count("posted") == 1
    assert set(done) <= {"posted", "ledger_payment_of_sent_tranche", "ledger_payment_once"}


async def test_money_moves_only_under_read_committed(committing):
    cast = await make_cast()
    tranche = await a_tranche(cast, state="due")
    with pytest.raises(asyncpg.PostgresError) as error:
        async with DB.pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            await connection.execute("UPDATE tranche SET planned_on = now() WHERE id = $1", tranche.id)
    assert error.value.sqlstate == "25001"
