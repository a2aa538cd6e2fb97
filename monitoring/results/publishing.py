"""What everybody is told of one indicator of people: decided when its counts have changed, and remembered.

Only what is hidden is remembered: the groups of `told_group` with all that sums ever told of their members. A small
count that has no group yet waits: sums are told without it, as they stood before it came, until another count comes
that nobody was told either."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from foundation.database import Columns, execute, rows, transaction, value
from monitoring.indicators.terms import ADDITIVE, CARRY_OF, Kind, Rule
from monitoring.results.counting import Counts, Summed, Told, judged
from monitoring.results.groups import Group, Member, Slot


def adds(indicator: Columns) -> bool:
    """Whether what grants come to is simply added, and what their reports say is added or replaced."""
    kind, over_time = indicator["kind"], indicator["time_rule"]
    steady = over_time in (Rule.SUM, Rule.LAST)
    return kind in ADDITIVE and indicator["place_rule"] == Rule.SUM and steady


def takes_last(indicator: Columns) -> bool:
    return indicator["kind"] != Kind.FLOW or indicator["time_rule"] == Rule.LAST


async def told_of(indicator: Columns) -> Told:
    """Decides what is not decided yet. One at a time for each indicator."""
    this = indicator["id"]
    if not adds(indicator):
        return Told(wholly=bool(await value(f"SELECT EXISTS ({SMALL_SHARES if _shares(indicator) else SMALL})", this)))
    async with transaction():
        before = await _held(this)
        told = await _decided(indicator, before)
        await execute(LOOKED_AT, this)
        return told


async def _decided(indicator: Columns, before: datetime | None) -> Told:
    this, last = indicator["id"], takes_last(indicator)
    small = [each["award_id"] for each in await rows(SMALL, this)]
    kept = await _groups(this)
    if not small and not kept:
        return Told()
    awards = {*small, *(slot.award for group in kept.values() for slot in group.slots)}
    awards |= {each["award_id"] for each in await rows(NEW if before else SMALLEST, this, before or SOME)}
    counts = Counts(await rows(VALUES, this, list(awards)), last, before, kept.values(), await _sums(this, last))
    changed, made = judged(counts, kept)
    for key, group in changed.items():
        await _remember(key, group, kept[key])
    for group in made:
        await _remember(await value(MADE, this, group.verified), group)
    return counts.told(this, [*(kept | changed).values(), *made])


async def _sums(this: UUID, last: bool) -> dict[UUID, Summed]:
    found = await rows(SUMS_OF_VALUES if await value(WAITS) else SUMS, this, last)
    return {
        each["municipality_id"]: (each["reported"], each["verified"], each["n"], each["n_verified"]) for each in found
    }


async def _held(this: UUID) -> datetime | None:
    """When what is told was looked at last: whatever was accepted before, somebody may have read. Held until the end of
    the transaction, so that nobody else decides meanwhile."""
    await execute("INSERT INTO told_indicator (indicator_id) VALUES ($1) ON CONFLICT DO NOTHING", this)
    return await value("SELECT looked_at FROM told_indicator WHERE indicator_id = $1 FOR UPDATE", this)


async def _groups(this: UUID) -> dict[UUID, Group]:
    made: dict[UUID, Group] = {}
    members: dict[tuple[UUID, UUID], Member] = {}
    for each in await rows(KEPT, this):
        group = made.setdefault(each["group_id"], Group([], each["verified_too"]))
        pair = each["reported"], each["verified"]
        member = members.get((each["group_id"], each["slot"]))
        if member is None:
            slot = Slot(each["slot"], each["award_id"], each["municipality_id"], pair)
            members[each["group_id"], each["slot"]] = member = Member(slot, [])
            group.members.append(member)
        member.told.append(pair)
        member.at = each["told_at"]
    return made


async def _remember(key: UUID, group: Group, before: Group | None = None) -> None:
    """What is new in it."""
    known = {each.slot.key: len(each.told) for each in before.members} if before else {}
    for each in group.members:
        for pair in each.told[known.get(each.slot.key, 0) :]:
            await execute(
                "INSERT INTO told_slot (group_id, slot, award_id, municipality_id, reported, verified)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                key, each.slot.key, each.slot.award, each.slot.place, *pair,
            )  # fmt: skip


def _shares(indicator: Columns) -> bool:
    return indicator["kind"] in CARRY_OF


LOOKED_AT = (
    "UPDATE told_indicator SET looked_at = greatest(clock_timestamp(), (SELECT max(accepted_at) FROM report"
    " WHERE report_is_accepted(state))) WHERE indicator_id = $1"
)
MADE = "INSERT INTO told_group (indicator_id, verified) VALUES ($1, $2) RETURNING id"
SOME = 64  # of the smallest grants of each municipality, to hide small counts among when nothing was told yet
ACCEPTED = (
    "FROM report_value v JOIN report r ON r.id = v.report_id WHERE v.indicator_id = $1 AND v.cell = 'total'"
    " AND report_is_accepted(r.state)"
)
IS_SMALL = "(v.reported < 5 AND v.reported <> 0 OR v.verified > 0 AND v.verified < 5)"  # as an index has it
SMALL = f"SELECT DISTINCT v.award_id {ACCEPTED} AND {IS_SMALL}"
SMALL_SHARES = f"""SELECT 1 {ACCEPTED} AND ({IS_SMALL} OR v.reported_of > 0 AND v.reported_of < 5
  OR v.verified_of > 0 AND v.verified_of < 5)"""
NEW = f"SELECT DISTINCT v.award_id {ACCEPTED} AND r.accepted_at > $2"
SMALLEST = f"""
SELECT award_id FROM (
  SELECT v.award_id, row_number() OVER (PARTITION BY v.municipality_id ORDER BY sum(v.reported), v.award_id) AS place
  {ACCEPTED} AND v.reported > 0 GROUP BY v.award_id, v.municipality_id) x WHERE place <= $2
