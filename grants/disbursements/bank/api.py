"""Bank accounts as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.params import JSONBody
from pydantic import BaseModel

from accounts.person import Person
from accounts.tables import Organisation
from foundation.language import gettext as _
from foundation.refused import NotAllowed
from grants.awards.pages import visitor
from grants.disbursements.bank import actions, forms, queries
from grants.disbursements.bank.pages import parse_both, this_account, this_organisation
from grants.disbursements.tables import BankAccount
from uploads.receiving import PAPERS, Receiving
from web.doors import signed_in
from web.forms import read_form
from web.limits import UPLOAD
from web.pages import Given, found


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
    return person, found(await queries.organisation_of(person, connection.path_params["organisation_id"]))


async def signatories(connection: ASGIConnection, _handler: Any) -> None:
    person, organisation = await seen(connection)
    if not person.signs_for(organisation.id):
        raise NotAllowed(_("A signatory of the organisation enters its bank account."))


async def verifiers(connection: ASGIConnection, _handler: Any) -> None:
    person, _organisation = await seen(connection)
    if not (person.is_finance or person.is_manager):
        raise NotAllowed(_("You may not do this here."))


async def retirers(connection: ASGIConnection, _handler: Any) -> None:
    person, organisation = await seen(connection)
    if not (person.is_finance or person.is_manager or person.signs_for(organisation.id)):
        raise NotAllowed(_("You may not do this here."))


@get("/organisations/{organisation_id:uuid}/bank")
async def index(organisation: Given[Organisation]) -> list[AccountShown]:
    return [AccountShown(**shown(each)) for each in await queries.accounts_of(organisation)]


@post("/organisations/{organisation_id:uuid}/bank", guards=[signatories], request_max_body_size=UPLOAD)
async def enter(organisation: Given[Organisation], person: Given[Person], request: Request) -> AccountShown:
    """multipart/form-data: holder, iban, bank_name, and the bank's letter as the file `letter`."""
    entry, letter = parse_both(await read_form(request, Receiving(kinds=PAPERS)))
    return AccountShown(**shown(await actions.enter(organisation, person, entry, letter)))


@post(
    "/organisations/{organisation_id:uuid}/bank/{account_id:uuid}/verification",
    guards=[verifiers],
    dependencies={"account": Provide(this_account)},
    status_code=200,
)
async def verify(
    account: Given[BankAccount], person: Given[Person], data: JSONBody[forms.Verification]
) -> AccountShown:
    await actions.verify(account, person, data.note)
    return AccountShown(**shown(account))


@post(
    "/organisations/{organisation_id:uuid}/bank/{account_id:uuid}/retirement",
    guards=[retirers],
    dependencies={"account": Provide(this_account)},
    status_code=200,
)
async def retire(account: Given[BankAccount], person: Given[Person], data: JSONBody[forms.Retirement]) -> AccountShown:
    await actions.retire(account, person, data.reason)
    return AccountShown(**shown(account))


def shown(account: Any) -> dict[str, Any]:
    return {name: getattr(account, name) for name in AccountShown.model_fields}


ROUTES: list[Any] = [
    Router(
        "/api/v1",
        route_handlers=[index, enter, verify, retire],
        dependencies={"organisation": Provide(this_organisation)},
        guards=[signed_in],
        tags=["bank accounts"],
    ),
]
