"""Reports: lists, one report to read, its files, and what staff decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.database import Row
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from grants.awards import queries as awards
from grants.awards.extensions import tabs_of
from lifecycle.pages import Served
from lifecycle.record import Event, history_of
from lifecycle.transition import open_steps
from monitoring.indicators.queries import Filters
from monitoring.indicators.terms import Verdict
from monitoring.reports import queries
from monitoring.reports.checklist import gaps_of, lacking, state_of
from monitoring.reports.content import STORY, Content, content_of
from monitoring.reports.difference import told_in
from monitoring.reports.lifecycle import Kind, State, its_people, may_verify, may_write, reads_what_is_written
from monitoring.reports.listing import REPORTS, sees_reports
from monitoring.reports.tables import Report
from monitoring.reports.transitions import DECISIONS, STEPS, agree, take_back
from uploads.actions import upload_by_id
from uploads.pages import send
from uploads.tables import Upload
from web.forms import Errors, Typed
from web.guards import signed_in
from web.pages import or_404, page

HERE = "monitoring/reports/templates"
VERDICT_TONES = {
    Verdict.UNVERIFIED: "", Verdict.SAMPLED: "info", Verdict.VERIFIED: "verified", Verdict.CORRECTED: "info",
    Verdict.CONTRADICTED: "bad", Verdict.NOT_VERIFIABLE: "warn",
}  # fmt: skip
PARTS = {
    "results": N_("Results"),
    "spending": N_("Spending"),
    "story": N_("Story"),
    "documents": N_("Documents"),
}
STORY_WORDS = {
    "done": N_("What was done"),
    "changed": N_("What has changed"),
    "problems": N_("What was difficult"),
    "next": N_("What comes next"),
}


async def this_report(reference: FromPath[str], number: FromPath[int], person: NamedDependency[Person]) -> Report:
    """The report in the address; 404 unless this person may see it."""
    return or_404(await queries.by_number(person, reference, number))


def address(report: Report, more: str = "") -> str:
    return f"/reports/{report.award_reference}/{report.number}{more}"


# lists -------------------------------------------------------------------------------------------------------------


@get("/reports/{reference:str}", name="reports.award")
async def of_award(reference: FromPath[str], person: NamedDependency[Person]) -> Response:
    """The calendar of one grant, with what was reported and accepted so far."""
    award = or_404(await awards.award_of(person, reference))
    return page(
        f"{HERE}/award.html",
        award=award,
        tabs=tabs_of(award, person),
        reports=await queries.of_award(award.id),
        spent=next(iter(await queries.money(Filters(award=award.id))), None),
        State=State,
        Kind=Kind,
    )


# one report --------------------------------------------------------------------------------------------------------


@get("/reports/{reference:str}/{number:int}", name="reports.show", dependencies={"report": Provide(this_report)})
async def show(report: NamedDependency[Report], person: NamedDependency[Person]) -> Response:
    return await page_of(report, person)


async def page_of(
    report: Report, person: Person, status: int = 200, errors: Errors = None, form: Typed = None
) -> Response:
    """The task list for those who write, and the report itself for those who read."""
    content = await content_of(report)
    writing = may_write(person, report)
    gaps = gaps_of(content) if writing else []
    returns, history = await queries.returns_of(report), await history_of(report)
    again = to_correct(returns, history) if report.state == State.RETURNED else set()

    def stands(section: str, path: str) -> str:
        return "again" if section in again else state_of(content, section, path)

    return page(
        f"{HERE}/{'tasks' if writing else 'show'}.html",
        status=status,
        errors=errors or {},
        report=report,
        content=content,
        state=State(report.state),
        kind=Kind(report.kind),
        gaps=gaps,
        state_of=stands,
        lacking=partial(lacking, gaps),
        open_steps=open_steps(person, report, STEPS),
        decisions=open_steps(person, report, DECISIONS),
        may_verify=may_verify(person, report),
        mine=its_people(person, report),
        told=reads_what_is_written(person, report),
        parts_told=[(_part_name(content, *part), stands(*part)) for part in _tasks(content)],
        signed=await _signed(report),
        returns=returns,
        names=await queries.names_of(report),
        history=[event for event in history if event.name not in QUIET],
        story_words=STORY_WORDS,
        section_words=PARTS,
        here=address(report),
        above="/reports" if sees_reports(person) else f"/reports/{report.award_reference}",
        shown_story=STORY,
        verdicts={str(verdict): (label(verdict), tone) for verdict, tone in VERDICT_TONES.items()},
    )


async def _signed(report: Report) -> list[tuple[str, str, str]]:
    """What it said when it was handed in last, where it went back: what is written since is not sent yet."""
    sent = await queries.submissions_of(report) if report.state in (State.RETURNED, State.LAPSED) else []
    body: Any = sent[-1].body if sent else {}
    return told_in(body)


def _part_name(content: Content, section: str, path: str) -> str:
    claim = content.claim(path.rpartition("/")[2]) if section == "results" else None
    return pick_text(claim.indicator, "name") if claim else _(PARTS[section])


QUIET = frozenset({"report.section_saved", "report.value_judged", "report.spending_judged"})


def to_correct(returns: Sequence[Row], history: Sequence[Event]) -> set[str]:
    """The parts that the last return names and nobody has saved since: they are not ready, whatever stands in them."""
    if not returns:
        return set()
    last = returns[0]
    saved = {
        each.payload.get("section") for each in history if each.name == "report.section_saved" and each.at > last["at"]
    }
    return set(last["sections"]) - saved


def _tasks(content: Content) -> list[tuple[str, str]]:
    """Section and path of every task that has to be done; documents are welcome but not needed."""
    results = [("results", f"/results/{claim.code}") for claim in content.claims]
    return [*results, ("spending", "/spending"), ("story", "/story")]


async def this_file(
    report: NamedDependency[Report], upload_id: FromPath[UUID], person: NamedDependency[Person]
) -> Upload:
    or_404(report if reads_what_is_written(person, report) else None)
    return await upload_by_id(or_404(await queries.file_of(report, upload_id)))


@get(
    "/reports/{reference:str}/{number:int}/files/{upload_id:uuid}", name="reports.file",
    dependencies={"report": Provide(this_report), "upload": Provide(this_file)},
)  # fmt: skip
async def file(report: NamedDependency[Report], upload: NamedDependency[Upload], request: Request) -> Response:
    return await send(upload, request)


@get(
    "/reports/{reference:str}/{number:int}/files/{upload_id:uuid}/thumbnail", name="reports.thumbnail",
    dependencies={"report": Provide(this_report), "upload": Provide(this_file)},
)  # fmt: skip
async def thumbnail(report: NamedDependency[Report], upload: NamedDependency[Upload], request: Request) -> Response:
    return await send(upload, request, inline_thumbnail=True)


# what staff decide -------------------------------------------------------------------------------------------------


SERVED = Served(
    "reports", (take_back, agree, *DECISIONS), "/reports/{reference:str}/{number:int}", this_report, page_of, address,
    title=lambda report: f"{report.award_reference} · {pick_text(report, 'title')}",
    back=lambda report: _("Back to the report"),
)  # fmt: skip


HANDLERS = [*REPORTS.pages(), of_award, show, file, thumbnail, *SERVED.handlers()]
ROUTES = [Router("/", route_handlers=HANDLERS, guards=[signed_in], include_in_schema=False)]
