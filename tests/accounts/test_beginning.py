"""A programme of one's own from nothing: an operator sets it, an administrator brings in whoever looks after it."""

import re
from decimal import Decimal

import pytest
from pydantic import ValidationError

from accounts.organisations import actions
from accounts.organisations.forms import CuratorsDescription, OtherRegistration, Registration
from accounts.people.actions import add_person, invite
from accounts.person import Role
from accounts.programme.actions import set_programme
from accounts.queries import curators_of
from accounts.sessions import person_by_id
from accounts.tables import Organisation
from foundation.database import DB, get, row, rows, value
from foundation.refused import NotAllowed, Refused
from tests.accounts.signing import accept_all, events

SAID = {
    "name_ka": "პროგრამა", "name_en": "Programme", "donor_ka": "დონორი", "donor_en": "Donor", "currency": "EUR",
    "budget": "100000", "director_threshold": "4000",
}  # fmt: skip


@pytest.fixture
async def as_owner(db):
    await DB.fetch("SET LOCAL ROLE NONE")


async def by_email(email):
    return await person_by_id(await value("SELECT id FROM account WHERE email = $1", email))


async def place(slug):
    return await value("SELECT id FROM municipality WHERE slug = $1", slug)


async def test_the_municipalities_are_there_from_the_beginning(db):
    assert [r["slug"] for r in await rows("SELECT slug FROM municipality ORDER BY position")] == [
        "lanchkhuti", "ozurgeti", "khoni", "vani", "bagdati", "terjola", "tsageri", "ambrolauri",
    ]  # fmt: skip


async def test_an_operator_begins_the_programme_and_changes_it_later(as_owner):
    await set_programme(SAID)
    await set_programme({"budget": "120 000.50", "help_email": "help@example.org"})
    programme = await row("SELECT * FROM programme")
    assert (programme["budget"], programme["help_email"], programme["example"]) == (
        Decimal("120000.50"), "help@example.org", False,
    )  # fmt: skip
    assert await events("programme.begun", "programme.changed") == ["programme.begun", "programme.changed"]


@pytest.mark.parametrize(
    "wrong",
    [{"budget": "0"}, {"currency": "XYZ"}, {"name_ka": ""}, {"starts_on": "2026-05-01", "ends_on": "2026-04-01"}],
)
async def test_a_programme_that_cannot_be_is_refused(as_owner, wrong):
    with pytest.raises(ValidationError):
        await set_programme(SAID | wrong)
    assert await value("SELECT count(*) FROM programme") == 0


async def test_the_currency_stays_and_an_example_is_left_alone(as_owner):
    await set_programme(SAID)
    with pytest.raises(Refused):
        await set_programme({"currency": "GEL"})
    await DB.fetch("UPDATE programme SET example = true")
    with pytest.raises(Refused):
        await set_programme({"budget": "1"})


async def test_one_curator_alone_looks_after_everything(db):
    admin = await the_admin()
    everywhere = [r["id"] for r in await rows("SELECT id FROM municipality")]
    curator = await actions.register_other(
        OtherRegistration(kind="curator", name_en="Alone", identification_code="400000050", municipalities=everywhere),
        admin,
    )
    await invite("only@example.com", "Only", Role.CURATOR, admin, curator)
    await accept_all("only@example.com")
    person = await by_email("only@example.com")
    assert person.municipalities == frozenset(everywhere)
    cso = await actions.register(
        Registration(name_en="Far", identification_code="400000051", municipality_id=await place("ambrolauri")), person
    )
    assert cso.curator_id == curator.id


async def test_places_go_over_to_another_curator_and_organisations_follow(cast):
    new = await actions.register_other(
        OtherRegistration(kind="curator", name_en="New", municipalities=[cast.vani.id]), cast.admin
    )
    shared = await get(Organisation, cast.vani_youth.id)
    assert shared.curator_id == cast.curator_imereti.id  # two share it: whoever had it keeps it
    old = await get(Organisation, cast.curator_imereti.id)
    given = CuratorsDescription(
        name_ka=old.name_ka, name_en=old.name_en, municipalities=[cast.khoni.id], revision=old.revision
    )
    await actions.change_curator(old, given, cast.admin)
    assert (await get(Organisation, cast.vani_youth.id)).curator_id == new.id
    assert (await person_by_id(cast.curator.id)).municipalities == frozenset({cast.khoni.id})
    assert await curators_of(cast.vani.id) == []


async def test_a_narrow_curator_never_gets_more_by_losing_a_place(cast):
    await invite("n@example.com", "N", Role.CURATOR, cast.admin, cast.curator_imereti, municipalities=[cast.vani.id])
    await accept_all("n@example.com")
    old = await get(Organisation, cast.curator_imereti.id)
    given = CuratorsDescription(name_ka="ა", municipalities=[cast.khoni.id], revision=old.revision)
    await actions.change_curator(old, given, cast.admin)
    assert (await by_email("n@example.com")).municipalities == frozenset()


@pytest.mark.parametrize("who", ["manager", "curator", "signatory", "director"])
async def test_only_an_administrator_brings_in_a_curator(cast, client, who):
    with pytest.raises(NotAllowed):
        await actions.register_other(OtherRegistration(kind="curator", name_en="X"), cast.people[who])
    await client.sign_in(cast.people[who])
    assert (await client.get("/en/organisations/new?kind=curator")).status_code == 404


async def test_the_pages_of_an_administrator_do_the_same(cast, client):
    await client.sign_in(cast.admin)
    assert (await client.get("/en/organisations/new?kind=curator")).text.count('name="municipalities"') == 8
    typed = {"kind": "curator", "name_en": "Third", "municipalities": [str(cast.vani.id), str(cast.khoni.id)]}
    assert (await client.send_form("/en/organisations", typed)).status_code == 303
    made = await row("SELECT id, revision FROM organisation WHERE name_en = 'Third'")
    page = await client.get(f"/en/organisations/{made['id']}/description")
    assert len(re.findall(r'name="municipalities"[^>]* checked', page.text)) == 2
    typed = {"name_en": "Third", "revision": str(made["revision"]), "municipalities": str(cast.vani.id)}
    assert (await client.send_form(f"/en/organisations/{made['id']}/description", typed)).status_code == 303
    kept = await rows("SELECT municipality_id FROM curated_municipality WHERE organisation_id = $1", made["id"])
    assert [r["municipality_id"] for r in kept] == [cast.vani.id]
    wrong = await client.send_form("/en/organisations", {"kind": "donor", "established": "2019"})
    assert wrong.status_code == 422 and 'value="2019"' in wrong.text and 'value="donor"' in wrong.text


async def the_admin():
    await add_person("a@example.com", "A", "admin")
    await accept_all("a@example.com")
    return await by_email("a@example.com")
