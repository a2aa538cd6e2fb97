"""Every read of visits, photos and findings. Lists and single rows start from the same conditions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.clock import today
from foundation.database import Row, all_of, one_of, row, rows, value
from grants.awards.queries import visible_to as awards_visible_to
from grants.awards.tables import Award
from lifecycle.owned import without_hands
from lifecycle.tasks import MOST
from monitoring.visits.tables import Finding, Visit, VisitPhoto

# Seven days after its window a visit that did not begin counts as missed.
GRACE = 7
PLANNED_AHEAD = "visit_ahead(v.state)"
MISSED = f"({PLANNED_AHEAD} AND v.planned_to + {GRACE} < $1)"

FROM = """
FROM visit v JOIN award w ON w.id = v.award_id JOIN organisation o ON o.id = w.organisation_id
JOIN municipality m ON m.id = v.municipality_id JOIN account l ON l.id = v.lead_id
LEFT JOIN account r ON r.id = v.reviewed_by
"""
WHOLE = """
SELECT v.*, w.organisation_id, w.reference AS award_reference, w.title_ka, w.title_en, o.name_ka AS organisation_ka,
  o.name_en AS organisation_en, m.slug, m.name_ka AS municipality_ka, m.name_en AS municipality_en,
  l.name AS lead_name, r.name AS reviewer_name, curates(v.lead_id, v.municipality_id) AS lead_acts
"""


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `visit v` and `award w`, its arguments numbered from `first`. The grantee's people see a visit
    once its text is here, a donor once it is approved."""
    a, b, c, d = (f"${first + n}" for n in range(4))
    sql = (
        f"({a}::bool OR v.municipality_id = ANY({b}::uuid[])"
        f" OR ({c}::bool AND visit_is_approved(v.state)) OR (w.organisation_id = ANY({d}::uuid[])"
        f" AND visit_told(v.state)))"
    )
    return sql, [person.reads_all, list(person.municipalities), person.is_donor, list(person.organisations)]


async def by_reference(person: Person, reference: str) -> Visit | None:
    seen, args = visible_to(person)
    return await one_of(Visit, f"{WHOLE} {FROM} WHERE v.reference = $5 AND {seen}", *args, reference)


async def by_id(person: Person, visit_id: UUID) -> Visit | None:
    seen, args = visible_to(person)
    return await one_of(Visit, f"{WHOLE} {FROM} WHERE v.id = $5 AND {seen}", *args, visit_id)


# lists -----------------------------------------------------------------------------------------------------------

LINE = """
SELECT v.id, v.reference, v.state, v.planned_from, v.planned_to, v.visited_on, v.place, v.women, v.men, v.purpose_ka,
  v.purpose_en, w.reference AS award_reference, w.title_ka, w.title_en, o.name_ka AS organisation_ka,
  o.name_en AS organisation_en, m.slug, m.name_ka AS municipality_ka, m.name_en AS municipality_en, l.name AS lead_name
"""


async def calendar_of(person: Person) -> list[Row]:
    """Visits this person leads that are not yet approved, in the order of their days."""
    return await rows(
        f"{LINE}, {MISSED} AS missed {FROM} WHERE v.lead_id = $2::uuid AND visit_pending(v.state)"
        " AND v.municipality_id = ANY($3::uuid[]) ORDER BY coalesce(v.visited_on, v.planned_from), v.reference",
        today(),
        person.id,
        list(person.municipalities),
    )


async def of_award(person: Person, award_id: UUID) -> list[Row]:
    """For the page of a grant: its visits this person may see, newest first."""
    seen, args = visible_to(person, 2)
    return await rows(
        f"{LINE}, {MISSED} AS missed {FROM} WHERE v.award_id = $6 AND {seen}"
        " ORDER BY coalesce(v.visited_on, v.planned_from) DESC",
        today(),
        *args,
        award_id,
    )


async def visitable(person: Person) -> list[Row]:
    """Grants this person may plan a visit to: signed ones, everywhere for a manager, else in their municipalities."""
    return await rows(
        "SELECT w.id, w.reference, w.title_ka, w.title_en, o.name_ka AS organisation_ka, o.name_en AS organisation_en,"
        " m.name_ka AS municipality_ka, m.name_en AS municipality_en, w.municipality_id"
        " FROM award w JOIN organisation o ON o.id = w.organisation_id JOIN municipality m ON m.id = w.municipality_id"
        " WHERE award_running(w.state) AND ($1 OR w.municipality_id = ANY($2::uuid[]))"
        " ORDER BY m.position, w.reference",
        person.is_manager,
        list(person.municipalities),
    )


