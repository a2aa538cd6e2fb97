"""Lists as files: CSV and XLSX that open safely in a spreadsheet and say when their data are an example."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from litestar import Response

from foundation.clock import TBILISI, today
from foundation.language import gettext as _
from web.shell import STANDING

Sheet = Response[bytes]
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
    if STANDING.example:
        names.append(_("Data"))
        for line in lines:
            line.append(_("example data"))
    made = as_xlsx(names, lines) if kind == XLSX else as_csv(names, lines)
    filename = f"{'example-' if STANDING.example else ''}{name}-{today()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"}
    return Response(made, media_type=KINDS[kind], headers=headers)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read Georgian."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([plain(cell) for cell in columns])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


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


def as_xlsx(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Text is written as text, whatever it looks like."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet()
        bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.freeze_panes(1, 0)
        widths = [len(str(column)) for column in columns]
        for at, column in enumerate(columns):
            page.write_string(0, at, str(column), bold)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                if cell is None:
                    continue
                widths[at] = max(widths[at], len(str(cell)))
                if isinstance(cell, date) and not isinstance(cell, datetime):
                    page.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
                    page.write_number(line, at, cell)
                else:
                    page.write_string(line, at, str(cell) if isinstance(cell, str) else plain(cell))
        for at, width in enumerate(widths):
            page.set_column(at, at, min(max(width + 2, 8), 60))
    return file.getvalue()
