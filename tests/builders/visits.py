"""A visit in any state with photos, and a finding in any state."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal

from foundation.clock import now, today
from foundation.database import execute, insert
from monitoring.visits.lifecycle import State
from monitoring.visits.tables import Finding, Visit, VisitPhoto
from tests.builders.awards import an_award
from tests.builders.uploads import a_photo
from tests.importing import importing


def leader(cast, award):
    """The curator of the award's municipality."""
    return next(one for one in (cast.curator, cast.curator2) if one.curates(award.municipality_id))


def grantee(cast, award):
    return cast.signatory if award.organisation_id == cast.vani_youth.id else cast.other_signatory


async def a_visit(cast, award=None, state="approved", photos=0, **over) -> Visit:
    """To Vani Youth's active award when none is given; led by the curator of its municipality, planned by the
    manager, who also approves."""
    award = award or await an_award(cast, state="active")
    facts = dict(
        reference=f"V-{today().year}-{int.from_bytes(os.urandom(3), 'big'):08d}", award_id=award.id,
        municipality_id=award.municipality_id, state=state, purpose_ka="საქმიანობის ნახვა", purpose_en="See the activities",
        planned_from=today() - timedelta(days=3), planned_to=today() + timedelta(days=1), lead_id=leader(cast, award).id,
        planned_by=cast.manager.id,
    )  # fmt: skip
    if state in State.in_set("told"):
        facts |= dict(
            visited_on=today() - timedelta(days=2), women=14, men=9, notes="დარბაზი გარემონტებულია, ავეჯი მოტანილია.",
            place="დიხაშხო", latitude=Decimal("42.11234"), longitude=Decimal("42.55678"), accuracy_m=12,
            answers={"on_track": "partly", "eu_visibility": "yes", "documents_seen": "yes"}, received_at=now() - timedelta(days=1),
        )  # fmt: skip
    if state in State.in_set("told") and state != "received":
        facts |= dict(completed_at=now() - timedelta(hours=20))
    if state == "approved":
        facts |= dict(reviewed_by=cast.manager.id, reviewed_at=now() - timedelta(hours=2))
    if state == "cancelled":
        facts |= dict(cancel_reason="გზა ჩაკეტილია")
    async with importing():
        visit = await insert(Visit, **(facts | over))
    for _ in range(photos):
        await a_visit_photo(cast, visit)
    return visit


async def a_visit_photo(cast, visit, consent=True, public=False, **over) -> VisitPhoto:
    upload = await a_photo(cast.curator)
    facts = dict(
        visit_id=visit.id, upload_id=upload.id, taken_at=now(), consent=consent, public=public, caption_ka="დარბაზი"
    )
    async with importing():
        return await insert(VisitPhoto, **(facts | over))


async def a_finding(cast, visit=None, state="shared", severity="medium", kind="problem", photo=None, **over) -> Finding:
    """Written by the visit's lead; answered by the grantee's signatory; made final by the manager."""
    visit = visit or await a_visit(cast)
    signatory = cast.signatory if visit.municipality_id == cast.vani.id else cast.other_signatory
    facts = dict(
        visit_id=visit.id, award_id=visit.award_id, state=state, kind=kind, severity=severity,
        text="დაგეგმილი შეხვედრების ნახევარი არ გამართულა.", author_id=visit.lead_id,
    )  # fmt: skip
    if state != "draft":
        facts |= dict(shared_at=now() - timedelta(days=2))
    if state in ("responded", "final", "closed"):
        facts |= dict(
            response_kind="partly", response="ნაწილობრივ ვეთანხმებით.", responded_by=signatory.id,
            responded_at=now() - timedelta(days=1),
        )  # fmt: skip
    if state in ("final", "closed"):
        facts |= dict(reviewed_by=cast.manager.id, reviewed_at=now())
    async with importing():
        finding = await insert(Finding, **(facts | over))
        if photo is not None:
            await execute("INSERT INTO finding_photo VALUES ($1, $2, $3)", finding.id, photo.id, visit.id)
    return finding
