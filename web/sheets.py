"""Lists as files: CSV and XLSX that open safely in a spreadsheet and say when their data are an example."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

import xlsxwriter
from anyio import to_thread
from litestar import Response
from litestar.response import Stream

from foundation.clock import TBILISI, today
from foundation.language import gettext as _
from web.shell import SITE

T = TypeVar("T")
Sheet = Response[bytes]
PIECE = 64 * 1024
DAY = {"num_format": "yyyy-mm-dd"}
CSV, XLSX = "csv", "xlsx"
KINDS = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet takes what begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], kind: str = CSV) -> Sheet:
    """The rows as a download; `name` goes into the file's name. Of an example every row says so."""
    names, lines = list(columns), [list(row) for row in rows]
    if SITE.example:
        names.append(_("Data"))
        for line in lines:
            line.append(_("example data"))
    return Response(_made(kind, names, lines), media_type=KINDS[kind], headers=_headers(name, kind))


async def streamed_sheet(
    name: str, columns: Sequence[str], parts: AsyncIterator[list[T]],
    lines: Callable[[list[T]], Iterable[Sequence[Any]]], kind: str,
) -> Stream:  # fmt: skip
    """The same of any length: `parts` arrive one by one and become `lines` beside the loop, in a file that is gone once
    it is sent."""
    example = [_("example data")] if SITE.example else []
    file: IO[bytes] = await to_thread.run_sync(TemporaryFile)
    try:
        writer: CsvWriter | XlsxWriter = await to_thread.run_sync(
            WRITERS[kind], file, [*columns, *([_("Data")] if example else [])]
        )
        async for part in parts:
            await to_thread.run_sync(lambda part=part: writer.write([*line, *example] for line in lines(part)))
        await to_thread.run_sync(writer.finish)
        size = file.tell()
    except BaseException:
        file.close()
        raise
    headers = {**_headers(name, kind), "Content-Length": str(size)}
    return Stream(_pieces(file), media_type=KINDS[kind], headers=headers)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        file.seek(0)
        while piece := await to_thread.run_sync(file.read, PIECE):
            yield piece
    finally:
        file.close()


def _headers(name: str, kind: str) -> dict[str, str]:
    filename = f"{'example-' if SITE.example else ''}{name}-{today()}.{kind}"
    return {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"}


def plain(cell: Any) -> str:
    """Text that begins like a formula gets an apostrophe in front; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.astimezone(TBILISI).isoformat(timespec="minutes")
    if isinstance(cell, (int, float, date)):
        return str(cell)
    text = str(cell)
    return "'" + text if text.lstrip(" ").startswith(FORMULA) else text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return _made(CSV, columns, rows)


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return _made(XLSX, columns, rows)


def _made(kind: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    writer = WRITERS[kind](file, columns)
    writer.write(rows)
    writer.finish()
    return file.getvalue()


class CsvWriter:
    """UTF-8 with a mark, so that spreadsheets read Georgian."""

    def __init__(self, file: IO[bytes], columns: Sequence[str]):
        self.text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self.writer = csv.writer(self.text, lineterminator="\r\n")
        self.writer.writerow([plain(cell) for cell in columns])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        self.writer.writerows([plain(cell) for cell in row] for row in rows)

    def finish(self) -> None:
        self.text.detach()


class XlsxWriter:
    """Text is written as text, whatever it looks like; only the row being written is in memory."""

    def __init__(self, file: IO[bytes], columns: Sequence[str]):
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        }  # fmt: skip
        self.book = xlsxwriter.Workbook(file, options)
        self.page = self.book.add_worksheet()
        bold, self.day = self.book.add_format({"bold": True, "text_wrap": True}), self.book.add_format(DAY)
        self.page.freeze_panes(1, 0)
        self.widths = [len(str(column)) for column in columns]
        self.lines = 1
        for at, column in enumerate(columns):
            self.page.write_string(0, at, str(column), bold)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        page, widths = self.page, self.widths
        for line, row in enumerate(rows, self.lines):
            for at, cell in enumerate(row):
                if cell is None:
                    continue
                widths[at] = max(widths[at], len(str(cell)))
                if isinstance(cell, date) and not isinstance(cell, datetime):
                    page.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), self.day)
                elif isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
                    page.write_number(line, at, cell)
                else:
                    page.write_string(line, at, str(cell) if isinstance(cell, str) else plain(cell))
            self.lines = line + 1

    def finish(self) -> None:
        for at, width in enumerate(self.widths):
            self.page.set_column(at, at, min(max(width + 2, 8), 60))
        self.book.close()


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter]] = {CSV: CsvWriter, XLSX: XlsxWriter}
