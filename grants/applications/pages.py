"""Applications from both sides of the table: an organisation's own, and what staff see of what was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from accounts.queries import recipients
from foundation.clock import now
from foundation.language import in_tbilisi, language, pick_text
from grants.applications import actions, progress, queries, statuses
from grants.applications.content import content_of, gather
from grants.applications.extensions import links_of
from grants.applications.lifecycle import State, its_curator, its_people, its_signatory
from grants.applications.listing import APPLICATIONS
from grants.applications.reading import readable
from grants.applications.receipt import receipt_pdf
from grants.applications.tables import Application
from grants.calls.deadline import time_left
from grants.calls.lifecycle import State as CallState
from grants.calls.queries import call_of as call_by_reference
from grants.calls.queries import could_apply
from grants.calls.tables import Call
from lifecycle.collapse import collapse
from lifecycle.record import history_of
from uploads.pages import send
from web.forms import Errors, Typed, read_form
from web.guards import signed_in
from web.pages import Route, or_404, page, redirect
from web.shell import SITE

HERE = "grants/applications/templates"
# Events that many a day make no news.
SMALL = ("application.edited", "application.reply_drafted")


async def this_application(number: FromPath[str], person: NamedDependency[Person]) -> Application:
    """The application in the address; 404 unless this person may see it."""
    return or_404(await queries.application_of(person, number))


async def its_call(application: NamedDependency[Application]) -> Call:
    return await queries.call_of(application)


@get("/applications", name="applications")
async def index(request: Request, person: NamedDependency[Person]) -> Response:
    if queries.triages(person) and not queries.applies(person):
        return await APPLICATIONS.page(person, request.query_params)
    or_404(queries.may_list(person) or None)
    return await _mine_page(person)


@post("/calls/{reference:str}/applications", name="applications.start")
async def start(reference: FromPath[str], person: NamedDependency[Person], request: Request) -> Response:
    """One draft for an organisation and a call: a second click leads to the first one's."""
    call = or_404(await call_by_reference(person, reference))
    or_404(person.organisations or None)
    form = await read_form(request)
    chosen = next((each for each in person.organisations if str(each) == form.get("organisation_id")), None)
    if chosen is None:
        possible = await could_apply(call, person)
        chosen = possible[0].id if possible else next(iter(person.organisations))
    application = await actions.start(call, chosen, person, language.get())
    return redirect(f"/applications/{application.number}")


@get("/", name="applications.show")
async def show(application: NamedDependency[Application], person: NamedDependency[Person]) -> Response:
    return await page_of(application, person)


async def page_of(
    application: Application, person: Person, status: int = 200, errors: Errors = None, form: Typed = None
) -> Response:
    """The page of an application: of its tasks, of how it stands, or of the case, by who looks and when."""
    call = await queries.call_of(application)
    if not its_people(person, application):
        shown = _case_page
    else:
        shown = _task_page if application.state in State.in_set("unsent") else _status_page
    return await shown(application, call, person, status=status, errors=errors or {})


def address(application: Application) -> str:
    return f"/applications/{application.number}"


@get("/receipt", name="applications.receipt")
async def receipt(
    application: NamedDependency[Application], call: NamedDependency[Call], person: NamedDependency[Person]
) -> Response:
    or_404(application.submitted_at)
    state = statuses.shown_to(person, application, call.state)
    return page(
        f"{HERE}/receipt.html", application=application, call=call, fingerprint=application.body_sha256.hex(),
        signed_by=(application.body or {}).get("declaration", {}).get("signed_by", ""),
        steps=statuses.steps(application, call, state),
    )  # fmt: skip


