"""The pages of payments: queues, the plan, one tranche, bank accounts, the ledger."""

import re
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from foundation.clock import today
from foundation.database import DB, execute, get, value
from foundation.money import money
from grants.disbursements import queries
from grants.disbursements.lifecycle import State
from grants.disbursements.listing import PAYMENTS
from grants.disbursements.tables import Tranche
from tests.builders.awards import GOOD_IBANS, a_bank_account, a_tranche, an_award
from tests.builders.uploads import a_pdf
from tests.importing import importing
from tests.sheets import table

CODES = ("ka", "en")


async def at(tranche):
    return f"/en/awards/{await value('SELECT reference FROM award WHERE id = $1', tranche.award_id)}/tranches/{tranche.number}"


# the plan ------------------------------------------------------------------------------------------------------


async def test_equal_parts_are_proposed_and_saved(cast, client):
    award = await an_award(cast, state="drafting", amount=Decimal("1000"))
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/tranches/plan"
    proposed = await client.get(url, params={"parts": "3"})
    assert proposed.text.count('value="333.33"') == 2 and 'value="333.34"' in proposed.text
    rows = {
        "tranches.0.amount": "333.33", "tranches.0.agreement_active": "true", "tranches.1.amount": "333,33",
        "tranches.1.report": "1", "tranches.2.amount": "", "tranches.3.amount": "333.34", "tranches.3.visit": "true",
        "tranches.3.document_en": "Contract", "tranches.3.not_before": str(today()), "revision": str(award.revision),
    }  # fmt: skip
    assert (await client.send_form(url, rows)).status_code == 303
    saved = await queries.tranches_of(award)
    assert [(each.number, each.amount) for each in saved] == [
        (1, Decimal("333.33")), (2, Decimal("333.33")), (3, Decimal("333.34")),
    ]  # fmt: skip
    kinds = [each.kind for each in await queries.conditions_of(saved[2])]
    assert kinds == ["visit_approved", "document", "date"]
    again = await client.get(url)
    assert "Contract" in again.text and "€1,000 of €1,000 planned" in again.text


async def test_a_plan_with_errors_comes_back_as_typed(cast, client):
    award = await an_award(cast, state="drafting", amount=Decimal("1000"))
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/tranches/plan"
    answer = await client.send_form(url, {"tranches.0.amount": "a lot", "tranches.0.document_en": "Kept"})
    assert answer.status_code == 422 and 'value="a lot"' in answer.text and 'value="Kept"' in answer.text
    answer = await client.send_form(url, {"tranches.0.amount": "1000.01", "tranches.0.agreement_active": "true"})
    assert answer.status_code == 409 and "€0.01 more than the grant" in answer.text and "too much" in answer.text
    answer = await client.send_form(url, {"tranches.0.amount": "10", "tranches.0.report": "9"})
    assert answer.status_code == 409 and "There is no report 9" in answer.text
    assert (await client.send_form(url, {})).status_code == 422


# one tranche ---------------------------------------------------------------------------------------------------


async def test_a_payment_from_request_to_receipt_on_the_pages(cast, client):
    tranche = await a_tranche(cast, state="due")
    url = await at(tranche)
    steps = [
        ("signatory", "request", {}, "requested"),
        ("curator", "certificate", {"certificate": "I have seen the contract"}, "certified"),
        ("finance", "approval", {}, "approved"),
        (
            "finance",
            "order",
            {
                "order_reference": "PO-1",
                "exchange_currency": "GEL",
                "exchange_rate": "2,9512",
                "exchange_source": "NBG",
            },
            "sent",
        ),
        ("finance", "payment", {"bank_reference": "BR-1", "paid_on": str(today())}, "paid"),
        ("signatory", "receipt", {}, "confirmed"),
    ]
    for who, noun, given, after in steps:
        await client.sign_in(cast.people[who])
        shown = await client.get(url)
        assert f"/{noun}" in shown.text, noun
        fresh = await get(Tranche, tranche.id)
        answer = await client.send_form(f"{url}/{noun}", given | {"revision": str(fresh.revision)})
        assert answer.status_code == 303, (noun, answer.text)
        assert (await get(Tranche, tranche.id)).state == after
    shown = await client.get(url)
    assert "I have seen the contract" in shown.text and "BR-1" in shown.text


