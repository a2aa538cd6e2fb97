"""The pages of calls: those for everybody, and those where a call is made."""

from datetime import timedelta

import pytest

from foundation.database import Database, row
from grants.calls.queries import call_of, sections_of
from tests.builders.calls import a_call
from tests.filled import filled, form_in


@pytest.mark.parametrize("code", ["ka", "en"])
async def test_everybody_reads_an_open_call_with_all_questions(cast, client, code):
    call = await a_call(cast)
    listed = await client.get(f"/{code}/calls")
    assert listed.status_code == 200 and f"/calls/{call.reference}" in listed.text
    shown = await client.get(f"/{code}/calls/{call.reference}")
    printed = await client.get(f"/{code}/calls/{call.reference}/questions")
    for section in call.sections:
        for question in section.questions:
            assert getattr(question, f"label_{code}") in shown.text
            assert getattr(question, f"label_{code}") in printed.text
    for each in (*call.criteria, *call.documents, *call.eligibility):
        assert getattr(each, f"title_{code}") in shown.text


async def test_the_questions_come_as_pdf_in_both_languages(cast, client):
    from io import BytesIO

    from pypdf import PdfReader

    call = await a_call(cast)
    for code in ("ka", "en"):
        answer = await client.get(f"/{code}/calls/{call.reference}/questions.pdf")
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert call.reference in text
        assert getattr(call.sections[0].questions[0], f"label_{code}") in text.replace("\n", " ")


async def test_no_open_call_is_said(client, cast):
    assert "No call is open now" in (await client.get("/en/calls")).text


async def test_calls_are_searched_filtered_and_sorted(cast, client):
    vani = await a_call(cast, municipalities=["vani"], title_en="Libraries")
    ozurgeti = await a_call(cast, municipalities=["ozurgeti"], title_en="Clubs")
    closed = await a_call(cast, "decided", municipalities=["vani"], title_en="Old libraries")
    listed = (await client.get("/en/calls?municipality=vani&q=libra&sort=-envelope")).text
    assert vani.reference in listed and closed.reference in listed and ozurgeti.reference not in listed
    assert "No open call matches" in (await client.get("/en/calls?q=old")).text
    assert "Nothing matches" in (await client.get("/en/calls?q=zzz")).text
    assert (await client.get("/en/calls?municipality=nowhere")).status_code == 400
    assert (await client.get("/en/calls?sort=x")).status_code == 400
    assert ozurgeti.reference in (await client.get("/en/calls?utm_source=letter&page=1")).text


# managing ----------------------------------------------------------------------------------------------------------

TERMS = {
    "currency": "EUR", "envelope": "50 000", "min_award": "1000", "max_award": "5000,50", "opens_on": "2030-01-10",
    "opens_time": "10:00", "deadline_on": "2030-02-10", "deadline_time": "18:00", "invited_only": "false", "min_reviews": "2",
}  # fmt: skip


async def test_a_curator_writes_a_call_from_nothing(cast, client):
    await client.sign_in(cast.curator)
    made = await client.send_form("/en/manage/calls", {**TERMS, "title_ka": "ახალი", "title_en": "New"})
    assert made.status_code == 303
    at = made.headers["location"]
    call = await call_of(cast.curator, at.rsplit("/", 1)[1])
    assert (call.title_en, str(call.max_award), call.deadline.isoformat()) == (
        "New",
        "5000.50",
        "2030-02-10T14:00:00+00:00",
    )
    texts = {
        f"{name}_{code}": f"{name} {code}"
        for name in ("title", "summary", "text", "eligibility")
        for code in ("ka", "en")
    }
    assert (await client.send_form(f"{at}/texts", {**texts, "revision": call.revision})).status_code == 303
    stale = await client.send_form(f"{at}/texts", {**texts, "revision": call.revision})
    assert stale.status_code == 409 and "Somebody else changed this in the meantime" in stale.text
    await client.send_form(f"{at}/parts/sections", {"title_ka": "პროექტი", "title_en": "Project"})
    (section,) = await sections_of(call)
    choice = {
        "section_id": str(section.id), "kind": "choice", "label_ka": "რომელი?", "label_en": "Which?", "required": "true",
        "options.0.ka": "ა", "options.0.en": "A", "options.2.ka": "ბ", "options.2.en": "B", "options.3.ka": " ",
    }  # fmt: skip
    assert (await client.send_form(f"{at}/parts/questions", choice)).status_code == 303
    for part, data in (
        ("criteria", {"title_ka": "ხარისხი", "title_en": "Quality", "max_points": "20", "weight": "100"}),
        ("documents", {"title_ka": "წესდება", "title_en": "Statute", "required": "true"}),
        ("eligibility", {"title_ka": "რეგისტრირებულია", "title_en": "Is registered"}),
    ):
        assert (await client.send_form(f"{at}/parts/{part}", data)).status_code == 303
        assert data["title_en"] in (await client.get(f"{at}/parts/{part}")).text
    (section,) = await sections_of(call)
    assert [(o["ka"], o["en"]) for o in section.questions[0].options] == [("ა", "A"), ("ბ", "B")]
    assert "Which?" in (await client.get(f"{at}/preview/form")).text
    assert "Which?" in (await client.get(f"{at}/preview")).text
    assert "The draft is complete" in (await client.get(at)).text
    assert (await client.send_form(f"{at}/approval-request")).status_code == 303
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"{at}/approval")).status_code == 303
    assert (await call_of(cast.curator, call.reference)).state == "scheduled"


