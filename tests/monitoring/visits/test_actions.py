"""The verbs of visits and findings: what they write, and what they refuse with which sentence."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.person import SYSTEM
from foundation.clock import clock_at, today
from foundation.database import insert, row, rows, value
from foundation.language import speaking
from foundation.refused import Missing, NotAllowed, Refused
from grants.disbursements.tables import TrancheCondition
from lifecycle.notices import handle_events
from lifecycle.record import history_of
from lifecycle.tasks import TASKS, tasks_of
from monitoring.visits import actions, findings, notices, photos, points, queries, tasks, transitions
from monitoring.visits.forms import NewFinding, PhotoWords, Plan, Reschedule, Response, Seen, Told
from monitoring.visits.points import Point
from tests.builders.awards import an_award
from tests.builders.recommendations import a_recommendation
from tests.builders.uploads import a_jpeg
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.cast import make_cast
from tests.importing import importing
from uploads.receiving import receive_bytes

SEEN = dict(
    visited_on=today(), on_track="yes", eu_visibility="yes", documents_seen="yes", women=3, men=4, notes="ნახვა",
    place="დიხაშხო", no_position_reason="ტელეფონი დაჯდა",
)  # fmt: skip


@pytest.fixture
async def award(cast):
    return await an_award(cast)


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def a_plan(award, **over):
    return Plan(**(dict(award_id=award.id, planned_from=today(), planned_to=today()) | over))


async def test_a_curator_plans_for_themselves_and_a_manager_for_curators(cast, award):
    own = await actions.plan(cast.curator, a_plan(award))
    assert (own.lead_id, own.state, own.municipality_id) == (cast.curator.id, "planned", cast.vani.id)
    other = await actions.plan(cast.manager, a_plan(award, lead_id=cast.curator.id))
    assert int(other.reference[-4:]) == int(own.reference[-4:]) + 1
    assert [event.name for event in await history_of(own)] == ["visit.planned"]


async def test_who_may_not_plan(cast, award):
    with pytest.raises(Missing):
        await actions.plan(cast.curator2, a_plan(award))
    with pytest.raises(NotAllowed):
        await actions.plan(cast.signatory, a_plan(award))
    with pytest.raises(Refused, match="curator of that municipality"):
        await actions.plan(cast.manager, a_plan(award, lead_id=cast.curator2.id))
    with pytest.raises(Refused, match="curator of that municipality"):
        await actions.plan(cast.manager, a_plan(award))


async def test_only_running_grants_are_visited(cast):
    for state in ("drafting", "signed_cso", "terminated"):
        award = await an_award(cast, state=state)
        with pytest.raises(Refused, match="signed agreement"):
            await actions.plan(cast.curator, a_plan(award))


async def test_saving_begins_and_sending_completes(cast, award):
    visit = await a_visit(cast, award, state="planned")
    await actions.save(visit, cast.curator, Seen(notes="half"))
    assert visit.state == "in_field"
    with pytest.raises(actions.Lacking) as lacking:
        await actions.send(visit, cast.curator)
    assert set(lacking.value.fields) == {
        "visited_on", "on_track", "women", "men", "eu_visibility", "documents_seen", "place", "no_position_reason",
    }  # fmt: skip
    await actions.save(visit, cast.curator, Seen(**SEEN))
    await actions.send(visit, cast.curator)
    assert visit.state == "complete" and visit.received_at and visit.completed_at
    names = [event.name for event in await history_of(visit)]
    assert names == ["visit.started", "visit.saved", "visit.saved", "visit.received", "visit.completed"]


async def test_only_the_lead_tells(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    for person in (cast.manager, cast.curator2, cast.signatory, SYSTEM):
        with pytest.raises(NotAllowed):
            await actions.save(visit, person, Seen())


async def test_a_complete_visit_stays_complete_when_corrected(cast, award):
    visit = await a_visit(cast, award, state="complete")
    with pytest.raises(actions.Lacking):
        await actions.save(visit, cast.curator, Seen(notes="less"))
    await actions.save(visit, cast.curator, Seen(**SEEN | {"notes": "better"}))
    assert (visit.state, visit.notes) == ("complete", "better")


async def test_earlier_recommendations_are_answered_one_by_one(cast, award, monkeypatch):
    visit = await a_visit(cast, award, state="in_field")
    point = Point(award.id, "R-1", "გამოაქვეყნეთ ოქმები", "Publish the minutes")

    async def tell(award_id):
        return [point] if award_id == award.id else []

    monkeypatch.setattr(points, "OPEN_POINTS", [tell])
    await actions.save(visit, cast.curator, Seen(**SEEN))
    with pytest.raises(actions.Lacking) as lacking:
        await actions.send(visit, cast.curator)
    assert lacking.value.fields == {f"points.{award.id}.answer": "Say whether “Publish the minutes” has been done."}
    await actions.save(
        visit, cast.curator, Seen(**SEEN, points={point.id: {"answer": "partly", "note": "Two of five"}})
    )
    await actions.send(visit, cast.curator)
    assert visit.answers["points"] == {str(point.id): {"answer": "partly", "note": "Two of five"}}


async def test_what_is_lost_is_listed_for_ever(cast, award):
    lost = {"id": "0198c0de-0000-7000-8000-000000000000", "sha256": "00" * 32}
    visit = await a_visit(cast, award, state="received", manifest=[lost])
    with pytest.raises(Refused, match="Write the reason"):
        await transitions.complete_with_loss(visit, cast.manager, " ")
    await transitions.complete_with_loss(visit, cast.manager, "The phone fell into the Rioni.")
    last = (await history_of(visit))[-1]
    assert (visit.state, last.payload["lost"]["photos"]) == ("complete", [lost["id"]])


async def test_approval_is_another_persons_and_moves_the_tranche_that_waits(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    with pytest.raises(NotAllowed):
        await transitions.approve(visit, cast.curator)
    await transitions.approve(visit, cast.manager)
    assert (visit.state, visit.reviewed_by) == ("approved", cast.manager.id)


async def test_a_condition_that_waits_for_a_visit_is_fulfilled(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    tranche = await row("SELECT id FROM tranche WHERE award_id = $1 ORDER BY number LIMIT 1", award.id)
    async with importing():
        condition = await insert(TrancheCondition, tranche_id=tranche["id"], kind="visit_approved")
    await transitions.approve(visit, cast.manager)
    assert await value("SELECT fulfilled_by FROM tranche_condition WHERE id = $1", condition.id) == cast.manager.id


async def test_a_returned_visit_comes_back_with_its_reason(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    with pytest.raises(Refused):
        await transitions.send_back(visit, cast.manager, None)
    await transitions.send_back(visit, cast.manager, "Count the women again.")
    assert visit.state == "in_field"
    await actions.save(visit, cast.curator, Seen(**SEEN))
    await actions.send(visit, cast.curator)
    assert visit.state == "complete"


async def test_other_days_only_before_it_begins(cast, award):
    visit = await a_visit(cast, award, state="confirmed")
    other = Reschedule(planned_from=today(), planned_to=today() + timedelta(days=3), reason="Snow")
    await transitions.reschedule(visit, cast.curator, other)
    assert (await history_of(visit))[-1].reason == "Snow"
    begun = await a_visit(cast, award, state="in_field")
    with pytest.raises(Refused, match="being recorded"):
        await transitions.reschedule(begun, cast.curator, other)
    with pytest.raises(NotAllowed):
        await transitions.reschedule(visit, cast.finance, other)


async def test_cancelling_keeps_the_reason(cast, award):
    visit = await a_visit(cast, award, state="planned")
    await transitions.cancel(visit, cast.curator, "The road is closed.")
    assert (visit.state, visit.cancel_reason) == ("cancelled", "The road is closed.")


async def test_photos_come_until_the_visit_is_handed_in(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    file = await receive_bytes(a_jpeg(), "a.jpg")
    (photo,) = await photos.add(visit, cast.curator, [file], consent=True)
    assert await photos.add(visit, cast.curator, [file], consent=True) == []
    await photos.describe(photo, visit, cast.curator, PhotoWords(caption="Yard", consent=True, public=True))
    assert (photo.caption_en, photo.public) == ("Yard", True)
    handed_in = await a_visit(cast, award, state="in_review")
    with pytest.raises(Refused, match="no more photos"):
        await photos.add(handed_in, cast.curator, [file], consent=True)
    with pytest.raises(NotAllowed):
        await photos.add(visit, cast.manager, [file], consent=True)


async def test_a_visit_holds_so_many_photos(cast, award, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    visit = await a_visit(cast, award, state="in_field", photos=1)
    with pytest.raises(Refused, match="at most 1"):
        await photos.add(visit, cast.curator, [await receive_bytes(a_jpeg(), "a.jpg")], consent=True)


async def test_a_photo_without_consent_is_never_shown_to_everybody(cast, award):
    visit = await a_visit(cast, award, state="approved")
    photo = await a_visit_photo(cast, visit, consent=False)
    with pytest.raises(Refused, match="agreed"):
        await photos.publish(photo, visit, cast.manager, True)


async def test_a_removed_photo_leaves_the_manifest_and_the_finding(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    photo = await a_visit_photo(cast, visit)
    finding = await findings.write(
        visit, cast.curator, NewFinding(kind="risk", severity="low", text="x", photos=[photo.id])
    )
    await photos.remove(photo, visit, cast.curator)
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 0
    assert await value("SELECT count(*) FROM finding_photo WHERE finding_id = $1", finding.id) == 0


async def test_a_finding_from_draft_to_closed(cast, award):
    visit = await a_visit(cast, award, state="complete")
    photo = await a_visit_photo(cast, visit)
    written = await findings.write(
        visit, cast.curator, NewFinding(kind="problem", severity="high", text="Half", photos=[photo.id])
    )
    finding = await queries.finding_by_id(cast.curator, written.id)
    await transitions.share(finding, cast.curator)
    await transitions.respond(finding, cast.editor, Response(response_kind="agrees"))
    await a_recommendation(cast, award=award, finding_id=finding.id)
    with pytest.raises(NotAllowed):
        await transitions.settle(finding, cast.curator)
    await transitions.settle(finding, cast.manager)
    await transitions.close(finding, cast.manager)
    names = [event.name for event in await history_of(finding)]
    assert names == ["finding.written", "finding.shared", "finding.responded", "finding.final", "finding.closed"]


async def test_a_finding_of_an_unsent_visit_is_not_shared(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    written = await findings.write(visit, cast.curator, NewFinding(kind="problem", severity="low", text="Half"))
    finding = await queries.finding_by_id(cast.curator, written.id)
    with pytest.raises(Refused, match="Send the visit first"):
        await transitions.share(finding, cast.curator)


async def test_a_finding_is_withdrawn_with_a_reason(cast, award):
    made = await a_finding(cast, await a_visit(cast, award), state="shared")
    finding = await queries.finding_by_id(cast.curator, made.id)
    with pytest.raises(Refused):
        await transitions.withdraw(finding, cast.curator, "")
    await transitions.withdraw(finding, cast.curator, "It was another grant.")
    assert finding.state == "withdrawn"


async def test_silence_counts_after_ten_working_days(cast, award):
    monday = datetime(2027, 1, 11, 9, tzinfo=UTC)
    made = await a_finding(cast, await a_visit(cast, award), state="shared", shared_at=monday)
    with clock_at(monday + timedelta(days=14)):  # the tenth working day itself
        await notices.take_silence_for_an_answer()
        assert await value("SELECT state FROM finding WHERE id = $1", made.id) == "shared"
    with clock_at(monday + timedelta(days=15)):
        await notices.take_silence_for_an_answer()
    told = await row("SELECT state, response_kind, responded_by FROM finding WHERE id = $1", made.id)
    assert tuple(told.values()) == ("responded", "no_response", None)


async def test_letters_reach_those_who_must_act(cast, award):
    visit = await actions.plan(cast.manager, a_plan(award, lead_id=cast.curator.id))
    await actions.save(visit, cast.curator, Seen(**SEEN))
    await actions.send(visit, cast.curator)
    await transitions.hand_in(visit, cast.curator)
    await transitions.send_back(visit, cast.manager, "Count again.")
    made = await a_finding(cast, await a_visit(cast, award), state="draft")
    finding = await queries.finding_by_id(cast.curator, made.id)
    await transitions.share(finding, cast.curator)
    await transitions.respond(finding, cast.signatory, Response(response_kind="agrees"))
    before = {r["id"] for r in await rows("SELECT id FROM mail")}
    await handle_events()
    sent = await rows("SELECT id, to_address, subject, body FROM mail ORDER BY id")
    told = [(r["to_address"].split("@")[0]) for r in sent if r["id"] not in before]
    assert sorted(told) == ["curator", "curator", "curator", "editor", "manager", "signatory"]
    assert any("Count again." in r["body"] for r in sent)


async def test_everybody_sees_what_waits_for_them(cast, award):
    late = await a_visit(
        cast, award, state="planned", planned_from=today() - timedelta(days=9), planned_to=today() - timedelta(days=8)
    )
    soon = await a_visit(cast, award, state="confirmed", planned_from=today(), planned_to=today())
    begun = await a_visit(cast, award, state="in_field")
    review = await a_visit(cast, award, state="in_review")
    shared = await a_finding(cast, await a_visit(cast, award), state="shared")
    answered = await a_finding(cast, await a_visit(cast, award), state="responded")

    async def told(person):
        mine = [task for task in await tasks_of(person) if task.href.startswith("/visits")]
        return {(task.group, task.href) for task in mine}

    place = "/visits/{}".format
    assert await told(cast.curator) == {
        ("overdue", place(late.reference)), ("today", place(soon.reference)), ("waiting", f"{place(begun.reference)}/record"),
    }  # fmt: skip
    visit_of = {f.id: await value("SELECT reference FROM visit WHERE id = $1", f.visit_id) for f in (shared, answered)}
    assert await told(cast.manager) == {
        ("waiting", place(review.reference)), ("waiting", f"{place(visit_of[answered.id])}/findings/{answered.id}"),
    }  # fmt: skip
    assert await told(cast.editor) == {("waiting", f"{place(visit_of[shared.id])}/findings/{shared.id}")}
    assert await told(cast.curator2) == set()
    assert tasks.visits in TASKS


async def test_two_phones_at_once_make_one_visit(committing):
    cast = await make_cast()
    award = await an_award(cast)
    key, told = uuid4(), Told(**SEEN, award_id=award.id)
    answers = await asyncio.gather(*[actions.tell(cast.curator, key, told, b"x" * 32) for _ in range(8)])
    assert sorted(new for _, new in answers) == [False] * 7 + [True]
    assert await value("SELECT count(*) FROM event WHERE name = 'visit.received'") == 1
