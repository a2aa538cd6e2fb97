"""Whatever refuses a form, every word comes back in its field, every file as a ticket and both versions where two wrote:
each form of the service, sent with words in all of it on rows that are there."""

from __future__ import annotations

import csv
import importlib
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest

from accounts.sessions import cookie_name
from entrypoints.web import litestar_app
from foundation.database import DB, PoolTimeout, execute, rows
from foundation.merging import letters, read_seen
from foundation.refused import Refused
from grants.applications.checking.actions import propose_ineligible
from lifecycle.states import STATUSES
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.builders.reports import a_report
from tests.builders.reviews import a_review, a_scored_application, minutes_say, some_minutes
from tests.builders.visits import a_finding, a_visit
from tests.cast import ROLES
from tests.house.test_access import FILES, allowed, rows_of
from tests.house.test_malformed_rows import whole
from tests.house.typed import Page, Sent, as_it_stands, files_for, filled, gone, plain
from tests.house.walking import ROUTES, route_of
from tests.importing import importing
from web.forms import parsing
from web.forms.reading import Arriving, Form

# Forms that do not stand on any page of these rows, and why.
NOT_WALKED = {
    row["route"]: row["why"]
    for row in csv.DictReader(Path(__file__).with_name("not_walked.csv").open(encoding="utf-8"))
}
VISITOR = None
Move = tuple[str, UUID, str]


@dataclass
class Found:
    """A form as somebody sees it on a page, once the rows are moved into these states."""

    route: str
    who: str | None
    page: str
    action: str
    moves: tuple[Move, ...] = ()

    def __str__(self) -> str:
        moved = "".join(f", {table} {state}" for table, _id, state in self.moves)
        return f"{self.route} as {self.who or 'a visitor'}{moved}"

    @property
    def named(self) -> list[str]:
        """What its address says of the rows it is about."""
        pattern = re.sub(r"\{\w+\}", "([^/]+)", self.route)
        found = re.fullmatch(pattern, urlsplit(self.action).path[3:])
        return list(found.groups()) if found else []


@asynccontextmanager
async def aside():
    """What happens inside is undone."""
    savepoint = await DB.outer.savepoint()
    try:
        yield
    finally:
        await savepoint.rollback_to()


async def move(moves: tuple[Move, ...]) -> bool:
    """Whether the database lets the rows stand there with the facts they have."""
    savepoint = await DB.outer.savepoint()
    try:
        async with importing():
            for table, row_id, state in moves:
                await execute(f'UPDATE "{table}" SET state = $2 WHERE id = $1', row_id, state)
    except asyncpg.PostgresError:
        await savepoint.rollback_to()
        return False
    return True


async def rows_named(names: list[str]) -> list[tuple[str, UUID]]:
    """The rows with a lifecycle that an address names."""
    found = []
    for table, told in TOLD_BY.items():
        found += [(table, row["id"]) for row in await rows(f'SELECT id FROM "{table}" WHERE {told}', names)]
    return found


NUMBERED = "number::text = ANY($1) AND {0}_id IN (SELECT id FROM {0} WHERE reference = ANY($1))"
TOLD_BY = {
    "award": "reference = ANY($1)",
    "application": "number = ANY($1)",
    "call": "reference = ANY($1)",
    "visit": "reference = ANY($1)",
    "recommendation": "reference = ANY($1)",
    "tranche": NUMBERED.format("award"),
    "meeting_minutes": NUMBERED.format("call"),
    "report": "report_due_id IN (SELECT d.id FROM report_due d JOIN award a ON a.id = d.award_id"
    " WHERE a.reference = ANY($1) AND d.number::text = ANY($1))",
    "review": "id::text = ANY($1)",
    "finding": "id::text = ANY($1)",
}


async def ways(names: list[str]) -> list[tuple[Move, ...]]:
    return [((table, row_id, str(state)),) for table, row_id in await rows_named(names) for state in STATUSES[table]]


