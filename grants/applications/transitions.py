"""Every step of an application, from the draft that is handed over to the grant that is approved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

from accounts.person import Person
from foundation.clock import now
from foundation.database import lock, one_of
from foundation.language import N_, moment
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.applications import budget, declaration, forms, progress, queries
from grants.applications.content import gather
from grants.applications.lifecycle import (
    State,
    its_curator,
    its_director,
    its_manager,
    its_people,
    its_signatory,
    its_signatory_or_the_clock,
    the_chair,
    the_clock,
    whoever_upholds_a_complaint,
)
from grants.applications.tables import Application
from grants.calls.lifecycle import State as CallState
from grants.calls.queries import COLUMNS as CALL_COLUMNS
from grants.calls.tables import Call
from lifecycle.transition import Told, Transition


class Unfinished(Refused):
    """Something is missing; `parts` says what, and where."""

    status = 422

    def __init__(self, parts: list[progress.Part]):
        super().__init__(_("The application is not complete yet. Look at what is missing."))
        self.parts = parts


async def lock_with_call(application: Application, revision: int | None = None) -> None:
    """The call before the application, so that its deadline does not move meanwhile."""
    await held_call(application.call_id)
    await lock(application, revision)


Steps = AsyncIterator[Told]
step = partial(Transition, "application")
# its own people do not learn who of the programme did what; the state alone is said
own = partial(step, quiet=True)
with_reason = partial(step, form=forms.Reason, reason="reason")


# the organisation's ------------------------------------------------------------------------------------------------


@own(
    "sign-off", "application.handed_over", {State.DRAFT}, State.AWAITING_SIGNOFF, its_people, lock_row=lock_with_call,
    history=N_("Handed to the signatory"),
)  # fmt: skip
async def hand_over(application: Application, person: Person) -> Steps:
    """The editor has finished: the draft waits for the signatory. All but the declaration must be there."""
    call = await held_call(application.call_id)
    refuse_closed(call)
    parts = progress.parts_of(application, call, await gather(application))
    refuse_unfinished([part for part in parts if part.key != "declaration"])
    yield {}


hand_back = own(
    "editing", "application.handed_back", {State.AWAITING_SIGNOFF}, State.DRAFT, its_people,
    facts={"declared": False}, history=N_("Opened for editing again"),
)  # fmt: skip


@own(
    "submission", "application.submitted", State.in_set("unsent"), State.SUBMITTED, its_signatory,
    lock_row=lock_with_call,
    facts={"declared": True}, writes=("submitted_by", "body", "requested", "own_contribution", "typed"),
    history=N_("Application submitted"),
)  # fmt: skip
async def submit(application: Application, person: Person) -> Steps:
    """Hand in the finished application before its call closes; what it says is frozen and hashed. The time is the
    database's, and so is the last word on the deadline."""
    call = await held_call(application.call_id)
    refuse_closed(call)
    content = await gather(application)
    refuse_unfinished(progress.parts_of(application, call, content))
    _rows, lines, _errors = progress.budget_of(application, content)
    requested, own_contribution = budget.requested(lines), budget.own_contribution(lines)
    body = {
        **content,
        "requested": str(requested),
        "own_contribution": str(own_contribution),
        "declaration": declaration.signed_by(person),
    }
    facts = {"requested": requested, "own_contribution": own_contribution, "typed": {}}
    yield {"submitted_by": person.id, "body": body, **facts}, its_hash


@own(
    "take-back", "application.taken_back", {State.SUBMITTED}, State.DRAFT, its_signatory, lock_row=lock_with_call,
    facts={"declared": False}, history=N_("Taken back to draft before the deadline"),
)  # fmt: skip
async def take_back(application: Application, person: Person) -> Steps:
    """Before the deadline a submission may become a draft again; it must be declared and sent anew."""
    refuse_closed(await held_call(application.call_id))
    yield {}, its_hash(application)


withdraw = own(
    "withdrawal", "application.withdrawn", State.in_set("live"), State.WITHDRAWN, its_signatory, form=forms.Withdrawal,
    reason="reason", history=N_("Withdrawn by the organisation"),
)  # fmt: skip
clarify = own(
    "reply", "application.clarified", {State.CLARIFICATION}, State.ADMIN_CHECK, its_signatory_or_the_clock,
    history=N_("Clarification closed"),
)  # fmt: skip
correct = own(
    "correction-reply", "application.corrected", {State.CORRECTION}, State.CORRECTED, its_signatory_or_the_clock,
    history=N_("Correction closed"),
)  # fmt: skip


# the check ---------------------------------------------------------------------------------------------------------


@step(
    "admin-check", "application.check_begun", {State.SUBMITTED}, State.ADMIN_CHECK, its_curator,
    writes=("checked_by",), history=N_("Eligibility check begun"),
)  # fmt: skip
async def begin_check(application: Application, person: Person) -> Steps:
    """Nobody looks for mistakes in what may still be taken back: the call has closed."""
    call = await queries.call_of(application)
    if call.state in CallState.in_set("before_deadline"):
        raise Refused(_("The check begins when the call has closed; until then the application may be taken back."))
    yield {"checked_by": person.id}


ask_clarification = step(
    "clarification", "application.clarification_asked", {State.ADMIN_CHECK}, State.CLARIFICATION, its_curator,
    history=N_("Clarification asked from the organisation"),
)  # fmt: skip


