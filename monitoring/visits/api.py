"""JSON: visits told by phones under ids of their own, photos one by one, receipts; and the same verbs as the pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from accounts.person import Person
from foundation.language import gettext as _
from foundation.language import label
from foundation.refused import Refused
from foundation.ties import not_allowed
from foundation.typed import Quantity
from lifecycle.api import operations_of
from monitoring.visits import actions, findings, photos, queries
from monitoring.visits.checklist import POINT_OPTIONS, VERSIONS
from monitoring.visits.forms import MOST_PHOTOS, NewFinding, Plan, Told
from monitoring.visits.lifecycle import State, allowed, its_lead
from monitoring.visits.listing import VISITS
from monitoring.visits.pages import SERVED, SERVED_FINDINGS
from monitoring.visits.points import open_points
from monitoring.visits.receipts import Receipt, receipt_of
from monitoring.visits.tables import Finding, Visit
from uploads.receiving import PICTURES, receive
from web.forms import Malformed
from web.guards import signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404


class VisitOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    reference: str
    award_id: UUID
    award_reference: str
    state: str
    revision: int
    lead_id: UUID
    planned_from: date | None
    planned_to: date | None
    purpose_ka: str | None
    purpose_en: str | None
    form_version: int
    answers: dict[str, Any]
    visited_on: date | None
    women: int | None
    men: int | None
    notes: str | None
    place: str | None
    latitude: Quantity | None
    longitude: Quantity | None
    accuracy_m: int | None
    no_position_reason: str | None
    place_doubts: Annotated[list[str], Field(description="Why the position may be wrong.")]
    place_sure: Annotated[bool, Field(description="It is right all the same, as its lead says.")]
    received_at: datetime | None
    reviewed_at: datetime | None


class FindingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    visit_id: UUID
    state: str
    kind: str
    severity: str
    text: str
    response_kind: str | None
    response: str | None
    shared_at: datetime | None
    responded_at: datetime | None
    photo_ids: list[UUID]


class Line(BaseModel):
    id: UUID
    reference: str
    state: str
    planned_from: date | None
    planned_to: date | None
    visited_on: date | None
    award_reference: str
    municipality: str
    missed: bool


async def this_visit(person: NamedDependency[Person], visit_id: FromPath[UUID]) -> Visit:
    """The visit in the address; 404 unless this person may see it."""
    return or_404(await queries.by_id(person, visit_id))


async def this_finding(person: NamedDependency[Person], finding_id: FromPath[UUID]) -> Finding:
    return or_404(await queries.finding_by_id(person, finding_id))


# Whoever may not do it hears so before their JSON is looked at.
async def a_visit_to_tell(person: NamedDependency[Person], visit_id: FromPath[UUID]) -> Visit | None:
    """None where the id is new: then a curator tells a visit nobody planned."""
    visit = await queries.by_id(person, visit_id)
    if visit is None:
        or_404(person.is_curator or None)
    elif not its_lead(person, visit):
        raise not_allowed(person, visit, _("Only the lead of a visit tells what was seen."))
    return visit


async def a_visit_to_write_about(person: NamedDependency[Person], visit_id: FromPath[UUID]) -> Visit:
    return allowed(await this_visit(person, visit_id), its_lead, person)


def a_planner(person: NamedDependency[Person]) -> Person:
    return allowed(person, lambda somebody, _: somebody.is_manager or somebody.is_curator, person)


visits = VISITS.operation("/api/v1/visits", Line, guards=[signed_in])


@post(
    "/api/v1/visits",
    guards=[signed_in],
    dependencies={"planner": Provide(a_planner, sync_to_thread=False)},
    summary="Plan a visit",
)
async def plan(planner: NamedDependency[Person], data: JSONBody[Plan]) -> VisitOut:
    visit = await actions.plan(planner, data)
    return VisitOut.model_validate(await this_visit(planner, visit.id))


@get(
    "/api/v1/visits/{visit_id:uuid}",
    guards=[signed_in],
    dependencies={"visit": Provide(this_visit)},
    summary="One visit",
)
async def show(visit: NamedDependency[Visit]) -> VisitOut:
    return VisitOut.model_validate(visit)


@put(
    "/api/v1/visits/{visit_id:uuid}",
    guards=[signed_in],
    dependencies={"told_before": Provide(a_visit_to_tell)},
    summary="Send what was seen on a visit",
)
async def tell(
    person: NamedDependency[Person],
    told_before: NamedDependency[Visit | None],
    visit_id: FromPath[UUID],
    request: Request,
    data: JSONBody[Told],
) -> Response[Receipt]:
    """201 when the visit is new here, else 200; the same bytes again answer 200 with the same receipt. 409 when the
    server holds a newer version than `base_rev`."""
    body = await request.body()
    digest = hashlib.sha256(body).digest()
    if announced := _digest(request, required=False):
        if announced != digest:
            raise Malformed(_("The text was damaged while sending. Send it again."))
    told, new = await actions.tell(person, visit_id, data, digest)
    return Response(await receipt_of(told), status_code=201 if new else 200)


@put(
    "/api/v1/visits/{visit_id:uuid}/photos/{photo_id:uuid}",
    guards=[signed_in],
    request_max_body_size=UPLOAD,
    dependencies={"visit": Provide(this_visit)},
    summary="Send a photo of a visit",
)
async def photo(
    person: NamedDependency[Person], visit: NamedDependency[Visit], photo_id: FromPath[UUID], request: Request
) -> Response[Receipt]:
    """The picture is the whole body; `Content-Digest: sha-256=:…:` names its bytes. 200 when it was here already."""
    allowed(visit, its_lead, person)
    sha256 = _digest(request)
    assert sha256 is not None
    if await photos.is_here(visit, person, photo_id, sha256):
        return Response(await receipt_of(visit), status_code=200)
    file = await receive(request.stream(), f"{photo_id}.jpg", sha256=sha256, kinds=PICTURES)
    new = await photos.arrived(visit, person, photo_id, file)
    return Response(await receipt_of(visit), status_code=201 if new else 200)


@get(
    "/api/v1/visits/{visit_id:uuid}/receipt",
    guards=[signed_in],
    dependencies={"visit": Provide(this_visit)},
    summary="What has been received of a visit",
)
async def receipt(visit: NamedDependency[Visit]) -> Receipt:
    return await receipt_of(visit)


@get(
    "/api/v1/visits/{visit_id:uuid}/findings",
    guards=[signed_in],
    dependencies={"visit": Provide(this_visit)},
    summary="The findings of a visit",
)
async def visit_findings(person: NamedDependency[Person], visit: NamedDependency[Visit]) -> list[FindingOut]:
    return [FindingOut.model_validate(finding) for finding in await queries.findings_of(person, visit)]


@post(
    "/api/v1/visits/{visit_id:uuid}/findings",
    guards=[signed_in],
    dependencies={"visit": Provide(a_visit_to_write_about)},
    summary="Write a finding",
)
async def write_finding(
    person: NamedDependency[Person], visit: NamedDependency[Visit], data: JSONBody[NewFinding]
) -> FindingOut:
    written = await findings.write(visit, person, data)
    return FindingOut.model_validate(await this_finding(person, written.id))


@get("/api/v1/visit-forms/{version:int}", guards=[signed_in], summary="The form of a visit")
async def form(
    person: NamedDependency[Person], version: FromPath[int], award_id: FromQuery[UUID | None] = None
) -> dict[str, Any]:
    """The questions in the language asked for, and with a grant its open recommendations."""
    asked = or_404(VERSIONS.get(version))
    points = await open_points(award_id) if award_id and await _may_visit(person, award_id) else []
    return {
        "version": asked.version,
        "photos_at_most": MOST_PHOTOS,
        "questions": [
            {"key": q.key, "words": _(q.words), "hint": _(q.hint) if q.hint else "", "options": _options(q.options)}
            for q in asked.questions
        ],
        "points": [{"id": str(p.id), "reference": p.reference, "text": p.short} for p in points],
        "point_options": _options(POINT_OPTIONS),
        "states": {state: label(state) for state in State},
    }


async def _may_visit(person: Person, award_id: UUID) -> bool:
    return any(row["id"] == award_id for row in await queries.visitable(person))


def _options(options: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"code": code, "words": _(words)} for code, words in options]


def _digest(request: Request, required: bool = True) -> bytes | None:
    """SHA-256 from Content-Digest (RFC 9530)."""
    for part in request.headers.get("content-digest", "").split(","):
        name, _sign, content = part.strip().partition("=")
        if name.lower() == "sha-256":
            try:
                digest = base64.b64decode(content.strip().strip(":"), validate=True)
            except (binascii.Error, ValueError):
                break
            if len(digest) == 32:
                return digest
    if required or request.headers.get("content-digest"):
        raise Refused(_("Say in Content-Digest which bytes you send."))
    return None


async def visit_now(visit: Visit, person: Person) -> VisitOut:
    return VisitOut.model_validate(visit)


async def finding_now(finding: Finding, person: Person) -> FindingOut:
    return FindingOut.model_validate(finding)


STEPS_OF_VISITS = replace(SERVED, path="/api/v1/visits/{visit_id:uuid}", row=this_visit)
STEPS_OF_FINDINGS = replace(SERVED_FINDINGS, path="/api/v1/findings/{finding_id:uuid}", row=this_finding)
MOVING = [*operations_of(STEPS_OF_VISITS, visit_now), *operations_of(STEPS_OF_FINDINGS, finding_now)]
ROUTES: list[Route] = [
    visits, plan, show, tell, photo, receipt, visit_findings, write_finding, form,
    Router("/", route_handlers=MOVING, guards=[signed_in]),
]  # fmt: skip
