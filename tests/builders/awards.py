"""An award in any state with everything behind it, and a tranche in any state."""

import hashlib
import os
from datetime import timedelta
from decimal import Decimal

from accounts.tables import Organisation
from foundation.clock import now, today
from foundation.database import execute, insert, one_of, row, rows, update, value
from foundation.money import split
from grants.applications.tables import Application, BudgetLine
from grants.awards.lifecycle import State
from grants.awards.tables import Agreement, Award, ReportDue, Signature
from grants.calls.tables import Call
from grants.disbursements.ledger import posting
from grants.disbursements.tables import BankAccount, Tranche, TrancheCondition
from grants.reviews.tables import Decision, MeetingMinutes, Review
from tests.importing import importing
from uploads.tables import Blob, Upload

SIGNED = State.in_set("signed")
ACTIVE_ACCOUNT = (
    "SELECT * FROM bank_account WHERE organisation_id = $1 AND verified_at IS NOT NULL AND retired_at IS NULL"
)
# accepted without anything in them, where nobody has made these reports: those whose lines of the calendar are $1
ACCEPTED_REPORTS = """
INSERT INTO report (award_id, report_due_id, currency, state, submitted_by, submitted_at, body, body_sha256, verified_by,
  verified_at, manager_id, finance_id, accepted_at, accepted_cost)
SELECT d.award_id, d.id, a.currency, 'accepted', $2, now(), '{}', sha256(convert_to('{}', 'UTF8')), $3, now(), $4, $5,
  now(), 0
FROM report_due d JOIN award a ON a.id = d.award_id WHERE d.id = ANY($1::uuid[]) ON CONFLICT (report_due_id) DO NOTHING
"""
ORDER = ["planned", "due", "requested", "certified", "approved", "authorised", "sent", "paid", "confirmed"]
GOOD_IBANS = ("GE29NB0000000101904917", "GE70NB0000000123123123", "GE97TB0000000000000003")


def _people(cast, organisation):
    """(curator, signatory) of the organisation."""
    if organisation.id == cast.guria_women.id:
        return cast.curator2, cast.other_signatory
    return cast.curator, cast.signatory


def _place(cast, organisation):
    return organisation.municipality_id or cast.vani.id


async def a_decided_call(cast, envelope=Decimal("100000"), **over) -> Call:
    n = os.urandom(3).hex()
    facts = dict(
        programme_id=cast.programme.id,
        reference=f"C-{n}",
        state="decided",
        title_ka="მცირე გრანტები",
        title_en="Small grants",
        summary_ka="მცირე გრანტები",
        summary_en="Small grants",
        currency="EUR",
        envelope=envelope,
        min_award=Decimal("100"),
        max_award=min(envelope, Decimal("60000")),
        opens_at=now() - timedelta(days=90),
        deadline=now() - timedelta(days=60),
        created_by=cast.curator.id,
        approved_by=cast.manager.id,
        decided_at=now() - timedelta(days=10),
    )
    async with importing():
        return await insert(Call, **(facts | over))


