"""The conditions of a tranche, and who fulfils them; its steps are in transitions.py."""

from __future__ import annotations

from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import get, refusals, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.ties import not_allowed
from grants.awards.tables import Award
from grants.disbursements import queries
from grants.disbursements.lifecycle import ConditionKind, State, curates_it
from grants.disbursements.obstacles import VERIFIER_APART, obstacles
from grants.disbursements.tables import Tranche, TrancheCondition
from grants.disbursements.transitions import becoming_due, lock_for_update
from lifecycle.record import record
from uploads.actions import keep
from uploads.receiving import Received

refusals(
    {
        "tranche_terms_frozen": N_("Tranches and conditions change only while the agreement is drafted."),
        "tranche_within_award": N_("The tranches add up to more than the grant."),
        "tranche_paid_frozen": N_("What was paid is not changed any more."),
        "tranche_condition_true": N_("A condition is fulfilled only when what it asks for is there."),
        "tranche_persons_frozen": N_("Who asked, certified and approved stays as it is."),
        "tranche_after_signature": N_(
            "Nothing is paid before both sides have signed, nor while the grant is suspended."
        ),
        "tranche_final_only": N_("After the end date only the last tranche is still paid."),
        "tranche_conditions_fulfilled": N_("A condition of this tranche is not fulfilled yet."),
        "tranche_account_verified": N_("The bank account is not verified."),
        "tranche_account_cooling": N_("The bank account was verified too recently."),
        "tranche_verifier_apart": VERIFIER_APART,
        "tranche_director_threshold": N_("A payment this large needs the director's authorisation."),
        "tranche_second_person": N_("The person who requested or certified the payment cannot approve it."),
        "tranche_third_person": N_("The person who certified or approved the payment cannot authorise it."),
        "tranche_bank_reference": N_("Another payment already has this bank reference."),
        "tranche_order_reference": N_("Another payment already has this order reference."),
        "tranche_paid_in_ledger": N_("The ledger does not carry this payment."),
        "tranche_reversed_in_ledger": N_("The ledger still carries this payment."),
        "tranche_settled_in_ledger": N_("The ledger does not carry what became of this tranche."),
        "tranche_recovery_of_more": N_("More has to be ordered back than came back already."),
        "tranche_of_closed_grant": N_("The grant is closed. The director opens it again first."),
        "ledger_of_closed_grant": N_("The grant is closed. The director opens it again first."),
        "tranche_order_second_person": N_("The person who noted the order does not correct it; someone else does."),
        "tranche_sent_day": N_(
            "A payment order is sent after the agreement was signed by both, and not in the future."
        ),
        "tranche_paid_day": N_("The bank pays between the day the order was sent and today."),
        "tranche_recovery_facts": N_("No more can be recovered than was paid."),
        "tranche_condition_fulfilled": N_("This condition is fulfilled already."),
    }
)

# conditions ----------------------------------------------------------------------------------------------------


async def fulfil(
    condition: TrancheCondition,
    person: Person,
    evidence: Received | None = None,
    note: str | None = None,
) -> None:
    """The curator says that a document has come, with the document. Other conditions fulfil themselves."""
    async with transaction():
        tranche = await lock_tranche_of(condition)
        if not may_fulfil(person, tranche, condition):
            raise not_allowed(person, tranche)
        upload = await keep(evidence, person) if evidence else None
        await _fulfil(condition, tranche, person, evidence_upload_id=upload.id if upload else None, note=note)


def may_fulfil(person: Person, tranche: Tranche, condition: TrancheCondition) -> bool:
    return condition.kind == ConditionKind.DOCUMENT and tranche.state == State.PLANNED and curates_it(person, tranche)


async def fulfil_for_report(report_due_id: UUID, person: Person) -> None:
    """Monitoring has accepted the report of this line of the calendar. It locks the award, so it is called before
    the caller writes an event of its own, or from a notice."""
    await _fulfil_all(await queries.open_conditions("report_accepted", report_due_id=report_due_id), person)


async def fulfil_for_visit(award_id: UUID, person: Person) -> None:
    """Monitoring has approved a visit: the first tranche that waits for one goes on. Locks as above."""
    await _fulfil_all((await queries.open_conditions("visit_approved", award_id=award_id))[:1], person)


async def fulfil_agreement(award: Award, person: Person) -> None:
    await _fulfil_all(await queries.open_conditions("agreement_active", award_id=award.id), person)


async def fulfil_date(condition: TrancheCondition) -> None:
    if condition.due_on <= today():
        await _fulfil_all([condition], SYSTEM)


async def _fulfil_all(conditions: list[TrancheCondition], person: Person) -> None:
    for condition in conditions:
        async with transaction():
            await _fulfil(condition, await lock_tranche_of(condition), person)


async def _fulfil(condition: TrancheCondition, tranche: Tranche, person: Person, **evidence) -> None:
    fresh = await get(TrancheCondition, condition.id)
    if fresh is None or fresh.fulfilled_at is not None:
        return
    await update(condition, fulfilled_at=now(), fulfilled_by=person.id, **evidence)
    await record("tranche.condition_fulfilled", person, tranche, kind=condition.kind)
    await fall_due_if_ready(tranche)


async def fall_due_if_ready(tranche: Tranche) -> None:
    """Planned → due as soon as nothing is missing and the agreement runs."""
    async with transaction():
        await lock_for_update(tranche)
        if tranche.state == State.PLANNED and not obstacles(tranche):
            await becoming_due.write(SYSTEM, tranche, due_at=now())


async def lock_tranche_of(condition: TrancheCondition) -> Tranche:
    tranche = await get(Tranche, condition.tranche_id)
    if tranche is None:
        raise Refused(_("This record no longer exists."))
    await lock_for_update(tranche)
    return tranche
