"""Setting the programme: an operator's right alone, because the limits of the money hang on it."""

from __future__ import annotations

from accounts.person import SYSTEM
from accounts.programme.forms import Programme as Given
from accounts.tables import Programme
from foundation.database import insert, lock, one_of, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.record import record, sentences

sentences({"programme.begun": N_("Programme begun"), "programme.changed": N_("Programme changed")})


async def set_programme(said: dict[str, object]) -> Programme:
    """Begin the programme, or change what is said. Runs as the owner of the tables; the service itself may not."""
    async with transaction():
        programme = await one_of(Programme, "SELECT * FROM programme LIMIT 1")
        if programme is None:
            given = Given.model_validate(said)
            programme = await insert(Programme, **given.model_dump())
            await record("programme.begun", SYSTEM, programme, **given.model_dump(exclude_none=True))
            return programme
        if programme.example:
            raise Refused(_("This database holds the example programme. Begin your own in an empty one."))
        await lock(programme)
        held = {name: getattr(programme, name) for name in Given.model_fields}
        wanted = Given.model_validate(held | said).model_dump()
        changed = {name: new for name, new in wanted.items() if new != held[name]}
        if "currency" in changed:
            raise Refused(_("The currency stays: amounts were agreed in it."))
        if changed:
            before = {name: held[name] for name in changed}
            await update(programme, **changed)
            await record("programme.changed", SYSTEM, programme, before=before, after=changed)
    return programme
