"""Timed work: what is due runs, what fails does not stop the others."""

from lifecycle import timed


async def test_one_failing_verb_does_not_stop_the_others(monkeypatch):
    monkeypatch.setattr(timed, "TIMED", [])
    ran = []

    @timed.every(60)
    async def breaks():
        raise ValueError("no")

    @timed.every(60)
    async def works():
        ran.append("works")

    await timed.run_timed()
    await timed.run_timed()
    assert ran == ["works"]
