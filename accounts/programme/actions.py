"""Setting the programme: an operator's right alone, because the limits of the money hang on it."""

from __future__ import annotations

from accounts.person import SYSTEM
from accounts.programme.forms import Limits
from accounts.programme.forms import Programme as Given
from accounts.tables import Programme
from foundation.database import execute, insert, lock, one_of, transaction, update
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from lifecycle.record import record, sentences

sentences(
    {
        "programme.begun": N_("Programme begun"),
        "programme.changed": N_("Programme changed"),
        "programme.limits_set": N_("Limits in another currency set"),
    }
)


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


async def set_limits(limits: Limits) -> Programme:
    """What the programme may give in a currency beside its own, and from where on the director decides there."""
    async with transaction():
        programme = await one_of(Programme, "SELECT * FROM programme LIMIT 1")
        if programme is None:
            raise Refused(_("There is no programme yet. An administrator sets it up first."))
        if programme.example:
            raise Refused(_("This database holds the example programme. Begin your own in an empty one."))
        if limits.currency == programme.currency:
            raise Refused(_("The limits in the programme's own currency are set with the programme."))
        await lock(programme)
        await execute(
            "INSERT INTO currency_limit (programme_id, currency, budget, director_threshold, most_per_organisation)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (programme_id, currency) DO UPDATE SET budget = excluded.budget,"
            " director_threshold = excluded.director_threshold, most_per_organisation = excluded.most_per_organisation",
            programme.id, limits.currency, limits.budget, limits.director_threshold, limits.most_per_organisation,
        )  # fmt: skip
        await record("programme.limits_set", SYSTEM, programme, **limits.model_dump(exclude_none=True))
    return programme
