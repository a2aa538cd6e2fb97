"""Every decision about a report, by the page and by the API: the state, the reason that stays, who decided."""

import pytest

from foundation.database import get
from monitoring.reports.tables import Report
from tests.builders.reports import a_report
from tests.surfaces import by_page_and_api, last_event, take

REASON = {"reason": "An audit found otherwise"}


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "who", "after", "event"),
    [
        ("open", "waiver", "manager", "waived", "report.waived"),
        ("returned", "lapse", "manager", "lapsed", "report.lapsed"),
        ("verified", "second-look", "finance", "under_review", "report.sent_back"),
        ("accepted", "correction", "director", "under_review", "report.reopened"),
    ],
)
async def test_a_decision_with_a_reason(surface, before, noun, who, after, event, cast, client):
    report = await a_report(cast, state=before)
    await client.sign_in(cast.people[who])
    await take(client, surface, f"/reports/{report.award_reference}/1/{noun}", REASON)
    assert (await get(Report, report.id)).state == after
    assert await last_event(report.id) == (event, cast.people[who].id)


@by_page_and_api
async def test_a_report_is_taken_back(surface, cast, client):
    report = await a_report(cast, state="submitted")
    await client.sign_in(cast.signatory)
    await take(client, surface, f"/reports/{report.award_reference}/1/withdrawal")
    assert (await get(Report, report.id)).state == "open"
    assert await last_event(report.id) == ("report.taken_back", cast.signatory.id)


@by_page_and_api
async def test_a_report_goes_back_for_correction(surface, cast, client):
    report = await a_report(cast, state="under_review")
    await client.sign_in(cast.curator)
    given = {"sections": ["story"], "reason": "Say what has changed"}
    await take(client, surface, f"/reports/{report.award_reference}/1/return", given)
    assert (await get(Report, report.id)).state == "returned"
    assert await last_event(report.id) == ("report.returned", cast.curator.id)
