"""The same without JavaScript, as on an old phone: sign in, apply, send, hold the receipt."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from entrypoints.example import PASSWORD
from foundation.clock import today
from tests.browser import PHONE
from tests.journeys.people import Person
from tools import papers


@pytest.fixture(scope="module")
def signed_in(new_site, people):
    return people(new_site("without_scripts"))


@pytest.fixture
async def signatory(signed_in):
    visitor = await signed_in("signatory.ex-02", "ka", PHONE, java_script_enabled=False)
    yield Person(visitor, "signatory")
    await visitor.leave()


async def test_signing_in(signed_in):
    visitor = await signed_in(None, "ka", PHONE, java_script_enabled=False)
    editor = await Person(visitor, "editor").open("/applications")
    assert editor.path == "/sign-in"
    await editor.fill(email="editor@example.org", password=PASSWORD)
    await editor.press("Sign in")
    assert editor.path == "/applications"
    await visitor.leave()


async def test_from_the_open_call_to_the_receipt(signatory):
    await signatory.open("/calls")
    await signatory.page.locator("main .cards a, main .card a").first.click()
    await signatory.press("Apply")
    at = signatory.path
    number = at.rsplit("/", 1)[1]
    await signatory.follow("The project in short")
    first = today() + timedelta(days=60)
    await signatory.fill(
        title_ka="წყარო ყველასთვის", title_en="A spring for all", summary_ka="სოფელი წყაროს ერთად აღადგენს.",
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
    )  # fmt: skip
    await signatory.page.select_option("main [name=municipality_id]", label="ვანი")
    await signatory.press("Save and continue")
    while "/sections/" in signatory.path:
        await answer_everything(signatory)
        await signatory.press("Save and continue")
    assert signatory.path == f"{at}/budget"
    row = {"item": "მილი", "category": "equipment", "quantity": "100", "unit": "მეტრი", "unit_cost": "25"}
    await signatory.fill(**{f"lines__0__{name}": content for name, content in row.items()})
    await signatory.press("Save and add a row")
    await signatory.reads("2 500")
    await signatory.open(f"{at}/documents")
    content = papers.paper(random.Random(9))
    await signatory.fill(file={"name": "ამონაწერი.pdf", "mimeType": "application/pdf", "buffer": content})
    await signatory.press("Attach")
    await signatory.reads("ამონაწერი.pdf")
    await signatory.open(f"{at}/declaration")
    await signatory.fill(declared=True)
    await signatory.press("Save and continue")
    assert signatory.path == f"{at}/check"
    await signatory.press("Send the application")
    assert signatory.path == f"{at}/receipt"
    await signatory.sees("The application has been sent")
    await signatory.reads(number)


async def answer_everything(signatory: Person) -> None:
    """Whatever the section asks."""
    for field in await signatory.page.locator("main form.panel textarea, main form.panel input[type=text]").all():
        numeric = await field.get_attribute("inputmode") in ("decimal", "numeric")
        await field.fill("12" if numeric else "სოფელში წყალი აკლია; მილს ხალხთან ერთად გავიყვანთ.")
    for choice in await signatory.page.locator("main form.panel fieldset.fs").all():
        await choice.locator("input[type=radio]").first.check(force=True)
