"""What people send begins with one of two bases: JSON and plain forms know every name, a page's form also has buttons.

`class ValueIn(Value, Strict)` is what a page's form takes, as JSON: the last base says what an unknown name is.
A name that no model knows is no loss where nobody typed into it; where somebody did, `parse` says so in either case."""

from __future__ import annotations

from pydantic import ConfigDict

from foundation.typed import Typing


class Strict(Typing):
    """Takes words as they are; a name that is not known is a mistake worth hearing of."""

    model_config = ConfigDict(extra="forbid")


class Lenient(Typing):
    """Takes words without the space around them, and passes over the names of buttons."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)
