"""Writing a report: one topic a page, saved as often as one likes, checked only before it is sent."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.language import gettext as _
from foundation.merging import seen_of
from foundation.refused import Refused
from lifecycle.pages import Served
from monitoring.indicators.numbers import grades, plain
from monitoring.indicators.terms import Kind
from monitoring.reports import actions, forms, queries
from monitoring.reports.checklist import gaps_of
from monitoring.reports.content import Claim, Line, body_of, content_of, visits_of
from monitoring.reports.difference import changes
from monitoring.reports.lifecycle import State, its_people, may_write
from monitoring.reports.pages import PARTS, STORY_WORDS, address, page_of, this_report
from monitoring.reports.tables import Report
from monitoring.reports.transitions import is_early, submit
from uploads.receiving import PAPERS, Receiving, file_of, files_of
from web.forms import Errors, Form, form_of, given_back, known_to, parse, read_form
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import or_404, page, redirect

HERE = "monitoring/reports/writing/templates"
AT = "/reports/{reference:str}/{number:int}"


async def report_to_write(reference: FromPath[str], number: FromPath[int], person: NamedDependency[Person]) -> Report:
    """404 for those who only read; a sentence once it is handed in."""
    report = await this_report(reference, number, person)
    or_404(report if its_people(person, report) else None)
    if not may_write(person, report):
        raise Refused(_("The report is not open for writing."))
    return report


OPENS = {"report": Provide(report_to_write)}
# who writes is settled before the form is read; whether it still may be written is said beside the words
WRITES = {"report": known_to(this_report, its_people)}
TAKES_PAPERS = WRITES | {"form": form_of(partial(Receiving, kinds=PAPERS))}
TAKES_FILES = WRITES | {"form": form_of(Receiving)}


# results -----------------------------------------------------------------------------------------------------------


@get(f"{AT}/results/{{code:str}}", name="reports.value", dependencies=OPENS)
async def value(report: NamedDependency[Report], code: FromPath[str]) -> Response:
    return await _value_page(report, code)


async def _value_page(
    report: Report, code: str, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    claim = or_404((await content_of(report)).claim(code))
    return page(
        f"{HERE}/value.html",
        status=status,
        report=report,
        claim=claim,
        stored=_stored(claim),
        grades=grades(claim.indicator),
        words=claim.kind is Kind.TEXT,
        seen=seen_of(forms.Value, forms.value_in(claim)),
        visits=await visits_of(report),
        pointed=[str(each["visit_id"]) for each in claim.evidence if each["visit_id"]],
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(f"{AT}/results/{{code:str}}", name="reports.value.save", dependencies=TAKES_PAPERS, request_max_body_size=UPLOAD)
@given_back(_value_page)
async def save_value(
    form: NamedDependency[Form], report: NamedDependency[Report], code: FromPath[str], person: NamedDependency[Person]
) -> Response:
    or_404((await content_of(report)).claim(code))
    given = parse(forms.Value, form)
    await actions.save_value(report, person, code, given, files_of(form, "evidence"))
    told = or_404((await content_of(report)).claim(code))
    if told.doubts and not told.sure:
        return redirect(address(report, f"/results/{code}"), _("Saved. Look at the number once more, please."))
    if form.get("again"):
        return redirect(address(report, f"/results/{code}"), _("Saved."))
    return redirect(address(report), _("Saved."))


def _stored(claim: Claim) -> dict[str, str]:
    told = {name: plain(claim.cell(name)) for name in ("women", "men", "unknown")}
    return told | {
        "total": plain(claim.reported),
        "of": plain(claim.of),
        "words_ka": claim.words["words_ka"] or "",
        "words_en": claim.words["words_en"] or "",
        "sure": "true" if claim.sure else "",
        "no_data_reason": claim.no_data or "",
        "note": claim.note or "",
    }


# spending ----------------------------------------------------------------------------------------------------------


@get(f"{AT}/spending", name="reports.spending", dependencies=OPENS)
async def spending(report: NamedDependency[Report]) -> Response:
    return page(f"{HERE}/spending.html", report=report, content=await content_of(report), here=address(report))


@get(f"{AT}/spending/{{position:int}}", name="reports.line", dependencies=OPENS)
async def line(report: NamedDependency[Report], position: FromPath[int]) -> Response:
    return await _line_page(report, position)


async def _line_page(
    report: Report, position: int, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    content = await content_of(report)
    of: Line = or_404(content.line(position))
    return page(
        f"{HERE}/line.html",
        status=status,
        report=report,
        line=of,
        seen=seen_of(forms.Spending, {"spent": of.spent, "note": of.budget["told"]}),
        last=of is content.lines[-1],
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(
    f"{AT}/spending/{{position:int}}", name="reports.line.save", dependencies=TAKES_PAPERS, request_max_body_size=UPLOAD
)
@given_back(_line_page)
async def save_line(
    form: NamedDependency[Form],
    report: NamedDependency[Report],
    position: FromPath[int],
    person: NamedDependency[Person],
) -> Response:
    content = await content_of(report)
    or_404(content.line(position))
    given = parse(forms.Spending, form)
    await actions.save_spending(report, person, position, given, files_of(form, "receipts"))
    following = next((each for each in content.lines if each.budget["position"] > position), None)
    if form.get("next") and following is not None:
        return redirect(address(report, f"/spending/{following.budget['position']}"), _("Saved."))
    return redirect(address(report, "/spending"), _("Saved."))


# story and documents -----------------------------------------------------------------------------------------------


@get(f"{AT}/story", name="reports.story", dependencies=OPENS)
async def story(report: NamedDependency[Report]) -> Response:
    return _story_page(report)


def _story_page(report: Report, form: Form | None = None, errors: Errors = None, status: int = 200) -> Response:
    return page(
        f"{HERE}/story.html",
        status=status,
        report=report,
        words=STORY_WORDS,
        seen=seen_of(forms.Story, report),
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(f"{AT}/story", name="reports.story.save", dependencies=WRITES)
@given_back(_story_page)
async def save_story(
    form: NamedDependency[Form], report: NamedDependency[Report], person: NamedDependency[Person]
) -> Response:
    await actions.save_story(report, person, parse(forms.Story, form))
    return redirect(address(report), _("Saved."))


@get(f"{AT}/documents", name="reports.documents", dependencies=OPENS)
async def documents(report: NamedDependency[Report]) -> Response:
    return await _documents_page(report)


async def _documents_page(
    report: Report, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    return page(
        f"{HERE}/documents.html",
        status=status,
        report=report,
        content=await content_of(report),
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(f"{AT}/documents", name="reports.documents.add", dependencies=TAKES_FILES, request_max_body_size=UPLOAD)
@given_back(_documents_page)
async def add_document(
    form: NamedDependency[Form], report: NamedDependency[Report], person: NamedDependency[Person]
) -> Response:
    await actions.add_document(report, person, parse(forms.Document, form), file_of(form, "document"))
    return redirect(address(report, "/documents"), _("The document is added."))


@post(f"{AT}/files/{{upload_id:uuid}}/removal", name="reports.file.remove", dependencies=WRITES)
async def remove_file(
    request: Request, report: NamedDependency[Report], upload_id: FromPath[UUID], person: NamedDependency[Person]
) -> Response:
    """Back to the page it hung on, which is one of this report's own."""
    form = await read_form(request)
    or_404(await queries.file_of(report, upload_id))
    await actions.remove_file(report, person, upload_id)
    back = form.get("back", "")
    fine = back.startswith("/") and all(part.replace("-", "").isalnum() for part in back[1:].split("/"))
    return redirect(address(report, back if fine else ""), _("The file is taken away."))


