"""No count of one to four people can be read, or worked out from what is published beside it."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from foundation.language import speaking
from monitoring.indicators import people, summary
from monitoring.indicators.terms import Series, Total
from monitoring.results import privacy as privacy_of
from monitoring.results.privacy import (
    CHOICES,
    Cell,
    LookCloser,
    Privacy,
    _adds,
    _hidden_of,
    _leaks,
    _smallest,
    _tree,
    hidden_in,
)
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report


def a_tree(*places):
    """The programme of these municipalities, each a list of grants."""

    def cell(key, parts):
        number = sum((part.reported for part in parts), Decimal(0))
        return Cell(key, number, number, parts)

    grants = [
        [Cell(("grant", 1, f"{at}.{place}"), Decimal(n), Decimal(n)) for place, n in enumerate(own)]
        for at, own in enumerate(places)
    ]
    return cell(("total", 1, None), [cell(("place", 1, at), own) for at, own in enumerate(grants)])


def possible(tree, hidden, key):
    """Every value a hidden grant could have for somebody who holds everything published."""
    leaves = [leaf for place in tree.parts for leaf in place.parts]
    most = int(max(leaf.reported for leaf in leaves)) + 10
    ranges = [
        [int(leaf.reported)] if leaf.key not in hidden else range(1, 5) if leaf.few else range(5, most)
        for leaf in leaves
    ]
    sums = [whole for whole in (tree, *tree.parts) if whole.key not in hidden]
    found = set()
    for guess in product(*ranges):
        guessed = {leaf.key: value for leaf, value in zip(leaves, guess, strict=True)}
        if all(
            sum(guessed[leaf.key] for leaf in whole.all() if leaf.key in guessed) == whole.reported for whole in sums
        ):
            found.add(guessed[key])
    return found


@pytest.mark.parametrize(
    "places",
    [
        [[3, 20]], [[3], [20]], [[3], [20], [30]], [[37, 3]], [[1, 1]], [[1, 1], [9]], [[4, 0, 7]], [[2], [2], [2]],
        [[3], [5]], [[4, 6], [30]], [[1], [6, 8]], [[3, 4]], [[4, 4]],
    ],
)  # fmt: skip
def test_each_hidden_count_could_be_three_numbers_at_least(places):
    tree = a_tree(*places)
    hidden = hidden_in(tree, adds=True)
    few = [leaf.key for place in tree.parts for leaf in place.parts if leaf.few]
    assert few and set(few) <= hidden
    for key in few:
        assert len(possible(tree, hidden, key)) >= CHOICES, key


def test_nothing_is_hidden_without_a_small_count():
    assert hidden_in(a_tree([5, 20], [0, 7]), adds=True) == set()


def test_where_counts_do_not_add_up_one_small_count_hides_the_indicator():
    tree = a_tree([3, 20], [30])
    assert hidden_in(tree, adds=False) == {cell.key for cell in tree.all()}


def test_where_counts_do_not_add_up_and_none_is_small_all_are_told():
    assert hidden_in(a_tree([5, 20], [0, 7]), adds=False) == set()


def a_place(*grants, key="vani"):
    """The programme in this one municipality, its grants as (name, reported, verified)."""
    cells = [
        Cell(("grant", 1, name), *(each if each is None else Decimal(each) for each in told)) for name, *told in grants
    ]
    sums = [sum((cell.told(series) or 0 for cell in cells), Decimal(0)) for series in ("reported", "verified")]
    return Cell(("place", 1, key), *sums, cells)


def names(hidden):
    return {name for what, _indicator, name in hidden if what == "grant"}


@pytest.mark.parametrize("series", ["reported", "verified"])
def test_a_small_count_takes_its_neighbour_along_whichever_of_the_two_tells_it(series):
    """Reported 3 + 40, of which nothing is verified yet; or many reported, of whom 3 + 40 were found."""
    small, large = ((3, None), (40, None)) if series == "reported" else ((30, 3), (90, 40))
    assert names(hidden_in(a_place(("small", *small), ("large", *large)), adds=True)) == {"small", "large"}


def test_a_grant_whose_people_were_only_found_on_a_visit_comes_before_those_that_reported():
    place = a_place(("small", None, 3), ("reported", 40, 40), ("found", None, 30))
    assert names(hidden_in(place, adds=True)) == {"small", "found"}


def test_what_was_put_together_is_looked_at_only_where_one_of_it_could_be_the_next():
    """Grants of 10 and of 20 are listed; behind 20 the others are one number."""
    small, ten, twenty = (Cell(("grant", 1, str(n)), Decimal(n), Decimal(n)) for n in (3, 10, 20))

    def a_place_with(rest, *listed):
        parts = [*listed, rest]
        number = sum(each.reported for each in parts)
        return Cell(("place", 1, "vani"), number, number, parts)

    rest = Cell(("rest", 1, "vani"), Decimal(90), Decimal(90), rest_after=ten.order)
    assert names(hidden_in(a_place_with(rest, small, ten), adds=True)) == {"3", "10"}, "the last that is listed"
    with pytest.raises(LookCloser):
        hidden_in(a_place_with(rest, small, twenty), adds=True)  # one of 15 may be in the rest
    with pytest.raises(LookCloser):
        hidden_in(a_place_with(rest, small), adds=True)  # nothing else is left


numbers = st.integers(0, 12) | st.integers(5, 60)
grants = st.lists(st.lists(numbers, min_size=1, max_size=3), min_size=1, max_size=7)


def a_deep_tree(places):
    """Municipalities of grants of reports."""

    def cell(key, parts):
        number = sum((part.reported for part in parts), Decimal(0))
        return Cell(key, number, number, parts)

    made = []
    for at, own in enumerate(places):
        made.append([])
        for n, values in enumerate(own):
            leaves = [Cell(("value", 1, f"{at}.{n}.{v}"), Decimal(x), Decimal(x)) for v, x in enumerate(values)]
            made[-1].append(cell(("grant", 1, f"{at}.{n}"), leaves))
    return cell(("total", 1, None), [cell(("place", 1, at), own) for at, own in enumerate(made)])


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([[[1], [4]]], ["place", "total"]), ([[[2], [4]]], ["place", "total"]),  # three numbers at least
        ([[[3], [4]]], []), ([[[4], [4]]], []),  # two, and one
        ([[[1, 2], [20]]], ["place", "total"]), ([[[3], [9]], [[20]]], ["place", "place", "total"]),
    ],
)  # fmt: skip
def test_no_more_is_hidden_than_keeps_three_numbers_possible(places, told):
    tree = a_deep_tree(places)
    hidden = hidden_in(tree, adds=True)
    assert (
        sorted(cell.key[0] for cell in tree.all() if cell.key[0] in ("place", "total") and cell.key not in hidden)
        == told
    )


def test_a_count_of_nobody_is_known_although_its_cell_is_hidden():
    """Reported 3 + 40, verified 0 + 40: who reads that nobody was verified knows the other 40, unless the sum is hidden."""
    place = a_place(("small", 3, 0), ("large", 40, 40))
    assert place.key in hidden_in(place, adds=True)
    assert place.key not in hidden_in(a_place(("small", 3, 3), ("large", 40, 40)), adds=True)


def step_by_step(root):
    """The rule as it is said: as long as something leaks, the smallest neighbour is hidden too."""
    hidden = {cell.key for cell in root.all() if cell.few}
    while leak := next((cell for cell in root.all() if _leaks(cell, hidden, set())), None):
        others = [part for part in leak.parts if part.key not in hidden and part.reported]
        hidden.add(min(others, key=lambda part: (part.reported, str(part.key))).key if others else leak.key)
    return hidden


@given(st.lists(grants, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_asking_only_what_may_have_changed_hides_the_same(places):
    assert hidden_in(a_deep_tree(places), adds=True) == step_by_step(a_deep_tree(places))


@given(st.lists(grants, min_size=1, max_size=3), st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_few_grants_and_a_rest_hide_the_same(places, smallest):
    whole, some = a_deep_tree(places), a_deep_tree(places)
    for place in some.parts:
        small = [grant for grant in place.parts if any(cell.few for cell in grant.all())]
        others = sorted((g for g in place.parts if g not in small), key=lambda g: (g.reported, str(g.key)))
        listed, rest = others[:smallest], others[smallest:]
        place.parts = [grant for grant in place.parts if grant in small or grant in listed]
        if rest:
            number = sum(grant.reported for grant in rest)
            place.parts.append(Cell(("rest", 1, place.key), number, number, rest_after=listed[-1].order))
    try:
        assert hidden_in(some, adds=True) == hidden_in(whole, adds=True)
    except LookCloser:
        assume(False)


@pytest.mark.parametrize("numbers", [(3, 40), (3, 40, 50, 60, 70), (12, 40), (2, 3, 4, 9), (1, 5)])
async def test_few_grants_of_the_table_hide_the_same(cast, numbers):
    indicator = await an_indicator(cast, code="P-1")
    for n, number in enumerate(numbers):
        award = await an_award(cast, organisation=cast.guria_women if n % 2 else None, call=None)
        await a_promise(cast, award, indicator, Decimal(100))
        await a_report(cast, award, "accepted", reported=Decimal(number), verified=Decimal(number))
    await summary.sum_up_what_waits()
    indicator = (await people.indicators())[0]
    whole = hidden_in(_tree(await people.all_of(indicator))[0], adds=True)
    for smallest in (1, 2, 8):
        try:
            assert hidden_in(_tree(await people.some(indicator, smallest))[0], adds=True) == whole
        except LookCloser:
            assert smallest < len(numbers)
    assert await _hidden_of(indicator) == whole


async def test_a_small_count_takes_its_neighbour_along(cast, client):
    people = await an_indicator(cast, code="P-1")
    small = await an_award(cast)
    large = await an_award(cast, organisation=cast.guria_women)
    for award, number in ((small, 3), (large, 40)):
        await a_promise(cast, award, people, Decimal(100))
        await a_report(cast, award, "accepted", reported=Decimal(number))
    for path in ("/en/results/P-1", f"/en/grants/{small.reference}", f"/en/grants/{large.reference}"):
        body = (await client.get(path)).text
        assert "fewer than 5" in body or "hidden" in body, path
        assert ">40<" not in body and "of 40 reported" not in body, path
    told = (await client.get(f"/api/v1/grants/{large.reference}")).json()["values"]
    assert [(value["reported"], value["hidden"]) for value in told] == [(None, True)]
    [indicator] = (await client.get("/api/v1/results")).json()["indicators"]
    assert indicator["reported"] == "43" and not indicator["hidden"]


COUNTED = {"id": 1, "kind": "flow", "unit_ka": None, "unit_en": None, "place_rule": "sum"}


@pytest.mark.parametrize("hidden", [("grant", 1, "a"), ("all", 1, None), ("grant", 1, "b"), ("grant", 2, "a")])
def test_a_hidden_count_says_so_and_whether_it_is_small(hidden):
    """Nobody is nobody, and what is not known is not known, hidden or not."""
    private, hides = Privacy(frozenset({hidden})), hidden in (("grant", 1, "a"), ("all", 1, None))
    assert private.hides("grant", COUNTED, "a") is hides
    with speaking("en"):
        for number, open_said, hidden_said in ((40, "40", "hidden"), (4, "4", "fewer than 5"), (5, "5", "hidden"),
                                               (0, "0", "0"), (None, "not known", "not known")):  # fmt: skip
            number = number if number is None else Decimal(number)
            said = hidden_said if hides else open_said
            assert private.told("grant", COUNTED, "a", number) == said
            assert private.total("grant", COUNTED, "a", Total(Series.REPORTED, number)) == said


@pytest.mark.parametrize(
    ("kind", "reported", "of", "smallest"),
    [
        ("ratio", 3, 40, 3), ("ratio", 40, 3, 3), ("ratio", None, 40, 40), ("mean", 3, 40, 40), ("mean", 3, None, None),
        ("flow", 3, 40, None),
    ],
)  # fmt: skip
def test_of_a_share_the_counts_behind_it_are_looked_at(kind, reported, of, smallest):
    assert _smallest({"kind": kind}, {"reported": reported, "reported_of": of}) == smallest


@pytest.mark.parametrize(
    ("kind", "rule", "adds"),
    [("flow", "sum", True), ("stock", "sum", True), ("flow", "max", False), ("mean", "sum", False)],
)
def test_counts_add_up_where_their_rule_is_a_sum(kind, rule, adds):
    assert _adds({"kind": kind, "place_rule": rule}) is adds


async def test_what_is_hidden_is_worked_out_again_when_a_count_changed_and_only_then(monkeypatch):
    """By the mark of the page, then by the version of the counts; one that cannot be told is taken for another."""
    asked, version = [], "v1"

    async def said():
        return version

    async def none():
        asked.append(version)
        return []

    monkeypatch.setattr(privacy_of, "_kept", None)
    monkeypatch.setattr(people, "version", said)
    monkeypatch.setattr(people, "indicators", none)
    for now, told, again in (
        ("1", "v1", True), ("1", "v9", False), ("2", "v1", False), ("3", "v2", True), ("4", None, True), ("5", None, True),
        ("5", "v3", False), ("6", "v3", True),
    ):  # fmt: skip
        version, before = told, len(asked)
        assert await privacy_of.privacy(now) == Privacy(frozenset())
        assert (len(asked) > before) is again, (now, told)
