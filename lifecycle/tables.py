"""The event log: append-only and hash-chained by the database; payloads apart, so they can be erased."""

from piccolo.columns import JSONB, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class EventRow(Table, tablename="event"):
    """One thing that happened. Belongs to no table but itself, so history outlives people."""

    seq = BigInt(primary_key=True)
    at = Timestamptz()
    actor = Uuid(null=True)
    actor_name = Text()
    actor_role = Text()
    name = Text()
    object_type = Text()
    object_id = Uuid(null=True)
    request_id = Uuid()
    payload_commit = Bytea()
    prev = Bytea()
    hash = Bytea()


class EventPayload(Table, tablename="event_payload"):
    """What the event was about; may be erased, the chain keeps its commitment."""

    seq = BigInt(primary_key=True)
    salt = Bytea()
    body = JSONB()


class EventJob(Table, tablename="event_job"):
    """The event's follow-up, claimed by the worker after commit."""

    seq = BigInt(primary_key=True)
    state = Text()
    attempts = Integer()
    next_at = Timestamptz()
    last_error = Text(null=True)
