"""Authority is the role held today, never the id alone; what somebody had not finished goes on without them."""

import importlib
import inspect
import pkgutil
import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from asyncpg import CheckViolationError

import grants
import monitoring
import uploads
from accounts.people import actions as people
from accounts.people.forms import Leaving
from accounts.person import Person
from accounts.sessions import person_by_id
from accounts.tables import Account
from entrypoints.web import litestar_app
from foundation.clock import today
from foundation.database import execute, get, rows, transaction, value
from foundation.refused import NotAllowed, Refused
from grants.calls import queries as calls
from grants.calls import transitions as of_calls
from grants.calls.lifecycle import may_write
from lifecycle.notices import handle_events
from lifecycle.owned import OWNED, waits_for_nobody
from lifecycle.tasks import tasks_of
from lifecycle.transition import TRANSITIONS
from monitoring.recommendations import queries as recommendations
from monitoring.recommendations import transitions as of_recommendations
from monitoring.visits import actions, queries
from monitoring.visits import transitions as visits
from monitoring.visits.forms import Seen
from tests.builders.awards import an_award
from tests.builders.calls import a_call
from tests.builders.people import a_second_curator
from tests.builders.recommendations import a_recommendation
from tests.builders.visits import a_finding, a_visit

litestar_app(manage_pool=False)  # imports every room

# what is said of a person, and gives them nothing: asked only beside a role, or to keep them from something
SAYS_NOTHING = {
    "grants.disbursements.lifecycle.verified_its_account": "takes part in nothing more",
    "monitoring.visits.lifecycle.took_part": "never reviews it",
}


class Everywhere(SimpleNamespace):
    """A row that names one and the same person wherever it names anybody, in whatever state."""

    __hash__ = object.__hash__

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return [self.who] if name.startswith("earlier_") or name.endswith("_ids") else self.who


def lifecycles():
    for package in (grants, monitoring, uploads):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if module.name.endswith((".lifecycle", ".transitions", ".approvals")):
                yield importlib.import_module(module.name)


def predicates():
    """Every function of a person and a row that answers yes or no."""
    for module in lifecycles():
        for name, asked in vars(module).items():
            if not inspect.isfunction(asked) or asked.__module__ != module.__name__:
                continue
            given = list(inspect.signature(asked).parameters)
            answers = inspect.signature(asked).return_annotation
            if len(given) == 2 and given[0] == "person" and answers in ("bool", bool) and not name.startswith("_"):
                yield f"{module.__name__}.{name}", asked


PREDICATES = dict(predicates())


def test_the_predicates_are_found():
    assert len(PREDICATES) > 50 and SAYS_NOTHING.keys() <= PREDICATES.keys()


@pytest.mark.parametrize("name", PREDICATES)
def test_an_id_alone_gives_no_right(name):
    """Whoever is named in every column of a row and holds no role any more may do nothing with it."""
    gone = Person(uuid4(), "Gone")
    row = Everywhere(who=gone.id, state="draft", addressee="staff")
    assert bool(PREDICATES[name](gone, row)) == (name in SAYS_NOTHING)


# What is offered to a person is theirs to answer, whatever roles they hold.
THEIRS_STILL = {("role_offer", "role.accepted"), ("role_offer", "role.declined")}


def test_no_step_is_open_to_whoever_left():
    gone = Person(uuid4(), "Gone")
    for entity, steps in TRANSITIONS.items():
        for step in steps:
            for state in [*step.sources] or ["draft"]:
                row = Everywhere(who=gone.id, state=str(state), addressee="staff")
                if (entity, step.event) in THEIRS_STILL:
                    continue
                assert not step.open_to(gone, row), f"{entity}.{step.event} in {state}"


# one after another: who has it, who takes it over, what of it there is -------------------------------------------


async def end_roles_of(person):
    await execute("UPDATE role SET until = day_here() WHERE account_id = $1", person.id)
    return await person_by_id(person.id)


