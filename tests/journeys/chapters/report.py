"""The grant promises a number; the organisation reports it with evidence; it is verified and accepted by two."""

from __future__ import annotations

from tests.journeys.people import PICTURES, Story, scan

REPORTED, WOMEN, MEN = 38, 21, 17


async def a_number_is_promised(story: Story, grant: str) -> None:
    curator = await story.person("curator", f"/promises/{grant}/edit")
    target = await curator.page.locator('main [name^="promises."][name$=".target"]').first.get_attribute("name")
    await curator.fill(**{target.replace("target", "promised"): True, target: "180"})
    await curator.press("Save")


async def it_is_reported(story: Story, grant: str) -> None:
    """In Georgian; the visit that the curator approved counts as evidence, and so does a photo of one's own."""
    at = f"/reports/{grant}/1"
    editor = await story.person("editor")
    await story.worker_until(editor, at, "The report is not submitted yet")
    await editor.open(f"{at}/results/I-1")
    await editor.fill(total=REPORTED, women=WOMEN, men=MEN, evidence=[PICTURES / "p4.webp"], visits=True)
    await editor.press("Save")
    await editor.open(f"{at}/spending/1")
    await editor.fill(spent="750.00", receipts=[scan("ქვითარი.pdf")])
    await editor.press("Save")
    await editor.open(f"{at}/story")
    await editor.fill(done_ka="ორ სოფელში შეხვედრა გაიმართა.", changed_ka="ბიუჯეტის პროექტს სოფელი უკვე კითხულობს.")
    await editor.press("Save")
    signatory = await story.person("signatory", f"{at}/check")
    await signatory.fill(declared=True)
    await signatory.press("Submit the report")


async def it_is_verified_and_accepted_by_two(story: Story, grant: str) -> None:
    at = f"/reports/{grant}/1"
    curator = await story.person("curator", at)
    await curator.press("Begin to verify")
    await curator.open(f"{at}/verification/values/I-1")
    await curator.fill(verdict="verified", note="Counted on the spot.")
    await curator.press("Save")
    await curator.open(f"{at}/verification/spending")
    await curator.press("Save the accepted amounts")
    await curator.open(f"{at}/verification")
    await curator.press("Finish verifying")
    for role in ("manager", "finance"):
        person = await story.person(role, at)
        await person.press("Agree to accept {amount}", amount="€750")
    await person.sees("Its numbers count in the results of the programme", within="body")
