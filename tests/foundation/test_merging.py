"""What two people write into one record: nothing is lost, and only what both changed is asked about."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, model_validator

from foundation.language import speaking
from foundation.merging import (
    BOTH,
    CHANGED,
    REMOVED,
    TAKE,
    Conflict,
    Editable,
    TableLine,
    letters,
    read_seen,
    seen_of,
)


class Part(TableLine):
    what: str
    amount: Decimal | None = None


class Plan(Editable):
    title: str | None = None
    note: str | None = None
    starts: date | None = None
    ends: date | None = None
    places: list[UUID] = []
    parts: list[Part] = []

    @model_validator(mode="after")
    def in_order(self):
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("The end must not be before the start.")
        return self


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def stored(**changed):
    return {"title": "old", "note": None, "starts": None, "ends": None, "places": [], "parts": [], **changed}


def typed(before, **changed) -> Plan:
    """What comes from a form opened when the record stood as `before`."""
    return Plan.model_validate({**before, **changed, "seen": seen_of(Plan, before)})


def test_different_fields_of_two_people_both_stay():
    mine = typed(stored(), title="mine")
    assert mine.over(stored(note="theirs")).model_dump() == Plan(**stored(title="mine", note="theirs")).model_dump()


def test_the_same_field_changed_by_both_is_asked_about():
    with pytest.raises(Conflict) as caught:
        typed(stored(), title="mine").over(stored(title="theirs", note="theirs"))
    assert caught.value.theirs == {"title": "theirs"}
    assert caught.value.sentences == {"title": BOTH}
    assert (caught.value.whole["title"], caught.value.whole["note"]) == ("mine", "theirs")


def test_both_wrote_the_same_and_nothing_is_asked():
    assert typed(stored(), title="same").over(stored(title="same")).title == "same"


def test_an_api_client_that_saw_no_letters_writes_everything():
    whole = Plan(title="mine", note="mine")
    assert whole.over(stored(note="theirs")) is whole


def test_what_each_changed_must_be_right_together():
    with pytest.raises(Conflict) as caught:
        typed(stored(starts=date(2027, 1, 1)), ends=date(2027, 2, 1)).over(stored(starts=date(2027, 3, 1)))
    assert "must not be before" in str(caught.value.wrong)
    assert caught.value.whole["starts"] == date(2027, 3, 1)


A, B = uuid4(), uuid4()


def rows(**changed):
    return stored(parts=[{"id": A, "what": "a", "amount": Decimal("1.00")}, {"id": B, "what": "b", "amount": None}])


def after(*parts):
    return stored(parts=list(parts))


FIRST, SECOND = rows()["parts"]


def test_different_rows_of_two_people_both_stay():
    mine = typed(rows(), parts=[{**FIRST, "what": "mine"}, SECOND])
    merged = mine.over(after(FIRST, {**SECOND, "what": "theirs"}))
    assert [(part.id, part.what) for part in merged.parts] == [(A, "mine"), (B, "theirs")]


def test_different_cells_of_one_row_both_stay():
    mine = typed(rows(), parts=[{**FIRST, "amount": 5}, SECOND])
    merged = mine.over(after({**FIRST, "what": "theirs"}, SECOND))
    assert merged.parts[0] == Part(id=A, what="theirs", amount=Decimal(5))


def test_one_cell_changed_by_both_is_asked_about():
    with pytest.raises(Conflict) as caught:
        typed(rows(), parts=[FIRST, {**SECOND, "what": "mine"}]).over(after(FIRST, {**SECOND, "what": "theirs"}))
    assert caught.value.theirs == {"parts.1.what": "theirs"}


def test_rows_added_by_both_both_stay():
    mine = typed(rows(), parts=[FIRST, SECOND, {"what": "mine"}])
    new = uuid4()
    merged = mine.over(after(FIRST, SECOND, {"id": new, "what": "theirs", "amount": None}))
    assert [(part.id, part.what) for part in merged.parts] == [(A, "a"), (B, "b"), (None, "mine"), (new, "theirs")]


def test_a_row_i_removed_and_nobody_touched_is_gone():
    assert [part.id for part in typed(rows(), parts=[SECOND]).over(rows()).parts] == [B]


def test_a_row_they_removed_and_i_did_not_touch_stays_gone():
    assert [part.id for part in typed(rows(), title="mine").over(after(SECOND)).parts] == [B]


def test_a_row_i_removed_and_they_changed_is_asked_about():
    changed = {**FIRST, "what": "theirs"}
    with pytest.raises(Conflict) as caught:
        typed(rows(), parts=[SECOND]).over(after(changed, SECOND))
    assert caught.value.sentences == {"parts.1": CHANGED}
    assert caught.value.whole["parts"] == [SECOND, changed]


def test_a_row_they_removed_and_i_changed_is_asked_about():
    with pytest.raises(Conflict) as caught:
        typed(rows(), parts=[{**FIRST, "what": "mine"}, SECOND]).over(after(SECOND))
    assert caught.value.sentences == {"parts.0": REMOVED}
    assert caught.value.whole["parts"][0] == {**FIRST, "what": "mine"}


def test_whoever_was_asked_may_take_what_stands_there():
    before = stored()
    mine = Plan.model_validate({**before, "title": "mine", "seen": f"{seen_of(Plan, before)} title:="})
    assert mine.over(stored(title="theirs")).title == "theirs"


def test_a_row_of_another_record_is_taken_as_a_new_one():
    foreign = {"id": uuid4(), "what": "x", "amount": None}
    assert typed(rows(), parts=[FIRST, SECOND, foreign]).over(rows()).parts[2] == Part(**foreign)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("1250.00"), 1250),
        (None, ""),
        (False, None),
        ("two\r\nlines ", "two\nlines"),
        (date(2027, 1, 2), "2027-01-02"),
        ([A, B], [B, A]),
    ],
)
def test_the_same_value_written_otherwise_is_no_change(one, other):
    assert letters(one) == letters(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), (0, None), (["a", "b"], ["b", "a"])])
def test_another_value_is_a_change(one, other):
    assert letters(one) != letters(other)


@pytest.mark.parametrize("text", ["x", ":: :", "parts/:::", "0123456789abcdef"])
def test_whoever_says_nonsense_about_what_they_saw_overwrites_nothing(text):
    with pytest.raises(Conflict):
        Plan.model_validate({**stored(), "seen": text}).over(stored(title="theirs"))


def test_nothing_said_is_nothing_seen():
    assert read_seen("") is None and read_seen(None) is None


class Verdict(Editable):
    together = True

    verdict: str | None = None
    number: Decimal | None = None
    note: str | None = None


def judged(before, seen=None, **mine) -> Verdict:
    return Verdict(**mine, seen=seen or seen_of(Verdict, before))


NOTHING = {"verdict": None, "number": None, "note": None}
THEIRS = {"verdict": "corrected", "number": Decimal("12.50"), "note": None}


def test_of_two_decisions_one_is_chosen_and_never_half_of_each():
    with pytest.raises(Conflict) as caught:
        judged(NOTHING, verdict="verified", note="Seen.").over(THEIRS)
    assert caught.value.together
    assert caught.value.theirs == {"verdict": "corrected", "number": Decimal("12.50"), "note": None}
    assert caught.value.whole == {"verdict": "verified", "number": None, "note": "Seen."}


def test_a_decision_is_written_where_nobody_decided_meanwhile_or_decided_the_same():
    assert judged(NOTHING, verdict="verified").over(NOTHING).verdict == "verified"
    assert judged(NOTHING, **THEIRS | {"number": "12.5"}).over(THEIRS).number == Decimal("12.5")


def test_whoever_left_a_decision_as_it_was_takes_the_other():
    old = NOTHING | {"verdict": "verified"}
    assert judged(old, verdict="verified").over(THEIRS).verdict == "corrected"


def test_a_decision_taken_back_meanwhile_is_asked_about_too():
    with pytest.raises(Conflict):
        judged(THEIRS, verdict="verified").over(NOTHING)


def test_one_of_both_is_chosen_by_what_was_seen():
    mine = judged(NOTHING, seen=seen_of(Verdict, THEIRS), verdict="verified")
    assert mine.over(THEIRS).verdict == "verified"
    assert (
        judged(NOTHING, seen=f"verdict:{TAKE} number:{TAKE} note:{TAKE}", verdict="verified").over(THEIRS).verdict
        == "corrected"
    )


class Score(BaseModel):
    points: Decimal | None = None
    passed: bool | None = None
    comment: str = ""


class Sheet(Editable):
    scores: dict[UUID, Score] = {}
    comment: str = ""


NEED, COST = uuid4(), uuid4()


def sheet(**scores):
    """Both criteria have their place, whether anything stands there or not."""
    return {"scores": {NEED: scores.get("need"), COST: scores.get("cost")}, "comment": "old"}


def test_two_people_at_two_entries_both_keep_theirs():
    mine = Sheet(scores={NEED: Score(points=5)}, comment="old", seen=seen_of(Sheet, sheet()))
    whole = mine.over(sheet(cost={"points": 3, "comment": "Dear."}))
    assert whole.scores == {NEED: Score(points=5), COST: Score(points=3, comment="Dear.")}


def test_an_entry_that_was_emptied_is_empty():
    before = sheet(need={"points": 5, "comment": "Good."})
    whole = Sheet(comment="old", seen=seen_of(Sheet, before)).over(before)
    assert whole.scores[NEED] == Score()


def test_no_is_an_answer_where_nothing_may_be_said():
    mine = Sheet(scores={NEED: Score(passed=False)}, comment="old", seen=seen_of(Sheet, sheet()))
    assert mine.over(sheet()).scores[NEED].passed is False
    with pytest.raises(Conflict) as caught:
        mine.over(sheet(need={"passed": True}))
    assert caught.value.theirs == {f"scores.{NEED}.passed": True}


def test_an_entry_that_came_meanwhile_stays():
    before = {"scores": {NEED: None}, "comment": "old"}
    mine = Sheet(scores={NEED: Score(points=5)}, comment="old", seen=seen_of(Sheet, before))
    assert mine.over(sheet(cost={"points": 3})).scores[COST].points == 3
