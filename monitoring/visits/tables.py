"""Monitoring visits, their photos and findings. The constraints are in migrations/; here are their sentences."""

from uuid import UUID

from piccolo.columns import JSONB, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Visit(Table, tablename="visit"):
    # Read along by queries: of the award, the place and the people.
    organisation_id: UUID
    award_reference: str
    title_ka: str | None
    title_en: str | None
    slug: str

    id = Uuid(primary_key=True)
    reference = Text(default=None)
    award_id = Uuid(default=None)
    municipality_id = Uuid(default=None)
    state = Text(default=None)
    purpose_ka = Text(null=True, default=None)
    purpose_en = Text(null=True, default=None)
    planned_from = Date(null=True, default=None)
    planned_to = Date(null=True, default=None)
    lead_id = Uuid(default=None)
    planned_by = Uuid(null=True, default=None)
    form_version = Integer(default=None)
    answers = JSONB(default=None)
    place = Text(null=True, default=None)
    latitude = Numeric(digits=(8, 5), null=True, default=None)
    longitude = Numeric(digits=(8, 5), null=True, default=None)
    accuracy_m = Integer(null=True, default=None)
    no_position_reason = Text(null=True, default=None)
    visited_on = Date(null=True, default=None)
    device_at = Timestamptz(null=True, default=None)
    women = Integer(null=True, default=None)
    men = Integer(null=True, default=None)
    notes = Text(null=True, default=None)
    manifest = JSONB(default=None)
    client_sha256 = Bytea(null=True, default=None)
    loss_reason = Text(null=True, default=None)
    received_at = Timestamptz(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    reviewed_by = Uuid(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    cancel_reason = Text(null=True, default=None)
    summary_ka = Text(null=True, default=None)
    summary_en = Text(null=True, default=None)
    source = Text(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class VisitPhoto(Table, tablename="visit_photo"):
    # Read along by queries.
    visit_reference: str
    is_public: bool

    id = Uuid(primary_key=True)
    visit_id = Uuid(default=None)
    upload_id = Uuid(default=None)
    client_sha256 = Bytea(null=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    consent = Boolean(default=None)
    public = Boolean(default=None)
    caption_ka = Text(null=True, default=None)
    caption_en = Text(null=True, default=None)
    created = Timestamptz(default=None)


class Finding(Table, tablename="finding"):
    # Read along by queries: of its visit.
    lead_id: UUID
    municipality_id: UUID
    organisation_id: UUID
    visit_reference: str
    visit_state: str
    photo_ids: list[UUID]

    id = Uuid(primary_key=True)
    visit_id = Uuid(default=None)
    award_id = Uuid(default=None)
    state = Text(default=None)
    kind = Text(default=None)
    severity = Text(default=None)
    text = Text(default=None)
    author_id = Uuid(default=None)
    response_kind = Text(null=True, default=None)
    response = Text(null=True, default=None)
    responded_by = Uuid(null=True, default=None)
    responded_at = Timestamptz(null=True, default=None)
    shared_at = Timestamptz(null=True, default=None)
    reviewed_by = Uuid(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class FindingPhoto(Table, tablename="finding_photo"):
    """A photo that shows what was found."""

    finding_id = Uuid(primary_key=True)
    photo_id = Uuid(default=None)
    visit_id = Uuid(default=None)


refusals(
    {
        "visit_second_person": N_("A visit is approved by somebody other than the one who made it."),
        "visit_frozen": N_("This visit is closed; what it says can no longer be changed."),
        "visit_not_future": N_("A visit cannot have happened in the future."),
        "visit_photo_frozen": N_("The photos of an approved visit can no longer be changed."),
        "visit_photo_public_with_consent": N_("A photo can be public only when the people on it agreed."),
        "finding_second_person": N_("A finding is made final by somebody other than its author."),
        "finding_frozen": N_("A finding stays as it was shared. Withdraw it and write a new one."),
        "finding_response_frozen": N_("A response stays as it was given."),
        "finding_with_evidence": N_("A high or critical finding becomes final only with a photo that shows it."),
        "finding_with_recommendation": N_("A high or critical finding becomes final only with a recommendation."),
    }
)
