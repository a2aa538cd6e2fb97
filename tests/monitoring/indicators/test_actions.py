"""Indicators are defined by the manager, promises written by the curator, and the rules stay once they are used."""

from decimal import Decimal as D

import asyncpg
import pytest

from foundation.database import all_of, execute, rows, transaction
from foundation.refused import NotAllowed, Refused, Stale
from lifecycle.record import history_of
from monitoring.indicators import actions
from monitoring.indicators.forms import Definition, Promise, Promises
from monitoring.indicators.tables import AwardIndicator
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report


def definition(**over):
    facts = dict(code="R1-1", name_ka="შეხვედრები", name_en="Meetings", kind="flow", target="20", active=True)
    return Definition.model_validate(facts | over)


async def test_the_manager_adds_and_changes_an_indicator(cast):
    made = await actions.add(cast.manager, definition())
    assert (made.code, made.time_rule, made.position, made.target) == ("R1-1", "sum", 1, 20)
    await actions.change(made, cast.manager, definition(target="25", revision=made.revision))
    assert made.target == 25
    assert [event.name for event in await history_of(made)] == ["indicator.added", "indicator.changed"]
    assert (await history_of(made))[-1].payload["changed"] == {"target": ["20.0000", "25"]}


@pytest.mark.parametrize("who", ["curator", "director", "signatory", "finance"])
async def test_nobody_else_defines_indicators(cast, who):
    with pytest.raises(NotAllowed):
        await actions.add(cast.people[who], definition())


async def test_a_code_is_used_once(cast):
    await actions.add(cast.manager, definition())
    with pytest.raises(Refused):
        await actions.add(cast.manager, definition())
    other = await actions.add(cast.manager, definition(code="R1-2"))
    with pytest.raises(Refused):
        await actions.change(other, cast.manager, definition(code="R1-1"))


async def test_an_old_revision_is_not_saved(cast):
    made = await actions.add(cast.manager, definition())
    await actions.change(made, cast.manager, definition(target="30", revision=made.revision))
    with pytest.raises(Stale):
        await actions.change(made, cast.manager, definition(target="31", revision=made.revision - 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"baseline": "30"}, {"kind": "ordinal"}, {"kind": "running_total", "time_rule": "sum"}, {"code": "a b"},
        {"code": "new"}, {"target": "about 20"}, {"target": "1e5"}, {"place_rule": "last"}, {"name_en": None},
    ],
)  # fmt: skip
def test_definitions_that_make_no_sense_are_refused_at_the_door(wrong):
    with pytest.raises(ValueError):
        definition(**wrong)


async def test_the_rules_of_a_used_indicator_stay(cast):
    award = await an_award(cast)
    indicator = await a_promise(cast, award)
    await a_report(cast, award, state="submitted")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await execute("UPDATE indicator SET kind = 'stock' WHERE id = $1", indicator.id)
    assert refused.value.constraint_name == "indicator_rules_stay"


def promised(indicator, **over):
    return Promises(promises={indicator.id: Promise(promised=True, target=D(40), **over)})


@pytest.mark.parametrize("who", ["curator", "manager"])
async def test_curator_or_manager_write_what_a_grant_promises(cast, who):
    award, indicator = await an_award(cast, state="drafting"), await an_indicator(cast)
    await actions.promise(award, cast.people[who], promised(indicator))
    stored = await all_of(AwardIndicator, "SELECT * FROM award_indicator WHERE award_id = $1", award.id)
    assert [(one.indicator_id, one.target) for one in stored] == [(indicator.id, 40)]
    await actions.promise(award, cast.people[who], Promises(promises={indicator.id: Promise()}))
    assert await rows("SELECT 1 FROM award_indicator WHERE award_id = $1", award.id) == []


@pytest.mark.parametrize("who", ["curator2", "signatory", "finance", "director"])
async def test_others_do_not(cast, who):
    award, indicator = await an_award(cast), await an_indicator(cast)
    with pytest.raises(NotAllowed):
        await actions.promise(award, cast.people[who], promised(indicator))


@pytest.mark.parametrize("state", ["closed", "terminated"])
async def test_what_a_finished_grant_promised_stays(cast, state):
    award, indicator = await an_award(cast, state=state), await an_indicator(cast)
    with pytest.raises(NotAllowed):
        await actions.promise(award, cast.curator, promised(indicator))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await execute(
                "INSERT INTO award_indicator (award_id, indicator_id) VALUES ($1, $2)", award.id, indicator.id
            )
    assert refused.value.constraint_name == "award_indicator_frozen"


async def test_a_promise_stays_with_its_grant(cast):
    award, other = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    await a_promise(cast, award)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await execute("UPDATE award_indicator SET award_id = $2 WHERE award_id = $1", award.id, other.id)
    assert refused.value.constraint_name == "award_indicator_frozen"


async def test_a_target_against_the_direction_is_refused_here_and_in_the_database(cast):
    award, indicator = await an_award(cast), await an_indicator(cast)
    with pytest.raises(Refused):
        await actions.promise(award, cast.curator, promised(indicator, baseline=D(50)))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with transaction():
            await execute(
                "INSERT INTO award_indicator (award_id, indicator_id, baseline, target) VALUES ($1, $2, 50, 40)",
                award.id, indicator.id,
            )  # fmt: skip
    assert refused.value.constraint_name == "award_indicator_direction"


async def test_what_was_reported_on_stays_promised(cast):
    award = await an_award(cast)
    await a_promise(cast, award)
    await a_report(cast, award, state="submitted")
    with pytest.raises(Refused):
        await actions.promise(award, cast.curator, Promises())
