"""What reviews and the committee bring to the house."""

from accounts.person import Role, having
from foundation.language import N_
from grants.applications.extensions import BESIDE
from grants.reviews import api, notices, outcome, pages, tasks
from grants.reviews.committee import api as committee_api
from grants.reviews.committee import pages as committee
from lifecycle.room import Room
from lifecycle.timed import Timed
from web.shell import MenuEntry

ROOM = Room(
    "reviews",
    routes=[*pages.ROUTES, *committee.ROUTES, *api.ROUTES, *committee_api.ROUTES],
    letters={
        "review.assigned": [notices.ask_the_reviewer],
        "review.conflicted": [notices.tell_the_managers],
        "review.reopened": [notices.tell_the_reviewer_why],
        "review.replaced": [notices.thank_the_reviewer],
        "minutes.signed": [notices.write_to_every_applicant],
        "application.moved_up": [notices.tell_it_moved_up],
        "application.reserve_released": [notices.tell_the_reserve_list_ended],
    },
    no_letter={
        "the reviewer does it; managers follow it on the page of assignments": [
            "review.declared_clear", "review.begun", "review.scores_saved", "review.locked",
        ],
        "the letter about the declared conflict tells of all their reviews in the call": ["review.closed_with_another"],
        "nothing is decided until the minutes are signed": [
            "minutes.opened", "minutes.changed", "decision.made", "decision.removed",
        ],
    },
    timed=[Timed(notices.end_reserve_lists, seconds=600)],
    tasks=[tasks.reviews_that_wait, tasks.what_managers_arrange, tasks.what_the_committee_decides],
    owned=[tasks.REVIEWS],
    menu=[MenuEntry(32, N_("My reviews"), "/reviews", having(Role.REVIEWER), daily=having(Role.REVIEWER))],
    extensions=[BESIDE.gains(outcome.decision_beside, outcome.ranking_beside)],
)  # fmt: skip
