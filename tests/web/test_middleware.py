"""What stands around every request, as somebody sees it who sends what no browser of ours would send."""

import json
from urllib.parse import quote

import pytest

from accounts import sessions
from accounts.sessions import cookie_name
from entrypoints.site import refresh_site
from web.middleware import before_routing
from web.middleware.access_log import AccessLog
from web.middleware.csrf import Csrf
from web.middleware.headers import Headers
from web.middleware.language import Language
from web.middleware.session import Session
from web.shell import SITE

HERE = "http://127.0.0.1:8000"


async def raw(app, path, method="GET", headers=(), query=b""):
    """Straight to the application, as the server would hand it over: the path is decoded already."""
    said = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": quote(path).encode(), "query_string": query, "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000"), *headers], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        "state": {}, "extensions": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return said[0]["status"], {name.decode().lower(): value for name, value in said[0]["headers"]}


@pytest.mark.parametrize("path", ["/x\r\nset-cookie: sid=evil", "/x\ny", "/ა\r", "/a?b", "/a b", "/a\x7f"])
async def test_a_redirect_carries_no_line_of_the_askers(db, application_asgi, path):
    status, headers = await raw(application_asgi, path)
    assert status in (307, 400)
    place = headers.get("location", b"")
    assert all(0x20 < sign < 0x7F for sign in place), place
    assert b"set-cookie" not in headers
    assert place.count(b"?") == 0


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/ka", "///evil.example", "/\\evil.example", "/kaX"])
async def test_a_redirect_stays_on_this_site(db, application_asgi, path):
    status, headers = await raw(application_asgi, path)
    assert status == 307
    assert headers["location"].startswith(b"/ka/")


@pytest.mark.parametrize(
    "path", ["/ka", "/en", "/ka/", "/ka//calls", "/ka/../en/calls", "/ka/%2e%2e/calls", "/en/ka/calls"]
)
async def test_odd_paths_are_found_or_not_but_never_an_error(client, path):
    assert (await client.get(path)).status_code in (200, 303, 307, 404)


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:8001", "http://sub.127.0.0.1:8000",
     "http://127.0.0.1:8000.evil.example", "http://evil.example/127.0.0.1:8000", "http://user@127.0.0.1:8000",
     "ftp://127.0.0.1:8000"],
)  # fmt: skip
async def test_only_this_very_origin_may_send(client, cast, origin):
    await client.sign_in(cast.editor)
    client.headers["origin"] = origin
    for body in ({"data": {"csrf_token": client.token}}, {"files": {"x": ("a", b"b")}}, {"json": {}}, {}):
        assert (await client.post("/ka/sign-out", **body)).status_code == 403, (origin, body)
    assert (await client.get("/ka/today")).status_code == 200


@pytest.mark.parametrize(
    "site, taken", [("cross-site", False), ("same-site", False), ("", False), ("same-origin", True)]
)
async def test_without_an_origin_the_browsers_word_counts(client, cast, site, taken):
    await client.sign_in(cast.editor)
    del client.headers["origin"]
    client.headers["sec-fetch-site"] = site
    answer = await client.post("/ka/sign-out", data={"csrf_token": client.token})
    assert (answer.status_code == 303) is taken


async def test_a_multipart_form_without_the_token_ends_no_session(client, cast):
    await client.sign_in(cast.editor)
    client.headers.pop("x-csrf-token")
    answer = await client.post("/ka/sign-out", files={"x": ("a.txt", b"b")})
    assert answer.status_code in (400, 403)
    assert (await client.get("/ka/today")).status_code == 200


async def test_a_session_chosen_by_somebody_else_is_not_adopted(client, cast):
    client.cookies.set(cookie_name(), "chosen-by-the-attacker", domain="127.0.0.1")
    assert (await client.get("/ka/today")).status_code == 303


async def test_what_a_cookie_says_is_shown_as_text(client):
    said = quote(json.dumps({"kind": '"><script>alert(1)</script>', "text": "<script>alert(2)</script>"}))
    client.cookies.set("flash", said, domain="127.0.0.1")
    page = (await client.get("/ka/sign-in")).text
    assert "<script>alert" not in page
    for odd in ("%", "[]", "null", "1", "%5B%5D", "{" * 3000, quote(json.dumps({"kind": [], "text": {}}))):
        client.cookies.set("flash", odd, domain="127.0.0.1")
        assert (await client.get("/ka/sign-in")).status_code == 200, odd


