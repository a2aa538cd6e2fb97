"""Every kind of indicator works to the end: defined, promised, reported, judged and told, by page, file and API."""

from dataclasses import dataclass, field
from decimal import Decimal as D

import pytest

from foundation.database import execute, one_of, value
from monitoring.indicators import summary
from monitoring.indicators.terms import Kind
from monitoring.reports.tables import Report
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator, the_indicator
from tests.builders.reports import a_report
from tests.importing import importing


@dataclass(frozen=True)
class Way:
    """What is typed at each door, and what everybody then reads. `public`: what is told to everybody."""

    definition: dict[str, str]
    promise: dict[str, str]
    promised: str
    value: dict[str, str]
    told: str
    verdict: dict[str, str]
    found: str
    said: str
    cells: list[str]
    api: tuple[str | None, str | None] = (None, None)
    levels: tuple[dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}))


GRADES = {"grades_ka": "არ დაწყებულა\nნაწილობრივ\nდასრულდა", "grades_en": "not begun\nin part\ncomplete"}
WAYS = {
    Kind.FLOW: Way(
        {"target": "200"}, {"target": "60", "baseline": "0"}, "60\xa0things", {"total": "40"}, "40",
        {"verdict": "corrected", "verified": "38", "note": "Counted"}, "38", "38 verified of 40 reported",
        ["40", "", "", "corrected", "38", ""], ("40", "38"),
    ),
    Kind.STOCK: Way(
        {"target": "9"}, {"target": "4"}, "4\xa0things", {"total": "3"}, "3", {"verdict": "verified"}, "3",
        "3 verified of 3 reported", ["3", "", "", "verified", "3", ""], ("3", "3"),
    ),
    Kind.RUNNING_TOTAL: Way(
        {"target": "90", "baseline": "0"}, {"target": "20"}, "20\xa0things", {"total": "12"}, "12",
        {"verdict": "contradicted", "note": "No paper"}, "", "12 reported, none of it verified",
        ["12", "", "", "contradicted", "", ""], ("12", None),
    ),
    Kind.RATIO: Way(
        {"target": "60", "target_of": "80"}, {"target": "15", "target_of": "20"}, "15 of 20 (75.0%)",
        {"total": "12", "of": "20"}, "12 of 20 (60.0%)",
        {"verdict": "corrected", "verified": "9", "verified_of": "20", "note": "Three were late"}, "9 of 20 (45.0%)",
        "45.0% verified of 60.0% reported", ["12", "20", "", "corrected", "9", "20"], ("0.6", "0.45"),
    ),
    Kind.MEAN: Way(
        {"target": "4"}, {"target": "4", "target_of": "30"}, "4, mean of 30 answers", {"total": "4,2", "of": "25"},
        "4.2, mean of 25 answers", {"verdict": "verified"}, "4.2, mean of 25 answers", "4.2 verified of 4.2 reported",
        ["4.2", "25", "", "verified", "4.2", "25"], ("4.2", "4.2"),
    ),
    Kind.UNIQUE: Way(
        {"target": "500"}, {"target": "120"}, "120\xa0things", {"total": "96"}, "96",
        {"verdict": "not_verifiable", "note": "Lists without names"}, "", "96 reported, none of it verified",
        ["96", "", "", "cannot be verified", "", ""], ("96", None),
    ),
    Kind.ORDINAL: Way(
        GRADES, {"target": "3", "baseline": "1"}, "complete", {"total": "3"}, "complete",
        {"verdict": "corrected", "verified": "2", "note": "Half of it"}, "in part", "in part: 1 verified of complete: 1 reported",
        ["3", "", "complete", "corrected", "2", ""], levels=({"3": 1}, {"2": 1}),
    ),
    Kind.TEXT: Way(
        {}, {}, "", {"words_en": "The road was mended.", "words_ka": "გზა შეკეთდა."}, "The road was mended.",
        {"verdict": "verified"}, "as it was written", "1 account in words verified of 1 account in words reported",
        ["", "", "The road was mended.", "verified", "", ""], levels=({"1": 1}, {"1": 1}),
    ),
}  # fmt: skip


async def handed_in(award, cast):
    async with importing():
        for state in ("submitted", "under_review"):
            await execute(
                "UPDATE report SET state = $3, submitted_by = $2, submitted_at = now(), first_submitted_at = now(),"
                " body = '{}', body_sha256 = sha256('x'::bytea) WHERE award_id = $1", award.id, cast.signatory.id, state,
            )  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
