"""What is read of calls: by whom, in which order, what is left of the budget, what waits, which list finds which."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.person import SYSTEM
from foundation.clock import now
from foundation.database import APP_ROLE, execute, insert, transaction
from foundation.language import speaking
from foundation.refused import Refused, Stale
from grants.calls import queries, tasks, transitions
from grants.calls.lifecycle import State
from grants.calls.listing import CALLS, OPEN, PAST
from grants.calls.tables import Criterion, EligibilityCriterion, RequiredDocument
from lifecycle.record import record
from tests.builders.calls import a_call
from tests.importing import importing


async def references(listing, person, **typed):
    return [row["reference"] for row in (await listing.rows(person, listing.list_query(typed))).rows]


async def test_whose_drafts_are_found_at_every_place_a_condition_can_stand(cast):
    """A curator's own stand beside those of their municipalities, whichever arguments come before."""
    own = await a_call(cast, "draft", municipalities=["vani"], created_by=cast.curator2.id, parts=False)
    placed = await a_call(cast, "draft", municipalities=["ozurgeti"], created_by=cast.manager.id, parts=False)
    other = await a_call(cast, "draft", municipalities=["vani"], created_by=cast.manager.id, parts=False)
    for person, seen in (
        (cast.curator2, {own.reference, placed.reference}), (cast.curator, {own.reference, other.reference}),
        (cast.editor, set()), (cast.chair, {own.reference, placed.reference, other.reference}),
        (SYSTEM, {own.reference, placed.reference, other.reference}),
    ):  # fmt: skip
        assert set(await references(CALLS, person)) == seen, person.name
        assert set(await references(CALLS, person, state="draft")) == seen, person.name
        by_one = {each.reference for each in (own, placed, other) if await queries.call_of(person, each.reference)}
        assert by_one == seen
        marked = {each.reference for each in (own, placed, other) if await queries.mark(person, each.reference)}
        assert marked == seen


async def test_the_mark_of_a_call_changes_with_all_that_its_page_shows(cast):
    call, other = await a_call(cast, parts=False), await a_call(cast, parts=False)
    told = [await queries.mark(cast.editor, call.reference)]

    async def changed():
        told.append(await queries.mark(cast.editor, call.reference))
        return told[-1] != told[-2]

    assert not await changed() and told[0]
    await record("call.changed", cast.curator, call)
    assert await changed()
    await record("call.changed", cast.curator, other)
    assert not await changed()
    async with importing():
        await execute("UPDATE call SET title_en = 'Another' WHERE id = $1", call.id)
    assert await changed()
    async with transaction():
        await execute("SELECT set_config('role', 'none', true)")
        await execute("UPDATE programme SET name_en = 'Another'")
        await execute(f"SET LOCAL ROLE {APP_ROLE}")
    assert await changed()
    assert await queries.mark(cast.editor, "C-0000-00") is None


async def test_parts_come_in_their_order_and_of_their_own_call(cast):
    await a_call(cast, "draft")
    call = await a_call(cast, "draft")
    questions = [question for section in call.sections for question in section.questions]
    last, first = questions[1], questions[0]
    await execute("UPDATE question SET position = 9 WHERE id = $1", first.id)
    for table in (Criterion, RequiredDocument, EligibilityCriterion):
        more = {"max_points": 5, "weight": Decimal(1)} if table is Criterion else {}
        await insert(table, call_id=call.id, position=0, title_en="First of all", **more)
    whole = await queries.whole(call)
    assert [question.id for question in whole.sections[0].questions] == [last.id, first.id]
    assert [len(section.questions) for section in whole.sections] == [2, 2, 2]
    for parts in (whole.criteria, whole.documents, whole.eligibility):
        assert parts[0].title_en == "First of all"
        assert [each.position for each in parts] == sorted(each.position for each in parts)
    assert (whole.left, (await queries.whole(call, reckoned=False)).left) == (Decimal(240000), None)