SEEN = dict(
    visited_on=today(), on_track="yes", eu_visibility="yes", documents_seen="yes", women=3, men=4, notes="All is well.",
    place="Dikhashkho", no_position_reason="no signal",
)  # fmt: skip
UNFINISHED = ("planned", "confirmed", "in_field", "received", "complete", "in_review")


@pytest.mark.parametrize("state", UNFINISHED)
async def test_a_visit_of_whoever_left_goes_on_with_somebody_else(cast, state):
    nino = await a_second_curator(cast)
    visit = await a_visit(cast, state=state, notes="half of it")
    finding = await a_finding(cast, visit, state="draft")
    gone = await end_roles_of(cast.curator)
    for step in visits.STEPS:
        assert not step.open_to(gone, visit), step.event
    assert await queries.by_id(gone, visit.id) is None and await tasks_of(gone) == []
    hrefs = [task.href for task in await tasks_of(cast.manager)]
    assert f"/visits/{visit.reference}/handover" in hrefs
    assert [work.row.id for owned, work in await waits_for_nobody()] == [visit.id], "the finding goes along"

    await visits.hand_over(visit, cast.manager, successor=nino.id, reason="She left us.")
    assert (visit.lead_id, visit.earlier_owners, visit.notes) == (nino.id, [cast.curator.id], "half of it")
    finding = await queries.finding_by_id(nino, finding.id)
    assert finding.author_id == nino.id and await waits_for_nobody() == []
    assert f"/visits/{visit.reference}/handover" not in [task.href for task in await tasks_of(cast.manager)]
    await handle_events()
    told = {each["to"]: each for each in await rows("SELECT to_address::text AS to, body FROM mail")}
    assert visit.reference in told["nino@example.org"]["body"] and "She left us." in told["nino@example.org"]["body"]
    assert len([each for each in told if each != "nino@example.org"]) <= 1


async def test_lists_and_pages_name_nobody_who_left(client, cast):
    """What is finished keeps the name of who did it."""
    visit, done = await a_visit(cast, state="in_field"), await a_visit(cast, state="approved")
    one = await a_recommendation(
        cast, state="in_progress", addressee="staff", organisation_id=None, owner_id=cast.curator.id
    )
    await client.sign_in(cast.manager)
    name = cast.curator.name
    listed = (await client.get("/en/visits")).text
    assert listed.count(f">{name}<") == 2 and "nobody yet" not in listed
    assert name in (await client.get("/en/recommendations")).text
    await end_roles_of(cast.curator)
    listed = (await client.get("/en/visits")).text
    assert listed.count(f">{name}<") == 1 and listed.count("nobody yet") == 1
    assert name not in (await client.get("/en/recommendations")).text
    shown = (await client.get(f"/en/visits/{visit.reference}")).text
    assert "Nobody leads this visit now. A programme manager hands it over." in shown
    assert name in (await client.get(f"/en/visits/{done.reference}")).text
    assert name not in (await client.get(f"/en/recommendations/{one.reference}")).text.split("History")[0]


async def test_a_grant_names_who_looks_after_it_today(client, cast):
    award = await an_award(cast, state="active")
    ended = await an_award(cast, state="closed")
    await client.sign_in(cast.director)
    curator, here, before = (
        r"<dt>Curator</dt><dd>(.*?)</dd>",
        f"/en/awards/{award.reference}",
        f"/en/awards/{ended.reference}",
    )
    assert re.search(curator, (await client.get(here)).text)[1].strip() == cast.curator.name
    await end_roles_of(cast.curator)
    assert re.search(curator, (await client.get(here)).text)[1].strip() == "nobody yet"
    assert re.search(curator, (await client.get(before)).text)[1].strip() == cast.curator.name


