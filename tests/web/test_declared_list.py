"""A list declared here over the places of the country: each of its facts does what its comment promises."""

from datetime import date
from enum import StrEnum
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from foundation.database import rows
from foundation.language import N_, gettext, labels, speaking
from web.lists import listing
from web.lists.listing import Column, Filter, Listing
from web.lists.query import Unknown
from web.lists.statement import COUNTED, COUNTED_FOUND, Arguments

ANYBODY = SimpleNamespace(id=None)


class Half(StrEnum):
    FIRST = "first"
    SECOND = "second"


labels(Half, {Half.FIRST: N_("yes"), Half.SECOND: N_("no")})
HALF = "CASE WHEN m.slug < 'm' THEN 'first' ELSE 'second' END"


def places(**over) -> Listing:
    """Under a name of its own, which nobody else finds."""
    declared = dict(
        name="places.tried", path="/places", title="Places", source="municipality m", key="m.id",
        visible_to=lambda _person, _first: ("true", []), order="slug", size=3,
        columns=[
            Column("slug", "m.slug", N_("Municipality"), sort="m.slug"),
            Column("half", HALF, N_("State"), "state", of=Half),
            Column("name", "m.name", N_("Title"), "pair", sort=listing.each_language("m.name"), titles=("Ka", "En")),
            Column("hidden", "m.slug"),
            Column("secret", "m.slug", N_("Note"), read_by=lambda person, _row: person.id is not None,
                   instead=lambda row: row["slug"][:1]),
        ],
        filters=[
            Filter("half", N_("State"), f"{HALF} = ?", of=Half, among=[Half.SECOND]),
            Filter("from", N_("From"), "?::date > '2026-01-01'", kind="date"),
            Filter("which", "", each={"long": ("Long", "length(m.slug) > 5"), "any": ("", "true")}, otherwise="m.slug <> 'vani'"),
            Filter("asked", kind="scope"),
        ],
        search="m.slug ILIKE ? OR m.name_en ILIKE ?",
    )  # fmt: skip
    made = Listing(**(declared | over))
    assert listing.ALL.pop("places.tried") is made  # pages and tests of every list find it there
    return made


async def slugs(condition: str = "true") -> list[str]:
    found = await rows(f"SELECT m.slug FROM municipality m WHERE {condition} ORDER BY m.slug")
    return [each["slug"] for each in found]


async def shown(it: Listing, person=ANYBODY, **typed: str) -> list[str]:
    """Page after page."""
    found, after = [], ""
    while True:
        part = await it.rows(person, it.list_query({**typed, **({"after": after} if after else {})}))
        found += [each["slug"] for each in part.rows]
        if not part.next:
            return found
        after = part.next


async def test_what_narrows_it_and_what_does_while_nothing_is_chosen(db):
    it = places()
    others = await slugs("m.slug <> 'vani'")
    assert len(others) > 3 and await shown(it) == others
    assert await shown(it, sort="-slug") == others[::-1]
    assert await shown(it, which="any") == await slugs()
    assert await shown(it, which="long") == await slugs("length(m.slug) > 5")
    assert await shown(it, half="first") == await slugs("m.slug < 'm' AND m.slug <> 'vani'")
    assert await shown(it, **{"from": "2026-01-02"}) == others and await shown(it, **{"from": "2026-01-01"}) == []
    assert await shown(it, asked="x") == others  # visible_to asks about it, nothing else
    assert await shown(it, q="vani", which="any") == ["vani"]
    assert await shown(places(where="length(m.slug) > 5"), which="any") == await slugs("length(m.slug) > 5")
    seen = places(visible_to=lambda person, first: (f"m.slug = ${first}", [person.slug]))
    assert await shown(seen, SimpleNamespace(id=None, slug="vani"), which="any") == ["vani"]
    assert await shown(places(few=True)) == others and await shown(places(few=True), sort="-slug") == others[::-1]
    chosen = places(filters=[Filter("which", otherwise=lambda person: f"m.slug = '{person.slug}'")])
    assert await shown(chosen, SimpleNamespace(id=None, slug="vani")) == ["vani"]


@pytest.mark.parametrize("typed", [
    {"half": "third"}, {"from": "yesterday"}, {"which": "other"}, {"colour": "red"}, {"sort": "hidden"}, {"sort": "-"},
])  # fmt: skip
async def test_what_it_does_not_have_is_refused(typed, db):
    it = places()
    with pytest.raises(Unknown):
        await it.rows(ANYBODY, it.list_query(typed))


