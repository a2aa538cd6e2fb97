"""A curator writes a call, the manager approves it, the worker opens it and closes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.conftest import _sql
from tests.journeys.people import Story, tbilisi

# Time enough to apply in on a slow machine; see it_closes.
OPEN_FOR = timedelta(minutes=10)


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
    deadline = datetime.now(UTC) + OPEN_FOR
    last_on, last_time = tbilisi(deadline)
    await curator.open(f"{at}/terms")
    await curator.fill(deadline_on=last_on, deadline_time=last_time)
    await curator.press("Save and continue")
    await curator.press("Send for approval")
    manager = await story.person("manager", at)
    await manager.press("Approve the call")
    await story.worker_until(manager, at, "Public page")
    return {"reference": reference}


async def part(curator, at: str, name: str, **fields) -> None:
    await curator.open(f"{at}/parts/{name}/new")
    await curator.fill(**fields)
    await curator.press("Save")


async def it_closes(story: Story, call: dict) -> None:
    """Nobody may shorten a call, so the owner of the tables moves its deadline near; then the clock does the rest."""
    await _sql(
        story.site.dsn,
        f"""BEGIN; SET LOCAL subgrants.importing = 'on';
        UPDATE call SET deadline = clock_timestamp() + interval '2 seconds' WHERE reference = '{call["reference"]}'; COMMIT""",
    )
    visitor = await story.person(None)
    await story.worker_until(visitor, f"/calls/{call['reference']}", "closed")
