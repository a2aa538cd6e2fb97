"""Odd things to type into a field or to put into JSON, and forms and bodies that would be right without them."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes

from foundation.clock import today

ANY_ID = "0198c0de-0000-7000-8000-000000000000"
TYPED: list[bytes] = [
    each if isinstance(each, bytes) else each.encode()
    for each in (
        b"\x00", b"a\x00b", b"\xff\xfe", b"\xed\xa0\x80", "9" * 400, "1e400", "-1e400", "NaN", "-Infinity", "-1", "0", "٣",
        "1.999999999999999999999999999", "99999999999999999999", "2147483648", "-0", "1_000", "0x10", "2026-02-31",
        "0000-01-01", "0001-01-01", "9999-12-31", "99999-01-01", "9999-12-31T23:59", "0001-01-01T00:00", "24:00", "[]",
        "{}", "null", "true", ANY_ID, "{" + ANY_ID + "}", "<script>alert(1)</script>", "{{ 7*7 }}", "%s %(x)s {x}",
        "\u202e\u2066abc", "\u2028", "\ufeff", "a" * 5000, "ა" * 70_000, "x\r\nSet-Cookie: a=b", "../../etc/passwd", " ",
        "\t\n", "'; DROP TABLE award; --", "=1+1", "\U0001f468\u200d\U0001f469", "\ud7ff", "İı", "1;2", "-", ".", ",",
    )
]  # fmt: skip
BIG = 10**400
IN_JSON: list[Any] = [
    None, True, [], {}, "", " ", "\x00", "\ud800", "a" * 70_000, BIG, -BIG, 2**63, -(2**63) - 1, 1.5, -1, 0, "NaN", "1e400",
    float("nan"), float("inf"), [None], [[[[]]]], {"a": {"b": []}}, [ANY_ID] * 3000, ANY_ID, "0000-00-00", "9999-12-31",
    "0001-01-01T00:00:00Z", "٣", "<b>", "x" * 300,
]  # fmt: skip


# forms ---------------------------------------------------------------------------------------------------------


@dataclass
class Filled:
    """A form of a page, filled in as somebody might."""

    action: str
    multipart: bool = False
    pairs: list[tuple[str, bytes]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def body(self) -> tuple[bytes, str]:
        if not self.multipart:
            told = "&".join(f"{quote_from_bytes(n.encode())}={quote_from_bytes(v)}" for n, v in self.pairs)
            return told.encode(), "application/x-www-form-urlencoded"
        parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n'.encode() + v for n, v in self.pairs]
        parts += [
            f'--x\r\nContent-Disposition: form-data; name="{n}"; filename=""\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            for n in self.files
        ]
        return b"\r\n".join([*parts, b"--x--\r\n"]), "multipart/form-data; boundary=x"

    def with_odd(self, name: str, odd: bytes) -> Filled:
        pairs = [(n, odd if n == name else v) for n, v in self.pairs]
        return Filled(self.action, self.multipart, pairs, self.files)


class Forms(HTMLParser):
    """Every form of a page that is posted."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.found: list[Filled] = []
        self.open: Filled | None = None
        self.within: tuple[str, str] | None = None
        self.chosen: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = {name: html.unescape(content or "") for name, content in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self.open = Filled(given["action"].partition("#")[0], "multipart" in given.get("enctype", ""))
            self.chosen = set()
        elif self.open is not None and given.get("name"):
            self._field(tag, given)
        elif self.open is not None and tag == "option" and self.within:
            _select, name = self.within
            if given.get("value") and name not in self.chosen:
                self.chosen.add(name)
                self.open.pairs.append((name, given["value"].encode()))

    def _field(self, tag, given):
        name, kind = given["name"], given.get("type", "text")
        if tag in ("select", "textarea"):
            self.within = (tag, name)
            if tag == "textarea":
                self.open.pairs.append((name, "ვრცელი ტექსტი".encode()))
        elif kind == "file":
            self.open.files.append(name)
        elif kind in ("radio", "checkbox"):
            if name not in self.chosen:
                self.chosen.add(name)
                self.open.pairs.append((name, given.get("value", "on").encode()))
        elif tag == "input":
            self.open.pairs.append((name, given.get("value", "").encode() or _plausible(kind, given)))

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.within = None
        if tag == "form" and self.open is not None:
            self.found.append(self.open)
            self.open = None


def _plausible(kind: str, given: dict[str, str]) -> bytes:
    if kind == "date":
        return (today() + timedelta(days=10)).isoformat().encode()
    if kind == "datetime-local":
        return f"{today() + timedelta(days=10)}T18:00".encode()
    if kind == "email":
        return b"somebody@example.org"
    number = kind == "number" or given.get("inputmode") in ("decimal", "numeric")
    return b"10" if number else "ტექსტი".encode()


# JSON ----------------------------------------------------------------------------------------------------------


def sample(schema: dict, parts: dict, depth: int = 0) -> Any:
    """An instance of a JSON schema, as good as its words allow."""
    if "$ref" in schema:
        return sample(parts[schema["$ref"].rpartition("/")[2]], parts, depth)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            real = [each for each in schema[several] if each.get("type") != "null"]
            return sample(real[0], parts, depth) if real else None
    if "const" in schema or schema.get("enum"):
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type", "string")
    kind = next((each for each in kind if each != "null"), "string") if isinstance(kind, list) else kind
    if kind == "object":
        return {} if depth > 5 else {n: sample(s, parts, depth + 1) for n, s in schema.get("properties", {}).items()}
    if kind == "array":
        return [] if depth > 5 else [sample(schema.get("items", {}), parts, depth + 1)]
    if kind in ("integer", "number", "boolean"):
        return {"integer": 1, "number": 10, "boolean": True}[kind]
    formats = {"date": str(today() + timedelta(days=10)), "uuid": ANY_ID, "email": "somebody@example.org",
               "date-time": f"{today() + timedelta(days=10)}T18:00:00Z"}  # fmt: skip
    return formats.get(schema.get("format", ""), "10" if "pattern" in schema else "ტექსტი")


def places(body: Any, path: tuple = ()):
    """Where something can stand in the body."""
    yield path
    if isinstance(body, dict):
        for name, inner in body.items():
            yield from places(inner, (*path, name))
    elif isinstance(body, list) and body:
        yield from places(body[0], (*path, 0))


def replaced(body: Any, path: tuple, odd: Any) -> Any:
    if not path:
        return odd
    made = dict(body) if isinstance(body, dict) else list(body)
    made[path[0]] = replaced(body[path[0]], path[1:], odd)
    return made
