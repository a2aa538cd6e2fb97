"""Each order into an account of another currency states its rate and the source; without a rate the method tells both."""

from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, get, transaction
from grants.awards import approvals
from grants.awards import queries as awards
from grants.disbursements.tables import Tranche
from tests.builders.awards import a_decided_call, a_recommended_application, a_tranche, an_award
from tests.builders.calls import a_call
from tests.importing import importing

D = Decimal


async def by_method(method="inforeuro", **rates):
    """The programme's method, with rates of some euros from a year ago until next month."""
    async with importing():
        await execute("UPDATE programme SET exchange_method = $1", method)
        for currency, rate in rates.items():
            await execute(
                "INSERT INTO exchange_rate (source, base, currency, rate, valid_from, valid_to)"
                " VALUES ($1, 'EUR', $2, $3, $4, $5)",
                method, currency, D(rate), today() - timedelta(days=400), today() + timedelta(days=30),
            )  # fmt: skip


async def ordered(cast, client, **given):
    tranche = await a_tranche(cast, state="approved")
    await client.sign_in(cast.finance)
    award = (await get(Tranche, tranche.id)).award_id
    reference = (await client.get("/api/v1/awards")).json()["items"]
    here = next(each["reference"] for each in reference if each)
    assert award
    form = {"order_reference": f"PO-{tranche.number}", "revision": str(tranche.revision)} | given
    return here, tranche, await client.send_form(f"/en/awards/{here}/tranches/{tranche.number}/order", form)


async def test_the_method_tells_rate_and_source(cast, client):
    await by_method(GEL="3.1250")
    here, tranche, answer = await ordered(cast, client, exchange_currency="GEL")
    assert answer.status_code == 303
    now = await get(Tranche, tranche.id)
    assert (now.exchange_currency, now.exchange_rate) == ("GEL", D("3.125"))
    assert now.exchange_source == f"InforEuro, {today():%Y-%m}"
    page = (await client.get(f"/en/awards/{here}/tranches/{tranche.number}")).text
    assert "1 EUR = 3.1250 GEL" in page and now.exchange_source in page
    told = (await client.get(f"/api/v1/awards/{here}/tranches/{tranche.number}")).json()
    assert (told["exchange_currency"], told["exchange_rate"], told["exchange_source"]) == (
        "GEL",
        "3.125",
        now.exchange_source,
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"exchange_rate": "3,2"}, "Write where the exchange rate comes from"),
        ({"exchange_source": "The bank"}, "Write the exchange rate"),
        ({"exchange_currency": "EUR"}, "own currency"),
        ({"exchange_currency": "USD"}, "has no rate for this currency"),
    ],
)
async def test_a_rate_without_its_source_is_refused_with_what_was_typed(given, said, cast, client):
    await by_method(GEL="3.1250")
    _here, tranche, answer = await ordered(cast, client, **given)
    assert answer.status_code == 409 and said in answer.text
    assert (await get(Tranche, tranche.id)).state == "approved"


async def test_a_rate_that_is_written_names_its_source(cast, client):
    _here, tranche, answer = await ordered(
        cast, client, exchange_currency="USD", exchange_rate="1,08", exchange_source="The bank's own rate"
    )
    assert answer.status_code == 303
    assert (await get(Tranche, tranche.id)).exchange_source == "The bank's own rate"


async def test_the_database_wants_both(cast):
    tranche = await a_tranche(cast, state="approved")
    send = "UPDATE tranche SET state = 'sent', sent_by = $2, sent_at = now(), order_reference = 'PO', {} WHERE id = $1"
    for facts in ("exchange_rate = 3", "exchange_source = 'NBG'", "exchange_currency = 'GEL'",
                  "exchange_rate = 1, exchange_source = 'NBG', exchange_currency = 'EUR'"):  # fmt: skip
        with pytest.raises(asyncpg.CheckViolationError) as error:
            async with transaction():
                await execute(send.format(facts), tranche.id, cast.finance.id)
        assert error.value.constraint_name == "tranche_exchange_said", facts


async def limited_lari():
    async with importing():
        await execute("INSERT INTO currency_limit VALUES ((SELECT id FROM programme), 'GEL', 900000, 12000, NULL)")


async def approved(cast, amount, currency="GEL"):
    application = await a_recommended_application(
        cast, amount=amount, call=await a_decided_call(cast, currency=currency)
    )
    await approvals.approve(await awards.recommendation_of(cast.director, application.number), cast.director)


async def test_what_one_organisation_gets_is_added_up_across_currencies(cast):
    """6,000 euro and 6,000 lari (2,000 euro) are 8,000 euro."""
    await by_method(GEL="3")
    await limited_lari()
    await an_award(cast, amount=D(6000))
    for most, refused in ((7999, True), (8000, False)):
        async with importing():
            await execute("UPDATE programme SET most_per_organisation = $1", D(most))
        if not refused:
            await approved(cast, D(6000))
            continue
        with pytest.raises(asyncpg.PostgresError) as error:
            async with transaction():
                await approved(cast, D(6000))
        assert error.value.constraint_name == "award_across_currencies"


async def test_a_limit_that_cannot_be_reckoned_is_no_room(cast):
    await by_method()
    await limited_lari()
    async with importing():
        await execute("UPDATE programme SET most_per_organisation = 8000")
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await approved(cast, D(1000))
    assert error.value.constraint_name == "exchange_rate_missing"


@pytest.mark.parametrize(("envelope", "refused"), [("300000.03", True), ("300000", False)])
async def test_envelopes_draw_on_one_budget_across_currencies(envelope, refused, cast):
    await by_method(GEL="3")
    await limited_lari()
    async with importing():
        await execute("UPDATE programme SET budget = 100000")
    call = await a_call(cast, "in_approval", currency="GEL", envelope=D(envelope))
    approve = "UPDATE call SET state = 'scheduled', approved_by = $2 WHERE id = $1"
    if not refused:
        return await execute(approve, call.id, cast.manager.id)
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(approve, call.id, cast.manager.id)
    assert error.value.constraint_name == "call_across_currencies"