"""
VALUES = """
SELECT v.id, v.award_id, v.municipality_id, v.reported, v.verified, r.accepted_at,
  EXISTS (SELECT 1 FROM event e WHERE e.object_id = r.id AND e.name = 'report.reopened') AS reopened
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
WHERE v.indicator_id = $1 AND v.award_id = ANY($2::uuid[]) AND v.cell = 'total' AND report_is_accepted(r.state)
ORDER BY d.period_to, v.id
"""
KEPT = """
SELECT s.group_id, g.verified AS verified_too, s.slot, s.award_id, s.municipality_id, s.reported, s.verified,
  s.told_at
FROM told_group g JOIN told_slot s ON s.group_id = g.id WHERE g.indicator_id = $1 ORDER BY g.id, s.id
"""
WAITS = "SELECT EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_unsummed)"
SUMS = """
SELECT a.municipality_id, sum(s.reported) AS reported, sum(s.verified) AS verified, count(s.reported)::int AS n,
  count(s.verified)::int AS n_verified
FROM result_sum s JOIN award a ON a.id = s.award_id WHERE s.indicator_id = $1 AND $2::boolean IS NOT NULL
GROUP BY a.municipality_id
"""
SUMS_OF_VALUES = f"""
SELECT municipality_id, sum(reported) AS reported, sum(verified) AS verified, count(reported)::int AS n,
  count(verified)::int AS n_verified
FROM (
  SELECT x.award_id, x.municipality_id, sum(x.reported) AS reported, sum(x.verified) AS verified FROM (
    SELECT v.award_id, v.municipality_id, v.reported, v.verified, row_number() OVER (PARTITION BY v.award_id
      ORDER BY d.period_to DESC, v.id DESC) AS place
    {ACCEPTED.replace("WHERE", "JOIN report_due d ON d.id = r.report_due_id WHERE", 1)} AND v.reported IS NOT NULL) x
  WHERE x.place = 1 OR NOT $2::boolean GROUP BY x.award_id, x.municipality_id) y
GROUP BY municipality_id
"""