async def test_forms_with_errors_come_back_as_typed(cast, client):
    tranche = await a_tranche(cast, state="sent")
    await client.sign_in(cast.finance)
    answer = await client.send_form(f"{await at(tranche)}/payment", {"bank_reference": "Kept-1", "paid_on": "soon"})
    assert answer.status_code == 422 and 'value="Kept-1"' in answer.text and 'href="#f-paid_on"' in answer.text


async def test_of_two_forms_with_the_same_field_only_the_one_sent_shows_what_was_typed(cast, client):
    tranche = await a_tranche(cast, state="paid")
    await client.sign_in(cast.director)
    given = {"reason": "Kept words", "amount": "much", "revision": str(tranche.revision)}
    answer = await client.send_form(f"{await at(tranche)}/recovery", given)
    assert answer.status_code == 422 and answer.text.count("Kept words") == 1
    ids = re.findall(r'<textarea[^>]* id="([^"]+)"[^>]*>\s*([^<]*)<', answer.text)
    assert dict(ids) == {"f-reason-reversal": "", "f-reason": "Kept words"} and len(ids) == 2


async def test_two_clicks_pay_once(cast, client):
    tranche = await a_tranche(cast, state="sent")
    await client.sign_in(cast.finance)
    given = {"bank_reference": "BR-1", "paid_on": str(today()), "revision": str(tranche.revision)}
    url = f"{await at(tranche)}/payment"
    assert (await client.send_form(url, given)).status_code == 303
    assert (await client.send_form(url, given)).status_code == 303, "the same press"
    other = await client.send_form(url, given | {"bank_reference": "BR-2"})
    assert other.status_code == 409 and "changed this" in other.text and "BR-2" in other.text
    assert await value("SELECT count(*) FROM ledger_entry WHERE kind = 'payment'") == 1


async def test_obstacles_are_said_and_the_button_is_not_there(cast, client):
    tranche = await a_tranche(cast, state="approved", award=await an_award(cast, amount=Decimal("16000")))
    await client.sign_in(cast.finance)
    shown = await client.get(await at(tranche))
    assert "Payments from €5,000 need the director" in shown.text and "/order" not in shown.text
    await client.sign_in(cast.director)
    assert "Authorise the payment of €8,000" in (await client.get(await at(tranche))).text


async def test_bank_details_are_not_for_everybody(cast, client):
    tranche = await a_tranche(cast, state="requested")
    for who, whole in (("finance", True), ("signatory", True), ("curator", False), ("auditor", True)):
        await client.sign_in(cast.people[who])
        text = (await client.get(await at(tranche))).text
        assert ("GE29 NB00 0000 0101 9049 17" in text) is whole, who
        assert "4917" in text.replace(" ", "")


async def test_the_curator_fulfils_a_condition_with_its_document(cast, client):
    award = await an_award(cast)
    async with importing():
        condition = await value(
            "UPDATE tranche_condition SET kind = 'document', description_en = 'Contract', report_due_id = NULL"
            " WHERE kind = 'report_accepted' RETURNING id"
        )
    await client.sign_in(cast.curator)
    url = f"/en/awards/{award.reference}/tranches/2"
    assert "document received: Contract" in (await client.get(url)).text
    file = {"evidence": ("contract.pdf", a_pdf(), "application/pdf")}
    answer = await client.send_form(f"{url}/conditions/{condition}/fulfilment", {"note": "By post"}, files=file)
    assert answer.status_code == 303
    shown = await client.get(url)
    assert "contract.pdf" in shown.text and "By post" in shown.text
    evidence = await client.get(f"{url}/conditions/{condition}/evidence")
    assert evidence.content.startswith(b"%PDF-")


# queues --------------------------------------------------------------------------------------------------------


async def test_each_role_has_its_queue(cast, client):
    for state in ("due", "requested", "certified", "approved", "sent"):
        await a_tranche(cast, state=state, award=await an_award(cast))
    large = await an_award(cast, amount=Decimal("16000"))
    await a_tranche(cast, state="approved", award=large)
    for who, count in (("finance", 4), ("curator", 1), ("director", 2), ("signatory", 1), ("auditor", 6)):
        await client.sign_in(cast.people[who])
        text = (await client.get("/en/payments")).text
        assert f"{count} found" in text, who
    await client.sign_in(cast.finance)
    assert "6 found" in (await client.get("/en/payments?state=open")).text
    one = await client.get(f"/en/payments?state=approved&q={large.reference}")
    assert "1 found" in one.text and "need the director" in one.text


