"""What registering an organisation from outside brings to the house."""

from accounts.registration import pages
from lifecycle.room import Room

ROOM = Room(
    "registration",
    routes=pages.ROUTES,
    no_letter={
        "the step itself writes the letter, since the link's token is kept nowhere": ["registration.asked"],
        "whoever confirms is signed in at once": ["registration.confirmed"],
    },
)
