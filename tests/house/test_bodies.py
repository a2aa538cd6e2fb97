"""What is sent to the API as JSON: a name that nobody reads is refused, however deep it stands."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from entrypoints.web import litestar_app
from foundation.clock import today
from grants.reviews.forms import Due
from web.forms import Form, parse


def models_in(annotation: Any, seen: set[type]) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation, seen)
    for inside in get_args(annotation):
        yield from models_in(inside, seen)


def bodies() -> dict[str, Any]:
    """By method and path, what each operation of the API takes."""
    found = {}
    for route in litestar_app(manage_pool=False).routes:
        for method, handler in getattr(route, "route_handler_map", {}).items():
            handler = handler[0] if isinstance(handler, tuple) else handler
            signature = getattr(handler, "parsed_fn_signature", None)
            if route.path.startswith("/api/") and signature and "data" in signature.parameters:
                found[f"{method} {route.path}"] = signature.parameters["data"].annotation
    return found


def test_every_body_refuses_what_it_does_not_know():
    found = bodies()
    assert len(found) > 100
    loose = {
        (path, model.__qualname__)
        for path, annotation in found.items()
        for model in models_in(annotation, set())
        if model.model_config.get("extra") != "forbid"
    }
    assert loose == set()


async def test_an_unknown_name_in_a_body_is_told(cast, client):
    await client.sign_in(cast.curator)
    sent = {"title_ka": "კონკურსი", "title_en": "Call", "nobody_reads_this": "1"}
    answer = await client.post("/api/v1/calls", json=sent)
    assert answer.status_code == 400 or answer.status_code == 422
    assert "nobody_reads_this" in answer.text


def test_a_page_passes_over_the_names_of_its_buttons():
    """Which the same form, as JSON, hears of."""
    day = (today() + timedelta(days=5)).isoformat()
    assert parse(Due, Form([("due_on", day), ("do", "save")])).due_on.isoformat() == day
    with pytest.raises(ValidationError, match="do"):
        Due.model_validate({"due_on": day, "do": "save"})
