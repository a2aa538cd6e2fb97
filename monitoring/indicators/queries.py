"""Every read of indicators: definitions, promises of grants, and figures computed from accepted reports only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.clock import today
from foundation.database import Columns, Row, one_of, row, rows, streamed
from grants.awards.tables import Award
from monitoring.indicators import calculator, summary
from monitoring.indicators.reading import (
    EVERYTHING,
    PERIOD,
    TOLD,
    VALUES,
    WHERE,
    Filters,
    definition_of,
    leaf_of,
    narrowed,
    target_of,
    values_of,
)
from monitoring.indicators.tables import Indicator
from monitoring.indicators.terms import OWN_TARGETS, WHOLE_ONLY, Definition, Figure, Kind, Leaf, Pair, Rule

# What of all periods together makes the target; a level, a share and a mean may reach theirs in any.
ALL_TIME = (Kind.FLOW, Kind.UNIQUE)


@dataclass(frozen=True)
class IndicatorFigure:
    """What one indicator has come to. `figure` carries reported, verified and best apart, with their rows, coverage
    and progress; `target` is the programme's own, or under a filter what these grants promised. `aim`: of a share the
    part and the whole that make the target. `all_time`: the target is of all periods together, one alone has no
    progress. The counts are of different files, visits and photos behind accepted values, and of the grants that
    reported them."""

    indicator: Columns
    figure: Figure
    target: Decimal | None
    promised: Decimal | None
    grants: int
    documents: int
    photos: int
    visits: int
    aim: Pair | None = None
    all_time: bool = False

    @property
    def reached(self) -> Decimal | None:
        """The target as a bar may show it."""
        return None if self.all_time else self.target

    @property
    def evidence(self) -> int:
        return self.documents + self.photos + self.visits


@dataclass(frozen=True)
class GrantFigure:
    """What one grant has reported of an indicator; `row` names the grant."""

    row: Row
    figure: IndicatorFigure


async def all_indicators(active_only: bool = True) -> list[Row]:
    return await rows("SELECT * FROM indicator WHERE active OR NOT $1 ORDER BY position, code", active_only)


async def by_code(code: str) -> Indicator | None:
    return await one_of(Indicator, "SELECT * FROM indicator WHERE code = $1", code)


async def next_position() -> int:
    found = await row("SELECT coalesce(max(position), 0) + 1 AS position FROM indicator")
    return found["position"] if found else 1


async def promises_of(award: Award) -> list[Row]:
    """Every active indicator with what the grant promised of it, and whether anything was reported yet."""
    return await rows(
        "SELECT i.*, p.award_id IS NOT NULL AS promised, p.baseline AS own_baseline, p.target AS own_target,"
        " p.baseline_of AS own_baseline_of, p.target_of AS own_of,"
        " EXISTS (SELECT 1 FROM report_value v WHERE v.award_id = $1 AND v.indicator_id = i.id)"
        " AS reported_on FROM indicator i LEFT JOIN award_indicator p ON p.indicator_id = i.id AND p.award_id = $1"
        " WHERE i.active OR p.award_id IS NOT NULL ORDER BY i.position, i.code",
        award.id,
    )


async def filter_choices() -> dict[str, list[Row]]:
    """Municipalities and calls that have signed grants."""
    places = await rows("SELECT id, slug, name_ka, name_en FROM municipality ORDER BY position")
    calls = await rows(
        "SELECT c.id, c.reference, c.title_ka, c.title_en FROM call c WHERE EXISTS (SELECT 1 FROM award a"
        " WHERE a.call_id = c.id AND award_signed(a.state)) ORDER BY c.opens_at DESC"
    )
    return {"places": places, "calls": calls}


async def figures(filters: Filters = EVERYTHING, code: str | None = None) -> list[IndicatorFigure]:
    """Each active indicator (or the one with this code), in four statements however many grants there are."""
    indicators = await rows(
        "SELECT * FROM indicator WHERE (active AND $1::text IS NULL) OR code = $1 ORDER BY position, code", code
    )
    values = _by_indicator(await values_of(filters, code))
    promises = _by_indicator(await rows(narrowed(PROMISES, filters), *filters.args, code, today()))
    evidence = {r["indicator_id"]: r for r in await rows(narrowed(EVIDENCE, filters), *filters.args, code)}
    return [
        _from_values(
            indicator, values[indicator["id"]], promises[indicator["id"]], evidence.get(indicator["id"]), filters
        )
        for indicator in indicators
    ]


async def overview(filters: Filters = EVERYTHING) -> list[IndicatorFigure]:
    """Each active indicator, in two statements however many grants there are, from the sums that are kept; in four from
    those of single grants. The same numbers as `figures`, but they do not name the values behind them."""
    if cells := await summary.cells(filters):
        made = []
        for indicator in cells.indicators:
            if indicator["kind"] in WHOLE_ONLY:
                made += await figures(filters, indicator["code"])
            else:
                made.append(_of_cells(cells, indicator, bool(filters)))
        return made
    kept = await summary.sums(filters)
    if kept is None:
        return await figures(filters)
    promises = _by_indicator(await rows(narrowed(PLANS, filters), *filters.args[:3]))
    evidence = {r["indicator_id"]: r for r in await rows(narrowed(EVIDENCE, filters), *filters.args, None)}
    made = []
    for indicator in kept.indicators:
        if indicator["kind"] in WHOLE_ONLY:
            made += await figures(filters, indicator["code"])
            continue

        def told(definition: Definition, target: Decimal | None, indicator=indicator) -> Figure:
            return kept.figure(indicator, definition, target)

        own = promises[indicator["id"]], evidence.get(indicator["id"]), kept.grants(indicator)
        made.append(_figure(indicator, told, *own, filters))
    return made


def _of_cells(cells: summary.Cells, indicator: Columns, filtered: bool) -> IndicatorFigure:
    definition = definition_of(indicator, with_baseline=not filtered)
    promised = cells.promised(indicator, definition)
    if filtered:
        definition = replace(definition, baseline=cells.baseline(indicator, definition))
    own = target_of(indicator)
    target = promised if filtered or own is None else own
    total = cells.figure(indicator, definition, target)
    aim = _aim(indicator, cells.aims(indicator), own is not None and not filtered)
    return IndicatorFigure(
        indicator, total, target, promised, cells.grants(indicator), **cells.evidence(indicator), aim=aim
    )


def _aim(indicator: Columns, promised: list[Pair], own: bool) -> Pair | None:
    """Of a share the part and the whole in counts, where all of it adds up."""
    if indicator["kind"] != Kind.RATIO:
        return None
    if own:
        return indicator["target"], indicator["target_of"]
    if not promised or indicator["place_rule"] != Rule.SUM:
        return None
    return sum((part for part, _of in promised), Decimal(0)), sum((of for _part, of in promised), Decimal(0))


def _by_indicator(found: list[Row]) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Row]] = defaultdict(list)
    for each in found:
        groups[each["indicator_id"]].append(each)
    return groups


def _from_values(
    indicator: Columns, values: list[Row], promises: list[Row], evidence: object, filters: Filters
) -> IndicatorFigure:
    expected = {(p["award_id"], p["municipality_id"], p["period_to"]) for p in promises if p["period_to"]}

    def told(definition: Definition, target: Decimal | None) -> Figure:
        leaves = [leaf_of(value) for value in values]
        return calculator.figure(definition, leaves, expected, filters.until, target, filters.since)

    grants = len({value["award_id"] for value in values})
    return _figure(indicator, told, _once(promises), evidence, grants, filters)


def _figure(
    indicator: Columns, told: Callable[..., Figure], promises: list[Any], evidence: Any, grants: int, filters: Filters
) -> IndicatorFigure:
    filtered = bool(filters)
    definition = definition_of(indicator, with_baseline=not filtered)
    promised = calculator.planned(definition, [_plan(p, p["target"], p["target_of"]) for p in promises])
    if filters.award and definition.kind in OWN_TARGETS and promises:
        promised = promises[0]["target"]  # the one level at which it was set
    if filtered:
        definition = replace(definition, baseline=_common_baseline(definition, promises))
    own = target_of(indicator)
    target = promised if filtered or own is None else own
    pairs = [(p["target"], p["target_of"]) for p in promises if p["target"] is not None and p["target_of"] is not None]
    all_time = filters.since is not None and definition.kind in ALL_TIME
    return IndicatorFigure(
        indicator, told(definition, None if all_time else target), target, promised, grants,
        aim=_aim(indicator, pairs if promised is not None else [], own is not None and not filtered), all_time=all_time,
        documents=evidence["documents"] if evidence else 0,
        photos=evidence["photos"] if evidence else 0,
        visits=evidence["visits"] if evidence else 0,
    )  # fmt: skip


def _once(promises: list[Row]) -> list[object]:
    """A promise comes once for each report that is due; its target counts once."""
    return list({promise["award_id"]: promise for promise in promises}.values())


def _plan(promise: Row, number: Decimal | None, of: Decimal | None) -> Leaf:
    return Leaf(promise["award_id"], promise["municipality_id"], 1, number, of=of)


def _common_baseline(definition: Definition, promises: list[Row]) -> Decimal | None:
    """The baselines of these grants together, when each has one."""
    if not promises or any(promise["baseline"] is None for promise in promises):
        return None
    of = "baseline_of" if definition.kind is Kind.RATIO else "target_of"
    return calculator.planned(definition, [_plan(p, p["baseline"], p[of]) for p in promises])


async def behind(code: str, filters: Filters = EVERYTHING, awards: list[UUID] | None = None) -> list[Row]:
    """The accepted values behind an indicator (of these grants): one row for each grant, municipality and report, with
    what was reported of women and men, the verdict, and how much evidence there is."""
    return await rows(BEHIND, *filters.args, code, awards)


def all_behind(code: str, filters: Filters = EVERYTHING) -> AsyncIterator[list[Row]]:
    """The same of every grant, some at a time."""
    return streamed(BEHIND, *filters.args, code, None)


async def figure_of(indicator: Indicator, filters: Filters = EVERYTHING) -> IndicatorFigure:
    """One indicator's, from what is kept where that is enough."""
    cells = await summary.cells(filters) if indicator.kind not in WHOLE_ONLY else None
    for each in cells.indicators if cells else ():
        if each["id"] == indicator.id and cells:
            return _of_cells(cells, each, bool(filters))
    return (await figures(filters, indicator.code))[0]


