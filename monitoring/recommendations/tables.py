"""Recommendations and what followed them. The constraints are in migrations/."""

from typing import TYPE_CHECKING

from piccolo.columns import UUID as Uuid
from piccolo.columns import Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Recommendation(Table, tablename="recommendation"):
    id = Uuid(primary_key=True)
    reference = Text(default=None)
    municipality_id = Uuid(default=None)
    award_id = Uuid(null=True, default=None)
    finding_id = Uuid(null=True, default=None)
    addressee = Text(default=None)
    organisation_id = Uuid(null=True, default=None)
    owner_id = Uuid(null=True, default=None)
    origin = Text(null=True, default=None)
    theme = Text(null=True, default=None)
    text_ka = Text(null=True, default=None)
    text_en = Text(null=True, default=None)
    state = Text(default=None)
    priority = Text(default=None)
    due_original = Date(null=True, default=None)
    due_current = Date(null=True, default=None)
    issued_by = Uuid(null=True, default=None)
    issued_at = Timestamptz(null=True, default=None)
    reported_by = Uuid(null=True, default=None)
    reported_at = Timestamptz(null=True, default=None)
    adopted_on = Date(null=True, default=None)
    adoption_kind = Text(null=True, default=None)
    verified_by = Uuid(null=True, default=None)
    verified_at = Timestamptz(null=True, default=None)
    superseded_by = Uuid(null=True, default=None)
    source_status = Text(null=True, default=None)
    status_when = Text(null=True, default=None)
    detail = Text(null=True, default=None)
    source = Text(null=True, default=None)
    created_by = Uuid(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)

    if TYPE_CHECKING:
        # what every read brings along of the people, places and grants around it
        overdue: bool
        award_reference: str | None
        title_ka: str | None
        title_en: str | None
        organisation_ka: str | None
        organisation_en: str | None
        slug: str
        place_ka: str
        place_en: str
        owner_name: str | None
        finding_text: str | None
        visit_reference: str | None
        successor_reference: str | None


class FollowUp(Table, tablename="follow_up"):
    id = Uuid(primary_key=True)
    recommendation_id = Uuid(default=None)
    kind = Text(default=None)
    text = Text(default=None)
    upload_id = Uuid(null=True, default=None)
    visit_id = Uuid(null=True, default=None)
    new_due = Date(null=True, default=None)
    author_id = Uuid(null=True, default=None)
    approved_by = Uuid(null=True, default=None)
    at = Timestamptz(default=None)