async def test_a_wrong_form_comes_back_as_typed(cast, client):
    await client.sign_in(cast.curator)
    answer = await client.send_form(
        "/en/manage/calls", {**TERMS, "envelope": "much", "deadline_on": "", "title_ka": "ჩემი სათაური"}
    )
    assert answer.status_code == 422
    assert 'value="much"' in answer.text and "ჩემი სათაური" in answer.text
    assert 'href="#f-envelope"' in answer.text and 'href="#f-deadline_on"' in answer.text
    draft = await a_call(cast, "draft")
    crossed = await client.send_form(
        f"/en/manage/calls/{draft.reference}/terms", {**TERMS, "deadline_on": "2030-01-01", "municipalities": "x"}
    )
    assert crossed.status_code == 422
    criterion = await client.send_form(
        f"/en/manage/calls/{draft.reference}/parts/criteria", {"title_ka": "ა", "max_points": "900", "weight": "-1"}
    )
    assert criterion.status_code == 422 and 'value="900"' in criterion.text


async def test_approval_is_refused_with_the_list_of_gaps(cast, client):
    call = await a_call(cast, "draft", title_en=None, parts=False)
    await client.sign_in(cast.curator)
    answer = await client.send_form(f"/en/manage/calls/{call.reference}/approval-request")
    assert answer.status_code == 409
    for sentence in ("The title is missing in English.", "There are no questions yet.", "4 things are missing."):
        assert sentence in answer.text


async def test_parts_move_and_go(cast, client):
    call = await a_call(cast, "draft")
    await client.sign_in(cast.curator)
    at = f"/en/manage/calls/{call.reference}/parts"
    last = call.sections[2].id
    assert (await client.send_form(f"{at}/sections/{last}/position", {"direction": "up"})).status_code == 303
    assert [s.title_en for s in await sections_of(call)] == ["Project", "Organisation", "People"]
    assert (await client.send_form(f"{at}/sections/{last}/removal")).status_code == 409
    assert (await client.send_form(f"{at}/documents/{call.documents[0].id}/removal")).status_code == 303
    other = await a_call(cast, "draft")
    assert (await client.get(f"{at}/criteria/{other.criteria[0].id}")).status_code == 404
    assert (await client.get(f"{at}/nothing")).status_code == 404


async def test_invitations(cast, client):
    call = await a_call(cast, "draft", invited_only=True)
    await client.sign_in(cast.curator)
    url = f"/en/manage/calls/{call.reference}/invitations"
    assert "Vani Youth" in (await client.get(url)).text
    chosen = [str(cast.vani_youth.id), str(cast.curator_guria.id)]
    assert (await client.send_form(url, {"organisations": chosen})).status_code == 303
    assert (await call_of(cast.curator, call.reference)).invited_ids == [cast.vani_youth.id]


