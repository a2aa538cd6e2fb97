"""What the people of the programme bring to the house."""

from accounts.people import notices, pages, tasks
from accounts.people.listing import sees_people
from accounts.person import Role, having
from foundation.language import N_
from lifecycle.room import Room
from web.shell import MenuEntry

ROOM = Room(
    "people",
    routes=pages.ROUTES,
    letters={
        "account.closed": [notices.tell_it_is_closed],
        "account.opened": [notices.tell_it_is_open],
        "role.ended": [notices.tell_a_role_has_ended],
    },
    no_letter={
        "the step itself writes the letter, since the link's token is kept nowhere": [
            "account.invited",
        ],
    },
    tasks=[tasks.without_owner, tasks.roles_nobody_holds],
    menu=[MenuEntry(61, N_("People"), "/people", sees_people, daily=having(Role.ADMIN))],
)  # fmt: skip