async def award_of(person: Person, award_id: UUID) -> Award | None:
    seen, args = awards_visible_to(person, 2)
    return await one_of(Award, f"SELECT a.* FROM award a WHERE a.id = $1 AND {seen}", award_id, *args)


# photos ----------------------------------------------------------------------------------------------------------

# When it came, where its camera does not say when it was taken.
RECEIVED_ON = "(u.created AT TIME ZONE 'Asia/Tbilisi')::date AS received_on"
# Everybody, signed in or not, may see these: over `visit_photo p` and `visit v`.
PUBLIC_PHOTO = "(visit_is_approved(v.state) AND p.public AND p.consent)"


async def photos_of(person: Person, visit: Visit) -> list[Row]:
    """Of a visit the person may see; a donor gets those whose people agreed."""
    return await rows(
        f"SELECT p.*, b.width, b.height, u.illustration, {RECEIVED_ON}"
        " FROM visit_photo p JOIN upload u ON u.id = p.upload_id"
        " JOIN blob b ON b.sha256 = u.blob_sha256 WHERE p.visit_id = $1 AND (p.consent OR NOT $2)"
        " ORDER BY p.taken_at NULLS LAST, p.id",
        visit.id,
        _only_consented(person),
    )


async def repeats_of(visit: Visit) -> dict[UUID, str]:
    """Photos of this visit that are, to the byte, photos of other visits: by photo, their references. Drawings of the
    example are used on purpose."""
    found = await rows(
        "SELECT p.id, string_agg(DISTINCT w.reference, ', ') AS others FROM visit_photo p"
        " JOIN upload u ON u.id = p.upload_id JOIN upload t ON t.blob_sha256 = u.blob_sha256"
        " JOIN visit_photo q ON q.upload_id = t.id AND q.visit_id <> p.visit_id JOIN visit w ON w.id = q.visit_id"
        " WHERE p.visit_id = $1 AND NOT u.illustration GROUP BY p.id",
        visit.id,
    )
    return {each["id"]: each["others"] for each in found}


async def twins_of(visit: Visit) -> list[str]:
    """Other visits of the grant that tell the same of the same day."""
    found = await rows(
        "SELECT reference FROM visit WHERE award_id = $1 AND id <> $2 AND visited_on = $3 AND notes = $4"
        " AND NOT visit_dropped(state) ORDER BY reference",
        visit.award_id, visit.id, visit.visited_on, visit.notes,
    )  # fmt: skip
    return [each["reference"] for each in found]


async def photo_by_id(person: Person, photo_id: UUID) -> VisitPhoto | None:
    """Whoever sees the visit sees it, and everybody where it is public."""
    seen, args = visible_to(person)
    return await one_of(
        VisitPhoto,
        f"SELECT p.*, v.reference AS visit_reference, {PUBLIC_PHOTO} AS is_public FROM visit_photo p"
        " JOIN visit v ON v.id = p.visit_id JOIN award w ON w.id = v.award_id"
        f" WHERE p.id = $5 AND ({PUBLIC_PHOTO} OR ({seen} AND (p.consent OR NOT $6)))",
        *args,
        photo_id,
        _only_consented(person),
    )


async def photos_beside(person: Person, photo: VisitPhoto) -> list[Row]:
    """Every photo of its visit this person may see, in their order, each with what a page about it tells."""
    seen, args = visible_to(person)
    return await rows(
        f"SELECT p.id, p.caption_ka, p.caption_en, p.consent, p.public, p.taken_at, {RECEIVED_ON}, b.width, b.height,"
        " b.size,"
        " encode(u.blob_sha256, 'hex') AS sha256, u.illustration, v.visited_on, v.place, v.state AS visit_state,"
        " v.reviewed_at, w.reference AS award_reference, w.title_ka, w.title_en, o.name_ka AS organisation_ka,"
        " o.name_en AS organisation_en, m.slug, m.name_ka AS municipality_ka, m.name_en AS municipality_en"
        f" {FROM.replace('FROM visit v', 'FROM visit_photo p JOIN visit v ON v.id = p.visit_id')}"
        " JOIN upload u ON u.id = p.upload_id JOIN blob b ON b.sha256 = u.blob_sha256"
        f" WHERE p.visit_id = $5 AND ({PUBLIC_PHOTO} OR ({seen} AND (p.consent OR NOT $6)))"
        " ORDER BY p.taken_at NULLS LAST, p.id",
        *args,
        photo.visit_id,
        _only_consented(person),
    )


