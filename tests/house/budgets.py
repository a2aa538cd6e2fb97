"""What the main pages of the example cost: SQL statements and bytes of the page as sent."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.patience import PATIENCE

FILE = Path(__file__).parent / "budgets.csv"


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def address(row: dict[str, str]) -> str:
    """The example numbers its calls and grants by the year it is loaded in."""
    return row["page"].format(year=datetime.now(UTC).year)


async def cost(site, signed_in, row: dict[str, str]) -> tuple[int, int, int]:
    """Status, statements and bytes, once the process is warm. No two addresses are alike: what a page costs is what
    it costs to make it, not to give it out again."""
    fewest, size, status = 10_000, 0, 0
    headers = {"accept-encoding": "br", "accept": "text/html"}
    cookies = await signed_in.cookies(row["who"] or None)
    async with httpx.AsyncClient(base_url=site.address, cookies=cookies, headers=headers, timeout=PATIENCE) as client:
        for n in range(3):
            more = {"again": n} if not row["who"] else {}
            async with client.stream("GET", httpx.URL(f"/en{address(row)}").copy_merge_params(more)) as answer:
                size = sum([len(chunk) async for chunk in answer.aiter_raw()])
            status, fewest = answer.status_code, min(fewest, int(answer.headers["x-statements"]))
    return status, fewest, size
