"""Indicators of the programme, and what a grant promised of them."""

import os
from decimal import Decimal

from foundation.database import insert, one_of, value
from monitoring.indicators.tables import AwardIndicator, Indicator
from tests.importing import importing


async def an_indicator(cast, kind="flow", **over) -> Indicator:
    """People who took part, added up over time and places, unless `over` says otherwise."""
    position = await value("SELECT coalesce(max(position), 0) + 1 FROM indicator")
    facts = dict(
        programme_id=cast.programme.id, code=f"I-{os.urandom(3).hex()}", position=position, kind=kind,
        name_ka="მონაწილეები", name_en="People who took part", unit_ka="ადამიანი", unit_en="people",
        time_rule="sum" if kind in ("flow", "unique", "ratio", "mean") else "last", place_rule="sum",
        people=kind not in ("ordinal", "text"), target=None if kind in ("ordinal", "text") else Decimal("1000"),
        target_of=Decimal("2000") if kind == "ratio" else None,
    )  # fmt: skip
    if kind == "ordinal":
        facts |= dict(
            grades_ka=["არ დაწყებულა", "ნაწილობრივ", "დასრულდა"], grades_en=["not begun", "in part", "complete"]
        )
    async with importing():
        return await insert(Indicator, **(facts | over))


async def a_promise(cast, award, indicator: Indicator | None = None, target=Decimal("100"), **over) -> Indicator:
    """The indicator the award promised; made when not given."""
    indicator = indicator or await an_indicator(cast)
    async with importing():
        await insert(AwardIndicator, award_id=award.id, indicator_id=indicator.id, target=target, **over)
    return indicator


async def promised_by(award) -> list[Indicator]:
    from foundation.database import all_of

    return await all_of(
        Indicator, "SELECT i.* FROM indicator i JOIN award_indicator p ON p.indicator_id = i.id WHERE p.award_id = $1"
        " ORDER BY i.position", award.id,
    )  # fmt: skip


async def the_indicator(code) -> Indicator | None:
    return await one_of(Indicator, "SELECT * FROM indicator WHERE code = $1", code)
