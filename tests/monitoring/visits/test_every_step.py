"""Every step of a visit and of its findings, by the page and by the API: the state, and who did it."""

from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import get, row
from monitoring.visits.tables import Finding, Visit
from tests.builders.awards import an_award
from tests.builders.people import a_second_curator
from tests.builders.visits import a_finding, a_visit
from tests.surfaces import by_page_and_api, last_event, take

REASON = {"reason": "The road was closed"}


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "who", "given", "after", "event"),
    [
        ("planned", "confirmation", "curator", {}, "confirmed", "visit.confirmed"),
        ("confirmed", "start", "curator", {}, "in_field", "visit.started"),
        ("planned", "cancellation", "curator", REASON, "cancelled", "visit.cancelled"),
        ("received", "loss", "manager", REASON, "complete", "visit.completed_with_loss"),
        ("complete", "review-request", "curator", {}, "in_review", "visit.handed_in"),
        ("in_review", "approval", "manager", {}, "approved", "visit.approved"),
        ("in_review", "return", "manager", REASON, "in_field", "visit.returned"),
    ],
)
async def test_a_step_of_a_visit(surface, before, noun, who, given, after, event, cast, client):
    visit = await a_visit(cast, state=before)
    await client.sign_in(cast.people[who])
    at = f"/visits/{visit.id}/{noun}"
    await take(client, surface, f"/visits/{visit.reference}/{noun}", given, at=at)
    assert (await get(Visit, visit.id)).state == after
    assert await last_event(visit.id) == (event, cast.people[who].id)


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "who", "given", "after", "event"),
    [
        ("draft", "sharing", "curator", {}, "shared", "finding.shared"),
        ("shared", "response", "signatory", {"response_kind": "disagrees", "response": "They were held"}, "responded",
         "finding.responded"),
        ("responded", "settlement", "manager", {}, "final", "finding.final"),
        ("responded", "return", "manager", REASON, "draft", "finding.returned"),
        ("final", "closure", "manager", {}, "closed", "finding.closed"),
        ("shared", "withdrawal", "curator", REASON, "withdrawn", "finding.withdrawn"),
    ],
)  # fmt: skip
async def test_a_step_of_a_finding(surface, before, noun, who, given, after, event, cast, client):
    visit = await a_visit(cast, state="complete")
    finding = await a_finding(cast, visit, state=before)
    await client.sign_in(cast.people[who])
    path = f"/visits/{visit.reference}/findings/{finding.id}/{noun}"
    await take(client, surface, path, given, at=f"/findings/{finding.id}/{noun}")
    fresh = await get(Finding, finding.id)
    assert fresh.state == after and await last_event(finding.id) == (event, cast.people[who].id)
    if noun == "response":
        assert (fresh.response_kind, fresh.response, fresh.responded_by) == (
            "disagrees", "They were held", cast.signatory.id,
        )  # fmt: skip


async def test_a_visit_is_planned_moved_and_written_about_by_the_api(cast, client):
    award = await an_award(cast)
    await client.sign_in(cast.curator)
    days = {"planned_from": str(today() + timedelta(days=7)), "planned_to": str(today() + timedelta(days=8))}
    planned = await client.post("/api/v1/visits", json={"award_id": str(award.id), "purpose_en": "See it"} | days)
    assert planned.status_code == 201, planned.text
    visit = await get(Visit, planned.json()["id"])
    assert (visit.state, visit.award_id, visit.planned_from) == ("planned", award.id, today() + timedelta(days=7))
    at = f"/api/v1/visits/{visit.id}"
    later = {"planned_from": str(today() + timedelta(days=9)), "planned_to": str(today() + timedelta(days=9))}
    moved = await client.post(f"{at}/schedule", json=later | {"reason": "Snow"})
    assert moved.status_code == 200, moved.text
    assert (await get(Visit, visit.id)).planned_from == today() + timedelta(days=9)
    told = await a_visit(cast, award, state="complete")
    found = {"kind": "problem", "severity": "low", "text": "Half of it was held"}
    written = await client.post(f"/api/v1/visits/{told.id}/findings", json=found)
    assert written.status_code == 201, written.text
    kept = await row("SELECT text, severity, author_id, visit_id FROM finding WHERE id = $1", written.json()["id"])
    assert dict(kept) == {
        "text": "Half of it was held", "severity": "low", "author_id": cast.curator.id, "visit_id": told.id,
    }  # fmt: skip
    receipt = await client.get(f"/api/v1/visits/{told.id}/receipt")
    assert receipt.status_code == 200 and receipt.json()["attachments"] == []


@by_page_and_api
async def test_a_visit_changes_hands(surface, cast, client):
    nino, visit = await a_second_curator(cast), await a_visit(cast, state="in_field")
    await client.sign_in(cast.manager)
    given = {"successor": str(nino.id), "reason": "She left us"}
    await take(client, surface, f"/visits/{visit.reference}/handover", given, at=f"/visits/{visit.id}/handover")
    fresh = await get(Visit, visit.id)
    assert (fresh.lead_id, fresh.earlier_owners) == (nino.id, [cast.curator.id])
    assert await last_event(visit.id) == ("visit.handed_over", cast.manager.id)


@by_page_and_api
async def test_a_finding_changes_hands(surface, cast, client):
    nino, visit = await a_second_curator(cast), await a_visit(cast, state="approved")
    finding = await a_finding(cast, visit, state="shared")
    await client.sign_in(cast.manager)
    given = {"successor": str(nino.id), "reason": "She left us"}
    path = f"/visits/{visit.reference}/findings/{finding.id}/handover"
    await take(client, surface, path, given, at=f"/findings/{finding.id}/handover")
    fresh = await get(Finding, finding.id)
    assert (fresh.author_id, fresh.earlier_owners) == (nino.id, [cast.curator.id])
    assert await last_event(finding.id) == ("finding.handed_over", cast.manager.id)
