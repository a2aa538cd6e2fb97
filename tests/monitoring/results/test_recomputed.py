"""Every figure, in every place it is told, equals what plain Python makes of the rows, for all filters, kinds and verdicts."""

import csv
import io
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from fractions import Fraction

import pytest

from foundation.clock import now, today
from foundation.database import execute, insert, one_of
from grants.awards.tables import Award
from grants.disbursements.ledger import posting
from grants.disbursements.tables import Tranche
from monitoring.indicators.numbers import number
from monitoring.indicators.terms import Kind
from monitoring.reports.tables import ReportValue
from tests.builders.awards import a_tranche, an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.importing import importing
from tests.monitoring.results import plain

# reported, of, verdict, verified, verified of: by kind, one for each of six reports (three grants, two each)
OF = {"ratio": D(20), "mean": D(10)}
VERDICTS = ("verified", "corrected", "contradicted", "not_verifiable", "unverified", "sampled")
NUMBERS = {
    "flow": (40, 30, 25, 20, 60, 10), "stock": (4, 3, 6, 2, 5, 7), "running_total": (10, 40, 12, 30, 9, 33),
    "ratio": (12, 5, 9, 7, 20, 11), "mean": ("4.2", "3.6", "2.5", 4, "4.75", 3), "unique": (100, 80, 60, 90, 70, 120),
    "ordinal": (1, 3, 2, 2, 3, 1), "text": (1, 1, 1, 1, 1, 1),
}  # fmt: skip


def values(kind, place, verdict):
    reported, of = D(NUMBERS[kind][place]), OF.get(kind)
    facts = {"reported": reported, "reported_of": of, "verdict": verdict}
    if kind == "text":
        facts["words_en"] = f"Story {place}"
    if verdict in ("verified", "sampled"):
        facts |= {"verified": reported, "verified_of": of}
    if verdict == "corrected":
        facts |= {"verified": reported if kind == "text" else max(reported - 1, D(1)), "verified_of": of}
    return facts


@pytest.fixture
async def world(cast):
    """Three grants in two municipalities, two accepted reports each in different quarters; every kind, every verdict;
    own shares, a cut, a recovery and money given back."""
    indicators = {str(kind): await an_indicator(cast, kind=str(kind), code=f"K-{kind}"[:20]) for kind in Kind}
    async with importing():
        await execute("UPDATE indicator SET time_rule = 'mean' WHERE kind = 'mean'")
    began = today() - timedelta(days=300)
    place = 0
    for n, organisation in enumerate((cast.vani_youth, cast.vani_youth, cast.guria_women)):
        award = await an_award(cast, amount=D(6000), organisation=organisation, starts_on=began)
        await a_tranche(cast, "confirmed", award)
        for kind, indicator in indicators.items():
            target = None if kind in ("ordinal", "text") else D(15)
            await a_promise(cast, award, indicator, target, target_of=D(20) if kind == "ratio" else None)
        async with importing():
            for number, days in ((2, 100), (1, 200)):
                await execute(
                    "UPDATE report_due SET period_from = $3, period_to = $4, due_on = $4 WHERE award_id = $1 AND number = $2",
                    award.id, number, today() - timedelta(days=days + 90), today() - timedelta(days=days),
                )  # fmt: skip
            await execute("UPDATE award_line SET own_share = amount / 3 WHERE award_id = $1", award.id)
        for number in (1, 2):
            report = await a_report(cast, award, "accepted", number, reported=None, spent=D("333.33"))
            async with importing():
                for kind, indicator in indicators.items():
                    facts = values(kind, place, VERDICTS[(place + len(kind)) % 6])
                    if facts["verdict"] != "unverified":
                        facts |= {"verified_by": cast.curator.id, "verified_at": now(), "verdict_note": "Counted"}
                    if kind == "flow" and (n, number) == (2, 2):
                        facts = {"no_data_reason": "Nobody counted"}
                    await insert(
                        ReportValue, report_id=report.id, award_id=award.id, indicator_id=indicator.id,
                        municipality_id=award.municipality_id, **facts,
                    )  # fmt: skip
            place += 1
    return indicators


def queries():
    days = [today() - timedelta(days=days) for days in (200, 100, 0)]
    quarters = sorted({f"{day.year}-Q{(day.month + 2) // 3}" for day in days})
    for where in ({}, {"municipality": "vani"}, {"municipality": "ozurgeti"}, {"municipality": "terjola"}):
        for period in ("", str(today().year), *quarters):
            yield where | ({"period": period} if period else {})


