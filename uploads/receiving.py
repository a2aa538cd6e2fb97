"""Takes files as they stream in: to disk, hashed and counted, examined, and stored under their hash."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Hashable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.settings import settings
from uploads import names, storing
from uploads.examining import examine
from uploads.filetypes.decide import EMPTY
from uploads.filetypes.verdict import Unfit, Verdict
from uploads.received import Received, Stored
from uploads.tickets import opened, sealed
from web.context import request_context
from web.forms import Form, Invalid, TooLarge

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
PAPERS = PICTURES | {"application/pdf"}
MOST_FILES = 20

TOO_LARGE = N_("“{filename}” is larger than {limit} MB. Make it smaller, then choose it again.")
TOO_MANY = N_("These are too many files at once: send at most {most}.")
NOT_A_PICTURE = N_("“{filename}” is not a picture. Choose a JPEG, PNG or WebP.")
NOT_A_PAPER = N_("“{filename}” is neither a PDF nor a picture. Choose one of these.")
NOT_KEPT = N_("This file is no longer held here. Choose it again.")
OTHER_BYTES = N_("The file was damaged while sending. Send it again.")


@dataclass
class _Arriving:
    filename: str
    part: Path
    handle: IO[bytes]
    hashed: hashlib._Hash = field(default_factory=hashlib.sha256)
    size: int = 0
    too_large: bool = False


class Receiving:
    """The sink for `read_form(request, Receiving())`. `form.files[name]` is a list of Received; `file_of` reads it."""

    def __init__(self, limit: int | None = None, kinds: Collection[str] | None = None):
        self.limit = limit or settings().upload_mb * 1024 * 1024
        self.kinds = kinds
        self.count = 0

    async def start(self, field: str, filename: str, content_type: str) -> _Arriving:
        self.count += 1
        if self.count > MOST_FILES:
            raise TooLarge(_(TOO_MANY, most=MOST_FILES))
        part = storing.new_part()
        return _Arriving(names.displayed(filename), part, part.open("xb"))

    async def receive(self, file: _Arriving, chunk: bytes) -> None:
        """Past the limit nothing is written any more, but the form is read on: its text goes back as typed."""
        file.size += len(chunk)
        if file.size > self.limit and not file.too_large:
            file.too_large = True
            file.handle.truncate(0)
        if not file.too_large:
            file.hashed.update(chunk)
            try:
                file.handle.write(chunk)
            except OSError:
                await self.abandon(file)
                raise

    async def finish(self, file: _Arriving) -> Received:
        original = file.hashed.digest()
        try:
            file.handle.close()
            if file.too_large:
                return Received(file.filename, original, refusal=self._too_large(file))
            verdict = await examine(file.part, file.filename, _sender())
            name = names.displayed(file.filename, verdict.media_type)
            if self.kinds is not None and verdict.media_type not in self.kinds:
                return Received(name, original, refusal=_(self._other_kind(), filename=file.filename))
            stored = await asyncio.to_thread(_store, file.part, verdict)
            received = Received(name, original, *stored, taken_at=verdict.taken_at)
            return replace(received, ticket=sealed(received))
        except Unfit as unfit:
            return Received(file.filename, original, refusal=_(str(unfit), filename=file.filename))
        finally:
            _drop(file.part)

    def kept(self, ticket: str) -> Received:
        """What came with this form when it was sent before."""
        self.count += 1
        received = opened(ticket)
        if received is None or received.stored is None or self.count > MOST_FILES:
            return Received("", b"", refusal=_(NOT_KEPT))
        if self.kinds is not None and received.stored.media_type not in self.kinds:
            return replace(received, refusal=_(self._other_kind(), filename=received.filename), ticket="")
        return received

    def _other_kind(self) -> str:
        return NOT_A_PICTURE if PICTURES.issuperset(self.kinds or ()) else NOT_A_PAPER

    async def abandon(self, file: _Arriving) -> None:
        with suppress(OSError):
            file.handle.close()
        _drop(file.part)

    def _too_large(self, file: _Arriving) -> str:
        return _(TOO_LARGE, filename=file.filename, limit=self.limit // (1024 * 1024))


async def receive(
    chunks: AsyncIterator[bytes],
    filename: str,
    *,
    sha256: bytes | None = None,
    limit: int | None = None,
    kinds: Collection[str] | None = None,
) -> Received:
    """One file that is the whole body of a request. Refused when it is too large, unfit or not what was announced."""
    sink = Receiving(limit, kinds)
    file = await sink.start("", filename, "")
    try:
        async for chunk in chunks:
            await sink.receive(file, chunk)
            if file.too_large:
                raise TooLarge(sink._too_large(file))
        if sha256 is not None and file.hashed.digest() != sha256:
            raise Refused(_(OTHER_BYTES))
    except BaseException:
        await sink.abandon(file)
        raise
    received = await sink.finish(file)
    if received.refusal:
        raise Refused(received.refusal)
    return received


def files_of(form: Form, name: str, most: int = MOST_FILES) -> list[Received]:
    """What came in this field of the form; Invalid with a sentence for the field when one of them is refused."""
    came = form.files.get(name, [])
    if most == 1:  # another one was chosen in place of the one that is held
        came = [received for received in came if not received.kept] or came
    if len(came) > most:
        raise Invalid({name: _(TOO_MANY, most=most)}, form)
    for received in came:
        if received.refusal:
            raise Invalid({name: received.refusal}, form)
    return came


def file_of(form: Form, name: str) -> Received:
    """The one file of a field that must have one."""
    if not form.files.get(name):
        raise Invalid({name: _("Choose a file.")}, form)
    return files_of(form, name, most=1)[0]


async def receive_bytes(data: bytes, filename: str) -> Received:
    """A document the service made itself takes the same way as everybody else's."""
    if not data:
        raise Refused(_(EMPTY, filename=filename))

    async def whole() -> AsyncIterator[bytes]:
        yield data

    return await receive(whole(), filename, limit=50 * 1024 * 1024)


def _sender() -> Hashable:
    """Whose files wait for each other; those of the service itself do, too."""
    here = request_context.get(None)
    return here.person.id if here and here.person else None


def _store(part: Path, verdict: Verdict) -> tuple[Stored, Stored | None]:
    kept = _stored(Path(verdict.derived or part), verdict.media_type, verdict.width, verdict.height)
    if not verdict.thumbnail:
        return kept, None
    return kept, _stored(Path(verdict.thumbnail), "image/webp", verdict.thumbnail_width, verdict.thumbnail_height)


def _stored(part: Path, media_type: str, width: int | None, height: int | None) -> Stored:
    sha256, size = storing.store(part)
    return Stored(sha256, size, media_type, width, height)


def _drop(part: Path) -> None:
    """The part and what was derived from it. Stored bytes have a second name by now and stay."""
    for left in part.parent.glob(part.name.removesuffix(".part") + "*"):
        left.unlink(missing_ok=True)