async def by_grant(
    indicator: Indicator, filters: Filters = EVERYTHING, limit: int | None = None, offset: int = 0
) -> tuple[int, list[GrantFigure]]:
    """How many grants have reported it or should have, and the figures of so many of them, by municipality. Where the
    rule is a sum they add up to the whole."""
    found, code = indicator.to_dict(), indicator.code
    args = [*filters.args, code, today()]
    grants = await rows(GRANTS, *args, limit, offset)
    own = [grant["id"] for grant in grants if grant["id"]]
    values, promises = defaultdict(list), defaultdict(list)
    for value in await rows(f"{VALUES} AND v.award_id = ANY($7::uuid[])", *filters.args, code, own):
        values[value["award_id"]].append(value)
    for promise in await rows(f"{PROMISES} AND a.id = ANY($8::uuid[])", *args, own):
        promises[promise["award_id"]].append(promise)
    return grants[0]["n"], [
        GrantFigure(
            grant,
            _from_values(found, values[grant["id"]], promises[grant["id"]], None, replace(filters, award=grant["id"])),
        )
        for grant in grants
        if grant["id"]
    ]


MOST_PROMISING = 50


async def grants_promising(person: Person) -> list[Row]:
    """Grants whose promises this person may write, those without any first; one more than MOST_PROMISING says that
    there are others."""
    some = """
        (SELECT a.reference, a.title_ka, a.title_en, a.state,
          (SELECT count(*) FROM award_indicator p WHERE p.award_id = a.id) AS promised
        FROM award a WHERE (a.municipality_id = ANY($1::uuid[]) OR $2)
          AND (award_unsigned(a.state) OR award_running(a.state))
          AND {any} (SELECT 1 FROM award_indicator p WHERE p.award_id = a.id) ORDER BY a.reference LIMIT $3::int)
    """
    return await rows(
        f"{some.format(any='NOT EXISTS')} UNION ALL {some.format(any='EXISTS')} LIMIT $3::int",
        list(person.municipalities),
        person.is_manager,
        MOST_PROMISING + 1,
    )


