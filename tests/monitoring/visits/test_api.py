"""A phone tells its visits as often as it likes, and believes only receipts."""

from uuid import uuid4

import pytest

from foundation.clock import today
from foundation.database import rows, value
from tests.builders.uploads import a_jpeg, a_pdf
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.monitoring.visits.conftest import a_text, announced


async def test_an_unplanned_visit_arrives_whole(phone, award, cast):
    key = uuid4()
    answer = await phone.tell(key, a_text(award_id=str(award.id)))
    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["state"], receipt["missing_answers"], receipt["missing_attachments"]) == ("complete", [], [])
    whole = (await phone.client.get(f"/api/v1/visits/{key}")).json()
    assert (whole["latitude"], whole["longitude"], whole["accuracy_m"]) == ("42.11234", "42.55679", None or 13)
    assert (whole["lead_id"], whole["award_reference"]) == (str(cast.curator.id), award.reference)


async def test_the_same_bytes_again_get_the_same_receipt(phone, award):
    key, told = uuid4(), a_text(award_id=str(award.id))
    first = await phone.tell(key, told)
    again = await phone.tell(key, told)
    assert (first.status_code, again.status_code, again.content) == (201, 200, first.content)
    assert await value("SELECT count(*) FROM event WHERE object_id = $1 AND name = 'visit.received'", key) == 1


async def test_a_planned_visit_begins_by_being_told(phone, cast, award):
    visit = await a_visit(cast, award, state="confirmed")
    answer = await phone.tell(visit.id, a_text(base_rev=0))
    assert (answer.status_code, answer.json()["state"], answer.json()["code"]) == (200, "complete", visit.reference)


async def test_what_the_server_holds_is_not_overwritten_unread(phone, award):
    key = uuid4()
    first = await phone.tell(key, a_text(award_id=str(award.id)))
    other = await phone.tell(key, a_text(notes="სხვა ტელეფონიდან"))
    assert other.status_code == 409
    read = await phone.tell(key, a_text(notes="წავიკითხე და შევცვალე", base_rev=first.json()["revision"]))
    assert read.status_code == 200
    assert (await phone.client.get(f"/api/v1/visits/{key}")).json()["notes"] == "წავიკითხე და შევცვალე"


async def test_missing_answers_are_listed_and_the_text_is_kept(phone, award):
    key = uuid4()
    answer = await phone.tell(key, {"award_id": str(award.id), "notes": "მხოლოდ ეს"})
    receipt = answer.json()
    assert (answer.status_code, receipt["state"]) == (201, "received")
    assert receipt["missing_answers"] == [
        "documents_seen", "eu_visibility", "men", "no_position_reason", "on_track", "place", "visited_on", "women",
    ]  # fmt: skip
    later = await phone.tell(key, a_text(base_rev=receipt["revision"]))
    assert later.json()["state"] == "complete"


async def test_a_visit_is_complete_with_its_last_photo(phone, award, picture):
    key, other = uuid4(), a_jpeg(800, 600)
    manifest = announced(picture, other, caption="დარბაზი", public=True)
    receipt = (await phone.tell(key, a_text(award_id=str(award.id), manifest=manifest))).json()
    assert receipt["missing_attachments"] == [entry["id"] for entry in manifest]
    first = await phone.photo(key, manifest[0]["id"], picture)
    assert (first.status_code, first.json()["state"]) == (201, "received")
    last = (await phone.photo(key, manifest[1]["id"], other)).json()
    assert (last["state"], last["missing_attachments"]) == ("complete", [])
    assert [(held["id"], held["sha256"]) for held in last["attachments"]] == [(e["id"], e["sha256"]) for e in manifest]
    held = await rows("SELECT caption_ka, consent, public FROM visit_photo WHERE visit_id = $1", key)
    assert [tuple(one.values()) for one in held] == [("დარბაზი", True, True)] * 2


async def test_a_photo_sent_again_is_here_once(phone, award, picture):
    key, manifest = uuid4(), announced(picture)
    await phone.tell(key, a_text(award_id=str(award.id), manifest=manifest))
    statuses = [(await phone.photo(key, manifest[0]["id"], picture)).status_code for _ in range(3)]
    assert statuses == [201, 200, 200]
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", key) == 1


async def test_a_photo_cut_on_its_way_is_refused_and_can_be_sent_again(phone, award, picture):
    key, manifest = uuid4(), announced(picture)
    await phone.tell(key, a_text(award_id=str(award.id), manifest=manifest))
    whole = (await phone.photo(key, manifest[0]["id"], picture, **{})).request.headers["content-digest"]
    key2, manifest2 = uuid4(), announced(picture)
    await phone.tell(key2, a_text(award_id=str(award.id), manifest=manifest2))
    cut = await phone.photo(key2, manifest2[0]["id"], picture[:-100], **{"content-digest": whole})
    assert cut.status_code == 409
    assert (await phone.photo(key2, manifest2[0]["id"], picture)).json()["state"] == "complete"


@pytest.mark.parametrize("wrong", ["unannounced", "other bytes", "document", "no digest"])
async def test_a_photo_that_is_not_what_was_announced_is_refused(phone, award, picture, wrong):
    key, paper = uuid4(), a_pdf()
    manifest = announced(paper if wrong == "document" else picture)
    await phone.tell(key, a_text(award_id=str(award.id), manifest=manifest))
    name = manifest[0]["id"]
    if wrong == "unannounced":
        answer = await phone.photo(key, uuid4(), picture)
    elif wrong == "other bytes":
        answer = await phone.photo(key, name, a_jpeg(100, 100))
    elif wrong == "document":
        answer = await phone.photo(key, name, paper)
    else:
        answer = await phone.photo(key, name, picture, **{"content-digest": "sha-256=:bm90IGEgaGFzaA==:"})
    assert answer.status_code == 409
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", key) == 0


