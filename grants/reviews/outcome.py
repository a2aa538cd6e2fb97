"""What an applicant is told of its reviews and the decision: scores and words, never whose they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.person import Person
from foundation.database import rows
from foundation.language import gettext as _
from grants.applications.extensions import Link
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.calls.queries import criteria_of
from grants.reviews import queries
from grants.reviews.lifecycle import Outcome, looks_over_reviews
from grants.reviews.ranking import average

RANKED = frozenset(
    {
        ApplicationState.IN_REVIEW,
        ApplicationState.SCORED,
        ApplicationState.CORRECTION,
        ApplicationState.CORRECTED,
        ApplicationState.RECOMMENDED,
        ApplicationState.RESERVE,
        ApplicationState.REJECTED,
        ApplicationState.APPROVED,
    }
)


async def decision_beside(application: Application, person: Person) -> Link | None:
    """Everybody who may see the application may read what was decided, once the minutes are signed."""
    if await queries.decision_of(application) is None:
        return None
    return Link(_("Decision, scores and reasons"), f"/applications/{application.number}/decision", "gavel")


async def ranking_beside(application: Application, person: Person) -> Link | None:
    if not looks_over_reviews(person) or application.state not in RANKED:
        return None
    call = await queries.call_by_id(application.call_id)
    return Link(_("Reviews and ranking"), f"/calls/{call.reference}/ranking/{application.number}", "scale")


async def outcome_for(application: Application) -> dict[str, Any] | None:
    """None while no signed minutes decide on it."""
    decision = await queries.decision_of(application)
    if decision is None:
        return None
    call = await queries.call_by_id(application.call_id)
    totals, by_criterion, comments = await _scores(application)
    return {
        "call": call,
        "decision": decision,
        "outcome": Outcome(decision.outcome),
        "average": average(totals),
        "reviews": len(totals),
        "criteria": [
            {
                "row": criterion,
                "average": average(by_criterion.get(criterion.id, {}).get("points", [])),
                "comments": by_criterion.get(criterion.id, {}).get("comments", []),
            }
            for criterion in await criteria_of(call)
        ],
        "comments": comments,
    }


async def _scores(application: Application) -> tuple[list[Decimal], dict[object, dict[str, list]], list[str]]:
    """Ordered by the review's id, which says nothing about its author."""
    reviews = await rows(
        "SELECT id, total, comment FROM review WHERE application_id = $1 AND review_is_locked(state) ORDER BY id",
        application.id,
    )
    found: dict[object, dict[str, list]] = {}
    for score in await rows(
        "SELECT s.* FROM score s JOIN review v ON v.id = s.review_id"
        " WHERE v.application_id = $1 AND review_is_locked(v.state) ORDER BY v.id",
        application.id,
    ):
        kept = found.setdefault(score["criterion_id"], {"points": [], "comments": []})
        kept["points"].append(score["points"])
        if score["comment"]:
            kept["comments"].append(score["comment"])
    return [each["total"] for each in reviews], found, [each["comment"] for each in reviews if each["comment"]]
