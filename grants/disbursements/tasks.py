"""What of the payments waits for whom, for the page of today."""

from __future__ import annotations

from datetime import datetime

from accounts.person import Person
from foundation.database import all_of
from foundation.language import gettext as _
from foundation.language import pick_text
from grants.disbursements import lifecycle, queries
from grants.disbursements.bank.queries import waiting_for_verification
from grants.disbursements.bank.transitions import verify
from grants.disbursements.lifecycle import State
from grants.disbursements.tables import Tranche
from grants.disbursements.transitions import STEPS
from lifecycle.tasks import MOST, Task
from lifecycle.transition import open_steps

OPEN = ("requested", "certified", "approved", "authorised", "sent", "failed", "recovery_due")
# What only the organisation's own people take further; most of the money still to come stands here.
OWN = ("due", "paid")


async def payments(person: Person) -> list[Task]:
    condition, args = queries.visible_to(person, 2)
    if not person.organisations:  # an index has these alone, by how long they have waited
        condition = f"tranche_to_do(t.state) AND {condition}"
    # so many of each state, since somebody has steps from some states alone: the others' work crowds out nobody's
    tranches = await all_of(
        Tranche,
        f"SELECT x.* FROM unnest($1::text[]) wanted(state) CROSS JOIN LATERAL (SELECT t.*, {queries.FACTS},"
        f" {queries.SINCE} AS since{queries.FROM} WHERE t.state = wanted.state AND {condition}"
        f" ORDER BY since LIMIT {MOST}) x ORDER BY x.since",
        [*OPEN, *(OWN if person.organisations else ())],
        *args,
    )
    return [task for tranche in tranches for task in [_of_tranche(person, tranche)] if task]


def _of_tranche(person: Person, tranche: Tranche) -> Task | None:
    acts = open_steps(person, tranche, STEPS)
    verbs = [
        ("request", _("Request the tranche")),
        ("certificate", _("Certify the request for payment")),
        ("approval", _("Approve the payment")),
        ("authorisation", _("Authorise the payment")),
        ("order", _("Send the payment to the bank")),
        ("payment", _("Note what the bank did with the payment")),
        ("retry", _("Decide what follows the failed payment")),
        ("receipt", _("Confirm that the money came")),
        ("repayment", _("Recover the money")),
    ]
    for noun, verb in verbs:
        if noun in acts:
            return _task(tranche, verb, tranche.since, mine=person.works_for(tranche.organisation_id))
    if tranche.state == State.DUE and not tranche.active_account_id and lifecycle.its_signatory(person, tranche):
        return Task(
            "waiting",
            _("Enter your bank account"),
            f"/organisations/{tranche.organisation_id}/bank",
            since=tranche.since,
            about=tranche.award_reference,
        )
    return None


def _task(tranche: Tranche, verb: str, since: datetime | None, mine: bool) -> Task:
    """Nobody waits for themselves."""
    return Task(
        "waiting",
        verb,
        f"/awards/{tranche.award_reference}/tranches/{tranche.number}",
        since=since,
        who="" if mine else pick_text(tranche, "organisation"),
        about=_("{award}, tranche {number}", award=tranche.award_reference, number=tranche.number),
        slug=tranche.slug or "",
    )


async def bank_accounts(person: Person) -> list[Task]:
    if not (person.is_finance or person.is_manager):
        return []
    return [
        Task(
            "waiting",
            _("Verify a bank account by calling back"),
            f"/organisations/{account.organisation_id}/bank",
            since=account.entered_at,
            who=pick_text(account, "name"),
        )
        for account in await waiting_for_verification()
        if verify.open_to(person, account)
    ]