# sending -----------------------------------------------------------------------------------------------------------


@get(f"{AT}/check", name="reports.check", dependencies=OPENS)
async def check(report: NamedDependency[Report], person: NamedDependency[Person]) -> Response:
    return await _check_page(report, person)


async def _check_page(
    report: Report, person: Person, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    content = await content_of(report)
    signed: Any = report.body
    return page(
        f"{HERE}/check.html",
        status=status,
        report=report,
        content=content,
        gaps=gaps_of(content),
        signs=submit.open_to(person, report),
        early=is_early(report),
        different=changes(signed, body_of(content)) if signed else [],
        sections=PARTS,
        words=STORY_WORDS,
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


async def check_again(report: Report, person: Person, status: int, errors: Any, form: Form, at: str) -> Response:
    if report.state not in State.in_set("writable"):
        return await page_of(report, person, status, errors)
    return await _check_page(report, person, form, errors, status)


SERVED = Served("reports", (submit,), AT, this_report, check_again, address, inline=True)
HANDLERS = [
    value, save_value, spending, line, save_line, story, save_story, documents, add_document, remove_file, check,
    *SERVED.handlers(),
]  # fmt: skip
ROUTES = [Router("/", route_handlers=HANDLERS, guards=[signed_in], include_in_schema=False)]
