"""What the register of organisations brings to the house."""

from accounts import rights
from accounts.organisations import pages, tasks
from accounts.person import Person, Role, having
from foundation.language import N_
from lifecycle.room import Room
from web.shell import MenuEntry


def sees_register(person: Person | None) -> bool:
    return person is not None and bool(person) and rights.sees_organisations(person)


def has_own(person: Person | None) -> bool:
    return person is not None and not sees_register(person) and bool(person.organisations)


ROOM = Room(
    "organisations",
    routes=pages.ROUTES,
    no_letter={
        "the page of today shows it to whoever looks at new organisations": ["organisation.registered"],
        "nobody has to do anything": ["organisation.changed", "organisation.confirmed"],
    },
    tasks=[tasks.organisations_to_confirm],
    menu=[
        MenuEntry(60, N_("Organisations"), "/organisations", sees_register, daily=having(Role.ADMIN)),
        MenuEntry(28, N_("Organisation"), "/organisations", has_own),
    ],
)
