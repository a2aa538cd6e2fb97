"""The register: who sees, describes and confirms an organisation."""

import pytest

from accounts.organisations import actions
from accounts.organisations.forms import Registration
from accounts.organisations.listing import ORGANISATIONS
from accounts.organisations.transitions import confirm
from accounts.sessions import person_by_id
from accounts.tables import Organisation
from foundation.database import DB, Database, execute, get, row, value
from foundation.language import speaking
from foundation.refused import NotAllowed, Refused
from lifecycle.tasks import tasks_of
from tests.accounts.signing import events


def typed(cast, **over):
    return {
        "name_en": "New Way", "identification_code": "400000009", "municipality_id": str(cast.vani.id), **over,
    }  # fmt: skip


async def test_staff_register_for_others_and_get_no_role(cast, client):
    await client.sign_in(cast.curator)
    answer = await client.send_form("/en/organisations", typed(cast, experience="new"))
    assert answer.status_code == 303
    made = await row("SELECT * FROM organisation WHERE identification_code = '400000009'")
    assert (made["registered_by"], made["experience"], made["curator_id"]) == (None, "new", cast.curator_imereti.id)
    assert await value("SELECT count(*) FROM role WHERE organisation_id = $1", made["id"]) == 0
    assert await events("organisation.registered") == ["organisation.registered"]


async def test_somebody_without_a_role_registers_their_own_and_waits_for_confirmation(cast, client):
    await client.sign_in(cast.nobody_special)
    answer = await client.send_form("/en/organisations", typed(cast, experience="experienced"))
    assert answer.status_code == 303
    made = await row("SELECT * FROM organisation WHERE identification_code = '400000009'")
    person = await person_by_id(cast.nobody_special.id)
    assert person.signs_for(made["id"]) and made["registered_by"] == person.id
    assert made["experience"] is None  # what eligibility rests on is not theirs to say
    (task,) = await tasks_of_accounts(cast.curator)
    assert (task.about, task.group, task.slug) == ("New Way", "waiting", "vani")
    assert await tasks_of_accounts(cast.curator2) == [] and len(await tasks_of_accounts(cast.manager)) == 1
    await client.sign_in(cast.curator)
    for _press in range(2):  # twice is once
        assert (await client.send_form(f"/en/organisations/{made['id']}/confirmation")).status_code == 303
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"/en/organisations/{made['id']}/confirmation")).status_code == 409
    await client.sign_in(cast.curator)
    assert await tasks_of_accounts(cast.curator) == []


async def tasks_of_accounts(person):
    return [task for task in await tasks_of(person) if "/organisations/" in task.href]


async def test_who_confirms_an_organisation_that_registered_itself(cast):
    await execute("UPDATE organisation SET registered_by = $1 WHERE id = $2", cast.signatory.id, cast.vani_youth.id)
    organisation = await get(Organisation, cast.vani_youth.id)
    assert {who for who, each in cast.people.items() if confirm.open_to(each, organisation)} == {
        "curator", "manager", "admin",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        await confirm(organisation, cast.signatory)


async def test_one_registers_only_so_many_before_anybody_has_looked(cast):
    for n in range(actions.MOST_UNCONFIRMED):
        await actions.register(
            Registration(name_en="A", identification_code=f"50000000{n}", municipality_id=cast.vani.id),
            cast.nobody_special,
        )
    with pytest.raises(Refused):
        await actions.register(
            Registration(name_en="A", identification_code="500000009", municipality_id=cast.vani.id),
            cast.nobody_special,
        )


@pytest.mark.parametrize("who", ["donor", "auditor", "finance", "director", "chair"])
async def test_who_only_reads_registers_nothing(cast, who):
    given = Registration(name_en="A", identification_code="500000009", municipality_id=cast.vani.id)
    with pytest.raises(NotAllowed):
        await actions.register(given, cast.people[who])


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"identification_code": "400000001"}, 409),
        ({"identification_code": "4000"}, 422),
        ({"name_en": ""}, 422),
        ({"municipality_id": ""}, 422),
        ({"website": "not an address"}, 422),
        ({"kind": "donor"}, 422),
    ],
)
async def test_a_wrong_registration_comes_back_as_typed(cast, client, over, status):
    await client.sign_in(cast.manager)
    answer = await client.send_form("/en/organisations", typed(cast, established="2019", **over))
    assert answer.status_code == status and 'value="2019"' in answer.text


async def describe(client, organisation, **over):
    revision = await value("SELECT revision FROM organisation WHERE id = $1", organisation.id)
    return await client.send_form(
        f"/en/organisations/{organisation.id}/description",
        {"name_ka": "ვანის ახალგაზრდები", "name_en": "Vani Youth", "revision": revision, **over},
    )