async def test_findings_come_with_the_text_and_once(phone, award):
    key, finding = uuid4(), {"id": str(uuid4()), "kind": "risk", "severity": "medium", "text": "ხელშეკრულება არ არის."}
    told = a_text(award_id=str(award.id), findings=[finding])
    receipt = (await phone.tell(key, told)).json()
    changed = finding | {"severity": "high"}
    await phone.tell(key, told | {"findings": [changed], "base_rev": receipt["revision"]})
    here = (await phone.client.get(f"/api/v1/visits/{key}/findings")).json()
    assert [(one["id"], one["severity"], one["state"]) for one in here] == [(finding["id"], "high", "draft")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"visited_on": "2999-01-01"}, {"women": -1}, {"women": 1e9}, {"latitude": 91, "longitude": 0}, {"latitude": None},
        {"form_version": 99}, {"on_track": "maybe"}, {"unheard_of": 1}, {"notes": "x" * 10_001}, {"notes": "a\x00b"},
        {"manifest": [{"id": "x", "sha256": "y"}]}, {"points": {"not an id": {"answer": "done"}}},
        {"manifest": [{"id": "0198c0de-0000-7000-8000-000000000000", "sha256": "0" * 64, "public": True}]},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_said_by_field(phone, award, wrong):
    answer = await phone.tell(uuid4(), a_text(award_id=str(award.id), **wrong))
    assert answer.status_code in (400, 422), answer.text


async def test_a_text_cut_on_its_way_is_refused(phone, award):
    answer = await phone.tell(
        uuid4(), a_text(award_id=str(award.id)), **{"content-digest": "sha-256=:" + "A" * 43 + "=:"}
    )
    assert answer.status_code == 400


async def test_another_curator_cannot_take_the_visit_over(phone, award, cast):
    key = uuid4()
    await phone.tell(key, a_text(award_id=str(award.id)))
    await phone.client.sign_in(cast.curator2)
    assert (await phone.tell(key, a_text(award_id=str(award.id)))).status_code == 404
    assert (await phone.client.get(f"/api/v1/visits/{key}/receipt")).status_code == 404


async def test_a_curator_cannot_visit_another_curators_grant(phone, award, cast):
    await phone.client.sign_in(cast.curator2)
    assert (await phone.tell(uuid4(), a_text(award_id=str(award.id)))).status_code == 404


async def test_a_handed_in_visit_takes_no_other_text(phone, cast, award):
    visit = await a_visit(cast, award, state="in_review")
    assert (await phone.tell(visit.id, a_text(base_rev=visit.revision))).status_code == 409


async def test_the_whole_way_by_the_api(phone, cast, award):
    client = phone.client
    await client.sign_in(cast.manager)
    planned = await client.post(
        "/api/v1/visits",
        json={
            "award_id": str(award.id),
            "lead_id": str(cast.curator.id),
            "planned_from": str(today()),
            "planned_to": str(today()),
        },
    )
    assert planned.status_code == 201
    place = f"/api/v1/visits/{planned.json()['id']}"
    await client.sign_in(cast.curator)
    assert (await client.post(f"{place}/confirmation", json={})).json()["state"] == "confirmed"
    assert (await client.post(f"{place}/start", json={})).json()["state"] == "in_field"
    assert (await phone.tell(planned.json()["id"], a_text())).json()["state"] == "complete"
    assert (await client.post(f"{place}/review-request", json={})).json()["state"] == "in_review"
    assert (await client.post(f"{place}/approval", json={})).status_code == 403
    await client.sign_in(cast.manager)
    assert (await client.post(f"{place}/return", json={})).status_code == 422
    assert (await client.post(f"{place}/approval", json={})).json()["state"] == "approved"
    assert (await client.post(f"{place}/unheard-of", json={})).status_code in (404, 405)


async def test_a_finding_goes_its_way_by_the_api(phone, cast, award):
    visit = await a_visit(cast, award, state="approved")
    finding = await a_finding(cast, visit, state="draft")
    client, place = phone.client, f"/api/v1/findings/{finding.id}"
    assert (await client.post(f"{place}/sharing", json={})).json()["state"] == "shared"
    await client.sign_in(cast.editor)
    assert (await client.post(f"{place}/response", json={"response_kind": "disagrees"})).status_code == 422
    answered = await client.post(f"{place}/response", json={"response_kind": "partly", "response": "ნაწილობრივ"})
    assert answered.json()["state"] == "responded"
    await client.sign_in(cast.manager)
    assert (await client.post(f"{place}/settlement", json={})).json()["state"] == "final"
    assert (await client.post(f"{place}/closure", json={})).json()["state"] == "closed"


async def test_the_list_and_the_form_are_there(phone, cast, award):
    visit = await a_visit(cast, award, state="planned")
    await a_visit_photo(cast, visit)
    listed = (await phone.client.get("/api/v1/visits?state=planned&mine=true&sort=day")).json()
    assert (listed["found"], [line["reference"] for line in listed["items"]]) == (1, [visit.reference])
    form = (await phone.client.get(f"/api/v1/visit-forms/1?award_id={award.id}")).json()
    keys = [question["key"] for question in form["questions"]]
    assert keys == ["on_track", "participants", "notes", "eu_visibility", "documents_seen"]
    assert (await phone.client.get("/api/v1/visit-forms/99")).status_code == 404


async def test_nobody_gets_anything_unsigned(client, cast, award):
    visit = await a_visit(cast, award)
    for path in ("", f"/{visit.id}", f"/{visit.id}/receipt", f"/{visit.id}/findings"):
        assert (await client.get(f"/api/v1/visits{path}")).status_code == 401
