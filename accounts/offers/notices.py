"""An organisation's curators learn that it invites people."""

from __future__ import annotations

from uuid import UUID

from accounts.letters import write
from accounts.queries import curators_of
from accounts.tables import Organisation
from foundation.clock import today
from foundation.database import get
from foundation.language import N_, pick_text
from lifecycle.record import Event


async def tell_the_curators(event: Event) -> None:
    """Once a day for each organisation, however many it invites: its page names them."""
    asked = event.payload.get("organisation")
    organisation = await get(Organisation, UUID(asked)) if asked else None
    if organisation is None or not organisation.municipality_id or not event.payload.get("by_organisation"):
        return
    await write(
        await curators_of(organisation.municipality_id), f"invites:{organisation.id}:{today()}",
        N_("An organisation invites people"),
        N_(
            "The organisation “{organisation}” invites people into the grants service. If you do not know them, ask its"
            " signatory:\n\n{link}"
        ),
        link=f"/organisations/{organisation.id}", organisation=lambda: pick_text(organisation, "name"),
    )  # fmt: skip
