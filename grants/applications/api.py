"""Applications as JSON: the same reads and the same actions as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, Field

from accounts.person import Person
from foundation.clock import now
from foundation.database import Row
from foundation.language import clock, language
from foundation.language import gettext as _
from foundation.merging import Conflict, written
from foundation.money import Amount
from foundation.refused import Refused
from grants.applications import actions, budget, forms, progress, queries, statuses, transitions
from grants.applications.checking import actions as checking
from grants.applications.content import content_of, gather
from grants.applications.drafting import actions as drafting
from grants.applications.lifecycle import State, its_curator, its_people
from grants.applications.listing import APPLICATIONS
from grants.applications.pages import address, its_call, page_of, this_application
from grants.applications.tables import Application
from grants.calls.queries import call_of as call_by_reference
from grants.calls.queries import could_apply
from grants.calls.tables import Call
from lifecycle.api import operations_of
from lifecycle.idempotency import once
from lifecycle.pages import Served
from web.forms import Strict, allowed
from web.guards import signed_in
from web.lists.listing import Found
from web.pages import Route, or_404


class ApplicationShort(BaseModel):
    number: str
    state: State
    call: str
    organisation_ka: str | None
    organisation_en: str | None
    municipality: str | None
    title_ka: str | None
    title_en: str | None
    requested: Amount
    currency: str
    submitted_at: datetime | None


class PartShown(BaseModel):
    """`state` is done, part, todo or optional; `missing` says what keeps it from being done."""

    key: str
    title: str
    state: str
    missing: list[str]


class ApplicationWhole(BaseModel):
    """`content` is what was submitted, or the draft as it stands; `moves` are the nouns that may be posted now."""

    number: str
    state: State
    call: str
    submitted_at: datetime | None
    sha256: str | None
    moves: list[str]
    parts: list[PartShown] | None
    content: dict[str, Any]


class Saved(BaseModel):
    """`seen` is to be sent with the next change of this part: it says what each field held when it was last written
    or read, so that two people's changes can be told apart; `errors` are kept, but hinder sending."""

    seen: str
    saved: str
    errors: dict[str, str] = {}


class Answers(Strict):
    """Fields by name, all as text; for a section by the id of the question. Anything is kept as typed."""

    answers: dict[str, str] = Field({}, max_length=200)
    seen: str | None = None


class BudgetRow(Strict):
    """`id` is the row's own, given once; a new row may come without."""

    id: str = ""
    category: str = ""
    item: str = ""
    unit: str = ""
    quantity: str = ""
    unit_cost: str = ""
    own_share: str = ""
    note: str = ""


class BudgetRows(Strict):
    rows: list[BudgetRow] = Field([], max_length=budget.MOST_ROWS)
    seen: str | None = None


class Declaration(Strict):
    declared: bool = False


class Judged(Strict):
    criteria: dict[UUID, forms.Checked] = {}


class Replied(Strict):
    reply: forms.Sentence
    answers: dict[str, str] = Field({}, max_length=200)


class Drafted(Strict):
    """Fields of the answer by name: `reply`, and those of the named sections by the id of the question."""

    answers: dict[str, str] = Field({}, max_length=200)


class Begun(Strict):
    """Which of one's organisations applies; may be left out when there is one."""

    organisation_id: UUID | None = None


ITS_PEOPLE = {"application": allowed(this_application, its_people)}
CONFIRMS = {"application": allowed(this_application, transitions.confirm_ineligible.who)}


async def own_applications(person: Person) -> Found[ApplicationShort] | None:
    """An organisation's people get all of theirs, drafts included."""
    if not queries.applies(person):
        return None
    mine = [_short(each) for each in await queries.mine(person)]
    return Found[ApplicationShort](found=len(mine), exact=True, next=None, page=1, items=mine)


index = APPLICATIONS.operation("/api/v1/applications", ApplicationShort, own_applications)


