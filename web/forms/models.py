"""What people send begins with one of two bases. As JSON both know every name: one that is unknown is a mistake worth
hearing of. A page's form has buttons, too, whose names `parse` passes over for what is Lenient and not Strict as well.

A name that no model knows is no loss where nobody typed into it; where somebody did, `parse` says so in either case."""

from __future__ import annotations

from pydantic import ConfigDict

from foundation.typed import Typing


class Strict(Typing):
    """Takes words as they are; a name that is not known is a mistake worth hearing of."""

    model_config = ConfigDict(extra="forbid")


class Lenient(Typing):
    """Takes words without the space around them; of a page's form the names of buttons are passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
