"""Recommendations through their pages and as JSON."""

from datetime import timedelta
from uuid import UUID, uuid4

from foundation.clock import today
from foundation.database import Database, one_of, value
from monitoring.recommendations.tables import Recommendation
from tests.builders.recommendations import a_recommendation
from tests.builders.uploads import a_pdf
from tests.sheets import table


async def the_newest():
    return await one_of(Recommendation, "SELECT * FROM recommendation ORDER BY created DESC LIMIT 1")


async def test_the_whole_way_through_the_pages(cast, client):
    due = (today() + timedelta(days=20)).isoformat()
    await client.sign_in(cast.curator)
    assert (await client.get("/ka/recommendations/new")).status_code == 200
    form = {"addressee": "cso", "text_en": "Publish the minutes", "municipality": str(cast.vani.id), "due": due,
            "priority": "high"}  # fmt: skip
    answer = await client.send_form("/en/recommendations", form)
    assert (
        answer.status_code == 422 and "Choose the organisation" in answer.text and "Publish the minutes" in answer.text
    )
    answer = await client.send_form("/en/recommendations", form | {"organisation": str(cast.vani_youth.id)})
    assert answer.status_code == 303
    one = await the_newest()
    here = f"/en/recommendations/{one.reference}"
    assert (await client.send_form(f"{here}/issue")).status_code == 303

    await client.sign_in(cast.editor)
    page = await client.get(here)
    assert "Accept it" in page.text and "Dispute it" in page.text
    for noun in ("acceptance", "start"):
        assert (await client.send_form(f"{here}/{noun}")).status_code == 303
    page = await client.get(f"{here}/completion")
    assert page.status_code == 200 and "Report it done" in page.text
    answer = await client.send_form(f"{here}/completion", {"text": "Done"}, files={"file": ("", b"")})
    assert answer.status_code == 409 and "Add evidence first" in answer.text
    paper = ("minutes.pdf", a_pdf(), "application/pdf")
    answer = await client.send_form(f"{here}/completion", {"text": "All are online"}, files={"file": paper})
    assert answer.status_code == 303

    await client.sign_in(cast.curator)
    page = await client.get(here)
    assert "minutes.pdf" in page.text and "Verify it as done" in page.text
    answer = await client.send_form(f"{here}/verification", {"text": ""}, files={"file": ("", b"")})
    assert answer.status_code == 422
    answer = await client.send_form(f"{here}/verification", {"text": "Seen"}, files={"file": ("", b"")})
    assert answer.status_code == 303 and (await the_newest()).state == "verified"


async def test_more_time_is_asked_and_given(cast, client):
    one = await a_recommendation(cast, state="in_progress")
    here = f"/en/recommendations/{one.reference}"
    await client.sign_in(cast.signatory)
    wanted = {"new_due": (one.due_current + timedelta(days=9)).isoformat(), "text": "Snow"}
    assert (await client.send_form(f"{here}/extension", wanted)).status_code == 303
    assert "Give more time" not in (await client.get(here)).text
    await client.sign_in(cast.curator)
    assert "Give more time" in (await client.get(here)).text
    assert (await client.send_form(f"{here}/extension-approval")).status_code == 303
    assert "first set for" in (await client.get(here)).text


async def test_a_step_that_is_not_open_says_so(cast, client):
    one = await a_recommendation(cast, state="issued")
    await client.sign_in(cast.editor)
    assert (await client.get(f"/en/recommendations/{one.reference}/completion")).status_code == 409
    answer = await client.send_form(f"/en/recommendations/{one.reference}/start")
    assert answer.status_code == 409 and "no longer possible" in answer.text


async def test_the_list_searches_filters_sorts_pages_and_costs_the_same(cast, client):
    past = today() - timedelta(days=3)
    late = await a_recommendation(cast, state="accepted", due_original=past, due_current=past, theme="minutes")
    other = await a_recommendation(cast, organisation=cast.guria_women)
    await client.sign_in(cast.manager)

    async def ask(query):
        before = Database.statements
        answer = await client.get(f"/en/recommendations{query}")
        assert answer.status_code == 200
        return Database.statements - before, answer.text

    once, _text = await ask("?sort=-due")
    for _ in range(25):
        await a_recommendation(cast, state="verified")
    again, text = await ask("?sort=-due")
    assert again == once and "Page 1 of 2" in text
    assert late.reference in (await ask("?overdue=yes"))[1] and other.reference not in (await ask("?overdue=yes"))[1]
    assert other.reference in (await ask("?municipality=ozurgeti&state=open"))[1]
    assert late.reference in (await ask("?q=MINUTES"))[1]
    assert "Nothing matches" in (await ask("?q=%25_%27&page=7"))[1]
    for unknown in ("?sort=y", "?state=z", "?colour=red"):
        assert (await client.get(f"/en/recommendations{unknown}")).status_code == 400
    await client.sign_in(cast.other_editor)
    text = (await ask(""))[1]
    assert other.reference in text and late.reference not in text


async def test_the_file_has_all_pages_and_the_same_filters(cast, client):
    for _ in range(22):
        await a_recommendation(cast, text_en="=HYPERLINK(1)")
    await client.sign_in(cast.auditor)
    answer = await client.get("/en/recommendations.csv?state=open")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(table(answer.content).rows) == 22 and "'=HYPERLINK(1)" in answer.text


async def test_the_same_as_json(cast, client):
    one = await a_recommendation(cast, state="issued")
    here = f"/api/v1/recommendations/{one.reference}"
    await client.sign_in(cast.editor)
    assert (await client.get(here)).json()["state"] == "issued"
    assert (await client.post(f"{here}/acceptance")).json()["state"] == "accepted"
    assert (await client.post(f"{here}/completion", json={"text": "x"})).status_code == 409
    assert (await client.post(f"{here}/dispute", json={"colour": "red"})).status_code == 422
    assert (await client.post(f"{here}/withdrawal", json={"text": "x"})).status_code == 403
    told = (await client.get("/api/v1/recommendations?state=open")).json()
    assert told["found"] == 1 and told["items"][0]["reference"] == one.reference
    await client.sign_in(cast.curator)
    body = {"addressee": "municipality", "municipality": str(cast.vani.id), "text_ka": "გამოაქვეყნეთ"}
    made = await client.post("/api/v1/recommendations", json=body)
    assert made.status_code == 201 and made.json()["state"] == "draft"
    await client.sign_in(cast.curator2)
    assert (await client.post("/api/v1/recommendations", json=body)).status_code == 403


async def test_a_draft_sent_twice_is_one_and_the_page_says_whose_turn_it_is(client, cast):
    await client.sign_in(cast.curator)
    form = {
        "id": str(uuid4()), "text_en": "Publish the minutes.", "addressee": "municipality",
        "municipality": str(cast.vani.id), "priority": "low", "due": str(today()),
    }  # fmt: skip
    sent = [await client.send_form("/en/recommendations", form) for _ in range(2)]
    assert sent[0].status_code == 303 and sent[0].headers["location"] == sent[1].headers["location"]
    assert await value("SELECT count(*) FROM recommendation WHERE id = $1", UUID(form["id"])) == 1
    at = sent[0].headers["location"]
    assert "Read it once more" in (await client.get(at)).text
    await client.send_form(f"{at}/issue")
    assert "Accept it, or dispute it" in (await client.get(at)).text
    await client.sign_in(cast.manager)
    assert "Vani accepts or disputes it." in (await client.get(at)).text
