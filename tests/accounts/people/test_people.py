"""People and their roles: who invites whom, and nobody gives a role to themselves."""

from dataclasses import replace
from functools import partial

import pytest

from accounts import rights
from accounts.people import actions, transitions
from accounts.people.forms import Leaving
from accounts.people.listing import PEOPLE
from accounts.person import Role
from accounts.sessions import open_session, person_by_id, person_of
from accounts.tables import Account
from foundation.database import execute, get, rows, value
from foundation.language import speaking
from foundation.refused import Missing, NotAllowed, Refused
from lifecycle.notices import handle_events
from tests.accounts.signing import OTHER, accept_all, events, give_passwords, links
from tests.cast import add_role

OF_CSO = {"editor", "signatory"}
EVERY = {str(kind) for kind in Role}
# who gives a role of Vani Youth, of the curator organisation, or of the programme
GIVES = {
    "signatory": OF_CSO,
    "manager": EVERY - {"manager", "finance", "director", "admin", "auditor"},
    "admin": EVERY,
}


@pytest.mark.parametrize("kind", sorted(EVERY))
async def test_who_gives_which_role(cast, kind):
    organisation = cast.vani_youth if kind in OF_CSO else cast.curator_imereti if kind == "curator" else None
    givers = {
        name
        for name, person in cast.people.items()
        if rights.gives(person, Role(kind), organisation.id if organisation else None)
    }
    assert givers == {name for name, kinds in GIVES.items() if kind in kinds}


async def roles(person):
    found = await rows("SELECT kind, until IS NULL AS live FROM role WHERE account_id = $1 ORDER BY since, id", person)
    return [(r["kind"], r["live"]) for r in found]


async def test_a_signatory_invites_a_colleague_who_chooses_a_password(cast, client):
    await client.sign_in(cast.signatory)
    url = f"/en/organisations/{cast.vani_youth.id}/people"
    answer = await client.send_form(
        url, {"name": "Colleague", "email": "colleague@example.org", "kind": "editor", "language": "en"}
    )
    assert answer.headers["location"] == f"/en/organisations/{cast.vani_youth.id}"
    page = await client.get(answer.headers["location"])
    assert "colleague@example.org" in page.text and "invited" in page.text
    (link,) = await links()
    await client.sign_out()
    shown = (await client.get(link)).text
    assert "Vani Youth" in shown and "Writes applications and reports" in shown and "Accept the role" in shown
    number = await value("SELECT id FROM account WHERE email = 'colleague@example.org'")
    assert await roles(number) == [], "nobody holds what they have not accepted"
    done = await client.send_form(link, {"name": "Colleague", "language": "en", "password": OTHER})
    assert done.headers["location"] == "/en/today"
    assert await roles(number) == [("editor", True)]
    assert await events("account.invited", "role.offered", "role.given", "account.invitation_accepted") == [
        "role.offered", "account.invited", "role.given", "account.invitation_accepted",
    ]  # fmt: skip


async def test_a_signatory_cannot_invite_into_another_organisation_or_the_programme(cast, client):
    await client.sign_in(cast.signatory)
    typed = {"name": "Colleague", "email": "colleague@example.org", "kind": "editor", "language": "en"}
    assert (await client.send_form(f"/en/organisations/{cast.guria_women.id}/people", typed)).status_code == 404
    assert (await client.send_form("/en/people", typed)).status_code == 404
    answer = await client.send_form(f"/en/organisations/{cast.vani_youth.id}/people", {**typed, "kind": "manager"})
    assert answer.status_code == 403
    assert await value("SELECT count(*) FROM account WHERE email = 'colleague@example.org'") == 0


async def test_a_manager_cannot_make_a_finance_officer(cast):
    with pytest.raises(NotAllowed):
        await actions.invite("new@example.org", "New", Role.FINANCE, cast.manager)
    await actions.invite("new@example.org", "New", Role.FINANCE, cast.admin)
    await accept_all("new@example.org")
    assert await value("SELECT count(*) FROM role WHERE kind = 'finance'") == 2


@pytest.mark.parametrize("who", ["admin", "manager", "signatory"])
async def test_nobody_gives_a_role_to_themselves(cast, who):
    person = cast.people[who]
    kind, organisation = (Role.EDITOR, cast.vani_youth) if who == "signatory" else (Role.REVIEWER, None)
    with pytest.raises(Refused):
        await actions.invite(person.email, person.name, kind, person, organisation)
    with pytest.raises(Refused):
        await actions.give_role(await get(Account, person.id), kind, person, organisation)