async def test_the_whole_way_of_a_kind(kind, cast, client):
    way, code = WAYS[kind], f"W-{kind}".replace("_", "-")
    await client.sign_in(cast.manager)
    form = {"code": code, "name_ka": "სახელი", "name_en": f"What {kind} counts", "kind": str(kind), "active": "true",
            "unit_ka": "რამ", "unit_en": "things"}  # fmt: skip
    assert (await client.send_form("/en/indicators", form | way.definition)).status_code == 303
    indicator = await the_indicator(code)
    award = await an_award(cast)
    at = f"promises.{indicator.id}"
    await client.sign_in(cast.curator)
    assert at in (await client.get(f"/en/promises/{award.reference}/edit")).text
    promise = {f"{at}.promised": "true", **{f"{at}.{name}": typed for name, typed in way.promise.items()}}
    assert (await client.send_form(f"/en/promises/{award.reference}", promise)).status_code == 303
    page = (await client.get(f"/en/promises/{award.reference}")).text
    assert f"promised: {way.promised}" in page if way.promised else "promised:" not in page
    report = await a_report(cast, award, reported=None)
    here = f"/reports/{award.reference}/1"
    await client.sign_in(cast.editor)
    assert (await client.get(f"/en{here}/results/{code}")).status_code == 200
    assert (await client.send_form(f"/en{here}/results/{code}", way.value)).status_code == 303
    assert way.told in (await client.get(f"/en{here}")).text
    await handed_in(award, cast)
    await client.sign_in(cast.curator)
    verdict = f"/en{here}/verification/values/{code}"
    assert way.told in (await client.get(verdict)).text
    assert (await client.send_form(verdict, way.verdict)).status_code == 303
    if way.found and way.verdict["verdict"] != "verified":
        assert way.found in (await client.get(f"/en{here}/verification")).text
    async with importing():
        for state in ("verified", "accepted"):
            await execute(
                "UPDATE report SET state = $5, verified_by = $2, verified_at = now(), manager_id = $3, manager_at = now(),"
                " finance_id = $4, finance_at = now(), accepted_at = now(), accepted_cost = 0 WHERE id = $1",
                report.id, cast.curator.id, cast.manager.id, cast.finance.id, state,
            )  # fmt: skip
    await summary.sum_up_what_waits()
    await told_everywhere(client, cast, way, kind, code, award)


async def told_everywhere(client, cast, way, kind, code, award):
    for path in (f"/en/results/{code}", "/en/results", f"/en/grants/{award.reference}", "/en/municipalities/vani"):
        assert way.said in (await client.get(path)).text, path
    grant = (await client.get(f"/en/grants/{award.reference}")).text
    assert way.told in grant and way.found in grant
    found = (await client.get("/api/v1/results")).json()["indicators"]
    public = next(each for each in found if each["code"] == code)
    assert (public["reported"], public["verified"]) == way.api
    assert (public["reported_levels"], public["verified_levels"]) == way.levels
    for person, paths in (
        (cast.manager, ["/en/indicators", f"/en/indicators/{code}", f"/en/promises/{award.reference}"]),
        (cast.donor, ["/en/donor", f"/en/donor/results/{code}", "/en/donor?municipality=vani"]),
    ):
        await client.sign_in(person)
        for path in paths:
            assert way.said in (await client.get(path)).text, path
    page = (await client.get(f"/en/donor/results/{code}")).text
    assert "1 of 1 values" in page and way.told in page and way.found in page
    assert (await client.get(f"/en/donor/results/{code}?as=xlsx")).status_code == 200
    line = (await client.get(f"/en/donor/results/{code}?as=csv")).text.splitlines()[-1].split(",")
    assert line[5:11] == way.cells
    value_id = await value("SELECT id FROM report_value WHERE award_id = $1 AND cell = 'total'", award.id)
    page = (await client.get(f"/en/donor/values/{value_id}")).text
    assert way.told in page and way.found in page
    told = (await client.get(f"/api/v1/indicators/{code}")).json()
    assert (told["reported"]["levels"], told["verified"]["levels"]) == way.levels
    assert told["checked_values"] == told["of_values"] == 1, "every verdict is a check"
    assert [each["reported"] is not None for each in told["values"]] == [True]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("ratio", {"target": "0.6"}), ("ratio", {"target": "12", "target_of": "10"}), ("flow", {"target": "5", "target_of": "9"}),
        ("ordinal", {}), ("ordinal", {"grades_ka": "ა\nბ", "grades_en": "one"}), ("flow", {"grades_ka": "ა\nბ", "grades_en": "a\nb"}),
        ("text", {"target": "3"}), ("text", {"people": "true"}), ("ordinal", GRADES | {"people": "true"}),
        ("ratio", {"baseline": "5", "baseline_of": "10", "target": "4", "target_of": "10"}),
    ],
)  # fmt: skip
async def test_an_indicator_that_cannot_be_is_refused_with_what_was_typed(kind, wrong, cast, client):
    await client.sign_in(cast.manager)
    form = {"code": "X", "name_ka": "ს", "name_en": "Name", "kind": kind} | wrong
    answer = await client.send_form("/en/indicators", form)
    assert answer.status_code == 422 and 'value="Name"' in answer.text, (kind, wrong)
    body = form | {name: typed.split("\n") for name, typed in wrong.items() if name.startswith("grades")}
    assert (await client.post("/api/v1/indicators", json=body)).status_code == 422


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("ratio", {"target": "0.6"}), ("ratio", {"target": "9", "target_of": "4"}), ("ordinal", {"target": "4"}),
     ("ordinal", {"target": "1.5"}), ("text", {"target": "1"}), ("flow", {"target": "1", "target_of": "2"})],
)  # fmt: skip
async def test_a_promise_that_cannot_be_is_refused_by_page_api_and_database(kind, wrong, cast, client):
    award, indicator = await an_award(cast, state="drafting"), await an_indicator(cast, kind=kind)
    await client.sign_in(cast.curator)
    at = f"promises.{indicator.id}"
    form = {f"{at}.promised": "true", **{f"{at}.{name}": typed for name, typed in wrong.items()}}
    assert (await client.send_form(f"/en/promises/{award.reference}", form)).status_code == 409
    body = {"promises": [{"indicator": str(indicator.id), "promised": True} | wrong]}
    assert (await client.put(f"/api/v1/promises/{award.reference}", json=body)).status_code == 409


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("ordinal", {"total": "4"}), ("ordinal", {"total": "2", "of": "3"}), ("text", {"total": "3"}),
     ("flow", {"words_en": "Many"}), ("text", {"words_en": "A story", "no_data_reason": "None"})],
)  # fmt: skip
async def test_a_value_of_another_kind_is_refused_and_comes_back(kind, wrong, cast, client):
    award = await an_award(cast)
    indicator = await a_promise(cast, award, await an_indicator(cast, kind=kind), None)
    await a_report(cast, award, reported=None)
    await client.sign_in(cast.editor)
    here = f"/reports/{award.reference}/1"
    answer = await client.send_form(f"/en{here}/results/{indicator.code}", wrong)
    assert answer.status_code in (409, 422) and ("4" in answer.text or "story" in answer.text or "Many" in answer.text)
    assert (await client.put(f"/api/v1{here}/values/{indicator.code}", json=wrong)).status_code in (409, 422)


