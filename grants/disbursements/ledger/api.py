"""The ledger as JSON, for those who may read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Router, get
from pydantic import BaseModel

from accounts.person import Person
from foundation.money import MoneyOrZero
from grants.disbursements.ledger import queries
from web.doors import signed_in
from web.lists import asked
from web.pages import Given, found


class Entry(BaseModel):
    id: int
    at: datetime
    kind: str
    debit: str
    credit: str
    amount: MoneyOrZero
    currency: str
    award_reference: str | None
    tranche_number: int | None
    reverses: int | None
    reversed_by: int | None
    note: str | None
    committed: MoneyOrZero
    paid: MoneyOrZero


class Entries(BaseModel):
    found: int
    page: int
    entries: list[Entry]


@get("/ledger")
async def index(person: Given[Person], request: Request) -> Entries:
    """Newest first; `committed` and `paid` are the sums of everything up to that entry in its currency."""
    found(queries.may_see(person) or None)
    here = asked(request.query_params, *queries.FILTERS, size=queries.SIZE)
    entries = await queries.entries(here)
    return Entries(
        found=entries[0]["total"] if entries else 0,
        page=here.page,
        entries=[Entry(**{name: each[name] for name in Entry.model_fields}) for each in entries],
    )


ROUTES: list[Any] = [Router("/api/v1", route_handlers=[index], guards=[signed_in], tags=["ledger"])]
