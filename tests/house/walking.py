"""Walks the example as each person would, from the menu and the day's list on: which pages there are, and who sees them."""

from __future__ import annotations

import csv
import hashlib
import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import asyncpg
import httpx
import pytest

from tests.house.routes import every_route
from tests.patience import PATIENCE

UNLINKED_CSV = Path(__file__).parent / "unlinked.csv"
# Who looks, in the order in which a page is shown by the first it opens for.
WALKERS = (
    None, "editor", "signatory", "curator", "manager", "reviewer", "chair", "finance", "director", "donor", "admin",
    "auditor", "reviewer2", "curator2", "curator3", *(f"signatory.ex-{number:02}" for number in range(2, 13)),
)  # fmt: skip
# Addresses from letters: token → how it comes into the database.
LETTERS = {
    "invitation": """INSERT INTO access_token (token_sha256, account_id, purpose, expires)
      SELECT $1, id, 'invitation', clock_timestamp() + interval '1 day' FROM account
      WHERE email = 'signatory.ex-02@example.org'""",
    "reset": """INSERT INTO access_token (token_sha256, account_id, purpose, expires)
      SELECT $1, id, 'reset', clock_timestamp() + interval '1 day' FROM account WHERE email = 'auditor@example.org'""",
    "registration": """INSERT INTO registration (token_sha256, email, facts, expires)
      SELECT $1, 'new@example.org', jsonb_build_object('name', 'Example: new', 'phone', '+995 555 00 00 00', 'organisation_ka', 'ახალი ორგანიზაცია',
        'organisation_en', null, 'identification_code', '499000099', 'municipality_id', m.id, 'experience', 'new'),
        clock_timestamp() + interval '1 day' FROM municipality m WHERE m.slug = 'vani'""",
}
BEGINNINGS = ("/", "/today", "/account", "/calls", "/grants", "/results", "/donor", "/patterns")
# Lists are long: somebody stops opening addresses of one route when so many in a row showed nothing that was not known,
# and in any case after MOST; addresses with a query (filters, sorting, pages) after MOST_ASKED.
# Those of the other organisations are many and alike.
QUIET, ALIKE, MOST, MOST_ASKED = 5, 2, 60, 3
# A page of one route that looks different enough to be looked at as well.
REPRESENTATIVES = 3
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]+)"')
ACTION = re.compile(r'<form\b[^>]*?\saction="([^"]+)"')
ROW = re.compile(r"<tr\b.*?</tr>|<li\b.*?</li>", re.DOTALL)
TAG = re.compile(r'<span class="tag[^"]*">(?:<svg.*?</svg>)?([^<]*)<')
CLASS = re.compile(r'\sclass="([^"]*)"')


@dataclass(frozen=True)
class Place:
    """One page as one person sees it."""

    route: str
    path: str  # without the language
    who: str | None
    traits: frozenset[str]

    def __str__(self):
        return f"{self.path} as {self.who or 'visitor'}"


@dataclass
class Walk:
    places: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    files: set[str] = field(default_factory=set)  # routes that answer with a file instead of a page
    forwarding: set[str] = field(default_factory=set)  # routes that lead on to another page
    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # route → traits met so far
    broken: list[str] = field(default_factory=list)

    def representatives(self, route: str) -> list[Place]:
        """Few pages that together show everything the route can show."""
        left, shown, chosen = list(self.places[route]), set(), []
        while left and len(chosen) < REPRESENTATIVES:
            best = max(left, key=lambda place: len(place.traits - shown))
            if chosen and len(best.traits - shown) < 3:
                break
            chosen.append(best)
            shown |= best.traits
            left.remove(best)
        return chosen


async def write_letters(site) -> None:
    connection = await asyncpg.connect(site.dsn)
    for token, sql in LETTERS.items():
        await connection.execute(sql, hashlib.sha256(token.encode()).digest())
    await connection.close()


async def walk(site, signed_in, language: str = "en") -> Walk:
    found = Walk()
    for who in WALKERS:
        async with httpx.AsyncClient(
            base_url=site.address, cookies=await signed_in.cookies(who), timeout=PATIENCE, follow_redirects=False
        ) as client:
            await _walk_as(who, client, found, language)
    return found


