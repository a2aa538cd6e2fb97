"""What follows a finding: a recommendation with an owner and a date, done, and verified by somebody else."""

from __future__ import annotations

from datetime import timedelta

from foundation.clock import today
from tests.journeys.people import Story, scan


async def it_is_issued_followed_up_and_verified(story: Story, finding: str) -> None:
    curator = await story.person("curator", finding)
    await curator.follow("Write a recommendation")
    await curator.fill(
        text_ka="დასწრების ყველა სიას ხელი მოაწერინეთ.", text_en="Have every attendance list signed.",
        priority="medium", due=(today() + timedelta(days=30)).isoformat(),
    )  # fmt: skip
    await curator.press("Save the draft")
    at = curator.path
    await curator.press("Issue it")
    signatory = await story.person("signatory", at)
    await signatory.press("Accept it")
    await signatory.press("Begin the work")
    await signatory.follow("Report it done")
    await signatory.fill(text="ოთხივე სია ხელმოწერილია.", file=scan("სიები.pdf"))
    await signatory.press("Report it done")
    manager = await story.person("manager", at)
    await manager.follow("Verify it as done")
    await manager.fill(text="I have seen all four lists, signed.")
    await manager.press("Verify it as done")
    await manager.sees("done and verified")
