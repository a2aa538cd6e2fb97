"""Letters and follow-ups that failed, with a button to try them again."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from accounts.delivery import queries
from accounts.person import Person, visitor
from foundation.database import transaction
from foundation.language import N_
from foundation.language import gettext as _
from lifecycle.record import SENTENCES, record, sentences
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect

sentences({"delivery.tried_again": N_("Failed emails and follow-ups tried again")})


def administrators(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """A guard: those who see to it that the service runs; 404 for others."""
    or_404(visitor(connection).is_admin or None)


WHO = [signed_in, administrators]


@get("/delivery", name="delivery", guards=WHO, include_in_schema=False)
async def show() -> Response:
    jobs = [{**each, "event": _(SENTENCES.get(each["name"], each["name"]))} for each in await queries.failed_jobs()]
    return page("accounts/delivery/templates/delivery.html", jobs=jobs, letters=await queries.failed_letters())


@post("/delivery/again", name="delivery.again", guards=WHO, include_in_schema=False)
async def try_again(person: NamedDependency[Person]) -> Response:
    async with transaction():
        await queries.try_all_again()
        await record("delivery.tried_again", person)
    return redirect("/delivery", _("They are tried again now. What fails again comes back here."))


ROUTES: list[Route] = [show, try_again]
