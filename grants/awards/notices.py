"""Letters that follow what happens to an award, and what the clock does to it."""

from __future__ import annotations

from typing import Any

from accounts.letters import write
from accounts.person import Role
from accounts.queries import Recipient, curators_of, holders_of, recipients, signatories_of, workers_of
from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import get
from foundation.language import N_, day, pick_text
from foundation.money import money
from grants.applications.tables import Application
from grants.awards import queries, transitions
from grants.awards.tables import Award
from lifecycle.record import Event


async def clock() -> None:
    """Offers expire and grants end by the calendar of Tbilisi."""
    for award in await queries.expired_offers(today()):
        await transitions.expire(award)
    for award in await queries.ended(today()):
        await transitions.end(award)


async def tell_it_was_not_approved(event: Event) -> None:
    application = await get(Application, event.object_id)  # type: ignore[arg-type]
    assert application is not None
    await write(
        await workers_of(application.organisation_id),
        f"{event.seq}",
        N_("Not approved: application {number}"),
        N_("The director did not approve the recommendation of the committee.\n\nReason: {reason}\n\n{link}"),
        link=f"/applications/{application.number}",
        number=application.number,
        reason=event.reason,
    )


async def tell_it_is_approved(event: Event) -> None:
    award = await _award(event)
    await _write(
        await workers_of(award.organisation_id), event, award,
        N_("Your grant is approved: {title}"),
        N_(
            "The director approved a grant of {amount} for “{title}”. Its reference is {reference}.\n\nThe agreement is"
            " being drafted; you get it for signature. Meanwhile enter the bank account of your organisation with a"
            " letter of the bank.\n\n{link}"
        ),
    )  # fmt: skip


async def offer_it(event: Event) -> None:
    award = await _award(event)
    await _write(
        await workers_of(award.organisation_id), event, award,
        N_("Agreement for signature: {reference}"),
        N_(
            "The agreement for “{title}” for {amount} is offered to you. A signatory signs it, or asks for a change,"
            " until {until}. Without an answer the offer lapses automatically.\n\n{link}"
        ),
    )  # fmt: skip


async def ask_for_the_countersignature(event: Event) -> None:
    award = await _award(event)
    await _write(
        await holders_of(Role.DIRECTOR), event, award,
        N_("For your countersignature: {reference}"),
        N_("{organisation} signed the agreement for “{title}” for {amount}. It waits for your signature.\n\n{link}"),
        path="/countersignature",
    )  # fmt: skip


async def tell_the_programme(event: Event) -> None:
    subject, body = {
        "award.change_asked": (
            N_("A change is asked: {reference}"),
            N_("{organisation} asks for a change to the agreement for “{title}”.\n\nReason: {reason}\n\n{link}"),
        ),
        "award.declined": (
            N_("Grant declined: {reference}"),
            N_("{organisation} declined the grant for “{title}”; {amount} go back to the call."
               "\n\nReason: {reason}\n\n{link}"),
        ),
        "award.offer_expired": (
            N_("Offer expired: {reference}"),
            N_("{organisation} did not sign the agreement for “{title}” in time; {amount} go back to the call."
               "\n\n{link}"),
        ),
    }[event.name]  # fmt: skip
    award = await _award(event)
    await _write(await _staff_of(award), event, award, subject, body)
    if event.name == "award.offer_expired":
        await _write(await signatories_of(award.organisation_id), event, award, subject, body, key="organisation")


REOPENED = (
    N_("The grant is open again: {reference}"),
    N_(
        "The grant for “{title}” was closed and is open again; it will be closed once more.\n\nReason: {reason}"
        "\n\n{link}"
    ),
)


async def tell_the_organisation(event: Event) -> None:
    subject, body = {
        "award.activated": (
            N_("The grant is active: {reference}"),
            N_("Both sides have signed the agreement for “{title}” for {amount}. The first tranche can be requested"
               " when its conditions are fulfilled.\n\n{link}"),
        ),
        "award.returned": (
            N_("The agreement is drafted again: {reference}"),
            N_("The signed agreement for “{title}” has an error; you get a new version for signature."
               "\n\nReason: {reason}\n\n{link}"),
        ),
        "award.withdrawn_by_funder": (
            N_("The grant was withdrawn: {reference}"),
            N_("The programme withdrew the grant for “{title}” before it was signed.\n\nReason: {reason}\n\n{link}"),
        ),
        "award.suspended": (
            N_("The grant is suspended: {reference}"),
            N_("The grant for “{title}” is suspended; nothing is paid meanwhile.\n\nReason: {reason}\n\n{link}"),
        ),
        "award.resumed": (
            N_("The grant has resumed: {reference}"),
            N_("The suspension of the grant for “{title}” is lifted.\n\nReason: {reason}\n\n{link}"),
        ),
        "award.ended": (
            N_("The end date has passed: {reference}"),
            N_("The grant for “{title}” ended on {end} and is being closed. The final report decides.\n\n{link}"),
        ),
        "award.terminated": (
            N_("The grant was terminated: {reference}"),
            N_("The agreement for “{title}” ends.\n\nReason: {reason}\n\n{link}"),
        ),
        "award.closed": (
            N_("The grant is closed: {reference}"),
            N_("The grant for “{title}” is closed. Thank you for your work.\n\n{link}"),
        ),
        "award.settled": (
            N_("The grant is closed: {reference}"),
            N_("All payments of the terminated grant for “{title}” are complete, and it is closed.\n\n{link}"),
        ),
        "award.reopened": REOPENED,
        "award.settlement_reopened": REOPENED,
    }[event.name]  # fmt: skip
    award = await _award(event)
    curators = await curators_of(award.municipality_id) if award.municipality_id else []
    await _write([*await workers_of(award.organisation_id), *curators], event, award, subject, body)


async def _staff_of(award: Award) -> list[Recipient]:
    """The curators of the municipality and the director who offered it."""
    curators = await curators_of(award.municipality_id) if award.municipality_id else []
    return [*curators, *await recipients(award.offered_by)]


async def _award(event: Event) -> Award:
    award = await queries.by_id(event.object_id)  # type: ignore[arg-type]
    assert award is not None, "awards are never deleted"
    return award


async def _write(
    people: list[Recipient], event: Event, award: Award, subject: str, body: str, *, path: str = "", key: str = ""
) -> None:
    organisation: Any = await get(Organisation, award.organisation_id)
    await write(
        people,
        f"{event.seq}{key}",
        subject,
        body,
        link=f"/awards/{award.reference}{path}",
        reference=award.reference,
        title=lambda: pick_text(award, "title"),
        organisation=lambda: pick_text(organisation, "name"),
        amount=lambda: money(award.amount, award.currency),
        until=lambda: day(award.offer_expires_on),
        end=lambda: day(award.ends_on),
        reason=event.reason,
    )
