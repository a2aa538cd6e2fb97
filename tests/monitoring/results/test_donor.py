"""The donor's pages: numbers that agree with the database, links that lead to their lists, photos at the end."""

import re
from decimal import Decimal

import pytest

from foundation.clock import today
from foundation.database import DB, execute, value
from monitoring.indicators.summary import sum_up_what_waits
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report, returned, the_value
from tests.builders.visits import a_visit
from tests.importing import importing
from tests.monitoring.results.world import a_world
from tests.sheets import table


@pytest.fixture
async def donor(cast, client):
    return await client.sign_in(cast.donor)


def figures_of(body):
    """What stands in the grid: label → (number, address)."""
    found = re.findall(r'<a class="fig-l" href="([^"]+)"><span class="vh">(.*?) </span>(.*?)</a>', body)
    return {label: (number, address.replace("&amp;", "&")) for address, number, label in found}


def steps_of(body):
    found = re.findall(r'<li><span><a href="([^"]+)">([^<]+)</a></span>.*?<tspan class="v">([^<]+)</tspan>', body, re.S)
    return {label: (amount, address) for address, label, amount in found}


async def sheet_of(client, address):
    address = address.partition("#")[0]
    answer = await client.get(address + ("&" if "?" in address else "?") + "as=csv")
    assert answer.status_code == 200
    return table(answer.content).told()


async def test_every_bar_opens_a_list_that_adds_up_to_it(cast, donor):
    await a_world(cast)
    steps = steps_of((await donor.get("/en/donor")).text)
    assert {label: amount for label, (amount, _) in steps.items()} == {
        "Sub-grant budget": "€240,000", "Awarded": "€10,000", "Paid out": "€5,000", "Reported spent": "€1,000", "Verified": "€1,000",
    }  # fmt: skip
    for label, (amount, address) in steps.items():
        page = await donor.get(address)
        assert page.status_code == 200 and amount in page.text, label
        if label != "Sub-grant budget":
            lines = await sheet_of(donor, address)
            assert sum(Decimal(line[label]) for line in lines) == Decimal(amount.strip("€").replace(",", ""))


async def test_the_budget_adds_up_from_calls_and_what_is_left(cast, donor):
    award = (await a_world(cast)).vani
    async with importing():
        await execute("UPDATE call SET opened_at = opens_at")
    body = (await donor.get("/en/donor/money/budget")).text
    amounts = [
        Decimal(a.replace(",", "")) for a in re.findall(r'<td class="num" data-th="Envelope">€([\d,]+)</td>', body)
    ]
    assert sum(amounts[:-1]) == amounts[-1] == Decimal("240000") and award.call_id


async def test_figures_equal_independent_sums_and_open_their_lists(cast, donor):
    await a_world(cast)
    await a_visit(cast, state="planned")
    body = (await donor.get("/en/donor")).text
    figures = figures_of(body)
    assert {label: number for label, (number, _) in figures.items()} == {
        "People who took part": "36", "Decisions changed": "36", "grants running": "3", "monitoring visits made": "2",
        "reports on time": "100%", "open high risks": "1",
    }  # fmt: skip
    assert int(figures["grants running"][0]) == await value(
        "SELECT count(*) FROM award WHERE state IN ('active', 'suspended', 'closing')"
    )
    assert int(figures["monitoring visits made"][0]) == await value(
        "SELECT count(*) FROM visit WHERE visited_on IS NOT NULL"
    )
    lists = {label: await sheet_of(donor, address) for label, (_, address) in figures.items()}
    assert sum(Decimal(line["Verified"]) for line in lists["People who took part"]) == 36
    assert len(lists["grants running"]) == 3 and len(lists["monitoring visits made"]) == 2
    assert len(lists["open high risks"]) == 1
    assert [line["On time"] for line in lists["reports on time"]] == ["yes", "yes"]
    for _number, address in figures.values():
        assert (await donor.get(address)).status_code == 200


async def test_reported_is_never_counted_as_verified(cast, donor):
    world = await a_world(cast)
    body = (await donor.get("/en/donor/results/P-1")).text
    assert "36 verified of 40 reported" in body and "36 verified of 40 reported" in (await donor.get("/en/donor")).text
    async with importing():
        await execute(
            "UPDATE report_value SET verdict = 'unverified', verified = NULL, verified_by = NULL, verified_at = NULL"
        )
    assert "40 reported, none of it verified" in (await donor.get("/en/donor/results/P-1")).text
    await returned(cast, world.accepted)
    assert "nothing reported yet" in (await donor.get("/en/donor/results/P-1")).text


async def test_from_the_number_to_the_photo_in_four_clicks(cast, donor):
    world = await a_world(cast)
    value_id = (await the_value(world.accepted)).id
    async with importing():
        await execute(
            "INSERT INTO value_evidence (value_id, award_id, visit_id) VALUES ($1, $2, $3)",
            value_id,
            world.vani.id,
            world.visit.id,
        )
    here, click = await donor.get("/en/donor"), 0
    for pattern in (
        r"/en/donor/results/P-1", rf"/en/donor/values/{value_id}", rf"/en/donor/visits/{world.visit.reference}",
        rf"/en/visits/{world.visit.reference}/photos/{world.photo.id}",
    ):  # fmt: skip
        assert f'href="{pattern}"' in here.text, pattern
        here, click = await donor.get(pattern), click + 1
        assert here.status_code == 200, pattern
    assert click == 4
    [picture] = set(re.findall(rf'<img[^>]* src="([^"]*{world.photo.id}[^"]*)"', here.text))
    assert (await donor.get(picture)).headers["content-type"].startswith("image/")


