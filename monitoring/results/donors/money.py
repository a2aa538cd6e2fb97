"""The list behind each step of money, by the very condition the step is added up by, and the same put together."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from accounts.listing import municipality_of, organisation_of
from accounts.person import Person
from foundation.database import Row
from foundation.language import N_, label, pick_text
from grants.applications.budget import Category
from grants.awards.lifecycle import State as AwardState
from grants.disbursements.lifecycle import State as TrancheState
from monitoring.results.donors.access import opens
from monitoring.results.donors.listing import HERE, SCOPE, Look, looks, narrowed_to
from monitoring.results.money import COUNTED, SIGNED_ON, By, Plan, Step
from monitoring.results.scope import RAN, numbered_from
from web.context import href
from web.lists.listing import Column, Filter, Listing

DAY: dict[StrEnum, str] = {
    Step.AWARDED: N_("Signed on"),
    Step.PAID: N_("Paid on"),
    Step.REPORTED: N_("Period until"),
    Step.VERIFIED: N_("Period until"),
    Plan.PLANNED: N_("Planned for"),
}
TITLES: dict[StrEnum, str] = {
    Step.AWARDED: N_("Awarded"),
    Step.PAID: N_("Paid out"),
    Step.REPORTED: N_("Reported spent"),
    Step.VERIFIED: N_("Verified"),
    Plan.PLANNED: N_("Planned by now"),
}
# What one row of money put together is, and the facts that name it.
TOGETHER: dict[By, tuple[str, Mapping[str, str]]] = {
    By.GRANT: ("a.id", {"reference": "a.reference", "title_ka": "a.title_ka", "title_en": "a.title_en"}),
    By.ORGANISATION: ("o.id", {"name_ka": "o.name_ka", "name_en": "o.name_en"}),
    By.PLACE: ("m.id", {"slug": "m.slug", "name_ka": "m.name_ka", "name_en": "m.name_en"}),
    By.WHAT: ("b.category", {"what": "b.category"}),
}


def what(step: StrEnum, row: Row) -> str:
    """What one line of a step is: the grant, a tranche in some state, or a kind of cost."""
    if step is Step.AWARDED:
        return label(AwardState(row["state"]))
    if step in (Step.PAID, Plan.PLANNED):
        return label(TrancheState(row["what"]))
    return label(Category(row["what"]))


def record_of(person: Person, step: StrEnum, row: Row) -> str:
    """The address of the record a line is from, for whoever may read it: agreement, tranche or report with its
    receipts. Everybody else has the grant's own page."""
    if not opens(person, row):
        return ""
    if step is Step.AWARDED:
        return href(f"/awards/{row['reference']}")
    if step in (Step.PAID, Plan.PLANNED):
        return href(f"/awards/{row['reference']}/tranches/{row['number']}")
    return href(f"/reports/{row['reference']}/{row['number']}")


def _listing(
    step: StrEnum, source: str, amount: str, currency: str, day: tuple[str, str], number: str, told: str, other: str,
    joins: Mapping[str, str],
) -> Listing[Look]:  # fmt: skip
    """`day` is shown and, without a NULL, put in order by."""

    def counted(look: Look, first: int) -> tuple[str, list[object]]:
        return numbered_from(first, RAN if look.ran and step is Step.AWARDED else COUNTED[step]), look.scope.args

    return Listing[Look](
        name=f"donor.money.{step}",
        path=f"/donor/money/{step}",
        title=TITLES[step],
        source=source,
        key=f"{source.split()[1]}.id",
        joins={**joins, **organisation_of("a"), **municipality_of("a")},
        visible_to=counted,
        file_name=f"money-{step}",
        who=looks,
        said=narrowed_to,
        origin="a.source",
        downloads=False,
        order="-date",
        orders={
            "date": day[1],
            "grant": ("a.reference", number) if joins else "a.reference",
            "place": ("p.position", "a.reference"),
            "amount": amount,
        },
        size=50,
        columns=[
            Column("reference", "a.reference", N_("Grant")),
            Column("title", "a.title", N_("Title"), "pair"),
            Column("name", "o.name", N_("Organisation"), "pair"),
            Column("place", "m.name", N_("Municipality"), "pair",
                   value=lambda row: pick_text(row, "place") if row["slug"] else None),
            Column("state", "a.state", N_("State"), "state", of=AwardState),
            Column("day", day[0], DAY[step]),
            Column("number", number, N_("Number")),
            Column("what", told, N_("What"), value=lambda row: what(step, row)),
            Column("amount", amount, TITLES[step], "money"),
            Column("currency", currency, N_("Currency")),
            Column("other", other), Column("slug", "m.slug"), Column("municipality_id", "a.municipality_id"),
        ],
        filters=[
            *SCOPE,
            Filter("state", called=N_("State"), each={
                "running": ("", "award_running(a.state)"), "finished": ("", "award_finished(a.state)"),
                "ran": ("", "true"),
            }),
            Filter("by", kind="scope"),
        ],
        template=f"{HERE}/money.html",
    )  # fmt: skip


OF_AWARD = {"a": "JOIN award a ON a.id = t.award_id"}
OF_REPORT = {
    "r": "JOIN report r ON r.id = s.report_id",
    "d": "JOIN report_due d ON d.id = r.report_due_id",
    "b": "JOIN budget_line b ON b.id = s.budget_line_id",
    "a": "JOIN award a ON a.id = r.award_id",
}
PERIOD = ("d.period_to", "d.period_to")
MONEY: dict[StrEnum, Listing[Look]] = {
    Step.AWARDED: _listing(
        Step.AWARDED, "award a", "a.amount", "a.currency", (SIGNED_ON, f"coalesce({SIGNED_ON}, '-infinity')"),
        "NULL::int", "''", "NULL::numeric", {},
    ),
    Step.PAID: _listing(
        Step.PAID, "tranche t", "t.amount", "t.currency", ("t.paid_on", "coalesce(t.paid_on, '-infinity')"),
        "t.number", "t.state", "t.recovery_amount", OF_AWARD,
    ),
    Step.REPORTED: _listing(
        Step.REPORTED, "spending_line s", "coalesce(s.spent_grant, 0)", "r.currency", PERIOD, "d.number", "b.category",
        "s.accepted_grant", OF_REPORT,
    ),
    Step.VERIFIED: _listing(
        Step.VERIFIED, "spending_line s", "coalesce(s.accepted_grant, 0)", "r.currency", PERIOD, "d.number",
        "b.category", "s.spent_grant", OF_REPORT,
    ),
    Plan.PLANNED: _listing(
        Plan.PLANNED, "tranche t", "t.amount", "t.currency", ("t.planned_on", "coalesce(t.planned_on, 'infinity')"),
        "t.number", "t.state", "NULL::numeric", OF_AWARD,
    ),
}  # fmt: skip
CURRENCY = {step: next(each.sql for each in one.columns if each.name == "currency") for step, one in MONEY.items()}
AMOUNT = {step: next(each.sql for each in one.columns if each.name == "amount") for step, one in MONEY.items()}