async def a_recommended_application(
    cast,
    amount=Decimal("6000"),
    organisation: Organisation | None = None,
    call: Call | None = None,
    state="recommended",
    requested=None,
    reviews=2,
    minutes="signed",
) -> Application:
    """Scored by two reviewers and approved by the committee in signed minutes; the director has not decided yet."""
    organisation = organisation or cast.vani_youth
    curator, signatory = _people(cast, organisation)
    amount = Decimal(amount)
    requested = Decimal(requested or amount)
    call = call or await a_decided_call(cast)
    async with importing():
        application = await insert(
            Application,
            number=f"A-{os.urandom(4).hex()}",
            call_id=call.id,
            organisation_id=organisation.id,
            municipality_id=_place(cast, organisation),
            currency=call.currency,
            state=state,
            title_ka="ღია ბიუჯეტი ვანში",
            title_en="Open budget in Vani",
            summary_ka="მოკლე შინაარსი",
            summary_en="Summary",
            requested=requested,
            starts_on=today() + timedelta(days=30),
            ends_on=today() + timedelta(days=210),
            declared=True,
            submitted_at=now() - timedelta(days=61),
            submitted_by=signatory.id,
            body={"title": "x"},
            body_sha256=hashlib.sha256(b"x").digest(),
            checked_by=curator.id,
            created_by=signatory.id,
        )
        for position, (category, part) in enumerate(
            zip(("people", "events"), split(requested, [Decimal(2), Decimal(1)]), strict=True), 1
        ):
            await insert(
                BudgetLine,
                application_id=application.id,
                position=position,
                category=category,
                item=category.capitalize(),
                quantity=Decimal(1),
                unit_cost=part,
                amount=part,
            )
        for reviewer in (cast.reviewer, cast.reviewer2)[:reviews]:
            await insert(
                Review,
                application_id=application.id,
                call_id=call.id,
                reviewer_id=reviewer.id,
                state="locked",
                assigned_by=cast.manager.id,
                conflict=False,
                declared_at=now(),
                total=Decimal("80"),
                locked_at=now(),
            )
        if minutes:
            await _minuted(cast, call, application, amount, minutes)
    return application


async def _minuted(cast, call, application, amount, state):
    number = await value("SELECT coalesce(max(number), 0) + 1 FROM meeting_minutes WHERE call_id = $1", call.id)
    facts = dict(signed_by=cast.chair.id, signed_at=now(), body={"n": 1}, body_sha256=hashlib.sha256(b"m").digest())
    minutes = await insert(
        MeetingMinutes,
        call_id=call.id,
        number=number,
        held_on=today(),
        state=state,
        opened_by=cast.chair.id,
        **(facts if state == "signed" else {}),
    )
    await insert(
        Decision,
        minutes_id=minutes.id,
        call_id=call.id,
        application_id=application.id,
        outcome="approve",
        rank=1,
        amount=amount,
        reason="Clear and needed",
        decided_by=cast.chair.id,
    )


async def an_award(
    cast,
    state="active",
    amount=Decimal("6000"),
    tranches=(Decimal("0.5"), Decimal("0.5")),
    organisation: Organisation | None = None,
    call: Call | None = None,
    **over,
) -> Award:
    """An award with its call, application, reviews, minutes, agreement, signatures, tranches and report calendar.

    `tranches` are shares when they add up to one, else amounts; `over` sets columns of the award."""
    organisation = organisation or cast.vani_youth
    curator, signatory = _people(cast, organisation)
    amount = Decimal(amount)
    application = await a_recommended_application(cast, amount, organisation, call, state="approved")
    started = over.get("starts_on", today() - timedelta(days=20))
    facts = dict(
        reference=f"G-2026-{int.from_bytes(os.urandom(3), 'big'):08d}",
        application_id=application.id,
        call_id=application.call_id,
        organisation_id=organisation.id,
        municipality_id=_place(cast, organisation),
        currency=application.currency,
        amount=amount,
        state=state,
        title_ka=application.title_ka,
        title_en=application.title_en,
        summary_ka=application.summary_ka,
        summary_en=application.summary_en,
        starts_on=started,
        ends_on=started + timedelta(days=180),
        prevailing_language="ka",
        curator_id=curator.id,
        proposed_by=cast.chair.id,
        approved_by=cast.director.id,
        approved_at=now() - timedelta(days=9),
    )
    if state not in ("drafting", "withdrawn_by_funder"):
        facts |= dict(
            offered_by=cast.director.id,
            offered_at=now() - timedelta(days=8),
            offer_expires_on=today() + timedelta(days=14),
        )
    if state == "signed_cso" or state in SIGNED:
        facts |= dict(signed_by=signatory.id, signed_at=now() - timedelta(days=7))
    if state in SIGNED:
        facts |= dict(countersigned_by=cast.director.id, countersigned_at=now() - timedelta(days=6))
    if state == "closed":
        facts |= dict(closing_manager_id=cast.manager.id, closing_finance_id=cast.finance.id, closed_at=now())
    async with importing():
        award = await insert(Award, **(facts | over))
        await _report_calendar(award)
        await _tranches(cast, award, tranches)
        if state not in ("drafting", "withdrawn_by_funder"):
            await _agreed(cast, award, signatory, state)
        if state in SIGNED:
            await posting.commit(award, cast.director)
            await a_bank_account(cast, organisation)
    return award


