"""Every step of a visit, from its confirmation to its approval, and of the findings it leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial

from accounts.person import Person
from foundation.clock import now
from foundation.database import row
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.disbursements.actions import fulfil_for_visit
from lifecycle.transition import Told, Transition
from monitoring.visits import forms, queries
from monitoring.visits.checklist import missing_answers
from monitoring.visits.lifecycle import (
    FindingState,
    ResponseKind,
    State,
    its_author,
    its_grantee,
    its_head,
    its_lead,
    its_reviewer,
    leads_its_visit,
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
    writes=("loss_reason", "completed_at"), button=N_("Complete it without"), title=N_("Something is lost for ever"),
    hint=N_("What is missing is listed, and the visit goes on without it."),
    labels={"reason": N_("What happened?")},
    history=N_("Visit declared complete although something is lost"),
    done=N_("The visit is complete; what was lost is listed."),
)  # fmt: skip
async def complete_with_loss(visit: Visit, person: Person, reason: str) -> Steps:
    """A phone is broken or lost: the manager says why, and what is missing is listed for ever."""
    lost = {
        "photos": await queries.missing_photos(visit),
        "answers": sorted(missing_answers(visit, await open_points(visit.award_id))),
    }
    yield {"loss_reason": reason.strip(), "completed_at": now()}, {"lost": lost}


hand_in = step(
    "review-request", "visit.handed_in", {State.COMPLETE}, State.IN_REVIEW, its_lead,
    button=N_("Hand in for review"), icon="send",
    history=N_("Visit handed in for review"), done=N_("The visit was handed in for review."),
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

STEPS = (confirm, hand_in, approve, start, reschedule, send_back, complete_with_loss, cancel)


# a finding ---------------------------------------------------------------------------------------------------------

of_finding = partial(Transition, "finding")


@of_finding(
    "sharing", "finding.shared", {FindingState.DRAFT}, FindingState.SHARED, leads_its_visit, writes=("shared_at",),
    button=N_("Share with the organisation"), icon="send",
    history=N_("Finding shared with the organisation"),
    done=N_("The organisation can read and answer the finding now."),
)  # fmt: skip
async def share(finding: Finding, person: Person) -> Steps:
    """The organisation may read and answer it from now on."""
    visit = await row("SELECT state FROM visit WHERE id = $1 FOR SHARE", finding.visit_id)
    if visit is None or visit["state"] not in State.in_set("told"):
        raise Refused(_("Send the visit first; then its findings can be shared."))
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
withdraw = of_finding(
    "withdrawal", "finding.withdrawn", {FindingState.DRAFT, FindingState.SHARED, FindingState.RESPONDED},
    FindingState.WITHDRAWN, its_author, form=forms.Reason, reason="reason",
    button=N_("Withdraw the finding"), look="bad", labels=WHY,
    history=N_("Finding withdrawn"), done=N_("The finding was withdrawn."),
)  # fmt: skip

FINDING_STEPS = (share, respond, settle, close, withdraw)
