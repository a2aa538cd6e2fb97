"""The pages of indicators and promises, and the same through the API."""

import re
from decimal import Decimal as D

from foundation.database import Database, execute
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator, the_indicator
from tests.builders.reports import a_report


async def reported(cast):
    award = await an_award(cast)
    indicator = await a_promise(cast, award)
    await a_report(cast, award, state="accepted", reported=D(40), verified=D(35), women=D(20), men=D(18))
    return award, indicator


async def test_list_and_page_show_reported_and_verified_apart(cast, client):
    award, indicator = await reported(cast)
    await client.sign_in(cast.manager)
    answer = await client.get("/en/indicators")
    assert answer.status_code == 200 and "35 verified of 40 reported" in answer.text
    answer = await client.get(f"/en/indicators/{indicator.code}?municipality=vani")
    assert "35 verified of 40 reported" in answer.text and f"/en/reports/{award.reference}/1" in answer.text
    assert "Women 20, men 18, not known 2" in answer.text
    await client.sign_in(cast.donor)
    answer = await client.get(f"/en/indicators/{indicator.code}")
    assert f"/en/reports/{award.reference}/1" not in answer.text and f"/en/grants/{award.reference}" in answer.text


async def test_an_unknown_filter_is_a_page_that_is_not_there(cast, client):
    await client.sign_in(cast.manager)
    assert (await client.get("/en/indicators?municipality=atlantis")).status_code == 404
    assert (await client.get("/api/v1/indicators?call=C-0")).status_code == 404


async def test_an_indicator_is_added_and_a_wrong_one_comes_back_as_typed(cast, client):
    await client.sign_in(cast.manager)
    form = {"code": "R2", "name_ka": "ჰო", "name_en": "Yes", "kind": "stock", "baseline": "10", "target": "5"}
    answer = await client.send_form("/en/indicators", form)
    assert answer.status_code == 422 and 'value="R2"' in answer.text and "lies against the direction" in answer.text
    answer = await client.send_form("/en/indicators", form | {"target": "1 250,5"})
    assert answer.status_code == 303
    assert (await the_indicator("R2")).target == D("1250.5")
    answer = await client.send_form("/en/indicators", form | {"target": "20"})
    assert answer.status_code == 409 and "has this code already" in answer.text


async def test_promises_are_written_on_one_page(cast, client):
    award, indicator = await an_award(cast), await an_indicator(cast)
    await client.sign_in(cast.curator)
    assert (await client.get(f"/ka/promises/{award.reference}")).status_code == 200
    page = await client.get(f"/en/promises/{award.reference}/edit")
    at = f"promises.{indicator.id}"
    assert f"{at}.target" in page.text
    form = {f"{at}.promised": "true", f"{at}.target": "many"}
    answer = await client.send_form(f"/en/promises/{award.reference}", form)
    assert answer.status_code == 422 and "People who took part: Write a number" in answer.text
    answer = await client.send_form(f"/en/promises/{award.reference}", form | {f"{at}.target": "60"})
    assert answer.status_code == 303
    told = (await client.get(f"/api/v1/promises/{award.reference}")).json()
    assert [(one["code"], D(one["target"])) for one in told] == [(indicator.code, 60)]


