"""A report in any state, with one promised indicator, spending on every budget line, and a short story."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from foundation.clock import now, today
from foundation.database import all_of, execute, insert, one_of, row, update, value
from grants.applications.tables import BudgetLine
from grants.awards.tables import Award
from monitoring.reports.lifecycle import State
from monitoring.reports.queries import REPORT
from monitoring.reports.tables import Report, ReportReturn, ReportValue, SpendingEvidence, SpendingLine, ValueEvidence
from tests.builders.awards import an_award, an_upload
from tests.builders.indicators import a_promise, promised_by
from tests.importing import importing

SENT = State.in_set("sent")
JUDGED = ("verified", "accepted")


def people_of(cast, award):
    """(curator, signatory) of the award's organisation."""
    if award.organisation_id == cast.guria_women.id:
        return cast.curator2, cast.other_signatory
    return cast.curator, cast.signatory


async def a_report(
    cast, award: Award | None = None, state="open", number=1, reported=Decimal("40"), verified=None,
    women=None, men=None, spent=Decimal("500"), **over,
) -> Report:  # fmt: skip
    """`reported` goes to each promised indicator (a new one when nothing is promised); in later states each is
    verified as `verified`, or as reported. `spent` is spent on every budget line, with a receipt."""
    award = award or await an_award(cast)
    curator, signatory = people_of(cast, award)
    if not await promised_by(award):
        await a_promise(cast, award)
    if number == 1:  # its period is over, so that it can be handed in
        async with importing():
            ended = "UPDATE report_due SET period_to = least(period_to, $2) WHERE award_id = $1 AND number = 1"
            await execute(f"{ended} AND period_from < $2", award.id, today() - timedelta(days=1))
    due = await row("SELECT * FROM report_due WHERE award_id = $1 AND number = $2", award.id, number)
    facts = dict(award_id=award.id, report_due_id=due["id"], currency=award.currency, state=state)
    if state not in ("scheduled", "waived"):
        facts |= dict(done_ka="ჩავატარეთ შეხვედრები", problems_ka="წვიმიანი ამინდი")
    if state in SENT:
        sent = now() - timedelta(days=3)
        facts |= dict(
            submitted_by=signatory.id, first_submitted_at=sent, submitted_at=sent, body={"report": 1},
            body_sha256=hashlib.sha256(b"report").digest(),
        )  # fmt: skip
    if state in JUDGED:
        facts |= dict(verified_by=curator.id, verified_at=now() - timedelta(days=2))
    lines = await all_of(
        BudgetLine, "SELECT * FROM budget_line WHERE application_id = $1 ORDER BY position", award.application_id
    )
    if state == "accepted":
        facts |= dict(
            manager_id=cast.manager.id, manager_at=now(), finance_id=cast.finance.id, finance_at=now(),
            accepted_at=now(), accepted_cost=spent * len(lines),
        )  # fmt: skip
    async with importing():
        report = await insert(Report, **(facts | over))
        if state not in ("scheduled", "waived"):
            await _values(award, report, reported, verified, women, men, curator, signatory)
            for line in lines:
                made = await insert(
                    SpendingLine, report_id=report.id, budget_line_id=line.id, spent=spent,
                    accepted=spent if state in JUDGED else None,
                )  # fmt: skip
                receipt = await an_upload(signatory, "receipt.pdf")
                await insert(SpendingEvidence, spending_line_id=made.id, upload_id=receipt.id)
        if state in ("returned", "lapsed"):
            await insert(
                ReportReturn, report_id=report.id, sections=["results"], reason="Attendance lists are missing",
                author_id=curator.id,
            )  # fmt: skip
    return await one_of(Report, f"{REPORT} WHERE r.id = $1", report.id)


async def _values(award, report, reported, verified, women, men, curator, signatory):
    for indicator in await promised_by(award):
        cells = {"total": reported, "women": women, "men": men}
        for cell, told in cells.items():
            if told is None:
                continue
            judged = {}
            if report.state in JUDGED:
                seen = told if verified is None or cell != "total" else Decimal(verified)
                judged = dict(
                    verdict="verified" if seen == told else "corrected", verified=seen, verified_by=curator.id,
                    verified_at=now(), verdict_note=None if seen == told else "Counted on the lists",
                )  # fmt: skip
            made = await insert(
                ReportValue, report_id=report.id, award_id=award.id, indicator_id=indicator.id,
                municipality_id=award.municipality_id, cell=cell, reported=told, **judged,
            )  # fmt: skip
            if cell == "total":
                lists = await an_upload(signatory, "attendance.pdf")
                await insert(ValueEvidence, value_id=made.id, award_id=award.id, upload_id=lists.id)


async def returned(cast, report: Report) -> Report:
    """An accepted report goes back under review, as after an audit."""
    async with importing():
        return await update(
            report, state="under_review", manager_id=None, manager_at=None, finance_id=None, finance_at=None,
            accepted_at=None, accepted_cost=None, verified_by=None, verified_at=None,
        )  # fmt: skip


async def the_value(report: Report, cell="total") -> ReportValue:
    return await one_of(
        ReportValue,
        "SELECT * FROM report_value WHERE report_id = $1 AND cell = $2 ORDER BY indicator_id",
        report.id,
        cell,
    )


async def evidence_count(report: Report) -> int:
    return await value(
        "SELECT count(*) FROM value_evidence e JOIN report_value v ON v.id = e.value_id WHERE v.report_id = $1",
        report.id,
    )