async def a_final_report(cast, award) -> None:
    """Accepted, with all that was paid, so that the award can close."""
    curator, signatory = _people(
        cast, await one_of(Organisation, "SELECT * FROM organisation WHERE id = $1", award.organisation_id)
    )
    final = await rows("SELECT id FROM report_due WHERE award_id = $1 AND kind = 'final'", award.id)
    held = await value("SELECT with_grantee($1)", award.id)
    async with importing():
        await _accepted(cast, curator, signatory, final)
        if held > 0:
            await posting.accept_cost(award, held, cast.finance, f"report:{award.reference}/2")


async def _accepted(cast, curator, signatory, dues):
    people = signatory.id, curator.id, cast.manager.id, cast.finance.id
    await execute(ACCEPTED_REPORTS, [due[0] for due in dues], *people)


async def _report_calendar(award):
    middle = award.starts_on + (award.ends_on - award.starts_on) / 2
    for number, kind, since, until in (
        (1, "interim", award.starts_on, middle),
        (2, "final", middle + timedelta(days=1), award.ends_on),
    ):
        await insert(
            ReportDue,
            award_id=award.id,
            number=number,
            kind=kind,
            period_from=since,
            period_to=until,
            due_on=until + timedelta(days=15),
        )


async def _tranches(cast, award, parts):
    parts = [Decimal(part) for part in parts]
    amounts = split(award.amount, parts) if sum(parts) == 1 else parts
    for number, part in enumerate(amounts, 1):
        tranche = await insert(
            Tranche,
            award_id=award.id,
            organisation_id=award.organisation_id,
            currency=award.currency,
            number=number,
            amount=part,
            planned_on=award.starts_on + timedelta(days=60 * (number - 1)),
        )
        fulfilled = dict(fulfilled_at=now()) if award.state in SIGNED else {}
        await insert(TrancheCondition, tranche_id=tranche.id, kind="agreement_active", **fulfilled)
        if number == 2:
            due = await row("SELECT id FROM report_due WHERE award_id = $1 AND number = 1", award.id)
            await insert(TrancheCondition, tranche_id=tranche.id, kind="report_accepted", report_due_id=due["id"])


async def _agreed(cast, award, signatory, state):
    upload = await an_upload(cast.director, "agreement.pdf")
    agreement = await insert(
        Agreement,
        award_id=award.id,
        version=1,
        upload_id=upload.id,
        document_sha256=upload.blob_sha256,
        body={"version": 1},
        made_by=cast.director.id,
    )
    if state == "signed_cso" or state in SIGNED:
        scan = await an_upload(signatory, "signed.pdf")
        await insert(
            Signature,
            agreement_id=agreement.id,
            award_id=award.id,
            party="cso",
            upload_id=scan.id,
            signed_by=signatory.id,
        )
    if state in SIGNED:
        await insert(
            Signature, agreement_id=agreement.id, award_id=award.id, party="funder", signed_by=cast.director.id
        )


async def an_upload(person, filename="file.pdf", media_type="application/pdf") -> Upload:
    """A checked file of which only the record exists; tests that send bytes use the uploads room itself."""
    async with importing():
        blob = await insert(Blob, sha256=os.urandom(32), size=1000, media_type=media_type, state="clean")
        return await insert(Upload, blob_sha256=blob.sha256, filename=filename, uploaded_by=person.id)


