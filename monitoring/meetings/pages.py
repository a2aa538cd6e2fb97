"""What the programme held and achieved: two public lists, each row with its source."""

from __future__ import annotations

from litestar import Router

from lifecycle.resource.pages import fresh
from monitoring.meetings.listing import ACHIEVEMENTS, MEETINGS

ROUTES = [
    Router(
        "/",
        route_handlers=[handler for each in (MEETINGS, ACHIEVEMENTS) for handler in (fresh(each), each.files())],
        include_in_schema=False,
        opt={"public": True},
    )
]
