"""Two grants side by side: what the money of one waits for, who moved it and what its ledger says, apart from the other."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.clock import today
from foundation.database import execute, value
from grants.awards import transitions as award_steps
from grants.awards.tables import Award
from grants.disbursements import notices, queries, tasks
from grants.disbursements.ledger import posting
from grants.disbursements.ledger import queries as ledger
from tests.builders.awards import a_decided_call, a_tranche, an_award, an_upload
from tests.importing import importing

KINDS = ("agreement_active", "report_accepted")


@pytest.fixture
async def vani(cast) -> Award:
    """Vani's grant, between two of Guria: what is read of the first row or of the last would be another's."""
    made = []
    for organisation, amount in ((cast.guria_women, 7000), (cast.vani_youth, 6000), (cast.guria_women, 8000)):
        made.append(await an_award(cast, organisation=organisation, amount=Decimal(amount)))
    return made[1]


async def test_what_a_tranche_tells_of_its_grant(vani, cast):
    await a_tranche(cast, "paid", vani)
    first, second = await queries.tranches_of(vani)
    assert [(each.number, each.amount, each.state) for each in (first, second)] == [
        (1, Decimal(3000), "paid"), (2, Decimal(3000), "planned"),
    ]  # fmt: skip
    assert (await queries.tranche_of(cast.signatory, vani.reference, 2)).id == second.id
    assert await queries.tranche_of(cast.other_signatory, vani.reference, 2) is None
    for tranche, unfulfilled in ((first, None), (second, "report_accepted")):
        assert (tranche.award_reference, tranche.organisation_en, tranche.slug) == (
            vani.reference,
            "Vani Youth",
            "vani",
        )
        assert (tranche.curator_id, tranche.award_state) == (cast.curator.id, "active")
        assert (tranche.unfulfilled or "").count(unfulfilled or "{") == (1 if unfulfilled else 0)
    assert (first.is_last, second.is_last) == (False, True)
    assert sorted((await queries.persons_of(first)).values()) == [
        "Curator", "Director", "Finance", "Manager", "Signatory",
    ] and await queries.persons_of(second) == {}  # fmt: skip


async def test_conditions_of_one_grant(vani, cast):
    second = (await queries.tranches_of(vani))[1]
    found = await queries.conditions_of(second)
    assert [(each.kind, each.report_number) for each in found] == [("agreement_active", None), ("report_accepted", 1)]
    assert [(await queries.condition_of(second, each.id)).kind for each in found] == [*KINDS]
    upload = await an_upload(cast.curator, "evidence.pdf")
    async with importing():
        proved = "UPDATE tranche_condition SET fulfilled_by = $2, evidence_upload_id = $3 WHERE id = $1"
        await execute(proved, found[0].id, cast.curator.id, upload.id)
    told = [(each.fulfilled_by_name, each.evidence_name) for each in await queries.conditions_of(second)]
    assert told == [("Curator", "evidence.pdf"), (None, None)]
    first = (await queries.tranches_of(vani))[0]
    assert await queries.condition_of(first, found[0].id) is None
    due = found[1].report_due_id
    assert [each.id for each in await queries.open_conditions("report_accepted", report_due_id=due)] == [found[1].id]
    assert [each.id for each in await queries.open_conditions("report_accepted", vani.id)] == [found[1].id]
    assert len(await queries.open_conditions("report_accepted")) == 3
    assert await queries.open_conditions("agreement_active") == []  # these are fulfilled


async def test_what_falls_due_by_itself(vani, cast):
    """Planned, its grant going on, and nothing missing: the first tranche of each; and a day that has come."""
    suspended = await an_award(cast, state="suspended")
    assert {each.award_id for each in await queries.ready_to_fall_due()} >= {vani.id}
    assert {each.number for each in await queries.ready_to_fall_due()} == {1}
    assert suspended.id not in {each.award_id for each in await queries.ready_to_fall_due()}
    await notices.clock()
    assert await queries.ready_to_fall_due() == []
    assert [each.state for each in await queries.tranches_of(vani)] == ["due", "planned"]
    assert {each.state for each in await queries.tranches_of(suspended)} == {"planned"}

    conditions = {}
    async with importing():
        for award, number, days in ((vani, 2, 3), (suspended, 1, 3), (vani, 1, 3), (suspended, 2, 4)):
            tranche = await value("SELECT id FROM tranche WHERE award_id = $1 AND number = $2", award.id, number)
            conditions[award.id, number] = await value(
                "INSERT INTO tranche_condition (tranche_id, kind, due_on) VALUES ($1, 'date', $2) RETURNING id",
                tranche, today() + timedelta(days=days),
            )  # fmt: skip
    assert await queries.dates_reached(today() + timedelta(days=2)) == []
    reached = {each.id for each in await queries.dates_reached(today() + timedelta(days=3))}
    assert reached == {conditions[vani.id, 2], conditions[suspended.id, 1]}
    async with importing():
        await execute("UPDATE tranche_condition SET fulfilled_at = now() WHERE id = $1", conditions[vani.id, 2])
        await execute("UPDATE award SET state = 'terminated' WHERE id = $1", suspended.id)
    assert await queries.dates_reached(today() + timedelta(days=9)) == []


async def test_what_was_never_promised_is_not_given_back(vani, cast):
    """An offer that is declined beside grants that run: its tranches go, and no money moves."""
    offer = await an_award(cast, state="offered")
    await award_steps.decline(offer, cast.signatory, "We cannot carry it out")
    assert {each.state for each in await queries.tranches_of(offer)} == {"cancelled"}
    assert await value("SELECT count(*) FROM ledger_entry WHERE kind = 'decommitment'") == 0
    await award_steps.terminate(vani, cast.director, "It ends")
    assert await value("SELECT sum(amount) FROM ledger_entry WHERE kind = 'decommitment'") == vani.amount


async def test_the_ledger_is_narrowed_by_calls_in_which_money_moved(vani, cast):
    await a_decided_call(cast)
    mine = await value("SELECT reference FROM call WHERE id = $1", vani.call_id)
    found = [each["reference"] for each in await ledger.calls()]
    assert mine in found and len(found) == 3 and found == sorted(found, reverse=True)


async def test_the_balance_of_each_currency(vani, cast):
    """What was cancelled is not planned, what is not signed not awarded, what went back not paid."""
    await a_tranche(cast, "paid", vani)
    await an_award(cast, state="offered", amount=Decimal(500))
    laris = await an_award(cast, amount=Decimal(300), currency="GEL", call=await a_decided_call(cast, currency="GEL"))
    (euros, gel) = await ledger.balance()
    assert (euros["currency"], euros["awards"], euros["awarded"], euros["planned"]) == ("EUR", 3, 21000, 21000)
    assert (euros["paid"], euros["committed"], euros["posted"]) == (3000, 21000, 3000)
    assert (gel["currency"], gel["awards"], gel["awarded"], gel["committed"], gel["paid"]) == ("GEL", 1, 300, 300, 0)
    async with importing():
        await execute("ALTER TABLE tranche DISABLE TRIGGER tranche_money")
        await execute("UPDATE tranche SET state = 'cancelled' WHERE award_id = $1", laris.id)
        await execute("ALTER TABLE tranche ENABLE TRIGGER tranche_money")
    assert (await ledger.balance())[1]["planned"] == 0
    assert await ledger.differences() == []


async def test_a_grant_whose_money_is_told_in_two_ways_is_named(vani, cast):
    """Tranches that are not the grant; a payment in the ledger that no tranche tells."""
    await a_tranche(cast, "paid", vani)
    assert await ledger.differences() == []
    async with importing():
        await posting.pay(vani, (await queries.tranches_of(vani))[1], cast.finance)
    (found,) = await ledger.differences()
    assert (found["reference"], found["paid"], found["posted"]) == (vani.reference, 3000, 6000)
    assert (found["planned"], found["cancelled"]) == (6000, 0)
    draft = await an_award(cast, state="offered", amount=Decimal(500), tranches=(Decimal(100), Decimal(100)))
    running = await an_award(cast, amount=Decimal(500), tranches=(Decimal(100), Decimal(100)))
    named = [each["reference"] for each in await ledger.differences()]
    assert named == sorted([vani.reference, running.reference]) and draft.reference not in named


async def test_the_work_of_others_crowds_nobody_out_of_today(cast, monkeypatch):
    """Finance takes approved payments further, however many older ones wait for a curator."""
    monkeypatch.setattr(tasks, "MOST", 2)
    for _each in range(3):
        await a_tranche(cast, "requested")
    approved = await a_tranche(cast, "approved")
    reference = await value("SELECT reference FROM award WHERE id = $1", approved.award_id)
    found = await tasks.payments(cast.finance)
    assert [each.href for each in found] == [f"/awards/{reference}/tranches/{approved.number}"]
    assert len(await tasks.payments(cast.curator)) == 2
