"""Everything read about awards. Lists and single pages start from the same condition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.database import Row, all_of, one_of, row, rows, value
from grants.applications.queries import visible_to as applications_visible_to
from grants.applications.tables import Application
from grants.awards.tables import Agreement, Award, AwardLine, ReportDue
from uploads.tables import Upload

# An award that was neither declined nor withdrawn counts against its call's envelope.
# `w` is an award: an offer nobody signed and nobody will takes nothing from the envelope.
COUNTS = "NOT award_never_signed(w.state)"
PAID = "tranche_paid(t.state)"


# For lists of what belongs to a grant: = ANY of those whose reference or title has the words looked for.
AWARDS_FOUND = "ANY(ARRAY(SELECT id FROM award f WHERE words(f.reference, f.title_ka, f.title_en) ILIKE ?))"


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `award a` and its arguments, numbered from `first`: the grantee's people, the curator of the
    municipality, and those who see the whole programme."""
    if person.reads_all:
        return "true", []
    return (
        f"(a.organisation_id = ANY(${first}::uuid[]) OR a.municipality_id = ANY(${first + 1}::uuid[]))",
        [list(person.organisations), list(person.municipalities)],
    )


async def award_of(person: Person, reference: str) -> Award | None:
    """The award with this reference; None unless this person may see it."""
    condition, args = visible_to(person, 2)
    return await one_of(Award, f"SELECT a.* FROM award a WHERE a.reference = $1 AND {condition}", reference, *args)


# one award -----------------------------------------------------------------------------------------------------


async def surroundings_of(award: Award):
    """Names around the award: organisation, call, municipality, application, curator, and the money paid."""
    return await row(
        "SELECT o.name_ka AS organisation_ka, o.name_en AS organisation_en,"
        " c.reference AS call_reference, c.title_ka AS call_ka, c.title_en AS call_en,"
        " m.slug, m.name_ka AS place_ka, m.name_en AS place_en, p.number AS application_number,"
        # of a grant that goes on: whoever looks after it today
        " CASE WHEN award_finished(a.state) OR curates(a.curator_id, a.municipality_id) THEN curator.name ELSE"
        " (SELECT string_agg(k.name, ', ' ORDER BY k.name) FROM account k"
        " WHERE k.id IN (SELECT account_id FROM role WHERE kind = 'curator')"
        " AND curates(k.id, a.municipality_id)) END AS curator_name,"
        f" (SELECT coalesce(sum(t.amount), 0) FROM tranche t WHERE t.award_id = a.id AND {PAID}) AS paid"
        " FROM award a JOIN organisation o ON o.id = a.organisation_id JOIN call c ON c.id = a.call_id"
        " JOIN application p ON p.id = a.application_id LEFT JOIN municipality m ON m.id = a.municipality_id"
        " LEFT JOIN account curator ON curator.id = a.curator_id WHERE a.id = $1",
        award.id,
    )


async def calendar_of(award: Award) -> list[ReportDue]:
    return await ReportDue.objects().where(ReportDue.award_id == award.id).order_by(ReportDue.number)


async def reports_of(award: Award):
    """The calendar with the state of each report, as far as there is one."""
    return await rows(
        "SELECT d.*, r.id AS report_id, r.state AS report_state FROM report_due d"
        " LEFT JOIN report r ON r.report_due_id = d.id WHERE d.award_id = $1 ORDER BY d.number",
        award.id,
    )


async def tranches_of(award: Award):
    """Number, amount, state and how many conditions are open. Tranches are a later room's; here they are only read."""
    return await rows(
        "SELECT t.id, t.number, t.amount, t.currency, t.state, t.planned_on, t.paid_on,"
        " count(c.id) AS conditions, count(c.id) FILTER (WHERE c.fulfilled_at IS NULL) AS unfulfilled"
        " FROM tranche t LEFT JOIN tranche_condition c ON c.tranche_id = t.id WHERE t.award_id = $1"
        " GROUP BY t.id ORDER BY t.number",
        award.id,
    )


async def conditions_of(award: Award):
    return await rows(
        "SELECT c.*, t.number AS tranche_number, d.number AS report_number FROM tranche_condition c"
        " JOIN tranche t ON t.id = c.tranche_id LEFT JOIN report_due d ON d.id = c.report_due_id"
        " WHERE t.award_id = $1 ORDER BY t.number, c.id",
        award.id,
    )


async def promises_of(award: Award) -> list[Row]:
    """What the grant promises to achieve, as its agreement says it."""
    return await rows(
        "SELECT i.code, i.name_ka, i.name_en, i.unit_ka, i.unit_en, i.kind, i.grades_ka, i.grades_en, p.baseline,"
        " p.baseline_of, p.target, p.target_of FROM award_indicator p JOIN indicator i ON i.id = p.indicator_id"
        " WHERE p.award_id = $1 ORDER BY i.position, i.code",
        award.id,
    )


