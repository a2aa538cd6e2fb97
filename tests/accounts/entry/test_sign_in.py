"""Signing in: who may, what others learn, how often one may try, and that every session is a new one."""

import json
from types import SimpleNamespace

import pytest

from accounts import passwords, sessions
from accounts.entry import actions, attempts
from accounts.sessions import cookie_name, person_of
from foundation.database import execute, rows, value
from foundation.settings import settings
from tests.accounts.signing import PASSWORD, events, give_passwords, remember, type_in


@pytest.fixture
async def people(cast):
    await give_passwords()
    return cast


@pytest.fixture
def production(monkeypatch):
    pretended = SimpleNamespace(production=True, secret=settings().secret, address=settings().address)
    monkeypatch.setattr(actions, "settings", lambda: pretended)
    monkeypatch.setattr(sessions, "settings", lambda: pretended)


async def test_staff_land_on_today_and_donors_on_their_page(people, client):
    assert (await type_in(client, "curator@example.org")).headers["location"] == "/en/today"
    assert (await type_in(client, "DONOR@example.org ")).headers["location"] == "/en/donor"
    assert (await type_in(client, "editor@example.org", url="/ka/sign-in")).headers["location"] == "/ka/today"
    assert (await client.get("/ka/account")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "landed"),
    [
        ("/calls?q=a", "/en/calls?q=a"),
        ("/ka/organisations", "/en/organisations"),
        ("https://elsewhere.example/", "/en/today"),
        ("//elsewhere.example/", "/en/today"),
        ("/\\elsewhere.example", "/en/today"),
        ("/ka//elsewhere.example", "/en/today"),
        ("/%0d%0aLocation:", "/en/today"),
        ("javascript:alert(1)", "/en/today"),
        ("/sign-out", "/en/today"),
    ],
)
async def test_one_comes_back_to_where_one_wanted_to_go_but_never_to_another_site(people, client, asked, landed):
    answer = await type_in(client, "curator@example.org", next=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, landed)


async def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(people, client):
    answer = await client.get("/en/organisations?q=a")
    assert answer.headers["location"] == "/en/sign-in?next=%2Forganisations%3Fq%3Da"
    page = (await client.get(answer.headers["location"])).text
    assert 'name="next" value="/organisations?q=a"' in page


async def test_a_wrong_password_gives_the_form_back_as_typed_but_without_the_password(people, client):
    answer = await type_in(client, "curator@example.org", "something else entirely")
    assert answer.status_code == 422
    assert 'value="curator@example.org"' in answer.text and "something else entirely" not in answer.text
    assert "The email or the password is incorrect." in answer.text
    assert cookie_name() not in client.cookies


@pytest.mark.parametrize("email", ["nobody@example.org", "closed@example.org", "invited@example.org", "not an e-mail"])
async def test_the_answer_does_not_tell_who_has_an_account(people, client, email):
    await execute("INSERT INTO account (email, name) VALUES ('invited@example.org', 'I')")
    await execute("INSERT INTO account (email, name, active, password_hash) SELECT 'closed@example.org', 'C', false,"
                  " password_hash FROM account WHERE email = 'curator@example.org'")  # fmt: skip
    known = await type_in(client, "curator@example.org", "something else entirely")
    unknown = await type_in(client, email, PASSWORD)
    assert unknown.status_code == known.status_code
    assert unknown.text.replace(email, "curator@example.org") == known.text
    assert {k: v for k, v in unknown.headers.items() if k not in ("content-length", "x-request-id")} == {
        k: v for k, v in known.headers.items() if k not in ("content-length", "x-request-id")
    }


async def test_as_much_is_computed_for_an_unknown_account(people, client, monkeypatch):
    hashed = []

    def verify(password, stored):
        hashed.append(stored)
        return verify_(password, stored)

    verify_ = passwords.HASHER.verify_and_update
    monkeypatch.setattr(passwords.HASHER, "verify_and_update", verify, raising=False)
    await type_in(client, "nobody@example.org")
    await type_in(client, "curator@example.org", "something else entirely")
    assert len(hashed) == 2
    assert [stored[:30] for stored in hashed] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


