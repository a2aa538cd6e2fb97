"""Reviews, their scores, and the committee that decides on them. The constraints are in migrations/."""

from piccolo.columns import JSONB, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Review(Table, tablename="review"):
    id = Uuid(primary_key=True)
    application_id = Uuid(default=None)
    call_id = Uuid(default=None)
    reviewer_id = Uuid(default=None)
    state = Text(default=None)
    assigned_by = Uuid(default=None)
    due_on = Date(null=True, default=None)
    conflict = Boolean(null=True, default=None)
    declaration = Text(null=True, default=None)
    declared_at = Timestamptz(null=True, default=None)
    comment = Text(null=True, default=None)
    total = Numeric(digits=(7, 3), null=True, default=None)
    locked_at = Timestamptz(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Score(Table, tablename="score"):
    review_id = Uuid(default=None)
    call_id = Uuid(default=None)
    criterion_id = Uuid(default=None)
    points = Numeric(digits=(5, 1), default=None)
    comment = Text(null=True, default=None)


class MeetingMinutes(Table, tablename="meeting_minutes"):
    id = Uuid(primary_key=True)
    call_id = Uuid(default=None)
    number = Integer(default=None)
    held_on = Date(default=None)
    present = Text(null=True, default=None)
    text = Text(null=True, default=None)
    state = Text(default=None)
    opened_by = Uuid(default=None)
    signed_by = Uuid(null=True, default=None)
    signed_at = Timestamptz(null=True, default=None)
    body = JSONB(null=True, default=None)
    body_sha256 = Bytea(null=True, default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Decision(Table, tablename="decision"):
    id = Uuid(primary_key=True)
    minutes_id = Uuid(default=None)
    call_id = Uuid(default=None)
    application_id = Uuid(default=None)
    outcome = Text(default=None)
    rank = Integer(null=True, default=None)
    amount = Numeric(digits=(14, 2), null=True, default=None)
    reason = Text(default=None)
    exception_note = Text(null=True, default=None)
    decided_by = Uuid(default=None)
    decided_at = Timestamptz(default=None)
