"""The states of a call, the moves between them, and who may make each; pure."""

from __future__ import annotations

from uuid import UUID

from accounts.person import Person
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from grants.calls.tables import Call
from lifecycle.record import sentences
from lifecycle.states import Status


class State(Status, entity="call", divided=("unpublished", "before_deadline", "after_deadline", "dropped")):
    """`public`: everybody may read it; a cancelled one, too, when it had been open. `before_deadline`: it has not come
    yet, even if nobody can send anything at the moment."""

    DRAFT = "draft", N_("draft"), "", "unpublished", "unapproved"
    IN_APPROVAL = "in_approval", N_("waiting for approval"), "", "unpublished", "unapproved"
    SCHEDULED = "scheduled", N_("scheduled"), "", "unpublished", "approved"
    OPEN = "open", N_("open"), "", "approved", "public", "before_deadline"
    SUSPENDED = "suspended", N_("suspended"), "", "approved", "public", "before_deadline"
    CLOSED = "closed", N_("closed"), "", "approved", "public", "after_deadline", "in_evaluation", "past"
    EVALUATING = (
        "evaluating",
        N_("being evaluated"),
        "",
        "approved",
        "public",
        "after_deadline",
        "in_evaluation",
        "past",
    )
    DECIDED = "decided", N_("decided"), "good", "approved", "public", "after_deadline", "concluded", "past"
    COMPLETED = "completed", N_("completed"), "good", "approved", "public", "after_deadline", "concluded", "past"
    CANCELLED = "cancelled", N_("cancelled"), "bad", "dropped", "past"


def its_curator(person: Person, call: Call) -> bool:
    """Whoever writes it, or looks after one of its municipalities."""
    places = frozenset(getattr(call, "municipality_ids", None) or ())
    return person.is_curator and (writer_of(call) == person.id or bool(places & person.municipalities))


def writer_of(call: Call) -> UUID | None:
    """Who began it, until it is given to somebody else."""
    return call.owner_id or call.created_by


def _wrote(person: Person, call: Call) -> bool:
    """Whoever wrote it, today or before it changed hands, or handed it in."""
    return person.id in {call.created_by, call.submitted_by, call.owner_id, *(call.earlier_owners or ())}


def its_manager(person: Person, call: Call) -> bool:
    """A programme manager who neither wrote nor handed in the call."""
    return person.is_manager and not _wrote(person, call)


def its_director(person: Person, call: Call) -> bool:
    return person.is_director and not _wrote(person, call) and person.id != call.approved_by


def its_chair(person: Person, call: Call) -> bool:
    """The committee's chair has not written or approved the call, and has to do with nobody who applies."""
    return person.is_chair and not _wrote(person, call) and person.id != call.approved_by and person.judges_in(call.id)


def may_hand_over(person: Person, call: Call) -> bool:
    """Give the draft to another curator, also when its writer is no longer there."""
    return person.is_manager or person.is_admin


def the_clock(person: Person, call: Call) -> bool:
    return person.is_system


def may_write(person: Person, call: Call) -> bool:
    """Change its texts, terms and questions: only while it is a draft."""
    return call.state == State.DRAFT and its_curator(person, call)


def refuse_unless_draft(person: Person, call: Call) -> None:
    """Who may not write it is told so; whoever may, but too late, keeps their words beside another sentence."""
    if not its_curator(person, call):
        raise NotAllowed(_("You may not do this here."))
    if call.state != State.DRAFT:
        raise Refused(_("Only its curators change a call, and only while it is a draft."))


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
