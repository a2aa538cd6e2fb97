"""What proves a number: never younger than its verdict, and seen to be used again where it is."""

from datetime import timedelta

import asyncpg
import pytest

from foundation.clock import now, today
from foundation.database import execute, insert, row, transaction
from monitoring.reports.tables import SpendingEvidence, ValueEvidence
from tests.builders.awards import an_award
from tests.builders.reports import a_report, the_value
from tests.builders.uploads import a_pdf, an_upload
from tests.builders.visits import a_visit
from tests.importing import importing


@pytest.mark.parametrize("brought_in", [False, True])
async def test_a_verdict_does_not_rest_on_a_later_visit(brought_in, cast):
    """Neither way round, and not for whoever brings in history, either."""
    award = await an_award(cast)
    report = await a_report(cast, award, "accepted")
    value, visit = await the_value(report), await a_visit(cast, award)
    async with importing():
        await execute("UPDATE visit SET visited_on = $2 WHERE id = $1", visit.id, today() - timedelta(days=2))
        await execute("UPDATE report_value SET verified_at = $2 WHERE id = $1", value.id, now() - timedelta(days=9))
        await execute("UPDATE report SET state = 'under_review' WHERE id = $1", report.id)
    proof = "INSERT INTO value_evidence (value_id, award_id, visit_id) VALUES ($1, $2, $3)"

    async def refused(sql, *args):
        with pytest.raises(asyncpg.PostgresError) as error:
            async with transaction():
                if brought_in:
                    async with importing():
                        await execute(sql, *args)
                else:
                    await execute(sql, *args)
        assert error.value.constraint_name == "value_evidence_younger"

    await refused(proof, value.id, award.id, visit.id)
    async with importing():
        await execute("UPDATE report_value SET verified_at = $2 WHERE id = $1", value.id, now())
        await execute(proof, value.id, award.id, visit.id)
    await refused("UPDATE report_value SET verified_at = $2 WHERE id = $1", value.id, now() - timedelta(days=9))


async def test_a_receipt_that_is_used_again_is_marked_where_it_is_judged(cast, client):
    award = await an_award(cast)
    report = await a_report(cast, award, "under_review")
    data = a_pdf()
    lines = ["SELECT id FROM spending_line WHERE report_id = $1 ORDER BY id LIMIT 1",
             "SELECT id FROM spending_line WHERE report_id = $1 ORDER BY id DESC LIMIT 1"]  # fmt: skip
    async with importing():
        for line in lines:
            upload = await an_upload(cast.signatory, data, "twice.pdf")
            own = await row(line, report.id)
            await insert(SpendingEvidence, spending_line_id=own["id"], upload_id=upload.id)
    await client.sign_in(cast.curator)
    here = f"/en/reports/{award.reference}/1/verification"
    page = (await client.get(f"{here}/spending")).text
    assert page.count("used again") == 2 and f"The same file is also used in: report {award.reference}/1, " in page
    value = await the_value(report)
    indicator = await row("SELECT code FROM indicator WHERE id = $1", value.indicator_id)
    assert "used again" not in (await client.get(f"{here}/values/{indicator['code']}")).text
    async with importing():
        upload = await an_upload(cast.signatory, data, "again.pdf")
        await insert(ValueEvidence, value_id=value.id, award_id=award.id, upload_id=upload.id)
    assert "used again" in (await client.get(f"{here}/values/{indicator['code']}")).text
