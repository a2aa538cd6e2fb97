"""What everybody reads of publications, what staff read besides, and forms that lose nothing."""

from datetime import date

import pytest

from foundation.database import execute, get, insert, value
from monitoring.publications.tables import Publication, Reach
from tests.builders.publications import a_publication, an_edition
from tests.builders.uploads import a_pdf
from tests.filled import Forms


async def form_at(client, path):
    return next(fields for action, fields in Forms((await client.get(path)).text).forms if action == path)


def flat(fields):
    return {name: values[-1] for name, values in fields.items() if name != "csrf_token"}


async def test_everybody_reads_what_is_published_in_both_languages(cast, client):
    one = await a_publication(cast)
    edition = await an_edition(cast, one)
    await insert(
        Reach, publication_id=one.id, channel="newspaper_insert", number=3000, unit="subscribers", units_told=15,
        basis="stated", source="https://example.org/news",
    )  # fmt: skip
    await insert(Reach, publication_id=one.id, channel="web", unit="views", basis="estimated", source="our page")
    body = (await client.get(f"/en/publications/{one.reference}")).text
    for words in ("A booklet on e-services", "March 2026", "Georgian", "3,000", "subscribers", "in 15 communities",
                  "not known", "example.org"):  # fmt: skip
        assert words in body, words
    assert f'{one.reference}/edit"' not in body and "published" not in body  # neither buttons nor state
    assert "ბუკლეტი ელექტრონულ სერვისებზე" in (await client.get(f"/ka/publications/{one.reference}")).text
    file = await client.get(f"/en/publications/{one.reference}/editions/{edition.id}")
    assert file.status_code == 200 and file.content[:5] == b"%PDF-"
    assert "no-cache" in file.headers["cache-control"] and one.reference in file.headers["content-disposition"]
    told = (await client.get(f"/api/v1/publications/{one.reference}")).json()
    assert [each["number"] for each in told["reach"]] == [3000, None] and told["moves"] == []
    assert [each["language"] for each in told["editions"]] == ["ka"]
    listed = (await client.get("/api/v1/publications")).json()
    assert (listed["found"], listed["items"][0]["reference"]) == (1, one.reference)


async def test_of_a_draft_the_public_reads_nothing(cast, client):
    one = await a_publication(cast, state="draft")
    edition = await an_edition(cast, one)
    paths = [
        f"/en/publications/{one.reference}", f"/en/publications/{one.reference}/editions/{edition.id}",
        f"/api/v1/publications/{one.reference}",
    ]  # fmt: skip
    for who in (None, cast.donor, cast.editor, cast.reviewer):
        await client.sign_out()
        if who:
            await client.sign_in(who)
        assert [(await client.get(path)).status_code for path in paths] == [404, 404, 404]
        assert one.reference not in (await client.get("/en/publications")).text
        assert one.reference not in (await client.get("/en/publications.csv")).text
        assert (await client.get("/api/v1/publications")).json()["found"] == 0
    for who in (cast.curator2, cast.auditor, cast.director):
        await client.sign_in(who)
        assert [(await client.get(path)).status_code for path in paths] == [200, 200, 200]
        assert "draft" in (await client.get("/en/publications")).text
        assert "draft" in (await client.get("/en/publications.csv")).text


async def test_a_withdrawn_one_says_why_and_nothing_else(cast, client):
    one = await a_publication(cast, state="withdrawn", about_en="secret-of-the-past")
    edition = await an_edition(cast, one)
    page = await client.get(f"/en/publications/{one.reference}")
    assert page.status_code == 200 and "It had a wrong address" in page.text and "secret-of-the-past" not in page.text
    assert f"{edition.id}" not in page.text and one.reference not in (await client.get("/en/publications")).text
    assert (await client.get(f"/en/publications/{one.reference}/editions/{edition.id}")).status_code == 404
    told = (await client.get(f"/api/v1/publications/{one.reference}")).json()
    assert (told["withdrawn_en"], told["editions"], told["about_en"]) == ("It had a wrong address", [], None)


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
async def test_a_file_follows_the_state_whoever_changes_it(state, cast, client):
    """Past the application: nothing is kept that would still show it."""
    one = await a_publication(cast)
    edition = await an_edition(cast, one)
    path = f"/en/publications/{one.reference}/editions/{edition.id}"
    assert (await client.get(path)).status_code == 200
    await execute(
        "UPDATE publication SET state = 'withdrawn', withdrawn_by = $2, withdrawn_at = now(), withdrawn_en = 'x' WHERE id = $1",
        one.id, cast.manager.id,
    )  # fmt: skip
    if state == "draft":
        await execute(
            "UPDATE publication SET state = 'draft', withdrawn_by = NULL, withdrawn_at = NULL, withdrawn_en = NULL WHERE id = $1",
            one.id,
        )  # fmt: skip
    assert (await client.get(path)).status_code == 404
    assert one.reference not in (await client.get("/en/publications")).text


