"""The pages, as an organisation and as staff walk through them without scripts."""

import html
import re
from datetime import timedelta

from foundation.clock import today
from foundation.database import Database, execute, value
from grants.applications import transitions
from grants.applications.checking import actions as checking
from grants.applications.forms import Asked, Check, Checked
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.uploads import a_pdf
from tests.filled import filled, form_in
from tests.importing import importing


def seen(page) -> str:
    return re.search(r'name="seen" value="([^"]*)"', page.text)[1]


async def test_an_organisation_writes_and_sends_an_application(cast, client):
    call = await a_call(cast)
    await client.sign_in(cast.signatory)
    started = await client.send_form(f"/ka/calls/{call.reference}/applications")
    assert started.status_code == 303
    home = started.headers["location"]
    assert re.fullmatch(r"/ka/applications/A-\d{4}-\d{4,}", home)
    again = await client.send_form(f"/ka/calls/{call.reference}/applications")
    assert again.headers["location"] == home
    tasks = await client.get(home)
    assert tasks.status_code == 200 and "ჯერ არ არის გაგზავნილი" in tasks.text

    about = {
        "title_ka": "ახალგაზრდული ცენტრი", "summary_ka": "ადგილი შეხვედრებისთვის", "language": "ka",
        "municipality_id": str(cast.vani.id), "starts_on": "01.03.2027", "ends_on": "2027-09-30", "then": "next",
    }  # fmt: skip
    answer = await client.send_form(f"{home}/about", about)
    assert answer.status_code == 303, answer.text
    for section in call.sections:
        page = await client.get(f"{home}/sections/{section.id}")
        assert page.status_code == 200
        typed = {
            str(q.id): {"number": "120", "yes_no": "yes", "choice": "new"}.get(q.kind, "პასუხი")
            for q in section.questions
        }
        answer = await client.send_form(f"{home}/sections/{section.id}", {**typed, "seen": seen(page), "then": "next"})
        assert answer.status_code == 303, answer.text
    row = {"item": "კოორდინატორი", "category": "people", "quantity": "6", "unit_cost": "500,50", "own_share": "3"}
    budget = await client.send_form(
        f"{home}/budget", {**{f"lines.0.{name}": typed for name, typed in row.items()}, "then": "next"}
    )
    assert budget.status_code == 303, budget.text
    for document in call.documents:
        attached = await client.send_form(
            f"{home}/documents",
            {"document_id": str(document.id)},
            files={"file": ("წესდება.pdf", a_pdf(), "application/pdf")},
        )
        assert attached.status_code == 303, attached.text
    unsigned = await client.send_form(f"{home}/submission")
    assert unsigned.status_code == 422 and 'href="#f-declared"' in unsigned.text
    assert (await client.send_form(f"{home}/declaration", {"declared": "true", "then": "next"})).status_code == 303
    checked = await client.get(f"{home}/check")
    assert checked.status_code == 200 and f"{home}/submission" in checked.text
    sent = await client.send_form(f"{home}/submission")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{home}/receipt")
    receipt = await client.get(f"{home}/receipt")
    number = home.rsplit("/", 1)[1]
    fingerprint = await value("SELECT encode(body_sha256, 'hex') FROM application WHERE number = $1", number)
    assert fingerprint in receipt.text and number in receipt.text
    assert await value("SELECT requested FROM application WHERE number = $1", number) == 3000
    on_paper = await client.get(f"{home}/receipt.pdf")
    assert on_paper.status_code == 200 and on_paper.content.startswith(b"%PDF")
    assert (await client.get(home)).status_code == 200


