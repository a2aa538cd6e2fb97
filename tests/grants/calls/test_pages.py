"""The public pages of calls."""

import pytest

from tests.builders.calls import a_call

PAGES = ["/en/calls", "/ka/calls", "/{}/calls/{}", "/{}/calls/{}/questions"]


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
    for row in (*call.criteria, *call.documents, *call.eligibility):
        assert getattr(row, f"title_{code}") in shown.text


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
