"""What every list promises: who finds what on it, what narrows it, by which words it finds, what its files tell."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.person import NOBODY
from foundation.clock import today
from foundation.database import value
from foundation.language import gettext as _
from foundation.language import label, speaking
from grants.awards import listing as awards
from monitoring.recommendations import listing as recommendations
from monitoring.recommendations.lifecycle import Priority
from monitoring.reports import listing as reports
from tests.house.list_world import a_world, asking
from tests.house.routes import every_route
from tests.sheets import table
from web.lists.listing import ALL

every_route()  # loads the rooms
HERE = Path(__file__).parent
SEEN = list(csv.DictReader((HERE / "list_rows.csv").open(encoding="utf-8")))
HEADS = dict(csv.reader((HERE / "list_heads.csv").open(encoding="utf-8")))
# of these the world has rows that differ in what they are ordered by
ORDERED = {"applications", "awards", "ledger", "organisations", "recommendations", "reports", "visits"}


async def found(listing, person, **typed):
    return (await listing.rows(asking(listing, person), listing.list_query(typed))).rows


def reader(cast, listing):
    return next(
        each for each in (cast.director, cast.manager, *cast.people.values()) if listing.who(asking(listing, each))
    )


def test_menus_ask_before_anybody_has_signed_in():
    for sees in (awards.sees_lists, awards.decides, reports.sees_reports, recommendations.sees_recommendations):
        assert not sees(None) and not sees(NOBODY)


async def test_who_finds_whose_rows_and_in_which_order(cast):
    """`-` is not let in; how many rows are Vani's and how many Guria's stands in the order they come in."""
    world, wrong = await a_world(cast), []
    for row in SEEN:
        listing = ALL[row["list"]]
        for who, person in cast.people.items():
            told = world.whose(await found(listing, person)) if listing.who(asking(listing, person)) else "-"
            same = told == row[who] if row["list"] in ORDERED else sorted(told.split()) == sorted(row[who].split())
            if not same:
                wrong.append((row["list"], who, told))
    assert wrong == []
    assert {row["list"] for row in SEEN} == {name for name, each in ALL.items() if not each.public}


NARROWED = [
    ("recommendations", "overdue", "yes", "vani 1"), ("recommendations", "state", "open", "vani 1 guria 1"),
    ("recommendations", "state", "closed", ""), ("recommendations", "state", "verified", ""), ("recommendations", "priority", "low", "guria 1"),
    ("reports", "overdue", "yes", "vani 1"), ("reports", "overdue", "true", "vani 1"),
    ("visits", "state", "missed", "vani 1"), ("visits", "mine", "true", ""), ("visits", "grant", "G-2026-040", "vani 1"),
    ("organisations", "kind", "cso", "guria 1 vani 1"), ("organisations", "kind", "curator", ""),
    ("organisations", "experience", "experienced", "guria 1 vani 1"), ("organisations", "experience", "new", ""),
    ("organisations", "experience", "unknown", ""), ("people", "state", "closed", ""), ("people", "state", "active", ""),
    ("people", "role", "finance", "finance 1"), ("people", "role", "editor", "editor 1 other_editor 1"),
    ("ledger", "since", 0, "guria 1 vani 1"), ("ledger", "since", 1, ""), ("ledger", "until", 0, "guria 1 vani 1"),
    ("ledger", "until", -1, ""), ("ledger", "kind", "payment", ""), ("ledger", "kind", "commitment", "guria 1 vani 1"),
    ("awards", "municipality", "vani", "vani 1"), ("applications", "municipality", "vani", "vani 2"),
    ("recommendations", "municipality", "vani", "vani 1"), ("reports", "municipality", "vani", "vani 1"),
    ("visits", "municipality", "vani", "vani 1"), ("organisations", "municipality", "vani", "vani 1"),
    ("awards", "state", "active", "guria 1 vani 1"), ("awards", "state", "closed", ""),
    ("applications", "state", "approved", "guria 1 vani 1"), ("manage.calls", "state", "draft", ""),
    ("payments", "state", "open", "guria 1 vani 1"), ("payments", "state", "sent", ""),
    ("payments", "municipality", "vani", ""), ("payments", "state", "certified", "guria 1 vani 1"),
    ("reports", "state", "accepted", ""), ("reports", "state", "scheduled", "vani 1 guria 1"), ("reviews", "state", "drafting", ""), ("visits", "state", "approved", ""),
]  # fmt: skip


async def test_what_narrows_a_list(cast):
    world, wrong = await a_world(cast), []
    world.keys |= {person.id: name for name, person in cast.people.items()}
    for name, filter, asked, expected in NARROWED:
        typed = str(today() + timedelta(days=asked)) if isinstance(asked, int) else asked
        told = world.whose(await found(ALL[name], reader(cast, ALL[name]), **{filter: typed}))
        if told != expected and (name in ORDERED or sorted(told.split()) != sorted(expected.split())):
            wrong.append((name, filter, asked, told))
    assert wrong == []
    reference = (await found(ALL["awards"], cast.other_editor))[0]["call_reference"]
    for name in ("applications", "awards", "ledger"):
        assert world.whose(await found(ALL[name], cast.finance, call=reference)) == "guria 1"
    for name, filter in (("awards", "municipality"), ("awards", "call"), ("reports", "municipality")):
        shown_to = next(each.shown_to for each in ALL[name].filters if each.name == filter)
        assert shown_to(cast.manager) and shown_to(cast.auditor) and not shown_to(cast.editor)


WORDS = {
    "applications": ["Vani Youth"], "approvals": ["Vani Youth", "ვანის ახალგაზრდები"],
    "awards": ["G-2026-040", "Clubs of vani", "Vani Youth"],
    "ledger": ["G-2026-040", "Vani Youth", "commitments:G-2026-040"],
    "organisations": ["Vani Youth", "400000001"],
    "payments": ["G-2026-040", "Vani Youth"],
    "recommendations": ["R-2026-00000060", "Minutes vani", "Vani Youth"],
    "reports": ["G-2026-040", "Vani Youth"], "reviews": ["Vani Youth"],
    "visits": ["V-2026-00000060", "See vani", "Clubs of vani", "Vani Youth", "Vani"],
}  # fmt: skip

WHO = {"payments": lambda cast, _listing: cast.finance}


async def test_by_which_words_a_list_finds_a_row(cast):
    """Each of them leaves Vani's rows alone."""
    world, wrong = await a_world(cast), []
    for name, each in ((name, word) for name, words in WORDS.items() for word in words):
        told = world.whose(await found(ALL[name], WHO.get(name, reader)(cast, ALL[name]), q=each))
        if not told.startswith("vani") or "guria" in told:
            wrong.append((name, each, told))
    assert wrong == []
    assert world.whose(await found(ALL["visits"], cast.manager, q="Curator2")) == "guria 1"  # who leads it
    assert world.whose(await found(ALL["ledger"], cast.finance, q="Director")) == "guria 1 vani 1"  # who wrote it