@post("/api/v1/calls/{reference:str}/applications", summary="Begin an application")
async def start(reference: FromPath[str], person: NamedDependency[Person], data: JSONBody[Begun]) -> ApplicationWhole:
    """A draft for the call, or the one there is already."""
    call = or_404(await call_by_reference(person, reference))
    or_404(person.organisations or None)
    chosen = data.organisation_id
    if chosen is None:
        possible = await could_apply(call, person)
        chosen = possible[0].id if possible else next(iter(person.organisations))
    made = await actions.start(call, chosen, person, language.get())
    return await _whole(made, call, person)


@get("/", summary="One application")
async def show(
    application: NamedDependency[Application], call: NamedDependency[Call], person: NamedDependency[Person]
) -> ApplicationWhole:
    return await _whole(application, call, person)


@put("/about", dependencies=ITS_PEOPLE, summary="Write what an application is about")
async def save_about(
    application: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    data: JSONBody[Answers],
) -> Saved:
    await drafting.save_about(application, person, data.answers, call.municipality_ids, data.seen)
    return _saved({name: text for name, text in data.answers.items() if name in forms.ABOUT})


@put("/sections/{section_id:uuid}", dependencies=ITS_PEOPLE, summary="Write one section of an application")
async def save_section(
    application: NamedDependency[Application],
    person: NamedDependency[Person],
    section_id: FromPath[UUID],
    data: JSONBody[Answers],
) -> Saved:
    answers = {UUID(key): typed for key, typed in data.answers.items() if drafting.is_uuid(key)}
    await drafting.save_section(application, person, section_id, answers, data.seen)
    return _saved({str(key): typed for key, typed in answers.items()})


@put("/budget", dependencies=ITS_PEOPLE, summary="Write the budget of an application")
async def save_budget(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[BudgetRows]
) -> Saved:
    rows = budget.with_ids(budget.without_empty([each.model_dump() for each in data.rows]))
    errors = await drafting.save_budget(application, person, rows, data.seen)
    return _saved({"lines": rows}, errors)


@put(
    "/declaration",
    dependencies={"application": allowed(this_application, transitions.submit.who)},
    status_code=204,
    summary="Make the declaration of an application",
)
async def declare(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[Declaration]
) -> None:
    await actions.declare(application, person, data.declared)


@post(
    "/submission",
    dependencies={"application": allowed(this_application, transitions.submit.who)},
    status_code=200,
    summary="Submit an application",
)
async def submit(
    application: NamedDependency[Application],
    call: NamedDependency[Call],
    person: NamedDependency[Person],
    request: Request,
) -> Response[dict[str, Any]]:
    """With an `Idempotency-Key` (a UUID) the same request may be sent again and gets the same answer."""

    async def do() -> tuple[int, Any]:
        await transitions.submit(application, person)
        return 200, (await _whole(application, call, person)).model_dump(mode="json")

    key = request.headers.get("idempotency-key")
    if key is None:
        status, answer = await do()
        return Response(answer, status_code=status)
    if not drafting.is_uuid(key):
        raise Refused(_("The Idempotency-Key is a UUID."))
    asked = b"\n".join([b"POST", request.scope["path"].encode(), await request.body()])
    assert person.id is not None
    status, answer = await once(person.id, UUID(key), asked, do)
    return Response(answer, status_code=status)


@put("/reply", dependencies=ITS_PEOPLE, status_code=204, summary="Keep what has been written of an answer")
async def keep_reply(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[Drafted]
) -> None:
    """What has been written so far; a signatory sends it."""
    await checking.keep_reply(application, person, data.answers)


@post(
    "/reply",
    dependencies={"application": allowed(this_application, transitions.clarify.who)},
    status_code=204,
    summary="Send the answer to a question",
)
async def reply(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[Replied]
) -> None:
    await checking.answer(application, person, data.reply, data.answers)


@put(
    "/eligibility",
    dependencies={"application": allowed(this_application, its_curator)},
    status_code=204,
    summary="Judge the criteria of eligibility",
)
async def judge(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[Judged]
) -> None:
    await checking.judge(application, person, forms.Check(criteria=data.criteria))