async def test_a_signatory_describes_their_organisation_but_not_what_eligibility_rests_on(cast, client):
    await client.sign_in(cast.signatory)
    assert (await describe(client, cast.vani_youth, website="vani.example.org")).status_code == 303
    assert (
        await value("SELECT website FROM organisation WHERE id = $1", cast.vani_youth.id) == "https://vani.example.org"
    )
    for field in ({"identification_code": "400000007"}, {"experience": "new"}, {"municipality_id": str(cast.khoni.id)}):
        assert (await describe(client, cast.vani_youth, **field)).status_code == 422
    assert (
        'name="identification_code"'
        not in (await client.get(f"/en/organisations/{cast.vani_youth.id}/description")).text
    )
    assert await events("organisation.changed") == ["organisation.changed"]


async def test_a_curator_of_the_place_classifies_it_and_the_curator_follows_the_place(cast, client):
    await client.sign_in(cast.curator)
    facts = {"identification_code": "400000001", "experience": "new", "municipality_id": str(cast.ozurgeti.id)}
    assert (await describe(client, cast.vani_youth, **facts)).status_code == 303
    made = await row("SELECT * FROM organisation WHERE id = $1", cast.vani_youth.id)
    assert (made["experience"], made["curator_id"]) == ("new", cast.curator_guria.id)


async def test_a_stale_form_is_refused(cast, client):
    await client.sign_in(cast.signatory)
    answer = await describe(client, cast.vani_youth, revision=99)
    assert answer.status_code == 409 and "Somebody else changed this" in answer.text


async def test_an_applicant_is_led_to_their_own_and_sees_no_other(cast, client):
    await client.sign_in(cast.editor)
    assert (await client.get("/en/organisations")).headers["location"] == f"/en/organisations/{cast.vani_youth.id}"
    assert (await client.get(f"/en/organisations/{cast.guria_women.id}")).status_code == 404


async def test_people_of_an_organisation_are_for_itself_and_those_who_look_after_it(cast, client):
    seen = set()
    for name, person in cast.people.items():
        await client.sign_in(person)
        if "signatory@example.org" in (await client.get(f"/en/organisations/{cast.vani_youth.id}")).text:
            seen.add(name)
    assert seen == {"editor", "signatory", "curator", "manager", "finance", "director", "auditor", "admin"}


async def test_the_list_searches_filters_sorts_and_says_when_nothing_matches(cast, client):
    await client.sign_in(cast.donor)
    text = (await client.get("/en/organisations?q=women&municipality=ozurgeti&kind=cso&experience=experienced")).text
    assert "Guria Women" in text and "Vani Youth" not in text
    names = [
        text.index(name)
        for text in [(await client.get("/en/organisations?kind=cso&sort=-name")).text]
        for name in ("Vani Youth", "Guria Women")
    ]
    assert names == sorted(names)
    assert "Nothing matches" in (await client.get("/en/organisations?q=%25")).text


async def test_the_list_is_narrowed_to_each_kind_and_each_experience(cast):
    await execute("UPDATE organisation SET experience = 'new' WHERE id = $1", cast.vani_youth.id)
    for experience, name in (("unknown", "Not told"), ("experienced", "Told")):
        told = None if experience == "unknown" else experience
        sql = "INSERT INTO organisation (kind, name_en, experience) VALUES ('cso', $1, $2)"
        await execute(sql, name, told)
    await execute("INSERT INTO organisation (kind, name_en) VALUES ('donor', 'Giver')")

    async def found(**typed):
        with speaking("en"):
            query = ORGANISATIONS.list_query(typed)
            return [row["name_en"] for row in (await ORGANISATIONS.rows(cast.manager, query)).rows]

    assert await found(kind="donor") == ["Giver"]
    assert await found(kind="curator") == ["Guria Curator", "Imereti Curator"]
    assert await found(kind="cso") == ["Guria Women", "Not told", "Told", "Vani Youth"]
    assert await found(experience="new") == ["Vani Youth"]
    assert await found(experience="experienced") == ["Guria Women", "Told"]
    assert await found(experience="unknown") == ["Not told"]
    everything = ["Giver", "Guria Curator", "Guria Women", "Imereti Curator", "Not told", "Told", "Vani Youth"]
    assert await found() == everything


async def test_the_list_costs_the_same_for_one_and_for_many(cast, client):
    await client.sign_in(cast.manager)

    async def statements():
        before = Database.statements
        await client.get("/en/organisations")
        return Database.statements - before

    few = await statements()
    await execute("INSERT INTO organisation (kind, name_en) SELECT 'cso', 'Many ' || n FROM generate_series(1, 60) n")
    assert await statements() == few
    assert DB.pool
