"""Awards as JSON: the same actions, the same refusals, money as strings."""

from datetime import timedelta

from foundation.clock import today
from tests.builders.awards import a_bank_account, a_recommended_application, an_award
from tests.builders.uploads import a_pdf


async def test_from_recommendation_to_active_by_json(cast, client):
    application = await a_recommended_application(cast)
    await client.sign_in(cast.director)
    (listed,) = (await client.get("/api/v1/approvals")).json()
    assert (listed["number"], listed["amount"]) == (application.number, "6000.00")
    made = await client.post(f"/api/v1/approvals/{application.number}/approval")
    assert made.status_code == 201
    root = f"/api/v1/awards/{made.json()['reference']}"
    start, end = today(), today() + timedelta(days=180)
    await client.sign_in(cast.curator)
    terms = {
        "title_en": "Open budget", "starts_on": str(start), "ends_on": str(end),
        "offer_expires_on": str(today() + timedelta(days=9)),
    }  # fmt: skip
    assert (await client.put(f"{root}/terms", json=terms)).status_code == 200
    reports = [{"kind": "final", "period_from": str(start), "period_to": str(end), "due_on": str(end)}]
    assert (await client.put(f"{root}/calendar", json={"reports": reports})).json()["reports"][0]["number"] == 1
    plan = {"tranches": [{"amount": "6000.00", "agreement_active": True}]}
    assert (await client.put(f"{root}/tranches", json=plan)).json()[0]["amount"] == "6000.00"
    await client.sign_in(cast.director)
    offered = (await client.post(f"{root}/offer")).json()
    assert (offered["state"], [each["version"] for each in offered["agreements"]]) == ("offered", [1])
    await a_bank_account(cast)
    await client.sign_in(cast.signatory)
    assert set((await client.get(root)).json()["moves"]) == {"signature", "change-request", "refusal"}
    headers = {"content-type": "application/pdf", "x-filename": "signed.pdf"}
    signed = await client.post(f"{root}/signature", content=a_pdf(), headers=headers)
    assert signed.json()["state"] == "signed_cso"
    await client.sign_in(cast.director)
    assert (await client.post(f"{root}/countersignature")).json()["state"] == "active"
    (tranche,) = (await client.get(f"{root}/tranches")).json()
    assert tranche["state"] == "due"


async def test_refusals_are_problems_with_a_sentence(cast, client):
    award = await an_award(cast, state="drafting", tranches=["10"])
    await client.sign_in(cast.director)
    answer = await client.post(f"/api/v1/awards/{award.reference}/offer")
    assert answer.status_code == 409 and answer.headers["content-type"].startswith("application/problem+json")
    for body, field in (({"amount": 5}, "tranches"), ({"tranches": [{"amount": 5.5}]}, "tranches.0.amount")):
        answer = await client.put(f"/api/v1/awards/{award.reference}/tranches", json=body)
        assert answer.status_code == 422 and field in answer.json()["errors"]
    answer = await client.post(f"/api/v1/awards/{award.reference}/withdrawal", json={"reason": "x", "more": 1})
    assert set(answer.json()["errors"]) == {"reason", "more"}


async def test_moves_with_a_reason_and_closing(cast, client):
    award = await an_award(cast)
    await client.sign_in(cast.director)
    root = f"/api/v1/awards/{award.reference}"
    assert (await client.post(f"{root}/suspension", json={"reason": "A report is missing"})).json()[
        "state"
    ] == "suspended"
    assert (await client.post(f"{root}/resumption", json={"reason": "It came"})).json()["state"] == "active"
    closing = await an_award(cast, state="closing")
    await client.sign_in(cast.manager)
    answer = await client.post(f"/api/v1/awards/{closing.reference}/closure")
    assert answer.json() == {"closed": False}


async def test_the_list(cast, client):
    await an_award(cast)
    await client.sign_in(cast.signatory)
    answer = (await client.get("/api/v1/awards")).json()
    assert (answer["found"], answer["items"][0]["paid"], answer["items"][0]["municipality"]) == (1, "0.00", "vani")


async def test_a_draft_is_not_shown_to_the_grantee(cast, client):
    award = await an_award(cast, state="drafting")
    await client.sign_in(cast.signatory)
    assert (await client.get(f"/api/v1/awards/{award.reference}")).json()["reports"] == []
    assert (await client.get(f"/api/v1/awards/{award.reference}/tranches")).json() == []
