"""The list of reports: those that are due first."""

from __future__ import annotations

from dataclasses import replace

from accounts.listing import MUNICIPALITY, ORGANISATION, in_municipality, municipality_of, organisation_of
from accounts.person import Person, Role
from accounts.queries import ORGANISATIONS_FOUND, place_choices
from foundation.language import N_
from grants.awards.queries import AWARDS_FOUND, visible_to
from monitoring.reports.lifecycle import Kind, State
from web.lists.listing import Column, Filter, Listing

# The grantee has not handed it in, and the day has passed; a returned report is late like any other.
OVERDUE = "(report_writable(r.state) AND greatest(d.due_on, r.correct_by) < :today)"


SEES = (Role.EDITOR, Role.SIGNATORY, Role.CURATOR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.AUDITOR)


def sees_reports(person: Person) -> bool:
    return bool(person) and person.has(*SEES)


def works_for_the_programme(person: Person) -> bool:
    return person.is_staff or person.is_auditor


REPORTS = Listing[Person](
    name="reports",
    path="/reports",
    title=N_("Reports"),
    meta=N_("What was done, what it changed and what it cost, period by period."),
    source="report r",
    key="r.id",
    origin="a.source",
    joins={
        "d": "JOIN report_due d ON d.id = r.report_due_id",
        "a": "JOIN award a ON a.id = r.award_id",
        **organisation_of("a"),
        **municipality_of("a"),
    },
    visible_to=visible_to,
    who=sees_reports,
    order="due",
    columns=[
        Column("grant", "a.reference", N_("Report"), sort=("a.reference", "d.number"), titles=(N_("Grant"),)),
        Column("number", "d.number", N_("Report"), page=False),
        Column("kind", "d.kind", N_("Kind"), "word", of=Kind, page=False),
        Column("title", "a.title", N_("Title"), "pair", page=False),
        ORGANISATION,
        replace(MUNICIPALITY, name="place"),
        Column("period", "d.period_to", N_("Period"), "day", sort="d.period_to", file=False),
        Column("period_from", "d.period_from", N_("From"), page=False),
        Column("period_to", "d.period_to", N_("Until"), page=False),
        Column("due", "greatest(d.due_on, r.correct_by)", N_("Due"), "day", sort="d.due_on"),
        Column("overdue", OVERDUE, N_("late"), page=False),
        Column("state", "r.state", N_("State"), "state", of=State, sort=("r.state", "d.due_on")),
        Column("due_on", "greatest(d.due_on, r.correct_by)"), Column("municipality", "m.slug"),
    ],
    filters=[
        # scheduled ones are in the calendar of their grant, not here, unless asked for
        Filter("state", N_("State"), "r.state = ?", of=State, otherwise="NOT report_is_scheduled(r.state)",
               unchosen=N_("all but scheduled ones")),
        in_municipality("a", shown_to=works_for_the_programme),
        Filter("overdue", N_("In time"), each={
            "yes": (N_("only late ones"), OVERDUE), "true": ("", OVERDUE), "false": ("", "true"),
        }),
    ],
    search=f"r.award_id = {AWARDS_FOUND} OR a.organisation_id = {ORGANISATIONS_FOUND}",
    search_title=N_("Grant or organisation"),
    choices=place_choices,
    template="monitoring/reports/templates/list.html",
    context=lambda _person: {"Kind": Kind},
    empty=(N_("No reports yet"),
           N_("Reports open two weeks before the end of their period, when a grant is active."), "file-text"),
)  # fmt: skip
