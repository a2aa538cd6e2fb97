"""The verdicts of the curator on what a report says, value by value and line by line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.person import Person
from foundation.clock import now
from foundation.database import Row, all_of, execute, lock, one_of, rows, transaction, update
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.ties import not_allowed
from lifecycle.record import record
from monitoring.indicators.numbers import whole_people
from monitoring.indicators.terms import TOTAL, Kind, Verdict
from monitoring.reports import forms
from monitoring.reports.content import content_of
from monitoring.reports.lifecycle import its_curator, may_verify
from monitoring.reports.tables import Report, ReportValue, SpendingLine


async def judge(report: Report, person: Person, code: str, given: forms.Judgement) -> None:
    """The verdict on one reported value. Its split follows: verified with it, or as the curator counted."""
    async with transaction():
        await _to_verify(report, person)
        values = await _values(report, code)
        total = values.get(TOTAL)
        if total is None or total.reported is None:
            raise Refused(_("There is no number to judge here."))
        await lock(total, given.revision)
        given = given.over(forms.judged_in((await content_of(report)).claim(code)))
        facts = _judged(total, given)
        indicator = await _indicator(total)
        whole_people(indicator, facts["verified"])
        if (
            indicator["kind"] == Kind.RATIO
            and facts["verified"] is not None
            and facts["verified"] > (facts["verified_of"] or 0)
        ):
            raise Refused(_("A part cannot be larger than its whole."))
        if indicator["kind"] == Kind.TEXT and given.verdict is Verdict.CORRECTED:
            raise Refused(_("Words are not corrected: write in the note what is right, and choose another verdict."))
        if indicator["kind"] == Kind.ORDINAL and not _is_grade(facts["verified"], indicator["grades"]):
            raise Refused(_("Choose a grade of this indicator."))
        told = {"verified_by": person.id, "verified_at": now()}
        await update(total, **facts, **told)
        for cell, value in values.items():
            if cell != TOTAL and value.reported is not None:
                await _judge_cell(value, facts["verdict"], given, told)
        await _add_visits(report, total, person, given)
        await record(
            "report.value_judged", person, report, indicator=code, verdict=facts["verdict"], reported=total.reported,
            verified=facts["verified"], note=given.note,
        )  # fmt: skip


async def accept_all(report: Report, person: Person, given: forms.AllAccepted) -> None:
    """Line by line; what is left empty is not judged yet."""
    async with transaction():
        await _to_verify(report, person)
        lines = given.over(forms.accepted_in(await content_of(report))).lines
        for position, each in lines.items():
            if each.accepted is not None:
                line = forms.Accepted(accepted=str(each.accepted), note=each.note)  # type: ignore[arg-type]
                await accept_spending(report, person, position, line)


async def accept_spending(report: Report, person: Person, position: int, given: forms.Accepted) -> None:
    """How much of a budget line is accepted; less than was spent needs a reason."""
    async with transaction():
        await _to_verify(report, person)
        line = await one_of(
            SpendingLine,
            "SELECT s.* FROM spending_line s JOIN budget_line b ON b.id = s.budget_line_id"
            " WHERE s.report_id = $1 AND b.position = $2",
            report.id,
            position,
        )
        if line is None or line.spent is None:
            raise Refused(_("Nothing was written about this line."))
        if given.accepted > line.spent:
            raise Refused(_("The accepted amount cannot be more than what was spent."))
        if given.accepted < line.spent and not given.note:
            raise Refused(_("Write why less is accepted than was spent."))
        await update(line, accepted=given.accepted, verdict_note=given.note)
        await record(
            "report.spending_judged", person, report, line=position, spent=line.spent, accepted=given.accepted,
            note=given.note,
        )  # fmt: skip


# inside ------------------------------------------------------------------------------------------------------------


async def _to_verify(report: Report, person: Person) -> None:
    await lock(report)
    if not its_curator(person, report):
        raise not_allowed(person, report)
    if not may_verify(person, report):
        raise Refused(_("The report is not open for verifying."))


async def _values(report: Report, code: str) -> dict[str, ReportValue]:
    found = await all_of(
        ReportValue,
        "SELECT v.* FROM report_value v JOIN indicator i ON i.id = v.indicator_id"
        " WHERE v.report_id = $1 AND i.code = $2",
        report.id,
        code,
    )
    return {value.cell: value for value in found}


async def _indicator(value: ReportValue) -> Row:
    sql = "SELECT kind, people, cardinality(grades_ka) AS grades FROM indicator WHERE id = $1"
    return (await rows(sql, value.indicator_id))[0]


def _is_grade(found: Decimal | None, grades: int) -> bool:
    return found is None or (found == int(found) and 1 <= found <= grades)


def _judged(total: ReportValue, given: forms.Judgement) -> dict[str, Any]:
    if given.verdict is Verdict.VERIFIED:
        return _facts(Verdict.VERIFIED, total.reported, total.reported_of, given.note)
    of = total.reported_of if given.verified_of is None else given.verified_of
    if given.verdict is Verdict.CORRECTED and (given.verified, of) == (total.reported, total.reported_of):
        return _facts(Verdict.VERIFIED, total.reported, total.reported_of, given.note)
    number = None if given.verdict is Verdict.NOT_VERIFIABLE else given.verified
    return _facts(given.verdict, number, of if number is not None else None, given.note)


async def _judge_cell(value: ReportValue, verdict: Verdict, given: forms.Judgement, told: dict[str, Any]) -> None:
    if verdict == Verdict.VERIFIED:
        return await _write(value, _facts(Verdict.VERIFIED, value.reported, None, given.note) | told)
    if verdict == Verdict.CORRECTED:
        counted: Decimal | None = getattr(given, value.cell, None)
        if counted is None:
            nobody = dict.fromkeys(("verified_by", "verified_at"))
            return await _write(value, _facts(Verdict.UNVERIFIED, None, None, None) | nobody)
        same = counted == value.reported
        judged = Verdict.VERIFIED if same else Verdict.CORRECTED
        return await _write(value, _facts(judged, counted, None, given.note) | told)
    return await _write(value, _facts(verdict, None, None, given.note) | told)


async def _write(value: ReportValue, facts: dict[str, object]) -> None:
    await update(value, **facts)


def _facts(verdict: Verdict, number: Decimal | None, of: Decimal | None, note: str | None) -> dict[str, object]:
    return {"verdict": str(verdict), "verified": number, "verified_of": of, "verdict_note": note}


async def _add_visits(report: Report, total: ReportValue, person: Person, given: forms.Judgement) -> None:
    """A curator may point to a visit where they saw it."""
    await execute(
        "INSERT INTO value_evidence (value_id, award_id, visit_id, added_by)"
        " SELECT $1, $2, s.id, $3 FROM visit s WHERE s.award_id = $2 AND s.id = ANY($4::uuid[])"
        " AND NOT EXISTS (SELECT 1 FROM value_evidence e WHERE e.value_id = $1 AND e.visit_id = s.id)",
        total.id, report.award_id, person.id, given.visits,
    )  # fmt: skip
