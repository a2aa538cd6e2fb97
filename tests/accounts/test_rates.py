"""Published exchange rates are read as they are published, kept for good, and turned round or crossed where needed."""

from datetime import date
from decimal import Decimal as D

import asyncpg
import pytest

from accounts.programme.rates import Method, Rate, keep, read
from foundation.database import DB, execute, transaction, value
from foundation.refused import Refused

# Made up, in the form in which both publish.
MONTH = """[{"country":"GEORGIA","currency":"Lari","isoA3Code":"GEL","isoA2Code":"GE","value":3.1250,"comment":null},
{"country":"UNITED STATES","currency":"Dollar","isoA3Code":"USD","isoA2Code":"US","value":1.25,"comment":null},
{"country":"EURO","currency":"Euro","isoA3Code":"EUR","isoA2Code":"","value":1,"comment":null},
{"country":"JAPAN","currency":"Yen","isoA3Code":"JPY","isoA2Code":"JP","value":160.1,"comment":null}]"""
MONTH_CSV = (
    "Country;Currency;ISO A3 Code;ISO A2 Code;Value;Comment\nGEORGIA;Lari;GEL;GE;3,1250;\nJAPAN;Yen;JPY;JP;160,1;\n"
)
HISTORY = (
    """[{"currencyIso":"GEL","refCurrencyIso":"EUR","amount":3.0,"dateStart":"01/11/2026","dateEnd":"30/11/2026"}]"""
)
BANK = """[{"date":"2026-12-01T00:00:00.000Z","currencies":[
{"code":"EUR","quantity":1,"rateFormated":"3.1301","diffFormated":"0.0011","rate":3.1301,"name":"Euro","diff":0.0011,
 "date":"2026-11-30T17:00:05.000Z","validFromDate":"2026-12-01T00:00:00.000Z"},
{"code":"USD","quantity":1,"rateFormated":"2.5000","diffFormated":"0","rate":2.5,"name":"US Dollar","diff":0,
 "date":"2026-11-30T17:00:05.000Z","validFromDate":"2026-12-01T00:00:00.000Z"},
{"code":"JPY","quantity":100,"rate":1.9,"name":"Yen","validFromDate":"2026-12-01T00:00:00.000Z"}]}]"""
BANK_CSV = "code,quantity,rate,validFromDate\nUSD,10,25.0,2026-12-01\n"
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("method", "text", "found"),
    [
        (Method.INFOREURO, MONTH, [Rate("EUR", "GEL", D("3.1250"), *DECEMBER), Rate("EUR", "USD", D("1.25"), *DECEMBER)]),
        (Method.INFOREURO, "\ufeff" + MONTH_CSV, [Rate("EUR", "GEL", D("3.1250"), *DECEMBER)]),
        (Method.INFOREURO, HISTORY, [Rate("EUR", "GEL", D("3.0"), date(2026, 11, 1), date(2026, 11, 30))]),
        (Method.NBG, BANK, [Rate("EUR", "GEL", D("3.1301"), DECEMBER[0]), Rate("USD", "GEL", D("2.5"), DECEMBER[0])]),
        (Method.NBG, BANK_CSV, [Rate("USD", "GEL", D("2.5"), DECEMBER[0])]),
    ],
)  # fmt: skip
def test_files_are_read_as_they_are_published(method, text, found):
    assert read(method, text, "2026-12") == found


@pytest.mark.parametrize(
    ("method", "text", "month"),
    [(Method.INFOREURO, MONTH, ""), (Method.INFOREURO, MONTH, "2026-13"), (Method.INFOREURO, "[]", "2026-12"),
     (Method.NBG, BANK.replace("3.1301", '"many"'), ""), (Method.NBG, "<html>", ""), (Method.NBG, BANK_CSV.replace("25.0", "-1"), ""),
     (Method.NBG, MONTH, "")],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(method, text, month):
    with pytest.raises(ValueError):
        read(method, text, month)


async def told(a, b, day=date(2026, 12, 15), source="inforeuro"):
    return await value("SELECT round(rate_between($1, $2, $3, $4), 6)", source, a, b, day)


async def test_rates_are_kept_turned_round_and_crossed(cast):
    await DB.fetch("SET LOCAL ROLE NONE")
    rates = read(Method.INFOREURO, MONTH, "2026-12")
    assert await keep(Method.INFOREURO, rates, MONTH) == 2 and await keep(Method.INFOREURO, rates, MONTH) == 0
    with pytest.raises(Refused):
        await keep(Method.INFOREURO, read(Method.INFOREURO, MONTH.replace("3.1250", "3.2"), "2026-12"), MONTH)
    await keep(Method.NBG, read(Method.NBG, BANK), BANK)
    assert await told("EUR", "GEL") == D("3.125") and await told("GEL", "EUR") == D("0.32")
    assert await told("USD", "GEL") == D("2.5") and await told("EUR", "EUR") == 1
    assert await told("EUR", "GEL", date(2026, 11, 30)) is None and await told("EUR", "GEL", date(2027, 1, 1)) is None
    assert (
        await told("EUR", "USD", source="nbg") == D("1.25204")
        and await told("EUR", "GEL", date(2026, 12, 16), "nbg") is None
    )
    assert await value("SELECT count(*) FROM event WHERE name = 'programme.rates_imported'") == 3
    for sql in ("UPDATE exchange_rate SET rate = 1", "DELETE FROM exchange_rate"):
        with pytest.raises(asyncpg.PostgresError):
            async with transaction():
                await execute(sql)


async def test_the_service_itself_imports_none(cast):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await keep(Method.NBG, read(Method.NBG, BANK), BANK)


def test_the_command_names_what_it_cannot_read(tmp_path, capsys):
    from entrypoints import cli

    file = tmp_path / "rates.json"
    file.write_text("<html>")
    assert cli.rates_import(cli.parser().parse_args(["rates", "import", "nbg", str(file)])) == 1
    assert "cannot be read as a file of this source" in capsys.readouterr().err
