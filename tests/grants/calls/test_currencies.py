"""Limits compare like with like: in each currency the programme's own, and without them nothing is given in it."""

from decimal import Decimal

import asyncpg
import pytest
from pydantic import ValidationError

from accounts.programme.actions import set_limits
from accounts.programme.forms import Limits
from foundation.database import DB, execute, row, transaction, value
from foundation.language import speaking
from foundation.refused import Refused
from grants.awards import approvals
from grants.awards import queries as awards
from grants.calls import queries
from grants.calls.checklist import gaps_of
from grants.disbursements import queries as payments
from grants.disbursements.obstacles import needs_director, obstacles_to_sending
from tests.builders.awards import a_decided_call, a_recommended_application, a_tranche, an_award
from tests.builders.calls import a_call
from tests.importing import importing

D = Decimal
APPROVE = "UPDATE call SET state = 'scheduled', approved_by = $2 WHERE id = $1"


async def limited(cast, currency="GEL", budget="100000", threshold="12000", most=None):
    async with importing():
        await execute(
            "INSERT INTO currency_limit VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme_id, currency) DO UPDATE"
            " SET budget = excluded.budget, director_threshold = excluded.director_threshold,"
            " most_per_organisation = excluded.most_per_organisation",
            cast.programme.id, currency, D(budget), D(threshold), D(most) if most else None,
        )  # fmt: skip


async def refused(name, sql, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    assert error.value.constraint_name == name, error.value


async def test_no_call_in_a_currency_without_limits(cast):
    call = await a_call(cast, "in_approval", currency="GEL", envelope=D(900000))
    with speaking("en"):
        said = [gap.sentence for gap in gaps_of(await queries.whole(call))]
    assert "The programme has no limits in GEL: an operator sets them before there is a call in it." in said
    await refused("call_currency_limits", APPROVE, call.id, cast.manager.id)


async def test_the_calls_of_a_currency_share_its_budget(cast):
    await limited(cast, budget="100000")
    first = await a_call(cast, "in_approval", currency="GEL", envelope=D(60000))
    second = await a_call(cast, "in_approval", currency="GEL", envelope=D("40000.01"))
    assert await queries.left_for(first) == D("59999.99") or await queries.left_for(first) == 100000
    await execute(APPROVE, first.id, cast.manager.id)
    assert await queries.left_for(second) == 40000
    await refused("call_within_programme", APPROVE, second.id, cast.manager.id)
    euros = await queries.left_for(await a_call(cast, "draft", parts=False))
    await a_call(cast, "open", currency="GEL", envelope=D(10000), parts=False)
    assert await queries.left_for(await a_call(cast, "draft", parts=False)) == euros


async def test_what_an_organisation_has_is_added_up_by_currency(cast):
    """60,000 lari are no 60,000 euro: neither takes from the limit of the other."""
    await limited(cast, most="10000")
    async with importing():
        await execute("UPDATE programme SET most_per_organisation = 7000")
    call = await a_decided_call(cast, currency="GEL")
    await an_award(cast, amount=D(6000), call=call)
    euro = await a_recommended_application(cast, amount=D(6000))
    euro = await awards.recommendation_of(cast.director, euro.number)
    assert (euro.awarded_to_organisation, euro.most_per_organisation) == (0, 7000)
    await approvals.approve(euro, cast.director)
    lari = await a_recommended_application(cast, amount=D("4000.01"), call=await a_decided_call(cast, currency="GEL"))
    lari = await awards.recommendation_of(cast.director, lari.number)
    assert (lari.awarded_to_organisation, lari.most_per_organisation) == (6000, 10000)
    with pytest.raises(Refused):
        await approvals.approve(lari, cast.director)


@pytest.mark.parametrize(("limit", "needed"), [("3000.01", False), ("3000", True), (None, True)])
async def test_from_where_on_the_director_authorises_is_said_in_the_tranches_currency(limit, needed, cast):
    """Without a limit every payment in a currency is a large one; the database says the same."""
    if limit:
        await limited(cast, threshold=limit)
    award = await an_award(cast, call=await a_decided_call(cast, currency="GEL"))
    tranche = await payments.tranche_by_id((await a_tranche(cast, state="approved", award=award)).id)
    assert needs_director(tranche) is needed and bool(obstacles_to_sending(tranche)) is needed
    send = "UPDATE tranche SET state = 'sent', sent_by = $2, sent_at = now(), order_reference = 'PO' WHERE id = $1"
    if needed:
        await refused("tranche_director_threshold", send, tranche.id, cast.finance.id)
    else:
        await execute(send, tranche.id, cast.finance.id)


async def test_an_operator_sets_the_limits_and_the_service_never(cast):
    given = Limits(currency="GEL", budget="500000", director_threshold="12000", most_per_organisation=None)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await set_limits(given)
    await DB.fetch("SET LOCAL ROLE NONE")
    await set_limits(given)
    await set_limits(given.model_copy(update={"budget": D(600000)}))
    limit = await row("SELECT * FROM programme_limit WHERE currency = 'GEL'")
    assert (limit["budget"], limit["director_threshold"], limit["most_per_organisation"]) == (600000, 12000, None)
    with pytest.raises(Refused):
        await set_limits(given.model_copy(update={"currency": "EUR"}))
    with pytest.raises(ValidationError):
        Limits(currency="GEL", budget="0", director_threshold="1")
    assert await value("SELECT count(*) FROM event WHERE name = 'programme.limits_set'") == 2
