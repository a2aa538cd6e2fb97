"""Payments: the queues of all tranches, the plan of one award, and one tranche from its conditions to its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from accounts.queries import municipalities
from foundation.database import get as row_by_id
from foundation.language import N_, label, pick_text
from foundation.language import gettext as _
from foundation.merging import seen_of
from grants.awards.actions import refuse_unless_drafting
from grants.awards.document import condition_in_words
from grants.awards.extensions import tabs_of
from grants.awards.forms import renumbered
from grants.awards.lifecycle import State as AwardState
from grants.awards.lifecycle import its_drafter
from grants.awards.pages import this_award
from grants.awards.queries import calendar_of
from grants.awards.tables import Award
from grants.disbursements import actions, forms, planning, queries
from grants.disbursements.bank.iban import grouped, masked
from grants.disbursements.lifecycle import State
from grants.disbursements.next_action import ONWARD, next_action, step_of
from grants.disbursements.obstacles import obstacles, obstacles_to_sending
from grants.disbursements.tables import Tranche, TrancheCondition
from grants.disbursements.transitions import STEPS
from lifecycle.drawn import drawn
from lifecycle.pages import Served
from lifecycle.record import history_of, record, sentences
from lifecycle.transition import open_steps
from uploads.actions import upload_by_id
from uploads.pages import send
from uploads.receiving import PAPERS, Receiving, files_of
from web.context import href
from web.forms import Errors, Form, Typed, allowed, form_of, given_back, parse
from web.guards import signed_in
from web.limits import UPLOAD
from web.lists import list_query
from web.pages import Route, or_404, page, redirect
from web.sheets import CSV, XLSX, sheet

HERE = "grants/disbursements/templates"
MOST_TRANCHES = 6
SHOWN = (*queries.OPEN, State.PAID, State.CONFIRMED, State.PLANNED)

sentences({"payments.exported": N_("List of payments downloaded")})


def drafted_for(person: Person, award: Award) -> bool:
    """A draft may still change; the grantee sees it when it is offered."""
    return award.state == AwardState.DRAFTING and person.works_for(award.organisation_id)


def sees_iban(person: Person, tranche: Tranche) -> bool:
    return person.works_for(tranche.organisation_id) or person.reads_all


# queues ------------------------------------------------------------------------------------------------------------


def mine(person: Person) -> list[State]:
    """The states in which a tranche waits for somebody like this person."""
    states: list[State] = []
    if person.organisations:
        states += [State.DUE, State.PAID]
    if person.is_curator:
        states += [State.REQUESTED]
    if person.is_finance:
        states += [State.CERTIFIED, State.APPROVED, State.AUTHORISED, State.SENT, State.FAILED, State.RECOVERY_DUE]
    if person.is_director:
        states += [State.APPROVED]
    return states


def wanted(person: Person, state: str) -> Sequence[str]:
    if state in list(State):
        return [state]
    return queries.OPEN if state == "open" or not mine(person) else mine(person)


@get("/payments", name="payments")
async def index(person: NamedDependency[Person], request: Request) -> Response:
    here = list_query(request.query_params, *queries.FILTERS)
    tranches = await queries.list_of(person, here, wanted(person, here["state"]))
    return page(
        f"{HERE}/payments.html",
        tranches=[(each, obstacles_to_sending(each), next_action(each)) for each in tranches],
        total=tranches[0].total if tranches else 0,
        together={each.currency: each.together for each in tranches},
        here=here,
        filtered=bool(here["q"] or here["municipality"]),
        tabs=queues(person, here, await queries.counts_by_state(person)),
        states=State,
        places=await municipalities(),
    )


def queues(person: Person, here: Any, counts: dict[str, int]) -> list[dict[str, object]]:
    kept = here.without("state")
    waiting, open_ = mine(person), list(queries.OPEN)
    tabs = []
    if waiting:
        tabs.append((_("Waiting for me"), "", sum(counts.get(state, 0) for state in waiting)))
    tabs.append((_("All open"), "open", sum(counts.get(state, 0) for state in open_)))
    tabs += [(label(State(state)), state, counts[state]) for state in SHOWN if counts.get(state)]
    now = here["state"] if here["state"] in [*SHOWN, "open"] or waiting else "open"
    return [
        {"text": text, "href": href("/payments", **kept, state=state), "current": state == now, "count": count}
        for text, state, count in tabs
    ]


@get(["/payments.xlsx", "/payments.csv"], name="payments.export")
async def export(person: NamedDependency[Person], request: Request) -> Response:
    """The list as a file; since it carries bank details, the log keeps who took it."""
    here = list_query(request.query_params, *queries.FILTERS)
    tranches = await queries.list_of(person, here, wanted(person, here["state"]), whole=True)
    head = [
        _("Grant"), _("Tranche"), _("Organisation"), _("Municipality"), _("State"), _("Amount"), _("Currency"),
        _("Planned day"), _("Account holder"), _("IBAN"), _("Order reference"), _("Bank reference"), _("Paid on"),
        _("What stands in the way"),
    ]  # fmt: skip
    lines = [
        [
            each.award_reference, each.number, pick_text(each, "organisation"),
            pick_text(each, "place") if each.slug else "", label(State(each.state)), each.amount, each.currency,
            each.planned_on, each.holder if sees_iban(person, each) else "",
            each.iban if sees_iban(person, each) else masked(each.iban), each.order_reference, each.bank_reference,
            each.paid_on, " ".join(obstacles_to_sending(each)),
        ]
        for each in tranches
    ]  # fmt: skip
    await record("payments.exported", person, None, count=len(lines), query=here.query)
    return sheet("payments", head, lines, XLSX if request.scope["path"].endswith("xlsx") else CSV)


# the tranches of one award -----------------------------------------------------------------------------------------


async def panel(award: Award, person: Person) -> dict[str, object] | None:
    """The tranches on the award's own page."""
    tranches = await queries.tranches_of(award)
    if not tranches:
        return None
    return {"tranches": [(each, next_action(each)) for each in tranches], "states": State}


