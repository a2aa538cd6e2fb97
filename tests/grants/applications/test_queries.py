"""What is read of applications, by whom, and who may decide about which: nobody about their own organisation's."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts.person import NOBODY, SYSTEM, Held, Person, Role
from foundation.clock import clock_at, now, today
from foundation.database import execute, insert, value
from foundation.language import speaking
from foundation.refused import Missing, Refused, Stale
from grants.applications import lifecycle, queries, transitions
from grants.applications.lifecycle import State
from grants.applications.listing import APPLICATIONS
from grants.applications.tables import Attachment, Clarification
from lifecycle.record import record
from tests.builders.applications import an_application
from tests.builders.awards import an_upload
from tests.builders.calls import a_call
from tests.importing import importing

OWN, VANI = uuid4(), uuid4()


def of(**over):
    facts = {"organisation_id": OWN, "municipality_id": VANI, "checked_by": None, "ineligible_proposed_by": None,
             "ineligible_confirmed_by": None, "call_id": None}  # fmt: skip
    return SimpleNamespace(**(facts | over))


DECIDE = {
    lifecycle.its_curator: Role.CURATOR, lifecycle.its_manager: Role.MANAGER, lifecycle.its_director: Role.DIRECTOR,
    lifecycle.the_chair: Role.CHAIR, lifecycle.a_manager_who_did_not_confirm: Role.MANAGER,
}  # fmt: skip


@pytest.mark.parametrize("may", DECIDE, ids=lambda may: may.__name__)
def test_nobody_decides_about_their_own_organisation_or_what_they_had_a_part_in(may):
    places = frozenset({VANI})
    for kind in Role:
        person = Person(uuid4(), "x", (Held(kind, None, places),))
        assert may(person, of()) is (kind is DECIDE[may]), kind
    person = Person(uuid4(), "x", (Held(DECIDE[may], None, places),))
    theirs = Person(person.id, "x", (*person.roles, Held(Role.EDITOR, OWN)))
    assert may(person, of()) and not may(theirs, of()) and may(theirs, of(organisation_id=uuid4()))
    parts = {
        lifecycle.its_manager: {"checked_by", "ineligible_proposed_by"},
        lifecycle.its_director: {"checked_by", "ineligible_proposed_by"},
        lifecycle.a_manager_who_did_not_confirm: {"checked_by", "ineligible_proposed_by", "ineligible_confirmed_by"},
    }
    for part in ("checked_by", "ineligible_proposed_by", "ineligible_confirmed_by"):
        assert may(person, of(**{part: person.id})) is (part not in parts.get(may, ())), part


def test_who_works_with_applications():
    people = {str(kind): Person(uuid4(), "x", (Held(kind, OWN),)) for kind in Role} | {"nobody": NOBODY, "none": None}
    applying, deciding = (
        {"editor", "signatory"},
        {"chair", "curator", "manager", "finance", "director", "auditor", "admin"},
    )
    for may, able in (
        (queries.applies, applying), (queries.triages, deciding), (queries.may_list, applying | deciding),
    ):  # fmt: skip
        assert {name for name, person in people.items() if may(person)} == able
    assert queries.visible_to(SYSTEM) == ("true", [])


async def test_drafts_are_read_by_their_own_people_alone_whatever_else_they_are(cast):
    draft = await an_application(cast, state="draft")
    sent = await an_application(cast, state="submitted")
    foreign = await an_application(cast, state="submitted", organisation=cast.guria_women)
    own = (*cast.editor.roles,)
    for role, seen in (
        ("director", [draft, sent, foreign]), ("chair", [draft, sent, foreign]), ("curator2", [draft, sent, foreign]),
        ("curator", [draft, sent]), ("reviewer", [draft, sent]),
    ):  # fmt: skip
        person = Person(cast.people[role].id, role, (*cast.people[role].roles, *own))
        found = {each.id for each in (draft, sent, foreign) if await queries.application_of(person, each.number)}
        assert found == {each.id for each in seen}, role
        if queries.triages(person):
            listed = (await APPLICATIONS.rows(person, APPLICATIONS.list_query({}))).rows
            assert {row["number"] for row in listed} == {each.number for each in seen[1:]}, role
    assert await queries.application_of(cast.curator, draft.number) is None
    assert await queries.application_of(cast.curator, foreign.number) is None


async def test_only_what_was_sent_stands_on_the_list_the_newest_first(cast):
    first, second = [await an_application(cast, state="submitted") for _ in range(2)]
    await an_application(cast, state="draft")
    async with importing():
        await execute("UPDATE application SET submitted_at = $2 WHERE id = $1", first.id, now() - timedelta(days=3))
        await execute("UPDATE application SET submitted_at = $2 WHERE id = $1", second.id, now() - timedelta(days=2))
    listed = (await APPLICATIONS.rows(cast.manager, APPLICATIONS.list_query({}))).rows
    assert [row["number"] for row in listed] == [second.number, first.number]
    (found,) = (await APPLICATIONS.rows(cast.manager, APPLICATIONS.list_query({"q": first.number}))).rows
    assert found["number"] == first.number


async def test_the_newest_change_of_each_part_is_told(cast):
    application, other = await an_application(cast, state="draft"), await an_application(cast, state="draft")
    for person, of_which, part in (
        (cast.editor, application, "budget"), (cast.signatory, application, "budget"), (cast.editor, application, "plan"),
        (cast.signatory, other, "plan"),
    ):  # fmt: skip
        await record("application.edited", person, of_which, part=part)
    await record("application.started", cast.signatory, application, part="plan")
    told = await queries.last_edits(application)
    assert {part: each["actor_name"] for part, each in told.items()} == {"budget": "Signatory", "plan": "Editor"}


async def test_a_file_belongs_to_one_application(cast):
    application, other = await an_application(cast, state="draft"), await an_application(cast, state="draft")
    uploads = [await an_upload(cast.editor) for _ in range(3)]
    async with importing():
        mine, more, theirs = [
            await insert(Attachment, application_id=each.id, upload_id=upload.id)
            for each, upload in zip((application, application, other), uploads, strict=True)
        ]
    for attachment, upload in ((mine, uploads[0]), (more, uploads[1])):
        found = await queries.attachment_of(application, attachment.id)
        assert found and (found[0].id, found[1].id) == (attachment.id, upload.id)
    assert await queries.attachment_of(application, theirs.id) is None
    assert await queries.attachment_of(application, uuid4()) is None


async def test_what_an_organisation_is_asked_now(cast):
    application, other = (
        await an_application(cast, state="admin_check"),
        await an_application(cast, state="admin_check"),
    )

    async def asked(question, of_which=application, kind="clarification", replied=None, day=0):
        async with importing():
            await insert(
                Clarification, application_id=of_which.id, kind=kind, question=question, section_ids=[],
                asked_by=cast.curator.id, due_on=today(), reply="So." if replied else None, replied_at=replied,
                asked_at=now() - timedelta(days=9 - day),
            )  # fmt: skip

    assert await queries.open_question(application) is None
    await asked("Answered", replied=now(), day=5)
    await asked("Of another", of_which=other, day=6)
    await asked("Older", day=1)
    await asked("Now", day=2)
    await asked("To correct", kind="correction", day=7)
    told = []
    for state in ("clarification", "correction"):
        application.state = State(state)
        told.append((await queries.open_question(application)).question)
    assert told == ["Now", "To correct"]


NOT_OPEN, OVER, STANDS_STILL = "is not open", "it has passed", "suspended for now"


@pytest.mark.parametrize(
    ("state", "seconds", "said"),
    [
        ("open", -1, None), ("open", 0, OVER), ("open", 1, OVER), ("closed", 0, OVER), ("closed", 1, OVER),
        ("closed", -1, NOT_OPEN), ("draft", -1, NOT_OPEN), ("cancelled", 1, OVER), ("suspended", -1, STANDS_STILL),
        ("suspended", 0, STANDS_STILL), ("suspended", 1, STANDS_STILL),
    ],
)  # fmt: skip
def test_why_nothing_can_be_sent(state, seconds, said, monkeypatch):
    call = SimpleNamespace(state=state, deadline=now() + timedelta(days=1))
    monkeypatch.setattr(transitions, "now", lambda: call.deadline + timedelta(seconds=seconds))
    with speaking("en"):
        if said is None:
            transitions.refuse_closed(call)
            return
        with pytest.raises(Refused, match=said):
            transitions.refuse_closed(call)


@pytest.mark.parametrize("state", ["draft", "submitted"])
async def test_after_the_deadline_nothing_is_handed_over_or_taken_back(state, cast):
    application = await an_application(cast, await a_call(cast), state)
    with clock_at(application.call.deadline), speaking("en"), pytest.raises(Refused, match="it has passed"):
        if state == "draft":
            await transitions.hand_over(application, cast.editor)
        else:
            await transitions.take_back(application, cast.signatory)


async def test_who_saw_an_older_version_hands_nothing_over(cast):
    application = await an_application(cast, state="draft")
    with pytest.raises(Stale):
        await transitions.hand_over(application, cast.editor, revision=application.revision - 1)
    async with importing():
        await execute("UPDATE application SET state = 'expired' WHERE id = $1", application.id)
    with pytest.raises(Refused) as refused:
        await transitions.hand_over(application, cast.editor)
    assert not isinstance(refused.value, Stale)


async def test_a_committee_asks_for_a_correction_and_a_curator_for_a_clarification(cast):
    for state, kind in (("scored", "correction"), ("admin_check", "clarification")):
        application = await an_application(cast, state=state)
        given = transitions.forms.Asked(question="How many?", section_ids=[], due_on=today() + timedelta(days=3))
        async for _told in transitions.put_question(application, cast.curator, given):
            pass
        asked = "SELECT kind FROM clarification WHERE application_id = $1"
        assert await value(asked, application.id) == kind
    foreign = (await a_call(cast)).sections[0].id
    with pytest.raises(Missing):
        await transitions.refuse_unknown_sections(application, [application.call.sections[0].id, foreign])
    await transitions.refuse_unknown_sections(application, [application.call.sections[0].id])
