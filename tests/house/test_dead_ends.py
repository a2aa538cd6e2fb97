"""In every state somebody alive has a move, finds it on their page of today, and it succeeds when it is offered."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal

import asyncpg
import httpx
import pytest
from asyncpg import CheckViolationError

from accounts.sessions import person_by_id
from entrypoints.web import litestar_app
from foundation.clock import now, today
from foundation.database import execute, get, rows, transaction, value
from foundation.refused import Refused
from grants.calls import transitions as of_calls
from grants.disbursements.hooks import every_tranche_is_settled
from grants.disbursements.lifecycle import State as TrancheState
from grants.reviews import queries as reviews
from grants.reviews import transitions as of_reviews
from grants.reviews.forms import Declaration
from lifecycle.notices import handle_events
from lifecycle.states import STATUSES
from lifecycle.tasks import tasks_of
from lifecycle.transition import TRANSITIONS
from monitoring.recommendations.tables import Recommendation
from monitoring.reports import pages as report_pages
from monitoring.reports import transitions as of_reports
from monitoring.reports.hooks import reports_are_settled
from monitoring.reports.lifecycle import State as ReportState
from monitoring.visits import queries as visits
from monitoring.visits import transitions as of_visits
from monitoring.visits.points import open_points
from monitoring.visits.tables import Finding
from tests.builders.applications import an_application
from tests.builders.awards import a_tranche, an_award
from tests.builders.calls import a_call
from tests.builders.recommendations import a_recommendation
from tests.builders.reports import a_report
from tests.builders.reviews import a_scored_application
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.importing import importing
from tests.patience import PATIENCE

litestar_app(manage_pool=False)  # imports every room


# every task of everybody in the example ---------------------------------------------------------------------------

MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
# a form, a button, or, where a thing has many parts, the way into them
ACT = re.compile(r'<form\b[^>]*method="post"|<a\b[^>]*class="btn')


async def everybody(dsn):
    """Everyone of the example who holds a role, each with a session of their own."""
    connection = await asyncpg.connect(dsn)
    found = await connection.fetch(
        "SELECT DISTINCT a.id, a.email::text AS email FROM account a JOIN role r ON r.account_id = a.id"
        " WHERE a.active AND (r.until IS NULL OR r.until > day_here()) ORDER BY 2"
    )
    for each in found:
        await connection.execute(
            "INSERT INTO session (token_sha256, account_id, expires)"
            " VALUES ($1, $2, clock_timestamp() + interval '1 day') ON CONFLICT DO NOTHING",
            hashlib.sha256(f"tasks-of-{each['email']}".encode()).digest(),
            each["id"],
        )
    await connection.close()
    return [each["email"] for each in found]


async def test_every_task_of_everybody_leads_to_a_page_that_offers_the_act(example_site):
    wrong, opened = [], 0
    for email in await everybody(example_site.dsn):
        cookies = {"sid": f"tasks-of-{email}"}
        async with httpx.AsyncClient(base_url=example_site.address, cookies=cookies, timeout=PATIENCE) as client:
            tasks = (await client.get("/api/v1/today")).json()
            seen = set()
            for task in tasks:
                kind = task["verb"], re.sub(r"[\d-]+", "", task["href"])
                if kind in seen:
                    continue
                seen.add(kind)
                answer = await client.get(f"/en{task['href'].removeprefix('/en')}")
                opened += 1
                shown = MAIN.search(answer.text)
                offered = shown and (ACT.search(shown[0]) or f'href="{answer.url.path}/' in shown[0])
                if answer.status_code != 200 or not offered:
                    wrong.append((email, task["verb"], task["href"], answer.status_code))
    assert opened > 30
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("entity", sorted(set(STATUSES) & set(TRANSITIONS)))
def test_from_every_state_an_end_is_reached(entity):
    """Along the steps people and the clock take; where nothing leads on, it is over."""
    ways: dict[str, set[str]] = {str(state): set() for state in STATUSES[entity]}
    for step in TRANSITIONS[entity]:
        for source in step.sources:
            if step.target is not None and str(step.target) != str(source):
                ways[str(source)].add(str(step.target))
    ends = {state for state, on in ways.items() if not on} | SETTLED.get(entity, set())
    for state in ways:
        reached, waiting = {state}, [state]
        while waiting:
            waiting += [on for on in ways[waiting.pop()] if on not in reached and not reached.add(on)]
        assert reached & ends, f"{entity} never ends from {state}"


# where a thing is done, though an audit or a complaint may open it again
SETTLED = {
    "award": {"closed"},
    "tranche": {"confirmed", "recovered", "written_off"},
    "report": {"accepted"},
    "finding": {"closed"},
    "publication": {"withdrawn"},
    "organisation": set(),
}


# findings ----------------------------------------------------------------------------------------------------------


async def test_a_shared_finding_is_answered_although_its_visit_was_returned(client, cast):
    """Its day runs on, so its page stays open, whatever state the visit is in."""
    for state in ("in_field", "received", "complete", "in_review"):
        visit = await a_visit(cast, state=state)
        finding = await a_finding(cast, visit, state="shared")
        path = f"/visits/{visit.reference}/findings/{finding.id}"
        person = await person_by_id(cast.signatory.id)
        assert path in [task.href for task in await tasks_of(person)]
        await client.sign_in(cast.signatory)
        page = await client.get(f"/en{path}")
        assert page.status_code == 200 and "/response" in page.text
        answer = await client.send_form(f"/en{path}/response", {"response_kind": "agrees"})
        assert answer.status_code == 303, answer.text
        assert (await client.get(answer.headers["location"])).status_code == 200
        assert (await get(Finding, finding.id)).state == "responded"


async def test_a_grave_finding_is_shared_only_with_what_makes_it_final(cast):
    visit = await a_visit(cast, state="complete")
    for severity in ("high", "critical"):
        finding = await visits.finding_by_id(cast.curator, (await a_finding(cast, visit, "draft", severity)).id)
        with pytest.raises(Refused):
            await of_visits.share(finding, cast.curator)
        with pytest.raises(CheckViolationError):
            async with transaction():
                await execute("UPDATE finding SET state = 'shared', shared_at = now() WHERE id = $1", finding.id)
        photo = await a_visit_photo(cast, visit)
        await execute("INSERT INTO finding_photo VALUES ($1, $2, $3)", finding.id, photo.id, visit.id)
        await of_visits.share(finding, cast.curator)
    for severity, kind in (("low", "problem"), ("medium", "risk"), ("high", "good_practice")):
        finding = await a_finding(cast, visit, "draft", severity, kind)
        await of_visits.share(await visits.finding_by_id(cast.curator, finding.id), cast.curator)


async def test_a_reviewer_returns_a_finding_and_its_author_mends_it(cast):
    visit = await a_visit(cast, state="approved")
    finding = await visits.finding_by_id(cast.manager, (await a_finding(cast, visit, "responded", "high")).id)
    assert not of_visits.return_finding.open_to(cast.curator, finding)
    await of_visits.return_finding(finding, cast.manager, reason="There is no photo.")
    assert (finding.state, finding.shared_at, finding.response_kind) == ("draft", None, None)
    assert f"/visits/{visit.reference}/findings/{finding.id}" in [each.href for each in await tasks_of(cast.curator)]
    await handle_events()
    assert "There is no photo." in await value(
        "SELECT body FROM mail WHERE to_address = 'curator@example.org' ORDER BY created DESC LIMIT 1"
    )
    kept = await value(
        "SELECT p.body->'before'->>'response' FROM event e JOIN event_payload p USING (seq) WHERE name = 'finding.returned'"
    )
    assert kept == "ნაწილობრივ ვეთანხმებით."


# reviews -----------------------------------------------------------------------------------------------------------


async def test_a_conflict_found_after_locking_takes_the_score_away_at_once(cast):
    application = await a_scored_application(cast, totals=(80, 60))
    (first, _second) = await reviews_of(application)
    review = await reviews.review_of(cast.reviewer, first)
    assert of_reviews.conflicted.open_to(cast.reviewer, review)
    await of_reviews.declare(review, cast.reviewer, Declaration(conflict=True, declaration="She is my cousin."))
    assert (review.state, await totals(application)) == ("conflicted", [Decimal(60)])
    state = await value("SELECT state FROM application WHERE id = $1", application.id)
    assert state == "in_review", "one review too few: it goes back until somebody else has written one"
    await handle_events()
    told = {each["to"] for each in await rows("SELECT to_address::text AS to FROM mail WHERE subject LIKE '%'")}
    assert {"manager@example.org", "chair@example.org"} <= told
    assert [each.href for each in await tasks_of(cast.manager) if "reviews" in each.href]


async def test_a_conflict_found_once_the_committee_has_decided_is_for_the_manager(cast):
    application = await a_scored_application(cast, totals=(80, 60), state="recommended")
    review = await reviews.review_of(cast.reviewer, (await reviews_of(application))[0])
    with pytest.raises(Refused):
        await of_reviews.declare(review, cast.reviewer, Declaration(conflict=True, declaration="She is my cousin."))


async def reviews_of(application):
    found = await rows("SELECT id FROM review WHERE application_id = $1 ORDER BY total DESC", application.id)
    return [each["id"] for each in found]


async def totals(application):
    found = await rows("SELECT total FROM review WHERE application_id = $1 AND state = 'locked'", application.id)
    return [each["total"] for each in found]


# grants ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", TrancheState)
async def test_closing_is_asked_for_when_no_tranche_is_in_the_way(cast, state):
    """The database and the obstacles on the page say the same."""
    award = await an_award(cast, state="closing")
    async with importing():
        await execute("UPDATE report SET state = 'waived' WHERE award_id = $1", award.id)
        await execute("UPDATE tranche SET state = 'cancelled' WHERE award_id = $1", award.id)
    await a_tranche(cast, state=str(state), award=award, number=1)
    await same_answer(award)


@pytest.mark.parametrize("state", ReportState)
async def test_closing_is_asked_for_when_no_report_is_in_the_way(cast, state):
    award = await an_award(cast, state="closing")
    async with importing():
        await execute("UPDATE tranche SET state = 'cancelled' WHERE award_id = $1", award.id)
    await a_report(cast, award=award, state=str(state))
    await same_answer(award)


async def same_answer(award):
    obstacles = await every_tranche_is_settled(award) + await reports_are_settled(award)
    assert await value("SELECT award_can_close($1)", award.id) == (obstacles == []), obstacles


async def test_close_the_grant_waits_until_nothing_else_is_missing(cast):
    award = await an_award(cast, state="closing")
    await a_report(cast, award=award, state="under_review")
    assert not await value("SELECT award_can_close($1)", award.id), "its final report is not accepted yet"
    assert "Close the grant" not in [each.verb for each in await tasks_of(cast.finance)]


async def test_a_tranche_that_waits_for_a_visit_is_on_somebodys_today(cast):
    award = await an_award(cast, state="active")
    tranche = await a_tranche(cast, state="planned", award=award, number=1)
    async with importing():
        await execute("DELETE FROM tranche_condition WHERE tranche_id = $1", tranche.id)
        await execute("INSERT INTO tranche_condition (tranche_id, kind) VALUES ($1, 'visit_approved')", tranche.id)
    wanted = f"/visits/new?grant={award.reference}"
    assert wanted in [each.href for each in await tasks_of(cast.curator)]
    assert wanted in [each.href for each in await tasks_of(cast.manager)]
    assert wanted not in [each.href for each in await tasks_of(cast.curator2)]
    await a_visit(cast, award, state="planned")
    assert wanted not in [each.href for each in await tasks_of(cast.curator)], "its lead has it now"


# visits and reports -------------------------------------------------------------------------------------------------


async def test_a_visit_asks_only_what_was_recommended_before_its_day(cast):
    award = await an_award(cast, state="active")
    before = await a_recommendation(cast, award=award, issued_at=now() - timedelta(days=9))
    after = await a_recommendation(cast, award=award, issued_at=now())
    visit = await a_visit(cast, award, state="in_field", visited_on=today() - timedelta(days=2))
    assert [each.reference for each in await open_points(award.id, visit.visited_on)] == [before.reference]
    assert {each.reference for each in await open_points(award.id)} == {before.reference, after.reference}
    assert isinstance(after, Recommendation)


async def test_a_returned_part_is_open_again_and_has_a_new_day(client, cast):
    report = await a_report(cast, state="under_review")
    report = await of_reports.queries.by_id(report.id)
    was_due = report.due_on
    await of_reports.return_for_correction(report, cast.curator, sections=["story"], reason="Say what changed.")
    report = await of_reports.queries.by_id(report.id)
    assert report.due_on == max(was_due, today() + timedelta(days=14))
    await client.sign_in(cast.signatory)
    path = f"/en/reports/{report.award_reference}/{report.number}"
    page = (await client.get(path)).text
    assert page.count("To be corrected") == 1 and "The report is not submitted again yet" in page
    mine = [each for each in await tasks_of(cast.signatory) if each.href == path.removeprefix("/en")]
    assert [each.due for each in mine] == [report.due_on]
    saved = await client.fill(f"{path}/story", {}) if hasattr(client, "fill") else None
    assert saved is None or saved.status_code == 303


def test_what_was_saved_since_the_return_is_no_longer_asked_for():
    returned = now() - timedelta(hours=1)

    class Saved:
        name, payload = "report.section_saved", {"section": "story"}

        def __init__(self, at):
            self.at = at

    told = [{"sections": ["story", "results"], "at": returned}]
    assert report_pages.to_correct(told, []) == {"story", "results"}
    assert report_pages.to_correct(told, [Saved(returned - timedelta(hours=1))]) == {"story", "results"}
    assert report_pages.to_correct(told, [Saved(now())]) == {"results"}
    assert report_pages.to_correct([], [Saved(now())]) == set()


# pressing twice -----------------------------------------------------------------------------------------------------


async def test_pressing_twice_is_pressing_once(client, cast):
    visit = await a_visit(cast, state="complete")
    await client.sign_in(cast.curator)
    for _press in range(2):
        answer = await client.send_form(f"/en/visits/{visit.reference}/review-request")
        assert answer.status_code == 303
    assert await value("SELECT count(*) FROM event WHERE name = 'visit.handed_in'") == 1
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"/en/visits/{visit.reference}/review-request")).status_code == 403
    for _press in range(2):
        told = {"reason": "The place is missing."}
        assert (await client.send_form(f"/en/visits/{visit.reference}/return", told)).status_code == 303
    other = await client.send_form(f"/en/visits/{visit.reference}/return", {"reason": "Something else."})
    assert other.status_code == 409, "other words are not lost without a word"


async def test_sending_an_application_twice_shows_the_receipt(cast):
    application = await an_application(cast, state="submitted")
    assert not await of_submission().done_by(cast.signatory, application)


def of_submission():
    return next(step for step in TRANSITIONS["application"] if step.event == "application.submitted")


# calls and organisations ----------------------------------------------------------------------------------------------


async def test_a_scheduled_call_is_taken_back_before_it_opens(cast):
    call = await a_call(cast, state="scheduled")
    for person in (cast.curator, cast.director):
        assert not of_calls.recall.open_to(person, call)
    await of_calls.recall(call, cast.manager, reason="The envelope is wrong.")
    assert (call.state, call.approved_by) == ("draft", None)
    await of_calls.send_for_approval(call, cast.curator)
    await of_calls.schedule(call, cast.manager)
    opened = await a_call(cast, state="open")
    with pytest.raises(Refused):
        await of_calls.recall(opened, cast.manager, reason="why")


async def test_an_organisation_of_two_curators_names_both(client, cast):
    async with importing():
        await execute(
            "INSERT INTO curated_municipality (organisation_id, municipality_id) VALUES ($1, $2)",
            cast.curator_guria.id,
            cast.vani.id,
        )
        await execute("UPDATE organisation SET curator_id = NULL WHERE id = $1", cast.vani_youth.id)
    await client.sign_in(cast.signatory)
    page = (await client.get(f"/en/organisations/{cast.vani_youth.id}")).text
    assert "Imereti Curator" in page and "Guria Curator" in page


async def test_a_new_programme_s_administrator_finds_what_to_begin_with(cast):
    await execute("UPDATE role SET until = day_here() WHERE kind IN ('director', 'chair')")
    found = [each.verb for each in await tasks_of(cast.admin)]
    assert len([verb for verb in found if verb.startswith(("Invite somebody", "მოიწვიეთ"))]) == 2
