"""What may be done with a call, and what is refused with which sentence."""

from datetime import timedelta
from decimal import Decimal

import pytest

from foundation.clock import now, today
from foundation.database import execute, rows, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused, Stale
from grants.calls import actions, parts, transitions
from grants.calls.forms import CriterionForm, NewCall, QuestionForm, SectionForm, Terms, Texts
from grants.calls.kinds import Part
from grants.calls.queries import call_of, criteria_of, sections_of
from grants.reviews.committee.transitions import reopen_evaluation
from lifecycle.record import history_of
from tests.builders.calls import a_call
from tests.importing import importing

TERMS = {
    "currency": "EUR",
    "envelope": "50000",
    "min_award": "1000",
    "max_award": "5000",
    "opens_on": today() + timedelta(days=3),
    "deadline_on": today() + timedelta(days=40),
}


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


async def events(call):
    return [happened.name for happened in await history_of(call)]


async def test_a_curator_drafts_a_call_for_the_places_they_look_after(cast):
    call = await actions.create(cast.curator, NewCall(title_ka="ახალი", **TERMS))
    again = await call_of(cast.curator, call.reference)
    assert again.state == "draft" and again.created_by == cast.curator.id
    assert set(again.municipality_ids) == cast.curator.municipalities
    assert (again.deadline - again.opens_at).total_seconds() == 37 * 86400 + 8 * 3600  # 10:00 to 18:00
    assert await events(call) == ["call.created"]


@pytest.mark.parametrize("who", ["manager", "director", "signatory", "chair", "auditor", "nobody_special"])
async def test_others_write_no_calls(cast, who):
    with pytest.raises(NotAllowed):
        await actions.create(cast.people[who], NewCall(**TERMS))


async def test_texts_and_terms_change_only_in_a_draft_and_by_its_curators(cast):
    draft = await a_call(cast, state="draft", municipalities=["vani"])
    await actions.change_texts(draft, cast.curator, Texts(title_ka="ერთი", title_en="One"))
    await actions.change_terms(draft, cast.curator, Terms(**TERMS, municipalities=[cast.khoni.id]))
    again = await call_of(cast.curator, draft.reference)
    assert (again.title_en, again.envelope, again.municipality_ids) == ("One", Decimal(50000), [cast.khoni.id])
    assert await events(draft) == ["call.changed", "call.changed"]
    for who in ("curator2", "manager", "director"):
        with pytest.raises(NotAllowed):
            await actions.change_texts(draft, cast.people[who], Texts())
    submitted = await a_call(cast, state="in_approval")
    with pytest.raises(Refused, match="only while it is a draft"):
        await actions.change_terms(submitted, cast.curator, Terms(**TERMS))


async def test_who_saw_an_older_version_is_told(cast):
    draft = await a_call(cast, state="draft")
    seen = draft.revision
    await actions.change_texts(draft, cast.curator, Texts(title_ka="ერთი", revision=seen))
    with pytest.raises(Stale):
        await actions.change_texts(draft, cast.curator, Texts(title_ka="ორი", revision=seen))


async def test_the_whole_way_to_closed(cast):
    draft = await a_call(cast, state="draft")
    await transitions.send_for_approval(draft, cast.curator)
    await transitions.schedule(draft, cast.manager)
    assert await transitions.open_due_calls() == 0
    async with importing():
        await execute("UPDATE call SET opens_at = $2 WHERE id = $1", draft.id, now() - timedelta(hours=2))
    assert await transitions.open_due_calls() == 1
    assert await transitions.close_due_calls() == 0
    async with importing():
        await execute("UPDATE call SET deadline = $2 WHERE id = $1", draft.id, now() - timedelta(hours=1))
    assert await transitions.close_due_calls() == 1
    assert await transitions.close_due_calls() == 0
    assert await events(draft) == ["call.sent_for_approval", "call.scheduled", "call.opened", "call.closed"]
    facts = "SELECT opened_at IS NOT NULL AND closed_at IS NOT NULL FROM call WHERE id = $1"
    assert await value(facts, draft.id)


async def test_every_gap_is_told_at_once(cast):
    draft = await a_call(
        cast, state="draft", parts=False, title_en=None, summary_ka=" ", text_en=None, municipalities=[],
        opens_at=now() - timedelta(days=9), deadline=now() - timedelta(days=1), envelope=Decimal("250000"),
        invited_only=True, decision_due=today() - timedelta(days=5),
    )  # fmt: skip
    with pytest.raises(transitions.Incomplete) as refused:
        await transitions.send_for_approval(draft, cast.curator)
    assert [gap.sentence for gap in refused.value.gaps] == [
        "The title is missing in English.",
        "The summary is missing in Georgian.",
        "The text of the call is missing in English.",
        "The deadline has passed already.",
        "The envelope is €250,000, but the programme has €240,000 left beside its other calls.",
        "No municipality is chosen.",
        "The decision is promised for a day before the deadline.",
        "The call is for invited organisations, but none is invited.",
        "There are no questions yet.",
        "There are no award criteria yet.",
        "There are no eligibility criteria yet.",
    ]
    assert refused.value.sentence == "The call is not complete: 11 things are missing."
    assert await value("SELECT state FROM call WHERE id = $1", draft.id) == "draft"


