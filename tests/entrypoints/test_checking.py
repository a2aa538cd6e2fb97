"""`subgrants check` names the grants whose kept results are not what their values come to."""

from decimal import Decimal

import asyncpg
import pytest

from entrypoints.checking import _results
from foundation.database import DB, execute, value
from foundation.kept import count_again, differing_rows
from monitoring.indicators.summary import rebuild
from tests.builders.applications import an_application
from tests.builders.reports import a_report
from tests.cast import make_cast
from tests.importing import importing


async def test_kept_results_are_compared_with_the_values(committing):
    cast = await make_cast()
    report = await a_report(cast, state="accepted", reported=Decimal(40))
    reference = await value("SELECT reference FROM award WHERE id = $1", report.award_id)
    connection = await asyncpg.connect(DB.config["dsn"])
    try:
        good, said = await _results(connection)
        assert good and said.endswith("sum them up: 1.")
        await rebuild()
        assert await _results(connection) == (True, "Results are what the accepted values come to.")
        await execute("UPDATE result_sum SET verified = 0")
        good, said = await _results(connection)
        assert not good and reference in said and "subgrants results rebuild" in said
        await rebuild()
        assert (await _results(connection))[0]
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("drift", "mended"),
    [
        ("UPDATE award_money SET verified = verified + 1", "SELECT sum(verified) FROM award_money"),
        ("DELETE FROM award_money", "SELECT count(*) FROM award_money"),
        ("UPDATE application_reviews SET reading = reading + 1", "SELECT sum(reading) FROM application_reviews"),
        ("DELETE FROM application_reviews", "SELECT count(*) FROM application_reviews"),
    ],
)
async def test_what_triggers_keep_is_compared_and_counted_again(committing, drift, mended):
    cast = await make_cast()
    report = await a_report(cast, state="accepted", reported=Decimal(40))
    application = await an_application(cast, state="in_review")
    reference = await value("SELECT reference FROM award WHERE id = $1", report.award_id)
    before = await value(mended)
    assert await differing_rows() == []
    async with importing():
        await execute(drift)
    named = await differing_rows()
    assert named == [reference if "award" in drift else application.number]
    assert await value(mended) != before, "looking changes nothing"
    await count_again()
    assert (await differing_rows(), await value(mended)) == ([], before)
