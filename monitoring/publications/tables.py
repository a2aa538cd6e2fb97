"""Publications, their editions and whom they reached. The constraints are in migrations/."""

from typing import TYPE_CHECKING

from piccolo.columns import UUID as Uuid
from piccolo.columns import Boolean, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Publication(Table, tablename="publication"):
    id = Uuid(primary_key=True)
    reference = Text()
    state = Text()
    title_ka = Text(null=True)
    title_en = Text(null=True)
    kind = Text()
    when_first = Date(null=True)
    when_last = Date(null=True)
    when_precision = Text()
    when_note = Text(null=True)
    publisher = Text(null=True)
    about_ka = Text(null=True)
    about_en = Text(null=True)
    source = Text(null=True)
    basis = Text()
    past = Boolean()
    published_by = Uuid(null=True)
    published_at = Timestamptz(null=True)
    withdrawn_by = Uuid(null=True)
    withdrawn_at = Timestamptz(null=True)
    withdrawn_ka = Text(null=True)
    withdrawn_en = Text(null=True)
    created_by = Uuid(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()

    if TYPE_CHECKING:
        names: str | None  # of the organisations its publisher names by code, as JSON


class Edition(Table, tablename="publication_edition"):
    id = Uuid(primary_key=True)
    publication_id = Uuid()
    language = Text()
    upload_id = Uuid(null=True)
    address = Text(null=True)
    issued_on = Date(null=True)
    pages = Integer(null=True)
    minutes = Integer(null=True)
    basis = Text()
    created = Timestamptz()


class Reach(Table, tablename="publication_reach"):
    id = Uuid(primary_key=True)
    publication_id = Uuid()
    channel = Text()
    number = Integer(null=True)
    unit = Text()
    units_told = Integer(null=True)
    counted_on = Date(null=True)
    basis = Text()
    source = Text()
    created = Timestamptz()
