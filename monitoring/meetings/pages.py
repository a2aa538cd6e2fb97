"""What the programme held, wrote and achieved: three public lists, each row with its source."""

from __future__ import annotations

from litestar import Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler

from lifecycle.version import current_version
from monitoring.meetings.listing import ACHIEVEMENTS, MEETINGS, PUBLICATIONS
from web.fresh import already, kept, tag_of
from web.lists.listing import Listing


def fresh(listing: Listing[object]) -> HTTPRouteHandler:
    """The page of a list, made once for each state of things."""

    @get(listing.path, name=listing.name)
    async def index(request: Request) -> Response:
        tag = tag_of(await current_version())
        return already(request, tag) or await listing.page(None, request.query_params, headers=kept(tag))

    return index


ROUTES = [
    Router(
        "/",
        route_handlers=[
            handler for each in (MEETINGS, PUBLICATIONS, ACHIEVEMENTS) for handler in (fresh(each), each.files())
        ],
        include_in_schema=False,
        opt={"public": True},
    )
]
