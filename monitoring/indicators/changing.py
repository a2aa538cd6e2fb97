"""How an indicator is changed once somebody has reported on it: one person proposes it with a reason, another confirms,
and what stood there before is told on its public page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field

from accounts.person import Person
from foundation.clock import now
from foundation.database import Row, refusals, rows, value
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.typed import exact
from lifecycle.record import sentences
from lifecycle.tasks import Task
from lifecycle.transition import Told, Transition, refuse_silent
from monitoring.indicators.forms import Paragraph
from monitoring.indicators.numbers import plain
from monitoring.indicators.tables import Indicator
from monitoring.indicators.terms import Direction
from web.forms import Strict

# What the public and those who report rely on: changed by two.
BY_TWO = {
    "code": N_("Code"), "name_ka": N_("Name, in Georgian"), "name_en": N_("Name, in English"),
    "unit_ka": N_("Unit, in Georgian"), "unit_en": N_("Unit, in English"),
    "definition_ka": N_("Definition, in Georgian"), "definition_en": N_("Definition, in English"),
    "direction": N_("Direction"), "baseline": N_("Baseline"), "baseline_of": N_("Baseline, out of how many"),
    "target": N_("Target"), "target_of": N_("Target, out of how many"), "active": N_("It is used"),
}  # fmt: skip
NUMBERS = ("baseline", "baseline_of", "target", "target_of")
PROPOSAL = ("proposed", "proposed_by", "proposed_at", "proposed_reason")
NOTHING: dict[str, Any] = dict.fromkeys(PROPOSAL)
COUNTS_PEOPLE = N_(
    "It counts people, and numbers were hidden for their sake: that stays as it is. Add a new indicator instead."
)
refusals(
    {
        "indicator_by_two": N_("Grantees have reported on this indicator already: two people change it."),
        "indicator_second_person": N_("Somebody else confirms the change than who proposed it."),
        "indicator_counts_people": COUNTS_PEOPLE,
    }
)
sentences({"indicator.change_proposed": N_("A change of an indicator was proposed")})


REPORTED_ON = "SELECT EXISTS (SELECT 1 FROM report_value WHERE indicator_id = $1)"


async def refuse_uncounting(indicator: Indicator) -> None:
    """Numbers beside small counts were hidden: told now, they would tell those."""
    if await value(REPORTED_ON, indicator.id):
        raise Refused(_(COUNTS_PEOPLE))


async def proposal(indicator: Indicator, person: Person, told: dict[str, Any], reason: str | None) -> dict[str, Any]:
    """The columns to write: all of them while nobody has reported on it, else what one person may change and the
    proposal of the rest."""
    changed = {name: told[name] for name in BY_TWO if told[name] != getattr(indicator, name)}
    if not changed or not await value(REPORTED_ON, indicator.id):
        return told
    if indicator.proposed:
        raise Refused(_("Another change of this indicator waits for a second person. It is decided first."))
    refuse_silent(reason)
    ready = {name: exact(each) if isinstance(each, Decimal) else each for name, each in changed.items()}
    by_one = {name: each for name, each in told.items() if name not in BY_TWO}
    return by_one | {
        "proposed": ready, "proposed_by": person.id, "proposed_at": now(), "proposed_reason": (reason or "").strip()
    }  # fmt: skip


def decides(person: Person, _indicator: Indicator) -> bool:
    return person.is_manager or person.is_director


def second_person(person: Person, indicator: Indicator) -> bool:
    return decides(person, indicator) and person.id != indicator.proposed_by


def nothing_proposed(_person: Person, indicator: Indicator) -> str | None:
    return None if indicator.proposed else _("No change of this indicator waits.")


class Refusal(Strict):
    reason: Paragraph = Field(
        title=N_("Reason"), description=N_("The person who proposed it will read it."), min_length=1
    )


step = partial(Transition, "indicator", sources=(), target=None, obstacle=nothing_proposed)


@step(
    "confirmation", "indicator.change_confirmed", who=second_person, writes=(*BY_TWO, *PROPOSAL, "confirmed_by"),
    button=N_("Confirm the change"), icon="check", history=N_("A change of an indicator was confirmed"),
    done=N_("The indicator is changed. Its public page tells what stood there before."),
)  # fmt: skip
async def confirm(indicator: Indicator, person: Person) -> AsyncIterator[Told]:
    proposed: Any = indicator.proposed
    after = {name: Decimal(each) if name in NUMBERS and each is not None else each for name, each in proposed.items()}
    changed = {name: [getattr(indicator, name), told] for name, told in after.items()}
    yield after | NOTHING | {"confirmed_by": person.id}, {"changed": changed}


refuse = step(
    "refusal", "indicator.change_refused", who=decides, form=Refusal, reason="reason", facts=NOTHING,
    button=N_("Refuse the change"), look="text", history=N_("A change of an indicator was refused"),
    done=N_("The indicator stays as it was."),
)  # fmt: skip
STEPS = (confirm, refuse)


def lines(before: Any, after: dict[str, Any]) -> list[dict[str, str]]:
    """A change field by field, in words."""
    return [
        {"what": _(word), "before": _told(name, before[name]), "after": _told(name, after[name])}
        for name, word in BY_TWO.items()
        if name in after
    ]


def _told(name: str, each: Any) -> str:
    if name == "active":
        return _("yes") if each else _("no")
    if each is None or each == "":
        return _("nothing")
    if name == "direction":
        return label(Direction(each))
    return plain(Decimal(str(each))) if name in NUMBERS else str(each)


async def changes_of(indicator: Indicator) -> list[Row]:
    """What was changed since somebody reported on it, the newest first."""
    return await rows(
        "SELECT before, after, reason, at FROM indicator_change WHERE indicator_id = $1 ORDER BY at DESC", indicator.id
    )


def proposed_in(indicator: Indicator) -> list[dict[str, str]]:
    after: Any = indicator.proposed
    return lines(vars(indicator), after) if after else []


async def proposer_of(indicator: Indicator) -> str:
    """Empty where nothing is proposed."""
    if indicator.proposed_by is None:
        return ""
    return str(await value("SELECT name FROM account WHERE id = $1", indicator.proposed_by))


async def to_confirm(person: Person) -> list[Task]:
    if not (person and (person.is_manager or person.is_director)):
        return []
    return [
        Task(
            "waiting", _("Confirm the change of an indicator"), f"/indicators/{each['code']}",
            each["proposed_at"], who=each["proposer"], about=pick_text(each, "name"),
        )
        for each in await rows(
            "SELECT i.code, i.name_ka, i.name_en, i.proposed_at, a.name AS proposer FROM indicator i"
            " JOIN account a ON a.id = i.proposed_by WHERE i.proposed IS NOT NULL AND i.proposed_by <> $1"
            " ORDER BY i.proposed_at", person.id,
        )
    ]  # fmt: skip
