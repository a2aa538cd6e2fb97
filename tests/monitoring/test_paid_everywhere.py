"""What was paid of a grant is one figure, wherever it is told: in each state of a tranche, money that left counts."""

from types import SimpleNamespace

import pytest

from grants.awards.listing import AWARDS
from grants.awards.queries import surroundings_of
from grants.disbursements.ledger.queries import balance
from grants.disbursements.lifecycle import State
from grants.disbursements.pages import sums_of
from grants.disbursements.queries import tranches_of
from monitoring.reports.queries import spent_so_far
from monitoring.results.grants import public_grant
from tests.builders.awards import a_tranche, an_award


@pytest.mark.parametrize("state", State)
async def test_every_page_tells_the_same_sum_paid(state, cast):
    award = await an_award(cast)
    tranche = await a_tranche(cast, state=state, award=award)
    paid = tranche.amount if state in State.in_set("paid") else 0
    (listed,) = (await AWARDS.rows(cast.director, AWARDS.list_query({"q": award.reference}))).rows
    (together,) = await balance()
    told = {
        "the grantee's report": (await spent_so_far(SimpleNamespace(award_id=award.id, number=1)))["paid"],
        "the page of the grant": (await surroundings_of(award))["paid"],
        "the list of grants": listed["paid"],
        "the tranches": sums_of(award, await tranches_of(award))["paid"],
        "the public page": (await public_grant(award.reference))["paid"],
        "the ledger's balance": together["paid"],
    }
    assert told == dict.fromkeys(told, paid)
