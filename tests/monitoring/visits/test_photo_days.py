"""A photo is dated by its camera, never by the moment it was sent; whatever else the camera tells is gone."""

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image

from foundation.clock import TBILISI, today
from foundation.database import all_of, execute, one_of
from monitoring.visits.tables import Visit, VisitPhoto
from tests.builders.uploads import a_jpeg
from tests.builders.visits import a_visit
from tests.importing import importing


def taken(when, zone=None):
    exif = Image.Exif()
    told = exif.get_ifd(0x8769)
    told[0x9003] = when
    if zone:
        told[0x9011] = zone
    exif[0x010F] = "Camera of the canary"
    return a_jpeg(exif=exif.tobytes())


async def added(cast, client, picture):
    visit = await a_visit(cast, state="in_field", photos=0)
    await client.sign_in(cast.curator)
    answer = await client.post(
        f"/en/visits/{visit.reference}/record", data={"csrf_token": client.token, "do": "save", "consent": "true"},
        files=[("photos", ("photo.jpg", picture, "image/jpeg"))],
    )  # fmt: skip
    assert answer.status_code == 303
    [photo] = await all_of(VisitPhoto, "SELECT * FROM visit_photo WHERE visit_id = $1", visit.id)
    return visit, photo


@pytest.mark.parametrize(
    ("when", "zone", "right"),
    [
        ("2026:11:27 10:15:00", None, datetime(2026, 11, 27, 10, 15, tzinfo=TBILISI)),
        ("2026:11:27 10:15:00", "+01:00", datetime(2026, 11, 27, 13, 15, tzinfo=TBILISI)),
        ("0000:00:00 00:00:00", None, None), ("yesterday", None, None), ("1980:01:01 00:00:00", None, None),
    ],
)  # fmt: skip
async def test_the_cameras_day_is_read_before_it_is_stripped(when, zone, right, cast, client):
    visit, photo = await added(cast, client, taken(when, zone))
    assert photo.taken_at == right
    page = (await client.get(f"/en/visits/{visit.reference}")).text
    assert "27 November 2026" in page if right else f"received on {today().day} " in page
    data = (await client.get(f"/en/visits/{visit.reference}/photos/{photo.id}/file")).content
    with Image.open(io.BytesIO(data)) as stored:
        assert not stored.getexif() and b"canary" not in data


async def test_a_picture_without_a_day_says_when_it_came(cast, client):
    visit, photo = await added(cast, client, a_jpeg())
    assert photo.taken_at is None
    assert "received on" in (await client.get(f"/en/visits/{visit.reference}")).text


async def test_the_day_of_a_visit_is_not_filled_in_for_anybody(cast, client):
    visit = await a_visit(cast, state="in_field")
    async with importing():
        await execute("UPDATE visit SET visited_on = NULL WHERE id = $1", visit.id)
    await client.sign_in(cast.curator)
    page = (await client.get(f"/en/visits/{visit.reference}/record")).text
    assert 'name="visited_on" value=""' in page.replace(' type="date"', "") or str(today()) not in page


async def test_a_picture_of_another_visit_and_the_same_words_are_seen(cast, client):
    picture = a_jpeg()
    visit, photo = await added(cast, client, picture)
    other, _photo = await added(cast, client, picture)
    async with importing():
        for each in (visit, other):
            await execute(
                "UPDATE visit SET award_id = $2, municipality_id = $3, visited_on = $4, notes = 'The same words' WHERE id = $1",
                each.id, visit.award_id, visit.municipality_id, today() - timedelta(days=1),
            )  # fmt: skip
            await execute("UPDATE visit SET state = 'received' WHERE id = $1", each.id)
    await client.sign_in(cast.manager)
    page = (await client.get(f"/en/visits/{visit.reference}")).text
    assert f"The same picture is also used in: {other.reference}." in page and "tells the same of the same day" in page
    assert (await one_of(Visit, "SELECT * FROM visit WHERE id = $1", other.id)).reference in page
    assert photo.id
