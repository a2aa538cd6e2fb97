"""Grant money and what the organisation pays itself are two series: in reports, results, files and the ledger."""

from decimal import Decimal
from random import Random

import asyncpg
import pytest

from foundation.database import execute, rows, transaction, value
from monitoring.reports import queries, transitions
from monitoring.reports.content import content_of
from monitoring.reports.queries import Filters
from monitoring.results.grants import public_grant
from tests.builders.awards import an_award
from tests.builders.reports import a_report
from tests.importing import importing

D = Decimal
PARTS = (
    "SELECT s.spent_grant, s.accepted_grant FROM spending_line s JOIN budget_line b ON b.id = s.budget_line_id"
    " WHERE s.report_id = $1 ORDER BY b.position"
)


async def an_award_with(cast, *lines):
    """Lines of (whole cost, own share); the award is what is left for the grant."""
    award = await an_award(cast, amount=sum(D(cost) - D(own) for cost, own in lines))
    async with importing():
        await execute("DELETE FROM award_line WHERE award_id = $1", award.id)
        await execute("DELETE FROM budget_line WHERE application_id = $1", award.application_id)
        for position, (cost, own) in enumerate(lines, 1):
            line = await value(
                "INSERT INTO budget_line (application_id, position, category, item, quantity, unit_cost, amount, own_share)"
                " VALUES ($1, $2, 'events', $3, 1, $4, $4, $5) RETURNING id",
                award.application_id, position, f"Line {position}", D(cost), D(own),
            )  # fmt: skip
            await execute(
                "INSERT INTO award_line (award_id, budget_line_id, amount, own_share) VALUES ($1, $2, $3, $4)",
                award.id, line, D(cost), D(own),
            )  # fmt: skip
    return award


async def a_verified_report(cast, award, *told, number=1):
    """One (spent, accepted) for each line, ready to be accepted."""
    report = await a_report(cast, award, state="verified", number=number)
    lines = await rows(
        "SELECT s.id FROM spending_line s JOIN budget_line b ON b.id = s.budget_line_id WHERE s.report_id = $1"
        " ORDER BY b.position", report.id,
    )  # fmt: skip
    async with importing():
        for line, (spent, accepted) in zip(lines, told, strict=True):
            await execute(
                "UPDATE spending_line SET spent = $2, accepted = $3 WHERE id = $1", line["id"], D(spent), D(accepted)
            )
    return report


async def accepted(cast, report):
    await transitions.agree(report, cast.manager)
    await transitions.agree(report, cast.finance)
    return [tuple(each) for each in await rows(PARTS, report.id)]


async def booked(award):
    return await value(
        "SELECT coalesce(sum(amount), 0) FROM standing_entry WHERE award_id = $1 AND kind = 'accepted_cost'", award.id
    )


async def test_only_the_grants_part_of_each_line_is_reported_verified_and_booked(cast):
    """2,600 of the grant and 105 of the organisation's own: nothing is ever over 100 % because of it."""
    award = await an_award_with(cast, (2000, 0), (705, 105))
    report = await a_verified_report(cast, award, (2000, 2000), (705, 705))
    assert await accepted(cast, report) == [(2000, 2000), (600, 600)]
    assert await booked(award) == 2600
    [told] = await queries.money(Filters(award=award.id))
    assert (told.reported, told.verified, told.own_reported, told.own_verified) == (2600, 2600, 105, 105)
    public = await public_grant(award.reference)
    assert (public["reported"], public["verified"]) == (2600, 2600)
    assert await value("SELECT accepted_cost FROM report WHERE id = $1", report.id) == 2705


async def test_reports_of_a_line_together_take_what_the_grant_gives_and_not_a_cent_more(cast):
    award = await an_award_with(cast, (400, "133.33"))
    first = await a_verified_report(cast, award, ("133.33", "133.33"))
    second = await a_verified_report(cast, award, ("266.67", "266.67"), number=2)
    assert await accepted(cast, first) == [(D("88.89"), D("88.89"))]
    assert await accepted(cast, second) == [(D("177.78"), D("177.78"))]
    assert await booked(award) == D("266.67") == award.amount


async def test_more_than_the_line_is_the_organisations_own(cast):
    award = await an_award_with(cast, (1000, 0), (500, 0))
    report = await a_verified_report(cast, award, (1200, 1200), (100, 100))
    assert await accepted(cast, report) == [(1000, 1000), (100, 100)]
    content = await content_of(report)
    assert [line.left for line in content.lines] == [-200, 400]