@with_reason(
    "ineligibility", "application.found_ineligible",
    {State.ADMIN_CHECK, State.CLARIFICATION, State.IN_REVIEW, State.SCORED, State.RECOMMENDED, State.RESERVE},
    State.INELIGIBLE, its_manager, writes=("ineligible_reason", "ineligible_confirmed_by"),
    history=N_("Found not eligible"),
)  # fmt: skip
async def confirm_ineligible(application: Application, person: Person, reason: str) -> Steps:
    """The organisation reads the reason as the manager writes it."""
    refuse_unproposed(application)
    facts = {"ineligible_reason": reason, "ineligible_confirmed_by": person.id}
    yield facts, {"criterion": str(application.ineligible_criterion_id)}


# An upheld complaint: back into the check, as if it had not been turned away.
readmit = with_reason(
    "readmission", "application.readmitted", {State.INELIGIBLE, State.REJECTED}, State.ADMIN_CHECK,
    whoever_upholds_a_complaint,
    facts={
        "ineligible_proposed_by": None, "ineligible_criterion_id": None, "ineligible_reason": None,
        "ineligible_confirmed_by": None,
    },
    history=N_("Taken back into the check after a complaint"),
)  # fmt: skip


@step(
    "review", "application.review_started", {State.ADMIN_CHECK}, State.IN_REVIEW, its_manager,
    history=N_("All criteria pass; review started"),
)  # fmt: skip
async def start_review(application: Application, person: Person) -> Steps:
    if application.ineligible_proposed_by:
        raise Refused(_("It is proposed as not eligible. Decide on the proposal first."))
    if any(each["passed"] is not True for each in await queries.criteria_of(application)):
        raise Refused(_("Not every eligibility criterion has passed yet."))
    yield {}


# what people do, by the noun in the address
STEPS = (
    hand_over, hand_back, submit, take_back, withdraw, begin_check, ask_clarification, clarify, correct,
    confirm_ineligible, readmit, start_review,
)  # fmt: skip


# the clock's, the reviews', the committee's and the director's: parts of what those rooms do -------------------------

expiry = step(
    "", "application.expired", State.in_set("unsent"), State.EXPIRED, the_clock,
    history=N_("The call closed before the draft was sent"),
)  # fmt: skip
closing_with_call = step(
    "", "application.closed_by_cancellation", State.in_set("unsent", "live"), State.CLOSED_BY_CANCELLATION,
    the_clock, history=N_("Closed, because the call was cancelled"),
)  # fmt: skip
scoring = step(
    "", "application.scored", {State.IN_REVIEW}, State.SCORED, the_clock, history=N_("All reviews are in")
)  # fmt: skip
review_reopening = step(
    "", "application.review_reopened", {State.SCORED}, State.IN_REVIEW, the_chair, history=N_("A review was reopened")
)  # fmt: skip
recommend = step(
    "", "application.recommended", {State.SCORED, State.CORRECTED}, State.RECOMMENDED, the_chair,
    history=N_("Recommended by the committee"),
)  # fmt: skip
reserve = step(
    "", "application.reserved", {State.SCORED}, State.RESERVE, the_chair, history=N_("Put on the reserve list")
)  # fmt: skip
reject = step(
    "", "application.rejected", {State.SCORED, State.CORRECTED}, State.REJECTED, the_chair,
    history=N_("Rejected by the committee"),
)  # fmt: skip
ask_correction = step(
    "", "application.correction_asked", {State.SCORED}, State.CORRECTION, the_chair,
    history=N_("The committee asked for a correction"),
)  # fmt: skip
move_up = step(
    "", "application.moved_up", {State.RESERVE}, State.RECOMMENDED, its_manager,
    history=N_("Moved up from the reserve list"),
)  # fmt: skip
release_reserve = step(
    "", "application.reserve_released", {State.RESERVE}, State.REJECTED, the_clock,
    history=N_("The reserve list ended"),
)  # fmt: skip
approval = step(
    "", "application.approved", {State.RECOMMENDED}, State.APPROVED, its_director, history=N_("Grant approved")
)  # fmt: skip
refusal = step(
    "", "application.recommendation_declined", {State.RECOMMENDED}, State.REJECTED, its_director,
    history=N_("The recommendation was not approved"),
)  # fmt: skip


# checks ------------------------------------------------------------------------------------------------------------


def refuse_closed(call: Call) -> None:
    """A sentence for people; the database refuses by its own clock."""
    if call.state != CallState.OPEN or now() >= call.deadline:
        if now() >= call.deadline and call.state != CallState.SUSPENDED:
            raise Refused(_("The deadline of this call was {when}; it has passed.", when=moment(call.deadline)))
        if call.state == CallState.SUSPENDED:
            raise Refused(_("This call is suspended for now. Your draft is kept; send it when the call goes on."))
        raise Refused(_("This call is not open."))


def refuse_unfinished(parts: list[progress.Part]) -> None:
    if lacking := progress.unfinished(parts):
        raise Unfinished(lacking)


async def held_call(call_id: UUID) -> Call:
    """Nobody closes or extends the call meanwhile. The call first, then the application: as cancelling does."""
    sql = f"SELECT {CALL_COLUMNS} FROM call c WHERE c.id = $1 FOR SHARE OF c"
    call = await one_of(Call, sql, call_id)
    assert call is not None
    return call


def refuse_unproposed(application: Application) -> None:
    if application.ineligible_proposed_by is None:
        raise Refused(_("Nobody has proposed this. The curator proposes it first, with the criterion and the reason."))


def its_hash(application: Application) -> dict[str, str]:
    """As the database made it, over jsonb's own normal form."""
    return {"sha256": application.body_sha256.hex()}
