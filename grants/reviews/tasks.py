"""What of reviews and decisions waits for whom, for the page of today."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import Person, Role
from foundation.database import rows
from foundation.language import gettext as _
from foundation.language import ngettext, pick_text
from grants.reviews import queries
from grants.reviews.suggestion import Need, Reviewer, able_to
from grants.reviews.transitions import application_of, replace
from lifecycle.owned import Owned, Work
from lifecycle.tasks import MOST, Task


async def reviews_that_wait(person: Person) -> list[Task]:
    if not person.is_reviewer:
        return []
    return [
        Task(
            "waiting",
            _("Declare whether you have a conflict of interest")
            if each["state"] == "invited"
            else _("Score the application"),
            f"/reviews/{each['id']}",
            since=each["created"],
            who=pick_text(each, "organisation_name"),
            about=pick_text(each, "title"),
            due=each["due_on"],
        )
        for each in await rows(MINE_SQL, person.id, list(person.closed_calls))
    ]


async def what_managers_arrange(person: Person) -> list[Task]:
    if not person.is_manager:
        return []
    found = await rows(ARRANGE_SQL, person.id)
    return [
        Task(
            "waiting",
            _("Assign reviewers") if each["lacking"] else _("Start the evaluation"),
            f"/calls/{each['reference']}/reviews",
            about=pick_text(each, "title"),
        )
        for each in found
    ]


async def what_the_committee_decides(person: Person) -> list[Task]:
    if not person.is_chair:
        return []
    found = await rows(DECIDE_SQL, person.id, list(person.closed_calls))
    tasks = []
    for each in found:
        where, about = f"/calls/{each['reference']}/ranking", pick_text(each, "title")
        due = each["decision_due"]
        if each["scored"]:
            verb = ngettext("Decide on {n} application", "Decide on {n} applications", each["scored"])
            tasks.append(Task("waiting", verb, where, about=about, due=due))
        if each["unsigned"]:
            tasks.append(Task("waiting", _("Sign the minutes"), where, about=about, due=due))
        if not each["scored"] and not each["unsigned"] and not each["undecided"] and each["signed"]:
            tasks.append(Task("waiting", _("Finish deciding"), where, about=about, due=due))
    return tasks


# what stays with one person ---------------------------------------------------------------------------------------


async def _held(account_id: UUID | None) -> list[Work]:
    return [
        Work(review, f"{review.number}, {pick_text(review, 'title')}", f"/reviews/{review.id}", since=review.created)
        for review in await queries.held(account_id)
    ]


async def _could_review(review: Any) -> list[Reviewer]:
    call, application = await queries.call_by_id(review.call_id), await application_of(review)
    had = await rows("SELECT reviewer_id FROM review WHERE application_id = $1", application.id)
    need = Need(application.id, application.organisation_id, 1, frozenset(each["reviewer_id"] for each in had))
    return [each for each in await queries.reviewers(call) if able_to(each, need)]


REVIEWS = Owned(
    replace, {Role.REVIEWER}, _held, _could_review,
    sent=lambda successor, reason: {"reviewer": successor, "reason": reason}, path="",
)  # fmt: skip
MINE_SQL = f"""
SELECT v.id, v.state, v.created, v.due_on, a.title_ka, a.title_en, o.name_ka AS organisation_name_ka,
  o.name_en AS organisation_name_en
FROM review v JOIN application a ON a.id = v.application_id JOIN organisation o ON o.id = a.organisation_id
JOIN call c ON c.id = v.call_id
WHERE v.reviewer_id = $1 AND review_under_way(v.state) AND application_is_in_review(a.state)
  AND (review_is_invited(v.state)
    OR (review_scoring(v.state) AND call_is_evaluating(c.state) AND c.id <> ALL($2::uuid[])))
ORDER BY v.due_on, v.id LIMIT {MOST}
"""
ARRANGE_SQL = """
SELECT * FROM (
  SELECT c.id, c.reference, c.title_ka, c.title_en, c.state,
    EXISTS (SELECT 1 FROM application_reviews n WHERE n.call_id = c.id AND n.counting < c.min_reviews) AS lacking,
    EXISTS (SELECT 1 FROM application_reviews n WHERE n.call_id = c.id) AS any_in_review,
    EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND application_is_submitted(a.state)) AS unchecked,
    EXISTS (SELECT 1 FROM application_reviews n WHERE n.call_id = c.id AND n.reading < c.min_reviews) AS undeclared
  FROM call c WHERE call_in_evaluation(c.state) AND c.created_by IS DISTINCT FROM $1
    AND c.submitted_by IS DISTINCT FROM $1) q
WHERE lacking OR (call_is_closed(state) AND any_in_review AND NOT unchecked AND NOT undeclared)
ORDER BY reference
"""
DECIDE_SQL = """
SELECT c.reference, c.title_ka, c.title_en, c.decision_due,
  (SELECT count(*) FROM application a WHERE a.call_id = c.id AND application_for_committee(a.state) AND NOT EXISTS (
    SELECT 1 FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
    WHERE d.application_id = a.id AND meeting_minutes_is_open(m.state))) AS scored,
  EXISTS (SELECT 1 FROM meeting_minutes m JOIN decision d ON d.minutes_id = m.id
    WHERE m.call_id = c.id AND meeting_minutes_is_open(m.state)) AS unsigned,
  EXISTS (SELECT 1 FROM meeting_minutes m WHERE m.call_id = c.id AND meeting_minutes_is_signed(m.state)) AS signed,
  EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND application_undecided(a.state)) AS undecided
FROM call c WHERE call_is_evaluating(c.state) AND c.created_by IS DISTINCT FROM $1
  AND c.submitted_by IS DISTINCT FROM $1
  AND c.approved_by IS DISTINCT FROM $1 AND c.id <> ALL($2::uuid[])
ORDER BY c.reference
"""
