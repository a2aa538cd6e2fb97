"""A form comes back as typed after every refusal; who may not send it is told so before it is read."""

import asyncpg
import pytest
from litestar import Response

from foundation.database import PoolTimeout
from foundation.language import speaking
from foundation.merging import Conflict
from foundation.refused import Missing, NotAllowed, Refused, Stale
from web.context import RequestContext, request_context
from web.forms import Arriving, Form, Invalid, Lenient, Malformed, allowed, given_back, parse, seen_in, typed_words
from web.forms.parsing import OLDER


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


class Entry(Lenient):
    note: str = ""


class Told(Lenient):
    reason: str = ""
    revision: int | None = None
    entries: dict[str, Entry] = {}


def test_words_in_a_field_that_is_gone_are_not_passed_over():
    for name in ("reasons", "entries.a.words"):
        with pytest.raises(Invalid) as caught:
            parse(Told, Form([("reason", "new"), (name, "what I wrote")]))
        assert caught.value.errors == {"": OLDER}
    buttons = [("then", "Go on"), ("do", "send"), ("place_id", "vani"), ("entries.a.note", "words"), ("again", "1")]
    assert parse(Told, Form(buttons)).entries == {"a": Entry(note="words")}
    assert parse(Told, Form([("answer", "read by hand")]), besides=("answer",)) == Told()


async def test_what_cannot_be_merged_keeps_the_version_it_was_opened_with_until_somebody_chooses():
    shown_form = {}

    def again(status, errors, form) -> Response:
        shown_form["now"] = form
        return Response(b"", status_code=status)

    @given_back(again)
    async def handler(form: Form) -> Response:
        raise Stale("Changed.", 8)

    await handler(form=Form([("revision", "7"), ("reason", "mine")]))
    back = shown_form["now"]
    assert (back["revision"], back["reason"], back.fresh) == ("7", "mine", "8")
    assert parse(Told, Form([*back.pairs])).revision == 7
    assert parse(Told, Form([*back.pairs, ("choice.revision", "8")])).revision == 8


async def test_of_two_decisions_both_are_shown_and_neither_is_taken_by_itself():
    shown_form = {}

    def again(status, errors, form) -> Response:
        shown_form.update(now=form, errors=errors)
        return Response(b"", status_code=status)

    @given_back(again)
    async def handler(form: Form) -> Response:
        raise Conflict({"verdict": "yes"}, "verdict:22222222", {"verdict": "no"}, together=True)

    answer = await handler(form=Form([("seen", "verdict:11111111"), ("verdict", "yes")]))
    back = shown_form["now"]
    assert answer.status_code == 409 and "choice.seen" in shown_form["errors"]
    assert (back["seen"], back["verdict"], back.theirs) == ("verdict:11111111", "yes", {"verdict": "no"})
    assert seen_in(back) == "verdict:11111111"
    assert seen_in(Form([*back.pairs, ("choice.seen", back.fresh)])) == "verdict:22222222"
    assert seen_in(Form([*back.pairs, ("choice.seen", "theirs")])) == "verdict:="


async def test_words_without_a_field_are_shown_to_be_copied():
    def again(status, errors, form) -> Response:
        left = request_context.get().unshown
        return Response(f'<input name="title" value="{form["title"]}">{left}'.encode(), status_code=status)

    @given_back(again)
    async def handler(form: Form) -> Response:
        raise Refused("Not now.")

    answer = await handler(form=Form([("title", "There"), ("reason", "My long reason"), ("password", "Secret words")]))
    assert answer.content.decode() == '<input name="title" value="There">[\'My long reason\']'
