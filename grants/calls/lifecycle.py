"""The states of a call, the moves between them, and who may make each; pure."""

from __future__ import annotations

from enum import StrEnum

from accounts.person import Person
from foundation.language import N_, labels
from grants.calls.tables import Call
from lifecycle.record import sentences


class State(StrEnum):
    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    SCHEDULED = "scheduled"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    EVALUATING = "evaluating"
    DECIDED = "decided"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


labels(
    State,
    {
        State.DRAFT: N_("draft"),
        State.IN_APPROVAL: N_("waiting for approval"),
        State.SCHEDULED: N_("scheduled"),
        State.OPEN: N_("open"),
        State.SUSPENDED: N_("suspended"),
        State.CLOSED: N_("closed"),
        State.EVALUATING: N_("being evaluated"),
        State.DECIDED: N_("decided"),
        State.COMPLETED: N_("completed"),
        State.CANCELLED: N_("cancelled"),
    },
)

# Everybody may read a call from its opening on; a cancelled one stays when it had been open.
PUBLIC = frozenset({State.OPEN, State.SUSPENDED, State.CLOSED, State.EVALUATING, State.DECIDED, State.COMPLETED})
# The deadline has not come yet, even if nobody can send anything at the moment.
BEFORE_DEADLINE = frozenset({State.OPEN, State.SUSPENDED})


def its_curator(person: Person, call: Call) -> bool:
    """Whoever wrote it, or looks after one of its municipalities."""
    places = frozenset(getattr(call, "municipality_ids", None) or ())
    return person.is_curator and (call.created_by == person.id or bool(places & person.municipalities))


def its_manager(person: Person, call: Call) -> bool:
    """A programme manager who neither wrote nor handed in the call."""
    return person.is_manager and person.id not in (call.created_by, call.submitted_by)


def its_director(person: Person, call: Call) -> bool:
    return person.is_director and person.id not in (call.created_by, call.submitted_by, call.approved_by)


def its_chair(person: Person, call: Call) -> bool:
    """The committee's chair has not written or approved the call."""
    return person.is_chair and person.id not in (call.created_by, call.submitted_by, call.approved_by)


def the_clock(person: Person, call: Call) -> bool:
    return person.is_system


def may_write(person: Person, call: Call) -> bool:
    """Change its texts, terms and questions: only while it is a draft."""
    return call.state == State.DRAFT and its_curator(person, call)


def may_clone(person: Person, call: Call) -> bool:
    return person.is_curator


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "call.created": N_("Call drafted"),
        "call.cloned": N_("Call drafted from an earlier one"),
        "call.changed": N_("Call changed"),
    }
)
