"""An organisation applies, in Georgian; its curator checks it; the manager lets the review begin."""

from __future__ import annotations

from datetime import timedelta

from foundation.clock import today
from tests.journeys.people import Story, scan


async def an_organisation_applies(story: Story, call: dict) -> str:
    """In Georgian: the editor writes, the signatory declares and sends; the receipt carries the number."""
    editor = await story.person("editor", f"/calls/{call['reference']}")
    await editor.press("Apply")
    at = editor.path
    number = at.rsplit("/", 1)[1]
    await editor.sees("The application has not been sent yet")
    await editor.open(f"{at}/about")
    await write_about(editor)
    await write_answers(editor)
    await write_budget(editor)
    await editor.fill("main section:first-of-type", file=scan("ამონაწერი.pdf"))
    await editor.press("Attach")
    await editor.open(f"{at}/check")
    await editor.press("Hand over to the signatory")
    signatory = await story.person("signatory", f"{at}/declaration")
    await signatory.fill(declared=True)
    await signatory.press("Save and continue")
    await signatory.open(f"{at}/check")
    await signatory.press("Send the application")
    await signatory.sees("The application has been sent")
    await signatory.reads(number)
    assert signatory.path == f"{at}/receipt"
    return number


async def write_about(editor) -> None:
    first = today() + timedelta(days=1)
    await editor.fill(
        title_ka="ბიუჯეტი ღია კარით", title_en="A budget with open doors",
        summary_ka="ექვს სოფელში შეხვედრები, სადაც ბიუჯეტს ხალხი განიხილავს.",
        summary_en="Meetings in six villages where people discuss the budget.",
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=200)).isoformat(), language="ka",
    )  # fmt: skip
    await editor.answer("ვანი", True)
    await editor.press("Save and continue")


async def write_answers(editor) -> None:
    await editor.answer("რას შეცვლით?", "სოფლის ბიუჯეტი საჯაროდ განიხილება და ოქმი გამოქვეყნდება.")
    await editor.answer("რამდენი ადამიანი ჩაერთვება?", "180")
    await editor.press("Save and continue")


async def write_budget(editor) -> None:
    row = {"item": "კოორდინატორი", "category": "people", "quantity": "6", "unit": "თვე", "unit_cost": "750"}
    await editor.fill(**{f"lines__0__{name}": content for name, content in row.items()})
    await editor.press("Save and continue")


async def it_is_checked(story: Story, number: str) -> None:
    at = f"/applications/{number}"
    curator = await story.person("curator")
    await curator.open(at)
    await curator.press("Begin the check")
    await curator.answer("Passes", "true")
    await curator.press("Save the check")
    manager = await story.person("manager", at)
    await manager.press("Start the review")
    await manager.sees("in review")
