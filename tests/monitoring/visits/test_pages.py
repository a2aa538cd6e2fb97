"""A visit by its pages: planned by the manager, recorded on a phone without scripts, approved by somebody else."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from foundation.clock import today
from foundation.database import get, row, rows, value
from lifecycle.record import history_of
from monitoring.visits import photos
from monitoring.visits.tables import Visit
from tests.builders.awards import an_award
from tests.builders.uploads import a_jpeg, a_pdf
from tests.builders.visits import a_finding, a_visit, a_visit_photo
from tests.house.typed import Page, as_it_stands

SEEN = {
    "form_version": "1", "on_track": "partly", "women": "14", "men": "9", "notes": "დარბაზი გარემონტებულია.",
    "eu_visibility": "yes", "documents_seen": "no", "visited_on": str(today()), "place": "დიხაშხო",
    "latitude": "42,11234", "longitude": "42.55678", "accuracy_m": "12",
}  # fmt: skip


def photo(name="photo.jpg", data=None):
    return ("photos", (name, data or a_jpeg(640, 480), "image/jpeg"))


def form_in(answer, url):
    return next(form for form in Page(answer.text).forms if form.action == url)


@pytest.fixture
async def award(cast):
    return await an_award(cast)


async def visit_of(reference):
    return await row("SELECT * FROM visit WHERE reference = $1", reference)


async def test_the_whole_way_by_pages(client, cast, award):
    await client.sign_in(cast.manager)
    assert award.reference in (await client.get("/ka/visits/new")).text
    answer = await client.send_form(
        "/ka/visits", {"award_id": str(award.id), "lead_id": str(cast.curator.id), "planned_from": str(today()),
                       "planned_to": str(today() + timedelta(days=2)), "purpose_ka": "საქმიანობის ნახვა"},
    )  # fmt: skip
    assert answer.status_code == 303
    place = answer.headers["location"]
    reference = place.rsplit("/", 1)[1]

    await client.sign_in(cast.curator)
    assert reference in (await client.get("/ka/visits/mine")).text
    assert (await client.send_form(f"{place}/confirmation")).status_code == 303
    assert (await client.get(f"{place}/record")).status_code == 200
    sent = await client.send_form(
        f"{place}/record", SEEN | {"do": "send", "consent": "true"}, files=[photo(), photo("b.jpg")]
    )
    assert (sent.status_code, sent.headers["location"]) == (303, place)
    assert (await visit_of(reference))["state"] == "complete"
    shown = (await client.get(place)).text
    assert "დარბაზი გარემონტებულია." in shown and shown.count("/small") == 2
    assert (await client.send_form(f"{place}/review-request")).status_code == 303
    assert (await client.send_form(f"{place}/approval")).status_code == 403

    await client.sign_in(cast.manager)
    assert (await client.send_form(f"{place}/return")).status_code == 422
    assert (await client.send_form(f"{place}/approval")).status_code == 303
    assert (await visit_of(reference))["state"] == "approved"
    await client.sign_in(cast.donor)
    assert "დარბაზი გარემონტებულია." in (await client.get(place)).text


async def test_what_is_missing_is_asked_for_and_nothing_is_lost(client, cast, award):
    visit = await a_visit(cast, award, state="confirmed")
    await client.sign_in(cast.curator)
    url = f"/en/visits/{visit.reference}/record"
    answer = await client.send_form(url, {"notes": "Half", "women": "3", "do": "send"}, files=[photo()])
    assert answer.status_code == 422
    for sentence in ("Say whether the activities go according to plan.", "Count the men.", "Write the village"):
        assert sentence in answer.text
    assert 'href="#f-on_track"' in answer.text and ">\nHalf</textarea>" in answer.text
    kept = await visit_of(visit.reference)
    assert (kept["state"], kept["notes"], kept["women"]) == ("in_field", "Half", 3)
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 1


async def test_a_draft_takes_anything_but_nonsense(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    url = f"/en/visits/{visit.reference}/record"
    assert (await client.send_form(url, {"do": "save"}, files=[("photos", ("", b""))])).status_code == 303
    wrong = await client.send_form(
        url,
        {"women": "many", "visited_on": str(today() + timedelta(days=1)), "latitude": "42", "notes": "typed"},
        files=[photo()],
    )
    assert wrong.status_code == 422
    assert "Enter a whole number." in wrong.text and "This day has not come yet." in wrong.text
    assert 'value="many"' in wrong.text and "typed" in wrong.text
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 1, "the photo is kept"


async def test_a_wrong_file_is_named_and_the_others_are_kept(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    answer = await client.send_form(
        f"/en/visits/{visit.reference}/record", SEEN | {"do": "send"}, files=[photo("a.jpg", a_pdf()), photo("b.jpg")]
    )
    assert answer.status_code == 422 and "“a.jpg” is not a picture" in answer.text
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 1


async def test_the_same_form_sent_twice_keeps_one_photo(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    one = photo()
    for _ in range(2):
        await client.send_form(f"/en/visits/{visit.reference}/record", SEEN, files=[one])
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 1


async def test_a_photo_that_was_kept_is_not_sent_along_again(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    url = f"/en/visits/{visit.reference}/record"
    opened = form_in(await client.get(url), url)
    typed = dict(as_it_stands(opened)) | {"women": "many", "consent": "true"}
    back = await client.send_form(url, typed, files=[photo("one.jpg"), photo("two.jpg", a_pdf())])
    open("/tmp/team/back.html", "w").write(back.text)
    assert back.status_code == 422 and "photos.kept" not in back.text and "“two.jpg”" in back.text
    (kept,) = await rows("SELECT id, consent FROM visit_photo WHERE visit_id = $1", visit.id)
    again = dict(as_it_stands(form_in(back, url)))
    assert again[f"photo.{kept['id']}.consent"] == "true", "as it was said of the new photos"
    described = again | {"women": "3", f"photo.{kept['id']}.caption": "The yard"}
    done = await client.send_form(url, described, files=[("photos", ("", b""))])
    assert done.status_code == 303
    (now,) = await rows("SELECT id, consent, caption_en FROM visit_photo WHERE visit_id = $1", visit.id)
    assert (now["id"], now["consent"], now["caption_en"]) == (kept["id"], True, "The yard")


async def test_what_was_saved_before_something_was_missing_is_nobody_elses(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    url = f"/en/visits/{visit.reference}/record"
    opened = dict(as_it_stands(form_in(await client.get(url), url)))
    nothing = [("photos", ("", b""))]
    lacking = await client.send_form(url, opened | {"women": "3", "do": "send"}, files=nothing)
    assert lacking.status_code == 422
    again = dict(as_it_stands(form_in(lacking, url)))
    saved = await client.send_form(url, again | {"women": "4", "do": "save"}, files=nothing)
    assert (saved.status_code, (await visit_of(visit.reference))["women"]) == (303, 4)


async def test_photos_that_are_here_already_are_not_counted_twice(client, cast, award, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    one, url = photo(), f"/en/visits/{visit.reference}/record"
    for files in ([one], [one, one]):
        assert (await client.send_form(url, {"do": "save"}, files=files)).status_code == 303
    assert await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) == 1


async def test_photos_are_described_and_taken_out(client, cast, award):
    visit = await a_visit(cast, award, state="in_field", photos=2)
    first, second = await rows("SELECT id FROM visit_photo WHERE visit_id = $1 ORDER BY id", visit.id)
    await client.sign_in(cast.curator)
    url = f"/ka/visits/{visit.reference}/record"
    name = f"photo.{first['id']}"
    words = {f"{name}.here": "1", f"{name}.caption": "ეზო", f"{name}.consent": "true", f"{name}.public": "true"}
    answer = await client.send_form(url, words | {"remove": str(second["id"])}, files=[("photos", ("", b""))])
    assert answer.status_code == 303
    left = await rows("SELECT id, caption_ka, consent, public FROM visit_photo WHERE visit_id = $1", visit.id)
    assert [tuple(one.values()) for one in left] == [(first["id"], "ეზო", True, True)]
    unticked = await client.send_form(
        url, {f"{name}.here": "1", f"{name}.public": "true"}, files=[("photos", ("", b""))]
    )
    assert (unticked.status_code == 422 and "public" in unticked.text) or "თანხმ" in unticked.text


async def test_two_writers_are_told_apart(client, cast, award):
    visit = await a_visit(cast, award, state="in_field")
    await client.sign_in(cast.curator)
    url = f"/en/visits/{visit.reference}/record"
    first = await client.send_form(
        url, {"revision": str(visit.revision), "notes": "one"}, files=[("photos", ("", b""))]
    )
    second = await client.send_form(
        url, {"revision": str(visit.revision), "notes": "two"}, files=[("photos", ("", b""))]
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody else changed this" in second.text and "two" in second.text


async def test_the_grantee_sees_a_visit_once_it_is_received_and_findings_once_shared(client, cast, award):
    planned = await a_visit(cast, award, state="planned")
    seen = await a_visit(cast, award, state="received")
    await a_finding(cast, seen, state="draft", text="მონახაზი")
    await a_finding(cast, seen, state="shared", text="გაზიარებული")
    await client.sign_in(cast.editor)
    assert (await client.get(f"/ka/visits/{planned.reference}")).status_code == 404
    text = (await client.get(f"/ka/visits/{seen.reference}")).text
    assert "გაზიარებული" in text and "მონახაზი" not in text
    await client.sign_in(cast.other_editor)
    assert (await client.get(f"/ka/visits/{seen.reference}")).status_code == 404
    await client.sign_in(cast.donor)
    assert (await client.get(f"/ka/visits/{seen.reference}")).status_code == 404


async def test_only_public_photos_of_approved_visits_leave_the_programme(client, cast, award):
    approved = await a_visit(cast, award, state="approved")
    waiting = await a_visit(cast, award, state="in_review")
    public = await a_visit_photo(cast, approved, public=True)
    private = await a_visit_photo(cast, approved)
    early = await a_visit_photo(cast, waiting, public=True)

    async def status(visit, one):
        return (await client.get(f"/en/visits/{visit.reference}/photos/{one.id}/small")).status_code

    assert [await status(approved, public), await status(approved, private), await status(waiting, early)] == [
        200,
        303,
        303,
    ]
    assert await status(waiting, public) == 404, "the address names its own visit"
    await client.sign_in(cast.editor)
    assert [await status(approved, private), await status(waiting, early)] == [200, 200]
    unconsented = await a_visit_photo(cast, approved, consent=False)
    await client.sign_in(cast.donor)
    assert [await status(approved, private), await status(approved, unconsented)] == [200, 404]


async def test_a_photo_is_taken_back_from_the_public_after_approval(client, cast, award):
    visit = await a_visit(cast, award, state="approved")
    one = await a_visit_photo(cast, visit, public=True)
    url = f"/en/visits/{visit.reference}/photos/{one.id}"
    await client.sign_in(cast.manager)
    assert (await client.send_form(url, {"public": "false"})).status_code == 303
    await client.sign_out()
    assert (await client.get(url)).status_code == 303


async def test_a_finding_by_pages(client, cast, award):
    visit = await a_visit(cast, award, state="complete", photos=1)
    one = await value("SELECT id FROM visit_photo WHERE visit_id = $1", visit.id)
    await client.sign_in(cast.curator)
    place = f"/en/visits/{visit.reference}/findings"
    assert (await client.get(f"{place}/new")).status_code == 200
    assert (await client.send_form(place, {"kind": "risk"})).status_code == 422
    written = await client.send_form(
        place, {"kind": "risk", "severity": "high", "text": "No contract", "photos": [str(one)]}
    )
    url = written.headers["location"]
    assert (await client.get(f"{url}/edit")).status_code == 200
    assert (
        await client.send_form(f"{url}/edit", {"kind": "risk", "severity": "low", "text": "No contract yet"})
    ).status_code == 303
    assert (await client.send_form(f"{url}/sharing")).status_code == 303
    assert (await client.send_form(f"{url}/edit", {"kind": "risk", "severity": "low", "text": "x"})).status_code == 409
    await client.sign_in(cast.signatory)
    assert "Your answer" in (await client.get(url)).text
    assert (await client.send_form(f"{url}/response", {"response_kind": "disagrees"})).status_code == 422
    assert (await client.send_form(f"{url}/response", {"response_kind": "agrees"})).status_code == 303
    await client.sign_in(cast.manager)
    assert (await client.send_form(f"{url}/settlement")).status_code == 303
    assert (await client.send_form(f"{url}/closure")).status_code == 303
    assert await value("SELECT state FROM finding WHERE visit_id = $1", visit.id) == "closed"


async def test_lists_search_sort_filter_and_page(client, cast, award):
    made = [await a_visit(cast, award, state="planned", place=f"სოფელი {n}") for n in range(22)]
    await a_visit(cast, await an_award(cast, organisation=cast.guria_women), state="approved")
    await client.sign_in(cast.manager)
    first = (await client.get("/ka/visits?sort=reference")).text
    assert first.count('scope="row"') == 20 and "23" in first
    assert (await client.get("/ka/visits?page=2")).text.count('scope="row"') == 3
    found = (await client.get("/ka/visits", params={"q": "სოფელი 7"})).text
    assert found.count('scope="row"') == 1 and made[7].reference in found
    assert (await client.get("/ka/visits?municipality=ozurgeti")).text.count('scope="row"') == 1
    assert (await client.get("/ka/visits?state=approved")).text.count('scope="row"') == 1
    assert "Nothing matches" in (await client.get("/en/visits?q=nowhere")).text
    await client.sign_in(cast.curator2)
    assert (await client.get("/ka/visits")).text.count('scope="row"') == 1


async def test_a_missed_visit_is_found_and_gets_other_days(client, cast, award):
    late = {"planned_from": today() - timedelta(days=20), "planned_to": today() - timedelta(days=8)}
    visit = await a_visit(cast, award, state="confirmed", **late)
    await a_visit(cast, award, state="confirmed")
    await client.sign_in(cast.curator)
    assert (await client.get("/en/visits?state=missed")).text.count('scope="row"') == 1
    url = f"/en/visits/{visit.reference}"
    assert "The days of this visit have passed" in (await client.get(url)).text
    days = {"planned_from": str(today()), "planned_to": str(today())}
    assert (await client.send_form(f"{url}/schedule", days)).status_code == 422
    assert (await client.send_form(f"{url}/schedule", days | {"reason": "Snow"})).status_code == 303
    assert "Snow" in (await client.get(url)).text


async def test_a_list_costs_the_same_for_one_and_for_many(client, cast, award, db):
    await client.sign_in(cast.manager)

    async def cost(url):
        before = type(db).statements
        assert (await client.get(url)).status_code == 200
        return type(db).statements - before

    await a_visit(cast, award, photos=1)
    few = await cost("/ka/visits")
    for _ in range(4):
        await a_visit(cast, award, photos=1)
    assert await cost("/ka/visits") == few


async def test_a_lost_answer_doubles_nothing(client, cast, award):
    """The person presses the button again: the same visit, the same words, the same finding."""
    await client.sign_in(cast.curator)
    plan = {"id": str(uuid4()), "award_id": str(award.id), "planned_from": str(today()), "planned_to": str(today())}
    sent = [await client.send_form("/en/visits", plan) for _ in range(2)]
    assert sent[0].status_code == 303 and sent[0].headers["location"] == sent[1].headers["location"]
    place = sent[0].headers["location"]
    visit = await get(Visit, UUID(plan["id"]))
    told = {"revision": str(visit.revision), "form_version": "1", "notes": "The hall is ready.", "women": "4"}
    assert [(await client.send_form(f"{place}/record", told)).status_code for _ in range(2)] == [303, 303]
    other = told | {"notes": "Something else."}
    assert (await client.send_form(f"{place}/record", other)).status_code == 409, "other words upon an old version"
    found_there = {"id": str(uuid4()), "kind": "risk", "severity": "low", "text": "No contract"}
    written = [await client.send_form(f"{place}/findings", found_there) for _ in range(2)]
    assert written[0].headers["location"] == written[1].headers["location"]
    assert (await client.send_form(f"{place}/findings", found_there | {"text": "x"})).status_code == 409
    names = [event.name for event in await history_of(visit)]
    assert names == ["visit.planned", "visit.started", "visit.saved"]
    assert await value("SELECT count(*) FROM finding WHERE visit_id = $1", visit.id) == 1


async def test_a_plan_is_nobody_elses(client, cast, award):
    visit = await a_visit(cast, award, state="planned")
    await client.sign_in(cast.manager)
    plan = {"id": str(visit.id), "award_id": str(award.id), "lead_id": str(cast.curator.id)}
    days = {"planned_from": str(today()), "planned_to": str(today())}
    other = await an_award(cast)
    assert (await client.send_form("/en/visits", plan | days | {"award_id": str(other.id)})).status_code == 409


async def test_a_photo_opens_inside_the_page(client, cast, award):
    visit = await a_visit(cast, award, state="approved")
    public, private = await a_visit_photo(cast, visit, public=True), await a_visit_photo(cast, visit)
    url = f"/en/visits/{visit.reference}/photos/{public.id}"
    shown = await client.get(url)
    assert shown.status_code == 200 and f'src="{url}/file"' in shown.text
    assert str(private.id) not in shown.text and "Show to everybody" not in shown.text
    file = await client.get(f"{url}/file")
    assert file.status_code == 200 and file.headers["content-type"].startswith("image/")
    await client.sign_in(cast.donor)
    assert str(private.id) in (await client.get(url)).text, "the neighbour is there for whoever may see it"
    await client.sign_in(cast.manager)
    assert "Take back from the public" in (await client.get(url)).text


async def test_the_list_as_a_file_holds_what_the_filters_leave(client, cast, award):
    planned = await a_visit(cast, award, state="planned")
    approved = await a_visit(cast, award, state="approved")
    await client.sign_in(cast.curator)
    answer = await client.get("/en/visits.csv?state=approved")
    assert answer.headers["content-type"].startswith("text/csv")
    assert approved.reference in answer.text and planned.reference not in answer.text
    assert (await client.get("/en/visits.xlsx")).content[:2] == b"PK"
