"""A role is offered, and held once it is accepted: by whom, to whom, beside what; what the letter says; how often."""

from datetime import timedelta
from itertools import product

import pytest

from accounts.entry import attempts
from accounts.offers.queries import offers_in, offers_to
from accounts.offers.transitions import accept
from accounts.people import actions
from accounts.person import Role
from accounts.sessions import person_by_id
from foundation.database import execute, rows, transaction, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from lifecycle.notices import handle_events
from tests.accounts.signing import OTHER, events, links
from tests.cast import add_account, add_role

APPLIES = {Role.EDITOR, Role.SIGNATORY}
GIVES = {
    "signatory": APPLIES,
    "manager": {
        Role.EDITOR, Role.SIGNATORY, Role.REVIEWER, Role.CHAIR, Role.CURATOR, Role.DONOR,
    },
    "admin": set(Role),
}  # fmt: skip


def place(cast, kind):
    return cast.vani_youth if kind in APPLIES else cast.curator_imereti if kind is Role.CURATOR else None


@pytest.mark.parametrize("giver", ["signatory", "manager", "admin", "curator", "reviewer", "director", "editor"])
async def test_every_pair_of_roles_given_by_each(cast, giver):
    """Refused, or pending; and with the first held, what accepting the second comes to. Nothing is live unasked."""
    person, told = cast.people[giver], {}
    for n, (held, kind) in enumerate(product([None, *Role], Role)):
        account = await add_account(f"somebody{n}")
        if held:
            # an organisation of their own, so that the same role can be offered in another
            where = cast.guria_women if held in APPLIES else place(cast, held)
            await add_role(account, str(held), where.id if where else None)
        told[held, kind] = await outcome(account, kind, person, place(cast, kind))
    for (held, kind), answer in told.items():
        against = held is not None and (held in APPLIES) != (kind in APPLIES)
        if kind not in GIVES.get(giver, ()):
            expected = "not allowed"
        elif held is kind and held not in APPLIES:
            expected = "refused"
        elif against:
            # who sees people is told; who does not gets the answer everybody gets, and it comes to nothing
            expected = "pending, refused at acceptance" if giver == "signatory" else "refused"
        else:
            expected = "pending, then live"
        assert answer == expected, (giver, held, kind)


async def outcome(account, kind, person, organisation):
    email = await value("SELECT email::text FROM account WHERE id = $1", account)
    before = await value("SELECT count(*) FROM role WHERE account_id = $1", account)
    await execute("DELETE FROM sign_in_attempt")
    try:
        await actions.invite(email, "Somebody", kind, person, organisation)
    except NotAllowed:
        return "not allowed"
    except Refused:
        return "refused"
    assert await value("SELECT count(*) FROM role WHERE account_id = $1", account) == before
    (offer,) = await offers_to(account)
    try:
        async with transaction():
            await accept(offer, await person_by_id(account))
    except Exception as error:
        assert getattr(error, "constraint_name", "") == "role_on_one_side", error
        return "pending, refused at acceptance"
    return "pending, then live"


async def test_nobody_answers_for_another(cast):
    offer = await offered(cast)
    for who, person in cast.people.items():
        if who != "nobody_special":
            with pytest.raises(NotAllowed):
                await accept(offer, person)


async def offered(cast, email="nobody_special@example.org", kind=Role.EDITOR):
    account = await actions.invite(email, "Nobody", kind, cast.signatory, cast.vani_youth)
    (offer,) = await offers_to(account.id)
    return offer


async def test_a_role_is_declined_and_may_be_offered_again(cast, client):
    offer = await offered(cast)
    await client.sign_in(cast.nobody_special)
    assert "Vani Youth" in (await client.get("/en/account")).text
    assert (await client.send_form(f"/en/offers/{offer.id}/refusal")).status_code == 303
    assert (await client.send_form(f"/en/offers/{offer.id}/acceptance")).status_code == 409
    assert await value("SELECT count(*) FROM role WHERE account_id = $1", cast.nobody_special.id) == 0
    assert (await offered(cast)).id != offer.id


async def test_an_organisation_sends_its_invitation_again_and_withdraws_it(cast, client):
    await client.sign_in(cast.signatory)
    typed = {"name": "New", "email": "new@example.org", "kind": "editor", "language": "en"}
    home = f"/en/organisations/{cast.vani_youth.id}"
    form = (await client.get(f"{home}/people/new")).text
    assert "Sends and signs nothing" in form and "invites its people" in form, "the form explains each role"
    assert (await client.send_form(f"{home}/people", typed)).status_code == 303
    ((offer, *_),) = [(each["id"],) for each in await offers_in(cast.vani_youth.id, cast.signatory)]
    page = (await client.get(home)).text
    assert f"/offers/{offer}/invitation" in page and f"/offers/{offer}/withdrawal" in page
    assert (await client.send_form(f"/en/offers/{offer}/invitation")).status_code == 303
    first, second = await links()
    await client.sign_out()
    assert [(await client.get(link)).status_code for link in (first, second)] == [410, 200]
    await client.sign_in(cast.signatory)
    assert (await client.send_form(f"/en/offers/{offer}/withdrawal")).status_code == 303
    assert "new@example.org" not in (await client.get(home)).text.split("<aside")[0]
    await client.sign_out()
    assert (await client.get(second)).status_code == 410
    assert "role.offered_again" in await events()


