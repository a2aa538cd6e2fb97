"""Bank accounts as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from pydantic import BaseModel

from accounts.person import Person, visitor
from accounts.tables import Organisation
from foundation.language import gettext as _
from foundation.refused import NotAllowed
from grants.disbursements.bank import actions, queries
from grants.disbursements.bank.pages import SERVED, parse_both, this_organisation
from grants.disbursements.tables import BankAccount
from lifecycle.api import operations_of
from uploads.receiving import PAPERS, Receiving
from web.forms import read_form
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404


class AccountShown(BaseModel):
    id: UUID
    holder: str
    iban: str
    bank_name: str | None
    entered_at: datetime
    verified_at: datetime | None
    retired_at: datetime | None


async def seen(connection: ASGIConnection) -> tuple[Person, Organisation]:
    person = visitor(connection)
    return person, or_404(await queries.organisation_of(person, connection.path_params["organisation_id"]))


async def signatories(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    person, organisation = await seen(connection)
    if not person.signs_for(organisation.id):
        raise NotAllowed(_("A signatory of the organisation enters its bank account."))


@get("/organisations/{organisation_id:uuid}/bank", summary="The bank accounts of an organisation")
async def index(organisation: NamedDependency[Organisation]) -> list[AccountShown]:
    return [AccountShown(**as_dict(each)) for each in await queries.accounts_of(organisation)]


@post(
    "/organisations/{organisation_id:uuid}/bank",
    guards=[signatories],
    request_max_body_size=UPLOAD,
    summary="Enter a bank account",
)
async def enter(
    organisation: NamedDependency[Organisation], person: NamedDependency[Person], request: Request
) -> AccountShown:
    """multipart/form-data: holder, iban, bank_name, and the bank's letter as the file `letter`."""
    entry, letter = parse_both(await read_form(request, Receiving(kinds=PAPERS)))
    return AccountShown(**as_dict(await actions.enter(organisation, person, entry, letter)))


async def account_now(account: BankAccount, person: Person) -> AccountShown:
    return AccountShown(**as_dict(account))


def as_dict(account: object) -> dict[str, Any]:
    return {name: getattr(account, name) for name in AccountShown.model_fields}


ROUTES: list[Route] = [
    Router(
        "/api/v1",
        route_handlers=[index, enter, *operations_of(SERVED, account_now)],
        dependencies={"organisation": Provide(this_organisation)},
        guards=[signed_in],
    ),
]
