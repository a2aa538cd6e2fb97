"""A form parsed once by a Pydantic model: right values, or one sentence for each wrong field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from foundation.language import N_, ngettext
from foundation.language import gettext as _
from foundation.merging import TAKE
from web.forms.models import Lenient, Strict
from web.forms.reading import KEPT, Form, Invalid
from web.naming import Nameless

M = TypeVar("M", bound=BaseModel)

OLDER = N_(
    "The page you had open is older than this form: part of what you typed has no field here. Copy it from below."
)
# What a person did not write themselves, and what nobody else may read over their shoulder.
NOT_WORDS = frozenset({"csrf_token", "seen", "revision", "next", "then", "back", "id"})
NOT_WORDS_ENDING = ("password", "current", "token", ".id", "_id", KEPT)
CODES = re.compile(r"[a-z_]{0,20}|1|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def parse(model: type[M], form: Form, *, besides: Collection[str] = ()) -> M:
    """The form as the model says it, or Invalid with a sentence for each wrong field. `lines.0.item` nests. Nothing
    that was typed goes unread: what the handler reads by itself is named in `besides`."""
    unread = [
        name for name, value in form.pairs
        if name.partition(".")[0] not in besides and not _knows(model, name.split(".")) and is_words(name, value)
    ]  # fmt: skip
    wrong = {"": _(OLDER)} if unread else {}
    try:
        made = model.model_validate(tree(model, form))
    except ValidationError as error:
        raise Invalid(wrong | nameless(_ticks(model, error_sentences(error), form)), form) from None
    if wrong:
        raise Invalid(wrong, form)
    return made


def _ticks(model: type[BaseModel], said: dict[str, str], form: Form) -> dict[str, str]:
    """A box that has to be ticked is not filled in."""
    boxes = {name for name, field in model.model_fields.items() if get_args(field.annotation) == ("true",)}
    return {name: _("Tick this.") if name in boxes and not form.get(name) else said[name] for name in said}


def parse_body(model: type[M], data: Any) -> M:
    """A part of a JSON body whose model only the address tells."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid(error_sentences(error), Form([])) from None


def _knows(model: type[BaseModel], name: list[str]) -> bool:
    """Whether the model reads what stands under this name, however deep."""
    field, rest = model.model_fields.get(name[0]), name[1:]
    if field is None or not rest:
        return field is not None
    inner = next(_models(field.annotation), None)
    return inner is None or len(rest) < 2 or _knows(inner, rest[1:])


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inside in get_args(annotation):
        yield from _models(inside)


def is_words(name: str, value: str) -> bool:
    """Whether somebody wrote this, and may see it again."""
    if name in NOT_WORDS or name.endswith(NOT_WORDS_ENDING) or name.startswith("choice."):
        return False
    return not CODES.fullmatch(value.strip())


def typed_words(pairs: list[tuple[str, str]]) -> list[str]:
    """The words of a form that cannot be shown again: they are given back, to be copied."""
    return list(dict.fromkeys(value.strip() for name, value in pairs if is_words(name, value)))


def nameless(said: dict[str, str]) -> dict[str, str]:
    """The summary says before each sentence which field it is about."""
    return {name: Nameless(sentence) if name else sentence for name, sentence in said.items()}


def seen_in(form: Form) -> str:
    """The letters this form was opened with; where both wrote and the other's words were chosen, so it is said. Where
    one of two decisions was chosen, the letters of what stood there then."""
    chosen, seen = form.get("choice.seen", ""), form.get("seen", "")
    if chosen == "theirs":
        return " ".join(f"{token.rsplit(':', 1)[0]}:{TAKE}" for token in seen.split())
    if chosen:
        return chosen
    taken = [name.removeprefix("choice.") for name, chosen in form.items() if _is_taken(name, chosen)]
    return " ".join([seen, *(f"{name}:{TAKE}" for name in taken)]).strip()


def _is_taken(name: str, chosen: str) -> bool:
    return name.startswith("choice.") and chosen == "theirs"


def tree(model: type[BaseModel], form: Form) -> dict[str, Any]:
    """Empty fields are left out, so that required ones are missing and others take their default."""
    made: dict[str, Any] = {}
    passes_over = issubclass(model, Lenient) and not issubclass(model, Strict)
    many = {name for name, field in model.model_fields.items() if get_origin(field.annotation) in (list, tuple, set)}
    for name, value in form.pairs:
        if name == "csrf_token" or name.startswith("choice.") or name.endswith(KEPT) or not value.strip():
            continue
        if passes_over and not _knows(model, name.split(".")):
            continue
        if name == "seen":
            value = seen_in(form)
        if name == "revision":
            value = form.get("choice.revision") or value
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
    "missing": N_("Complete this field."),
    "string_type": N_("Write this as text."),
    "string_too_short": N_("Complete this field."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "int_parsing": N_("Enter a whole number."),
    "int_type": N_("Enter a whole number."),
    "int_from_float": N_("Enter a whole number."),
    "int_parsing_size": N_("This number is too large."),
    "decimal_parsing": N_("Enter a number."),
    "decimal_type": N_("Enter a number."),
    "decimal_max_digits": N_("This number is too large."),
    "decimal_max_places": N_("Write at most {decimal_places} decimals."),
    "decimal_whole_digits": N_("This number is too large."),
    "finite_number": N_("Enter a number."),
    "float_parsing": N_("Enter a number."),
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
    "string_pattern_mismatch": N_("Check the format."),
    "too_short": N_("Complete this field."),
    "too_long": N_("There are too many of these: at most {max_length}."),
    "extra_forbidden": N_("This field is not known here."),
    "list_type": N_("Check the format."),
    "dict_type": N_("Check the format."),
    "model_type": N_("Check the format."),
    "model_attributes_type": N_("Check the format."),
    "time_zone_missing": N_("Write a date and time."),
}
MOST_SAID = 20
NOT_RIGHT = N_("Check the format.")


def error_sentences(error: ValidationError) -> dict[str, str]:
    """Field name (dotted) → one sentence in the current language, of so many fields as somebody can read; the others
    are counted. Rules of ours raise ValueError(N_('sentence'))."""
    said: dict[str, str] = {}
    wrongs = error.errors(include_url=False)
    if len(wrongs) > MOST_SAID:
        rest = len(wrongs) - MOST_SAID
        said[""] = ngettext("{n} more field is not right.", "{n} more fields are not right.", rest)
    for wrong in wrongs[:MOST_SAID]:
        name = ".".join(str(step) for step in wrong["loc"])
        if wrong["type"] == "value_error" and "error" in wrong.get("ctx", {}):
            sentence = _(str(wrong["ctx"]["error"]))
        elif wrong["type"] == "value_error":
            sentence = _(NOT_RIGHT)
        else:
            sentence = _(WORDS.get(wrong["type"], NOT_RIGHT), **wrong.get("ctx", {}))
        said.setdefault(name, sentence)
    return said