async def test_a_visit_shows_what_may_be_shown(cast, donor):
    world = await a_world(cast)
    await execute("UPDATE account SET name = 'Zurab ' || name WHERE id <> $1", cast.donor.id)
    body = (await donor.get(f"/en/donor/visits/{world.visit.reference}")).text
    sha = await value(
        "SELECT encode(u.blob_sha256, 'hex') FROM visit_photo p JOIN upload u ON u.id = p.upload_id WHERE p.id = $1",
        world.photo.id,
    )
    assert sha in body and body.count("SHA-256") >= 2
    assert "1 photo is not shown" in body
    assert "42.11, 42.56" in body and "42.11234" not in body
    assert "curator, Imereti Curator" in body and "programme manager" in body
    assert "zurab" not in body.lower()


async def test_what_is_in_georgian_only_says_so_to_whoever_reads_english(cast, donor):
    """The gravest risk is no use to a donor who takes its words for a mistake of the page."""
    world = await a_world(cast)
    for path in (f"/donor/visits/{world.visit.reference}", "/donor/trouble"):
        english = (await donor.get(f"/en{path}")).text
        said = re.findall(r'<span lang="ka">([^<]+)</span> (?:<small class="muted">)?\(in Georgian\)', english)
        assert said, path
        georgian = (await donor.get(f"/ka{path}")).text
        assert all(words in georgian for words in said) and "(ქართულად)" not in georgian, path


async def test_a_visit_nobody_approved_tells_nothing(cast, donor):
    await a_world(cast)
    waiting = await value("SELECT reference FROM visit WHERE state = 'in_review'")
    assert (await donor.get(f"/en/donor/visits/{waiting}")).status_code == 404
    body = (await donor.get("/en/donor/visits")).text
    assert waiting in body and f"/donor/visits/{waiting}" not in body


async def test_a_value_of_a_report_not_accepted_is_not_there(cast, donor):
    world = await a_world(cast)
    value_id = (await the_value(world.waiting)).id
    assert (await donor.get(f"/en/donor/values/{value_id}")).status_code == 404


async def test_what_is_not_going_well_is_found_by_dates(cast, donor):
    world = await a_world(cast)
    await a_recommendation(cast, award=world.vani, state="accepted")
    async with importing():
        await execute("ALTER TABLE recommendation DISABLE TRIGGER USER")
        await execute("UPDATE recommendation SET due_original = $1::date - 40, due_current = $1::date - 3", today())
        await execute("ALTER TABLE recommendation ENABLE TRIGGER USER")
        await execute(
            "UPDATE report_due SET due_on = $2::date - 5 WHERE award_id = $1 AND number = 2", world.guria.id, today()
        )
        await execute("ALTER TABLE award DISABLE TRIGGER USER")
        await execute("UPDATE award SET state = 'suspended' WHERE id = $1", world.guria.id)
        await execute("ALTER TABLE award ENABLE TRIGGER USER")
    body = (await donor.get("/en/donor/trouble")).text
    for said in ("High-risk finding", "A recommendation is 3 days past its day", "is 5 days late", "is suspended"):
        assert said in body, said
    assert len(await sheet_of(donor, "/en/donor/trouble")) == 4
    assert "High-risk finding" not in (await donor.get("/en/donor/trouble?kind=report")).text
    public = (await (await donor.sign_out()).get("/en/results")).text
    assert "High-risk finding" not in public and "A recommendation is" not in public and "is 5 days late" in public


async def test_a_filter_stays_in_every_link(cast, donor):
    await a_world(cast)
    body = (await donor.get("/en/donor?municipality=vani&period=2026")).text
    links = [address for _number, address in figures_of(body).values()] + [
        address for _, address in steps_of(body).values()
    ]
    assert links and all("municipality=vani" in address and "period=2026" in address for address in links)
    assert "Vani Municipality, 2026:" in body
    assert (await donor.get("/en/donor?municipality=atlantis")).status_code == 404


async def test_the_page_costs_the_same_for_one_and_for_three_grants(cast, donor):
    world = await a_world(cast)

    async def cost(path):
        await sum_up_what_waits()
        before = DB.statements
        assert (await donor.get(path)).status_code == 200
        return DB.statements - before

    paths = [
        "/en/donor",
        "/en/donor/money/awarded",
        "/en/donor/results/P-1",
        "/en/donor/visits",
        "/en/donor/reports",
        "/en/donor/trouble",
    ]
    await cost("/en/donor")
    once = [await cost(path) for path in paths]
    for organisation in (cast.vani_youth, cast.guria_women):
        award = await an_award(cast, organisation=organisation)
        await a_promise(cast, award, world.people)
        await a_report(cast, award, "accepted")
        await a_visit(cast, award, photos=1)
    assert [await cost(path) for path in paths] == once
    assert once[0] <= 14


async def test_others_do_not_find_these_pages(cast, client):
    await a_world(cast)
    for who in (cast.signatory, cast.reviewer, cast.admin, cast.chair, cast.nobody_special):
        await client.sign_in(who)
        assert (await client.get("/en/donor")).status_code == 404
        assert "/en/donor" not in (await client.get("/en/grants")).text


async def test_files_say_that_they_are_an_example(cast, donor):
    from entrypoints.site import refresh_site

    await a_world(cast)
    async with importing():
        await execute("UPDATE programme SET example = true")
    await refresh_site(force=True)
    answer = await donor.get("/en/donor?as=csv")
    assert 'filename="example-overview-' in answer.headers["content-disposition"]
    assert set(table(answer.content).column("Data")) == {"example data"}
    assert (await donor.get("/en/donor?as=xlsx")).content[:2] == b"PK"
    async with importing():
        await execute("UPDATE programme SET example = false")
    await refresh_site(force=True)
    assert "Data" not in next(iter(await sheet_of(donor, "/en/donor")))
