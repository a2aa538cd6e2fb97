"""Statements and bytes of a page are exact on every machine; they grow only when somebody raises them here."""

import sys

import pytest

from tests.house.budgets import cost, rows

SERVE = f'exec {sys.executable} -m uvicorn --factory --log-level warning --port "$PORT" tools.counted:app'


@pytest.fixture(scope="session")
def counted(new_site, people):
    site = new_site("counted", serve=["/bin/sh", "-c", SERVE])
    return site, people(site)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['page']} {row['who']}")
async def test_page_stays_within_its_budget(row, counted):
    status, statements, size = await cost(*counted, row)
    assert status == 200
    assert statements <= int(row["statements"]), f"{statements} statements; {row['statements']} are allowed"
    assert size <= int(row["bytes"]), f"{size} bytes; {row['bytes']} are allowed"