async def test_a_manager_extends_sends_back_and_a_director_cancels(cast, client):
    opened, waiting = await a_call(cast), await a_call(cast, "in_approval")
    await client.sign_in(cast.manager)
    at = f"/en/manage/calls/{opened.reference}"
    early = await client.send_form(f"{at}/deadline", {"deadline_on": "2020-01-01", "reason": "Because."})
    assert early.status_code == 409 and "must be after the present one" in early.text and "Because." in early.text
    later = (opened.deadline + timedelta(days=3)).date().isoformat()
    assert (await client.send_form(f"{at}/deadline", {"deadline_on": later, "reason": "Snow."})).status_code == 303
    shown = (await client.get(f"/en/calls/{opened.reference}")).text
    assert "Deadline extended" in shown and "Snow." in shown and "New deadline" in shown
    back = f"/en/manage/calls/{waiting.reference}/return"
    assert (await client.send_form(back, {"reason": ""})).status_code == 422
    assert (await client.send_form(back, {"reason": "Unclear."})).status_code == 303
    await client.sign_in(cast.director)
    assert (await client.send_form(f"{at}/cancellation", {"reason": "No money."})).status_code == 303
    assert "No money." in (await client.get(f"/en/calls/{opened.reference}")).text


async def test_the_list_is_searched_sorted_and_filtered(cast, client):
    await a_call(cast, "draft", title_en="Alpha", envelope="20000")
    await a_call(cast, "open", title_en="Beta")
    await client.sign_in(cast.curator)
    assert "Alpha" not in (await client.get("/en/manage/calls?q=bet")).text
    assert "Beta" not in (await client.get("/en/manage/calls?state=draft")).text
    text = (await client.get("/en/manage/calls?sort=envelope")).text
    assert text.index("Alpha") < text.index("Beta")
    assert "Nothing matches" in (await client.get("/en/manage/calls?q=zzz")).text


async def test_lists_cost_the_same_for_one_call_and_for_many(cast, client):
    await client.sign_in(cast.curator)
    costs = []
    for n in (1, 4):
        for _one in range(n):
            await a_call(cast, "open")
            await a_call(cast, "decided")
        for url in ("/en/calls", "/en/manage/calls"):
            before = Database.statements
            await client.get(url)
            costs.append(Database.statements - before)
    assert costs[:2] == costs[2:]


async def test_who_may_apply_sees_the_way(cast, client):
    opened = await a_call(cast)
    invited = await a_call(cast, invited_only=True, invited=[cast.guria_women])
    url, apply = f"/en/calls/{opened.reference}", f'action="/en/calls/{opened.reference}/applications"'
    assert "Sign in to apply" in (await client.get(url)).text
    await client.sign_in(cast.editor)
    assert apply in (await client.get(url)).text
    assert "not invited" in (await client.get(f"/en/calls/{invited.reference}")).text
    await client.sign_in(cast.curator)
    assert apply not in (await client.get(url)).text


async def test_what_one_may_not_see_is_not_there(cast, client):
    draft = await a_call(cast, "draft", municipalities=["vani"])
    for who in ("curator2", "signatory", "reviewer", "donor"):
        await client.sign_in(cast.people[who])
        for path in ("calls/{}", "calls/{}/questions", "calls/{}/questions.pdf", "manage/calls/{}"):
            assert (await client.get(f"/en/{path.format(draft.reference)}")).status_code == 404


async def test_two_curators_on_one_page_lose_nothing(cast, client):
    draft = await a_call(cast, "draft")
    at = f"/en/manage/calls/{draft.reference}"
    await client.sign_in(cast.curator)
    question = draft.sections[0].questions[0]
    of_question = f"{at}/parts/questions/{question.id}"
    opened = await filled(client, of_question)
    assert (await client.send_form(of_question, {**opened, "label_en": "Theirs"})).status_code == 303
    again = await client.send_form(of_question, {**opened, "label_en": "Mine"})
    assert again.status_code == 409 and 'value="Mine"' in again.text and "Theirs" in again.text
    done = await client.send_form(of_question, form_in(again.text, f"/{question.id}"))
    assert done.status_code == 303
    opened = await filled(client, f"{at}/terms")
    assert (
        await client.send_form(f"{at}/terms", {**opened, "max_award": "4000", "wide_spread": "30"})
    ).status_code == 303
    kept = await client.send_form(f"{at}/terms", {**opened, "max_award": "4321"})
    assert kept.status_code == 409 and "What is there now" in kept.text
    back = form_in(kept.text, "/terms")
    assert (back["max_award"], back["wide_spread"]) == (["4321"], ["30"])
    assert (await client.send_form(f"{at}/terms", {**opened, "complaint_days": "20"})).status_code == 303
    call = await call_of(cast.curator, draft.reference)
    assert (call.max_award, call.wide_spread, call.complaint_days) == (4000, 30, 20)