async def test_somebody_who_is_here_is_asked_by_a_letter_without_secrets(cast, client):
    await give_passwords()
    await actions.invite("reviewer@example.org", "Ignored", Role.CHAIR, cast.manager)
    assert await roles(cast.reviewer.id) == [("reviewer", True)]
    offer = await value("SELECT id FROM role_offer")
    await client.sign_in(cast.reviewer)
    assert f"/offers/{offer}" in (await client.get("/en/today")).text
    assert "Leads the committee" in (await client.get(f"/en/offers/{offer}")).text
    assert (await client.send_form(f"/en/offers/{offer}/acceptance")).status_code == 303
    assert await roles(cast.reviewer.id) == [("reviewer", True), ("chair", True)]
    assert await value("SELECT name FROM account WHERE id = $1", cast.reviewer.id) == "Reviewer"
    assert await value("SELECT secret FROM mail") is False and f"/offers/{offer}" in (await links())[0]


async def test_a_role_is_given_once(cast):
    with pytest.raises(Refused):
        await actions.invite("editor@example.org", "Editor", Role.EDITOR, cast.signatory, cast.vani_youth)


@pytest.mark.parametrize(
    ("kind", "organisation"),
    [
        ("editor", None),
        ("editor", "curator_imereti"),
        ("curator", "vani_youth"),
        ("curator", None),
        ("manager", "vani_youth"),
    ],
)
async def test_a_role_fits_its_organisation(cast, kind, organisation):
    with pytest.raises(Refused):
        await actions.invite(
            "new@example.org", "New", Role(kind), cast.admin, cast.organisations[organisation] if organisation else None
        )


async def test_a_curator_looks_after_some_municipalities_of_their_organisation_alone(cast):
    account = await actions.invite(
        "new@example.org", "New", Role.CURATOR, cast.manager, cast.curator_imereti,
        municipalities=[cast.vani.id, cast.ozurgeti.id],
    )  # fmt: skip
    await accept_all("new@example.org")
    person = await person_by_id(account.id)
    assert person.municipalities == {cast.vani.id}


async def test_ending_a_role_takes_the_rights_away_at_once_and_keeps_the_record(cast, client):
    session = await open_session(cast.editor)
    await client.sign_in(cast.signatory)
    number = await value("SELECT id FROM role WHERE account_id = $1", cast.editor.id)
    answer = await client.send_form(f"/en/roles/{number}/end", {"back": "organisation"})
    assert answer.headers["location"] == f"/en/organisations/{cast.vani_youth.id}"
    assert (await person_of(session)).roles == ()
    assert await roles(cast.editor.id) == [("editor", False)]
    assert (await client.send_form(f"/en/roles/{number}/end")).status_code == 409
    assert await events("role.ended") == ["role.ended"]


async def test_whoever_loses_a_role_or_an_account_is_told(cast):
    await execute("UPDATE account SET language = 'en' WHERE email IN ('editor@example.org', 'curator@example.org')")
    number = await value("SELECT id FROM role WHERE account_id = $1", cast.editor.id)
    await actions.end_role(number, cast.signatory)
    await transitions.close_account(await get(Account, cast.curator.id), cast.manager, LEFT)
    await transitions.open_account(await get(Account, cast.curator.id), cast.manager)
    await transitions.close_account(await get(Account, cast.curator2.id), cast.manager, LEFT)
    await handle_events()
    told = {(each["to"], each["subject"]): each["body"] for each in await rows(MAIL)}
    assert "editor, Vani Youth" in told["editor@example.org", "A role of yours in the grants service has ended"]
    closed = told["curator@example.org", "Your account in the grants service is closed"]
    assert "nobody can sign in with it any more" in closed
    assert "/en/sign-in" in told["curator@example.org", "Your account in the grants service is open again"]
    (georgian,) = [body for (to, _subject), body in told.items() if to == "curator2@example.org"]
    assert "closed" not in georgian and len(told) == 4


# nobody else of the cast holds most roles
LEFT = Leaving(reason="They left us.")
MAIL = "SELECT to_address::text AS to, subject, body FROM mail"


async def test_a_signatory_cannot_end_the_roles_of_others(cast):
    for person in (cast.other_editor, cast.curator, cast.manager):
        number = await value("SELECT id FROM role WHERE account_id = $1", person.id)
        with pytest.raises(Missing):
            await actions.end_role(number, cast.signatory)


