"""The donor, in English: from the page of figures down to the photo a number rests on."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from playwright.async_api import Locator

from tests.journeys.chapters.report import REPORTED
from tests.journeys.people import Person, Story

MOST_CLICKS = 4


async def the_number_before(story: Story) -> int:
    donor = await story.person("donor", "/donor/results/I-1")
    return await verified(donor)


async def verified(donor: Person) -> int:
    told = await donor.page.locator("main .facts").first.inner_text()
    found = re.search(r"Verified\n+([\d ,]+)", told)
    assert found, told
    return int(re.sub(r"\D", "", found[1]))


async def the_donor_opens_the_number_down_to_a_photo(story: Story, grant: str, its_visit: str, before: int) -> None:
    """Plain links all the way; the photo is the one whose fingerprint the page shows."""
    donor = await story.person("donor", "/donor")
    main, clicks = donor.page.locator("main"), 0
    indicator = main.locator("#results .res > li").first
    clicks += await click(donor, indicator.get_by_role("link", name="every value"))
    assert await verified(donor) == before + REPORTED
    clicks += await click(donor, main.locator("tr", has_text=grant).locator("a[href*='/donor/values/']").first)
    assert donor.path.startswith("/donor/values/")
    clicks += await click(donor, main.locator(f'a[href$="/donor{its_visit}"]').first)
    photo = main.locator(".proofs li", has_text="Residents discuss the budget")
    assert await photo.count() == 1, await main.inner_text()
    fingerprint = re.search("SHA-256 ([0-9a-f]{64})", await photo.inner_text())[1]
    assert await photo.locator("img").evaluate("i => i.decode().then(() => i.naturalWidth)") > 100
    clicks += await click(donor, photo.locator("a").first)
    assert clicks <= MOST_CLICKS, "the photo lies open, large, with its fingerprint"
    await donor.reads(fingerprint, "body")
    large = donor.page.locator("main .photo img")
    assert await large.evaluate("i => i.decode().then(() => i.naturalWidth)") > 100
    async with donor.page.expect_download() as waiting:
        await donor.page.locator("a[href$='/file']").click()
    file = Path(await (await waiting.value).path()).read_bytes()
    assert hashlib.sha256(file).hexdigest() == fingerprint


async def click(donor: Person, link: Locator) -> int:
    async with donor.page.expect_navigation() as waiting:
        await link.click()
    answer = await waiting.value
    assert answer.ok, f"{answer.status} {answer.url}"
    return 1
