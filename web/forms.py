"""Forms as people send them: read with limits, parsed once by a Pydantic model, given back as typed when wrong."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar, get_origin
from urllib.parse import parse_qsl

from litestar import Request
from pydantic import BaseModel, ValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Refused
from web.naming import Nameless
from web.visit import visit

M = TypeVar("M", bound=BaseModel)

MOST_TEXT = 256 * 1024
MOST_FIELDS = 1000


class Form(Mapping[str, str]):
    """What was typed. `form['name']` is the last value, `form.list('name')` all; `form.files` what was received."""

    def __init__(self, pairs: list[tuple[str, str]], files: dict[str, list[Any]] | None = None):
        self.pairs = pairs
        self.files = files or {}
        self._last = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def list(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


class Malformed(Exception):
    """Bytes that are no form at all: answered with 400."""


class TooLarge(Refused):
    status = 413


class Forged(Refused):
    """The form does not carry the token of this session."""

    status = 403


class Invalid(Exception):
    """What was typed does not parse: `errors` maps field names to sentences, `form` is what was typed."""

    def __init__(self, errors: dict[str, str], form: Form):
        super().__init__(errors)
        self.errors = errors
        self.form = form


class Sink(Protocol):
    """Takes one file of a form, chunk by chunk; `receive` may raise Refused to stop."""

    async def start(self, field: str, filename: str, content_type: str) -> Any: ...
    async def receive(self, file: Any, chunk: bytes) -> None: ...
    async def finish(self, file: Any) -> Any: ...
    async def abandon(self, file: Any) -> None: ...


async def read_form(request: Request, sink: Sink | None = None) -> Form:
    """The form of this request; a multipart one streams its files into the sink, which needs the token first."""
    body = request.scope.get("form_body")
    if isinstance(body, bytes):  # read by the outermost layer, which checked the token
        return Form(parse_pairs(body))
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Malformed(_("This is not a form."))
    return await _Multipart(request, options[b"boundary"], sink).read()


def parse_pairs(body: bytes) -> list[tuple[str, str]]:
    """Names and values of an urlencoded body; Malformed when it is not text."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Malformed(_("This is not a form.")) from None
    if any("\x00" in name or "\x00" in value for name, value in pairs):
        raise Malformed(_("This is not a form."))
    return [(name, value.replace("\r\n", "\n")) for name, value in pairs]


def check_token(token: str) -> None:
    """A form of somebody signed in carries the session's token; nobody else could know it."""
    here = visit.get()
    if here.person and not hmac.compare_digest(token.encode(), here.csrf_token.encode()):
        raise Forged(_("This form is too old or not from this site. Open the page again and send it once more."))


class _Multipart:
    def __init__(self, request: Request, boundary: bytes, sink: Sink | None):
        self.request, self.sink = request, sink
        self.events: list[tuple[str, bytes]] = []
        note = self.events.append
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": lambda: note(("begin", b"")),
                "on_header_field": lambda data, start, end: note(("name", data[start:end])),
                "on_header_value": lambda data, start, end: note(("value", data[start:end])),
                "on_header_end": lambda: note(("header", b"")),
                "on_headers_finished": lambda: note(("headers", b"")),
                "on_part_data": lambda data, start, end: note(("data", data[start:end])),
                "on_part_end": lambda: note(("end", b"")),
            },
        )
        self.pairs: list[tuple[str, str]] = []
        self.files: dict[str, list[Any]] = {}
        self.open_file: Any = None
        self.headers: dict[bytes, bytes] = {}
        self.text = 0

    async def read(self) -> Form:
        try:
            async for chunk in self.request.stream():
                self.parser.write(chunk)
                await self._take_events()
            self.parser.finalize()
            await self._take_events()
        except FormParserError:
            raise Malformed(_("This is not a form.")) from None
        finally:
            if self.open_file is not None and self.sink:
                await self.sink.abandon(self.open_file)
        self._token_first()
        return Form(self.pairs, self.files)

    async def _take_events(self) -> None:
        events, self.events[:] = list(self.events), []
        for event, data in events:
            await getattr(self, f"_{event}")(data)

    async def _begin(self, _data: bytes) -> None:
        self.name, self.value, self.headers = b"", b"", {}
        if len(self.pairs) + sum(map(len, self.files.values())) > MOST_FIELDS:
            raise TooLarge(_("The form has too many parts."))

    async def _name(self, data: bytes) -> None:
        self.name += data

    async def _value(self, data: bytes) -> None:
        self.value += data

    async def _header(self, _data: bytes) -> None:
        self.headers[self.name.lower()] = self.value
        self.name, self.value = b"", b""

    async def _headers(self, _data: bytes) -> None:
        disposition, options = parse_options_header(self.headers.get(b"content-disposition", b""))
        if disposition != b"form-data" or b"name" not in options:
            raise Malformed(_("This is not a form."))
        self.field = _text(options[b"name"])
        self.body = bytearray()
        self.skipped = False
        if b"filename" in options:
            filename = _text(options[b"filename"])
            self.skipped = not filename  # an empty file field
            if not self.skipped:
                if self.sink is None:
                    raise Malformed(_("Files are not taken here."))
                self._token_first()
                kind = _text(self.headers.get(b"content-type", b""))
                self.open_file = await self.sink.start(self.field, filename, kind)

    async def _data(self, data: bytes) -> None:
        if self.open_file is not None and self.sink:
            await self.sink.receive(self.open_file, data)
        elif not self.skipped:
            self.text += len(data)
            if self.text > MOST_TEXT:
                raise TooLarge(_("The text of this form is too long."))
            self.body += data

    async def _end(self, _data: bytes) -> None:
        if self.open_file is not None and self.sink:
            file, self.open_file = self.open_file, None
            self.files.setdefault(self.field, []).append(await self.sink.finish(file))
        elif not self.skipped:
            self.pairs.append((self.field, _text(bytes(self.body)).replace("\r\n", "\n")))

    def _token_first(self) -> None:
        check_token(dict(self.pairs).get("csrf_token", "") or self.request.headers.get("x-csrf-token", ""))


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(_("This is not a form.")) from None
    if "\x00" in text:
        raise Malformed(_("This is not a form."))
    return text


