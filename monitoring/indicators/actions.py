"""Everything that can be done with indicators: define one, change it, write what a grant promises."""

from __future__ import annotations

from typing import Any

import asyncpg

from accounts.person import Person
from foundation.database import execute, insert, lock, one_of, refusals, rows, transaction, update, value
from foundation.language import N_, pick_text
from foundation.language import gettext as _
from foundation.refused import NotAllowed, Refused
from foundation.ties import apart, not_allowed
from grants.awards.lifecycle import State as AwardState
from grants.awards.tables import Award
from lifecycle.record import record, sentences
from monitoring.indicators import changing, queries
from monitoring.indicators.forms import (
    AGAINST,
    PART_AND_WHOLE,
    Definition,
    Promises,
    promised_in,
    refuse_impossible,
)
from monitoring.indicators.tables import Indicator
from monitoring.indicators.terms import Direction, Kind

OFFERED = N_("The agreement that was offered names what is promised. Take the offer back to change it.")

refusals(
    {
        "indicator_programme_id_code_key": N_("Another indicator has this code already."),
        "indicator_target_direction": AGAINST,
        "indicator_rules_stay": N_(
            "Grantees have reported on this indicator already: its kind and rules stay. Add a new indicator instead."
        ),
        "indicator_share": PART_AND_WHOLE,
        "award_indicator_direction": AGAINST,
        "award_indicator_share": PART_AND_WHOLE,
        "award_indicator_kind": N_("Choose a grade of this indicator; words have no number to reach."),
        "award_indicator_offered": OFFERED,
        "award_indicator_signed": N_("What a signed grant promises stays as it was signed."),
        "award_indicator_frozen": N_("The grant is finished; what it promised stays as it was."),
    }
)
sentences(
    {
        "indicator.added": N_("An indicator was added"),
        "indicator.changed": N_("An indicator was changed"),
        "award.promises_set": N_("The promised results were written"),
    }
)


def may_define(person: Person) -> bool:
    return person.is_manager


def may_read_counts(person: Person) -> bool:
    """Every count and every value behind it, small ones of people too: the programme's people and those who look on.
    Others read the public pages, which hide them, and all about grants of their own."""
    return person.is_staff or person.is_donor or person.is_auditor


@apart
def may_promise(person: Person, award: Award) -> bool:
    """The curator of the municipality or a manager, until the grant is finished."""
    looks_after = person.curates(award.municipality_id) or person.is_manager
    return looks_after and award.state not in AwardState.in_set("finished", "never_signed")


async def add(person: Person, given: Definition) -> Indicator:
    _refuse_unless_manager(person)
    async with transaction():
        if await Indicator.exists().where(Indicator.code == given.code):
            raise Refused(_("Another indicator has this code already."))
        programme = await value("SELECT id FROM programme LIMIT 1")
        if programme is None:
            raise Refused(_("There is no programme yet. An administrator sets it up first."))
        position = given.position or await value("SELECT coalesce(max(position), 0) + 1 FROM indicator")
        made = await insert(Indicator, programme_id=programme, position=position, **_columns(given, active=True))
        await record("indicator.added", person, made, **_columns(given))
    return made


async def change(indicator: Indicator, person: Person, given: Definition) -> bool:
    """True where it waits for a second person."""
    _refuse_unless_manager(person)
    async with transaction():
        await lock(indicator, given.revision)
        reason, given = given.reason, given.over(indicator)
        told = {**_columns(given), "position": given.position or indicator.position}
        if indicator.people and not given.people:
            await changing.refuse_uncounting(indicator)
        after = await changing.proposal(indicator, person, told, reason)
        before = {name: getattr(indicator, name) for name in told}
        try:
            async with transaction():
                await update(indicator, **after)
        except asyncpg.UniqueViolationError:
            raise Refused(_("Another indicator has this code already.")) from None
        waits = bool(after.get("proposed"))
        changed = {name: [before[name], told[name]] for name in told if before[name] != told[name]}
        event = "indicator.change_proposed" if waits else "indicator.changed"
        why = {"reason": reason} if waits else {}
        await record(event, person, indicator, code=indicator.code, changed=changed, **why)
    return waits


