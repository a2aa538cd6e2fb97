"""The fields of a step's form as they are drawn: from the types of its model, with title and description as words.

A form says `reason: Text = Field(title=N_("Reason"), description=N_("The people concerned will read it."))`; a step may
ask in other words: `labels={"reason": N_("What is missing?")}`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from foundation.language import label
from lifecycle.transition import CARRIED, Transition

NO_LABELS: Mapping[str, str] = {}
LINE, LONG = 80, 300  # letters; what may be longer takes the whole line, and then an area


@dataclass(frozen=True)
class Drawn:
    """`kind` is a macro of web/templates/fields.html, "revision" or "seen"."""

    kind: str
    name: str
    label: str = ""
    hint: str = ""
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    prefilled: bool = False


def drawn(step: Transition) -> list[Drawn]:
    fields = fields_of(step.form, step.labels, step.prefilled) if step.form else []
    if step.file:
        fields.append(Drawn("upload", step.file.name, step.file.label, step.file.hint, step.file.optional))
    return fields


def fields_of(
    form: type[BaseModel], labels: Mapping[str, str] = NO_LABELS, prefilled: Collection[str] = ()
) -> list[Drawn]:
    """What several people may write carries what each of them saw, in place of one revision for all of it."""
    named = {name: info for name, info in form.model_fields.items() if CARRIED not in info.metadata}
    if "seen" in named:
        named.pop("revision", None)
    return [_field(name, info, labels, name in prefilled) for name, info in named.items()]


def _field(name: str, info: FieldInfo, labels: Mapping[str, str], prefilled: bool) -> Drawn:
    if name in ("revision", "seen"):
        return Drawn(name, name)
    kind, options = _kind(info, name)
    title = labels.get(name) or info.title or ""
    return Drawn(kind, name, title, info.description or "", not info.is_required(), options, prefilled)


def choice_of(annotation: Any) -> type[StrEnum] | None:
    return next((each for each in _parts(annotation) if isinstance(each, type) and issubclass(each, StrEnum)), None)


def _kind(info: FieldInfo, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    kinds = [each for each in _parts(info.annotation) if isinstance(each, type) and each is not NoneType]
    kind = kinds[0] if kinds else str
    if choices := choice_of(info.annotation):
        return "select", tuple((str(member), label(member)) for member in choices)
    if issubclass(kind, bool):
        return "checkbox", ()
    if issubclass(kind, date):
        return "date", ()
    if issubclass(kind, Decimal):
        return ("amount" if name == "amount" else "number"), ()
    if issubclass(kind, int):
        return "number", ()
    most = [each.max_length for each in _limits(info) if getattr(each, "max_length", None) is not None]
    if not most or min(most) > LONG:
        return "textarea", ()
    return ("text" if min(most) <= LINE else "line"), ()


def _parts(annotation: Any) -> Iterator[Any]:
    """The type itself, and those inside `X | None` and Annotated."""
    yield annotation
    for inside in get_args(annotation):
        yield from _parts(inside)


def _limits(info: FieldInfo) -> list[Any]:
    """Also of a type that was named with them: `Line = Annotated[str, Field(max_length=300)]`, and `Line | None`."""
    named = [each for each in _parts(info.annotation) if not isinstance(each, type)]
    return [*info.metadata, *named, *(limit for each in named for limit in getattr(each, "metadata", ()))]