def _only_consented(person: Person) -> bool:
    return person.is_donor and not person.reads_all


# findings --------------------------------------------------------------------------------------------------------

FINDING = """
SELECT f.*, v.lead_id, v.earlier_owners AS earlier_leads, v.municipality_id, v.reference AS visit_reference,
  v.state AS visit_state, w.organisation_id, a.name AS author_name, p.name AS responder_name, r.name AS reviewer_name,
  ARRAY(SELECT photo_id FROM finding_photo fp WHERE fp.finding_id = f.id ORDER BY photo_id) AS photo_ids
FROM finding f JOIN visit v ON v.id = f.visit_id JOIN award w ON w.id = v.award_id
JOIN account a ON a.id = f.author_id LEFT JOIN account p ON p.id = f.responded_by
LEFT JOIN account r ON r.id = f.reviewed_by
"""


def finding_visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """Over `finding f`, `visit v`, `award w`. Drafts are for those who visit and review; the grantee's people see what
    was shared, a donor what became final."""
    a, b, c, d = (f"${first + n}" for n in range(4))
    sql = (
        f"({a}::bool OR v.municipality_id = ANY({b}::uuid[])"
        f" OR ({c}::bool AND visit_is_approved(v.state) AND finding_settled(f.state))"
        f" OR (w.organisation_id = ANY({d}::uuid[]) AND finding_shared(f.state)))"
    )
    return sql, visible_to(person)[1]


async def findings_of(person: Person, visit: Visit) -> list[Finding]:
    seen, args = finding_visible_to(person)
    return await all_of(
        Finding, f"{FINDING} WHERE f.visit_id = $5 AND {seen} ORDER BY f.created, f.id", *args, visit.id
    )


async def finding_by_id(person: Person, finding_id: UUID) -> Finding | None:
    seen, args = finding_visible_to(person)
    return await one_of(Finding, f"{FINDING} WHERE f.id = $5 AND {seen}", *args, finding_id)


async def photos_in(finding: Finding) -> bool:
    return await value("SELECT EXISTS (SELECT 1 FROM finding_photo WHERE finding_id = $1)", finding.id)


async def unanswered_since(before: object) -> list[Finding]:
    return await all_of(
        Finding, f"{FINDING} WHERE finding_is_shared(f.state) AND f.shared_at < $1 ORDER BY f.id", before
    )


# what a visit still lacks ----------------------------------------------------------------------------------------


async def missing_photos(visit: Visit) -> list[str]:
    """Ids the phone announced whose bytes have not come."""
    manifest: Any = visit.manifest or []
    announced = {entry["id"]: entry["sha256"] for entry in manifest}
    if not announced:
        return []
    here = {
        str(r["id"]): r["client_sha256"]
        for r in await rows("SELECT id, client_sha256 FROM visit_photo WHERE visit_id = $1", visit.id)
    }
    return [key for key, sha256 in announced.items() if here.get(key) is None or here[key].hex() != sha256]


async def hashes_here(visit: Visit) -> list[Row]:
    """Photos that arrived, by the hash the phone knows them by."""
    return await rows(
        "SELECT id, client_sha256, created FROM visit_photo WHERE visit_id = $1 ORDER BY created, id", visit.id
    )


