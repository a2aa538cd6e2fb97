"""Signed-in sessions: a random token in the cookie, its hash in the table, a new one at every sign-in."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from uuid import UUID

from accounts.person import Held, Person, Role
from accounts.tables import Session
from foundation.clock import now
from foundation.database import execute, row
from foundation.settings import settings

IDLE_STAFF, LIFE_STAFF = timedelta(minutes=30), timedelta(hours=12)
IDLE_CSO, LIFE_CSO = timedelta(hours=12), timedelta(days=7)
STAFF_KINDS = {Role.CURATOR, Role.MANAGER, Role.FINANCE, Role.DIRECTOR, Role.CHAIR, Role.ADMIN, Role.AUDITOR}


def cookie_name() -> str:
    """__Host- binds the cookie to this host and to TLS; plain http on one's own machine cannot have it."""
    return "__Host-sid" if settings().address.startswith("https://") else "sid"


async def open_session(person: Person, agent: str = "") -> str:
    """A fresh token for a person who has just proved who they are."""
    token = secrets.token_urlsafe(32)
    await execute(
        "INSERT INTO session (token_sha256, account_id, expires, agent) VALUES ($1, $2, $3, $4)",
        _hash(token), person.id, now() + life_of(person), agent[:200],
    )  # fmt: skip
    return token


def life_of(person: Person) -> timedelta:
    """How long a session may last at most; who handles others' money and data proves themselves more often."""
    return LIFE_STAFF if person.kinds & STAFF_KINDS else LIFE_CSO


async def person_of(token: str) -> Person | None:
    """Whose session this is, with their roles, in one statement, which also keeps, once a minute, when it was last
    used; None when it is unknown, idle too long or over."""
    found = await row(SESSION_SQL, _hash(token), not settings().production, now())
    if found is None:
        return None
    person = _person(found)
    idle = IDLE_STAFF if person.kinds & STAFF_KINDS else IDLE_CSO
    if now() - found["seen"] > idle:
        await close_session(token)
        return None
    if now() - found["seen"] > IDLE_STAFF:
        await execute("UPDATE session SET seen = clock_timestamp() WHERE token_sha256 = $1", _hash(token))
    return person


async def person_by_id(account_id: UUID) -> Person | None:
    found = await row(
        PERSON_SQL.format(
            first="", source="clock_timestamp() AS seen FROM account a WHERE a.id = $1 AND a.active", **ASKED
        ),
        account_id,
    )
    return _person(found) if found else None


async def close_session(token: str) -> None:
    await Session.delete().where(Session.token_sha256 == _hash(token))


async def close_all(account_id: UUID, but: str | None = None) -> None:
    """End every session of the account, as after a new password; `but` is the token that stays."""
    await execute(
        "DELETE FROM session WHERE account_id = $1 AND token_sha256 <> $2", account_id, _hash(but) if but else bytes(32)
    )


def csrf_token(token: str) -> str:
    """Bound to the session: useless in any other."""
    return hmac.new(settings().secret.encode(), b"csrf:" + token.encode(), hashlib.sha256).hexdigest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _person(found) -> Person:
    roles = tuple(
        Held(
            Role(role["kind"]),
            UUID(role["organisation_id"]) if role["organisation_id"] else None,
            frozenset(map(UUID, role["municipalities"])),
        )
        for role in json.loads(found["roles"])
    )
    return Person(
        found["id"], found["name"], roles, found["email"], found["language"],
        found["organisation_name_ka"], found["organisation_name_en"], closed_calls=frozenset(found["closed_calls"]),
        ties=frozenset(found["ties"]),
    )  # fmt: skip


FROM_SESSION = (
    "s.seen FROM session s JOIN account a ON a.id = s.account_id"
    " WHERE s.token_sha256 = $1 AND s.expires > clock_timestamp() AND a.active AND ($2 OR NOT a.example)"
)
# of whom it is asked with whom they have to do: who judges in calls, and who takes any step of the programme
JUDGES = "('reviewer', 'curator', 'chair', 'manager', 'director')"
STEPPERS = "('reviewer', 'curator', 'chair', 'manager', 'director', 'finance', 'admin')"
ASKED = {"judges": JUDGES, "steppers": STEPPERS}
# A curator without municipalities of their own has all of their organisation's; nobody has more than those.
PERSON_SQL = """
WITH {first}who AS (SELECT a.*, {source})
SELECT who.id, who.name, who.email::text AS email, who.language, who.seen,
  coalesce((SELECT json_agg(json_build_object('kind', r.kind, 'organisation_id', r.organisation_id, 'municipalities',
      CASE WHEN r.kind <> 'curator' THEN '[]'::json ELSE coalesce(
        (SELECT json_agg(c.municipality_id) FROM curated_municipality c WHERE c.organisation_id = r.organisation_id
          AND (NOT EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id)
            OR EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id
              AND m.municipality_id = c.municipality_id))),
        '[]'::json) END))
    FROM role r WHERE r.account_id = who.id AND (r.until IS NULL OR r.until > day_here())), '[]'::json)::text
    AS roles,
  o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en,
  CASE WHEN EXISTS (SELECT 1 FROM role r WHERE r.account_id = who.id AND r.kind IN {judges}) THEN
    ARRAY(SELECT calls_closed_to(who.id)) ELSE '{{}}' END AS closed_calls,
  CASE WHEN EXISTS (SELECT 1 FROM role r WHERE r.account_id = who.id AND r.kind IN {steppers}) THEN
    ARRAY(SELECT tied_organisations(who.id)) ELSE '{{}}' END AS ties
FROM who LEFT JOIN LATERAL (
  SELECT name_ka, name_en FROM role r JOIN organisation ON organisation.id = r.organisation_id
  WHERE r.account_id = who.id AND r.until IS NULL ORDER BY r.since LIMIT 1) o ON true
"""
# What is returned is when it was seen before this: a statement does not see what it writes itself. A session that may
# be over for its holder is left as it is, or a second request at the same moment would find it in use.
SESSION_SQL = PERSON_SQL.format(
    first="touched AS (UPDATE session SET seen = clock_timestamp() WHERE token_sha256 = $1"
    " AND seen < $3::timestamptz - interval '1 minute'"
    f" AND seen > $3::timestamptz - interval '{IDLE_STAFF.total_seconds():.0f} seconds'), ",
    source=FROM_SESSION,
    **ASKED,
)
