"""Moves that need a reason: what each is called, what it does, and the verb behind it. One page serves them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from accounts.person import Person
from foundation.language import N_
from grants.awards import actions, lifecycle
from grants.awards.tables import Award
from lifecycle.move import Move


@dataclass(frozen=True)
class Reasoned:
    move: Move
    act: Callable[[Award, Person, str], Awaitable[None]]
    title: str
    text: str
    done: str
    kind: str = "bad"


REASONED = {
    "change-request": Reasoned(
        lifecycle.ASK_CHANGE,
        actions.ask_change,
        N_("Ask for a change"),
        N_("The agreement goes back to the programme, which may offer a new version."),
        N_("You asked for a change. The programme will answer with a new version."),
        "",
    ),
    "refusal": Reasoned(
        lifecycle.DECLINE,
        actions.decline,
        N_("Decline the grant"),
        N_("The grant ends here and the money goes back to the call. This cannot be undone."),
        N_("You declined the grant."),
    ),
    "withdrawal": Reasoned(
        lifecycle.WITHDRAW,
        actions.withdraw,
        N_("Withdraw the grant"),
        N_(
            "The grant ends before it is signed and the money goes back to the call. The organisation reads the reason."
        ),
        N_("The grant was withdrawn."),
    ),
    "return": Reasoned(
        lifecycle.RETURN,
        actions.return_for_correction,
        N_("Return for correction"),
        N_("The signed agreement has an error: it is drafted again, offered and signed anew."),
        N_("The agreement is being drafted again."),
    ),
    "suspension": Reasoned(
        lifecycle.SUSPEND,
        actions.suspend,
        N_("Suspend the grant"),
        N_("Nothing is paid while a grant is suspended. The organisation reads the reason."),
        N_("The grant is suspended."),
    ),
    "resumption": Reasoned(
        lifecycle.RESUME,
        actions.resume,
        N_("Lift the suspension"),
        N_("The grant goes on, and payments with it."),
        N_("The grant is active again."),
        "",
    ),
    "termination": Reasoned(
        lifecycle.TERMINATE,
        actions.terminate,
        N_("Terminate the grant"),
        N_(
            "The agreement ends. Tranches that are not paid are cancelled;"
            " what must come back is decided tranche by tranche."
        ),
        N_("The grant is terminated."),
    ),
}
