"""Nobody keeps another out: an attack of guesses and resets, after which the owner signs in; and many behind one address."""

import re

from accounts.entry import actions, attempts
from accounts.entry.attempts import TooMany
from foundation.database import execute, rows, value
from foundation.refused import Refused
from lifecycle.notices import handle_events
from tests.accounts.signing import OTHER, PASSWORD, give_passwords, type_in

WHO = "director@example.org"


async def guess(email, address, password="something else entirely", device=""):
    try:
        await actions.sign_in(email, password, address, "", device=device)
    except TooMany:
        return "too many"
    except Refused:
        return "wrong"
    return "in"


async def later(interval):
    await execute("UPDATE sign_in_attempt SET at = at - $1::text::interval", interval)


async def test_a_burst_of_guesses_from_many_addresses_is_worth_five(cast, monkeypatch):
    await give_passwords()
    monkeypatch.setattr(actions, "matches", never)
    answers = [await guess(WHO, f"203.0.{n // 250}.{n % 250}") for n in range(400)]
    assert answers.count("wrong") == attempts.PER_ACCOUNT


async def test_guesses_of_a_whole_day_are_worth_less_than_a_hundred(cast):
    """Ten thousand of them, as an attacker would spread them: whenever the pause is over, from another address."""
    by, waited, evaluated = attempts.email_key(WHO), 0, 0
    while waited < 24 * 3600:
        at = attempts.address_key(f"203.0.113.{evaluated}")
        waited += await value(attempts.PAUSE, by, at, "sign_in", attempts.PER_ACCOUNT, attempts.LONGEST_PAUSE, None)
        await execute(attempts.COUNT, by, at, "sign_in", None, False)
        evaluated += 1
    assert evaluated <= 100


async def never(*_args):
    return False, None


async def test_after_an_attack_the_owner_signs_in(cast, client):
    """The attacker guesses and asks for letters all night, and goes on while the owner comes back."""
    await give_passwords()

    async def attack(n):
        for address in (f"198.51.100.{n}", "127.0.0.1"):  # from everywhere, the owner's own network as well
            for _turn in range(6):
                await guess(WHO, address)
            await actions.ask_for_reset(WHO, address)

    for n in range(12):
        await attack(n)
        await later("16 minutes")
    await attack(50)
    assert (await type_in(client, WHO)).status_code == 429, "they are slowed down where nobody knows them"
    answer = await client.send_form("/en/password/reset", {"email": WHO})
    assert answer.status_code == 200
    await handle_events()
    letter = (await rows("SELECT body FROM mail ORDER BY created DESC, id DESC"))[0]["body"]
    link = re.search(r"/en/password/reset/\S+|/ka/password/reset/\S+", letter)[0]
    assert (await client.send_form(link, {"password": OTHER})).status_code == 303
    await attack(77)  # between the new password and its first use
    assert (await type_in(client, WHO, OTHER)).status_code == 303
    browser = client.cookies.get("device")
    await client.sign_out()  # which here empties the browser
    client.cookies.set("device", browser)
    await attack(78)
    assert (await type_in(client, WHO, OTHER)).status_code == 303, "this browser is known"


async def test_letters_that_were_not_sent_do_not_count(cast):
    """One request every sixteen minutes kept somebody from ever getting a letter again."""
    sent = []
    for _turn in range(30):
        sent.append(await attempts.begin_letter(WHO, "203.0.113.5", "reset"))
        await later("16 minutes")
    assert sent.count(True) >= 20 and all(any(sent[n : n + 4]) for n in range(27))


async def test_who_accepts_an_invitation_is_not_kept_out_by_guesses(cast, client):
    from accounts.entry.tokens import give_token

    for n in range(6):
        await guess("nobody_special@example.org", f"203.0.113.{n}")
    token = await give_token(cast.nobody_special.id, "invitation")
    typed = {"name": "Nobody", "language": "en", "password": OTHER}
    assert (await client.send_form(f"/en/invitation/{token}", typed)).status_code == 303
    await client.sign_out()
    assert (await type_in(client, "nobody_special@example.org", OTHER)).status_code == 303


async def test_a_training_room_signs_in_behind_one_address(cast, monkeypatch):
    """Forty people at once, and again after the break; some mistype."""
    await execute(
        "INSERT INTO account (email, name, password_hash) SELECT 'p' || n || '@example.org', 'P', 'x'"
        " FROM generate_series(1, 40) n"
    )

    async def right(password, _stored):
        return password == PASSWORD, None

    monkeypatch.setattr(actions, "matches", right)
    for _time in range(2):
        for n in range(1, 41):
            if n % 4 == 0:
                assert await guess(f"p{n}@example.org", "198.51.100.7") == "wrong"
            assert await guess(f"p{n}@example.org", "198.51.100.7", PASSWORD) == "in"
    assert [await attempts.begin_letter(f"p{n}@example.org", "198.51.100.7", "reset") for n in range(1, 41)] == [
        True
    ] * 40


async def test_a_neighbour_in_the_same_network_does_not_keep_a_known_browser_out(cast):
    await give_passwords()
    assert await guess(WHO, "198.51.100.7", PASSWORD, device="the owner's own browser") == "in"
    for _turn in range(8):
        await guess(WHO, "198.51.100.7", device="the neighbour's")
    assert await guess(WHO, "198.51.100.7", PASSWORD, device="another") == "too many"
    assert await guess(WHO, "198.51.100.7", PASSWORD, device="the owner's own browser") == "in"
    assert await guess(WHO, "192.0.2.9", PASSWORD, device="the owner's own browser") == "in", "wherever they are"


async def test_a_known_browser_has_its_own_limit(cast):
    await give_passwords()
    assert await guess(WHO, "198.51.100.7", PASSWORD, device="stolen") == "in"
    answers = [await guess(WHO, f"203.0.113.{n}", device="stolen") for n in range(9)]
    assert answers.count("wrong") == attempts.PER_ACCOUNT


async def test_the_browser_is_remembered_by_a_cookie_no_script_reads(cast, client):
    await give_passwords()
    answer = await type_in(client, WHO)
    (said,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("device=")]
    assert "httponly" in said.lower() and "samesite=lax" in said.lower()
    kept = await value("SELECT device_key FROM sign_in_attempt WHERE succeeded")
    assert len(kept) == 32 and client.cookies.get("device").encode() not in kept
