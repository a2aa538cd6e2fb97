"""A file that arrived is not lost with a refused form, and nobody gets a file attached that they did not send."""

from datetime import timedelta

import pytest

from foundation.clock import clock_at, now
from foundation.database import execute, value
from foundation.language import gettext
from tests.builders.uploads import a_jpeg, a_pdf
from tests.filled import form_in
from tests.monitoring.reports.test_pages import empty_report
from uploads import storing, tickets
from uploads.receiving import NOT_A_PICTURE, Receiving
from web.context import RequestContext, request_context

RECEIPTS = "SELECT count(*) FROM spending_evidence"
NAMES = "SELECT string_agg(u.filename, ',') FROM spending_evidence e JOIN upload u ON u.id = e.upload_id"


async def refused_with_a_file(cast, client):
    """The form of a spending line, sent by the editor with a receipt and an amount that is none."""
    _report, _indicator, here = await empty_report(cast)
    await execute("DELETE FROM spending_evidence")
    at = f"/en{here}/spending/1"
    await client.sign_in(cast.editor)
    opened = form_in((await client.get(at)).text, "/spending/1")
    typed = opened | {"spent": "a lot", "note": "The words, too"}
    answer = await client.send_form(at, typed, files={"receipts": ("receipt.jpg", a_jpeg(), "image/jpeg")})
    return at, answer


async def test_a_file_comes_back_with_the_form_and_goes_with_it(cast, client):
    at, answer = await refused_with_a_file(cast, client)
    assert answer.status_code == 422
    assert "receipt.jpg" in answer.text and "The words, too" in answer.text
    assert await value(RECEIPTS) == 0
    back = form_in(answer.text, "/spending/1")
    again = await client.send_form(at, back | {"spent": "10"}, files={"receipts": ("", b"")})
    assert again.status_code == 303
    assert await value(NAMES) == "receipt.jpg"


async def test_it_may_be_left_out_and_another_taken(cast, client):
    at, answer = await refused_with_a_file(cast, client)
    back = form_in(answer.text, "/spending/1")
    del back["receipts.kept"]
    other = {"receipts": ("other.pdf", a_pdf(), "application/pdf")}
    assert (await client.send_form(at, back | {"spent": "10"}, files=other)).status_code == 303
    assert await value(NAMES) == "other.pdf"


async def another_person(ticket, client, cast):
    await client.sign_in(cast.signatory)
    return ticket


async def a_changed_one(ticket, client, cast):
    told, _dot, seal = ticket.partition(".")
    return f"{told[:-8]}{'A' * 8}.{seal}"


async def a_bare_hash(ticket, client, cast):
    return (await a_stored_hash()).hex()


async def nothing(ticket, client, cast):
    return "."


async def a_stored_hash() -> bytes:
    return next(path for path in (storing.folder() / "obj").glob("*/*")).name.encode()


@pytest.mark.parametrize("forged", [another_person, a_changed_one, a_bare_hash, nothing])
async def test_a_ticket_that_is_not_theirs_attaches_nothing(forged, cast, client):
    at, answer = await refused_with_a_file(cast, client)
    back = form_in(answer.text, "/spending/1")
    back["receipts.kept"] = [await forged(back["receipts.kept"][0], client, cast)]
    back["csrf_token"] = [client.token]
    answer = await client.send_form(at, back | {"spent": "10"}, files={"receipts": ("", b"")})
    assert answer.status_code == 422
    assert "no longer held here" in answer.text
    assert await value(RECEIPTS) == 0


async def test_a_ticket_holds_for_a_day(cast):
    token = request_context.set(RequestContext(person=cast.editor))
    try:
        sink = Receiving()
        file = await sink.start("scan", "a.pdf", "application/pdf")
        await sink.receive(file, a_pdf())
        received = await sink.finish(file)
        assert tickets.opened(received.ticket).stored == received.stored
        with clock_at(now() + timedelta(hours=25)):
            assert tickets.opened(received.ticket) is None
    finally:
        request_context.reset(token)


async def test_a_kept_file_is_of_a_kind_the_field_takes(cast):
    token = request_context.set(RequestContext(person=cast.editor))
    try:
        sink = Receiving()
        file = await sink.start("scan", "a.pdf", "application/pdf")
        await sink.receive(file, a_pdf())
        ticket = (await sink.finish(file)).ticket
        assert Receiving(kinds={"image/jpeg"}).kept(ticket).refusal == gettext(NOT_A_PICTURE, filename="a.pdf")
    finally:
        request_context.reset(token)
