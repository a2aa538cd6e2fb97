"""Why a tranche cannot go on now, in sentences: the same for the list, the page and the action. Pure."""

from __future__ import annotations

from datetime import date
from json import loads

from accounts.person import Person
from foundation.clock import now
from foundation.language import N_, moment
from foundation.language import gettext as _
from foundation.money import money
from grants.awards.document import condition_in_words
from grants.awards.lifecycle import State as AwardState
from grants.disbursements.lifecycle import State, verified_its_account
from grants.disbursements.tables import Tranche

VERIFIER_APART = N_("The person who checked the bank account cannot request or approve payments to it.")


def before_agreeing(person: Person, tranche: Tranche) -> str:
    """What keeps this person from asking, certifying or approving; empty when nothing does."""
    apart = [_(VERIFIER_APART)] if verified_its_account(person, tranche) else []
    return " ".join([*obstacles(tranche), *apart])


def before_authorising(person: Person, tranche: Tranche) -> str:
    if not needs_director(tranche):
        return _("A payment of this size needs no authorisation.")
    return before_agreeing(person, tranche)


def before_sending(person: Person, tranche: Tranche) -> str:
    return " ".join(obstacles_to_sending(tranche))


def needs_director(tranche: Tranche) -> bool:
    return tranche.amount >= tranche.director_threshold


def obstacles(tranche: Tranche) -> list[str]:
    """What stands in the way of the money, whoever's turn it is."""
    if tranche.state not in State.in_set("ahead", "on_the_way") | {State.DUE}:
        return []
    return [*_of_award(tranche), *_of_conditions(tranche), *_of_account(tranche)]


def obstacles_to_sending(tranche: Tranche) -> list[str]:
    """Those that remain when everybody else has agreed: the time after a new account, and the director's word."""
    return [*obstacles(tranche), *_of_cooling(tranche), *_of_threshold(tranche)]


def _of_award(tranche: Tranche) -> list[str]:
    if tranche.award_state == AwardState.SUSPENDED:
        return [_("The grant is suspended.")]
    if tranche.award_state == AwardState.CLOSING and not tranche.is_last:
        return [_("The end date has passed: only the last tranche is still paid.")]
    if tranche.award_state not in AwardState.in_set("going_on"):
        return [_("The agreement is not signed by both sides.")]
    return []


def _of_conditions(tranche: Tranche) -> list[str]:
    found = []
    if tranche.unfulfilled:
        found.append(_("It waits until this is fulfilled: {conditions}.", conditions=_in_words(tranche.unfulfilled)))
    if tranche.undone:
        found.append(_("A report or visit that this payment rests on is being examined again."))
    return found


def _in_words(unfulfilled: str) -> str:
    open_ = [each | {"due_on": each["due_on"] and date.fromisoformat(each["due_on"])} for each in loads(unfulfilled)]
    return "; ".join(condition_in_words(each) for each in open_)


def _of_account(tranche: Tranche) -> list[str]:
    if tranche.state == State.PLANNED:
        return []
    if tranche.state == State.DUE:
        return [] if tranche.active_account_id else [_("The organisation has no verified bank account.")]
    if tranche.account_retired_at or tranche.active_account_id != tranche.bank_account_id:
        return [_("The bank account has changed since the request. Return the tranche, so that it is requested again.")]
    return []


def _of_cooling(tranche: Tranche) -> list[str]:
    """A new account waits some days, so that its owners hear of it before money goes there."""
    if tranche.state not in (State.APPROVED, State.AUTHORISED) or tranche.account_verified_at is None:
        return []
    ready = tranche.account_verified_at + tranche.bank_cooling
    if ready <= now():
        return []
    return [_("The bank account was verified only recently: money goes out from {moment}.", moment=moment(ready))]


def _of_threshold(tranche: Tranche) -> list[str]:
    if tranche.state != State.APPROVED or not needs_director(tranche):
        return []
    return [
        _(
            "Payments from {amount} need the director's authorisation.",
            amount=money(tranche.director_threshold, tranche.currency),
        )
    ]
