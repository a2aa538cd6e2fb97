"""A report written on a phone, sent, verified and accepted through its pages."""

from decimal import Decimal as D

from foundation.database import Database, one_of, row, value
from monitoring.reports import queries
from monitoring.reports.tables import Report
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.builders.uploads import a_jpeg, a_pdf


async def empty_report(cast, **indicator):
    award = await an_award(cast)
    promised = await a_promise(cast, award, await an_indicator(cast, **indicator))
    report = await a_report(cast, award, reported=None)
    return report, promised, f"/reports/{award.reference}/1"


async def state_of(report):
    return (await one_of(Report, "SELECT * FROM report WHERE id = $1", report.id)).state


async def test_the_whole_way_through_the_pages(cast, client):
    report, indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    page = await client.get(f"/ka{here}")
    assert page.status_code == 200 and f"/ka{here}/results/{indicator.code}" in page.text
    lists = ("list.pdf", a_pdf(), "application/pdf")
    photo = ("photo.jpg", a_jpeg(), "image/jpeg")
    form = {"total": "40", "women": "30", "men": "10", "csrf_token": client.token}
    answer = await client.post(
        f"/ka{here}/results/{indicator.code}", data=form, files=[("evidence", lists), ("evidence", photo)]
    )
    assert answer.status_code == 303
    for position in (1, 2):
        receipt = ("receipt.pdf", a_pdf(), "application/pdf")
        answer = await client.send_form(
            f"/ka{here}/spending/{position}", {"spent": "120,50"}, files={"receipts": receipt}
        )
        assert answer.status_code == 303
    story = {"done_ka": "სამი შეხვედრა", "changed_ka": "ოქმები ქვეყნდება", "csrf_token": client.token}
    assert (await client.send_form(f"/ka{here}/story", story)).status_code == 303
    page = await client.get(f"/en{here}/check")
    assert page.status_code == 200 and "A signatory of your organisation hands it in" in page.text
    assert (await client.send_form(f"/en{here}/submission", {"declared": "true"})).status_code == 403

    await client.sign_in(cast.signatory)
    answer = await client.send_form(f"/en{here}/submission")
    assert answer.status_code == 422 and "Confirm that the report is true" in answer.text
    assert (await client.send_form(f"/en{here}/submission", {"declared": "true"})).status_code == 303
    assert await state_of(report) == "submitted"
    assert "Take it back" in (await client.get(f"/en{here}")).text

    await client.sign_in(cast.curator)
    assert "Begin to verify" in (await client.get(f"/en{here}")).text
    assert (await client.send_form(f"/en{here}/review")).status_code == 303
    page = await client.get(f"/en{here}/verification/values/{indicator.code}")
    assert "list.pdf" in page.text and "photo.jpg" in page.text and "women 30, men 10" in page.text
    verdict = {"verdict": "corrected", "verified": "35", "women": "26", "men": "9", "note": "Counted the lists"}
    answer = await client.send_form(f"/en{here}/verification/values/{indicator.code}", verdict)
    assert answer.status_code == 303
    page = await client.get(f"/en{here}/verification")
    assert "First judge every line of the spending" in page.text
    accepted = {
        "lines.1.accepted": "120.50",
        "lines.2.accepted": "100",
    }
    answer = await client.send_form(f"/en{here}/verification/spending", accepted)
    assert answer.status_code == 409 and "Write why less is accepted" in answer.text
    accepted["lines.2.note"] = "No receipt for the bus"
    assert (await client.send_form(f"/en{here}/verification/spending", accepted)).status_code == 303
    assert (await client.send_form(f"/en{here}/verification")).status_code == 303
    assert await state_of(report) == "verified"

    for who in (cast.finance, cast.manager):
        await client.sign_in(who)
        assert "Agree to accept €220.50" in (await client.get(f"/en{here}")).text
        assert (await client.send_form(f"/en{here}/acceptance")).status_code == 303
    assert await state_of(report) == "accepted"
    page = await client.get(f"/en{here}")
    assert "Accepted cost: €220.50" in page.text and "Counted the lists" in page.text
    assert (await client.get(f"/en/reports/{report.award_reference}")).status_code == 200


