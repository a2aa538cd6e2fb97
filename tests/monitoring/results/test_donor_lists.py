"""What each of the donor's lists holds under which tab, in which order, and what stands in which column of its files."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from foundation.clock import now, today
from foundation.database import execute, rows
from foundation.language import speaking
from grants.applications.budget import Category
from monitoring.results import money
from monitoring.results.donors import files
from monitoring.results.donors.listing import PHOTOS, REPORTS, TROUBLE, VISITS, Look
from monitoring.results.money import By, Plan, Step
from monitoring.results.scope import EVERYTHING, Scope
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report, the_value
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.importing import importing
from web.sheets import heads_of


async def keys(listing, person, code="", **typed):
    found = await listing.rows(Look(person, EVERYTHING, code), listing.list_query(typed))
    return [each["key"] for each in found.rows]


def days(n):
    return today() + timedelta(days=n)


async def test_a_tab_of_visits_holds_those_it_names_the_newest_first(cast):
    award = await an_award(cast)
    made = {
        "ahead": await a_visit(cast, award, "planned", planned_from=days(3), planned_to=days(4)),
        "told": await a_visit(cast, award, "in_review", photos=1, latitude=None, longitude=None, visited_on=days(-2)),
        "bare": await a_visit(cast, award, visited_on=days(-3)),
        "whole": await a_visit(cast, award, photos=1, visited_on=days(-4)),
        "dropped": await a_visit(cast, award, "cancelled"),
        "placed": await a_visit(cast, award, "in_field", planned_from=days(-5), latitude=Decimal(42), longitude=42),
    }
    await a_visit_photo(cast, made["placed"])
    for show, expected in (
        ("", "ahead told bare whole placed"), ("made", "told bare whole"), ("approved", "bare whole"),
        ("evidenced", "whole"), ("planned", "ahead placed"),
    ):  # fmt: skip
        assert await keys(VISITS, cast.donor, show=show) == [made[name].id for name in expected.split()], show


async def test_a_visit_counts_the_photos_its_reader_may_see(cast):
    visit = await a_visit(cast)
    for consent, public in ((True, True), (True, False), (False, False)):
        await a_visit_photo(cast, visit, consent=consent, public=public)
    told = {}
    for name in ("donor", "auditor", "curator2"):
        look = Look(cast.people[name], EVERYTHING)
        [row] = (await VISITS.rows(look, VISITS.list_query({}))).rows
        told[name] = row["photos"]
    assert told == {"donor": 2, "auditor": 2, "curator2": 1}


async def test_reports_are_on_time_or_late_by_the_day_they_were_due(cast):
    """What came on its day or before is on time; what came a day after it or never is late; what is due later is not here."""
    one, other = await an_award(cast, starts_on=days(-400)), await an_award(cast, starts_on=days(-400))
    due = {}
    async with importing():
        for award, number, day, came in ((one, 1, -9, 0), (one, 2, -6, 1), (other, 1, 0, -1), (other, 2, 1, 0)):
            report = await a_report(cast, award, "submitted", number=number)
            moment = datetime.combine(days(day + came), datetime.min.time(), now().tzinfo)
            await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", report.report_due_id, days(day))
            await execute("UPDATE report SET first_submitted_at = $2 WHERE id = $1", report.id, moment)
            due[day] = report.report_due_id
        never = await an_award(cast, starts_on=days(-400))
        [due[-3], _later] = [
            each["id"] for each in await rows("SELECT id FROM report_due WHERE award_id = $1 ORDER BY number", never.id)
        ]
        await execute("UPDATE report_due SET due_on = $2 WHERE award_id = $1", never.id, days(1))
        await execute("UPDATE report_due SET due_on = $2 WHERE id = $1", due[-3], days(-3))
    for show, expected in (("", [0, -3, -6, -9]), ("on_time", [0, -9]), ("late", [-3, -6])):
        assert await keys(REPORTS, cast.donor, show=show) == [due[day] for day in expected], show


async def test_the_gravest_and_oldest_trouble_comes_first_and_is_narrowed(cast):
    """What is due today is no trouble yet; older than thirty days begins with the thirty-first."""
    visit = await a_visit(cast, await an_award(cast, starts_on=today()))
    moments = [now() - timedelta(days=n) for n in (30, 31)]
    high, older = [await a_finding(cast, visit, "final", "high", shared_at=each) for each in moments]
    critical = await a_finding(cast, visit, "final", "critical", shared_at=now())
    late, _today = [
        await a_recommendation(cast, state="accepted", due_original=days(n), due_current=days(n)) for n in (-1, 0)
    ]
    findings = [critical.id, older.id, high.id]
    assert await keys(TROUBLE, cast.donor) == [*findings, late.id]
    assert await keys(TROUBLE, cast.donor, sort="-gravest") == [late.id, *reversed(findings)]
    assert await keys(TROUBLE, cast.donor, kind="finding") == findings
    assert await keys(TROUBLE, cast.donor, kind="recommendation") == [late.id]
    assert await keys(TROUBLE, cast.donor, older="30") == [older.id]


async def test_photos_behind_accepted_values_newest_first_and_shown_to_whom_they_may_be(cast):
    award, indicator = await an_award(cast), await an_indicator(cast, code="P-1")
    await a_promise(cast, award, indicator)
    value = await the_value(await a_report(cast, award, "accepted"))
    photos = []
    for n in (5, 2):
        visit = await a_visit(cast, award, visited_on=days(-n))
        photos.append((await a_visit_photo(cast, visit)).id)
        async with importing():
            await execute(
                "INSERT INTO value_evidence (value_id, award_id, visit_id) VALUES ($1, $2, $3)",
                value.id, award.id, visit.id,
            )  # fmt: skip
    await a_visit_photo(cast, await a_visit(cast, award))  # of a visit that proves nothing
    assert await keys(PHOTOS, cast.donor) == await keys(PHOTOS, cast.donor, "P-1") == [photos[1], photos[0]]
    assert await keys(PHOTOS, cast.donor, "P-2") == []
    for person, shown in ((cast.donor, True), (cast.curator2, False)):
        found = await PHOTOS.rows(Look(person, EVERYTHING), PHOTOS.list_query({}))
        assert {each["shown"] for each in found.rows} == {shown}


# the files ---------------------------------------------------------------------------------------------------------


def one(table):
    """The only line of a file, as what stands under which head."""
    heads, [line] = table
    return list(zip((each.text for each in heads_of(heads)), line, strict=True))


GRANT = {"reference": "G-1", "title_ka": None, "title_en": "Clubs"}


def test_a_value_stands_under_its_own_head():
    row = GRANT | {
        "organisation_ka": None, "organisation_en": "Youth", "place_ka": None, "place_en": "Vani",
        "period_to": date(2026, 3, 31), "reported": Decimal(40), "reported_of": None, "verdict": "corrected",
        "verified": Decimal(36), "verified_of": None, "documents": 3, "visits": 2, "photos": 1,
    }  # fmt: skip
    with speaking("en"):
        assert one((files.values_heads(), files.values_lines({"kind": "flow"}, [row]))) == [
            ("Grant", "G-1"), ("Title", "Clubs"), ("Organisation", "Youth"), ("Municipality", "Vani"),
            ("Period until", date(2026, 3, 31)), ("Reported", 40), ("Out of", None),
            ("In words", None), ("Verdict", "corrected"), ("Verified", 36), ("Verified out of", None),
            ("Documents", 3), ("Visits", 2), ("Photos", 1),
        ]  # fmt: skip


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("taken", [True, False])
def test_a_photo_of_the_evidence_tells_its_words_only_where_it_is_shown(shown, taken):
    """And the day of the visit, where the phone has told none."""
    photo = GRANT | {
        "visit": "V-1", "visited_on": date(2026, 2, 1), "taken_at": date(2026, 2, 2) if taken else None,
        "caption_ka": None, "caption_en": "The hall", "sha256": "ab", "shown": shown,
    }  # fmt: skip
    with speaking("en"):
        assert one(files.evidence_list([photo], [])) == [
            ("Kind", "Photo"), ("Grant", "G-1"), ("Title", "Clubs"), ("Visit", "V-1"),
            ("Date", date(2026, 2, 2 if taken else 1)), ("Caption", "The hall" if shown else None),
            ("SHA-256", "ab" if shown else None),
        ]  # fmt: skip


@pytest.mark.parametrize(("image", "kind"), [(True, "Photo"), (False, "Document")])
def test_what_a_grantee_attached_is_told_with_its_hash(image, kind):
    document = GRANT | {"created": date(2026, 2, 3), "sha256": "cd", "image": image}
    with speaking("en"):
        assert one(files.evidence_list([], [document])) == [
            ("Kind", kind), ("Grant", "G-1"), ("Title", "Clubs"), ("Visit", None), ("Date", date(2026, 2, 3)),
            ("Caption", None), ("SHA-256", "cd"),
        ]  # fmt: skip


PUT_TOGETHER = {"references": ["G-1", "G-2"], "parts": 3, "amount": Decimal(9), "currency": "EUR"}


@pytest.mark.parametrize(
    ("step", "by", "facts", "head", "name", "money"),
    [
        (Step.AWARDED, By.GRANT, GRANT, "Grant", "G-1 Clubs", "Awarded"),
        (Step.PAID, By.GRANT, GRANT | {"title_ka": "კლუბები", "title_en": None}, "Grant", "G-1 კლუბები", "Paid out"),
        (Step.PAID, By.GRANT, GRANT | {"title_en": None}, "Grant", "G-1", "Paid out"),
        (Step.PAID, By.ORGANISATION, {"name_ka": None, "name_en": "Youth"}, "Organisation", "Youth", "Paid out"),
        (Plan.PLANNED, By.PLACE, {"name_ka": "ვანი", "name_en": None}, "Municipality", "ვანი", "Planned by now"),
        (Plan.PLANNED, By.PLACE, {"name_ka": None, "name_en": None}, "Municipality", "not known", "Planned by now"),
        (Step.REPORTED, By.WHAT, {"what": "people"}, "What", Category.PEOPLE, "Reported spent"),
    ],
)
def test_money_put_together_names_what_it_is(step, by, facts, head, name, money):
    with speaking("en"):
        if isinstance(name, Category):
            name = files.label(name)
        assert one(files.together_list(step, by, [PUT_TOGETHER | facts])) == [
            (head, name), ("Grants", 2), ("Lines", 3), (money, 9), ("Currency", "EUR"),
        ]  # fmt: skip


def test_the_overview_as_a_file_tells_money_results_and_work_each_in_its_columns():
    """The budget where there is one; every other step in every currency."""
    cells = tuple(
        money.Cell(step, currency, None, Decimal(n), 1, 1)
        for currency, n in (("EUR", 100), ("USD", 7)) for step in Step if step is not Step.BUDGET
    )  # fmt: skip
    sums = money.Sums(cells, "EUR")
    totals = {
        "currency": "EUR", "budget": Decimal(240000), "grants": 3, "running": 2, "visits_made": 4, "visits_planned": 6,
        "visits_approved": 1, "visits_evidenced": 1, "reports_due": 2, "reports_on_time": 1, "risks": 5, "risks_old": 0,
    }  # fmt: skip
    told = SimpleNamespace(
        indicator={"name_ka": None, "name_en": "People", "unit_ka": None, "unit_en": "people"}, target=Decimal(1000),
        all_time=False, figure=SimpleNamespace(
            reported=SimpleNamespace(value=40, levels={}), verified=SimpleNamespace(value=36, levels={})),
    )  # fmt: skip
    steps = ("Awarded", "Paid out", "Reported spent", "Verified")
    rest = (None,) * 7
    of_money = [("Money", each, n, cur, *rest) for each in steps for cur, n in (("EUR", 100), ("USD", 7))]
    budget = ("Money", "Sub-grant budget", 240000, "EUR", *rest)
    with speaking("en"):
        heads, lines = files.whole_overview(Scope(), totals, sums, [told])
        assert [each.text for each in heads_of(heads)] == [
            "Part", "What", "Amount", "Currency", "Number", "Out of", "Share", "Unit", "Reported", "Verified", "Target",
        ]  # fmt: skip
        assert [tuple(line) for line in lines] == [
            budget, *of_money, ("Result", "People", *[None] * 5, "people", 40, 36, 1000),
            ("Work", "grants running", None, None, 2, 3, Decimal(2) / 3, *[None] * 4),
            ("Work", "monitoring visits made", None, None, 4, 6, Decimal(4) / 6, *[None] * 4),
            ("Work", "reports on time", None, None, 1, 2, Decimal("0.5"), *[None] * 4),
            ("Work", "open high risks", None, None, 5, None, None, *[None] * 4),
        ]  # fmt: skip
        _heads, lines = files.whole_overview(Scope(unknown_place=True), totals, sums, [])
        assert [tuple(line) for line in lines[:8]] == of_money, "what nobody knows the place of has no budget"
