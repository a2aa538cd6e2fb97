"""The lifecycle of a tranche is this table: which move from where, and whose it is."""

from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from foundation.database import rows
from grants.disbursements import lifecycle
from grants.disbursements.acts import ACTS
from grants.disbursements.lifecycle import State
from lifecycle.move import MOVES

BEFORE_SENT = {"planned", "due", "requested", "certified", "approved", "authorised", "failed"}
# move → (from, to, who of the cast on a tranche of Vani Youth where nobody has done anything yet)
TABLE = {
    "FALL_DUE": ({"planned"}, "due", {"system"}),
    "REQUEST": ({"due"}, "requested", {"signatory"}),
    "SEND_BACK": ({"requested"}, "due", {"curator"}),
    "CERTIFY": ({"requested"}, "certified", {"curator"}),
    "APPROVE": ({"certified"}, "approved", {"finance"}),
    "RETURN": ({"certified", "approved"}, "due", {"finance", "director"}),
    "AUTHORISE": ({"approved"}, "authorised", {"director"}),
    "REVOKE": ({"authorised"}, "due", {"director"}),
    "SEND": ({"approved", "authorised"}, "sent", {"finance"}),
    "PAY": ({"sent"}, "paid", {"finance"}),
    "FAIL": ({"sent"}, "failed", {"finance"}),
    "RETRY": ({"failed"}, "due", {"finance"}),
    "REVERSE": ({"paid"}, "sent", {"director"}),
    "CONFIRM": ({"paid"}, "confirmed", {"signatory"}),
    "CANCEL": (BEFORE_SENT, "cancelled", {"system"}),
    "ORDER_RECOVERY": ({"paid", "confirmed"}, "recovery_due", {"director"}),
    "RECOVER": ({"recovery_due"}, "recovered", {"finance"}),
    "WRITE_OFF": ({"recovery_due"}, "written_off", {"director"}),
}
REASONED = {"SEND_BACK", "RETURN", "REVOKE", "FAIL", "RETRY", "REVERSE", "ORDER_RECOVERY", "WRITE_OFF"}


def a_tranche(cast, state, **over):
    facts = dict(
        state=state, organisation_id=cast.vani_youth.id, municipality_id=cast.vani.id, curator_id=cast.curator.id,
        requested_by=None, certified_by=None, approved_by=None, authorised_by=None, paid_by=None,
    )  # fmt: skip
    return SimpleNamespace(**(facts | over))


@pytest.mark.parametrize("name", list(TABLE))
async def test_every_state_and_every_person(name, cast):
    sources, target, who = TABLE[name]
    move = getattr(lifecycle, name)
    assert (set(map(str, move.sources)), str(move.target)) == (sources, target)
    people = {**cast.people, "system": SYSTEM}
    for state in State:
        may = {person for person, each in people.items() if move.open_to(each, a_tranche(cast, state))}
        assert may == (who if state in sources else set()), state


def test_the_table_is_whole():
    assert {move.event for move in MOVES["tranche"]} == {getattr(lifecycle, name).event for name in TABLE}
    assert {name for name in TABLE if getattr(lifecycle, name).reasoned} == REASONED
    by_the_clock = {"FALL_DUE", "CANCEL"}
    assert {act.move for act in ACTS.values()} == {getattr(lifecycle, name) for name in TABLE.keys() - by_the_clock}


async def test_the_moves_are_the_arrows_of_the_database(db):
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = 'tranche'")}
    assert {(source, target) for sources, target, _ in TABLE.values() for source in sources} == arrows


async def test_nobody_moves_the_same_money_twice(cast):
    apart = [
        ("APPROVE", "finance", "certified", "requested_by"),
        ("APPROVE", "finance", "certified", "certified_by"),
        ("APPROVE", "finance", "certified", "curator_id"),
        ("SEND", "finance", "authorised", "authorised_by"),
        ("AUTHORISE", "director", "approved", "approved_by"),
        ("AUTHORISE", "director", "approved", "certified_by"),
        ("AUTHORISE", "director", "approved", "curator_id"),
        ("CERTIFY", "curator", "requested", "requested_by"),
    ]
    for name, who, state, part in apart:
        person, move = cast.people[who], getattr(lifecycle, name)
        assert move.open_to(person, a_tranche(cast, state))
        assert not move.open_to(person, a_tranche(cast, state, **{part: person.id})), (name, part)