async def more_pages(name: str, cast) -> list[tuple[str | None, str]]:
    """Pages on which a form stands only in a state the access table does not need."""
    pages: list[tuple[str | None, str]] = []
    if name == "accounts":
        pages = [(VISITOR, "/register"), (VISITOR, "/sign-in")]
    if name == "calls":
        for state in ("in_approval", "scheduled", "open", "suspended"):
            call = await a_call(cast, state)
            pages += [("manager", f"/manage/calls/{call.reference}"), ("director", f"/manage/calls/{call.reference}")]
    if name == "applications":
        application = await an_application(cast, state="admin_check")
        await propose_ineligible(
            application, cast.curator, application.call.eligibility[0].id, "Not registered at all."
        )
        pages = [("manager", f"/applications/{application.number}/ineligibility")]
    if name == "reviews":
        call = await a_call(cast, "evaluating")
        application = await a_scored_application(cast, call)
        other = await an_application(cast, call, "in_review", organisation=cast.guria_women)
        review = await a_review(cast, other, "locked")
        minutes = await some_minutes(cast, call, signed=False)
        await minutes_say(cast, application, "reject", signed=False)
        done = await a_call(cast, "decided")
        pages = [
            ("chair", f"/calls/{call.reference}/ranking/{application.number}"),
            ("chair", f"/calls/{call.reference}/minutes/{minutes.number}"), ("chair", f"/reviews/{review.id}"),
            ("manager", f"/calls/{done.reference}/ranking"),
        ]  # fmt: skip
    if name == "visits":
        for state in ("planned", "in_field", "received", "complete", "in_review"):
            visit = await a_visit(cast, state=state)
            pages += [(who, f"/visits/{visit.reference}") for who in ("curator", "manager")]
        for state in ("draft", "shared", "responded", "final"):
            finding = await a_finding(cast, visit, state=state)
            at = f"/visits/{visit.reference}/findings/{finding.id}"
            pages += [(who, at) for who in ("curator", "manager", "signatory")]
            if state == "draft":
                pages.append(("curator", f"{at}/edit"))
    if name == "reports":
        report = await a_report(cast, state="open")
        where = await rows(
            "SELECT a.reference FROM report r JOIN award a ON a.id = r.award_id WHERE r.id = $1", report.id
        )
        pages = [("signatory", f"/reports/{where[0]['reference']}/1/check")]
    return [(who, f"/en{path}") for who, path in pages]


class Sender:
    """Looks for the forms of a room, and sends them as the people of the cast."""

    def __init__(self, name, cast, client):
        self.name, self.cast, self.client = name, cast, client
        self.sessions: dict[str, tuple[dict[str, str], str]] = {}
        self.buttons: set[str] = set()  # addresses where nobody types anything

    async def begin(self) -> None:
        for who in ROLES:
            await self.client.sign_in(self.cast.people[who])
            self.sessions[who] = (self.client.cookies[cookie_name()], self.client.token)

    async def be(self, who: str | None) -> None:
        await self.client.sign_out()
        if who is not None:
            cookie, self.client.token = self.sessions[who]
            self.client.cookies.set(cookie_name(), cookie, domain="127.0.0.1")

    async def shown(self, path: str) -> Page | None:
        answer = await self.client.get(path)
        html = answer.status_code == 200 and "text/html" in answer.headers["content-type"]
        return Page(answer.text) if html else None

    async def find(self) -> list[Found]:
        """Each form of the room's pages once; what is not there as the rows stand is looked for in every state."""
        if not any(row["path"] in TAKE_FORMS for row in rows_of(self.name) if row["method"] == "POST"):
            return []
        room = importlib.import_module(f"tests.access.{self.name}")
        parameters = await room.objects(self.cast)
        await self.begin()
        found: dict[str, Found] = {}
        for who, path in await more_pages(self.name, self.cast):
            await self._look(who, path, (), found)
        for row in rows_of(self.name):
            path = whole(parameters, row)
            if row["method"] == "GET" and path is not None and not path.startswith("/api/"):
                for who in [
                    *sorted(allowed(row["own"]) & set(ROLES)),
                    *[VISITOR] * ("anonymous" in allowed(row["own"])),
                ]:
                    await self._look(who, f"/en{path}", (), found)
        for row in rows_of(self.name):
            path = whole(parameters, row)
            if row["method"] != "POST" or row["path"] in found or path is None or row["path"] not in TAKE_FORMS:
                continue
            for moves in await ways(urlsplit(path).path.split("/")):
                async with aside():
                    if await move(moves):
                        for who in sorted(allowed(row["own"]) & set(ROLES)):
                            for page in {path, path.rsplit("/", 1)[0]}:
                                if route_of(page):
                                    await self._look(who, f"/en{page}", moves, found)
                if row["path"] in found:
                    break
        return [each for each in found.values() if each.route in TAKE_FORMS]

    async def _look(self, who: str | None, path: str, moves: tuple[Move, ...], found: dict[str, Found]) -> None:
        await self.be(who)
        async with aside():
            page = await self.shown(path)
        for form in page.forms if page else ():
            route = route_of(urlsplit(form.action).path[3:], "POST")
            if form and route and route not in found:
                found[route] = Found(route, who, path, form.action, moves)
            elif route and not form:
                self.buttons.add(route)

    async def form(self, of: Found) -> Sent:
        page = await self.shown(of.page)
        assert page, of
        return next(each for each in page.forms if each.action == of.action)

    async def send(self, form: Sent, pairs, files):
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        if form.multipart and not files:
            files = [("nothing", ("", b""))]
        return await self.client.post(form.action, data=data, files=files or None)


