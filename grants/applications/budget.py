"""The budget of an application: rows as typed, the lines they make, what adds up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from foundation.language import N_, labels
from foundation.language import gettext as _
from foundation.money import ABOVE_ZERO, MOST, parse_money, rounded
from foundation.typed import read_number
from web.forms import Form

MOST_ROWS = 100
FIELDS = ("category", "item", "unit", "quantity", "unit_cost", "own_share", "note")
TYPED_FIELDS = ("item", "unit", "quantity", "unit_cost", "own_share", "note")
LONGEST = 500
HOW_MANY = N_("Write how many, as a number above zero with at most two decimals.")
# Given once and kept, whatever becomes of the row: two people in different rows both keep theirs.
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Category(StrEnum):
    PEOPLE = "people"
    TRAVEL = "travel"
    EQUIPMENT = "equipment"
    SERVICES = "services"
    EVENTS = "events"
    PUBLICATIONS = "publications"
    OTHER = "other"


labels(
    Category,
    {
        Category.PEOPLE: N_("Staff and fees"),
        Category.TRAVEL: N_("Travel"),
        Category.EQUIPMENT: N_("Equipment"),
        Category.SERVICES: N_("Services"),
        Category.EVENTS: N_("Events"),
        Category.PUBLICATIONS: N_("Publications"),
        Category.OTHER: N_("Other costs"),
    },
)

Row = dict[str, str]


@dataclass(frozen=True)
class Line:
    category: str
    item: str
    unit: str | None
    quantity: Decimal
    unit_cost: Decimal
    amount: Decimal
    own_share: Decimal
    note: str | None
    id: UUID


def blank() -> Row:
    return {"id": str(uuid4()), **dict.fromkeys(FIELDS, "")}


def with_ids(rows: list[Row]) -> list[Row]:
    """Each row with an id of its own. Rows that were kept before they had any are told apart by their place."""
    used: set[str] = set()
    told = []
    for place, row in enumerate(rows):
        key = row.get("id") or ""
        if not ID.fullmatch(key) or key in used:
            key = str(uuid5(NAMESPACE_OID, f"{place} {row}"))
        used.add(key)
        told.append({**row, "id": key})
    return told


def rows_of(pairs: list[tuple[str, str]]) -> list[Row]:
    """Fields named lines.0.item … as rows in their order; rows in which nothing was typed are left out."""
    made: dict[int, Row] = {}
    for name, typed in pairs:
        if (match := re.fullmatch(r"lines\.([0-9]{1,4})\.([a-z_]+)", name)) and match[2] in ("id", *FIELDS):
            made.setdefault(int(match[1]), {})[match[2]] = typed.strip()
    return without_empty([made[position] for position in sorted(made)])


def without_rows(form: Form) -> Form:
    """What a form says beside its rows."""
    rest = Form([pair for pair in form.pairs if not pair[0].startswith("lines.")], form.files)
    rest.theirs = form.theirs
    return rest


def without_empty(rows: list[Row]) -> list[Row]:
    """Every row with every field; those in which nothing was typed are left out."""
    whole = [{field: row.get(field, "").strip() for field in ("id", *FIELDS)} for row in rows]
    return [row for row in whole if any(row[field] for field in TYPED_FIELDS)]


def read(rows: list[Row], currency: str) -> tuple[list[Line], dict[str, str]]:
    """The lines that are whole, and a sentence for every cell that is not: {"lines.0.quantity": …}. The currency is
    the call's, whose sign may stand beside an amount."""
    lines: list[Line] = []
    errors: dict[str, str] = {}
    for position, row in enumerate(with_ids(rows)):
        said = _wrong_cells(row, currency)
        if position >= MOST_ROWS:
            said["item"] = _("A budget has at most {most} rows. Put this one together with another.", most=MOST_ROWS)
        errors |= {f"lines.{position}.{field}": sentence for field, sentence in said.items()}
        if not said:
            lines.append(_line(row, currency))
    return lines, errors


def _wrong_cells(row: Row, currency: str) -> dict[str, str]:
    said: dict[str, str] = {}
    if row.get("category") not in {str(category) for category in Category}:
        said["category"] = _("Choose what kind of cost this is.")
    if not row.get("item"):
        said["item"] = _("Write what this money is for.")
    for field in ("item", "unit", "note"):
        if len(row.get(field, "")) > LONGEST:
            said[field] = _("This is too long: at most {max_length} characters.", max_length=LONGEST)
    amount_of, read = partial(parse_money, currency=currency), {}
    for field, reads in (("quantity", _quantity), ("unit_cost", amount_of), ("own_share", amount_of)):
        try:
            read[field] = reads(row.get(field) or ("0" if field == "own_share" else ""))
        except ValueError as error:
            said[field] = _(str(error))
    if read.get("unit_cost") == 0:
        said["unit_cost"] = _(ABOVE_ZERO)
    if said:
        return said
    quantity, cost, own = read["quantity"], read["unit_cost"], read["own_share"]
    amount = rounded(quantity * cost)
    if not 0 < amount <= MOST:
        said["unit_cost"] = _("Quantity times price does not make a possible amount.")
    elif own > amount:
        said["own_share"] = _("Your own share cannot be more than the whole cost of the row.")
    return said


def _quantity(typed: str) -> Decimal:
    if not typed:
        raise ValueError(HOW_MANY)
    quantity = read_number(typed)
    if not 0 < quantity < 10**9 or quantity != round(quantity, 2):
        raise ValueError(HOW_MANY)
    return quantity


def _line(row: Row, currency: str) -> Line:
    quantity, cost = _quantity(row["quantity"]), parse_money(row["unit_cost"], currency)
    own = parse_money(row["own_share"], currency) if row.get("own_share") else None
    return Line(
        category=row["category"],
        item=row["item"],
        unit=row.get("unit") or None,
        quantity=quantity,
        unit_cost=cost,
        amount=rounded(quantity * cost),
        own_share=own or Decimal(0),
        note=row.get("note") or None,
        id=UUID(row["id"]),
    )


def typed_again(lines: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Stored lines as rows of the form: 500.00 as 500, no own share as nothing."""
    return [
        {
            "id": str(line["id"]),
            "category": line["category"], "item": line["item"], "unit": line["unit"] or "", "note": line["note"] or "",
            "quantity": _plain(line["quantity"]), "unit_cost": _plain(line["unit_cost"]),
            "own_share": "" if Decimal(line["own_share"]) == 0 else _plain(line["own_share"]),
        }
        for line in lines
    ]  # fmt: skip


def _plain(amount: object) -> str:
    text = str(amount)
    return text.rstrip("0").rstrip(".") if "." in text and Decimal(text) == Decimal(text).to_integral_value() else text


def amounts(rows: list[Row], currency: str) -> list[Decimal | None]:
    """What each row comes to; None where it is not whole."""
    return [None if _wrong_cells(row, currency) else _line(row, currency).amount for row in rows]


def requested(lines: list[Line]) -> Decimal:
    """What the grant should pay: the whole cost less the organisation's own share."""
    return sum((line.amount - line.own_share for line in lines), Decimal(0))


def own_contribution(lines: list[Line]) -> Decimal:
    return sum((line.own_share for line in lines), Decimal(0))
