"""Verifying a report: what was reported and what proves it side by side, a verdict for each, then on or back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from foundation.merging import seen_of
from foundation.refused import Refused
from foundation.ties import not_allowed
from lifecycle.pages import Served
from lifecycle.transition import Transition
from monitoring.indicators.numbers import formatted, grades, plain
from monitoring.indicators.terms import Kind, Verdict
from monitoring.reports import forms, judging, queries
from monitoring.reports.content import Claim, content_of, photos_of, visits_of
from monitoring.reports.difference import changes
from monitoring.reports.lifecycle import State, its_curator
from monitoring.reports.pages import PARTS, STORY_WORDS, VERDICT_TONES, address, page_of, this_report
from monitoring.reports.repeats import repeats_of
from monitoring.reports.tables import Report
from monitoring.reports.transitions import return_for_correction, start_review, verify
from web.forms import Errors, Form, given_back, parse
from web.guards import signed_in
from web.pages import or_404, page, redirect

HERE = "monitoring/reports/verifying/templates"
AT = "/reports/{reference:str}/{number:int}"
OFFERED = {
    Verdict.VERIFIED: N_("The evidence shows exactly what was reported."),
    Verdict.CORRECTED: N_("The evidence shows another number; that one is the verified one."),
    Verdict.CONTRADICTED: N_("The evidence speaks against it; only what was confirmed counts."),
    Verdict.NOT_VERIFIABLE: N_("The evidence is not enough to say; it does not count as verified."),
}


async def report_to_look_at(reference: FromPath[str], number: FromPath[int], person: NamedDependency[Person]) -> Report:
    """The curator of the municipality, whatever the state; others may at most read the report."""
    report = await this_report(reference, number, person)
    if not its_curator(person, report):
        raise not_allowed(person, report, _("A report is verified by the curator of its municipality."))
    return report


async def report_to_verify(reference: FromPath[str], number: FromPath[int], person: NamedDependency[Person]) -> Report:
    report = await report_to_look_at(reference, number, person)
    if report.state != State.UNDER_REVIEW:
        raise Refused(_("The report is not open for verifying."))
    return report


OPENS = {"report": Provide(report_to_verify)}
# who verifies is settled before the form is read; whether it still is open is said beside the words
VERIFIES = {"report": Provide(report_to_look_at)}


async def refused(report: Report, person: Person, status: int, errors: Any, form: object) -> Response:
    """What the state forbids is told where it can be read how the report stands."""
    if report.state == State.UNDER_REVIEW:
        return await _overview(report, errors, status)
    return await page_of(report, person, status, errors)


async def sections(report: Report, person: Person, step: Transition) -> dict[str, object]:
    return {"sections": [(name, _(word)) for name, word in PARTS.items()]}


SERVED = Served(
    "reports", (verify, return_for_correction), AT, this_report, refused, address,
    title=lambda report: f"{report.award_reference} · {pick_text(report, 'title')}",
    back=lambda report: _("Back to the report"), template=f"{HERE}/return.html", around=sections,
)  # fmt: skip
BEGIN = Served("reports", (start_review,), AT, this_report, refused, lambda report: address(report, "/verification"))


@get(f"{AT}/verification", name="reports.verification.overview", dependencies=OPENS)
async def overview(report: NamedDependency[Report]) -> Response:
    return await _overview(report)


async def _overview(report: Report, errors: Errors = None, status: int = 200) -> Response:
    submissions = await queries.submissions_of(report)
    signed: list[Any] = [submission.body for submission in submissions]
    return page(
        f"{HERE}/overview.html",
        status=status,
        report=report,
        content=await content_of(report),
        verdicts={str(verdict): (label(verdict), tone) for verdict, tone in VERDICT_TONES.items()},
        different=changes(signed[-2], signed[-1]) if len(signed) > 1 else [],
        returns=await queries.returns_of(report),
        sections=PARTS,
        words=STORY_WORDS,
        here=address(report),
        errors=errors or {},
    )


# values ------------------------------------------------------------------------------------------------------------


@get(f"{AT}/verification/values/{{code:str}}", name="reports.verdict", dependencies=OPENS)
async def verdict(report: NamedDependency[Report], code: FromPath[str]) -> Response:
    return await _verdict_page(report, code)


async def _verdict_page(
    report: Report, code: str, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    content = await content_of(report)
    claim = or_404(content.claim(code))
    pointed = {each["visit_id"] for each in claim.evidence if each["visit_id"]}
    return page(
        f"{HERE}/verdict.html",
        status=status,
        report=report,
        claim=claim,
        stored=_stored(claim),
        seen=seen_of(forms.Judgement, forms.judged_in(claim)),
        options=[
            (str(one), label(one), _(hint))
            for one, hint in OFFERED.items()
            if not (claim.kind is Kind.TEXT and one is Verdict.CORRECTED)
        ],
        grades=grades(claim.indicator),
        words=claim.kind is Kind.TEXT,
        shown=formatted,
        visits=[visit for visit in await visits_of(report) if visit["id"] not in pointed],
        photos=await photos_of(report, claim),
        repeats=await repeats_of(report),
        more=any(each.code != code for each in content.unverified),
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(f"{AT}/verification/values/{{code:str}}", name="reports.verdict.save", dependencies=VERIFIES)
@given_back(_verdict_page)
async def save_verdict(
    form: NamedDependency[Form], report: NamedDependency[Report], code: FromPath[str], person: NamedDependency[Person]
) -> Response:
    or_404((await content_of(report)).claim(code))
    await judging.judge(report, person, code, parse(forms.Judgement, form))
    following = next((claim for claim in (await content_of(report)).unverified if claim.code != code), None)
    if form.get("next") and following is not None:
        return redirect(address(report, f"/verification/values/{following.code}"), _("Saved."))
    return redirect(address(report, "/verification"), _("Saved."))


def _stored(claim: Claim) -> dict[str, str]:
    told = {name: value for name, value in forms.judged_in(claim).items() if value is not None}
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in told.items()}


# spending ----------------------------------------------------------------------------------------------------------


@get(f"{AT}/verification/spending", name="reports.accepted", dependencies=OPENS)
async def accepted(report: NamedDependency[Report]) -> Response:
    return await _accepted_page(report)


async def _accepted_page(
    report: Report, form: Form | None = None, errors: Errors = None, status: int = 200
) -> Response:
    content = await content_of(report)
    return page(
        f"{HERE}/spending.html",
        status=status,
        report=report,
        content=content,
        seen=seen_of(forms.AllAccepted, forms.accepted_in(content)),
        repeats=await repeats_of(report),
        here=address(report),
        form=form or {},
        errors=errors or {},
    )


@post(f"{AT}/verification/spending", name="reports.accepted.save", dependencies=VERIFIES)
@given_back(_accepted_page)
async def save_accepted(
    form: NamedDependency[Form], report: NamedDependency[Report], person: NamedDependency[Person]
) -> Response:
    await judging.accept_all(report, person, parse(forms.AllAccepted, form))
    return redirect(address(report, "/verification"), _("Saved."))


HANDLERS = [
    *BEGIN.handlers(), *SERVED.handlers(), overview, verdict, save_verdict, accepted, save_accepted,
]  # fmt: skip
ROUTES = [Router("/", route_handlers=HANDLERS, guards=[signed_in], include_in_schema=False)]
