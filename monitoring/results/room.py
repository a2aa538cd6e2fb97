"""What the pages of results bring to the house: the public's, and the donors'."""

from accounts.person import Role, having
from foundation.language import N_
from lifecycle.room import Room
from monitoring.results import api, pages
from monitoring.results.donors import pages as donors
from web.shell import MenuEntry

ROOM = Room(
    "results",
    routes=[*pages.ROUTES, *donors.ROUTES, *api.ROUTES],
    menu=[
        MenuEntry(2, N_("Donor overview"), "/donor", donors.may_look, daily=having(Role.DONOR)),
        MenuEntry(11, N_("Grants"), "/grants", daily=having(Role.DONOR)),
        MenuEntry(12, N_("Results"), "/results", daily=having(Role.DONOR)),
    ],
)
