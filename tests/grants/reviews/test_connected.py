"""Whoever has to do with any applicant of a call sees, checks, scores and decides none of its applications."""

import asyncpg
import pytest

from accounts.sessions import person_by_id
from foundation.database import execute, get, transaction, value
from foundation.refused import NotAllowed, Refused
from grants.applications import queries as applications
from grants.applications.lifecycle import its_curator
from grants.calls.lifecycle import its_chair
from grants.calls.tables import Call
from grants.reviews import actions, queries
from grants.reviews.forms import Declaration, Scores
from grants.reviews.lifecycle import may_read
from grants.reviews.tables import Review
from grants.reviews.transitions import declare, lock_review
from lifecycle.tasks import tasks_of
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reviews import a_review, a_scored_application, some_minutes
from tests.cast import add_account, add_role, ended_role
from tests.importing import importing


async def works_there(cast, who):
    async with importing():  # as it may stand in what came in before roles excluded each other
        await execute("ALTER TABLE role DISABLE TRIGGER role_fits")
        await add_role(who, "editor", cast.guria_women.id)
        await execute("ALTER TABLE role ENABLE TRIGGER role_fits")


async def worked_there(cast, who):
    await ended_role(who, "signatory", cast.guria_women.id, days=700)


async def same_box(cast, who):
    await execute("UPDATE account SET email = 'n.i.no+reviews@gmail.com' WHERE id = $1", who)
    await execute("UPDATE account SET email = 'nino@googlemail.com' WHERE id = $1", cast.other_editor.id)


async def same_phone(cast, who):
    await execute("UPDATE account SET phone = '+995 599 12-34-56' WHERE id = $1", who)
    await execute("UPDATE account SET phone = '599123456' WHERE id = $1", cast.other_signatory.id)


async def declared(cast, who):
    call = await value("SELECT id FROM call ORDER BY created DESC LIMIT 1")
    other = await value(
        "SELECT id FROM application WHERE call_id = $1 AND organisation_id = $2", call, cast.guria_women.id
    )
    async with importing():
        await execute(
            "INSERT INTO review (application_id, call_id, reviewer_id, assigned_by, state, conflict, declaration,"
            " declared_at) VALUES ($1, $2, $3, $4, 'conflicted', true, 'My cousin.', now())",
            other, call, who, cast.manager.id,
        )  # fmt: skip


WAYS = [works_there, worked_there, same_box, same_phone, declared]


@pytest.fixture
async def call(cast):
    """Vani Youth is judged; Guria Women competes with it."""
    call = await a_call(cast, "evaluating")
    await an_application(cast, call, "in_review", organisation=cast.guria_women)
    return call


async def refused(sql, *args) -> str:
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, *args)
    return error.value.constraint_name


@pytest.mark.parametrize("way", WAYS)
async def test_a_reviewer_who_has_to_do_with_a_competitor_reads_and_scores_nothing(way, call, cast, client):
    application = await an_application(cast, call, "in_review")
    begun = await a_review(cast, application, "drafting", cast.reviewer)
    await way(cast, cast.reviewer.id)
    person = await person_by_id(cast.reviewer.id)
    assert person.closed_calls == {call.id} and not may_read(person, begun)
    with pytest.raises(NotAllowed):
        await actions.save_scores(begun, person, Scores(comment="Good"))
    with pytest.raises(NotAllowed):
        await lock_review(begun, person)
    await client.sign_in(person)
    page = (await client.get(f"/en/reviews/{begun.id}")).text
    assert "This call is closed to you" in page and "A clear plan" not in page and "Criteria" not in page
    assert (await client.get(f"/api/v1/reviews/{begun.id}")).json()["content"] is None
    # nor past the application
    criterion = await value("SELECT id FROM criterion WHERE call_id = $1 LIMIT 1", call.id)
    score = "INSERT INTO score (review_id, call_id, criterion_id, points) VALUES ($1, $2, $3, 1)"
    assert await refused(score, begun.id, call.id, criterion) == "review_of_no_competitor"
    lock = "UPDATE review SET state = 'locked', total = 1, locked_at = now() WHERE id = $1"
    assert await refused(lock, begun.id) == "review_of_no_competitor"
    # what they can still do is say so
    await declare(begun, person, Declaration(conflict=True, declaration="I worked for another applicant."))
    assert begun.state == "conflicted"


@pytest.mark.parametrize("way", WAYS)
async def test_nor_is_one_assigned(way, call, cast):
    application = await an_application(cast, call, "in_review")
    await way(cast, cast.reviewer2.id)
    listed = {each.id: each.connected for each in await queries.reviewers(call)}
    assert listed == {cast.reviewer.id: False, cast.reviewer2.id: True}
    from tests.grants.reviews.test_actions import SOON

    with pytest.raises(Refused, match=r"დაკავშირებულია|has to do with"):
        await actions.assign(call, application, cast.manager, [cast.reviewer2.id], SOON)
    await actions.assign_suggested(call, cast.manager, SOON)
    assert (
        await value(
            "SELECT count(*) FROM review WHERE reviewer_id = $1 AND NOT coalesce(conflict, false)", cast.reviewer2.id
        )
        == 0
    )


