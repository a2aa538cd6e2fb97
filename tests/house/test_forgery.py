"""No unsafe route does anything without the session's token, or for another site."""

from tests.house.routes import every_route

UNSAFE = [route for route in every_route() if route.method != "GET"]
ANY_ID = "0198c0de-0000-7000-8000-000000000000"


def address(route):
    path = route.path
    while "{" in path:
        path = path[: path.index("{")] + ANY_ID + path[path.index("}") + 1 :]
    return path if path.startswith("/api/") else f"/en{path}"


async def test_every_unsafe_route_wants_the_token(cast, client):
    await client.sign_in(cast.admin)
    client.headers.pop("x-csrf-token")
    taken = []
    for route in UNSAFE:
        for body in ({"data": {"a": "b"}}, {"json": {}}, {}):
            answer = await client.request(route.method, address(route), **body)
            # a route that does not exist for this person may say so first
            if answer.status_code not in (403, 404, 405):
                taken.append((str(route), body, answer.status_code))
    assert taken == []


async def test_another_site_is_refused_even_when_nobody_is_signed_in(cast, client):
    client.headers["origin"] = "https://elsewhere.example"
    answers = {(await client.request(route.method, address(route), data={"a": "b"})).status_code for route in UNSAFE}
    assert answers <= {403}
