"""Reviewers are assigned, declare and score; the committee decides and its chair signs the minutes."""

from __future__ import annotations

from foundation.clock import today
from tests.journeys.people import Story

POINTS = {"reviewer": ("18", "8"), "reviewer2": ("15", "9")}


async def two_reviewers_score(story: Story, call: dict, number: str) -> None:
    at = f"/calls/{call['reference']}/reviews"
    manager = await story.person("manager", at)
    await manager.press("Assign as suggested")
    for role in POINTS:
        await declare(story, role, number)
    await manager.open(at)
    await manager.press("Start the evaluation")
    for role, points in POINTS.items():
        await score(story, role, number, points)
    await manager.open(f"/applications/{number}")
    await manager.sees("scored")


async def declare(story: Story, role: str, number: str) -> None:
    reviewer = await story.person(role, f"/reviews?q={number}")
    await reviewer.read_first("A budget with open doors")
    assert "სოფლის ბიუჯეტი საჯაროდ" not in await reviewer.page.inner_text("main"), "closed before the declaration"
    await reviewer.fill(conflict="false")
    await reviewer.press("Declare")
    await reviewer.reads("სოფლის ბიუჯეტი საჯაროდ")


async def score(story: Story, role: str, number: str, points: tuple[str, str]) -> None:
    reviewer = await story.person(role, f"/reviews?q={number}")
    await reviewer.read_first("A budget with open doors")
    fields = reviewer.page.locator("main [name$='.points']")
    for n, given in enumerate(points):
        await fields.nth(n).fill(given)
        await (
            reviewer.page.locator("main [name$='.comment']")
            .nth(n)
            .fill("The need is shown and the plan can be checked.")
        )
    await reviewer.press("Save and continue")
    await reviewer.press("Lock the review")


async def the_committee_decides(story: Story, call: dict, number: str) -> None:
    at = f"/calls/{call['reference']}"
    chair = await story.person("chair", f"{at}/ranking")
    await chair.reads("A budget with open doors")
    await chair.press("Open minutes")
    minutes = chair.path
    await chair.fill(
        held_on=today().isoformat(), present="Five members", text="The committee discussed one application."
    )
    await chair.press("Save")
    await chair.open(f"{at}/ranking/{number}")
    await chair.fill(outcome="approve", amount="4500", reason="The need is shown, the budget is modest.")
    await chair.press("Write into the minutes")
    await chair.open(minutes)
    await chair.press("Save and sign the minutes")
    await chair.open(f"{at}/ranking")
    await chair.press("The call is decided")
