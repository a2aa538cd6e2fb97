"""No count of one to four people can be read, or worked out from what is published beside it. What whoever keeps every
page could compute is tried in test_over_time.py, and through the door in test_over_http.py."""

from decimal import Decimal

import pytest

from foundation.clock import today
from foundation.database import execute, rows
from foundation.language import speaking
from monitoring.indicators import summary
from monitoring.indicators.terms import Series, Total
from monitoring.results import privacy as privacy_of
from monitoring.results.counting import Told
from monitoring.results.groups import Group, Member, Slot, grouped, is_few
from monitoring.results.privacy import Privacy, privacy
from monitoring.results.publishing import adds, told_of
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator
from tests.builders.reports import a_report
from tests.importing import importing

COUNTED = {"id": 1, "kind": "flow", "unit_ka": None, "unit_en": None, "place_rule": "sum"}


async def reported(cast, indicator, *numbers, **over):
    """A grant for each, in two municipalities in turn."""
    awards = []
    for n, number in enumerate(numbers):
        award = await an_award(cast, organisation=cast.guria_women if n % 2 else cast.vani_youth)
        await a_promise(cast, award, indicator)
        await a_report(cast, award, "accepted", reported=Decimal(number), **over)
        awards.append(award)
    return awards


async def test_a_small_count_takes_its_neighbour_along(cast, client):
    small, large = await reported(cast, await an_indicator(cast, code="P-1"), 3, 40)
    for path in ("/en/results/P-1", f"/en/grants/{small.reference}", f"/en/grants/{large.reference}"):
        body = (await client.get(path)).text
        assert "fewer than 5" in body or "hidden" in body, path
        assert ">40<" not in body and "of 40 reported" not in body, path
    told = (await client.get(f"/api/v1/grants/{large.reference}")).json()["values"]
    assert [(value["reported"], value["verdict"], value["hidden"]) for value in told] == [(None, None, True)]
    [indicator] = (await client.get("/api/v1/results")).json()["indicators"]
    assert indicator["reported"] == "43" and not indicator["hidden"] and indicator["waiting_since"] is None


async def test_a_small_count_alone_is_added_later_and_the_page_says_so(cast, client):
    indicator = await an_indicator(cast, code="P-1")
    await reported(cast, indicator, 40)
    assert "40 verified of 40 reported" in (await client.get("/en/results")).text
    late = await an_award(cast)
    await a_promise(cast, late, indicator)
    await a_report(cast, late, "accepted", reported=Decimal(3))
    for path in ("/en/results", "/en/results/P-1", "/en/municipalities/vani"):
        body = (await client.get(path)).text
        assert "40 verified of 40 reported" in body and "As it stood before" in body, path
    [told] = (await client.get("/api/v1/results")).json()["indicators"]
    assert (told["reported"], told["hidden"]) == ("40", False) and told["waiting_since"] == str(today())
    await client.sign_in(cast.donor)
    assert "43 verified of 43 reported" in (await client.get("/en/indicators")).text
    await client.sign_out()
    await reported(cast, indicator, 20)
    body = (await client.get("/en/results")).text
    assert "63 verified of 63 reported" in body and "As it stood before" not in body


async def test_few_grants_of_the_table_and_all_of_them_decide_the_same(cast):
    """From what is summed up, and from the values."""
    found = []
    for kept in (False, True):
        code = f"P-{kept}"
        indicator = await an_indicator(cast, code=code)
        await reported(cast, indicator, 3, 40, 10, 4, 60)
        if kept:
            await summary.sum_up_what_waits()
        [row] = await rows("SELECT * FROM indicator WHERE code = $1", code)
        told = await told_of(row)
        found.append((len(told.hidden), sorted(pair for (what, *_), pair in told.sums.items() if what != "grant")))
    assert found[0] == found[1] and found[0][1]


def test_a_hidden_count_says_so_and_a_value_whether_it_is_small():
    """Nobody is nobody, and what is not known is not known, hidden or not. A sum does not say whether it is small."""
    few = {1: "fewer than 5", 4: "fewer than 5", 5: "hidden", 40: "hidden", 0: "0", None: "not known"}
    for key in (("grant", 1, "a"), ("value", 1, "a"), ("all", 1, None), ("grant", 1, "b"), ("grant", 2, "a")):
        private = Privacy(frozenset({key}))
        for number, said in few.items():
            number = number if number is None else Decimal(number)
            open_said = "not known" if number is None else str(number)
            with speaking("en"):
                hides = key in (("grant", 1, "a"), ("all", 1, None))
                assert private.hides("grant", COUNTED, "a") is hides
                wanted = ("hidden" if number else said) if hides else open_said
                assert private.total("grant", COUNTED, "a", Total(Series.REPORTED, number)) == wanted
                assert private.told("grant", COUNTED, "a", "reported", number) == wanted
                value = {"id": "a", "reported": number, "reported_of": None}
                leaf = said if key in (("value", 1, "a"), ("all", 1, None)) else open_said
                assert private.leaf(COUNTED, value, "reported") == leaf


def test_a_sum_is_told_as_it_was_told_before():
    key = ("total", 1, None)
    private = Privacy(sums={key: (Decimal(40), None)})
    with speaking("en"):
        assert private.total("total", COUNTED, None, Total(Series.REPORTED, Decimal(43))) == "40"
        assert private.total("total", COUNTED, None, Total(Series.VERIFIED, Decimal(43))) == "not known"
        assert private.total("total", COUNTED, None, Total(Series.REPORTED, None)) == "not known"
        assert private.waiting("total", COUNTED) == ""