async def test_an_order_may_be_what_no_column_tells(db):
    """It stands while nothing is asked, and cannot be asked for."""
    it = places(order="", orders={"": ("length(m.slug)", "m.slug")})
    assert await shown(it) == sorted(await slugs("m.slug <> 'vani'"), key=lambda slug: (len(slug), slug))
    for sort in ("-", "length"):
        with pytest.raises(Unknown):
            it.list_query({"sort": sort})
    assert it.sorts == ["slug", "name"]


def test_without_a_search_there_are_no_words_and_a_public_list_lets_marks_of_others_pass():
    with pytest.raises(Unknown):
        places(search="").list_query({"q": "x"})
    assert places(public=True).list_query({"utm": "x"}).query == {}
    with pytest.raises(Unknown):
        places(public=True).list_query({"sort": "utm"})


def test_no_page_lies_further_than_is_counted():
    """Of words less is counted, for each row found is looked at again."""
    it = places()
    assert it.list_query({"page": "99999"}).page == COUNTED // 3 + 1
    assert it.list_query({"page": "99999", "q": "x"}).page == COUNTED_FOUND // 3 + 1
    assert it.list_query({"page": "2"}).page == 2


async def test_a_page_tells_how_many_there_are_and_whether_it_goes_on(db, monkeypatch):
    it, others = places(), await slugs("m.slug <> 'vani'")
    first = await it.rows(ANYBODY, it.list_query({}))
    assert (len(first.rows), first.total, first.exact, bool(first.next)) == (3, len(others), True, True)
    whole = places(size=len(others))
    last = await whole.rows(ANYBODY, whole.list_query({}))
    assert (len(last.rows), last.next) == (len(others), None)
    assert [each["slug"] for each in (await it.first(ANYBODY, 2)).rows] == others[:2]
    second = await it.rows(ANYBODY, it.list_query({"page": "2"}))
    assert [each["slug"] for each in second.rows] == others[3:6]
    monkeypatch.setattr(listing, "COUNTED", len(others))
    assert (await it.rows(ANYBODY, it.list_query({}))).exact
    monkeypatch.setattr(listing, "COUNTED", len(others) - 1)
    short = await it.rows(ANYBODY, it.list_query({}))
    assert (short.total, short.exact) == (len(others) - 1, False)
    monkeypatch.setattr(listing, "COUNTED_FOUND", 1)
    found = await it.rows(ANYBODY, it.list_query({"q": "a"}))
    assert (found.total, found.exact) == (1, False)


async def test_who_may_not_read_a_fact_reads_something_instead(db):
    it = places()
    for person, told in ((ANYBODY, "v"), (SimpleNamespace(id=1), "vani")):
        (row,) = (await it.rows(person, it.list_query({"q": "vani", "which": "any"}))).rows
        assert (row["secret"], row["slug"]) == (told, "vani")


async def test_sums_facets_and_rows_alike(db):
    it = places()
    summed = await it.sums(ANYBODY, it.list_query({"which": "any"}), ["m.region"], n="count(*)", last="max(m.slug)")
    regions = await rows("SELECT region, count(*) AS n, max(slug) AS last FROM municipality GROUP BY 1 ORDER BY 1")
    assert [tuple(each.values()) for each in summed] == [tuple(each.values()) for each in regions] and len(regions) > 1
    first, second = await slugs("m.slug < 'm'"), await slugs("m.slug >= 'm'")
    here = it.list_query({"which": "any", "half": "first"})
    assert await it.facets(ANYBODY, here, half=HALF) == {"half": {"first": len(first), "second": len(second)}}
    alike = await it.together(ANYBODY, it.list_query({"which": "any"}), HALF, {"half": HALF}, n="count(*)")
    told = [(each["key"], each["half"], each["n"]) for each in alike.rows]
    counted = [("first", "first", len(first)), ("second", "second", len(second))]
    assert told == sorted(counted, key=lambda each: (-each[2], each[0])) and (alike.total, alike.exact) == (2, True)
    one = places(size=1)
    largest = await one.together(ANYBODY, one.list_query({"which": "any"}), HALF, {"half": HALF}, n="count(*)")
    assert [each["key"] for each in largest.rows] == [told[0][0]] and largest.total == 2
    rest = await one.together(
        ANYBODY, one.list_query({"which": "any", "page": "2"}), HALF, {"half": HALF}, n="count(*)"
    )
    assert [each["key"] for each in rest.rows] == [told[1][0]]
    whole = await one.together(ANYBODY, one.list_query({"which": "any"}), HALF, {"half": HALF}, True, n="count(*)")
    assert len(whole.rows) == 2
    beyond = await one.together(
        ANYBODY, one.list_query({"which": "any", "page": "9"}), HALF, {"half": HALF}, n="count(*)"
    )
    assert (beyond.rows, beyond.total) == ([], 2)


