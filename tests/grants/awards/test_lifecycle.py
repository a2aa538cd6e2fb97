"""The lifecycle of an award is this table: which move from where, and whose it is."""

from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from foundation.database import rows
from grants.awards import actions, lifecycle
from grants.awards.lifecycle import State
from lifecycle.move import MOVES

# move → (from, to, who of the cast on an award of Vani Youth)
TABLE = {
    "OFFER": ({"drafting"}, "offered", {"director"}),
    "ASK_CHANGE": ({"offered"}, "drafting", {"signatory"}),
    "DECLINE": ({"offered"}, "declined", {"signatory"}),
    "EXPIRE": ({"offered"}, "declined", {"system"}),
    "WITHDRAW": ({"drafting", "offered", "signed_cso"}, "withdrawn_by_funder", {"director"}),
    "SIGN": ({"offered"}, "signed_cso", {"signatory"}),
    "ACTIVATE": ({"signed_cso"}, "active", {"director"}),
    "RETURN": ({"signed_cso"}, "drafting", {"director"}),
    "SUSPEND": ({"active"}, "suspended", {"director"}),
    "RESUME": ({"suspended"}, "active", {"director"}),
    "END": ({"active", "suspended"}, "closing", {"system"}),
    "TERMINATE": ({"active", "suspended", "closing"}, "terminated", {"director"}),
    "CLOSE": ({"closing"}, "closed", {"manager"}),
    "SETTLE": ({"terminated"}, "closed", {"director"}),
}
REASONED = {"ASK_CHANGE", "DECLINE", "WITHDRAW", "RETURN", "SUSPEND", "RESUME", "TERMINATE"}


def an_award(cast, state, **over):
    """Finance has agreed to closing already, so the second person is asked for."""
    facts = dict(
        state=state, organisation_id=cast.vani_youth.id, municipality_id=cast.vani.id, curator_id=cast.curator.id,
        proposed_by=cast.chair.id, approved_by=cast.director.id, closing_manager_id=None, closing_director_id=None,
        closing_finance_id=cast.finance.id,
    )  # fmt: skip
    return SimpleNamespace(**(facts | over))


@pytest.mark.parametrize("name", list(TABLE))
async def test_every_state_and_every_person(name, cast):
    sources, target, who = TABLE[name]
    move = getattr(lifecycle, name)
    assert (set(map(str, move.sources)), str(move.target)) == (sources, target)
    people = {**cast.people, "system": SYSTEM}
    for state in State:
        may = {person for person, each in people.items() if move.open_to(each, an_award(cast, state))}
        assert may == (who if state in sources else set()), state


def test_the_table_is_whole():
    assert {move.event for move in MOVES["award"]} == {getattr(lifecycle, name).event for name in TABLE}
    assert {name for name in TABLE if getattr(lifecycle, name).reasoned} == REASONED


async def test_the_moves_are_the_arrows_of_the_database(db):
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = 'award'")}
    assert {(source, target) for sources, target, _ in TABLE.values() for source in sources} == arrows


async def test_nobody_holds_two_parts_in_one_award(cast):
    for part in ("curator_id", "proposed_by"):
        award = an_award(cast, "drafting", **{part: cast.director.id})
        assert not lifecycle.OFFER.open_to(cast.director, award)
    assert not lifecycle.CLOSE.open_to(cast.manager, an_award(cast, "closing", curator_id=cast.manager.id))
    own = an_award(cast, "closing", closing_finance_id=cast.manager.id)
    assert not lifecycle.CLOSE.open_to(cast.manager, own)


async def test_closing_parts(cast):
    closing = an_award(cast, "closing", closing_finance_id=None)
    terminated = an_award(cast, "terminated", closing_finance_id=None)
    told = {
        who: (actions.closing_part(person, closing), actions.closing_part(person, terminated))
        for who, person in cast.people.items()
    }
    assert {who: parts for who, parts in told.items() if parts != (None, None)} == {
        "manager": ("closing_manager_id", None),
        "finance": ("closing_finance_id", "closing_finance_id"),
        "director": (None, "closing_director_id"),
    }
