"""Every read of applications: which a person may see, one of them, lists of them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg

from accounts.person import Person
from foundation.database import all_of, get, one_of, rows
from grants.applications.lifecycle import State
from grants.applications.tables import Application, Attachment, Clarification
from grants.calls.queries import COLUMNS as CALL_COLUMNS
from grants.calls.tables import Call
from uploads.tables import Upload

# The names every page of an application shows; they become plain attributes of the row.
NAMED = """SELECT a.*, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en,
  m.name_ka AS municipality_name_ka, m.name_en AS municipality_name_en, m.slug AS municipality_slug
FROM application a JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id"""


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `application a` and its arguments, numbered from `first`: an organisation's people see theirs,
    staff and auditors what was submitted, a curator that of their municipalities, none of these where somebody competes
    whom they have to do with. A draft is its people's alone."""
    if person.is_system:
        return "true", []
    if person.reads_all:
        return (
            f"(a.submitted_at IS NOT NULL OR a.organisation_id = ANY(${first}::uuid[]))",
            [list(person.organisations)],
        )
    return (
        f"(a.organisation_id = ANY(${first}::uuid[])"
        f" OR (a.submitted_at IS NOT NULL AND (${first + 1} OR a.municipality_id = ANY(${first + 2}::uuid[]))"
        f" AND a.call_id <> ALL(${first + 3}::uuid[])))",
        [list(person.organisations), person.is_chair, list(person.municipalities), list(person.closed_calls)],
    )


def may_list(person: Person | None) -> bool:
    return applies(person) or triages(person)


def applies(person: Person | None) -> bool:
    return bool(person and person.organisations)


def triages(person: Person | None) -> bool:
    return bool(person and (person.reads_all or person.is_chair or person.is_curator))


async def application_of(person: Person, number: str) -> Application | None:
    """The application with this number; None unless this person may see it."""
    condition, args = visible_to(person, 2)
    return await one_of(Application, f"{NAMED} WHERE a.number = $1 AND {condition}", number, *args)


async def by_id(application_id: UUID) -> Application:
    """Without asking who may see it: for actions of the clock and for letters."""
    application = await get(Application, application_id)
    assert application is not None, "applications are never deleted"
    return application


async def call_of(application: Application) -> Call:
    """With `municipality_ids` and `invited_ids`."""
    call = await one_of(Call, f"SELECT {CALL_COLUMNS} FROM call c WHERE c.id = $1", application.call_id)
    assert call is not None
    return call


async def last_edits(application: Application) -> dict[str, asyncpg.Record]:
    """The newest change of each part of a draft: `at`, `actor` and `actor_name`, keyed by part."""
    found = await rows(
        "SELECT DISTINCT ON (p.body ->> 'part') p.body ->> 'part' AS part, e.at, e.actor, e.actor_name"
        " FROM event e JOIN event_payload p USING (seq)"
        " WHERE e.object_id = $1 AND e.name = 'application.edited' ORDER BY p.body ->> 'part', e.seq DESC",
        application.id,
    )
    return {each["part"]: each for each in found}


async def attachment_of(application: Application, attachment_id: UUID) -> tuple[Attachment, Upload] | None:
    its = (Attachment.id == attachment_id) & (Attachment.application_id == application.id)
    attachment = await Attachment.objects().get(its)
    if attachment is None:
        return None
    upload = await Upload.objects().get(Upload.id == attachment.upload_id)
    assert upload is not None
    return attachment, upload


async def clarifications_of(application: Application) -> list[Clarification]:
    """Oldest first, each with the name of who asked and the `files` that came with the reply."""
    found = await all_of(Clarification, CLARIFICATIONS_SQL, application.id)
    for each in found:
        raw: Any = each.files
        each.files = json.loads(raw)
    return found


async def open_question(application: Application) -> Clarification | None:
    """What the organisation is being asked now."""
    return await one_of(
        Clarification,
        "SELECT * FROM clarification WHERE application_id = $1 AND replied_at IS NULL AND kind = $2"
        " ORDER BY asked_at DESC LIMIT 1",
        application.id,
        "correction" if application.state == State.CORRECTION else "clarification",
    )


