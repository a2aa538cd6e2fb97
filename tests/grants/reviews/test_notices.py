"""Letters about reviews and decisions, and what waits for whom."""

from datetime import timedelta

import pytest

from foundation.clock import today
from foundation.database import execute, rows, transaction
from foundation.language import day, speaking
from grants.reviews import actions, notices, queries, tasks, transitions
from grants.reviews.committee import actions as committee
from grants.reviews.committee import transitions as committee_steps
from grants.reviews.forms import Decided, Declaration, Minutes
from lifecycle.notices import handle_events
from lifecycle.record import record
from lifecycle.timed import TIMED
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, a_scored_application
from tests.importing import importing

SOON = today() + timedelta(days=10)


async def letters():
    await handle_events()
    return await rows("SELECT to_address::text AS to, subject, body FROM mail ORDER BY created, to_address")


async def test_reviewers_learn_only_organisation_and_title(cast):
    call = await a_call(cast, "closed")
    application = await an_application(cast, call, "in_review", title_ka="ცენტრი", summary_ka="CANARY")
    await execute("UPDATE account SET language = 'en' WHERE email LIKE 'reviewer%'")
    await actions.assign(call, application, cast.manager, [cast.reviewer.id], SOON)
    (letter,) = await letters()
    assert (
        letter["to"] == "reviewer@example.org" and "Youth centre" in letter["body"] and "Vani Youth" in letter["body"]
    )
    assert "CANARY" not in letter["body"] and "4,000" not in letter["body"]


async def test_managers_and_reviewers_are_told_what_happened(cast):
    await execute("UPDATE account SET language = 'en'")
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    conflicted = await a_review(cast, application, "invited")
    locked = await a_review(cast, application, "locked", cast.reviewer2)
    with speaking("en"):
        await transitions.declare(conflicted, cast.reviewer, Declaration(conflict=True, declaration="My cousin."))
        await transitions.replace(conflicted, cast.manager, "Conflict.")
        await transitions.reopen(locked, cast.chair, "Points and words differ.")
    assert sorted((each["to"], each["subject"]) for each in await letters()) == [
        ("chair@example.org", "A reviewer has a conflict of interest"),
        ("manager@example.org", "A reviewer has a conflict of interest"),
        ("reviewer2@example.org", "Your review was opened again"),
    ]


async def test_what_reviewers_and_managers_read(cast):
    """Each about its own review; whoever has a conflict is not thanked for going."""
    await execute("UPDATE account SET language = 'en'")
    await a_review(cast, await an_application(cast, state="in_review", organisation=cast.guria_women), "invited")
    review = await a_review(cast, state="invited", due_on=SOON)
    conflicted = await a_review(cast, review.application, "conflicted", cast.reviewer2)
    with speaking("en"):
        due = day(SOON)
    for event, about, to, subject, words in (
        ("assigned", review, "reviewer", "You are asked to review an application", f"of Vani Youth, until {due}."),
        ("conflicted", conflicted, "chair manager", "A reviewer has a conflict of interest",
         "Reviewer2 declared a conflict of interest with Vani Youth (“{title}”)."),
        ("reopened", review, "reviewer", "Your review was opened again", "with this reason:\n\nPoints differ"),
        ("replaced", review, "reviewer", "You need not review this application", "“{title}” of Vani Youth."),
        ("replaced", conflicted, "", "", ""),
    ):  # fmt: skip
        async with importing():
            await execute("DELETE FROM mail")
        async with transaction():
            await record(f"review.{event}", cast.chair, about, reason="Points differ")
        found = await letters()
        assert sorted(each["to"].split("@")[0] for each in found) == to.split(), event
        for each in found:
            assert each["subject"] == subject and words.format(title=review.application.title_en) in each["body"], each[
                "body"
            ]
            assert f"/en/reviews/{about.id}\n" in each["body"]


