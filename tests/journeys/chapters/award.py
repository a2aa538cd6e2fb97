"""The director approves; the agreement is drafted, offered, signed as a scan and countersigned."""

from __future__ import annotations

from datetime import timedelta

from foundation.clock import today
from tests.journeys.people import Person, Story, scan


async def the_director_approves(story: Story, number: str) -> str:
    """The reference of the grant that comes of it."""
    director = await story.person("director", f"/approvals/{number}")
    await director.press("Approve {amount}", amount="€4,500")
    director = await story.person("director", f"/approvals/{number}")
    await director.follow("Go to the grant {reference}", reference="G-")
    return director.path.rsplit("/", 1)[1]


async def the_agreement_is_drafted_and_signed(story: Story, grant: str) -> None:
    at = f"/awards/{grant}"
    curator = await story.person("curator", at)
    await draft(curator, at)
    director = await story.person("director", at)
    await director.press("Offer the agreement")
    signatory = await story.person("signatory", f"{at}/signature")
    await signatory.fill(scan=scan("ხელშეკრულება.pdf"))
    await signatory.press("Sign and send")
    await director.open(f"{at}/countersignature")
    await director.press("Countersign")
    await director.open(at)
    await director.sees("active")


async def draft(curator: Person, at: str) -> None:
    """The grant began a month ago, so that its first report can be written today."""
    first, last = today() - timedelta(days=30), today() + timedelta(days=150)
    await curator.open(f"{at}/terms")
    await curator.fill(
        starts_on=first.isoformat(), ends_on=last.isoformat(),
        offer_expires_on=(today() + timedelta(days=20)).isoformat(), agreement_language="both", prevailing_language="ka",
    )  # fmt: skip
    await curator.press("Save")
    await curator.open(f"{at}/calendar")
    yesterday = today() - timedelta(days=1)
    for n, (kind, start, end) in enumerate([("interim", first, yesterday), ("final", today(), last)]):
        period = {"kind": kind, "period_from": start, "period_to": end, "due_on": end + timedelta(days=14)}
        await curator.fill(**{f"reports__{n}__{name}": str(content) for name, content in period.items()})
    await curator.press("Save")
    await curator.open(f"{at}/tranches/plan?parts=2")
    await curator.fill(tranches__0__amount="4000", tranches__0__agreement_active=True, tranches__1__amount="500")
    await curator.fill(tranches__1__report="1")
    await curator.press("Save")
