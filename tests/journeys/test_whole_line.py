"""A grant's whole life in one browser: from a curator's draft of a call to the photo behind the donor's number."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from foundation.clock import today
from tests.journeys.people import Story, tbilisi
from tools import papers

# Long enough to apply in, short enough to wait for: the database's own clock closes the call.
OPEN_FOR = timedelta(seconds=45)


@pytest.fixture
async def story(new_site, people):
    site = new_site("whole_line")
    told = Story(site, people(site))
    yield told
    await told.leave()


async def test_the_whole_line(story):
    call = await a_call_is_written_and_opens(story)
    number = await an_organisation_applies(story, call)
    await until(call["deadline"])
    await the_curator_checks(story, call, number)


async def a_call_is_written_and_opens(story: Story) -> dict:
    """Written by a curator, approved by the manager, opened by the worker."""
    now = datetime.now(UTC)
    (opens_on, opens_time), (first_on, first_time) = tbilisi(now - timedelta(hours=1)), tbilisi(now + timedelta(days=1))
    curator = await story.person("curator", "/manage/calls/new")
    await curator.fill(
        title_ka="სოფლის ბიუჯეტი ხალხთან ერთად", title_en="The village budget together", currency="EUR",
        envelope="9000", min_award="1000", max_award="4500", min_reviews="2", invited_only="false",
        opens_on=opens_on, opens_time=opens_time, deadline_on=first_on, deadline_time=first_time,
    )  # fmt: skip
    await curator.press("Save and continue")
    reference = curator.path.rsplit("/", 1)[1]
    at = f"/manage/calls/{reference}"
    await curator.open(f"{at}/texts")
    await curator.fill(
        summary_ka="მცირე გრანტები სოფლის ბიუჯეტის განხილვისთვის.",
        summary_en="Small grants for talking about the village budget.",
        text_ka="ვაფინანსებთ შეხვედრებს, სადაც ბიუჯეტს ხალხი განიხილავს.",
        text_en="We fund meetings where people discuss the budget.",
        eligibility_ka="რვა მუნიციპალიტეტის ორგანიზაციები.", eligibility_en="Organisations of the eight municipalities.",
    )  # fmt: skip
    await curator.press("Save and continue")
    await part(curator, at, "sections", title_ka="პროექტი", title_en="Project")
    await part(
        curator, at, "questions", label_ka="რას შეცვლით?", label_en="What will you change?", kind="long_text",
        required=True,
    )  # fmt: skip
    await part(
        curator, at, "questions", label_ka="რამდენი ადამიანი ჩაერთვება?", label_en="How many people will take part?",
        kind="number", required=True,
    )  # fmt: skip
    await part(curator, at, "criteria", title_ka="საჭიროება", title_en="Need", max_points="20", weight="60")
    await part(curator, at, "criteria", title_ka="ბიუჯეტი", title_en="Budget", max_points="10", weight="40")
    await part(
        curator, at, "documents", title_ka="ამონაწერი რეესტრიდან", title_en="Extract from the register", required=True
    )
    await part(
        curator, at, "eligibility", title_ka="ორგანიზაცია რეგისტრირებულია", title_en="The organisation is registered"
    )
    # the deadline is set last, so that all of the time is the applicant's
    deadline = datetime.now(UTC) + OPEN_FOR
    last_on, last_time = tbilisi(deadline)
    await curator.open(f"{at}/terms")
    await curator.fill(deadline_on=last_on, deadline_time=last_time)
    await curator.press("Save and continue")
    await curator.press("Send for approval")
    manager = await story.person("manager", at)
    await manager.press("Approve the call")
    await story.worker_until(manager, at, "Public page")
    return {"reference": reference, "deadline": deadline}


async def part(curator, at: str, name: str, **fields) -> None:
    await curator.open(f"{at}/parts/{name}/new")
    await curator.fill(**fields)
    await curator.press("Save")


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
    await editor.fill("main section:first-of-type", file={"name": "ამონაწერი.pdf", "mimeType": "application/pdf", "buffer": paper()})
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
    row = {"item": "კოორდინატორი", "category": "people", "quantity": "6", "unit": "თვე", "unit_cost": "500"}
    await editor.fill(**{f"lines__0__{name}": content for name, content in row.items()})
    await editor.press("Save and continue")


async def the_curator_checks(story: Story, call: dict, number: str) -> None:
    at = f"/applications/{number}"
    curator = await story.person("curator")
    await story.worker_until(curator, f"/calls/{call['reference']}", "The deadline was")
    await curator.open(at)
    await curator.press("Begin the check")
    await curator.answer("Passes", "true")
    await curator.press("Save the check")
    manager = await story.person("manager", at)
    await manager.press("Start the review")
    await manager.sees("in review")


async def until(moment: datetime) -> None:
    await asyncio.sleep(max(0, (moment - datetime.now(UTC)).total_seconds()) + 0.5)


def paper() -> bytes:
    return papers.paper(random.Random(5))