@pytest.mark.parametrize("outcome", ["approve", "correction", "reserve", "reject"])
async def test_every_applicant_gets_a_letter_in_their_language(cast, outcome):
    await execute("UPDATE account SET language = 'en' WHERE email = 'signatory@example.org'")
    await execute("UPDATE programme SET help_email = 'help@example.org', help_phone = '+995 32 2 00 00 00'")
    call = await a_call(cast, "evaluating")
    application = await a_scored_application(cast, call, (80, 70))
    given = {"outcome": outcome, "reason": "CANARY-REASON", "amount": None if outcome == "reject" else "3000"}
    if outcome == "correction":
        given |= {"correction": "CANARY-POINTS", "correct_by": SOON}
    with speaking("en"):
        await committee.decide(call, application, cast.chair, Decided(**given))
        minutes = await queries.open_minutes(call)
        meeting = Minutes(held_on=today(), present="Five", text="We read all.", reserve_until=SOON)
        await committee.change_minutes(call, minutes, cast.chair, meeting)
        await committee_steps.sign(minutes, cast.chair)
    found = {each["to"]: each for each in await letters() if "/decision" in each["body"]}
    assert set(found) == {"editor@example.org", "signatory@example.org"}
    english, georgian = found["signatory@example.org"], found["editor@example.org"]
    opening = {
        "approve": "recommends a grant of €3,000",
        "correction": "CANARY-POINTS",
        "reserve": "on the reserve list with €3,000",
        "reject": "did not select",
    }[outcome]
    assert opening in english["body"] and application.number in english["subject"]
    with speaking("en"):
        last_day = day(today() + timedelta(days=10))
    complaint = f"within 10 days of the decision, until {last_day}. Write to: help@example.org, +995 32 2 00 00 00"
    for words in ("CANARY-REASON", "Average score: 75.0 of 100.", "Need: 15.0 of 20", complaint):
        assert words in english["body"], words
    assert "CANARY-REASON" in georgian["body"] and "The committee" not in georgian["body"]
    assert "reviewer" not in english["body"].lower()


async def test_the_organisation_is_told_what_becomes_of_its_place_on_the_reserve_list(cast):
    await execute("UPDATE account SET language = 'en' WHERE email = 'signatory@example.org'")
    up = await a_decided_application(cast, "reserve", await a_call(cast, "decided"))
    over = await a_decided_application(cast, "reserve", await a_call(cast, "decided"))
    await committee_steps.promote(up, cast.manager)
    async with importing():
        await execute("UPDATE meeting_minutes SET reserve_until = $1", today() - timedelta(days=1))
    assert await committee_steps.release_reserves() == 1
    found = {(each["to"], each["subject"]): each["body"] for each in await letters()}
    moved = found["signatory@example.org", f"Your application {up.number} moves up from the reserve list"]
    ended = found["signatory@example.org", f"Your application {over.number}: the reserve list has ended"]
    assert "moves up from the reserve list with €" in moved and f"/en/applications/{up.number}" in moved
    assert "No money became free" in ended and f"/en/applications/{over.number}" in ended
    georgian = [body for (to, _subject), body in found.items() if to == "editor@example.org"]
    assert len(georgian) == 2 and not any("reserve" in body for body in georgian)


async def test_what_waits_for_whom(cast):
    closed = await a_call(cast, "closed")
    lacking = await an_application(cast, closed, "in_review")
    call = await a_call(cast, "evaluating")
    application = await an_application(cast, call, "in_review")
    invited = await a_review(cast, lacking, "invited")
    drafting = await a_review(cast, application, "drafting", due_on=today() - timedelta(days=1))
    await a_scored_application(cast, call, organisation=cast.guria_women)
    with speaking("en"):
        mine = await tasks.reviews_that_wait(cast.reviewer)
        arranged = await tasks.what_managers_arrange(cast.manager)
        decided = await tasks.what_the_committee_decides(cast.chair)
    assert {(task.verb, task.href) for task in mine} == {
        ("Declare whether you have a conflict of interest", f"/reviews/{invited.id}"),
        ("Score the application", f"/reviews/{drafting.id}"),
    }
    assert {(task.verb, task.href) for task in arranged} == {
        ("Assign reviewers", f"/calls/{closed.reference}/reviews"),
        ("Assign reviewers", f"/calls/{call.reference}/reviews"),
    }
    assert [(task.verb, task.href) for task in decided] == [
        ("Decide on 1 application", f"/calls/{call.reference}/ranking")
    ]
    for asked in (tasks.reviews_that_wait, tasks.what_managers_arrange, tasks.what_the_committee_decides):
        assert await asked(cast.curator) == []


async def test_the_worker_ends_reserve_lists(cast):
    assert notices.end_reserve_lists in {timed.verb for timed in TIMED}
    await notices.end_reserve_lists()
