"""Keeping a file: its row, in the same transaction as whatever it belongs to."""

from __future__ import annotations

import asyncio
from uuid import UUID

from foundation.database import execute, get, insert, refusals, transaction
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Missing, Refused
from lifecycle.record import Actor
from uploads import storing
from uploads.receiving import Received, Stored, receive_bytes
from uploads.tables import Upload

refusals({"upload_of_clean_blob": N_("This file may not be attached: it has not been found clean.")})


async def keep(received: Received, person: Actor, *, illustration: bool = False) -> Upload:
    """Its bytes lie on the disk already; call it inside the action that owns the file."""
    if received.refusal or received.stored is None:
        raise Refused(received.refusal or _("Choose a file."))
    async with transaction():
        for stored in filter(None, (received.stored, received.thumbnail)):
            await _blob(stored)
        if not storing.path_of(received.stored.sha256).exists():
            raise Refused(_("This file is no longer here. Send it again."))
        return await insert(
            Upload,
            blob_sha256=received.stored.sha256,
            thumbnail_sha256=received.thumbnail.sha256 if received.thumbnail else None,
            filename=received.filename,
            original_sha256=received.original_sha256,
            uploaded_by=person.id,
            illustration=illustration,
        )


async def keep_bytes(data: bytes, filename: str, person: Actor, *, illustration: bool = False) -> Upload:
    """A document we made: an agreement, a receipt, a picture of the example. Examined like any other file."""
    return await keep(await receive_bytes(data, filename), person, illustration=illustration)


async def read_bytes(upload: Upload) -> bytes:
    return await asyncio.to_thread(storing.path_of(upload.blob_sha256).read_bytes)


async def upload_by_id(upload_id: UUID) -> Upload:
    """Without asking who may see it: the owner of the file has asked already."""
    upload = await get(Upload, upload_id)
    if upload is None:
        raise Missing(_("This file no longer exists."))
    return upload


async def _blob(stored: Stored) -> None:
    """One row for one hash, however often the bytes come. Whoever is second waits for the first to commit."""
    await execute(
        "SELECT keep_clean_blob($1, $2, $3, $4, $5)",
        stored.sha256, stored.size, stored.media_type, stored.width, stored.height,
    )  # fmt: skip
