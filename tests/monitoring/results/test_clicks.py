"""From a number of the overview to what proves it: four clicks, for whoever may read what is there."""

import html
import re

import pytest

from foundation.clock import today
from foundation.database import execute
from grants.disbursements.lifecycle import State as TrancheState
from monitoring.indicators.summary import sum_up_what_waits
from tests.builders.awards import a_tranche, an_award
from tests.builders.reports import a_report, the_value
from tests.builders.uploads import a_pdf
from tests.importing import importing
from uploads.actions import keep_bytes
from web.lists.listing import ALL

LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"')
FILES = "/reports/{}/1/files/[0-9a-f-]+"
READERS = ("auditor", "manager", "finance", "director", "curator")


async def links(client, path):
    answer = await client.get(path)
    assert answer.status_code == 200, path
    return [html.unescape(each) for each in LINK.findall(answer.text)]


async def click(client, path, wanted):
    """The first link on the page that leads to such an address."""
    found = [each for each in await links(client, path) if re.fullmatch(wanted, each.split("?")[0].split("#")[0])]
    assert found, f"nothing on {path} leads to {wanted}"
    return min(found, key=lambda each: "by=" in each)  # each line, not put together


async def a_proved_world(cast):
    award = await an_award(cast)
    await a_tranche(cast, TrancheState.PAID, award)
    report = await a_report(cast, award, "accepted")
    receipt = await keep_bytes(a_pdf(), "receipt.pdf", cast.signatory)
    async with importing():
        await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", report.report_due_id, today())
        await execute(
            "UPDATE spending_evidence SET upload_id = $2 WHERE spending_line_id IN (SELECT id FROM spending_line"
            " WHERE report_id = $1 ORDER BY id LIMIT 1)",
            report.id, receipt.id,
        )  # fmt: skip
    await sum_up_what_waits()
    return award, report


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("step", ["reported", "verified"])
async def test_from_what_was_spent_to_a_receipt(step, who, cast, client):
    award, _report = await a_proved_world(cast)
    await client.sign_in(cast.people[who])
    money = await click(client, "/en/donor", f"/en/donor/money/{step}")
    report = await click(client, money, f"/en/reports/{award.reference}/1")
    files = {each for each in await links(client, report) if re.fullmatch(rf"/en{FILES.format(award.reference)}", each)}
    kinds = {(await client.get(each)).headers["content-type"] for each in files}
    assert "application/pdf" in kinds


@pytest.mark.parametrize("who", READERS)
async def test_from_what_was_paid_to_the_tranche_and_from_what_was_awarded_to_the_agreement(who, cast, client):
    award, _report = await a_proved_world(cast)
    await client.sign_in(cast.people[who])
    paid = await click(client, "/en/donor", "/en/donor/money/paid")
    assert await links(client, await click(client, paid, f"/en/awards/{award.reference}/tranches/1"))
    awarded = await click(client, "/en/donor", "/en/donor/money/awarded")
    assert await links(client, await click(client, awarded, f"/en/awards/{award.reference}"))


@pytest.mark.parametrize("who", READERS)
async def test_from_a_report_on_time_and_from_a_value_to_the_report(who, cast, client):
    award, report = await a_proved_world(cast)
    await client.sign_in(cast.people[who])
    here = f"/en/reports/{award.reference}/1"
    assert await links(client, await click(client, "/en/donor/reports", here))
    value = f"/en/donor/values/{(await the_value(report)).id}"
    assert await links(client, await click(client, value, here))


@pytest.mark.parametrize("who", ["donor", "curator2"])
async def test_who_may_not_read_them_is_led_to_what_they_may(who, cast, client):
    """No link of these pages ends before a closed door."""
    award, report = await a_proved_world(cast)
    await client.sign_in(cast.people[who])
    places = ["/en/donor", "/en/donor/reports", f"/en/donor/values/{(await the_value(report)).id}"]
    places += [f"/en{name.path}" for name in ALL.values() if name.name.startswith("donor.money.")]
    met = set()
    for place in places:
        met |= {each.split("#")[0] for each in await links(client, place) if each.startswith("/en/")}
    inside = [each for each in met if re.match("/en/(reports|awards)/", each)]
    assert inside == []
    assert f"/en/grants/{award.reference}" in met
    closed = [each for each in sorted(met) if (await client.get(each)).status_code in (403, 404)]
    assert closed == []
