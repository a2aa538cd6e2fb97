"""Who sees which recommendation, what counts as its proof, whom it waits for, and who gets which letter about it."""

from datetime import timedelta

import pytest

from accounts.person import SYSTEM
from foundation.clock import now, today
from foundation.database import execute, insert, rows, update
from foundation.language import speaking
from lifecycle.notices import handle_events
from monitoring.recommendations import actions, forms, notices, queries, transitions
from monitoring.recommendations.lifecycle import State
from monitoring.recommendations.listing import addressee_of
from monitoring.recommendations.tables import FollowUp
from tests.builders.awards import an_award, an_upload
from tests.builders.recommendations import a_recommendation
from tests.builders.visits import a_finding, a_visit
from tests.cast import add_account, add_role
from tests.importing import importing

INSIDE = {"curator", "manager", "finance", "director", "auditor", "admin"}


def day(n):
    return today() + timedelta(days=n)


async def a_follow_up(cast, one, kind, **over):
    facts = dict(recommendation_id=one.id, kind=kind, text="Told", author_id=cast.editor.id, at=now())
    async with importing():
        return await insert(FollowUp, **(facts | over))


def ids(found):
    return [each["id"] for each in found]


@pytest.mark.parametrize("state", list(State))
async def test_its_owner_and_donors_see_it_once_it_is_issued(cast, state):
    one = await a_recommendation(cast, state, owner_id=cast.chair.id)
    expected = INSIDE | (set() if state == "draft" else {"editor", "signatory", "donor", "chair"})
    found = {name for name, each in cast.people.items() if await queries.by_reference(each, one.reference)}
    assert found == expected and await queries.by_reference(SYSTEM, one.reference)
    assert await queries.by_reference(cast.manager, "R-0") is None
    assert (await queries.by_id(one.id)).reference == one.reference


@pytest.mark.parametrize("state", list(State))
async def test_it_is_overdue_from_the_day_after_while_somebody_has_to_act(cast, state):
    for n in (-1, 0):
        one = await a_recommendation(cast, state, due_original=day(n), due_current=day(n))
        assert (await queries.by_id(one.id)).overdue == (n < 0 and state in State.in_set("running"))


async def test_it_tells_its_grant_its_place_its_owner_and_what_it_rests_on(cast):
    award = await an_award(cast)
    visit = await a_visit(cast, award)
    finding = await a_finding(cast, visit, "final")
    next_one = await a_recommendation(cast)
    one = await a_recommendation(
        cast, "superseded", award=award, finding_id=finding.id, owner_id=cast.signatory.id, superseded_by=next_one.id
    )
    told = await queries.by_id(one.id)
    assert (told.award_reference, told.organisation_en, told.slug, told.owner_name) == (
        award.reference, "Vani Youth", "vani", cast.signatory.name,
    )  # fmt: skip
    assert (told.finding_text, told.visit_reference, told.successor_reference) == (
        finding.text, visit.reference, next_one.reference,
    )  # fmt: skip


# what was done about it ----------------------------------------------------------------------------------------------


async def test_what_was_done_stands_newest_first_with_who_and_what(cast):
    visit = await a_visit(cast)
    one, other = await a_recommendation(cast), await a_recommendation(cast)
    scan = await an_upload(cast.signatory, "minutes.pdf")
    first = await a_follow_up(cast, one, "evidence", upload_id=scan.id, at=now() - timedelta(days=2))
    last = await a_follow_up(cast, one, "verification", author_id=cast.curator.id, visit_id=visit.id)
    between = await a_follow_up(
        cast, one, "extension", approved_by=cast.manager.id, new_due=day(9), at=now() - timedelta(days=1)
    )
    await a_follow_up(cast, other, "progress")
    found = await queries.follow_ups_of(one)
    assert ids(found) == [last.id, between.id, first.id]
    assert [each["author"] for each in found] == [cast.curator.name, cast.editor.name, cast.editor.name]
    assert [each["approver"] for each in found] == [None, cast.manager.name, None]
    assert [each["filename"] for each in found] == [None, None, scan.filename]
    assert [each["pictured"] for each in found] == [False, False, False]
    assert [each["visit_reference"] for each in found] == [visit.reference, None, None]
    assert await queries.file_of(one, scan.id) == scan.id and await queries.file_of(other, scan.id) is None


