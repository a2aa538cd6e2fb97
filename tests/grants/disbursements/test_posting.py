"""What each verb writes into the ledger: which account gives, which takes, and what a correction turns round."""

from decimal import Decimal

import pytest

from foundation.database import rows, value
from grants.disbursements.ledger import posting
from tests.builders.awards import a_tranche, an_award
from tests.importing import importing


@pytest.fixture
async def award(cast):
    return await an_award(cast, state="active")


@pytest.fixture
async def tranche(cast, award):
    return await a_tranche(cast, award=award, state="sent")


ENTRY = (
    "SELECT kind, debit, credit, amount, currency, call_id, award_id, tranche_id, actor, note FROM ledger_entry"
    " WHERE id > $1 ORDER BY id"
)


async def posted(*posts):
    """What these write, past the guards that want each entry to happen in its own step."""
    last = await value("SELECT coalesce(max(id), 0) FROM ledger_entry")
    async with importing():
        for post in posts:
            await post
        return [tuple(each.values()) for each in await rows(ENTRY, last)]


async def test_each_verb_names_its_two_accounts_and_all_it_is_of(cast, award, tranche):
    second = await a_tranche(cast, award=award, number=2, state="sent")
    person, amount, part = cast.finance, tranche.amount, Decimal("12.34")
    envelope = f"envelope:{await value('SELECT reference FROM call WHERE id = $1', award.call_id)}"
    promised, held, costs = (f"{name}:{award.reference}" for name in ("commitments", "grantee", "costs"))
    bank, losses = "bank:programme", "losses:programme"
    all_of_it, of_it = (award.currency, award.call_id, award.id), (person.id,)
    assert await posted(
        posting.decommit(award, part, person),
        posting.decommit(award, part, person, tranche, "Cheaper"),
        posting.pay(award, tranche, person),
        posting.recover(award, tranche, part, person),
        posting.write_off(award, second, part, person, "Gone"),
        posting.accept_cost(award, part, person, "Report 1"),
    ) == [
        ("decommitment", envelope, promised, part, *all_of_it, None, *of_it, None),
        ("decommitment", envelope, promised, part, *all_of_it, tranche.id, *of_it, "Cheaper"),
        ("payment", held, bank, amount, *all_of_it, tranche.id, *of_it, None),
        ("recovery", bank, held, part, *all_of_it, tranche.id, *of_it, None),
        ("write_off", losses, held, part, *all_of_it, second.id, *of_it, "Gone"),
        ("accepted_cost", costs, held, part, *all_of_it, None, *of_it, "Report 1"),
    ]


async def test_what_is_committed_is_the_whole_grant(cast):
    award = await an_award(cast, state="offered")
    envelope = f"envelope:{await value('SELECT reference FROM call WHERE id = $1', award.call_id)}"
    [entry] = await posted(posting.commit(award, cast.signatory))
    assert entry[:4] == ("commitment", f"commitments:{award.reference}", envelope, award.amount)


async def test_a_cost_is_taken_back_once_and_no_other_cost_with_it(cast, award):
    other = await an_award(cast, organisation=cast.guria_women, state="active")
    accept = [
        posting.accept_cost(award, Decimal(10), cast.finance, "Report 1"),
        posting.accept_cost(award, Decimal(20), cast.finance, "Report 2"),
        posting.accept_cost(other, Decimal(30), cast.finance, "Report 1"),
    ]
    await posted(*accept)
    [back] = await posted(posting.take_back_cost(award, cast.manager, "Report 1"))
    costs, held = f"costs:{award.reference}", f"grantee:{award.reference}"
    expected = (award.currency, award.call_id, award.id, None, cast.manager.id, "Report 1")
    assert back == ("reversal", held, costs, Decimal(10), *expected)
    assert await posted(posting.take_back_cost(award, cast.manager, "Report 1")) == []


async def test_a_payment_is_reversed_once_and_nothing_else_of_its_tranche(cast, award):
    tranche = await a_tranche(cast, award=award, state="paid")
    await a_tranche(cast, award=award, number=2, state="paid")
    await posted(posting.decommit(award, Decimal(1), cast.finance, tranche, "Cheaper"))
    [back] = await posted(posting.reverse_payment(award, tranche, cast.director, "It came back"))
    expected = (award.currency, award.call_id, award.id, tranche.id, cast.director.id, "It came back")
    assert back == ("reversal", "bank:programme", f"grantee:{award.reference}", tranche.amount, *expected)
    turned = (
        "SELECT p.kind, p.tranche_id FROM ledger_entry r JOIN ledger_entry p ON p.id = r.reverses WHERE r.award_id = $1"
    )
    assert [tuple(each.values()) for each in await rows(turned, award.id)] == [("payment", tranche.id)]
    assert await posted(posting.reverse_payment(award, tranche, cast.director, "It came back")) == []
