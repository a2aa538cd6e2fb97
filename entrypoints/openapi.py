"""The OpenAPI document: what the framework finds out by itself, and what only we know of it."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.types.internal_types import PathParameterDefinition
from litestar.typing import FieldDefinition
from pydantic import PlainSerializer

from foundation.money import in_cents
from foundation.typed import out

ABOUT = """\
The same actions as the pages, as JSON: whoever may do something in the browser may do it here, and the same sentence \
says why not.

**Signing in.** `POST /api/v1/session` with e-mail and password sets the session's cookie and answers with \
`csrf_token`; send that as the header `X-CSRF-Token` with everything that is not a GET, and with an `Origin` of this \
service or `Sec-Fetch-Site: same-origin`.

**Money** is a string with two decimals and has its currency beside it; any other number with decimals is a string \
without zeros at its end. **Moments** are ISO 8601 with their offset; \
days are `2026-03-31`. **Texts for people** come in pairs, `title_ka` and `title_en`; either may be null, which means \
that nobody has written it, or that the sources do not say.

**Errors** are `application/problem+json` (RFC 9457). `title` is a sentence for people, in the language of whoever is \
signed in, else as `Accept-Language` asks. What one may not see answers 404, as what does not exist. `revision` in a \
body is the one that was read: where somebody was quicker, the answer is 409 and nothing is lost.

An installation that shows the example programme answers with the header `X-Example-Data: true`.
"""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "description": "A sentence for people."},
        "status": {"type": "integer", "examples": [409]},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Field by field, where what was sent does not parse.",
            "examples": [{"amount": "Write an amount as digits with at most two decimals, for example 1250.50."}],
        },
    },
}
ANSWERS = {
    "400": "Not understood: malformed, or a parameter of the wrong kind.",
    "401": "Nobody is signed in.",
    "403": "Seen, but not for this person to do; or the session's token is missing.",
    "404": "Not there, or not for this person to see.",
    "409": "Not possible now: a rule says no, or somebody was quicker. The sentence says which.",
    "422": "Something is missing or not right; `errors` says where.",
    "429": "Too many tries; `Retry-After` says when to come back.",
    "503": "Busy; `Retry-After` says when to come back. Nothing was done.",
}
SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sid", "description": "`__Host-sid` under https."},
    "token": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
}
EXAMPLES = {
    "calls": "C-2026-1", "applications": "A-2026-0101", "awards": "G-2026-001", "grants": "G-2026-001",
    "recommendations": "R-2026-001", "visits": "V-2026-001", "promises": "G-2026-001", "reports": "G-2026-001",
    "decisions": "A-2026-0101", "approvals": "A-2026-0101", "tranches": 1,
}  # fmt: skip


class Described(JsonRenderPlugin):
    """The document with summaries, errors and security, made once."""

    made: dict[str, Any] | None = None

    def render(self, request: Request, openapi_schema: dict[str, Any]) -> bytes:
        if self.made is None:
            self.made = described(request.app, openapi_schema)
        return self.render_json(request, self.made)


READ = r"^-?\d{1,12}(\.\d{1,4})?$", "1250.50"
# How each kind of number is written: nothing is written in two ways.
WRITTEN: dict[Any, tuple[str, str]] = {
    in_cents: (r"^-?\d{1,15}\.\d{2}$", "1250.50"),
    out: (r"^-?\d{1,15}(\.\d{0,11}[1-9])?$", "12.5"),
}


class MoneyAsString(OpenAPISchemaPlugin):
    """Decimals are strings in the JSON, and the document says so."""

    @staticmethod
    def is_plugin_supported_type(value) -> bool:
        return value is Decimal

    @staticmethod
    def is_plugin_supported_field(field_definition: FieldDefinition) -> bool:
        return field_definition.annotation is Decimal

    def to_openapi_schema(self, field_definition, schema_creator) -> Schema:
        written = {each.func for each in field_definition.metadata if isinstance(each, PlainSerializer)}
        pattern, example = next((WRITTEN[each] for each in written if each in WRITTEN), READ)
        return Schema(type=OpenAPIType.STRING, pattern=pattern, examples=[example])


def described(app: Litestar, found: dict[str, Any]) -> dict[str, Any]:
    document = deepcopy(found)
    handlers = _handlers(app)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            handler = handlers[path, method.upper()]
            words = [word for word in path.removeprefix("/api/v1/").split("/") if word]
            operation["security"] = _security(handler, method)
            operation["responses"] |= _answers(operation)
            for parameter in operation.get("parameters", []):
                _exemplify(parameter, words)
    document["components"]["schemas"]["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = SECURITY
    document["tags"] = [{"name": name} for name in sorted(_tags(document))]
    _lists_begin_empty(document)
    return document


def operation_id(
    _handler: HTTPRouteHandler, http_method: str, path_components: list[str | PathParameterDefinition]
) -> str:
    """By method and address, which stay: post-awards-reference-suspension. A handler may name its own."""
    words = [each if isinstance(each, str) else each.name.replace("_", "-") for each in path_components]
    return "-".join([http_method.lower(), *words[2:]])  # without api and its version


def _handlers(app: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    return {
        (route.path_format, method): handler
        for route in app.routes
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items()
    }


def _security(handler: HTTPRouteHandler, method: str) -> list[dict[str, list[str]]]:
    if handler.opt.get("public"):
        return []
    return [{"session": []} if method == "get" else {"session": [], "token": []}]


def _answers(operation: dict[str, Any]) -> dict[str, Any]:
    """Which refusals may come: writing meets rules, reading does not."""
    codes = ["400", "404", "429", "503"] + ["401", "403"] * bool(operation["security"])
    if "requestBody" in operation or "token" in (operation["security"] or [{}])[0]:
        codes += ["403", "409", "422"]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": ANSWERS[code], "content": content} for code in sorted(set(codes))}


def _exemplify(parameter: dict[str, Any], words: list[str]) -> None:
    inside = f"{{{parameter['name']}}}"
    if parameter["in"] != "path" or inside not in words:
        return
    example = EXAMPLES.get(words[words.index(inside) - 1])
    if example is not None and parameter["schema"].get("format") != "uuid":
        parameter["example"] = example


def _tags(document: dict[str, Any]) -> set[str]:
    return {tag for item in document["paths"].values() for operation in item.values() for tag in operation["tags"]}


def _lists_begin_empty(part: Any) -> None:
    """A default made by a function is written as {} by the framework, which is no list."""
    if isinstance(part, dict):
        if part.get("default") == {} and part.get("type") in ("array", "string"):
            del part["default"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            _lists_begin_empty(each)