@pytest.mark.parametrize("language", ["../..", "xx", 'ka" onload=1', "KA"])
async def test_an_odd_language_is_georgian(client, language):
    client.cookies.set("language", quote(language), domain="127.0.0.1")
    assert (await client.get("/calls")).headers["location"] == "/ka/calls"


async def test_pages_of_somebody_signed_in_are_kept_by_nobody(client, cast):
    tag = (await client.get("/ka/calls")).headers.get("etag")
    await client.sign_in(cast.editor)
    for path in ("/ka/today", "/ka/calls", "/ka/applications", "/ka/account", "/api/v1/applications"):
        answer = await client.get(path, headers={"if-none-match": tag} if tag else {})
        assert answer.status_code == 200, path
        assert "no-store" in answer.headers.get("cache-control", ""), path
        assert "etag" not in answer.headers, path


async def test_every_answer_has_the_headers(client):
    for path in ("/ka/calls", "/ka/nothing", "/api/v1/nothing", "/health/live", "/ka/sign-in"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "place",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0ax:1", "/ka//evil.example", "javascript:alert(1)",
     "\t//evil.example", "/ka/\t/evil.example", "/%5Cevil.example", "/ა", "/calls?q=ა", "/\u2028x"],
)  # fmt: skip
async def test_after_signing_in_nobody_is_led_elsewhere(client, cast, place):
    await client.sign_in(cast.editor)
    answer = await client.get("/ka/sign-in", params={"next": place})
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith(("/ka/", HERE)) and not where.startswith("//") and "evil" not in where.split("/ka/", 1)[0]
    assert where.isascii() and where.isprintable()
    assert not where.startswith(("/ka//", "/ka/\\"))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND", "get"])
async def test_odd_methods_do_nothing(client, cast, method):
    await client.sign_in(cast.editor)
    answer = await client.request(method, "/ka/today")
    assert answer.status_code < 500
    assert "set-cookie" not in answer.headers


async def test_a_websocket_is_not_for_us(application_asgi):
    said = []

    async def send(message):
        said.append(message)

    scope = {"type": "websocket", "path": "/ka/calls", "headers": [], "query_string": b"", "root_path": ""}
    await application_asgi(scope, None, send)
    assert [message["type"] for message in said] == ["websocket.close"]


def test_the_layers_stand_in_their_order():
    """The log sees everything, an address is read before anybody is asked for, and headers are on every answer;
    nothing forged comes as far as a route."""
    layers = before_routing(sessions, refresh_site)
    assert [type(layer) for layer in layers] == [AccessLog, Headers, Language, Session, Csrf]


async def test_asking_for_the_headers_alone_gives_those_of_the_page(cast, client):
    page, head = await client.get("/en/calls"), await client.request("HEAD", "/en/calls")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == page.headers["content-type"] == "text/html; charset=utf-8"
    assert (await client.request("HEAD", "/en/today")).status_code == 303


async def test_the_api_of_an_example_says_so_in_a_header(cast, client, monkeypatch):
    assert "x-example-data" not in (await client.get("/api/v1/municipalities")).headers
    monkeypatch.setattr(SITE, "example", True)
    assert (await client.get("/api/v1/municipalities")).headers["x-example-data"] == "true"
    assert "x-example-data" not in (await client.get("/en/calls")).headers


@pytest.mark.parametrize(("error", "status"), [(ConnectionRefusedError(), 503), (ValueError("canary"), 500)])
async def test_what_breaks_before_the_application_is_a_page_and_not_a_traceback(
    client, monkeypatch, caplog, error, status
):
    async def broken(*_sql):
        raise error

    monkeypatch.setattr("entrypoints.site.row", broken)
    monkeypatch.setattr("entrypoints.site.KEPT_FOR", -1)
    page, problem = await client.get("/en/calls"), await client.get("/api/v1/calls")
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<h1>" in page.text and "canary" not in page.text
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert page.headers.get("retry-after") == ("5" if status == 503 else None)
    assert (await client.get("/health/live")).status_code == 200


async def test_a_closed_database_does_not_make_the_process_look_dead(client, monkeypatch):
    async def broken(token):
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.sessions.person_of", broken)
    client.cookies.set(cookie_name(), "x" * 43)
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/en/calls")).status_code == 503
