"""The public lists of meetings and achievements."""

from datetime import date

import pytest

from foundation.database import DB, execute, insert, rows
from monitoring.meetings.kinds import SIGNS, Kind, kind_of
from monitoring.meetings.listing import ACHIEVEMENTS, KIND, MEETINGS
from monitoring.meetings.queries import kinds_told
from monitoring.meetings.tables import Achievement, Meeting
from tests.builders.publications import a_publication
from tests.sheets import table
from web.sources import Source, sources


async def a_meeting(cast, code="MT-1", place="vani", **over):
    facts = {
        "kind": "working group (1st meeting)", "date_from": date(2021, 6, 1), "date_to": date(2021, 6, 30),
        "date_precision": "month", "subject_en": "Reception days", "source": "https://example.org/a ; curator news page",
    }  # fmt: skip
    meeting = await insert(Meeting, code=code, **(facts | over))
    if place:
        await execute("INSERT INTO meeting_municipality VALUES ($1, $2)", meeting.id, cast.places[place].id)
    return meeting


async def test_a_month_is_not_shown_as_a_day(cast, client):
    await a_meeting(cast)
    body = (await client.get("/en/meetings")).text
    assert "June 2021" in body and "1 June 2021" not in body
    assert 'href="https://example.org/a"' in body


async def test_what_the_source_does_not_say_is_not_known(cast, client):
    await a_meeting(cast, place=None, date_from=None, date_to=None, date_precision="unknown", source=None)
    assert (await client.get("/en/meetings")).text.count('class="unknown"') >= 4


async def test_filters_narrow_the_list(cast, client):
    await a_meeting(cast, "MT-1", "vani")
    await a_meeting(cast, "MT-2", "khoni", kind="consultation", subject_en="Budget hearing")
    for query, there, not_there in (
        ("municipality=khoni", "Budget hearing", "Reception days"),
        ("kind=working-group", "Reception days", "Budget hearing"),
        ("q=hearing", "Budget hearing", "Reception days"),
    ):
        body = (await client.get(f"/en/meetings?{query}")).text
        assert there in body and not_there not in body, query
    assert "Nothing matches" in (await client.get("/en/meetings?q=100%25")).text
    assert (await client.get("/en/meetings?kind=nothing")).status_code == 400, "a kind there is not"


async def test_lists_cost_the_same_for_one_and_for_three(cast, client):
    counts = []
    for round_, codes in enumerate((["1"], ["2", "3"])):
        for code in codes:
            await a_meeting(cast, f"MT-{code}")
            await a_publication(cast, reference=f"PB-{code}")
            await insert(Achievement, code=f"AC-{code}", text_en="A petition page")
        before = DB.statements
        for path in ("/en/meetings", "/ka/publications", "/en/achievements"):
            assert (await client.get(path)).status_code == 200
        counts.append(type(DB).statements - before)
        assert round_ in (0, 1)
    assert counts[0] == counts[1]


async def test_a_page_already_there_is_not_made_again(cast, client):
    await a_meeting(cast)
    first = await client.get("/en/meetings")
    again = await client.get("/en/meetings", headers={"if-none-match": first.headers["etag"]})
    other = await client.get("/ka/meetings", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    await client.sign_in(cast.curator)
    assert "etag" not in (await client.get("/en/meetings")).headers


async def test_organisations_are_called_by_name(cast, client):
    await execute("UPDATE organisation SET code = 'ORG-77' WHERE id = $1", cast.vani_youth.id)
    await a_meeting(cast, organiser="ORG-77; City Council")
    assert "Vani Youth; City Council" in (await client.get("/en/meetings")).text


async def test_the_database_tells_the_same_kinds(cast):
    words = [f"a {sign.strip()}" for sign, _kind in SIGNS] + ["TV", "Press and TV Programme", "something else"]
    for number, word in enumerate(words):
        await a_meeting(cast, f"MT-{number}", kind=word)
    found = await rows(f"SELECT m.kind AS told, {KIND} AS kind FROM meeting m")
    assert len(found) == len(words)
    assert [each["kind"] for each in found] == [kind_of(each["told"]) for each in found]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("working group (last meeting)", Kind.WORKING_GROUP),
        ("TV programme", Kind.MEDIA),
        ("press release / launch", Kind.MEDIA),
        ("final conference", Kind.FORUM),
        ("information meeting", Kind.MEETING),
        ("competition committee", Kind.COMMITTEE),
    ],
)
def test_kinds_come_from_the_words_of_the_sources(told, kind):
    assert kind_of(told) is kind


def test_only_web_addresses_become_links():
    assert sources("https://www.example.org/x ; javascript:alert(1); SP1-01") == [
        Source("example.org", "https://www.example.org/x"),
        Source("javascript:alert(1)"),
        Source("SP1-01"),
    ]


