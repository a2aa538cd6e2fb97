"""Who may do what to whom, as tables: every role, over an organisation of each kind, their own and another's."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from accounts import rights
from accounts.people.listing import sees_people, visible_to
from accounts.person import NOBODY, SYSTEM, Held, Person, Role, having, visitor
from foundation.language import speaking

VANI, GURIA, OWN, OTHER, HELD_BY, CURATOR, DONOR = (uuid4() for _ in range(7))


def person(name, *held):
    return Person(uuid4(), name, tuple(held))


PROGRAMME = ("reviewer", "chair", "manager", "finance", "director", "auditor", "admin")
PEOPLE = {
    "editor": person("editor", Held(Role.EDITOR, OWN)),
    "signatory": person("signatory", Held(Role.SIGNATORY, OWN)),
    "curator": person("curator", Held(Role.CURATOR, CURATOR, frozenset({VANI}))),
    "donor": person("donor", Held(Role.DONOR, DONOR)),
    **{kind: person(kind, Held(Role(kind))) for kind in PROGRAMME},
    "nobody": NOBODY,
    "newcomer": person("newcomer"),
}


def organisation(key, kind="cso", place=None, curator=None, registered_by=None, confirmed_at=None):
    return SimpleNamespace(
        id=key, kind=kind, municipality_id=place, curator_id=curator, registered_by=registered_by,
        confirmed_at=confirmed_at,
    )  # fmt: skip


ORGANISATIONS = {
    "own, in Vani": organisation(OWN, place=VANI),
    "other, in Guria": organisation(OTHER, place=GURIA),
    "other, in no place": organisation(OTHER),
    "other, of the curator": organisation(HELD_BY, place=GURIA, curator=CURATOR),
    "the curator's": organisation(CURATOR, kind="curator"),
    "another curator": organisation(uuid4(), kind="curator", place=VANI),
    "the donor's": organisation(DONOR, kind="donor"),
}


def able(may):
    return {name for name, each in PEOPLE.items() if may(each)}


def over(may):
    return {name: able(lambda each, of=of: may(each, of)) for name, of in ORGANISATIONS.items()}


READERS = {"manager", "finance", "director", "auditor", "admin"}


@pytest.mark.parametrize(
    ("may", "people"),
    [
        (rights.sees_people, READERS),
        (sees_people, READERS),
        (rights.sees_organisations, READERS | {"curator", "chair", "donor"}),
        (rights.registers, {"curator", "manager", "admin", "editor", "signatory", "nobody", "newcomer"}),
        (rights.registers_for_others, {"curator", "manager", "admin"}),
        (lambda each: having(Role.DONOR, Role.CHAIR)(each), {"donor", "chair"}),
    ],
)
def test_who_may_over_the_whole_programme(may, people):
    assert able(may) == people


def test_menus_ask_before_anybody_has_signed_in():
    assert not sees_people(None) and not having(*Role)(None) and not having(*Role)(NOBODY)
    assert visible_to(PEOPLE["auditor"]) == ("true", []) and visible_to(PEOPLE["curator"]) == ("false", [])


def test_who_may_over_an_organisation():
    curators = {name: set() for name in ORGANISATIONS} | {
        "own, in Vani": {"curator"}, "other, of the curator": {"curator"}, "the curator's": {"curator"},
        "another curator": {"curator"},
    }  # fmt: skip
    own = {"own, in Vani": {"editor", "signatory"}}
    assert over(rights.looks_after) == curators
    assert over(rights.sees_people_of) == {
        name: READERS | looking | own.get(name, set()) for name, looking in curators.items()
    }
    classifying = {
        name: {"admin", "manager"} | looking if ORGANISATIONS[name].kind == "cso" else {"admin"}
        for name, looking in curators.items()
    }
    assert over(rights.classifies) == classifying
    assert over(rights.describes) == classifying | {"own, in Vani": classifying["own, in Vani"] | {"signatory"}}
    assert over(rights.invites_into) == {
        name: {"manager", "admin"} | ({"signatory"} if name in own else set()) for name in ORGANISATIONS
    }


def test_what_each_invites_somebody_as():
    def given(who, of=None):
        return [str(kind) for kind in rights.kinds_given(PEOPLE[who], ORGANISATIONS[of] if of else None)]

    assert given("admin") == ["reviewer", "chair", "manager", "finance", "director", "donor", "auditor", "admin"]
    assert given("manager") == ["reviewer", "chair", "donor"]
    assert given("signatory") == given("director") == given("nobody") == []
    for of, kinds in (
        ("own, in Vani", ["signatory", "editor"]), ("the curator's", ["curator"]), ("the donor's", ["donor"]),
    ):  # fmt: skip
        assert given("admin", of) == given("manager", of) == kinds
    assert given("signatory", "own, in Vani") == ["signatory", "editor"]
    assert given("signatory", "other, in Guria") == given("curator", "the curator's") == []
    assert rights.gives(PEOPLE["signatory"], Role.EDITOR, OWN) and not rights.gives(
        PEOPLE["signatory"], Role.DONOR, OWN
    )
    of_nothing = person("of nothing", Held(Role.SIGNATORY, None))
    assert not rights.gives(PEOPLE["signatory"], Role.EDITOR, None) and not rights.gives(of_nothing, Role.EDITOR, None)


def test_whose_account_a_manager_keeps():
    for kind in Role:
        keeping = able(lambda each, kind=kind: rights.keeps_account(each, frozenset({Role.REVIEWER, kind})))
        assert keeping == ({"admin"} if kind in rights.BY_ADMIN_ALONE else {"admin", "manager"}), kind


def test_an_organisation_waits_where_it_registered_itself_and_nobody_confirmed_it():
    for by, at, waits in ((None, None, False), (OWN, None, True), (OWN, "today", False), (None, "today", False)):
        assert rights.waits_for_confirmation(organisation(OWN, registered_by=by, confirmed_at=at)) is waits


def test_who_somebody_is():
    asked = {
        "is_manager": {"manager"}, "is_finance": {"finance"}, "is_director": {"director"}, "is_chair": {"chair"},
        "is_reviewer": {"reviewer"}, "is_admin": {"admin"}, "is_curator": {"curator"}, "is_donor": {"donor"},
        "is_auditor": {"auditor"}, "reads_all": READERS,
        "is_staff": {"curator", "manager", "finance", "director", "chair", "admin"},
        "__bool__": set(PEOPLE) - {"nobody"},
    }  # fmt: skip
    for name, people in asked.items():
        told = able(lambda each, name=name: each.__bool__() if name == "__bool__" else getattr(each, name))
        assert told == people, name
    assert [SYSTEM.is_system, PEOPLE["manager"].is_system, NOBODY.is_system] == [True, False, False]


def test_whom_somebody_works_signs_and_looks_after():
    both = person("both", Held(Role.SIGNATORY, OWN), Held(Role.EDITOR, OTHER), Held(Role.CURATOR, CURATOR))
    assert both.organisations == {OWN, OTHER} and not PEOPLE["donor"].organisations
    assert person("nowhere", Held(Role.EDITOR, None)).organisations == frozenset()
    assert [both.works_for(each) for each in (OWN, OTHER, CURATOR)] == [True, True, False]
    assert [both.edits_for(each) for each in (OWN, OTHER, CURATOR)] == [True, True, False]
    assert [both.signs_for(each) for each in (OWN, OTHER, CURATOR)] == [True, False, False]
    two = person("two", Held(Role.CURATOR, CURATOR, frozenset({VANI})), Held(Role.CURATOR, OTHER, frozenset({GURIA})))
    assert two.municipalities == {VANI, GURIA} and not both.municipalities
    assert person("no curator", Held(Role.MANAGER, None, frozenset({VANI}))).municipalities == frozenset()
    assert [PEOPLE["curator"].curates(each) for each in (VANI, GURIA, None)] == [True, False, False]


def test_how_somebody_is_told():
    both = person("both", Held(Role.MANAGER), Held(Role.CHAIR))
    assert [each.role_name for each in (both, SYSTEM, NOBODY)] == ["chair,manager", "system", "none"]
    with speaking("en"):
        assert both.role_words == "committee chair, programme manager"
    for names, georgian, english in ((("ა", "A"), "ა", "A"), (("ა", None), "ა", "ა"), ((None, "A"), "A", "A")):
        told = Person(OWN, "x", organisation_name_ka=names[0], organisation_name_en=names[1])
        for code, word in (("ka", georgian), ("en", english)):
            with speaking(code):
                assert told.organisation_name == word


def test_a_guard_asks_whom_the_session_found():
    for found, who in ((PEOPLE["editor"], PEOPLE["editor"]), (None, NOBODY), ("somebody", NOBODY)):
        assert visitor(SimpleNamespace(scope={"user": found})) is who
    assert visitor(SimpleNamespace(scope={})) is NOBODY