async def _walk_as(who: str | None, client: httpx.AsyncClient, found: Walk, language: str) -> None:
    waiting = [(f"/{language}{path}", "the beginning") for path in BEGINNINGS]
    known = {address for address, _ in waiting}
    opened: dict[tuple[str, bool], int] = defaultdict(int)
    quiet: dict[str, int] = defaultdict(int)
    promising: set[str] = set()
    states: set[tuple[str | None, str]] = set()  # of which things in which state were met
    while waiting:
        address, source = waiting.pop(0)
        parts = urlsplit(address)
        bare = parts.path.removeprefix(f"/{language}") or "/"
        route = route_of(bare)
        if parts.path.startswith("/static/") or parts.path.startswith("/mail-preview"):
            continue
        if who and route in OPEN and opened[route or bare, False]:
            continue  # everybody sees the same there; once shows what a session adds
        opened[route or bare, bool(parts.query)] += 1
        if opened[route or bare, bool(parts.query)] > (MOST_ASKED if parts.query else MOST):
            continue
        bored = quiet[route or bare] >= (ALIKE if "." in (who or "") else QUIET)
        if bored and not parts.query and address not in promising:
            continue
        answer = await client.get(address)
        if answer.is_redirect:
            target = urljoin(address, answer.headers["location"])
            if "/sign-in" not in target and target not in known:
                found.forwarding.add(route or bare)
                known.add(target)
                waiting.append((target, address))
            continue
        if answer.status_code != 200:
            if source != "the beginning" or answer.status_code >= 500:
                found.broken.append(f"{answer.status_code} {address}, linked from {source} for {who or 'visitors'}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            found.files.add(route or bare)
            continue
        query = f"?{parts.query}" if parts.query else ""
        place = Place(route or bare, bare + query, who, traits(answer.text))
        found.places[place.route].append(place)
        quiet[place.route] = 0 if place.traits - found.known[place.route] else quiet[place.route] + 1
        found.known[place.route] |= place.traits
        promising |= {urljoin(address, html.unescape(link)) for link in in_new_states(answer.text, states)}
        for link in [*LINK.findall(answer.text), *PICTURE.findall(answer.text)]:
            target = urljoin(address, html.unescape(link)).split("#")[0]
            inside = target.startswith((f"/{language}/", "/api/", "/uploads/"))
            if inside and target not in known:
                known.add(target)
                waiting.append((target, address))


def traits(page: str) -> frozenset[str]:
    """What a page is made of: its parts, its forms and where it leads, without the data in them."""
    classes = {name for names in CLASS.findall(page) for name in names.split() if not re.fullmatch(r"m\d", name)}
    forms = {f"form {route_of(urlsplit(action).path[3:], 'POST')}" for action in ACTION.findall(page)}
    links = {f"link {route_of(urlsplit(html.unescape(link)).path[3:])}" for link in LINK.findall(page)}
    return frozenset(classes | forms | links)


def in_new_states(page: str, seen: set[tuple[str | None, str]]) -> list[str]:
    """Links of rows that say a state in which nothing of the kind was met yet."""
    found = []
    for row in ROW.findall(page):
        for link in LINK.findall(row)[:1]:
            kinds = {(route_of(urlsplit(html.unescape(link)).path[3:]), word) for word in TAG.findall(row)}
            if kinds - seen:
                found.append(link)
                seen |= kinds
    return found


OPEN = {route.path for route in every_route() if route.public}
ROUTES = {
    method: sorted(
        (
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path) + "/?"), route.path)
            for route in every_route()
            if route.method == method
        ),
        key=lambda each: each[1].count("{"),
    )
    for method in ("GET", "POST")
}


@cache  # the menu's links stand on every page, and there are hundreds of routes
def route_of(path: str, method: str = "GET") -> str | None:
    return next((route for pattern, route in ROUTES[method] if pattern.fullmatch(path)), None)


# Pages no link leads to: reached from a letter, after a form, or by typing.
UNLINKED = {row["route"]: row for row in csv.DictReader(UNLINKED_CSV.open(encoding="utf-8"))}


def places_of(route: str, walked: Walk) -> list[Place]:
    if walked.places.get(route):
        return walked.representatives(route)
    if route not in UNLINKED:
        pytest.fail(f"nobody in the example finds a link to {route}", pytrace=False)
    row = UNLINKED[route]
    if row["address"].startswith("+"):
        return [_after(route, row, walked)]
    return [Place(route, row["address"], row["who"] or None, frozenset())]


def _after(route: str, row: dict[str, str], walked: Walk) -> Place:
    """What follows a form: the address of the page with the form and a little more; the page with the most of them."""
    before = walked.places[route.removesuffix(row["address"][1:])]
    first = max((place for place in before if place.who == row["who"]), key=lambda place: len(place.traits))
    return Place(route, first.path + row["address"][1:], first.who, frozenset())


def pages() -> list[str]:
    """Every address a browser may be given, as the routes say it."""
    return [route.path for route in every_route() if route.method == "GET" and not route.path.startswith("/api/")]
