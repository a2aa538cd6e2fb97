"""Who has to do with an organisation takes no step of the programme about it: asked here of a person and a row, by
every step (lifecycle/transition.py) and by what is done beside the steps.

    @apart
    def its_director(person: Person, award: Award) -> bool: ...

A row says whom it is about: `organisation_id`, and `grantee_id` where it may be addressed to somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import NotAllowed

P = TypeVar("P")
R = TypeVar("R")

TIED = N_("You have to do with this organisation; somebody else of the programme takes this step.")


def tied(person: Any, row: Any) -> bool:
    """Staff alone carry ties: the people of an organisation take its own steps."""
    ties: frozenset[Any] = getattr(person, "ties", frozenset())
    return bool(ties) and not ties.isdisjoint(_about(row))


def _about(row: Any) -> set[Any]:
    return {getattr(row, name, None) for name in ("organisation_id", "grantee_id")}


def apart(may: Callable[[P, R], bool]) -> Callable[[P, R], bool]:
    """The same predicate, false for whoever has to do with the organisation of the row."""

    @wraps(may)
    def asked(person: P, row: R) -> bool:
        return may(person, row) and not tied(person, row)

    return asked


def not_allowed(person: Any, row: Any, otherwise: str = "") -> NotAllowed:
    """The refusal, which says so where it is because of a tie."""
    return NotAllowed(_(TIED) if tied(person, row) else otherwise or _("You may not do this here."))