async def test_parts_are_wanted_in_both_languages_and_weights_add_up(cast):
    draft = await a_call(cast, state="draft")
    await execute("UPDATE section SET title_en = NULL WHERE id = $1", draft.sections[0].id)
    await execute("UPDATE question SET label_ka = '' WHERE id = $1", draft.sections[0].questions[0].id)
    await execute("UPDATE question SET help_ka = 'x' WHERE id = $1", draft.sections[0].questions[1].id)
    await execute('UPDATE question SET options = \'[{"value": "a", "ka": "ა"}]\' WHERE kind = \'choice\'')
    await execute("UPDATE criterion SET weight = 50 WHERE id = $1", draft.criteria[0].id)
    await execute("UPDATE required_document SET title_en = NULL WHERE id = $1", draft.documents[0].id)
    with pytest.raises(transitions.Incomplete) as refused:
        await transitions.send_for_approval(draft, cast.curator)
    assert [gap.sentence for gap in refused.value.gaps] == [
        "“პროექტი” is missing in English.",
        "“What problem do you solve?” is missing in Georgian.",
        "The help for “What will you do?” is missing in English.",
        "“How long have you worked?” needs at least two answers to choose from.",
        "The weights of the criteria add up to 110, not to 100.",
        "“წესდება” is missing in English.",
    ]


async def test_other_calls_leave_less_of_the_budget(cast):
    await a_call(cast, state="open", envelope=Decimal("200000"))
    draft = await a_call(cast, state="draft", envelope=Decimal("60000"))
    with pytest.raises(transitions.Incomplete) as refused:
        await transitions.send_for_approval(draft, cast.curator)
    assert [gap.sentence for gap in refused.value.gaps] == [
        "The envelope is €60,000, but the programme has €40,000 left beside its other calls."
    ]


async def test_whoever_handed_a_call_in_does_not_approve_it(cast):
    call = await a_call(cast, state="in_approval", created_by=cast.curator2.id, submitted_by=cast.manager.id)
    with pytest.raises(NotAllowed):
        await transitions.schedule(call, cast.manager)


async def test_a_manager_sends_a_call_back_with_a_reason(cast):
    call = await a_call(cast, state="in_approval")
    with pytest.raises(Refused):
        await transitions.send_back(call, cast.manager, " ")
    await transitions.send_back(call, cast.manager, "The budget rules are unclear.")
    assert call.state == "draft"
    assert [h.reason for h in await history_of(call)] == ["The budget rules are unclear."]


async def test_a_deadline_only_moves_later(cast):
    call = await a_call(cast, state="open")
    before = call.deadline
    for who in ("curator", "director", "signatory"):
        with pytest.raises(NotAllowed):
            await transitions.extend_deadline(call, cast.people[who], before + timedelta(days=5), "Snow.")
    with pytest.raises(Refused, match="must be after the present one"):
        await transitions.extend_deadline(call, cast.manager, before - timedelta(days=1), "Haste.")
    await transitions.extend_deadline(call, cast.manager, before + timedelta(days=5), "Roads are closed by snow.")
    assert call.deadline == before + timedelta(days=5)
    (happened,) = await history_of(call)
    assert happened.name == "call.deadline_extended" and happened.reason == "Roads are closed by snow."


async def test_cancelling_closes_what_hangs_on_the_call_in_the_same_transaction(cast, monkeypatch):
    seen = []

    async def follow(call, person, reason):
        seen.append((call.reference, person.name, reason))

    monkeypatch.setattr(actions, "ON_CANCELLED", [follow])
    call = await a_call(cast, state="open")
    await transitions.cancel(call, cast.director, "The donor withdrew.")
    assert (call.state, call.cancel_reason) == ("cancelled", "The donor withdrew.")
    assert seen == [(call.reference, "Director", "The donor withdrew.")]

    async def fail(call, person, reason):
        raise Refused("no")

    monkeypatch.setattr(actions, "ON_CANCELLED", [fail])
    kept = await a_call(cast, state="open")
    with pytest.raises(Refused):
        await transitions.cancel(kept, cast.director, "The donor withdrew.")
    assert await value("SELECT state FROM call WHERE id = $1", kept.id) == "open"


async def test_a_decided_call_completes_when_nothing_is_left_open(cast, monkeypatch):
    call = await a_call(cast, state="decided")
    monkeypatch.setattr(actions, "UNFINISHED", [lambda call: _answer(True)])
    assert await transitions.complete_due_calls() == 0
    monkeypatch.setattr(actions, "UNFINISHED", [lambda call: _answer(False)])
    recent = await a_call(cast, state="decided", decided_at=now() - timedelta(days=2))
    assert await transitions.complete_due_calls() == 1
    assert await value("SELECT state FROM call WHERE id = $1", call.id) == "completed"
    assert await value("SELECT state FROM call WHERE id = $1", recent.id) == "decided"


