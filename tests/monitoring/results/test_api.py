"""Results as JSON: the same facts as the pages."""

from tests.builders.awards import an_award
from tests.monitoring.results.world import a_dollar_award, a_world


async def test_grants_are_listed_with_money_as_strings(cast, client):
    world = await a_world(cast)
    answer = (await client.get("/api/v1/grants?municipality=vani")).json()
    assert (answer["found"], answer["exact"], answer["next"], answer["page"]) == (1, True, None, 1)
    [grant] = answer["items"]
    assert (grant["reference"], grant["awarded"], grant["paid"]) == (world.vani.reference, "6000.00", "3000.00")
    assert grant["example"] is False and grant["municipality"] == "vani"
    assert grant["organisation"] == {"ka": "ვანის ახალგაზრდები", "en": "Vani Youth"}


async def test_one_grant_tells_payments_and_accepted_values(cast, client):
    world = await a_world(cast)
    grant = (await client.get(f"/api/v1/grants/{world.vani.reference}")).json()
    assert [(t["number"], t["amount"], t["paid_on"] is not None) for t in grant["tranches"]] == [
        (1, "3000.00", True), (2, "3000.00", False)
    ]  # fmt: skip
    assert {(v["indicator"], v["reported"], v["verified"], v["verdict"]) for v in grant["values"]} == {
        ("P-1", "40", "36", "corrected"), ("D-1", "40", "36", "corrected")
    }  # fmt: skip
    other = (await client.get(f"/api/v1/grants/{world.guria.reference}")).json()
    assert other["values"] == []


async def test_the_summary_is_what_the_overview_says(cast, client):
    await a_world(cast)
    await a_dollar_award(cast)
    await client.sign_in(cast.donor)
    told = (await client.get("/api/v1/donor/summary")).json()
    money = {name: told[name] for name in ("budget", "awarded", "paid", "reported", "verified")}
    assert money == {
        "budget": "240000.00", "awarded": "10000.00", "paid": "5000.00", "reported": "1000.00", "verified": "1000.00",
    }  # fmt: skip
    assert told["apart"] == {"USD": {"awarded": "999.00", "paid": "0.00", "reported": "0.00", "verified": "0.00"}}
    assert (told["grants_running"], told["visits_approved"], told["open_high_risks"]) == (3, 1, 1)
    filtered = (await client.get("/api/v1/donor/summary?municipality=vani")).json()
    assert (filtered["awarded"], filtered["budget"]) == ("6000.00", None)


async def test_the_summary_is_for_those_who_may_look(cast, client):
    await an_award(cast)
    assert (await client.get("/api/v1/donor/summary")).status_code == 401
    await client.sign_in(cast.editor)
    assert (await client.get("/api/v1/donor/summary")).status_code == 404


async def test_results_tell_reported_and_verified_apart(cast, client):
    await a_world(cast)
    answer = (await client.get("/api/v1/results")).json()
    told = {each["code"]: each for each in answer["indicators"]}
    assert (told["P-1"]["reported"], told["P-1"]["verified"], told["P-1"]["target"]) == ("40", "36", "1000")
    assert (told["P-1"]["grants_reported"], told["P-1"]["grants_expected"]) == (1, 2)
