"""A real Chromium and a real server with the example programme, for tests that see what people see."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Response, async_playwright

from entrypoints.example import PASSWORD
from tests import as_installed
from tests.conftest import _named, _sql
from tests.ledger import LEDGER
from tests.patience import PATIENCE
from tools.chromium import HOW, installed
from tools.site import CHROMIUM_FLAGS, Site, copy_files, load_example, running_site

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@dataclass
class Visitor:
    """Somebody at a browser window. What the console says against us is kept in `complaints`."""

    site: Site
    page: Page
    context: BrowserContext
    language: str = "en"
    complaints: list[str] = field(default_factory=list)

    async def visit(self, path: str) -> Response:
        """Open the path, which may leave its language out."""
        return await visit(
            self.page, self.site.url(path if path[:4] in ("/ka/", "/en/") else f"/{self.language}{path}")
        )

    async def leave(self) -> None:
        await self.context.close()


SignedIn = Callable[..., Awaitable[Visitor]]


async def visit(page: Page, url: str) -> Response:
    answer = await page.goto(url, wait_until="load")
    assert answer is not None, url
    return answer


@pytest.fixture(scope="session")
def example_template(dsn, worker_id):
    """A database with the example, to be copied, and the folder of its files."""
    name = f"example_{worker_id}_{os.getpid()}"
    files = Path(tempfile.mkdtemp(prefix="sg-example-"))
    with _new_database(dsn, name) as own:
        load_example(own, files, PYTHONPATH=as_installed.PATH)
        yield name, files
    shutil.rmtree(files, ignore_errors=True)


@pytest.fixture(scope="session")
def new_site(dsn, example_template):
    """Starts a service on a copy of the example; with worker=True what is due is done as well."""
    template, files = example_template
    with ExitStack() as stack:

        def start(name: str, worker: bool = False, **more) -> Site:
            own = stack.enter_context(_new_database(dsn, f"{name}_{template}", template))
            folder = copy_files(files, Path(tempfile.mkdtemp(prefix="sg-site-")))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            return stack.enter_context(running_site(own, folder, worker=worker, PYTHONPATH=as_installed.PATH, **more))

        yield start


@pytest.fixture(scope="session")
def example_site(new_site) -> Site:
    """The example for looking only: tests that change something start a site of their own."""
    return new_site("looked_at")


@pytest.fixture(scope="session")
async def chromium():
    path = installed()
    if path is None:
        pytest.fail(HOW)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def people(chromium):
    """`await people(site)` gives `signed_in`: role → a visitor who came in through the sign-in form."""
    return lambda site: SigningIn(chromium, site)


@pytest.fixture(scope="session")
async def signed_in(chromium, example_site):
    """`await signed_in("curator")` on the example for looking; `await signed_in(None)` is a visitor from outside."""
    return SigningIn(chromium, example_site)


class SigningIn:
    """Each person types the password once; later windows of theirs begin with the same session."""

    def __init__(self, browser: Browser, site: Site):
        self.browser, self.site, self.sessions = browser, site, {}

    async def __call__(self, role: str | None, language: str = "en", size: dict | None = None, **options) -> Visitor:
        if role and role not in self.sessions:
            await self._enter(role)
        state = self.sessions[role] if role else None
        return await self._window(language, size or DESKTOP, storage_state=state, **options)

    async def cookies(self, role: str | None) -> dict[str, str]:
        """The session as an HTTP client wants it."""
        if role and role not in self.sessions:
            await self._enter(role)
        return {each["name"]: each["value"] for each in self.sessions[role]["cookies"]} if role else {}

    async def _enter(self, role: str) -> None:
        if "." in role:
            await self._without_password(role)
        else:
            await self._sign_in(role)

    async def _without_password(self, role: str) -> None:
        """The example's other organisations have people without a password; a session is opened for them."""
        token = f"session of {role}".replace(" ", "-")
        connection = await asyncpg.connect(self.site.dsn)
        await connection.execute(
            "INSERT INTO session (token_sha256, account_id, expires)"
            " SELECT $1, id, clock_timestamp() + interval '1 day' FROM account WHERE email = $2",
            hashlib.sha256(token.encode()).digest(),
            f"{role}@example.org",
        )
        await connection.close()
        cookie = {"name": "sid", "value": token, "domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True,
                  "secure": False, "sameSite": "Lax"}  # fmt: skip
        self.sessions[role] = {"cookies": [cookie], "origins": []}

    async def _sign_in(self, role: str) -> None:
        visitor = await self._window("en", DESKTOP)
        await visitor.visit("/sign-in")
        await visitor.page.fill("[name=email]", f"{role}@example.org")
        await visitor.page.fill("[name=password]", PASSWORD)
        await visitor.page.click("main form button[type=submit], main form button:not([type])")
        await visitor.page.wait_for_load_state("load")
        assert "/sign-in" not in visitor.page.url, await visitor.page.inner_text("main")
        self.sessions[role] = await visitor.context.storage_state()
        await visitor.leave()

    async def _window(self, language: str, size: dict, **options) -> Visitor:
        locale = {"ka": "ka-GE", "en": "en-GB"}[language]
        context = await self.browser.new_context(viewport=size, locale=locale, **options)
        context.set_default_timeout(PATIENCE * 1000)
        LEDGER.watch_window(context)
        page = await context.new_page()
        visitor = Visitor(self.site, page, context, language)
        page.on("console", lambda said: visitor.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor


class _new_database:
    """A database on the tests' server, empty or a copy of a template; gone afterwards."""

    def __init__(self, server: str, name: str, template: str | None = None):
        self.server, self.name, self.template = server, name, template

    def __enter__(self) -> str:
        copied = f' TEMPLATE "{self.template}"' if self.template else ""
        self._say(f'CREATE DATABASE "{self.name}"{copied}')
        return _named(self.server, self.name)

    def __exit__(self, *_):
        self._say(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        # in a thread, because the tests' own loop may be running here
        with ThreadPoolExecutor(1) as aside:
            aside.submit(asyncio.run, _sql(self.server, statement)).result()