async def test_what_is_left_of_the_budget_is_reckoned_beside_calls_that_were_let_out(cast):
    call = await a_call(cast, "draft", envelope=Decimal(60000), parts=False)
    assert await queries.left_for(call) == Decimal(240000)
    approved = State.in_set("approved")
    for state in State:
        before = await queries.left_for(call)
        await a_call(cast, state, envelope=Decimal(10000), parts=False)
        taken = before - await queries.left_for(call)
        assert taken == (10000 if state in approved else 0), state
    await a_call(cast, "open", envelope=Decimal(20000), currency="GEL", parts=False)
    assert await queries.left_for(call) == Decimal(240000) - 10000 * len(approved)
    open_one = await a_call(cast, "open", envelope=Decimal(17000), parts=False)
    assert await queries.left_for(open_one) == Decimal(240000) - 10000 * len(approved)
    assert await queries.left_for(await a_call(cast, "draft", currency="GEL", parts=False)) is None


async def test_for_whom_somebody_may_apply(cast):
    to_all, to_one = await a_call(cast, parts=False), await a_call(cast, invited_only=True, invited=[cast.guria_women])
    for person, names in ((cast.editor, ["Vani Youth"]), (cast.other_editor, ["Guria Women"]), (cast.curator, [])):
        assert [each.name_en for each in await queries.could_apply(to_all, person)] == names
    assert await queries.could_apply(to_one, cast.editor) == []
    assert [each.name_en for each in await queries.could_apply(to_one, cast.other_editor)] == ["Guria Women"]
    assert await queries.invited_to(to_all) == [] and await queries.invited_to(to_one) == [cast.guria_women.id]


async def test_who_could_be_invited_and_where_they_are(cast):
    found = await queries.could_be_invited()
    assert [each.name_en for each in found] == ["Guria Women", "Vani Youth"], "from sea to mountains"
    assert [(each.slug, each.place_en) for each in found] == [("ozurgeti", "Ozurgeti"), ("vani", "Vani")]
    call = await a_call(cast, municipalities=["vani", "ozurgeti"], parts=False)
    assert [each.slug for each in await queries.municipalities_of(call)] == ["ozurgeti", "vani"]


async def test_who_wrote_handed_in_and_approved_it(cast):
    call = await a_call(cast, created_by=cast.curator.id, submitted_by=cast.curator2.id, approved_by=cast.manager.id)
    assert await queries.names_of(call) == {"created": "Curator", "submitted": "Curator2", "approved": "Manager"}
    draft = await a_call(cast, "draft", parts=False)
    assert await queries.names_of(draft) == {"created": "Curator", "submitted": None, "approved": None}


async def test_what_waits_for_whom_the_longest_first(cast):
    """Their own drafts for curators; for managers what others wrote and handed in."""
    first = await a_call(cast, "draft", parts=False)
    await a_call(cast, "draft", created_by=cast.manager.id, parts=False)
    second = await a_call(cast, "draft", parts=False)
    waits = await a_call(cast, "in_approval", parts=False)
    await a_call(cast, "in_approval", created_by=cast.manager.id, parts=False)
    await a_call(cast, "in_approval", submitted_by=cast.manager.id, parts=False)
    await a_call(cast, parts=False)
    async with importing():
        await execute("UPDATE call SET created_by = NULL, submitted_by = NULL WHERE id = $1", waits.id)
        await execute("UPDATE call SET title_en = 'Later' WHERE id = $1", first.id)
    told = {
        name: [task.href.rpartition("/")[2] for task in await tasks.calls_that_wait(person)]
        for name, person in cast.people.items()
    }
    assert {name: found for name, found in told.items() if found} == {
        "curator": [second.reference, first.reference], "manager": [waits.reference],
    }  # fmt: skip
    author = {each["id"]: each["author"] for each in await queries.waiting_for(cast.curator)}
    assert author == {first.id: "Curator", second.id: "Curator"}


# lists ---------------------------------------------------------------------------------------------------------------


async def test_everybody_finds_open_calls_and_past_ones_each_in_their_own_list(cast):
    calls = {state: await a_call(cast, state, parts=False) for state in State}
    never = await a_call(cast, "cancelled", opened_at=None, parts=False)
    for person in (cast.nobody_special, cast.manager):
        for listing, states in ((OPEN, "before_deadline"), (PAST, "past")):
            found = await references(listing, person)
            assert sorted(found) == sorted(calls[state].reference for state in State.in_set(states))
    every = [*calls.values(), never]
    assert sorted(await references(CALLS, cast.manager)) == sorted(each.reference for each in every)
    for state in State:
        told = [call.reference for call in every if call.state == state]
        assert sorted(await references(CALLS, cast.manager, state=state)) == sorted(told), state