@get("/awards/{reference:str}/tranches", name="tranches")
async def tranches(award: NamedDependency[Award], person: NamedDependency[Person]) -> Response:
    shown = [] if drafted_for(person, award) else await queries.tranches_of(award)
    conditions = await queries.conditions_of(*shown)
    return page(
        f"{HERE}/tranches.html",
        award=award,
        tabs=tabs_of(award, person),
        tranches=[(each, obstacles_to_sending(each), next_action(each)) for each in shown],
        sums=sums_of(award, shown),
        conditions=[(each, condition_in_words(vars(each))) for each in conditions],
        states=State,
        planned=sum(each.amount for each in shown if each.state not in State.in_set("dropped")),
        may_plan=may_plan(person, award),
    )


def sums_of(award: Award, tranches: list[Tranche]) -> dict[str, object]:
    """The grant, what of it was paid, is on its way and is still to come."""
    live = [each for each in tranches if each.state not in State.in_set("dropped")]
    paid = sum((each.amount for each in live if each.state in State.in_set("paid")), Decimal(0))
    moving = sum((each.amount for each in live if each.state in State.in_set("moving")), Decimal(0))
    return {"grant": award.amount, "paid": paid, "moving": moving, "left": sum(e.amount for e in live) - paid - moving}


def may_plan(person: Person, award: Award) -> bool:
    return its_drafter(person, award) and award.state == AwardState.DRAFTING


@get("/awards/{reference:str}/tranches/plan", name="tranches.plan")
async def plan(award: NamedDependency[Award], person: NamedDependency[Person], request: Request) -> Response:
    """With ?parts=3 three equal parts are proposed instead of what is saved."""
    refuse_unless_drafting(award, person)
    parts = request.query_params.get("parts", "")
    count = int(parts) if parts.isascii() and parts.isdecimal() and len(parts) == 1 else 0
    return await plan_page(award, count=min(count, MOST_TRANCHES))


async def plan_page(
    award: Award, status: int = 200, errors: Errors = None, form: Form | None = None, count: int = 0
) -> Response:
    calendar = await calendar_of(award)
    saved = await queries.tranches_of(award)
    lines = planning.saved_lines(saved, await queries.conditions_of(*saved))
    seen = seen_of(forms.Plan, {"tranches": lines})
    proposed = bool(count) or not lines
    if proposed:
        lines = planning.proposal(award, count or 2, calendar)
    return page(
        f"{HERE}/plan.html", status=status, award=award, errors=errors or {}, form=form or {}, lines=lines,
        seen=seen, proposed=proposed, most=max(MOST_TRANCHES, len(lines)), calendar=calendar,
        total=planning.typed_total(form) if form else planning.total_of(lines),
    )  # fmt: skip


@post("/awards/{reference:str}/tranches/plan", dependencies={"award": allowed(this_award, its_drafter)})
@given_back(plan_page)
async def write_plan(
    award: NamedDependency[Award], person: NamedDependency[Person], form: NamedDependency[Form]
) -> Response:
    lines = renumbered(
        form,
        "tranches",
        "amount",
        "planned_on",
        "report",
        "document_ka",
        "document_en",
        "not_before",
    )
    await planning.write_plan(award, person, parse(forms.Plan, lines))
    return redirect(f"/awards/{award.reference}", _("Tranches saved."))


