"""A part is found under its own whole only: another's photo, condition or version in one's own address is a 404."""

import importlib
import re

import pytest

from tests.cast import ROLES
from tests.house.test_access import FILES, allowed, ask, rows_of

NAME = re.compile(r"\{(\w+)\}")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def mixed(path, own, other):
    """The part is the other's, or what it is a part of; a number or a word is a part of both."""
    whole, *parts = NAME.findall(path)
    if not any(UUID.fullmatch(str(own[part])) for part in parts):
        return
    for name in (whole, *parts):
        if own[name] != other.get(name, own[name]):
            yield path.format(**{**own, name: other[name]})


@pytest.mark.parametrize("name", FILES)
async def test_nothing_is_found_under_another_whole(name, cast, client):
    room = importlib.import_module(f"tests.access.{name}")
    objects = await room.objects(cast)
    sessions = {}
    for who in ROLES:
        await client.sign_in(cast.people[who])
        sessions[who] = (dict(client.cookies), client.token)
    wrong = []
    for row in rows_of(name):
        given = objects.get(f"{row['method']} {row['path']}", objects.get(row["path"], {}))
        if len(NAME.findall(row["path"])) < 2 or not {"own", "other"} <= set(given):
            continue
        assert set(given["own"]) >= set(NAME.findall(row["path"])), row["path"]
        for path in mixed(row["path"], given["own"], given["other"]):
            url = path if path.startswith("/api/") else f"/en{path}"
            for who in sorted((allowed(row["own"]) | allowed(row["other"])) & set(ROLES)):
                got = await ask(client, sessions, who, row["method"], url)
                # a phone makes the ids of what it sends, and one that is taken is refused; JSON is read before rows
                fine = (403, 404) + (409,) * (row["method"] == "PUT") + (422,) * path.startswith("/api/")
                if got not in fine:
                    wrong.append(f"{row['method']} {url} as {who}: {got}")
    assert wrong == []
