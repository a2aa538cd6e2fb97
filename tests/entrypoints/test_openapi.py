"""The OpenAPI document is sound and says what a stranger needs: what it does, who may, and what may go wrong."""

import pytest
from litestar.routes import HTTPRoute

from entrypoints.web import litestar_app
from web.lists.listing import ALL


@pytest.fixture
async def document(db, client):
    answer = await client.get("/schema/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(document):
    return [(path, method, each) for path, item in document["paths"].items() for method, each in item.items()]


def parts(node):
    yield node
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for each in inner:
        yield from parts(each)


async def test_it_holds_the_api_and_nothing_else(document):
    assert {path.split("/")[1] for path in document["paths"]} == {"api"}
    assert "X-CSRF-Token" in document["info"]["description"]


async def test_every_reference_leads_somewhere(document):
    named = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    asked = {node["$ref"] for node in parts(document) if isinstance(node, dict) and "$ref" in node}
    assert asked - named == set()


async def test_every_operation_has_its_own_name_a_summary_and_one_tag(document):
    names = [each["operationId"] for _path, _method, each in operations(document)]
    assert len(names) == len(set(names)) > 150
    for path, method, each in operations(document):
        assert each["summary"] and each["summary"][0].isupper(), (method, path)
        assert len(each["tags"]) == 1 and {"name": each["tags"][0]} in document["tags"]


async def test_refusals_are_problems_and_what_changes_something_wants_the_token(document):
    for path, method, each in operations(document):
        if method != "get" and path != "/api/v1/session":
            assert each["security"] == [{"session": [], "token": []}], (method, path)
            assert {"401", "403", "404", "409", "422"} <= set(each["responses"]), (method, path)
        for code, answer in each["responses"].items():
            if code >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (method, path, code)


async def test_defaults_are_of_their_own_kind(document):
    wrong = [n for n in parts(document) if isinstance(n, dict) and n.get("type") == "array" and n.get("default") == {}]
    assert wrong == []


async def test_a_path_parameter_of_a_numbered_thing_shows_how_it_looks(document):
    (reference,) = document["paths"]["/api/v1/calls/{reference}"]["get"]["parameters"]
    assert reference["example"] == "C-2026-1"


def test_every_operation_says_in_words_of_its_own_what_it_does():
    """Without a summary of ours, Litestar would make one of the function's name."""
    silent = [
        (method, route.path)
        for route in litestar_app(manage_pool=False).routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/")
        for method, (handler, _model) in route.route_handler_map.items()
        if method != "OPTIONS" and not handler.summary
    ]
    assert silent == []


async def test_names_of_operations_stay_and_their_tag_is_the_room_that_serves_them(document):
    paths = document["paths"]
    suspend, ranking = (
        paths["/api/v1/awards/{reference}/suspension"]["post"],
        paths["/api/v1/calls/{reference}/ranking"],
    )
    assert (suspend["operationId"], suspend["tags"]) == ("post-awards-reference-suspension", ["awards"])
    assert (ranking["get"]["operationId"], ranking["get"]["tags"]) == ("get-calls-reference-ranking", ["reviews"])
    (save,) = paths["/api/v1/reviews/{review_id}/scores"].values()
    assert save["operationId"] == "put-reviews-review-id-scores"


async def test_every_list_names_what_it_can_be_asked(document):
    """Its filters, words and orders are parameters of the description, each explained."""
    told = {path: {each["name"]: each for each in item["get"].get("parameters", [])}
            for path, item in document["paths"].items() if "get" in item}  # fmt: skip
    for listing in ALL.values():
        asked = told.get(f"/api/v1{listing.path}")
        if asked and listing.name not in ("calls", "calls.open"):  # what is told there is the list of who manages them
            wanted = {"sort", "page", "after", *(each.name for each in listing.filters)}
            wanted |= {"q"} if listing.search else set()
            assert set(asked) == wanted, listing.name
            assert all(each["description"] for each in asked.values()), listing.name
