"""Every step of a review and of the committee's minutes. What they bring with them is in the rooms' actions."""

from __future__ import annotations

from functools import partial

from foundation.language import N_
from grants.reviews.lifecycle import (
    MinutesState,
    State,
    a_chair,
    its_chair,
    its_manager,
    its_reviewer,
)
from lifecycle.transition import Transition

step = partial(Transition, "review")
DECLARED = ("conflict", "declaration", "declared_at")

declared_clear = step(
    "declaration", "review.declared_clear", {State.INVITED}, State.CLEAR, its_reviewer, writes=DECLARED,
    history=N_("No conflict of interest declared"),
)  # fmt: skip
conflicted = step(
    "conflict", "review.conflicted", {State.INVITED, State.CLEAR, State.DRAFTING}, State.CONFLICTED, its_reviewer,
    writes=DECLARED, history=N_("Conflict of interest declared"),
)  # fmt: skip
begun = step(
    "", "review.begun", {State.CLEAR, State.REOPENED}, State.DRAFTING, its_reviewer, history=N_("Scoring begun")
)  # fmt: skip
locking = step(
    "lock", "review.locked", {State.DRAFTING}, State.LOCKED, its_reviewer, history=N_("Review locked"),
    done=N_("The review is locked."),
)  # fmt: skip
reopened = step(
    "reopening", "review.reopened", {State.LOCKED}, State.REOPENED, its_chair,
    facts={"total": None, "locked_at": None}, history=N_("Review reopened by the chair"),
)  # fmt: skip
replaced = step(
    "replacement", "review.replaced",
    {State.INVITED, State.CLEAR, State.CONFLICTED, State.DRAFTING, State.REOPENED},
    State.REPLACED, its_manager, history=N_("Reviewer replaced"),
)  # fmt: skip
signed = Transition(
    "meeting_minutes", "signature", "minutes.signed", {MinutesState.OPEN}, MinutesState.SIGNED, a_chair,
    writes=("body", "signed_by"), history=N_("Minutes signed"),
)  # fmt: skip