def take_forms() -> set[str]:
    """The addresses of which the handler reads a form."""
    found = set()
    for route in litestar_app(manage_pool=False).routes:
        for handler in getattr(route, "route_handlers", ()):
            if "POST" in handler.http_methods and "form" in handler.parsed_fn_signature.parameters:
                found.add(re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path))
    return {route for _pattern, route in ROUTES["POST"] if route in found}


TAKE_FORMS = take_forms()


def refusing(error: Exception):
    """Every form is read, and then refused so."""
    read = Arriving.read

    async def refused(form: Arriving) -> Form:
        await read(form)
        raise error

    return refused


def broken_constraint() -> asyncpg.PostgresError:
    return asyncpg.CheckViolationError("no")


@pytest.mark.parametrize("name", FILES)
async def test_nothing_typed_is_lost(name, cast, client, monkeypatch):
    sender = Sender(name, cast, client)
    found = await sender.find()
    takes = {row["path"] for row in rows_of(name) if row["method"] == "POST"} & TAKE_FORMS
    left = takes - {of.route for of in found} - sender.buttons
    assert left == takes & NOT_WALKED.keys(), "forms nobody finds, or finds now though they are listed as not found"
    assert await not_back(sender, found, monkeypatch) == [], "what was refused"
    assert await not_back_from_another_state(sender, found) == [], "what was refused because the row had moved on"
    assert await opened_in_vain(sender, found) == [], "what was asked for in a state that forbids it"
    assert await written_over(sender, found) == [], "what somebody else had changed"
    assert await not_read(sender, found, monkeypatch) == [], "fields whose names nobody reads"


async def not_back(sender: Sender, found: list[Found], monkeypatch) -> list[str]:
    """After a wrong field, a text that is too long, a state, a constraint of the database, a busy database."""
    lost: list[str] = []
    for of in found:
        await sender.be(of.who)
        for kind in ("wrong", "too long", Refused("Not now."), broken_constraint(), PoolTimeout()):
            async with aside():
                assert await move(of.moves)
                form = await sender.form(of)
                pairs, files = filled(form, wrong=kind == "wrong", long=kind == "too long"), files_for(form)
                with monkeypatch.context() as patch:
                    if isinstance(kind, Exception):
                        patch.setattr(Arriving, "read", refusing(kind))
                    answer = await sender.send(form, pairs, files)
            if answer.status_code >= 400:
                lost += [
                    f"{kind!r} {answer.status_code} {of}: {each}"
                    for each in gone(form, pairs, files, answer.text, drawn=answer.status_code != 403)
                ]
            elif isinstance(kind, Exception):
                lost.append(f"{kind!r} was not heard by {of}")
    return lost


async def not_back_from_another_state(sender: Sender, found: list[Found]) -> list[str]:
    lost: list[str] = []
    for of in found:
        await sender.be(of.who)
        async with aside():
            assert await move(of.moves)
            form = await sender.form(of)
            pairs = filled(form)
            for moves in await ways(of.named):
                async with aside():
                    answer = await sender.send(form, pairs, []) if await move(moves) else None
                if answer is not None and answer.status_code >= 400:
                    lost += [
                        f"{answer.status_code} {of}, then {moves[0][2]}: {each}"
                        for each in gone(form, pairs, [], answer.text, drawn=False)
                    ]
    return lost


def said_in(answer) -> str:
    """What stands above a form that was refused."""
    main = answer.text.partition("<main")[2]
    box = re.search(r'<div class="[^"]*" role="alert".*?</div>', main, re.DOTALL)
    return f"{answer.status_code} {re.sub(r'<[^>]+>', ' ', box[0] if box else '')}"


