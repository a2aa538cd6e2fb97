"""A publication in any state, with an edition to read."""

import os
from datetime import date

from foundation.clock import now
from foundation.database import insert
from monitoring.publications.tables import Edition, Publication
from tests.builders.uploads import an_upload
from tests.importing import importing


async def a_publication(cast, state="published", **over) -> Publication:
    facts = dict(
        reference=f"PB-2026-{int.from_bytes(os.urandom(3), 'big'):08d}", state=state, kind="booklet",
        title_ka="ბუკლეტი ელექტრონულ სერვისებზე", title_en="A booklet on e-services", about_en="Where to ask for what",
        when_first=date(2026, 3, 1), when_last=date(2026, 3, 31), when_precision="month", publisher="Vani Youth",
        created_by=cast.curator.id,
    )  # fmt: skip
    if state != "draft":
        facts |= dict(published_by=cast.curator.id, published_at=now())
    if state == "withdrawn":
        facts |= dict(withdrawn_by=cast.manager.id, withdrawn_at=now(), withdrawn_en="It had a wrong address")
    async with importing():
        return await insert(Publication, **(facts | over))


async def an_edition(cast, one, language="ka", address=None, **over) -> Edition:
    upload = None if address else await an_upload(cast.curator)
    async with importing():
        return await insert(
            Edition, publication_id=one.id, language=language, address=address,
            upload_id=upload.id if upload else None, **over,
        )  # fmt: skip
