"""What follows an event of a call, and what the clock does."""

from __future__ import annotations

from uuid import UUID

from accounts import letters
from accounts.person import Role
from accounts.queries import Recipient, holders_of, recipients, workers_of
from foundation.database import get
from foundation.language import N_, in_tbilisi, pick_text
from grants.calls import queries, transitions
from grants.calls.lifecycle import writer_of
from grants.calls.tables import Call
from lifecycle.record import Event


async def ask_the_managers(event: Event) -> None:
    call = await _call(event)
    people = [each for each in await holders_of(Role.MANAGER) if each.id not in (call.created_by, call.submitted_by)]
    await _write(
        people,
        event,
        N_("A call waits for your approval: {title}"),
        N_("“{title}” is complete and waits for your approval.\n\n{link}"),
        f"/manage/calls/{call.reference}",
    )


async def tell_the_author_why(event: Event) -> None:
    call = await _call(event)
    await _write(
        await recipients(writer_of(call), call.submitted_by),
        event,
        N_("The call came back to you: {title}"),
        N_("The programme manager sent “{title}” back, with this reason:\n\n{reason}\n\n{link}"),
        f"/manage/calls/{call.reference}",
        reason=event.reason,
    )


async def tell_the_author_it_opens(event: Event) -> None:
    call = await _call(event)
    await _write(
        await recipients(writer_of(call), call.submitted_by),
        event,
        N_("The call was approved: {title}"),
        N_("“{title}” was approved. It opens automatically on {opens}.\n\n{link}"),
        f"/manage/calls/{call.reference}",
        opens=lambda: in_tbilisi(call.opens_at),
    )


async def tell_both(event: Event) -> None:
    """Who writes it now, and who did."""
    call = await _call(event)
    await _write(
        await recipients(UUID(event.payload["after"])), event, N_("A call was given to you: {title}"),
        N_("You continue writing “{title}”. The reason:\n\n{reason}\n\n{link}"),
        f"/manage/calls/{call.reference}", reason=event.reason,
    )  # fmt: skip
    await _write(
        await recipients(UUID(event.payload["before"])), event, N_("Your call was given to somebody else: {title}"),
        N_("Someone else continues writing “{title}”. The reason:\n\n{reason}"),
        f"/manage/calls/{call.reference}", reason=event.reason,
    )  # fmt: skip


async def tell_them_it_is_a_draft_again(event: Event) -> None:
    call = await _call(event)
    await _write(
        await recipients(writer_of(call), call.submitted_by), event,
        N_("The call is a draft again: {title}"),
        N_("The programme manager took “{title}” back before it opened, with this reason:\n\n{reason}\n\n{link}"),
        f"/manage/calls/{call.reference}", reason=event.reason,
    )  # fmt: skip


async def invite_organisations(event: Event) -> None:
    """Where the call is for invited organisations, their people get to know that it opened."""
    call = await _call(event)
    if not call.invited_only:
        return
    for organisation_id in call.invited_ids:
        await _write(
            await workers_of(organisation_id),
            event,
            N_("Your organisation is invited to apply: {title}"),
            N_("“{title}” is open for your organisation until {deadline}.\n\n{link}"),
            f"/calls/{call.reference}",
            deadline=lambda: in_tbilisi(call.deadline),
        )


async def tell_those_who_made_it(event: Event) -> None:
    call = await _call(event)
    await _write(
        await recipients(writer_of(call), call.submitted_by, call.approved_by),
        event,
        N_("The call was cancelled: {title}"),
        N_("“{title}” was cancelled, with this reason:\n\n{reason}\n\n{link}"),
        f"/manage/calls/{call.reference}",
        reason=event.reason,
    )


async def open_and_close() -> None:
    await transitions.open_due_calls()
    await transitions.close_due_calls()


async def complete() -> None:
    await transitions.complete_due_calls()


async def _call(event: Event) -> Call:
    call = await get(Call, event.object_id)  # type: ignore[arg-type]
    assert call is not None, "calls are never deleted"
    call.invited_ids = await queries.invited_to(call)
    return call


async def _write(people: list[Recipient], event: Event, subject: str, body: str, link: str, **values) -> None:
    call = await _call(event)
    await letters.write(
        people, f"{event.seq}", subject, body, link=link, title=lambda: pick_text(call, "title"), **values
    )
