"""The ledger as JSON, for those who may read it."""

from __future__ import annotations

from datetime import date, datetime

from litestar import Router
from pydantic import BaseModel

from foundation.money import Amount
from grants.disbursements.ledger.listing import LEDGER
from web.guards import signed_in
from web.pages import Route


class Entry(BaseModel):
    id: int
    at: datetime
    kind: str
    debit: str
    credit: str
    amount: Amount
    currency: str
    award_reference: str | None
    tranche_number: int | None
    reverses: int | None
    reversed_by: int | None
    day: date | None
    reference: str | None
    note: str | None
    committed: Amount
    paid: Amount


ROUTES: list[Route] = [Router("/api/v1", route_handlers=[LEDGER.operation("/ledger", Entry)], guards=[signed_in])]