async def test_the_last_administrator_and_one_s_only_signatory_stay(cast):
    await give_passwords()
    admin = await value("SELECT id FROM role WHERE account_id = $1", cast.admin.id)
    with pytest.raises(Refused):
        await actions.end_role(admin, cast.admin)
    own = await value("SELECT id FROM role WHERE account_id = $1", cast.signatory.id)
    with pytest.raises(Refused):
        await actions.end_role(own, cast.signatory)
    await actions.give_role(await get(Account, cast.editor.id), Role.SIGNATORY, cast.signatory, cast.vani_youth)
    with pytest.raises(Refused):
        await actions.end_role(own, cast.signatory)  # offered is not held
    await accept_all("editor@example.org")
    await actions.end_role(own, cast.signatory)
    assert not (await person_by_id(cast.signatory.id)).signs_for(cast.vani_youth.id)


async def test_closing_an_account_signs_it_out_and_opening_brings_it_back(cast, client):
    session = await open_session(cast.curator)
    await client.sign_in(cast.manager)
    assert (
        await client.send_form(f"/en/people/{cast.curator.id}/closing", {"reason": "They left."})
    ).status_code == 303
    assert await person_of(session) is None and await person_by_id(cast.curator.id) is None
    assert (await client.send_form(f"/en/people/{cast.curator.id}/opening")).status_code == 303
    assert await person_by_id(cast.curator.id)
    assert await person_of(session) is None, "who was signed in before signs in anew"
    assert await events("account.closed", "account.opened") == ["account.closed", "account.opened"]


async def test_a_manager_does_not_close_those_who_pay_and_nobody_themselves(cast):
    with pytest.raises(NotAllowed):
        await transitions.close_account(await get(Account, cast.finance.id), cast.manager)
    with pytest.raises(Refused):
        await transitions.close_account(await get(Account, cast.admin.id), cast.admin)


async def test_a_closed_account_gets_no_role(cast):
    await transitions.close_account(await get(Account, cast.reviewer.id), cast.admin)
    with pytest.raises(Refused):
        await actions.invite("reviewer@example.org", "Reviewer", Role.CHAIR, cast.manager)


async def test_an_invitation_is_sent_again_with_a_new_link(cast, client):
    account = await actions.invite("new@example.org", "New", Role.REVIEWER, cast.manager)
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"/en/people/{account.id}/invitation")).status_code == 303
    await client.sign_out()
    first, second = await links()
    assert [(await client.get(link)).status_code for link in (first, second)] == [410, 200]
    with pytest.raises(Refused):
        await give_passwords()
        await transitions.invite_again(await get(Account, account.id), cast.manager)


async def test_the_list_searches_filters_sorts_and_pages(cast, client):
    await client.sign_in(cast.manager)
    assert "Signatory" in (await client.get("/en/people?q=signa&role=signatory&sort=-email")).text
    text = (await client.get("/en/people?state=active")).text
    assert "Nothing matches" in text
    assert "Nothing matches" not in (await client.get("/en/people?state=invited&sort=-created&page=1")).text
    for unknown in ("sort=nothing", "role=king", "state=asleep"):
        assert (await client.get(f"/en/people?{unknown}")).status_code == 400
    by_fives, seen = replace(PEOPLE, size=5), []
    for page in ("1", "2"):
        seen += [row["id"] for row in (await by_fives.rows(cast.manager, by_fives.list_query({"page": page}))).rows]
    assert len(set(seen)) == 10
    assert (await by_fives.rows(cast.curator, by_fives.list_query({}))).rows == []


async def listed(person, **typed):
    return [row["name"] for row in (await PEOPLE.rows(person, PEOPLE.list_query(typed))).rows]


async def test_the_list_finds_people_by_what_they_are_and_what_has_become_of_them(cast):
    names = sorted(person.name for person in cast.people.values())
    assert await listed(cast.manager) == names
    await give_passwords()
    await execute("UPDATE account SET password_hash = NULL WHERE id = $1", cast.donor.id)
    await execute("UPDATE account SET active = false WHERE id = $1", cast.chair.id)
    await execute("UPDATE account SET active = false, password_hash = NULL WHERE id = $1", cast.finance.id)
    assert await listed(cast.manager, state="invited") == ["Donor"]
    assert await listed(cast.manager, state="closed") == ["Chair", "Finance"]
    assert await listed(cast.manager, state="active") == [n for n in names if n not in ("Donor", "Chair", "Finance")]
    await execute("UPDATE role SET until = CURRENT_DATE WHERE account_id = $1", cast.reviewer.id)
    await execute("UPDATE role SET until = CURRENT_DATE + 1 WHERE account_id = $1", cast.reviewer2.id)
    assert await listed(cast.manager, role="reviewer") == ["Reviewer2"]
    assert await listed(cast.manager, role="admin") == ["Admin"]


