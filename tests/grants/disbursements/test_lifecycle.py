"""The lifecycle of a tranche is this table: which move from where, and whose it is."""

from datetime import timedelta
from decimal import Decimal
from json import dumps
from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from foundation.clock import now
from foundation.database import rows
from foundation.language import speaking
from grants.disbursements import lifecycle, transitions
from grants.disbursements.bank import transitions as bank
from grants.disbursements.ledger import queries as ledger
from grants.disbursements.lifecycle import State
from grants.disbursements.obstacles import obstacles, obstacles_to_sending
from lifecycle.transition import TRANSITIONS

BEFORE_SENT = {"planned", "due", "requested", "certified", "approved", "authorised", "failed"}
# move → (from, to, who of the cast on a tranche of Vani Youth where nobody has done anything yet)
TABLE = {
    "becoming_due": ({"planned"}, "due", {"system"}),
    "request": ({"due"}, "requested", {"signatory"}),
    "send_back": ({"requested"}, "due", {"curator"}),
    "certify": ({"requested"}, "certified", {"curator"}),
    "approve": ({"certified"}, "approved", {"finance"}),
    "return_payment": ({"certified", "approved"}, "due", {"finance", "director"}),
    "authorise": ({"approved"}, "authorised", {"director"}),
    "revoke": ({"authorised"}, "due", {"director"}),
    "send": ({"approved", "authorised"}, "sent", {"finance"}),
    "pay": ({"sent"}, "paid", {"finance"}),
    "fail": ({"sent"}, "failed", {"finance"}),
    "retry": ({"failed"}, "due", {"finance"}),
    "reverse": ({"paid"}, "sent", {"director"}),
    "correct_order": ({"sent"}, "None", {"finance", "director"}),
    "confirm": ({"paid"}, "confirmed", {"signatory"}),
    "cancel": (BEFORE_SENT, "cancelled", {"system"}),
    "order_recovery": ({"paid", "confirmed", "recovered", "written_off"}, "recovery_due", {"director"}),
    "recover": ({"recovery_due"}, "recovered", {"finance"}),
    "write_off": ({"recovery_due"}, "written_off", {"director"}),
}
REASONED = {
    "send_back",
    "return_payment",
    "revoke",
    "fail",
    "retry",
    "reverse",
    "correct_order",
    "order_recovery",
    "write_off",
}


def a_tranche(cast, state, **over):
    facts = dict(
        state=state, organisation_id=cast.vani_youth.id, municipality_id=cast.vani.id, curator_id=cast.curator.id,
        requested_by=None, certified_by=None, approved_by=None, authorised_by=None, sent_by=None, paid_by=None, amount=Decimal(100),
        currency="GEL",
        director_threshold=Decimal(1000), award_state="active", unfulfilled=None, undone=0, bank_account_id=1, active_account_id=1,
        account_retired_at=None, account_verified_at=None, account_verified_by=None,
    )  # fmt: skip
    return SimpleNamespace(**(facts | over))


def large(name):
    """Only a payment above the threshold asks for the director."""
    return {"amount": Decimal(5000)} if name == "authorise" else {}


@pytest.mark.parametrize("name", list(TABLE))
async def test_every_state_and_every_person(name, cast):
    sources, target, who = TABLE[name]
    move = getattr(transitions, name)
    assert (set(map(str, move.sources)), str(move.target)) == (sources, target)
    people = {**cast.people, "system": SYSTEM}
    for state in State:
        may = {person for person, each in people.items() if move.open_to(each, a_tranche(cast, state, **large(name)))}
        assert may == (who if state in sources else set()), state


def test_the_table_is_whole():
    assert {move.event for move in TRANSITIONS["tranche"]} == {getattr(transitions, name).event for name in TABLE}
    assert {name for name in TABLE if getattr(transitions, name).reason} == REASONED
    by_the_clock = {"becoming_due", "cancel"}
    assert set(transitions.STEPS) == {getattr(transitions, name) for name in TABLE.keys() - by_the_clock}


async def test_the_moves_are_the_arrows_of_the_database(db):
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = 'tranche'")}
    moves = {(source, target) for sources, target, _ in TABLE.values() for source in sources}
    assert {move for move in moves if move[1] != "None"} == arrows


async def test_nobody_moves_the_same_money_twice(cast):
    apart = [
        ("approve", "finance", "certified", "requested_by"),
        ("approve", "finance", "certified", "certified_by"),
        ("approve", "finance", "certified", "curator_id"),
        ("send", "finance", "authorised", "authorised_by"),
        ("authorise", "director", "approved", "approved_by"),
        ("authorise", "director", "approved", "certified_by"),
        ("authorise", "director", "approved", "curator_id"),
        ("certify", "curator", "requested", "requested_by"),
        ("reverse", "director", "paid", "paid_by"),
    ]
    for name, who, state, part in apart:
        person, move = cast.people[who], getattr(transitions, name)
        assert move.open_to(person, a_tranche(cast, state, **large(name)))
        assert not move.open_to(person, a_tranche(cast, state, **large(name), **{part: person.id})), (name, part)


