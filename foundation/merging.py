"""Two people, one record: what each of them changed is kept, and what both changed is asked about.

A form carries, for each field, eight letters of the value it was opened with. Under the lock of the row there are then
three values: that one, what stands there now, and what was typed. Whoever did not touch a field takes what stands
there; where nobody else touched it, what was typed is written; where all three differ, a person decides. Rows of tables
are merged by their id: two people in different rows both keep theirs, and a row that one removed and the other changed
is asked about, too. What is one decision is merged as one: whoever decided otherwise chooses between both. A client of
the API knows the whole record and sends its `revision` instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from types import NoneType
from typing import Annotated, Any, ClassVar, Self, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import SkipJsonSchema

from foundation.clock import TBILISI
from foundation.language import N_
from foundation.language import gettext as _
from foundation.refused import Stale
from foundation.typed import Typing, in_a_form

LETTERS = 8
# Instead of letters: whoever was asked has chosen what stands there.
TAKE = "="
# What says how the record stood, and is no part of it.
APART = frozenset({"revision", "seen"})

BOTH = N_("Somebody else changed this in the meantime, too. What is there now is shown below: keep yours, or take it.")
CHANGED = N_("You removed this row, but somebody else changed it in the meantime. Leave it, or remove it again.")
CHOOSE = N_("Choose which one stays.")
REMOVED = N_("Somebody else removed this row in the meantime. Leave it to have it back, or empty it.")

R = TypeVar("R", bound=Any)
Seen = dict[str, str]
Row = dict[str, Any]


def read_seen(text: Any) -> Any:
    """“title_ka:1b4f0e98 reports/<id>:…” as field → letters; what is not written so was not seen. None: nothing is
    said about what was seen."""
    if not isinstance(text, str):
        return text
    if not text.strip():
        return None
    return dict(token.rsplit(":", 1) for token in text.split() if ":" in token)


class Editable(Typing):
    """What people send about a record that others may be writing at the same time."""

    model_config = ConfigDict(extra="forbid")
    # One decision: half of mine and half of theirs would be nobody's.
    together: ClassVar[bool] = False

    revision: int | None = Field(default=None, exclude=True)
    seen: SkipJsonSchema[Annotated[Seen, BeforeValidator(read_seen)] | None] = Field(default=None, exclude=True)

    def over(self, stored: Any) -> Self:
        """This as it is to be written over what stands there now, or Conflict. The row is already locked."""
        if self.seen is None:
            return self
        mine, theirs = _values(type(self), self), _values(type(self), stored)
        # an entry with nothing in it is not sent; one that came since then was never seen
        mine = {name: None if name in self.seen else value for name, value in theirs.items() if "." in name} | mine
        whole = merge(mine, theirs, self.seen, self.together)
        if whole == mine and not any("." in name for name in whole):
            return self
        apart = {name: getattr(self, name) for name in type(self).model_fields if name not in mine and name != "seen"}
        try:
            return type(self).model_validate({**apart, **self._nested(whole)})
        except ValidationError as error:  # each may be right alone and both together wrong
            raise Conflict(whole, written(theirs), wrong=error) from None

    def _nested(self, whole: Mapping[str, Any]) -> dict[str, Any]:
        """scores.<id>.points as the model nests it; what is empty is left out."""
        made: dict[str, Any] = {name: value for name, value in whole.items() if "." not in name}
        for dotted in sorted(whole.keys() - made.keys()):
            name, key, each = dotted.split(".")
            entry = made.setdefault(name, {}).setdefault(key, {})
            if whole[dotted] is not None:
                entry[each] = whole[dotted]
        return made


class TableLine(Typing):
    """A row of a table within a form; without an id it is a new one."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None


@dataclass
class Conflict(Stale):
    """`whole` is what the form shows now: mine where I wrote, theirs everywhere else; `seen_now` the letters of what
    stands there; `theirs` what stands in each field both wrote; `sentences` what is said beside fields and rows;
    `wrong` why both together cannot be; `together` that one of both has to be chosen."""

    whole: Mapping[str, Any]
    seen_now: str
    theirs: dict[str, Any] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    wrong: ValidationError | None = None
    together: bool = False

    def __post_init__(self) -> None:
        super().__init__(_("Somebody else changed this in the meantime. Look at both versions, then save."))


def kept_in(lines: Sequence[TableLine], there: Sequence[R]) -> list[R | None]:
    """The stored row each line is written to, None for a new one: its own by id, or, for a client that names no ids,
    the one in the same place."""
    if not any(line.id for line in lines):
        return [there[place] if place < len(there) else None for place in range(len(lines))]
    own = {row.id: row for row in there}
    return [own.pop(line.id, None) if line.id else None for line in lines]


def seen_of(model: type[BaseModel], stored: Any) -> str:
    """What a form of this model carries, so that later it can be told who changed what."""
    return written(_values(model, stored))


def written(values: Mapping[str, Any]) -> str:
    tokens = []
    for name, value in values.items():
        if is_table(value):
            tokens += [f"{name}/{row['id']}:{_row_letters(row)}" for row in value]
        else:
            tokens.append(f"{name}:{letters(value)}")
    return " ".join(tokens)


def merge(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], seen: Seen | None, together: bool = False
) -> dict[str, Any]:
    """The record as it is to be written, or Conflict. Whoever says nothing about what they saw writes all of it."""
    if seen is None:
        return dict(mine)
    if together:
        return _one_of_both(mine, theirs, seen)
    merging = _Merging()
    whole: dict[str, Any] = {}
    for name, value in mine.items():
        if is_table(value) or is_table(theirs.get(name)):
            whole[name] = merging.table(name, value or [], theirs.get(name) or [], seen)
        else:
            whole[name] = merging.one(name, value, theirs.get(name, value), seen.get(name))
    if merging.theirs or merging.sentences:
        raise Conflict(whole, written(theirs), merging.theirs, merging.sentences)
    return whole


