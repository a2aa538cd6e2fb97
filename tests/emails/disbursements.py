"""Emails about tranches and bank accounts."""

from decimal import Decimal

from foundation.clock import today
from foundation.database import row
from grants.disbursements import transitions
from grants.disbursements.queries import tranche_by_id
from lifecycle.record import record
from tests.builders.awards import a_bank_account, a_tranche, an_award
from tests.emails.telling import REASON, WITH_REASON, Email, Facts, Told, day, euros, moment, named, recorded

OWN, PAGE, BANK = "editor signatory", "/awards/{reference}/tranches/{number}", "/organisations/{whose}/bank"
ALL_ABOUT_MONEY = OWN + " finance manager"


async def one(cast, state):
    """The first of two, large enough for the director's authorisation."""
    award = await an_award(cast, "active", "12000.50", (Decimal("7000.50"), Decimal("5000")))
    tranche = await a_tranche(cast, state, award)
    return tranche, {
        "reference": award.reference, "number": "1", "amount": euros(Decimal("7000.50")), "paid": day(today()),
        "organisation": named(cast.vani_youth, "name"),
    }  # fmt: skip


async def asked_back(cast, event) -> Facts:
    tranche, facts = await one(cast, "confirmed")
    tranche = await tranche_by_id(tranche.id)
    await transitions.order_recovery(tranche, cast.director, amount=Decimal("250.25"), reason=REASON)
    return facts | {"recovery": euros(Decimal("250.25")), "reason": REASON}


async def given_up(cast, event) -> Facts:
    tranche, facts = await one(cast, "written_off")
    await record(event, cast.director, tranche, amount="100.00", reason=REASON)
    return facts | {"recovery": euros(100), "reason": REASON}


def account(verified, by, shared=False):
    async def happen(cast, event) -> Facts:
        if shared:
            await a_bank_account(cast, cast.guria_women)
        there = await a_bank_account(cast, cast.vani_youth, verified)
        await record(event, cast.people[by], there)
        at = await row("SELECT at FROM event WHERE name = $1", event)
        return {
            "whose": str(cast.vani_youth.id), "organisation": named(cast.vani_youth, "name"), "account": MASKED,
            "who": cast.people[by].name, "moment": moment(at["at"]), "others": named(cast.guria_women, "name"),
        }  # fmt: skip

    return happen


MASKED = "GE… 4917"
WENT_BACK = "Returned: {reference}, tranche {number}"
EMAILS = [
    Told("tranche.due", recorded(one, "due"), [
        Email(OWN, "Ready to request: {reference}, tranche {number}", "number amount", PAGE),
    ]),
    Told("tranche.requested", recorded(one, "requested", by="signatory"), [
        Email("curator", "A request to certify: {reference}, tranche {number}", "organisation number amount", PAGE),
    ]),
    Told("tranche.certified", recorded(one, "certified", by="curator"), [
        Email("finance", "A payment to approve: {reference}, tranche {number}", "number amount organisation", PAGE),
    ]),
    Told("tranche.approved", recorded(one, "approved", by="finance"), [
        Email("director", "A payment to authorise: {reference}, tranche {number}", "number amount organisation", PAGE),
    ]),
    Told("tranche.request_returned", recorded(one, "due", by="curator", tells=WITH_REASON), [
        Email(OWN, WENT_BACK, "number amount reason", PAGE),
    ]),
    Told("tranche.returned", recorded(one, "due", by="finance", tells=WITH_REASON), [
        Email(OWN, WENT_BACK, "number amount reason", PAGE),
    ]),
    Told("tranche.authorisation_revoked", recorded(one, "due", by="director", tells=WITH_REASON), [
        Email(OWN, WENT_BACK, "number amount reason", PAGE),
    ]),
    Told("tranche.failed", recorded(one, "failed", by="finance", tells=WITH_REASON), [
        Email(OWN, "The payment failed: {reference}, tranche {number}", "number amount reason", PAGE),
    ]),
    Told("tranche.retried", recorded(one, "due", by="finance", tells=WITH_REASON), [
        Email(OWN, "Request it again: {reference}, tranche {number}", "number amount reason", PAGE),
    ]),
    Told("tranche.paid", recorded(one, "paid", by="finance"), [
        Email(OWN + " curator", "Paid: {reference}, tranche {number}", "amount organisation paid", PAGE),
    ]),
    Told("tranche.payment_reversed", recorded(one, "sent", by="director", tells=WITH_REASON), [
        Email(OWN + " finance", "Not paid yet: {reference}, tranche {number}", "number amount reason", PAGE),
    ]),
    Told("tranche.recovery_ordered", asked_back, [
        Email("signatory finance", "Money to return: {reference}, tranche {number}", "recovery number reason", PAGE),
    ]),
    Told("tranche.written_off", given_up, [
        Email("signatory finance", "Written off: {reference}, tranche {number}", "recovery number reason", PAGE),
    ]),
    Told("bank_account.entered", account(False, "signatory"), [
        Email(ALL_ABOUT_MONEY, "A bank account was entered for {organisation}", "who account organisation moment", BANK),
    ]),
    Told("bank_account.entered", account(False, "signatory", shared=True), [
        Email(ALL_ABOUT_MONEY, "A bank account was entered for {organisation}", "who account organisation moment", BANK),
        Email("finance manager", "Two organisations with one bank account", "account organisation others", BANK),
    ], "that another has"),
    Told("bank_account.verified", account(True, "manager"), [
        Email(ALL_ABOUT_MONEY, "A bank account is verified for {organisation}", "organisation account who moment", BANK),
    ]),
    Told("bank_account.retired", account(True, "manager"), [
        Email(ALL_ABOUT_MONEY, "A bank account of {organisation} is no longer used", "account organisation moment who",
              BANK),
    ]),
]  # fmt: skip
