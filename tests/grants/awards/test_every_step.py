"""Every step of a grant that no other test takes by the API, and settling by both."""

import pytest

from foundation.database import get, one_of
from grants.applications.tables import Application
from grants.awards import transitions
from grants.awards.tables import Award
from tests.builders.awards import a_final_report, a_recommended_application, an_award
from tests.surfaces import by_page_and_api, last_event, take

REASON = {"reason": "Because of something"}


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "who", "after", "event"),
    [
        ("offered", "change-request", "signatory", "drafting", "award.change_asked"),
        ("offered", "refusal", "signatory", "declined", "award.declined"),
        ("drafting", "withdrawal", "director", "withdrawn_by_funder", "award.withdrawn_by_funder"),
        ("signed_cso", "return", "director", "drafting", "award.returned"),
        ("active", "suspension", "director", "suspended", "award.suspended"),
        ("suspended", "resumption", "director", "active", "award.resumed"),
        ("active", "termination", "director", "terminated", "award.terminated"),
    ],
)
async def test_a_step_with_a_reason(surface, before, noun, who, after, event, cast, client):
    award = await an_award(cast, state=before)
    await client.sign_in(cast.people[who])
    await take(client, surface, f"/awards/{award.reference}/{noun}", REASON)
    assert (await get(Award, award.id)).state == after
    assert await last_event(award.id) == (event, cast.people[who].id)


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "noun", "first", "second", "event"),
    [
        ("closing", "closure", "manager", "finance", "award.closed"),
        ("closing", "closure", "finance", "manager", "award.closed"),
        ("terminated", "settlement", "director", "finance", "award.settled"),
        ("terminated", "settlement", "finance", "director", "award.settled"),
    ],
)
async def test_two_close_a_grant(surface, before, noun, first, second, event, cast, client):
    award = await an_award(cast, state=before)
    if before == "closing":
        await a_final_report(cast, award)
    for who, after in ((first, before), (second, "closed")):
        await client.sign_in(cast.people[who])
        answer = await take(client, surface, f"/awards/{award.reference}/{noun}")
        fresh = await get(Award, award.id)
        assert fresh.state == after
        assert await last_event(award.id) == (
            event if after == "closed" else "award.closing_agreed",
            cast.people[who].id,
        )
        if surface == "api":
            assert answer.json() == {"closed": after == "closed"}
    assert {cast.people[first].id, cast.people[second].id} <= {
        fresh.closing_manager_id, fresh.closing_finance_id, fresh.closing_director_id
    }  # fmt: skip


@by_page_and_api
@pytest.mark.parametrize(
    ("before", "by", "noun", "event"),
    [
        ("closing", ("manager", "finance"), "reopening", "award.reopened"),
        ("terminated", ("director", "finance"), "settlement-reopening", "award.settlement_reopened"),
    ],
)
async def test_a_closed_grant_is_opened_again(surface, before, by, noun, event, cast, client):
    award = await an_award(cast, state=before)
    await a_final_report(cast, award)
    for who in by:
        await (transitions.close if before == "closing" else transitions.settle)(award, cast.people[who])
    assert award.state == "closed"
    await client.sign_in(cast.director)
    await take(client, surface, f"/awards/{award.reference}/{noun}", REASON)
    fresh = await get(Award, award.id)
    assert (fresh.state, fresh.closed_at, fresh.closing_finance_id) == (before, None, None)
    assert await last_event(award.id) == (event, cast.director.id)


@by_page_and_api
async def test_the_director_approves_what_the_committee_recommends(surface, cast, client):
    application = await a_recommended_application(cast)
    await client.sign_in(cast.director)
    await take(client, surface, f"/approvals/{application.number}/approval")
    assert (await get(Application, application.id)).state == "approved"
    award = await one_of(Award, "SELECT * FROM award WHERE application_id = $1", application.id)
    assert award is not None
    assert (award.state, award.approved_by) == ("drafting", cast.director.id)


@by_page_and_api
async def test_the_director_turns_a_recommendation_down(surface, cast, client):
    application = await a_recommended_application(cast)
    await client.sign_in(cast.director)
    await take(client, surface, f"/approvals/{application.number}/rejection", REASON)
    assert (await get(Application, application.id)).state == "rejected"
    assert await last_event(application.id) == ("application.recommendation_declined", cast.director.id)
    assert await one_of(Award, "SELECT * FROM award WHERE application_id = $1", application.id) is None
