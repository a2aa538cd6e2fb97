"""The committee's decisions, its minutes, and what follows from the signature."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.person import SYSTEM
from foundation.clock import today
from foundation.database import execute, get, row, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from grants.applications.checking.actions import answer
from grants.applications.tables import Application
from grants.calls import transitions as calls
from grants.reviews import queries
from grants.reviews.committee import actions, transitions
from grants.reviews.forms import Decided, Minutes
from grants.reviews.tables import MeetingMinutes
from lifecycle.record import history_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_decided_application, a_review, a_scored_application, some_minutes
from tests.importing import importing


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def given(outcome="approve", amount="3000", **over):
    facts = {"outcome": outcome, "reason": "It answers a real need.", "amount": None if outcome == "reject" else amount}
    if outcome == "correction":
        facts |= {"correction": "Say which month.", "correct_by": today() + timedelta(days=10)}
    return Decided(**{**facts, **over})


async def minute(call, person, **over):
    minutes = await queries.open_minutes(call)
    text = {
        "held_on": today(),
        "present": "Five members",
        "text": "We read all.",
        "reserve_until": today() + timedelta(days=60),
    }
    await actions.change_minutes(call, minutes, person, Minutes(**{**text, **over}))
    return await queries.open_minutes(call)


async def state(application):
    return await value("SELECT state FROM application WHERE id = $1", application.id)


async def two(cast, first=(90, 80), second=(60, 50), **over):
    call = await a_call(cast, "evaluating", **over)
    return (
        call,
        await a_scored_application(cast, call, first),
        await a_scored_application(cast, call, second, organisation=cast.guria_women),
    )


async def test_decisions_take_effect_with_the_signature(cast):
    call, best, worst = await two(cast)
    await actions.decide(call, best, cast.chair, given())
    await actions.decide(call, worst, cast.chair, given("reject"))
    assert (await state(best), await state(worst)) == ("scored", "scored")
    minutes = await minute(call, cast.chair)
    await transitions.sign(minutes, cast.chair)
    assert (await state(best), await state(worst)) == ("recommended", "rejected")
    assert (await history_of(worst))[-1].reason == "It answers a real need."
    frozen = await row(
        "SELECT state, body_sha256 = sha256(convert_to(body::text, 'UTF8')) AS whole, body FROM meeting_minutes WHERE id = $1",
        minutes.id,
    )
    assert frozen["state"] == "signed" and frozen["whole"] and best.number in frozen["body"]
    decision = await queries.decision_of(best)
    assert (decision.outcome, decision.amount, decision.rank, decision.minutes_number, decision.decided_by) == (
        "approve", Decimal(3000), 1, 1, cast.chair.id,
    )  # fmt: skip
    await transitions.finish(call, cast.chair)
    assert call.state == "decided" and call.decided_at is not None


async def test_a_decision_is_changed_and_taken_back_until_then(cast):
    call, best, _worst = await two(cast)
    await actions.decide(call, best, cast.chair, given(amount="4000"))
    await actions.decide(call, best, cast.chair, given(amount="3500"))
    minutes = await queries.open_minutes(call)
    assert [d.amount for d in await queries.decisions_in(minutes)] == [Decimal(3500)]
    await actions.undo(call, best, cast.chair)
    assert await queries.decisions_in(minutes) == []
    with pytest.raises(Refused, match="do not decide on this application"):
        await actions.undo(call, best, cast.chair)
    assert [h.name for h in await history_of(minutes)] == [
        "minutes.opened", "decision.made", "decision.made", "decision.removed",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["manager", "director", "curator", "reviewer", "auditor"])
async def test_only_the_chair_decides(cast, who):
    call, best, _worst = await two(cast)
    with pytest.raises(NotAllowed):
        await actions.decide(call, best, cast.people[who], given())
    with pytest.raises(NotAllowed):
        await actions.open_minutes(call, cast.people[who])


async def test_a_chair_who_approved_the_call_does_not_decide(cast):
    call = await a_call(cast, "evaluating", approved_by=cast.chair.id)
    application = await a_scored_application(cast, call)
    with pytest.raises(NotAllowed):
        await actions.decide(call, application, cast.chair, given())


async def test_amounts_that_are_refused(cast):
    call, best, worst = await two(cast, envelope=Decimal("5000"), max_award=Decimal("5000"))
    with pytest.raises(Refused, match="asked for €4,000; more cannot be given"):
        await actions.decide(call, best, cast.chair, given(amount="4000.01"))
    with pytest.raises(Refused, match="Grants of this call are €1,000 to €5,000"):
        await actions.decide(call, best, cast.chair, given(amount="999"))
    await actions.decide(call, best, cast.chair, given(amount="3000"))
    with pytest.raises(Refused, match="Only €2,000 of the envelope is left"):
        await actions.decide(call, worst, cast.chair, given(amount="2500"))
    await actions.decide(call, worst, cast.chair, given("reserve", amount="2500"))


async def test_a_skipped_rank_needs_a_note(cast):
    call, best, worst = await two(cast)
    await actions.decide(call, best, cast.chair, given("reject"))
    with pytest.raises(Refused, match="A rank is skipped"):
        await actions.decide(call, worst, cast.chair, given())
    decision = await actions.decide(call, worst, cast.chair, given(exception_note="The only one from Guria."))
    assert decision.exception_note == "The only one from Guria."


async def test_only_scored_applications_of_a_call_being_evaluated(cast):
    call = await a_call(cast, "evaluating")
    waiting = await an_application(cast, call, "in_review")
    with pytest.raises(Refused, match="whose reviews are all locked"):
        await actions.decide(call, waiting, cast.chair, given())
    done = await a_call(cast, "decided")
    late = await a_scored_application(cast, done)
    with pytest.raises(Refused, match="while the call is being evaluated"):
        await actions.decide(done, late, cast.chair, given())


async def test_approval_after_correction_goes_through_a_second_meeting(cast):
    call, best, worst = await two(cast)
    await actions.decide(call, best, cast.chair, given("correction", section_ids=[call.sections[0].id]))
    await actions.decide(call, worst, cast.chair, given("reject"))
    await transitions.sign(await minute(call, cast.chair), cast.chair)
    assert await state(best) == "correction"
    asked = await row("SELECT kind, question, section_ids FROM clarification WHERE application_id = $1", best.id)
    assert tuple(asked) == ("correction", "Say which month.", [call.sections[0].id])
    with pytest.raises(Refused, match="1 application is still undecided"):
        await transitions.finish(call, cast.chair)
    best = await get(Application, best.id)
    await answer(best, cast.signatory, "May and June.", {})
    assert best.state == "corrected"
    with pytest.raises(Refused, match="approved or rejected"):
        await actions.decide(call, best, cast.chair, given("reserve"))
    await actions.decide(call, best, cast.chair, given())
    second = await minute(call, cast.chair)
    assert second.number == 2
    await transitions.sign(second, cast.chair)
    assert await state(best) == "recommended" and (await queries.decision_of(best)).minutes_number == 2
    await transitions.finish(call, cast.chair)
    assert call.state == "decided"


async def test_minutes_are_signed_only_when_they_say_something(cast):
    call, best, worst = await two(cast)
    minutes = await actions.open_minutes(call, cast.chair)
    with pytest.raises(Refused, match="open minutes already"):
        await actions.open_minutes(call, cast.chair)
    with pytest.raises(Refused, match="decide on nothing"):
        await transitions.sign(minutes, cast.chair)
    await actions.decide(call, best, cast.chair, given())
    await actions.decide(call, worst, cast.chair, given("reserve"))
    for over, sentence in (
        ({"present": ""}, "who was present"),
        ({"text": " "}, "text of the minutes"),
        ({"reserve_until": None}, "until when the reserve list holds"),
    ):
        with pytest.raises(Refused, match=sentence):
            await transitions.sign(await minute(call, cast.chair, **over), cast.chair)
    await transitions.sign(await minute(call, cast.chair), cast.chair)
    signed = await get(MeetingMinutes, minutes.id)
    with pytest.raises(Refused, match="Signed minutes cannot be changed"):
        await actions.change_minutes(call, signed, cast.chair, Minutes(held_on=today()))


async def test_an_application_that_left_stops_the_signature_whole(cast):
    call, best, worst = await two(cast)
    await actions.decide(call, best, cast.chair, given())
    await actions.decide(call, worst, cast.chair, given("reject"))
    async with importing():
        await execute("UPDATE application SET state = 'withdrawn' WHERE id = $1", worst.id)
    with pytest.raises(Refused, match=f"Application {worst.number} has changed"):
        await transitions.sign(await minute(call, cast.chair), cast.chair)
    assert await state(best) == "scored" and await queries.open_minutes(call)


async def test_a_call_is_not_decided_before_everything_is(cast):
    call, best, worst = await two(cast)
    with pytest.raises(Refused, match="2 applications are still undecided"):
        await transitions.finish(call, cast.chair)
    await actions.decide(call, best, cast.chair, given())
    async with importing():
        await execute("UPDATE application SET state = 'rejected' WHERE id = ANY($1)", [best.id, worst.id])
    with pytest.raises(Refused, match="not signed yet"):
        await transitions.finish(call, cast.chair)
    empty = await a_call(cast, "evaluating")
    with pytest.raises(Refused, match="no minutes"):
        await transitions.finish(empty, cast.chair)


# the reserve list --------------------------------------------------------------------------------------------------


async def a_reserve(cast, call, totals, organisation=None, **over):
    return await a_decided_application(
        cast, "reserve", call, totals=totals, organisation=organisation or cast.vani_youth, **over
    )


async def test_the_best_of_the_reserve_list_moves_up_first(cast):
    call = await a_call(cast, "decided")
    best = await a_reserve(cast, call, (70, 70))
    worst = await a_reserve(cast, call, (60, 60), cast.guria_women)
    with pytest.raises(Refused, match="has a higher score"):
        await transitions.promote(worst, cast.manager)
    with pytest.raises(NotAllowed):
        await transitions.promote(best, cast.chair)
    line, _places = await queries.ranking_page(call, cast.manager, None, 0)
    assert line.given == 0
    await transitions.promote(best, cast.manager)
    assert best.state == "recommended"
    line, places = await queries.ranking_page(call, cast.manager, None, 0)
    assert line.given == next(each.decision.amount for each in places if each.application.id == best.id) > 0


async def test_nobody_moves_up_without_money(cast, monkeypatch):
    call = await a_call(cast, "decided", envelope=Decimal("4000"), max_award=Decimal("4000"))
    await a_decided_application(cast, "approve", call, amount="3000")
    waiting = await a_reserve(cast, call, (60, 60), cast.guria_women, amount="2000")
    with pytest.raises(Refused, match="Only €1,000 of the envelope is left"):
        await transitions.promote(waiting, cast.manager)

    async def declined(call):
        return Decimal("3000")

    monkeypatch.setattr(actions, "FREED", [declined])
    await transitions.promote(waiting, cast.manager)
    assert waiting.state == "recommended"


async def test_the_reserve_list_ends_by_itself(cast):
    call = await a_call(cast, "decided")
    waiting = await a_reserve(cast, call, (70, 70))
    assert await transitions.release_reserves() == 0
    async with importing():
        await execute("UPDATE meeting_minutes SET reserve_until = $1", today() - timedelta(days=1))
    assert await transitions.release_reserves() == 1
    assert await state(waiting) == "rejected"


async def test_a_decided_call_with_a_reserve_list_is_not_complete(cast):
    call = await a_call(cast, "decided")
    waiting = await a_reserve(cast, call, (70, 70))
    assert await actions.anything_open(call)
    await calls.complete_due_calls()
    assert await value("SELECT state FROM call WHERE id = $1", call.id) == "decided"
    async with importing():
        await execute("UPDATE application SET state = 'rejected' WHERE id = $1", waiting.id)
    assert not await actions.anything_open(call)


# the ranking -------------------------------------------------------------------------------------------------------


async def test_the_ranking_hides_scores_from_whoever_has_not_locked_their_own(cast):
    call = await a_call(cast, "evaluating", min_reviews=1)
    application = await a_scored_application(cast, call, (91,))
    await a_review(cast, application, "drafting", cast.reviewer2)
    everybody = await queries.ranking_of(call, cast.manager)
    assert (everybody[0].average, everybody[0].hidden) == (Decimal("91.00"), False)
    (place,) = await queries.ranking_of(call, cast.reviewer2)
    assert place.hidden and place.average is None and place.application.totals == []
    (seen,) = await queries.ranking_of(call, SYSTEM)
    assert seen.average == Decimal("91.00")


async def test_open_minutes_are_found_and_counted(cast):
    call = await a_call(cast, "evaluating")
    await some_minutes(cast, call, signed=True)
    opened = await some_minutes(cast, call, signed=False)
    assert [m.number for m in await queries.minutes_of(call)] == [1, 2]
    assert (await queries.open_minutes(call)).id == opened.id
