"""Reports as JSON: the same reads and the same actions as the pages. Files are sent through the pages' forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from litestar import Router, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, Field

from accounts.person import Person
from foundation.database import Row
from foundation.merging import APART
from foundation.money import Amount
from foundation.typed import Quantity
from lifecycle.api import operations_of
from monitoring.indicators.terms import Verdict
from monitoring.reports import actions, forms, judging
from monitoring.reports.checklist import gaps_of
from monitoring.reports.content import Claim, Content, Line, content_of
from monitoring.reports.lifecycle import Kind, State, may_write, reads_what_is_written
from monitoring.reports.listing import REPORTS
from monitoring.reports.pages import SERVED, this_report
from monitoring.reports.tables import Report
from monitoring.reports.transitions import STEPS
from monitoring.reports.verifying.pages import report_to_verify
from monitoring.reports.writing.pages import report_to_write
from web.forms import Strict
from web.guards import signed_in
from web.pages import or_404

AT = "/{reference:str}/{number:int}"


class ValueIn(forms.Value, Strict):
    pass


class SpendingIn(forms.Spending, Strict):
    pass


class StoryIn(forms.Story, Strict):
    pass


class JudgementIn(forms.Judgement, Strict):
    pass


class AcceptedIn(forms.Accepted, Strict):
    pass


class ReportShort(BaseModel):
    grant: str
    number: int
    kind: Kind
    state: State
    title_ka: str | None
    title_en: str | None
    municipality: str | None
    period_from: date
    period_to: date
    due_on: date
    overdue: bool


class EvidenceOut(BaseModel):
    """`href` is the file's own address, or a visit's."""

    name: str
    sha256: str | None
    href: str


class ValueOut(BaseModel):
    indicator: str
    name_ka: str | None
    name_en: str | None
    promised: Quantity | None
    promised_of: Quantity | None
    reported: Quantity | None
    reported_of: Quantity | None
    women: Quantity | None
    men: Quantity | None
    unknown: Quantity | None
    words_ka: str | None
    words_en: str | None
    no_data_reason: str | None
    note: str | None
    doubts: Annotated[list[str], Field(description="Why the number may be a slip.")]
    sure: Annotated[bool, Field(description="It is right, as whoever reports it says.")]
    verdict: Verdict
    verified: Quantity | None
    verified_of: Quantity | None
    verdict_note: str | None
    evidence: list[EvidenceOut]
    revision: int | None


class LineOut(BaseModel):
    line: int
    item: str
    planned: Amount
    own_share: Annotated[Amount, Field(description="What of the planned cost the organisation pays itself.")]
    from_grant: Amount
    spent_before: Amount
    spent: Amount | None
    accepted: Amount | None
    accepted_from_grant: Amount | None
    note: str | None
    verdict_note: str | None
    receipts: list[EvidenceOut]


class ReportOut(BaseModel):
    grant: str
    number: int
    kind: Kind
    state: State
    currency: str
    period_from: date
    period_to: date
    due_on: date
    submitted_at: datetime | None
    body_sha256: str | None
    accepted_at: datetime | None
    accepted_cost: Amount | None
    paid: Amount
    spent: Amount
    spent_from_grant: Annotated[Amount, Field(description="What of it the grant pays.")]
    accepted_from_grant: Amount | None
    story: dict[str, str | None]
    values: list[ValueOut]
    spending: list[LineOut]
    documents: list[EvidenceOut]
    withheld: Annotated[bool, Field(description="It is being written, and is read once it is handed in.")]
    missing: Annotated[list[str], Field(description="What it still lacks, for those who write it.")]
    revision: int


@get(AT, dependencies={"report": Provide(this_report)}, summary="One report")
async def show(report: NamedDependency[Report], person: NamedDependency[Person]) -> ReportOut:
    return await to_json(report, person)


async def to_json(report: Report, person: Person) -> ReportOut:
    whole = await content_of(report)
    told = reads_what_is_written(person, report)
    content = whole if told else whole.unwritten()
    names = set(ReportOut.model_fields) - {"grant", "body_sha256", "spent", "paid", "story", "values", "spending"}
    names -= {"spent_from_grant", "accepted_from_grant"}
    return ReportOut(
        grant=report.award_reference,
        body_sha256=report.body_sha256.hex() if report.body_sha256 else None,
        paid=content.paid,
        spent=content.spent,
        spent_from_grant=_cents(content.spent_of_grant),
        accepted_from_grant=None if report.accepted_cost is None else _cents(content.accepted_of_grant),
        story={name: getattr(report, name) if told else None for name in forms.Story.model_fields if name not in APART},
        values=[_value(claim, report) for claim in content.claims],
        spending=[_line(line, report) for line in content.lines],
        documents=[_proof(file, report) for file in content.documents],
        withheld=not told,
        missing=_missing(content) if may_write(person, report) else [],
        **{name: getattr(report, name) for name in names if hasattr(report, name)},
    )


def _missing(content: Content) -> list[str]:
    return [gap.sentence for gap in gaps_of(content)]


OF_TOTAL = (
    "reported", "reported_of", "words_ka", "words_en", "no_data_reason", "note", "verified", "verified_of",
    "verdict_note", "revision",
)  # fmt: skip


def _value(claim: Claim, report: Report) -> ValueOut:
    total: Any = claim.total or {}

    def of_total(name: str, default: object = None) -> Any:
        return total[name] if claim.total else default

    return ValueOut(
        indicator=claim.code,
        name_ka=claim.indicator["name_ka"],
        name_en=claim.indicator["name_en"],
        promised=claim.indicator["own_target"],
        promised_of=claim.indicator["own_of"],
        doubts=claim.doubts,
        sure=claim.sure,
        women=claim.cell("women"),
        men=claim.cell("men"),
        unknown=claim.cell("unknown"),
        verdict=Verdict(of_total("verdict", "unverified")),
        evidence=[_proof(file, report) for file in claim.evidence],
        **{name: of_total(name) for name in OF_TOTAL},
    )


def _line(line: Line, report: Report) -> LineOut:
    budget = line.budget
    return LineOut(
        line=budget["position"], item=budget["item"], planned=_cents(budget["amount"]),
        own_share=_cents(budget["own_share"]), from_grant=_cents(line.from_grant),
        spent_before=_cents(line.before),
        spent=budget["spent"], accepted=budget["accepted"],
        accepted_from_grant=None if budget["accepted"] is None else _cents(line.accepted_of_grant),
        note=budget["told"], verdict_note=budget["verdict_note"],
        receipts=[_proof(file, report) for file in line.receipts],
    )  # fmt: skip


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def _proof(file: Row, report: Report) -> EvidenceOut:
    if "visit_id" in file.keys() and file["visit_id"]:
        name = file["visit_reference"]
        return EvidenceOut(name=name, sha256=None, href=f"/visits/{name}")
    href = f"/reports/{report.award_reference}/{report.number}/files/{file['upload_id']}"
    return EvidenceOut(name=file["filename"], sha256=file["sha256"], href=href)


# writing -----------------------------------------------------------------------------------------------------------

WRITES = {"report": Provide(report_to_write)}


@put(f"{AT}/values/{{code:str}}", dependencies=WRITES, summary="Write a value of a report")
async def save_value(
    report: NamedDependency[Report], code: FromPath[str], person: NamedDependency[Person], data: JSONBody[ValueIn]
) -> ReportOut:
    or_404((await content_of(report)).claim(code))
    await actions.save_value(report, person, code, data)
    return await to_json(report, person)


@put(f"{AT}/spending/{{position:int}}", dependencies=WRITES, summary="Write what was spent of a budget line")
async def save_spending(
    report: NamedDependency[Report],
    position: FromPath[int],
    person: NamedDependency[Person],
    data: JSONBody[SpendingIn],
) -> ReportOut:
    or_404((await content_of(report)).line(position))
    await actions.save_spending(report, person, position, data)
    return await to_json(report, person)


@put(f"{AT}/story", dependencies=WRITES, summary="Write the story of a report")
async def save_story(
    report: NamedDependency[Report], person: NamedDependency[Person], data: JSONBody[StoryIn]
) -> ReportOut:
    await actions.save_story(report, person, data)
    return await to_json(report, person)


# verifying ---------------------------------------------------------------------------------------------------------

VERIFIES = {"report": Provide(report_to_verify)}


@put(f"{AT}/values/{{code:str}}/verdict", dependencies=VERIFIES, summary="Judge a reported value")
async def judge(
    report: NamedDependency[Report], code: FromPath[str], person: NamedDependency[Person], data: JSONBody[JudgementIn]
) -> ReportOut:
    await judging.judge(report, person, code, data)
    return await to_json(report, person)


@put(f"{AT}/spending/{{position:int}}/accepted", dependencies=VERIFIES, summary="Judge what was spent of a budget line")
async def accept_spending(
    report: NamedDependency[Report],
    position: FromPath[int],
    person: NamedDependency[Person],
    data: JSONBody[AcceptedIn],
) -> ReportOut:
    await judging.accept_spending(report, person, position, data)
    return await to_json(report, person)


ALL_STEPS = replace(SERVED, steps=STEPS)
ROUTES = [
    Router(
        "/api/v1/reports",
        route_handlers=[
            REPORTS.operation("/", ReportShort), show, save_value,
             save_spending, save_story, judge, accept_spending,
        ],
        guards=[signed_in],
    ),
    Router("/api/v1", route_handlers=operations_of(ALL_STEPS, to_json), guards=[signed_in]),
]  # fmt: skip