async def test_money_to_be_recovered_waits_for_finance(cast, client):
    tranche = await a_tranche(cast, state="recovery_due", award=await an_award(cast))
    await client.sign_in(cast.finance)
    for queue in ("", "?state=open", "?state=recovery_due"):
        found = await client.get(f"/en/payments{queue}")
        assert "1 found" in found.text and "to be recovered" in found.text, queue
    assert f"/tranches/{tranche.number}" in (await client.get("/en/today")).text


async def test_the_list_as_a_file_keeps_a_trace(cast, client):
    await a_tranche(cast, state="approved")
    await client.sign_in(cast.finance)
    answer = await client.get("/en/payments.xlsx?state=approved")
    (row,) = table(answer.content).told()
    assert row["IBAN"] == GOOD_IBANS[0] and Decimal(str(row["Amount"])) == Decimal("3000")
    assert len(table((await client.get("/en/payments.csv?state=approved")).content).rows) == 1
    assert await value("SELECT count(*) FROM event WHERE name = 'payments.exported'") == 2
    await client.sign_in(cast.curator)
    assert GOOD_IBANS[0] not in (await client.get("/en/payments.csv?state=approved")).text


async def test_sums_and_numbers_of_the_tabs_are_those_of_what_stands_in_them(cast, client):
    for state in ("approved", "approved", "sent"):
        await a_tranche(cast, state=state, award=await an_award(cast))
    await client.sign_in(cast.finance)
    for query in ("", "?state=open", "?state=approved", "?state=planned", "?municipality=vani&state=open"):
        text = (await client.get(f"/en/payments{query}")).text
        rows = await PAYMENTS.rows(cast.finance, PAYMENTS.list_query(dict(parse_qsl(query[1:]))))
        together = money(sum(row["amount"] for row in rows.rows), "EUR")
        tab = re.search('aria-current="page">[^<]* <span class="num muted">([0-9]+)</span>', text)
        assert tab and int(tab[1]) == rows.total > 0, query
        assert f"{together} together" in text, query


async def test_from_a_tranche_one_comes_back_to_the_queue_as_it_was_left(cast, client):
    tranche = await a_tranche(cast, state="approved")
    await client.sign_in(cast.finance)
    await client.get("/en/payments?state=open&sort=-amount&municipality=vani")
    page = (await client.get(await at(tranche))).text
    (left,) = re.findall(r'href="/en/payments\?([^"]+)"', page)
    kept = {"state": "open", "sort": "-amount", "municipality": "vani"}
    assert dict(parse_qsl(left.replace("&amp;", "&"))) == kept
    await client.sign_in(cast.signatory)
    assert "/en/payments" not in (await client.get(await at(tranche))).text.partition("<main")[2].partition("</h1>")[0]


async def test_a_state_or_filter_that_there_is_not_is_refused(cast, client):
    await client.sign_in(cast.finance)
    for query in ("state=nonsense", "sort=nonsense", "colour=red"):
        for path in ("/en/payments", "/en/payments.csv", "/api/v1/payments"):
            assert (await client.get(f"{path}?{query}")).status_code == 400, (path, query)


async def test_the_longest_waiting_stands_first(cast):
    for state in ("approved", "requested", "certified"):
        await a_tranche(cast, state=state, award=await an_award(cast))
    rows = (await PAYMENTS.rows(cast.finance, PAYMENTS.list_query({"state": "open"}))).rows
    since = [row["since"] for row in rows]
    assert since == sorted(since) and len(since) == 3
    other = (await PAYMENTS.rows(cast.finance, PAYMENTS.list_query({"state": "open", "sort": "-since"}))).rows
    assert [row["key"] for row in other] == [row["key"] for row in reversed(rows)]


async def test_an_account_is_read_only_by_those_who_may(cast):
    await a_tranche(cast, state="approved")
    for who, reads in (("finance", True), ("signatory", True), ("auditor", True), ("curator", False)):
        (row,) = (await PAYMENTS.rows(cast.people[who], PAYMENTS.list_query({"state": "approved"}))).rows
        assert (row["iban"] == GOOD_IBANS[0]) == reads, who
        assert (row["holder"] is not None) == reads, who