@pytest.mark.parametrize(
    ("kind", "over", "hides"),
    [
        ("ratio", {"reported": 30, "reported_of": 40}, False), ("ratio", {"reported": 3, "reported_of": 40}, True),
        ("ratio", {"reported": 30, "reported_of": 4}, True), ("mean", {"reported": 30, "reported_of": 4}, True),
        ("unique", {"reported": 3}, True), ("unique", {"reported": 30}, False), ("stock", {"reported": 30}, False),
    ],
)  # fmt: skip
async def test_where_counts_do_not_add_up_one_small_count_hides_the_indicator(kind, over, hides, cast):
    how = {"place_rule": "max"} if kind == "stock" else {}
    indicator = await an_indicator(cast, kind=kind, **how)
    await reported(cast, indicator, 50, 50)
    async with importing():
        await execute("ALTER TABLE report_value DISABLE TRIGGER USER")
        sets = ", ".join(
            f"{name} = {number}, {name.replace('reported', 'verified')} = {number}" for name, number in over.items()
        )
        await execute(f"UPDATE report_value SET {sets} WHERE id = (SELECT id FROM report_value ORDER BY id LIMIT 1)")
    [row] = await rows("SELECT * FROM indicator WHERE id = $1", indicator.id)
    assert not adds(row) and (await told_of(row)).wholly is hides


@pytest.mark.parametrize(
    ("kind", "rule", "over_time", "adding"),
    [
        ("flow", "sum", "sum", True), ("stock", "sum", "last", True), ("flow", "max", "sum", False),
        ("mean", "sum", "mean", False), ("flow", "sum", "max", False), ("stock", "sum", "mean", False),
    ],
)  # fmt: skip
def test_counts_add_up_where_their_rules_are_sums(kind, rule, over_time, adding):
    assert adds({"kind": kind, "place_rule": rule, "time_rule": over_time}) is adding


def slots(*pairs):
    return [Slot(n, f"grant {n}", f"place {n}", pair) for n, pair in enumerate(pairs)]


def sums_of(found):
    def sums(what, key):
        own = [s for s in found if what == "total" or key == (s.award if what == "grant" else s.place)]
        return tuple(sum((s.pair[n] or 0 for s in own), Decimal(0)) for n in (0, 1))

    return sums


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ((3, 40), [3, 40]), ((1, 5), []), ((1, 7), [1, 7]), ((1, 1), []), ((2, 2), []), ((4, 4), []), ((2, 2, 2), [2, 2, 2]),
        ((3, 40, 50, 60), [3, 40]), ((3, 0, 40), [3, 40]), ((3, -5, 40), [3, 40]), ((1, 5, 9), [1, 9]), ((3,), []),
    ],
)  # fmt: skip
def test_no_more_is_hidden_than_keeps_three_numbers_possible(numbers, hidden):
    found = slots(*((Decimal(n), Decimal(n)) for n in numbers))
    groups = grouped(found, sums_of(found))
    assert sorted(slot.pair[0] for group in groups for slot in group.slots) == sorted(hidden)
    small = {n for n in numbers if is_few(Decimal(n))}
    assert small <= set(hidden) or not hidden


def test_whoever_was_found_only_in_the_field_waits():
    """Nobody reported, three were found: nothing of it is added to what is verified."""
    found = slots((Decimal(0), Decimal(3)), (Decimal(40), Decimal(40)))
    assert grouped(found, sums_of(found)) == []


def test_a_group_is_told_by_the_lowest_sum_that_holds_all_of_it():
    one = Slot(1, "a", "vani", (Decimal(3), None))
    for other, level in ((("a", "vani"), "grant"), (("b", "vani"), "place"), (("b", "khoni"), "total")):
        two = Slot(2, *other, (Decimal(40), None))
        group = Group([Member(each, [each.pair]) for each in (one, two)], False)
        assert group.level == level
        assert {what for what, _key, _inside in group.parted()} == {
            "grant": set(), "place": {"grant"}, "total": {"grant", "place"},
        }[level]  # fmt: skip
        assert next(group.above())[0] == level


async def test_what_is_hidden_is_worked_out_again_when_a_count_changed_and_only_then(monkeypatch):
    """By the version of the counts; one that cannot be told is taken for another."""
    asked, version = [], "v1"

    async def said():
        return version

    async def none(_sql):
        asked.append(version)
        return []

    monkeypatch.setattr(privacy_of, "_kept", None)
    monkeypatch.setattr(privacy_of, "version", said)
    monkeypatch.setattr(privacy_of, "rows", none)
    for told, again in (("v1", True), ("v1", False), ("v2", True), (None, True), (None, True), ("v3", True)):
        version, before = told, len(asked)
        assert await privacy() == Privacy(version=told)
        assert (len(asked) > before) is again, told


async def test_it_is_read_as_of_one_moment_with_the_counts(monkeypatch):
    """Where a count came in between, what is hidden is worked out again."""
    versions = iter(["v1", "v2", "v2", "v2"])

    async def said():
        return next(versions)

    async def none(_sql):
        return []

    monkeypatch.setattr(privacy_of, "_kept", None)
    monkeypatch.setattr(privacy_of, "version", said)
    monkeypatch.setattr(privacy_of, "rows", none)
    async with privacy_of.published() as private:
        assert private.version == "v2"


def test_told_is_put_together():
    one, two = Told(wholly=True), Told(hidden={("grant", 2, "a")}, sums={("total", 2, None): (Decimal(9), None)})
    private = privacy_of._together({1: one, 2: two}, "v")
    assert private.hides("total", COUNTED) and private.hides("grant", COUNTED | {"id": 2}, "a")
    assert private.public("total", COUNTED | {"id": 2}, None, "reported", Decimal(12)) == 9
