"""Every answer of the API is what its description promises, for every role; what an address does not know is refused."""

import importlib
import logging

import asyncpg
import httpx
import pytest
from litestar import get
from pydantic import BaseModel

from entrypoints.openapi import WRITTEN
from entrypoints.web import litestar_app
from tests.house.answers import Described, plain
from tests.house.list_world import a_world
from tests.house.routes import every_route
from tests.house.test_access import ANYBODY, FILES, PEOPLE, allowed, rows_of
from tests.patience import PATIENCE

READS = [each for each in every_route() if each.method == "GET" and each.path.startswith("/api/")]


@pytest.fixture
async def described(db, client):
    return Described((await client.get("/schema/openapi.json")).json())


async def test_answers_are_as_described_for_every_role(described, cast, client):
    """With the objects of the access tables, and a world in which every list has rows."""
    objects: dict = {}
    for name in FILES:
        objects |= await importlib.import_module(f"tests.access.{name}").objects(cast)
    await a_world(cast)
    wrong, seen = [], set()
    of_path = {plain(path): path for path in described.reads()}
    may = {(row["path"], case): allowed(row[case]) for name in FILES for row in rows_of(name) if row["method"] == "GET"
           for case in ("own", "other")}  # fmt: skip
    for who in PEOPLE:
        await client.sign_out()
        if who != ANYBODY:
            await client.sign_in(cast.people[who])
        for route in READS:
            for case in ("own", "other") if "{" in route.path else ("own",):
                parameters = objects.get(f"GET {route.path}", objects.get(route.path, {})).get(case)
                if "{" in route.path and parameters is None:
                    continue
                answer = await client.get(route.path.format(**(parameters or {})))
                wrong += [
                    f"{route.path} ({case}) as {who}: {each}" for each in described.wrong(of_path[route.path], answer)
                ]
                if answer.status_code == 200:
                    seen.add(route.path)
                    if who not in may[route.path, case]:
                        wrong.append(f"{route.path} ({case}) as {who}: not for them")
    assert wrong == []
    assert {route.path for route in READS} - seen == set(), "read by nobody"


# what stands in the address of each, in the example
EXAMPLES = {
    "organisations/{number}": "SELECT identification_code FROM organisation WHERE identification_code IS NOT NULL",
    "applications/{number}": "SELECT number FROM application",
    "awards/{reference}": "SELECT reference FROM award",
    "awards/{reference}/tranches/{number}": "SELECT a.reference, t.number FROM tranche t JOIN award a ON a.id = t.award_id",
    "calls/{reference}": "SELECT reference FROM call",
    "organisations/{organisation_id}": "SELECT id::text FROM organisation",
    "indicators/{code}": "SELECT code FROM indicator",
    "promises/{reference}": "SELECT reference FROM award",
    "publications/{reference}": "SELECT reference FROM publication",
    "recommendations/{reference}": "SELECT reference FROM recommendation",
    "reports/{reference}/{number}": "SELECT a.reference, d.number FROM report_due d JOIN award a ON a.id = d.award_id",
    "grants/{reference}": "SELECT reference FROM award",
    "reviews/{review_id}": "SELECT id::text FROM review",
    "visits/{visit_id}": "SELECT id::text FROM visit",
    "visit-forms/{version}": "SELECT '1'",
}
MANY = 25


@pytest.mark.parametrize("who", [None, "signatory", "reviewer", "curator", "manager", "finance", "donor", "auditor"])
async def test_answers_of_the_example_are_as_described(who, example_site, signed_in):
    connection = await asyncpg.connect(example_site.dsn)
    values = {name: [tuple(map(str, row)) for row in await connection.fetch(f"{sql} ORDER BY random() LIMIT {MANY}")]
              for name, sql in EXAMPLES.items()}  # fmt: skip
    await connection.close()
    wrong = []
    async with httpx.AsyncClient(
        base_url=example_site.address, cookies=await signed_in.cookies(who), timeout=PATIENCE
    ) as client:
        described = Described((await client.get("/schema/openapi.json")).json())
        for path in described.reads():
            bare = plain(path).removeprefix("/api/v1/")
            name = max((each for each in EXAMPLES if bare.startswith(each)), key=len, default="")
            for found in values[name] if "{" in bare else [()]:
                address = plain(path)
                for each in found:
                    address = address.replace(address[address.index("{") : address.index("}") + 1], each, 1)
                answer = await client.get(address)
                wrong += [f"{address}: {each}" for each in described.wrong(path, answer)]
    assert wrong == []


class Told(BaseModel):
    late: bool


@get("/api/v1/broken", opt={"public": True})
async def broken() -> Told:
    return Told(late=None)  # type: ignore[arg-type]


async def test_an_answer_that_fails_is_our_fault_and_in_the_log(caplog, cast, client, monkeypatch):
    """A NULL where the answer promises a word is not something the caller sent."""
    from monitoring.recommendations.listing import RECOMMENDATIONS

    await a_world(cast)
    real = type(RECOMMENDATIONS).told
    monkeypatch.setattr(type(RECOMMENDATIONS), "told", lambda *args: [{**row, "overdue": None} for row in real(*args)])
    await client.sign_in(cast.manager)
    with caplog.at_level(logging.ERROR, "errors"):
        answer = await client.get("/api/v1/recommendations")
    assert answer.status_code == 500 and "errors" not in answer.json()
    assert any("overdue" in (each.exc_text or "") for each in caplog.records)