async def test_failures_are_recorded_without_the_e_mail(people, client):
    await type_in(client, "curator@example.org", "something else entirely")
    await type_in(client, "stranger@example.org")
    assert await events() == ["account.sign_in_failed"] * 2
    told = [json.loads(r["body"]) for r in await rows("SELECT body FROM event_payload ORDER BY seq")]
    assert [set(each) for each in told] == [{"key"}, {"key"}]
    whole = json.dumps([dict(r) for r in await rows("SELECT * FROM event JOIN event_payload USING (seq)")], default=str)
    whole += json.dumps([dict(r) for r in await rows("SELECT * FROM sign_in_attempt")], default=str)
    assert "stranger" not in whole and "curator@" not in whole and "something" not in whole


async def test_signing_in_is_recorded_with_the_name(people, client):
    await type_in(client, "curator@example.org")
    assert [tuple(r) for r in await rows("SELECT name, actor_name, actor_role FROM event")] == [
        ("account.signed_in", "Curator", "curator")
    ]


async def test_the_session_is_always_a_new_one(people, client):
    await client.get("/en/sign-in")
    client.cookies.set(cookie_name(), "chosen-by-an-attacker", domain="127.0.0.1")
    await type_in(client, "curator@example.org")
    first = remember(client)
    assert first != "chosen-by-an-attacker" and await person_of("chosen-by-an-attacker") is None
    await type_in(client, "manager@example.org")
    second = remember(client)
    assert second != first and await person_of(first) is None
    assert (await person_of(second)).name == "Manager"


async def test_the_table_holds_only_the_hash_of_the_token(people, client):
    await type_in(client, "curator@example.org")
    assert remember(client).encode() not in bytes(await value("SELECT token_sha256 FROM session"))


async def test_the_cookie_is_for_the_server_alone(people, client):
    cookie = (await type_in(client, "curator@example.org")).headers.get_list("set-cookie")[0].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "domain" not in cookie


async def test_over_https_the_cookie_is_bound_to_the_host(people, client, monkeypatch):
    pretended = settings().model_copy(update={"base_url": "https://grants.example.org"})
    for module in ("accounts.sessions", "web.cookies", "web.middleware.headers", "web.middleware.csrf"):
        monkeypatch.setattr(f"{module}.settings", lambda: pretended)
    cookies = (await type_in(client, "curator@example.org")).headers.get_list("set-cookie")
    assert cookies[0].startswith("__Host-sid=") and len(cookies) > 1
    for each in cookies:
        assert "secure" in each.lower() and "httponly" in each.lower() and "domain" not in each.lower()


async def test_somebody_signed_in_needs_the_token_to_sign_in_again(people, client):
    await type_in(client, "curator@example.org")
    client.headers.pop("x-csrf-token")
    answer = await client.post("/en/sign-in", data={"email": "manager@example.org", "password": PASSWORD})
    assert answer.status_code == 403


async def test_another_site_cannot_sign_anybody_in(people, client):
    client.headers["origin"] = "https://elsewhere.example"
    answer = await client.post("/en/sign-in", data={"email": "curator@example.org", "password": PASSWORD})
    assert answer.status_code == 403 and await value("SELECT count(*) FROM session") == 0


async def test_signing_out_ends_the_session(people, client):
    await type_in(client, "curator@example.org")
    session = remember(client)
    answer = await client.send_form("/en/sign-out")
    assert answer.headers["location"] == "/en/" and await person_of(session) is None
    assert await events("account.signed_out") == ["account.signed_out"]


async def test_the_sign_in_page_is_not_shown_to_somebody_who_is_in(people, client):
    await type_in(client, "curator@example.org")
    assert (await client.get("/en/sign-in")).headers["location"] == "/en/today"


async def test_the_example_s_people_stay_outside_in_production(people, client, production):
    await execute("UPDATE account SET example = true WHERE email = 'curator@example.org'")
    assert (await type_in(client, "curator@example.org")).status_code == 422
    assert (await type_in(client, "manager@example.org")).status_code == 303


async def test_sessions_of_the_example_end_when_it_becomes_production(people, client, monkeypatch):
    await execute("UPDATE account SET example = true WHERE email = 'curator@example.org'")
    await type_in(client, "curator@example.org")
    session = remember(client)
    assert await person_of(session)
    pretended = SimpleNamespace(production=True, secret=settings().secret, address=settings().address)
    monkeypatch.setattr(sessions, "settings", lambda: pretended)
    assert await person_of(session) is None