@get("/receipt.pdf", name="applications.receipt.pdf")
async def receipt_on_paper(application: NamedDependency[Application], call: NamedDependency[Call]) -> Response[bytes]:
    or_404(application.submitted_at)
    made = await receipt_pdf(application, call, SITE.example)
    headers = {"Content-Disposition": f'attachment; filename="{application.number}.pdf"', "Cache-Control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


@get("/documents/{attachment_id:uuid}", name="applications.document")
async def download(
    application: NamedDependency[Application], attachment_id: FromPath[UUID], request: Request
) -> Response:
    """A file is exactly as visible as its application."""
    _attachment, upload = or_404(await queries.attachment_of(application, attachment_id))
    return await send(upload, request)


async def _task_page(application: Application, call: Call, person: Person, **said: Any) -> Response:
    parts = progress.parts_of(application, call, await gather(application))
    edits = await queries.last_edits(application)
    titles = {part.key: part.title for part in parts}
    others = [each for each in edits.values() if each["actor"] != person.id and each["part"] in titles]
    newest = max((each["at"] for each in edits.values()), default=None)
    lacking = [part for part in progress.unfinished(parts) if part.key != "declaration"]
    return page(
        f"{HERE}/tasks.html", **said, application=application, state=State(application.state),
        call=call, parts=parts, groups=progress.groups(parts),
        done=sum(part.state in ("done", "optional") for part in parts),
        started=sum(part.state == "part" for part in parts), left=len(lacking),
        suspended=call.state == "suspended",
        over=now() >= call.deadline and call.state != "suspended",
        time_left=time_left(call.deadline), deadline_mark=statuses.strong(in_tbilisi(call.deadline)),
        saved=statuses.when(newest) if newest else None,
        colleagues=[
            {"name": each["actor_name"], "part": titles[each["part"]], "when": statuses.when(each["at"])}
            for each in sorted(others, key=lambda each: each["at"], reverse=True)[:3]
        ],
        signs=its_signatory(person, application), steps=statuses.steps(application, call, State(application.state)),
    )  # fmt: skip


async def _status_page(application: Application, call: Call, person: Person, **said: Any) -> Response:
    state = statuses.shown_to(person, application, call.state)
    moves = statuses.open_moves(person, application)
    return page(
        f"{HERE}/status.html", **said, links=await links_of(application, person),
        application=application, call=call, state=state,
        note=statuses.note(application, call, state), moves=moves,
        asked=state in State.in_set("asked"),
        signs=its_signatory(person, application),
        may_take_back="take-back" in moves and call.state == "open" and now() < call.deadline,
        clarifications=await _clarifications(application), content=readable(await content_of(application)),
        history=await history_of(application, only=statuses.told_to(person, application, call), newest_first=True),
        steps=statuses.steps(application, call, state) if state in State.in_set("live") else [],
    )  # fmt: skip


async def _case_page(application: Application, call: Call, person: Person, **said: Any) -> Response:
    state = State(application.state)
    moves = statuses.open_moves(person, application)
    criteria = await queries.criteria_of(application)
    curates = its_curator(person, application)
    proposed = application.ineligible_proposed_by is not None
    passing = all(each["passed"] is True for each in criteria)
    proposers = await recipients(application.ineligible_proposed_by) if proposed else []
    closed = call.state not in CallState.in_set("before_deadline")
    return page(
        f"{HERE}/case.html", **said, links=await links_of(application, person),
        application=application, call=call, state=state, moves=moves,
        content=readable(await content_of(application)), criteria=criteria,
        proposer_id=application.ineligible_proposed_by,
        proposer=proposers[0].name if proposers else "",
        failed=next((each for each in criteria if each["id"] == application.ineligible_criterion_id), None),
        clarifications=await _clarifications(application),
        history=collapse(await history_of(application, newest_first=True), SMALL),
        may_begin="admin-check" in moves and closed,
        may_judge=curates and state in State.in_set("in_check"),
        may_review="review" in moves and passing and not proposed,
        may_propose=curates and not proposed and statuses.can_be_turned_away(state),
        next_step=statuses.next_step(application, call, criteria),
    )  # fmt: skip


async def _clarifications(application: Application) -> list[Any]:
    """`over` marks those that were never answered and no longer can be."""
    asked = await queries.clarifications_of(application)
    for each in asked:
        open_now = application.state in State.in_set("asked") and each is asked[-1]
        each.over = each.replied_at is None and not open_now
    return asked


async def _mine_page(person: Person) -> Response:
    groups: dict[str, list[dict[str, object]]] = {title: [] for title in statuses.groups()}
    for each in await queries.mine(person):
        state = statuses.told_state(State(each["state"]), each["call_state"])
        title = pick_text(each, "title") if each["title_ka"] or each["title_en"] else pick_text(each, "call_title")
        groups.setdefault(statuses.group_of(state), []).append(
            {
                "number": each["number"], "title": title, "hint": statuses.hint(each, state), "state": state,
                "tone": state.tone, "slug": each["municipality"],
            }
        )  # fmt: skip
    return page(f"{HERE}/mine.html", groups=[(title, group) for title, group in groups.items() if group])


ROUTES: list[Route] = [
    Router("/", route_handlers=[index, APPLICATIONS.files(), start], guards=[signed_in], include_in_schema=False),
    Router(
        "/applications/{number:str}",
        route_handlers=[show, receipt, receipt_on_paper, download],
        guards=[signed_in],
        dependencies={"application": Provide(this_application), "call": Provide(its_call)},
        include_in_schema=False,
    ),
]