def test_files_have_these_columns_in_this_order():
    """Spreadsheets of others count on them: a column more goes to the end of what belongs together, none goes."""
    with speaking("en"):
        told = {
            name: " | ".join(head.text for each in listing.columns if each.in_file for head in each.heads())
            for name, listing in ALL.items()
            if listing.downloads
        }
    assert told == {name: heads for name, heads in HEADS.items() if name != "list"}


# what stands in the line of Vani's grant, by column; `{call}` is the reference of its call
CELLS = {
    "awards": {
        "reference": "G-2026-040", "title": "ღია ბიუჯეტი ვანში", "organisation": "ვანის ახალგაზრდები",
        "municipality": "ვანი", "call_reference": "{call}", "state": "მოქმედი", "amount": "6060.00", "paid": "0.00",
        "currency": "EUR",
    },
    "ledger": {
        "kind": "ვალდებულება", "credit": "envelope:{call}", "debit": "commitments:G-2026-040", "amount": "6060.00",
        "currency": "EUR", "award_reference": "G-2026-040", "tranche_number": "", "organisation": "ვანის ახალგაზრდები",
        "actor_name": "Director", "committed": "6060.00", "paid": "0.00", "note": "",
    },
    "payments": {
        "reference": "G-2026-040", "number": "1", "organisation": "ვანის ახალგაზრდები", "municipality": "ვანი",
        "amount": "3030.00", "currency": "EUR", "state": "კურატორმა დაადასტურა", "holder": "Vani Youth",
        "iban": "GE29NB0000000101904917", "order_reference": "", "bank_reference": "", "paid_on": "", "obstacles": "",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(name for name, each in ALL.items() if each.downloads and not each.public))
async def test_a_file_says_words_and_no_codes(name, cast, client):
    world = await a_world(cast)
    listing = ALL[name]
    await client.sign_in(WHO.get(name, reader)(cast, listing))
    read = table((await client.get(f"/ka{listing.path}.csv")).content)
    heads, lines = read.heads, read.rows
    columns = [each for each in listing.columns if each.in_file]
    with speaking("ka"):
        assert heads == [head.text for each in columns for head in each.heads()] and len(lines) >= 2
        told = {each.name: [line[heads.index(each.heads()[0].text)] for line in lines] for each in columns}
        codes = [
            each.name for each in columns if each.of
            and not set(told[each.name]) <= {label(member) for member in each.of} | {_("missed"), ""}
        ]  # fmt: skip
        assert codes == []
        call = await value("SELECT reference FROM call WHERE id = $1", world.awards["vani"].call_id)
        expected = {each: cell.format(call=call) for each, cell in CELLS.get(name, {}).items()}
        lines = [dict(zip(told, cells, strict=True)) for cells in zip(*told.values(), strict=True)]
        found = [line for line in lines if "G-2026-040" in line.values()]
        assert not expected or [{each: line[each] for each in expected} for line in found] == [expected]
        if name == "visits":
            assert told["state"] == ["დაგეგმილი", _("missed")]
        if name == "recommendations":
            assert told["addressee"] == ["ვანის ახალგაზრდები", "გურიის ქალები"]
            assert told["priority"] == [label(Priority.HIGH), label(Priority.LOW)]
        if name == "ledger":
            assert told["organisation"] == ["გურიის ქალები", "ვანის ახალგაზრდები"]
