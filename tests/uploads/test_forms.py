"""Files in a form: they come with the rest of it, and a refused one gives the form back as typed."""

import errno

import httpx
import pytest
from litestar import Litestar, Request, post

from foundation.language import gettext
from tests.builders.uploads import a_jpeg, a_pdf
from uploads import storing
from uploads.filetypes.pdf import BROKEN
from uploads.receiving import PICTURES, Receiving, file_of, files_of
from web.context import RequestContext, request_context
from web.errors import HANDLERS
from web.forms import read_form


@pytest.fixture
async def send(cast):
    @post("/", request_max_body_size=60 * 1024 * 1024)
    async def take(request: Request) -> dict:
        request_context.set(RequestContext(api=True))
        form = await read_form(request, Receiving(limit=1024 * 1024, kinds=PICTURES))
        return {
            "text": form["text"],
            "name": file_of(form, "scan").filename,
            "more": len(files_of(form, "more", most=2)),
        }

    app = Litestar([take], exception_handlers=HANDLERS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:

        async def posting(*files):
            return await client.post("/", data={"text": "ტექსტი"}, files=list(files))

        yield posting


async def test_files_and_text_come_together(send):
    answer = await send(("scan", ("a.jpg", a_jpeg())), ("more", ("b.jpg", a_jpeg())), ("more", ("c.jpg", a_jpeg())))
    assert answer.json() == {"text": "ტექსტი", "name": "a.jpg", "more": 2}


async def test_a_refused_file_names_its_field(send):
    answer = await send(("scan", ("a.pdf", a_pdf()[:100])))
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"scan": gettext(BROKEN, filename="a.pdf")}


async def test_a_file_of_another_kind_is_refused(send):
    assert "scan" in (await send(("scan", ("a.pdf", a_pdf())))).json()["errors"]


async def test_a_missing_file_is_asked_for(send):
    assert "scan" in (await send(("more", ("b.jpg", a_jpeg())))).json()["errors"]


async def test_too_large_a_file_does_not_lose_the_form(send):
    answer = await send(("scan", ("a.jpg", a_jpeg() + b"x" * 2_000_000)))
    assert answer.status_code == 422 and "a.jpg" in answer.json()["errors"]["scan"]


async def test_too_many_files_stop_the_form(send):
    answer = await send(*[("more", (f"{n}.jpg", b"x")) for n in range(25)])
    assert answer.status_code == 413


async def test_a_full_disk_is_said_and_leaves_nothing(send, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storing.os, "link", full)
    answer = await send(("scan", ("a.jpg", a_jpeg())))
    assert answer.status_code == 507
    assert list((storing.folder() / "parts").iterdir()) == []
