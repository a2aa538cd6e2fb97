"""What a signatory declares when sending, by version: the frozen document carries the words that were signed."""

from __future__ import annotations

from accounts.person import Person
from foundation.language import N_, gettext, speaking

VERSION = "2026-1"
POINTS = [
    N_("I may sign for this organisation, and what this application says is true and complete."),
    N_("The organisation receives no other money for the same costs, and will say so if that changes."),
    N_("Neither I nor the organisation has a conflict of interest that we know of and have not named here."),
    N_("We agree that the programme, its donor and auditors may check what is written here, on paper and on the spot."),
    N_("We agree that our data are used for this call, and that a grant's title, amount and holder become public."),
]


def points() -> list[str]:
    return [gettext(point) for point in POINTS]


def signed_by(person: Person) -> dict[str, object]:
    said: dict[str, object] = {"version": VERSION, "signed_by": person.name}
    for code in ("ka", "en"):
        with speaking(code):
            said[f"text_{code}"] = points()
    return said
