"""What a report still lacks before a signatory can submit it: each gap with the section where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from foundation.language import gettext as _
from foundation.language import ngettext, number, pick_text
from monitoring.indicators.terms import ADDITIVE, Kind
from monitoring.reports.content import Claim, Content, Line


@dataclass(frozen=True)
class Gap:
    """`path` is where to mend it, below the report's address."""

    section: str
    path: str
    sentence: str


def gaps_of(content: Content) -> list[Gap]:
    found = [
        Gap("results", f"/results/{claim.code}", sentence) for claim in content.claims for sentence in _claim(claim)
    ]
    if not content.claims:
        found.append(Gap("results", "", _("Your curator has not written yet which results this grant promises.")))
    found += [
        Gap("spending", f"/spending/{line.budget['position']}", sentence)
        for line in content.lines
        for sentence in _line(line)
    ]
    if not content.story("done"):
        found.append(Gap("story", "/story", _("Write what was done.")))
    if not content.story("changed"):
        found.append(Gap("story", "/story", _("Write what has changed because of it.")))
    return found


def how_many(gaps: list[Gap]) -> str:
    return ngettext(
        "The report cannot be sent yet: {n} thing is missing.",
        "The report cannot be sent yet: {n} things are missing.",
        len(gaps),
    )


def lacking(gaps: list[Gap], section: str, path: str) -> list[Gap]:
    """Those of one part. `path` is its address below the report's; a gap of a page inside it is of that part."""
    return [each for each in gaps if each.section == section and f"{each.path}/".startswith(f"{path}/")]


def state_of(content: Content, section: str, path: str) -> str:
    """done, part or todo, for the task list."""
    begun = {
        "results": lambda: any(claim.cells or claim.evidence for claim in content.claims if path.endswith(claim.code)),
        "spending": lambda: any(line.spent is not None for line in content.lines),
        "story": lambda: any(content.story(part) for part in ("done", "changed", "problems", "next")),
        "documents": lambda: bool(content.documents),
    }[section]()
    lacks = lacking(gaps_of(content), section, path)
    if section == "documents":
        return "done" if begun else "todo"
    return ("part" if begun else "todo") if lacks else "done"


def _claim(claim: Claim) -> list[str]:
    name = pick_text(claim.indicator, "name")
    if not claim.told and claim.kind is Kind.TEXT:
        return [_("{indicator}: write what became of it, or why there is nothing to tell.", indicator=name)]
    if not claim.told:
        return [_("{indicator}: write a number, zero too, or why there is none.", indicator=name)]
    value, found = claim.reported, []
    if value is None:
        return []
    if claim.carries_of and claim.of is None:
        found.append(_("{indicator}: write also what it is out of.", indicator=name))
    if claim.kind is Kind.RATIO and claim.of is not None and value > claim.of:
        found.append(_("{indicator}: a part cannot be larger than its whole.", indicator=name))
    if value < 0 and claim.kind is not Kind.FLOW:
        found.append(_("{indicator}: this number cannot be below zero.", indicator=name))
    if value < 0 and claim.kind is Kind.FLOW and not claim.note:
        found.append(_("{indicator}: a negative number corrects an earlier one; write the reason.", indicator=name))
    before = claim.indicator["before"]
    if claim.kind is Kind.RUNNING_TOTAL and before is not None and value < before and not claim.note:
        found.append(
            _("{indicator}: it was {before} before and is less now; write the reason.", indicator=name,
              before=number(before))
        )  # fmt: skip
    if not claim.sure:
        found += [
            _("{indicator}: {doubt} If it is right, say so below the number.", indicator=name, doubt=doubt)
            for doubt in claim.doubts
        ]
    found += _split(claim, name, value)
    if value != 0 and not claim.evidence:
        found.append(_("{indicator}: add a file or a visit that proves it.", indicator=name))
    return found


def _split(claim: Claim, name: str, value: Decimal) -> list[str]:
    """Women, men and not known make the total, when any of them is told."""
    split = claim.split
    if not split or claim.kind not in (*ADDITIVE, Kind.UNIQUE):
        return []
    rest = value - sum(split.values())
    if rest == 0:
        return []
    if rest > 0:
        return [_("{indicator}: {n} of {total} are in no group; write them as not known or correct the numbers.",
                  indicator=name, n=number(rest), total=number(value))]  # fmt: skip
    return [_("{indicator}: the groups add up to more than the total.", indicator=name)]


def _line(line: Line) -> list[str]:
    item = line.budget["item"]
    if line.spent is None:
        return [_("{item}: write what was spent, zero too.", item=item)]
    found = []
    if line.spent > 0 and not line.receipts:
        found.append(_("{item}: add the receipts.", item=item))
    if line.left < 0 and not (line.budget["told"] or "").strip():
        found.append(_("{item}: more was spent than planned; write why.", item=item))
    return found