async def promise(award: Award, person: Person, given: Promises) -> None:
    """What the grant promises, all of it at once: what is not named or not ticked is promised no more."""
    async with transaction():
        await lock(award, given.revision)
        if not may_promise(person, award):
            raise not_allowed(person, award)
        given = given.over(promised_in(await queries.promises_of(award)))
        wanted = {key: one for key, one in given.promises.items() if one.promised}
        known = {r["id"]: r for r in await rows("SELECT * FROM indicator WHERE id = ANY($1::uuid[])", list(wanted))}
        if len(known) != len(wanted):
            raise Refused(_("One of these indicators is not there any more."))
        for key, one in wanted.items():
            its = known[key]
            try:
                refuse_impossible(Kind(its["kind"]), Direction(its["direction"]), one.aim, len(its["grades_ka"]))
            except ValueError as wrong:
                raise Refused(f"{pick_text(its, 'name')}: {_(str(wrong))}") from None
        await _refuse_taking_away_reported(award, wanted)
        await _refuse_changing_signed(award, wanted)
        await execute(
            "DELETE FROM award_indicator WHERE award_id = $1 AND NOT indicator_id = ANY($2::uuid[])",
            award.id,
            list(wanted),
        )
        for key, one in wanted.items():
            await execute(
                "INSERT INTO award_indicator (award_id, indicator_id, baseline, baseline_of, target, target_of)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (award_id, indicator_id) DO UPDATE"
                " SET (baseline, baseline_of, target, target_of)"
                " = (excluded.baseline, excluded.baseline_of, excluded.target, excluded.target_of)",
                award.id, key, *one.aim,
            )  # fmt: skip
        told = [
            {"code": known[k]["code"], **{name: n for name, n in p.aim._asdict().items() if n is not None}}
            for k, p in wanted.items()
        ]
        await record("award.promises_set", person, award, promises=told)


async def _refuse_taking_away_reported(award: Award, wanted: dict[Any, Any]) -> None:
    kept = await one_of(
        Indicator,
        "SELECT i.* FROM indicator i WHERE NOT i.id = ANY($2::uuid[])"
        " AND EXISTS (SELECT 1 FROM report_value v WHERE v.award_id = $1 AND v.indicator_id = i.id) LIMIT 1",
        award.id,
        list(wanted),
    )
    if kept is not None:
        raise Refused(_("“{code}” was reported on already, so it stays promised.", code=kept.code))


async def _refuse_changing_signed(award: Award, wanted: dict[Any, Any]) -> None:
    """What the agreement says is neither lowered nor taken away by anybody alone, from its offer on. What was never
    agreed on can be added, once it is signed, until the first report."""
    if award.state == AwardState.DRAFTING:
        return
    there = await rows(
        "SELECT p.indicator_id, p.baseline, p.baseline_of, p.target, p.target_of, i.code FROM award_indicator p"
        " JOIN indicator i ON i.id = p.indicator_id WHERE p.award_id = $1 ORDER BY i.position, i.code",
        award.id,
    )
    for kept in there:
        one = wanted.get(kept["indicator_id"])
        if (one is None or tuple(one.aim) != tuple(kept)[1:5]) and award.state == AwardState.OFFERED:
            raise Refused(_(OFFERED))
        if one is None or tuple(one.aim) != tuple(kept)[1:5]:
            raise Refused(
                _("“{code}” is in the signed agreement: what was promised stays as it was.", code=kept["code"])
            )
    new = wanted.keys() - {kept["indicator_id"] for kept in there}
    if new and award.state == AwardState.OFFERED:
        raise Refused(_(OFFERED))
    if new and await value("SELECT true FROM report WHERE award_id = $1 AND report_sent(state) LIMIT 1", award.id):
        raise Refused(_("A report of this grant was submitted already: nothing is added to what it promises."))


def _columns(given: Definition, active: bool | None = None) -> dict[str, object]:
    told = given.model_dump(exclude={"position", "reason"}, mode="python")
    told |= {name: str(told[name]) for name in ("kind", "time_rule", "place_rule", "direction", "missing")}
    return told | ({"active": active} if active is not None else {})


def _refuse_unless_manager(person: Person) -> None:
    if not may_define(person):
        raise NotAllowed(_("Only the programme manager defines indicators."))
