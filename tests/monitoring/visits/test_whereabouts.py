"""An unlikely position is asked about, never refused; the answer is kept with the visit, for its reviewer to see."""

from decimal import Decimal as D

import pytest

from foundation.database import one_of
from foundation.language import speaking
from monitoring.visits.tables import Visit
from monitoring.visits.whereabouts import kilometres
from tests.builders.visits import a_visit

VANI = ("42.08408", "42.51189")


@pytest.mark.parametrize(
    ("latitude", "longitude", "least", "most"),
    [
        (*VANI, 0, 0), ("42.60", "42.51", 30, 60), ("44.42680", "26.10250", 1200, 1400), ("0", "0", 5000, 7000),
        ("42.51189", "42.08408", 40, 70),
    ],
)  # fmt: skip
def test_how_far_a_place_is_from_its_municipality(latitude, longitude, least, most):
    assert least <= kilometres("vani", D(latitude), D(longitude)) <= most
    assert kilometres("atlantis", D(latitude), D(longitude)) is None


def test_every_town_lies_in_its_own_municipality():
    towns = {
        "lanchkhuti": ("42.08744", "42.03611"), "ozurgeti": ("41.92336", "42.00525"), "khoni": ("42.32535", "42.42243"),
        "vani": VANI, "bagdati": ("42.06943", "42.82505"), "terjola": ("42.18058", "42.9776"),
        "tsageri": ("42.64534", "42.76911"), "ambrolauri": ("42.52322", "43.14982"),
    }  # fmt: skip
    for slug, (latitude, longitude) in towns.items():
        assert kilometres(slug, D(latitude), D(longitude)) == 0, slug


async def stored(visit):
    return await one_of(Visit, "SELECT * FROM visit WHERE id = $1", visit.id)


def filled(**over):
    return {
        "visited_on": "", "on_track": "yes", "eu_visibility": "yes", "documents_seen": "yes", "women": "3", "men": "2",
        "notes": "Seen", "place": "Vani", "do": "send",
    } | over  # fmt: skip


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ({"latitude": "44.42680", "longitude": "26.10250"}, "km away from Vani"),
        ({"latitude": VANI[0], "longitude": VANI[1], "accuracy_m": "350"}, "only exact to 350 m"),
    ],
)
async def test_the_page_asks_once_and_keeps_the_answer(where, asked, cast, client):
    visit = await a_visit(cast, state="in_field", photos=1)
    await client.sign_in(cast.curator)
    here = f"/en/visits/{visit.reference}/record"
    form = filled(visited_on=str((await stored(visit)).planned_from), **where)
    answer = await client.send_form(here, form)
    assert answer.status_code == 422 and asked in answer.text and 'name="place_sure"' in answer.text
    assert (await stored(visit)).state == "in_field" and (await stored(visit)).latitude == D(where["latitude"])
    assert (await client.send_form(here, form | {"place_sure": "true"})).status_code == 303
    now = await stored(visit)
    assert (now.state, now.place_sure) == ("complete", True)
    page = (await client.get(f"/en/visits/{visit.reference}")).text
    assert asked in page and "The person who recorded it says it is right." in page
    told = (await client.get(f"/api/v1/visits/{visit.id}")).json()
    assert told["place_sure"] is True and len(told["place_doubts"]) == 1


async def test_exchanged_numbers_are_put_right_by_a_tick(cast, client):
    visit = await a_visit(cast, state="in_field", photos=1)
    await client.sign_in(cast.curator)
    here = f"/en/visits/{visit.reference}/record"
    form = filled(visited_on=str((await stored(visit)).planned_from), latitude=VANI[1], longitude=VANI[0])
    answer = await client.send_form(here, form)
    assert answer.status_code == 422 and "seem to be exchanged" in answer.text and 'name="swap"' in answer.text
    assert (await client.send_form(here, form | {"swap": "true"})).status_code == 303
    now = await stored(visit)
    assert (now.latitude, now.longitude, now.place_sure, now.state) == (D(VANI[0]), D(VANI[1]), False, "complete")


async def test_what_was_said_of_one_place_is_not_said_of_another(cast, client):
    visit = await a_visit(cast, state="in_field", photos=1)
    await client.sign_in(cast.curator)
    here = f"/en/visits/{visit.reference}/record"
    form = filled(visited_on=str((await stored(visit)).planned_from), latitude="44.4", longitude="26.1", do="save")
    assert (await client.send_form(here, form | {"place_sure": "true"})).status_code == 303
    assert (await stored(visit)).place_sure
    assert (await client.send_form(here, form | {"latitude": "45.4", "place_sure": "true"})).status_code == 303
    assert not (await stored(visit)).place_sure
    with speaking("en"):
        assert "km away" in (await client.get(here)).text
