"""What reports bring to the house; what an award's own steps do to them."""

from accounts.person import Role, having
from foundation.language import N_
from grants.awards import extensions
from grants.awards.extensions import TABS, Tab
from lifecycle.room import Room
from lifecycle.timed import Timed
from monitoring.reports import api, hooks, notices, pages, tasks
from monitoring.reports.listing import sees_reports
from monitoring.reports.verifying import pages as verifying
from monitoring.reports.writing import pages as writing
from web.shell import MenuEntry

WRITE_OR_VERIFY = having(Role.EDITOR, Role.SIGNATORY, Role.CURATOR, Role.MANAGER)

ROOM = Room(
    "reports",
    routes=[*pages.ROUTES, *writing.ROUTES, *verifying.ROUTES, *api.ROUTES],
    letters={
        "report.opened": [notices.tell_the_grantee_it_is_open],
        "report.submitted": [notices.tell_the_curator],
        "report.returned": [notices.tell_what_to_correct],
        "report.verified": [notices.tell_those_who_accept],
        "report.accepted": [notices.tell_the_grantee_it_is_accepted],
        "report.waived": [notices.tell_the_grantee_it_ended],
        "report.lapsed": [notices.tell_the_grantee_it_ended],
    },
    no_letter={
        "the calendar stands in the agreement": ["report.scheduled"],
        "its people write it": ["report.section_saved", "report.taken_back"],
        "the curator does it; the organisation hears when it is verified or returned": [
            "report.review_started", "report.value_judged", "report.spending_judged",
        ],
        "the page of today shows it to whose turn it is": [
            "report.acceptance_agreed", "report.sent_back", "report.reopened",
        ],
    },
    timed=[
        Timed(notices.schedule_what_is_missing, seconds=60),
        Timed(notices.open_what_is_due, seconds=60),
        Timed(notices.remind, seconds=3600),
    ],
    tasks=[tasks.reports],
    menu=[MenuEntry(41, N_("Reports"), "/reports", sees_reports, daily=WRITE_OR_VERIFY)],
    extensions=[
        TABS.gains(
            Tab(30, N_("Promised results"), "/promises/{reference}"), Tab(31, N_("Reports"), "/reports/{reference}")
        ),
        extensions.on_activation.gains(hooks.schedule_reports),
        extensions.before_closing.gains(hooks.reports_are_settled),
    ],
)  # fmt: skip
