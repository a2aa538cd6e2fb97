"""Lists as files, cell by cell: what each kind of fact becomes in CSV and in XLSX, and what an example says of itself."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from foundation.clock import today
from foundation.language import speaking
from foundation.settings import settings
from tests.sheets import as_csv, as_xlsx, table
from web import sheets
from web.cells import FORMULA, Head, plain
from web.context import RequestContext, request_context
from web.sheet_writers import CsvWriter, XlsxWriter
from web.sheets import About, sheet, streamed_sheet
from web.shell import SITE

GRANTS = About("grants", "Grants", "/grants", public=True)
NIGHT = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # in Tbilisi the next day


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize(("cell", "told"), [
    (None, ""), (True, "yes"), (False, "no"), (Decimal("1E+3"), "1000"), (Decimal("-0.50"), "-0.5"), (0, "0"),
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
    made = writer(file, [Head("A")])
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
        whole = await sheet(GRANTS, ["A"], [["x"], ["y"]], kind)
        streamed = await streamed_sheet(GRANTS, ["A"], parts(), lambda part: [[f"n{each}"] for each in part], kind)
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
        assert [table(made).heads, *table(made).rows] == lines


async def test_a_file_that_breaks_off_is_closed(monkeypatch):
    """What was written of it is gone, and what went wrong is told."""
    kept = []
    made = sheets.TemporaryFile
    monkeypatch.setattr(sheets, "TemporaryFile", lambda: kept.append(made()) or kept[-1])

    async def parts():
        yield [1]
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await streamed_sheet(GRANTS, ["A"], parts(), lambda part: [part], "csv")
    assert kept[0].closed
    whole = await streamed_sheet(GRANTS, ["A"], _nothing(), lambda part: [part], "csv")
    await pieces(whole.iterator)
    assert kept[-1].closed


async def _nothing():
    for part in ():
        yield part


HIDDEN = [
    "\u00a0",
    "\u200b",
    "\x0b",
    "\x0c",
    "\ufeff",
    "\u2060",
    "\u3164",
    "\u2028",
    "\u202e",
    "\u00ad",
    "\u034f",
    "\x00 \u2003",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
@pytest.mark.parametrize("sign", FORMULA)
def test_what_is_not_seen_hides_no_formula(hidden, sign):
    """A spreadsheet may drop it, and run what is left."""
    assert plain(f"{hidden}{sign}HYPERLINK(1)") == f"'{hidden}{sign}HYPERLINK(1)"
    assert plain(f"{hidden}Vani {sign}1") == f"{hidden}Vani {sign}1"


def test_numbers_are_written_in_one_way():
    """Money with two decimals, everything else without zeros at its end; the workbook has the number and its format."""
    heads = [Head("Amount", "money"), Head("Amount", "money"), "Value", "Value", Head("Share", "share"), "Large"]
    row = [Decimal("771"), Decimal("0"), Decimal("31.0000"), 4, Decimal("0.8812"), Decimal("12345678901234567.89")]
    assert as_csv(heads, [row]).decode("utf-8-sig").splitlines()[1] == "771.00,0.00,31,4,0.8812,12345678901234567.89"
    cells = [opened(as_xlsx(heads, [row])).cell(2, n) for n in range(1, 7)]
    assert [each.value for each in cells] == [771, 0, 31, 4, 0.8812, "12345678901234567.89"]
    assert [each.number_format for each in cells[:5]] == ["#,##0.00", "#,##0.00", "#,##0", "#,##0", "0.0%"]


@pytest.mark.parametrize("early", [date(26, 11, 20), date(1899, 12, 31), date(1900, 2, 28)])
def test_a_day_a_workbook_does_not_know_is_words(early):
    cell = opened(as_xlsx(["Day"], [[early]])).cell(2, 1)
    assert (cell.value, cell.data_type) == (early.isoformat(), "s")


def test_a_file_says_what_it_is():
    request_context.set(RequestContext())
    with speaking("en"):
        about = About("awards", "Agreements", "/awards", {"State": "active"}, {"state": "active", "q": "ვანი"})
        told = dict(row for row in about.rows() if len(row) == 2)
    assert about.rows()[0] == ["Agreements"] and about.rows()[-1] == []
    assert told["Shown"] == "State: active" and told["Source"].endswith(
        "/en/awards?state=active&q=%E1%83%95%E1%83%90%E1%83%9C%E1%83%98"
    )
    assert "not to be published" in told["Licence"]
    assert about.file_name("csv") == f"awards-state-active-q-{today()}.csv"


@pytest.mark.parametrize(("given", "told"), [("", "none is given"), ("CC BY 4.0", "CC BY 4.0")])
def test_the_licence_is_what_the_programme_gives(given, told, monkeypatch):
    monkeypatch.setattr(sheets, "settings", lambda: settings().model_copy(update={"data_licence": given}))
    with speaking("en"):
        assert any(row[:1] == ["Licence"] and row[1].startswith(told) for row in GRANTS.rows())
