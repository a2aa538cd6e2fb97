"""What recommendations bring to the house."""

from accounts.person import Person, Role, having
from foundation.language import N_
from lifecycle.room import Room
from lifecycle.timed import Timed
from monitoring.recommendations import api, hooks, notices, pages, tasks
from monitoring.recommendations.listing import sees_recommendations
from monitoring.visits.points import OPEN_POINTS, RECOMMENDED
from web.shell import MenuEntry


def follows_them(person: Person | None) -> bool:
    return person is not None and sees_recommendations(person) and not person.is_admin


ROOM = Room(
    "recommendations",
    routes=[*pages.ROUTES, *api.ROUTES],
    letters={
        "recommendation.issued": [notices.tell_the_owner],
        "recommendation.reissued": [notices.tell_the_owner],
        "recommendation.disputed": [notices.tell_the_head],
        "recommendation.reported_done": [notices.tell_those_who_verify],
        "recommendation.partly_done": [notices.tell_what_is_still_to_do],
        "recommendation.reopened": [notices.tell_what_is_still_to_do],
        "recommendation.extension_refused": [notices.tell_what_is_still_to_do],
        "recommendation.verified": [notices.tell_it_is_verified],
        "recommendation.extension_asked": [notices.tell_who_may_extend],
        "recommendation.handed_over": [notices.tell_both],
        "recommendation.escalated": [notices.tell_the_next_level],
    },
    no_letter={
        "its owner is told once it is issued": ["recommendation.drafted", "recommendation.edited"],
        "its owner does it; whoever verifies is asked when it is reported done": [
            "recommendation.accepted", "recommendation.started", "recommendation.progress_told",
            "recommendation.evidence_added",
        ],
        "its owner has nothing more to do": [
            "recommendation.extended", "recommendation.risk_accepted", "recommendation.superseded",
            "recommendation.withdrawn",
        ],
    },
    timed=[Timed(notices.escalate_what_is_late, seconds=3600)],
    tasks=[tasks.recommendations],
    owned=[tasks.OF_STAFF],
    menu=[
        MenuEntry(
            42, N_("Recommendations"), "/recommendations", follows_them, daily=having(Role.CURATOR, Role.CHAIR)
        ),
    ],
    extensions=[OPEN_POINTS.gains(hooks.open_for), RECOMMENDED.gains(hooks.resting_on)],
)  # fmt: skip
