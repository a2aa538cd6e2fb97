"""A role that is offered, on a page of its own: what it lets somebody do, and the answer; for whoever offers it, again
and withdrawal."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.offers.lifecycle import State, its_own
from accounts.offers.queries import offer_for
from accounts.offers.transitions import STEPS
from accounts.offers.words import does
from accounts.person import Person, Role
from accounts.rights import stands_against
from accounts.tables import RoleOffer
from foundation.language import alone, label
from lifecycle.pages import Served
from lifecycle.transition import open_steps
from web.forms import Errors, Form
from web.guards import signed_in
from web.pages import Route, or_404, page

PATH = "/offers/{number:uuid}"


async def this_offer(number: FromPath[UUID], person: NamedDependency[Person]) -> RoleOffer:
    """404 unless it is theirs to answer, or to take back."""
    return or_404(await offer_for(person, number))


@get(PATH, name="offers.show", include_in_schema=False, dependencies={"offer": Provide(this_offer)})
async def show(offer: NamedDependency[RoleOffer], person: NamedDependency[Person]) -> Response:
    return await offer_page(offer, person)


async def offer_page(
    offer: RoleOffer, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    own = its_own(person, offer)
    return page(
        "accounts/offers/templates/offer.html", status=status, errors=errors, form=form, offer=offer, own=own,
        role=alone(label(Role(offer.kind))), does=does(offer.kind), state=State(offer.state),
        waits=offer.state == State.PENDING, open_steps=open_steps(person, offer, STEPS),
        against=own and offer.state == State.PENDING and stands_against(Role(offer.kind), person.kinds),
    )  # fmt: skip


def address_of(offer: RoleOffer) -> str:
    return f"/offers/{offer.id}"


SERVED = Served("offers", STEPS, PATH, this_offer, offer_page, address_of)
ROUTES: list[Route] = [
    Router("/", route_handlers=[show, *SERVED.handlers()], guards=[signed_in], include_in_schema=False)
]