async def test_files_say_names_and_kinds_in_words(cast, client):
    await execute("UPDATE organisation SET code = 'ORG-77' WHERE id = $1", cast.vani_youth.id)
    await a_meeting(cast, organiser="ORG-77; City Council", participants="ORG-77 and others")
    await insert(Achievement, code="AC-1", text_en="A petition page", period="2021-08 or 09")
    meetings = (await client.get("/en/meetings.csv")).text
    assert (
        "working group" in meetings and "Vani Youth; City Council" in meetings and "Vani Youth and others" in meetings
    )
    told = (await client.get("/en/achievements.csv")).text
    assert "August 2021 or September 2021" in told and "the whole programme" in told


async def test_only_kinds_that_occur_are_offered_in_their_order(cast, client):
    assert await kinds_told() == []
    for kind in ("TV programme", "consultation", "a workshop", "working group"):
        await a_meeting(cast, kind, kind=kind)
    assert await kinds_told() == [Kind.WORKING_GROUP, Kind.CONSULTATION, Kind.TRAINING, Kind.MEDIA]


async def years(listing, fact):
    return [str(row[fact])[:4] for row in (await listing.rows(None, listing.list_query({}))).rows]


async def test_the_newest_meeting_comes_first_and_what_has_no_day_last(cast):
    for day in (date(2021, 6, 1), None, date(2022, 1, 1), date(2020, 1, 1)):
        await a_meeting(cast, str(day), date_from=day, date_to=day, date_precision="day" if day else "unknown")
    assert await years(MEETINGS, "code") == ["2022", "2021", "2020", "None"]


async def test_the_newest_achievement_comes_first_and_what_has_no_day_last(cast):
    for period in ("2021-06", None, "2022 (about)", "2020-01-01"):
        await insert(Achievement, code=f"AC-{period}", text_en="A petition page", period=period)
    assert await years(ACHIEVEMENTS, "when") == ["2022", "2021", "2020", "None"]


async def test_achievements_are_narrowed_to_a_place_or_to_the_whole_programme(cast, client):
    for place in ("vani", "khoni", None):
        key = cast.places[place].id if place else None
        await insert(Achievement, code=f"AC-{place}", text_en=f"A page of {place}", municipality_id=key)
    for typed, there in (("vani", "vani"), ("khoni", "khoni"), ("all", "None")):
        body = (await client.get(f"/en/achievements?municipality={typed}")).text
        assert [place for place in ("vani", "khoni", "None") if f"A page of {place}" in body] == [there]


async def lines_of(client, path):
    return table((await client.get(path)).content).rows


@pytest.mark.parametrize("code", ["ka", "en"])
async def test_the_file_of_meetings_tells_words_in_every_cell(code, cast, client):
    meeting = await a_meeting(
        cast, subject_ka="მიღების დღეები", decision_ka="მეტი დრო", decision_en="More time",
        organiser="City Council", participants="Everybody",
    )  # fmt: skip
    await execute("UPDATE meeting SET place = 'In the hall' WHERE id = $1", meeting.id)
    await execute("INSERT INTO meeting_municipality VALUES ($1, $2)", meeting.id, cast.places["khoni"].id)
    what, kind, places, decision = {
        "en": ("Reception days", "working group", "Khoni, Vani", "More time"),
        "ka": ("მიღების დღეები", "სამუშაო ჯგუფი", "ხონი, ვანი", "მეტი დრო"),
    }[code]
    assert await lines_of(client, f"/{code}/meetings.csv") == [[
        what, "2021-06-01", "2021-06-30", kind, places, "In the hall", "City Council", "Everybody", decision,
        "https://example.org/a ; curator news page",
    ]]  # fmt: skip


@pytest.mark.parametrize("code", ["ka", "en"])
async def test_the_file_of_achievements_tells_words_in_every_cell(code, cast, client):
    await insert(
        Achievement, code="AC-1", text_ka="გვერდი", text_en="A page", numbers="7", period="2021-08", source="A book",
        municipality_id=cast.places["vani"].id,
    )  # fmt: skip
    text, place, when = {"en": ("A page", "Vani", "August 2021"), "ka": ("გვერდი", "ვანი", "აგვისტო, 2021")}[code]
    assert await lines_of(client, f"/{code}/achievements.csv") == [[text, place, "7", when, "A book"]]


async def test_meetings_as_a_file(client, db):
    answer = await client.get("/ka/meetings.csv?q=nothing-like-this")
    assert answer.status_code == 200 and table(answer.content).rows == []
    assert (await client.get("/en/meetings.xlsx")).content[:2] == b"PK"
