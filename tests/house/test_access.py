"""Route by role by own and other: tests/access/*.csv says who may, this asks the application."""

import csv
import importlib
from pathlib import Path

import pytest

from foundation.database import DB
from tests.cast import ROLES
from tests.house.routes import every_route

FOLDER = Path(__file__).parent.parent / "access"
FILES = sorted(path.stem for path in FOLDER.glob("*.csv"))
ANYBODY = "anonymous"
PEOPLE = (*ROLES, ANYBODY)
REFUSED = {401, 403, 404, 405}


def rows_of(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line.strip() and not line.startswith("#")))


def allowed(words: str | None) -> set[str]:
    names = set((words or "").split())
    if "*" in names:
        return set(PEOPLE)
    if "signed" in names:
        names = (names - {"signed"}) | set(ROLES)
    unknown = names - set(PEOPLE)
    assert not unknown, f"nobody of that name in the cast: {unknown}"
    return names


def test_every_route_has_a_row():
    listed = [(row["method"], row["path"]) for name in FILES for row in rows_of(name)]
    assert len(listed) == len(set(listed)), "a route is listed twice"
    routes = {(route.method, route.path) for route in every_route()}
    assert routes - set(listed) == set(), "routes nobody has decided about"
    assert set(listed) - routes == set(), "rows for routes that are gone"


def test_only_public_routes_are_open_to_everybody():
    public = {(route.method, route.path) for route in every_route() if route.public}
    opened = {(row["method"], row["path"]) for name in FILES for row in rows_of(name) if ANYBODY in allowed(row["own"])}
    assert opened - public == set()


@pytest.mark.parametrize("name", FILES)
async def test_access(name, cast, client):
    room = importlib.import_module(f"tests.access.{name}")
    objects = await room.objects(cast)
    sessions = {}
    for who in ROLES:
        await client.sign_in(cast.people[who])
        sessions[who] = (dict(client.cookies), client.token)
    wrong = []
    for row in rows_of(name):
        for case in ("own", "other"):
            parameters = objects.get(f"{row['method']} {row['path']}", objects.get(row["path"], {})).get(case)
            if "{" in row["path"] and parameters is None:
                if case == "own":
                    wrong.append(f"{row['method']} {row['path']}: tests/access/{name}.py gives no object")
                continue
            if "{" not in row["path"] and case == "other":
                continue
            path = row["path"].format(**(parameters or {}))
            url = path if path.startswith("/api/") else f"/en{path}"
            may = allowed(row[case])
            for who in PEOPLE:
                got = await ask(client, sessions, who, row["method"], url)
                fine = judge(got, who in may, who)
                if not fine:
                    wrong.append(
                        f"{row['method']} {url} ({case}) as {who}: {got}, {'may' if who in may else 'may not'}"
                    )
    assert wrong == []


async def ask(client, sessions, who, method, url):
    await client.sign_out()
    if who != ANYBODY:
        cookies, client.token = sessions[who]
        for name, value in cookies.items():
            client.cookies.set(name, value, domain="127.0.0.1")
        client.headers["x-csrf-token"] = client.token
    savepoint = await DB.outer.savepoint()
    try:
        if method == "GET":
            answer = await client.get(url)
        elif url.startswith("/api/"):
            answer = await client.request(method, url, json={})
        else:
            answer = await client.send_form(url)
            if answer.status_code == 400:  # a route that takes files
                answer = await client.send_form(url, files={"nothing": ("", b"")})
        location = answer.headers.get("location", "")
        asked_to_sign_in = who == ANYBODY and location.partition("?")[0].endswith("/sign-in")
        return 401 if answer.status_code == 303 and asked_to_sign_in else answer.status_code
    finally:
        await savepoint.rollback_to()


def judge(status: int, may: bool, who: str) -> bool:
    if status >= 500:
        return False
    if may:
        return status not in REFUSED
    return status == 401 if who == ANYBODY else status in (403, 404)
