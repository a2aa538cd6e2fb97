"""Which publications the list finds, in which order, and what its files tell of them, cell by cell."""

from datetime import date

import pytest

from foundation.database import execute, insert
from foundation.language import label, speaking
from monitoring.publications.lifecycle import Kind, State
from monitoring.publications.listing import FORMER, PUBLICATIONS
from monitoring.publications.tables import Edition
from tests.builders.publications import a_publication, an_edition
from tests.importing import importing
from tests.sheets import table

KINDS = {
    "local news article": Kind.ARTICLE, "monitoring report": Kind.MONITORING_REPORT,
    "monitoring reports": Kind.MONITORING_REPORT, "press release": Kind.PRESS_RELEASE,
    "research report": Kind.RESEARCH_REPORT, "success story": Kind.SUCCESS_STORY, "TV": Kind.TV,
}  # fmt: skip


async def found(person, **typed):
    return (await PUBLICATIONS.rows(person, PUBLICATIONS.list_query(typed))).rows


async def test_each_kind_and_each_word_it_had_in_old_links_finds_that_kind_alone(cast):
    for kind in Kind:
        await a_publication(cast, kind=kind)
    assert set(FORMER) == set(KINDS)
    for typed, kind in (KINDS | {str(kind): kind for kind in Kind}).items():
        assert [row["kind"] for row in await found(cast.nobody_special, kind=typed)] == [kind], typed


async def test_each_state_finds_its_own_and_only_who_sees_drafts_is_asked_for_one(cast, client):
    for state in State:
        await a_publication(cast, state=state)
    for state in State:
        assert [row["state"] for row in await found(cast.manager, state=state)] == [state]
    for person, asked in ((cast.donor, False), (cast.reviewer, False), (cast.auditor, True), (cast.curator, True)):
        await client.sign_in(person)
        page = (await client.get("/en/publications")).text
        assert ('name="state"' in page, 'name="kind"' in page) == (asked, True), person.name


async def test_the_newest_comes_first_and_what_has_no_day_last(cast):
    days = [date(2026, 3, 1), None, date(2026, 5, 1), date(2025, 12, 1)]
    for day in days:
        await a_publication(cast, when_first=day, when_last=day, when_precision="day" if day else "unknown")
    told = [row["when_first"] for row in await found(cast.nobody_special)]
    assert told == [date(2026, 5, 1), date(2026, 3, 1), date(2025, 12, 1), None]


@pytest.mark.parametrize("code", ["ka", "en"])
async def test_a_file_tells_words_in_every_cell(code, cast, client):
    await execute("UPDATE organisation SET code = 'ORG-77' WHERE id = $1", cast.vani_youth.id)
    by, none = await a_publication(cast, publisher="ORG-77", kind="tv"), await a_publication(
        cast, state="draft", publisher=None, when_first=None, when_last=None, when_precision="unknown", reference="PB-1"
    )  # fmt: skip
    await an_edition(cast, by, "ka")
    async with importing():
        await insert(Edition, publication_id=by.id, language="en", basis="not_found")
    await client.sign_in(cast.manager)
    first, last = table((await client.get(f"/{code}/publications.csv")).content).rows
    with speaking(code):
        kinds = [label(Kind.TV), label(Kind.BOOKLET)]
        states = [label(State.PUBLISHED), label(State.DRAFT)]
    words = {
        "en": ["March 2026", "Vani Youth", "not found: English, Georgian", "in a month", "not known"],
        "ka": ["მარტი, 2026", "ვანის ახალგაზრდები", "ვერ მოიძებნა: ინგლისური, ქართული", "თვის სიზუსტით", "უცნობია"],
    }[code]
    when, publisher, languages, exactly, unknown = words
    title = by.title_en if code == "en" else by.title_ka
    assert first == [
        title,
        kinds[0],
        when,
        publisher,
        languages,
        "",
        states[0],
        by.reference,
        "2026-03-01",
        "2026-03-31",
        exactly,
    ]
    assert last == [
        title, kinds[1], unknown, unknown, unknown, "", states[1], none.reference, "", "", unknown
    ]  # fmt: skip
