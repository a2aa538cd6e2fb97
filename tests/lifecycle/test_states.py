"""A state's word, tone and sets stand in one line; what is forgotten or misspelt does not pass."""

import pytest

from foundation.language import LABELS, N_
from lifecycle import states
from lifecycle.states import Status
from tools.state_sets import functions


@pytest.fixture(autouse=True)
def _nothing_stays():
    kept, words = dict(states.STATUSES), dict(LABELS)
    states.STATUSES.clear()
    yield
    states.STATUSES.clear()
    states.STATUSES.update(kept)
    LABELS.clear()
    LABELS.update(words)


def a_lifecycle():
    class Door(Status, entity="door", divided=("shut", "ajar")):
        CLOSED = "closed", N_("closed"), "good", "shut"
        LOCKED = "locked", N_("locked"), "bad", "shut", "guarded"
        OPEN = "open", N_("open"), "", "ajar", "guarded"

    return Door


def test_a_state_is_its_value_and_knows_its_word_tone_and_sets():
    door = a_lifecycle()
    assert door("locked") is door.LOCKED and door.LOCKED == "locked" and f"{door.LOCKED}" == "locked"
    assert (door.LOCKED.word, door.LOCKED.tone, door.LOCKED.sets) == ("locked", "bad", {"shut", "guarded"})
    assert LABELS[door] == {"closed": "closed", "locked": "locked", "open": "open"}


def test_a_set_is_asked_of_the_enum_and_several_come_together():
    door = a_lifecycle()
    assert door.in_set("shut") == {door.CLOSED, door.LOCKED}
    assert door.in_set("ajar", "guarded") == {door.LOCKED, door.OPEN}
    assert "closed" in door.in_set("shut")


def test_a_set_nobody_declared_is_a_mistake():
    with pytest.raises(LookupError, match="door has no set shutt"):
        a_lifecycle().in_set("shutt")


def test_a_state_nobody_placed_does_not_import():
    with pytest.raises(TypeError, match="“ajar” must belong to exactly one of open, shut"):

        class Forgotten(Status, entity="door", divided=("open", "shut")):
            CLOSED = "closed", N_("closed"), "", "shut"
            AJAR = "ajar", N_("ajar"), ""


def test_a_state_in_two_parts_of_a_division_does_not_import():
    with pytest.raises(TypeError, match="“closed” must belong to exactly one of open, shut"):

        class Twice(Status, entity="door", divided=("open", "shut")):
            CLOSED = "closed", N_("closed"), "", "shut", "open"


def test_sql_has_a_function_for_each_set_and_each_state():
    a_lifecycle()
    made = functions()
    assert list(made) == [
        "door_ajar", "door_guarded", "door_shut", "door_is_closed", "door_is_locked", "door_is_open",
    ]  # fmt: skip
    assert made["door_shut"].endswith("RETURN state IN ('closed', 'locked');")
    assert made["door_is_open"].endswith("RETURN state = 'open';")
