"""Visits as pages: planned, recorded on a phone, handed in, approved by another person; their findings and photos."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from accounts.person import Person, Role, visitor
from accounts.queries import holders_of
from foundation.language import gettext as _
from foundation.language import label, pick_text
from foundation.merging import seen_of, written
from lifecycle import owned
from lifecycle.drawn import drawn
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition, open_steps
from monitoring.visits import actions, findings, forms, photos, queries, views
from monitoring.visits.checklist import POINT_OPTIONS, VERSIONS
from monitoring.visits.lifecycle import (
    FindingState,
    Kind,
    ResponseKind,
    Severity,
    State,
    allowed,
    its_author,
    its_lead,
    may_show_photos,
    may_write,
)
from monitoring.visits.listing import VISITS, plans_visits
from monitoring.visits.points import open_points, recommended
from monitoring.visits.tables import Finding, Visit, VisitPhoto
from monitoring.visits.transitions import (
    FINDING_STEPS,
    STEPS,
    could_keep,
    could_lead,
    hand_over,
    hand_over_finding,
)
from monitoring.visits.whereabouts import exchanged
from uploads.actions import upload_by_id
from uploads.pages import send as send_file
from uploads.receiving import PICTURES, Receiving
from web.forms import Errors, Form, Invalid, Typed, form_of, given_back, in_fields, parse
from web.forms import allowed as only
from web.guards import SignInFirst, signed_in
from web.limits import UPLOAD
from web.pages import Route, or_404, page, redirect

HERE = "monitoring/visits/templates"
GUARDS: Any = {"guards": [signed_in], "include_in_schema": False}


def sees_visits(person: Person | None) -> bool:
    return bool(person) and (person.is_curator or person.reads_all or person.is_donor or bool(person.organisations))  # type: ignore[union-attr]


async def this_visit(reference: FromPath[str], person: NamedDependency[Person]) -> Visit:
    """The visit in the address; 404 unless this person may see it."""
    return or_404(await queries.by_reference(person, reference))


async def this_finding(
    reference: FromPath[str], finding_id: FromPath[UUID], person: NamedDependency[Person]
) -> Finding:
    """Whoever may read it may, and may answer it, whatever has become of its visit meanwhile."""
    finding = or_404(await queries.finding_by_id(person, finding_id))
    return or_404(finding if finding.visit_reference == reference else None)


async def its_visit(finding: NamedDependency[Finding]) -> Visit:
    return or_404(await queries.visit_of(finding))


async def this_photo(reference: FromPath[str], photo_id: FromPath[UUID], person: NamedDependency[Person]) -> VisitPhoto:
    """Whoever sees the visit sees its photos; everybody sees public ones. Who is not signed in may be somebody."""
    photo = await queries.photo_by_id(person, photo_id)
    if photo is None and not person:
        raise SignInFirst(_("Sign in to continue."))
    return or_404(photo if photo is not None and photo.visit_reference == reference else None)


async def photo_of_visit(
    visit: NamedDependency[Visit], photo_id: FromPath[UUID], person: NamedDependency[Person]
) -> VisitPhoto:
    return await this_photo(visit.reference, photo_id, person)


VISIT: Any = {**GUARDS, "dependencies": {"visit": Provide(this_visit)}}
FINDING: Any = {**GUARDS, "dependencies": {"visit": Provide(its_visit), "finding": Provide(this_finding)}}


# lists -----------------------------------------------------------------------------------------------------------


@get("/visits/mine", name="visits.mine", **GUARDS)
async def mine(person: NamedDependency[Person]) -> Response:
    """A calendar in weeks: what one leads oneself and is not approved yet."""
    allowed(person, lambda somebody, _: somebody.is_curator, person)
    led = await queries.calendar_of(person)
    return page(f"{HERE}/mine.html", weeks=views.weeks(led), state=State)


# planning --------------------------------------------------------------------------------------------------------


@get("/visits/new", name="visits.new", **GUARDS)
async def new(person: NamedDependency[Person], request: Request) -> Response:
    allowed(person, plans_visits, person)
    return await _planning(person, chosen=request.query_params.get("grant", ""))


async def _planning(
    person: Person, chosen: str = "", status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    grants = await queries.visitable(person)
    return page(
        f"{HERE}/plan.html",
        grants=[
            (row["id"], f"{pick_text(row, 'municipality')}: {pick_text(row, 'title')} ({row['reference']})")
            for row in grants
        ],
        new_id=uuid4(),
        chosen=next((row["id"] for row in grants if row["reference"] == chosen), None),
        leads=[(each.id, each.name) for each in await holders_of(Role.CURATOR)] if person.is_manager else [],
        status=status,
        errors=errors,
        form=form,
    )


def planners(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """A guard: who plans visits at all."""
    person = visitor(connection)
    allowed(person, plans_visits, person)


@post("/visits", name="visits.plan", guards=[signed_in, planners], include_in_schema=False)
@given_back(_planning)
async def plan(person: NamedDependency[Person], form: NamedDependency[Form]) -> Response:
    visit = await actions.plan(person, parse(forms.Plan, form))
    return redirect(f"/visits/{visit.reference}", _("Visit planned."))


# one visit -------------------------------------------------------------------------------------------------------


@get("/visits/{reference:str}", name="visits.show", **VISIT)
async def show(visit: NamedDependency[Visit], person: NamedDependency[Person]) -> Response:
    return await _shown(visit, person)


async def _shown(
    visit: Visit, person: Person, status: int = 200, errors: Errors = None, form: Typed = None, at: str = ""
) -> Response:
    moves = open_steps(person, visit, STEPS)
    found_there = await queries.findings_of(person, visit)
    points = await open_points(visit.award_id, visit.visited_on)
    insider = person.reads_all or person.curates(visit.municipality_id) or its_lead(person, visit)
    history = await history_of(visit, newest_first=True) if insider else []
    return page(
        f"{HERE}/show.html",
        visit=visit,
        told=views.describe(visit, points),
        points=points,
        checklist=VERSIONS[visit.form_version],
        photos=await queries.photos_of(person, visit),
        findings=found_there,
        recommended=await recommended([finding.id for finding in found_there]),
        missing=await queries.missing_photos(visit) if visit.state == State.RECEIVED else [],
        missed=views.missed(visit),
        next_step=views.next_step(visit, person) if insider else "",
        history=history,
        insider=insider,
        repeats=await queries.repeats_of(visit) if insider else {},
        twins=await queries.twins_of(visit) if insider else [],
        returned=next((each for each in history if each.name == "visit.returned"), None),
        steps_here=[step for step in moves.values() if not step.look],
        other_steps=[(step, drawn(step)) for step in moves.values() if step.look and step is not hand_over],
        handover=moves.get(hand_over.noun),
        may_write=may_write(person, visit),
        may_find=its_lead(person, visit) and visit.state in State.in_set("told") | {State.IN_FIELD},
        may_describe=may_show_photos(person, visit),
        severity_tones=views.SEVERITY_TONES,
        status=status,
        errors=errors or {},
        form=form or {},
        at=at,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "state": State,
        "finding_state": FindingState,
        "kind": Kind,
        "severity": Severity,
        "responses": ResponseKind,
    }


# recording -------------------------------------------------------------------------------------------------------


@get("/visits/{reference:str}/record", name="visits.record", **VISIT)
async def record(visit: NamedDependency[Visit], person: NamedDependency[Person]) -> Response:
    """The phone's page. Works as a plain form; scripts only shrink photos and read the position."""
    allowed(visit, its_lead, person)
    if not may_write(person, visit):
        return redirect(f"/visits/{visit.reference}", _("This visit has been submitted."), "info")
    return await _recording(visit, person)


