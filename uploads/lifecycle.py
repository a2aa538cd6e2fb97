"""States of a stored file: the database takes it through them; only a clean one is ever sent or attached."""

from foundation.language import N_
from lifecycle.states import Status


class State(Status, entity="blob", divided=("unexamined", "usable", "unusable")):
    RECEIVED = "received", N_("received"), "", "unexamined"
    QUARANTINED = "quarantined", N_("being checked"), "warn", "unexamined"
    CLEAN = "clean", N_("checked"), "good", "usable"
    REJECTED = "rejected", N_("rejected"), "bad", "unusable"