async def test_a_line_of_own_money_alone_takes_nothing_from_the_grant(cast):
    award = await an_award_with(cast, (1000, 0), (500, 500))
    report = await a_verified_report(cast, award, (900, 900), (500, 500))
    assert await accepted(cast, report) == [(900, 900), (0, 0)]


async def test_reopened_after_an_audit_nothing_is_left_and_anew_it_is_right(cast):
    award = await an_award_with(cast, (600, 100))
    first = await a_verified_report(cast, award, (300, 300))
    second = await a_verified_report(cast, award, (300, 300), number=2)
    assert await accepted(cast, first) + await accepted(cast, second) == [(250, 250), (250, 250)]
    await transitions.reopen(first, cast.director, "Two receipts are of another grant")
    assert [tuple(each) for each in await rows(PARTS, first.id)] == [(None, None)]
    assert await booked(award) == 250
    async with importing():
        await execute("UPDATE spending_line SET accepted = 120 WHERE report_id = $1", first.id)
    await transitions.verify(first, cast.curator)
    assert await accepted(cast, first) == [(250, 100)]
    assert await booked(award) == 350


async def test_at_random_the_parts_of_the_grant_never_exceed_it(cast):
    """However costs fall on lines and reports: the parts are those of the whole line, and the ledger says the same."""
    chance = Random(20261201)
    for _round in range(3):
        lines = [(c := D(chance.randint(100, 99999)) / 100, D(chance.randint(0, int(c * 100))) / 100) for _ in range(2)]
        if not sum(cost - own for cost, own in lines) >= 100:
            lines.append((D(500), D(0)))
        award = await an_award_with(cast, *lines)
        spent = [D(0)] * len(lines)
        for number in (1, 2):
            told = [(D(chance.randint(0, int(cost * 80))) / 100,) * 2 for cost, _own in lines]
            spent = [before + now for before, (now, _) in zip(spent, told, strict=True)]
            await accepted(cast, await a_verified_report(cast, award, *told, number=number))
        whole = sum(
            min(((total * (cost - own) / cost).quantize(D("0.01"), "ROUND_HALF_UP")), cost - own)
            for total, (cost, own) in zip(spent, lines, strict=True)
        )
        assert await booked(award) == whole <= award.amount
        assert (
            await value(
                "SELECT sum(accepted_grant) FROM spending_line s JOIN report r ON r.id = s.report_id WHERE r.award_id = $1",
                award.id,
            )
            == whole
        )


async def test_nobody_writes_the_grants_part_but_the_database(cast):
    award = await an_award_with(cast, (1000, 400))
    report = await a_verified_report(cast, award, (500, 500))
    await accepted(cast, report)
    await execute("UPDATE spending_line SET spent_grant = 1, accepted_grant = 1000 WHERE report_id = $1", report.id)
    assert [tuple(each) for each in await rows(PARTS, report.id)] == [(300, 300)]
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute("UPDATE spending_line SET accepted = 1 WHERE report_id = $1", report.id)
    assert error.value.constraint_name == "report_locked"


async def test_the_report_says_what_the_grant_pays(cast, client):
    award = await an_award_with(cast, (1000, 400))
    report = await a_verified_report(cast, award, (500, 450))
    await client.sign_in(cast.manager)
    page = (await client.get(f"/en/reports/{award.reference}/1")).text
    assert "€600 from the grant, €400 own share" in page and "€270 from the grant, €180 own share" in page
    told = (await client.get(f"/api/v1/reports/{award.reference}/1")).json()
    assert (told["spent"], told["spent_from_grant"], told["accepted_from_grant"]) == ("500.00", "300.00", None)
    [line] = told["spending"]
    assert (line["planned"], line["own_share"], line["from_grant"]) == ("1000.00", "400.00", "600.00")
    assert line["accepted_from_grant"] == "270.00"
    await accepted(cast, report)
    assert (await client.get(f"/api/v1/reports/{award.reference}/1")).json()["accepted_from_grant"] == "270.00"
    assert "of which the grant pays €270" in (await client.get(f"/en/reports/{award.reference}/1")).text
    page = (await client.get(f"/en/reports/{award.reference}")).text
    assert "€300" in page and "and €200 of its own" in page
