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
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import asyncpg
from litestar import Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from pydantic import ValidationError

from foundation.clock import TBILISI
from foundation.database import PoolTimeout, sentence_for
from foundation.language import N_
from foundation.language import gettext as _
from foundation.merging import Conflict, plain
from foundation.refused import Missing, NotAllowed, Refused
from web.context import request_context
from web.forms.parsing import error_sentences, nameless
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

    return _only_for(row, who, lambda: NotAllowed(_("You may not do this here.")))


def known_to(row: Callable[..., Awaitable[R]], *who: Callable[[Any, R], bool]) -> Provide:
    """The same, where others are not told that there is anything at all."""
    return _only_for(row, who, lambda: Missing(_("There is no such page, or it is not for you to see.")))


def _only_for(
    row: Callable[..., Awaitable[R]], who: tuple[Callable[[Any, R], bool], ...], no: Callable[[], Refused]
) -> Provide:
    @wraps(row)
    async def found(*args: Any, **kwargs: Any) -> R:
        made = await row(*args, **kwargs)
        person = kwargs.get("person", request_context.get().person)
        if not all(may(person, made) for may in who):
            raise no()
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
                if isinstance(error, Conflict) and isinstance(typed, Form):
                    typed = both_versions(typed, error)
                told = kwargs | {"status": status, "errors": errors, "form": typed}
                try:
                    page = shown(**{name: told[name] for name in wanted if name in told})
                    return await page if inspect.isawaitable(page) else page
                except Exception:
                    log.exception("the form could not be given back")
                    raise error from None

        setattr(answered, GIVEN_BACK, shown)
        return answered

    return decorate


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
    version. It carries the letters of what stands there now: whoever saves again has seen it."""
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
        case ValidationError():
            return 422, nameless(error_sentences(error))
        case Conflict():
            together = nameless(error_sentences(error.wrong)) if error.wrong else {}
            return 409, {"": error.sentence, **error.sentences, **together}
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


# What a person did not write themselves, and what nobody else may read over their shoulder.
NOT_WORDS = re.compile(r"csrf_token|seen|revision|next|then|back|.*(password|current|token|\bid|_id|\.kept)|choice\..*")
CODES = re.compile(r"[a-z_]{0,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def typed_words(pairs: list[tuple[str, str]]) -> list[str]:
    """The words of a form that cannot be shown again: an error page gives them back, to be copied."""
    words = [value.strip() for name, value in pairs if not NOT_WORDS.fullmatch(name)]
    return [each for each in dict.fromkeys(words) if not CODES.fullmatch(each)]
