"""The JSON API: the same actions, strict input, and answers that can be asked for again."""

from uuid import uuid4

from foundation.database import value
from foundation.merging import written
from grants.applications.drafting import actions as drafting
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import a_pdf

API = "/api/v1/applications"


async def test_a_client_writes_and_sends(cast, client):
    call = await a_call(cast)
    await client.sign_in(cast.signatory)
    begun = (await client.post(f"/api/v1/calls/{call.reference}/applications", json={})).json()
    home = f"{API}/{begun['number']}"
    assert begun["state"] == "draft" and {"sign-off", "submission"} <= set(begun["moves"])
    about = {
        "title_ka": "ცენტრი", "summary_ka": "აღწერა", "starts_on": "2027-03-01", "ends_on": "2027-09-01",
        "municipality_id": str(cast.vani.id),
    }  # fmt: skip
    assert (await client.put(f"{home}/about", json={"answers": about})).status_code == 200
    for section in call.sections:
        answers = {
            str(q.id): {"number": "5", "yes_no": "no", "choice": "old"}.get(q.kind, "პასუხი") for q in section.questions
        }
        saved = await client.put(f"{home}/sections/{section.id}", json={"answers": answers})
        assert (saved.status_code, saved.json()["seen"]) == (200, written(answers))
    row = {"item": "X", "category": "other", "quantity": "2", "unit_cost": "1500"}
    saved = (await client.put(f"{home}/budget", json={"rows": [row, {**row, "quantity": "two"}]})).json()
    assert set(saved["errors"]) == {"lines.1.quantity"}
    assert (await client.put(f"{home}/budget", json={"rows": [row], "seen": saved["seen"]})).json()["errors"] == {}
    unfinished = await client.post(f"{home}/submission")
    assert unfinished.status_code == 422
    assert [part["key"] for part in unfinished.json()["parts"]] == ["documents", "declaration"]
    for document in call.documents:
        await client.send_form(
            f"/en/applications/{begun['number']}/documents", {"document_id": str(document.id)},
            files={"file": ("a.pdf", a_pdf(), "application/pdf")},
        )  # fmt: skip
    assert (await client.put(f"{home}/declaration", json={"declared": True})).status_code == 204
    sent = await client.post(f"{home}/submission")
    assert sent.status_code == 200 and sent.json()["state"] == "submitted" and len(sent.json()["sha256"]) == 64
    shown = (await client.get(home)).json()
    assert shown["content"]["requested"] == "3000.00" and shown["parts"] is None


async def test_the_same_key_gets_the_same_answer(cast, client):
    application = await an_application(cast, state="draft", declared=True)
    await client.sign_in(cast.signatory)
    for document in application.call.documents:
        await client.send_form(
            f"/en/applications/{application.number}/documents", {"document_id": str(document.id)},
            files={"file": ("a.pdf", a_pdf(), "application/pdf")},
        )  # fmt: skip
    url, key = f"{API}/{application.number}/submission", {"Idempotency-Key": str(uuid4())}
    first = await client.post(url, headers=key)
    again = await client.post(url, headers=key)
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    other = await client.post(url, headers=key, json={"another": "request"})
    assert other.status_code == 409
    assert (await client.post(url, headers={"Idempotency-Key": str(uuid4())})).status_code == 409
    assert (await client.post(url, headers={"Idempotency-Key": "x"})).status_code == 409
    assert await value("SELECT count(*) FROM event WHERE name = 'application.submitted'") == 1


async def test_what_was_refused_may_be_tried_again_with_the_same_key(cast, client):
    application = await an_application(cast, state="draft", declared=True)
    await client.sign_in(cast.signatory)
    url, key = f"{API}/{application.number}/submission", {"Idempotency-Key": str(uuid4())}
    assert (await client.post(url, headers=key)).status_code == 422
    assert await value("SELECT count(*) FROM idempotency") == 0


async def test_a_stale_change_is_told_what_is_stored(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    section = application.call.sections[0]
    url, question = f"{API}/{application.number}/sections/{section.id}", str(section.questions[0].id)
    stale = await client.put(url, json={"answers": {question: "mine"}, "seen": "0000000000000000"})
    assert stale.status_code == 409
    seen = stale.json()["seen"]
    assert set(stale.json()["stored"]) == {question}
    assert (await client.put(url, json={"answers": {question: "mine"}, "seen": seen})).status_code == 200


async def test_unknown_fields_and_shapes_are_refused(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    home = f"{API}/{application.number}"
    for body in (
        {"answers": {}, "state": "approved"},
        {"answers": {"title_ka": 1}},
        {"answers": []},
        [],
    ):
        assert (await client.put(f"{home}/about", json=body)).status_code in (400, 422), body
    rows = [{"item": "X", "amount": "1"}]
    assert (await client.put(f"{home}/budget", json={"rows": rows})).status_code == 422


async def test_staff_list_what_was_submitted(cast, client):
    sent = await an_application(cast, state="submitted", title_ka="სოფლის ბიბლიოთეკა")
    await an_application(cast, state="draft")
    await client.sign_in(cast.auditor)
    found = (await client.get(API)).json()
    assert (found["found"], [each["number"] for each in found["items"]]) == (1, [sent.number])
    assert found["items"][0]["requested"] == "4000.00"
    assert (await client.get(API, params={"q": "ბიბლიოთეკა", "state": "in_review"})).json()["found"] == 0
    await client.sign_in(cast.signatory)
    own = (await client.get(API)).json()
    assert own["found"] == 2
    await client.sign_in(cast.donor)
    assert (await client.get(API)).status_code == 404


async def test_the_check_through_the_api(cast, client):
    application = await an_application(cast, await a_call(cast, "closed"), "submitted")
    home = f"{API}/{application.number}"
    await client.sign_in(cast.curator)
    assert (await client.post(f"{home}/admin-check")).status_code == 204
    judged = {str(each.id): {"passed": True} for each in application.call.eligibility}
    assert (await client.put(f"{home}/eligibility", json={"criteria": judged})).status_code == 204
    await client.sign_in(cast.manager)
    assert (await client.post(f"{home}/review")).status_code == 204
    assert (await client.get(home)).json()["state"] == "in_review"


async def test_saving_by_itself_never_undoes_what_somebody_else_wrote(cast, client):
    """The page still shows the old answer to the other question; what the client gets to send next time says so."""
    application = await an_application(cast, state="draft")
    section = application.call.sections[0]
    first, second = (str(question.id) for question in section.questions)
    url = f"{API}/{application.number}/sections/{section.id}"
    await client.sign_in(cast.editor)
    shown = {first: "one", second: "two"}
    seen = (await client.put(url, json={"answers": shown})).json()["seen"]
    await client.put(url, json={"answers": {second: "theirs"}})
    for typed in ("mine", "mine again"):
        saved = await client.put(url, json={"answers": {**shown, first: typed}, "seen": seen})
        seen = saved.json()["seen"]
    stored = await drafting.answers_of(application, section.id)
    assert {str(key): text for key, text in stored.items()} == {first: "mine again", second: "theirs"}
