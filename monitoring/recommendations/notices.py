"""What follows an event of a recommendation, and what its due date brings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.letters import write
from accounts.person import Role
from accounts.queries import Recipient, curators_of, holders_of, recipients, workers_of
from foundation.clock import today
from foundation.language import N_, day, pick_text
from lifecycle.record import Event
from monitoring.recommendations import actions, queries
from monitoring.recommendations.lifecycle import Addressee
from monitoring.recommendations.listing import WHOSE, addressee_of
from monitoring.recommendations.tables import Recommendation

# Days after the due date, the highest first, and who is told then; donors see the list on their own page from then on.
OWNER, LEAD, HEAD = "owner", "lead", "head"
LEVELS = ((45, HEAD), (21, HEAD), (7, LEAD), (0, OWNER), (-7, OWNER))


async def _told(event: Event) -> Recommendation | None:
    return await queries.by_id(event.object_id) if event.object_id else None


def _facts(recommendation: Recommendation, event: Event) -> dict[str, Any]:
    return {
        "reference": recommendation.reference,
        "text": lambda: pick_text(recommendation, "text"),
        "owner": lambda: addressee_of({name: getattr(recommendation, name) for name in WHOSE}),
        "due": lambda: day(recommendation.due_current),
        "reason": event.reason or "",
        "link": f"/recommendations/{recommendation.reference}",
    }


async def owners_of(recommendation: Recommendation) -> list[Recipient]:
    if recommendation.addressee == Addressee.CSO and recommendation.organisation_id:
        return await workers_of(recommendation.organisation_id)
    if recommendation.addressee == Addressee.MUNICIPALITY:
        return await curators_of(recommendation.municipality_id)
    return await recipients(recommendation.owner_id)


async def tell_the_owner(event: Event) -> None:
    if told := await _told(event):
        await write(
            await owners_of(told), f"{event.seq}:issued", N_("Recommendation {reference} for you"),
            N_("{text}\n\nPlease answer whether you accept it; it is due on {due}: {link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_both(event: Event) -> None:
    """Who has it now, and who had it."""
    if told := await _told(event):
        await write(
            await recipients(UUID(event.payload["after"])), f"{event.seq}:given",
            N_("Recommendation {reference} was given to you"),
            N_("{text}\n\nYou continue with it; it is due on {due}. The reason: {reason}\n\n{link}"),
            **_facts(told, event),
        )  # fmt: skip
        await write(
            await recipients(UUID(event.payload["before"])), f"{event.seq}:taken",
            N_("Recommendation {reference} was given to somebody else"),
            N_("Someone else continues with “{text}”. The reason: {reason}\n\n{link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_the_head(event: Event) -> None:
    if told := await _told(event):
        await write(
            await holders_of(Role.MANAGER), f"{event.seq}:disputed", N_("Recommendation {reference} is disputed"),
            N_("{owner} does not accept “{text}”: {reason}\n\n"
               "Issue it again, changed or not, or withdraw it: {link}"),
            **_facts(told, event),
        )  # fmt: skip


async def tell_those_who_verify(event: Event) -> None:
    if told := await _told(event):
        people = [*await curators_of(told.municipality_id), *await holders_of(Role.MANAGER)]
        able = [each for each in people if each.id not in (told.owner_id, told.reported_by)]
        await write(
            able, f"{event.seq}:done", N_("Recommendation {reference} waits to be verified"),
            N_("{owner} reports “{text}” done. Look at the evidence: {link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_what_is_still_to_do(event: Event) -> None:
    if told := await _told(event):
        await write(
            await owners_of(told), f"{event.seq}:again", N_("Recommendation {reference}: there is more to do"),
            N_("“{text}”: {reason}\n\nIt is due on {due}: {link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_it_is_verified(event: Event) -> None:
    if told := await _told(event):
        await write(
            await owners_of(told), f"{event.seq}:verified", N_("Recommendation {reference} is verified"),
            N_("“{text}” is done and verified. Thank you: {link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_who_may_extend(event: Event) -> None:
    if told := await _told(event):
        people = [*await curators_of(told.municipality_id), *await holders_of(Role.MANAGER)]
        await write(
            [each for each in people if each.id != told.owner_id], f"{event.seq}:asked",
            N_("More time is asked for recommendation {reference}"),
            N_("{owner} asks for more time for “{text}”, which is due on {due}: {link}"), **_facts(told, event),
        )  # fmt: skip


async def tell_the_next_level(event: Event) -> None:
    told = await _told(event)
    if told is None:
        return
    level = int(event.payload.get("level", 0))
    whom = dict(LEVELS).get(level, OWNER)
    if whom == OWNER:
        people = await owners_of(told)
    else:
        people = await (curators_of(told.municipality_id) if whom == LEAD else holders_of(Role.MANAGER))
    subject, body = N_("Recommendation {reference} is due soon"), N_("“{text}” is due on {due}: {link}")
    if told.due_current == today():
        subject = N_("Recommendation {reference} is due today")
    elif told.due_current < today():
        subject, body = N_("Recommendation {reference} is overdue"), N_("“{text}” was due on {due}: {link}")
    if whom != OWNER:
        body = N_("“{text}” was due on {due}. {owner} has not done it yet: {link}")
    await write(people, f"{event.seq}:escalated", subject, body, **_facts(told, event))


async def escalate_what_is_late() -> None:
    """The highest level reached that was not told yet, for each due date."""
    for row in await queries.running():
        late = (today() - row["due_current"]).days
        level = next((days for days, _whom in LEVELS if late >= days), None)
        if level is not None and level not in row["told"]:
            await actions.escalate(row["id"], level)