async def test_the_list_tells_each_role_with_its_organisation_in_whatever_language_that_has_a_name(cast):
    await execute("UPDATE organisation SET name_en = NULL WHERE id = $1", cast.guria_women.id)
    await execute("UPDATE organisation SET name_ka = NULL WHERE id = $1", cast.vani_youth.id)
    await add_role(cast.chair.id, "reviewer")
    with speaking("en"):
        told = {row["name"]: row["roles"] for row in (await PEOPLE.rows(cast.manager, PEOPLE.list_query({}))).rows}
    assert told["Editor"] == ["Editor, Vani Youth"] and sorted(told["Chair"]) == ["Committee chair", "Reviewer"]
    assert told["Other editor"] == ["Editor, გურიის ქალები"]
    assert told["Nobody special"] == [] and told["Curator"] == ["Curator, Imereti Curator"]


async def test_who_keeps_the_accounts_of_whom(cast):
    """Whoever may not is refused; what is so already changes nothing and is told to nobody."""
    admins_alone = ("manager", "finance", "director", "auditor", "admin")
    for who in ("curator", "signatory", *admins_alone):
        for act in (transitions.close_account, transitions.open_account, transitions.invite_again):
            account = await get(Account, cast.people[who].id)
            with pytest.raises(NotAllowed):
                await act(account, cast.director)
            if who in admins_alone and who != "manager":
                with pytest.raises(NotAllowed):
                    await act(account, cast.manager)
    account = await get(Account, cast.finance.id)
    for step in transitions.STEPS:
        assert {who for who, each in cast.people.items() if step.open_to(each, account)} == {"manager", "admin"}
    close = partial(transitions.close_account, given=LEFT)
    for act, active in ((close, False), (transitions.open_account, True)):
        for _again in range(2):
            await act(account, cast.admin)
            assert (await get(Account, cast.finance.id)).active is active
    assert await events("account.closed", "account.opened") == ["account.closed", "account.opened"]


@pytest.mark.parametrize("change", ["active = false", "password_hash = 'x'"])
async def test_who_has_a_password_or_a_closed_account_is_not_invited_again(change, cast):
    account = await actions.invite("new@example.org", "New", Role.REVIEWER, cast.manager)
    await execute(f"UPDATE account SET {change} WHERE id = $1", account.id)
    with pytest.raises(Refused):
        await transitions.invite_again(await get(Account, account.id), cast.manager)
    assert len(await links()) == 1


async def test_a_person_s_page_tells_their_roles_and_history(cast, client):
    account = await actions.invite("new@example.org", "New", Role.REVIEWER, cast.manager)
    await client.sign_in(cast.manager)
    text = (await client.get(f"/en/people/{account.id}")).text
    assert "Reviewer" in text and "Role offered" in text and "Send the invitation again" in text
    answer = await client.send_form(f"/en/people/{account.id}/roles", {"kind": "chair"})
    assert answer.status_code == 303
    offered = "SELECT count(*) FROM role_offer WHERE account_id = $1 AND kind = 'chair' AND state = 'pending'"
    assert await value(offered, account.id) == 1
    await accept_all("new@example.org")
    assert (await client.send_form(f"/en/people/{account.id}/roles", {"kind": "chair"})).status_code == 409
    assert (await client.send_form(f"/en/people/{cast.editor.id}/roles", {"kind": "chair"})).status_code == 409
    assert (await client.send_form(f"/en/people/{account.id}/roles", {"kind": "king"})).status_code == 422


async def test_a_manager_invites_a_reviewer_on_the_page(cast, client):
    await client.sign_in(cast.manager)
    typed = {"name": "Expert", "email": "expert@example.org", "kind": "reviewer", "language": "en"}
    answer = await client.send_form("/en/people", typed)
    number = await value("SELECT id FROM account WHERE email = 'expert@example.org'")
    assert answer.headers["location"] == f"/en/people/{number}"
    assert await value("SELECT kind FROM role_offer WHERE account_id = $1", number) == "reviewer"


async def test_the_command_line_adds_a_person_and_prints_their_link(cast):
    link = await actions.add_person(email="first@example.org", name="First", role="admin")
    assert link.startswith("/ka/invitation/")
    link = await actions.add_person(
        email="vani@example.org", name="Vani", role="signatory", organisation_code="400000001", language="en",
        password="twelve green umbrellas", example=True,
    )  # fmt: skip
    assert link == "/en/sign-in"
    person = await person_by_id(await value("SELECT id FROM account WHERE email = 'vani@example.org'"))
    assert person.signs_for(cast.vani_youth.id)
    with pytest.raises(Missing):
        await actions.add_person(email="a@example.org", name="A", role="editor", organisation_code="nothing")
    with pytest.raises(Refused):
        await actions.add_person(email="a@example.org", name="A", role="editor")