async def waiting(person: Person) -> dict[str, list[Row]]:
    """What waits for this person, by kind, in two statements."""
    visits = await rows(
        f"{LINE}, {MISSED} AS missed, v.lead_id = $2::uuid AS mine, v.received_at, v.completed_at, v.updated {FROM}"
        " WHERE w.organisation_id <> ALL($5::uuid[])"
        " AND ((v.lead_id = $2::uuid AND visit_with_lead(v.state) AND v.municipality_id = ANY($4::uuid[]))"
        " OR (visit_is_in_review(v.state) AND $2::uuid <> ALL(v.lead_id || v.earlier_owners)"
        "   AND ($3 OR v.municipality_id = ANY($4::uuid[]))))"
        " ORDER BY coalesce(v.visited_on, v.planned_from), v.id",
        today(),
        person.id,
        person.is_manager,
        list(person.municipalities),
        list(person.ties),
    )
    findings = await rows(
        "SELECT f.id, f.state, f.text, f.shared_at, f.responded_at, f.created, v.reference, m.slug, f.severity,"
        " w.title_ka, w.title_en, a.name AS author_name, o.name_ka AS organisation_ka, o.name_en AS organisation_en"
        " FROM finding f JOIN visit v ON v.id = f.visit_id JOIN award w ON w.id = v.award_id"
        " JOIN municipality m ON m.id = v.municipality_id JOIN account a ON a.id = f.author_id"
        " JOIN organisation o ON o.id = w.organisation_id"
        " WHERE w.organisation_id <> ALL($5::uuid[])"
        " AND ((finding_is_shared(f.state) AND w.organisation_id = ANY($2::uuid[]))"
        " OR (finding_is_draft(f.state) AND $1::uuid IN (v.lead_id, f.author_id)"
        "   AND v.municipality_id = ANY($4::uuid[]) AND visit_told(v.state))"
        " OR (finding_is_responded(f.state)"
        "   AND $1::uuid <> ALL(ARRAY[f.author_id, v.lead_id] || f.earlier_owners || v.earlier_owners)"
        "   AND ($3 OR v.municipality_id = ANY($4::uuid[])))) ORDER BY f.created",
        person.id,
        list(person.organisations),
        person.is_manager,
        list(person.municipalities),
        list(person.ties),
    )
    return {"visits": visits, "findings": findings}


async def to_be_visited(person: Person) -> list[Row]:
    """Tranches that wait for a visit and for nothing else, where none is planned or under way."""
    return await rows(
        "SELECT t.number, w.reference, m.slug, o.name_ka AS organisation_ka, o.name_en AS organisation_en"
        " FROM tranche t JOIN award w ON w.id = t.award_id JOIN organisation o ON o.id = w.organisation_id"
        " JOIN municipality m ON m.id = w.municipality_id WHERE tranche_is_planned(t.state)"
        " AND award_running(w.state) AND ($1 OR w.municipality_id = ANY($2::uuid[]))"
        " AND w.organisation_id <> ALL($3::uuid[])"
        " AND EXISTS (SELECT 1 FROM tranche_condition c WHERE c.tranche_id = t.id AND c.fulfilled_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM tranche_condition c WHERE c.tranche_id = t.id AND c.fulfilled_at IS NULL"
        "   AND c.kind <> 'visit_approved')"
        " AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.award_id = w.id AND visit_pending(v.state))"
        f" ORDER BY w.reference, t.number LIMIT {MOST}",
        person.is_manager,
        list(person.municipalities),
        list(person.ties),
    )


# what stays with one person -------------------------------------------------------------------------------------


async def held(account_id: UUID | None) -> list[Visit]:
    """Visits this person leads that are not approved yet; of nobody: those whose lead can no longer act."""
    return await all_of(
        Visit,
        f"{WHOLE} {FROM} WHERE visit_pending(v.state) AND (v.lead_id = $1::uuid"
        f" OR $1::uuid IS NULL AND v.id IN {without_hands('visit')}) ORDER BY v.reference",
        account_id,
    )


async def held_findings(account_id: UUID | None) -> list[Finding]:
    """Drafts of findings, where their visit does not take them along."""
    return await all_of(
        Finding,
        f"{FINDING} WHERE finding_is_draft(f.state) AND NOT visit_pending(v.state) AND (f.author_id = $1::uuid"
        f" OR $1::uuid IS NULL AND f.id IN {without_hands('finding')}) ORDER BY f.created",
        account_id,
    )


async def unsettled(visit: Visit, author_id: UUID) -> list[Finding]:
    """What goes along when the visit changes hands."""
    return await all_of(
        Finding,
        f"{FINDING} WHERE f.visit_id = $1 AND finding_unsettled(f.state) AND f.author_id = $2 ORDER BY f.id",
        visit.id,
        author_id,
    )


async def visit_of(finding: Finding) -> Visit | None:
    """Whoever may read a finding reads of which visit it is, whatever that visit's state."""
    return await one_of(Visit, f"{WHOLE} {FROM} WHERE v.id = $1", finding.visit_id)


async def whole(visit_id: UUID) -> Row | None:
    """For letters: who and what a visit is about, without asking who may see it."""
    return await row(f"{WHOLE} {FROM} WHERE v.id = $1", visit_id)