async def opened_in_vain(sender: Sender, found: list[Found]) -> list[str]:
    """In no state does a page ask for words that the same state refuses once they are sent. What the words themselves
    make of it is said in the state the form was found in, too."""
    vain: list[str] = []
    for of in found:
        await sender.be(of.who)
        async with aside():
            assert await move(of.moves)
            form = await sender.form(of)
            usual = said_in(await sender.send(form, filled(form), files_for(form)))
        for moves in await ways(of.named):
            async with aside():
                if not await move(of.moves) or not await move(moves):
                    continue
                page = await sender.shown(of.page)
                form = next((each for each in page.forms if each.action == of.action), None) if page else None
                if form is None or not any(each.typed for each in form.fields):
                    continue
                answer = await sender.send(form, filled(form), files_for(form))
            if answer.status_code in (403, 404, 409) and said_in(answer) != usual:
                vain.append(f"{answer.status_code} {of}, then {moves[0][2]}")
    return vain


async def written_over(sender: Sender, found: list[Found]) -> list[str]:
    """A form opened before somebody else changed all of the row: both versions are shown, and what cannot be merged is
    not saved by pressing the button again."""
    wrong: list[str] = []
    for of in found:
        await sender.be(of.who)
        async with aside():
            assert await move(of.moves)
            form = await sender.form(of)
            if not {"seen", "revision"} & form.names:
                continue
            stood = {each.name: each.value for each in form.fields}
            pairs = [(name, older(value) if name in ("seen", "revision") else value) for name, value in filled(form)]
            answer = await sender.send(form, pairs, [])
            if answer.status_code not in (409, 422):
                wrong.append(f"{of} is answered with {answer.status_code}")
                continue
            wrong += [f"{of}: {each}" for each in gone(form, pairs, [], answer.text, drawn=True)]
            if answer.status_code == 409:
                page = Page(answer.text)
                back = next(each for each in page.forms if each.action == of.action)
                wrong += [f"{of}: theirs in {each}" for each in not_shown(form, dict(pairs), stood, page)]
                if any(name.startswith("choice.") and name[7:] in ("seen", "revision") for name in back.names):
                    again = await sender.send(back, as_it_stands(back), [])
                    if again.status_code != 409:
                        wrong.append(f"{of}: pressed again, without a choice: {again.status_code}")
                elif "revision" in form.names:
                    wrong.append(f"{of} takes a fresh revision along")
    return wrong


def older(version: str) -> str:
    """As it would be, had it been opened before somebody else changed everything."""
    return (
        str(int(version) - 1)
        if version.isdigit()
        else re.sub(r":[0-9a-f]+", lambda m: ":" + "0" * len(m[0][1:]), version)
    )


def not_shown(form: Sent, typed: dict[str, str], stood: dict[str, str], page: Page):
    """What stood in a field that both wrote, and is not on the page; what only was proposed did not stand there."""
    empty = {name for name, said in (read_seen(stood.get("seen")) or {}).items() if said == letters(None)}
    for each in form.fields:
        if each.name in empty:
            continue
        there = stood.get(each.name, "")
        if each.kind in ("text", "textarea") and "seen" in form.names and there and there != typed.get(each.name):
            if plain(there) not in " ".join(page.text.split()):
                yield f"{each.name}: {there!r}"


async def not_read(sender: Sender, found: list[Found], monkeypatch) -> list[str]:
    """The names a page's fields have are names its handler reads: of its model, or by itself."""
    unread: list[str] = []
    read: set[str] = set()
    tree, get, pairs_of = parsing.tree, Form.__getitem__, Form.list

    def by_model(model, form):
        read.update(name for name, _value in form.pairs if parsing._knows(model, name.split(".")))
        return tree(model, form)

    def by_name(form, name):
        read.add(name)
        return get(form, name)

    def by_list(form, name):
        read.add(name)
        return pairs_of(form, name)

    for of in found:
        await sender.be(of.who)
        async with aside():
            assert await move(of.moves)
            form = await sender.form(of)
            pairs = filled(form)
            read.clear()
            with monkeypatch.context() as patch:
                patch.setattr(parsing, "tree", by_model)
                patch.setattr(Form, "__getitem__", by_name)
                patch.setattr(Form, "list", by_list)
                await sender.send(form, pairs, files_for(form))
            unread += [f"{of}: {each.name}" for each in form.fields if each.typed and each.name not in read]
    return unread