async def test_lists_cost_the_same_for_one_and_for_three(cast, client):
    await client.sign_in(cast.finance)

    async def cost(path):
        await client.get(path)
        before = DB.statements
        assert (await client.get(path)).status_code == 200
        return DB.statements - before

    await a_tranche(cast, state="certified", award=await an_award(cast))
    pages = ("/en/payments", "/en/ledger", "/en/today")
    one = [await cost(path) for path in pages]
    for _ in range(2):
        await a_tranche(cast, state="certified", award=await an_award(cast))
    assert [await cost(path) for path in pages] == one


@pytest.mark.parametrize("code", CODES)
async def test_every_state_is_shown_in_both_languages(code, cast, client):
    for state in State:
        tranche = await a_tranche(cast, state=state, award=await an_award(cast))
        url = (await at(tranche)).replace("/en/", f"/{code}/")
        for who in ("signatory", "curator", "finance", "director", "auditor"):
            await client.sign_in(cast.people[who])
            for path in (url, url.rsplit("/", 1)[0]):
                answer = await client.get(path)
                assert answer.status_code == 200 and answer.text.count("<h1") == 1, (state, who)


# bank accounts -------------------------------------------------------------------------------------------------


async def test_an_account_is_entered_called_back_and_used(cast, client):
    url = f"/en/organisations/{cast.vani_youth.id}/bank"
    await client.sign_in(cast.signatory)
    given = {"iban": "ge29 nb00 0000 0101 9049 17", "holder": "Vani Youth"}
    letter = {"letter": ("letter.pdf", a_pdf(), "application/pdf")}
    assert (await client.send_form(url, given, files=letter)).status_code == 303
    account = await value("SELECT id FROM bank_account")
    await client.sign_in(cast.manager)
    shown = await client.get(url)
    assert "GE29 NB00 0000 0101 9049 17" in shown.text and "Call the organisation back" in shown.text
    assert "No telephone number of its people is known here" in shown.text
    await execute("UPDATE account SET phone = '+995 555 00 11 22' WHERE email = 'editor@example.org'")
    assert 'href="tel:+995555001122"' in (await client.get(url)).text
    assert (await client.send_form(f"{url}/{account}/verification", {"note": ""})).status_code == 422
    assert (await client.send_form(f"{url}/{account}/verification", {"note": "Called the office"})).status_code == 303
    await client.sign_in(cast.editor)
    shown = await client.get(url)
    assert "Account in use" in shown.text and "Called the office" not in shown.text
    assert (await client.get(f"{url}/{account}/letter")).content.startswith(b"%PDF-")


async def test_errors_of_fields_and_file_come_together(cast, client):
    await client.sign_in(cast.signatory)
    url = f"/en/organisations/{cast.vani_youth.id}/bank"
    answer = await client.send_form(
        url, {"iban": "GE28NB0000000101904917", "holder": "Kept"}, files={"letter": ("", b"")}
    )
    assert answer.status_code == 422
    assert (
        "The check digits do not fit" in answer.text
        and "Choose a file." in answer.text
        and 'value="Kept"' in answer.text
    )


async def test_an_account_is_retired_on_its_page(cast, client):
    account = await a_bank_account(cast)
    await client.sign_in(cast.finance)
    url = f"/en/organisations/{cast.vani_youth.id}/bank/{account.id}/retirement"
    assert (await client.send_form(url, {"reason": "Closed by the bank"})).status_code == 303
    assert await value("SELECT retired_by FROM bank_account WHERE id = $1", account.id) == cast.finance.id


async def test_ones_own_account_is_in_the_menu(cast, client):
    await client.sign_in(cast.editor)
    answer = await client.get("/en/bank")
    assert answer.headers["location"] == f"/en/organisations/{cast.vani_youth.id}/bank"
    await client.sign_in(cast.finance)
    assert (await client.get("/en/bank")).status_code == 404
    assert (await client.get(f"/en/organisations/{cast.curator_imereti.id}/bank")).status_code == 404


# the ledger ----------------------------------------------------------------------------------------------------


