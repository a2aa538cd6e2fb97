"""The outbox as a page, for trying the service out where no mail leaves it; production does not have it."""

from __future__ import annotations

import re
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup, escape

from foundation.database import row, rows
from web.pages import or_404, page

SHOWN = 200


@get("/mail-preview", name="mail.list", include_in_schema=False, opt={"public": True})
async def list_letters() -> Response[bytes]:
    letters = await rows(
        "SELECT id, to_address, subject, language, created, sent_at, attempts FROM mail ORDER BY created DESC LIMIT $1",
        SHOWN,
    )
    return page("entrypoints/templates/outbox.html", letters=letters)


@get("/mail-preview/{number:uuid}", name="mail.show", include_in_schema=False, opt={"public": True})
async def show_letter(number: FromPath[UUID]) -> Response[bytes]:
    letter = or_404(await row("SELECT * FROM mail WHERE id = $1", number))
    return page("entrypoints/templates/letter.html", letter=letter, body=with_links(letter["body"]))


def with_links(body: str) -> Markup:
    """Plain text with its addresses made clickable, as mail programs do."""
    link = r'<a href="\g<0>">\g<0></a>'
    return Markup(re.sub(r"https?://[^\s<>&\"']+", link, str(escape(body))))


ROUTES = [list_letters, show_letter]
