"""In a real browser: a draft saves itself, two people never overwrite each other, the budget adds up while typed."""

import re

import pytest

from tests.browser import PHONE


@pytest.fixture
async def editor(new_site, people, request):
    site = "drafts" if "saves_itself" in request.node.name else "unconnected"
    visitor = await people(new_site(site))("editor", "ka", PHONE)
    yield visitor
    assert visitor.complaints == []
    await visitor.leave()


async def open_draft(visitor) -> str:
    """The address of a draft of the editor's organisation; one is begun where there is none."""
    await visitor.visit("/ka/calls")
    for call in await visitor.page.eval_on_selector_all("a[href*='/calls/']", "all => all.map(a => a.pathname)"):
        await visitor.visit(call)
        form = visitor.page.locator("form[action$='/applications'][method=post]")
        if await form.count():
            await form.first.locator("button").click()
            await visitor.page.wait_for_url(re.compile("/applications/A-"))
            if await visitor.page.locator("a[href$='/budget']").count():
                return re.sub(r".*(/ka/applications/[^/?#]+).*", r"\1", visitor.page.url)
    raise AssertionError("no open call in the example takes the editor's application")


async def test_a_draft_saves_itself(editor):
    page, home = editor.page, await open_draft(editor)
    sections = await page.eval_on_selector_all("a[href*='/sections/']", "all => all.map(a => a.pathname)")
    await editor.visit(sections[0])
    field = page.locator("form[data-draft] textarea, form[data-draft] input.inp").first
    await field.fill("ნახევარი წინადადება")
    async with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        await field.blur()
    assert (await saved.value).status == 200
    await page.reload()
    assert await page.locator("form[data-draft] textarea, form[data-draft] input.inp").first.input_value() == (
        "ნახევარი წინადადება"
    )
    await editor.visit(f"{home}/budget")
    await page.click("button[value=add]")
    row = len(await page.query_selector_all("[data-line]")) - 1
    for name, typed in (("quantity", "1,5"), ("unit_cost", "1 000,33"), ("own_share", "0.5")):
        await page.fill(f"[name='lines.{row}.{name}']", typed)
    amount = page.locator("[data-line]").nth(row).locator("[data-amount]")
    assert (await amount.inner_text()).replace("\xa0", " ").startswith("1 500,50 ")


async def test_words_typed_without_a_connection_come_back_and_are_saved(editor):
    page = editor.page
    await open_draft(editor)
    sections = await page.eval_on_selector_all("a[href*='/sections/']", "all => all.map(a => a.pathname)")
    await editor.visit(sections[0])
    field = page.locator("form[data-draft] textarea").first
    await page.route("**/api/**", lambda route: route.abort())
    await field.fill("სიტყვები კავშირის გარეშე")
    await field.blur()
    await page.wait_for_function("document.querySelector('[data-saved-line]').textContent.includes('კავშირი არ არის')")
    await page.goto("about:blank")
    await page.unroute("**/api/**")
    async with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
        await editor.visit(sections[0])
    assert (await saved.value).status == 200
    await page.reload()
    assert await page.locator("form[data-draft] textarea").first.input_value() == "სიტყვები კავშირის გარეშე"
    assert await page.evaluate("Object.keys(localStorage).length") == 0
    editor.complaints.clear()  # the browser's own word about the connection