# What was ever reported is kept with its sum; in a period, and where all values count together, the values tell.
GRANTS = f"""
WITH wanted AS (
  SELECT a.id, a.reference, a.organisation_id, a.municipality_id, m.position
  FROM award a JOIN municipality m ON m.id = a.municipality_id JOIN indicator i ON i.code = $6
  WHERE {WHERE} AND (
    $4::date IS NULL AND $5::date IS NULL AND a.id IN (
      SELECT s.award_id FROM result_sum s JOIN indicator i ON i.id = s.indicator_id WHERE i.code = $6)
    OR EXISTS (SELECT 1 FROM award_indicator p JOIN report_due d ON d.award_id = p.award_id AND d.due_on <= $7::date AND {PERIOD}
      WHERE p.award_id = a.id AND p.indicator_id = i.id AND award_signed(a.state)
        AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id AND report_given_up(r.state)))
    OR EXISTS (SELECT 1 FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
      WHERE v.award_id = a.id AND v.indicator_id = i.id AND report_is_accepted(r.state) AND {TOLD}))),
shown AS (SELECT * FROM wanted ORDER BY position, reference LIMIT $8::int OFFSET $9::int)
SELECT (SELECT count(*) FROM wanted)::int AS n, a.id, a.reference, a.title_ka, a.title_en, o.name_ka, o.name_en, m.slug,
  m.name_ka AS place_ka, m.name_en AS place_en
FROM (SELECT 1) one LEFT JOIN (shown w JOIN award a ON a.id = w.id JOIN organisation o ON o.id = a.organisation_id
  JOIN municipality m ON m.id = a.municipality_id) ON true ORDER BY w.position, w.reference
"""  # noqa: E501
# A promise, once for each report of its grant that should be in by today; once with no period when none is. Of one
# grant also before it is signed.
PROMISES = f"""
SELECT p.indicator_id, p.award_id, a.municipality_id, p.baseline, p.baseline_of, p.target, p.target_of, d.period_to
FROM award_indicator p JOIN award a ON a.id = p.award_id JOIN indicator i ON i.id = p.indicator_id
LEFT JOIN report_due d ON d.award_id = a.id AND d.due_on <= $7::date AND {PERIOD}
  AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id AND report_given_up(r.state))
WHERE (award_signed(a.state) OR a.id = $3) AND a.municipality_id IS NOT NULL AND {WHERE}
  AND ($6::text IS NULL OR i.code = $6)
"""
PLANS = f"""
SELECT p.indicator_id, p.award_id, a.municipality_id, p.baseline, p.baseline_of, p.target, p.target_of
FROM award_indicator p JOIN award a ON a.id = p.award_id
WHERE (award_signed(a.state) OR a.id = $3) AND a.municipality_id IS NOT NULL AND {WHERE}
"""
EVIDENCE = f"""
SELECT v.indicator_id, count(DISTINCT e.upload_id) FILTER (WHERE b.media_type NOT LIKE 'image/%') AS documents,
  count(DISTINCT e.visit_id) AS visits,
  count(DISTINCT e.upload_id) FILTER (WHERE b.media_type LIKE 'image/%') + count(DISTINCT f.id) AS photos
FROM value_evidence e JOIN report_value v ON v.id = e.value_id JOIN report r ON r.id = v.report_id
JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = v.award_id JOIN indicator i ON i.id = v.indicator_id
LEFT JOIN upload u ON u.id = e.upload_id LEFT JOIN blob b ON b.sha256 = u.blob_sha256
LEFT JOIN visit_photo f ON f.visit_id = e.visit_id
WHERE report_is_accepted(r.state) AND {WHERE} AND {TOLD} AND ($6::text IS NULL OR i.code = $6) GROUP BY v.indicator_id
"""
BEHIND = f"""
SELECT v.id AS value_id, a.id AS award_id, a.reference, a.title_ka, a.title_en, o.name_ka AS organisation_ka,
  o.name_en AS organisation_en, r.id AS report_id, d.number, d.kind, d.period_from, d.period_to, m.slug,
  m.name_ka AS place_ka, m.name_en AS place_en, v.reported, v.reported_of, v.words_ka, v.words_en, v.no_data_reason, v.note, v.verdict,
  v.verified, v.verified_of, v.verdict_note, v.verified_at, w.reported AS women, n.reported AS men,
  count(e.id) FILTER (WHERE b.media_type NOT LIKE 'image/%') AS documents,
  count(DISTINCT e.visit_id) AS visits, array_remove(array_agg(DISTINCT e.visit_id), NULL) AS visit_ids,
  count(e.id) FILTER (WHERE b.media_type LIKE 'image/%')
    + (SELECT count(*) FROM visit_photo f JOIN value_evidence x ON x.visit_id = f.visit_id WHERE x.value_id = v.id) AS photos
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN award a ON a.id = v.award_id JOIN organisation o ON o.id = a.organisation_id JOIN indicator i ON i.id = v.indicator_id
JOIN municipality m ON m.id = v.municipality_id
LEFT JOIN report_value w ON (w.report_id, w.indicator_id, w.municipality_id, w.cell) = (v.report_id, v.indicator_id, v.municipality_id, 'women')
LEFT JOIN report_value n ON (n.report_id, n.indicator_id, n.municipality_id, n.cell) = (v.report_id, v.indicator_id, v.municipality_id, 'men')
LEFT JOIN value_evidence e ON e.value_id = v.id
LEFT JOIN upload u ON u.id = e.upload_id LEFT JOIN blob b ON b.sha256 = u.blob_sha256
WHERE report_is_accepted(r.state) AND v.cell = 'total' AND {WHERE} AND {TOLD} AND i.code = $6
  AND ($7::uuid[] IS NULL OR v.award_id = ANY($7))
GROUP BY v.id, a.id, o.id, r.id, d.id, m.id, w.id, n.id ORDER BY m.position, a.reference, d.period_to
"""  # noqa: E501
