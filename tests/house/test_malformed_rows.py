"""Odd things in one field of a form that is right otherwise, on rows that are there: a sentence with a 4xx, never a 500."""

import importlib
import json
import os
import zlib

import pytest

from entrypoints.web import litestar_app
from tests.cast import ROLES
from tests.house.odd import IN_JSON, TYPED, Forms, places, replaced, sample
from tests.house.test_access import FILES, allowed, rows_of
from tests.house.test_malformed import asked

# Each field gets one of the odd things, another field another; more of them when asked for.
EACH = int(os.environ.get("SUBGRANTS_ODD", "1"))


def some(of: list, about: str) -> list:
    start = zlib.crc32(about.encode())
    return [of[(start + n * 7) % len(of)] for n in range(min(EACH, len(of)))]


def whole(parameters, row):
    found = parameters.get(f"{row['method']} {row['path']}", parameters.get(row["path"], {})).get("own")
    return row["path"].format(**(found or {})) if found or "{" not in row["path"] else None


@pytest.mark.parametrize("name", FILES)
async def test_an_odd_field_of_a_form_is_never_a_500(name, cast, client):
    room = importlib.import_module(f"tests.access.{name}")
    parameters = await room.objects(cast)
    seen, broken = set(), []
    for row in rows_of(name):
        path = whole(parameters, row)
        if row["method"] != "GET" or path is None or path.startswith("/api/"):
            continue
        for who in sorted(allowed(row["own"]) & set(ROLES)):
            await client.sign_in(cast.people[who])
            page = await asked(client.get, f"/en{path}")
            if page.status_code != 200 or "text/html" not in page.headers["content-type"]:
                continue
            for form in Forms(page.text).found:
                if form.action in seen or "sign-out" in form.action:
                    continue
                seen.add(form.action)
                broken += [f"{who} {found}" for found in await _try(client, form)]
    assert broken == []


async def _try(client, form):
    broken = []
    for field in dict.fromkeys(name for name, _ in form.pairs if name != "csrf_token"):
        for odd in some(TYPED, f"{form.action.split('/')[-1]} {field}"):
            body, kind = form.with_odd(field, odd).body()
            answer = await asked(client.post, form.action, content=body, headers={"content-type": kind})
            if answer.status_code >= 500:
                broken.append((form.action, field, odd[:30], answer.status_code))
    return broken


@pytest.fixture(scope="session")
def schema():
    """Made before the transaction of a test begins, which does not wait long for its next statement."""
    return litestar_app(manage_pool=False).openapi_schema.to_schema()


@pytest.mark.parametrize("name", FILES)
async def test_an_odd_value_in_json_is_never_a_500(name, schema, cast, client):
    parts = schema["components"]["schemas"]
    room = importlib.import_module(f"tests.access.{name}")
    parameters = await room.objects(cast)
    broken = []
    for row in rows_of(name):
        path, people = whole(parameters, row), sorted(allowed(row["own"]) & set(ROLES))
        told = schema["paths"].get(row["path"], {}).get(row["method"].lower(), {}).get("requestBody")
        if path is None or not path.startswith("/api/") or not people or not told:
            continue
        await client.sign_in(cast.people[people[0]])
        body = sample(next(iter(told["content"].values()))["schema"], parts)
        for place in places(body):
            for odd in some(IN_JSON, f"{row['path']} {place}"):
                sent = json.dumps(replaced(body, place, odd)).encode()
                answer = await asked(
                    client.request, row["method"], path, content=sent, headers={"content-type": "application/json"}
                )
                if answer.status_code >= 500:
                    broken.append((row["method"], path, place, str(odd)[:30], answer.status_code))
    assert broken == []
