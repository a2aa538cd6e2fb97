"""What visits bring to the house."""

from accounts.person import Role, having
from foundation.language import N_
from lifecycle.room import Room
from lifecycle.timed import Timed
from monitoring.visits import api, notices, pages, tasks
from web.shell import MenuEntry

ROOM = Room(
    "visits",
    routes=[*pages.ROUTES, *api.ROUTES],
    letters={
        "visit.planned": [notices.tell_the_lead],
        "visit.handed_in": [notices.ask_the_reviewers],
        "visit.returned": [notices.tell_the_lead_why],
        "finding.shared": [notices.ask_the_organisation],
        "finding.responded": [notices.tell_the_author],
        "finding.not_answered": [notices.tell_the_author],
        "finding.returned": [notices.tell_the_author_why],
        "visit.handed_over": [notices.tell_both_about_the_visit],
        "finding.handed_over": [notices.tell_both_about_the_finding],
    },
    no_letter={
        "its lead does it, and reads on the page what comes next": [
            "visit.confirmed", "visit.rescheduled", "visit.started", "visit.saved", "visit.received", "visit.changed",
            "visit.completed", "visit.completed_with_loss", "visit.photo_received", "visit.photo_changed",
            "visit.photo_removed",
        ],
        "nobody has to do anything": ["visit.approved", "visit.cancelled"],
        "the organisation reads a finding once it is shared": ["finding.written", "finding.changed"],
        "the organisation reads it on the page of the finding": [
            "finding.final", "finding.closed", "finding.withdrawn",
        ],
    },
    timed=[Timed(notices.take_silence_for_an_answer, seconds=3600)],
    tasks=[tasks.visits, tasks.visits_to_plan],
    owned=[tasks.VISITS, tasks.FINDINGS],
    menu=[MenuEntry(40, N_("Visits"), "/visits", pages.sees_visits, daily=having(Role.CURATOR, Role.DONOR))],
)  # fmt: skip