async def test_wrong_cells_come_back_as_typed(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    home = f"/en/applications/{application.number}"
    typed = {
        "lines.0.item": "Chairs",
        "lines.0.category": "equipment",
        "lines.0.quantity": "ten",
        "lines.0.unit_cost": "5",
    }
    answer = await client.send_form(f"{home}/budget", {**typed, "then": "next"})
    assert answer.status_code == 422 and "There is a problem" not in answer.text
    assert 'value="ten"' in answer.text and 'href="#f-lines-0-quantity"' in answer.text
    again = await client.get(f"{home}/budget")
    assert again.status_code == 200 and 'value="ten"' in again.text, "nothing typed is lost"
    tasks = await client.get(home)
    assert "1 cell to correct" in tasks.text


async def test_rows_are_added_and_removed_without_scripts(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    home = f"/en/applications/{application.number}/budget"
    rows = {}
    for n, item in enumerate(("Chairs", "Tables")):
        rows |= {f"lines.{n}.item": item, f"lines.{n}.category": "equipment", f"lines.{n}.quantity": "1",
                 f"lines.{n}.unit_cost": "700"}  # fmt: skip
    added = await client.send_form(home, {**rows, "then": "add"})
    assert added.headers["location"].endswith("/budget?more=1#f-lines-2-item")
    assert 'name="lines.2.item"' in (await client.get(f"{home}?more=1")).text
    await client.send_form(home, {**rows, "then": "remove.0"})
    page = await client.get(home)
    assert "Tables" in page.text and "Chairs" not in page.text


async def test_a_wrong_answer_is_kept_and_shown_at_its_field(cast, client):
    application = await an_application(cast, state="draft")
    section = application.call.sections[1]
    number = section.questions[0].id
    await client.sign_in(cast.editor)
    home = f"/en/applications/{application.number}"
    saved = await client.send_form(f"{home}/sections/{section.id}", {str(number): "yes", "then": "next"})
    assert saved.headers["location"] == f"{home}/sections/{application.call.sections[2].id}"
    page = await client.get(f"{home}/sections/{section.id}")
    assert 'value="yes"' in page.text and f'href="#f-{number}"' in page.text
    check = await client.get(f"{home}/check")
    assert f"{home}/sections/{section.id}#f-{number}" in check.text


async def test_a_conflict_shows_both_versions_and_lets_choose(cast, client):
    application = await an_application(cast, state="draft")
    section = application.call.sections[0]
    first, second = (str(question.id) for question in section.questions)
    url = f"/en/applications/{application.number}/sections/{section.id}"
    await client.sign_in(cast.editor)
    before = seen(await client.get(url))
    await client.send_form(url, {first: "Theirs, first", second: "Theirs, second", "seen": before})
    await client.sign_in(cast.signatory)
    clash = await client.send_form(url, {first: "Mine, first", second: "Mine, second", "seen": before})
    assert clash.status_code == 409
    for words in ("Theirs, first", "Mine, first", "Theirs, second", "Mine, second", "Editor"):
        assert words in clash.text
    chosen = {first: "Mine, first", second: "Mine, second", f"choice.{first}": "mine", f"choice.{second}": "theirs"}
    saved = await client.send_form(url, {**chosen, "seen": seen(clash)})
    assert saved.status_code == 303
    page = await client.get(url)
    assert "Mine, first" in page.text and "Theirs, second" in page.text and "Mine, second" not in page.text


async def test_facts_clash_too_and_different_ones_both_stay(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    url = f"/en/applications/{application.number}/about"
    opened = await filled(client, url)
    await client.send_form(url, {**opened, "title_en": "Theirs", "summary_en": "Theirs, too"})
    clash = await client.send_form(url, {**opened, "title_en": "Mine", "title_ka": "ჩემი"})
    assert clash.status_code == 409
    assert 'value="Mine"' in clash.text and "Theirs" in clash.text
    back = form_in(clash.text, "/about")
    assert back["summary_en"] == ["Theirs, too"], "what only they wrote is in the field"
    assert (await client.send_form(url, back | {"choice.title_en": "theirs"})).status_code == 303
    now = await filled(client, url)
    assert (now["title_en"], now["title_ka"], now["summary_en"]) == (["Theirs"], ["ჩემი"], ["Theirs, too"])


async def test_two_people_in_two_rows_of_the_budget_both_stay(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    url = f"/en/applications/{application.number}/budget"
    opened = await filled(client, url)
    row = {"category": "other", "quantity": "2", "unit_cost": "10"}
    new = {f"lines.7.{name}": text for name, text in row.items()}
    assert (await client.send_form(url, {**opened, **new, "lines.7.item": "Their chairs"})).status_code == 303
    assert (await client.send_form(url, {**opened, "lines.0.note": "Mine"})).status_code == 303
    assert (await client.send_form(url, {**opened, **new, "lines.7.item": "My tables"})).status_code == 303
    now = await filled(client, url)
    assert now["lines.0.note"] == ["Mine"]
    items = [texts[0] for name, texts in now.items() if name.endswith(".item")]
    assert items[-2:] == ["My tables", "Their chairs"]


async def test_a_row_removed_by_one_and_changed_by_the_other_is_asked_about(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    url = f"/en/applications/{application.number}/budget"
    opened = await filled(client, url)
    assert (await client.send_form(url, {**opened, "lines.0.item": "Theirs"})).status_code == 303
    clash = await client.send_form(url, {**opened, "then": "remove.0"})
    assert clash.status_code == 409 and "You removed this row" in clash.text
    assert 'value="Theirs"' in clash.text


async def test_a_refused_file_is_said_at_its_field(cast, client):
    application = await an_application(cast, state="draft")
    document = str(application.call.documents[0].id)
    await client.sign_in(cast.editor)
    url = f"/en/applications/{application.number}/documents"
    answer = await client.send_form(
        url, {"document_id": document}, files={"file": ("page.html", b"<script>alert(1)</script>", "text/html")}
    )
    assert answer.status_code == 422 and f'href="#f-{document}"' in answer.text
    nothing = await client.send_form(url, {"document_id": document}, files={"nothing": ("", b"")})
    assert nothing.status_code == 422


async def test_files_are_as_visible_as_their_application(cast, client):
    application = await an_application(cast, state="draft")
    await client.sign_in(cast.editor)
    home = f"/en/applications/{application.number}"
    await client.send_form(f"{home}/documents", {}, files={"file": ("a.pdf", a_pdf(), "application/pdf")})
    address = re.search(rf"{home}/documents/[0-9a-f-]{{36}}", (await client.get(f"{home}/documents")).text)[0]
    assert (await client.get(address)).content.startswith(b"%PDF")
    for person, status in ((cast.curator, 404), (cast.other_signatory, 404)):
        await client.sign_in(person)
        assert (await client.get(address)).status_code == status
    await client.sign_in(cast.editor)
    assert (await client.send_form(f"{address}/deletion")).status_code == 303
    assert await value("SELECT count(*) FROM attachment WHERE application_id = $1", application.id) == 0
    assert (await client.get(address)).status_code == 404


async def test_handing_over_and_back(cast, client):
    application = await an_application(cast, state="awaiting_signoff", declared=True)
    await client.sign_in(cast.editor)
    home = f"/en/applications/{application.number}"
    tasks = await client.get(home)
    assert "waits for the signatory" in tasks.text
    assert (await client.get(f"{home}/budget")).headers["location"] == home
    assert (await client.send_form(f"{home}/editing")).status_code == 303
    assert (await client.get(f"{home}/budget")).status_code == 200


async def test_a_second_click_on_send_finds_the_receipt(cast, client):
    application = await an_application(cast, state="submitted")
    await client.sign_in(cast.signatory)
    home = f"/en/applications/{application.number}"
    assert (await client.send_form(f"{home}/submission")).headers["location"] == f"{home}/receipt"


async def test_withdrawing_asks_first(cast, client):
    application = await an_application(cast, state="admin_check")
    await client.sign_in(cast.signatory)
    home = f"/en/applications/{application.number}"
    assert "cannot be brought back" in (await client.get(f"{home}/withdrawal")).text
    await client.send_form(f"{home}/withdrawal", {"reason": "Plans changed."})
    page = await client.get(home)
    assert "Your organisation withdrew it" in page.text and "Plans changed." in page.text


async def test_the_organisation_does_not_learn_the_ranking_before_the_decision(cast, client):
    await client.sign_in(cast.signatory)
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "scored")
    page = await client.get(f"/en/applications/{application.number}")
    assert "Independent reviewers" in page.text and "All reviews are in" not in page.text
    listed = await client.get("/en/applications")
    assert "in review" in listed.text and "scored" not in listed.text
    decided = await an_application(cast, await a_call(cast, "evaluating"), "reserve")
    assert "on the reserve list" in (await client.get(f"/en/applications/{decided.number}")).text


async def test_the_curator_asks_and_the_organisation_answers(cast, client):
    application = await an_application(cast, state="admin_check")
    section = application.call.sections[1]
    await client.sign_in(cast.curator)
    home = f"/en/applications/{application.number}"
    assert (await client.get(f"{home}/clarification")).status_code == 200
    wrong = await client.send_form(f"{home}/clarification", {"question": "How many?", "due_on": "2020-01-01"})
    assert wrong.status_code == 422 and "How many?" in wrong.text
    due = (today() + timedelta(days=5)).isoformat()
    asked = await client.send_form(
        f"{home}/clarification", {"question": "How many?", "due_on": due, "section_ids": [str(section.id)]}
    )
    assert asked.status_code == 303, asked.text
    await client.sign_in(cast.signatory)
    assert "How many?" in (await client.get(home)).text
    form = await client.get(f"{home}/reply")
    assert "How many?" in form.text and 'value="120"' in form.text
    number = str(section.questions[0].id)
    silent = await client.send_form(
        f"{home}/reply", {number: "80", "reply": ""}, files={"files": ("list.pdf", a_pdf(), "application/pdf")}
    )
    assert silent.status_code == 422 and 'value="80"' in silent.text and "list.pdf" in silent.text
    assert (await client.send_form(f"{home}/reply", {number: "80", "reply": "Eighty, we counted."})).status_code == 303
    await client.sign_in(cast.curator)
    case = await client.get(home)
    assert "Eighty, we counted." in case.text and "As sent" in case.text and "list.pdf" in case.text


async def test_from_check_to_review_and_out(cast, client):
    application = await an_application(cast, await a_call(cast, "closed"), "submitted")
    home = f"/en/applications/{application.number}"
    await client.sign_in(cast.curator)
    assert "Begin the check" in (await client.get(home)).text
    begun = await client.send_form(f"{home}/admin-check")
    assert begun.headers["location"] == f"{home}/eligibility"
    judged = {f"criteria.{each.id}.passed": "true" for each in application.call.eligibility}
    assert (await client.send_form(f"{home}/eligibility", judged)).status_code == 303
    await client.sign_in(cast.manager)
    assert "Start the review" in (await client.get(home)).text
    assert (await client.send_form(f"{home}/review")).status_code == 303
    await client.sign_in(cast.curator)
    criterion = str(application.call.eligibility[0].id)
    empty = await client.send_form(f"{home}/ineligibility", {"criterion_id": criterion})
    assert empty.status_code == 422
    await client.send_form(f"{home}/ineligibility", {"criterion_id": criterion, "reason": "Found late."})
    await client.sign_in(cast.manager)
    assert "Found late." in (await client.get(f"{home}/ineligibility")).text
    await client.send_form(f"{home}/ineligibility/confirmation", {"reason": "Not in the register."})
    await client.sign_in(cast.signatory)
    assert "Not in the register." in (await client.get(home)).text
    await client.sign_in(cast.director)
    assert (await client.get(f"{home}/readmission")).status_code == 200
    assert (await client.send_form(f"{home}/readmission", {"reason": "It was there."})).status_code == 303


async def test_staff_find_applications_in_georgian(cast, client):
    one = await an_application(cast, state="submitted", title_ka="სოფლის ბიბლიოთეკა")
    two = await an_application(cast, state="in_review", organisation=cast.guria_women, title_ka="100% წყალი")
    await client.sign_in(cast.manager)

    async def found(**query):
        page = await client.get("/ka/applications", params=query)
        assert page.status_code == 200
        return {each.number for each in (one, two) if f"/applications/{each.number}" in page.text}

    assert await found() == {one.number, two.number}
    assert await found(q="ბიბლიოთეკ") == {one.number}
    assert await found(q="გურიის") == {two.number}
    assert await found(q="400000001") == {one.number}
    assert await found(q=two.number) == {two.number}
    assert await found(q="100%") == {two.number}
    assert await found(q="_") == set()
    assert await found(state="in_review") == {two.number}
    assert await found(municipality="vani") == {one.number}
    assert await found(call=one.call.reference) == {one.number}
    assert await found(sort="-requested", page="2") == set()
    await client.sign_in(cast.curator)
    assert await found() == {one.number}


async def test_the_export_is_safe_for_spreadsheets(cast, client):
    await an_application(cast, state="submitted", title_ka="=cmd|' /C calc'!A0", title_en="+1")
    await client.sign_in(cast.manager)
    answer = await client.get("/en/applications.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "'=cmd" in answer.text and "'+1" in answer.text and "4000.00" in answer.text


async def statements(client, url) -> int:
    assert (await client.get(url)).status_code == 200
    before = Database.statements
    await client.get(url)
    return Database.statements - before


async def test_the_list_costs_the_same_for_one_and_for_many(cast, client):
    await client.sign_in(cast.manager)
    await an_application(cast, state="submitted")
    one = await statements(client, "/en/applications")
    for _ in range(3):
        await an_application(cast, state="submitted")
    assert await statements(client, "/en/applications") == one <= 8
    await client.sign_in(cast.signatory)
    assert await statements(client, "/en/applications") <= 4


async def test_pages_of_an_application_cost_few_statements(cast, client):
    draft, sent = await an_application(cast, state="draft"), await an_application(cast, state="admin_check")
    all_pass = Check(criteria={each.id: Checked(passed=True) for each in sent.call.eligibility})
    await checking.judge(sent, cast.curator, all_pass)
    asked = Asked(question="How many?", due_on=today() + timedelta(days=3))
    await transitions.ask_clarification(sent, cast.curator, asked)
    await client.sign_in(cast.signatory)
    section = draft.call.sections[0].id
    for path in (f"{draft.number}", f"{draft.number}/sections/{section}", f"{draft.number}/check", sent.number):
        assert await statements(client, f"/en/applications/{path}") <= 8, path
    await client.sign_in(cast.curator)
    assert await statements(client, f"/en/applications/{sent.number}") <= 8


async def test_what_people_write_is_text(cast, client):
    bad = "<script>alert(1)</script>"
    application = await an_application(cast, state="admin_check", title_ka=bad, title_en=bad)
    async with importing():  # the words of a published call stay
        await execute("UPDATE call SET title_en = $2 WHERE id = $1", application.call_id, bad)
    for person in (cast.signatory, cast.curator):
        await client.sign_in(person)
        page = await client.get(f"/en/applications/{application.number}")
        assert bad not in page.text and html.escape(bad) in page.text
