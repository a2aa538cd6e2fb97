"""What awards bring to the house."""

from accounts.person import Person, Role, having
from foundation.language import N_
from grants.awards import api, listing, notices, pages, tasks
from grants.awards.extensions import FIRST, TABS, Tab
from lifecycle.room import Room
from lifecycle.timed import Timed
from web.shell import MenuEntry


def has_own(person: Person | None) -> bool:
    return person is not None and bool(person.organisations)


ROOM = Room(
    "awards",
    routes=[*pages.ROUTES, *api.ROUTES],
    letters={
        "application.recommendation_declined": [notices.tell_it_was_not_approved],
        "award.drafted": [notices.tell_it_is_approved],
        "award.offered": [notices.offer_it],
        "award.signed": [notices.ask_for_the_countersignature],
        "award.change_asked": [notices.tell_the_programme],
        "award.declined": [notices.tell_the_programme],
        "award.offer_expired": [notices.tell_the_programme],
        "award.activated": [notices.tell_the_organisation],
        "award.returned": [notices.tell_the_organisation],
        "award.withdrawn_by_funder": [notices.tell_the_organisation],
        "award.suspended": [notices.tell_the_organisation],
        "award.resumed": [notices.tell_the_organisation],
        "award.ended": [notices.tell_the_organisation],
        "award.terminated": [notices.tell_the_organisation],
        "award.closed": [notices.tell_the_organisation],
        "award.settled": [notices.tell_the_organisation],
        "award.reopened": [notices.tell_the_organisation],
        "award.settlement_reopened": [notices.tell_the_organisation],
    },
    no_letter={
        "the curator drafts it; the organisation reads it with the offer": [
            "award.terms_written", "award.calendar_written", "award.budget_written",
        ],
        "the page of today shows it to the second of the two": ["award.closing_agreed"],
    },
    timed=[Timed(notices.clock, seconds=60)],
    tasks=[tasks.decisions, tasks.agreements, tasks.nobody_apart],
    menu=[
        MenuEntry(22, N_("My grants"), "/awards", has_own, daily=having(Role.EDITOR, Role.SIGNATORY)),
        MenuEntry(50, N_("Approvals"), "/approvals", having(Role.DIRECTOR), daily=having(Role.DIRECTOR)),
        MenuEntry(51, N_("Agreements"), "/awards", listing.sees_lists, daily=having(Role.DIRECTOR, Role.FINANCE)),
    ],
    extensions=[TABS.gains(Tab(FIRST, N_("Overview"), "/awards/{reference}"))],
)  # fmt: skip
