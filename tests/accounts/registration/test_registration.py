"""An organisation registers itself: nothing is made before its person has shown that the e-mail is theirs."""

import re

import pytest

from accounts.registration import actions
from accounts.sessions import person_of
from foundation.database import execute, row, rows, value
from tests.accounts.signing import OTHER, PASSWORD, events, give_passwords, links, remember


@pytest.fixture
def typed(cast):
    return {
        "name": "New Person",
        "phone": "+995 555 12 34 56",
        "email": "new@example.org",
        "organisation_ka": "ახალი გზა",
        "identification_code": "400 000 009",
        "municipality_id": str(cast.vani.id),
        "signs": "true",
    }


async def register(client, typed, url="/ka/register", **over):
    return await client.send_form(url, {**typed, **over})


async def test_first_comes_a_letter_and_nothing_else_is_made(cast, client, typed):
    answer = await register(client, typed)
    assert answer.status_code == 200 and "new@example.org" in answer.text
    assert await value("SELECT count(*) FROM account WHERE email = 'new@example.org'") == 0
    assert await value("SELECT count(*) FROM organisation WHERE identification_code = '400000009'") == 0
    assert [tuple(r) for r in await rows("SELECT to_address, subject, secret FROM mail")] == [
        ("new@example.org", "დაადასტურეთ ელფოსტა", True)
    ]


async def test_the_link_makes_account_organisation_and_role_at_once(cast, client, typed):
    await register(client, typed)
    (link,) = await links()
    page = await client.get(link)
    assert "ახალი გზა" in page.text and "400000009" in page.text
    answer = await client.send_form(link, {"password": OTHER})
    assert answer.headers["location"] == "/ka/today"
    person = await person_of(remember(client))
    made = await row("SELECT * FROM organisation WHERE identification_code = '400000009'")
    assert (person.name, person.email) == ("New Person", "new@example.org") and person.signs_for(made["id"])
    assert (made["kind"], made["municipality_id"], made["curator_id"]) == ("cso", cast.vani.id, cast.curator_imereti.id)
    assert (made["registered_by"], made["confirmed_at"], made["experience"]) == (person.id, None, None)
    assert await events() == ["registration.asked", "organisation.registered", "registration.confirmed"]
    assert (await client.send_form(link, {"password": OTHER})).status_code == 410


async def test_the_answer_does_not_tell_who_has_an_account_but_the_letter_does(cast, client, typed):
    await give_passwords()
    new, known = await register(client, typed), await register(client, typed, email="editor@example.org")
    assert new.text.replace("new@", "editor@") == known.text
    subjects = [r["subject"] for r in await rows("SELECT subject FROM mail ORDER BY to_address")]
    assert subjects == ["პროფილი უკვე გაქვთ", "დაადასტურეთ ელფოსტა"]
    assert "/sign-in" in (await links())[-1]


async def test_an_organisation_that_is_there_already_is_not_made_twice(cast, client, typed):
    answer = await register(client, typed, url="/en/register", identification_code="400000001")
    assert answer.status_code == 409 and "registered already" in answer.text and 'value="New Person"' in answer.text
    assert await value("SELECT count(*) FROM mail") == 0


async def test_whoever_was_quicker_keeps_the_identification_code(cast, client, typed):
    await register(client, typed)
    await execute("UPDATE organisation SET identification_code = '400000009' WHERE id = $1", cast.guria_women.id)
    answer = await client.send_form((await links())[0], {"password": OTHER})
    assert answer.status_code == 409
    assert await value("SELECT count(*) FROM account WHERE email = 'new@example.org'") == 0


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("email", "new", "Enter an email address"),
        ("identification_code", "12345678", "nine digits"),
        ("identification_code", "12345678a", "nine digits"),
        ("municipality_id", "somewhere", "Choose one of the answers"),
        ("name", "Win at http://spam.example", "without addresses of websites"),
        ("organisation_ka", "", "Write the name of the organisation"),
        ("signs", "", "I may sign for this organisation.: Tick this."),
        ("phone", "", "Phone: Complete this field."),
        ("phone", "call me", "Write a telephone number"),
    ],
)
async def test_errors_come_back_with_the_form_as_typed(cast, client, typed, field, wrong, said):
    answer = await register(client, typed, url="/en/register", **{field: wrong})
    assert answer.status_code == 422 and said in answer.text
    assert 'value="new@example.org"' in answer.text or field == "email"
    assert await value("SELECT count(*) FROM registration") == 0