async def test_an_invitation_says_who_for_which_organisation_and_as_what_in_the_readers_language(cast):
    await execute(
        "UPDATE account SET name = 'EU GRANT PAYMENT https://evil.example/claim' WHERE id = $1", cast.signatory.id
    )
    await execute("UPDATE organisation SET name_en = 'Vani www.evil.example Youth' WHERE id = $1", cast.vani_youth.id)
    signatory = await person_by_id(cast.signatory.id)
    for language in ("ka", "en"):
        await actions.invite(f"{language}@example.org", "New", Role.EDITOR, signatory, cast.vani_youth, language)
    letters = {each["to"]: each["body"] for each in await rows("SELECT to_address::text AS to, body FROM mail")}
    english, georgian = letters["en@example.org"], letters["ka@example.org"]
    assert "“EU GRANT PAYMENT”" in english and "“Vani Youth”" in english and "editor" in english
    assert "Sends and signs nothing" in english and "/en/invitation/" in english
    assert "ვანის ახალგაზრდები" in georgian and "რედაქტორი" in georgian and "/ka/invitation/" in georgian
    assert "evil" not in english + georgian


async def test_the_answer_to_an_invitation_does_not_tell_who_has_an_account(cast, client):
    """Staff, somebody closed, somebody unknown: one answer, and one line on the organisation's page."""
    await execute("UPDATE account SET active = false WHERE id = $1", cast.donor.id)
    told = set()
    for email in ("director@example.org", "donor@example.org", "unknown@example.org"):
        await client.sign_in(cast.signatory)
        typed = {"name": "Somebody", "email": email, "kind": "editor", "language": "en"}
        answer = await client.send_form(f"/en/organisations/{cast.vani_youth.id}/people", typed)
        page = (await client.get(answer.headers["location"])).text
        line = page[page.index(f"mailto:{email}") - 400 : page.index(f"mailto:{email}") + 400]
        told.add((answer.status_code, answer.headers["location"], "Somebody" in line and "invited" in line))
    assert len(told) == 1
    assert await value("SELECT count(*) FROM mail WHERE to_address = 'donor@example.org'") == 0


async def test_ten_invitations_a_day_and_two_letters_to_one_e_mail(cast):
    for _turn in range(4):
        await offered(cast, "same@example.org")
    assert await value("SELECT count(*) FROM mail WHERE to_address = 'same@example.org'") == 2
    await execute("DELETE FROM sign_in_attempt")
    for n in range(attempts.INVITED):
        await offered(cast, f"new{n}@example.org")
    with pytest.raises(attempts.TooMany):
        await offered(cast, "one.more@example.org")
    assert await value("SELECT count(*) FROM account WHERE email = 'one.more@example.org'") == 0
    await execute("UPDATE sign_in_attempt SET at = at - $1::interval", timedelta(days=1))
    await offered(cast, "one.more@example.org")
    # the programme's people come through whatever organisations have sent
    await actions.invite("same@example.org", "Same", Role.EDITOR, cast.manager, cast.guria_women)
    assert await value("SELECT count(*) FROM mail WHERE to_address = 'same@example.org'") == 3


async def test_its_curators_learn_once_a_day_that_an_organisation_invites(cast):
    await execute("UPDATE account SET language = 'en'")
    for n in range(3):
        await offered(cast, f"new{n}@example.org")
    await actions.invite("by@example.org", "By", Role.EDITOR, cast.manager, cast.vani_youth)
    await handle_events()
    told = await rows("SELECT to_address::text AS to, body FROM mail WHERE subject = 'An organisation invites people'")
    assert [each["to"] for each in told] == ["curator@example.org"]
    assert f"/en/organisations/{cast.vani_youth.id}" in told[0]["body"] and "Vani Youth" in told[0]["body"]


async def test_one_invitation_does_not_close_the_door_of_another(cast, client):
    """Two organisations invite the same person: each letter's link is about its own role."""
    await offered(cast, "new@example.org")
    await actions.invite("new@example.org", "New", Role.EDITOR, cast.other_signatory, cast.guria_women)
    first, _second = await links()
    shown = (await client.get(first)).text
    assert "Vani Youth" in shown or "ვანის ახალგაზრდები" in shown
    await client.send_form(first, {"name": "New", "language": "en", "password": OTHER})
    person = await person_by_id(await value("SELECT id FROM account WHERE email = 'new@example.org'"))
    assert person.organisations == {cast.vani_youth.id}
    (waiting,) = await offers_to(person.id)
    assert waiting.organisation_id == cast.guria_women.id


async def test_nobody_takes_a_reviewer_off_by_giving_them_a_role(cast):
    """What an applicant does with its own people changes nothing for those who judge it."""
    with speaking("en"):
        offer = await offered(cast, "reviewer@example.org")
        with pytest.raises(Exception, match="neither judges"):
            async with transaction():
                await accept(offer, await person_by_id(cast.reviewer.id))
    assert (await person_by_id(cast.reviewer.id)).is_reviewer
    assert await value("SELECT count(*) FROM calls_closed_to($1)", cast.reviewer.id) == 0


async def test_the_page_says_what_stands_against_a_role(cast, client):
    offer = await offered(cast, "reviewer@example.org")
    await client.sign_in(cast.reviewer)
    assert "You cannot take this role" in (await client.get(f"/en/offers/{offer.id}")).text
    assert (await client.send_form(f"/en/offers/{offer.id}/acceptance")).status_code == 409
    assert (await client.send_form(f"/en/offers/{offer.id}/refusal")).status_code == 303