async def criteria_of(application: Application) -> list[asyncpg.Record]:
    """The call's eligibility criteria with what was found: passed is true, false or not judged."""
    return await rows(CRITERIA_SQL, application.call_id, application.id)


async def mine(person: Person) -> list[asyncpg.Record]:
    """The applications of the person's organisations: what can still be done first."""
    return await rows(MINE_SQL, list(person.organisations))


async def waiting_for(person: Person) -> list[asyncpg.Record]:
    """What the person can move on: `what` to do, `since` when, `due` by when where there is such a day."""
    return await rows(
        WAITING_SQL,
        list(person.organisations),
        [each for each in person.organisations if person.signs_for(each)],
        list(person.municipalities),
        person.is_manager,
        person.id,
        list(person.closed_calls),
    )


async def without_checker() -> list[asyncpg.Record]:
    """Of each call and municipality, how many applications wait for a check that no curator may make."""
    return await rows(WITHOUT_CHECKER)


WITHOUT_CHECKER = """
SELECT c.title_ka, c.title_en, m.slug, count(*) AS n, min(a.updated) AS since
FROM application a JOIN call c ON c.id = a.call_id JOIN municipality m ON m.id = a.municipality_id
WHERE (application_is_submitted(a.state) AND call_is_closed(c.state) OR application_in_check(a.state))
  AND NOT EXISTS (SELECT 1 FROM curated_municipality k JOIN role r ON r.organisation_id = k.organisation_id
    WHERE k.municipality_id = m.id AND r.kind = 'curator' AND curates(r.account_id, m.id)
      AND NOT connected(r.account_id, c.id))
GROUP BY c.id, m.id ORDER BY min(a.updated) LIMIT 50
"""
MINE_SQL = """
SELECT a.id, a.number, a.state, a.title_ka, a.title_en, a.requested, a.currency, a.submitted_at, a.language,
  o.name_ka AS organisation_ka, o.name_en AS organisation_en, m.slug AS municipality, c.reference AS call,
  c.title_ka AS call_title_ka, c.title_en AS call_title_en, c.deadline, c.state AS call_state, c.decision_due
FROM application a JOIN organisation o ON o.id = a.organisation_id JOIN call c ON c.id = a.call_id
LEFT JOIN municipality m ON m.id = a.municipality_id WHERE a.organisation_id = ANY($1::uuid[])
ORDER BY array_position(ARRAY['clarification', 'correction', 'awaiting_signoff', 'draft'], a.state) NULLS LAST,
  coalesce(a.submitted_at, a.created) DESC
LIMIT 200
"""
CLARIFICATIONS_SQL = """
SELECT q.*, w.name AS asked_by_name, r.name AS replied_by_name,
  (SELECT coalesce(json_agg(json_build_object('id', t.id, 'filename', u.filename, 'size', b.size)
      ORDER BY t.created), '[]') FROM attachment t
    JOIN upload u ON u.id = t.upload_id JOIN blob b ON b.sha256 = u.blob_sha256
    WHERE t.application_id = q.application_id AND t.clarification AND t.created >= q.asked_at
      AND t.created < coalesce((SELECT min(n.asked_at) FROM clarification n
        WHERE n.application_id = q.application_id AND n.asked_at > q.asked_at), 'infinity'))::text AS files
FROM clarification q JOIN account w ON w.id = q.asked_by LEFT JOIN account r ON r.id = q.replied_by
WHERE q.application_id = $1 ORDER BY q.asked_at
"""
CRITERIA_SQL = """
SELECT k.id, k.title_ka, k.title_en, e.passed, e.note, e.checked_at, w.name AS checked_by_name
FROM eligibility_criterion k LEFT JOIN eligibility_check e ON e.criterion_id = k.id AND e.application_id = $2
LEFT JOIN account w ON w.id = e.checked_by WHERE k.call_id = $1 ORDER BY k.position, k.id
"""
# A draft is urgent in its call's last week; the day shown is the deadline's in Tbilisi.
# What waits is found kind by kind, each by an index of its own and no more of it than is shown. Whoever is one of the
# applicant's people never decides about it; while somebody proposes "not eligible", nothing else is asked.
WAITING_SQL = """
WITH own AS (
  SELECT a.id, CASE
    WHEN application_is_draft(a.state) AND call_is_open(c.state) AND c.deadline > clock_timestamp() THEN 'draft'
    WHEN application_is_awaiting_signoff(a.state) AND a.organisation_id = ANY($2::uuid[]) THEN 'sign'
    WHEN application_asked(a.state) AND a.organisation_id = ANY($2::uuid[]) THEN 'answer' END AS what
  FROM application a JOIN call c ON c.id = a.call_id
  WHERE a.organisation_id = ANY($1::uuid[])
    AND (application_unsent(a.state) OR application_asked(a.state))),
proposed AS (
  SELECT a.id, 'confirm' AS what FROM application a
  WHERE $4 AND a.ineligible_proposed_by IS NOT NULL AND a.ineligible_confirmed_by IS NULL
    AND (application_unsent(a.state) OR application_live(a.state))
    AND a.ineligible_proposed_by <> $5 AND a.checked_by IS DISTINCT FROM $5 AND a.organisation_id <> ALL($1::uuid[])
    AND a.call_id <> ALL($6::uuid[])
  ORDER BY a.updated LIMIT 100),
sent AS (
  SELECT a.id, 'begin' AS what FROM application a JOIN call c ON c.id = a.call_id
  WHERE application_is_submitted(a.state) AND call_is_closed(c.state) AND a.municipality_id = ANY($3::uuid[])
    AND a.organisation_id <> ALL($1::uuid[]) AND a.call_id <> ALL($6::uuid[])
    AND (a.ineligible_proposed_by IS NULL OR a.ineligible_confirmed_by IS NOT NULL)
  ORDER BY a.updated LIMIT 100),
checked AS (
  SELECT a.id, w.what FROM application a CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE e.passed IS NULL) AS open, count(*) FILTER (WHERE NOT e.passed) AS failed
    FROM eligibility_criterion k LEFT JOIN eligibility_check e ON e.criterion_id = k.id AND e.application_id = a.id
    WHERE k.call_id = a.call_id) j CROSS JOIN LATERAL (SELECT CASE
    WHEN j.open > 0 AND a.municipality_id = ANY($3::uuid[]) THEN 'judge'
    WHEN j.failed > 0 AND a.municipality_id = ANY($3::uuid[]) THEN 'failing'
    WHEN j.open + j.failed = 0 AND $4 AND a.checked_by IS DISTINCT FROM $5 THEN 'review' END AS what) w
  WHERE application_is_admin_check(a.state) AND ($4 OR a.municipality_id = ANY($3::uuid[])) AND w.what IS NOT NULL
    AND a.organisation_id <> ALL($1::uuid[]) AND a.call_id <> ALL($6::uuid[])
    AND (a.ineligible_proposed_by IS NULL OR a.ineligible_confirmed_by IS NOT NULL)
  ORDER BY a.updated LIMIT 100)
SELECT a.number, w.what, CASE WHEN application_unsent(a.state)
    THEN (c.deadline AT TIME ZONE 'Asia/Tbilisi')::date
    WHEN application_asked(a.state) THEN (SELECT max(q.due_on) FROM clarification q
      WHERE q.application_id = a.id AND q.replied_at IS NULL) END AS due,
  a.updated AS since, a.title_ka, a.title_en, c.title_ka AS call_title_ka, c.title_en AS call_title_en,
  a.organisation_id <> ALL($1::uuid[]) AS staff, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en,
  m.slug
FROM (SELECT * FROM own UNION ALL SELECT * FROM proposed UNION ALL SELECT * FROM sent UNION ALL SELECT * FROM checked) w
JOIN application a ON a.id = w.id JOIN call c ON c.id = a.call_id JOIN organisation o ON o.id = a.organisation_id
LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE w.what IS NOT NULL ORDER BY due NULLS LAST, a.updated LIMIT 100
"""
