"""A form as people send it: read with limits, its files streamed into a sink, never lost on the way to a refusal."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qsl

from litestar import Request
from litestar.di import Provide
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from foundation.language import gettext as _
from foundation.refused import Refused
from web.context import request_context

MOST_TEXT = 600_000  # bytes: two hundred thousand Georgian letters
MOST_FIELDS = 2000
# Field `scan` holds a file, field `scan.kept` the ticket of one that is here already.
KEPT = ".kept"


# What a page shows again: field name → sentence ('' for the whole form), and what was typed.
Errors: TypeAlias = dict[str, str] | None
Typed: TypeAlias = Mapping[str, Any] | None


class Form(Mapping[str, str]):
    """What was typed. `form['name']` is the last value, `form.list('name')` all; `form.files` what was received.

    `theirs` is what stands now in fields that somebody else changed meanwhile, too; `tables` which of them are tables;
    `fresh` the version to be chosen, where what was typed does not go into it field by field."""

    theirs: Mapping[str, str] = {}
    tables: frozenset[str] = frozenset()
    fresh: str = ""

    def __init__(self, pairs: list[tuple[str, str]], files: dict[str, list[Any]] | None = None):
        self.pairs = pairs
        self.files = {} if files is None else files
        self._last: dict[str, str] = {}
        self._counted = 0

    @property
    def last(self) -> dict[str, str]:
        """The last value of each name; made again when more has been read."""
        if self._counted != len(self.pairs):
            self._last, self._counted = dict(self.pairs), len(self.pairs)
        return self._last

    def __getitem__(self, name: str) -> str:
        return self.last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.last)

    def __len__(self) -> int:
        return len(self.last)

    def list(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def goes_on_from(self, seen: str, shown: Iterable[tuple[str, str]] = ()) -> None:
        """Part of this very form is written already: what stands there now is not somebody else's. `shown` is what the
        page gained by it. A form that said nothing about what it saw goes on saying nothing."""
        if "seen" in self:
            self.pairs[:] = [*(pair for pair in self.pairs if pair[0] != "seen"), *shown, ("seen", seen)]
            self._counted = -1


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
    def kept(self, ticket: str) -> Any: ...


class Arriving(Form):
    """A form that nobody has read yet: `given_back` reads it, after it is settled who may send it at all. Asked for a
    word before that, it fails; when reading stops half-way, it holds what was read until then."""

    def __init__(self, request: Request, sink: Sink | None = None):
        self.request = request
        self.sink = sink

    async def read(self) -> Form:
        super().__init__([], {})
        request_context.get().typed = self.pairs  # an error page shows it, where the form cannot be shown
        body = self.request.scope.get("form_body")
        if isinstance(body, bytes):  # read where the token was checked
            self.pairs.extend(parse_pairs(body))
            if sum(len(value.encode()) for _name, value in self.pairs) > MOST_TEXT:
                raise TooLarge(_("The text of this form is too long."))
            return self
        kind, options = parse_options_header(self.request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise Malformed(_("The request was not valid. Open the page again."))
        try:
            await _Multipart(self, options[b"boundary"]).read()
        finally:
            self._take_kept()
        return self

    def _take_kept(self) -> None:
        """Files that came with this form before and are held here stand before those that came now."""
        sink = self.sink
        if sink is None:
            return
        for name in {name for name, _ticket in self.pairs if name.endswith(KEPT)}:
            held = [sink.kept(ticket) for ticket in dict.fromkeys(self.list(name))]
            field = name.removesuffix(KEPT)
            self.files[field] = [*held, *self.files.get(field, [])]


def form_of(sink: Callable[[], Sink] | None = None) -> Provide:
    """The dependency `form: NamedDependency[Form]` of a handler that is `given_back`; one with files says how they are
    taken: `dependencies={"form": form_of(partial(Receiving, kinds=PAPERS))}`."""

    def arriving(request: Request) -> Form:
        return Arriving(request, sink() if sink else None)

    return Provide(arriving, sync_to_thread=False)


async def read_form(request: Request, sink: Sink | None = None) -> Form:
    """The form of this request; a multipart one streams its files into the sink, which needs the token first."""
    return await Arriving(request, sink).read()


def parse_pairs(body: bytes) -> list[tuple[str, str]]:
    """Names and values of an urlencoded body; Malformed when it is not text."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Malformed(_("The request was not valid. Open the page again.")) from None
    return [(_line_ends(name), _line_ends(value)) for name, value in pairs]


def readable_pairs(cut: bytes | bytearray) -> list[tuple[str, str]]:
    """What can be read of a body that was cut off: the words of somebody whose form was too long."""
    return parse_qsl(cut.decode("ascii", "replace"), errors="replace", max_num_fields=None)


def holds_token(token: str) -> bool:
    """Whoever is not signed in needs none."""
    here = request_context.get()
    return not here.person or hmac.compare_digest(token.encode(), here.csrf_token.encode())


def check_token(token: str) -> None:
    """A form of somebody signed in carries the session's token; nobody else could know it."""
    if not holds_token(token):
        raise Forged(_("This form is too old or not from this site. Open the page again and send it once more."))


class _Multipart:
    """Fills the form as its parts arrive."""

    def __init__(self, form: Arriving, boundary: bytes):
        self.request, self.sink = form.request, form.sink
        self.pairs, self.files = form.pairs, form.files
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
        self.open_file: Any = None
        self.headers: dict[bytes, bytes] = {}
        self.text = 0

    async def read(self) -> None:
        try:
            async for chunk in self.request.stream():
                self.parser.write(chunk)
                await self._take_events()
            self.parser.finalize()
            await self._take_events()
        except FormParserError:
            raise Malformed(_("The request was not valid. Open the page again.")) from None
        finally:
            if self.open_file is not None and self.sink:
                await self.sink.abandon(self.open_file)
        self._token_first()

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
            raise Malformed(_("The request was not valid. Open the page again."))
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
                self.pairs.append((self.field, (self.body + data).decode("utf-8", "replace")))
                raise TooLarge(_("The text of this form is too long."))
            self.body += data

    async def _end(self, _data: bytes) -> None:
        if self.open_file is not None and self.sink:
            file, self.open_file = self.open_file, None
            self.files.setdefault(self.field, []).append(await self.sink.finish(file))
        elif not self.skipped:
            self.pairs.append((self.field, _line_ends(_text(bytes(self.body)))))

    def _token_first(self) -> None:
        check_token(dict(self.pairs).get("csrf_token", "") or self.request.headers.get("x-csrf-token", ""))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(_("The request was not valid. Open the page again.")) from None


def _line_ends(text: str) -> str:
    """As they are kept; NUL, which comes along from some programs and which no database takes, is left out."""
    return text.replace("\r\n", "\n").replace("\x00", "")
