"""Two people write one agreement: nothing of either is lost without being asked about."""

from datetime import timedelta

from grants.awards import actions, queries
from tests.filled import filled, form_in
from tests.grants.awards.test_actions import calendar, drafted, terms


async def test_different_terms_of_two_people_both_stay(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/terms"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    await actions.write_terms(award, cast.director, terms(summary_en="What the director wrote"))
    answer = await client.send_form(url, mine | {"special_conditions_en": "What the curator wrote"})
    assert answer.status_code == 303
    now = await queries.award_of(cast.director, award.reference)
    assert (now.summary_en, now.special_conditions_en) == ("What the director wrote", "What the curator wrote")


async def test_one_term_changed_by_both_shows_both_and_pressing_again_is_a_choice(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/terms"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    await actions.write_terms(award, cast.director, terms(summary_en="Theirs <b>", summary_ka="მათი"))
    answer = await client.send_form(url, mine | {"summary_en": "Mine"})
    assert answer.status_code == 409
    assert "What is there now" in answer.text and "Theirs &lt;b&gt;" in answer.text
    back = form_in(answer.text, "/terms")
    assert (back["summary_en"], back["summary_ka"]) == (["Mine"], ["მათი"])
    assert (await client.send_form(url, back)).status_code == 303
    now = await queries.award_of(cast.director, award.reference)
    assert (now.summary_en, now.summary_ka) == ("Mine", "მათი")


async def test_what_is_wrong_comes_back_with_what_had_been_seen(cast, client):
    """Or the second press would write over what somebody else saved between the first and it."""
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/terms"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    await actions.write_terms(award, cast.director, terms(summary_en="Theirs"))
    answer = await client.send_form(url, mine | {"summary_en": "Mine", "starts_on": "soon"})
    assert answer.status_code == 422
    back = form_in(answer.text, "/terms")
    assert back["seen"] == mine["seen"]
    assert (await client.send_form(url, back | {"starts_on": mine["starts_on"]})).status_code == 409


async def test_two_people_in_two_lines_of_the_calendar_both_stay(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/calendar"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    first, last = await queries.calendar_of(award)
    later = last.due_on + timedelta(days=5)
    theirs = calendar(award)
    theirs.reports[1].due_on = later
    await actions.write_calendar(award, cast.director, theirs)
    sooner = first.due_on - timedelta(days=3)
    answer = await client.send_form(url, mine | {"reports.0.due_on": str(sooner)})
    assert answer.status_code == 303
    now = await queries.calendar_of(award)
    assert [(due.id, due.due_on) for due in now] == [(first.id, sooner), (last.id, later)]


async def test_a_line_i_removed_and_they_changed_is_asked_about(cast, client):
    award = await drafted(cast)
    url = f"/en/awards/{award.reference}/calendar"
    await client.sign_in(cast.curator)
    mine = await filled(client, url)
    theirs = calendar(award)
    theirs.reports[0].due_on += timedelta(days=1)
    await actions.write_calendar(award, cast.director, theirs)
    gone = {f"reports.0.{name}": "" for name in ("period_from", "period_to", "due_on")}
    answer = await client.send_form(url, mine | gone)
    assert answer.status_code == 409
    assert "You removed this row" in answer.text
    back = form_in(answer.text, "/calendar")
    assert str(theirs.reports[0].due_on) in [value for values in back.values() for value in values]
    assert len(await queries.calendar_of(award)) == 2
