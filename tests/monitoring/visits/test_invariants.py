"""What the database itself refuses about visits, photos and findings, asked past the application."""

from datetime import timedelta

import asyncpg
import pytest

from foundation.clock import today
from foundation.database import execute, transaction
from tests.builders.awards import an_award
from tests.builders.recommendations import a_recommendation
from tests.builders.visits import a_finding, a_visit, a_visit_photo


async def refused(name: str, sql: str, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        await execute(sql, *args)
    assert error.value.constraint_name == name


@pytest.fixture
async def award(cast):
    return await an_award(cast)


async def test_nobody_approves_their_own_visit(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    sql = "UPDATE visit SET state = 'approved', reviewed_by = lead_id, reviewed_at = now() WHERE id = $1"
    await refused("visit_second_person", sql, visit.id)


async def test_no_visit_is_approved_by_nobody(cast, award):
    visit = await a_visit(cast, award, state="in_review")
    await refused("visit_approved_facts", "UPDATE visit SET state = 'approved' WHERE id = $1", visit.id)


async def test_no_visit_lies_in_the_future(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    tomorrow = today() + timedelta(days=1)
    await refused("visit_not_future", "UPDATE visit SET visited_on = $2 WHERE id = $1", visit.id, tomorrow)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("planned", "received"),
        ("received", "in_review"),
        ("complete", "approved"),
        ("approved", "in_field"),
        ("cancelled", "planned"),
    ],
)
async def test_a_visit_skips_no_step(cast, award, source, target):
    visit = await a_visit(cast, award, state=source)
    await refused("visit_state", "UPDATE visit SET state = $2 WHERE id = $1", visit.id, target)


async def test_a_visit_is_born_planned(cast, award):
    sql = (
        "INSERT INTO visit (reference, award_id, municipality_id, lead_id, state)"
        " SELECT 'V-1', id, municipality_id, curator_id, 'approved' FROM award WHERE id = $1"
    )
    await refused("visit_state", sql, award.id)


async def test_a_visit_is_where_its_grant_is(cast, award):
    sql = "INSERT INTO visit (reference, award_id, municipality_id, lead_id) SELECT 'V-1', $1, $2, curator_id FROM award WHERE id = $1"
    await refused("visit_award_id_municipality_id_fkey", sql, award.id, cast.khoni.id)


@pytest.mark.parametrize(
    "change",
    [
        "notes = 'x'",
        "women = 1",
        "answers = '{}'",
        "latitude = 1",
        "manifest = '[1]'",
        "lead_id = reviewed_by",
        "reviewed_at = now()",
    ],
)
async def test_an_approved_visit_is_frozen(cast, award, change):
    visit = await a_visit(cast, award, state="approved")
    await refused("visit_frozen", f"UPDATE visit SET {change} WHERE id = $1", visit.id)


async def test_the_summary_of_an_approved_visit_is_still_translated(cast, award):
    visit = await a_visit(cast, award, state="approved")
    await execute("UPDATE visit SET summary_en = 'A hall was repaired.' WHERE id = $1", visit.id)


async def test_photos_are_frozen_after_approval(cast, award):
    visit = await a_visit(cast, award, state="approved")
    photo = await a_visit_photo(cast, visit)
    for sql, args in (
        ("INSERT INTO visit_photo (visit_id, upload_id) VALUES ($1, $2)", (visit.id, photo.upload_id)),
        ("DELETE FROM visit_photo WHERE id = $1", (photo.id,)),
        ("UPDATE visit_photo SET consent = false WHERE id = $1", (photo.id,)),
    ):
        with pytest.raises(asyncpg.PostgresError) as error:
            async with transaction():
                await execute(sql, *args)
        assert error.value.constraint_name == "visit_photo_frozen"
    await execute("UPDATE visit_photo SET public = true WHERE id = $1", photo.id)


async def test_no_photo_is_public_without_consent(cast, award):
    visit = await a_visit(cast, award, state="in_field")
    photo = await a_visit_photo(cast, visit, consent=False)
    await refused("visit_photo_public_with_consent", "UPDATE visit_photo SET public = true WHERE id = $1", photo.id)


async def test_nobody_makes_their_own_finding_final(cast, award):
    finding = await a_finding(cast, await a_visit(cast, award), state="responded")
    sql = "UPDATE finding SET state = 'final', reviewed_by = author_id, reviewed_at = now() WHERE id = $1"
    await refused("finding_second_person", sql, finding.id)


async def test_no_finding_is_answered_without_an_answer(cast, award):
    finding = await a_finding(cast, await a_visit(cast, award), state="shared")
    await refused("finding_answered", "UPDATE finding SET state = 'responded' WHERE id = $1", finding.id)


@pytest.mark.parametrize("severity", ["high", "critical"])
async def test_a_grave_finding_is_final_only_with_photo_and_recommendation(cast, award, severity):
    visit = await a_visit(cast, award)
    photo = await a_visit_photo(cast, visit)
    sql = "UPDATE finding SET state = 'final', reviewed_by = $2, reviewed_at = now() WHERE id = $1"
    bare = await a_finding(cast, visit, state="responded", severity=severity)
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, bare.id, cast.manager.id)
    assert error.value.constraint_name == "finding_with_evidence"
    shown = await a_finding(cast, visit, state="responded", severity=severity, photo=photo)
    with pytest.raises(asyncpg.PostgresError) as error:
        async with transaction():
            await execute(sql, shown.id, cast.manager.id)
    assert error.value.constraint_name == "finding_with_recommendation"
    await a_recommendation(cast, award=award, finding_id=shown.id)
    await execute(sql, shown.id, cast.manager.id)


async def test_good_practice_needs_neither(cast, award):
    finding = await a_finding(
        cast, await a_visit(cast, award), state="responded", severity="high", kind="good_practice"
    )
    sql = "UPDATE finding SET state = 'final', reviewed_by = $2, reviewed_at = now() WHERE id = $1"
    await execute(sql, finding.id, cast.manager.id)


async def test_a_shared_finding_stays_as_it_was(cast, award):
    finding = await a_finding(cast, await a_visit(cast, award), state="shared")
    await refused("finding_frozen", "UPDATE finding SET text = 'x' WHERE id = $1", finding.id)


async def test_a_response_stays_as_it_was(cast, award):
    finding = await a_finding(cast, await a_visit(cast, award), state="responded")
    await refused("finding_response_frozen", "UPDATE finding SET response = 'x' WHERE id = $1", finding.id)


async def test_a_finding_rests_on_photos_of_its_own_visit(cast, award):
    visit, other = await a_visit(cast, award), await a_visit(cast, award)
    finding, photo = await a_finding(cast, visit), await a_visit_photo(cast, other)
    sql = "INSERT INTO finding_photo VALUES ($1, $2, $3)"
    await refused("finding_photo_photo_id_visit_id_fkey", sql, finding.id, photo.id, visit.id)


async def test_the_evidence_of_a_final_finding_stays(cast, award):
    visit = await a_visit(cast, award)
    photo = await a_visit_photo(cast, visit)
    finding = await a_finding(cast, visit, state="final", photo=photo)
    await refused("finding_frozen", "DELETE FROM finding_photo WHERE finding_id = $1", finding.id)
