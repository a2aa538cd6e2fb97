"""A public page is made once for each state of things, and never from what only one person may see."""

import pytest

from entrypoints.site import refresh_site
from foundation.database import DB, execute, transaction
from lifecycle.record import record
from tests.builders.calls import a_call
from tests.cast import make_cast
from tests.conftest import Browser
from web import fresh
from web.shell import SITE


@pytest.fixture
async def visited(committing, application_asgi):
    """A cast, an open call, and the page of it as somebody has just seen it."""
    fresh._made.clear()
    cast = await make_cast()
    call = await a_call(cast, state="open", title_en="Village budgets")
    await refresh_site(force=True)
    async with Browser(application_asgi) as browser:
        page = Page(browser, f"/en/calls/{call.reference}")
        await page.seen()
        yield page, cast, call
    fresh._made.clear()


class Page:
    def __init__(self, browser, path):
        self.browser, self.path = browser, path

    async def seen(self, **headers):
        before = DB.statements
        self.answer = await self.browser.get(self.path, headers=headers)
        self.statements = DB.statements - before
        return self.answer


async def test_the_second_visitor_gets_it_as_it_was_made(visited):
    page, _cast, _call = visited
    first = page.answer
    second = await page.seen()
    assert page.statements == 1 and second.status_code == 200
    assert second.content == first.content and b"Village budgets" in second.content
    same = ("etag", "cache-control", "vary", "content-type", "content-security-policy")
    assert [second.headers[name] for name in same] == [first.headers[name] for name in same]
    again = await page.seen(**{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, page.statements) == (304, b"", 1)


async def test_other_words_make_another_page(visited):
    page, _cast, _call = visited
    tag = page.answer.headers["etag"]
    page.path = page.path.replace("/en/", "/ka/")
    assert (await page.seen()).headers["etag"] != tag and page.statements > 1


async def test_what_is_recorded_of_the_call_makes_it_new(visited):
    page, cast, call = visited
    tag = page.answer.headers["etag"]
    async with transaction():
        await execute("UPDATE call SET deadline = deadline + interval '1 day' WHERE id = $1", call.id)
        await record("call.deadline_extended", cast.manager, call, after=str(call.deadline))
    assert (await page.seen()).headers["etag"] != tag and page.statements > 1


async def test_what_the_frame_shows_makes_it_new(visited):
    page, _cast, _call = visited
    tag = page.answer.headers["etag"]
    SITE.ribbon = [{"slug": "vani", "share": 1.0}]
    assert (await page.seen()).headers["etag"] != tag


async def test_nobody_gets_what_was_made_for_somebody_signed_in(visited):
    page, cast, _call = visited
    anonymous = page.answer
    await page.browser.sign_in(cast.editor)
    theirs = await page.seen(**{"if-none-match": anonymous.headers["etag"]})
    assert theirs.status_code == 200 and "etag" not in theirs.headers
    assert theirs.headers["cache-control"] == "no-store" and b"Account" in theirs.content
    page.browser.cookies.clear()
    assert (await page.seen()).content == anonymous.content


async def test_a_call_that_is_gone_from_sight_is_not_shown_from_memory(visited):
    page, _cast, call = visited
    async with transaction():
        await execute("SELECT set_config('role', 'none', true)")
        await execute("SELECT set_config('subgrants.importing', 'on', true)")
        await execute(
            "UPDATE call SET state = 'cancelled', opened_at = NULL, cancel_reason = 'x' WHERE id = $1", call.id
        )
    assert (await page.seen()).status_code == 404


async def test_what_a_transaction_sees_is_not_remembered(committing):
    fresh._made.clear()
    async with transaction():
        fresh.remember('W/"a"', b"not yet")
    assert not fresh._made
    fresh.remember('W/"a"', b"now")
    assert fresh._made.pop('W/"a"') == b"now"


async def test_the_longest_unasked_is_forgotten(committing, monkeypatch):
    fresh._made.clear()
    monkeypatch.setattr(fresh, "MOST_BYTES", 10)
    for letter in "abc":
        fresh.remember(letter, letter.encode() * 4)
    assert list(fresh._made) == ["b", "c"]
    fresh._made.clear()
