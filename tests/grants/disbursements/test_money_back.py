"""Money that comes back, in parts and by the bank's lines; a grant closes when nothing of it is left with anybody."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, get, rows, transaction, value
from foundation.language import speaking
from foundation.refused import Refused
from grants.awards import queries as award_queries
from grants.awards import transitions as award_steps
from grants.awards.envelope import freed
from grants.awards.tables import Award
from grants.disbursements import queries, transitions
from grants.disbursements.ledger import posting
from lifecycle.record import history_of
from monitoring.reports import queries as reports
from monitoring.reports import transitions as report_steps
from tests.builders.awards import a_decided_call, a_final_report, a_tranche, an_award
from tests.importing import importing

D = Decimal
YESTERDAY = today() - timedelta(days=1)


async def in_state(cast, state, **over):
    return await queries.tranche_by_id((await a_tranche(cast, state=state, **over)).id)


async def due(tranche):
    """What is still to come back."""
    return (await queries.tranche_by_id(tranche.id)).outstanding


async def held(award):
    return await value("SELECT with_grantee($1)", award.id)


async def posted(tranche, kind="recovery"):
    found = await rows(
        "SELECT amount, day, reference FROM ledger_entry WHERE tranche_id = $1 AND kind = $2 ORDER BY id",
        tranche.id,
        kind,
    )
    return [tuple(each) for each in found]


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
            await execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert error.value.constraint_name == name, error.value


# in parts ----------------------------------------------------------------------------------------------------------


async def test_what_is_ordered_back_comes_in_parts_each_by_its_line_of_the_bank(cast):
    tranche = await in_state(cast, "recovery_due", paid_on=YESTERDAY)
    assert await transitions.recover(tranche, cast.finance, YESTERDAY, "B-1", D("40.50")) is False
    assert (tranche.state, await due(tranche), tranche.recovered_on) == ("recovery_due", D("59.50"), None)
    for amount, reference in ((D("59.51"), "B-2"), (D("10"), "B-1")):
        with pytest.raises(Refused):
            await transitions.recover(tranche, cast.finance, today(), reference, amount)
    assert await transitions.recover(tranche, cast.finance, today(), "B-2") is True
    assert (tranche.state, tranche.recovered_on, tranche.recovery_reference) == ("recovered", today(), "B-2")
    assert await posted(tranche) == [(D("40.50"), YESTERDAY, "B-1"), (D("59.50"), today(), "B-2")]
    assert [event.name for event in await history_of(tranche)] == ["tranche.repaid_in_part", "tranche.recovered"]


async def test_the_rest_of_what_came_in_parts_is_written_off(cast):
    tranche = await in_state(cast, "recovery_due")
    await transitions.recover(tranche, cast.finance, today(), "B-1", D(30))
    await transitions.write_off(tranche, cast.director, "The organisation is dissolved")
    assert tranche.state == "written_off" and [each[0] for each in await posted(tranche, "write_off")] == [70]


async def test_more_can_be_ordered_back_later_and_never_more_than_was_paid(cast):
    tranche = await in_state(cast, "confirmed")
    await transitions.order_recovery(tranche, cast.director, D(500), "A receipt of another grant")
    await transitions.recover(tranche, cast.finance, today(), "B-1")
    with speaking("en"), pytest.raises(Refused, match="No more than €2,500"):
        await transitions.order_recovery(tranche, cast.director, D("2500.01"), "An audit")
    await transitions.order_recovery(tranche, cast.director, D(2500), "An audit")
    assert (tranche.state, tranche.recovery_amount, await due(tranche)) == ("recovery_due", 3000, 2500)
    await transitions.recover(tranche, cast.finance, today(), "B-2")
    assert tranche.state == "recovered" and await held(await get(Award, tranche.award_id)) == 0


async def test_the_page_tells_what_came_back_and_what_is_still_due(cast, client):
    tranche = await in_state(cast, "recovery_due")
    await client.sign_in(cast.finance)
    url = f"/en/awards/{tranche.award_reference}/tranches/1"
    sent = {"recovered_on": str(today()), "reference": "REFUND-7", "amount": "40"}
    assert (await client.send_form(f"{url}/repayment", sent)).status_code == 303
    page = (await client.get(url)).text
    for said in (
        "This part is posted in the ledger",
        "REFUND-7",
        "Still to come back",
        "€60",
        "A part of the money came back",
    ):
        assert said in page
    answer = await client.send_form(f"{url}/repayment", sent | {"reference": "REFUND-8", "amount": "60.01"})
    assert answer.status_code == 409 and "No more than €60 is still to come back" in answer.text
    answer = await client.send_form(f"{url}/repayment", sent | {"amount": "1"})
    assert answer.status_code == 409 and "posted already" in answer.text
    assert (
        await client.send_form(f"{url}/repayment", sent | {"reference": "REFUND-8", "amount": ""})
    ).status_code == 303
    assert (await get(type(tranche), tranche.id)).state == "recovered"


async def test_the_api_takes_a_part_too(cast, client):
    tranche = await in_state(cast, "recovery_due")
    await client.sign_in(cast.finance)
    url = f"/api/v1/awards/{tranche.award_reference}/tranches/1/repayment"
    part = {"recovered_on": str(today()), "reference": "REFUND-7", "amount": "40.00"}
    assert (await client.post(url, json=part)).json()["state"] == "recovery_due"
    assert (await client.post(url, json=part | {"reference": "REFUND-8", "amount": None})).json()[
        "state"
    ] == "recovered"


POST = (
    "INSERT INTO ledger_entry (kind, debit, credit, amount, currency, call_id, award_id, tranche_id, day, reference)"
    " SELECT 'recovery', 'bank:programme', 'grantee:' || a.reference, $2, a.currency, a.call_id, a.id, t.id, $3, $4"
    " FROM tranche t JOIN award a ON a.id = t.award_id WHERE t.id = $1"
)  # fmt: skip


async def test_the_database_takes_no_refund_without_its_line_nor_twice_nor_beyond_the_order(cast):
    tranche = await in_state(cast, "recovery_due")
    for day, reference in ((None, "B-1"), (today(), None), (today() + timedelta(days=1), "B-1"), (YESTERDAY, "B-1")):
        await refused("ledger_refund_by_bank_line", POST, tranche.id, D(40), day, reference)
    await execute(POST, tranche.id, D(40), today(), "B-1")
    await refused("ledger_refund_once", POST, tranche.id, D(40), today(), "B-1")
    await refused("ledger_recovery_of_tranche", POST, tranche.id, D("60.01"), today(), "B-2")
    await refused("ledger_carried_out", POST, tranche.id, D(60), today(), "B-2")
    await refused(
        "tranche_settled_in_ledger",
        "UPDATE tranche SET state = 'recovered', recovered_on = now(), recovery_reference = 'B-2' WHERE id = $1",
        tranche.id,
    )
    await refused("tranche_paid_frozen", "UPDATE tranche SET recovery_amount = 40 WHERE id = $1", tranche.id)
    await execute(POST, tranche.id, D(60), today(), "B-2")
    await execute(
        "UPDATE tranche SET state = 'recovered', recovered_on = now(), recovery_reference = 'B-2' WHERE id = $1",
        tranche.id,
    )
    await refused("tranche_recovery_of_more", "UPDATE tranche SET state = 'recovery_due' WHERE id = $1", tranche.id)


# true days ---------------------------------------------------------------------------------------------------------


async def test_an_order_and_its_payment_are_booked_on_their_true_days(cast):
    """The order left on a Friday, the bank paid on Saturday, both are noted on Monday."""
    tranche = await in_state(cast, "approved")
    friday = today() - timedelta(days=3)
    await transitions.send(tranche, cast.finance, "PO-1", sent_on=friday)
    for day in (friday - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(Refused):
            await transitions.pay(tranche, cast.finance, "B-1", day)
    await transitions.pay(tranche, cast.finance, "B-1", friday + timedelta(days=1))
    assert (tranche.sent_on, tranche.paid_on) == (friday, friday + timedelta(days=1))
    assert await posted(tranche, "payment") == [(tranche.amount, tranche.paid_on, "B-1")]


async def test_no_order_before_the_agreement_and_none_in_the_future(cast, client):
    tranche = await in_state(cast, "approved")
    for day in (today() - timedelta(days=8), today() + timedelta(days=1)):
        with pytest.raises(Refused):
            await transitions.send(tranche, cast.finance, "PO-1", sent_on=day)
        sql = "UPDATE tranche SET state = 'sent', sent_by = $2, sent_at = now(), order_reference = 'PO', sent_on = $3 WHERE id = $1"
        await refused("tranche_sent_day", sql, tranche.id, cast.finance.id, day)
    await client.sign_in(cast.finance)
    url = f"/en/awards/{tranche.award_reference}/tranches/1"
    sent = {"order_reference": "PO-1", "sent_on": str(YESTERDAY)}
    assert (await client.send_form(f"{url}/order", sent)).status_code == 303
    assert (await get(type(tranche), tranche.id)).sent_on == YESTERDAY
    sql = "UPDATE tranche SET state = 'paid', paid_by = $2, paid_on = $3, bank_reference = 'B' WHERE id = $1"
    await posting.pay(await get(Award, tranche.award_id), await queries.tranche_by_id(tranche.id), cast.finance)
    for day in (YESTERDAY - timedelta(days=1), today() + timedelta(days=1)):
        await refused("tranche_paid_day", sql, tranche.id, cast.finance.id, day)


async def test_whoever_leaves_the_day_empty_means_today(cast):
    tranche = await in_state(cast, "approved")
    await transitions.send(tranche, cast.finance, "PO-1")
    assert tranche.sent_on == today()


# closing -----------------------------------------------------------------------------------------------------------

CLOSE = "UPDATE award SET state = 'closed', closing_{part}_id = $2, closing_finance_id = $3, closed_at = now() WHERE id = $1"


async def paid(cast, state="closing", accepted=None):
    """Both tranches of 3,000 are paid; of them this much is accepted."""
    award = await an_award(cast, state=state)
    for number in (1, 2):
        await a_tranche(cast, state="confirmed", award=award, number=number)
    if accepted is None:
        await a_final_report(cast, award)
    else:
        async with importing():
            await posting.accept_cost(award, D(accepted), cast.finance, "report:1")
        await a_final_report_alone(cast, award)
    return award


async def a_final_report_alone(cast, award):
    rest = await held(award)
    await a_final_report(cast, award)
    async with importing():
        if rest > 0:
            await posting.take_back_cost(award, cast.finance, f"report:{award.reference}/2")


@pytest.mark.parametrize(("state", "second"), [("closing", "manager"), ("terminated", "director")])
async def test_a_grant_does_not_close_while_the_organisation_holds_money(state, second, cast, client):
    award = await paid(cast, state, accepted=5800)
    step = award_steps.close if state == "closing" else award_steps.settle
    with (
        speaking("en"),
        pytest.raises(Refused, match="€200 was paid and is neither accepted nor returned: order its recovery"),
    ):
        await step(award, cast.finance)
    await refused("award_accounted_for", CLOSE.format(part=second), award.id, cast.people[second].id, cast.finance.id)
    await client.sign_in(cast.director)
    page = (await client.get(f"/en/awards/{award.reference}")).text
    for said in ("What became of the money", "€6,000", "€5,800", "€200 was paid and is neither accepted nor returned"):
        assert said in page
    tranche = await queries.tranche_by_id(
        await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 2", award.id)
    )
    await transitions.order_recovery(tranche, cast.director, D(200), "It was not used")
    with pytest.raises(Refused):
        await step(award, cast.finance)
    await transitions.recover(tranche, cast.finance, today(), "REFUND-1", D(150))
    await transitions.write_off(tranche, cast.director, "Costs more to ask for than it is")
    await step(award, cast.finance)
    assert await step(award, cast.people[second]) is True
    assert await held(award) == 0
    page = (await client.get(f"/en/awards/{award.reference}")).text
    assert "€150" in page and "€50" in page and "net of what came back: €5,850" in page


async def test_a_grant_does_not_close_unreported(cast):
    award = await an_award(cast, state="closing")
    for number in (1, 2):
        await a_tranche(cast, state="confirmed", award=award, number=number)
    async with importing():
        await posting.accept_cost(award, D(6000), cast.finance, "report:1")
    await refused("award_final_report", CLOSE.format(part="manager"), award.id, cast.manager.id, cast.finance.id)


async def test_what_was_accepted_and_not_paid_stays_with_the_organisation(cast):
    award = await an_award(cast, state="closing")
    await a_tranche(cast, state="confirmed", award=award, number=1)
    await a_final_report(cast, award)
    async with importing():
        await posting.accept_cost(award, D(500), cast.finance, "report:3")
    await refused("award_tranches_settled", CLOSE.format(part="manager"), award.id, cast.manager.id, cast.finance.id)
    await award_steps.close(award, cast.finance)
    await award_steps.close(award, cast.manager)
    account = await queries.account_of(award)
    assert (account["accepted"], account["left_to_them"], account["held"], account["uncommitted"]) == (3500, 500, 0, 0)


async def test_the_money_of_a_closed_grant_changes_only_after_it_is_opened_again(cast, client):
    award = await paid(cast)
    await award_steps.close(award, cast.finance)
    await award_steps.close(award, cast.manager)
    tranche = await queries.tranche_by_id(
        await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 2", award.id)
    )
    report = (await reports.of_award(award.id))[-1]
    await client.sign_in(cast.director)
    for path, given in (
        (f"awards/{award.reference}/tranches/2/recovery", {"amount": "200", "reason": "It was not used"}),
        (f"reports/{award.reference}/{report.number}/correction", {"reason": "An audit"}),
    ):
        page = await client.send_form(f"/en/{path}", given)
        assert page.status_code == 409 and "The director opens it again first" in page.text, page.text
        assert (await client.post(f"/api/v1/{path}", json=given)).status_code == 409
    await refused(
        "tranche_of_closed_grant",
        "UPDATE tranche SET state = 'recovery_due', recovery_amount = 200 WHERE id = $1",
        tranche.id,
    )
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await posting.take_back_cost(award, cast.director, f"report:{award.reference}/{report.number}")
    assert error.value.constraint_name == "ledger_of_closed_grant"

    assert (
        await client.send_form(f"/en/awards/{award.reference}/reopening", {"reason": "An audit"})
    ).status_code == 303
    award = await award_queries.by_id(award.id)
    assert (award.state, award.closed_at, award.closing_manager_id, award.closing_finance_id) == (
        "closing",
        None,
        None,
        None,
    )
    assert report_steps.reopen.open_to(cast.director, (await reports.of_award(award.id))[-1])
    await posting.take_back_cost(award, cast.director, f"report:{award.reference}/{report.number}")
    await posting.accept_cost(award, await held(award) - 200, cast.director, "report:after the audit")
    await transitions.order_recovery(tranche, cast.director, D(200), "It was not used")
    await transitions.recover(tranche, cast.finance, today(), "REFUND-9", D(200))
    await award_steps.close(award, cast.manager)
    assert await award_steps.close(award, cast.finance) is True
    assert (await held(award), award.state) == (0, "closed")


async def test_an_order_noted_wrongly_is_corrected_by_somebody_else(cast):
    """Nobody alone, nothing twice: the reference stays unique and the day possible, and nothing is sent again."""
    tranche, other = await in_state(cast, "sent"), await in_state(cast, "sent")
    noted = (tranche.order_reference, tranche.sent_on)
    by_whom = {name for name, each in cast.people.items() if transitions.correct_order.open_to(each, tranche)}
    assert by_whom == {"director"}, "finance noted it"
    with pytest.raises(Refused, match="already has this reference"), speaking("en"):
        await transitions.correct_order(
            tranche, cast.director, order_reference=other.order_reference, sent_on=today(), reason="A slip"
        )
    for day in (today() + timedelta(days=1), today() - timedelta(days=900)):
        with pytest.raises(Refused):
            await transitions.correct_order(
                tranche, cast.director, order_reference="PO-77", sent_on=day, reason="A slip"
            )
        await refused(
            "tranche_sent_day", "UPDATE tranche SET sent_on = $2, order_corrected_by = $3 WHERE id = $1",
            tranche.id, day, cast.director.id,
        )  # fmt: skip
    write = "UPDATE tranche SET order_reference = 'PO-77', order_corrected_by = $2 WHERE id = $1"
    await refused("tranche_order_second_person", write, tranche.id, None)
    await refused("tranche_order_second_person", write, tranche.id, tranche.sent_by)
    await transitions.correct_order(
        tranche, cast.director, order_reference="PO-77", sent_on=today(), reason="Two digits changed places"
    )
    assert (tranche.state, tranche.order_reference, tranche.sent_on) == ("sent", "PO-77", today())
    told = (await history_of(tranche))[-1]
    assert told.reason == "Two digits changed places"
    body = await value(
        "SELECT p.body FROM event e JOIN event_payload p USING (seq) WHERE e.name = 'tranche.order_corrected'"
    )
    assert noted[0] in str(body) and "PO-77" in str(body), "both stay"
    await transitions.pay(tranche, cast.finance, "BR-7", today())
    assert tranche.state == "paid"


async def test_what_is_given_back_is_free_for_others(cast):
    """At closing the unpaid half goes back to the envelope: the committee can give it again, to the cent and no more."""
    call = await a_decided_call(cast, envelope=D(6000))
    award = await an_award(cast, state="closing", call=call)
    await a_tranche(cast, state="confirmed", award=award, number=1)
    await a_final_report(cast, award)
    assert await freed(call) == 0
    await award_steps.close(award, cast.finance)
    await award_steps.close(award, cast.manager)
    assert await freed(call) == 3000
    assert await value("SELECT award_takes(a) FROM award a WHERE id = $1", award.id) == 3000
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await an_award(cast, amount=D("3000.01"), call=call, organisation=cast.guria_women)
    assert error.value.constraint_name == "award_within_envelope"
    await an_award(cast, amount=D(3000), call=call, organisation=cast.guria_women)


async def test_at_random_the_ledger_of_a_closed_grant_is_even(cast):
    """Whatever was paid, accepted, returned or lost: it closes when, and only when, it adds up to the cent."""
    chance = Random(20261201)
    for _round in range(4):
        award = await an_award(cast, state="closing")
        for number in range(1, chance.choice((1, 2)) + 1):
            await a_tranche(cast, state="confirmed", award=award, number=number)
        accepted = D(chance.randint(0, 600000)) / 100
        async with importing():
            if accepted:
                await posting.accept_cost(award, accepted, cast.finance, "report:1")
        await a_final_report_alone(cast, award)
        for tranche in await queries.tranches_of(award):
            if tranche.state != "confirmed" or (rest := await held(award)) <= 0:
                continue
            with pytest.raises(Refused):
                await award_steps.close(award, cast.finance)
            await transitions.order_recovery(tranche, cast.director, min(rest, tranche.amount), "It was not used")
            ordered = await due(tranche)
            part = (ordered * chance.randint(1, 99) / 100).quantize(D("0.01"))
            if 0 < part < ordered:
                await transitions.recover(tranche, cast.finance, today(), f"{tranche.id}-1", part)
            if chance.random() < 0.5:
                await transitions.write_off(tranche, cast.director, "It cannot come back")
            else:
                await transitions.recover(tranche, cast.finance, today(), f"{tranche.id}-2")
        await award_steps.close(award, cast.finance)
        await award_steps.close(award, cast.manager)
        account = await queries.account_of(award)
        assert account["held"] == account["uncommitted"] == 0
        assert account["paid"] == (
            account["accepted"] - account["left_to_them"] + account["returned"] + account["written_off"]
        )


async def test_the_api_tells_the_account_of_a_grant_and_what_came_back_of_a_tranche(cast, client):
    award = await paid(cast, accepted=5800)
    tranche = await queries.tranche_by_id(
        await value("SELECT id FROM tranche WHERE award_id = $1 AND number = 2", award.id)
    )
    await transitions.order_recovery(tranche, cast.director, D(200), "It was not used")
    await transitions.recover(tranche, cast.finance, today(), "REFUND-1", D(150))
    await client.sign_in(cast.finance)
    told = (await client.get(f"/api/v1/awards/{award.reference}/account")).json()
    assert told == {
        "currency": "EUR", "committed": "6000.00", "given_back": "0.00", "paid": "6000.00", "accepted": "5800.00",
        "returned": "150.00", "written_off": "0.00", "with_organisation": "50.00",
    }  # fmt: skip
    told = (await client.get(f"/api/v1/awards/{award.reference}/tranches/2")).json()
    assert (told["recovery_amount"], told["outstanding"]) == ("200.00", "50.00")
    assert told["refunds"] == [{"kind": "recovery", "amount": "150.00", "day": str(today()), "reference": "REFUND-1"}]
    first = (await client.get(f"/api/v1/awards/{award.reference}/tranches/1")).json()
    assert (first["recovery_amount"], first["outstanding"], first["refunds"]) == (None, None, [])