async def test_an_indicator_added_meanwhile_moves_no_word_to_another(cast, client):
    award, indicator = await an_award(cast, state="drafting"), await an_indicator(cast)
    await client.sign_in(cast.curator)
    at, url = f"promises.{indicator.id}", f"/en/promises/{award.reference}"
    seen = re.search(r'name="seen" value="([^"]*)"', (await client.get(f"{url}/edit")).text)
    typed = {"seen": seen[1], f"{at}.promised": "true", f"{at}.target": "about 60"}
    first = await an_indicator(cast, code="A0", position=1)
    await execute("UPDATE indicator SET position = 2 WHERE id = $1", indicator.id)
    page = (await client.send_form(url, typed)).text
    boxes = dict(re.findall(r'name="(promises[^"]*target)"[^>]*value="([^"]*)"', page))
    assert boxes == {f"promises.{first.id}.target": "", f"{at}.target": "about 60"}
    assert (await client.send_form(url, typed | {f"{at}.target": "60"})).status_code == 303
    told = (await client.get(f"/api/v1/promises/{award.reference}")).json()
    assert [(one["code"], D(one["target"])) for one in told] == [(indicator.code, 60)]
    seen = re.search(r'name="seen" value="([^"]*)"', (await client.get(f"{url}/edit")).text)
    assert (await client.send_form(url, {"seen": seen[1]})).status_code == 303
    assert (await client.get(f"/api/v1/promises/{award.reference}")).json() == []


async def test_the_api_explains_a_figure(cast, client):
    award, indicator = await reported(cast)
    await client.sign_in(cast.auditor)
    told = (await client.get(f"/api/v1/indicators/{indicator.code}")).json()
    assert (D(told["reported"]["value"]), D(told["verified"]["value"]), D(told["best"]["value"])) == (40, 35, 35)
    assert told["values"][0]["grant"] == award.reference and told["values"][0]["verdict"] == "corrected"
    assert told["values"][0]["id"] in told["reported"]["rows"]
    listed = (await client.get("/api/v1/indicators")).json()
    assert (listed["found"], listed["exact"], listed["next"], listed["page"], len(listed["items"])) == (
        1,
        True,
        None,
        1,
        1,
    )
    assert (await client.get("/api/v1/indicators?colour=red")).status_code == 400


async def test_the_api_takes_the_same_definitions(cast, client):
    await client.sign_in(cast.manager)
    body = {"code": "R3", "name_ka": "ა", "name_en": "a", "kind": "flow", "target": "12.5", "active": True}
    assert (await client.post("/api/v1/indicators", json=body)).status_code == 201
    assert (await the_indicator("R3")).target == D("12.5")
    revision = {"revision": 1}
    answer = await client.put("/api/v1/indicators/R3", json=body | revision | {"target": "x"})
    assert answer.status_code == 422 and "target" in answer.json()["errors"]
    assert (await client.put("/api/v1/indicators/R3", json=body | revision | {"target": "13"})).status_code == 200
    assert (await the_indicator("R3")).target == D("13")
    assert (await client.put("/api/v1/indicators/R3", json=body | {"revision": 2, "colour": "red"})).status_code == 422


async def test_a_definition_is_changed_on_its_page(cast, client):
    indicator = await an_indicator(cast)
    await client.sign_in(cast.manager)
    form = {
        "code": indicator.code, "name_ka": "სხვა", "name_en": "Another name", "kind": indicator.kind, "active": "true",
        "revision": str(indicator.revision),
    }  # fmt: skip
    assert (await client.send_form(f"/en/indicators/{indicator.code}", form)).status_code == 303
    assert (await the_indicator(indicator.code)).name_en == "Another name"


async def test_the_api_takes_the_same_promises(cast, client):
    award, indicator = await an_award(cast), await an_indicator(cast)
    await client.sign_in(cast.curator)
    url = f"/api/v1/promises/{award.reference}"
    given = {"promises": [{"indicator": str(indicator.id), "promised": True, "target": "60"}]}
    told = await client.put(url, json=given)
    assert told.status_code == 200, told.text
    assert [(one["code"], D(one["target"])) for one in told.json()] == [(indicator.code, 60)]
    assert told.json() == (await client.get(url)).json()


async def test_the_list_costs_the_same_for_one_and_three(cast, client):
    await client.sign_in(cast.manager)
    await reported(cast)

    async def cost():
        before = Database.statements
        await client.get("/en/indicators")
        return Database.statements - before

    first = await cost()
    for _ in range(2):
        await reported(cast)
    assert await cost() == first