class Place(BaseModel):
    slug: str
    secret: str


async def test_what_programs_read_has_the_facts_their_model_names(db):
    it = places()
    answer = await it.found(ANYBODY, {"which": "any", "page": "2"}, Place)
    assert (answer.found, answer.exact, answer.page) == (len(await slugs()), True, 2)
    assert [each.slug for each in answer.items] == (await slugs())[3:6]
    own = await it.found(ANYBODY, {"q": "vani", "which": "any"}, Place, made=made_of)
    assert [each.secret for each in own.items] == ["made"]


async def made_of(found, _here):
    return [Place(slug=each["slug"], secret="made") for each in found]


def test_a_column_as_a_heading_and_in_a_file():
    row = {"a": None, "n_ka": "ა", "n_en": "A", "place": "vani", "place_ka": "ვანი", "place_en": "Vani"}
    with speaking("en"):
        assert Column("a", "a", "Amount", "money", sort="a").heading == {"text": "Amount", "sort": "a", "num": True}
        assert Column("a", "a", "Text").heading == {"text": "Text", "sort": "", "num": False}
        assert Column("n", "n", "N", "pair").cells(row) == ["A"]
        assert Column("n", "n", "N", "pair", titles=("Ka", "En")).cells(row) == ["ა", "A"]
        assert Column("place", "p", "P", "place").cells(row) == ["Vani"]
        assert Column("place", "p", "P", "place").cells(row | {"place": None}) == [None]
        assert Column("a", "a", "H", of=Half).cells(row) == [None]
        assert Column("a", "a", "H", of=Half).cells(row | {"a": "first"}) == [gettext("yes")]
        assert Column("a", "", "H").cells(row | {"a": "first"}) == [None]
        assert Column("a", "a", "H", value=lambda row: row["n_en"]).cells(row) == ["A"]
    assert (Column("a", "").select, Column("a", "x.a").select) == ("", "x.a AS a")
    assert Column("n", "x.n", kind="pair").select == "x.n_ka AS n_ka, x.n_en AS n_en"
    assert Column("m", "m", kind="place").select == "m.slug AS m, m.name_ka AS m_ka, m.name_en AS m_en"


def test_the_choices_of_a_filter():
    """Words of its own first, then those of the enum that are among it, then what the list has to choose from."""
    with speaking("en"):
        each = {"open": ("Open", "true"), "quiet": ("", "true")}
        worded = Filter("f", "F", of=Half, each=each).options({"f": [("x", "X")]})
        assert [value for value, _words in worded] == ["open", "first", "second", "x"]
        assert [value for value, _words in Filter("f", "F", of=Half, among=[Half.SECOND]).options({})] == ["second"]
        assert Filter("f", "F").options({"other": [("x", "X")]}) == []


def test_the_condition_of_a_filter():
    def condition(filter: Filter, typed: str) -> tuple[str, list[object]]:
        args = Arguments({"today": (date(2026, 1, 1), "date"), "me": (None, "uuid")})
        return filter.condition(typed, args), list(args)

    assert condition(Filter("f", sql="a = ? OR b = ?"), "x") == ("a = $1 OR b = $1", ["x"])
    assert condition(Filter("f", sql="a > ?", kind="date"), "2026-05-01") == ("a > $1", [date(2026, 5, 1)])
    assert condition(Filter("f", sql="a = ?", of=Half), "first") == ("a = $1", ["first"])
    assert condition(Filter("f", sql="a = ?", each={"x": ("", "b < :today")}), "x") == (
        "b < $1::date",
        [date(2026, 1, 1)],
    )
    for filter in (Filter("f", sql="a = ?", of=Half), Filter("f", each={"x": ("", "true")})):
        with pytest.raises(Unknown):
            condition(filter, "third")
