"""Sends a file to somebody who may have it. Rooms own the route and ask first; here are the headers."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from foundation.database import row
from uploads import storing
from uploads.actions import upload_by_id
from uploads.lifecycle import State
from uploads.tables import Upload
from web.fresh import has_it
from web.pages import or_404

R = TypeVar("R")
STEP = 256 * 1024
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


async def send(
    upload: Upload, request: Request | None = None, *, inline_thumbnail: bool = False, public: str = ""
) -> Response:
    """The file as a download, or its thumbnail inline. With the request a part of it can be asked for (Range).

    `public` is the name under which everybody may have it, for the sender's own may tell of people. Browsers keep it
    and ask each time whether it still is: what is public no more is gone at once."""
    wanted = upload.thumbnail_sha256 if inline_thumbnail else upload.blob_sha256
    blob = or_404(await row("SELECT size, media_type FROM blob WHERE sha256 = $1 AND state = $2", wanted, State.CLEAN))
    path = storing.path_of(wanted)
    or_404(path if path.exists() else None)
    ending = mimetypes.guess_extension(blob["media_type"]) or ""
    headers = SAFE | {
        "Cache-Control": "private, no-cache" if public else "private, no-store",
        "Content-Disposition": "inline" if inline_thumbnail
        else _disposition(f"{public}{ending}" if public else upload.filename),
        "Accept-Ranges": "bytes",
    }  # fmt: skip
    if public:
        tag = f'"{wanted.hex()[:32]}"'
        headers["ETag"] = tag
        if request and has_it(request, tag):
            return Response(None, status_code=304, headers=headers)
    start, end, status = _range(request, blob["size"])
    if status == 416:
        return Response(b"", status_code=416, headers=headers | {"Content-Range": f"bytes */{blob['size']}"})
    if status == 206:
        headers["Content-Range"] = f"bytes {start}-{end}/{blob['size']}"
    headers["Content-Length"] = str(end - start + 1)
    # As a header, because the media type of a streamed answer gives way to the handler's own.
    headers["Content-Type"] = "text/csv; charset=utf-8" if blob["media_type"] == "text/csv" else blob["media_type"]
    return Stream(_pieces(path, start, end), headers=headers, status_code=status)


def _disposition(filename: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", filename).strip("_") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _range(request: Request | None, size: int) -> tuple[int, int, int]:
    """First and last byte and the status; one range is served, anything odd gets the whole file."""
    asked = request.headers.get("range", "") if request else ""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", asked.strip())
    if not match or match.group(0) == "bytes=-":
        return 0, size - 1, 200
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end, 206) if start <= end else (0, 0, 416)


async def _pieces(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (piece := await asyncio.to_thread(file.read, min(STEP, left))):
            left -= len(piece)
            yield piece


def download(
    path: str,
    name: str,
    find: Callable[[Any, str], Awaitable[R | None]],
    file_of: Callable[[Any, R, UUID], Awaitable[UUID | None]],
    named: Callable[[R], str] | None = None,
) -> HTTPRouteHandler:
    """The route of a file that belongs to a record: `find(person, reference)` is the record they may see, and
    `file_of(person, record, key)` the upload behind the key in the address, or None where it is not for them. `named`
    where everybody may have it: what it is called then."""

    @get(path, name=name, opt={"public": True}, include_in_schema=False)
    async def file(
        reference: FromPath[str], key: FromPath[UUID], request: Request, person: NamedDependency[Any]
    ) -> Response:
        owner = or_404(await find(person, reference))
        upload = await upload_by_id(or_404(await file_of(person, owner, key)))
        return await send(upload, request, public=named(owner) if named else "")

    return file
