"""States of a recommendation, its moves, and who may make each. Pure."""

from enum import StrEnum
from typing import Any

from accounts.person import Person
from foundation.language import N_, labels
from lifecycle.move import Move
from lifecycle.record import sentences


class State(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    IN_PROGRESS = "in_progress"
    REPORTED_DONE = "reported_done"
    VERIFIED = "verified"
    PARTLY = "partly"
    REOPENED = "reopened"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    RISK_ACCEPTED = "risk_accepted"


labels(
    State,
    {
        State.DRAFT: N_("draft"),
        State.ISSUED: N_("issued, not answered yet"),
        State.ACCEPTED: N_("accepted by its owner"),
        State.DISPUTED: N_("disputed"),
        State.IN_PROGRESS: N_("in progress"),
        State.REPORTED_DONE: N_("reported done, to be verified"),
        State.VERIFIED: N_("done and verified"),
        State.PARTLY: N_("partly done"),
        State.REOPENED: N_("not done, reopened"),
        State.SUPERSEDED: N_("replaced by another"),
        State.WITHDRAWN: N_("withdrawn"),
        State.RISK_ACCEPTED: N_("closed, the risk is accepted"),
    },
)


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

FINAL = frozenset({State.VERIFIED, State.SUPERSEDED, State.WITHDRAWN, State.RISK_ACCEPTED})
LIVE = frozenset(State) - FINAL - {State.DRAFT}
# Somebody still has to do something before its due date: once reported done, it waits for the verifier instead.
RUNNING = LIVE - {State.REPORTED_DONE}


def its_owner(person: Person, recommendation: Any) -> bool:
    """An organisation's editor or signatory; for a municipality the hand of its curator; of staff the one named."""
    if recommendation.addressee == Addressee.CSO:
        return recommendation.organisation_id is not None and person.works_for(recommendation.organisation_id)
    if recommendation.addressee == Addressee.MUNICIPALITY:
        return person.curates(recommendation.municipality_id)
    return person.id is not None and person.id == recommendation.owner_id


def its_lead(person: Person, recommendation: Any) -> bool:
    return person.curates(recommendation.municipality_id)


def its_head(person: Person, recommendation: Any) -> bool:
    return person.is_manager and person.id != recommendation.owner_id


def its_verifier(person: Person, recommendation: Any) -> bool:
    """A curator of the municipality or a manager, who neither owns it nor reported it done."""
    looks_after = person.curates(recommendation.municipality_id) or person.is_manager
    owns = recommendation.owner_id == person.id or (
        recommendation.addressee == Addressee.CSO
        and recommendation.organisation_id is not None
        and person.works_for(recommendation.organisation_id)
    )
    return looks_after and not owns and person.id != recommendation.reported_by


def its_lead_or_head(person: Person, recommendation: Any) -> bool:
    return its_lead(person, recommendation) or its_head(person, recommendation)


def may_draft(person: Person, municipality_id: Any) -> bool:
    return person.curates(municipality_id)


def may_edit(person: Person, recommendation: Any) -> bool:
    return its_lead(person, recommendation) and recommendation.state == State.DRAFT


def may_follow_up(person: Person, recommendation: Any) -> bool:
    """The owner tells how far it is and adds evidence, as long as it is theirs to do."""
    return its_owner(person, recommendation) and recommendation.state in RUNNING


def may_ask_more_time(person: Person, recommendation: Any) -> bool:
    return may_follow_up(person, recommendation) and recommendation.due_current is not None


def may_extend(person: Person, recommendation: Any) -> bool:
    """A curator of the municipality or a manager, other than its owner and than who asked."""
    looks_after = person.curates(recommendation.municipality_id) or person.is_manager
    return looks_after and recommendation.owner_id != person.id and recommendation.state in RUNNING


ENTITY = "recommendation"
ISSUE = Move(ENTITY, "recommendation.issued", {State.DRAFT}, State.ISSUED, its_lead)
ACCEPT = Move(ENTITY, "recommendation.accepted", {State.ISSUED, State.DISPUTED}, State.ACCEPTED, its_owner)
DISPUTE = Move(ENTITY, "recommendation.disputed", {State.ISSUED}, State.DISPUTED, its_owner, reasoned=True)
REISSUE = Move(ENTITY, "recommendation.reissued", {State.DISPUTED}, State.ISSUED, its_head, reasoned=True)
START = Move(
    ENTITY, "recommendation.started", {State.ACCEPTED, State.PARTLY, State.REOPENED}, State.IN_PROGRESS, its_owner
)
REPORT_DONE = Move(ENTITY, "recommendation.reported_done", {State.IN_PROGRESS}, State.REPORTED_DONE, its_owner)
VERIFY = Move(ENTITY, "recommendation.verified", {State.REPORTED_DONE}, State.VERIFIED, its_verifier)
PARTLY = Move(ENTITY, "recommendation.partly_done", {State.REPORTED_DONE}, State.PARTLY, its_verifier, reasoned=True)
REOPEN = Move(ENTITY, "recommendation.reopened", {State.REPORTED_DONE}, State.REOPENED, its_verifier, reasoned=True)
SUPERSEDE = Move(ENTITY, "recommendation.superseded", LIVE | {State.DRAFT}, State.SUPERSEDED, its_lead_or_head)
WITHDRAW = Move(ENTITY, "recommendation.withdrawn", LIVE | {State.DRAFT}, State.WITHDRAWN, its_head, reasoned=True)
ACCEPT_RISK = Move(
    ENTITY, "recommendation.risk_accepted", LIVE | {State.DRAFT}, State.RISK_ACCEPTED, its_head, reasoned=True
)

# keyed by the noun in the URL
MOVES = {
    "issue": ISSUE,
    "acceptance": ACCEPT,
    "dispute": DISPUTE,
    "reissue": REISSUE,
    "start": START,
    "completion": REPORT_DONE,
    "verification": VERIFY,
    "partial-verification": PARTLY,
    "reopening": REOPEN,
    "replacement": SUPERSEDE,
    "withdrawal": WITHDRAW,
    "accepted-risk": ACCEPT_RISK,
}

sentences(
    {
        "recommendation.drafted": N_("A recommendation was drafted"),
        "recommendation.edited": N_("The draft of a recommendation was changed"),
        "recommendation.issued": N_("The recommendation was issued"),
        "recommendation.accepted": N_("Its owner accepted the recommendation"),
        "recommendation.disputed": N_("Its owner disputed the recommendation"),
        "recommendation.reissued": N_("The disputed recommendation was issued again"),
        "recommendation.started": N_("Work on the recommendation began"),
        "recommendation.progress_told": N_("Its owner told how far it is"),
        "recommendation.evidence_added": N_("Evidence was added"),
        "recommendation.reported_done": N_("Its owner reported the recommendation done"),
        "recommendation.verified": N_("The recommendation was verified as done"),
        "recommendation.partly_done": N_("The recommendation was found partly done"),
        "recommendation.reopened": N_("The recommendation was found not done and reopened"),
        "recommendation.extension_asked": N_("More time was asked for"),
        "recommendation.extended": N_("The due date was extended"),
        "recommendation.extension_refused": N_("More time was refused"),
        "recommendation.superseded": N_("The recommendation was replaced by another"),
        "recommendation.withdrawn": N_("The recommendation was withdrawn"),
        "recommendation.risk_accepted": N_("The recommendation was closed and its risk accepted"),
        "recommendation.escalated": N_("The recommendation was brought to the attention of the next level"),
    }
)