@pytest.mark.parametrize("way", [worked_there, same_box, same_phone])
async def test_a_curator_who_has_to_do_with_a_competitor_sees_and_checks_nothing(way, cast, client):
    call = await a_call(cast, "closed")
    await an_application(cast, call, "submitted", organisation=cast.guria_women)
    application = await an_application(cast, call, "submitted")
    elsewhere = await an_application(cast, await a_call(cast, "closed"), "submitted")
    assert not [each for each in await tasks_of(cast.manager) if "Nobody may check" in each.verb]
    await way(cast, cast.curator.id)
    person = await person_by_id(cast.curator.id)
    assert not its_curator(person, application) and its_curator(person, elsewhere)
    assert await applications.application_of(person, application.number) is None
    assert await applications.application_of(person, elsewhere.number)
    await client.sign_in(person)
    assert (await client.get(f"/en/applications/{application.number}")).status_code == 404
    text = (await client.get("/en/applications")).text
    assert application.number not in text and elsewhere.number in text
    check = "UPDATE application SET state = 'admin_check', checked_by = $2 WHERE id = $1"
    assert await refused(check, application.id, person.id) == "application_checked_by_no_competitor"
    assert [each["what"] for each in await applications.waiting_for(person)] == ["begin"], "the other call's alone"
    # and a manager reads that nobody is left who may
    await client.sign_in(cast.manager)
    assert "Nobody may check 1 application here" in (await client.get("/en/today")).text


async def test_a_chair_who_worked_for_a_competitor_neither_reads_nor_signs(cast):
    scored = await a_scored_application(cast)
    call = await get(Call, scored.call_id)
    await an_application(cast, call, "scored", organisation=cast.guria_women)
    minutes = await some_minutes(cast, call, signed=False)
    await ended_role(cast.chair.id, "editor", cast.guria_women.id)
    chair = await person_by_id(cast.chair.id)
    assert not its_chair(chair, call)
    assert await applications.application_of(chair, scored.number) is None
    sign = "UPDATE meeting_minutes SET state = 'signed', signed_by = $2, body = '{}' WHERE id = $1"
    assert await refused(sign, minutes.id, chair.id) == "minutes_by_no_competitor"


async def test_who_left_more_than_two_years_ago_or_is_only_asked_judges(call, cast):
    await ended_role(cast.reviewer.id, "editor", cast.guria_women.id, days=740)
    await execute(
        "INSERT INTO role_offer (account_id, kind, organisation_id, name, email, offered_by)"
        " VALUES ($1, 'editor', $2, 'R', 'r@example.org', $3)",
        cast.reviewer.id, cast.guria_women.id, cast.other_signatory.id,
    )  # fmt: skip
    assert (await person_by_id(cast.reviewer.id)).closed_calls == frozenset()


async def test_who_left_the_call_competes_no_more(cast):
    call = await a_call(cast, "evaluating")
    await an_application(cast, call, "withdrawn", organisation=cast.guria_women)
    await ended_role(cast.reviewer.id, "editor", cast.guria_women.id)
    assert (await person_by_id(cast.reviewer.id)).closed_calls == frozenset()


async def test_a_conflict_with_one_applicant_ends_all_reviews_of_the_call(call, cast):
    first, second = [await an_application(cast, call, "in_review", organisation=each) for each in await two(cast)]
    one, other = [await a_review(cast, each, "locked", cast.reviewer) for each in (first, second)]
    elsewhere = await a_review(cast, None, "drafting", cast.reviewer)
    await declare(one, cast.reviewer, Declaration(conflict=True, declaration="My cousin."))
    states = {each.id: each.state for each in await Review.objects().where(Review.reviewer_id == cast.reviewer.id)}
    assert states == {one.id: "conflicted", other.id: "conflicted", elsewhere.id: "drafting"}


async def two(cast):
    from tests.cast import _organisation

    return [await _organisation("cso", f"ორგ {n}", f"Org {n}", f"40000005{n}", cast.vani.id) for n in range(2)]


async def test_an_account_without_phone_is_nobody_else(call, cast):
    """Two who say nothing, or too little, are two."""
    await execute("UPDATE account SET phone = '112' WHERE id IN ($1, $2)", cast.reviewer.id, cast.other_editor.id)
    assert (await person_by_id(cast.reviewer.id)).closed_calls == frozenset()
    nobody = await add_account("nobody")
    assert await value("SELECT count(*) FROM same_person($1)", nobody) == 1