def parse(model: type[M], form: Form) -> M:
    """The form as the model says it, or Invalid with a sentence for each wrong field. `lines.0.item` nests."""
    try:
        return model.model_validate(tree(model, form))
    except ValidationError as error:
        said = error_sentences(error)
        raise Invalid(
            {name: Nameless(sentence) if name else sentence for name, sentence in said.items()}, form
        ) from None


def tree(model: type[BaseModel], form: Form) -> dict[str, Any]:
    """Empty fields are left out, so that required ones are missing and others take their default."""
    made: dict[str, Any] = {}
    many = {name for name, field in model.model_fields.items() if get_origin(field.annotation) in (list, tuple, set)}
    for name, value in form.pairs:
        if name == "csrf_token" or not value.strip():
            continue
        *above, last = name.split(".")
        here: Any = made
        for step in above:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                break
        if not isinstance(here, dict):
            continue
        if not above and last in many:
            here.setdefault(last, []).append(value)
        else:
            here[last] = value
    return {name: _listed(value) if name in many else value for name, value in made.items()}


def _listed(value: Any) -> Any:
    """{'0': …, '2': …} → […, …]: rows of a table, in the order they were numbered."""
    if isinstance(value, dict) and all(re.fullmatch(r"[0-9]{1,4}", key) for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


WORDS = {
    "missing": N_("Fill this in."),
    "string_type": N_("Write this as text."),
    "string_too_short": N_("Fill this in."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "int_parsing": N_("Write a whole number."),
    "int_type": N_("Write a whole number."),
    "int_from_float": N_("Write a whole number."),
    "int_parsing_size": N_("This number is too large."),
    "decimal_parsing": N_("Write a number."),
    "decimal_type": N_("Write a number."),
    "decimal_max_digits": N_("This number is too large."),
    "decimal_max_places": N_("Write at most {decimal_places} decimals."),
    "decimal_whole_digits": N_("This number is too large."),
    "finite_number": N_("Write a number."),
    "float_parsing": N_("Write a number."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than": N_("This must be less than {lt}."),
    "less_than_equal": N_("This must be at most {le}."),
    "date_parsing": N_("Write a date as day, month and year."),
    "date_from_datetime_parsing": N_("Write a date as day, month and year."),
    "date_from_datetime_inexact": N_("Write a date as day, month and year."),
    "datetime_parsing": N_("Write a date and time."),
    "datetime_from_date_parsing": N_("Write a date and time."),
    "enum": N_("Choose one of the answers."),
    "literal_error": N_("Choose one of the answers."),
    "bool_parsing": N_("Choose one of the answers."),
    "bool_type": N_("Choose one of the answers."),
    "uuid_parsing": N_("Choose one of the answers."),
    "uuid_type": N_("Choose one of the answers."),
    "string_pattern_mismatch": N_("This is not written as it should be."),
    "too_short": N_("Fill this in."),
    "too_long": N_("There are too many of these: at most {max_length}."),
    "extra_forbidden": N_("This field is not known here."),
    "list_type": N_("This is not written as it should be."),
    "dict_type": N_("This is not written as it should be."),
    "model_type": N_("This is not written as it should be."),
    "model_attributes_type": N_("This is not written as it should be."),
    "time_zone_missing": N_("Write a date and time."),
}
NOT_RIGHT = N_("This is not written as it should be.")


def error_sentences(error: ValidationError) -> dict[str, str]:
    """Field name (dotted) → one sentence in the current language. Rules of ours raise ValueError(N_('sentence'))."""
    said: dict[str, str] = {}
    for wrong in error.errors(include_url=False):
        name = ".".join(str(step) for step in wrong["loc"])
        if wrong["type"] == "value_error" and "error" in wrong.get("ctx", {}):
            sentence = _(str(wrong["ctx"]["error"]))
        elif wrong["type"] == "value_error":
            sentence = _(NOT_RIGHT)
        else:
            sentence = _(WORDS.get(wrong["type"], NOT_RIGHT), **wrong.get("ctx", {}))
        said.setdefault(name, sentence)
    return said