def _one_of_both(mine: Mapping[str, Any], theirs: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    there = {name: theirs.get(name, value) for name, value in mine.items()}
    differing = {name: value for name, value in there.items() if letters(value) != letters(mine[name])}
    if not differing or all(_as_seen(value, seen.get(name)) for name, value in there.items()):
        return dict(mine)
    if all(seen.get(name) == TAKE or _as_seen(value, seen.get(name)) for name, value in mine.items()):
        return there
    raise Conflict(mine, written(theirs), differing, together=True)


def _as_seen(value: Any, base: str | None) -> bool:
    return letters(value) == base or (base is None and not plain(value))


class _Merging:
    def __init__(self) -> None:
        self.theirs: dict[str, Any] = {}
        self.sentences: dict[str, str] = {}

    def one(self, name: str, mine: Any, theirs: Any, base: str | None) -> Any:
        if base == TAKE:
            return theirs
        if letters(mine) == letters(theirs) or letters(theirs) == base or (base is None and not plain(theirs)):
            return mine
        if letters(mine) == base:
            return theirs
        self.theirs[name] = theirs
        self.sentences[name] = _(BOTH)
        return mine

    def table(self, name: str, mine: Iterable[Row], theirs: Iterable[Row], seen: Seen) -> list[Row]:
        there = {str(row["id"]): row for row in theirs}
        whole: list[Row] = []
        for row in mine:
            key = str(row.get("id") or "")
            base, place = seen.get(f"{name}/{key}"), f"{name}.{len(whole)}"
            if key in there:
                of_field = _by_field(row, base)
                whole.append(
                    {
                        each: self.one(f"{place}.{each}", row[each], there[key].get(each, row[each]), of_field(each))
                        for each in row
                    }
                )
            elif base is None:
                whole.append(dict(row))
            elif _row_letters(row) != base:
                self.sentences[place] = _(REMOVED)
                whole.append(dict(row))
        kept = {str(row.get("id")) for row in mine}
        for key, row in there.items():
            base = seen.get(f"{name}/{key}")
            if key in kept or _row_letters(row) == base:
                continue
            if base is not None:
                self.sentences[f"{name}.{len(whole)}"] = _(CHANGED)
            whole.append(dict(row))
        return whole


def letters(value: Any) -> str:
    """Eight letters that two values share only when they are the same, however they were written."""
    return blake2b(plain(value).encode(), digest_size=LETTERS // 2).hexdigest()


def plain(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case Enum():
            return str(value.value)
        case Decimal() | int():
            return in_a_form(value)
        case datetime():
            return value.astimezone(TBILISI).isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            several = [plain(each) for each in value]
            return "\n".join(sorted(several) if all(isinstance(each, UUID) for each in value) else several)
        case Mapping():
            return " / ".join(text for name in sorted(value) if (text := plain(value[name])))
    return str(value).replace("\r\n", "\n").strip()


def _row_letters(row: Mapping[str, Any]) -> str:
    return "".join(letters(row[name]) for name in _fields(row))


def _by_field(row: Mapping[str, Any], base: str | None) -> Callable[[str], str | None]:
    """The letters of each field of a row, out of those of the whole row."""
    if base is None:
        return lambda _name: None
    places = {name: place * LETTERS for place, name in enumerate(_fields(row))}
    return lambda name: base[places[name] :][:LETTERS] if name in places else None


def _fields(row: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in row if name != "id")


def is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) and "id" in row for row in value)


def _values(model: type[BaseModel], stored: Any) -> dict[str, Any]:
    """The fields of the model, out of what was typed or is stored: a row, or a mapping in the form's own terms."""
    found: dict[str, Any] = {}
    for name, about in model.model_fields.items():
        if name in APART or not _has(stored, name):
            continue
        value = _of(stored, name)
        line, entry = _line_of(about.annotation), _entry_of(about.annotation)
        if entry:
            found |= {
                f"{name}.{key}.{each}": "false" if _says_no(_of(told, each), of) else _of(told, each)
                for key, told in (value or {}).items()
                for each, of in entry.model_fields.items()
            }
            continue
        if line:
            value = [{each: _of(row, each) for each in line.model_fields} for row in value or []]
        elif isinstance(value, list):
            value = [row.model_dump() if isinstance(row, BaseModel) else row for row in value]
        found[name] = value
    return found


def _line_of(annotation: Any) -> type[TableLine] | None:
    """The model of the rows, where a field is a table."""
    for each in (annotation, *get_args(annotation)):
        of = get_args(each)[0] if get_origin(each) is list else None
        if isinstance(of, type) and issubclass(of, TableLine):
            return of
    return None


def _entry_of(annotation: Any) -> type[BaseModel] | None:
    """The model of what stands under each key: `points: dict[UUID, Answer]` is merged as points.<key>.<field>."""
    arguments = get_args(annotation)
    of = arguments[-1] if get_origin(annotation) is dict else None
    return of if isinstance(of, type) and issubclass(of, BaseModel) else None


def _says_no(value: Any, of: FieldInfo) -> bool:
    """Where nothing may be said, either, “no” is an answer; a box that is not ticked is none."""
    return value is False and NoneType in get_args(of.annotation)


def _has(stored: Any, name: str) -> bool:
    return name in stored if isinstance(stored, Mapping) else hasattr(stored, name)


def _of(stored: Any, name: str) -> Any:
    return stored.get(name) if isinstance(stored, Mapping) else getattr(stored, name, None)