async def test_answers_to_choose_from_are_merged_as_one_list(cast, client):
    draft = await a_call(cast, "draft")
    question = draft.sections[0].questions[0]
    at = f"/en/manage/calls/{draft.reference}/parts/questions/{question.id}"
    await client.sign_in(cast.curator)
    opened = await filled(client, at)
    choices = {"kind": "choice", "options.0.en": "A", "options.1.en": "B"}
    assert (await client.send_form(at, {**opened, **choices})).status_code == 303
    opened = await filled(client, at)
    assert (await client.send_form(at, {**opened, "options.2.en": "Theirs"})).status_code == 303
    assert (await client.send_form(at, {**opened, "help_en": "Mine"})).status_code == 303
    (section, *_others) = await sections_of(draft)
    now = next(each for each in section.questions if each.id == question.id)
    assert ([option["en"] for option in now.options], now.help_en) == (["A", "B", "Theirs"], "Mine")
    both = await client.send_form(at, {**opened, "options.2.en": "Mine"})
    assert both.status_code == 409 and "Theirs" in both.text and 'value="Mine"' in both.text
    # the code of their answer goes to no answer of mine
    wrong = await client.send_form(at, {**opened, "options.2.en": "Mine", "word_guide": "some"})
    assert wrong.status_code == 422 and 'name="options.2.value" value=""' in wrong.text


async def test_a_part_is_removed_only_after_a_question(cast, client):
    draft = await a_call(cast, "draft")
    await client.sign_in(cast.curator)
    at = f"/en/manage/calls/{draft.reference}/parts/documents/{draft.documents[0].id}/removal"
    asked = await client.get(at)
    assert asked.status_code == 200 and "Yes, remove it" in asked.text and draft.documents[0].title_en in asked.text
    assert (await client.send_form(at, {})).status_code == 303
    assert (await client.get(at)).status_code == 404


async def test_many_small_changes_read_as_one_line(cast, client):
    draft = await a_call(cast, "draft")
    await client.sign_in(cast.curator)
    at = f"/en/manage/calls/{draft.reference}"
    for part in ("documents", "eligibility"):
        await client.send_form(f"{at}/parts/{part}", {"title_ka": "ახ", "title_en": "New"})
    shown = (await client.get(at)).text
    assert shown.count("Call changed") == 1 and "Eligibility criteria, Required documents" in shown


async def test_a_manager_suspends_a_call_and_lets_it_go_on(cast, client):
    call = await a_call(cast)
    at = f"/en/manage/calls/{call.reference}"
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"{at}/suspension", {"reason": ""})).status_code == 422
    assert (await client.send_form(f"{at}/suspension", {"reason": "The annex was wrong."})).status_code == 303
    public = (await client.get(f"/en/calls/{call.reference}")).text
    assert "This call is suspended for now" in public and "The annex was wrong." in public
    assert "Suspended for now" in (await client.get("/en/calls")).text
    assert "Resume the call" in (await client.get(at)).text
    assert (await client.send_form(f"{at}/resumption")).status_code == 303
    assert "Open until" in (await client.get(f"/en/calls/{call.reference}")).text


async def test_a_call_is_copied_on_its_page(cast, client):
    call = await a_call(cast)
    await client.sign_in(cast.curator)
    answer = await client.send_form(f"/en/manage/calls/{call.reference}/copies")
    assert answer.status_code == 303
    newest = await row("SELECT reference, state, created_by FROM call ORDER BY created DESC LIMIT 1")
    assert answer.headers["location"].startswith(f"/en/manage/calls/{newest['reference']}")
    assert (newest["state"], newest["created_by"]) == ("draft", cast.curator.id)