async def budget_of(award: Award):
    return await rows(
        "SELECT b.position, b.category, b.item, b.unit, b.quantity, b.unit_cost, b.note, l.id, l.amount, l.own_share,"
        " b.amount AS asked, b.own_share AS own_asked"
        " FROM award_line l JOIN budget_line b ON b.id = l.budget_line_id WHERE l.award_id = $1 ORDER BY b.position",
        award.id,
    )


async def lines_of(award: Award) -> list[AwardLine]:
    return await all_of(
        AwardLine,
        "SELECT l.* FROM award_line l JOIN budget_line b ON b.id = l.budget_line_id WHERE l.award_id = $1"
        " ORDER BY b.position",
        award.id,
    )


async def agreements_of(award: Award):
    """Every version, newest first, with who signed it and where the scan is."""
    return await rows(
        "SELECT g.id, g.version, g.made_at, g.upload_id, encode(g.document_sha256, 'hex') AS sha256,"
        " cso.signed_at AS cso_signed_at, cso.upload_id AS cso_upload_id, cso_by.name AS cso_name,"
        " fund.signed_at AS funder_signed_at, fund.upload_id AS funder_upload_id, fund_by.name AS funder_name"
        " FROM agreement g"
        " LEFT JOIN signature cso ON cso.agreement_id = g.id AND cso.party = 'cso'"
        " LEFT JOIN account cso_by ON cso_by.id = cso.signed_by"
        " LEFT JOIN signature fund ON fund.agreement_id = g.id AND fund.party = 'funder'"
        " LEFT JOIN account fund_by ON fund_by.id = fund.signed_by"
        " WHERE g.award_id = $1 ORDER BY g.version DESC",
        award.id,
    )


async def latest_agreement(award: Award) -> Any:
    """None before the first offer."""
    return await one_of(
        Agreement, "SELECT * FROM agreement WHERE award_id = $1 ORDER BY version DESC LIMIT 1", award.id
    )


async def document_of(award: Award, version: int) -> Upload | None:
    return await one_of(
        Upload,
        "SELECT u.* FROM upload u JOIN agreement g ON g.upload_id = u.id WHERE g.award_id = $1 AND g.version = $2",
        award.id,
        version,
    )


async def signed_document_of(award: Award, version: int, party: str) -> Upload | None:
    return await one_of(
        Upload,
        "SELECT u.* FROM upload u JOIN signature s ON s.upload_id = u.id JOIN agreement g ON g.id = s.agreement_id"
        " WHERE g.award_id = $1 AND g.version = $2 AND s.party = $3",
        award.id,
        version,
        party,
    )


async def parties_of(award: Award):
    """Both sides as the agreement names them. The funder is the curator organisation of the municipality."""
    return await row(
        "SELECT p.name_ka AS programme_ka, p.name_en AS programme_en, p.donor_ka, p.donor_en, p.contract_number,"
        " p.example, f.name_ka AS funder_ka, f.name_en AS funder_en, f.identification_code AS funder_code,"
        " o.name_ka AS grantee_ka, o.name_en AS grantee_en, o.identification_code AS grantee_code,"
        " m.full_name_ka AS place_ka, m.full_name_en AS place_en, director.name AS director_name,"
        " ap.number AS application_number,"
        " (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM account s JOIN role r ON r.account_id = s.id"
        "   WHERE r.kind = 'signatory' AND r.organisation_id = o.id AND r.until IS NULL AND s.active) AS signatories"
        " FROM award a JOIN call c ON c.id = a.call_id JOIN programme p ON p.id = c.programme_id"
        " JOIN organisation o ON o.id = a.organisation_id JOIN application ap ON ap.id = a.application_id"
        " LEFT JOIN municipality m ON m.id = a.municipality_id"
        " LEFT JOIN curated_municipality cm ON cm.municipality_id = a.municipality_id"
        " LEFT JOIN organisation f ON f.id = coalesce(o.curator_id, cm.organisation_id)"
        " LEFT JOIN account director ON director.id = a.approved_by WHERE a.id = $1 LIMIT 1",
        award.id,
    )


async def tranches_total(award: Award):
    return await value(
        "SELECT coalesce(sum(amount), 0) FROM tranche WHERE award_id = $1 AND NOT tranche_dropped(state)", award.id
    )


# lists ---------------------------------------------------------------------------------------------------------


async def calls_with_awards(person: Person):
    condition, args = visible_to(person)
    return await rows(
        "SELECT DISTINCT c.reference, c.title_ka, c.title_en FROM award a JOIN call c ON c.id = a.call_id"
        f" WHERE {condition} ORDER BY c.reference DESC",
        *args,
    )


# recommended applications ----------------------------------------------------------------------------------------

