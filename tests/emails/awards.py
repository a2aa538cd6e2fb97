"""Emails about grants."""

from foundation.clock import today
from grants.awards import approvals
from grants.awards.queries import recommendation_of
from lifecycle.record import record
from tests.builders.awards import a_recommended_application, an_award
from tests.emails.telling import REASON, WITH_REASON, Email, Facts, Told, day, euros, named, recorded

OWN, STAFF, PAGE = "editor signatory", "curator director", "/awards/{reference}"
CONCERNED = OWN + " curator"


async def one(cast, state):
    """Another grant, of the other organisation, is nobody's concern here."""
    await an_award(cast, organisation=cast.guria_women)
    award = await an_award(cast, state, "6000.50")
    return award, {
        "reference": award.reference, "title": named(award, "title"), "amount": euros(award.amount),
        "organisation": named(cast.vani_youth, "name"), "end": day(award.ends_on),
        "until": day(award.offer_expires_on or today()),
    }  # fmt: skip


def refused(step):
    async def happen(cast, event) -> Facts:
        application = await a_recommended_application(cast, "6000.50")
        await step(await recommendation_of(cast.director, application.number), cast.director, REASON)
        return {"number": application.number, "reason": REASON}

    return happen


async def approved(cast, event) -> Facts:
    award, facts = await one(cast, "drafting")
    await record(event, cast.director, award, amount=str(award.amount))
    return facts


EMAILS = [
    Told("application.recommendation_declined", refused(approvals.reject), [
        Email(OWN, "Not approved: application {number}", "reason", "/applications/{number}"),
    ]),
    Told("award.drafted", approved, [
        Email(OWN, "Your grant is approved: {title}", "amount title reference", PAGE),
    ]),
    Told("award.offered", recorded(one, "offered", by="director"), [
        Email(OWN, "Agreement for signature: {reference}", "title amount until", PAGE),
    ]),
    Told("award.signed", recorded(one, "signed_cso", by="signatory"), [
        Email("director", "For your countersignature: {reference}", "organisation title amount",
              PAGE + "/countersignature"),
    ]),
    Told("award.change_asked", recorded(one, "offered", by="signatory", tells=WITH_REASON), [
        Email(STAFF, "A change is asked: {reference}", "organisation title reason", PAGE),
    ]),
    Told("award.declined", recorded(one, "declined", by="signatory", tells=WITH_REASON), [
        Email(STAFF, "Grant declined: {reference}", "organisation title amount reason", PAGE),
    ]),
    Told("award.offer_expired", recorded(one, "declined"), [
        Email(STAFF + " signatory", "Offer expired: {reference}", "organisation title amount", PAGE),
    ]),
    Told("award.activated", recorded(one, "active", by="director"), [
        Email(CONCERNED, "The grant is active: {reference}", "title amount", PAGE),
    ]),
    Told("award.returned", recorded(one, "drafting", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The agreement is drafted again: {reference}", "title reason", PAGE),
    ]),
    Told("award.withdrawn_by_funder", recorded(one, "withdrawn_by_funder", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant was withdrawn: {reference}", "title reason", PAGE),
    ]),
    Told("award.suspended", recorded(one, "suspended", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant is suspended: {reference}", "title reason", PAGE),
    ]),
    Told("award.resumed", recorded(one, "active", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant has resumed: {reference}", "title reason", PAGE),
    ]),
    Told("award.ended", recorded(one, "closing"), [
        Email(CONCERNED, "The end date has passed: {reference}", "title end", PAGE),
    ]),
    Told("award.terminated", recorded(one, "terminated", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant was terminated: {reference}", "title reason", PAGE),
    ]),
    Told("award.closed", recorded(one, "closed", by="finance"), [
        Email(CONCERNED, "The grant is closed: {reference}", "title", PAGE),
    ]),
    Told("award.settled", recorded(one, "terminated", by="finance"), [
        Email(CONCERNED, "The grant is closed: {reference}", "title", PAGE),
    ]),
    Told("award.reopened", recorded(one, "closing", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant is open again: {reference}", "title reason", PAGE),
    ]),
    Told("award.settlement_reopened", recorded(one, "terminated", by="director", tells=WITH_REASON), [
        Email(CONCERNED, "The grant is open again: {reference}", "title reason", PAGE),
    ]),
]  # fmt: skip
