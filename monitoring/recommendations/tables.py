"""Recommendations and what followed them. The constraints are in migrations/."""

from typing import TYPE_CHECKING
from uuid import UUID

from piccolo.columns import UUID as Uuid
from piccolo.columns import Array, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Recommendation(Table, tablename="recommendation"):
    id = Uuid(primary_key=True)
    reference = Text()
    municipality_id = Uuid()
    award_id = Uuid(null=True)
    finding_id = Uuid(null=True)
    addressee = Text()
    organisation_id = Uuid(null=True)
    owner_id = Uuid(null=True)
    earlier_owners = Array(base_column=Uuid())
    origin = Text(null=True)
    theme = Text(null=True)
    text_ka = Text(null=True)
    text_en = Text(null=True)
    state = Text()
    priority = Text()
    due_original = Date(null=True)
    due_current = Date(null=True)
    issued_by = Uuid(null=True)
    issued_at = Timestamptz(null=True)
    reported_by = Uuid(null=True)
    reported_at = Timestamptz(null=True)
    adopted_on = Date(null=True)
    adoption_kind = Text(null=True)
    verified_by = Uuid(null=True)
    verified_at = Timestamptz(null=True)
    superseded_by = Uuid(null=True)
    source_status = Text(null=True)
    status_when = Text(null=True)
    detail = Text(null=True)
    source = Text(null=True)
    created_by = Uuid(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()

    if TYPE_CHECKING:
        # what every read brings along of the people, places and grants around it
        overdue: bool
        grantee_id: UUID | None
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
    recommendation_id = Uuid()
    kind = Text()
    text = Text()
    upload_id = Uuid(null=True)
    visit_id = Uuid(null=True)
    new_due = Date(null=True)
    author_id = Uuid(null=True)
    approved_by = Uuid(null=True)
    at = Timestamptz()
