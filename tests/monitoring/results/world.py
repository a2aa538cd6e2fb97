"""A small programme with a bit of everything, for the tests of results."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from foundation.clock import today
from foundation.database import execute
from tests.builders.awards import a_decided_call, a_tranche, an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.importing import importing


@dataclass
class World:
    vani: Any
    guria: Any
    people: Any
    decisions: Any
    accepted: Any
    waiting: Any
    visit: Any
    photo: Any


async def a_world(cast) -> World:
    """Vani: active, first tranche paid, an accepted report, an approved visit with photos, a grave finding. Guria:
    active, paid, its report still with the curator, a visit that nobody has approved."""
    async with importing():
        await execute("UPDATE call SET opened_at = opens_at WHERE opened_at IS NULL")
    people = await an_indicator(cast, code="P-1", target=Decimal(1000))
    decisions = await an_indicator(
        cast, code="D-1", people=False, name_ka="გადაწყვეტილებები", name_en="Decisions changed", target=Decimal(20)
    )
    began = today() - timedelta(days=105)  # the first report is due today
    vani = await an_award(cast, amount=Decimal("6000"), starts_on=began)
    guria = await an_award(cast, amount=Decimal("4000"), organisation=cast.guria_women, starts_on=began)
    for award in (vani, guria):
        await a_promise(cast, award, people, Decimal(100))
        await a_promise(cast, award, decisions, Decimal(3))
        await a_tranche(cast, "paid", award)
    accepted = await a_report(
        cast, vani, "accepted", reported=Decimal(40), verified=Decimal(36), women=Decimal(24), men=Decimal(12)
    )
    waiting = await a_report(cast, guria, "under_review", reported=Decimal(70))
    visit = await a_visit(cast, vani)
    photo = await a_visit_photo(cast, visit, consent=True, public=True)
    await a_visit_photo(cast, visit, consent=True, public=False)
    await a_visit_photo(cast, visit, consent=False, public=False)
    await a_finding(cast, visit, "final", "high", photo=photo)
    await a_visit(cast, guria, "in_review", photos=1)
    return World(vani, guria, people, decisions, accepted, waiting, visit, photo)


async def a_dollar_award(cast):
    """In another currency than the programme's."""
    call = await a_decided_call(cast, currency="USD")
    return await an_award(cast, amount=Decimal("999"), call=call)


async def opened(award):
    """The builder's calls have never been open; the pages list those that have."""
    async with importing():
        await execute("UPDATE call SET opened_at = opens_at WHERE id = $1", award.call_id)
