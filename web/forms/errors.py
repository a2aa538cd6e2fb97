"""What stands around a handler that takes a form: who may send it before, the form as typed after every refusal.

    @post("/awards/{reference:str}/terms", dependencies={"award": allowed(this_award, its_drafter)})
    @given_back(terms_page)
    async def write_terms(
        award: NamedDependency[Award], person: NamedDependency[Person], form: NamedDependency[Form]
    ) -> Response:
        await actions.write_terms(award, person, parse(forms.Terms, form))
        return redirect(f"/awards/{award.reference}", _("Terms saved."))

    async def terms_page(award, status=200, errors=None, form=None) -> Response: ...

Litestar's exception handlers are not coroutines, so they cannot make a page that reads the database: hence a decorator.
"""

from __future__ import annotations

import errno
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import asyncpg
from litestar import Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from markupsafe import escape

from foundation.clock import TBILISI
from foundation.database import PoolTimeout, sentence_for
from foundation.language import N_
from foundation.language import gettext as _
from foundation.merging import CHOOSE, Conflict, plain
from foundation.refused import Missing, NotAllowed, Refused, Stale
from foundation.ties import not_allowed
from web.context import request_context
from web.forms.parsing import error_sentences, nameless, typed_words
from web.forms.reading import Arriving, Forged, Form, Invalid

log = logging.getLogger("errors")

P = ParamSpec("P")
R = TypeVar("R")

CONFLICT = N_("This could not be done, because something changed in the meantime.")
BUSY = N_("The service is busy. Wait a moment, then try again; nothing you saved is lost.")
TOO_LARGE = N_("What you sent is too large.")
NO_ROOM = N_("There is no room left to store files. Tell the administrator; nothing you saved is lost.")
# A handler carries the page it is given back with, so that it can be told which ones are.
GIVEN_BACK = "given_back_with"
# What the page function is told beside what it shares with the handler.
TOLD = frozenset({"status", "errors", "form"})


def allowed(row: Callable[..., Awaitable[R]], *who: Callable[[Any, R], bool]) -> Provide:
    """The dependency that finds the row, and refuses who may not do this with it before their form is read. `who` are
    predicates of person and row; what the *state* forbids is said later, beside the typed words."""

    return _only_for(row, who, not_allowed)


def known_to(row: Callable[..., Awaitable[R]], *who: Callable[[Any, R], bool]) -> Provide:
    """The same, where others are not told that there is anything at all."""
    return _only_for(row, who, lambda *_about: Missing(_("There is no such page, or you do not have access to it.")))


def _only_for(
    row: Callable[..., Awaitable[R]], who: tuple[Callable[[Any, R], bool], ...], no: Callable[[Any, R], Refused]
) -> Provide:
    @wraps(row)
    async def found(*args: Any, **kwargs: Any) -> R:
        made = await row(*args, **kwargs)
        person = kwargs.get("person", request_context.get().person)
        if not all(may(person, made) for may in who):
            raise no(person, made)
        return made

    return Provide(found)


def given_back(
    shown: Callable[..., Awaitable[Response] | Response],
) -> Callable[[Callable[P, Awaitable[Response]]], Callable[P, Coroutine[Any, Any, Response]]]:
    """Reads the form, and answers what the handler refuses with the page `shown`, the words as typed in its fields.

    `shown` takes by name whatever of the handler's parameters it names, and `status`, `errors` (field → sentence, ''
    for the whole form) and `form`."""

    def decorate(handler: Callable[P, Awaitable[Response]]) -> Callable[P, Coroutine[Any, Any, Response]]:
        wanted = _wanted(shown, handler)

        @wraps(handler)
        async def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
            form = kwargs.get("form")
            try:
                if isinstance(form, Arriving):
                    await form.read()
                return await handler(*args, **kwargs)
            except Exception as error:
                said = said_of(error)
                if said is None:
                    raise
                status, errors = said
                typed = getattr(error, "form", form)
                if isinstance(error, Stale) and isinstance(typed, Form):
                    typed = both_versions(typed, error) if isinstance(error, Conflict) else to_choose(typed, error.now)
                told = kwargs | {"status": status, "errors": errors, "form": typed}
                try:
                    page = await _made(shown, {name: told[name] for name in wanted if name in told})
                    if left := _without_a_field(typed, page):
                        request_context.get().unshown = left
                        page = await _made(shown, {name: told[name] for name in wanted if name in told})
                    return page
                except Exception:
                    log.exception("the form could not be given back")
                    raise error from None

        setattr(answered, GIVEN_BACK, shown)
        return answered

    return decorate


async def _made(shown: Callable[..., Awaitable[Response] | Response], told: dict[str, Any]) -> Response:
    page = shown(**told)
    return await page if inspect.isawaitable(page) else page


