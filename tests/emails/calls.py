"""Emails about calls, to those who write them, decide on them and are invited."""

from foundation.clock import now
from grants.calls import transitions
from grants.calls.transitions import opening
from tests.builders.calls import a_call
from tests.emails.telling import REASON, WITH_REASON, Email, Facts, Told, deadline, named, recorded
from tests.importing import importing

PAGE = "/manage/calls/{reference}"


async def one(cast, state, **over):
    call = await a_call(cast, state, parts=False, **over)
    return call, {
        "reference": call.reference, "title": named(call, "title"), "opens": deadline(call.opens_at),
        "deadline": deadline(call.deadline), "reason": REASON,
    }  # fmt: skip


async def of_two(cast, state, **over):
    """Written by the one curator, sent for approval by the other."""
    return await one(cast, state, created_by=cast.curator.id, submitted_by=cast.curator2.id, **over)


async def given_away(cast, event) -> Facts:
    call, facts = await one(cast, "draft")
    await transitions.hand_over(call, cast.manager, successor=cast.curator2.id, reason=REASON)
    return facts


async def opened_to_the_invited(cast, event) -> Facts:
    call, facts = await one(cast, "scheduled", invited_only=True, invited=[cast.vani_youth])
    async with importing():
        await opening.write(cast.manager, call, opened_at=now())
    return facts


EMAILS = [
    Told("call.sent_for_approval", recorded(one, "in_approval", by="curator"), [
        Email("manager", "A call waits for your approval: {title}", "title", PAGE),
    ]),
    Told("call.returned", recorded(of_two, "draft", tells=WITH_REASON), [
        Email("curator curator2", "The call came back to you: {title}", "title reason", PAGE),
    ]),
    Told("call.scheduled", recorded(of_two, "scheduled"), [
        Email("curator curator2", "The call was approved: {title}", "title opens", PAGE),
    ]),
    Told("call.opened", opened_to_the_invited, [
        Email("editor signatory", "Your organisation is invited to apply: {title}", "title deadline",
              "/calls/{reference}"),
    ]),
    Told("call.handed_over", given_away, [
        Email("curator2", "A call was given to you: {title}", "title reason", PAGE),
        Email("curator", "Your call was given to somebody else: {title}", "title reason", None),
    ]),
    Told("call.recalled", recorded(of_two, "draft", tells=WITH_REASON), [
        Email("curator curator2", "The call is a draft again: {title}", "title reason", PAGE),
    ]),
    Told("call.cancelled", recorded(of_two, "cancelled", tells=WITH_REASON), [
        Email("curator curator2 manager", "The call was cancelled: {title}", "title reason", PAGE),
    ]),
]  # fmt: skip