async def test_of_what_was_done_in_one_moment_the_later_stands_first(cast):
    one, moment = await a_recommendation(cast), now() - timedelta(days=1)
    answered = {"approved_by": cast.manager.id, "at": moment}
    made = [await a_follow_up(cast, one, "extension_asked", new_due=day(9), at=moment)]
    made.append(await a_follow_up(cast, one, "extension_refused", **answered))
    assert await queries.asked_for(one) is None
    made.append(await a_follow_up(cast, one, "extension_asked", new_due=day(9), at=moment))
    in_order = sorted((each.id for each in made), reverse=True)
    assert ids(await queries.follow_ups_of(one)) == in_order == [each.id for each in reversed(made)]
    assert (await queries.asked_for(one))["id"] == made[2].id


@pytest.mark.parametrize(("answer", "open_still"), [(None, True), ("extension", False), ("extension_refused", False)])
async def test_a_request_for_time_is_open_until_it_is_answered(cast, answer, open_still):
    one, other = await a_recommendation(cast), await a_recommendation(cast)
    asked = await a_follow_up(cast, one, "extension_asked", new_due=day(9), at=now() - timedelta(days=2))
    if answer:
        given = {"approved_by": cast.manager.id, "new_due": day(9) if answer == "extension" else None}
        await a_follow_up(cast, one, answer, at=now() - timedelta(days=1), **given)
    await a_follow_up(cast, one, "progress")  # tells of something else
    found = await queries.asked_for(one)
    assert (found and found["id"]) == (asked.id if open_still else None)
    assert await queries.asked_for(other) is None
    assert await queries.extensions(one) == (1 if answer == "extension" else 0) and await queries.extensions(other) == 0


async def test_a_document_or_a_visit_is_proof_and_words_are_none(cast):
    visit, scan = await a_visit(cast), await an_upload(cast.signatory, "minutes.pdf")
    for kind, given, proof in (
        ("evidence", {}, False), ("evidence", {"upload_id": scan.id}, True), ("verification", {}, False),
        ("verification", {"visit_id": visit.id}, True), ("progress", {"upload_id": scan.id}, False),
    ):  # fmt: skip
        one = await a_recommendation(cast)
        await a_follow_up(cast, one, kind, **given)
        assert await queries.has_proof(one) is proof, (kind, given)


# what is needed to write one ----------------------------------------------------------------------------------------


async def test_a_curator_chooses_among_places_organisations_and_grants_of_their_own(cast):
    first, second = await an_award(cast, reference="G-2026-002"), await an_award(cast, reference="G-2026-001")
    await an_award(cast, state="drafting")
    await an_award(cast, organisation=cast.guria_women)
    async with importing():
        await execute(
            "INSERT INTO organisation (kind, name_en, municipality_id) VALUES ('cso', 'Khoni Elders', $1)",
            cast.khoni.id,
        )
        await execute("UPDATE organisation SET municipality_id = $1 WHERE kind = 'curator'", cast.vani.id)
    told = await queries.choices_for(cast.curator)
    in_order = sorted((cast.vani, cast.khoni, cast.bagdati, cast.terjola), key=lambda each: each.position)
    assert ids(told["places"]) == [each.id for each in in_order]
    assert [each["name_en"] for each in told["organisations"]] == ["Khoni Elders", "Vani Youth"]
    assert ids(told["awards"]) == [second.id, first.id]
    nothing = await queries.choices_for(cast.manager)
    assert (nothing["places"], nothing["organisations"], nothing["awards"]) == ([], [], [])


async def test_staff_in_office_can_be_made_its_owner(cast):
    """Each once, by name; who has closed their account or left the office cannot."""
    await add_role(cast.director.id, "manager")  # two offices, one person
    gone, leaving, closed = [await add_account(name) for name in ("gone", "leaving", "closed")]
    for account in (gone, leaving, closed):
        await add_role(account, "finance")
    async with importing():
        await execute("UPDATE role SET until = CURRENT_DATE WHERE account_id = $1", gone)
        await execute("UPDATE role SET until = CURRENT_DATE + 1 WHERE account_id = $1", leaving)
        await execute("UPDATE account SET active = false WHERE id = $1", closed)
    told = (await queries.choices_for(cast.curator))["staff"]
    assert [each.name for each in told] == [
        "Chair", "Curator", "Curator2", "Director", "Finance", "Leaving", "Manager",
    ]  # fmt: skip


