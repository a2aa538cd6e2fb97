"""States of a visit and of a finding, their moves, and who may make each. Pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from accounts.person import Person
from foundation.language import N_, labels
from foundation.ties import apart, not_allowed
from grants.awards.tables import Award
from lifecycle.record import sentences
from lifecycle.states import Status
from monitoring.visits.tables import Finding, Visit

R = TypeVar("R")


class State(Status, entity="visit", divided=("ahead", "open", "handed_in", "dropped")):
    """`open`: the lead may still write. `told`: the server holds what was seen, so its grantee may know."""

    PLANNED = "planned", N_("planned"), "", "ahead", "with_lead", "untold", "pending"
    CONFIRMED = "confirmed", N_("confirmed"), "info", "ahead", "with_lead", "untold", "pending"
    IN_FIELD = "in_field", N_("being recorded"), "info", "open", "with_lead", "untold", "pending"
    RECEIVED = "received", N_("received, not complete yet"), "warn", "open", "told", "with_lead", "pending"
    COMPLETE = "complete", N_("complete"), "info", "open", "told", "with_lead", "pending"
    IN_REVIEW = "in_review", N_("being reviewed"), "warn", "told", "handed_in", "pending"
    APPROVED = "approved", N_("approved"), "verified", "told", "handed_in"
    CANCELLED = "cancelled", N_("cancelled"), "bad", "dropped"


@apart
def its_lead(person: Person, visit: Visit) -> bool:
    """Whoever it is planned for, as long as they look after the place; the id alone gives no right."""
    return person.id == visit.lead_id and person.curates(visit.municipality_id)


def took_part(person: Person, visit: Visit) -> bool:
    """Whoever leads it or led it before it changed hands never reviews it, whatever role they hold today."""
    return person.id in {visit.lead_id, *(visit.earlier_owners or ())}


@apart
def its_reviewer(person: Person, visit: Visit) -> bool:
    """A curator of the municipality or a programme manager, never the one who made the visit."""
    return not took_part(person, visit) and (person.curates(visit.municipality_id) or person.is_manager)


@apart
def its_head(person: Person, visit: Visit) -> bool:
    return person.is_manager and not took_part(person, visit)


@apart
def may_hand_over(person: Person, row: Visit | Finding) -> bool:
    """Give it to another curator of the place, also when whoever has it is no longer there."""
    return person.is_manager or person.is_admin


def the_system(person: Person, row: object) -> bool:
    return person.is_system


@apart
def may_plan(person: Person, award: Award) -> bool:
    """A manager plans for any curator of the place; a curator plans visits they make themselves."""
    return person.is_manager or person.curates(award.municipality_id)


def may_write(person: Person, visit: Visit) -> bool:
    """Tell what was seen. A visit ahead begins by itself when its lead starts to tell."""
    return its_lead(person, visit) and visit.state in State.in_set("ahead", "open")


def may_reschedule(person: Person, visit: Visit) -> bool:
    return its_lead(person, visit) or its_head(person, visit)


def may_show_photos(person: Person, visit: Visit) -> bool:
    """Say of a photo whether everybody may see it, also after approval; consent itself is frozen then."""
    return (its_lead(person, visit) or its_reviewer(person, visit)) and visit.state in State.in_set("told", "open")


def allowed(row: R, may: Callable[[Any, Any], bool], person: Person) -> R:
    """The row, when this person may do that with it; asked before what they sent is looked at."""
    if not may(person, row):
        raise not_allowed(person, row)
    return row


class FindingState(Status, entity="finding", divided=("unshared", "shared", "dropped")):
    """`shared`: what a grantee may read of it; `settled`: what a donor may; `unsettled`: its author may still have to
    do something about it."""

    DRAFT = "draft", N_("draft"), "", "unshared", "unsettled"
    SHARED = "shared", N_("shared, not answered yet"), "warn", "shared", "unsettled"
    RESPONDED = "responded", N_("answered"), "info", "shared", "unsettled"
    FINAL = "final", N_("final"), "info", "shared", "settled"
    CLOSED = "closed", N_("closed"), "good", "shared", "settled"
    WITHDRAWN = "withdrawn", N_("withdrawn"), "", "dropped"


class Kind(StrEnum):
    PROBLEM = "problem"
    RISK = "risk"
    GOOD_PRACTICE = "good_practice"


labels(Kind, {Kind.PROBLEM: N_("problem"), Kind.RISK: N_("risk"), Kind.GOOD_PRACTICE: N_("good practice")})


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


labels(
    Severity,
    {
        Severity.LOW: N_("low"),
        Severity.MEDIUM: N_("medium"),
        Severity.HIGH: N_("high"),
        Severity.CRITICAL: N_("critical"),
    },
)


class ResponseKind(StrEnum):
    AGREES = "agrees"
    PARTLY = "partly"
    DISAGREES = "disagrees"
    NO_RESPONSE = "no_response"


labels(
    ResponseKind,
    {
        ResponseKind.AGREES: N_("agrees"),
        ResponseKind.PARTLY: N_("partly agrees"),
        ResponseKind.DISAGREES: N_("disagrees"),
        ResponseKind.NO_RESPONSE: N_("no response"),
    },
)


def is_grave(finding: Finding) -> bool:
    """What needs a photo before anybody else reads it, and a recommendation before it is final."""
    return finding.severity in (Severity.HIGH, Severity.CRITICAL) and finding.kind != Kind.GOOD_PRACTICE


# A finding carries `lead_id`, `municipality_id` and `organisation_id` of its visit: queries read them along.
@apart
def its_author(person: Person, finding: Finding) -> bool:
    """Who wrote it or took it over, as long as they look after the place."""
    return person.id == finding.author_id and person.curates(finding.municipality_id)


@apart
def leads_its_visit(person: Person, finding: Finding) -> bool:
    """The lead of its visit, or who took over this finding of it."""
    leads = person.id == finding.lead_id and person.curates(finding.municipality_id)
    return leads or its_author(person, finding)


def its_grantee(person: Person, finding: Finding) -> bool:
    """Editors and signatories may answer for their organisation."""
    return person.works_for(finding.organisation_id)


@apart
def reviews_its_visit(person: Person, finding: Finding) -> bool:
    """A curator of the place or a manager, neither the author nor the one who made the visit, today or before."""
    took_part = {finding.author_id, finding.lead_id, *(finding.earlier_owners or ()), *(finding.earlier_leads or ())}
    return person.id not in took_part and (person.curates(finding.municipality_id) or person.is_manager)


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "visit.planned": N_("Visit planned"),
        "visit.saved": N_("Notes of the visit saved"),
        "visit.changed": N_("What was seen has been corrected"),
        "visit.photo_received": N_("Photo received"),
        "visit.photo_changed": N_("Photo's caption or consent changed"),
        "visit.photo_removed": N_("Photo removed"),
        "finding.written": N_("Finding written"),
        "finding.changed": N_("Finding changed"),
    }
)
