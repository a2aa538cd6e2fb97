"""Timed work: what is due runs, what fails does not stop the others."""

from lifecycle import timed
from lifecycle.timed import Timed


async def test_one_failing_verb_does_not_stop_the_others(monkeypatch):
    ran = []

    async def breaks():
        raise ValueError("no")

    async def works():
        ran.append("works")

    monkeypatch.setattr(timed, "TIMED", [Timed(breaks, 60), Timed(works, 60)])
    await timed.run_timed()
    await timed.run_timed()
    assert ran == ["works"]
