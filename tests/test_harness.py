"""The test harness itself: the cast stands, sessions work, the service's role is the limited one."""

from foundation.database import value


async def test_the_service_works_as_its_own_role(cast):
    assert await value("SELECT current_user::text") == "subgrants_app"
    assert cast.curator.curates(cast.vani.id) and not cast.curator2.curates(cast.vani.id)
    assert cast.signatory.signs_for(cast.vani_youth.id)


async def test_health_and_openapi_answer(client):
    assert (await client.get("/health/live")).text == "alive"
    assert (await client.get("/health/ready")).json()["database"] is True
    assert (await client.get("/schema/openapi.json")).status_code == 200


async def test_unknown_page_is_a_404_in_both_languages(client):
    for code, word in (("ka", 'lang="ka"'), ("en", 'lang="en"')):
        answer = await client.get(f"/{code}/nowhere")
        assert answer.status_code == 404 and word in answer.text
