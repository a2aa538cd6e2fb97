"""What is sent compressed is compressed once."""

import brotli

from web.assets import asset


async def test_a_style_sheet_is_compressed_once(client):
    async with client.stream("GET", asset("app.css"), headers={"accept-encoding": "br"}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "br"
    assert b"--ink" in brotli.decompress(body)


async def test_a_page_is_compressed(client):
    answer = await client.get("/en/patterns", headers={"accept-encoding": "br"})
    assert answer.headers["content-encoding"] == "br" and "<html" in answer.text
