"""Forms: read with limits, parsed once, and given back as typed with every answer that is not a success."""

from web.forms.errors import allowed, given_back, in_fields, known_to, said_of
from web.forms.models import Lenient, Strict
from web.forms.parsing import error_sentences, parse, parse_body, seen_in, typed_words
from web.forms.reading import (
    Arriving,
    Errors,
    Forged,
    Form,
    Invalid,
    Malformed,
    Sink,
    TooLarge,
    Typed,
    check_token,
    form_of,
    holds_token,
    parse_pairs,
    read_form,
    readable_pairs,
)

__all__ = [
    "Arriving", "Errors", "Forged", "Form", "Invalid", "Lenient", "Malformed", "Sink", "Strict", "TooLarge", "Typed",
    "allowed", "check_token", "error_sentences", "form_of", "given_back", "holds_token", "in_fields", "known_to",
    "parse", "parse_body", "parse_pairs", "read_form", "readable_pairs", "said_of", "seen_in", "typed_words",
]  # fmt: skip