async def test_what_is_in_the_way_closes_the_step(cast):
    ways = [
        ("certify", "curator", "requested", {"award_state": "suspended"}),
        ("approve", "finance", "certified", {"undone": 1}),
        ("approve", "finance", "certified", {"account_verified_by": cast.finance.id}),
        ("authorise", "director", "approved", {"amount": Decimal(5000), "account_retired_at": 1}),
        ("send", "finance", "approved", {"amount": Decimal(5000)}),
        ("request", "signatory", "due", {"active_account_id": None}),
    ]
    for name, who, state, way in ways:
        person, move = cast.people[who], getattr(transitions, name)
        assert move.open_to(person, a_tranche(cast, state, **large(name)))
        assert not move.open_to(person, a_tranche(cast, state, **{**large(name), **way})), name


async def test_who_verified_an_account_is_a_person(cast):
    """Where nobody verified it yet, that nobody is not the service itself."""
    verified = a_tranche(cast, "certified", account_verified_by=cast.finance.id)
    assert lifecycle.verified_its_account(cast.finance, verified)
    assert not lifecycle.verified_its_account(cast.director, verified)
    assert not lifecycle.verified_its_account(SYSTEM, a_tranche(cast, "certified"))


async def test_what_is_in_the_way_of_the_money_is_said(cast):
    def said(**over):
        with speaking("en"):
            return obstacles(a_tranche(cast, "certified", **over))

    assert said() == []
    (undone,) = said(undone=1)
    assert undone == "A report or visit that this payment rests on is being examined again."
    contract = {
        "kind": "document",
        "description_en": "Contract",
        "description_ka": None,
        "report": None,
        "due_on": None,
    }
    (waiting,) = said(unfulfilled=dumps([contract]))
    assert waiting.startswith("It waits until this is fulfilled: ") and "Contract" in waiting
    assert "1 May 2026" in said(unfulfilled=dumps([contract | {"kind": "date", "due_on": "2026-05-01"}]))[0]
    for state, way in (
        ("certified", {"account_retired_at": 1}), ("certified", {"active_account_id": 2}),
        ("due", {"active_account_id": None}),
    ):  # fmt: skip
        with speaking("en"):
            assert len(obstacles(a_tranche(cast, state, **way))) == 1
            assert obstacles(a_tranche(cast, "planned", **way)) == []


async def test_a_new_account_holds_up_what_is_ready_to_go_and_nothing_else(cast):
    def held_up(state, verified, days=3):
        cooling = {"account_verified_at": verified, "bank_cooling": timedelta(days=days)}
        return len(obstacles_to_sending(a_tranche(cast, state, **cooling)))

    recently, long_ago = now() - timedelta(days=2), now() - timedelta(days=4)
    assert {str(each) for each in State if held_up(each, recently)} == {"approved", "authorised"}
    assert not any(held_up(state, verified) for state in ("approved", "authorised") for verified in (long_ago, None))


async def test_the_directors_word_is_wanted_from_the_threshold_on_and_only_once_finance_has_approved(cast):
    def asked(state, amount):
        return len(
            obstacles_to_sending(a_tranche(cast, state, amount=Decimal(amount), director_threshold=Decimal(1000)))
        )

    assert [asked("approved", amount) for amount in ("999.99", "1000", "1000.01")] == [0, 1, 1]
    assert {str(state) for state in State if asked(state, 5000)} == {"approved"}


async def test_after_the_end_the_last_tranche_alone_goes_on(cast):
    for state, is_last, held_up in (
        ("active", False, 0),
        ("closing", True, 0),
        ("closing", False, 1),
        ("drafting", True, 1),
    ):
        assert len(obstacles(a_tranche(cast, "certified", award_state=state, is_last=is_last))) == held_up, state


async def test_who_verifies_an_account_and_who_ends_its_use(cast):
    """Never whoever entered it, nor anybody of that organisation, whatever else they are."""
    facts = {"organisation_id": cast.vani_youth.id, "verified_at": None, "retired_at": None}
    account = SimpleNamespace(entered_by=cast.signatory.id, **facts)

    def who(may, of=account):
        return {name for name, person in cast.people.items() if may(person, of)}

    assert who(bank.verify.open_to) == {"finance", "manager"}
    assert who(bank.retire.open_to) == {"finance", "manager", "signatory"}
    for name in ("finance", "manager"):
        entered = SimpleNamespace(entered_by=cast.people[name].id, **facts)
        assert who(bank.verify.open_to, entered) == {"finance", "manager"} - {name}
    of_both = SimpleNamespace(
        id=cast.finance.id, is_finance=True, is_manager=False, works_for=lambda its: its == cast.vani_youth.id
    )
    assert not bank.verify.open_to(of_both, account)
    assert bank.verify.open_to(of_both, SimpleNamespace(**{**vars(account), "organisation_id": cast.guria_women.id}))


async def test_who_reads_the_ledger(cast):
    assert {name for name, person in cast.people.items() if ledger.may_see(person)} == {
        "finance",
        "director",
        "auditor",
    }