async def test_in_which_order_and_where_calls_are_found(cast):
    made = {}
    for name, state, days, place in (
        ("late", "open", 30, "vani"), ("soon", "open", 10, "khoni"), ("older", "decided", -90, "vani"),
        ("old", "decided", -50, "khoni"),
    ):  # fmt: skip
        day = now() + timedelta(days=days)
        dates = {"opens_at": day - timedelta(days=60), "deadline": day}
        made[name] = (await a_call(cast, state, municipalities=[place], parts=False, **dates)).reference
    who = cast.nobody_special
    assert await references(OPEN, who) == [made["soon"], made["late"]], "the nearest deadline first"
    assert await references(PAST, who) == [made["old"], made["older"]], "the newest first"
    assert await references(CALLS, cast.manager) == [*made.values()][::-1], "the newest first"
    assert await references(OPEN, who, municipality="vani") == [made["late"]]
    assert await references(PAST, who, municipality="vani") == [made["older"]]


# the clock -----------------------------------------------------------------------------------------------------------


async def test_the_clock_opens_closes_and_completes_only_what_is_due(cast):
    """Beside what is due stands what is not: neither another state nor another day is enough."""
    yesterday, tomorrow = now() - timedelta(days=1), now() + timedelta(days=1)
    due = await a_call(cast, "scheduled", opens_at=yesterday, parts=False)
    await a_call(cast, "scheduled", opens_at=tomorrow, parts=False)
    await a_call(cast, "in_approval", opens_at=yesterday, parts=False)
    ended = await a_call(cast, "open", deadline=yesterday, parts=False)
    await a_call(cast, "open", deadline=tomorrow, parts=False)
    await a_call(cast, "suspended", deadline=yesterday, parts=False)
    decided = await a_call(cast, "decided", decided_at=now() - timedelta(days=90), parts=False)
    await a_call(cast, "decided", decided_at=yesterday, parts=False)
    await a_call(cast, "evaluating", decided_at=now() - timedelta(days=90), parts=False)
    counted = [await transitions.open_due_calls(), await transitions.close_due_calls()]
    assert [*counted, await transitions.complete_due_calls()] == [1, 1, 1]
    for each, state in ((due, "open"), (ended, "closed"), (decided, "completed")):
        assert (await queries.call_of(cast.manager, each.reference)).state == state


async def test_the_clock_leaves_alone_what_changed_while_it_waited_for_the_row(cast, monkeypatch):
    """It found them due; then another worker was quicker, or somebody gave more time."""
    opened, extended = await a_call(cast, parts=False), await a_call(cast, parts=False)
    early, completed = await a_call(cast, "scheduled", parts=False), await a_call(cast, "completed", parts=False)

    async def found(_sql):
        return [{"id": each.id} for each in (opened, extended, early, completed)]

    monkeypatch.setattr(transitions, "rows", found)
    for verb in (transitions.open_due_calls, transitions.close_due_calls, transitions.complete_due_calls):
        assert await verb() == 0
    states = [(await queries.call_of(cast.manager, each.reference)).state for each in (opened, extended, early)]
    assert states == ["open", "open", "scheduled"]


async def test_who_saw_an_older_version_approves_nothing(cast):
    call = await a_call(cast, "in_approval")
    with pytest.raises(Stale):
        await transitions.schedule(call, cast.manager, revision=call.revision - 1)


async def test_at_its_deadline_a_call_is_neither_suspended_nor_extended(cast, monkeypatch):
    call = await a_call(cast)
    later = call.deadline + timedelta(days=2)
    monkeypatch.setattr(transitions, "now", lambda: call.deadline)
    with speaking("en"):
        with pytest.raises(Refused, match="can no longer be suspended"):
            await transitions.suspend(call, cast.manager, "Snow.")
        with pytest.raises(Refused, match="can no longer be extended"):
            await transitions.extend_deadline(call, cast.manager, later, "Snow.")
    monkeypatch.setattr(transitions, "now", lambda: call.deadline - timedelta(seconds=1))
    with speaking("en"), pytest.raises(Refused, match="must be after the present one"):
        await transitions.extend_deadline(call, cast.manager, call.deadline, "Snow.")
    await transitions.extend_deadline(call, cast.manager, later, "Snow.")
    assert call.deadline == later
