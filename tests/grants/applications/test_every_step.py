"""Every step of an application, by the page and by the API: the state, who took it, what stays."""

from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import get, row
from grants.applications.tables import Application
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.surfaces import by_page_and_api, last_event, take

REASON = {"reason": "It was heard and found right"}


async def taken(application, surface, noun, who, given, cast, client):
    await client.sign_in(cast.people[who])
    await take(client, surface, f"/applications/{application.number}/{noun}", given)
    return await get(Application, application.id)


@by_page_and_api
@pytest.mark.parametrize(
    ("call", "before", "noun", "who", "given", "after", "event"),
    [
        ("open", "draft", "sign-off", "editor", {}, "awaiting_signoff", "application.handed_over"),
        ("open", "awaiting_signoff", "editing", "editor", {}, "draft", "application.handed_back"),
        ("open", "submitted", "take-back", "signatory", {}, "draft", "application.taken_back"),
        ("open", "submitted", "withdrawal", "signatory", {}, "withdrawn", "application.withdrawn"),
        ("closed", "submitted", "admin-check", "curator", {}, "admin_check", "application.check_begun"),
        ("evaluating", "ineligible", "readmission", "director", REASON, "admin_check", "application.readmitted"),
    ],
)
async def test_a_step(surface, call, before, noun, who, given, after, event, cast, client):
    application = await an_application(cast, await a_call(cast, call, parts=noun != "sign-off"), before, declared=True)
    fresh = await taken(application, surface, noun, who, given, cast, client)
    assert (fresh.state, await last_event(application.id)) == (after, (event, cast.people[who].id))
    assert fresh.checked_by == (cast.curator.id if noun == "admin-check" else application.checked_by)


@by_page_and_api
async def test_a_question_back_and_its_answer(surface, cast, client):
    application = await an_application(cast, state="admin_check")
    due = today() + timedelta(days=5)
    asked = await taken(
        application, surface, "clarification", "curator", {"question": "How many?", "due_on": str(due)}, cast, client
    )
    assert asked.state == "clarification"
    answered = await taken(application, surface, "reply", "signatory", {"reply": "Forty-two"}, cast, client)
    assert (answered.state, await last_event(application.id)) == (
        "admin_check", ("application.clarified", cast.signatory.id),
    )  # fmt: skip
    kept = await row("SELECT question, reply FROM clarification WHERE application_id = $1", application.id)
    assert (kept["question"], kept["reply"]) == ("How many?", "Forty-two")


async def test_an_answer_is_kept_by_the_api_before_it_is_sent(cast, client):
    application = await an_application(cast, state="admin_check")
    given = {"question": "How many?", "due_on": str(today() + timedelta(days=5))}
    await taken(application, "api", "clarification", "curator", given, cast, client)
    await client.sign_in(cast.editor)
    url = f"/api/v1/applications/{application.number}/reply"
    assert (await client.put(url, json={"answers": {"reply": "Forty"}})).status_code == 204
    kept = await row("SELECT * FROM clarification WHERE application_id = $1", application.id)
    assert "Forty" in str(dict(kept)) and kept["reply"] is None
    assert (await get(Application, application.id)).state == "clarification"


@by_page_and_api
@pytest.mark.parametrize("noun", ["ineligibility/confirmation", "ineligibility/refusal"])
async def test_two_turn_an_application_away(surface, noun, cast, client):
    application = await an_application(cast, state="admin_check")
    criterion = application.call.eligibility[0].id
    given = {"criterion_id": str(criterion), "reason": "It is not registered"}
    proposed = await taken(application, surface, "ineligibility", "curator", given, cast, client)
    assert (proposed.state, proposed.ineligible_proposed_by) == ("admin_check", cast.curator.id)
    decided = await taken(application, surface, noun, "manager", REASON, cast, client)
    if noun.endswith("confirmation"):
        assert (decided.state, decided.ineligible_confirmed_by) == ("ineligible", cast.manager.id)
    else:
        assert (decided.state, decided.ineligible_proposed_by) == ("admin_check", None)
    assert (await last_event(application.id))[1] == cast.manager.id


@by_page_and_api
async def test_criteria_are_judged_and_the_application_goes_into_review(surface, cast, client):
    application = await an_application(cast, state="admin_check")
    call = application.call
    await client.sign_in(cast.curator)
    at = f"/applications/{application.number}"
    if surface == "page":
        given = {f"criteria.{each.id}.passed": "true" for each in call.eligibility}
        assert (await client.send_form(f"/en{at}/eligibility", given)).status_code == 303
    else:
        given = {"criteria": {str(each.id): {"passed": True} for each in call.eligibility}}
        assert (await client.put(f"/api/v1{at}/eligibility", json=given)).status_code == 204
    passed = "SELECT count(*) FILTER (WHERE passed) = count(*) AS all FROM eligibility_check WHERE application_id = $1"
    assert (await row(passed, application.id))["all"]
    fresh = await taken(application, surface, "review", "manager", {}, cast, client)
    assert (fresh.state, await last_event(application.id)) == (
        "in_review", ("application.review_started", cast.manager.id),
    )  # fmt: skip
