"""What happens to tranches and the ledger when the award itself moves."""

from __future__ import annotations

from accounts.person import SYSTEM, Person
from foundation.database import row, value
from foundation.language import gettext as _
from foundation.language import ngettext
from foundation.money import money
from grants.awards.tables import Award
from grants.disbursements import actions, queries
from grants.disbursements.ledger import posting
from grants.disbursements.lifecycle import State
from grants.disbursements.transitions import cancel


async def every_tranche_has_a_condition(award: Award) -> list[str]:
    without = await value(
        "SELECT count(*) FROM tranche t WHERE t.award_id = $1"
        " AND NOT EXISTS (SELECT 1 FROM tranche_condition c WHERE c.tranche_id = t.id)",
        award.id,
    )
    if not without:
        return []
    return [ngettext("{n} tranche has no condition yet.", "{n} tranches have no condition yet.", without)]


async def the_account_is_verified(award: Award) -> list[str]:
    account = await row(
        "SELECT 1 FROM bank_account WHERE organisation_id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL",
        award.organisation_id,
    )
    if account:
        return []
    return [_("First enter the bank account of your organisation with the bank's letter, and let it be verified.")]


async def every_tranche_is_settled(award: Award) -> list[str]:
    """What was never requested is cancelled by closing; what is on its way is not."""
    tranches = await queries.tranches_of(award)
    on_the_way = [
        tranche.number
        for tranche in tranches
        if tranche.state not in State.in_set("settled", "ahead") | {State.DUE, State.FAILED}
    ]
    return [_("Tranche {number} is not settled yet.", number=number) for number in on_the_way]


async def every_cent_is_accounted_for(award: Award) -> list[str]:
    """What was paid is accepted, has come back or is written off; else it says what is missing."""
    left = await value("SELECT with_grantee($1)", award.id)
    if left <= 0:
        return []
    return [
        _(
            "{amount} was paid and is neither accepted nor returned: order its recovery, tranche by tranche.",
            amount=money(left, award.currency),
        )
    ]


async def commit(award: Award, person: Person) -> None:
    await posting.commit(award, person)


async def go_on(award: Award, person: Person) -> None:
    """Activated, or active again: what waited only for this falls due."""
    await actions.fulfil_agreement(award, person)
    for tranche in await queries.tranches_of(award):
        if tranche.state == State.PLANNED:
            await actions.fall_due_if_ready(tranche)


async def cancel_what_is_left(award: Award, person: Person) -> None:
    await _cancel(award, "release")


async def cancel_what_was_never_used(award: Award, person: Person) -> None:
    """Nothing stays open: what is not paid goes back to the envelope, what was accepted and not paid stays with the
    organisation."""
    await _cancel(award, "closing")
    account = await queries.account_of(award)
    if account["uncommitted"] > 0:
        await posting.decommit(award, account["uncommitted"], person)
    if account["held"] < 0:
        await posting.leave_cost(award, -account["held"], person)


async def _cancel(award: Award, because: str) -> None:
    for tranche in await queries.tranches_of(award):
        if tranche.state in cancel.sources:
            await cancel(tranche, SYSTEM, because)