async def a_bank_account(cast, organisation: Organisation | None = None, verified=True, **over) -> BankAccount:
    """The organisation's account, verified by the manager; an organisation has one active account."""
    organisation = organisation or cast.vani_youth
    there = await one_of(
        BankAccount,
        ACTIVE_ACCOUNT,
        organisation.id,
    )
    if there and verified and not over:
        return there
    _, signatory = _people(cast, organisation)
    letter = await an_upload(signatory, "bank-letter.pdf")
    facts = dict(
        organisation_id=organisation.id,
        holder=organisation.name_en,
        iban=GOOD_IBANS[0],
        bank_name="Example Bank",
        letter_upload_id=letter.id,
        entered_by=signatory.id,
    )
    if verified:
        facts |= dict(
            verified_by=cast.manager.id, verified_at=now() - timedelta(days=5), verification_note="Called the office"
        )
    async with importing():
        return await insert(BankAccount, **(facts | over))


async def a_tranche(cast, state="due", award: Award | None = None, number=1, **over) -> Tranche:
    """One tranche of an active award, brought to this state with its facts; conditions fulfilled unless planned."""
    award = award or await an_award(cast)
    curator, signatory = _people(
        cast, await one_of(Organisation, "SELECT * FROM organisation WHERE id = $1", award.organisation_id)
    )
    account = await one_of(
        BankAccount,
        ACTIVE_ACCOUNT,
        award.organisation_id,
    )
    there = await one_of(Tranche, "SELECT * FROM tranche WHERE award_id = $1 AND number = $2", award.id, number)
    reached = ORDER.index(
        {
            "recovery_due": "confirmed",
            "recovered": "confirmed",
            "written_off": "confirmed",
            "failed": "sent",
            "cancelled": "planned",
        }.get(state, state)
    )
    facts = {}
    if reached >= ORDER.index("due"):
        facts |= dict(due_at=now() - timedelta(days=4))
    if reached >= ORDER.index("requested"):
        facts |= dict(requested_by=signatory.id, requested_at=now() - timedelta(days=3), bank_account_id=account.id)
    if reached >= ORDER.index("certified"):
        facts |= dict(
            certified_by=curator.id, certified_at=now() - timedelta(days=3), certificate="Everything is in order"
        )
    if reached >= ORDER.index("approved"):
        facts |= dict(approved_by=cast.finance.id, approved_at=now() - timedelta(days=2))
    if reached >= ORDER.index("authorised"):
        facts |= dict(authorised_by=cast.director.id, authorised_at=now() - timedelta(days=2))
    if reached >= ORDER.index("sent"):
        facts |= dict(
            sent_by=cast.finance.id, sent_at=now() - timedelta(days=1), order_reference=f"PO-{os.urandom(4).hex()}"
        )
    if reached >= ORDER.index("paid"):
        facts |= dict(paid_by=cast.finance.id, paid_on=today(), bank_reference=f"BR-{os.urandom(4).hex()}")
    if reached >= ORDER.index("confirmed"):
        facts |= dict(confirmed_by=signatory.id, confirmed_at=now())
    if state in ("recovery_due", "recovered", "written_off"):
        facts |= dict(recovery_amount=Decimal("100"))
    if state == "recovered":
        facts |= dict(recovered_on=today(), recovery_reference="RR-1")
    async with importing():
        if state != "planned":
            await execute(
                "UPDATE tranche_condition SET fulfilled_at = now() WHERE tranche_id = $1 AND fulfilled_at IS NULL",
                there.id,
            )
            awaited = "SELECT report_due_id FROM tranche_condition WHERE tranche_id = $1 AND kind = 'report_accepted'"
            await _accepted(cast, curator, signatory, await rows(awaited, there.id))
        await execute("ALTER TABLE tranche DISABLE TRIGGER tranche_state")
        await execute("ALTER TABLE tranche DISABLE TRIGGER tranche_money")
        try:
            await update(there, state=state, **(facts | over))
        finally:
            await execute("ALTER TABLE tranche ENABLE TRIGGER tranche_state")
            await execute("ALTER TABLE tranche ENABLE TRIGGER tranche_money")
        if reached >= ORDER.index("paid"):
            await posting.pay(award, there, cast.finance)
    return there
