"""Rows that triggers keep beside what they are counted from: they are what a full count says, or it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from foundation.database import execute, rows, transaction


class _LookedAt(Exception):
    """Takes back what was done only to compare."""


@asynccontextmanager
async def taken_back() -> AsyncIterator[None]:
    """What is done inside is done to look at it: nothing of it stays."""
    try:
        async with transaction():
            yield
            raise _LookedAt
    except _LookedAt:
        pass


@dataclass(frozen=True)
class Kept:
    """`named`: what a row belongs to, as people know it; `again`: SQL that counts every row anew."""

    table: str
    named: str
    again: str

    async def differing(self) -> list[str]:
        """Whose rows are not what they come to; nothing is changed by looking."""
        told = f"SELECT {self.named} AS name, to_jsonb(x)::text AS kept FROM {self.table} x"
        async with taken_back():
            before = {(each["name"], each["kept"]) for each in await rows(told)}
            await execute(self.again)
            after = {(each["name"], each["kept"]) for each in await rows(told)}
        return sorted({name for name, _kept in before ^ after})


KEPT = (
    Kept(
        "award_money", "(SELECT reference FROM award WHERE id = x.award_id)", "SELECT count_award_money(id) FROM award"
    ),
    Kept(
        "application_reviews",
        "(SELECT number FROM application WHERE id = x.application_id)",
        "SELECT count_reviews(id) FROM application WHERE application_is_in_review(state)"
        " UNION ALL SELECT count_reviews(application_id) FROM application_reviews",
    ),
)


async def differing_rows() -> list[str]:
    return [name for kept in KEPT for name in await kept.differing()]


async def count_again() -> None:
    for kept in KEPT:
        async with transaction():
            await execute(kept.again)
