"""The lifecycle of an award is this table: which move from where, and whose it is."""

from types import SimpleNamespace

import pytest

from accounts.person import SYSTEM
from foundation.database import rows
from grants.awards import lifecycle, transitions
from grants.awards.lifecycle import State
from lifecycle.transition import TRANSITIONS

# move → (from, to, who of the cast on an award of Vani Youth)
TABLE = {
    "offer": ({"drafting"}, "offered", {"director"}),
    "ask_change": ({"offered"}, "drafting", {"signatory"}),
    "decline": ({"offered"}, "declined", {"signatory"}),
    "expiry": ({"offered"}, "declined", {"system"}),
    "withdraw": ({"drafting", "offered", "signed_cso"}, "withdrawn_by_funder", {"director"}),
    "sign": ({"offered"}, "signed_cso", {"signatory"}),
    "countersign": ({"signed_cso"}, "active", {"director"}),
    "return_for_correction": ({"signed_cso"}, "drafting", {"director"}),
    "suspend": ({"active"}, "suspended", {"director"}),
    "resume": ({"suspended"}, "active", {"director"}),
    "ending": ({"active", "suspended"}, "closing", {"system"}),
    "terminate": ({"active", "suspended", "closing"}, "terminated", {"director"}),
    "close": ({"closing"}, "closed", {"manager"}),
    "settle": ({"terminated"}, "closed", {"director"}),
    "reopen": ({"closed"}, "closing", {"director"}),
    "reopen_settlement": ({"closed"}, "terminated", set()),
}
REASONED = {
    "ask_change",
    "decline",
    "withdraw",
    "return_for_correction",
    "suspend",
    "resume",
    "terminate",
    "reopen",
    "reopen_settlement",
}


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
    move = getattr(transitions, name)
    assert (set(map(str, move.sources)), str(move.target)) == (sources, target)
    people = {**cast.people, "system": SYSTEM}
    for state in State:
        may = {person for person, each in people.items() if move.open_to(each, an_award(cast, state))}
        assert may == (who if state in sources else set()), state


def test_the_table_is_whole():
    assert {move.event for move in TRANSITIONS["award"]} == {getattr(transitions, name).event for name in TABLE}
    assert {name for name in TABLE if getattr(transitions, name).reason} == REASONED


async def test_the_moves_are_the_arrows_of_the_database(db):
    arrows = {(r["source"], r["target"]) for r in await rows("SELECT * FROM transition WHERE entity = 'award'")}
    assert {(source, target) for sources, target, _ in TABLE.values() for source in sources} == arrows


async def test_nobody_holds_two_parts_in_one_award(cast):
    for part in ("curator_id", "proposed_by"):
        award = an_award(cast, "drafting", **{part: cast.director.id})
        assert not transitions.offer.open_to(cast.director, award)
    assert not transitions.close.open_to(cast.manager, an_award(cast, "closing", curator_id=cast.manager.id))
    own = an_award(cast, "closing", closing_finance_id=cast.manager.id)
    assert not transitions.close.open_to(cast.manager, own)


async def test_a_closed_grant_opens_to_where_it_was_closed_from(cast):
    """The director who settled it may open it again; who closed it as manager or finance may not."""
    settled = an_award(cast, "closed", closing_director_id=cast.director.id)
    assert transitions.reopen_settlement.open_to(cast.director, settled)
    assert not transitions.reopen.open_to(cast.director, settled)
    for part in ("closing_manager_id", "closing_finance_id", "proposed_by", "curator_id"):
        own = an_award(cast, "closed", **{part: cast.director.id})
        assert not transitions.reopen.open_to(cast.director, own), part


async def test_closing_parts(cast):
    closing = an_award(cast, "closing", closing_finance_id=None)
    terminated = an_award(cast, "terminated", closing_finance_id=None)
    told = {
        who: (
            lifecycle.closing_part(person, closing) if transitions.close.open_to(person, closing) else None,
            lifecycle.closing_part(person, terminated) if transitions.settle.open_to(person, terminated) else None,
        )
        for who, person in cast.people.items()
    }
    assert {who: parts for who, parts in told.items() if parts != (None, None)} == {
        "manager": ("closing_manager_id", None),
        "finance": ("closing_finance_id", "closing_finance_id"),
        "director": (None, "closing_director_id"),
    }


async def test_each_part_of_closing_is_another_persons(cast):
    for part in ("curator_id", "closing_manager_id", "closing_director_id"):
        award = an_award(cast, "closing", closing_finance_id=None, **{part: cast.finance.id})
        assert not lifecycle.its_finance(cast.finance, award), part
    for part in ("curator_id", "proposed_by", "closing_manager_id", "closing_finance_id"):
        assert not lifecycle.its_director(cast.director, an_award(cast, "terminated", **{part: cast.director.id})), part


async def test_only_the_second_of_two_closes(cast):
    """By who agreed already: nobody, finance, the other one, both."""

    def closers(may, first):
        nobody = dict(closing_finance_id=None, closing_manager_id=None, closing_director_id=None)
        other = {f"closing_{first}_id": cast.people[first].id} if first else {}
        award = an_award(cast, "closing", **(nobody | other))
        return {who for who, person in cast.people.items() if may(person, award)}

    assert closers(lifecycle.second_to_close, None) == closers(lifecycle.second_to_settle, None) == set()
    assert closers(lifecycle.second_to_close, "finance") == {"manager"}
    assert closers(lifecycle.second_to_close, "manager") == {"finance"}
    assert closers(lifecycle.second_to_close, "director") == set()
    assert closers(lifecycle.second_to_settle, "finance") == {"director"}
    assert closers(lifecycle.second_to_settle, "director") == {"finance"}
    assert closers(lifecycle.second_to_settle, "manager") == set()
