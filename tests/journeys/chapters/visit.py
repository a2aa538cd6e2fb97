"""A visit is planned, recorded on a phone with photos, and approved by somebody who was not there."""

from __future__ import annotations

from foundation.clock import today
from tests.journeys.people import PICTURES, Story


async def a_visit_is_planned_and_recorded(story: Story, grant: str) -> str:
    curator = await story.person("curator", f"/visits/new?grant={grant}")
    day = today().isoformat()
    await curator.fill(planned_from=day, planned_to=day, purpose_ka="შეხვედრა სოფელში", purpose_en="A village meeting")
    await curator.press("Plan the visit")
    at = curator.path
    await curator.press("Confirm the visit")
    phone = await story.person("curator", f"{at}/record", phone=True)
    await phone.fill(
        on_track="yes", women="21", men="17", notes="ოთახი სავსეა; ოქმი დაფაზეა.", eu_visibility="yes",
        documents_seen="yes", visited_on=day, place="სოფელი ზედა ვანი", no_position_reason="ხეობაში კავშირი არ არის",
    )  # fmt: skip
    await phone.fill(photos=[PICTURES / f"p{n}.webp" for n in (1, 2, 3)], consent=True)
    await phone.press("Save")
    first = phone.page.locator("main .shots--wide li").first
    await first.locator("[name$='.caption']").fill("Residents discuss the budget")
    await first.locator("[name$='.public']").check(force=True)
    await phone.press("Send")
    await phone.reads("Residents discuss the budget")
    return at


async def a_finding_is_written(story: Story, at: str) -> str:
    """Its address; the organisation reads and answers it once it is shared."""
    curator = await story.person("curator", f"{at}/findings/new")
    await curator.fill(kind="problem", severity="medium", text="დასწრების სიას ხელმოწერები აკლია.", photos=True)
    await curator.press("Save the finding")
    await curator.open(at)
    await curator.follow("problem")
    return curator.path


async def somebody_else_approves_it(story: Story, at: str) -> None:
    curator = await story.person("curator", at)
    await curator.press("Submit for review")
    manager = await story.person("manager", at)
    await manager.press("Approve the visit")
    await manager.sees("approved")


async def the_organisation_answers(story: Story, finding: str) -> None:
    curator = await story.person("curator", finding)
    await curator.press("Share with the organisation")
    signatory = await story.person("signatory", finding)
    await signatory.fill(response_kind="agrees", response="სიებს შევავსებთ და გამოგიგზავნით.")
    await signatory.press("Send the answer")
    manager = await story.person("manager", finding)
    await manager.press("Make it final")