async def test_a_visit_that_changed_hands_is_carried_to_its_end(cast):
    nino = await a_second_curator(cast)
    visit = await a_visit(cast, state="in_field")
    await visits.hand_over(visit, cast.manager, successor=nino.id, reason="She left us.")
    await actions.save(visit, nino, Seen(**SEEN))
    await actions.send(visit, nino)
    await visits.hand_in(visit, nino)
    assert not visits.approve.open_to(cast.curator, visit), "who had a part in it never judges it"
    await visits.approve(visit, cast.manager)
    assert visit.state == "approved"


async def test_a_visit_goes_only_to_somebody_who_looks_after_the_place(cast):
    visit = await a_visit(cast, state="in_field")
    for somebody in (cast.curator2, cast.manager, cast.curator):
        with pytest.raises(Refused):
            await visits.hand_over(visit, cast.manager, successor=somebody.id, reason="why")
    with pytest.raises(NotAllowed):
        await visits.hand_over(visit, cast.curator, successor=cast.curator2.id, reason="why")
    nino = await a_second_curator(cast)
    await execute("UPDATE account SET active = false WHERE id = $1", nino.id)
    with pytest.raises(Refused):
        await visits.hand_over(visit, cast.manager, successor=nino.id, reason="why")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE visit SET lead_id = $2 WHERE id = $1",
        "UPDATE finding SET author_id = $2 WHERE visit_id = $1",
    ],
)
async def test_the_database_holds_who_may_have_it(cast, sql):
    visit = await a_visit(cast, state="in_field")
    await a_finding(cast, visit, state="draft")
    with pytest.raises(CheckViolationError):
        await execute(sql, visit.id, cast.curator2.id)


async def test_the_database_keeps_who_had_it_and_lets_nobody_of_them_approve(cast):
    nino = await a_second_curator(cast)
    visit = await a_visit(cast, state="in_review")
    await execute("UPDATE visit SET lead_id = $2, earlier_owners = '{}' WHERE id = $1", visit.id, nino.id)
    await execute("UPDATE visit SET earlier_owners = '{}' WHERE id = $1", visit.id)
    assert await value("SELECT earlier_owners FROM visit WHERE id = $1", visit.id) == [cast.curator.id]
    with pytest.raises(CheckViolationError):
        await execute(
            "UPDATE visit SET state = 'approved', reviewed_by = $2, reviewed_at = now() WHERE id = $1",
            visit.id,
            cast.curator.id,
        )


async def test_a_draft_of_a_finding_outlives_the_visit_and_its_author(cast):
    nino = await a_second_curator(cast)
    visit = await a_visit(cast, state="approved")
    finding = await a_finding(cast, visit, state="draft")
    await end_roles_of(cast.curator)
    finding = await queries.finding_by_id(cast.manager, finding.id)
    (task,) = [each for each in await tasks_of(cast.manager) if each.href.endswith("/handover")]
    assert task.href == f"/visits/{visit.reference}/findings/{finding.id}/handover"
    await visits.hand_over_finding(finding, cast.manager, successor=nino.id, reason="She left us.")
    finding = await queries.finding_by_id(nino, finding.id)
    assert f"/visits/{visit.reference}/findings/{finding.id}" in [each.href for each in await tasks_of(nino)]
    await visits.share(finding, nino)
    assert finding.state == "shared"


async def test_a_recommendation_of_staff_goes_to_another_of_them(cast):
    one = await a_recommendation(
        cast, state="in_progress", addressee="staff", organisation_id=None, owner_id=cast.finance.id
    )
    gone = await end_roles_of(cast.finance)
    one = await recommendations.by_reference(cast.manager, one.reference)
    for step in of_recommendations.STEPS:
        assert not step.open_to(gone, one), step.event
    assert f"/recommendations/{one.reference}/handover" in [each.href for each in await tasks_of(cast.manager)]
    with pytest.raises(Refused):
        await of_recommendations.hand_over(one, cast.manager, successor=cast.editor.id, reason="why")
    await of_recommendations.hand_over(one, cast.manager, successor=cast.curator2.id, reason="She left us.")
    assert (one.owner_id, one.earlier_owners) == (cast.curator2.id, [cast.finance.id])
    assert of_recommendations.report_done.open_to(cast.curator2, one)
    with pytest.raises(CheckViolationError):
        await execute("UPDATE recommendation SET owner_id = $2 WHERE id = $1", one.id, cast.editor.id)


