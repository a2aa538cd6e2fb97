"""From assignment to a decided call, all by JSON."""

from datetime import timedelta

from foundation.clock import today
from foundation.database import value
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review

SOON = (today() + timedelta(days=10)).isoformat()


async def test_the_whole_way_by_json(cast, client):
    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "in_review")
    at = f"/api/v1/calls/{call.reference}"
    await client.sign_in(cast.manager)
    by_hand = {"number": application.number, "reviewers": [str(cast.reviewer.id)], "due_on": SOON}
    assert (await client.post(f"{at}/reviews", json=by_hand)).json() == {"assigned": 1}
    assert (await client.post(f"{at}/reviews/suggestion", json={"due_on": SOON})).json() == {"assigned": 1}
    (listed,) = (await client.get(f"{at}/reviews")).json()
    assert (listed["lacking"], [r["state"] for r in listed["reviews"]]) == (0, ["invited", "invited"])
    assert (await client.post(f"{at}/evaluation")).status_code == 409
    for who in ("reviewer", "reviewer2"):
        await client.sign_in(cast.people[who])
        (mine,) = (await client.get("/api/v1/reviews")).json()["items"]
        review = f"/api/v1/reviews/{mine['id']}"
        assert (await client.get(review)).json()["content"] is None
        assert (await client.post(f"{review}/declaration", json={"conflict": False})).json()["state"] == "clear"
        assert (await client.get(review)).json()["content"]["sections"]
        early = await client.put(f"{review}/scores", json={"scores": {}})
        assert (
            early.status_code == 409 and "started the evaluation" in early.json()["title"]
        ) or "შეფასება" in early.text
    await client.sign_in(cast.manager)
    assert (await client.post(f"{at}/evaluation")).status_code == 204
    scores = {str(c.id): {"points": c.max_points, "comment": "Full."} for c in call.criteria}
    for who in ("reviewer", "reviewer2"):
        await client.sign_in(cast.people[who])
        review = f"/api/v1/reviews/{(await client.get('/api/v1/reviews')).json()['items'][0]['id']}"
        assert (await client.put(f"{review}/scores", json={"scores": scores, "comment": "Good."})).status_code == 200
        assert (await client.post(f"{review}/lock")).json()["state"] == "locked"
    shown = (await client.get(review)).json()
    assert shown["total"] == "100" and [o["total"] for o in shown["others"]] == ["100"]
    await client.sign_in(cast.chair)
    (place,) = (await client.get(f"{at}/ranking")).json()["places"]
    assert (place["average"], place["rank"], place["fits"], place["running"]) == ("100", 1, True, "4000.00")
    decision = f"{at}/decisions/{application.number}"
    given = {"outcome": "approve", "amount": "4000.00", "reason": "It answers a real need."}
    assert (await client.put(decision, json={**given, "amount": None})).status_code == 422
    assert (await client.put(decision, json=given)).status_code == 204
    assert (await client.delete(decision)).status_code == 204
    assert (await client.put(decision, json=given)).status_code == 204
    meeting = {"held_on": today().isoformat(), "present": "Five members", "text": "We read all."}
    assert (await client.put(f"{at}/minutes/1", json=meeting)).json()["present"] == "Five members"
    signed = (await client.post(f"{at}/minutes/1/signature")).json()
    assert signed["state"] == "signed" and len(signed["sha256"]) == 64
    assert (await client.get(f"{at}/minutes")).json() == [signed]
    assert (await client.post(f"{at}/decision")).status_code == 204
    assert await value("SELECT state FROM call WHERE id = $1", call.id) == "decided"
    await client.sign_in(cast.signatory)
    told = (await client.get(f"/api/v1/applications/{application.number}/decision")).json()
    assert (told["outcome"], told["amount"], told["average"], told["reviews"]) == ("approve", "4000.00", "100", 2)
    assert "reviewer" not in str(told).lower().replace("reviews", "")


async def test_reopening_replacing_promoting_by_json(cast, client):
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    locked = await a_review(cast, application, "locked")
    drafting = await a_review(cast, application, "drafting", cast.reviewer2)
    await client.sign_in(cast.chair)
    again = await client.post(f"/api/v1/reviews/{locked.id}/reopening", json={"reason": "Points and words differ."})
    assert again.json()["state"] == "reopened"
    await client.sign_in(cast.manager)
    done = await client.post(f"/api/v1/reviews/{drafting.id}/replacement", json={"reason": "Fell ill."})
    assert done.json()["state"] == "replaced"
    decided = await a_call(cast, "decided")
    waiting = await a_decided_application(cast, "reserve", decided)
    promotion = f"/api/v1/calls/{decided.reference}/decisions/{waiting.number}/promotion"
    assert (await client.post(promotion)).status_code == 204
    assert await value("SELECT state FROM application WHERE id = $1", waiting.id) == "recommended"
    reason = {"reason": "A complaint was upheld."}
    assert (
        await client.post(f"/api/v1/calls/{decided.reference}/evaluation-reopening", json=reason)
    ).status_code == 204
    assert await value("SELECT state FROM call WHERE id = $1", decided.id) == "evaluating"
    await client.sign_in(cast.chair)
    assert (await client.post(f"/api/v1/calls/{decided.reference}/minutes")).json()["number"] == 2
    opened = "SELECT state FROM meeting_minutes WHERE call_id = $1 AND number = 2"
    assert await value(opened, decided.id) == "open"