async def test_words_are_not_corrected_and_a_grade_is_one_of_its_own(cast, client):
    award = await an_award(cast)
    text = await a_promise(cast, award, await an_indicator(cast, kind="text", code="T"), None)
    grade = await a_promise(cast, award, await an_indicator(cast, kind="ordinal", code="G"), None)
    report = await a_report(cast, award, "under_review", reported=D(1))
    async with importing():
        await execute("UPDATE report_value SET words_en = 'A story' WHERE indicator_id = $1", text.id)
    await client.sign_in(cast.curator)
    at = f"/reports/{award.reference}/1"
    page = (await client.get(f"/en{at}/verification/values/T")).text
    assert 'value="corrected"' not in page and "A story" in page
    for code, number in (("T", "1"), ("G", "7")):
        given = {"verdict": "corrected", "verified": number, "note": "Seen"}
        assert (await client.send_form(f"/en{at}/verification/values/{code}", given)).status_code == 409
        assert (await client.put(f"/api/v1{at}/values/{code}/verdict", json=given)).status_code == 409
    assert (await one_of(Report, "SELECT * FROM report WHERE id = $1", report.id)).state == "under_review"
    assert grade.grades_en[0] in (await client.get(f"/en{at}/verification/values/G")).text


async def test_an_unlikely_number_is_asked_about_and_the_answer_is_kept(cast, client):
    """Ten times the promise, and more people than live there: a tick is enough, and the reviewer sees it."""
    award = await an_award(cast)
    indicator = await a_promise(cast, award, await an_indicator(cast), D(40))
    await a_report(cast, award, reported=None)
    here = f"/reports/{award.reference}/1"
    await client.sign_in(cast.editor)
    at = f"/en{here}/results/{indicator.code}"
    answer = await client.send_form(at, {"total": "30000"})
    assert answer.status_code == 303 and answer.headers["location"].endswith(at), (
        "nothing is blocked, it is asked about"
    )
    page = (await client.get(at)).text
    assert "more than ten times what was promised (40)" in page and "more people than live" in page
    assert "say so below the number" in (await client.get(f"/en{here}/check")).text
    told = (await client.get(f"/api/v1{here}")).json()
    [of_indicator] = told["values"]
    assert len(of_indicator["doubts"]) == 2 and of_indicator["sure"] is False
    assert (await client.send_form(at, {"total": "30000", "sure": "true"})).headers["location"].endswith(here)
    assert "say so below the number" not in (await client.get(f"/en{here}/check")).text
    assert (await client.send_form(at, {"total": "31000", "sure": "true"})).status_code == 303
    assert "say so below the number" in (await client.get(f"/en{here}/check")).text, "that was said of another number"
    answer = await client.put(f"/api/v1{here}/values/{indicator.code}", json={"total": "31000", "sure": True})
    assert answer.status_code == 200 and answer.json()["values"][0]["sure"] is True
    await handed_in(award, cast)
    await client.sign_in(cast.curator)
    page = (await client.get(f"/en{here}/verification/values/{indicator.code}")).text
    assert "An unlikely number" in page and "was asked and says it is right" in page


async def test_a_saved_target_is_told_while_the_agreement_is_drafted(cast, client):
    """Also of people counted once, whose targets are never added up."""
    award = await an_award(cast, state="drafting")
    for kind in ("flow", "unique"):
        await a_promise(cast, award, await an_indicator(cast, kind=kind), D(60))
    await client.sign_in(cast.curator)
    page = (await client.get(f"/en/promises/{award.reference}")).text
    assert page.count("target 60") == 2 and "no target set" not in page
