"""The fields of a step's form as they are drawn: from the types of its model, with title and description as words.

A form says `reason: Text = Field(title=N_("Reason"), description=N_("The people concerned will read it."))`; a step may
ask in other words: `labels={"reason": N_("What is missing?")}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from foundation.language import label
from lifecycle.transition import Transition

LONG = 300  # letters; a text that may be longer is written in an area


@dataclass(frozen=True)
class Drawn:
    """`kind` is a macro of web/templates/fields.html, or "revision"."""

    kind: str
    name: str
    label: str = ""
    hint: str = ""
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    prefilled: bool = False


def drawn(step: Transition) -> list[Drawn]:
    fields = [_field(name, info, step) for name, info in (step.form.model_fields if step.form else {}).items()]
    if step.file:
        fields.append(Drawn("upload", step.file.name, step.file.label, step.file.hint, step.file.optional))
    return fields


def _field(name: str, info: FieldInfo, step: Transition) -> Drawn:
    if name == "revision":
        return Drawn("revision", name)
    kind, options = _kind(info, name)
    title = step.labels.get(name) or info.title or ""
    return Drawn(kind, name, title, info.description or "", not info.is_required(), options, name in step.prefilled)


def _kind(info: FieldInfo, name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    kinds = [each for each in _parts(info.annotation) if isinstance(each, type) and each is not NoneType]
    kind = kinds[0] if kinds else str
    if issubclass(kind, StrEnum):
        return "select", tuple((str(member), label(member)) for member in kind)
    if issubclass(kind, bool):
        return "checkbox", ()
    if issubclass(kind, date):
        return "date", ()
    if issubclass(kind, Decimal):
        return ("amount" if name == "amount" else "number"), ()
    if issubclass(kind, int):
        return "number", ()
    most = [each.max_length for each in _limits(info) if getattr(each, "max_length", None) is not None]
    return ("text" if most and min(most) <= LONG else "textarea"), ()


def _parts(annotation: Any) -> Iterator[Any]:
    """The type itself, and those inside `X | None` and Annotated."""
    yield annotation
    for inside in get_args(annotation):
        yield from _parts(inside)


def _limits(info: FieldInfo) -> list[Any]:
    return [*info.metadata, *(each for each in _parts(info.annotation) if not isinstance(each, type))]
