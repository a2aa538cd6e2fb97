"""Two people agree at the same moment, or one clicks twice: a report is accepted once and costs are booked once."""

import asyncio

from foundation.database import one_of, value
from foundation.refused import Refused
from monitoring.reports import transitions
from monitoring.reports.queries import REPORT
from monitoring.reports.tables import Report
from tests.builders.reports import a_report
from tests.cast import make_cast


async def test_parallel_agreement_accepts_once(committing):
    cast = await make_cast()
    report = await a_report(cast, state="verified")

    async def agree(person):
        mine = await one_of(Report, f"{REPORT} WHERE r.id = $1", report.id)
        try:
            return await transitions.agree(mine, person)
        except Refused:
            return None

    answers = await asyncio.gather(*(agree(person) for person in [cast.manager, cast.finance] * 4))
    assert answers.count(True) == 1 and answers.count(False) == 1
    assert await value("SELECT state FROM report WHERE id = $1", report.id) == "accepted"
    assert await value("SELECT count(*) FROM ledger_entry WHERE kind = 'accepted_cost'") == 1