# The committee's word on an application, with everybody who took part in it before the director.
RECOMMENDED = (
    "SELECT a.*, d.amount AS decided_amount, d.rank, d.reason AS decided_reason, d.outcome, d.exception_note,"
    " d.decided_by,"
    " n.number AS minutes_number, n.held_on, n.signed_at AS minutes_signed_at,"
    " o.name_ka AS organisation_ka, o.name_en AS organisation_en, o.experience,"
    " m.slug, m.name_ka AS place_ka, m.name_en AS place_en,"
    " c.reference AS call_reference, c.title_ka AS call_ka, c.title_en AS call_en, c.envelope, c.state AS call_state,"
    " (SELECT l.most_per_organisation FROM programme_limit l WHERE l.programme_id = p.id AND l.currency = c.currency)"
    " AS most_per_organisation,"
    f" (SELECT coalesce(sum(award_takes(w)), 0) FROM award w WHERE w.call_id = c.id AND {COUNTS}) AS awarded,"
    f" (SELECT coalesce(sum(w.amount), 0) FROM award w JOIN call wc ON wc.id = w.call_id"
    f"   WHERE w.organisation_id = a.organisation_id AND wc.programme_id = c.programme_id AND w.currency = c.currency"
    f"   AND {COUNTS}) AS awarded_to_organisation,"
    " (SELECT round(avg(r.total), 1) FROM review r WHERE r.application_id = a.id AND review_is_locked(r.state))"
    " AS score,"
    " (SELECT count(*) FROM review r WHERE r.application_id = a.id AND review_is_locked(r.state)) AS reviews,"
    " ARRAY(SELECT r.assigned_by FROM review r WHERE r.application_id = a.id"
    "   UNION SELECT r.reviewer_id FROM review r WHERE r.application_id = a.id"
    "   UNION SELECT x.decided_by FROM decision x WHERE x.application_id = a.id"
    "   UNION SELECT unnest(ARRAY[c.created_by, c.approved_by])) AS took_part"
    " FROM application a JOIN call c ON c.id = a.call_id JOIN programme p ON p.id = c.programme_id"
    " JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id"
    " LEFT JOIN LATERAL (SELECT x.* FROM decision x JOIN meeting_minutes y ON y.id = x.minutes_id"
    "   WHERE x.application_id = a.id AND meeting_minutes_is_signed(y.state) ORDER BY y.number DESC LIMIT 1) d ON true"
    " LEFT JOIN meeting_minutes n ON n.id = d.minutes_id"
)


async def recommended_to(person: Person) -> list[Any]:
    """Applications the committee recommends and the director has not decided yet, in the order of their ranks."""
    condition, args = applications_visible_to(person)
    return await all_of(
        Application,
        f"{RECOMMENDED} WHERE application_is_recommended(a.state) AND {condition}"
        " ORDER BY c.reference, d.rank NULLS LAST, a.number",
        *args,
    )


async def recommendation_of(person: Person, number: str) -> Any:
    """One of them, also after the director has decided."""
    condition, args = applications_visible_to(person, 2)
    return await one_of(
        Application,
        f"{RECOMMENDED} WHERE a.number = $1 AND application_to_director(a.state) AND d.id IS NOT NULL AND {condition}",
        number,
        *args,
    )


async def award_for(application: Application):
    return await row("SELECT reference, state FROM award WHERE application_id = $1", application.id)


# what nobody may go on with --------------------------------------------------------------------------------------


async def without_anybody_apart() -> list[Row]:
    """Grants that are not finished, with each role whose every holder has to do with the grantee."""
    return await rows(WITHOUT_ANYBODY_APART)


WITHOUT_ANYBODY_APART = """
WITH holder AS (SELECT DISTINCT kind, account_id FROM role WHERE kind IN ('curator', 'manager', 'finance', 'director')
    AND holds(account_id, kind)),
  tie AS (SELECT h.kind, h.account_id, tied FROM holder h CROSS JOIN LATERAL tied_organisations(h.account_id) tied)
SELECT a.reference, a.title_ka, a.title_en, a.updated, m.slug, t.kind
FROM (SELECT DISTINCT kind, tied FROM tie) t JOIN award a ON a.organisation_id = t.tied
LEFT JOIN municipality m ON m.id = a.municipality_id
WHERE NOT (award_finished(a.state) OR award_never_signed(a.state)) AND NOT EXISTS (
  SELECT 1 FROM holder h WHERE h.kind = t.kind AND (t.kind <> 'curator' OR curates(h.account_id, a.municipality_id))
    AND (h.kind, h.account_id, t.tied) NOT IN (SELECT kind, account_id, tied FROM tie))
ORDER BY a.reference, t.kind LIMIT 50
"""


# what time does ------------------------------------------------------------------------------------------------


async def expired_offers(today) -> list[Award]:
    return await all_of(Award, "SELECT * FROM award WHERE award_is_offered(state) AND offer_expires_on < $1", today)


async def ended(today) -> list[Award]:
    return await all_of(Award, "SELECT * FROM award WHERE award_in_term(state) AND ends_on < $1", today)


async def by_id(award_id: UUID) -> Award | None:
    """Without asking who may see it: for actions and notices."""
    return await Award.objects().get(Award.id == award_id)
