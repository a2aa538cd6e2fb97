"""What stands in a report, read once for every page: values with evidence, spending with receipts, story, documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from foundation.database import Row, rows
from foundation.language import gettext as _
from foundation.money import rounded
from foundation.typed import exact
from monitoring.indicators.numbers import leaf, promise_said
from monitoring.indicators.terms import CARRY_OF, TOTAL, Kind, Verdict
from monitoring.reports import queries
from monitoring.reports.plausible import doubts_of
from monitoring.reports.tables import Report

CELLS = ("women", "men", "unknown")
STORY = ("done", "changed", "problems", "next")
SECTIONS = ("results", "spending", "story", "documents")


@dataclass
class Claim:
    """One promised indicator in this report: its values by cell, and what proves them. `indicator` carries the
    promise (own_target …) and `before`, the latest value of an earlier report."""

    indicator: Row
    cells: dict[str, Any] = field(default_factory=dict)
    evidence: list[Row] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.indicator["code"]

    @property
    def kind(self) -> Kind:
        return Kind(self.indicator["kind"])

    @property
    def in_words(self) -> bool:
        return self.kind is Kind.TEXT

    @property
    def total(self) -> Any:
        return self.cells.get(TOTAL)

    @property
    def reported(self) -> Decimal | None:
        return self.total["reported"] if self.total else None

    @property
    def of(self) -> Decimal | None:
        return self.total["reported_of"] if self.total else None

    @property
    def no_data(self) -> str | None:
        return self.total["no_data_reason"] if self.total else None

    @property
    def note(self) -> str | None:
        return self.total["note"] if self.total else None

    @property
    def words(self) -> dict[str, str | None]:
        """What is told in words, for what is no number."""
        return {name: self.total[name] if self.total else None for name in ("words_ka", "words_en")}

    @property
    def sure(self) -> bool:
        """Whoever reports it says that an unlikely number is right."""
        return bool(self.total and self.total["sure"])

    @property
    def doubts(self) -> list[str]:
        return doubts_of(self)

    @property
    def said(self) -> str:
        """As it was reported, in words of the current language."""
        if self.reported is not None:
            return leaf(self.indicator, self.total)
        return _("no data") if self.no_data else _("not written yet")

    @property
    def verified_said(self) -> str:
        """What was found, where that is another number."""
        total = self.total
        if not total or total["verified"] is None or total["verdict"] == Verdict.VERIFIED:
            return ""
        return leaf(self.indicator, total, "verified")

    @property
    def promised_said(self) -> str:
        return promise_said(self.indicator, self.indicator["own_target"], self.indicator["own_of"])

    @property
    def carries_of(self) -> bool:
        return self.kind in CARRY_OF

    @property
    def told(self) -> bool:
        return self.reported is not None or bool(self.no_data)

    def cell(self, name: str) -> Decimal | None:
        return self.cells[name]["reported"] if name in self.cells else None

    @property
    def split(self) -> dict[str, Decimal]:
        return {name: value for name in CELLS if (value := self.cell(name)) is not None}


@dataclass
class Line:
    """One line of the grant's budget: what was planned, spent before and in this period, with receipts. All of it is
    the whole cost; `of_grant` says what of a cost the grant pays, the organisation pays the rest itself."""

    budget: Row | dict[str, Any]
    receipts: list[Row] = field(default_factory=list)

    @property
    def spent(self) -> Decimal | None:
        return self.budget["spent"]

    @property
    def before(self) -> Decimal:
        return self.budget["before"] or Decimal(0)

    @property
    def left(self) -> Decimal:
        return self.budget["amount"] - self.so_far

    @property
    def so_far(self) -> Decimal:
        """Spent in all periods up to this one."""
        return self.before + (self.spent or Decimal(0))

    @property
    def from_grant(self) -> Decimal:
        return self.budget["amount"] - self.budget["own_share"]

    def of_grant(self, cost: Decimal) -> Decimal:
        """As the database's grant_part(): by the shares of the line, and never more than the grant gives."""
        if not self.budget["amount"]:
            return Decimal(0)
        return min(rounded(cost * self.from_grant / self.budget["amount"]), self.from_grant)

    @property
    def accepted_of_grant(self) -> Decimal:
        """Kept with an accepted report; before, what it will be."""
        budget = self.budget
        if budget["accepted"] is None or budget["accepted_grant"] is not None:
            return budget["accepted_grant"] or Decimal(0)
        whole = self.of_grant(budget["accepted_elsewhere"] + budget["accepted"])
        return max(Decimal(0), min(budget["accepted"], whole - budget["grant_elsewhere"]))


