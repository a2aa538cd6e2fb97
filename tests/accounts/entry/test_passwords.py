"""New passwords: by letter, by invitation, and what is no password."""

import pytest

from accounts.entry import notices, tokens
from accounts.passwords import Weak, refuse_weak
from accounts.sessions import open_session, person_of
from foundation.database import execute, rows, value
from lifecycle.notices import handle_events
from tests.accounts.signing import OTHER, PASSWORD, events, give_passwords, links, remember, type_in


@pytest.fixture
async def people(cast):
    await give_passwords()
    return cast


async def ask(client, email):
    return await client.send_form("/en/password/reset", {"email": email})


@pytest.mark.parametrize(
    "password",
    [
        "too short",
        "passwordpassword1",
        "123456789012345678",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "Subgrants2026!!!!!",
        "correct horse battery staple",
        "P@ssw0rd12345678",
        "sunshine-football",
        "trustno1 starwars",
        "letmein letmein letmein",
        "nino.beridze@example.org",
        "NinoBeridze20261234",
        "პაროლიპაროლიპაროლი",
        "x" * 201,
    ],
)
def test_what_everybody_tries_first_is_no_password(password):
    with pytest.raises(Weak):
        refuse_weak(password, "nino.beridze@example.org", "nino.beridze", "Nino", "Beridze")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER, "ლურჯი ჩაიდანი კიბის ქვეშ", "x7$Kq9!vT2m#Lp4&", "  spaces are kept  ", "marathon gibson phoenix"],
)
def test_words_in_any_letters_are_good(password):
    assert refuse_weak(password, "nino@example.org") == password


async def test_the_answer_does_not_tell_who_has_an_account(people, client):
    known, unknown = await ask(client, "curator@example.org"), await ask(client, "nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("curator@", "nobody@") == unknown.text
    # nor does what was done so far: the letter is the worker's business
    assert await value("SELECT count(*) FROM mail") == 0
    assert await events() == ["account.reset_asked"] * 2


async def test_only_somebody_with_an_account_gets_a_letter(people, client):
    await execute("UPDATE account SET active = false WHERE email = 'donor@example.org'")
    for email in ("Curator@Example.org", "nobody@example.org", "donor@example.org"):
        await ask(client, email)
    await handle_events()
    assert [r["to_address"] for r in await rows("SELECT to_address FROM mail")] == ["curator@example.org"]
    assert await value("SELECT secret FROM mail")


async def test_the_link_sets_a_password_once_and_ends_every_session(people, client):
    session = await open_session(people.curator)
    await ask(client, "curator@example.org")
    await handle_events()
    (link,) = await links()
    # mail programs look at links before people do
    for _turn in range(3):
        assert (await client.get(link)).status_code == 200
    assert (await client.send_form(link, {"password": OTHER})).headers["location"].endswith("/sign-in")
    assert await person_of(session) is None
    assert (await client.send_form(link, {"password": PASSWORD})).status_code == 410
    assert (await client.get(link)).status_code == 410
    assert (await type_in(client, "curator@example.org", PASSWORD)).status_code == 422
    assert (await type_in(client, "curator@example.org", OTHER)).status_code == 303
    assert await events("account.password_reset") == ["account.password_reset"]


async def test_a_weak_password_leaves_the_link_unused(people, client):
    token = await tokens.give_token(people.curator.id, "reset")
    answer = await client.send_form(f"/en/password/reset/{token}", {"password": "curator@example.org"})
    assert answer.status_code == 422 and "Choose other words" in answer.text
    assert (await client.send_form(f"/en/password/reset/{token}", {"password": OTHER})).status_code == 303


async def test_a_link_is_too_old_after_an_hour(people, client):
    token = await tokens.give_token(people.curator.id, "reset")
    await execute("UPDATE access_token SET expires = clock_timestamp() - interval '1 second'")
    assert (await client.send_form(f"/en/password/reset/{token}", {"password": OTHER})).status_code == 410
    assert await value("SELECT extract(epoch FROM expires - created) FROM access_token") < 3600


async def test_a_newer_link_closes_the_older_and_one_door_does_not_open_another(people, client):
    older = await tokens.give_token(people.curator.id, "reset")
    newer = await tokens.give_token(people.curator.id, "reset")
    assert (await client.get(f"/en/password/reset/{older}")).status_code == 410
    assert (await client.get(f"/en/invitation/{newer}")).status_code == 410
    assert (await client.get("/en/password/reset/whatever")).status_code == 410


async def test_one_e_mail_gets_three_letters_an_hour_and_the_answer_stays_the_same(people, client):
    answers = {(await ask(client, "curator@example.org")).text for _turn in range(5)}
    await handle_events()
    assert len(answers) == 1 and await value("SELECT count(*) FROM mail") == 3


async def test_an_address_has_sixty_requests_in_ten_minutes(people, client):
    statuses = [(await ask(client, f"a{n}@example.org")).status_code for n in range(61)]
    assert statuses == [200] * 60 + [429]


async def test_whoever_owns_the_e_mail_is_told_of_a_new_password(people, client):
    token = await tokens.give_token(people.curator.id, "reset")
    await client.send_form(f"/ka/password/reset/{token}", {"password": OTHER})
    assert [tuple(r) for r in await rows("SELECT to_address, subject FROM mail")] == [
        ("curator@example.org", "თქვენი პაროლი შეიცვალა")
    ]


async def test_two_cannot_use_the_same_link(committing):
    import asyncio

    from accounts.entry.actions import reset_password
    from tests.cast import make_cast

    cast = await make_cast()
    token = await tokens.give_token(cast.curator.id, "reset")
    answers = await asyncio.gather(*(reset_password(token, f"{OTHER} {n}") for n in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["NoneType", "Spent", "Spent", "Spent"]


async def test_an_invitation_makes_somebody_at_home(people, client):
    await execute("UPDATE account SET password_hash = NULL WHERE email = 'reviewer@example.org'")
    token = await tokens.give_token(people.reviewer.id, "invitation")
    page = await client.get(f"/en/invitation/{token}")
    assert "reviewer@example.org" in page.text and 'value="Reviewer"' in page.text
    answer = await client.send_form(
        f"/en/invitation/{token}", {"name": "Reviewer Mine", "language": "en", "password": OTHER}
    )
    assert answer.headers["location"] == "/en/today"
    person = await person_of(remember(client))
    assert (person.name, person.language) == ("Reviewer Mine", "en")
    assert await events() == ["account.invitation_accepted"]
    assert (await client.get(f"/en/invitation/{token}")).status_code == 410


async def test_an_invitation_with_errors_comes_back_as_typed(people, client):
    token = await tokens.give_token(people.reviewer.id, "invitation")
    answer = await client.send_form(f"/en/invitation/{token}", {"name": "Somebody", "language": "en"})
    assert answer.status_code == 422 and 'value="Somebody"' in answer.text and "Complete this field." in answer.text


async def test_links_and_attempts_are_swept_out_when_old(people, client):
    await tokens.give_token(people.curator.id, "reset")
    await ask(client, "curator@example.org")
    await open_session(people.curator)
    await execute("UPDATE access_token SET expires = clock_timestamp() - interval '31 days'")
    await execute("UPDATE sign_in_attempt SET at = at - interval '91 days'")
    await execute(
        "UPDATE session SET created = created - interval '9 days', expires = clock_timestamp() - interval '1 s'"
    )
    await notices.sweep()
    left = [await value(f"SELECT count(*) FROM {table}") for table in ("access_token", "sign_in_attempt", "session")]
    assert left == [0, 0, 0]
