"""Two people plan the tranches of one agreement: different tranches of theirs both stay."""

from datetime import timedelta
from decimal import Decimal

from grants.disbursements import planning, queries
from grants.disbursements.forms import Plan
from tests.filled import filled, form_in
from tests.grants.awards.test_actions import drafted


async def test_two_people_in_two_tranches_both_stay(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/tranches/plan"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    first, second = await queries.tranches_of(award)
    day = award.starts_on + timedelta(days=7)
    lines = planning.saved_lines([first, second], await queries.conditions_of(first, second))
    lines[1]["planned_on"] = day
    lines[0]["planned_on"] = None
    await planning.write_plan(award, cast.director, Plan.model_validate({"tranches": lines}))
    answer = await client.send_form(url, mine | {"tranches.0.document_en": "A contract"})
    assert answer.status_code == 303
    now = await queries.tranches_of(award)
    assert [(each.id, each.planned_on) for each in now] == [(first.id, None), (second.id, day)]
    told = [each.description_en for each in await queries.conditions_of(*now) if each.kind == "document"]
    assert told == ["A contract"]


async def test_one_amount_changed_by_both_is_asked_about(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/tranches/plan"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    assert (await client.send_form(url, mine | {"tranches.0.amount": "1000"})).status_code == 303
    clash = await client.send_form(url, mine | {"tranches.0.amount": "2000"})
    assert clash.status_code == 409 and "What is there now" in clash.text
    back = form_in(clash.text, "/tranches/plan")
    assert Decimal(back["tranches.0.amount"][0]) == 2000
    assert (await client.send_form(url, back)).status_code == 303
    assert (await queries.tranches_of(award))[0].amount == 2000
