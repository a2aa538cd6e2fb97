"""Payments: the queues of all tranches, the plan of one award, and one tranche from its conditions to its receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from accounts.person import Person
from foundation.database import Row
from foundation.database import get as row_by_id
from foundation.language import gettext as _
from foundation.language import label
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
from grants.disbursements.lifecycle import State, curates_it, its_director
from grants.disbursements.listing import PAYMENTS, reads_account, waiting_for
from grants.disbursements.next_action import ONWARD, next_action, step_of
from grants.disbursements.obstacles import obstacles, obstacles_to_sending
from grants.disbursements.tables import Tranche, TrancheCondition
from grants.disbursements.transitions import STEPS, order_recovery
from lifecycle.drawn import drawn
from lifecycle.pages import Served
from lifecycle.record import history_of
from lifecycle.transition import open_steps
from uploads.actions import upload_by_id
from uploads.pages import send
from uploads.receiving import PAPERS, Receiving, files_of
from web.context import href
from web.forms import Errors, Form, Typed, allowed, form_of, given_back, parse
from web.guards import signed_in
from web.limits import UPLOAD
from web.lists.query import ListQuery
from web.pages import Route, or_404, page, redirect

HERE = "grants/disbursements/templates"
MOST_TRANCHES = 6
SHOWN = (*queries.OPEN, State.PAID, State.CONFIRMED, State.PLANNED)  # a tab each, where there are any


def drafted_for(person: Person, award: Award) -> bool:
    """A draft may still change; the grantee sees it when it is offered."""
    return award.state == AwardState.DRAFTING and person.works_for(award.organisation_id)


# queues ------------------------------------------------------------------------------------------------------------


@get("/payments", name="payments")
async def index(person: NamedDependency[Person], request: Request) -> Response:
    here = PAYMENTS.list_query(request.query_params)
    every = await PAYMENTS.sums(
        person, replace(here, query=here.also(state="all")), ["t.state", "t.currency"],
        n="count(*)", amount="sum(t.amount)",
    )  # fmt: skip
    tabs = queues(person, here, every)
    shown: Sequence[str] = next((tab["states"] for tab in tabs if tab["current"]), [])
    together: dict[str, Decimal] = {}
    for each in every:
        if each["state"] in shown:
            together[each["currency"]] = together.get(each["currency"], Decimal(0)) + each["amount"]
    return await PAYMENTS.page(person, request.query_params, tabs=tabs, together=together)


def queues(person: Person, here: ListQuery, counted: Sequence[Row]) -> list[dict[str, Any]]:
    """The tabs: which states stand in each, and how many tranches with what else is chosen."""
    counts: Counter[str] = Counter()
    for each in counted:
        counts[each["state"]] += each["n"]
    waiting, now = waiting_for(person), here["state"]
    tabs: list[tuple[str, str, Sequence[str]]] = [(_("Waiting for me"), "", waiting)] if waiting else []
    tabs.append((_("All open"), "open", queries.OPEN))
    tabs += [(label(state), state, [state]) for state in State if state == now or (state in SHOWN and counts[state])]
    if now == "all":
        tabs.append((_("All"), "all", list(State)))
    if not now and not waiting:
        now = "open"
    return [
        {
            "text": text, "href": href("/payments", **here.also(state=name)), "current": name == now,
            "count": sum(counts[state] for state in set(states)), "states": states,
        }
        for text, name, states in tabs
    ]  # fmt: skip


# the tranches of one award -----------------------------------------------------------------------------------------


async def panel(award: Award, person: Person) -> dict[str, object] | None:
    """The tranches on the award's own page."""
    tranches = await queries.tranches_of(award)
    if not tranches:
        return None
    return {"tranches": [(each, next_action(each)) for each in tranches], "states": State}


async def account_panel(award: Award, person: Person) -> dict[str, object] | None:
    """From the first payment on: what of it is accepted, returned, written off, and still with the organisation."""
    account = await queries.account_of(award)
    if not account["paid"]:
        return None
    recall = [
        each.number
        for each in await queries.tranches_of(award)
        if its_director(person, each) and each.state in order_recovery.sources
    ]
    state = AwardState(award.state)
    # brought in from sources that tell what was paid, and not what it was spent on
    untold = state == AwardState.CLOSED and account["held"] != 0
    return {
        "account": account,
        "untold": untold,
        "ends": state in AwardState.in_set("finished") | {AwardState.CLOSING},
        "recall": recall,
    }


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
    acts, to_bank = open_steps(person, tranche, STEPS), reads_account(person, tranche.organisation_id)
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
        refunds=await queries.refunds_of(tranche) if tranche.recovery_amount else [],
        account=grouped(tranche.iban) if to_bank and tranche.iban else masked(tranche.iban),
        to_bank=to_bank,
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
        "tranche": allowed(this_tranche, curates_it),
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
    Router("/", route_handlers=[index, PAYMENTS.files()], guards=[signed_in], include_in_schema=False),
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
