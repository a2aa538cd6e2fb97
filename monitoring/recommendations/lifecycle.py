"""States of a recommendation, its moves, and who may make each. Pure."""

from enum import StrEnum
from uuid import UUID

from accounts.person import Person
from foundation.language import N_, labels
from foundation.language import gettext as _
from foundation.ties import apart
from lifecycle.record import sentences
from lifecycle.states import Status
from monitoring.recommendations.tables import Recommendation


class State(Status, entity="recommendation", divided=("unissued", "live", "final")):
    """`running`: somebody still has to do something before its due date; once reported done, it waits for the verifier
    instead."""

    DRAFT = "draft", N_("draft"), "", "unissued", "prompt"
    ISSUED = "issued", N_("issued, not answered yet"), "warn", "live", "running", "standing", "prompt"
    ACCEPTED = "accepted", N_("accepted by the person responsible"), "info", "live", "running", "standing"
    DISPUTED = "disputed", N_("disputed"), "bad", "live", "running", "standing", "prompt"
    IN_PROGRESS = "in_progress", N_("in progress"), "info", "live", "running", "standing"
    REPORTED_DONE = "reported_done", N_("reported done, to be verified"), "info", "live", "standing", "prompt"
    VERIFIED = "verified", N_("done and verified"), "verified", "final", "standing"
    PARTLY = "partly", N_("partly done"), "warn", "live", "running", "standing"
    REOPENED = "reopened", N_("not done, reopened"), "bad", "live", "running", "standing"
    SUPERSEDED = "superseded", N_("replaced by another"), "", "final"
    WITHDRAWN = "withdrawn", N_("withdrawn"), "", "final"
    RISK_ACCEPTED = "risk_accepted", N_("closed, the risk is accepted"), "", "final", "standing"


class Addressee(StrEnum):
    CSO = "cso"
    MUNICIPALITY = "municipality"
    STAFF = "staff"


labels(
    Addressee,
    {
        Addressee.CSO: N_("organisation"),
        Addressee.MUNICIPALITY: N_("municipality"),
        Addressee.STAFF: N_("staff of the programme"),
    },
)


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


labels(
    Priority,
    {
        Priority.LOW: N_("low"),
        Priority.MEDIUM: N_("medium"),
        Priority.HIGH: N_("high"),
        Priority.CRITICAL: N_("critical"),
    },
)


class Adoption(StrEnum):
    """What the municipality adopted; adoption is dated evidence."""

    COUNCIL_DECISION = "council_decision"
    MAYOR_ORDER = "mayor_order"
    BUDGET = "budget"
    RULES = "rules"
    OTHER = "other"


labels(
    Adoption,
    {
        Adoption.COUNCIL_DECISION: N_("decision of the City Council"),
        Adoption.MAYOR_ORDER: N_("order of the Mayor"),
        Adoption.BUDGET: N_("budget"),
        Adoption.RULES: N_("rules or statute"),
        Adoption.OTHER: N_("another act"),
    },
)


class FollowUpKind(StrEnum):
    ANSWER = "answer"
    PROGRESS = "progress"
    EVIDENCE = "evidence"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION = "extension"
    EXTENSION_REFUSED = "extension_refused"
    VERIFICATION = "verification"


labels(
    FollowUpKind,
    {
        FollowUpKind.ANSWER: N_("answer"),
        FollowUpKind.PROGRESS: N_("progress"),
        FollowUpKind.EVIDENCE: N_("evidence"),
        FollowUpKind.EXTENSION_ASKED: N_("more time asked for"),
        FollowUpKind.EXTENSION: N_("due date extended"),
        FollowUpKind.EXTENSION_REFUSED: N_("more time refused"),
        FollowUpKind.VERIFICATION: N_("verification"),
    },
)


@apart
def its_owner(person: Person, recommendation: Recommendation) -> bool:
    """An organisation's editor or signatory; for a municipality the hand of its curator; of staff the one named."""
    if recommendation.addressee == Addressee.CSO:
        return person.works_for(recommendation.organisation_id)
    if recommendation.addressee == Addressee.MUNICIPALITY:
        return person.curates(recommendation.municipality_id)
    return person.is_staff and person.id == recommendation.owner_id


@apart
def its_lead(person: Person, recommendation: Recommendation) -> bool:
    return person.curates(recommendation.municipality_id)


@apart
def its_head(person: Person, recommendation: Recommendation) -> bool:
    return person.is_manager and person.id != recommendation.owner_id


@apart
def its_verifier(person: Person, recommendation: Recommendation) -> bool:
    """A curator of the municipality or a manager, who neither owns it nor reported it done."""
    looks_after = person.curates(recommendation.municipality_id) or person.is_manager
    owns = _owned_it(person, recommendation) or (
        recommendation.addressee == Addressee.CSO and person.works_for(recommendation.organisation_id)
    )
    return looks_after and not owns and person.id != recommendation.reported_by


def its_lead_or_head(person: Person, recommendation: Recommendation) -> bool:
    return its_lead(person, recommendation) or its_head(person, recommendation)


def may_draft(person: Person, municipality_id: UUID | None) -> bool:
    return person.curates(municipality_id)


def may_edit(person: Person, recommendation: Recommendation) -> bool:
    return its_lead(person, recommendation) and recommendation.state == State.DRAFT


def its_extender(person: Person, recommendation: Recommendation) -> bool:
    """A curator of the municipality or a manager, other than its owner and than who asked."""
    looks_after = person.curates(recommendation.municipality_id) or person.is_manager
    return looks_after and not _owned_it(person, recommendation)


def _owned_it(person: Person, recommendation: Recommendation) -> bool:
    """Today, or before it changed hands."""
    return person.id in {recommendation.owner_id, *(recommendation.earlier_owners or ())}


@apart
def may_hand_over(person: Person, recommendation: Recommendation) -> bool:
    """Give it to another of the staff, also when its owner is no longer there."""
    return person.is_manager or person.is_admin


def not_of_staff(person: Person, recommendation: Recommendation) -> str | None:
    """What an organisation or a municipality owns is taken on by whoever works for it, or looks after it, today."""
    return None if recommendation.addressee == Addressee.STAFF else _("It is not addressed to one of the staff.")


def without_due_date(person: Person, recommendation: Recommendation) -> str | None:
    return None if recommendation.due_current else _("Set a due date first.")


# Events that are no step of the lifecycle; the others have their sentence where the step is declared.
sentences(
    {
        "recommendation.drafted": N_("A recommendation was drafted"),
        "recommendation.edited": N_("The draft of a recommendation was changed"),
        "recommendation.escalated": N_("The recommendation was brought to the attention of the next level"),
    }
)
