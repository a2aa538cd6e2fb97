"""Payments as JSON: the same actions, the same refusals, money as strings."""

from foundation.clock import today
from foundation.database import value
from tests.builders.awards import a_tranche, an_award
from tests.builders.uploads import a_pdf


async def test_a_payment_by_json(cast, client):
    award = await an_award(cast)
    await a_tranche(cast, state="due", award=award)
    root = f"/api/v1/awards/{award.reference}/tranches/1"
    for who, noun, body, after in (
        ("signatory", "request", {}, "requested"),
        ("curator", "certificate", {"certificate": "I have seen the contract"}, "certified"),
        ("finance", "approval", {}, "approved"),
        ("finance", "order", {"order_reference": "PO-1"}, "sent"),
        ("finance", "payment", {"bank_reference": "BR-1", "paid_on": str(today())}, "paid"),
        ("signatory", "receipt", {}, "confirmed"),
    ):
        await client.sign_in(cast.people[who])
        assert noun in (await client.get(root)).json()["moves"]
        answer = await client.post(f"{root}/{noun}", json=body)
        assert (answer.status_code, answer.json().get("state")) == (200, after), answer.text
    again = await client.post(f"{root}/receipt", json={})
    assert again.status_code == 409


async def test_what_is_missing_or_too_much_is_said(cast, client):
    award = await an_award(cast)
    await a_tranche(cast, state="sent", award=award)
    await client.sign_in(cast.finance)
    root = f"/api/v1/awards/{award.reference}/tranches/1"
    answer = await client.post(f"{root}/payment", json={"paid_on": "soon", "extra": 1})
    assert answer.status_code == 422 and set(answer.json()["errors"]) == {"bank_reference", "paid_on", "extra"}
    assert (await client.post(f"{root}/payment", json=[])).status_code == 422


async def test_the_account_is_masked_and_obstacles_are_told(cast, client):
    award = await an_award(cast, amount=20000)
    await a_tranche(cast, state="approved", award=award)
    await client.sign_in(cast.finance)
    shown = (await client.get(f"/api/v1/awards/{award.reference}/tranches/1")).json()
    assert shown["account"] == "GE… 4917" and len(shown["obstacles"]) == 1 and "order" not in shown["moves"]
    listed = (await client.get("/api/v1/payments?state=approved")).json()
    assert (listed["found"], listed["exact"], listed["next"], listed["page"]) == (1, True, None, 1)
    (item,) = listed["items"]
    assert (item["award"], item["number"], len(item["obstacles"])) == (award.reference, 1, 1) and "iban" not in item


async def test_bank_accounts_and_ledger(cast, client):
    root = f"/api/v1/organisations/{cast.vani_youth.id}/bank"
    await client.sign_in(cast.signatory)
    entered = await client.post(
        root, data={"iban": "GE29NB0000000101904917", "holder": "Vani Youth"},
        files={"letter": ("letter.pdf", a_pdf(), "application/pdf")},
    )  # fmt: skip
    assert entered.status_code == 201, entered.text
    number = entered.json()["id"]
    await client.sign_in(cast.finance)
    assert (await client.post(f"{root}/{number}/verification", json={"note": "Called the office"})).status_code == 200
    (listed,) = (await client.get(root)).json()
    assert listed["verified_at"]
    assert (await client.post(f"{root}/{number}/retirement", json={"reason": "Closed by the bank"})).json()[
        "retired_at"
    ]
    await a_tranche(cast, state="paid")
    ledger = (await client.get("/api/v1/ledger")).json()
    assert ledger["found"] == await value("SELECT count(*) FROM ledger_entry") == 2
    assert ledger["items"][0]["paid"] == "3000.00"
