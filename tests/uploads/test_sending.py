"""A file goes out as a download nobody's browser runs, in parts when asked, and only while it is clean."""

import httpx
import pytest
from litestar import Litestar, Request, get

from foundation.database import execute
from foundation.refused import Missing
from tests.builders.uploads import a_pdf, a_photo, an_upload
from tests.importing import importing
from uploads.actions import read_bytes
from uploads.pages import send


@pytest.fixture
async def serve(cast):
    """An owner's route in its smallest form."""
    held = {}

    @get("/file")
    async def whole(request: Request) -> object:
        return await send(held["upload"], request)

    @get("/small")
    async def small(request: Request) -> object:
        return await send(held["upload"], request, inline_thumbnail=True)

    app = Litestar([whole, small])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        yield held, client


async def test_it_is_a_download_that_runs_nowhere(serve, cast):
    held, client = serve
    data = a_pdf()
    held["upload"] = await an_upload(cast.editor, data, 'წესდება "1".pdf')
    answer = await client.get("/file")
    assert (answer.status_code, answer.content) == (200, data)
    told = answer.headers
    assert told["content-type"] == "application/pdf" and told["content-length"] == str(len(data))
    assert told["content-disposition"] == (
        "attachment; filename=\"1_.pdf\"; filename*=UTF-8''"
        "%E1%83%AC%E1%83%94%E1%83%A1%E1%83%93%E1%83%94%E1%83%91%E1%83%90%20%221%22.pdf"
    )
    assert told["x-content-type-options"] == "nosniff" and told["cache-control"] == "private, no-store"
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-20", 206, slice(-20, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=9999999-", 416, slice(0, 0)),
        ("bytes=9-3", 416, slice(0, 0)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=1-2,5-6", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
    ],
)
async def test_a_part_of_it_can_be_asked_for(serve, cast, asked, status, part):
    held, client = serve
    data = a_pdf()
    held["upload"] = await an_upload(cast.editor, data)
    answer = await client.get("/file", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, data[part])
    assert answer.headers.get("content-length", "0") == str(len(answer.content))


async def test_only_the_small_picture_is_shown_in_the_page(serve, cast):
    held, client = serve
    held["upload"] = await a_photo(cast.curator)
    small = await client.get("/small")
    assert (small.headers["content-type"], small.headers["content-disposition"]) == ("image/webp", "inline")
    whole = await client.get("/file")
    assert whole.headers["content-disposition"].startswith("attachment") and whole.content != small.content


async def test_a_rejected_file_is_sent_to_nobody(cast):
    upload = await an_upload(cast.editor)
    async with importing():
        await execute("UPDATE blob SET state = 'rejected' WHERE sha256 = $1", upload.blob_sha256)
    with pytest.raises(Missing):
        await send(upload)


async def test_a_document_has_no_small_picture(cast):
    with pytest.raises(Missing):
        await send(await an_upload(cast.editor), inline_thumbnail=True)


async def test_reading_it_gives_the_bytes(cast):
    data = a_pdf()
    assert await read_bytes(await an_upload(cast.editor, data)) == data