async def test_a_visit_to_its_grant_or_its_place_can_be_named(cast):
    award, elsewhere = await an_award(cast), await an_award(cast, organisation=cast.guria_women)
    seen = [await a_visit(cast, award, visited_on=day(-n)) for n in (5, 2)]
    beside = await a_visit(cast, await an_award(cast), visited_on=day(-3))
    await a_visit(cast, award, "planned")
    await a_visit(cast, award, "in_field", visited_on=day(-1))
    await a_visit(cast, elsewhere, visited_on=day(-1))
    of_grant, of_place = await a_recommendation(cast, award=award), await a_recommendation(cast)
    assert ids(await queries.visits_for(of_grant)) == [seen[1].id, seen[0].id]
    assert ids(await queries.visits_for(of_place)) == [seen[1].id, beside.id, seen[0].id]


# for other rooms ----------------------------------------------------------------------------------------------------


async def test_those_of_a_grant_stand_by_their_day_and_those_of_a_finding_by_their_number(cast):
    award = await an_award(cast)
    finding = await a_finding(cast, await a_visit(cast, award), "final")
    made = {}
    for n, (due, state) in enumerate(((9, "issued"), (5, "in_progress"), (7, "withdrawn"), (6, "verified"))):
        made[state] = await a_recommendation(
            cast, state, award=award, finding_id=finding.id, due_original=day(due), due_current=day(due),
            reference=f"R-2026-{90 - n:08d}",
        )  # fmt: skip
    await a_recommendation(cast)
    assert ids(await queries.open_of_award(award.id)) == [made["in_progress"].id, made["issued"].id]
    assert ids(await queries.resting_on([finding.id])) == [
        made["verified"].id, made["in_progress"].id, made["issued"].id,
    ]  # fmt: skip


async def test_those_whose_day_is_near_are_told_what_their_people_heard_about_this_day(cast):
    near, far, done = [
        await a_recommendation(cast, state, due_original=day(n), due_current=day(n))
        for n, state in ((6, "accepted"), (8, "accepted"), (7, "reported_done"))
    ]
    await a_recommendation(cast, "accepted", source="sheet", due_original=day(1), due_current=day(1))
    assert [(each["id"], each["told"]) for each in await queries.running()] == [(near.id, [])]
    beside = await a_recommendation(cast, "accepted", due_original=day(6), due_current=day(6))
    await actions.escalate(beside.id, -7)
    assert {each["id"]: each["told"] for each in await queries.running()} == {near.id: [], beside.id: [-7]}
    await actions.escalate(near.id, -7)
    assert {each["id"]: each["told"] for each in await queries.running()} == {near.id: [-7], beside.id: [-7]}
    async with importing():
        await update(near, due_current=day(7))
    assert {each["id"]: each["told"] for each in await queries.running()} == {near.id: [], beside.id: [-7]}, (
        "another day"
    )
    assert far.id and done.id


async def test_what_is_carried_out_asks_for_nobody_before_its_day_is_near(cast):
    """What asks for an answer at once does so whatever its day; the first due come first."""
    near, far, prompt, undated = [
        await a_recommendation(cast, state, due_original=n and day(n), due_current=n and day(n))
        for state, n in (("in_progress", 7), ("in_progress", 8), ("issued", 30), ("draft", None))
    ]
    await a_recommendation(cast, "verified", due_original=day(1), due_current=day(1))
    await a_recommendation(cast, "in_progress", source="sheet", due_original=day(1), due_current=day(1))
    assert ids(await queries.waiting_for(cast.curator)) == [near.id, prompt.id, undated.id]
    assert ids(await queries.waiting_for(cast.editor)) == [near.id, prompt.id]
    assert ids(await queries.waiting_for(cast.curator2)) == [] and far.id


# letters --------------------------------------------------------------------------------------------------------------


async def letters_of(do):
    before = {each["id"] for each in await rows("SELECT id FROM mail")}
    await do
    await handle_events()
    sent = await rows("SELECT id, to_address, subject, body FROM mail ORDER BY id")
    return {each["to_address"].partition("@")[0]: each for each in sent if each["id"] not in before}


OWNERS = {"editor", "signatory"}
SEEN = forms.Verification(text="Seen there")
WHY = forms.Reason(text="It is the city's task")


