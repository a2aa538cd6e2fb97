"""The same doors as JSON."""

import pytest

from accounts.sessions import person_of
from foundation.database import value
from tests.accounts.signing import PASSWORD, events, give_passwords, remember


@pytest.fixture
async def people(cast):
    await give_passwords()
    return cast


async def test_sign_in_ask_who_i_am_and_sign_out(people, client):
    answer = await client.post("/api/v1/session", json={"email": "signatory@example.org", "password": PASSWORD})
    assert answer.status_code == 200
    session = remember(client)
    assert answer.json()["csrf_token"] == client.token
    me = (await client.get("/api/v1/me")).json()
    assert me["email"] == "signatory@example.org" and me["language"] == "ka"
    assert me["roles"] == [{"kind": "signatory", "organisation_id": str(people.vani_youth.id), "municipalities": []}]
    assert (await client.delete("/api/v1/session")).status_code == 204
    assert await person_of(session) is None
    assert (await client.get("/api/v1/me")).status_code == 401
    assert await events() == ["account.signed_in", "account.signed_out"]


async def test_a_wrong_password_is_401_with_a_problem(people, client):
    answer = await client.post("/api/v1/session", json={"email": "signatory@example.org", "password": "not this one"})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert "set-cookie" not in answer.headers


async def test_too_many_tries_are_429(people, client):
    for _turn in range(5):
        await client.post("/api/v1/session", json={"email": "signatory@example.org", "password": "not this one"})
    answer = await client.post("/api/v1/session", json={"email": "signatory@example.org", "password": PASSWORD})
    assert answer.status_code == 429 and answer.headers["retry-after"]


@pytest.mark.parametrize("body", [{}, {"email": "a@example.org"}, {"email": "a", "password": "b", "more": 1}, [], "x"])
async def test_unknown_and_missing_fields_are_refused(people, client, body):
    answer = await client.post("/api/v1/session", json=body)
    assert answer.status_code in (400, 422)


async def test_nobody_signed_in_gets_401(people, client):
    for path in (
        "/api/v1/me",
        "/api/v1/organisations",
        f"/api/v1/organisations/{people.vani_youth.id}",
        "/api/v1/today",
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_municipalities_are_public_and_in_order(people, client):
    answer = (await client.get("/api/v1/municipalities")).json()
    assert [each["slug"] for each in answer][:2] == ["lanchkhuti", "ozurgeti"] and len(answer) == 8


async def test_organisations_are_listed_and_one_is_read(people, client):
    await client.sign_in(people.donor)
    listed = (await client.get("/api/v1/organisations?kind=cso&q=vani")).json()
    assert (listed["found"], listed["exact"]) == (1, True)
    assert listed["items"][0]["municipality"] == "vani"
    one = (await client.get(f"/api/v1/organisations/{people.vani_youth.id}")).json()
    assert one["identification_code"] == "400000001" and one["people"] is None
    await client.sign_in(people.curator)
    one = (await client.get(f"/api/v1/organisations/{people.vani_youth.id}")).json()
    assert {each["kind"] for each in one["people"]} == {"editor", "signatory"}
    await client.sign_in(people.editor)
    assert (await client.get("/api/v1/organisations")).json()["found"] == 1
    assert (await client.get(f"/api/v1/organisations/{people.guria_women.id}")).status_code == 404


async def test_an_organisation_is_registered_by_the_same_action(people, client):
    await client.sign_in(people.nobody_special)
    given = {"name_en": "New Way", "identification_code": "400000009", "municipality_id": str(people.vani.id)}
    answer = await client.post("/api/v1/organisations", json=given)
    assert answer.status_code == 201 and answer.json()["people"][0]["kind"] == "signatory"
    assert (await client.post("/api/v1/organisations", json=given)).status_code == 409
    assert (await client.post("/api/v1/organisations", json={**given, "kind": "donor"})).status_code == 422
    assert await value("SELECT count(*) FROM organisation WHERE identification_code = '400000009'") == 1
