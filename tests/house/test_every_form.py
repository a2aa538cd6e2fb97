"""Every form of the example, sent with nonsense and sent too late: what comes back is a page people can go on from."""

import pytest

from tests.house.looking import told, wrongs
from tests.house.walking import UNLINKED, pages, places_of, write_letters

pytestmark = pytest.mark.walk


@pytest.fixture(scope="session")
async def forms_site(new_site):
    """A service of its own: a form that takes nonsense after all changes something."""
    site = new_site("sent_to")
    await write_letters(site)
    return site


@pytest.fixture(scope="session")
async def senders(people, forms_site):
    kept, signed_in = {}, people(forms_site)

    async def window(who):
        if who not in kept:
            kept[who] = await signed_in(who, "ka", {"width": 390, "height": 844})
        return kept[who]

    yield window
    for visitor in kept.values():
        await visitor.leave()


@pytest.mark.parametrize("route", pages())
async def test_nonsense_comes_back_as_typed(route, walked, senders):
    wrong: dict[str, list[str]] = {}
    if route not in walked.places and route not in UNLINKED:
        return  # no page of its own
    for place in places_of(route, walked):
        visitor = await senders(place.who)
        for number in range(await forms_at(visitor, place.path, FORMS)):
            await forms_at(visitor, place.path, FORMS)
            typed = await visitor.page.evaluate(FILL, number)
            answer = await send(visitor, FORMS, number)
            found = await judged(visitor, answer, typed)
            if found:
                wrong[f"{place}, form {number + 1}"] = found
    if wrong:
        pytest.fail(told(wrong), pytrace=False)


@pytest.mark.parametrize("route", pages())
async def test_a_form_that_is_too_old_is_refused_with_a_page(route, walked, senders):
    wrong: dict[str, list[str]] = {}
    if route not in walked.places:
        return
    for place in places_of(route, walked)[:1]:
        visitor = await senders(place.who)
        for number in range(await forms_at(visitor, place.path, REVISED)):
            await forms_at(visitor, place.path, REVISED)
            await visitor.page.evaluate(AGE, number)
            answer = await send(visitor, REVISED, number)
            found = [] if answer.status in (409, 422) else [f"{answer.status} for an old revision"]
            found += await wrongs(calm(visitor), "ka", (360,), painted=False)
            if found:
                wrong[f"{place}, form {number + 1}"] = found
    if wrong:
        pytest.fail(told(wrong), pytrace=False)


async def forms_at(visitor, path, which) -> int:
    answer = await visitor.visit(path)
    return await visitor.page.locator(which).count() if answer.ok else 0


async def send(visitor, which, number):
    """Past the browser's own checks, as a script or an old browser would."""
    async with visitor.page.expect_navigation() as waiting:
        await visitor.page.locator(which).nth(number).evaluate(SEND)
    return await waiting.value


async def judged(visitor, answer, typed) -> list[str]:
    if answer.status < 400:
        return []  # there was nothing to refuse
    found = [] if answer.status in (409, 422) else [f"{answer.status}: {(await visitor.page.inner_text('body'))[:200]}"]
    if answer.status == 422:
        found += [
            f"{name} came back as {now!r}, typed {was!r}" for name, was, now in await visitor.page.evaluate(BACK, typed)
        ]
        found += await visitor.page.evaluate(SUMMARY)
    return found + await wrongs(calm(visitor), "ka", (360,), painted=False)


def calm(visitor):
    """The browser itself complains about every status of 400 and above."""
    visitor.complaints[:] = [said for said in visitor.complaints if "Failed to load resource" not in said]
    return visitor


FORMS = "main form[method=post]:has(input:not([type=hidden]), textarea, select)"
WRITTEN_BY_SEVERAL = "main form[method=post]:has([name=seen]):has(input[type=text], textarea)"
REVISED = f"main form[method=post]:has([name=revision]), {WRITTEN_BY_SEVERAL}"
SEND = """form => {
  form.noValidate = true;
  const buttons = [...form.querySelectorAll("button")].filter(b => b.type === "submit");
  form.requestSubmit(buttons.find(b => !b.name) ?? buttons.at(-1));
}"""
# What is typed into each kind of field; texts are left empty, so that what is required is missed.
FILL = """number => {
  const form = [...document.querySelectorAll(FORMS)][number];
  const typed = {};
  for (const field of form.querySelectorAll("input, textarea")) {
    if (["hidden", "submit", "checkbox", "radio", "file"].includes(field.type) || field.readOnly) continue;
    const odd = ["number", "date", "email", "tel"].includes(field.type) || ["numeric", "decimal"].includes(field.inputMode);
    if (["number", "date", "email"].includes(field.type)) field.type = "text";
    field.value = odd ? "ა<b>1" : "";
    if (odd) typed[field.name] = field.value;
  }
  return typed;
}""".replace("FORMS", repr(FORMS))
BACK = """typed => Object.entries(typed).flatMap(([name, was]) => {
  const field = document.querySelector(`main form [name="${CSS.escape(name)}"]`);
  return !field ? [[name, was, null]] : (field.getAttribute('value') ?? field.value) === was ? [] : [[name, was, field.value]];
})"""
SUMMARY = """() => {
  const summary = document.querySelector("main .errors, main [role=alert]");
  if (!summary) return ["no summary of errors on top"];
  return [...summary.querySelectorAll("a[href^='#']")].filter(a => !document.getElementById(a.hash.slice(1)))
    .map(a => `the summary leads to ${a.hash}, which is not there`);
}"""
# A form opened long ago: an older revision, or other letters for each field, and words of one's own in all of them.
AGE = """number => {
  const form = [...document.querySelectorAll(REVISED)][number];
  const revision = form.querySelector("[name=revision]"), seen = form.querySelector("[name=seen]");
  if (revision) revision.value -= 1;
  if (!seen) return;
  seen.value = seen.value.replace(/:[0-9a-f]+/g, letters => ":" + "0".repeat(letters.length - 1));
  for (const field of form.querySelectorAll("input[type=text], textarea")) field.value += " mine";
}""".replace("REVISED", repr(REVISED))