@post(
    "/ineligibility",
    dependencies={"application": allowed(this_application, its_curator)},
    status_code=204,
    summary="Propose that an application is not eligible",
)
async def propose(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[forms.Ineligibility]
) -> None:
    await checking.propose_ineligible(application, person, data.criterion_id, data.reason)


@post(
    "/ineligibility/confirmation",
    dependencies=CONFIRMS,
    status_code=204,
    summary="Confirm that an application is not eligible",
)
async def confirm(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[forms.Reason]
) -> None:
    await transitions.confirm_ineligible(application, person, data.reason)


@post(
    "/ineligibility/refusal",
    dependencies=CONFIRMS,
    status_code=204,
    summary="Refuse that an application is not eligible",
)
async def drop(
    application: NamedDependency[Application], person: NamedDependency[Person], data: JSONBody[forms.Reason]
) -> None:
    await checking.drop_proposal(application, person, data.reason)


async def whole(application: Application, person: Person) -> ApplicationWhole:
    return await _whole(application, await queries.call_of(application), person)


STEPS = (
    transitions.hand_over, transitions.hand_back, transitions.take_back, transitions.withdraw, transitions.begin_check,
    transitions.ask_clarification, transitions.start_review, transitions.readmit,
)  # fmt: skip
SERVED = Served("applications", STEPS, "/api/v1/applications/{number:str}", this_application, page_of, address)


async def _whole(application: Application, call: Call, person: Person) -> ApplicationWhole:
    draft = application.state in State.in_set("unsent")
    content = await gather(application) if draft else await content_of(application)
    parts = progress.parts_of(application, call, content) if draft else None
    return ApplicationWhole(
        number=application.number, state=statuses.shown_to(person, application, call.state), call=call.reference,
        submitted_at=application.submitted_at, content=content,
        sha256=application.body_sha256.hex() if application.body_sha256 else None,
        moves=sorted(statuses.open_moves(person, application)),
        parts=[_part(each) for each in parts] if parts is not None else None,
    )  # fmt: skip


def _part(part: progress.Part) -> PartShown:
    missing = [problem.sentence for problem in part.problems]
    return PartShown(key=part.key, title=part.title, state=part.state, missing=missing)


def _short(each: Row) -> ApplicationShort:
    """For its own people, who do not know what the committee is about to decide."""
    facts = {name: each[name] for name in ApplicationShort.model_fields if name in each.keys()}
    told = statuses.told_state(State(each["state"]), each["call_state"])
    return ApplicationShort(**facts | {"state": told})


def _saved(sent: Mapping[str, object], errors: dict[str, str] | None = None) -> Saved:
    """What the client has before it is what it sent: what somebody else wrote meanwhile it has not seen."""
    return Saved(seen=written(sent), saved=clock(now()), errors=errors or {})


def unfinished(_request: object, error: transitions.Unfinished) -> Response:
    """What is missing, part by part."""
    body = {
        "type": "about:blank", "title": error.sentence, "status": 422,
        "parts": [{"key": part.key, "missing": [p.sentence for p in part.problems]} for part in error.parts],
    }  # fmt: skip
    return Response(body, status_code=422, media_type="application/problem+json")


def changed(_request: object, error: Conflict) -> Response:
    """What both changed, as it stands now, and what to send to write over it."""
    body = {
        "type": "about:blank", "title": error.sentence, "status": 409, "stored": error.theirs, "seen": error.seen_now,
    }  # fmt: skip
    return Response(body, status_code=409, media_type="application/problem+json")


ROUTES: list[Route] = [
    Router(
        "/",
        guards=[signed_in],
        exception_handlers={transitions.Unfinished: unfinished, Conflict: changed},
        route_handlers=[
            index,
            start,
            Router(
                "/api/v1/applications/{number:str}",
                route_handlers=[
                    show, save_about, save_section, save_budget, declare, submit, keep_reply, reply, judge, propose,
                    confirm, drop,
                ],
                dependencies={"application": Provide(this_application), "call": Provide(its_call)},
            ),
            *operations_of(SERVED, answers=dict.fromkeys(("sign-off", "editing", "take-back"), whole)),
        ],
    )
]  # fmt: skip
