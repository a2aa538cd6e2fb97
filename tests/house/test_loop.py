"""Nobody's request holds the loop: measured in processor time of its thread, so that a busy machine changes nothing."""

import asyncio
import json
import time
from contextlib import contextmanager
from decimal import Decimal

import pytest

from tests.house.routes import every_route
from tests.house.test_forgery import UNSAFE, address
from tests.house.test_malformed import asked
from web.cells import Head
from web.sheets import About, streamed_sheet

MOST = 0.1  # seconds of a processor like the one this was written on
NOMINAL = 0.019  # what `slowness` takes there
LONG = "ს" * 150_000
FIELDS = "&".join(f"{'x' * 240}{n}=1" for n in range(1990))
FORMS = {"many fields": FIELDS.encode(), "a long text": f"reason={LONG}".encode()}
BODIES = {"a long list": json.dumps({"a": [{"b": 1}] * 40_000}), "a long text": json.dumps({"reason": LONG})}
GETS = ("?page=500", "?q=" + "a" * 100, "?" + "&".join(f"x{n}=1" for n in range(400)))


def slowness() -> float:
    """How much slower this processor is than the one of NOMINAL; its best of three."""

    def once() -> float:
        begun = time.thread_time()
        sum(len(str(n)) for n in range(150_000))
        return time.thread_time() - begun

    return max(1.0, min(once() for _ in range(3)) / NOMINAL)


@contextmanager
def watched():
    """What each callback of the loop takes of its thread's processor, under the name it is given by `watched.at`."""
    took: dict[str, float] = {}
    here = {"name": ""}
    run = asyncio.events.Handle._run

    def timed(handle):
        begun = time.thread_time()
        try:
            return run(handle)
        finally:
            spent = time.thread_time() - begun
            took[here["name"]] = max(spent, took.get(here["name"], 0.0))

    asyncio.events.Handle._run = timed  # type: ignore[method-assign]
    try:
        yield took, here
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]


@pytest.mark.parametrize("who", ["anonymous", pytest.param("manager", marks=pytest.mark.drill)])
async def test_no_route_holds_the_loop_whatever_is_sent(who, cast, client):
    if who != "anonymous":
        await client.sign_in(cast.people[who])
    most, form = MOST * slowness(), {"content-type": "application/x-www-form-urlencoded"}
    with watched() as (took, here):

        async def ask(name, method, *args, **more):
            """Once more where it took long: then templates and words are read, as a service does when it starts."""
            here["name"] = name
            await asked(method, *args, **more)
            if took[name] > most:
                del took[name]
                await asked(method, *args, **more)

        for route in UNSAFE:
            if who == "anonymous" and not route.public:
                continue
            api = route.path.startswith("/api/")
            for name, body in (BODIES if api else FORMS).items():
                headers = {"content-type": "application/json"} if api else form
                await ask(
                    f"{route}: {name}", client.request, route.method, address(route), content=body, headers=headers
                )
        for route in every_route():
            if route.method == "GET" and (who != "anonymous" or route.public) and "{" not in route.path:
                for query in GETS:
                    await ask(f"{route}{query[:20]}", client.get, address(route) + query)
    assert {name: round(spent, 3) for name, spent in took.items() if spent > most} == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_long_list_as_a_file_holds_nobody_up(kind, cast, client):
    """Twenty thousand rows, made beside the loop."""

    async def parts():
        for first in range(0, 20_000, 1000):
            yield [*range(first, first + 1000)]

    def lines(part):
        return [[f"Row {n}", Decimal(n), "Vani Youth", None, "ვანი"] * 3 for n in part]

    about = About("rows", "Rows", "/rows", public=True)
    with watched() as (took, _here):
        answer = await streamed_sheet(about, [Head("A")] * 15, parts(), lines, kind)
        size = 0
        async for piece in answer.iterator:
            size += len(piece)
    assert size == int(answer.headers["Content-Length"])
    assert max(took.values()) < MOST * slowness()