async def test_the_ledger_adds_up_or_says_where_not(cast, client):
    award = await an_award(cast)
    await a_tranche(cast, state="paid", award=award)
    await client.sign_in(cast.auditor)
    shown = await client.get("/en/ledger")
    assert "In every grant the tranches add up" in shown.text and "With the grantee" in shown.text
    assert "1 found" in (await client.get("/en/ledger?kind=payment")).text
    assert "Nothing matches" in (await client.get("/en/ledger?until=2001-01-01")).text
    assert (await client.get("/en/ledger?since=never")).status_code == 400
    async with importing():
        await execute("ALTER TABLE tranche DISABLE TRIGGER tranche_money")
        await execute("UPDATE tranche SET amount = amount - 1 WHERE award_id = $1 AND number = 2", award.id)
        await execute("ALTER TABLE tranche ENABLE TRIGGER tranche_money")
    assert "Some grants do not add up" in (await client.get("/en/ledger")).text


async def test_the_ledger_as_a_file(cast, client):
    await a_tranche(cast, state="paid")
    await client.sign_in(cast.finance)
    told = table((await client.get("/en/ledger.csv")).content)
    assert len(told.rows) == 2 and "bank:programme" in told.column("Credit")
    assert (await client.get("/en/ledger.xlsx")).status_code == 200


async def test_todays_tasks(cast, client):
    for state in ("due", "requested", "certified", "approved", "sent", "failed", "paid", "recovery_due"):
        await a_tranche(cast, state=state, award=await an_award(cast))
    large = await an_award(cast, amount=Decimal("16000"))
    await a_tranche(cast, state="approved", award=large)
    await a_bank_account(cast, verified=False, iban=GOOD_IBANS[1])
    expected = {
        "signatory": ["Request the tranche", "Confirm that the money came"],
        "curator": ["Certify the request for payment"],
        "finance": [
            "Approve the payment", "Send the payment to the bank", "Note what the bank did with the payment",
            "Decide what follows the failed payment", "Recover the money", "Verify a bank account by calling back",
        ],
        "director": ["Authorise the payment"],
        "manager": ["Verify a bank account by calling back"],
    }  # fmt: skip
    every = {verb for verbs in expected.values() for verb in verbs}
    for who, verbs in expected.items():
        await client.sign_in(cast.people[who])
        text = (await client.get("/en/today")).text
        assert {verb for verb in every if verb in text} == set(verbs), who


async def test_money_is_asked_back_and_comes_back_on_the_pages(cast, client):
    tranche = await a_tranche(cast, state="paid")
    url = await at(tranche)
    steps = [
        ("director", "recovery", {"amount": "40.50", "reason": "A finding of the audit"}, "recovery_due"),
        ("finance", "repayment", {"recovered_on": str(today()), "reference": "BACK-1"}, "recovered"),
    ]
    for who, noun, given, after in steps:
        await client.sign_in(cast.people[who])
        assert f"/{noun}" in (await client.get(url)).text
        fresh = await get(Tranche, tranche.id)
        answer = await client.send_form(f"{url}/{noun}", given | {"revision": str(fresh.revision)})
        assert answer.status_code == 303, (noun, answer.text)
        assert (await get(Tranche, tranche.id)).state == after
    back = await get(Tranche, tranche.id)
    assert (back.recovery_amount, back.recovered_on, back.recovery_reference) == (Decimal("40.50"), today(), "BACK-1")
    kinds = "SELECT string_agg(kind, ' ') FROM ledger_entry WHERE tranche_id = $1 AND amount = 40.50"
    assert await value(kinds, tranche.id) == "recovery"
    assert "The money was recovered" in (await client.get(url)).text


async def test_money_that_cannot_come_back_is_written_off_on_the_page(cast, client):
    tranche = await a_tranche(cast, state="recovery_due")
    await client.sign_in(cast.director)
    given = {"reason": "The organisation is dissolved", "revision": str(tranche.revision)}
    assert (await client.send_form(f"{await at(tranche)}/write-off", given)).status_code == 303
    assert (await get(Tranche, tranche.id)).state == "written_off"
    assert (
        await value("SELECT count(*) FROM ledger_entry WHERE tranche_id = $1 AND kind = 'write_off'", tranche.id) == 1
    )
