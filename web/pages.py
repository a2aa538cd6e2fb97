"""What a page handler answers with: a rendered page, a redirect that says what was done, or 404."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import quote

from litestar import Response
from litestar.types import ControllerRouterHandler as Route  # noqa: F401

from foundation.language import gettext, language
from foundation.refused import Missing
from web import flash
from web.context import href, request_context
from web.cookies import cookie
from web.flash import FLASH
from web.fresh import remember
from web.naming import named
from web.shell import SITE, menu
from web.templating import environment

T = TypeVar("T")


def page(template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any) -> Response[bytes]:
    """The template, named by its path in the repository, in the visitor's language."""
    here = request_context.get()
    said = {"Cache-Control": "no-store" if here.person else "private, max-age=0, must-revalidate", **(headers or {})}
    body = render(template, **context).encode()
    if status == 200:
        remember(said.get("ETag", ""), body)
    response = Response(body, media_type="text/html", status_code=status, headers=said)
    if here.flashes:
        response.delete_cookie(FLASH)
    return response


def render(template: str, **context: Any) -> str:
    here, code = request_context.get(), language.get()
    other = "en" if code == "ka" else "ka"
    for name in ("form", "errors"):
        if context.get(name) is None:
            context[name] = {}
    return named(
        environment()
        .get_template(template)
        .render(
            lang=code,
            person=here.person,
            csrf_token=here.csrf_token,
            flashes=here.flashes,
            unshown=here.unshown,
            nav=menu(),
            ribbon=SITE.ribbon,
            example=SITE.example,
            site=SITE,
            request_path=here.path,
            other_language_href=f"/{other}{here.path}" + (f"?{here.query}" if here.query else ""),
            **context,
        )
    )


def redirect(
    path: str, sentence: str | None = None, kind: str = "success", *, anchor: str = "", **query: Any
) -> Response[bytes]:
    """Go and see: 303 to the path in the current language, with a sentence that is shown there once. A field named by
    the anchor is in view and has the focus."""
    to = {"Location": written(href(path, **query) + (f"#{anchor}" if anchor else ""))}
    response = Response(b"", status_code=303, headers=to, media_type="text/plain")
    if sentence:
        said = flash.written(kind, str(sentence))
        response.set_cookie(cookie(FLASH, said, 60))
    return response


def written(address: str) -> str:
    """An address as a header can carry it: Georgian letters and anything odd as %-signs and digits."""
    return quote(address, safe="/?&=#%:@,;+!$'()*~.-_[]")


def or_404(row: T | None) -> T:
    """The row, or 404: whether it does not exist or is not for this person's eyes makes no difference."""
    if row is None:
        raise Missing(gettext("There is no such page, or you do not have access to it."))
    return row
