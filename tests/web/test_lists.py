"""Lists in the address and as files."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from foundation.language import days, speaking
from tests.sheets import as_csv, as_xlsx
from web.lists.query import Unknown, list_query, only_paged


def test_only_known_names_are_kept_and_a_page_is_a_number():
    here = list_query({"q": "  water ", "x": "1", "page": "3", "state": ""}, "q", "state")
    assert (here.query, here.page, here.offset, here["state"]) == ({"q": "water"}, 3, 40, "")
    for typed in ("-1", "x", "9" * 30, "0", "٣"):
        with pytest.raises(Unknown):
            list_query({"page": typed})
    with pytest.raises(Unknown):
        list_query({"q": "a" * 101}, "q")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1"])
def test_text_like_a_formula_is_escaped_in_csv(text):
    assert as_csv(["a"], [[text]]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")


def test_numbers_stay_numbers_in_csv():
    made = as_csv(["a", "b", "c"], [[Decimal("-12.50"), date(2026, 11, 1), None]]).decode("utf-8-sig")
    assert made.splitlines()[1] == "-12.5,2026-11-01,"


def test_a_formula_is_text_in_xlsx():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(["a", "b"], [["=1+1", Decimal("3.5")]])))
    cell = book.active["A2"]
    assert (cell.data_type, cell.value, book.active["B2"].value) == ("s", "=1+1", 3.5)


@pytest.mark.parametrize(
    ("first", "last", "precision", "said"),
    [
        (date(2021, 9, 9), date(2021, 9, 10), "day", "9–10 September 2021"),
        (date(2021, 9, 9), date(2021, 10, 1), "day", "9 September – 1 October 2021"),
        (date(2020, 12, 1), date(2021, 1, 31), "month", "December 2020 – January 2021"),
        (date(2021, 9, 1), date(2021, 9, 30), "month", "September 2021"),
        (date(2021, 1, 1), date(2021, 12, 31), "year", "2021"),
        (date(2021, 1, 1), None, "unknown", ""),
        (None, None, "day", ""),
    ],
)
def test_days_are_said_once_and_never_too_precisely(first, last, precision, said):
    with speaking("en"):
        assert days(first, last, precision) == said


def test_what_is_only_leafed_through_takes_a_page_and_refuses_the_rest():
    assert (only_paged({"page": "3"}, 50).offset, only_paged({}, 50).page) == (100, 1)
    for name in ("q", "sort", "state"):
        with pytest.raises(Unknown) as refused:
            only_paged({name: "x"}, 50)
        assert refused.value.status == 400
