"""Planning a visit and telling what was seen; its steps are in transitions.py, photos and findings in files of their
own."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from accounts.person import SYSTEM, Person
from accounts.queries import curators_of, without_ties
from foundation.clock import now, today
from foundation.database import execute, get, insert, lock, transaction, update, value
from foundation.language import gettext as _
from foundation.language import ngettext
from foundation.refused import Missing, NotAllowed, Refused, Stale
from foundation.ties import not_allowed, tied
from grants.awards.lifecycle import State as AwardState
from grants.awards.tables import Award
from lifecycle.record import record
from monitoring.visits import findings, queries
from monitoring.visits.checklist import missing_answers
from monitoring.visits.forms import Plan, Seen, Told, Written, written_in
from monitoring.visits.lifecycle import State, its_lead, may_plan
from monitoring.visits.points import open_points
from monitoring.visits.tables import Visit
from monitoring.visits.transitions import completing, receiving, start

S = TypeVar("S", bound=Seen)


class StillMissing(dict[str, str]):
    """Sentences by field; the page says that what was written is saved all the same."""


class Lacking(Refused):
    """Something a complete visit needs is missing; `fields` says what, by field."""

    on_page = 422

    def __init__(self, fields: dict[str, str]):
        super().__init__(ngettext("One answer is missing.", "{n} answers are missing.", len(fields)))
        self.fields = fields

    @property
    def errors(self) -> dict[str, str]:
        return StillMissing(self.fields)


# planning --------------------------------------------------------------------------------------------------------


async def plan(person: Person, given: Plan) -> Visit:
    """A manager names the lead among the curators of the place; a curator leads what they plan."""
    award = await queries.award_of(person, given.award_id)
    if award is None:
        raise Missing(_("There is no such grant, or it is not for you to see."))
    if not may_plan(person, award):
        no = _("Visits are planned by programme managers and by the curators of the municipality.")
        raise not_allowed(person, award, no)
    lead_id = given.lead_id or (person.id if person.curates(award.municipality_id) else None)
    await _refuse_other_leads(person, award, lead_id)
    async with transaction():
        if given.id and (there := await _planned_already(given.id, person, award)):
            return there
        facts = {"id": given.id} if given.id else {}
        visit = await _new(award, person, lead_id, planned_from=given.planned_from, planned_to=given.planned_to,
                           purpose_ka=given.purpose_ka, purpose_en=given.purpose_en, **facts)  # fmt: skip
        await record("visit.planned", person, visit, reference=visit.reference, lead=lead_id)
    return visit


async def _planned_already(visit_id: UUID, person: Person, award: Award) -> Visit | None:
    """The answer to the first sending was lost: the same plan is there once, and stays as it is."""
    await _lock_id(visit_id)
    there = await get(Visit, visit_id)
    if there is not None and (there.planned_by, there.award_id) != (person.id, award.id):
        raise Refused(_("Another visit is here under this id."))
    return there


async def _lock_id(visit_id: UUID) -> None:
    """Two sendings of one id at the same moment come one after the other."""
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"visit {visit_id}")


async def _refuse_other_leads(person: Person, award: Award, lead_id: UUID | None) -> None:
    able = await curators_of(award.municipality_id)
    if lead_id not in {curator.id for curator in able}:
        raise Refused(_("The lead of a visit is a curator of that municipality."))
    if lead_id not in {curator.id for curator in await without_ties(able, award.id)}:
        raise Refused(_("This curator has to do with the organisation. Choose another one."))
    if not person.is_manager and lead_id != person.id:
        raise NotAllowed(_("Only a programme manager plans visits for others."))


async def _new(award: Award, person: Person, lead_id: UUID | None, **facts: object) -> Visit:
    if award.state not in AwardState.in_set("running"):
        raise Refused(_("Only grants with a signed agreement that is not closed are visited."))
    year = today().year
    number = await value("SELECT next_number($1)", f"visit-{year}")
    return await insert(
        Visit, reference=f"V-{year}-{number:04d}", award_id=award.id, municipality_id=award.municipality_id,
        lead_id=lead_id, planned_by=person.id, **facts,
    )  # fmt: skip


# telling what was seen -------------------------------------------------------------------------------------------


async def save(visit: Visit, person: Person, seen: S) -> S:
    """A draft: takes anything. What was already sent is corrected instead, and stays complete. The same words again,
    because an answer was lost on its way, change nothing. Returned as it was written, merged with what stood there."""
    async with transaction():
        await lock(visit)
        _refuse_closed(visit, person)
        if visit.state in State.in_set("open") and _says_so_already(visit, seen):
            return seen
        if isinstance(seen, Written):
            if seen.revision is not None and seen.revision != visit.revision:
                sentence = _("Somebody else changed this in the meantime. Look at the new version, then try again.")
                raise Stale(sentence, visit.revision)
            seen = seen.over(await written_in_visit(person, visit))
        if visit.state in State.in_set("ahead"):
            await start.write(person, visit)
        await update(visit, **_columns(seen) | _of_another_place(visit, seen))
        if visit.state == State.IN_FIELD:
            await record("visit.saved", person, visit)
        else:
            await _corrected(visit, person)
    return seen


async def written_in_visit(person: Person, visit: Visit) -> dict[str, object]:
    """What stands in the form of a visit now."""
    points = [point.id for point in await open_points(visit.award_id, visit.visited_on)]
    return written_in(visit, points, await queries.photos_of(person, visit))


async def send(visit: Visit, person: Person) -> None:
    """From the page: what was saved is all of it. Whatever is missing is asked for, and nothing saved is lost."""
    async with transaction():
        await lock(visit)
        _refuse_closed(visit, person)
        lacking = missing_answers(visit, await open_points(visit.award_id, visit.visited_on))
        if lacking:
            raise Lacking(lacking)
        if visit.state == State.IN_FIELD:
            await receiving.write(SYSTEM, visit, received_at=now())
        await complete_when_all_is_here(visit)


async def tell(person: Person, visit_id: UUID, told: Told, digest: bytes) -> tuple[Visit, bool]:
    """From a phone, under an id it made, as often as it likes: the same bytes change nothing. Answers may be missing;
    the receipt says which. True when the visit is new here."""
    async with transaction():
        await _lock_id(visit_id)
        visit = await queries.by_id(person, visit_id)
        new = visit is None
        if visit is None:
            visit = await _unplanned(person, visit_id, told)
        await lock(visit)
        if not its_lead(person, visit):
            raise not_allowed(person, visit, _("Only the lead of a visit tells what was seen."))
        if visit.client_sha256 == digest:
            return visit, False
        _refuse_closed(visit, person)
        _refuse_older_base(visit, told.base_rev)
        if visit.state in State.in_set("ahead"):
            await start.write(person, visit)
        manifest = [photo.model_dump(mode="json", exclude_none=True) for photo in told.manifest]
        columns = _columns(told) | _of_another_place(visit, told)
        await update(visit, **columns, manifest=manifest, client_sha256=digest, device_at=told.device_at)
        for finding in told.findings:
            await findings.put(visit, person, finding)
        if visit.state == State.IN_FIELD:
            await receiving.write(SYSTEM, visit, received_at=now())
            await complete_when_all_is_here(visit)
        else:
            await _corrected(visit, person)
    return visit, new


async def _unplanned(person: Person, visit_id: UUID, told: Told) -> Visit:
    """A visit nobody planned: its lead is the curator who made it."""
    if await get(Visit, visit_id) is not None:
        raise Missing(_("There is no such visit, or it is not for you to see."))
    if told.award_id is None:
        raise Refused(_("Say which grant was visited."))
    award = await queries.award_of(person, told.award_id)
    if award is None or not person.curates(award.municipality_id):
        raise Missing(_("There is no such grant, or it is not for you to see."))
    if tied(person, award):
        raise not_allowed(person, award)
    day = told.visited_on or today()
    visit = await _new(award, person, person.id, id=visit_id, planned_from=day, planned_to=day)
    await record("visit.planned", person, visit, reference=visit.reference, lead=person.id)
    return await queries.by_id(person, visit_id) or visit


def _refuse_closed(visit: Visit, person: Person) -> None:
    if not its_lead(person, visit):
        raise not_allowed(person, visit, _("Only the lead of a visit tells what was seen."))
    if visit.state not in State.in_set("ahead", "open"):
        raise Refused(_("This visit has been submitted. Ask its reviewer to return it if something must change."))


def _refuse_older_base(visit: Visit, base: int | None) -> None:
    """What the server holds already is overwritten only by somebody who has read it."""
    untold = visit.state in State.in_set("ahead") or (
        visit.received_at is None and not visit.answers and not visit.notes
    )
    if not untold and base != visit.revision:
        raise Stale(_("Somebody else changed this in the meantime. Look at the new version, then try again."))


def _columns(seen: Seen) -> dict[str, object]:
    names = (
        "form_version", "visited_on", "women", "men", "notes", "place", "latitude", "longitude", "accuracy_m",
        "no_position_reason", "place_sure",
    )  # fmt: skip
    return {name: getattr(seen, name) for name in names} | {"answers": seen.answers}


def _of_another_place(visit: Visit, seen: Seen) -> dict[str, object]:
    """That a position is right was said of that position."""
    moved = any(getattr(visit, name) != getattr(seen, name) for name in ("latitude", "longitude", "accuracy_m"))
    return {"place_sure": False} if moved and visit.place_sure else {}


def _says_so_already(visit: Visit, seen: Seen) -> bool:
    return all(getattr(visit, name) == told for name, told in _columns(seen).items())


async def _corrected(visit: Visit, person: Person) -> None:
    await record("visit.changed", person, visit)
    if visit.state == State.COMPLETE and not visit.loss_reason:
        lacking = missing_answers(visit, await open_points(visit.award_id, visit.visited_on))
        if lacking:
            raise Lacking(lacking)
        if await queries.missing_photos(visit):
            raise Refused(_("A complete visit cannot announce photos that are not here yet."))
    await complete_when_all_is_here(visit)


async def complete_when_all_is_here(visit: Visit) -> None:
    """Every required answer given and every announced photo arrived; called whenever one of them may be the last."""
    if visit.state != State.RECEIVED:
        return
    if not missing_answers(
        visit, await open_points(visit.award_id, visit.visited_on)
    ) and not await queries.missing_photos(visit):
        await completing.write(SYSTEM, visit, completed_at=now())
