"""Reports through the API: the same actions, the same refusals, as problem+json."""

from decimal import Decimal as D

from monitoring.indicators.queries import figures
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise
from tests.builders.reports import a_report


async def test_a_report_is_written_submitted_and_judged_as_json(cast, client):
    award = await an_award(cast)
    indicator = await a_promise(cast, award)
    await a_report(cast, award, reported=D(7), spent=D("100"))
    here = f"/api/v1/reports/{award.reference}/1"
    await client.sign_in(cast.editor)
    first = (await client.get(here)).json()
    assert (first["state"] == "open" and first["missing"] == ["Write what has changed because of it."]) or first[
        "missing"
    ]
    revision = first["values"][0]["revision"]
    answer = await client.put(
        f"{here}/values/{indicator.code}", json={"total": "9", "women": "9", "revision": revision}
    )
    assert answer.status_code == 200 and D(answer.json()["values"][0]["reported"]) == 9
    stale = await client.put(f"{here}/values/{indicator.code}", json={"total": "10", "revision": revision})
    assert stale.status_code == 409 and stale.headers["content-type"].startswith("application/problem+json")
    assert (await client.put(f"{here}/spending/1", json={"spent": "80.00"})).status_code == 200
    assert (await client.put(f"{here}/story", json={"done_en": "Meetings", "changed_en": "Minutes"})).status_code == 200
    assert (await client.get(here)).json()["missing"] == []
    await client.sign_in(cast.signatory)
    assert (await client.post(f"{here}/submission", json={})).status_code == 422
    sent = (await client.post(f"{here}/submission", json={"declared": True})).json()
    assert sent["state"] == "submitted" and len(sent["body_sha256"]) == 64
    await client.sign_in(cast.curator)
    assert (await client.post(f"{here}/review")).json()["state"] == "under_review"
    verdict = {"verdict": "verified"}
    assert (await client.put(f"{here}/values/{indicator.code}/verdict", json=verdict)).status_code == 200
    for line in (1, 2):
        spent = next(each["spent"] for each in sent["spending"] if each["line"] == line)
        assert (await client.put(f"{here}/spending/{line}/accepted", json={"accepted": spent})).status_code == 200
    assert (await client.post(f"{here}/verification")).json()["state"] == "verified"
    for who in (cast.manager, cast.finance):
        await client.sign_in(who)
        accepted = (await client.post(f"{here}/acceptance")).json()
    assert (accepted["state"], accepted["accepted_cost"]) == ("accepted", "180.00")
    assert (await figures())[0].figure.verified.value == 9


async def test_the_list_and_its_filters(cast, client):
    report = await a_report(cast, state="submitted")
    await a_report(cast, await an_award(cast, organisation=cast.guria_women))
    await client.sign_in(cast.manager)
    told = (await client.get("/api/v1/reports?state=submitted")).json()
    assert [each["grant"] for each in told["items"]] == [report.award_reference] and told["found"] == 1
    assert (await client.get("/api/v1/reports?state=nonsense")).status_code == 400


async def test_what_does_not_parse_is_4xx(cast, client):
    report = await a_report(cast)
    here = f"/api/v1/reports/{report.award_reference}/1"
    await client.sign_in(cast.editor)
    for body in ('{"total": "about 9"}', '{"total": NaN}', "[1]", "{", '{"colour": 1}'):
        answer = await client.put(f"{here}/story", content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, body
    assert (await client.get(f"/api/v1/reports/{report.award_reference}/99")).status_code == 404
    await client.sign_out()
    assert (await client.get(here)).status_code == 401