@dataclass
class Content:
    report: Report
    claims: list[Claim]
    lines: list[Line]
    documents: list[Row]
    paid: Decimal
    spent_before: Decimal

    @property
    def spent(self) -> Decimal:
        return sum((line.spent or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def accepted(self) -> Decimal:
        return sum((line.budget["accepted"] or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def planned(self) -> Decimal:
        return sum((line.budget["amount"] for line in self.lines), Decimal(0))

    @property
    def from_grant(self) -> Decimal:
        return sum((line.from_grant for line in self.lines), Decimal(0))

    @property
    def spent_of_grant(self) -> Decimal:
        """What of this period's costs the grant pays."""
        parts = (line.of_grant(line.so_far) - line.of_grant(line.before) for line in self.lines)
        return sum(parts, Decimal(0))

    @property
    def so_far_of_grant(self) -> Decimal:
        """The same of all periods up to this one."""
        return sum((line.of_grant(line.so_far) for line in self.lines), Decimal(0))

    @property
    def accepted_of_grant(self) -> Decimal:
        return sum((line.accepted_of_grant for line in self.lines), Decimal(0))

    @property
    def unjudged(self) -> list[Line]:
        """Lines whose accepted amount nobody has written yet."""
        return [line for line in self.lines if line.budget["line_id"] and line.budget["accepted"] is None]

    @property
    def unverified(self) -> list[Claim]:
        """Values without a verdict; they may stay so, and are then shown as reported only."""
        return [claim for claim in self.claims if claim.reported is not None and claim.total["verdict"] == "unverified"]

    def unwritten(self) -> Content:
        """What was promised and planned, without anything that was written since."""
        nothing = dict.fromkeys(("line_id", "spent", "accepted", "accepted_grant", "told", "verdict_note"))
        return replace(
            self,
            claims=[Claim(claim.indicator) for claim in self.claims],
            lines=[Line({**dict(line.budget), **nothing}) for line in self.lines],
            documents=[],
        )

    def claim(self, code: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.code == code), None)

    def line(self, position: int) -> Line | None:
        return next((line for line in self.lines if line.budget["position"] == position), None)

    def story(self, part: str) -> str:
        report = self.report
        return (getattr(report, f"{part}_ka") or "").strip() or (getattr(report, f"{part}_en") or "").strip()


async def content_of(report: Report) -> Content:
    """Seven statements, however long the report is."""
    claims = {
        r["id"]: Claim(r) for r in await rows(CLAIMS, report.award_id, report.period_from, report.municipality_id)
    }
    for value in await rows("SELECT * FROM report_value WHERE report_id = $1", report.id):
        if value["indicator_id"] in claims:
            claims[value["indicator_id"]].cells[value["cell"]] = value
    for evidence in await rows(EVIDENCE, report.id):
        if evidence["indicator_id"] in claims:
            claims[evidence["indicator_id"]].evidence.append(evidence)
    lines = [Line(r) for r in await rows(LINES, report.id, report.award_id, report.number)]
    receipts: dict[UUID, list[Row]] = defaultdict(list)
    for receipt in await rows(RECEIPTS, report.id):
        receipts[receipt["budget_line_id"]].append(receipt)
    for line in lines:
        line.receipts = receipts[line.budget["id"]]
    documents = await rows(DOCUMENTS, report.id)
    so_far = await queries.spent_so_far(report)
    return Content(report, list(claims.values()), lines, documents, so_far["paid"], so_far["before"])


async def visits_of(report: Report) -> list[Row]:
    """Visits that were made, as evidence to point to."""
    return await rows(
        "SELECT id, reference, visited_on, place FROM visit WHERE award_id = $1 AND visited_on IS NOT NULL"
        " AND visit_told(state) ORDER BY visited_on",
        report.award_id,
    )


async def photos_of(report: Report, claim: Claim) -> list[Row]:
    """What was photographed on the visits that prove this value."""
    return await rows(
        "SELECT p.id, p.caption_ka, p.caption_en, v.reference FROM visit_photo p JOIN visit v ON v.id = p.visit_id"
        " WHERE v.award_id = $1 AND p.visit_id = ANY($2::uuid[]) ORDER BY v.visited_on, p.taken_at, p.id LIMIT 12",
        report.award_id,
        [each["visit_id"] for each in claim.evidence if each["visit_id"]],
    )


def body_of(content: Content) -> dict[str, object]:
    """The whole report as one document, to be signed, hashed and compared. Numbers are text, files their hashes."""
    report = content.report
    return {
        "grant": report.award_reference,
        "number": report.number,
        "period": [str(report.period_from), str(report.period_to)],
        "results": [
            {
                "indicator": claim.code,
                "name_ka": claim.indicator["name_ka"],
                "name_en": claim.indicator["name_en"],
                "total": _text(None if claim.kind is Kind.TEXT else claim.reported),
                "of": _text(claim.of),
                **{name: _text(claim.cell(name)) for name in CELLS},
                **{name: said for name, said in claim.words.items() if said},
                "no_data": claim.no_data,
                "note": claim.note,
                "evidence": [_proof(evidence) for evidence in claim.evidence],
            }
            for claim in content.claims
        ],
        "spending": [
            {
                "line": line.budget["position"],
                "item": line.budget["item"],
                "planned": str(line.budget["amount"]),
                "from_grant": str(line.from_grant),
                "spent": None if line.spent is None else str(line.spent),
                "note": line.budget["told"],
                "receipts": [_proof(receipt) for receipt in line.receipts],
            }
            for line in content.lines
        ],
        "story": {f"{part}_{code}": getattr(report, f"{part}_{code}") for part in STORY for code in ("ka", "en")},
        "documents": [_proof(document) for document in content.documents],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else exact(value)


def _proof(file: Row) -> dict[str, object]:
    if "visit_reference" in file.keys() and file["visit_reference"]:
        return {"visit": file["visit_reference"]}
    return {"file": file["filename"], "sha256": file["sha256"]}


CLAIMS = """
SELECT i.*, p.baseline AS own_baseline, p.target AS own_target, p.target_of AS own_of, earlier.reported AS before,
  (SELECT population FROM municipality WHERE id = $3) AS inhabitants
FROM award_indicator p JOIN indicator i ON i.id = p.indicator_id
LEFT JOIN LATERAL (SELECT v.reported FROM report_value v
  JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
  WHERE v.award_id = p.award_id AND v.indicator_id = i.id AND v.cell = 'total' AND v.municipality_id = $3
    AND v.reported IS NOT NULL AND d.period_to < $2
    AND report_claiming(r.state)
  ORDER BY d.period_to DESC LIMIT 1) earlier ON true
WHERE p.award_id = $1 ORDER BY i.position, i.code
"""
EVIDENCE = """
SELECT e.id, e.value_id, e.upload_id, e.note, v.indicator_id, u.filename, encode(u.blob_sha256, 'hex') AS sha256,
  u.thumbnail_sha256 IS NOT NULL AS pictured, s.id AS visit_id, s.reference AS visit_reference, s.visited_on, s.place
FROM value_evidence e JOIN report_value v ON v.id = e.value_id LEFT JOIN upload u ON u.id = e.upload_id
LEFT JOIN visit s ON s.id = e.visit_id WHERE v.report_id = $1 ORDER BY e.created, e.id
"""
LINES = """
SELECT b.id, b.position, b.category, b.item, b.unit, l.amount, l.own_share, s.id AS line_id, s.spent, s.accepted,
  s.accepted_grant, s.note AS told, s.verdict_note, earlier.spent AS before,
  coalesce(other.accepted, 0) AS accepted_elsewhere, coalesce(other.accepted_grant, 0) AS grant_elsewhere
FROM award_line l JOIN budget_line b ON b.id = l.budget_line_id
LEFT JOIN spending_line s ON s.budget_line_id = b.id AND s.report_id = $1
LEFT JOIN LATERAL (SELECT sum(x.spent) AS spent FROM spending_line x JOIN report r ON r.id = x.report_id
  JOIN report_due d ON d.id = r.report_due_id WHERE x.budget_line_id = b.id AND d.number < $3
  AND report_claiming(r.state)) earlier ON true
LEFT JOIN LATERAL (SELECT sum(x.accepted) AS accepted, sum(x.accepted_grant) AS accepted_grant FROM spending_line x
  JOIN report r ON r.id = x.report_id WHERE x.budget_line_id = b.id AND r.id <> $1 AND report_is_accepted(r.state)
  ) other ON true
WHERE l.award_id = $2 ORDER BY b.position
"""
RECEIPTS = """
SELECT e.id, e.upload_id, s.budget_line_id, u.filename, encode(u.blob_sha256, 'hex') AS sha256,
  u.thumbnail_sha256 IS NOT NULL AS pictured
FROM spending_evidence e JOIN spending_line s ON s.id = e.spending_line_id JOIN upload u ON u.id = e.upload_id
WHERE s.report_id = $1 ORDER BY e.created, e.id
"""
DOCUMENTS = """
SELECT e.id, e.upload_id, e.note, u.filename, encode(u.blob_sha256, 'hex') AS sha256,
  u.thumbnail_sha256 IS NOT NULL AS pictured
FROM report_document e JOIN upload u ON u.id = e.upload_id WHERE e.report_id = $1 ORDER BY e.created, e.id
"""
