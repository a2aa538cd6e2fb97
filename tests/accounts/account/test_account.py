"""One's own account: name and language, password, devices."""

import pytest

from accounts.account.queries import device
from accounts.sessions import open_session, person_of
from foundation.database import row, value
from tests.accounts.signing import OTHER, PASSWORD, events, give_passwords, remember, type_in


@pytest.fixture
async def editor(cast, client):
    await give_passwords()
    await type_in(client, "editor@example.org")
    return cast.editor


async def preferences(client, **over):
    revision = await value("SELECT revision FROM account WHERE email = 'editor@example.org'")
    return await client.send_form(
        "/en/account", {"name": "Editor", "language": "ka", "phone": "", "revision": revision, **over}
    )


async def test_name_phone_and_language_are_one_s_own(editor, client):
    answer = await preferences(client, name="Other Name", language="en", phone="555 00 00 00")
    assert answer.headers["location"] == "/en/account"
    assert tuple(await row("SELECT name, phone, language FROM account WHERE id = $1", editor.id)) == (
        "Other Name", "555 00 00 00", "en",
    )  # fmt: skip
    assert await events("account.changed") == ["account.changed"]
    assert client.cookies["language"] == "en"


async def test_saving_the_same_again_is_no_event(editor, client):
    await preferences(client)
    assert await events("account.changed") == []


async def test_a_form_of_another_revision_is_stale(editor, client):
    assert (await preferences(client, revision=99)).status_code == 409


async def test_an_empty_name_comes_back(editor, client):
    answer = await preferences(client, name=" ", phone="555")
    assert answer.status_code == 422 and 'value="555"' in answer.text


async def change(client, current=PASSWORD, password=OTHER):
    return await client.send_form("/en/account/password", {"current": current, "password": password})


async def test_a_new_password_goes_on_here_under_a_new_session_and_ends_the_others(editor, client):
    here, elsewhere = remember(client), await open_session(editor)
    assert (await change(client)).headers["location"] == "/en/account"
    now_here = remember(client)
    assert now_here != here
    assert [await person_of(token) is not None for token in (here, elsewhere, now_here)] == [False, False, True]
    assert await events("account.password_changed") == ["account.password_changed"]
    assert await value("SELECT to_address FROM mail") == "editor@example.org"


async def test_a_new_password_needs_the_present_one(editor, client):
    answer = await change(client, current=OTHER)
    assert answer.status_code == 422 and "not your present password" in answer.text
    assert (await change(client, password="short")).status_code == 422
    assert await events("account.password_changed") == []


async def test_guessing_the_present_password_is_slowed_down(editor, client):
    for _turn in range(5):
        await change(client, current=OTHER)
    assert (await change(client)).status_code == 429


async def test_another_device_is_signed_out_from_here(editor, client):
    elsewhere = await open_session(editor, "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36")
    assert "Chrome, Android" in (await client.get("/en/account")).text
    number = await value("SELECT id FROM session WHERE agent LIKE '%Android%'")
    assert (await client.send_form(f"/en/account/sessions/{number}/end")).status_code == 303
    assert await person_of(elsewhere) is None and await person_of(remember(client))
    assert (await client.send_form(f"/en/account/sessions/{number}/end")).status_code == 404
    assert await events("account.session_ended") == ["account.session_ended"]


async def test_nobody_ends_a_session_of_somebody_else(cast, editor, client):
    token = await open_session(cast.manager, "theirs")
    number = await value("SELECT id FROM session WHERE agent = 'theirs'")
    assert (await client.send_form(f"/en/account/sessions/{number}/end")).status_code == 404
    assert await person_of(token)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_by_what_it_says_of_itself(agent, words):
    assert device(agent) == words
