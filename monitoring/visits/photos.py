"""The photos of a visit: added, received from a phone, described, taken out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.clock import TBILISI, now
from foundation.database import delete, execute, get, insert, lock, rows, transaction, update, value
from foundation.language import gettext as _
from foundation.language import language
from foundation.refused import Refused
from foundation.ties import not_allowed
from lifecycle.record import record
from monitoring.visits.actions import complete_when_all_is_here
from monitoring.visits.forms import MOST_PHOTOS, PhotoWords
from monitoring.visits.lifecycle import State, allowed, its_lead, may_show_photos, may_write
from monitoring.visits.tables import Visit, VisitPhoto
from uploads.actions import keep
from uploads.receiving import Received

# A photo announced before may still arrive while others are reading.
HERE = "SELECT client_sha256 AS sha FROM visit_photo WHERE visit_id = $1"
ARRIVING = State.in_set("open") | {State.IN_REVIEW}


async def add(visit: Visit, person: Person, files: list[Received], consent: bool) -> list[VisitPhoto]:
    """From the page; the same picture twice is taken once."""
    async with transaction():
        await lock(visit)
        _refuse_unless_written(visit, person)
        here = {row["sha"] for row in await rows(HERE, visit.id)}
        new = {file.original_sha256: file for file in reversed(files) if file.original_sha256 not in here}
        await _refuse_too_many(visit, len(new))
        added = [
            await _insert(visit, person, file, {"consent": consent, "taken_at": taken_at(file)})
            for file in reversed(new.values())
        ]
        if added:
            await record("visit.photo_received", person, visit, photos=[photo.id for photo in added])
    return added


def taken_at(file: Received) -> datetime | None:
    """As its camera says; a camera that tells no zone was set to the hour here. What lies ahead or before there were
    such cameras is a clock that was never set: then it is not known, and the day it came is no day of taking."""
    if not file.taken_at:
        return None
    told = datetime.fromisoformat(file.taken_at)
    told = told if told.tzinfo else told.replace(tzinfo=TBILISI)
    return told if datetime(2000, 1, 2, tzinfo=TBILISI) <= told <= now() + timedelta(days=1) else None


async def arrived(visit: Visit, person: Person, photo_id: UUID, file: Received) -> bool:
    """From a phone, one that its text announced; false when it was here already. Other bytes are refused."""
    async with transaction():
        await lock(visit)
        if await is_here(visit, person, photo_id, file.original_sha256):
            return False
        entry = announced(visit, photo_id, file.original_sha256)
        facts = {
            "id": photo_id,
            "consent": entry.get("consent", False),
            "public": entry.get("public", False),
            "taken_at": datetime.fromisoformat(entry["taken_at"]) if entry.get("taken_at") else taken_at(file),
            _caption(): entry.get("caption"),
        }
        await _insert(visit, person, file, facts)
        await record("visit.photo_received", person, visit, photos=[photo_id])
        await complete_when_all_is_here(visit)
    return True


async def is_here(visit: Visit, person: Person, photo_id: UUID, sha256: bytes) -> bool:
    """Asked before the bytes are read, and again with the visit locked."""
    if not its_lead(person, visit):
        raise not_allowed(person, visit, _("Only the lead of a visit tells what was seen."))
    there = await get(VisitPhoto, photo_id)
    if there is None:
        announced(visit, photo_id, sha256)
        return False
    if there.visit_id != visit.id or there.client_sha256 != sha256:
        raise Refused(_("Another photo is here under this id."))
    return True


def announced(visit: Visit, photo_id: UUID, sha256: bytes) -> dict[str, Any]:
    if visit.state not in ARRIVING:
        raise Refused(_("This visit takes no more photos."))
    manifest: Any = visit.manifest or []
    entry = next((each for each in manifest if each["id"] == str(photo_id)), None)
    if entry is None or entry["sha256"] != sha256.hex():
        raise Refused(_("The text of the visit does not announce this photo. Send the text first."))
    return entry


async def describe(photo: VisitPhoto, visit: Visit, person: Person, words: PhotoWords) -> None:
    """Caption, consent, and whether everybody may see it; before the visit is handed in."""
    async with transaction():
        await lock(visit)
        _refuse_unless_written(visit, person)
        await _change(photo, visit, person, consent=words.consent, public=words.public, **{_caption(): words.caption})


async def publish(photo: VisitPhoto, visit: Visit, person: Person, public: bool) -> None:
    """Show the photo to everybody or take it back; also after approval, when its words and consent are frozen."""
    async with transaction():
        await lock(visit)
        allowed(visit, may_show_photos, person)
        if public and not photo.consent:
            raise Refused(_("A photo can be public only when the people on it agreed."))
        await _change(photo, visit, person, public=public)


async def _change(photo: VisitPhoto, visit: Visit, person: Person, **wanted: object) -> None:
    before = {name: getattr(photo, name) for name in wanted}
    if before != wanted:
        await update(photo, **wanted)
        await record("visit.photo_changed", person, visit, photo=photo.id, before=before, after=wanted)


async def remove(photo: VisitPhoto, visit: Visit, person: Person) -> None:
    """Before the visit is handed in. The file's own row stays, so that the record keeps its meaning."""
    async with transaction():
        await lock(visit)
        _refuse_unless_written(visit, person)
        await execute("DELETE FROM finding_photo WHERE photo_id = $1", photo.id)
        await delete(photo)
        manifest: Any = visit.manifest or []
        kept = [entry for entry in manifest if entry["id"] != str(photo.id)]
        if kept != manifest:
            await update(visit, manifest=kept)
        await record("visit.photo_removed", person, visit, photo=photo.id)


def _refuse_unless_written(visit: Visit, person: Person) -> None:
    if not its_lead(person, visit):
        raise not_allowed(person, visit, _("Only the lead of a visit tells what was seen."))
    if not may_write(person, visit):
        raise Refused(_("This visit takes no more photos."))


async def _refuse_too_many(visit: Visit, more: int) -> None:
    if more + await value("SELECT count(*) FROM visit_photo WHERE visit_id = $1", visit.id) > MOST_PHOTOS:
        raise Refused(_("A visit holds at most {most} photos.", most=MOST_PHOTOS))


async def _insert(visit: Visit, person: Person, file: Received, facts: dict[str, object]) -> VisitPhoto:
    upload = await keep(file, person)
    return await insert(
        VisitPhoto, visit_id=visit.id, upload_id=upload.id, client_sha256=file.original_sha256, **facts
    )  # fmt: skip


def _caption() -> str:
    """A caption is written in one language, the writer's; the other may be added later."""
    return f"caption_{language.get()}"
