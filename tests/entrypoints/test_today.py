"""The page of today: whatever waits, most pressing first, and an honest empty page."""

import re
from datetime import timedelta

import pytest

from entrypoints.today import describe
from foundation.clock import now, today
from foundation.language import speaking
from lifecycle import tasks as task_lists
from lifecycle.tasks import Task


@pytest.fixture
def tasks(monkeypatch):
    """The only room there is, for this test."""
    given: list[Task] = []

    async def tell(person):
        return given

    monkeypatch.setattr(task_lists, "TASKS", [tell])
    return given


async def test_nothing_waits(cast, client, tasks):
    await client.sign_in(cast.curator)
    assert "You have nothing to do" in (await client.get("/en/today")).text
    assert "ახლა საქმე არ გაქვთ" in (await client.get("/ka/today")).text
    assert (await client.get("/api/v1/today")).json() == []


async def test_whoever_begins_a_programme_finds_the_first_steps(cast, client, tasks, monkeypatch):
    monkeypatch.setattr("entrypoints.today.BEGUN", "SELECT true AS curators, false AS people, false AS indicators")
    await client.sign_in(cast.manager)
    page = (await client.get("/en/today")).text
    assert 'href="/en/indicators/new"' in page and "Add what the programme measures" in page
    assert [each["href"] for each in (await client.get("/api/v1/today")).json()][-1].endswith("/indicators/new")
    for path in re.findall(r'<li class="task">\s*<div>\s*<a href="([^"]+)"', page):
        assert (await client.get(path)).status_code == 200, path


async def test_nobody_waits_for_their_own_organisation(cast, client, tasks):
    tasks += [Task("waiting", "Write", "/0", who="Vani Youth"), Task("waiting", "Read", "/1", who="Guria Women")]
    await client.sign_in(cast.editor)
    page = (await client.get("/en/today")).text
    assert "Waiting: Guria Women" in page and "Waiting: Vani Youth" not in page


async def test_tasks_stand_in_groups_most_pressing_first(cast, client, tasks):
    tasks += [
        Task("waiting", "Check", "/a", now() - timedelta(days=3), who="Vani Youth", about="Three", slug="vani"),
        Task("overdue", "Answer", "/b", about="Late <b>", due=today() - timedelta(days=2)),
        Task("overdue", "Answer", "/c", about="Later", due=today() - timedelta(days=9)),
        Task("today", "Visit", "/d", about="Now", due=today()),
        Task("waiting", "Check", "/e", now() - timedelta(days=5), about="Five"),
    ]
    await client.sign_in(cast.curator)
    text = (await client.get("/en/today")).text
    order = ["Overdue", "Later", "9 days late", "Late &lt;b&gt;", "2 days late", "Due today", "Now", "Waiting for you",
             "Five", "waiting 5 days", "Three", "Vani Youth"]  # fmt: skip
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    listed = (await client.get("/api/v1/today")).json()
    assert [(each["group"], each["about"], each["days_overdue"]) for each in listed] == [
        ("overdue", "Later", 9), ("overdue", "Late <b>", 2), ("today", "Now", None), ("waiting", "Five", None),
        ("waiting", "Three", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task("overdue", "V", "/", due=today() - timedelta(days=1)), "1 day late"),
        (Task("today", "V", "/", due=today()), "today"),
        (Task("waiting", "V", "/", now()), "since today"),
        (Task("waiting", "V", "/", today() - timedelta(days=1)), "waiting 1 day"),
        (Task("waiting", "V", "/"), ""),
    ],
)
def test_when_is_told_in_one_phrase(task, words):
    with speaking("en"):
        assert describe(task) == words


async def test_donors_have_no_menu_entry_for_it(cast, client, tasks):
    await client.sign_in(cast.donor)
    assert 'href="/en/today"' not in (await client.get("/en/organisations")).text


async def test_a_long_day_shows_the_most_pressing_and_says_how_many_wait_behind(cast, client, tasks):
    tasks += [Task("waiting", "Check", f"/{n}", now() - timedelta(days=n), about=f"Number {n:02}.") for n in range(53)]
    await client.sign_in(cast.curator)
    text = (await client.get("/en/today")).text
    assert "3 more are waiting" in text and ">53<" in text
    assert "Number 52." in text and "Number 03." in text and "Number 02." not in text
    assert len((await client.get("/api/v1/today")).json()) == 53
