"""What a visit found, written and changed by its lead; how it goes on from there is in transitions.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from accounts.person import SYSTEM, Person
from foundation.clock import now
from foundation.database import execute, get, insert, lock, rows, transaction, update
from foundation.language import gettext as _
from foundation.refused import Refused
from foundation.ties import not_allowed
from lifecycle.record import record
from monitoring.visits.forms import ChangedFinding, NewFinding, SentFinding
from monitoring.visits.lifecycle import FindingState, ResponseKind, State, its_author, its_lead
from monitoring.visits.tables import Finding, Visit
from monitoring.visits.transitions import lapsing


async def write(visit: Visit, person: Person, given: NewFinding, key: UUID | None = None) -> Finding:
    async with transaction():
        await lock(visit)
        if not its_lead(person, visit):
            raise not_allowed(person, visit, _("Findings are written by the lead of the visit."))
        refuse_before_it_began(visit)
        if key and (there := await get(Finding, key)) is not None:
            return _the_same(there, visit, given)
        facts = {"id": key} if key else {}
        finding = await insert(
            Finding, visit_id=visit.id, award_id=visit.award_id, kind=given.kind, severity=given.severity,
            text=given.text, author_id=person.id, **facts,
        )  # fmt: skip
        await _rest_on(finding, given.photos)
        await record("finding.written", person, finding, visit=visit.reference)
    return finding


def refuse_before_it_began(visit: Visit) -> None:
    if visit.state in State.in_set("ahead", "dropped"):
        raise Refused(_("Findings are written once the visit has begun."))


def refuse_shared(finding: Finding) -> None:
    if finding.state != FindingState.DRAFT:
        raise Refused(_("A finding stays as it was shared. Withdraw it and write a new one."))


def _the_same(there: Finding, visit: Visit, given: NewFinding) -> Finding:
    """Sent again because the answer was lost: written once, and not written over."""
    if there.visit_id != visit.id or (there.kind, there.severity, there.text) != _words(given):
        raise Refused(_("Another finding is here under this id."))
    return there


def _words(given: NewFinding) -> tuple[str, str, str]:
    return given.kind, given.severity, given.text


async def put(visit: Visit, person: Person, given: SentFinding) -> None:
    """Under an id a phone made: new, changed while a draft, or already here as it is."""
    there = await get(Finding, given.id)
    if there is None:
        await write(visit, person, given, given.id)
        return
    if there.visit_id != visit.id:
        raise Refused(_("Another finding is here under this id."))
    if (there.kind, there.severity, there.text) != _words(given):
        there.municipality_id, there.organisation_id = visit.municipality_id, visit.organisation_id
        await change(there, person, given)


async def change(finding: Finding, person: Person, given: NewFinding) -> None:
    async with transaction():
        await lock(finding, given.revision if isinstance(given, ChangedFinding) else None)
        if not its_author(person, finding):
            raise not_allowed(person, finding, _("A finding is changed by its author."))
        refuse_shared(finding)
        if isinstance(given, ChangedFinding):
            given = given.over(await written_in(finding))
        await update(finding, kind=given.kind, severity=given.severity, text=given.text)
        await _rest_on(finding, given.photos)
        await record("finding.changed", person, finding)


async def written_in(finding: Finding) -> dict[str, Any]:
    """What stands in a finding, in the terms of its form."""
    photos = await rows("SELECT photo_id FROM finding_photo WHERE finding_id = $1", finding.id)
    return {"kind": finding.kind, "severity": finding.severity, "text": finding.text} | {
        "photos": [photo["photo_id"] for photo in photos]
    }


async def _rest_on(finding: Finding, photo_ids: list[UUID]) -> None:
    """The photos that show it; of the same visit, which the database checks too."""
    await execute("DELETE FROM finding_photo WHERE finding_id = $1", finding.id)
    await execute(
        "INSERT INTO finding_photo SELECT $1, id, visit_id FROM visit_photo"
        " WHERE visit_id = $2 AND id = ANY($3::uuid[])",
        finding.id,
        finding.visit_id,
        photo_ids,
    )


async def lapse(finding: Finding) -> None:
    """Silence is an answer too, after ten working days."""
    async with transaction():
        await lock(finding)
        if finding.state == FindingState.SHARED:
            await lapsing.write(SYSTEM, finding, response_kind=ResponseKind.NO_RESPONSE, responded_at=now())
