"""The menu of each role: short in the bar, whole in the sheet, and never a link to what one may not open."""

from uuid import uuid4

import pytest

from accounts.person import Held, Person, Role
from foundation.language import speaking
from web.context import RequestContext, request_context
from web.shell import GROUPS, IN_THE_BAR, MENU, WITHOUT_SHEET, menu

OF_ORGANISATIONS = {Role.EDITOR, Role.SIGNATORY, Role.CURATOR}


def menu_of(person: Person | None, path: str = "/today"):
    token = request_context.set(RequestContext(path=path, person=person))
    try:
        with speaking("en"):
            return menu()
    finally:
        request_context.reset(token)


def somebody(role: Role) -> Person:
    place = frozenset({uuid4()}) if role is Role.CURATOR else frozenset()
    return Person(uuid4(), "x", (Held(role, uuid4() if role in OF_ORGANISATIONS else None, place),))


def texts(items):
    return [item["text"] for item in items]


def test_without_a_sign_in_it_is_three_links_and_no_sheet():
    assert menu_of(None) == {"bar": menu_of(None)["bar"], "groups": []}
    assert texts(menu_of(None)["bar"]) == ["Calls", "Grants", "Results"]


@pytest.mark.parametrize("role", list(Role))
def test_the_bar_is_short_and_the_sheet_holds_everything(role):
    made = menu_of(somebody(role))
    whole = [text for _heading, items in made["groups"] for text in texts(items)]
    seen = [entry for entry in MENU if entry.who(somebody(role))]
    assert WITHOUT_SHEET <= len(made["bar"]) <= IN_THE_BAR
    assert len(whole) == len(seen) == len(set(whole))
    assert set(texts(made["bar"])) < set(whole)


def test_every_entry_stands_under_a_heading():
    assert {entry.group for entry in MENU} <= set(GROUPS)


def test_the_page_one_is_on_is_marked_in_both():
    made = menu_of(somebody(Role.FINANCE), "/payments/P-1")
    assert [item["text"] for item in made["bar"] if item["current"]] == ["Payments"]
    assert [t["text"] for _h, items in made["groups"] for t in items if t["current"]] == ["Payments"]
