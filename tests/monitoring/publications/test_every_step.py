"""Entering a publication and every step of it, by the page and by the API: what is written, and who did it."""

import pytest

from foundation.database import get, one_of, row, rows, value
from monitoring.publications.lifecycle import State
from monitoring.publications.tables import Edition, Publication, Reach
from monitoring.publications.transitions import STEPS
from tests.builders.publications import a_publication, an_edition
from tests.surfaces import by_page_and_api, last_event, take

ENTRY = {"title_en": "A booklet", "kind": "booklet", "when_precision": "month", "when_first": "2026-03-14"}
WRITERS = {"curator", "curator2", "manager"}
TABLE = {
    "publication": {"draft"}, "withdrawal": {"published"}, "reopening": {"withdrawn"}, "edit": {"draft", "published"},
    "edition": {"draft", "published"}, "edition-removal": {"draft"}, "reach": {"draft", "published"},
    "reach-removal": {"draft", "published"},
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.noun)
async def test_who_may_take_which_step_from_where(step, cast):
    one = await a_publication(cast)
    found = set()
    for state in State:
        one.state = str(state)
        found |= {(one.state, name) for name, person in cast.people.items() if step.open_to(person, one)}
    assert found == {(state, name) for state in TABLE[step.noun] for name in WRITERS}


@by_page_and_api
async def test_a_publication_is_entered(surface, cast, client):
    await client.sign_in(cast.curator)
    await take(client, surface, "/publications", ENTRY | {"publisher": "Vani Youth"})
    made = await one_of(Publication, "SELECT * FROM publication")
    assert (made.state, made.title_en, made.publisher, made.past) == ("draft", "A booklet", "Vani Youth", False)
    assert (str(made.when_first), str(made.when_last), made.when_precision) == ("2026-03-01", "2026-03-31", "month")
    assert await last_event(made.id) == ("publication.entered", cast.curator.id)


@by_page_and_api
async def test_it_is_published_withdrawn_and_made_a_draft_again(surface, cast, client):
    one = await a_publication(cast, state="draft")
    await an_edition(cast, one)
    await client.sign_in(cast.manager)
    path = f"/publications/{one.reference}"
    await take(client, surface, f"{path}/publication")
    fresh = await get(Publication, one.id)
    assert (fresh.state, fresh.published_by) == ("published", cast.manager.id) and fresh.published_at
    await take(client, surface, f"{path}/withdrawal", {"withdrawn_ka": "მისამართი არასწორია"})
    fresh = await get(Publication, one.id)
    assert (fresh.state, fresh.withdrawn_by, fresh.withdrawn_ka) == (
        "withdrawn",
        cast.manager.id,
        "მისამართი არასწორია",
    )
    assert await last_event(one.id) == ("publication.withdrawn", cast.manager.id)
    await take(client, surface, f"{path}/reopening")
    fresh = await get(Publication, one.id)
    assert (fresh.state, fresh.published_at, fresh.withdrawn_at, fresh.withdrawn_ka) == ("draft", None, None, None)


@by_page_and_api
async def test_it_is_edited_after_publication_and_the_history_says_what(surface, cast, client):
    one = await a_publication(cast)
    await client.sign_in(cast.curator2)
    await take(client, surface, f"/publications/{one.reference}/edit", ENTRY | {"title_en": "Another title"})
    fresh = await get(Publication, one.id)
    assert (fresh.state, fresh.title_en, fresh.title_ka) == ("published", "Another title", None)
    told = await value(
        "SELECT p.body->'changed' FROM event e JOIN event_payload p USING (seq) WHERE e.object_id = $1", one.id
    )
    assert told == '["about_en", "publisher", "title_en", "title_ka"]'


@by_page_and_api
async def test_editions_and_reach_come_and_go(surface, cast, client):
    one = await a_publication(cast, state="draft")
    await client.sign_in(cast.curator)
    path = f"/publications/{one.reference}"
    await take(
        client, surface, f"{path}/edition", {"language": "en", "address": "https://example.org/a", "pages": "12"}
    )
    edition = await one_of(Edition, "SELECT * FROM publication_edition")
    assert (edition.language, edition.address, edition.pages, edition.basis) == (
        "en",
        "https://example.org/a",
        12,
        "ours",
    )
    given = {"channel": "web", "unit": "views", "basis": "counted", "source": "the web server"}
    await take(client, surface, f"{path}/reach", given | {"number": "0"})
    await take(client, surface, f"{path}/reach", given)
    assert [each["number"] for each in await rows("SELECT number FROM publication_reach ORDER BY id")] == [0, None]
    for noun, table in (("edition-removal", Edition), ("reach-removal", Reach)):
        part = await row(f"SELECT id FROM {table._meta.tablename} ORDER BY id DESC LIMIT 1")
        await take(client, surface, f"{path}/{noun}", {"part_id": str(part["id"])})
        assert await get(table, part["id"]) is None
    assert await last_event(one.id) == ("publication.reach_removed", cast.curator.id)


async def test_a_part_of_another_publication_is_not_taken_away(cast, client):
    one, other = await a_publication(cast, state="draft"), await a_publication(cast, state="draft")
    edition = await an_edition(cast, other)
    await client.sign_in(cast.curator)
    answer = await client.send_form(f"/en/publications/{one.reference}/edition-removal", {"part_id": str(edition.id)})
    assert answer.status_code == 409 and await get(Edition, edition.id)
