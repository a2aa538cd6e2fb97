"""Whatever is sent, the answer is a sentence with a 4xx; never a 500."""

import pytest

from foundation.database import DB
from tests.house.routes import every_route
from tests.house.test_forgery import ANY_ID, UNSAFE, address

DEEP = b"[" * 20_000 + b"]" * 20_000
BODIES = {
    "not json": (b"{", "application/json"),
    "deep json": (DEEP, "application/json"),
    "wrong json": (b'"text"', "application/json"),
    "a nul": (b'{"title_ka": "\\u0000", "a": "\\u0000"}', "application/json"),
    "half a form": (b"a=%E0%A4", "application/x-www-form-urlencoded"),
    "nul in a form": (b"a=%00", "application/x-www-form-urlencoded"),
    "no boundary": (b"--x", "multipart/form-data"),
    "broken multipart": (b"--x\r\nContent-Disposition: nothing\r\n\r\na\r\n--x--", "multipart/form-data; boundary=x"),
    "cut multipart": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc', "multipart/form-data; boundary=x"),
    "bad utf-8": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "odd charset": (b'{"a": 1}', "application/json; charset=nothing"),
}
PARAMETERS = ["x" * 3000, "%00", "%ff", "-1", "9" * 30, "..%2f..%2fetc", ANY_ID]
QUERIES = [
    "page=-1",
    "page=x",
    "page=99999999999999999999",
    "sort=nothing",
    "q=%00",
    "q=%ff",
    "state=x",
    "municipality=%27",
    "page=0&q=" + "a" * 2000,
]


LONGER = [pytest.param(who, marks=pytest.mark.drill) for who in ("curator", "admin")]


async def asked(method, *args, **more):
    """One request whose traces are undone: a statement the database refused would spoil the test's transaction."""
    savepoint = await DB.outer.savepoint()
    try:
        return await method(*args, **more)
    finally:
        await savepoint.rollback_to()


@pytest.mark.parametrize("who", ["anonymous", "signatory", "manager", *LONGER])
async def test_malformed_bodies_are_never_a_500(who, cast, client):
    if who != "anonymous":
        await client.sign_in(cast.people[who])
    broken = []
    for route in UNSAFE:
        for name, (body, kind) in BODIES.items():
            answer = await asked(
                client.request, route.method, address(route), content=body, headers={"content-type": kind}
            )
            if answer.status_code >= 500:
                broken.append((str(route), name, answer.status_code))
    assert broken == []


@pytest.mark.parametrize("who", ["anonymous", "manager", *LONGER])
async def test_malformed_addresses_are_never_a_500(who, cast, client):
    if who != "anonymous":
        await client.sign_in(cast.people[who])
    broken = []
    for route in every_route():
        if route.method != "GET":
            continue
        addresses = [f"{address(route)}?{query}" for query in QUERIES]
        if "{" in route.path:
            head, tail = route.path.split("{", 1)
            rest = tail[tail.index("}") + 1 :]
            prefix = "" if route.path.startswith("/api/") else "/en"
            addresses += [prefix + head + odd + (rest if "{" not in rest else "") for odd in PARAMETERS]
        for where in addresses:
            answer = await asked(client.get, where)
            if answer.status_code >= 500:
                broken.append((where[:120], answer.status_code))
    assert broken == []
