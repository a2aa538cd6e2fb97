"""Numbers that are asked about, never refused: who reports one says that it is right, who verifies it sees that."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from foundation.database import Row
from foundation.language import gettext as _
from foundation.language import number
from monitoring.indicators.terms import CARRY_OF, WHOLE_ONLY, Kind

TIMES = 10


class Told(Protocol):
    """What is told of one promised indicator; `indicator` carries the promise and the number before."""

    @property
    def indicator(self) -> Row: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def reported(self) -> Decimal | None: ...


def doubts_of(claim: Told) -> list[str]:
    """Why this number may be a slip of the finger."""
    value, found = claim.reported, []
    if value is None or claim.kind in WHOLE_ONLY:
        return []
    promised, before = claim.indicator["own_target"], claim.indicator["before"]
    if claim.kind is Kind.RATIO:
        if 0 < value < 1:
            found.append(_("{value} is less than one: the part of a share is written as a count.", value=number(value)))
        return found
    if promised is not None and promised > 0 and value > TIMES * promised:
        found.append(
            _("{value} is more than ten times what was promised ({promised}).", value=number(value),
              promised=number(promised))
        )  # fmt: skip
    if before is not None and before > 0 and value > TIMES * before:
        found.append(
            _("{value} is more than ten times the last number ({before}).", value=number(value), before=number(before))
        )
    inhabitants = claim.indicator["inhabitants"]
    if claim.indicator["people"] and claim.kind not in CARRY_OF and inhabitants and value > Decimal(inhabitants):
        found.append(
            _("{value} are more people than live in the municipality ({inhabitants}).", value=number(value),
              inhabitants=number(inhabitants))
        )  # fmt: skip
    return found