async def test_a_wrong_number_comes_back_as_typed(cast, client):
    _report, indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    answer = await client.send_form(
        f"/en{here}/results/{indicator.code}", {"total": "about 30", "note": "roughly"}, files={"evidence": ("", b"")}
    )
    assert answer.status_code == 422
    assert 'value="about 30"' in answer.text and "roughly" in answer.text and "Write a number" in answer.text


async def test_a_number_with_two_readings_is_asked_about_and_its_evidence_is_held(cast, client):
    report, indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    photo = ("photo.jpg", a_jpeg(), "image/jpeg")
    address = f"/en{here}/results/{indicator.code}"
    answer = await client.send_form(address, {"total": "1,250"}, files={"evidence": photo})
    assert answer.status_code == 422 and "Is it 1250 or 1,25?" in answer.text
    assert 'value="1,250"' in answer.text and "photo.jpg" in answer.text
    assert await value("SELECT reported FROM report_value WHERE report_id = $1", report.id) is None
    for typed, told in (("1250", 1250), ("1 250", 1250), ("1,250,000", 1_250_000)):
        assert (await client.send_form(address, {"total": typed})).status_code == 303
        kept = "SELECT reported FROM report_value WHERE report_id = $1 AND cell = 'total'"
        assert await value(kept, report.id) == told


async def test_people_are_counted_in_whole_numbers(cast, client):
    _report, indicator, here = await empty_report(cast, people=True)
    await client.sign_in(cast.editor)
    address = f"/en{here}/results/{indicator.code}"
    answer = await client.send_form(address, {"total": "600.5"})
    assert answer.status_code == 409 and "whole numbers" in answer.text and 'value="600.5"' in answer.text
    answer = await client.send_form(address, {"total": "601", "women": "600.5"})
    assert answer.status_code == 422 and "Enter a whole number" in answer.text
    assert (await client.send_form(address, {"total": "601", "women": "1 0"})).status_code == 422
    assert (await client.send_form(address, {"total": "1 601", "women": "1,600", "men": "1"})).status_code == 303


async def test_a_hostile_file_is_refused_with_a_sentence(cast, client):
    _report, _indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    bad = ("receipt.pdf", b"<script>alert(1)</script>", "application/pdf")
    answer = await client.send_form(f"/en{here}/spending/1", {"spent": "10"}, files={"receipts": bad})
    assert answer.status_code == 422 and "receipt.pdf" in answer.text
    assert await value("SELECT count(*) FROM spending_evidence e JOIN spending_line s ON s.id = e.spending_line_id"
                       " WHERE s.report_id = $1", _report.id) == 2  # fmt: skip


async def test_files_are_as_visible_as_the_report(cast, client):
    report, indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    photo = ("photo.jpg", a_jpeg(), "image/jpeg")
    await client.send_form(f"/en{here}/results/{indicator.code}", {"total": "4"}, files={"evidence": photo})
    upload = await row("SELECT upload_id FROM value_evidence ORDER BY created DESC LIMIT 1")
    address = f"/en{here}/files/{upload['upload_id']}"
    for who, status in ((cast.signatory, 200), (cast.curator, 404), (cast.auditor, 404), (cast.other_editor, 404)):
        await client.sign_in(who)  # it is not handed in yet
        assert (await client.get(address)).status_code == status
        assert (await client.get(f"{address}/thumbnail")).status_code == status
    other = await a_report(cast, await an_award(cast, organisation=cast.guria_women))
    await client.sign_in(cast.manager)
    assert (await client.get(f"/en/reports/{other.award_reference}/1/files/{upload['upload_id']}")).status_code == 404
    await client.sign_in(cast.editor)
    assert (await client.send_form(f"{address}/removal", {"back": "//evil.example"})).headers[
        "location"
    ] == f"/en{here}"
    assert (await client.get(address)).status_code == 404
    assert await value("SELECT count(*) FROM value_evidence WHERE upload_id = $1", upload["upload_id"]) == 0
    assert report.number == 1


