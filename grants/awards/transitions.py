"""Every step of an award: offer, sign, run, suspend, close."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from accounts.person import SYSTEM, Person
from foundation.clock import now, today
from foundation.database import insert, transaction, update
from foundation.language import N_, day
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.awards import extensions, queries
from grants.awards.actions import lock_for_update, missing_for_offer
from grants.awards.document import body_of, pdf_of
from grants.awards.forms import Reasoned
from grants.awards.lifecycle import (
    State,
    agreed_already,
    closing_part,
    its_closer,
    its_director,
    its_settler,
    its_signatory,
    reopens_closing,
    reopens_settlement,
    second_to_close,
    second_to_settle,
    the_clock,
)
from grants.awards.tables import Agreement, Award, Signature
from lifecycle.record import record
from lifecycle.transition import Told, Transition
from uploads.actions import keep, keep_bytes
from uploads.attached import Attached
from uploads.receiving import Received

step = partial(Transition, "award", lock_row=lock_for_update)
with_reason = partial(step, form=Reasoned, reason="reason")
Steps = AsyncIterator[Told]


# offer and sign --------------------------------------------------------------------------------------------------


@step(
    "offer", "award.offered", {State.DRAFTING}, State.OFFERED, its_director,
    stamp="offered", button=N_("Offer the agreement"), icon="send",
    history=N_("Agreement offered to the organisation"),
    done=lambda award: _("The agreement is offered until {day}.", day=day(award.offer_expires_on)),
)  # fmt: skip
async def offer(award: Award, person: Person) -> Steps:
    """The document of this version is made, stored for ever and offered to the organisation."""
    if missing := await missing_for_offer(award):
        raise Refused(" ".join(missing))
    before = await queries.latest_agreement(award)
    version = before.version + 1 if before else 1
    body = await body_of(award, version)
    upload = await keep_bytes(await pdf_of(body), f"{award.reference}-{version}.pdf", person)
    await insert(
        Agreement, award_id=award.id, version=version, upload_id=upload.id, document_sha256=upload.blob_sha256,
        body=body, made_by=person.id,
    )  # fmt: skip
    yield {}, {"version": version}


@step(
    "signature", "award.signed", {State.OFFERED}, State.SIGNED_CSO, its_signatory,
    stamp="signed", file=Attached("scan"), button=N_("Sign the agreement"), icon="pencil",
    history=N_("The organisation signed the agreement"),
    done=N_("Signed. The director countersigns next, and you get an email."),
)  # fmt: skip
async def sign(award: Award, person: Person, scan: Received) -> Steps:
    """The organisation's signatory sends the signed document; the offer must still stand."""
    if award.offer_expires_on < today():
        raise Refused(_("The offer has expired. Ask the programme for a new one."))
    if obstacles := await extensions.before_signature.about(award):
        raise Refused(" ".join(obstacles))
    yield {}, {"version": await _signed(award, person, "cso", scan)}


@step(
    "countersignature", "award.activated", {State.SIGNED_CSO}, State.ACTIVE, its_director,
    stamp="countersigned", file=Attached("scan", optional=True), button=N_("Countersign"), icon="pencil",
    history=N_("The director countersigned; the grant is active"), done=N_("Countersigned. The grant is active."),
)  # fmt: skip
async def countersign(award: Award, person: Person, scan: Received | None = None) -> Steps:
    """With the director's signature the agreement binds, and the ledger carries the commitment."""
    version = await _signed(award, person, "funder", scan)
    await extensions.on_commitment.after(award, person)
    yield {}, {"version": version}
    await extensions.on_activation.after(award, person)


async def _signed(award: Award, person: Person, party: str, scan: Received | None) -> int:
    """The version of the agreement that now carries this signature."""
    agreement = await queries.latest_agreement(award)
    upload = await keep(scan, person) if scan else None
    await insert(
        Signature, agreement_id=agreement.id, award_id=award.id, party=party,
        upload_id=upload.id if upload else None, signed_by=person.id,
    )  # fmt: skip
    return agreement.version


async def release(award: Award, person: Person, reason: str = "") -> Steps:
    """It will not be carried out, or not any further: what was set aside for it is free again."""
    await extensions.on_release.after(award, person)
    yield {}


ask_change = with_reason(
    "change-request", "award.change_asked", {State.OFFERED}, State.DRAFTING, its_signatory,
    button=N_("Ask for a change"), look="2",
    hint=N_("The agreement goes back to the programme, which may offer a new version."),
    history=N_("The organisation asked for a change to the agreement"),
    done=N_("You asked for a change. The programme will answer with a new version."),
)  # fmt: skip
decline = with_reason(
    "refusal", "award.declined", {State.OFFERED}, State.DECLINED, its_signatory,
    button=N_("Decline the grant"), look="bad",
    hint=N_("The grant ends here and the money goes back to the call. This cannot be undone."),
    history=N_("The organisation declined the grant"), done=N_("You declined the grant."),
)(release)  # fmt: skip
withdraw = with_reason(
    "withdrawal", "award.withdrawn_by_funder", {State.DRAFTING, State.OFFERED, State.SIGNED_CSO},
    State.WITHDRAWN_BY_FUNDER, its_director, button=N_("Withdraw the grant"), look="bad",
    hint=N_(
        "The grant ends before it is signed and the money goes back to the call. The organisation reads the reason."
    ),
    history=N_("The programme withdrew the grant before it was signed"), done=N_("The grant was withdrawn."),
)(release)  # fmt: skip
return_for_correction = with_reason(
    "return", "award.returned", {State.SIGNED_CSO}, State.DRAFTING, its_director,
    facts={"signed_by": None, "signed_at": None}, button=N_("Return for correction"), look="bad",
    hint=N_("The signed agreement has an error: it is drafted, offered and signed again."),
    history=N_("The signed agreement was returned for correction"), done=N_("The agreement is being drafted again."),
)  # fmt: skip
expiry = step(
    "", "award.offer_expired", {State.OFFERED}, State.DECLINED, the_clock,
    history=N_("The offer expired without a signature"),
)(release)  # fmt: skip


