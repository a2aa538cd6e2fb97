"""What roles that are offered bring to the house."""

from accounts.offers import notices, pages, tasks
from lifecycle.room import Room

ROOM = Room(
    "offers",
    routes=pages.ROUTES,
    letters={"role.offered": [notices.tell_the_curators]},
    no_letter={
        "the person does it themselves; whoever offered the role sees it where it stood": [
            "role.accepted", "role.given", "role.declined",
        ],
        "the step itself writes the letter, since the link's token is kept nowhere": ["role.offered_again"],
        "nobody has to do anything": ["role.withdrawn"],
    },
    tasks=[tasks.roles_to_answer],
)  # fmt: skip
