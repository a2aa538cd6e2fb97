"""Every page of the example, in both languages and three widths, in a real browser, as the person it is for."""

import pytest

from tests.house.looking import PHOTO as LARGEST_PHOTO
from tests.house.looking import REQUESTS, WIDTHS, Line, measured, told, wrongs
from tests.house.walking import UNLINKED, pages, places_of

pytestmark = pytest.mark.walk

LANGUAGES = ("ka", "en")
# Georgian words are the longer ones: what holds them on a phone holds the English
WIDTHS_OF = {"ka": WIDTHS, "en": (1280,)}
LIGHT = 75_000


@pytest.fixture(scope="session")
async def windows(signed_in):
    """One window per person and language for all pages, so that a test costs a page and not a browser."""
    kept = {}

    async def window(who, language):
        if (who, language) not in kept:
            visitor = await signed_in(who, language)
            kept[who, language] = visitor, await Line.of(visitor)
        return kept[who, language]

    yield window
    for visitor, _ in kept.values():
        await visitor.leave()


def test_no_link_leads_nowhere(walked):
    if walked.broken:
        pytest.fail("\n".join(walked.broken), pytrace=False)


def test_no_row_for_pages_that_are_gone():
    assert set(UNLINKED) - set(pages()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", pages())
async def test_page(route, language, walked, windows):
    if route in walked.files | walked.forwarding and not walked.places.get(route):
        return  # a file, looked at where it is made; or a way to another page
    wrong: dict[str, list[str]] = {}
    for number, place in enumerate(places_of(route, walked)):
        if number and language == "en":
            break  # the other shapes of a page are looked at in Georgian, whose words are longer
        visitor, line = await windows(place.who, language)
        await visitor.page.set_viewport_size({"width": 360, "height": 800})
        load = await measured(visitor, line, place.path)
        found = await wrongs(visitor, language, WIDTHS_OF[language] if not number else (360,))
        if load.bytes > LIGHT:
            found.append(f"{load.bytes / 1000:.0f} KB on first load")
        if load.requests > REQUESTS:
            found.append(f"{load.requests} requests on first load")
        if load.largest_photo > LARGEST_PHOTO:
            found.append(f"a photo of {load.largest_photo / 1000:.0f} KB")
        if found:
            wrong[str(place)] = found
    if wrong:
        pytest.fail(told(wrong), pytrace=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", [None, "editor"])
async def test_a_page_that_is_not_there(who, language, windows):
    visitor, _ = await windows(who, language)
    visitor.complaints.clear()
    answer = await visitor.visit("/nowhere")
    assert answer.status == 404
    # the browser itself notes every answer of 400 and above
    visitor.complaints[:] = [said for said in visitor.complaints if "Failed to load resource" not in said]
    assert await wrongs(visitor, language) == []
