"""The ledger for finance, directors and auditors: entries with running totals, and whether everything adds up."""

from __future__ import annotations

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency

from accounts.person import Person
from foundation.language import N_
from foundation.language import gettext as _
from grants.disbursements.ledger import queries
from grants.disbursements.ledger.listing import LEDGER
from web.guards import signed_in
from web.pages import Route, or_404

HERE = "grants/disbursements/ledger/templates"


ACCOUNTS = {
    "envelope": N_("Envelope of the call"),
    "commitments": N_("Commitments"),
    "bank": N_("Bank account of the programme"),
    "grantee": N_("With the grantee"),
    "costs": N_("Accepted costs"),
    "losses": N_("Losses"),
}


def account_words(code: str) -> str:
    """An account as people call it: `grantee:G-2026-001` is money with the grantee; which one stands beside it."""
    return _(ACCOUNTS.get(code.partition(":")[0], code))


@get("/ledger", name="ledger")
async def index(person: NamedDependency[Person], request: Request) -> Response:
    or_404(LEDGER.who(person) or None)
    here = LEDGER.list_query(request.query_params)
    return await LEDGER.page(
        person, request.query_params,
        account_words=account_words,
        sums=await LEDGER.sums(person, here, ["e.kind", "e.currency"], n="count(*)", amount="sum(e.amount)"),
        balance=await queries.balance(),
        differences=await queries.differences(),
    )  # fmt: skip


ROUTES: list[Route] = [Router("/", route_handlers=[index, LEDGER.files()], guards=[signed_in], include_in_schema=False)]
