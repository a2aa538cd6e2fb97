"""At half past midnight in Tbilisi it is still yesterday in London: pages, files, filters and rules say today."""

from datetime import datetime, time, timedelta

from foundation.clock import TBILISI, today
from foundation.database import execute, value
from foundation.language import day, speaking
from tests.builders.applications import an_application
from tests.builders.awards import an_award
from tests.builders.reports import a_report
from tests.importing import importing
from tests.sheets import table

YESTERDAY = today() - timedelta(days=1)
BEFORE = YESTERDAY - timedelta(days=1)


def at(date, hour, minute):
    return datetime.combine(date, time(hour, minute), TBILISI)


async def test_what_was_sent_then_was_sent_that_day(cast, client):
    one = await an_application(cast, submitted_at=at(YESTERDAY, 0, 30))
    await client.sign_in(cast.manager)
    with speaking("en"):
        said = day(YESTERDAY)
    assert said in (await client.get("/en/applications")).text
    for kind in ("csv", "xlsx"):
        (row,) = table((await client.get(f"/en/applications.{kind}")).content).told()
        assert row["Number"] == one.number and row["Sent"] == f"{YESTERDAY}T00:30+04:00"
    (told,) = (await client.get("/api/v1/applications")).json()["items"]
    assert datetime.fromisoformat(told["submitted_at"]) == at(YESTERDAY, 0, 30)


async def test_the_ledger_is_narrowed_by_days_here(cast, client):
    award = await an_award(cast)
    async with importing():
        await execute(
            "INSERT INTO ledger_entry (at, kind, debit, credit, amount, currency, call_id, award_id, note)"
            " SELECT $1, 'decommitment', 'envelope:' || c.reference, 'commitments:' || a.reference, 7, 'EUR', c.id, a.id,"
            " 'half past midnight' FROM award a JOIN call c ON c.id = a.call_id WHERE a.id = $2",
            at(YESTERDAY, 0, 30), award.id,
        )  # fmt: skip
    await client.sign_in(cast.finance)
    for query, found in (
        (f"since={YESTERDAY}&until={YESTERDAY}", 1), (f"until={BEFORE}", 0), (f"since={today()}", 0)
    ):  # fmt: skip
        told = (await client.get(f"/api/v1/ledger?q=midnight&{query}")).json()["found"]
        assert told == found, query


async def test_a_report_is_on_time_until_midnight_here(cast, client):
    report = await a_report(cast, state="accepted")
    await client.sign_in(cast.donor)
    for sent, on_time in ((at(YESTERDAY, 23, 50), 1), (at(today(), 0, 10), 0)):
        async with importing():
            await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", report.report_due_id, YESTERDAY)
            await execute("UPDATE report SET first_submitted_at = $2 WHERE id = $1", report.id, sent)
        assert (await client.get("/api/v1/donor/summary")).json()["reports_on_time"] == on_time


async def test_roles_and_what_falls_due_go_by_the_same_day(cast):
    assert await value("SELECT day_here()") == today()