async def test_what_is_overdue_is_told_of_every_recommendation(cast, client):
    """A draft has no day yet, so it is not late."""
    from tests.builders.recommendations import a_recommendation

    await a_recommendation(cast, state="draft", due_current=None, due_original=None)
    await client.sign_in(cast.manager)
    answer = await client.get("/api/v1/recommendations")
    assert [each["overdue"] for each in answer.json()["items"]] == [False]


async def test_parameters_nobody_knows_are_refused_and_named(described, cast, client):
    await client.sign_in(cast.director)
    silent = []
    for path in described.reads():
        answer = await client.get(
            f"{path.replace('{', '').replace('}', '').replace(':uuid', '').replace(':int', '')}?atlantis=1"
        )
        if answer.status_code != 404 and (answer.status_code != 400 or "atlantis" not in answer.json()["title"]):
            silent.append((path, answer.status_code))
    assert silent == []


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1.5", "99999999", "٣"])
async def test_a_page_that_is_no_page_is_refused(typed, cast, client):
    await client.sign_in(cast.director)
    for path in ("/api/v1/awards", "/api/v1/grants", "/en/awards", "/en/donor/results/I-1"):
        answer = await client.get(path, params={"page": typed})
        assert answer.status_code in ((400,) if "/results/" not in path else (400, 404)), path


async def test_every_list_tells_its_total_behind_its_last_page(described, cast, client):
    await a_world(cast)
    await client.sign_in(cast.director)
    wrong = []
    for path in described.reads():
        first = await client.get(path) if "{" not in path else None
        if first is None or first.status_code != 200 or "found" not in first.json():
            continue
        whole = first.json()
        last = -(-whole["found"] // len(whole["items"] or [0]))
        behind = (await client.get(path, params={"page": last + 1})).json()
        if "found" not in behind or (behind["found"], behind["items"]) != (whole["found"], []) or not whole["exact"]:
            wrong.append((path, last, whole["found"], behind))
        for name in ("municipality", "call", "state"):
            if any(each["name"] == name for each in described.document["paths"][path]["get"].get("parameters", [])):
                answer = await client.get(path, params={name: "atlantis"})
                if answer.status_code not in (400, 404):
                    wrong.append((path, name, answer.status_code))
    assert wrong == []


async def test_methods_are_told_completely(client, cast):
    """By 405 and by OPTIONS the same: all that are declared for the address, by whichever room."""
    await client.sign_in(cast.director)
    declared: dict[str, set[str]] = {}
    for route in every_route():
        declared.setdefault(route.path, set()).add(route.method)
    wrong = []
    for path, methods in declared.items():
        if "{" in path:
            continue
        address = path if path.startswith("/api/") else f"/en{path}"
        told = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
        asked = await client.options(address)
        other = next(each for each in ("PUT", "DELETE", "PATCH") if each not in methods)
        refused = await client.request(other, address)
        for answer, status in ((asked, 204), (refused, 405)):
            allow = set(answer.headers.get("allow", "").split(", "))
            if answer.status_code != status or not told <= allow:
                wrong.append((address, status, answer.status_code, allow))
    assert wrong == []
    assert (await client.options("/api/v1/calls")).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    tranche = await client.options("/api/v1/awards/G-2026-001/tranches/1")
    assert tranche.headers["allow"] == "GET, HEAD, OPTIONS"


def models(kind, seen):
    """Every model an answer is made of."""
    from typing import get_args

    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
        seen.add(kind)
        for field in kind.model_fields.values():
            models(field.annotation, seen)
    for inner in get_args(kind):
        models(inner, seen)
    return seen


def test_numbers_go_out_written_in_one_way():
    """Money with two decimals, any other number without zeros at its end: by type, so that no room decides."""
    from decimal import Decimal
    from typing import get_args, get_type_hints

    from pydantic import PlainSerializer

    loose, out = [], set()
    for route in litestar_app(manage_pool=False).routes:
        if route.path.startswith("/api/"):
            for handler, _takes in route.route_handler_map.values():
                models(handler.parsed_fn_signature.return_type.raw, out)
    for model in out:
        for name, hint in get_type_hints(model, include_extras=True).items():
            for told in _decimals(hint):
                if not any(isinstance(each, PlainSerializer) and each.func in WRITTEN for each in told):
                    loose.append(f"{model.__name__}.{name}")
    assert loose == []
    assert get_args and Decimal


def _decimals(hint, said=()):
    """What stands beside each Decimal in an annotation."""
    from decimal import Decimal
    from typing import Annotated, get_args, get_origin

    if get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        yield from _decimals(inner, (*said, *more))
    elif hint is Decimal:
        yield said
    else:
        for inner in get_args(hint):
            yield from _decimals(inner, ())


async def test_a_step_without_a_form_takes_no_content(described, cast, client):
    """A body that nobody reads is refused, not overlooked."""
    from tests.builders.awards import an_award

    award = await an_award(cast)
    await client.sign_in(cast.manager)
    bare = [
        path for path, item in described.document["paths"].items()
        if path.startswith("/api/v1/awards/{reference}/") and "post" in item and "requestBody" not in item["post"]
        and path.count("/") == 5 and "tranches" not in path
    ]  # fmt: skip
    assert bare
    for path in bare:
        answer = await client.post(path.format(reference=award.reference), json={"amount": "5"})
        assert answer.status_code in (403, 422), path
