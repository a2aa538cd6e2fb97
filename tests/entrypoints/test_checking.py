"""`subgrants check` names the grants whose kept results are not what their values come to."""

from decimal import Decimal

import asyncpg

from entrypoints.checking import _results
from foundation.database import DB, execute, value
from monitoring.indicators.summary import rebuild
from tests.builders.reports import a_report
from tests.cast import make_cast


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