# one tranche -------------------------------------------------------------------------------------------------------


async def this_tranche(
    award: NamedDependency[Award], number: FromPath[int], person: NamedDependency[Person]
) -> Tranche:
    """The tranche in the address; 404 unless this person may see it."""
    if drafted_for(person, award):
        or_404(None)
    return or_404(await queries.tranche_of(person, award.reference, min(number, 1000)))


async def this_condition(tranche: NamedDependency[Tranche], condition_id: FromPath[UUID]) -> TrancheCondition:
    return or_404(await queries.condition_of(tranche, condition_id))


@get("/awards/{reference:str}/tranches/{number:int}", name="tranches.show")
async def show(
    award: NamedDependency[Award], tranche: NamedDependency[Tranche], person: NamedDependency[Person]
) -> Response:
    return await page_of(tranche, person, award=award)


async def page_of(
    tranche: Tranche, person: Person, status: int = 200, errors: Errors = None, form: Typed = None, at: str = "",
    award: Award | None = None,
) -> Response:  # fmt: skip
    award = award or or_404(await row_by_id(Award, tranche.award_id))
    conditions = await queries.conditions_of(tranche)
    acts = open_steps(person, tranche, STEPS)
    return page(
        f"{HERE}/show.html",
        status=status,
        award=award,
        tranche=tranche,
        state=State(tranche.state),
        tabs=tabs_of(award, person),
        acts=[(step, drawn(step)) for step in acts.values()],
        mine=bool(acts.keys() & ONWARD),
        turn=next_action(tranche),
        step=step_of(tranche),
        # what this person can take away is no obstacle to them
        obstacles=obstacles(tranche) if "authorisation" in acts else obstacles_to_sending(tranche),
        conditions=[
            (each, condition_in_words(vars(each)), actions.may_fulfil(person, tranche, each)) for each in conditions
        ],
        names=await queries.persons_of(tranche),
        account=grouped(tranche.iban) if tranche.iban and sees_iban(person, tranche) else masked(tranche.iban),
        to_bank=person.works_for(tranche.organisation_id) or person.reads_all,
        history=await history_of(tranche, newest_first=True),
        errors=errors or {},
        form=form or {},
        at=at,
    )


SERVED = Served(
    "tranches", STEPS, "/awards/{reference:str}/tranches/{number:int}", this_tranche, page_of,
    lambda tranche: f"/awards/{tranche.award_reference}/tranches/{tranche.number}", inline=True,
)  # fmt: skip


async def at_condition(
    tranche: Tranche, person: Person, condition: TrancheCondition, award: Award,
    status: int, errors: Any, form: Form | None = None,
) -> Response:  # fmt: skip
    return await page_of(tranche, person, status, errors, form, f"condition-{condition.id}", award)


@post(
    "/awards/{reference:str}/tranches/{number:int}/conditions/{condition_id:uuid}/fulfilment",
    request_max_body_size=UPLOAD,
    dependencies={
        "tranche": allowed(this_tranche, lambda person, tranche: person.curates(tranche.municipality_id)),
        "condition": Provide(this_condition),
        "form": form_of(partial(Receiving, kinds=PAPERS)),
    },
)
@given_back(at_condition)
async def fulfil(
    award: NamedDependency[Award],
    tranche: NamedDependency[Tranche],
    condition: NamedDependency[TrancheCondition],
    person: NamedDependency[Person],
    form: NamedDependency[Form],
) -> Response:
    given = parse(forms.Fulfilment, form)
    evidence = files_of(form, "evidence", most=1)
    await actions.fulfil(condition, person, evidence[0] if evidence else None, given.note)
    return redirect(f"/awards/{award.reference}/tranches/{tranche.number}", _("The condition is fulfilled."))


@get(
    "/awards/{reference:str}/tranches/{number:int}/conditions/{condition_id:uuid}/evidence",
    name="tranches.evidence",
    dependencies={"condition": Provide(this_condition)},
)
async def evidence(condition: NamedDependency[TrancheCondition], request: Request) -> Response:
    return await send(await upload_by_id(or_404(condition.evidence_upload_id)), request)


ROUTES: list[Route] = [
    Router("/", route_handlers=[index, export], guards=[signed_in], include_in_schema=False),
    Router(
        "/",
        route_handlers=[tranches, plan, write_plan],
        dependencies={"award": Provide(this_award)},
        guards=[signed_in],
        include_in_schema=False,
    ),
    Router(
        "/",
        route_handlers=[show, *SERVED.handlers(), fulfil, evidence],
        dependencies={"award": Provide(this_award), "tranche": Provide(this_tranche)},
        guards=[signed_in],
        include_in_schema=False,
    ),
]
