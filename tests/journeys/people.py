"""How a story is told: who sits at the browser, what they fill in, which button they press, what they then read."""

from __future__ import annotations

import random
import re
import time
from datetime import datetime
from pathlib import Path

from playwright.async_api import expect

from foundation.clock import TBILISI
from foundation.language import gettext, ngettext, speaking
from tests.browser import DESKTOP, PHONE, Visitor
from tests.patience import PATIENCE
from tools.papers import paper
from tools.site import Site, cli, start

expect.set_options(timeout=PATIENCE * 1000)

GEORGIAN = {"editor", "signatory"}


class Story:
    def __init__(self, site: Site, signed_in):
        self.site, self.signed_in, self.windows = site, signed_in, {}

    async def person(self, role: str | None, path: str = "", phone: bool = False) -> Person:
        """Their browser, opened at the path; organisations read Georgian, everybody else English."""
        if (role, phone) not in self.windows:
            language = "ka" if role in GEORGIAN else "en"
            visitor = await self.signed_in(role, language, PHONE if phone else DESKTOP)
            self.windows[role, phone] = Person(visitor, role or "visitor")
        person = self.windows[role, phone]
        if path:
            await person.open(path)
        return person

    async def worker_until(self, person: Person, path: str, words: str) -> None:
        """The worker as its own process, until the page says so: what is due is done by nobody else."""
        with (self.site.data_dir / "worker.log").open("ab") as log:
            process = start(cli("worker"), self.site.dsn, self.site.data_dir, log)
            try:
                deadline = time.monotonic() + PATIENCE
                while time.monotonic() < deadline:
                    await person.open(path)
                    if person.say(words) in await person.page.inner_text("body"):
                        return
                    await person.page.wait_for_timeout(500)
                raise AssertionError(f"{path} never says {words!r}: {await person.page.inner_text('main')}")
            finally:
                process.terminate()
                process.wait(PATIENCE)

    async def leave(self) -> None:
        for person in self.windows.values():
            await person.visitor.leave()


class Person:
    """Words are given in English and looked up in the language the person reads."""

    def __init__(self, visitor: Visitor, role: str):
        self.visitor, self.page, self.role = visitor, visitor.page, role

    def say(self, words: str, n: int | None = None, **names) -> str:
        with speaking(self.visitor.language):
            return ngettext(words, words, n, **names) if n is not None else gettext(words, **names)

    async def open(self, path: str) -> Person:
        answer = await self.visitor.visit(path)
        assert answer.ok, f"{self.role}: {answer.status} for {path}: {await self.page.inner_text('body')}"
        return self

    @property
    def path(self) -> str:
        """Where they are, without the language."""
        return re.sub(r"^https?://[^/]+/(ka|en)", "", self.page.url).split("?")[0]

    async def fill(self, within: str = "main", **fields) -> Person:
        """By the names of the fields; `__` stands for a dot. True ticks, a list ticks several."""
        for name, content in fields.items():
            field = self.page.locator(f'{within} [name="{name.replace("__", ".")}"]')
            assert await field.count(), f"{self.role}, {self.path}: no {name} in: {await self.page.inner_text('main')}"
            await self._fill(field, content)
        return self

    async def _fill(self, field, content) -> None:
        kind = await field.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
        if kind == "select":
            await field.first.select_option(content)
        elif kind == "file":
            await field.first.set_input_files(content)
        elif kind in ("radio", "checkbox"):
            for each in content if isinstance(content, list) else [content]:
                chosen = field if each is True else field.and_(self.page.locator(f'[value="{each}"]'))
                await chosen.first.check(force=True)
        else:
            await field.first.fill(str(content))

    async def answer(self, label: str, content) -> Person:
        """A field by the words above it, as somebody wrote them."""
        await self._fill(self.page.locator("main").get_by_label(label, exact=False), content)
        return self

    async def press(self, words: str, within: str = "main", **names) -> Person:
        """The button with these words; what comes back must be no refusal."""
        button = self.page.locator(within).get_by_role("button", name=self.say(words, **names)).first
        await self._there(button, words)
        async with self.page.expect_navigation():
            await button.click()
        refused = self.page.locator("main .errors")
        if await refused.count():
            raise AssertionError(f"{self.role} pressed {words!r}: {await refused.first.inner_text()}")
        title = await self.page.title()
        assert await self.page.locator("main h1").count() == 1, f"{self.role} pressed {words!r}: {title}"
        return self

    async def _there(self, what, words: str) -> None:
        """What lies under “more” is opened first, as one would."""
        for more in await self.page.locator("main details:not([open]) > summary").all():
            if not await what.count() or not await what.is_visible():
                await more.click()
        said = f"{self.role}, {self.path}: no {self.say(words)!r} in: {await self.page.inner_text('main')}"
        assert await what.count() and await what.is_visible(), said

    async def follow(self, words: str, within: str = "main", **names) -> Person:
        """The link with these words."""
        link = self.page.locator(within).get_by_role("link", name=self.say(words, **names)).first
        await self._there(link, words)
        async with self.page.expect_navigation():
            await link.click()
        return self

    async def read_first(self, title: str) -> Person:
        """Open the first thing of a list that has this title."""
        async with self.page.expect_navigation():
            await self.page.locator("main").get_by_role("link", name=title).first.click()
        return self

    async def sees(self, words: str, within: str = "main", **names) -> Person:
        await expect(self.page.locator(within).first).to_contain_text(self.say(words, **names))
        return self

    async def reads(self, text: str, within: str = "main") -> Person:
        """Content, as somebody wrote it."""
        await expect(self.page.locator(within).first).to_contain_text(text)
        return self


def tbilisi(moment: datetime) -> tuple[str, str]:
    """Day and hour as the fields of a form want them."""
    there = moment.astimezone(TBILISI)
    return there.strftime("%Y-%m-%d"), there.strftime("%H:%M:%S")


def scan(name: str) -> dict:
    """A paper with a name, as a file field takes it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": paper(random.Random(name))}


PICTURES = Path(__file__).parent.parent.parent / "entrypoints" / "example" / "pictures"
