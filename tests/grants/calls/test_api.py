"""Calls as JSON: the same rules behind another door."""

from datetime import timedelta

from foundation.database import get
from grants.calls.queries import call_of, sections_of
from grants.calls.tables import Call
from tests.builders.calls import a_call

TERMS = {
    "currency": "EUR", "envelope": "50000.00", "min_award": "1000.00", "max_award": "5000.00", "opens_on": "2030-01-10",
    "opens_time": "10:00", "deadline_on": "2030-02-10", "deadline_time": "18:00",
}  # fmt: skip


async def test_everybody_reads_calls_that_were_opened(cast, client):
    call, draft = await a_call(cast), await a_call(cast, "draft")
    listed = (await client.get("/api/v1/calls")).json()
    assert [each["reference"] for each in listed["items"]] == [call.reference] and listed["found"] == 1
    whole = (await client.get(f"/api/v1/calls/{call.reference}")).json()
    assert whole["envelope"] == "60000.00" and whole["state"] == "open"
    assert [s["title_en"] for s in whole["sections"]] == ["Project", "People", "Organisation"]
    assert whole["sections"][2]["questions"][0]["options"][0] == {
        "value": "new",
        "ka": "ორ წლამდე",
        "en": "Less than two years",
    }
    assert [c["weight"] for c in whole["criteria"]] == ["40", "40", "20"]
    assert (await client.get(f"/api/v1/calls/{draft.reference}")).status_code == 404
    assert (await client.post("/api/v1/calls", json=TERMS)).status_code == 401


async def test_a_call_is_made_and_published_by_json(cast, client):
    await client.sign_in(cast.curator)
    made = await client.post("/api/v1/calls", json={**TERMS, "title_ka": "ახალი"})
    assert made.status_code == 201
    at = f"/api/v1/calls/{made.json()['reference']}"
    texts = {f"{n}_{code}": f"{n} {code}" for n in ("title", "summary", "text", "eligibility") for code in ("ka", "en")}
    assert (await client.put(f"{at}/texts", json=texts)).json()["title_en"] == "title en"
    incomplete = await client.post(f"{at}/approval-request")
    assert incomplete.status_code == 409 and incomplete.headers["content-type"] == "application/problem+json"
    assert [gap["page"] for gap in incomplete.json()["gaps"]] == [
        "parts/sections",
        "parts/criteria",
        "parts/eligibility",
    ]
    assert (await client.get(f"{at}/gaps")).json() == incomplete.json()["gaps"]
    pair = {"title_ka": "ა", "title_en": "A"}
    section = (await client.post(f"{at}/parts/sections", json=pair)).json()["id"]
    question = {"section_id": section, "kind": "text", "label_ka": "რა?", "label_en": "What?", "required": True}
    assert (await client.post(f"{at}/parts/questions", json=question)).status_code == 201
    criterion = (await client.post(f"{at}/parts/criteria", json={**pair, "max_points": 9, "weight": "50"})).json()["id"]
    assert (
        await client.put(f"{at}/parts/criteria/{criterion}", json={**pair, "max_points": 10, "weight": "100"})
    ).status_code == 204
    kept = (await client.post(f"{at}/parts/eligibility", json=pair)).json()["id"]
    gone = (await client.post(f"{at}/parts/eligibility", json=pair)).json()["id"]
    assert (await client.post(f"{at}/parts/eligibility/{gone}/position", json={"direction": "up"})).status_code == 204
    assert [each["id"] for each in (await client.get(at)).json()["eligibility"]] == [gone, kept]
    assert (await client.delete(f"{at}/parts/eligibility/{gone}")).status_code == 204
    assert [each["id"] for each in (await client.get(at)).json()["eligibility"]] == [kept]
    assert (await client.post(f"{at}/approval-request")).json()["state"] == "in_approval"
    await client.sign_in(cast.manager)
    assert (await client.post(f"{at}/approval")).json()["state"] == "scheduled"
    await client.sign_in(cast.director)
    assert (await client.post(f"{at}/cancellation", json={"reason": "No money."})).json()["state"] == "cancelled"


async def test_wrong_values_are_a_422_that_names_the_fields(cast, client):
    await client.sign_in(cast.curator)
    answer = await client.post("/api/v1/calls", json={**TERMS, "envelope": 5.5, "deadline_on": "soon"})
    assert answer.status_code == 422 and {"envelope", "deadline_on"} <= set(answer.json()["errors"])
    call = await a_call(cast, "draft")
    part = await client.post(
        f"/api/v1/calls/{call.reference}/parts/criteria", json={"max_points": 1000, "weight": "NaN"}
    )
    assert part.status_code == 422 and set(part.json()["errors"]) == {"max_points", "weight"}


async def test_deadlines_are_extended_and_calls_cloned(cast, client):
    call = await a_call(cast)
    await client.sign_in(cast.manager)
    at, later = f"/api/v1/calls/{call.reference}", (call.deadline + timedelta(days=9)).date().isoformat()
    assert (await client.post(f"{at}/deadline", json={"deadline_on": later, "reason": "Snow."})).status_code == 200
    await client.sign_in(cast.curator)
    copied = (await client.post(f"{at}/copies")).json()
    assert copied["state"] == "draft" and len(copied["municipality_ids"]) == 8
    assert len(await sections_of(await call_of(cast.curator, copied["reference"]))) == 3


async def test_invitations_and_return_by_json(cast, client):
    draft, waiting = await a_call(cast, "draft"), await a_call(cast, "in_approval")
    await client.sign_in(cast.curator)
    chosen = {"organisations": [str(cast.vani_youth.id)]}
    assert (await client.put(f"/api/v1/calls/{draft.reference}/invitations", json=chosen)).status_code == 204
    assert (await call_of(cast.curator, draft.reference)).invited_ids == [cast.vani_youth.id]
    terms = await client.put(f"/api/v1/calls/{draft.reference}/terms", json={**TERMS, "municipalities": []})
    assert terms.json()["municipality_ids"] == []
    changed = await get(Call, draft.id)
    assert (changed.envelope, changed.max_award) == (50000, 5000)
    await client.sign_in(cast.manager)
    back = await client.post(f"/api/v1/calls/{waiting.reference}/return", json={"reason": "Unclear."})
    assert back.json()["state"] == "draft"
