"""A form of a page with words typed into all of it, and what of them stands in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from foundation.clock import today
from tests.builders.uploads import a_jpeg, a_pdf

# What a browser sends along without anybody typing it.
CARRIED = re.compile(r"csrf_token|seen|revision|then|do|remove|choice\..*|.*\.kept")
# Words of seven letters: more than one field takes, and less than a form.
TOO_LONG = 3_000
# The words of a photo that was kept.
PHOTO = re.compile(r"photo\.[0-9a-f-]{36}\.caption")


@dataclass
class Field:
    """`kind` is the type of an input, or the tag. A choice has `options`; `value` is what stands in it or is chosen."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    numeric: bool = False
    accept: str = ""
    readonly: bool = False

    @property
    def typed(self) -> bool:
        return not (self.kind in ("hidden", "file") or self.readonly or CARRIED.fullmatch(self.name))


@dataclass
class Sent:
    action: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)
    id: str = ""

    def __bool__(self) -> bool:
        """Whether anybody types, chooses or attaches anything."""
        return any(each.typed or each.kind == "file" for each in self.fields)

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.fields}


class Page(HTMLParser):
    """The forms of a page that are posted, and its text."""

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[Sent] = []
        self.words: list[str] = []
        self._form: Sent | None = None
        self._field: Field | None = None
        self.feed(text)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        has = {name: content or "" for name, content in attrs}
        if tag == "form":
            self._form = None
            if has.get("method") == "post":
                action, multipart = has.get("action", "").partition("#")[0], "multipart" in has.get("enctype", "")
                self._form = Sent(action, multipart, id=has.get("id", ""))
                self.forms.append(self._form)
        elif tag == "button" and "formaction" in has:
            self._elsewhere(has["formaction"], has.get("form", ""))
        elif self._form is not None:
            self._inside(tag, has)

    def _elsewhere(self, action: str, form: str) -> None:
        """A button that sends the same fields to another address."""
        of = next((each for each in self.forms if each.id == form), None) if form else self._form
        if of is not None:
            self.forms.append(Sent(action, of.multipart, of.fields, id=f"{form} elsewhere"))

    def _inside(self, tag: str, has: dict[str, str]) -> None:
        assert self._form is not None
        if tag == "option" and self._field is not None:
            self._field.options.append(has.get("value", ""))
            if "selected" in has or len(self._field.options) == 1:
                self._field.value = has.get("value", "")
        if tag not in ("input", "textarea", "select") or "name" not in has:
            return
        kind = has.get("type", "text") if tag == "input" else tag
        if kind in ("submit", "button"):
            return
        there = next((each for each in self._form.fields if (each.name, each.kind) == (has["name"], kind)), None)
        if kind in ("radio", "checkbox"):
            if there is None:
                there = Field(has["name"], kind)
                self._form.fields.append(there)
            there.options.append(has.get("value", "on"))
            if "checked" in has:
                there.value = f"{there.value}\n{has.get('value', 'on')}".strip()
            return
        numeric = kind == "number" or has.get("inputmode") in ("numeric", "decimal")
        made = Field(has["name"], kind, has.get("value", ""), [], numeric, has.get("accept", ""), "readonly" in has)
        self._form.fields.append(made)
        if tag != "input":
            self._field = made

    def handle_data(self, data: str) -> None:
        if self._field is not None and self._field.kind == "textarea":
            self._field.value += data
        else:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select") and self._field is not None:
            if tag == "textarea":
                self._field.value = self._field.value.removeprefix("\n")
            self._field = None
        elif tag == "form":
            self._form = None


Pairs = list[tuple[str, str]]
Files = list[tuple[str, tuple[str, bytes, str]]]


def filled(form: Sent, *, wrong: bool = False, long: bool = False) -> Pairs:
    """Words of one's own in every field: `wrong` ones in those that take numbers and days; `long`, more of them in the
    last area than any field takes."""
    pairs: Pairs = []
    for place, each in enumerate(form.fields):
        if each.kind == "file":
            continue
        if not each.typed:
            pairs.append((each.name, each.value))
        elif each.kind == "checkbox":
            pairs += [(each.name, option) for option in each.options]
        elif each.kind in ("radio", "select"):
            pairs.append((each.name, _another(each)))
        else:
            pairs.append((each.name, _written(each, place, wrong)))
    areas = {each.name for each in form.fields if each.typed and each.kind == "textarea"}
    if long and areas:
        last = max(place for place, (name, _value) in enumerate(pairs) if name in areas)
        pairs[last] = (pairs[last][0], ("ვრცელი " * TOO_LONG).strip())
    return pairs


def as_it_stands(form: Sent) -> Pairs:
    """What a browser sends when somebody presses the button at once."""
    pairs: Pairs = []
    for each in form.fields:
        if each.kind in ("radio", "checkbox"):
            pairs += [(each.name, value) for value in each.value.split("\n") if value]
        elif each.kind != "file":
            pairs.append((each.name, each.value))
    return pairs


def _another(each: Field) -> str:
    """The last choice there is, but not the one that stands there anyway."""
    others = [option for option in each.options if option and option != each.value]
    return others[-1] if others else each.value


def _written(each: Field, place: int, wrong: bool) -> str:
    dated = each.kind in ("date", "datetime-local")
    if each.kind == "email":
        return f"typed{place}" if wrong else f"typed{place}@example.org"
    if wrong and (dated or each.numeric):
        return f"no figure {place}"
    if dated:
        day = (today() + timedelta(days=20 + place)).isoformat()
        return f"{day}T18:00" if each.kind == "datetime-local" else day
    if each.numeric:
        return str(11 + place)
    return f"typed {place} <b>„ს“"


def files_for(form: Sent) -> Files:
    made: Files = []
    for place, each in enumerate(each for each in form.fields if each.kind == "file"):
        if "pdf" in each.accept or not each.accept:
            made.append((each.name, (f"proof-{place}.pdf", a_pdf(), "application/pdf")))
        else:
            made.append((each.name, (f"proof-{place}.jpg", a_jpeg(80, 60), "image/jpeg")))
    return made


def gone(form: Sent, pairs: Pairs, files: Files, answer: str, *, drawn: bool) -> Iterator[str]:
    """What was typed and does not stand in its field; where the form is not `drawn` any more, not anywhere."""
    page = Page(answer)
    text = " ".join([page.text, *(each.value for there in page.forms for each in there.fields)])
    back = next((each for each in page.forms if each.action == form.action), None)
    if back is None and drawn:
        yield "the form itself"
    for each in form.fields:
        typed = [value for key, value in pairs if key == each.name]
        if not each.typed or each.kind == "password" or not any(typed):
            continue
        if back is not None and each.name in back.names:
            now = {plain(there.value) for there in back.fields if there.name == each.name}
            if not {plain(value) for value in typed} <= now | {
                plain(line) for lines in now for line in lines.split("\n")
            }:
                yield f"{each.name}: {typed} came back as {now}"
        elif each.kind not in ("radio", "checkbox", "select") and not all(value in text for value in typed):
            yield f"{each.name}: {typed}, which has no field"
    for name, (filename, *_file) in files:
        if back is not None and not any(each.name == f"{name}.kept" for each in back.fields):
            if name == "photos" and any(PHOTO.fullmatch(each) for each in back.names - form.names):
                continue  # kept in the record itself, where its words can be written now
            yield f"the file {filename} of {name}"


def plain(words: str) -> str:
    """A number is the same however it is written."""
    words = words.strip()
    return format(Decimal(words).normalize(), "f") if re.fullmatch(r"[0-9]+(\.[0-9]+)?", words) else words
