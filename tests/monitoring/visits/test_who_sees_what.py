"""Who sees which visit, photo and finding, and whom each waits for: the promises behind every page and answer."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.sessions import person_by_id
from foundation.clock import now, today
from foundation.database import rows
from lifecycle.notices import handle_events
from monitoring.visits import findings, queries, transitions
from monitoring.visits.forms import Response
from monitoring.visits.lifecycle import FindingState, State
from monitoring.visits.listing import plans_visits
from tests.builders.awards import an_award
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.cast import add_role

PEOPLE = ("manager", "auditor", "curator", "curator2", "donor", "editor", "other_editor", "nobody_special")


@pytest.fixture
async def award(cast):
    return await an_award(cast, state="active")


async def seen_by(cast, find):
    """Those of the people above for whom `find(person)` finds something."""
    return {name for name in PEOPLE if await find(getattr(cast, name))}


async def also(person, role):
    await add_role(person.id, role)
    return await person_by_id(person.id)


# visits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
async def test_a_grantee_sees_a_visit_once_it_is_told_and_a_donor_once_it_is_approved(cast, award, state):
    visit = await a_visit(cast, award, state=state)
    expected = {"manager", "auditor", "curator"}
    expected |= {"editor"} if state in State.in_set("told") else set()
    expected |= {"donor"} if state == "approved" else set()
    assert await seen_by(cast, lambda person: queries.by_id(person, visit.id)) == expected
    assert await seen_by(cast, lambda person: queries.by_reference(person, visit.reference)) == expected
    assert await seen_by(cast, lambda person: queries.of_award(person, award.id)) == expected


async def test_whoever_no_longer_looks_after_the_place_does_not_see_what_they_led(cast, award):
    """The role is asked, not the id; what they led waits for the manager to give it to somebody."""
    led = await a_visit(cast, award, state="in_field", lead_id=cast.curator2.id)
    finding = await a_finding(cast, led, state="draft")
    assert not await queries.by_id(cast.curator2, led.id)
    assert not await queries.finding_by_id(cast.curator2, finding.id)
    assert await queries.calendar_of(cast.curator2) == []
    assert await queries.waiting(cast.curator2) == {"visits": [], "findings": []}


async def test_a_grants_visits_stand_newest_first_and_leave_other_grants_out(cast, award):
    elsewhere = await an_award(cast, organisation=cast.guria_women)
    await a_visit(cast, elsewhere)
    made = [
        await a_visit(cast, award, state="planned", planned_from=today() + timedelta(days=n), planned_to=today() + timedelta(days=9))
        for n in (1, 3, 2)
    ]  # fmt: skip
    told = await a_visit(cast, award, planned_from=today() + timedelta(days=8), planned_to=today() + timedelta(days=9))
    found = await queries.of_award(cast.manager, award.id)
    assert [each["id"] for each in found] == [made[1].id, made[2].id, made[0].id, told.id], "by the day it took place"


@pytest.mark.parametrize(("days", "missed"), [(7, False), (8, True)])
async def test_a_visit_is_missed_a_week_after_its_last_day(cast, award, days, missed):
    last = today() - timedelta(days=days)
    await a_visit(cast, award, state="confirmed", planned_from=last, planned_to=last)
    for found in (await queries.of_award(cast.manager, award.id), await queries.calendar_of(cast.curator)):
        assert [each["missed"] for each in found] == [missed]


async def test_the_calendar_holds_what_its_lead_has_not_finished_day_by_day(cast, award):
    day = today()
    later = await a_visit(
        cast, award, state="planned", planned_from=day + timedelta(days=2), planned_to=day + timedelta(days=2)
    )
    soon = await a_visit(cast, award, state="confirmed", planned_from=day, planned_to=day)
    handed_in = await a_visit(cast, award, state="in_review", planned_from=day, visited_on=day - timedelta(days=1))
    await a_visit(cast, award, state="approved")
    await a_visit(cast, award, state="cancelled")
    await a_visit(cast, award, state="planned", lead_id=cast.curator2.id)
    found = await queries.calendar_of(cast.curator)
    assert [each["id"] for each in found] == [handed_in.id, soon.id, later.id]


async def test_visits_are_planned_to_running_grants_in_order_of_their_places(cast, award):
    """A manager everywhere, a curator where they look after, and nobody else at all."""
    guria = await an_award(cast, organisation=cast.guria_women, state="active")
    second = await an_award(cast, state="active")
    await an_award(cast, state="drafting")
    await an_award(cast, state="terminated")
    of_vani = sorted((award, second), key=lambda each: each.reference)
    in_order = sorted(
        (*of_vani, guria), key=lambda each: cast.vani.position if each in of_vani else cast.ozurgeti.position
    )
    assert [each["id"] for each in await queries.visitable(cast.manager)] == [each.id for each in in_order]
    assert [each["id"] for each in await queries.visitable(cast.curator)] == [each.id for each in of_vani]
    assert [each["id"] for each in await queries.visitable(cast.curator2)] == [guria.id]
    assert await queries.visitable(cast.finance) == await queries.visitable(cast.editor) == []
    asked = [name for name in cast.people if plans_visits(getattr(cast, name))]
    assert sorted(asked) == ["curator", "curator2", "manager"]


# photos ------------------------------------------------------------------------------------------------------------


async def test_a_donor_gets_only_photos_whose_people_agreed(cast, award):
    visit = await a_visit(cast, award)
    agreed = await a_visit_photo(cast, visit)
    refused = await a_visit_photo(cast, visit, consent=False)
    either = {"manager", "auditor", "curator", "editor"}

    async def gets(person, photo):
        return photo.id in {each["id"] for each in await queries.photos_of(person, visit)}

    # who may ask for the photos of a visit at all is asked before, of the visit
    assert not await gets(cast.donor, refused) and await gets(cast.donor, agreed)
    assert await gets(cast.auditor, refused) and await gets(cast.editor, refused)
    for photo, who in ((agreed, either | {"donor"}), (refused, either)):
        assert await seen_by(cast, lambda person, photo=photo: queries.photo_by_id(person, photo.id)) == who
        found = {
            name: {each["id"] for each in await queries.photos_beside(getattr(cast, name), agreed)} for name in PEOPLE
        }
        assert {name for name in PEOPLE if photo.id in found[name]} == who


async def test_a_donor_who_is_auditor_too_sees_as_the_auditor(cast, award):
    visit = await a_visit(cast, award)
    refused = await a_visit_photo(cast, visit, consent=False)
    both = await also(cast.donor, "auditor")
    assert [each["id"] for each in await queries.photos_of(both, visit)] == [refused.id]


@pytest.mark.parametrize("state", ["in_review", "approved"])
@pytest.mark.parametrize(("public", "consent"), [(True, True), (False, True), (False, False)])
async def test_everybody_sees_a_photo_once_its_visit_is_approved_its_people_agreed_and_it_was_made_public(
    cast, award, state, public, consent
):
    visit = await a_visit(cast, award, state=state)
    photo = await a_visit_photo(cast, visit, public=public, consent=consent)
    for_everybody = state == "approved" and public
    for person in (cast.nobody_special, cast.other_editor):
        found = await queries.photo_by_id(person, photo.id)
        assert bool(found) == for_everybody
        assert [each["id"] for each in await queries.photos_beside(person, photo)] == [photo.id][: int(for_everybody)]
    assert (await queries.photo_by_id(cast.manager, photo.id)).is_public == for_everybody


async def test_photos_stand_as_they_were_taken_each_beside_those_of_its_own_visit(cast, award):
    visit = await a_visit(cast, award)
    unknown = await a_visit_photo(cast, visit, taken_at=None)
    late = await a_visit_photo(cast, visit, taken_at=now())
    early = await a_visit_photo(cast, visit, taken_at=now() - timedelta(hours=1))
    await a_visit_photo(cast, await a_visit(cast, award))
    expected = [early.id, late.id, unknown.id]
    assert [each["id"] for each in await queries.photos_of(cast.manager, visit)] == expected
    assert [each["id"] for each in await queries.photos_beside(cast.manager, early)] == expected


async def test_a_photo_is_missing_until_the_bytes_that_were_announced_are_here(cast, award):
    announced = {str(uuid4()): hash for hash in ("11" * 32, "22" * 32, "33" * 32)}
    manifest = [{"id": key, "sha256": hash} for key, hash in announced.items()]
    here, other, never = announced
    visit = await a_visit(cast, award, state="in_field", manifest=manifest)
    assert await queries.missing_photos(visit) == [here, other, never]
    await a_visit_photo(cast, visit, id=here, client_sha256=bytes.fromhex("11" * 32))
    await a_visit_photo(cast, visit, id=other, client_sha256=bytes.fromhex("99" * 32))
    assert await queries.missing_photos(visit) == [other, never]
    assert [str(each["id"]) for each in await queries.hashes_here(visit)] == [here, other]
    elsewhere = await a_visit(cast, award, state="in_field", manifest=[{"id": here, "sha256": "11" * 32}])
    assert await queries.missing_photos(elsewhere) == [here], "a photo of another visit"
    assert await queries.hashes_here(elsewhere) == []
    assert await queries.missing_photos(await a_visit(cast, award, state="in_field")) == []


# findings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(FindingState))
async def test_a_grantee_sees_a_finding_once_shared_and_a_donor_once_it_is_final(cast, award, state):
    visit = await a_visit(cast, award)
    finding = await a_finding(cast, visit, state=state)
    expected = {"manager", "auditor", "curator"}
    expected |= {"editor"} if state in FindingState.in_set("shared") else set()
    expected |= {"donor"} if state in FindingState.in_set("settled") else set()
    assert await seen_by(cast, lambda person: queries.finding_by_id(person, finding.id)) == expected
    assert await seen_by(cast, lambda person: queries.findings_of(person, visit)) == expected


async def test_a_donor_sees_no_finding_of_a_visit_that_is_not_approved(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    finding = await a_finding(cast, visit, state="final")
    assert not await queries.finding_by_id(cast.donor, finding.id) and not await queries.findings_of(cast.donor, visit)


async def test_findings_of_a_visit_stand_as_they_were_written(cast, award):
    visit = await a_visit(cast, award)
    later = await a_finding(cast, visit, created=now())
    earlier = await a_finding(cast, visit, created=now() - timedelta(days=1))
    await a_finding(cast, await a_visit(cast, award))
    assert [each.id for each in await queries.findings_of(cast.manager, visit)] == [earlier.id, later.id]


async def test_a_finding_names_its_photos_and_those_who_wrote_answered_and_reviewed_it(cast, award):
    visit = await a_visit(cast, award)
    photo = await a_visit_photo(cast, visit)
    finding = await queries.finding_by_id(cast.manager, (await a_finding(cast, visit, state="final", photo=photo)).id)
    assert finding.photo_ids == [photo.id]
    names = (finding.author_name, finding.responder_name, finding.reviewer_name)
    assert names == (cast.curator.name, cast.signatory.name, cast.manager.name)


async def test_unanswered_is_what_was_shared_before_the_moment_and_not_answered(cast, award):
    visit = await a_visit(cast, award)
    moment = datetime(2027, 1, 11, 9, tzinfo=UTC)
    before = await a_finding(cast, visit, state="shared", shared_at=moment - timedelta(microseconds=1))
    await a_finding(cast, visit, state="shared", shared_at=moment)
    await a_finding(cast, visit, state="responded", shared_at=moment - timedelta(days=1))
    assert [each.id for each in await queries.unanswered_since(moment)] == [before.id]


# what waits for whom -----------------------------------------------------------------------------------------------


async def waits_for(cast, kind):
    return {
        name: ids for name in PEOPLE if (ids := {r["id"] for r in (await queries.waiting(getattr(cast, name)))[kind]})
    }


@pytest.mark.parametrize("state", list(State))
async def test_a_visit_waits_for_its_lead_until_handed_in_then_for_another_person(cast, award, state):
    visit = await a_visit(cast, award, state=state)
    expected = {"curator"} if state in State.in_set("with_lead") else {"manager"} if state == "in_review" else set()
    assert await waits_for(cast, "visits") == {name: {visit.id} for name in expected}


async def test_a_curator_of_the_place_reviews_what_a_manager_saw_and_nobody_their_own(cast, award):
    visit = await a_visit(cast, award, state="in_review", lead_id=cast.manager.id)
    assert await waits_for(cast, "visits") == {"curator": {visit.id}}
    finding = await a_finding(cast, visit, state="responded")
    assert await waits_for(cast, "findings") == {"curator": {finding.id}}


async def test_what_waits_stands_by_its_day(cast, award):
    day = today()
    later = await a_visit(cast, award, state="planned", planned_from=day, planned_to=day)
    seen = await a_visit(cast, award, state="complete", planned_from=day, visited_on=day - timedelta(days=1))
    assert [each["id"] for each in (await queries.waiting(cast.curator))["visits"]] == [seen.id, later.id]
    assert {each["mine"] for each in (await queries.waiting(cast.curator))["visits"]} == {True}


async def test_a_finding_that_waits_tells_its_author_its_organisation_and_its_place(cast, award):
    visit = await a_visit(cast, award, state="complete")
    await a_finding(cast, visit, state="shared")
    [told] = (await queries.waiting(cast.editor))["findings"]
    assert (told["author_name"], told["organisation_en"], told["slug"]) == (cast.curator.name, "Vani Youth", "vani")
    assert (told["reference"], told["title_en"]) == (visit.reference, award.title_en)


@pytest.mark.parametrize("state", list(FindingState))
async def test_a_finding_waits_for_its_lead_then_the_grantee_then_another_person(cast, award, state):
    finding = await a_finding(cast, await a_visit(cast, award, state="complete"), state=state)
    expected = {"draft": {"curator"}, "shared": {"editor"}, "responded": {"manager"}}.get(state, set())
    assert await waits_for(cast, "findings") == {name: {finding.id} for name in expected}


async def test_a_draft_waits_only_once_the_visit_is_told(cast, award):
    await a_finding(cast, await a_visit(cast, award, state="in_field"), state="draft")
    assert await waits_for(cast, "findings") == {}


async def test_neither_the_author_nor_the_lead_makes_a_finding_final(cast, award):
    """The curator wrote it upon a visit that the manager leads: both have had their say."""
    visit = await a_visit(cast, award, state="complete", lead_id=cast.manager.id)
    await a_finding(cast, visit, state="responded", author_id=cast.curator.id)
    assert await waits_for(cast, "findings") == {}


# letters -----------------------------------------------------------------------------------------------------------


async def letters_since(before):
    await handle_events()
    sent = await rows("SELECT id, to_address, subject, body FROM mail ORDER BY id")
    return [each for each in sent if each["id"] not in before]


@pytest.mark.parametrize("answered", [True, False])
async def test_the_author_reads_whether_there_was_an_answer_and_where(cast, award, answered):
    visit = await a_visit(cast, award)
    made = await a_finding(cast, visit, state="shared")
    finding = await queries.finding_by_id(cast.manager, made.id)
    before = {each["id"] for each in await rows("SELECT id FROM mail")}
    if answered:
        await transitions.respond(finding, cast.editor, Response(response_kind="agrees"))
    else:
        await findings.lapse(finding)
    [letter] = await letters_since(before)
    assert letter["to_address"] == cast.curator.email
    assert f"/visits/{visit.reference}/findings/{made.id}" in letter["body"]
    assert ("ვადაში არ მოსულა" in letter["body"]) != answered
