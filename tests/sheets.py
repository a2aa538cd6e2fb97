"""Files of lists, read again: what they say of themselves, their heads, their rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl

from web.cells import Head
from web.sheet_writers import CSV, WRITERS, XLSX

MARK = b"\xef\xbb\xbf"


@dataclass
class Table:
    title: str
    about: dict[str, str]
    heads: list[str]
    rows: list[list[Any]]

    def column(self, head: str) -> list[Any]:
        return [row[self.heads.index(head)] for row in self.rows]

    def told(self) -> list[dict[str, Any]]:
        return [dict(zip(self.heads, row, strict=True)) for row in self.rows]


def lines_of(content: bytes) -> list[list[Any]]:
    if content.startswith(MARK):
        return [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [list(row) for row in page.iter_rows(values_only=True)]


def table(content: bytes) -> Table:
    """The head rows end with an empty one."""
    lines = lines_of(content)
    end = next(at for at, line in enumerate(lines) if not any(line))
    title, *about = ([cell for cell in line if cell] for line in lines[:end])
    heads = [cell for cell in lines[end + 1] if cell is not None]  # a workbook is as wide as its widest row
    return Table(title[0], dict(about), heads, [line[: len(heads)] for line in lines[end + 2 :]])


def as_csv(heads: Sequence[Head | str], rows: Sequence[Sequence[Any]]) -> bytes:
    return _made(CSV, heads, rows)


def as_xlsx(heads: Sequence[Head | str], rows: Sequence[Sequence[Any]]) -> bytes:
    return _made(XLSX, heads, rows)


def _made(kind: str, heads: Sequence[Head | str], rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    writer = WRITERS[kind](file, [each if isinstance(each, Head) else Head(each) for each in heads])
    writer.write(rows)
    writer.finish()
    return file.getvalue()
