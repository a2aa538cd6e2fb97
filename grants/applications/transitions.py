"""Every step of an application, from the draft that is handed over to the grant that is approved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

from accounts.person import Person
from foundation.clock import now
from foundation.database import insert, lock, one_of
from foundation.language import N_, in_tbilisi
from foundation.language import gettext as _
from foundation.refused import Missing, Refused
from grants.applications import budget, declaration, forms, progress, queries
from grants.applications.content import gather
from grants.applications.lifecycle import (
    State,
    its_curator,
    its_manager,
    its_people,
    its_signatory,
    its_signatory_or_the_clock,
    the_chair,
    the_clock,
    whoever_upholds_a_complaint,
)
from grants.applications.tables import Application, Clarification
from grants.calls.lifecycle import State as CallState
from grants.calls.queries import COLUMNS as CALL_COLUMNS
from grants.calls.tables import Call, Section
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
    button=N_("Hand over to the signatory"), history=N_("Handed to the signatory"),
    done=N_("We have told the signatory. The application is not submitted yet."),
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
    facts={"declared": False}, button=N_("Open for editing again"), look="2", history=N_("Opened for editing again"),
    done=N_("The draft is open for editing again."),
)  # fmt: skip


@own(
    "submission", "application.submitted", State.in_set("unsent"), State.SUBMITTED, its_signatory,
    lock_row=lock_with_call,
    facts={"declared": True}, writes=("submitted_by", "body", "requested", "own_contribution", "typed"),
    button=N_("Check and send"), history=N_("Application submitted"), done=N_("The application has been sent."),
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
    facts={"declared": False}, button=N_("Take back to draft"), look="2",
    history=N_("Taken back to draft before the deadline"),
    done=N_("The application is a draft again. It must be submitted again."),
)  # fmt: skip
async def take_back(application: Application, person: Person) -> Steps:
    """Before the deadline a submission may become a draft again; it must be declared and sent anew."""
    refuse_closed(await held_call(application.call_id))
    yield {}, its_hash(application)


withdraw = own(
    "withdrawal", "application.withdrawn", State.in_set("live"), State.WITHDRAWN, its_signatory, form=forms.Withdrawal,
    reason="reason", button=N_("Withdraw this application"), look="bad", title=N_("Withdraw the application?"),
    hint=N_(
        "It leaves the competition for good: it will not be reviewed, and it cannot be brought back. While the call is"
        " open your organisation may begin a new one."
    ),
    history=N_("Withdrawn by the organisation"),
    done=N_("The application is withdrawn."),
)  # fmt: skip
clarify = own(
    "reply", "application.clarified", {State.CLARIFICATION}, State.ADMIN_CHECK, its_signatory_or_the_clock,
    button=N_("Answer the question"), history=N_("Clarification closed"), done=N_("Your answer has been sent."),
)  # fmt: skip
correct = own(
    "correction-reply", "application.corrected", {State.CORRECTION}, State.CORRECTED, its_signatory_or_the_clock,
    button=N_("Answer the question"), history=N_("Correction closed"), done=N_("Your answer has been sent."),
)  # fmt: skip


# the check ---------------------------------------------------------------------------------------------------------


@step(
    "admin-check", "application.check_begun", {State.SUBMITTED}, State.ADMIN_CHECK, its_curator,
    writes=("checked_by",), button=N_("Begin the check"), history=N_("Eligibility check begun"),
)  # fmt: skip
async def begin_check(application: Application, person: Person) -> Steps:
    """Nobody looks for mistakes in what may still be taken back: the call has closed."""
    call = await queries.call_of(application)
    if call.state in CallState.in_set("before_deadline"):
        raise Refused(_("The check begins when the call has closed; until then the application may be taken back."))
    yield {"checked_by": person.id}


async def put_question(application: Application, person: Person, given: forms.Asked) -> Steps:
    """A question back on named sections; what was sent stays as it is, answers come beside it."""
    await refuse_unknown_sections(application, given.section_ids)
    kind = "correction" if application.state == State.SCORED else "clarification"
    made = await insert(
        Clarification, application_id=application.id, kind=kind, question=given.question,
        section_ids=given.section_ids, asked_by=person.id, due_on=given.due_on,
    )  # fmt: skip
    yield {}, {"clarification": str(made.id), "due_on": given.due_on.isoformat()}


asking = partial(step, form=forms.Asked, reason="question", body=put_question)
ask_clarification = asking(
    "clarification", "application.clarification_asked", {State.ADMIN_CHECK}, State.CLARIFICATION, its_curator,
    button=N_("Ask the organisation"), look="2", history=N_("Clarification asked from the organisation"),
    done=N_("The question has been sent to the organisation."),
)  # fmt: skip


@with_reason(
    "ineligibility", "application.found_ineligible",
    {State.ADMIN_CHECK, State.CLARIFICATION, State.IN_REVIEW, State.SCORED, State.RECOMMENDED, State.RESERVE},
    State.INELIGIBLE, its_manager, writes=("ineligible_reason", "ineligible_confirmed_by"),
    button=N_("Decide on the proposal"), history=N_("Found not eligible"), done=N_("We have told the organisation."),
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
    button=N_("Take back into the check"), look="2", labels={"reason": N_("Why? The organisation reads it.")},
    hint=N_("A complaint was upheld: the application is checked again, as if it had not been turned away."),
    history=N_("Taken back into the check after a complaint"),
    done=N_("The application is back in the check."),
)  # fmt: skip


@step(
    "review", "application.review_started", {State.ADMIN_CHECK}, State.IN_REVIEW, its_manager,
    button=N_("Start the review"), history=N_("All criteria pass; review started"),
    done=N_("The application is in review."),
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


# the clock's, the reviews' and the committee's: parts of what those rooms do ----------------------------------------
# (the director's are grants/awards/approvals.py)

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
ask_correction = asking(
    "", "application.correction_asked", {State.SCORED}, State.CORRECTION, the_chair,
    history=N_("The committee asked for a correction"),
)  # fmt: skip


# checks ------------------------------------------------------------------------------------------------------------


def refuse_closed(call: Call) -> None:
    """A sentence for people; the database refuses by its own clock."""
    if call.state != CallState.OPEN or now() >= call.deadline:
        if now() >= call.deadline and call.state != CallState.SUSPENDED:
            raise Refused(_("The deadline of this call was {when}; it has passed.", when=in_tbilisi(call.deadline)))
        if call.state == CallState.SUSPENDED:
            raise Refused(_("This call is suspended for now. Your draft is kept; submit it when the call resumes."))
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


async def refuse_unknown_sections(application: Application, section_ids: list[UUID]) -> None:
    its = Section.call_id == application.call_id
    known = set(await Section.select(Section.id).where(its).output(as_list=True))
    if set(section_ids) - known:
        raise Missing(_("There is no such section in this call."))


def refuse_unproposed(application: Application) -> None:
    if application.ineligible_proposed_by is None:
        raise Refused(_("Nobody has proposed this. The curator proposes it first, with the criterion and the reason."))


def its_hash(application: Application) -> dict[str, str]:
    """As the database made it, over jsonb's own normal form."""
    return {"sha256": application.body_sha256.hex()}
