"""Recommendations: the list, one with all that followed it, and every step that is taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.clock import today
from foundation.language import gettext as _
from foundation.language import label
from foundation.merging import seen_of
from foundation.refused import Refused
from foundation.ties import not_allowed, tied
from lifecycle import owned
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import Transition, open_steps
from monitoring.recommendations import actions, forms, queries
from monitoring.recommendations.lifecycle import Addressee, Adoption, FollowUpKind, Priority, State, may_draft, may_edit
from monitoring.recommendations.listing import RECOMMENDATIONS, WHOSE, addressee_of
from monitoring.recommendations.next_action import next_action
from monitoring.recommendations.tables import Recommendation
from monitoring.recommendations.transitions import ANSWERS, STEPS, could_own, hand_over
from monitoring.visits import queries as visits
from monitoring.visits.tables import Finding
from uploads.actions import upload_by_id
from uploads.pages import send
from web.forms import Errors, Form, Typed, given_back, known_to, parse
from web.guards import signed_in
from web.pages import or_404, page, redirect
from web.sources import sources

HERE = "monitoring/recommendations/templates"
PRIORITY_TONES = {Priority.LOW: "", Priority.MEDIUM: "", Priority.HIGH: "warn", Priority.CRITICAL: "bad"}


async def this_one(reference: FromPath[str], person: NamedDependency[Person]) -> Recommendation:
    """The recommendation in the address; 404 unless this person may see it."""
    return or_404(await queries.by_reference(person, reference))


def address(recommendation: Recommendation, more: str = "") -> str:
    return f"/recommendations/{recommendation.reference}{more}"


# one recommendation ------------------------------------------------------------------------------------------------


@get("/recommendations/{reference:str}", name="recommendations.show", dependencies={"one": Provide(this_one)})
async def show(one: NamedDependency[Recommendation], person: NamedDependency[Person]) -> Response:
    return await page_of(one, person)


async def page_of(
    one: Recommendation, person: Person, status: int = 200, errors: Errors = None, form: Typed = None
) -> Response:
    open_now = open_steps(person, one, STEPS)
    addressee = addressee_of(one.__dict__ | {name: getattr(one, name) for name in WHOSE})
    return page(
        f"{HERE}/show.html",
        status=status,
        errors=errors or {},
        one=one,
        state=State(one.state),
        priority=Priority(one.priority),
        priority_tones=PRIORITY_TONES,
        addressee=addressee,
        turn=next_action(person, one, addressee),
        adoption=label(Adoption(one.adoption_kind)) if one.adoption_kind in set(Adoption) else one.adoption_kind,
        follow_ups=await queries.follow_ups_of(one),
        kinds={str(kind): label(kind) for kind in FollowUpKind},
        asked_for=await queries.asked_for(one),
        open_steps={noun: step for noun, step in open_now.items() if step not in ANSWERS},
        answers={noun: step for noun, step in open_now.items() if step in ANSWERS},
        may_edit=may_edit(person, one),
        history=await history_of(one, newest_first=True),
        here=address(one),
        sources=sources,
        late=(today() - one.due_current).days if one.due_current else 0,
    )


@get(
    "/recommendations/{reference:str}/files/{upload_id:uuid}", name="recommendations.file",
    dependencies={"one": Provide(this_one)},
)  # fmt: skip
async def file(one: NamedDependency[Recommendation], upload_id: FromPath[UUID], request: Request) -> Response:
    return await send(await upload_by_id(or_404(await queries.file_of(one, upload_id))), request)


# writing -----------------------------------------------------------------------------------------------------------


async def writer(person: NamedDependency[Person]) -> Person:
    return or_404(person if person.municipalities else None)


@get("/recommendations/new", name="recommendations.new", dependencies={"writer": Provide(writer)})
async def new(request: Request, writer: NamedDependency[Person]) -> Response:
    """From a finding when the address names one, which this person may see."""
    return await edit_page(writer, finding=await _finding(writer, request.query_params.get("finding", "")))


async def edit_page(
    person: Person, one: Recommendation | None = None, finding: Any = None,
    status: int = 200, errors: Errors = None, form: Form | None = None,
) -> Response:  # fmt: skip
    if finding is None:
        named = form.get("finding", "") if form is not None else ""
        finding = await _finding(person, str(one.finding_id or "") if one else named)
    stored: dict[str, object] = {"priority": "medium", "addressee": "cso" if finding else "municipality"}
    if finding:
        stored |= {"priority": finding.severity, "organisation": finding.organisation_id}
    if one:
        stored = forms.stored_in(one)
    return page(
        f"{HERE}/edit.html",
        status=status,
        one=one,
        stored=stored,
        seen=seen_of(forms.Draft, stored) if one else "",
        new_id=uuid4(),
        finding=finding,
        choices=await queries.choices_for(person),
        addressees=[(str(each), label(each)) for each in Addressee],
        priorities=[(str(each), label(each)) for each in Priority],
        form=form,
        errors=errors,
    )


@post("/recommendations", name="recommendations.add", dependencies={"writer": Provide(writer)})
@given_back(edit_page)
async def add(
    form: NamedDependency[Form], writer: NamedDependency[Person], person: NamedDependency[Person]
) -> Response:
    finding = await _finding(writer, form.get("finding", ""))
    made = await actions.draft(writer, _parsed(form, finding))
    return redirect(address(made), _("The draft is saved. Issue it when it is ready."))


def drafts(person: Person, one: Recommendation) -> bool:
    return may_draft(person, one.municipality_id)


async def one_to_edit(reference: FromPath[str], person: NamedDependency[Person]) -> Recommendation:
    one = await this_one(reference, person)
    or_404(one if drafts(person, one) else None)
    if tied(person, one):
        raise not_allowed(person, one)
    if not may_edit(person, one):
        raise Refused(_("Only a draft can be changed, by the curator of the municipality."))
    return one


@get("/recommendations/{reference:str}/edit", name="recommendations.edit", dependencies={"one": Provide(one_to_edit)})
async def edit(one: NamedDependency[Recommendation], person: NamedDependency[Person]) -> Response:
    return await edit_page(person, one)


@post(
    "/recommendations/{reference:str}/edit", name="recommendations.change",
    dependencies={"one": known_to(this_one, drafts)},
)  # fmt: skip
@given_back(edit_page)
async def change(
    form: NamedDependency[Form], one: NamedDependency[Recommendation], person: NamedDependency[Person]
) -> Response:
    finding = await _finding(person, str(one.finding_id or ""))
    await actions.edit(one, person, _parsed(form, finding))
    return redirect(address(one), _("The draft is saved. Issue it when it is ready."))


def _parsed(form: Form, finding: Finding) -> forms.Draft:
    """A finding brings its municipality; without one the form names it."""
    if finding is None or "municipality" in form:
        return parse(forms.Draft, form)
    return parse(forms.Draft, Form([*form.pairs, ("municipality", str(finding.municipality_id))]))


async def _finding(person: Person, key: str) -> Any:
    if not key:
        return None
    try:
        wanted = UUID(key)
    except ValueError:
        return or_404(None)
    return or_404(await visits.finding_by_id(person, wanted))


# steps -------------------------------------------------------------------------------------------------------------


async def around(one: Recommendation, person: Person, step: Transition) -> dict[str, object]:
    asked = step.form.model_fields if step.form else {}
    return {
        "visits": await queries.visits_for(one) if "visit" in asked else [],
        "adoptions": [(str(each), label(each)) for each in Adoption],
        "successors": [(each.id, each.name) for each in await could_own(one)] if step is hand_over else [],
    }


SERVED = Served(
    "recommendations", STEPS, "/recommendations/{reference:str}", this_one, page_of, address,
    back=lambda one: _("Back to the recommendation"), template=f"{HERE}/step.html", around=around,
    templates={hand_over.noun: owned.TEMPLATE},
)  # fmt: skip
HANDLERS = [*RECOMMENDATIONS.pages(), show, file, new, add, edit, change, *SERVED.handlers()]
ROUTES = [Router("/", route_handlers=HANDLERS, guards=[signed_in], include_in_schema=False)]
