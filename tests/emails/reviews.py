"""Emails about reviews, and about what the committee decided."""

from datetime import date, timedelta

from foundation.clock import today
from foundation.database import get
from grants.reviews.tables import MeetingMinutes
from lifecycle.record import record
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review
from tests.emails.applications import CONTACT
from tests.emails.telling import TBILISI, WITH_REASON, Both, Email, Facts, Told, day, euros, named, recorded

OWN, PAGE = "editor signatory", "/reviews/{review}"
DECISION = "/applications/{number}/decision"
# of what the builder scores, 80 and 70 of a hundred: the average, and each criterion's with the most it can have
SCORES = "average need quality budget"


async def one(cast, state, **over):
    review = await a_review(cast, await an_application(cast, state="in_review"), state, **over)
    return review, {
        "review": str(review.id), "title": named(review.application, "title"), "due": day(review.due_on or today()),
        "organisation": named(cast.vani_youth, "name"), "reviewer": cast.reviewer.name,
    }  # fmt: skip


def decided(outcome):
    async def happen(cast, event) -> Facts:
        call = await a_call(cast, "evaluating", complaint_days=7)
        application = await a_decided_application(cast, outcome, call, amount="4000.50")
        minutes = await get(MeetingMinutes, application.decision.minutes_id)
        await record(event, cast.chair, minutes, decisions=1)
        decision: date = minutes.signed_at.astimezone(TBILISI).date()
        return {
            **outcome_of(cast, application, minutes), "last_day": day(decision + timedelta(days=7)), "days": "7",
            "contact": CONTACT, "reason": application.decision.reason,
            "correction": "Say which month each meeting is in.",
            "correct_by": day(application.decision.correct_by) if application.decision.correct_by else "",
            "average": Both("75.0 of 100", "75,0 100-დან"), "need": Both("Need: 15.0 of 20", "საჭიროება: 15,0 / 20"),
            "quality": Both("Quality: 15.0 of 20", "ხარისხი: 15,0 / 20"),
            "budget": Both("Budget: 7.5 of 10", "ბიუჯეტი: 7,5 / 10"),
        }  # fmt: skip

    return happen


def outcome_of(cast, application, minutes) -> Facts:
    return {
        "number": application.number, "title": named(application, "title"), "amount": euros(application.decision.amount or 0),
        "reserve_until": day(minutes.reserve_until),
    }  # fmt: skip


async def from_the_reserve(cast, event) -> Facts:
    application = await a_decided_application(cast, "reserve", amount="4000.50")
    await record(event, cast.manager, application)
    return outcome_of(cast, application, await get(MeetingMinutes, application.decision.minutes_id))


EMAILS = [
    Told("review.assigned", recorded(one, "invited"), [
        Email("reviewer", "You are asked to review an application", "title organisation due", PAGE),
    ]),
    Told("review.assigned", recorded(one, "invited", due_on=None), [
        Email("reviewer", "You are asked to review an application", "title organisation", PAGE),
    ], "without a last day"),
    Told("review.conflicted", recorded(one, "conflicted", by="reviewer"), [
        Email("manager chair", "A reviewer has a conflict of interest", "reviewer organisation title", PAGE),
    ]),
    Told("review.reopened", recorded(one, "drafting", by="chair", tells=WITH_REASON), [
        Email("reviewer", "Your review was opened again", "title reason", PAGE),
    ]),
    Told("review.replaced", recorded(one, "replaced"), [
        Email("reviewer", "You need not review this application", "title organisation", PAGE),
    ]),
    Told("minutes.signed", decided("approve"), [
        Email(OWN, "The committee recommends your application {number}",
              f"amount title reason days last_day contact {SCORES}", DECISION),
    ], "approve"),
    Told("minutes.signed", decided("correction"), [
        Email(OWN, "Your application {number}: approval after a correction",
              f"amount title reason days last_day contact correction correct_by {SCORES}", DECISION),
    ], "correction"),
    Told("minutes.signed", decided("reserve"), [
        Email(OWN, "Your application {number} is on the reserve list",
              f"amount title reason days last_day contact reserve_until {SCORES}", DECISION),
    ], "reserve"),
    Told("minutes.signed", decided("reject"), [
        Email(OWN, "Your application {number} was not selected",
              f"title reason days last_day contact {SCORES}", DECISION),
    ], "reject"),
    Told("application.moved_up", from_the_reserve, [
        Email(OWN, "Your application {number} moves up from the reserve list", "title amount", "/applications/{number}"),
    ]),
    Told("application.reserve_released", from_the_reserve, [
        Email(OWN, "Your application {number}: the reserve list has ended", "reserve_until title",
              "/applications/{number}"),
    ]),
]  # fmt: skip
