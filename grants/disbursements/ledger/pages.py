"""The ledger for finance, directors and auditors: entries with running totals, and whether everything adds up."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from litestar import Request, Response, Router, get

from accounts.person import Person
from foundation.language import N_, label, labels, pick_text
from foundation.language import gettext as _
from grants.disbursements.ledger import queries
from web.doors import signed_in
from web.lists import asked
from web.pages import Given, found, page
from web.sheets import CSV, XLSX, sheet

HERE = "grants/disbursements/ledger/templates"


class Kind(StrEnum):
    COMMITMENT = "commitment"
    PAYMENT = "payment"
    DECOMMITMENT = "decommitment"
    RECOVERY = "recovery"
    WRITE_OFF = "write_off"
    ACCEPTED_COST = "accepted_cost"
    REVERSAL = "reversal"


labels(
    Kind,
    {
        Kind.COMMITMENT: N_("commitment"),
        Kind.PAYMENT: N_("payment"),
        Kind.DECOMMITMENT: N_("de-commitment"),
        Kind.RECOVERY: N_("recovery"),
        Kind.WRITE_OFF: N_("write-off"),
        Kind.ACCEPTED_COST: N_("accepted cost"),
        Kind.REVERSAL: N_("reversal"),
    },
)


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
async def index(person: Given[Person], request: Request) -> Response:
    found(queries.may_see(person) or None)
    here = asked(request.query_params, *queries.FILTERS, size=queries.SIZE)
    entries = await queries.entries(here)
    return page(
        f"{HERE}/ledger.html",
        entries=entries,
        total=entries[0]["total"] if entries else 0,
        here=here,
        kinds=Kind,
        sums=await queries.sums(here) if entries else [],
        calls=[
            (each["reference"], f"{each['reference']} · {pick_text(each, 'title')}") for each in await queries.calls()
        ],
        account_words=account_words,
        filtered=bool(here.without("sort")),
        balance=await queries.balance(),
        differences=await queries.differences(),
    )


@get(["/ledger.csv", "/ledger.xlsx"], name="ledger.export")
async def export(person: Given[Person], request: Request) -> Response:
    found(queries.may_see(person) or None)
    entries = await queries.entries(asked(request.query_params, *queries.FILTERS), whole=True)
    head = [
        _("No."), _("Time"), _("Kind"), _("Debit"), _("Credit"), _("Amount"), _("Currency"), _("Grant"), _("Tranche"),
        _("Organisation"), _("By"), _("Committed so far"), _("Paid up to here"), _("Note"),
    ]  # fmt: skip
    lines = [
        [
            each["id"], each["at"], label(Kind(each["kind"])), each["debit"], each["credit"], each["amount"],
            each["currency"], each["award_reference"], each["tranche_number"],
            pick_text(each, "organisation") if each["award_reference"] else "", each["actor_name"], each["committed"],
            each["paid"], each["note"],
        ]
        for each in entries
    ]  # fmt: skip
    return sheet("ledger", head, lines, XLSX if request.scope["path"].endswith("xlsx") else CSV)


ROUTES: list[Any] = [Router("/", route_handlers=[index, export], guards=[signed_in], include_in_schema=False)]
