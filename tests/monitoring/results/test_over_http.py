"""The same through the door: what an anonymous reader and somebody who has just registered are shown on pages and by
the API is what was decided, in both languages, and whoever keeps all of it cannot work out a small count."""

from __future__ import annotations

import random
import re
from decimal import Decimal as D

import pytest

from foundation.clock import now
from foundation.database import execute, row, rows, value
from monitoring.indicators import summary
from monitoring.reports.transitions import reopen
from monitoring.results import publishing
from monitoring.results.counting import Told
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.importing import importing
from tests.monitoring.results import test_over_time
from tests.monitoring.results.test_over_time import Programme

CELL = re.compile(r'<td[^>]*data-th="(Reported|Verified)"[^>]*>([^<]*)</td>')
BAR = re.compile(r'class="(?:reported|verified)" width="([^"]*)%"')
WORDS = ("hidden", "fewer than 5")


def number(text):
    """What a page tells in a cell; None where it tells no number."""
    plain = text.strip().replace(",", "").replace("\u00a0", "")
    return D(plain) if re.fullmatch(r"-?[0-9.]+", plain) else None


def is_hidden(part):
    return any(text.strip() in WORDS for _series, text in CELL.findall(part))


def cells(part):
    return [number(text) for _series, text in CELL.findall(part)]


class OverHttp(Programme):
    def __init__(self, dice, last, cast, client, indicator):
        super().__init__(dice, last)
        self.cast, self.client, self.indicator = cast, client, indicator
        self.reports, self.references, self.used = {}, {}, {}

    async def begin(self):
        self.awards = {}
        for n in range(5):
            award = await an_award(self.cast, organisation=self.cast.guria_women if n % 2 else self.cast.vani_youth)
            await a_promise(self.cast, award, self.indicator)
            self.awards[award.id], self.references[award.id] = award.municipality_id, award
        return self

    async def accept_one(self, pair=None):
        free = [key for key in self.awards if self.used.get(key, 0) < 2]
        if not free:
            return
        award = self.dice.choice(free)
        self.used[award] = self.used.get(award, 0) + 1
        reported, verified = pair or self.a_pair()
        report = await a_report(
            self.cast, self.references[award], "accepted", number=self.used[award], reported=reported, verified=verified
        )
        key = await self.stored(report, reported, verified)
        self.reports[key] = report
        self.values[key] = {
            "id": key, "award_id": award, "municipality_id": self.awards[award], "reported": reported,
            "verified": verified, "period": self.used[award],
        }  # fmt: skip

    async def stored(self, report, reported, verified):
        verdict = "unverified" if verified is None else "verified" if verified == reported else "corrected"
        async with importing():
            await execute(
                "UPDATE report_value SET reported = $2, verified = $3, verdict = $4, verdict_note = 'Counted',"
                " verified_by = CASE WHEN $4 = 'unverified' THEN NULL ELSE verified_by END,"
                " verified_at = CASE WHEN $4 = 'unverified' THEN NULL ELSE verified_at END WHERE report_id = $1",
                report.id, reported, verified, verdict,
            )  # fmt: skip
            await execute("UPDATE report SET accepted_at = clock_timestamp() WHERE id = $1", report.id)
        return await value("SELECT id FROM report_value WHERE report_id = $1 AND cell = 'total'", report.id)

    async def reopen_one(self):
        if self.values:
            key = self.dice.choice(list(self.values))
            self.back[key] = self.values.pop(key)
            await reopen(self.reports[key], self.cast.director, reason="An audit")

    async def accept_one_again(self):
        if not self.back:
            return
        key = self.dice.choice(list(self.back))
        one = self.values[key] = self.back.pop(key)
        one["reported"], one["verified"] = self.a_pair()
        report = self.reports[key]
        async with importing():
            await execute(
                "UPDATE report SET state = 'verified', verified_by = $2, verified_at = $3 WHERE id = $1",
                report.id, self.cast.curator.id, now(),
            )  # fmt: skip
            await execute(
                "UPDATE report SET state = 'accepted', manager_id = $2, manager_at = $4, finance_id = $3, finance_at = $4,"
                " accepted_at = $4, accepted_cost = 0 WHERE id = $1",
                report.id, self.cast.manager.id, self.cast.finance.id, now(),
            )  # fmt: skip
            await execute("UPDATE report_value SET verified_by = $2, verified_at = $3 WHERE report_id = $1",
                          report.id, self.cast.curator.id, now())  # fmt: skip
        report.state = "accepted"
        await self.stored(report, one["reported"], one["verified"])

    async def read(self):
        """What the pages show now, kept as what everybody was told."""
        told, code = Told(), self.indicator.code
        this = test_over_time.THIS
        page = (await self.client.get(f"/en/results/{code}")).text
        self.no_bar_of_what_is_hidden(page)
        places, grants = page.partition('id="grants"')[::2]
        slugs = {each["slug"]: each["id"] for each in await rows("SELECT id, slug FROM municipality")}
        for line in re.findall(r"<tr>.*?</tr>", places, re.DOTALL):
            if slug := re.search(r"/municipalities/([a-z]+)", line):
                self.tell(told, ("place", this, slugs[slug[1]]), line)
        for key, award in self.references.items():
            lines = [
                each for each in re.findall(r"<tr>.*?</tr>", grants, re.DOTALL) if f"/grants/{award.reference}" in each
            ]
            self.tell(told, ("grant", this, key), lines[0] if lines else "")
            await self.read_grant(told, award)
        foot = page.rpartition("<tfoot>")[2]
        self.tell(told, ("total", this, None), foot.partition("</tfoot>")[0])
        await self.read_api(told)
        self.groups = dict(await publishing._groups(self.indicator.id))
        self.note(told, self.current())

    def tell(self, told, key, line):
        shown = cells(line)
        if is_hidden(line):
            told.hidden.add(key)
            assert all(each in (None, 0) for each in shown), (key, line)
        elif shown:
            told.sums[key] = (shown[0], shown[1])

    async def read_grant(self, told, award):
        page = (await self.client.get(f"/en/grants/{award.reference}")).text
        self.no_bar_of_what_is_hidden(page)
        own = sorted(
            (one for one in self.values.values() if one["award_id"] == award.id), key=lambda one: one["period"]
        )
        lines = [each for each in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if 'data-th="Verdict"' in each]
        assert len(lines) == len(own)
        for one, line in zip(own, lines, strict=True):
            if is_hidden(line):
                told.hidden.add(("value", test_over_time.THIS, one["id"]))
                assert not re.search("verified|corrected|unverified", line.replace("Verified", "")), "the verdict tells"
            else:
                shown = cells(line)
                assert shown[0] == one["reported"] and shown[1] == one["verified"], line
        answer = (await self.client.get(f"/api/v1/grants/{award.reference}")).json()["values"]
        for one, each in zip(own, answer, strict=True):
            hidden = ("value", test_over_time.THIS, one["id"]) in told.hidden
            assert each["hidden"] is hidden and (each["reported"] is None) is hidden, each
            assert not hidden or (each["verified"], each["verdict"]) == (None, None)

    async def read_api(self, told):
        [said] = (await self.client.get("/api/v1/results")).json()["indicators"]
        total = ("total", test_over_time.THIS, None)
        if said["hidden"] or total in told.hidden:
            assert said["hidden"] and said["reported"] is said["verified"] is None and total in told.hidden
        elif total in told.sums:
            told_there = tuple(None if said[name] is None else D(said[name]) for name in ("reported", "verified"))
            assert told_there == told.sums[total]
        for slug, place in {"vani": self.cast.vani.id, "ozurgeti": self.cast.places["ozurgeti"].id}.items():
            page = (await self.client.get(f"/en/municipalities/{slug}")).text
            self.no_bar_of_what_is_hidden(page)
            shown = told.sums.get(("place", test_over_time.THIS, place))
            if shown and shown[0]:
                assert f"{shown[0]:,f} reported" in page, (slug, shown)

    def no_bar_of_what_is_hidden(self, page):
        for line in re.findall(r"<li>.*?</li>|<div class=\"meter\">.*?</div>", page, re.DOTALL):
            said = re.search(r'<span class="bl num"><span>([^<]*)', line)
            if said and "hidden reported" in said[1]:
                assert {float(width) for width in BAR.findall(line.partition("<table")[0])} <= {0.0}, line


