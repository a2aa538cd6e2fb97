"""Amounts in words, as a Georgian and an English reader would write them."""

from decimal import Decimal

import pytest

from foundation.in_words import money_in_words, number_en, number_ka

KA = {
    0: "ნული", 1: "ერთი", 11: "თერთმეტი", 20: "ოცი", 21: "ოცდაერთი", 30: "ოცდაათი", 37: "ოცდაჩვიდმეტი", 40: "ორმოცი",
    55: "ორმოცდათხუთმეტი", 60: "სამოცი", 78: "სამოცდათვრამეტი", 80: "ოთხმოცი", 99: "ოთხმოცდაცხრამეტი", 100: "ასი",
    101: "ას ერთი", 321: "სამას ოცდაერთი", 900: "ცხრაასი", 1000: "ათასი", 1001: "ათას ერთი", 2000: "ორი ათასი",
    6000: "ექვსი ათასი", 12500: "თორმეტი ათას ხუთასი", 196400: "ას ოთხმოცდათექვსმეტი ათას ოთხასი",
    1000000: "ერთი მილიონი", 1500000: "ერთი მილიონ ხუთასი ათასი",
}  # fmt: skip
EN = {
    0: "zero", 13: "thirteen", 21: "twenty-one", 100: "one hundred", 101: "one hundred and one", 1000: "one thousand",
    1001: "one thousand and one", 12500: "twelve thousand five hundred", 196400: "one hundred and ninety-six thousand four hundred",
    1000000: "one million", 2000019: "two million and nineteen",
}  # fmt: skip


@pytest.mark.parametrize(("n", "said"), KA.items())
def test_georgian(n, said):
    assert number_ka(n) == said


@pytest.mark.parametrize(("n", "said"), EN.items())
def test_english(n, said):
    assert number_en(n) == said


def test_money():
    assert money_in_words(Decimal("6000.50"), "EUR", "ka") == "ექვსი ათასი ევრო და ორმოცდაათი ცენტი"
    assert money_in_words(Decimal("1.01"), "EUR", "en") == "one euro and one cent"
    assert money_in_words(Decimal("2500"), "GEL", "en") == "two thousand five hundred lari"
    assert money_in_words(Decimal("999999999999.99"), "EUR", "en").endswith("and ninety-nine cents")
