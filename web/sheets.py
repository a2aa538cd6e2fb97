"""Lists as files: CSV and XLSX that open safely in a spreadsheet, and say what they are to whoever finds them alone."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from anyio import to_thread
from litestar import Response
from litestar.response import Stream

from foundation.clock import now, today
from foundation.language import gettext as _
from foundation.language import in_tbilisi, language
from foundation.settings import settings
from web.cells import Head
from web.context import href, request_context
from web.sheet_writers import CSV, WRITERS, XLSX, CsvWriter, XlsxWriter
from web.shell import SITE

T = TypeVar("T")
Sheet = Response[bytes]
Heads = Sequence[Head | str]
Row = Sequence[Any]
PIECE = 64 * 1024
KINDS = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LANGUAGES = {"ka": "ქართული", "en": "English"}
LONGEST_NAME = 80


@dataclass(frozen=True)
class About:
    """What a file is of. `name` goes into the file's name; `shown` is what it is narrowed to, as title and words;
    `query` the same as an address has it; `public` is what everybody may read at the address."""

    name: str
    title: str
    path: str
    shown: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    public: bool = False

    def rows(self) -> list[list[str]]:
        """What stands above the table: nobody has the page beside the file a year later."""
        told = [
            (_("Programme"), SITE.programme.get(language.get(), "")),
            (_("As of"), in_tbilisi(now())),
            (_("Shown"), "; ".join(f"{title}: {word}" for title, word in self.shown.items()) or _("everything")),
            (_("Language"), LANGUAGES[language.get()]),
            (_("Source"), f"{settings().address}{href(self.path, **self.query)}"),
            (_("Licence"), self._licence()),
            (_("Data"), _("An example: in part from published sources, in part invented. Each row says which.")
             if SITE.example else _("as entered and checked in this service")),
        ]  # fmt: skip
        return [[self.title], *([title, words] for title, words in told if words), []]

    def _licence(self) -> str:
        if self.public:
            return settings().data_licence or _("none is given: ask before you publish it")
        taken_by = getattr(request_context.get().person, "name", "")
        return _("for the programme’s own work, not to be published; taken by {name}", name=taken_by)

    def file_name(self, kind: str) -> str:
        """What it is narrowed to stands in it, as far as that can be written in Latin letters."""
        words = [self.name, *(f"{name}-{value}" for name, value in self.query.items() if name != "sort")]
        told = "-".join(filter(None, (re.sub("[^A-Za-z0-9.]+", "-", each).strip("-") for each in words)))
        return f"{'example-' if SITE.example else ''}{told[:LONGEST_NAME].strip('-')}-{today()}.{kind}"


def heads_of(columns: Heads) -> list[Head]:
    """Of an example every row says where it is from."""
    heads = [each if isinstance(each, Head) else Head(each) for each in columns]
    return [*heads, Head(_("Data"))] if SITE.example else heads


async def sheet(about: About, columns: Heads, rows: Iterable[Row], kind: str = CSV) -> Sheet:
    """The rows as a download, made beside the loop."""

    def made() -> bytes:
        invented = [_("example data")] if SITE.example else []
        file = io.BytesIO()
        writer = WRITERS[kind](file, heads_of(columns), about.rows())
        writer.write([*row, *invented] for row in rows)
        writer.finish()
        return file.getvalue()

    return Response(await to_thread.run_sync(made), media_type=KINDS[kind], headers=_headers(about, kind))


async def streamed_sheet(
    about: About, columns: Heads, parts: AsyncIterator[list[T]], lines: Callable[[list[T]], Iterable[Row]], kind: str,
    origin: Callable[[T], str] | None = None,
) -> Stream:  # fmt: skip
    """The same of any length: `parts` arrive one by one and become `lines` beside the loop, in a file that is gone once
    it is sent. `origin` says of a row of an example where it is from."""

    def told(part: list[T]) -> Iterable[Row]:
        if not SITE.example:
            return lines(part)
        whence = [origin(each) if origin else _("example data") for each in part]
        return ([*line, word] for line, word in zip(lines(part), whence, strict=True))

    file: IO[bytes] = await to_thread.run_sync(TemporaryFile)
    try:
        writer: CsvWriter | XlsxWriter = await to_thread.run_sync(WRITERS[kind], file, heads_of(columns), about.rows())
        async for part in parts:
            await to_thread.run_sync(lambda part=part: writer.write(told(part)))
        await to_thread.run_sync(writer.finish)
        size = file.tell()
    except BaseException:
        file.close()
        raise
    return Stream(_pieces(file), media_type=KINDS[kind], headers={**_headers(about, kind), "Content-Length": str(size)})


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        file.seek(0)
        while piece := await to_thread.run_sync(file.read, PIECE):
            yield piece
    finally:
        file.close()


def _headers(about: About, kind: str) -> dict[str, str]:
    disposition = f'attachment; filename="{about.file_name(kind)}"'
    return {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
