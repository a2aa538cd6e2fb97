"""Lists as files, cell by cell: what each kind of fact becomes in CSV and in XLSX, and what an example says of itself."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from foundation.clock import today
from foundation.language import speaking
from web import sheets
from web.sheets import CsvWriter, XlsxWriter, as_csv, as_xlsx, plain, sheet, streamed_sheet
from web.shell import SITE

NIGHT = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # in Tbilisi the next day


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize(("cell", "told"), [
    (None, ""), (True, "yes"), (False, "no"), (Decimal("1E+3"), "1000"), (Decimal("-0.50"), "-0.50"), (0, "0"),
    (-3, "-3"), (2.5, "2.5"), (date(2026, 5, 1), "2026-05-01"), (NIGHT, "2026-12-01T02:30+04:00"), ("Vani", "Vani"),
    ("a=b", "a=b"), (" -x", "' -x"), ("", ""),
])  # fmt: skip
def test_a_cell_of_a_csv(cell, told):
    with speaking("en"):
        assert plain(cell) == told


def test_a_csv_is_read_by_spreadsheets():
    made = as_csv(["=A", "B"], [["x, y", 1], ['"', None]])
    assert made == b"\xef\xbb\xbf'=A,B\r\n" + b'"x, y",1\r\n"""",\r\n'


def test_a_cell_of_an_xlsx_keeps_its_kind():
    with speaking("en"):
        page = opened(as_xlsx(["A"] * 9, [[
            None, True, Decimal("1.50"), 7, 2.5, date(2026, 5, 1), NIGHT, "12", "=1+1",
        ]]))  # fmt: skip
    cells = [page.cell(2, n) for n in range(1, 10)]
    assert [cell.value for cell in cells] == [
        None, "yes", 1.5, 7, 2.5, datetime(2026, 5, 1), "2026-12-01T02:30+04:00", "12", "=1+1",
    ]  # fmt: skip
    assert [cell.data_type for cell in cells] == ["n", "s", "n", "n", "n", "d", "s", "s", "s"]
    assert cells[5].number_format == "yyyy-mm-dd"


def test_an_xlsx_is_laid_out():
    """Heads stay in sight and are bold; a column is as wide as its widest cell, within reason."""
    page = opened(as_xlsx(["A", "Twelve signs", "Long"], [["x", "y", "z" * 90], ["xxxxxxxxxx", "y", None]]))
    assert page.freeze_panes == "A2" and page["A1"].font.bold and not page["A2"].font.bold
    widths = [page.column_dimensions[name].width for name in "ABC"]
    assert [round(width) for width in widths] == [13, 15, 61]
    assert round(opened(as_xlsx(["A"], [["x"]])).column_dimensions["A"].width) == 9  # the least


@pytest.mark.parametrize("writer", [CsvWriter, XlsxWriter])
def test_parts_follow_each_other(writer):
    file = io.BytesIO()
    made = writer(file, ["A"])
    for part in (["a", "b"], [], ["c"]):
        made.write([each] for each in part)
    made.finish()
    if writer is CsvWriter:
        assert file.getvalue().decode("utf-8-sig").split() == ["A", "a", "b", "c"]
    else:
        assert [each.value for (each,) in opened(file.getvalue()).iter_rows()] == ["A", "a", "b", "c"]


async def pieces(content) -> bytes:
    return b"".join([piece async for piece in content])


@pytest.mark.parametrize("example", [True, False])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_of_an_example_every_row_says_so(kind, example, monkeypatch):
    monkeypatch.setattr(SITE, "example", example)

    async def parts():
        yield [1, 2]
        yield [3]

    with speaking("en"):
        whole = sheet("grants", ["A"], [["x"], ["y"]], kind)
        streamed = await streamed_sheet("grants", ["A"], parts(), lambda part: [[f"n{each}"] for each in part], kind)
        content = await pieces(streamed.iterator)
    name = f"{'example-' if example else ''}grants-{today()}.{kind}"
    for answer in (whole, streamed):
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert streamed.headers["Content-Length"] == str(len(content))
    for made, cells in ((whole.content, ["x", "y"]), (content, ["n1", "n2", "n3"])):
        lines = (
            [["A", "Data"], *([each, "example data"] for each in cells)]
            if example
            else [["A"], *([each] for each in cells)]
        )
        if kind == "csv":
            assert [line.split(",") for line in made.decode("utf-8-sig").splitlines()] == lines
        else:
            assert [[each.value for each in row] for row in opened(made).iter_rows()] == lines


async def test_a_file_that_breaks_off_is_closed(monkeypatch):
    """What was written of it is gone, and what went wrong is told."""
    kept = []
    made = sheets.TemporaryFile
    monkeypatch.setattr(sheets, "TemporaryFile", lambda: kept.append(made()) or kept[-1])

    async def parts():
        yield [1]
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await streamed_sheet("grants", ["A"], parts(), lambda part: [part], "csv")
    assert kept[0].closed
    whole = await streamed_sheet("grants", ["A"], _nothing(), lambda part: [part], "csv")
    await pieces(whole.iterator)
    assert kept[-1].closed


async def _nothing():
    for part in ():
        yield part
