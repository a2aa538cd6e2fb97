"""Whose files wait for whose: one at a time for each person, in turns, and nobody is forgotten."""

import asyncio

from uploads.fair import Fair


async def holds(queue, who, told, gate):
    async with queue.turn(who):
        told.append(who)
        await gate.wait()


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_another_person_does_not_wait_for_many_files_of_one():
    queue, told, gate = Fair(2), [], asyncio.Event()
    many = [asyncio.ensure_future(holds(queue, "many", told, gate)) for _ in range(14)]
    await settle()
    assert told == ["many"], "one person holds one place"
    other = asyncio.ensure_future(holds(queue, "other", told, asyncio.Event()))
    await settle()
    assert told == ["many", "other"]
    gate.set()
    await asyncio.gather(*many)
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert (queue.free, queue.holding, queue.waiting) == (2, set(), {})


async def test_who_waits_take_turns():
    queue, told, gate = Fair(1), [], asyncio.Event()
    gate.set()
    first = asyncio.Event()
    busy = asyncio.ensure_future(holds(queue, "first", told, first))
    await settle()
    waiting = [asyncio.ensure_future(holds(queue, who, told, gate)) for who in ["a", "a", "a", "b", "c", "b"]]
    await settle()
    first.set()
    await asyncio.gather(busy, *waiting)
    assert told == ["first", "a", "b", "c", "a", "b", "a"]


async def test_who_goes_away_while_waiting_leaves_no_gap():
    queue, told, gate, first = Fair(1), [], asyncio.Event(), asyncio.Event()
    gate.set()
    busy = asyncio.ensure_future(holds(queue, "first", told, first))
    await settle()
    gone, last = [asyncio.ensure_future(holds(queue, who, told, gate)) for who in ("gone", "last")]
    await settle()
    gone.cancel()
    first.set()
    await asyncio.gather(busy, gone, last, return_exceptions=True)
    assert told == ["first", "last"] and queue.free == 1


async def test_who_goes_away_as_they_are_called_hands_the_place_on():
    queue, told, gate, first = Fair(1), [], asyncio.Event(), asyncio.Event()
    gate.set()
    busy = asyncio.ensure_future(holds(queue, "first", told, first))
    await settle()
    gone, last = [asyncio.ensure_future(holds(queue, who, told, gate)) for who in ("gone", "last")]
    await settle()
    queue._done("first")  # the place is free, and theirs, before they have heard of it
    gone.cancel()
    await settle()
    assert told == ["first", "last"]
    queue.holding.add("first")
    queue.free -= 1
    first.set()
    await asyncio.gather(busy, gone, last, return_exceptions=True)
    assert queue.free == 1
