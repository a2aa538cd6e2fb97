"""Every room of the house, once. What a room brings stands in its front, room.py."""

from accounts.account.room import ROOM as ACCOUNT
from accounts.delivery.room import ROOM as DELIVERY
from accounts.entry.room import ROOM as ENTRY
from accounts.offers.room import ROOM as OFFERS
from accounts.organisations.room import ROOM as ORGANISATIONS
from accounts.people.room import ROOM as PEOPLE
from accounts.registration.room import ROOM as REGISTRATION
from accounts.room import ROOM as ACCOUNTS
from entrypoints import mail_preview, today
from foundation.language import N_
from foundation.settings import settings
from grants.applications.room import ROOM as APPLICATIONS
from grants.awards.room import ROOM as AWARDS
from grants.calls.room import ROOM as CALLS
from grants.disbursements.room import ROOM as DISBURSEMENTS
from grants.reviews.room import ROOM as REVIEWS
from lifecycle.room import Room, open_rooms
from monitoring.indicators.room import ROOM as INDICATORS
from monitoring.meetings.room import ROOM as MEETINGS
from monitoring.publications.room import ROOM as PUBLICATIONS
from monitoring.recommendations.room import ROOM as RECOMMENDATIONS
from monitoring.reports.room import ROOM as REPORTS
from monitoring.results.room import ROOM as RESULTS
from monitoring.visits.room import ROOM as VISITS
from uploads.room import ROOM as UPLOADS
from web import patterns
from web.shell import MenuEntry

HALL = Room(
    "hall",
    routes=[*today.ROUTES, *patterns.ROUTES, *([] if settings().production else mail_preview.ROUTES)],
    menu=[MenuEntry(1, N_("Today"), "/today", today.begins_here, daily=today.begins_here)],
)

ROOMS = (
    HALL, ENTRY, REGISTRATION, ACCOUNT, PEOPLE, OFFERS, ORGANISATIONS, ACCOUNTS, DELIVERY, UPLOADS,
    CALLS, APPLICATIONS, REVIEWS, AWARDS, DISBURSEMENTS,
    VISITS, RECOMMENDATIONS, INDICATORS, REPORTS, MEETINGS, PUBLICATIONS, RESULTS,
)  # fmt: skip


def open_house() -> tuple[Room, ...]:
    """Whoever starts the web application, the worker or a command that acts calls this once, before anything else."""
    open_rooms(ROOMS)
    return ROOMS