@pytest.mark.parametrize(
    ("state", "who", "do", "to", "words"),
    [
        ("draft", "curator", lambda one, who: transitions.issue(one, who), OWNERS, "Publish the minutes"),
        ("issued", "editor", lambda one, who: transitions.dispute(one, who, WHY), {"manager"}, "the city's task"),
        ("reported_done", "curator", lambda one, who: transitions.verify(one, who, SEEN), OWNERS, "Publish"),
        ("reported_done", "curator", lambda one, who: transitions.reopen(one, who, SEEN), OWNERS, "Seen there"),
        ("reported_done", "curator", lambda one, who: transitions.find_partly_done(one, who, SEEN), OWNERS, "Seen"),
    ],
)
async def test_who_has_the_next_step_gets_a_letter_that_leads_to_it(cast, state, who, do, to, words):
    await execute("UPDATE account SET language = 'en'")
    one = await a_recommendation(cast, state)
    sent = await letters_of(do(one, cast.people[who]))
    assert set(sent) == to
    for letter in sent.values():
        assert one.reference in letter["subject"] + letter["body"] and words in letter["body"]
        assert f"/recommendations/{one.reference}" in letter["body"]


@pytest.mark.parametrize("whose", ["owner_id", "reported_by"])
async def test_who_owns_it_or_reported_it_done_is_not_asked_to_verify_it(cast, whose):
    """The manager could not: somebody else is asked."""
    event = await an_event(
        cast,
        "reported_done",
        "recommendation.reported_done",
        **({"reported_by": cast.signatory.id} | {whose: cast.manager.id}),
    )
    assert set(await letters_of(notices.tell_those_who_verify(event))) == {"curator"}


async def test_who_owns_it_is_not_asked_to_give_more_time(cast):
    event = await an_event(cast, "in_progress", "recommendation.extension_asked", owner_id=cast.curator.id)
    assert set(await letters_of(notices.tell_who_may_extend(event))) == {"manager"}


async def an_event(cast, state, name, **over):
    from lifecycle.record import history_of, record

    one = await a_recommendation(cast, state, addressee="staff", organisation_id=None, **over)
    await record(name, SYSTEM, one)
    return (await history_of(one))[-1]


@pytest.mark.parametrize(
    ("addressee", "over", "to"),
    [
        ("cso", {}, OWNERS), ("municipality", {}, {"curator"}), ("staff", {"organisation_id": None}, {"finance"}),
    ],
)  # fmt: skip
async def test_owners_are_its_organisation_its_curator_or_whoever_is_named(cast, addressee, over, to):
    one = await a_recommendation(cast, "issued", addressee, owner_id=cast.finance.id, **over)
    found = {each.id for each in await notices.owners_of(await queries.by_id(one.id))}
    assert found == {cast.people[name].id for name in to}


@pytest.mark.parametrize(
    ("late", "to", "said"),
    [
        (-7, OWNERS, "is due soon"), (0, OWNERS, "is due today"), (7, {"curator"}, "is overdue"),
        (21, {"manager"}, "is overdue"), (45, {"manager"}, "is overdue"),
    ],
)  # fmt: skip
async def test_what_is_late_is_told_to_who_stands_above(cast, late, to, said):
    await execute("UPDATE account SET language = 'en'")
    await a_recommendation(cast, "in_progress", due_original=day(-late), due_current=day(-late))
    sent = await letters_of(notices.escalate_what_is_late())
    assert set(sent) == to
    for letter in sent.values():
        assert said in letter["subject"] and ("is due on" if late <= 0 else "was due on") in letter["body"]


KNOWN = {
    "organisation_id": 1, "organisation_ka": None, "organisation_en": "Youth", "place_ka": None, "place_en": "Vani",
    "owner_name": "Nino",
}  # fmt: skip


@pytest.mark.parametrize(
    ("addressee", "over", "told"),
    [
        ("cso", {}, "Youth"), ("cso", {"organisation_id": None}, "Nino"), ("municipality", {}, "Vani"),
        ("staff", {}, "Nino"), ("staff", {"owner_name": None}, "staff of the programme"),
        ("cso", {"organisation_id": None, "owner_name": None}, "organisation"),
    ],
)  # fmt: skip
def test_whom_it_is_for_is_told_by_name_as_far_as_it_is_known(addressee, over, told):
    with speaking("en"):
        assert addressee_of({**KNOWN, "addressee": addressee, **over}) == told
