"""Emails about recommendations."""

from datetime import timedelta

from foundation.clock import today
from monitoring.recommendations import actions, transitions
from monitoring.recommendations.queries import by_id
from tests.builders.people import a_second_curator
from tests.builders.recommendations import a_recommendation
from tests.emails.telling import REASON, WITH_REASON, Email, Facts, Told, day, named, recorded

OWN, PAGE = "editor signatory", "/recommendations/{reference}"


async def one(cast, state, addressee="cso", **over):
    told = await a_recommendation(cast, state, addressee, **over)
    return told, {
        "reference": told.reference, "text": named(told, "text"), "due": day(told.due_current), "reason": REASON,
        "owner": named(cast.vani_youth if addressee == "cso" else cast.vani, "name"),
    }  # fmt: skip


async def of_staff(cast, state="issued"):
    return await one(cast, state, "staff", owner_id=cast.curator.id)


async def given_away(cast, event) -> Facts:
    told, facts = await of_staff(cast, "accepted")
    cast.people["nino"] = await a_second_curator(cast)
    await transitions.hand_over(
        await by_id(told.id), cast.manager, successor=cast.people["nino"].id, reason=REASON
    )  # fmt: skip
    return facts


def late(days, level):
    """So many days after its last day, as the clock finds it."""

    async def happen(cast, event) -> Facts:
        due = today() - timedelta(days=days)
        told, facts = await one(cast, "issued", due_original=due, due_current=due)
        await actions.escalate(told.id, level)
        return facts

    return happen


SOON, OVERDUE = "Recommendation {reference} is due soon", "Recommendation {reference} is overdue"
LAST_DAY = "Recommendation {reference} is due today"
EMAILS = [
    Told("recommendation.issued", recorded(one, "issued", by="curator"), [
        Email(OWN, "Recommendation {reference} for you", "text due", PAGE),
    ], "to an organisation"),
    Told("recommendation.issued", recorded(one, "issued", "municipality", by="curator"), [
        Email("curator", "Recommendation {reference} for you", "text due", PAGE),
    ], "to a municipality"),
    Told("recommendation.issued", recorded(of_staff, by="curator"), [
        Email("curator", "Recommendation {reference} for you", "text due", PAGE),
    ], "to staff"),
    Told("recommendation.reissued", recorded(one, "issued", by="curator"), [
        Email(OWN, "Recommendation {reference} for you", "text due", PAGE),
    ]),
    Told("recommendation.disputed", recorded(one, "disputed", by="signatory", tells=WITH_REASON), [
        Email("manager", "Recommendation {reference} is disputed", "owner text reason", PAGE),
    ]),
    Told("recommendation.reported_done", recorded(one, "reported_done", by="signatory"), [
        Email("curator manager", "Recommendation {reference} waits to be verified", "owner text", PAGE),
    ], "by an organisation"),
    Told("recommendation.reported_done", recorded(one, "reported_done", "municipality", by="curator"), [
        Email("manager", "Recommendation {reference} waits to be verified", "owner text", PAGE),
    ], "by a curator"),
    Told("recommendation.partly_done", recorded(one, "partly", tells=WITH_REASON), [
        Email(OWN, "Recommendation {reference}: there is more to do", "text reason due", PAGE),
    ]),
    Told("recommendation.reopened", recorded(one, "reopened", tells=WITH_REASON), [
        Email(OWN, "Recommendation {reference}: there is more to do", "text reason due", PAGE),
    ]),
    Told("recommendation.extension_refused", recorded(one, "accepted", tells=WITH_REASON), [
        Email(OWN, "Recommendation {reference}: there is more to do", "text reason due", PAGE),
    ]),
    Told("recommendation.verified", recorded(one, "verified"), [
        Email(OWN, "Recommendation {reference} is verified", "text", PAGE),
    ]),
    Told("recommendation.extension_asked", recorded(one, "accepted", by="signatory"), [
        Email("curator manager", "More time is asked for recommendation {reference}", "owner text due", PAGE),
    ]),
    Told("recommendation.handed_over", given_away, [
        Email("nino", "Recommendation {reference} was given to you", "text due reason", PAGE),
        Email("curator", "Recommendation {reference} was given to somebody else", "text reason", PAGE),
    ]),
    Told("recommendation.escalated", late(-7, -7), [Email(OWN, SOON, "text due", PAGE)], "before its last day"),
    Told("recommendation.escalated", late(0, 0), [Email(OWN, LAST_DAY, "text due", PAGE)], "on its last day"),
    Told("recommendation.escalated", late(1, 0), [Email(OWN, OVERDUE, "text due", PAGE)], "a day after"),
    Told("recommendation.escalated", late(7, 7), [Email("curator", OVERDUE, "owner text due", PAGE)], "a week after"),
    Told("recommendation.escalated", late(21, 21), [Email("manager", OVERDUE, "owner text due", PAGE)], "three weeks after"),
]  # fmt: skip