async def test_an_older_hash_is_renewed_at_sign_in(people, client):
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    older = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)).hash(PASSWORD)
    await execute("UPDATE account SET password_hash = $1 WHERE email = 'curator@example.org'", older)
    assert (await type_in(client, "curator@example.org")).status_code == 303
    stored = await value("SELECT password_hash FROM account WHERE email = 'curator@example.org'")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1")


# how often ---------------------------------------------------------------------------------------------------------


async def test_after_five_failures_the_account_waits(people, client):
    for _turn in range(attempts.PER_ACCOUNT):
        assert (await type_in(client, "curator@example.org", "something else entirely")).status_code == 422
    answer = await type_in(client, "curator@example.org")
    assert answer.status_code == 429 and "Wait a minute" in answer.text
    assert (await type_in(client, "manager@example.org")).status_code == 303


async def test_an_unknown_account_waits_just_the_same(people, client):
    for _turn in range(attempts.PER_ACCOUNT):
        await type_in(client, "nobody@example.org")
    assert (await type_in(client, "nobody@example.org")).status_code == 429


async def test_each_further_failure_doubles_the_pause_up_to_sixteen_minutes(people, client):
    pauses = []
    for n in range(11):
        if n >= attempts.PER_ACCOUNT:
            pauses.append(await pause("curator@example.org"))
            await execute("UPDATE sign_in_attempt SET at = at - interval '17 minutes'")
        await type_in(client, "curator@example.org", "something else entirely")
    assert pauses == [60, 120, 240, 480, 960, 960]


async def pause(email):
    by, at = attempts.email_key(email), attempts.address_key("127.0.0.1")
    return await value(attempts.PAUSE, by, at, "sign_in", attempts.PER_ACCOUNT, attempts.LONGEST_PAUSE, None)


async def test_a_success_begins_the_count_anew(people, client):
    for _turn in range(attempts.PER_ACCOUNT - 1):
        await type_in(client, "curator@example.org", "something else entirely")
    assert (await type_in(client, "curator@example.org")).status_code == 303
    await client.sign_out()
    assert await pause("curator@example.org") == 0


async def test_strangers_do_not_lock_out_whoever_signed_in_from_here_before(people, client):
    await type_in(client, "curator@example.org")
    await client.sign_out()
    await execute(
        "INSERT INTO sign_in_attempt (email_key, address_key, purpose, succeeded)"
        " SELECT $1, $2, 'sign_in', false FROM generate_series(1, 50)",
        attempts.email_key("curator@example.org"), attempts.address_key("203.0.113.7"),
    )  # fmt: skip
    assert (await type_in(client, "curator@example.org")).status_code == 303


async def test_an_address_has_three_hundred_failures_a_minute_whatever_the_accounts(people, client):
    await execute(
        "INSERT INTO sign_in_attempt (email_key, address_key, purpose, succeeded)"
        " SELECT sha256(n::text::bytea), $1, 'sign_in', false FROM generate_series(1, 300) n",
        attempts.address_key("127.0.0.1"),
    )  # fmt: skip
    answer = await type_in(client, "curator@example.org")
    assert answer.status_code == 429 and "your network" in answer.text
    await execute("UPDATE sign_in_attempt SET at = at - interval '61 seconds'")
    assert (await type_in(client, "curator@example.org")).status_code == 303


def test_a_network_of_one_household_is_one_address():
    assert attempts.address_key("2001:db8:1:2:a::1") == attempts.address_key("2001:db8:1:2:b::9")
    assert attempts.address_key("2001:db8:1:2::1") != attempts.address_key("2001:db8:1:3::1")
    assert attempts.address_key("203.0.113.7") != attempts.address_key("203.0.113.8")


async def test_a_hundred_tries_at_once_are_counted_one_by_one(committing):
    import asyncio

    async def attempt():
        try:
            await attempts.begin("curator@example.org", "203.0.113.7")
            return "tried"
        except attempts.TooMany:
            return "refused"

    answers = await asyncio.gather(*(attempt() for _turn in range(30)))
    assert answers.count("tried") == attempts.PER_ACCOUNT
