"""Of every event somebody gets an email about: who gets it, in which language, with which facts, leading where."""

import re

import pytest

from accounts.sessions import person_by_id
from entrypoints.rooms import ROOMS
from foundation.database import execute, rows, value
from foundation.language import gettext, speaking
from lifecycle.notices import handle_events
from tests.emails import (
    accounts,
    applications,
    awards,
    calls,
    disbursements,
    recommendations,
    reports,
    reviews,
    visits,
)  # fmt: skip
from tests.emails.telling import Both
from tests.importing import importing

EMAILS = [
    *accounts.EMAILS, *calls.EMAILS, *applications.EMAILS, *reviews.EMAILS, *awards.EMAILS, *disbursements.EMAILS,
    *visits.EMAILS, *recommendations.EMAILS, *reports.EMAILS,
]  # fmt: skip
SITE = "http://127.0.0.1:8000"
HELP = "UPDATE programme SET help_email = 'help@example.org', help_phone = '+995 32 2 00 00 00'"
NAMES = re.compile(r"SHA-256|PDF")  # the same in every language
GREETING = {"en": "Hello {name},", "ka": "გამარჯობა, {name}!"}


def test_every_event_of_every_room_stands_in_the_table():
    told = {event for room in ROOMS for event in room.letters}
    assert {each.event for each in EMAILS} == told
    assert len({str(each) for each in EMAILS}) == len(EMAILS)


async def in_turn(english_first: bool) -> dict[str, str]:
    """Who reads what: of any two who stand beside each other, one English and one Georgian."""
    await execute(
        "UPDATE account a SET language = CASE WHEN n.place % 2 = $1 THEN 'en' ELSE 'ka' END FROM (SELECT id,"
        " row_number() OVER (ORDER BY email) AS place FROM account) n WHERE n.id = a.id",
        int(english_first),
    )
    found = await rows("SELECT email::text AS email, language FROM account")
    return {each["email"].partition("@")[0]: each["language"] for each in found}


async def follow(event: str) -> list[tuple[str, str, str, str]]:
    """(to, subject, body, language) of what this event alone brings, however often it is asked."""
    async with importing():
        await execute("DELETE FROM mail")
        await execute(
            "UPDATE event_job j SET state = CASE WHEN e.name = $1 THEN 'waiting' ELSE 'done' END, attempts = 0"
            " FROM event e WHERE e.seq = j.seq",
            event,
        )
    await handle_events()
    assert await value("SELECT count(*) FROM event_job WHERE NOT event_job_is_done(state)") == 0
    found = await rows("SELECT to_address::text AS to, subject, body, language FROM mail ORDER BY created, id")
    return [(each["to"].partition("@")[0], each["subject"], each["body"], each["language"]) for each in found]


def told_in(language: str, facts: dict) -> dict[str, str]:
    return {name: f"{said:{language}}" if isinstance(said, Both) else said for name, said in facts.items()}


@pytest.mark.parametrize("told", EMAILS, ids=str)
async def test_who_hears_of_it_and_what(told, cast, client):
    await execute(HELP)
    facts = await told.happen(cast, told.event)
    for turn in (True, False):
        reads = await in_turn(turn)
        came = await follow(told.event)
        wanted = []
        for email in told.emails:
            for who in email.to.split():
                said = told_in(reads[who], facts)
                with speaking(reads[who]):
                    wanted.append((who, gettext(email.subject).format(**said), email, said))
        assert sorted((to, subject) for to, subject, *_ in came) == sorted(each[:2] for each in wanted)
        for who, subject, email, said in wanted:
            [(body, language)] = [each[2:] for each in came if each[:2] == (who, subject)]
            assert language == reads[who]
            link = await holds(body, language, who, email, said)
            if turn and link:
                await opens(client, cast.people[who], link)


async def holds(body, language, who, email, said) -> str:
    """The facts, the link, and nothing that is not told of in the table. Its link."""
    name = await value("SELECT name FROM account WHERE email::text = $1", f"{who}@example.org")
    rest = body
    assert rest.startswith(GREETING[language].format(name=name) + "\n\n"), body
    rest = rest.removeprefix(GREETING[language].format(name=name))
    link = ""
    if email.path is not None:
        wanted = re.escape(f"{SITE}/{language}{email.path.format(**said)}").replace(r"\*", r"[\w-]{20,}")
        found = re.search(rf"(?<=\s){wanted}(?=\n)", rest)
        assert found, (wanted, body)
        link = found[0]
        rest = rest.replace(link, " ", 1)
    for fact in sorted((said[name] for name in email.says.split()), key=len, reverse=True):
        whole = re.compile(rf"(?<!\d){re.escape(fact)}(?!\d)")
        assert whole.search(rest), (fact, body)
        rest = whole.sub(" ", rest)
    rest = NAMES.sub(" ", rest)
    assert re.search(r"\d|://|[{}]|None", rest) is None, (rest, body)
    strange = "[ა-ჿ]+" if language == "en" else "[A-Za-z]{2,}"
    assert re.findall(strange, rest) == [], (rest, body)
    return link


async def opens(client, person, link):
    """Whoever gets it can open it; who is signed in needs no page for that."""
    await client.sign_in(person)
    answer = await client.get(link)
    there = 303 if link.endswith("/sign-in") else 200
    assert answer.status_code == there, (person.name, link, answer.status_code, answer.headers.get("location"))


HOSTILE = (
    "Nino Beridze\r\nPay https://evil.example/claim or t.me/evil, (evil.com), evil.გე evil．org www.evil ask@evil.ge"
)


@pytest.mark.parametrize("told", EMAILS, ids=str)
async def test_nobodys_name_leads_anywhere(told, cast):
    """What names came in before forms refused such ones, or past them."""
    async with importing():
        await execute("UPDATE account SET name = $1", HOSTILE)
        await execute("UPDATE organisation SET name_ka = $1, name_en = $1", HOSTILE)
    for name, person in cast.people.items():
        cast.people[name] = await person_by_id(person.id)
    for organisation in cast.organisations.values():
        organisation.name_ka = organisation.name_en = HOSTILE
    await told.happen(cast, told.event)
    written = await follow(told.event)
    assert {who for who, *_ in written} == {who for email in told.emails for who in email.to.split()}
    for _who, subject, body, _language in written:
        assert "evil" not in subject + body and "\nPay" not in body, (subject, body)