async def _answer(said):
    return said


async def test_a_manager_reopens_the_evaluation_with_a_reason(cast):
    call = await a_call(cast, state="decided")
    await reopen_evaluation(call, cast.manager, "A complaint was upheld.")
    assert call.state == "evaluating" and call.decided_at is None


async def test_a_clone_has_everything_but_its_history(cast):
    old = await a_call(cast, state="completed", invited=[cast.vani_youth], municipalities=["vani", "khoni"])
    new = await actions.clone(old, cast.curator2)
    new = await call_of(cast.curator2, new.reference)
    assert new.state == "draft" and new.created_by == cast.curator2.id and new.opens_at > now()
    assert new.deadline - new.opens_at == old.deadline - old.opens_at
    assert (new.title_ka, new.envelope, new.approved_by) == (old.title_ka, old.envelope, None)
    assert set(new.municipality_ids) == {cast.vani.id, cast.khoni.id} and new.invited_ids == [cast.vani_youth.id]
    assert [[q.label_en for q in s.questions] for s in await sections_of(new)] == [
        [q.label_en for q in s.questions] for s in old.sections
    ]
    assert [c.weight for c in await criteria_of(new)] == [c.weight for c in old.criteria]
    assert await events(new) == ["call.cloned"]


# parts -----------------------------------------------------------------------------------------------------------


async def test_parts_are_added_moved_changed_and_removed(cast):
    call = await a_call(cast, state="draft", parts=False)
    one = await parts.add(call, cast.curator, Part.SECTIONS, SectionForm(title_ka="ერთი"))
    two = await parts.add(call, cast.curator, Part.SECTIONS, SectionForm(title_ka="ორი"))
    await parts.move(call, cast.curator, Part.SECTIONS, two, "up")
    await parts.move(call, cast.curator, Part.SECTIONS, two, "up")
    assert [s.title_ka for s in await sections_of(call)] == ["ორი", "ერთი"]
    options = [{"ka": "ა"}, {"ka": "ბ", "value": "o1"}, {}]
    asked = QuestionForm(section_id=one.id, kind="choice", label_ka="რომელი?", options=options)
    question = await parts.add(call, cast.curator, Part.QUESTIONS, asked)
    assert [(o["value"], o["ka"]) for o in question.options] == [("o2", "ა"), ("o1", "ბ")]
    with pytest.raises(Refused, match="questions of this section first"):
        await parts.remove(call, cast.curator, Part.SECTIONS, one)
    await parts.change(
        call, cast.curator, Part.QUESTIONS, question, QuestionForm(section_id=two.id, kind="text", label_ka="რა?")
    )
    await parts.remove(call, cast.curator, Part.SECTIONS, one)
    (left,) = await sections_of(call)
    assert [(q.label_ka, q.kind, q.options) for q in left.questions] == [("რა?", "text", [])]
    assert len(await rows("SELECT 1 FROM event WHERE object_id = $1", call.id)) == 6


async def test_a_question_cannot_go_into_another_calls_section(cast):
    call, other = await a_call(cast, state="draft"), await a_call(cast, state="draft")
    with pytest.raises(Refused):
        await parts.add(
            call, cast.curator, Part.QUESTIONS, QuestionForm(section_id=other.sections[0].id, kind="text", label_ka="ა")
        )


async def test_parts_of_a_published_call_stay(cast):
    call = await a_call(cast, state="open")
    criterion = CriterionForm(title_ka="ა", max_points=5, weight="10")
    for verb in (
        parts.add(call, cast.curator, Part.CRITERIA, criterion),
        parts.change(call, cast.curator, Part.CRITERIA, call.criteria[0], criterion),
        parts.move(call, cast.curator, Part.CRITERIA, call.criteria[0], "down"),
        parts.remove(call, cast.curator, Part.CRITERIA, call.criteria[0]),
    ):
        with pytest.raises(Refused, match="only while it is a draft"):
            await verb
    assert await value("SELECT count(*) FROM criterion WHERE call_id = $1", call.id) == len(call.criteria)


async def test_a_suspended_call_takes_nothing_and_gives_the_time_back(cast):
    call = await a_call(cast)
    before = call.deadline
    with pytest.raises(NotAllowed):
        await transitions.suspend(call, cast.curator, "A mistake in the text.")
    await transitions.suspend(call, cast.manager, "A mistake in the text.")
    assert (call.state, call.deadline) == ("suspended", before) and call.suspended_at is not None
    assert await transitions.close_due_calls() == 0
    async with importing():
        since = now() - timedelta(hours=3)
        await execute("UPDATE call SET suspended_at = $2 WHERE id = $1", call.id, since)
    await transitions.resume(call, cast.manager)
    assert (call.state, call.suspended_at, call.suspend_reason) == ("open", None, None)
    assert timedelta(hours=3) <= call.deadline - before <= timedelta(hours=3, minutes=2)
    assert (await events(call))[-2:] == ["call.suspended", "call.resumed"]