async def _recording(
    visit: Visit, person: Person, status: int = 200, errors: Errors = None, form: Form | None = None
) -> Response:
    """What was written is kept all the same when something is still missing for sending it."""
    visit = or_404(await queries.by_id(person, visit.id))
    return page(
        f"{HERE}/record.html",
        visit=visit,
        answers=visit.answers or {},
        checklist=VERSIONS[visit.form_version],
        points=await open_points(visit.award_id, visit.visited_on),
        point_options=[(code, _(words)) for code, words in POINT_OPTIONS],
        photos=await queries.photos_of(person, visit),
        seen=seen_of(forms.Written, await actions.written_in_visit(person, visit)),
        swapped=exchanged(visit),
        lacking=isinstance(errors, actions.StillMissing),
        status=status,
        errors=_of_files(form) | errors if errors and form else errors,
        form=form,
    )


ITS_LEAD: Any = {"visit": only(this_visit, its_lead)}


@post(
    "/visits/{reference:str}/record", name="visits.recorded", request_max_body_size=UPLOAD, **GUARDS,
    dependencies=ITS_LEAD | {"form": form_of(partial(Receiving, kinds=PICTURES))},
)  # fmt: skip
@given_back(_recording)
async def recorded(
    visit: NamedDependency[Visit], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    """Photos are kept first, then the words, then what is missing is asked for: nothing that arrived is lost, and
    nothing that was kept comes back as if it waited still."""
    await _keep_photos(visit, person, form)
    written = await actions.save(visit, person, parse(forms.Written, form))
    form.goes_on_from(seen_of(forms.Written, await actions.written_in_visit(person, visit)))
    await _describe_photos(visit, person, written)
    removed = form.get("remove")
    if removed:
        await _remove_photo(visit, person, removed)
    if wrong := _of_files(form):
        raise Invalid(wrong, form)
    if form.get("do") != "send":
        return redirect(f"/visits/{visit.reference}/record", _("Saved."))
    await actions.send(visit, person)
    return redirect(f"/visits/{visit.reference}", _("Received {code}.", code=visit.reference))


async def _keep_photos(visit: Visit, person: Person, form: Form) -> None:
    came = form.files.get("photos", [])
    good = [file for file in came if not file.refusal]
    if good:
        added = await photos.add(visit, person, good, consent=form.get("consent") == "true")
        form.files["photos"] = [file for file in came if file.refusal]
        words = {f"photo.{photo.id}.{name}": each for photo in added for name, each in forms.words_of(photo).items()}
        shown = [pair for name, each in words.items() for pair in in_fields(name, each)]
        form.goes_on_from(f"{form.get('seen')} {written(words)}", shown)


def _of_files(form: Form) -> dict[str, str]:
    """What is said of files that are no photos, whatever else is wrong."""
    refused = [file.refusal for file in form.files.get("photos", []) if file.refusal]
    return {"photos": " ".join(refused)} if refused else {}


async def _describe_photos(visit: Visit, person: Person, written: forms.Written) -> None:
    for photo_id, words in written.photo.items():
        photo = await queries.photo_by_id(person, photo_id)
        if photo is not None and photo.visit_id == visit.id:
            await photos.describe(photo, visit, person, words)


async def _remove_photo(visit: Visit, person: Person, photo_id: str) -> None:
    here = next((each for each in await queries.photos_of(person, visit) if str(each["id"]) == photo_id), None)
    if here is not None:
        await photos.remove(or_404(await queries.photo_by_id(person, here["id"])), visit, person)


# photos ----------------------------------------------------------------------------------------------------------

PHOTO: Any = {"include_in_schema": False, "dependencies": {"photo": Provide(this_photo)}}


@get("/visits/{reference:str}/photos/{photo_id:uuid}", name="visits.photo", opt={"public": True}, **PHOTO)
async def photo_page(photo: NamedDependency[VisitPhoto], person: NamedDependency[Person]) -> Response:
    """The photo large, inside the page, with what is known about it and its neighbours."""
    beside = await queries.photos_beside(person, photo)
    place = next(n for n, each in enumerate(beside) if each["id"] == photo.id)
    visit = await queries.by_reference(person, photo.visit_reference)
    shown_by = [] if visit is None else await queries.findings_of(person, visit)
    return page(
        f"{HERE}/photo.html",
        photo=beside[place],
        visit=visit,
        reference=photo.visit_reference,
        place=place + 1,
        count=len(beside),
        kilobytes=max(1, round(beside[place]["size"] / 1024)),
        before=beside[place - 1] if place else None,
        after=beside[place + 1] if place + 1 < len(beside) else None,
        findings=[finding for finding in shown_by if photo.id in finding.photo_ids],
        may_publish=visit is not None and may_show_photos(person, visit),
        **_words(),
    )


def _public_name(photo: VisitPhoto) -> str:
    return f"{photo.visit_reference}-{photo.id.hex[-8:]}" if photo.is_public else ""


@get("/visits/{reference:str}/photos/{photo_id:uuid}/file", name="visits.photo.file", opt={"public": True}, **PHOTO)
async def photo_file(photo: NamedDependency[VisitPhoto], request: Request) -> Response:
    return await send_file(await upload_by_id(photo.upload_id), request, public=_public_name(photo))


@get("/visits/{reference:str}/photos/{photo_id:uuid}/small", name="visits.photo.small", opt={"public": True}, **PHOTO)
async def photo_small(photo: NamedDependency[VisitPhoto], request: Request) -> Response:
    return await send_file(
        await upload_by_id(photo.upload_id), request, inline_thumbnail=True, public=_public_name(photo)
    )  # fmt: skip


@post(
    "/visits/{reference:str}/photos/{photo_id:uuid}",
    name="visits.photo.publish",
    guards=[signed_in],
    include_in_schema=False,
    dependencies={"visit": only(this_visit, may_show_photos), "photo": Provide(photo_of_visit)},
)
@given_back(_shown)
async def publish(
    visit: NamedDependency[Visit],
    photo: NamedDependency[VisitPhoto],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    """Whether everybody may see it; also after approval, as a person on it may change their mind."""
    public = form.get("public") == "true"
    await photos.publish(photo, visit, person, public)
    said = _("Everybody may see the photo once the visit is approved.") if public else _("The photo is not public.")
    return redirect(f"/visits/{visit.reference}", said)


# findings --------------------------------------------------------------------------------------------------------


@get("/visits/{reference:str}/findings/new", name="findings.new", **VISIT)
async def new_finding(visit: NamedDependency[Visit], person: NamedDependency[Person]) -> Response:
    allowed(visit, its_lead, person)
    findings.refuse_before_it_began(visit)
    return await _writing(visit, person, None)


async def _writing(
    visit: Visit, person: Person, finding: Finding | None = None,
    status: int = 200, errors: Errors = None, form: Form | None = None,
) -> Response:  # fmt: skip
    return page(
        f"{HERE}/finding_form.html", visit=visit, finding=finding, new_id=uuid4(),
        photos=await queries.photos_of(person, visit),
        seen=seen_of(forms.ChangedFinding, await findings.written_in(finding)) if finding else "",
        kinds=[(str(each), label(each)) for each in Kind], severities=[(str(each), label(each)) for each in Severity],
        status=status, errors=errors, form=form,
    )  # fmt: skip


@post("/visits/{reference:str}/findings", name="findings.write", **GUARDS, dependencies=ITS_LEAD)
@given_back(_writing)
async def write_finding(
    visit: NamedDependency[Visit], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    given = parse(forms.WrittenFinding, form)
    finding = await findings.write(visit, person, given, given.id)
    return redirect(
        f"/visits/{visit.reference}/findings/{finding.id}", _("Finding written. Share it when it is ready.")
    )


@get("/visits/{reference:str}/findings/{finding_id:uuid}", name="findings.show", **FINDING)
async def show_finding(
    visit: NamedDependency[Visit], finding: NamedDependency[Finding], person: NamedDependency[Person]
) -> Response:
    return await _finding_shown(finding, person)


@get("/visits/{reference:str}/findings/{finding_id:uuid}/edit", name="findings.edit", **FINDING)
async def edit_finding(
    visit: NamedDependency[Visit], finding: NamedDependency[Finding], person: NamedDependency[Person]
) -> Response:
    allowed(finding, its_author, person)
    findings.refuse_shared(finding)
    return await _writing(visit, person, finding)


@post(
    "/visits/{reference:str}/findings/{finding_id:uuid}/edit", name="findings.change", **GUARDS,
    dependencies={"visit": Provide(its_visit), "finding": only(this_finding, its_author)},
)  # fmt: skip
@given_back(_writing)
async def change_finding(
    visit: NamedDependency[Visit],
    finding: NamedDependency[Finding],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    given = parse(forms.ChangedFinding, form)
    await findings.change(finding, person, given)
    return redirect(f"/visits/{visit.reference}/findings/{finding.id}", _("Saved."))


async def _finding_shown(
    finding: Finding, person: Person, status: int = 200, errors: Errors = None, form: Typed = None, at: str = ""
) -> Response:
    visit = or_404(await queries.visit_of(finding))
    moves = open_steps(person, finding, FINDING_STEPS)
    shown = set(finding.photo_ids)
    return page(
        f"{HERE}/finding.html",
        visit=visit,
        sees_visit=await queries.by_id(person, visit.id) is not None,
        finding=finding,
        next_step=views.next_step_of(finding, person),
        photos=[photo for photo in await queries.photos_of(person, visit) if photo["id"] in shown],
        points=(await recommended([finding.id])).get(finding.id, []),
        history=await history_of(finding, newest_first=True),
        moves=moves,
        fields_of={noun: drawn(step) for noun, step in moves.items()},
        may_change=its_author(person, finding) and finding.state == FindingState.DRAFT,
        may_recommend=person.curates(visit.municipality_id)
        and not person.tied_to(visit.organisation_id)
        and finding.state != FindingState.WITHDRAWN,
        choices=[(str(each), label(each)) for each in ResponseKind if each != ResponseKind.NO_RESPONSE],
        severity_tones=views.SEVERITY_TONES,
        status=status,
        errors=errors or {},
        form=form or {},
        at=at,
        **_words(),
    )


async def successors_of(row: Any, person: Person, step: Transition) -> dict[str, Any]:
    """Who could take it over, for the form that gives it away."""
    able = {hand_over: could_lead, hand_over_finding: could_keep}.get(step)
    return {"successors": [(each.id, each.name) for each in await able(row)]} if able else {}


SERVED = Served(
    "visits", STEPS, "/visits/{reference:str}", this_visit, _shown, lambda visit: f"/visits/{visit.reference}",
    inline=True, templates={hand_over.noun: owned.TEMPLATE}, around=successors_of,
)  # fmt: skip
SERVED_FINDINGS = Served(
    "findings", FINDING_STEPS, "/visits/{reference:str}/findings/{finding_id:uuid}", this_finding, _finding_shown,
    lambda finding: f"/visits/{finding.visit_reference}/findings/{finding.id}", inline=True,
    title=lambda finding: finding.visit_reference, back=lambda finding: _("Back to the finding"),
    templates={hand_over_finding.noun: owned.TEMPLATE}, around=successors_of,
)  # fmt: skip
ROUTES: list[Route] = [
    *VISITS.pages(**GUARDS), mine, new, plan, show, record, recorded, photo_page, photo_file, photo_small, publish,
    new_finding, write_finding, show_finding, edit_finding, change_finding,
    Router("/", route_handlers=SERVED.handlers(), **GUARDS),
    Router("/", route_handlers=SERVED_FINDINGS.handlers(), **GUARDS),
]  # fmt: skip
