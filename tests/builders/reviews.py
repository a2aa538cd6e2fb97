"""Reviews and decisions, put straight into a state."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

from foundation.clock import now, today
from foundation.database import all_of, get, insert, one_of
from grants.applications.tables import Application
from grants.calls.tables import Call, Criterion
from grants.reviews.lifecycle import State
from grants.reviews.tables import Decision, MeetingMinutes, Review, Score
from tests.builders.applications import an_application
from tests.builders.calls import a_call
from tests.importing import importing

AFTER = {"approve": "recommended", "correction": "correction", "reserve": "reserve", "reject": "rejected"}


async def a_review(
    cast, application: Application | None = None, state: str = "locked", reviewer=None, total=80, **over
) -> Review:
    """By `reviewer` on an application of Vani Youth, assigned by the manager. A locked one has every criterion scored
    at `total` per cent, with comments; one being drafted has none yet."""
    application = application or await an_application(cast, state="in_review")
    declared = state not in ("invited", "replaced")
    given = {
        "application_id": application.id,
        "call_id": application.call_id,
        "reviewer_id": (reviewer or cast.reviewer).id,
        "assigned_by": cast.manager.id,
        "due_on": today() + timedelta(days=14),
        "conflict": state == "conflicted" if declared else None,
        "declaration": "She is my cousin." if state == "conflicted" else None,
        "declared_at": now() - timedelta(days=2) if declared else None,
        "total": Decimal(total) if state == State.LOCKED else None,
        "locked_at": now() - timedelta(days=1) if state == State.LOCKED else None,
        "comment": "A clear plan." if state == State.LOCKED else None,
        **over,
    }
    async with importing():
        review = await insert(Review, state=state, **given)
        if state == State.LOCKED:
            await _scores(review, Decimal(total))
    fresh = await get(Review, review.id)
    fresh.application = application
    return fresh


async def _scores(review: Review, total: Decimal) -> None:
    for criterion in await all_of(Criterion, "SELECT * FROM criterion WHERE call_id = $1", review.call_id):
        points = (criterion.max_points * total / 100).quantize(Decimal("0.1"))
        comment = f"Seen from {criterion.title_en}."
        await insert(
            Score,
            review_id=review.id,
            call_id=review.call_id,
            criterion_id=criterion.id,
            points=points,
            comment=comment,
        )


async def a_scored_application(
    cast, call: Call | None = None, totals=(80, 70), state: str = "scored", **over
) -> Application:
    """With a locked review for each of `totals`, by `reviewer` and `reviewer2`."""
    application = await an_application(cast, call, state, **over)
    for total, reviewer in zip(totals, (cast.reviewer, cast.reviewer2), strict=False):
        await a_review(cast, application, "locked", reviewer, total)
    return application


async def a_decided_application(
    cast, outcome: str = "approve", call: Call | None = None, signed: bool = True, totals=(80, 70), amount=None, **over
) -> Application:
    """Decided in minutes of a call that is being evaluated, signed unless said otherwise; before the signature the
    application is still scored. The row carries `decision`."""
    call = call or await a_call(cast, "evaluating")
    application = await a_scored_application(cast, call, totals, AFTER[outcome] if signed else "scored", **over)
    application.decision = await minutes_say(cast, application, outcome, signed, amount)
    return application


async def minutes_say(cast, application: Application, outcome: str, signed: bool = True, amount=None) -> Decision:
    """The committee's word on an application, whatever state that is in."""
    minutes = await some_minutes(cast, await get(Call, application.call_id), signed)
    async with importing():
        return await insert(
            Decision,
            minutes_id=minutes.id,
            call_id=application.call_id,
            application_id=application.id,
            outcome=outcome,
            rank=1,
            amount=None if outcome == "reject" else Decimal(amount or application.requested),
            reason="The need is shown and the change can be checked.",
            correction="Say which month each meeting is in." if outcome == "correction" else None,
            correct_by=today() + timedelta(days=10) if outcome == "correction" else None,
            decided_by=cast.chair.id,
        )


async def some_minutes(cast, call: Call, signed: bool = True) -> MeetingMinutes:
    """The call's open minutes, or new ones; signed minutes are always new."""
    if not signed:
        found = "SELECT * FROM meeting_minutes WHERE call_id = $1 AND state = 'open'"
        if already := await one_of(MeetingMinutes, found, call.id):
            return already
    last = await all_of(MeetingMinutes, "SELECT * FROM meeting_minutes WHERE call_id = $1", call.id)
    facts = {}
    if signed:
        body = {"example": True}
        facts = {
            "state": "signed",
            "signed_by": cast.chair.id,
            "signed_at": now(),
            "body": body,
            "body_sha256": hashlib.sha256(b"x").digest(),
        }
    async with importing():
        return await insert(
            MeetingMinutes,
            call_id=call.id,
            number=len(last) + 1,
            held_on=today(),
            present="Five members of the committee",
            text="The committee went through the ranked list.",
            reserve_until=today() + timedelta(days=90),
            opened_by=cast.chair.id,
            **facts,
        )
