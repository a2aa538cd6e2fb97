"""A recommendation in any state, to an organisation or to a municipality."""

import os
from datetime import timedelta

from foundation.clock import now, today
from foundation.database import insert
from monitoring.recommendations.tables import FollowUp, Recommendation
from tests.builders.awards import an_upload
from tests.importing import importing

ORDER = ["draft", "issued", "accepted", "in_progress", "reported_done", "verified"]


async def a_recommendation(
    cast, state="issued", addressee="cso", award=None, organisation=None, **over
) -> Recommendation:
    """To Vani Youth (or `organisation`), or with addressee="municipality" to its municipality."""
    organisation = organisation or cast.vani_youth
    other = organisation.id == cast.guria_women.id
    curator = cast.curator2 if other else cast.curator
    owner = (cast.other_signatory if other else cast.signatory) if addressee == "cso" else curator
    facts = dict(
        reference=f"R-2026-{int.from_bytes(os.urandom(3), 'big'):08d}", state=state, addressee=addressee,
        municipality_id=organisation.municipality_id, award_id=award.id if award else None,
        organisation_id=organisation.id if addressee == "cso" else None, priority="medium",
        text_ka="გამოაქვეყნეთ შეხვედრების ოქმები", text_en="Publish the minutes of meetings",
        due_original=today() + timedelta(days=30), due_current=today() + timedelta(days=30), created_by=curator.id,
    )  # fmt: skip
    reached = ORDER.index(state) if state in ORDER else 4
    if reached >= 1:
        facts |= dict(issued_by=curator.id, issued_at=now() - timedelta(days=5))
    if reached >= 4:
        facts |= dict(reported_by=owner.id, reported_at=now() - timedelta(days=1))
    if state in ("verified", "partly", "reopened"):
        facts |= dict(verified_by=cast.manager.id, verified_at=now())
    facts |= over
    if state == "superseded" and "superseded_by" not in facts:
        facts |= dict(superseded_by=(await a_recommendation(cast, organisation=organisation)).id)
    async with importing():
        made = await insert(Recommendation, **facts)
        if reached >= 4:
            scan = await an_upload(owner, "minutes.pdf")
            await insert(
                FollowUp, recommendation_id=made.id, kind="evidence", text="Minutes are published", upload_id=scan.id,
                author_id=owner.id,
            )  # fmt: skip
    return made
