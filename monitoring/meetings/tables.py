"""Meetings, publications and achievements of the programme. The constraints are in migrations/."""

from piccolo.columns import UUID as Uuid
from piccolo.columns import Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Meeting(Table, tablename="meeting"):
    id = Uuid(primary_key=True)
    code = Text(null=True, default=None)
    kind = Text(default=None)
    date_from = Date(null=True, default=None)
    date_to = Date(null=True, default=None)
    date_precision = Text(default=None)
    date_note = Text(null=True, default=None)
    date_basis = Text(null=True, default=None)
    place = Text(null=True, default=None)
    organiser = Text(null=True, default=None)
    participants = Text(null=True, default=None)
    subject_ka = Text(null=True, default=None)
    subject_en = Text(null=True, default=None)
    decision_ka = Text(null=True, default=None)
    decision_en = Text(null=True, default=None)
    source = Text(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class MeetingMunicipality(Table, tablename="meeting_municipality"):
    meeting_id = Uuid(default=None)
    municipality_id = Uuid(default=None)


class Publication(Table, tablename="publication"):
    id = Uuid(primary_key=True)
    code = Text(null=True, default=None)
    title_ka = Text(null=True, default=None)
    title_en = Text(null=True, default=None)
    kind = Text(default=None)
    date_text = Text(null=True, default=None)
    publisher = Text(null=True, default=None)
    languages = Text(null=True, default=None)
    content = Text(null=True, default=None)
    source = Text(null=True, default=None)


class Achievement(Table, tablename="achievement"):
    id = Uuid(primary_key=True)
    code = Text(null=True, default=None)
    municipality_id = Uuid(null=True, default=None)
    text_ka = Text(null=True, default=None)
    text_en = Text(null=True, default=None)
    numbers = Text(null=True, default=None)
    period = Text(null=True, default=None)
    source = Text(null=True, default=None)
