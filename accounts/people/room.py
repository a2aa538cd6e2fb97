"""What the people of the programme bring to the house."""

from accounts.people import pages
from accounts.people.listing import sees_people
from accounts.person import Role, having
from foundation.language import N_
from lifecycle.room import Room
from web.shell import MenuEntry

ROOM = Room(
    "people",
    routes=pages.ROUTES,
    no_letter={
        "the step itself writes the letter, since the link's token is kept nowhere": [
            "account.invited", "role.given",
        ],
        "whoever may not sign in any more is told by the administrator": ["account.closed", "role.ended"],
        "they sign in as before": ["account.opened"],
    },
    menu=[MenuEntry(61, N_("People"), "/people", sees_people, daily=having(Role.ADMIN))],
)  # fmt: skip
