"""Somebody of the programme has looked at an organisation that registered itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

from accounts import rights
from accounts.person import Person
from accounts.tables import Organisation
from foundation.clock import now
from foundation.language import N_
from foundation.language import gettext as _
from lifecycle.transition import Told, Transition


def confirmed_already(person: Person, organisation: Organisation) -> str | None:
    if rights.waits_for_confirmation(organisation):
        return None
    return _("This organisation is confirmed already.")


@Transition(
    "organisation", "confirmation", "organisation.confirmed", (), None, rights.classifies, obstacle=confirmed_already,
    writes=("confirmed_at",), button=N_("It is right: confirm"), icon="check",
    history=N_("Organisation confirmed"), done=N_("Organisation confirmed."),
)  # fmt: skip
async def confirm(organisation: Organisation, person: Person) -> AsyncIterator[Told]:
    yield {"confirmed_at": now()}


STEPS = (confirm,)
