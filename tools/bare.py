"""The floor: the same framework and driver with the least SQL that could answer, no sign-in, no rules, a bare page."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import asyncpg
from jinja2 import Environment
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath, FromQuery
from pwdlib.hashers.argon2 import Argon2Hasher

PAGES = Environment(autoescape=True)
LIST = PAGES.from_string("""<!doctype html><title>a</title><table>
{% for r in rows %}<tr><td><a href="/a/{{ r.number }}">{{ r.number }}</a></td><td>{{ r.title_ka }}</td>
<td>{{ r.name_ka }}</td><td>{{ r.requested }}</td><td>{{ r.state }}</td></tr>{% endfor %}</table>""")
ONE = PAGES.from_string("""<!doctype html><title>a</title><dl>
{% for name, content in row.items() %}<dt>{{ name }}</dt><dd>{{ content }}</dd>{% endfor %}</dl>""")
LISTED = (
    "SELECT a.number, a.title_ka, a.requested, a.state, o.name_ka FROM application a"
    " JOIN organisation o ON o.id = a.organisation_id JOIN municipality m ON m.id = a.municipality_id"
    " WHERE a.state = $1 AND m.slug = $2 ORDER BY a.submitted_at DESC LIMIT 50"
)
HASHER = Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1)
FOLDER = Path(tempfile.mkdtemp(prefix="sg-bare-"))
pool: Any = None


@get("/list")
async def listing(now: FromQuery[str], place: FromQuery[str]) -> Response[bytes]:
    return html(LIST.render(rows=await pool.fetch(LISTED, now, place)))


@get("/application/{number:str}")
async def application(number: FromPath[str]) -> Response[bytes]:
    row = await pool.fetchrow(
        "SELECT a.number, a.title_ka, a.state, a.requested, a.body, o.name_ka FROM application a"
        " JOIN organisation o ON o.id = a.organisation_id WHERE a.number = $1",
        number,
    )
    return html(ONE.render(row=row))


@get("/call/{reference:str}")
async def call(reference: FromPath[str]) -> Response[bytes]:
    return html(ONE.render(row=await pool.fetchrow("SELECT * FROM call WHERE reference = $1", reference)))


@get("/donor")
async def donor() -> Response[bytes]:
    row = await pool.fetchrow(
        "SELECT (SELECT sum(budget) FROM programme) AS budget, (SELECT sum(amount) FROM award) AS awarded,"
        " (SELECT sum(amount) FROM ledger_entry WHERE kind = 'payment') AS paid"
    )
    return html(ONE.render(row=row))


@post("/sign-in")
async def sign_in(request: Request) -> Response[bytes]:
    typed = parse_qs((await request.body()).decode())
    row = await pool.fetchrow("SELECT id, password_hash FROM account WHERE email = $1", typed["email"][0])
    right = await asyncio.to_thread(HASHER.verify, typed["password"][0], row["password_hash"])
    assert right
    await pool.execute(
        "INSERT INTO session (token_sha256, account_id, expires)"
        " VALUES ($1, $2, clock_timestamp() + interval '1 hour')",
        hashlib.sha256(secrets.token_bytes()).digest(), row["id"],
    )  # fmt: skip
    return html("ok")


@post("/submission", request_max_body_size=1_000_000)
async def submission(request: Request) -> Response[bytes]:
    """The file on disk and one committed row that names it."""
    content = await request.body()
    digest = hashlib.sha256(content).hexdigest()
    await asyncio.to_thread(_keep, FOLDER / digest, content)
    await pool.execute("INSERT INTO bare_submission (digest) VALUES ($1)", digest)
    return html("ok")


def _keep(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def html(text: str) -> Response[bytes]:
    return Response(text.encode(), media_type="text/html; charset=utf-8", status_code=200)


def app() -> Litestar:
    @asynccontextmanager
    async def lifespan(_: Litestar):
        global pool
        pool = await asyncpg.create_pool(os.environ["SUBGRANTS_DATABASE_URL"], min_size=2, max_size=10)
        # the other process does the same at the same moment
        with suppress(asyncpg.UniqueViolationError, asyncpg.DuplicateTableError):
            await pool.execute("CREATE TABLE IF NOT EXISTS bare_submission (digest text, at timestamptz DEFAULT now())")
        yield
        await pool.close()

    @get("/health/ready")
    async def ready() -> str:
        return "ready"

    return Litestar(
        [listing, application, call, donor, sign_in, submission, ready], lifespan=[lifespan], openapi_config=None
    )