async def test_a_refused_edition_keeps_its_file_and_words(cast, client):
    one = await a_publication(cast, state="draft")
    await client.sign_in(cast.curator)
    path = f"/en/publications/{one.reference}/edition"
    files = {"file": ("booklet.pdf", a_pdf(), "application/pdf")}
    refused = await client.send_form(path, {"language": "", "pages": "12"}, files)
    assert refused.status_code == 422 and "booklet.pdf" in refused.text
    ticket = next(fields for action, fields in Forms(refused.text).forms if action == path)["file.kept"][0]
    again = await client.send_form(path, {"language": "ka", "pages": "12", "file.kept": ticket}, {"file": ("", b"")})
    assert again.status_code == 303
    assert await value(
        "SELECT u.filename FROM publication_edition e JOIN upload u ON u.id = e.upload_id WHERE e.pages = 12"
    ) == "booklet.pdf"  # fmt: skip
    both = await client.send_form(path, {"language": "en", "address": "https://example.org"}, files)
    assert both.status_code == 409 and "one of the two" in both.text and "https://example.org" in both.text


async def test_two_curators_edit_and_both_are_saved(cast, client):
    one = await a_publication(cast)
    path = f"/en/publications/{one.reference}/edit"
    await client.sign_in(cast.curator)
    mine = flat(await form_at(client, path))
    await client.sign_in(cast.curator2)
    theirs = flat(await form_at(client, path))
    assert (await client.send_form(path, theirs | {"publisher": "Guria Women"})).status_code == 303
    await client.sign_in(cast.curator)
    assert (await client.send_form(path, mine | {"title_en": "A better title"})).status_code == 303
    fresh = await get(Publication, one.id)
    assert (fresh.title_en, fresh.publisher) == ("A better title", "Guria Women")
    conflict = await client.send_form(path, mine | {"publisher": "Somebody else"})
    assert conflict.status_code == 409 and "Somebody else" in conflict.text and "Guria Women" in conflict.text
    assert (await get(Publication, one.id)).publisher == "Guria Women"


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({"when_precision": "day", "when_first": "2026-03-14"}, date(2026, 3, 14), date(2026, 3, 14)),
        ({"when_precision": "year", "when_first": "2026-03-14"}, date(2026, 1, 1), date(2026, 12, 31)),
        ({"when_precision": "range", "when_first": "2026-03-14", "when_last": "2026-04-02"}, date(2026, 3, 14),
         date(2026, 4, 2)),
        ({"when_precision": "unknown", "when_first": "2026-03-14"}, None, None),
        ({"when_precision": "range", "when_first": "2026-03-14", "when_last": "2026-03-02"}, 422, 422),
        ({"when_precision": "month"}, 422, 422),
    ],
)  # fmt: skip
async def test_a_day_is_no_more_exact_than_it_is_known(given, first, last, cast, client):
    await client.sign_in(cast.manager)
    sent = {"title_ka": "ბუკლეტი", "kind": "booklet"} | given
    answer = await client.send_form("/en/publications", sent)
    if first == 422:
        assert answer.status_code == 422 and "ბუკლეტი" in answer.text
        return
    assert answer.status_code == 303
    made = await Publication.objects().first()
    assert (made.when_first, made.when_last) == (first, last)


async def test_without_a_title_or_an_edition_nothing_is_published(cast, client):
    await client.sign_in(cast.curator)
    refused = await client.send_form(
        "/en/publications", {"kind": "booklet", "when_precision": "unknown", "publisher": "Us"}
    )
    assert refused.status_code == 422 and "Write a title" in refused.text and 'value="Us"' in refused.text
    one = await a_publication(cast, state="draft")
    answer = await client.send_form(f"/en/publications/{one.reference}/publication")
    assert answer.status_code == 409 and "Add an edition first" in answer.text


async def test_old_links_to_kinds_still_narrow_the_list(cast, client):
    await a_publication(cast, kind="tv", title_en="A film")
    await a_publication(cast, kind="booklet")
    body = (await client.get("/en/publications?kind=TV")).text
    assert "A film" in body and "A booklet on e-services" not in body
    assert "A film" in (await client.get("/en/publications?kind=tv")).text


async def test_files_say_names_and_languages_in_words(cast, client):
    await execute("UPDATE organisation SET code = 'ORG-77' WHERE id = $1", cast.vani_youth.id)
    one = await a_publication(cast, publisher="ORG-77", kind="tv")
    await an_edition(cast, one, "ka")
    await an_edition(cast, one, "en", address="https://example.org/en")
    told = (await client.get("/en/publications.csv")).text
    for words in ("television programme", "Vani Youth", "English, Georgian", "2026-03-31"):
        assert words in told, words
    assert "State" not in told and "published" not in told
    assert (await client.get("/en/publications.xlsx")).content[:2] == b"PK"


@pytest.mark.parametrize("publisher", ["project", None])
async def test_a_publisher_that_is_the_programme_or_not_known(publisher, cast, client):
    one = await a_publication(cast, publisher=publisher)
    words = "the programme" if publisher else "not known"
    assert words in (await client.get(f"/en/publications/{one.reference}")).text
