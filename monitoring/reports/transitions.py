"""Every step of a report, from its opening over the verification to its acceptance."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

from accounts.person import Person
from foundation.clock import now, today
from foundation.database import execute, get, insert, lock, update
from foundation.language import N_, day
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.awards.lifecycle import of_closed_grant
from grants.awards.tables import Award
from grants.disbursements.actions import fulfil_for_report
from grants.disbursements.ledger import posting
from lifecycle.record import record
from lifecycle.transition import Told, Transition
from monitoring.indicators.summary import sum_up
from monitoring.reports import forms, queries
from monitoring.reports.checklist import Gap, gaps_of, how_many
from monitoring.reports.content import body_of, content_of
from monitoring.reports.lifecycle import (
    State,
    agreed_already,
    agreeing_part,
    its_curator,
    its_director,
    its_manager,
    its_manager_or_finance,
    its_signatory,
    second_to_accept,
    the_clock,
)
from monitoring.reports.tables import Report, ReportReturn

# Time to correct what was returned, from the day of the return.
TO_CORRECT = timedelta(days=14)
CONSENT = ("manager_id", "manager_at", "finance_id", "finance_at")
NOTHING_AGREED: dict[str, object] = dict.fromkeys(
    (*CONSENT, "accepted_at", "accepted_cost", "verified_by", "verified_at")
)


class Incomplete(Refused):
    """The report cannot be handed in; `gaps` says all that is missing."""

    def __init__(self, gaps: list[Gap]):
        super().__init__(how_many(gaps))
        self.gaps = gaps


def is_early(report: Report) -> bool:
    """Its period is not over: what it tells of may still change."""
    return report.period_to >= today()


Steps = AsyncIterator[Told]
step = partial(Transition, "report")
decision = partial(step, form=forms.Reason, reason="reason", look="bad")


def before_accepting(person: Person, report: Report) -> str | None:
    return of_closed_grant(person, report) or agreed_already(person, report)


async def lock_with_its_award(report: Report, revision: int | None = None) -> None:
    """The award first, as payments take it too, then the report."""
    await execute("SELECT 1 FROM award WHERE id = $1 FOR UPDATE", report.award_id)
    await lock(report, revision)


async def _award_of(report: Report) -> Award:
    award = await get(Award, report.award_id)
    assert award is not None
    return award


# the organisation's part -------------------------------------------------------------------------------------------

opening = step(
    "", "report.opened", {State.SCHEDULED}, State.OPEN, the_clock, history=N_("The report was opened for writing")
)


@step(
    "submission", "report.submitted", {State.OPEN, State.RETURNED}, State.SUBMITTED, its_signatory,
    form=forms.Submission, writes=("submitted_by", "body", "early_reason"), button=N_("Submit the report"),
    icon="send",
    history=N_("The report was submitted"), done=N_("The report is submitted. We have told your curator."),
)  # fmt: skip
async def submit(report: Report, person: Person, declared: bool, early_reason: str | None = None) -> Steps:
    """Signs the whole report: frozen with its hash from here on. Before its period is over it says why."""
    early = is_early(report)
    if early and not early_reason:
        raise Refused(_("The period lasts until {day}. Write why the report comes before.", day=day(report.period_to)))
    content = await content_of(report)
    if gaps := gaps_of(content):
        raise Incomplete(gaps)
    why = early_reason if early else None
    yield {"submitted_by": person.id, "body": body_of(content), "early_reason": why}, {"reason": why} if why else {}


@step(
    "withdrawal", "report.taken_back", {State.SUBMITTED}, State.OPEN, its_signatory,
    button=N_("Take it back"), look="2", icon="undo-2",
    history=N_("The organisation took the report back"), done=N_("The report is yours again."),
)  # fmt: skip
async def take_back(report: Report, person: Person) -> Steps:
    """Only a first submission that nobody has begun to verify."""
    if await queries.returns_of(report):
        raise Refused(_("Only a first submission can be taken back."))
    yield {}


# the curator's part ------------------------------------------------------------------------------------------------

start_review = step(
    "review", "report.review_started", {State.SUBMITTED}, State.UNDER_REVIEW, its_curator,
    button=N_("Begin to verify"), icon="clipboard-check", history=N_("The curator began to verify the report"),
)  # fmt: skip


@step(
    "return", "report.returned", {State.UNDER_REVIEW}, State.RETURNED, its_curator, form=forms.Return, reason="reason",
    writes=("correct_by",),
    button=N_("Return the report"), title=N_("Return for correction"), look="2", icon="undo-2",
    history=N_("The report was returned for correction"), done=N_("The report is with the organisation again."),
)  # fmt: skip
async def return_for_correction(report: Report, person: Person, sections: list[str], reason: str) -> Steps:
    """By named sections, which are open again; every reason is kept, and there is a new day for it."""
    await insert(ReportReturn, report_id=report.id, sections=sections, reason=reason.strip(), author_id=person.id)
    yield {"correct_by": max(report.due_on, today() + TO_CORRECT)}, {"sections": sections}


@step(
    "verification", "report.verified", {State.UNDER_REVIEW}, State.VERIFIED, its_curator, stamp="verified",
    button=N_("Finish verifying"), icon="badge-check", history=N_("The curator finished verifying the report"),
    done=N_("The report is verified. A manager and a finance officer accept it."),
)  # fmt: skip
async def verify(report: Report, person: Person) -> Steps:
    """Every amount has been judged; values may stay unverified and are then shown as reported only."""
    if (await content_of(report)).unjudged:
        raise Refused(_("Write the accepted amount of every budget line first."))
    yield {}


# what managers, finance and directors decide -----------------------------------------------------------------------


@step(
    "acceptance", "report.accepted", {State.VERIFIED}, State.ACCEPTED, its_manager_or_finance,
    obstacle=before_accepting, lock_row=lock_with_its_award, writes=(*CONSENT, "accepted_at", "accepted_cost"),
    history=N_("The report was accepted"),
    done=N_("The report is accepted."), noted=N_("You agreed. It is accepted when the other one agrees too."),
)  # fmt: skip
async def agree(report: Report, person: Person) -> Steps:
    """The manager and finance each agree; the second accepts, and what hangs on it follows at once."""
    part = agreeing_part(person, report)
    consent: dict[str, object] = {f"{part}_id": person.id, f"{part}_at": now()}
    if not second_to_accept(person, report):
        await update(report, **consent)
        await record("report.acceptance_agreed", person, report, part=part)
        return
    content = await content_of(report)
    cost, from_grant = content.accepted, content.accepted_of_grant
    if from_grant > 0:
        about = cost_of(report.award_reference, report.number)
        await posting.accept_cost(await _award_of(report), from_grant, person, about)
    yield {"accepted_at": now(), "accepted_cost": cost, **consent}, {"accepted_cost": cost, "from_grant": from_grant}
    await sum_up(report.award_id)
    await fulfil_for_report(report.report_due_id, person)


send_back = decision(
    "second-look", "report.sent_back", {State.VERIFIED}, State.UNDER_REVIEW, its_manager_or_finance,
    facts=NOTHING_AGREED, button=N_("Ask the curator to look again"),
    hint=N_("The report goes back to the curator, who verifies it once more; nobody has agreed to it then."),
    history=N_("The report went back to the curator for a second look"),
    done=N_("The report is with the curator again."),
)  # fmt: skip
waive = decision(
    "waiver", "report.waived", {State.SCHEDULED, State.OPEN}, State.WAIVED, its_manager,
    button=N_("Waive this report"),
    hint=N_("The organisation need not write this report. A tranche that waits for it keeps waiting."),
    history=N_("The report was waived"), done=N_("The report is waived."),
)  # fmt: skip
lapse = decision(
    "lapse", "report.lapsed", {State.RETURNED}, State.LAPSED, its_manager, button=N_("Mark as lapsed"),
    hint=N_("The organisation did not correct the report. Its numbers will never count."),
    history=N_("The report lapsed"), done=N_("The report has lapsed."),
)  # fmt: skip


@decision(
    "correction", "report.reopened", {State.ACCEPTED}, State.UNDER_REVIEW, its_director, lock_row=lock_with_its_award,
    obstacle=of_closed_grant, facts=NOTHING_AGREED, button=N_("Reopen after an audit"),
    hint=N_(
        "The numbers of this report stop counting at once and its accepted cost is taken back in the ledger, until"
        " it is accepted again."
    ),
    history=N_("The report was reopened for correction after an audit"), done=N_("The report is reopened."),
)  # fmt: skip
async def reopen(report: Report, person: Person, reason: str) -> Steps:
    """An audit found something: the values stop counting and the accepted cost is taken back in the ledger."""
    about = cost_of(report.award_reference, report.number)
    await posting.take_back_cost(await _award_of(report), person, about)
    yield {}
    await sum_up(report.award_id)


STEPS = (
    submit, take_back, start_review, return_for_correction, verify, agree, send_back, waive, lapse, reopen,
)  # fmt: skip
# one page each with the reason; the others stand where the report is written, verified and read
DECISIONS = (send_back, waive, lapse, reopen)


def cost_of(award_reference: str, number: int) -> str:
    """Which report an entry of the ledger is about; the same words find it again."""
    return f"report:{award_reference}/{number}"
