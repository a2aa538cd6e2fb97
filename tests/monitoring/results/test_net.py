"""Awarded and paid are told net of what went back, and beside the grant's money what the organisations spent of their own."""

from decimal import Decimal

from foundation.clock import today
from foundation.database import execute
from foundation.language import speaking
from grants.disbursements import transitions
from grants.disbursements.ledger import posting
from grants.disbursements.queries import tranche_by_id
from monitoring.results import funnel, money
from monitoring.results.grants import public_grant
from monitoring.results.money import Beside, Step
from monitoring.results.scope import scope_of
from tests.builders.awards import a_tranche, an_award
from tests.builders.reports import a_report
from tests.importing import importing


async def test_awarded_and_paid_are_told_net_and_own_money_beside_the_grants(cast):
    """Half is given back at the end, a part of the paid comes back; what was spent of their own is no part of a bar."""
    award = await an_award(cast, state="active")
    tranche = await tranche_by_id((await a_tranche(cast, state="recovery_due", award=award)).id)
    await transitions.recover(tranche, cast.finance, today(), "REFUND-1", Decimal(40))
    async with importing():
        await posting.decommit(award, Decimal(3000), cast.director)
        await execute(
            "UPDATE award_line SET own_share = amount / 2 WHERE award_id = $1"
            " AND budget_line_id = (SELECT id FROM budget_line WHERE application_id = $2 AND position = 1)",
            award.id, award.application_id,
        )  # fmt: skip
    await a_report(cast, award, "accepted", spent=Decimal(500))
    for query in ({}, {"period": f"{today():%Y}"}, {"municipality": "vani"}):
        sums = await money.sums(await scope_of(query), "EUR")
        told = {each: sums.amount(each) for each in money.Beside if each is not Beside.REPORTABLE}
        assert sums.amount(Beside.REPORTABLE) == sums.amount(Step.PAID)
        reported = {Beside.OWN_REPORTED: 250, Beside.OWN_VERIFIED: 250}
        assert told == {Beside.GIVEN_BACK: 3000, Beside.RETURNED: 40} | reported, query
        assert (sums.amount(Step.AWARDED), sums.amount(Step.PAID), sums.amount(Step.VERIFIED)) == (6000, 3000, 750)
    grant = await public_grant(award.reference)
    assert (grant["given_back"], grant["returned"], grant["own_reported"], grant["own_verified"]) == (
        3000,
        40,
        250,
        250,
    )
    with speaking("en"):
        notes = {step.label: step.note for step in funnel.steps_of(grant)}
    assert notes == {
        "Awarded": "net €3,000, €3,000 went back", "Paid out": "50% of awarded · net €2,960, €40 came back",
        "Reported spent": "25% of paid · and €250 of their own", "Verified": "100% of reported · and €250 of their own",
    }  # fmt: skip
