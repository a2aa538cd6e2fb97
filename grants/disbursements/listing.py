"""The list of tranches: a tab for what waits for somebody, for all on their way, and for each state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.listing import ORGANISATION, in_municipality, municipality_of, organisation_of
from accounts.person import Person
from accounts.queries import ORGANISATIONS_FOUND, place_choices
from foundation.database import Row, row_of
from foundation.language import N_
from grants.awards.queries import AWARDS_FOUND
from grants.disbursements import queries
from grants.disbursements.bank.iban import masked
from grants.disbursements.lifecycle import State
from grants.disbursements.next_action import next_action
from grants.disbursements.obstacles import obstacles_to_sending
from grants.disbursements.tables import Tranche
from lifecycle.record import record, sentences
from web.lists.listing import Column, Filter, Listing
from web.lists.query import ListQuery

sentences({"payments.exported": N_("List of payments downloaded")})


def waiting_for(person: Person) -> list[State]:
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


def at_first(person: Person) -> str:
    """What stands in the list while no tab is chosen."""
    states = waiting_for(person) or list(queries.OPEN)
    return "(" + " OR ".join(f"tranche_is_{state}(t.state)" for state in states) + ")"


def reads_account(person: Person, organisation_id: UUID) -> bool:
    return person.works_for(organisation_id) or person.reads_all


def _reads_account(person: Person, row: Row) -> bool:
    return reads_account(person, row["organisation_id"])


def told(found: list[Row]) -> list[Mapping[str, Any]]:
    """With what stands in the way, and whose turn it is."""
    made: list[Mapping[str, Any]] = []
    for row in found:
        tranche = row_of(Tranche, row)
        made.append({**row, "obstacles": obstacles_to_sending(tranche), "turn": next_action(tranche)})
    return made


async def keep_a_trace(person: Person, here: ListQuery, count: int) -> None:
    """A file carries bank details, so the log keeps who took it."""
    await record("payments.exported", person, None, count=count, query=here.query)


PAYMENTS = Listing[Person](
    name="payments",
    path="/payments",
    title=N_("Payments"),
    meta=N_("Every tranche on its way, and what is blocking it."),
    source="tranche t",
    key="t.id",
    origin="a.source",
    joins={
        "a": "JOIN award a ON a.id = t.award_id",
        "c": "JOIN call c ON c.id = a.call_id",
        "g": "JOIN programme g ON g.id = c.programme_id",
        "b": "LEFT JOIN bank_account b ON b.id = t.bank_account_id",
        **organisation_of("t"),
        **municipality_of("a"),
    },
    visible_to=queries.visible_to,
    order="since",
    columns=[
        Column("reference", "a.reference", N_("Tranche"), sort=("a.reference", "t.number"), titles=(N_("Grant"),)),
        Column("number", "t.number", N_("Tranche"), page=False),
        ORGANISATION,
        Column("municipality", "m", N_("Municipality"), "place", page=False),
        Column("amount", "t.amount", N_("Amount"), "money", sort="t.amount"),
        Column("currency", "t.currency", N_("Currency"), page=False),
        Column("state", "t.state", N_("State"), "state", of=State),
        Column("since", queries.SINCE, N_("Since"), "day", sort=queries.SINCE, file=False),
        Column("planned", "t.planned_on", N_("Planned day"), page=False, sort="coalesce(t.planned_on, 'infinity')"),
        Column("holder", "b.holder", N_("Account holder"), page=False, read_by=_reads_account),
        Column("iban", "b.iban", N_("IBAN"), page=False, read_by=_reads_account,
               instead=lambda row: masked(row["iban"])),
        Column("order_reference", "t.order_reference", N_("Order reference"), page=False),
        Column("bank_reference", "t.bank_reference", N_("Bank reference"), page=False),
        Column("paid_on", "t.paid_on", N_("Paid on"), page=False),
        Column("obstacles", "", N_("What is blocking it"), value=lambda row: " ".join(row["obstacles"])),
        Column("award", "a.reference"), Column("planned_on", "t.planned_on"),
        Column("organisation_id", "t.organisation_id"), Column("bank_account_id", "t.bank_account_id"),
        *(Column(name, sql) for name, sql in queries.STANDING.items()),
    ],
    filters=[
        Filter("state", "", "t.state = ?", of=State, kind="tab", otherwise=at_first,
               unchosen=N_("tranches the person who downloaded the file has to act on"), called=N_("State"), each={
            "open": ("", "tranche_to_do(t.state)"), "all": ("", "true"),
        }),
        in_municipality("a", N_("All municipalities")),
    ],
    search=(
        f"t.award_id = {AWARDS_FOUND} OR t.organisation_id = {ORGANISATIONS_FOUND}"
        " OR words(t.order_reference, t.bank_reference) ILIKE ?"
    ),
    search_title=N_("Grant, organisation or bank reference"),
    choices=place_choices,
    made=told,
    taken=keep_a_trace,
    template="grants/disbursements/templates/payments.html",
    empty=(N_("Nothing waits here"),
           N_("A tranche can be requested as soon as its conditions are fulfilled."), "banknote"),
)  # fmt: skip
