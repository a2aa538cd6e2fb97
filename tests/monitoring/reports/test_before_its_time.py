"""A report that comes before its period is over says why, and whoever checks it reads that."""

from datetime import timedelta

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, get, transaction
from foundation.language import speaking
from foundation.refused import Refused
from monitoring.reports import forms, transitions
from monitoring.reports.tables import Report
from tests.builders.reports import a_report
from tests.importing import importing

SUBMIT = (
    "UPDATE report SET state = 'submitted', submitted_by = $2, body = '{}', submitted_at = now(), early_reason = $3"
    " WHERE id = $1"
)


async def lasting(cast, days, **over):
    report = await a_report(cast, state="open", women=20, men=20, changed_ka="ოქმები ქვეყნდება", **over)
    async with importing():
        ends = today() + timedelta(days=days)
        await execute("UPDATE report_due SET period_to = $2 WHERE id = $1", report.report_due_id, ends)
    report.period_to = ends
    return report


@pytest.mark.parametrize("days", [0, 60])
async def test_before_its_period_is_over_a_report_says_why(days, cast):
    report = await lasting(cast, days)
    with speaking("en"), pytest.raises(Refused, match="Write why the report comes before"):
        await transitions.submit(report, cast.signatory, forms.Submission(declared=True))
    with pytest.raises(asyncpg.CheckViolationError) as error:
        async with transaction():
            await execute(SUBMIT, report.id, cast.signatory.id, None)
    assert error.value.constraint_name == "report_before_its_time"
    await transitions.submit(report, cast.signatory, forms.Submission(declared=True, early_reason="All is done"))
    assert (await get(Report, report.id)).early_reason == "All is done"
    await transitions.take_back(report, cast.signatory)
    assert (await get(Report, report.id)).early_reason is None


async def test_after_its_period_nothing_has_to_be_said_and_nothing_is_kept(cast):
    report = await lasting(cast, -1)
    await transitions.submit(report, cast.signatory, forms.Submission(declared=True, early_reason="Not needed"))
    assert (await get(Report, report.id)).early_reason is None


async def test_the_page_asks_why_and_the_curator_reads_it(cast, client):
    report = await lasting(cast, 30)
    url = f"/en/reports/{report.award_reference}/1"
    await client.sign_in(cast.signatory)
    assert "Why does the report come before its period is over?" in (await client.get(f"{url}/check")).text
    answer = await client.send_form(f"{url}/submission", {"declared": "on", "early_reason": ""})
    assert answer.status_code == 409 and "Write why the report comes before" in answer.text
    answer = await client.send_form(f"{url}/submission", {"declared": "on", "early_reason": "All is done"})
    assert answer.status_code == 303
    await client.sign_in(cast.curator)
    page = (await client.get(url)).text
    assert "Submitted before its period was over" in page and "All is done" in page
    await client.send_form(f"{url}/review")
    assert "All is done" in (await client.get(f"{url}/verification")).text
