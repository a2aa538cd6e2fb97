"""What people send about bank accounts, parsed once."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from grants.disbursements.bank.iban import read_iban
from web.forms import Strict

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=2_000)]
Iban = Annotated[str, StringConstraints(max_length=60), AfterValidator(read_iban)]


class Entry(Strict):
    holder: Line
    iban: Iban
    bank_name: Line | None = None


class Verification(Strict):
    note: Note
    shared_note: Note | None = None


class Retirement(Strict):
    reason: Note