async def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_page(client, cast):
    said = (await client.send_form("/en/register", {"identification_code": "12"})).text
    links = re.findall(r'<li><a href="#f-([\w-]+)">', said)
    assert links == ["organisation_ka", "identification_code", "municipality_id", "name", "phone", "email", "signs"]
    assert "Tick this." in said and "I may sign for this organisation.: Complete" not in said
    places = [said.find(f'id="f-{name}"') for name in links]
    assert places == sorted(places) and min(places) > 0


async def test_the_number_is_kept_for_whoever_calls_back(client, cast, typed):
    await register(client, typed)
    await client.send_form((await links())[0], {"password": OTHER})
    assert await value("SELECT phone FROM account WHERE email = 'new@example.org'") == "+995 555 12 34 56"


async def test_a_municipality_that_does_not_exist_is_a_sentence(cast, client, typed):
    answer = await register(client, typed, municipality_id="018f0000-0000-7000-8000-000000000000")
    assert answer.status_code == 409


async def test_a_weak_password_leaves_the_link_unused(cast, client, typed):
    await register(client, typed)
    (link,) = await links()
    assert (await client.send_form(link, {"password": "new@example.org"})).status_code == 422
    assert (await client.send_form(link, {"password": OTHER})).status_code == 303


async def test_the_link_is_too_old_after_seven_days(cast, client, typed):
    await register(client, typed)
    await execute("UPDATE registration SET expires = clock_timestamp()")
    assert (await client.get((await links())[0])).status_code == 410


async def test_one_e_mail_gets_three_letters_an_hour(cast, client, typed):
    for _turn in range(5):
        assert (await register(client, typed)).status_code == 200
    assert await value("SELECT count(*) FROM mail") == 3


async def test_two_links_of_one_e_mail_make_one_account(cast, client, typed):
    await register(client, typed)
    await register(client, typed, identification_code="400000008")
    first, second = await links()
    assert (await client.send_form(first, {"password": OTHER})).status_code == 303
    await client.sign_out()
    answer = await client.send_form(second, {"password": PASSWORD})
    assert answer.status_code == 409
    assert await value("SELECT count(*) FROM account WHERE email = 'new@example.org'") == 1


async def test_two_at_once_with_the_same_link_make_one_organisation(committing):
    import asyncio

    from accounts.registration.forms import SignUp
    from tests.cast import make_cast

    cast = await make_cast()
    given = SignUp(
        name="New Person", email="new@example.org", organisation_en="New Way", identification_code="400000009",
        municipality_id=cast.vani.id, signs="true", phone="+995 555 12 34 56",
    )  # fmt: skip
    await actions.ask(given, "203.0.113.7")
    token = (await links())[0].rpartition("/")[2]
    answers = await asyncio.gather(*(actions.confirm(token, OTHER, "") for _turn in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Spent", "Spent", "tuple"]
    assert await value("SELECT count(*) FROM organisation WHERE identification_code = '400000009'") == 1


@pytest.mark.parametrize(
    "came_from, leads_to", [("/en/calls/C-1", "/ka/calls/C-1"), ("https://evil.example", "/ka/today")]
)
async def test_who_came_from_a_call_is_back_there_after_the_letter(client, typed, came_from, leads_to):
    assert f'value="{came_from}"' in (await client.get("/ka/register", params={"next": came_from})).text
    await register(client, typed, next=came_from)
    (link,) = await links()
    answer = await client.send_form(link, {"password": OTHER})
    assert answer.headers["location"] == leads_to
