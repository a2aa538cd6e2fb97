"""What indicators and the results promised by grants bring to the house."""

from accounts.person import Role, having
from foundation.language import N_
from lifecycle.room import Room
from lifecycle.timed import Timed
from monitoring.indicators import api, pages
from monitoring.indicators.changing import to_confirm
from monitoring.indicators.summary import sum_up_what_waits
from web.shell import MenuEntry

SEE = having(Role.CURATOR, Role.MANAGER, Role.DIRECTOR, Role.AUDITOR, Role.DONOR)

ROOM = Room(
    "indicators",
    routes=[*pages.ROUTES, *api.ROUTES],
    no_letter={
        "whoever reports finds it in the next report": ["indicator.added", "indicator.changed"],
        "it stands on the page of today of those who decide, and on the indicator's own": [
            "indicator.change_proposed",
            "indicator.change_confirmed",
            "indicator.change_refused",
        ],
        "the organisation reads them with the offer": ["award.promises_set"],
    },
    tasks=[to_confirm],
    # grants that history, or a hand in the database, has changed
    timed=[Timed(sum_up_what_waits, seconds=60)],
    menu=[MenuEntry(43, N_("Indicators"), "/indicators", SEE, daily=having(Role.DONOR))],
)
