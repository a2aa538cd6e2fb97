"""Letters that follow what happens to a tranche, and what the clock does: dates come, tranches fall due."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.letters import write
from accounts.person import Role
from accounts.queries import Recipient, curators_of, holders_of, signatories_of, workers_of
from foundation.clock import today
from foundation.language import N_, day, pick_text
from foundation.money import money
from grants.disbursements import actions, queries
from grants.disbursements.obstacles import needs_director
from grants.disbursements.tables import Tranche
from lifecycle.record import Event


async def clock() -> None:
    """Conditions that are days come by themselves; then whatever has nothing missing falls due."""
    for condition in await queries.dates_reached(today()):
        await actions.fulfil_date(condition)
    for tranche in await queries.ready_to_fall_due():
        await actions.fall_due_if_ready(tranche)


async def ask_to_request_it(event: Event) -> None:
    tranche = await _tranche(event)
    await _write(
        await workers_of(tranche.organisation_id), event, tranche,
        N_("Ready to request: {reference}, tranche {number}"),
        N_("All conditions of tranche {number} of {amount} are fulfilled. A signatory requests it here:\n\n{link}"),
    )  # fmt: skip


async def ask_for_the_certificate(event: Event) -> None:
    tranche = await _tranche(event)
    await _write(
        await curators_of(tranche.municipality_id) if tranche.municipality_id else [], event, tranche,
        N_("A request to certify: {reference}, tranche {number}"),
        N_("{organisation} requests tranche {number} of {amount}. It waits for your certificate.\n\n{link}"),
    )  # fmt: skip


async def ask_for_the_approval(event: Event) -> None:
    tranche = await _tranche(event)
    await _write(
        await holders_of(Role.FINANCE), event, tranche,
        N_("A payment to approve: {reference}, tranche {number}"),
        N_("The curator certified tranche {number} of {amount} for {organisation}. It waits for your approval."
           "\n\n{link}"),
    )  # fmt: skip


async def ask_for_the_authorisation(event: Event) -> None:
    tranche = await _tranche(event)
    if not needs_director(tranche):
        return
    await _write(
        await holders_of(Role.DIRECTOR), event, tranche,
        N_("A payment to authorise: {reference}, tranche {number}"),
        N_("Tranche {number} of {amount} for {organisation} is approved and needs your authorisation.\n\n{link}"),
    )  # fmt: skip


async def tell_it_went_back(event: Event) -> None:
    subject, body = {
        "tranche.failed": (
            N_("The payment failed: {reference}, tranche {number}"),
            N_("The bank did not carry out the payment of tranche {number} of {amount}."
               "\n\nReason: {reason}\n\n{link}"),
        ),
        "tranche.retried": (
            N_("Request it again: {reference}, tranche {number}"),
            N_("After the failed payment tranche {number} of {amount} can be requested again."
               "\n\n{reason}\n\n{link}"),
        ),
    }.get(event.name, (
        N_("Returned: {reference}, tranche {number}"),
        N_("The request for tranche {number} of {amount} was returned to you.\n\nReason: {reason}\n\n{link}"),
    ))  # fmt: skip
    tranche = await _tranche(event)
    await _write(await workers_of(tranche.organisation_id), event, tranche, subject, body)


async def tell_it_is_paid(event: Event) -> None:
    tranche = await _tranche(event)
    curators = await curators_of(tranche.municipality_id) if tranche.municipality_id else []
    await _write(
        [*await workers_of(tranche.organisation_id), *curators], event, tranche,
        N_("Paid: {reference}, tranche {number}"),
        N_("{amount} were paid to the account of {organisation} on {paid}. A signatory confirms here that the money"
           " came:\n\n{link}"),
    )  # fmt: skip


async def tell_it_was_noted_wrongly(event: Event) -> None:
    tranche = await _tranche(event)
    await _write(
        [*await workers_of(tranche.organisation_id), *await holders_of(Role.FINANCE)], event, tranche,
        N_("Not paid yet: {reference}, tranche {number}"),
        N_("Tranche {number} of {amount} was noted as paid by mistake; the note is reversed. Finance looks again at"
           " what the bank did.\n\nReason: {reason}\n\n{link}"),
    )  # fmt: skip


async def tell_of_the_recovery(event: Event) -> None:
    tranche = await _tranche(event)
    ordered = event.name == "tranche.recovery_ordered"
    await _write(
        [*await signatories_of(tranche.organisation_id), *await holders_of(Role.FINANCE)], event, tranche,
        N_("Money to return: {reference}, tranche {number}") if ordered
        else N_("Written off: {reference}, tranche {number}"),
        N_("The programme asks for {recovery} of tranche {number} back.\n\nReason: {reason}\n\n{link}") if ordered
        else N_("The programme no longer asks for {recovery} of tranche {number}.\n\nReason: {reason}\n\n{link}"),
    )  # fmt: skip


async def _tranche(event: Event) -> Any:
    tranche = await queries.tranche_by_id(event.object_id)  # type: ignore[arg-type]
    assert tranche is not None, "a tranche that has moved is never deleted"
    return tranche


async def _write(people: list[Recipient], event: Event, tranche: Tranche, subject: str, body: str) -> None:
    await write(
        people,
        f"{event.seq}",
        subject,
        body,
        link=f"/awards/{tranche.award_reference}/tranches/{tranche.number}",
        reference=tranche.award_reference,
        number=tranche.number,
        organisation=lambda: pick_text(tranche, "organisation"),
        amount=lambda: money(tranche.amount, tranche.currency),
        # of this step alone: more may have been ordered before, and a part of it come back
        recovery=lambda: money(Decimal(event.payload.get("amount", tranche.recovery_amount or 0)), tranche.currency),
        paid=lambda: day(tranche.paid_on),
        reason=event.reason,
    )