async def expire(award: Award) -> None:
    async with transaction():
        await lock_for_update(award)
        if award.state == State.OFFERED and award.offer_expires_on < today():
            await expiry(award, SYSTEM)


# run and close ---------------------------------------------------------------------------------------------------

suspend = with_reason(
    "suspension", "award.suspended", {State.ACTIVE}, State.SUSPENDED, its_director,
    button=N_("Suspend the grant"), look="bad",
    hint=N_("Nothing is paid while a grant is suspended. The organisation reads the reason."),
    history=N_("The grant was suspended"), done=N_("The grant is suspended."),
)  # fmt: skip


@with_reason(
    "resumption", "award.resumed", {State.SUSPENDED}, State.ACTIVE, its_director,
    button=N_("Lift the suspension"), look="2", hint=N_("The grant continues, and payments with it."),
    history=N_("The suspension was lifted"), done=N_("The grant is active again."),
)  # fmt: skip
async def resume(award: Award, person: Person, reason: str) -> Steps:
    yield {}
    await extensions.on_activation.after(award, person)


terminate = with_reason(
    "termination", "award.terminated", {State.ACTIVE, State.SUSPENDED, State.CLOSING}, State.TERMINATED, its_director,
    facts={"closing_manager_id": None, "closing_finance_id": None, "closing_director_id": None},
    button=N_("Terminate the grant"), look="bad",
    hint=N_(
        "The agreement ends. Tranches that are not paid are cancelled;"
        " what must come back is decided tranche by tranche."
    ),
    history=N_("The grant was terminated"), done=N_("The grant is terminated."),
)(release)  # fmt: skip
ending = step(
    "", "award.ended", {State.ACTIVE, State.SUSPENDED}, State.CLOSING, the_clock,
    history=N_("The end date passed; the grant is being closed"),
)  # fmt: skip


async def end(award: Award) -> None:
    async with transaction():
        await lock_for_update(award)
        if award.state in ending.sources and award.ends_on < today():
            await ending(award, SYSTEM)


async def agree(award: Award, person: Person) -> Steps:
    """Two people agree, each in their own role; with the second the award closes."""
    if obstacles := await extensions.before_closing.about(award):
        raise Refused(" ".join(obstacles))
    column = closing_part(person, award)
    second = second_to_settle if award.state == State.TERMINATED else second_to_close
    if not second(person, award):
        facts: dict[str, object] = {column: person.id}
        await update(award, **facts)
        await record("award.closing_agreed", person, award)
        return
    await extensions.on_closing.after(award, person)
    yield {"closed_at": now(), column: person.id}


closes = partial(
    step, obstacle=agreed_already, button=N_("Agree to close the grant"), icon="archive",
    done=N_("The grant is closed."), noted=N_("You agreed. It closes when the second person agrees, too."),
)  # fmt: skip
close = closes(
    "closure", "award.closed", {State.CLOSING}, State.CLOSED, its_closer,
    writes=("closed_at", "closing_manager_id", "closing_finance_id"), history=N_("The grant was closed"),
)(agree)  # fmt: skip
settle = closes(
    "settlement", "award.settled", {State.TERMINATED}, State.CLOSED, its_settler,
    writes=("closed_at", "closing_director_id", "closing_finance_id"),
    history=N_("The terminated grant was settled and closed"),
)(agree)  # fmt: skip

opens_again = partial(
    with_reason,
    facts={"closing_manager_id": None, "closing_director_id": None, "closing_finance_id": None, "closed_at": None},
    button=N_("Open the grant again"), look="bad", labels={"reason": N_("What did the audit find?")},
    hint=N_(
        "It goes back to where it was closed from, and two people close it again. The organisation reads the reason."
    ),
    done=N_("The grant is open again."),
)  # fmt: skip
reopen = opens_again(
    "reopening", "award.reopened", {State.CLOSED}, State.CLOSING, reopens_closing,
    history=N_("The closed grant was opened again"),
)  # fmt: skip
reopen_settlement = opens_again(
    "settlement-reopening", "award.settlement_reopened", {State.CLOSED}, State.TERMINATED, reopens_settlement,
    history=N_("The settled grant was opened again"),
)  # fmt: skip

# what people do, in the order of the buttons
STEPS = (
    offer, sign, countersign, close, settle, ask_change, decline, withdraw, return_for_correction, suspend, resume,
    terminate, reopen, reopen_settlement,
)  # fmt: skip
