"""Every step of a recommendation, by the page and by the API: the state, the words that stay, who did it."""

from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import get, one_of, row
from monitoring.recommendations.tables import Recommendation
from tests.builders.recommendations import a_recommendation
from tests.surfaces import by_page_and_api, last_event, take

WORDS = {"text": "As I found it"}
LATER = today() + timedelta(days=60)
STEPS = [
    ("draft", "issue", "curator", {}, "issued", "recommendation.issued"),
    ("issued", "acceptance", "signatory", {}, "accepted", "recommendation.accepted"),
    ("issued", "dispute", "signatory", WORDS, "disputed", "recommendation.disputed"),
    ("disputed", "reissue", "manager", WORDS | {"text_en": "Publish half of them"}, "issued", "recommendation.reissued"),
    ("accepted", "start", "signatory", {}, "in_progress", "recommendation.started"),
    ("in_progress", "progress", "signatory", WORDS, "in_progress", "recommendation.progress_told"),
    ("in_progress", "evidence", "signatory", WORDS | {"adopted_on": str(today()), "adoption_kind": "council_decision"},
     "in_progress", "recommendation.evidence_added"),
    ("in_progress", "completion", "signatory", WORDS | {"adopted_on": str(today()), "adoption_kind": "council_decision"},
     "reported_done", "recommendation.reported_done"),
    ("in_progress", "extension", "signatory", WORDS | {"new_due": str(LATER)}, "in_progress",
     "recommendation.extension_asked"),
    ("reported_done", "verification", "manager", WORDS, "verified", "recommendation.verified"),
    ("reported_done", "partial-verification", "manager", WORDS, "partly", "recommendation.partly_done"),
    ("reported_done", "reopening", "manager", WORDS, "reopened", "recommendation.reopened"),
    ("issued", "withdrawal", "manager", WORDS, "withdrawn", "recommendation.withdrawn"),
    ("issued", "accepted-risk", "manager", WORDS, "risk_accepted", "recommendation.risk_accepted"),
]  # fmt: skip


@by_page_and_api
@pytest.mark.parametrize(("before", "noun", "who", "given", "after", "event"), STEPS)
async def test_a_step(surface, before, noun, who, given, after, event, cast, client):
    one = await a_recommendation(cast, state=before)
    await client.sign_in(cast.people[who])
    await take(client, surface, f"/recommendations/{one.reference}/{noun}", given)
    fresh = await get(Recommendation, one.id)
    assert (fresh.state, await last_event(one.id)) == (after, (event, cast.people[who].id))
    if noun in ("progress", "evidence", "completion", "extension"):
        told = await row("SELECT * FROM follow_up WHERE recommendation_id = $1 ORDER BY at DESC LIMIT 1", one.id)
        assert (told["text"], told["author_id"]) == ("As I found it", cast.people[who].id)
        assert told["new_due"] == (LATER if noun == "extension" else None)
    if noun == "reissue":
        assert fresh.text_en == "Publish half of them"


@by_page_and_api
@pytest.mark.parametrize(("noun", "given"), [("extension-approval", {}), ("extension-refusal", WORDS)])
async def test_more_time_is_given_or_not(surface, noun, given, cast, client):
    one = await a_recommendation(cast, state="in_progress")
    await client.sign_in(cast.signatory)
    await take(client, "api", f"/recommendations/{one.reference}/extension", WORDS | {"new_due": str(LATER)})
    await client.sign_in(cast.manager)
    await take(client, surface, f"/recommendations/{one.reference}/{noun}", given)
    fresh = await get(Recommendation, one.id)
    assert fresh.due_current == (LATER if noun == "extension-approval" else one.due_current)
    assert fresh.due_original == one.due_original
    answered = (await last_event(one.id))[0]
    assert answered == (
        "recommendation.extended" if noun == "extension-approval" else "recommendation.extension_refused"
    )


@by_page_and_api
async def test_one_is_replaced_by_another(surface, cast, client):
    one, other = await a_recommendation(cast), await a_recommendation(cast)
    await client.sign_in(cast.curator)
    await take(client, surface, f"/recommendations/{one.reference}/replacement", {"successor": other.reference})
    fresh = await get(Recommendation, one.id)
    assert (fresh.state, fresh.superseded_by) == ("superseded", other.id)
    assert (await get(Recommendation, other.id)).state == "issued"


@by_page_and_api
async def test_one_of_staff_changes_hands(surface, cast, client):
    one = await a_recommendation(
        cast, state="in_progress", addressee="staff", organisation_id=None, owner_id=cast.finance.id
    )
    await client.sign_in(cast.manager)
    given = {"successor": str(cast.curator2.id), "reason": "She left us"}
    await take(client, surface, f"/recommendations/{one.reference}/handover", given)
    fresh = await get(Recommendation, one.id)
    assert (fresh.owner_id, fresh.earlier_owners) == (cast.curator2.id, [cast.finance.id])
    assert await last_event(one.id) == ("recommendation.handed_over", cast.manager.id)


async def test_one_is_drafted_by_the_api_and_edited_on_its_page(cast, client):
    await client.sign_in(cast.curator)
    given = {
        "text_en": "Publish the minutes", "addressee": "cso", "organisation": str(cast.vani_youth.id),
        "municipality": str(cast.vani.id), "priority": "low",
    }  # fmt: skip
    drafted = await client.post("/api/v1/recommendations", json=given)
    assert drafted.status_code == 201, drafted.text
    reference = drafted.json()["reference"]
    one = await one_of(Recommendation, "SELECT * FROM recommendation WHERE reference = $1", reference)
    assert (one.state, one.text_en, one.priority, one.created_by) == (
        "draft", "Publish the minutes", "low", cast.curator.id,
    )  # fmt: skip
    changed = given | {"text_en": "Publish all minutes", "priority": "high", "revision": str(one.revision)}
    await take(client, "page", f"/recommendations/{reference}/edit", changed)
    fresh = await get(Recommendation, one.id)
    assert (fresh.text_en, fresh.priority, fresh.state) == ("Publish all minutes", "high", "draft")
