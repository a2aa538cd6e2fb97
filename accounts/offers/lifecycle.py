"""States of a role that is offered, and who answers, withdraws and repeats it; pure."""

from accounts import rights
from accounts.person import Person, Role
from accounts.tables import RoleOffer
from foundation.language import N_
from lifecycle.states import Status


class State(Status, entity="role_offer"):
    PENDING = "pending", N_("answer awaited"), "info"
    ACCEPTED = "accepted", N_("role accepted"), "good"
    DECLINED = "declined", N_("role declined"), ""
    WITHDRAWN = "withdrawn", N_("invitation withdrawn"), ""


def its_own(person: Person, offer: RoleOffer) -> bool:
    return person.id is not None and person.id == offer.account_id


def its_giver(person: Person, offer: RoleOffer) -> bool:
    """Whoever may give the role may take the offer back; never the one it is offered to."""
    return not its_own(person, offer) and rights.gives(person, Role(offer.kind), offer.organisation_id)


def may_know_of(person: Person, offer: RoleOffer) -> bool:
    return its_own(person, offer) or its_giver(person, offer)