async def test_every_figure_of_every_kind_is_what_its_rows_come_to(cast, client, world):
    await client.sign_in(cast.donor)
    for query in queries():
        right = await plain.totals(query)
        answer = await client.get("/api/v1/donor/summary", params=query)
        assert answer.status_code == 200, query
        for told in answer.json()["indicators"]:
            own = right.get(told["code"], {"reported": None, "verified": None, "levels": {}, "verified_levels": {}})
            assert plain.same(told["reported"], own["reported"]), (query, told, own)
            assert plain.same(told["verified"], own["verified"]), (query, told, own)
            assert (told["reported_levels"], told["verified_levels"]) == (own["levels"], own["verified_levels"]), query
        if "period" in query:
            continue
        for told in (await client.get("/api/v1/indicators", params=query)).json()["items"]:
            own = right.get(told["code"])
            if own is None:
                continue
            assert plain.same(told["reported"]["value"], own["reported"]) and plain.same(
                told["verified"]["value"], own["verified"]
            )
            assert (told["checked_values"], told["of_values"]) == (own["checked"], own["values"]), (query, told["code"])


def shown(kind, value):
    """As the pages print it."""
    if value is None:
        return None
    whole = D(value.numerator) / D(value.denominator)
    if kind == "ratio":
        return "{}%".format((whole * 100).quantize(D("0.1"), ROUND_HALF_UP))
    short = whole.quantize(D("0.01"), ROUND_HALF_UP)
    return number(short.to_integral_value() if short == short.to_integral_value() else short)


async def test_pages_and_files_tell_the_same(cast, client, world):
    await client.sign_in(cast.donor)
    for query in queries():
        right = await plain.totals(query)
        for kind, indicator in world.items():
            own = right.get(indicator.code)
            page = (await client.get(f"/en/donor/results/{indicator.code}", params=query)).text
            if own is None or not own["values"]:
                assert "nothing reported yet" in page, (query, kind)
                continue
            assert f"{own['checked']} of {own['values']} values" in page, (query, kind)
            if kind not in ("ordinal", "text", "unique"):
                said = shown(kind, own["reported"])
                assert f"of {said} reported" in page or f"{said} reported, none of it verified" in page, (
                    query,
                    kind,
                    said,
                )
                if own["verified"] is not None:
                    assert f"{shown(kind, own['verified'])} verified of" in page, (query, kind)
            if own["older"]:
                assert f"{own['older']} count" in page, (query, kind)
        text = (await client.get("/en/donor", params=query | {"as": "csv"})).text
        for line in csv.DictReader(io.StringIO(text.lstrip("\ufeff"))):
            told = next((i for i in world.values() if i.code in line.values()), None)
            assert told is None or line


async def test_money_is_what_its_rows_come_to(cast, client, world):
    award = await one_of(Award, "SELECT * FROM award ORDER BY reference LIMIT 1")
    tranche = await one_of(Tranche, "SELECT * FROM tranche WHERE award_id = $1 AND paid_on IS NOT NULL", award.id)
    async with importing():
        await execute("UPDATE award SET amount = amount - 500 WHERE id = $1", award.id)
        await posting.recover(award, tranche, D(40), cast.finance, day=today(), reference="BACK-1")
        await posting.decommit(award, D(300), cast.director)
    await client.sign_in(cast.donor)
    for query in queries():
        right, told = await plain.money(query), (await client.get("/api/v1/donor/summary", params=query)).json()
        for name in (
            "awarded",
            "paid",
            "reported",
            "verified",
            "own_reported",
            "own_verified",
            "returned",
            "given_back",
        ):
            assert Fraction(D(told[name])) == right[name], (query, name)
        if "period" not in query:
            page = (await client.get("/en/donor", params=query)).text
            for name in ("awarded", "paid", "reported", "verified"):
                amount = D(right[name].numerator) / D(right[name].denominator)
                assert f"{amount:,.2f}".removesuffix(".00") in page, (query, name)
    found = (await client.get("/api/v1/grants")).json()["items"]
    everything = await plain.money({})
    for name in ("awarded", "paid", "reported", "verified"):
        assert sum(Fraction(D(each[name] or 0)) for each in found) == everything[name], name
