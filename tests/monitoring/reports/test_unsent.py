"""What is being written is read by those who write it: until it is handed in, others see which parts are there."""

import re
from decimal import Decimal

import pytest

from foundation.database import execute, value
from monitoring.reports.lifecycle import State
from tests.builders.reports import a_report
from tests.builders.uploads import an_upload
from tests.importing import importing

NUMBER, SPENT = 4613, 7919  # of the draft
WRITTEN = {
    "open": "an open report", "returned": "one that went back", "lapsed": "one that was never corrected",
    "waived": "one that is not needed any more",
}  # fmt: skip
UPLOAD = "SELECT e.upload_id FROM value_evidence e JOIN report_value v ON v.id = e.value_id WHERE v.report_id = $1"


async def a_draft(cast, state):
    report = await a_report(cast, state=state, reported=Decimal(NUMBER), women=Decimal(4000), spent=Decimal(SPENT))
    async with importing():
        await execute("UPDATE report SET done_en = 'canary of the story' WHERE id = $1", report.id)
        await execute("UPDATE report_value SET note = 'canary of the value' WHERE report_id = $1", report.id)
        await execute(
            "UPDATE value_evidence e SET upload_id = $2 FROM report_value v WHERE v.id = e.value_id AND v.report_id = $1",
            report.id, (await an_upload(cast.signatory)).id,
        )  # fmt: skip
    return report


def tells(text):
    return re.search(r"canary|4[,\s\u00a0]?613|7[,\s\u00a0]?919", text)


def places(report):
    here = f"/reports/{report.award_reference}"
    return (
        f"/en{here}/{report.number}",
        f"/api/v1{here}/{report.number}",
        f"/en{here}",
        "/en/reports",
        "/api/v1/reports",
    )


@pytest.mark.parametrize("state", WRITTEN)
@pytest.mark.parametrize("who", ["curator", "manager", "finance", "director", "auditor", "admin"])
async def test_staff_read_nothing_of_what_is_not_sent(cast, client, state, who):
    report = await a_draft(cast, state)
    await client.sign_in(cast.people[who])
    for path in places(report):
        answer = await client.get(path)
        assert answer.status_code in (200, 404) and not tells(answer.text), path
    told = (await client.get(places(report)[1])).json()
    assert told["withheld"] and told["documents"] == [] and all(each["reported"] is None for each in told["values"])
    upload = await value(UPLOAD, report.id)
    if upload:
        file = f"{places(report)[0]}/files/{upload}"
        assert [(await client.get(f"{file}{more}")).status_code for more in ("", "/thumbnail")] == [404, 404]
        await client.sign_in(cast.signatory)
        assert (await client.get(file)).status_code == 200


async def test_they_see_which_parts_are_there_and_what_was_signed_before(cast, client):
    report = await a_draft(cast, "open")
    await client.sign_in(cast.curator)
    page = (await client.get(places(report)[0])).text
    assert "What is there so far" in page and "People who took part" in page and "In progress" in page
    back = await a_draft(cast, "returned")
    async with importing():
        await execute(
            "INSERT INTO report_submission (report_id, number, body, body_sha256, submitted_by, submitted_at) SELECT id, 1,"
            """ '{"story": {"done_en": "The first version"}}', body_sha256, submitted_by, submitted_at FROM report"""
            " WHERE id = $1", back.id,
        )  # fmt: skip
    page = (await client.get(places(back)[0])).text
    assert "The first version" in page and not tells(page)


async def test_those_who_write_read_it_all_and_are_told_who_sees_it(cast, client):
    report = await a_draft(cast, "open")
    for who in (cast.editor, cast.signatory):
        await client.sign_in(who)
        told = (await client.get(places(report)[1])).json()
        assert not told["withheld"] and told["story"]["done_en"] == "canary of the story"
        assert "the programme sees which parts are ready" in (await client.get(places(report)[0])).text


@pytest.mark.parametrize("state", sorted(State.in_set("claiming")))
async def test_what_was_handed_in_is_read(cast, client, state):
    report = await a_draft(cast, str(state))
    await client.sign_in(cast.curator)
    told = (await client.get(places(report)[1])).json()
    assert not told["withheld"] and Decimal(told["values"][0]["reported"]) == NUMBER
    assert tells((await client.get(places(report)[0])).text)
    upload = await value(UPLOAD, report.id)
    for who, status in ((cast.curator, 200), (cast.auditor, 200), (cast.curator2, 404), (cast.other_editor, 404)):
        await client.sign_in(who)
        assert (await client.get(f"{places(report)[0]}/files/{upload}")).status_code == status