async def test_a_draft_of_a_call_goes_to_another_curator(cast):
    call = await a_call(cast, state="draft", created_by=cast.curator.id)
    await end_roles_of(cast.curator)
    call = await calls.call_of(cast.manager, call.reference)
    assert f"/manage/calls/{call.reference}/handover" in [each.href for each in await tasks_of(cast.manager)]
    await of_calls.hand_over(call, cast.manager, successor=cast.curator2.id, reason="She left us.")
    call = await calls.call_of(cast.curator2, call.reference)
    assert may_write(cast.curator2, call)
    assert f"/manage/calls/{call.reference}" in [each.href for each in await tasks_of(cast.curator2)]
    for somebody in (cast.editor, cast.manager):
        with pytest.raises(CheckViolationError):
            async with transaction():
                await execute("UPDATE call SET owner_id = $2 WHERE id = $1", call.id, somebody.id)


# before a role ends ----------------------------------------------------------------------------------------------


async def role_of(person):
    return await value("SELECT id FROM role WHERE account_id = $1", person.id)


async def test_ending_a_role_shows_what_hangs_on_it_and_gives_it_away(client, cast):
    nino = await a_second_curator(cast)
    visit = await a_visit(cast, state="in_field")
    number = await role_of(cast.curator)
    await client.sign_in(cast.manager)
    page = (await client.get(f"/en/roles/{number}/end")).text
    assert visit.reference in page and "Nino" in page and "1 thing is not finished" in page
    refused = await client.send_form(f"/en/roles/{number}/end", {"back": ""})
    assert refused.status_code == 422 and "Say who continues" in refused.text
    assert await value("SELECT until FROM role WHERE id = $1", number) is None
    done = await client.send_form(
        f"/en/roles/{number}/end", {"successor": str(nino.id), "reason": "She left us.", "back": ""}
    )
    assert done.status_code == 303
    assert await value("SELECT lead_id FROM visit WHERE id = $1", visit.id) == nino.id
    assert await value("SELECT until FROM role WHERE id = $1", number) is not None


async def test_closing_an_account_shows_what_hangs_on_it_and_what_nobody_takes_stands_on_today(client, cast):
    visit = await a_visit(cast, state="complete")
    await client.sign_in(cast.manager)
    path = f"/en/people/{cast.curator.id}/closing"
    page = (await client.get(path)).text
    assert visit.reference in page and "Nobody else holds this role" in page
    assert (await client.send_form(path, {})).status_code == 422
    done = await client.send_form(path, {"successor": "nobody", "reason": "She left us."})
    assert done.status_code == 303
    assert not (await get(Account, cast.curator.id)).active
    assert f"/visits/{visit.reference}/handover" in [each.href for each in await tasks_of(cast.manager)]
    shown = (await client.get(f"/en/visits/{visit.reference}")).text
    assert "nobody yet" in shown and f"/visits/{visit.reference}/handover" in shown


async def test_the_last_of_a_role_others_wait_for_leaves_with_a_reason(cast):
    await execute("UPDATE account SET password_hash = 'x'")
    number = await role_of(cast.director)
    with pytest.raises(Refused):
        await people.end_role(number, cast.admin)
    await people.end_role(number, cast.admin, Leaving(reason="The new one begins in May."))
    (event,) = await rows("SELECT p.body FROM event e JOIN event_payload p USING (seq) WHERE name = 'role.ended'")
    assert "The new one begins in May." in str(event["body"])
    assert "/people/new" in [each.href for each in await tasks_of(cast.admin)], "a director is to be found"


def test_every_room_says_what_stays_with_one_person():
    assert {owned.step.entity for owned in OWNED} == {"visit", "finding", "recommendation", "call", "review"}
