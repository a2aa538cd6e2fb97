"""Meetings and achievements of the programme. The constraints are in migrations/."""

from piccolo.columns import UUID as Uuid
from piccolo.columns import Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Meeting(Table, tablename="meeting"):
    id = Uuid(primary_key=True)
    code = Text(null=True)
    kind = Text()
    date_from = Date(null=True)
    date_to = Date(null=True)
    date_precision = Text()
    date_note = Text(null=True)
    date_basis = Text(null=True)
    place = Text(null=True)
    organiser = Text(null=True)
    participants = Text(null=True)
    subject_ka = Text(null=True)
    subject_en = Text(null=True)
    decision_ka = Text(null=True)
    decision_en = Text(null=True)
    source = Text(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class MeetingMunicipality(Table, tablename="meeting_municipality"):
    meeting_id = Uuid()
    municipality_id = Uuid()


class Achievement(Table, tablename="achievement"):
    id = Uuid(primary_key=True)
    code = Text(null=True)
    municipality_id = Uuid(null=True)
    text_ka = Text(null=True)
    text_en = Text(null=True)
    numbers = Text(null=True)
    period = Text(null=True)
    source = Text(null=True)
