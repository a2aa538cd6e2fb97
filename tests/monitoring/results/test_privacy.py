"""No count of one to four people can be read, or worked out from what is published beside it."""

from decimal import Decimal
from itertools import product

import pytest

from monitoring.results.privacy import CHOICES, Cell, hidden_in
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
        [[3], [5]], [[4, 6], [30]], [[1], [6, 8]],
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
