"""Every number on the donor's pages and on the public ones leads to rows that come to exactly that number."""

import pytest

from tests.builders.awards import a_tranche, an_award
from tests.builders.visits import a_visit
from tests.monitoring.results.numbers import adds_up, claims
from tests.monitoring.results.world import a_world, opened


@pytest.fixture
async def world(cast):
    made = await a_world(cast)
    await opened(made.vani)
    third = await an_award(cast, "closed")
    await a_tranche(cast, "paid", third)
    await a_visit(cast, third, "planned")
    return made


async def wrong(client, path):
    """Sentences about numbers of this page whose lists come to something else, and how many numbers there are."""

    async def get(address):
        answer = await client.get(address)
        assert answer.status_code == 200, address
        return answer.text

    found = claims(await get(path))
    return [said for said in [await adds_up(get, claim) for claim in found] if said], len(found)


@pytest.mark.parametrize(
    ("query", "least"),
    [("", 60), ("?municipality=vani", 40), ("?municipality=terjola", 25), ("?period=2019", 20)],
)
async def test_every_number_of_the_donor_leads_to_its_rows(query, least, cast, client, world):
    await client.sign_in(cast.donor)
    said, many = await wrong(client, f"/en/donor{query}")
    assert said == [] and many >= least
    said, _many = await wrong(client, f"/en/donor/map{query}")
    assert said == []


@pytest.mark.parametrize(("path", "least"), [("/en/", 10), ("/en/results", 10), ("/en/municipalities/vani", 4)])
async def test_every_public_number_leads_to_its_rows(path, least, cast, client, world):
    said, many = await wrong(client, path)
    assert said == [] and many >= least
