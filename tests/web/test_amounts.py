"""What a script adds up while somebody types is read as the server reads it."""

from foundation.money import parse_money
from tests.foundation.test_typed import NUMBERS, REFUSED
from web.assets import asset

TYPED = [*(typed for typed, _value in NUMBERS), *REFUSED, "1,250", "1.250", "3.000", "1.255", "€ 100", "100 EUR", "$ 5"]


def hundredths(typed):
    try:
        return int(parse_money(typed, "EUR") * 100)
    except ValueError:
        return None


async def test_scripts_and_server_read_amounts_alike(signed_in):
    visitor = await signed_in(None)
    await visitor.visit("/calls")
    read = await visitor.page.evaluate(
        "async ([from, typed]) => { const { hundredths } = await import(from);"
        " return typed.map((each) => hundredths(each, 'EUR')); }",
        [asset("amounts.js"), TYPED],
    )
    assert dict(zip(TYPED, read, strict=True)) == {typed: hundredths(typed) for typed in TYPED}
    await visitor.leave()
