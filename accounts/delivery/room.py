"""What failed letters and follow-ups bring to the house."""

from accounts.delivery import pages, tasks
from lifecycle.room import Room

ROOM = Room(
    "delivery",
    routes=pages.ROUTES,
    no_letter={"an administrator does it, since letters fail": ["delivery.tried_again"]},
    tasks=[tasks.what_failed],
)
