"""Every step of a visit, from its confirmation to its approval, and of the findings it leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from accounts.person import Person
from accounts.queries import Recipient, curators_of, without_ties
from foundation.clock import now
from foundation.database import row
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.disbursements.actions import fulfil_for_visit
from lifecycle.owned import handed_over
from lifecycle.transition import Told, Transition
from monitoring.visits import forms, queries
from monitoring.visits.checklist import missing_answers
from monitoring.visits.lifecycle import (
    FindingState,
    ResponseKind,
    State,
    is_grave,
    its_grantee,
    its_head,
    its_lead,
    its_reviewer,
    leads_its_visit,
    may_hand_over,
    may_reschedule,
    reviews_its_visit,
    the_system,
)
from monitoring.visits.points import open_points
from monitoring.visits.tables import Finding, Visit

Steps = AsyncIterator[Told]
WHY = {"reason": N_("Why?")}
step = partial(Transition, "visit")
with_reason = partial(step, form=forms.Reason, reason="reason", look="2")

# a visit -----------------------------------------------------------------------------------------------------------

confirm = step(
    "confirmation", "visit.confirmed", {State.PLANNED}, State.CONFIRMED, its_lead, button=N_("Confirm the visit"),
    history=N_("Visit confirmed by its lead"), done=N_("Visit confirmed."),
)  # fmt: skip
start = step(
    "start", "visit.started", State.in_set("ahead"), State.IN_FIELD, its_lead,
    button=N_("Begin without recording yet"), look="text",
    history=N_("Visit begun"), done=N_("The visit has begun."),
)  # fmt: skip


@with_reason(
    "schedule", "visit.rescheduled", State.in_set("ahead"), None, may_reschedule, form=forms.Reschedule,
    writes=("planned_from", "planned_to"), prefilled=("planned_from", "planned_to"),
    button=N_("Change the days"), title=N_("Give it other days"), labels=WHY,
    history=N_("Visit moved to other days"), done=N_("The visit has new days."),
)  # fmt: skip
async def reschedule(visit: Visit, person: Person, planned_from: date, planned_to: date, reason: str) -> Steps:
    """Other days, with the reason; also the answer to a visit that was missed."""
    before = {"planned_from": visit.planned_from, "planned_to": visit.planned_to}
    yield {"planned_from": planned_from, "planned_to": planned_to}, {"before": before}


@with_reason(
    "cancellation", "visit.cancelled", State.in_set("ahead"), State.CANCELLED, its_lead, writes=("cancel_reason",),
    button=N_("Cancel the visit"), look="bad", labels=WHY,
    history=N_("Visit cancelled"), done=N_("Visit cancelled."),
)  # fmt: skip
async def cancel(visit: Visit, person: Person, reason: str) -> Steps:
    yield {"cancel_reason": reason.strip()}


receiving = step(
    "", "visit.received", {State.IN_FIELD}, State.RECEIVED, the_system, writes=("received_at",),
    history=N_("What was seen has been received"),
)  # fmt: skip
completing = step(
    "", "visit.completed", {State.RECEIVED}, State.COMPLETE, the_system, writes=("completed_at",),
    history=N_("Visit complete: every answer and photo is here"),
)  # fmt: skip


@with_reason(
    "loss", "visit.completed_with_loss", {State.RECEIVED}, State.COMPLETE, its_head,
    writes=("loss_reason", "completed_at"), button=N_("Complete it without"), title=N_("Something cannot be recovered"),
    hint=N_("What is missing is listed, and the visit continues without it."),
    labels={"reason": N_("What happened?")},
    history=N_("Visit declared complete although something is lost"),
    done=N_("The visit is complete; what was lost is listed."),
)  # fmt: skip
async def complete_with_loss(visit: Visit, person: Person, reason: str) -> Steps:
    """A phone is broken or lost: the manager says why, and what is missing is listed for ever."""
    lost = {
        "photos": await queries.missing_photos(visit),
        "answers": sorted(missing_answers(visit, await open_points(visit.award_id, visit.visited_on))),
    }
    yield {"loss_reason": reason.strip(), "completed_at": now()}, {"lost": lost}


hand_in = step(
    "review-request", "visit.handed_in", {State.COMPLETE}, State.IN_REVIEW, its_lead,
    button=N_("Submit for review"), icon="send",
    history=N_("Visit submitted for review"), done=N_("The visit was submitted for review."),
)  # fmt: skip


@step(
    "approval", "visit.approved", {State.IN_REVIEW}, State.APPROVED, its_reviewer, stamp="reviewed",
    button=N_("Approve the visit"), icon="badge-check",
    history=N_("Visit approved"), done=N_("Visit approved."),
)  # fmt: skip
async def approve(visit: Visit, person: Person) -> Steps:
    """A tranche that waited for a visit goes on with it."""
    yield {}
    await fulfil_for_visit(visit.award_id, person)


send_back = with_reason(
    "return", "visit.returned", {State.IN_REVIEW}, State.IN_FIELD, its_reviewer,
    button=N_("Return the visit"), title=N_("Return it to its lead"), labels={"reason": N_("What must be changed?")},
    history=N_("Visit returned to its lead"), done=N_("The visit was returned to its lead."),
)  # fmt: skip


# who makes it ------------------------------------------------------------------------------------------------------


async def could_lead(visit: Any) -> list[Recipient]:
    """Curators who look after the place today and have nothing to do with the grantee, but for the one who leads it."""
    able = await without_ties(await curators_of(visit.municipality_id), visit.award_id)
    return [each for each in able if each.id != visit.lead_id]


async def _with_its_findings(visit: Visit, person: Person, successor: UUID, reason: str) -> None:
    """What its former lead had written and nobody has settled goes along."""
    for finding in await queries.unsettled(visit, visit.earlier_owners[-1]):
        await hand_over_finding(finding, person, successor=successor, reason=reason)


hand_over = handed_over(
    "visit", "visit.handed_over", State.in_set("pending"), "lead_id", may_hand_over, could_lead,
    button=N_("Give the visit to another curator"), history=N_("Visit given to another curator"),
    hint=N_("What was recorded so far goes along. A person who led it never reviews it."), follow=_with_its_findings,
)  # fmt: skip

STEPS = (confirm, hand_in, approve, start, reschedule, send_back, complete_with_loss, cancel, hand_over)


# a finding ---------------------------------------------------------------------------------------------------------

of_finding = partial(Transition, "finding")


@of_finding(
    "sharing", "finding.shared", {FindingState.DRAFT}, FindingState.SHARED, leads_its_visit, writes=("shared_at",),
    button=N_("Share with the organisation"), icon="send",
    history=N_("Finding shared with the organisation"),
    done=N_("The organisation can read and answer the finding now."),
)  # fmt: skip
async def share(finding: Finding, person: Person) -> Steps:
    """The organisation may read and answer it from now on; a grave one only with what shows it, which it needs to
    become final."""
    visit = await row("SELECT state FROM visit WHERE id = $1 FOR SHARE", finding.visit_id)
    if visit is None or visit["state"] not in State.in_set("told"):
        raise Refused(_("Send the visit first; then its findings can be shared."))
    if is_grave(finding) and not await queries.photos_in(finding):
        raise Refused(_("A high or critical finding is shared only with a photo that shows it."))
    yield {"shared_at": now()}


@of_finding(
    "response", "finding.responded", {FindingState.SHARED}, FindingState.RESPONDED, its_grantee, form=forms.Response,
    stamp="responded", writes=("response_kind", "response"), button=N_("Send the answer"),
    history=N_("The organisation answered the finding"), done=N_("Your answer was sent."),
)  # fmt: skip
async def respond(finding: Finding, person: Person, response_kind: ResponseKind, response: str | None = None) -> Steps:
    yield {"response_kind": response_kind, "response": response}, {"response": response_kind}


lapsing = of_finding(
    "", "finding.not_answered", {FindingState.SHARED}, FindingState.RESPONDED, the_system,
    writes=("response_kind", "responded_at"), history=N_("The organisation did not answer the finding in time"),
)  # fmt: skip
settle = of_finding(
    "settlement", "finding.final", {FindingState.RESPONDED}, FindingState.FINAL, reviews_its_visit, stamp="reviewed",
    button=N_("Make it final"), history=N_("Finding made final"), done=N_("The finding is final."),
)  # fmt: skip
close = of_finding(
    "closure", "finding.closed", {FindingState.FINAL}, FindingState.CLOSED, reviews_its_visit,
    button=N_("Close the finding"), history=N_("Finding closed"), done=N_("The finding is closed."),
)  # fmt: skip


@of_finding(
    "return", "finding.returned", {FindingState.RESPONDED}, FindingState.DRAFT, reviews_its_visit, form=forms.Reason,
    reason="reason",
    facts=dict.fromkeys(("shared_at", "response_kind", "response", "responded_by", "responded_at")),
    button=N_("Return the finding"), title=N_("Return it to its author"), look="2", icon="undo-2",
    hint=N_("Its author corrects it and shares it again; the organisation answers once more."),
    labels={"reason": N_("What must be changed?")},
    history=N_("Finding returned to its author"), done=N_("The finding was returned to its author."),
)  # fmt: skip
async def return_finding(finding: Finding, person: Person, reason: str) -> Steps:
    """What was said and answered stays in the record of what happened."""
    answered = {"text": finding.text, "response_kind": finding.response_kind, "response": finding.response}
    yield {}, {"before": answered}


withdraw = of_finding(
    "withdrawal", "finding.withdrawn", FindingState.in_set("unsettled"), FindingState.WITHDRAWN, leads_its_visit,
    form=forms.Reason, reason="reason",
    button=N_("Withdraw the finding"), look="bad", labels=WHY,
    history=N_("Finding withdrawn"), done=N_("The finding was withdrawn."),
)  # fmt: skip


async def could_keep(finding: Any) -> list[Recipient]:
    able = await without_ties(await curators_of(finding.municipality_id), finding.award_id)
    return [each for each in able if each.id != finding.author_id]


hand_over_finding = handed_over(
    "finding", "finding.handed_over", FindingState.in_set("unsettled"), "author_id", may_hand_over, could_keep,
    button=N_("Give the finding to another curator"), history=N_("Finding given to another curator"),
)  # fmt: skip

FINDING_STEPS = (share, respond, settle, close, return_finding, withdraw, hand_over_finding)