def _without_a_field(typed: Any, page: Response) -> list[str]:
    """Words that are nowhere on the page, because their field is gone: the row has moved on, or the form has."""
    if not isinstance(typed, Form) or not isinstance(page.content, bytes):
        return []
    text = page.content.decode()
    gone = [
        (name, value)
        for name, value in typed.pairs
        if f'name="{escape(name)}"' not in text or escape(value) not in text
    ]
    return typed_words(gone)


def _wanted(shown: Callable[..., Any], handler: Callable[..., Any]) -> frozenset[str]:
    """The names the page function takes. What it cannot do without and the handler has not is said at the start."""
    takes, has = inspect.signature(shown).parameters, inspect.signature(handler).parameters
    lacking = [
        name
        for name, each in takes.items()
        if each.default is each.empty and name not in has and name not in TOLD and each.kind is not each.VAR_KEYWORD
    ]
    if lacking:
        raise TypeError(f"{handler.__qualname__} is given back by a page that needs {', '.join(lacking)}")
    return frozenset(takes)


def both_versions(form: Form, conflict: Conflict) -> Form:
    """What I typed where I wrote, what stands there now where I did not, and beneath each field both wrote the other
    version. It carries the letters of what stands there now: whoever saves again has seen it. Where it is one decision,
    it carries the old ones until one of both is chosen."""
    if conflict.together:
        shown = to_choose(form, conflict.seen_now)
        shown.theirs = {name: plain(value) for name, value in conflict.theirs.items()}
        return shown
    tables = {
        name: value
        for name, value in conflict.whole.items()
        if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value)
    }
    flat = {name: value for name, value in conflict.whole.items() if name not in tables}
    taken = {name for name, value in flat.items() if name not in conflict.theirs and plain(value) != _typed(form, name)}
    pairs = [
        (name, text)
        for name, text in form.pairs
        if name not in taken
        and name not in ("seen", "revision")
        and not name.startswith("choice.")
        and name.split(".")[0] not in tables
    ]
    for name in taken:
        pairs += in_fields(name, flat[name])
    for name, rows in tables.items():
        for place, row in enumerate(rows):
            for each, value in row.items():
                pairs += in_fields(f"{name}.{place}.{each}", value)
    shown = Form([*pairs, ("seen", conflict.seen_now)], form.files)
    shown.theirs = {name: plain(value) for name, value in conflict.theirs.items()}
    shown.tables = frozenset(tables)
    return shown


def to_choose(form: Form, fresh: str | int | None) -> Form:
    """As typed, with the version it was opened with: it is saved once somebody says so who has seen the fresh one."""
    shown = Form([pair for pair in form.pairs if not pair[0].startswith("choice.")], form.files)
    shown.fresh = "" if fresh is None else str(fresh)
    return shown


def _typed(form: Form, name: str) -> str:
    return plain("\n".join(form.list(name)))


def in_fields(name: str, value: Any) -> list[tuple[str, str]]:
    """A value as a form of ours would send it."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [(name, plain(each)) for each in value]
    if isinstance(value, datetime):
        return [(name, value.astimezone(TBILISI).strftime("%Y-%m-%dT%H:%M"))]
    text = str(value) if isinstance(value, Decimal) else plain(value)
    return [(name, text)] if text else []


def said_of(error: Exception) -> tuple[int, dict[str, str]] | None:
    """Status and sentences for what is said on the form itself; None for what has a page of its own: no such row, not
    allowed, or our own mistake."""
    match error:
        case Invalid():
            return 422, error.errors
        case Conflict():
            together = nameless(error_sentences(error.wrong)) if error.wrong else {}
            choose = {"choice.seen": _(CHOOSE)} if error.together else {}
            return 409, {"": error.sentence, **choose, **error.sentences, **together}
        case NotAllowed() | Missing() | Forged():
            return None
        case Refused():
            return error.on_page or error.status, error.errors
        case asyncpg.PostgresError():
            return _said_by_the_database(error)
        case HTTPException() if error.status_code == 413:
            return 413, {"": _(TOO_LARGE)}
        case asyncpg.InterfaceError() | PoolTimeout() | ConnectionError():
            return 503, {"": _(BUSY)}
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return 507, {"": _(NO_ROOM)}
    return None


def _said_by_the_database(error: asyncpg.PostgresError) -> tuple[int, dict[str, str]] | None:
    """What the database refuses is a conflict; what it cannot do now can be tried again."""
    state = error.sqlstate or ""
    if state.startswith("23"):
        log.info("refused by the database: %s", error.constraint_name)
        return 409, {"": sentence_for(error) or _(CONFLICT)}
    if state in ("40001", "40P01", "55P03", "57014") or state.startswith(("53", "57P", "08")):
        log.warning("the database is busy: %s", state)
        return 503, {"": _(BUSY)}
    return None
