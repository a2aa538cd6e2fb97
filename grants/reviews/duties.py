"""What of reviews and decisions waits for whom, for the page of today."""

from __future__ import annotations

from accounts.person import Person
from foundation.database import rows
from foundation.language import gettext as _
from foundation.language import ngettext, pick_text
from lifecycle.waiting import Duty


async def reviews_that_wait(person: Person) -> list[Duty]:
    if not person.is_reviewer:
        return []
    return [
        Duty(
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
        for each in await rows(MINE_SQL, person.id)
    ]


async def what_managers_arrange(person: Person) -> list[Duty]:
    if not person.is_manager:
        return []
    found = await rows(ARRANGE_SQL, person.id)
    return [
        Duty(
            "waiting",
            _("Assign reviewers") if each["lacking"] else _("Start the evaluation"),
            f"/calls/{each['reference']}/reviews",
            about=pick_text(each, "title"),
        )
        for each in found
    ]


async def what_the_committee_decides(person: Person) -> list[Duty]:
    if not person.is_chair:
        return []
    found = await rows(DECIDE_SQL, person.id)
    duties = []
    for each in found:
        where, about = f"/calls/{each['reference']}/ranking", pick_text(each, "title")
        due = each["decision_due"]
        if each["scored"]:
            verb = ngettext("Decide on {n} application", "Decide on {n} applications", each["scored"])
            duties.append(Duty("waiting", verb, where, about=about, due=due))
        if each["unsigned"]:
            duties.append(Duty("waiting", _("Sign the minutes"), where, about=about, due=due))
        if not each["scored"] and not each["unsigned"] and not each["undecided"] and each["signed"]:
            duties.append(Duty("waiting", _("Finish deciding"), where, about=about, due=due))
    return duties


MINE_SQL = """
SELECT v.id, v.state, v.created, v.due_on, a.title_ka, a.title_en, o.name_ka AS organisation_name_ka,
  o.name_en AS organisation_name_en
FROM review v JOIN application a ON a.id = v.application_id JOIN organisation o ON o.id = a.organisation_id
JOIN call c ON c.id = v.call_id
WHERE v.reviewer_id = $1 AND a.state = 'in_review'
  AND (v.state = 'invited' OR (v.state IN ('clear', 'drafting', 'reopened') AND c.state = 'evaluating'))
ORDER BY v.due_on NULLS LAST, a.number
"""
ARRANGE_SQL = """
SELECT * FROM (
  SELECT c.id, c.reference, c.title_ka, c.title_en, c.state,
    EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND a.state = 'in_review' AND (SELECT count(*)
      FROM review v WHERE v.application_id = a.id AND v.state NOT IN ('conflicted', 'replaced'))
      < c.min_reviews) AS lacking,
    EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND a.state = 'in_review') AS any_in_review,
    EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND a.state = 'submitted') AS unchecked,
    EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND a.state = 'in_review' AND (SELECT count(*)
      FROM review v WHERE v.application_id = a.id AND v.state IN ('clear', 'drafting', 'locked', 'reopened'))
      < c.min_reviews) AS undeclared
  FROM call c WHERE c.state IN ('closed', 'evaluating') AND c.created_by IS DISTINCT FROM $1
    AND c.submitted_by IS DISTINCT FROM $1) q
WHERE lacking OR (state = 'closed' AND any_in_review AND NOT unchecked AND NOT undeclared)
ORDER BY reference
"""
DECIDE_SQL = """
SELECT c.reference, c.title_ka, c.title_en, c.decision_due,
  (SELECT count(*) FROM application a WHERE a.call_id = c.id AND a.state IN ('scored', 'corrected') AND NOT EXISTS (
    SELECT 1 FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
    WHERE d.application_id = a.id AND m.state = 'open')) AS scored,
  EXISTS (SELECT 1 FROM meeting_minutes m JOIN decision d ON d.minutes_id = m.id
    WHERE m.call_id = c.id AND m.state = 'open') AS unsigned,
  EXISTS (SELECT 1 FROM meeting_minutes m WHERE m.call_id = c.id AND m.state = 'signed') AS signed,
  EXISTS (SELECT 1 FROM application a WHERE a.call_id = c.id AND a.state IN ('submitted', 'admin_check',
    'clarification', 'in_review', 'scored', 'correction', 'corrected')) AS undecided
FROM call c WHERE c.state = 'evaluating' AND c.created_by IS DISTINCT FROM $1 AND c.submitted_by IS DISTINCT FROM $1
  AND c.approved_by IS DISTINCT FROM $1
ORDER BY c.reference
"""
