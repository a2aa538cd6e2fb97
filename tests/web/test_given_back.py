"""A form comes back as typed after every refusal; who may not send it is told so before it is read."""

import asyncpg
import pytest
from litestar import Response

from foundation.database import PoolTimeout
from foundation.language import speaking
from foundation.refused import Missing, NotAllowed, Refused, Stale
from web.context import RequestContext, request_context
from web.forms import Arriving, Form, Invalid, Malformed, allowed, given_back, typed_words


@pytest.fixture(autouse=True)
def english():
    token = request_context.set(RequestContext())
    with speaking("en"):
        yield
    request_context.reset(token)


async def shown(row, status=200, errors=None, form=None) -> Response:
    return Response({"row": row, "errors": errors, "typed": dict(form or {})}, status_code=status)


def refusing(error: Exception):
    @given_back(shown)
    async def handler(row: str, person: str, form: Form) -> Response:
        raise error

    return handler


def constraint(name: str) -> asyncpg.PostgresError:
    error = asyncpg.CheckViolationError("no")
    error.constraint_name = name
    return error


TYPED = Form([("words", "mine")])


@pytest.mark.parametrize(
    ("error", "status", "errors"),
    [
        (Invalid({"words": "Too short."}, TYPED), 422, {"words": "Too short."}),
        (Refused("Not now."), 409, {"": "Not now."}),
        (Stale("Changed."), 409, {"": "Changed."}),
        (
            constraint("unknown"),
            409,
            {"": "This could not be done, because something changed in the meantime."},
        ),
        (
            constraint("upload_of_clean_blob"),
            409,
            {"": "This file may not be attached: it has not been found clean."},
        ),
        (
            PoolTimeout(),
            503,
            {"": "The service is busy. Wait a moment, then try again; nothing you saved is lost."},
        ),
        (
            asyncpg.LockNotAvailableError(),
            503,
            {"": "The service is busy. Wait a moment, then try again; nothing you saved is lost."},
        ),
        (
            OSError(28, "No space left on device"),
            507,
            {"": "There is no room left to store files. Tell the administrator; nothing you saved is lost."},
        ),
    ],
)
async def test_what_is_refused_comes_back_as_typed(error, status, errors):
    import uploads.actions  # noqa: F401  names its constraints

    answer = await refusing(error)(row="R-1", person="Nino", form=TYPED)
    assert answer.status_code == status
    assert answer.content == {"row": "R-1", "errors": errors, "typed": {"words": "mine"}}


@pytest.mark.parametrize("error", [NotAllowed("No."), Missing("None."), Malformed(), ValueError("ours")])
async def test_what_is_not_theirs_to_see_or_our_mistake_has_a_page_of_its_own(error):
    with pytest.raises(type(error)):
        await refusing(error)(row="R-1", person="Nino", form=TYPED)


async def test_when_the_page_fails_too_the_first_reason_is_told():
    async def broken(status, errors, form):
        raise RuntimeError("no page")

    @given_back(broken)
    async def handler(form: Form) -> Response:
        raise Refused("Not now.")

    with pytest.raises(Refused, match="Not now"):
        await handler(form=TYPED)


def test_a_page_that_needs_what_the_handler_has_not_is_found_at_the_start():
    async def handler(person: str) -> Response:
        raise AssertionError

    with pytest.raises(TypeError, match="needs row"):
        given_back(shown)(handler)


async def test_a_form_nobody_has_read_has_no_words():
    with pytest.raises(AttributeError):
        Arriving(None).get("words")  # type: ignore[arg-type]


async def test_who_may_not_do_it_is_told_before_the_form_is_read():
    async def this_row(number: str, person: str) -> str:
        return f"row {number}"

    provider = allowed(this_row, lambda person, row: person == "Nino").dependency
    assert await provider(number="7", person="Nino") == "row 7"
    with pytest.raises(NotAllowed):
        await provider(number="7", person="Gia")


def test_an_error_page_gives_back_words_and_no_secrets():
    pairs = [
        ("csrf_token", "abc123"), ("seen", "title:1234abcd"), ("password", "my secret words"), ("current", "my other"),
        ("kind", "long_text"), ("municipality_id", "vani, really"), ("scan.kept", "ticket.seal"), ("then", "Go on"),
        ("reason", "What I wrote <b>"), ("note", "ორი სიტყვა"), ("empty", " "),
        ("key", "01a22ebe-138f-7a19-9ed4-98beef459da4"),
    ]  # fmt: skip
    assert typed_words(pairs) == ["What I wrote <b>", "ორი სიტყვა"]
