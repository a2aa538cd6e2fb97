"""What the server says it holds of a visit; a phone forgets a photo only when its hash is listed here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from monitoring.visits import queries
from monitoring.visits.checklist import missing_answers
from monitoring.visits.points import open_points
from monitoring.visits.tables import Visit


class Held(BaseModel):
    id: UUID
    sha256: str | None
    received_at: datetime


class Receipt(BaseModel):
    """`code` is short enough to be read out on the telephone. `revision` is the base of the next change."""

    id: UUID
    code: str
    revision: int
    state: str
    received_at: datetime | None
    text_sha256: str | None
    attachments: list[Held]
    missing_attachments: list[str]
    missing_answers: list[str]


async def receipt_of(visit: Visit) -> Receipt:
    here = await queries.hashes_here(visit)
    return Receipt(
        id=visit.id,
        code=visit.reference,
        revision=visit.revision,
        state=visit.state,
        received_at=visit.received_at,
        text_sha256=visit.client_sha256.hex() if visit.client_sha256 else None,
        attachments=[
            Held(id=r["id"], sha256=r["client_sha256"].hex() if r["client_sha256"] else None, received_at=r["created"])
            for r in here
        ],
        missing_attachments=await queries.missing_photos(visit),
        missing_answers=sorted(missing_answers(visit, await open_points(visit.award_id, visit.visited_on))),
    )
