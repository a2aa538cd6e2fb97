"""What everybody may read: open calls, past ones, and each call with all its questions before anybody registers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.language import gettext as _
from foundation.language import in_tbilisi, label, language, pick_text
from foundation.money import money
from grants.calls import queries
from grants.calls.deadline import time_left
from grants.calls.kinds import Kind
from grants.calls.lifecycle import State
from grants.calls.listing import OPEN, PAST
from grants.calls.tables import Call
from lifecycle.record import history_of
from web.fresh import already, kept, tag_of
from web.pages import Route, or_404, page
from web.paper import public_pdf
from web.shell import SITE

HERE = "grants/calls/templates"
# What of a call's history is for everybody.
TOLD = ("call.opened", "call.deadline_extended", "call.suspended", "call.resumed",
        "call.closed", "call.evaluation_started", "call.evaluation_reopened",
        "call.decided", "call.completed", "call.cancelled")  # fmt: skip


async def this_call(reference: FromPath[str], person: NamedDependency[Person]) -> Call:
    """The call in the address; 404 unless this person may see it."""
    return or_404(await queries.call_of(person, reference))


@get("/calls", name="calls", opt={"public": True})
async def index(person: NamedDependency[Person], request: Request) -> Response:
    here = PAST.list_query(request.query_params)
    now = await OPEN.rows(person, OPEN.list_query({name: here[name] for name in ("q", "municipality")}))
    return await PAST.page(person, request.query_params, calls=now.rows, states=State)


@get("/calls/{reference:str}", name="calls.show", opt={"public": True})
async def show(reference: FromPath[str], person: NamedDependency[Person], request: Request) -> Response:
    tag = "" if person else tag_of(or_404(await queries.mark(person, reference)))
    if answer := already(request, tag):
        return answer
    call = await this_call(reference, person)
    return page(f"{HERE}/show.html", headers=kept(tag), **await context(call, person))


@get(
    "/calls/{reference:str}/questions",
    name="calls.questions",
    opt={"public": True},
    dependencies={"call": Provide(this_call)},
)
async def questions(call: NamedDependency[Call]) -> Response:
    """Everything one will be asked, to print or to fill in on paper."""
    return page(f"{HERE}/questions.html", whole=await queries.whole(call), call=call)


@get(
    "/calls/{reference:str}/questions.pdf",
    name="calls.questions.pdf",
    opt={"public": True},
    dependencies={"call": Provide(this_call)},
)
async def questions_pdf(call: NamedDependency[Call]) -> Response[bytes]:
    made = await public_pdf(
        f"{HERE}/questions.typ", on_paper(await queries.whole(call), await queries.municipalities_of(call))
    )
    name = f"{call.reference}.pdf"
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


async def context(call: Call, person: Person, preview: bool = False) -> dict[str, Any]:
    """What the page of a call shows."""
    whole = await queries.whole(call, reckoned=False)
    weight = sum(criterion.weight for criterion in whole.criteria)
    history = await history_of(call, only=TOLD, newest_first=True)
    return {
        "call": call,
        "whole": whole,
        "weight": weight,
        "municipalities": await queries.municipalities_of(call),
        "history": [(each, _moment(each.payload.get("after"))) for each in history],
        "applying": applying(call, person),
        "time_left": time_left(call.deadline),
        "organisations": await queries.could_apply(call, person),
        "preview": preview,
        "state": State(call.state),
        "kind": Kind,
    }


def _moment(written: str | None) -> datetime | None:
    """As the event log keeps it."""
    return datetime.fromisoformat(written) if written else None


def applying(call: Call, person: Person) -> str:
    """Which way into the call this person has: "", "sign_in", "not_invited" or "open"."""
    if call.state != State.OPEN:
        return ""
    if not person:
        return "sign_in"
    if not person.organisations:
        return ""
    if call.invited_only and not person.organisations & set(call.invited_ids):
        return "not_invited"
    return "open"


def on_paper(whole: Any, places: list[Any]) -> dict[str, object]:
    """The call as words for the printed form, in the current language."""
    call = whole.call
    weight = sum(criterion.weight for criterion in whole.criteria)
    between = _(
        "{least} to {most}", least=money(call.min_award, call.currency), most=money(call.max_award, call.currency)
    )
    return {
        "language": language.get(),
        "title": pick_text(call, "title"),
        "reference": call.reference,
        "summary": pick_text(call, "summary"),
        "example": _("Example data: the amounts, scores and addresses here are invented.") if SITE.example else "",
        "draft": "" if call.state in State.in_set("public") else _("This call is not open: it is only a draft."),
        "facts": [
            [_("Deadline"), in_tbilisi(call.deadline)],
            [_("Size of a grant"), between],
            [_("Municipalities"), ", ".join(pick_text(place, "name") for place in places)],
        ],
        "words": {
            "questions": _("Questions"),
            "criteria": _("How applications are scored"),
            "documents": _("Documents to attach"),
            "eligibility": _("Who may apply"),
            "optional": _("(optional)"),
            "page": _("Page"),
            "note": _("This sheet is for preparing. The application itself is sent on the site before the deadline."),
        },
        "eligibility": [pick_text(row, "title") for row in whole.eligibility],
        "sections": [
            {
                "title": pick_text(section, "title"),
                "help": pick_text(section, "help") if section.help_ka or section.help_en else "",
                "questions": [on_paper_question(question) for question in section.questions],
            }
            for section in whole.sections
        ],
        "criteria": [
            {
                "title": pick_text(row, "title"),
                "help": pick_text(row, "help") if row.help_ka or row.help_en else "",
                "points": _("up to {n} points", n=row.max_points),
                "weight": f"{row.weight / weight * 100:.0f}%" if weight else "",
            }
            for row in whole.criteria
        ],
        "documents": [
            pick_text(row, "title") + ("" if row.required else " " + _("(optional)")) for row in whole.documents
        ],
    }


def on_paper_question(question: Any) -> dict[str, object]:
    options = [pick_text({"x_ka": o.get("ka"), "x_en": o.get("en")}, "x") for o in question.options]
    if question.kind == Kind.YES_NO:
        options = [_("Yes"), _("No")]
    return {
        "label": pick_text(question, "label"),
        "help": pick_text(question, "help") if question.help_ka or question.help_en else "",
        "kind": label(Kind(question.kind)),
        "required": question.required,
        "lines": 7 if question.kind == Kind.LONG_TEXT else 0 if options else 1,
        "options": options,
    }


ROUTES: list[Route] = [Router("/", route_handlers=[index, show, questions, questions_pdf], include_in_schema=False)]