@pytest.mark.parametrize("who", [None, "nobody_special"])
@pytest.mark.parametrize(("seed", "last"), [(1, False), (2, True), (3, False)])
async def test_what_the_pages_tell_tells_no_small_count(seed, last, who, cast, client):
    kind = {"kind": "running_total", "time_rule": "last"} if last else {}
    one = await OverHttp(random.Random(seed), last, cast, client, await an_indicator(cast, code="P-1", **kind)).begin()
    if who:
        await client.sign_in(cast.people[who])
    for publication in range(4):
        for _step in range(2 if publication else 4):
            await one.accept_one()
        if publication in (1, 2):
            await one.reopen_one()
        if publication == 3:
            await one.accept_one_again()
        if seed == 3:
            await summary.sum_up_what_waits()
        await one.read()
    assert one.small and one.found_out() == []


async def test_what_was_told_is_never_told_otherwise(cast, client):
    indicator = await an_indicator(cast, code="P-1")
    for organisation, reported in ((cast.vani_youth, 3), (cast.guria_women, 40)):
        award = await an_award(cast, organisation=organisation)
        await a_promise(cast, award, indicator)
        await a_report(cast, award, "accepted", reported=D(reported))
    await client.get("/en/results/P-1")
    kept = await row("SELECT count(*) AS slots, count(DISTINCT group_id) AS groups FROM told_slot")
    await client.get("/ka/results")
    assert tuple(kept) == (2, 1) == tuple(await row("SELECT count(*), count(DISTINCT group_id) FROM told_slot"))
    for sql in ("UPDATE told_slot SET reported = 1", "DELETE FROM told_group", "TRUNCATE told_indicator"):
        assert not await value(
            "SELECT has_table_privilege('subgrants_app', $1, $2)",
            sql.split()[-1] if "SET" not in sql else "told_slot",
            sql.split()[0],
        )
