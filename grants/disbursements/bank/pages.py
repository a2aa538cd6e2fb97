"""Bank accounts of one organisation: its signatory enters them, finance or the manager verifies them."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from accounts.tables import Organisation
from foundation.language import gettext as _
from foundation.refused import NotAllowed
from grants.disbursements.bank import actions, forms, queries
from grants.disbursements.bank.iban import grouped
from grants.disbursements.bank.transitions import STEPS
from grants.disbursements.tables import BankAccount
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import open_steps
from uploads.pages import send
from uploads.receiving import PAPERS, Receiving, file_of
from web.forms import Errors, Form, Invalid, Typed, form_of, given_back, parse
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404, page, redirect

HERE = "grants/disbursements/bank/templates"


@get("/bank", name="bank.mine")
async def mine(person: NamedDependency[Person]) -> Response:
    """One's own organisation, for the menu."""
    return redirect(f"/organisations/{or_404(min(person.organisations, key=str, default=None))}/bank")


async def this_organisation(organisation_id: FromPath[UUID], person: NamedDependency[Person]) -> Organisation:
    """The organisation in the address; 404 unless this person may see its bank details."""
    return or_404(await queries.organisation_of(person, organisation_id))


async def this_account(organisation: NamedDependency[Organisation], account_id: FromPath[UUID]) -> BankAccount:
    return or_404(await queries.account_of(organisation, account_id))


@get("/organisations/{organisation_id:uuid}/bank", name="bank")
async def show(organisation: NamedDependency[Organisation], person: NamedDependency[Person]) -> Response:
    return await page_of(organisation, person)


async def page_of(
    organisation: Organisation,
    person: Person,
    status: int = 200,
    errors: Errors = None,
    form: Typed = None,
    at: str = "",
) -> Response:
    accounts = await queries.accounts_of(organisation)
    return page(
        f"{HERE}/accounts.html",
        status=status,
        organisation=organisation,
        active=next((each for each in accounts if each.verified_at and not each.retired_at), None),
        waiting=[each for each in accounts if not each.verified_at and not each.retired_at],
        retired=[each for each in accounts if each.retired_at],
        phones=await queries.phones_of(organisation),
        may_enter=person.signs_for(organisation.id),
        shared=await queries.others_with(*accounts)
        if person.is_finance or person.is_manager or person.is_auditor
        else [],
        steps_of={each.id: open_steps(person, each, STEPS) for each in accounts},
        at=at,
        history=await history_of(*accounts, newest_first=True),
        grouped=grouped,
        errors=errors or {},
        form=form or {},
    )


async def its_own(organisation_id: FromPath[UUID], person: NamedDependency[Person]) -> Organisation:
    organisation = await this_organisation(organisation_id, person)
    if not person.signs_for(organisation.id):
        raise NotAllowed(_("A signatory of the organisation enters its bank account."))
    return organisation


@post(
    "/organisations/{organisation_id:uuid}/bank", request_max_body_size=UPLOAD,
    dependencies={"organisation": Provide(its_own), "form": form_of(partial(Receiving, kinds=PAPERS))},
)  # fmt: skip
@given_back(page_of)
async def enter(
    organisation: NamedDependency[Organisation], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    entry, letter = parse_both(form)
    await actions.enter(organisation, person, entry, letter)
    return redirect(
        f"/organisations/{organisation.id}/bank", _("Entered. It is used once the programme has called you back.")
    )


def parse_both(form: Form) -> tuple[forms.Entry, Any]:
    """Fields and file, with the errors of both together."""
    errors: dict[str, str] = {}
    entry = letter = None
    try:
        entry = parse(forms.Entry, form)
    except Invalid as bad:
        errors |= bad.errors
    try:
        letter = file_of(form, "letter")
    except Invalid as bad:
        errors |= bad.errors
    if errors or entry is None:
        raise Invalid(errors, form)
    return entry, letter


async def shown_account(account: BankAccount, person: Person, status: int, errors: Any, form: Any, at: str) -> Response:
    organisation = or_404(await queries.organisation_of(person, account.organisation_id))
    return await page_of(organisation, person, status, errors, form, f"{at}-{account.id}")


SERVED = Served(
    "bank", STEPS, "/organisations/{organisation_id:uuid}/bank/{account_id:uuid}", this_account, shown_account,
    lambda account: f"/organisations/{account.organisation_id}/bank", inline=True,
)  # fmt: skip


@get("/organisations/{organisation_id:uuid}/bank/{account_id:uuid}/letter", name="bank.letter")
async def letter(account: NamedDependency[BankAccount], request: Request) -> Response:
    return await send(or_404(await queries.letter_of(account)), request)


ROUTES: list[Route] = [
    Router("/", route_handlers=[mine], guards=[signed_in], include_in_schema=False),
    Router(
        "/",
        route_handlers=[show, enter],
        dependencies={"organisation": Provide(this_organisation)},
        guards=[signed_in],
        include_in_schema=False,
    ),
    Router(
        "/",
        route_handlers=[*SERVED.handlers(), letter],
        dependencies={"organisation": Provide(this_organisation), "account": Provide(this_account)},
        guards=[signed_in],
        include_in_schema=False,
    ),
]