async def test_a_document_is_added_to_the_report(cast, client):
    report, _indicator, here = await empty_report(cast)
    await client.sign_in(cast.editor)
    paper = ("minutes.pdf", a_pdf(), "application/pdf")
    answer = await client.send_form(
        f"/en{here}/documents", {"note": "Of the second meeting"}, files={"document": paper}
    )
    assert answer.headers["location"] == f"/en{here}/documents"
    assert await value("SELECT count(*) FROM report_document WHERE report_id = $1", report.id) == 1
    assert "minutes.pdf" in (await client.get(f"/en{here}/documents")).text


async def test_a_return_shows_its_reason_and_then_the_difference(cast, client):
    report = await a_report(cast, state="under_review", reported=D(40))
    here = f"/reports/{report.award_reference}/1"
    await client.sign_in(cast.curator)
    answer = await client.send_form(f"/en{here}/return", {"reason": "The total is too high"})
    assert answer.status_code == 422 and "The total is too high" in answer.text
    form = {"sections": ["results", "story"], "reason": "The total is too high"}
    assert (await client.send_form(f"/en{here}/return", form)).status_code == 303
    await client.sign_in(cast.editor)
    page = await client.get(f"/en{here}")
    assert "Your curator asks for a correction" in page.text and "The total is too high" in page.text
    assert await queries.returns_of(report)


async def test_decisions_with_a_reason(cast, client):
    report = await a_report(cast, state="verified")
    here = f"/en/reports/{report.award_reference}/1"
    await client.sign_in(cast.finance)
    assert "Ask the curator to look again" in (await client.get(here)).text
    assert (await client.get(f"{here}/second-look")).status_code == 200
    assert (await client.send_form(f"{here}/second-look")).status_code == 422
    assert (await client.send_form(f"{here}/second-look", {"reason": "One receipt is missing"})).status_code == 303
    assert await state_of(report) == "under_review"
    assert (await client.get(f"{here}/waiver")).status_code == 403
    await client.sign_in(cast.manager)
    assert (await client.get(f"{here}/waiver")).status_code == 409


async def test_the_list_searches_filters_sorts_and_costs_the_same(cast, client):
    first = await a_report(cast, state="submitted")
    other = await a_report(cast, await an_award(cast, organisation=cast.guria_women))
    await client.sign_in(cast.manager)

    async def cost(url):
        before = Database.statements
        answer = await client.get(url)
        assert answer.status_code == 200
        return Database.statements - before, answer.text

    once, text = await cost("/en/reports?sort=-due")
    assert first.award_reference in text and other.award_reference in text
    for _ in range(3):
        await a_report(cast, state="submitted")
    again, _text = await cost("/en/reports?sort=-due")
    assert again == once
    _n, text = await cost("/en/reports?q=Guria")
    assert other.award_reference in text and first.award_reference not in text
    _n, text = await cost("/en/reports?state=submitted&municipality=vani")
    assert first.award_reference in text and other.award_reference not in text
    assert (await client.get("/en/reports?sort=nothing")).status_code == 400
    _n, text = await cost("/en/reports?q=%25%27%22")
    assert "Nothing matches" in text
    await client.sign_in(cast.other_editor)
    _n, text = await cost("/en/reports")
    assert other.award_reference in text and first.award_reference not in text


async def test_only_those_who_have_reports_see_the_list(cast, client):
    for who in ("donor", "reviewer", "nobody_special"):
        await client.sign_in(cast.people[who])
        assert (await client.get("/en/reports")).status_code == 404


async def test_what_waits_for_whom(cast):
    from monitoring.reports.tasks import reports

    report = await a_report(cast)
    assert [task.href for task in await reports(cast.editor)] == [f"/reports/{report.award_reference}/1"]
    assert await reports(cast.curator) == [] and await reports(cast.other_editor) == []
    verified = await a_report(cast, state="verified")
    for who in (cast.manager, cast.finance):
        assert [task.href for task in await reports(who)] == [f"/reports/{verified.award_reference}/1"]
    submitted = await a_report(cast, state="submitted")
    assert [task.href for task in await reports(cast.curator)] == [f"/reports/{submitted.award_reference}/1"]
