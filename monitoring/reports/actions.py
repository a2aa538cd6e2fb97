"""Writing a report, and the calendar that opens it; its steps are in transitions.py, verdicts in judging.py."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.database import Row, all_of, execute, insert, lock, one_of, refusals, row, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.ties import not_allowed
from grants.awards.tables import Award, ReportDue
from lifecycle.record import record
from monitoring.indicators.numbers import whole_people
from monitoring.indicators.terms import TOTAL, Kind
from monitoring.reports import forms
from monitoring.reports.content import CELLS, content_of
from monitoring.reports.lifecycle import its_people, may_write
from monitoring.reports.tables import (
    Report,
    ReportDocument,
    ReportValue,
    SpendingEvidence,
    SpendingLine,
    ValueEvidence,
)
from monitoring.reports.transitions import opening
from uploads.actions import keep
from uploads.receiving import Received

# Days before the end of its period that a report opens, so that it can be written while things are fresh.
AHEAD = 14

refusals(
    {
        "report_locked": N_("The report is submitted; what was reported is locked."),
        "report_verdict_under_review": N_("Verdicts are given while the report is being verified."),
        "report_second_person": N_(
            "The person who wrote or verified a report does not accept it, and two people accept it."
        ),
        "report_taken_back_once": N_("Only a first submission can be taken back."),
        "report_before_its_time": N_("The period of this report is not over. Write why it comes before."),
        "report_spending_judged": N_("Write the accepted amount of every budget line first."),
        "report_state": N_("This is no longer possible: the report has moved on."),
        "spending_accepted": N_("The accepted amount cannot be more than what was spent."),
        "report_value_no_data": N_("Write either a number or why there is none, not both."),
        "value_evidence_younger": N_(
            "This visit came after the verdict, so the verdict cannot rest on it. Judge it again."
        ),
        "report_value_kind": N_("A value is written as its indicator asks: a number, a grade or words."),
    }
)


# the calendar ------------------------------------------------------------------------------------------------------


async def schedule(award: Award) -> None:
    """A row for each line of the calendar that has none yet."""
    async with transaction():
        await lock(award)
        dues = await all_of(
            ReportDue,
            "SELECT d.* FROM report_due d WHERE d.award_id = $1"
            " AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id) ORDER BY d.number",
            award.id,
        )
        for due in dues:
            await insert(Report, award_id=award.id, report_due_id=due.id, currency=award.currency)
        if dues:
            await record("report.scheduled", SYSTEM, award, reports=[due.number for due in dues])


async def open_for_writing(report: Report) -> None:
    async with transaction():
        await lock(report)
        if opening.open_to(SYSTEM, report):
            await opening.write(SYSTEM, report)


# writing -----------------------------------------------------------------------------------------------------------


async def save_value(
    report: Report, person: Person, code: str, given: forms.Value, files: list[Received] | None = None
) -> None:
    """A value with its split, note and evidence. A changed number loses the verdict it had before a return."""
    async with transaction():
        await _to_write(report, person)
        promise = await _promise(report, code)
        if given.seen is not None and (claim := (await content_of(report)).claim(code)) is not None:
            given = given.over(forms.value_in(claim))
        whole_people(promise, given.total)
        cells: dict[str, object] = {TOTAL: _as_told(promise, given)} | {name: getattr(given, name) for name in CELLS}
        total = await _set_cell(report, promise, TOTAL, cells[TOTAL], given)
        for name in CELLS:
            await _set_cell(report, promise, name, cells[name], given)
        for received in files or []:
            upload = await keep(received, person)
            await insert(
                ValueEvidence, value_id=total.id, award_id=report.award_id, upload_id=upload.id, added_by=person.id
            )
        await _point_to_visits(report, total, person, given.visits)
        await record("report.section_saved", person, report, section="results", indicator=code)


async def save_spending(
    report: Report, person: Person, position: int, given: forms.Spending, files: list[Received] | None = None
) -> None:
    async with transaction():
        await _to_write(report, person)
        line = await _line(report, position)
        given = given.over(line)
        if given.spent != line.spent:
            await update(line, spent=given.spent, accepted=None)
        await update(line, note=given.note)
        for received in files or []:
            upload = await keep(received, person)
            await insert(SpendingEvidence, spending_line_id=line.id, upload_id=upload.id)
        await record("report.section_saved", person, report, section="spending", line=position)


async def save_story(report: Report, person: Person, given: forms.Story) -> None:
    async with transaction():
        await _to_write(report, person, given.revision)
        await update(report, **given.over(report).model_dump())
        await record("report.section_saved", person, report, section="story")


async def add_document(report: Report, person: Person, given: forms.Document, received: Received) -> None:
    async with transaction():
        await _to_write(report, person)
        upload = await keep(received, person)
        await insert(ReportDocument, report_id=report.id, upload_id=upload.id, note=given.note)
        await record("report.section_saved", person, report, section="documents", added=upload.filename)


async def remove_file(report: Report, person: Person, upload_id: UUID) -> None:
    """From wherever it hangs in this report; the file itself is kept as long as anything else names it."""
    async with transaction():
        await _to_write(report, person)
        for sql in (
            "DELETE FROM value_evidence e USING report_value v WHERE v.id = e.value_id AND v.report_id = $1",
            "DELETE FROM spending_evidence e USING spending_line s WHERE s.id = e.spending_line_id"
            " AND s.report_id = $1",
            "DELETE FROM report_document e WHERE e.report_id = $1",
        ):
            await execute(f"{sql} AND e.upload_id = $2", report.id, upload_id)
        await record("report.section_saved", person, report, removed=str(upload_id))


# inside ------------------------------------------------------------------------------------------------------------


async def _to_write(report: Report, person: Person, revision: int | None = None) -> None:
    await lock(report, revision)
    if not its_people(person, report):
        raise not_allowed(person, report)
    if not may_write(person, report):
        raise Refused(_("The report is not open for writing."))


async def _promise(report: Report, code: str) -> Row:
    found = await row(
        "SELECT i.id, i.kind, i.people, cardinality(i.grades_ka) AS grades"
        " FROM award_indicator p JOIN indicator i ON i.id = p.indicator_id"
        " WHERE p.award_id = $1 AND i.code = $2",
        report.award_id,
        code,
    )
    if found is None:
        raise Refused(_("This grant does not promise this result."))
    if report.municipality_id is None:
        raise Refused(_("The municipality of this grant is not known; a manager has to set it first."))
    return found


def _as_told(promise: Row, given: forms.Value) -> Decimal | None:
    """The number that counts: words count one; a grade is one of those there are."""
    kind, split = Kind(promise["kind"]), any(getattr(given, name) is not None for name in CELLS)
    if kind is Kind.TEXT:
        if given.total is not None or given.of is not None or split:
            raise Refused(_("This result is described in words, not in a number."))
        return Decimal(1) if given.in_words else None
    if given.in_words:
        raise Refused(_("This result is a number; put words into the note."))
    if kind is Kind.ORDINAL:
        if split or given.of is not None:
            raise Refused(_("A grade is one for all."))
        if given.total is not None and not (given.total == int(given.total) and 1 <= given.total <= promise["grades"]):
            raise Refused(_("Choose a grade of this indicator."))
    return given.total


async def _set_cell(report: Report, promise: Row, cell: str, number: object, given: forms.Value) -> ReportValue:
    """The total is always there, even when nothing is told yet: evidence hangs on it. Other cells come and go."""
    stored = await one_of(
        ReportValue,
        "SELECT * FROM report_value WHERE report_id = $1 AND indicator_id = $2 AND municipality_id = $3 AND cell = $4",
        report.id, promise["id"], report.municipality_id, cell,
    )  # fmt: skip
    facts: dict[str, object] = {"reported": number}
    if cell == TOTAL:
        facts |= {name: getattr(given, name) for name in ("words_ka", "words_en", "no_data_reason", "note")}
        facts |= {"reported_of": given.of, "sure": given.sure}
    elif number is None:
        if stored is not None:
            await ReportValue.delete().where(ReportValue.id == stored.id)
        return stored  # type: ignore[return-value]
    if stored is None:
        return await insert(
            ReportValue, report_id=report.id, award_id=report.award_id, indicator_id=promise["id"],
            municipality_id=report.municipality_id, cell=cell, **facts,
        )  # fmt: skip
    if cell == TOTAL:
        await lock(stored, given.revision)
    told = {name: facts[name] for name in ("reported", "reported_of", "words_ka", "words_en") if name in facts}
    if any(getattr(stored, name) != one for name, one in told.items()):
        if cell == TOTAL and stored.sure:  # that was said of another number
            facts["sure"] = False
        facts |= {"verdict": "unverified", "verified": None, "verified_of": None, "verdict_note": None,
                  "verified_by": None, "verified_at": None}  # fmt: skip
    if any(getattr(stored, name) != told for name, told in facts.items()):
        await update(stored, **facts)
    return stored


async def _point_to_visits(report: Report, total: ReportValue, person: Person, visits: list[UUID]) -> None:
    await execute(
        "DELETE FROM value_evidence WHERE value_id = $1 AND visit_id IS NOT NULL AND NOT visit_id = ANY($2::uuid[])",
        total.id,
        visits,
    )
    await execute(
        "INSERT INTO value_evidence (value_id, award_id, visit_id, added_by)"
        " SELECT $1, $2, s.id, $3 FROM visit s WHERE s.award_id = $2 AND s.id = ANY($4::uuid[])"
        " AND NOT EXISTS (SELECT 1 FROM value_evidence e WHERE e.value_id = $1 AND e.visit_id = s.id)",
        total.id, report.award_id, person.id, visits,
    )  # fmt: skip


async def _line(report: Report, position: int) -> SpendingLine:
    budget = await row(
        "SELECT id FROM budget_line WHERE application_id = $1 AND position = $2", report.application_id, position
    )
    if budget is None:
        raise Refused(_("The budget has no such line."))
    its = (SpendingLine.report_id == report.id) & (SpendingLine.budget_line_id == budget["id"])
    stored = await SpendingLine.objects().get(its)
    return stored or await insert(SpendingLine, report_id=report.id, budget_line_id=budget["id"], spent=None)
