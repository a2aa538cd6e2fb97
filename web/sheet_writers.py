"""A file row by row: first what it is, then the heads of its columns, then what there is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter

from web.cells import Head, as_number, plain

CSV, XLSX = "csv", "xlsx"
Row = Sequence[Any]
FORMATS = {
    "day": {"num_format": "yyyy-mm-dd"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.####"},
}
# Earlier days are none to a workbook, which also believes in a 29 February 1900.
FIRST_DAY = date(1900, 3, 1)
WIDEST, NARROWEST = 60, 8


class CsvWriter:
    """UTF-8 with a mark, so that spreadsheets read Georgian."""

    def __init__(self, file: IO[bytes], heads: Sequence[Head], about: Iterable[Row] = ()):
        self.text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self.writer = csv.writer(self.text, lineterminator="\r\n")
        self.kinds = [head.kind for head in heads]
        self.writer.writerows([plain(cell) for cell in line] for line in about)
        self.writer.writerow([plain(head.text) for head in heads])

    def write(self, rows: Iterable[Row]) -> None:
        self.writer.writerows([plain(cell, kind) for cell, kind in zip(row, self.kinds, strict=True)] for row in rows)

    def finish(self) -> None:
        self.text.detach()


class XlsxWriter:
    """Text is written as text, whatever it looks like; only the row being written is in memory."""

    def __init__(self, file: IO[bytes], heads: Sequence[Head], about: Iterable[Row] = ()):
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        }  # fmt: skip
        self.book = xlsxwriter.Workbook(file, options)
        self.page = self.book.add_worksheet()
        self.formats = {name: self.book.add_format(how) for name, how in FORMATS.items()}
        self.kinds = [head.kind for head in heads]
        self.widths = [len(head.text) for head in heads]
        bold, above = self.book.add_format({"bold": True, "text_wrap": True}), list(about)
        for line, row in enumerate(above):
            for at, cell in enumerate(row):
                self.page.write_string(line, at, plain(cell) if not isinstance(cell, str) else cell)
        self.page.freeze_panes(len(above) + 1, 0)
        for at, head in enumerate(heads):
            self.page.write_string(len(above), at, head.text, bold)
        self.lines = len(above) + 1

    def write(self, rows: Iterable[Row]) -> None:
        for line, row in enumerate(rows, self.lines):
            for at, (cell, kind) in enumerate(zip(row, self.kinds, strict=True)):
                if cell is not None:
                    self.widths[at] = max(self.widths[at], len(str(cell)))
                    self._cell(line, at, cell, kind)
            self.lines = line + 1

    def _cell(self, line: int, at: int, cell: Any, kind: str) -> None:
        if isinstance(cell, date) and not isinstance(cell, datetime) and cell >= FIRST_DAY:
            self.page.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), self.formats["day"])
        elif (number := as_number(cell)) is not None:
            how = kind if kind in self.formats else "whole" if number == int(number) else "number"
            self.page.write_number(line, at, number, self.formats[how])
        else:
            self.page.write_string(line, at, cell if isinstance(cell, str) else plain(cell, kind))

    def finish(self) -> None:
        for at, width in enumerate(self.widths):
            self.page.set_column(at, at, min(max(width + 2, NARROWEST), WIDEST))
        self.book.close()


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter]] = {CSV: CsvWriter, XLSX: XlsxWriter}
