"""What is not going well: counted whole, however much it is, and narrowed before it is cut into pages."""

from dataclasses import replace

import pytest

from foundation.clock import today
from foundation.database import execute, rows
from monitoring.results.donors.listing import TROUBLE, Look
from monitoring.results.scope import EVERYTHING
from tests.builders.recommendations import a_recommendation
from tests.importing import importing
from tests.sheets import table

MANY = 230


@pytest.fixture
async def much_that_is_late(cast):
    """Recommendations to a municipality; every tenth of them for longer than thirty days."""
    asked = await a_recommendation(cast, state="accepted", addressee="municipality")
    columns = ", ".join(each["attname"] for each in await rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'recommendation'::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname NOT IN ('id', 'reference', 'due_original', 'due_current')"
    ))  # fmt: skip
    async with importing():
        await execute(
            f"INSERT INTO recommendation (reference, due_original, due_current, {columns})"
            " SELECT 'R-2025-' || lpad(n::text, 8, '0'), day, day, columns.* FROM ("
            f"  SELECT {columns} FROM recommendation WHERE id = $1) columns, generate_series(1, $2) n,"
            "  LATERAL (SELECT $3::date - CASE WHEN n % 10 = 0 THEN 40 ELSE 3 END AS day) days",
            asked.id, MANY, today(),
        )  # fmt: skip


async def test_all_of_it_is_counted_and_each_page_shows_its_part(cast, client, much_that_is_late):
    assert f"{MANY} things in total" in (await client.get("/en/results")).text
    donor = await client.sign_in(cast.donor)
    assert f"All {MANY}" in (await donor.get("/en/donor")).text
    shown = [(await donor.get(f"/en/donor/trouble?page={page}")).text for page in range(1, 7)]
    assert [body.count("A recommendation is") for body in shown] == [50, 50, 50, 50, 30, 0]
    assert all(f"{MANY} found" in body for body in shown[:5])
    assert "is 40 days past its day" in shown[0] and "is 40 days past its day" not in shown[1]


async def test_what_is_older_is_looked_for_in_all_of_it(cast, client, much_that_is_late):
    donor = await client.sign_in(cast.donor)
    body = (await donor.get("/en/donor/trouble?kind=recommendation&older=30")).text
    assert "23 found" in body and body.count("is 40 days past its day") == 23 and "older than 30 days" in body
    for query, many in (("", MANY), ("?older=30", 23), ("?kind=finding", 0)):
        answer = await donor.get(f"/en/donor/trouble{query}{'&' if query else '?'}as=csv")
        lines = table(answer.content).told()
        assert len(lines) == many
        assert {(line["Kind"], "<" in line["More"]) for line in lines} <= {("Overdue recommendations", False)}


async def test_what_it_cannot_be_narrowed_by_is_refused(cast, client):
    donor = await client.sign_in(cast.donor)
    for query in ("kind=weather", "older=31", "kinds=report"):
        assert (await donor.get(f"/en/donor/trouble?{query}")).status_code == 400


async def test_the_public_and_people_without_the_donors_pages_find_the_same(cast, client):
    """What grantees were recommended is not told to them; the municipality's recommendation is."""
    for addressee, late in (("cso", 5), ("municipality", 6)):
        asked = await a_recommendation(cast, state="accepted", addressee=addressee)
        async with importing():
            day = "UPDATE recommendation SET due_original = $1::date - $2::int, due_current = $1::date - $2::int WHERE id = $3"
            await execute(day, today(), late, asked.id)
    for who in (None, cast.signatory, cast.donor):
        if who:
            await client.sign_in(who)
        body = (await client.get("/en/results")).text
        assert "6 days past" in body and "5 days past" not in body
    assert "5 days past" in (await client.get("/en/donor/trouble")).text


@pytest.mark.parametrize("sort", ["", "-gravest"])
async def test_it_goes_on_by_after_to_the_same_rows_in_the_same_order(cast, much_that_is_late, sort):
    """All of it is looked at once; from there on pages are pieces of one order."""
    look, all_at_once = Look(cast.donor, EVERYTHING), replace(TROUBLE.list_query({"sort": sort}), size=MANY)
    whole = [row["key"] for row in (await TROUBLE.rows(look, all_at_once)).rows]
    pieces, after = [], ""
    while after is not None:
        found = await TROUBLE.rows(look, TROUBLE.list_query({"sort": sort, "after": after}))
        assert found.total == MANY
        pieces, after = [*pieces, *(row["key"] for row in found.rows)], found.next
    assert pieces == whole and len(set(whole)) == MANY
