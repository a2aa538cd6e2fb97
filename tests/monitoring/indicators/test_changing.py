"""Once grantees have reported on it, an indicator is changed by two people, with a reason, and the public page tells it;
a PUT changes what it names and nothing else."""

from decimal import Decimal as D

import asyncpg
import pytest

from foundation.database import execute, rows, transaction, update
from foundation.refused import NotAllowed, Refused
from monitoring.indicators import actions, changing
from monitoring.indicators.forms import Definition
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator, the_indicator
from tests.builders.reports import a_report
from tests.surfaces import by_page_and_api, last_event, take


async def used(cast, **over):
    indicator = await an_indicator(cast, code="U-1", target=D(20), **over)
    award = await an_award(cast)
    await a_promise(cast, award, indicator)
    await a_report(cast, award, "accepted", reported=D(40))
    return await the_indicator("U-1")


def whole(indicator, **over):
    facts = {name: getattr(indicator, name) for name in Definition.model_fields if hasattr(indicator, name)}
    return Definition.model_validate(facts | over)


async def test_a_put_changes_what_it_names(cast, client):
    indicator = await used(cast)
    await client.sign_in(cast.manager)
    told = (await client.get("/api/v1/indicators/U-1")).json()
    assert (told["revision"], told["people"], told["active"], told["proposed"]) == (
        indicator.revision,
        True,
        True,
        None,
    )
    answer = await client.put("/api/v1/indicators/U-1", json={"position": 7})
    assert answer.status_code == 422 and "revision" in answer.json()["errors"]
    answer = await client.put("/api/v1/indicators/U-1", json={"position": 7, "revision": told["revision"]})
    assert answer.status_code == 200 and answer.json()["proposed"] is None
    after = (await client.get("/api/v1/indicators/U-1")).json()
    assert after == told | {"position": 7, "revision": told["revision"] + 1}
    answer = await client.put("/api/v1/indicators/U-1", json={"position": 8, "revision": told["revision"]})
    assert answer.status_code == 409


@by_page_and_api
async def test_a_second_person_confirms_and_the_public_reads_what_stood_there(surface, cast, client):
    indicator = await used(cast)
    await client.sign_in(cast.manager)
    url, sent = "/api/v1/indicators/U-1", {"target": "5", "revision": indicator.revision}
    answer = await client.put(url, json=sent)
    assert answer.status_code == 409 and "მიზეზი" in answer.text
    answer = await client.put(url, json=sent | {"reason": "The plan was too high"})
    assert answer.status_code == 200 and answer.json()["proposed"] == {"target": "5"}
    assert (await the_indicator("U-1")).target == 20
    assert "What has changed" not in (await client.get("/en/results/U-1")).text
    page = (await client.get("/en/indicators/U-1")).text
    assert "A change waits for a second person" in page and "/indicators/U-1/confirmation" not in page
    refused = await client.post("/api/v1/indicators/U-1/confirmation")
    assert refused.status_code == 403
    await client.sign_in(cast.director)
    assert "/en/indicators/U-1/confirmation" in (await client.get("/en/indicators/U-1")).text
    await take(client, surface, "/indicators/U-1/confirmation")
    after = await the_indicator("U-1")
    assert (after.target, after.proposed, after.proposed_by, after.confirmed_by) == (5, None, None, cast.director.id)
    assert await last_event(after.id) == ("indicator.change_confirmed", cast.director.id)
    await client.sign_out()
    page = (await client.get("/en/results/U-1")).text
    assert "The plan was too high" in page and "<del>20</del> <ins>5</ins>" in page


@by_page_and_api
async def test_a_change_is_refused_with_a_reason_and_another_may_be_proposed(surface, cast, client):
    indicator = await used(cast)
    await actions.change(indicator, cast.manager, whole(indicator, name_en="Guests", reason="Clearer"))
    with pytest.raises(Refused):
        await actions.change(indicator, cast.manager, whole(indicator, target=D(1), reason="Again"))
    await client.sign_in(cast.director)
    await take(client, surface, "/indicators/U-1/refusal", {"reason": "It is another thing"})
    after = await the_indicator("U-1")
    assert (after.name_en, after.proposed) == (indicator.name_en, None)
    assert await last_event(after.id) == ("indicator.change_refused", cast.director.id)
    assert await rows("SELECT 1 FROM indicator_change") == []
    assert await actions.change(after, cast.manager, whole(after, active=False, reason="It ended"))


async def test_whoever_may_decide_has_it_on_the_page_of_today(cast):
    indicator = await used(cast)
    await actions.change(indicator, cast.manager, whole(indicator, target=D(5), reason="Too high"))
    for who, waits in ((cast.director, True), (cast.manager, False), (cast.curator, False), (cast.donor, False)):
        found = [task for task in await changing.to_confirm(who)]
        assert bool(found) is waits, who.name
    with pytest.raises(NotAllowed):
        await changing.confirm(indicator, cast.manager)
    await changing.confirm(indicator, cast.director)
    with pytest.raises(Refused):
        await changing.confirm(indicator, cast.director)


async def test_what_counts_people_goes_on_counting_people(cast, client):
    indicator = await used(cast)
    await client.sign_in(cast.manager)
    sent = {"people": False, "revision": indicator.revision, "reason": "To see them all"}
    answer = await client.put("/api/v1/indicators/U-1", json=sent)
    assert answer.status_code == 409 and (await the_indicator("U-1")).people
    form = {"code": "U-1", "name_ka": indicator.name_ka, "name_en": indicator.name_en, "kind": "flow", "active": "true"}
    answer = await client.send_form("/en/indicators/U-1", form | {"target": "20", "reason": "To see them all"})
    assert answer.status_code == 409 and "It counts people" in answer.text and "To see them all" in answer.text


async def test_before_anybody_reported_one_person_changes_all_of_it(cast):
    indicator = await an_indicator(cast, code="N-1")
    assert not await actions.change(indicator, cast.manager, whole(indicator, target=D(5), people=False))
    assert ((await the_indicator("N-1")).target, indicator.people) == (5, False)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"target": D(5)}, "indicator_by_two"), ({"active": False}, "indicator_by_two"),
        ({"people": False}, "indicator_counts_people"), ({"kind": "stock"}, "indicator_rules_stay"),
    ],
)  # fmt: skip
async def test_nobody_changes_it_past_the_application_alone(facts, constraint, cast):
    indicator = await used(cast)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await update(indicator, **facts)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize(
    ("who", "target", "constraint"),
    [("manager", D(5), "indicator_second_person"), (None, D(5), "indicator_second_person"), ("director", D(6), "indicator_as_proposed")],
)  # fmt: skip
async def test_nor_confirms_what_they_proposed_or_something_else(who, target, constraint, cast):
    indicator = await used(cast)
    await actions.change(indicator, cast.manager, whole(indicator, target=D(5), reason="Too high"))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await update(
                indicator, target=target, confirmed_by=cast.people[who].id if who else None, **changing.NOTHING
            )
    assert refused.value.constraint_name == constraint


async def test_what_was_changed_stays_told(cast):
    indicator = await used(cast)
    await actions.change(indicator, cast.manager, whole(indicator, target=D(5), reason="Too high"))
    await changing.confirm(indicator, cast.director)
    for sql in ("UPDATE indicator_change SET reason = 'x'", "DELETE FROM indicator_change"):
        with pytest.raises(asyncpg.PostgresError):
            async with transaction():
                await execute(sql)
