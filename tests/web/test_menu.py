"""The menu in a real browser: by keyboard, by a click beside it, and without scripts."""

import pytest

from tests.browser import PHONE


@pytest.fixture
async def curator(signed_in):
    visitor = await signed_in("curator")
    await visitor.visit("/en/today")
    yield visitor
    assert visitor.complaints == []
    await visitor.leave()


def sheet(page):
    return page.locator(".menu__sheet")


async def test_it_opens_and_closes_by_keyboard(curator):
    page = curator.page
    await page.locator(".menu summary").focus()
    await page.keyboard.press("Enter")
    await sheet(page).wait_for(state="visible")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('.menu__sheet') !== null")
    await page.keyboard.press("Escape")
    await sheet(page).wait_for(state="hidden")
    assert await page.evaluate("document.activeElement.tagName") == "SUMMARY"


async def test_a_click_beside_it_closes_it(curator):
    page = curator.page
    await page.locator(".menu summary").click()
    await sheet(page).wait_for(state="visible")
    await page.locator("footer").click(position={"x": 5, "y": 5})
    await sheet(page).wait_for(state="hidden")


async def test_without_scripts_it_leads_everywhere_on_a_phone(signed_in):
    visitor = await signed_in("director", "ka", PHONE, java_script_enabled=False)
    page = visitor.page
    await visitor.visit("/ka/today")
    await page.locator(".menu summary").click()
    await sheet(page).get_by_role("link", name="საბუღალტრო ჟურნალი").click()
    await page.wait_for_url("**/ka/ledger")
    await visitor.leave()
