"""Monitoring visits, their photos and findings. The constraints are in migrations/; here are their sentences."""

from uuid import UUID

from piccolo.columns import JSONB, Array, Boolean, Bytea, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_
from monitoring.visits.whereabouts import doubts_of


class Visit(Table, tablename="visit"):
    # Read along by queries: of the award, the place and the people.
    organisation_id: UUID
    award_reference: str
    title_ka: str | None
    title_en: str | None
    slug: str
    lead_acts: bool

    @property
    def place_doubts(self) -> list[str]:
        return doubts_of(self)

    id = Uuid(primary_key=True)
    reference = Text()
    award_id = Uuid()
    municipality_id = Uuid()
    state = Text()
    purpose_ka = Text(null=True)
    purpose_en = Text(null=True)
    planned_from = Date(null=True)
    planned_to = Date(null=True)
    lead_id = Uuid()
    planned_by = Uuid(null=True)
    form_version = Integer()
    answers = JSONB()
    place = Text(null=True)
    latitude = Numeric(digits=(8, 5), null=True)
    longitude = Numeric(digits=(8, 5), null=True)
    accuracy_m = Integer(null=True)
    no_position_reason = Text(null=True)
    place_sure = Boolean()
    visited_on = Date(null=True)
    device_at = Timestamptz(null=True)
    women = Integer(null=True)
    men = Integer(null=True)
    notes = Text(null=True)
    manifest = JSONB()
    client_sha256 = Bytea(null=True)
    loss_reason = Text(null=True)
    received_at = Timestamptz(null=True)
    completed_at = Timestamptz(null=True)
    reviewed_by = Uuid(null=True)
    reviewed_at = Timestamptz(null=True)
    cancel_reason = Text(null=True)
    summary_ka = Text(null=True)
    summary_en = Text(null=True)
    source = Text(null=True)
    earlier_owners = Array(base_column=Uuid())
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class VisitPhoto(Table, tablename="visit_photo"):
    # Read along by queries.
    visit_reference: str
    is_public: bool

    id = Uuid(primary_key=True)
    visit_id = Uuid()
    upload_id = Uuid()
    client_sha256 = Bytea(null=True)
    taken_at = Timestamptz(null=True)
    consent = Boolean()
    public = Boolean()
    caption_ka = Text(null=True)
    caption_en = Text(null=True)
    created = Timestamptz()


class Finding(Table, tablename="finding"):
    # Read along by queries: of its visit.
    lead_id: UUID
    municipality_id: UUID
    organisation_id: UUID
    visit_reference: str
    visit_state: str
    photo_ids: list[UUID]
    earlier_leads: list[UUID]

    id = Uuid(primary_key=True)
    visit_id = Uuid()
    award_id = Uuid()
    state = Text()
    kind = Text()
    severity = Text()
    text = Text()
    author_id = Uuid()
    response_kind = Text(null=True)
    response = Text(null=True)
    responded_by = Uuid(null=True)
    responded_at = Timestamptz(null=True)
    shared_at = Timestamptz(null=True)
    reviewed_by = Uuid(null=True)
    reviewed_at = Timestamptz(null=True)
    earlier_owners = Array(base_column=Uuid())
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class FindingPhoto(Table, tablename="finding_photo"):
    """A photo that shows what was found."""

    finding_id = Uuid(primary_key=True)
    photo_id = Uuid()
    visit_id = Uuid()


refusals(
    {
        "visit_second_person": N_("A visit is approved by somebody other than the one who made it."),
        "visit_reviewed_by_no_part": N_("A person who led a visit before never approves it."),
        "finding_reviewed_by_no_part": N_("A person who kept a finding before never makes it final."),
        "visit_lead_curates": N_("A visit is led by somebody who looks after its municipality today."),
        "finding_author_curates": N_("A finding is kept by somebody who looks after its municipality today."),
        "finding_shared_with_evidence": N_("A high or critical finding is shared only with a photo that shows it."),
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
