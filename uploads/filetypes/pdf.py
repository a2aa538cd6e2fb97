"""PDF: nothing that acts by itself, nothing hidden inside, nothing that needs a password."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

import pikepdf

from foundation.language import N_
from uploads.filetypes.verdict import Unfit, Verdict

BROKEN = N_("“{filename}” is damaged: the PDF cannot be opened. Export or scan it again, then choose it once more.")
LOCKED = N_("“{filename}” is protected by a password. Save it without a password, then choose it again.")
ACTS = N_("“{filename}” contains a program that runs when it is opened. Print it to a new PDF, then choose that one.")
CARRIES = N_("“{filename}” carries other files inside. Print it to a new PDF, then choose that one.")
TWO_IN_ONE = N_("“{filename}” is two files in one. Print it to a new PDF, then choose that one.")

TOO_HARD = N_("“{filename}” is far too complicated to be examined. Print it to a new PDF, then choose that one.")

MOST_OBJECTS = 200_000
MOST_STEPS = 1_000_000  # objects and what lies in them: arrays, dictionaries, numbers
MOST_SECONDS = 3.0  # of a processor
AT_ONCE = 1_000
ACTING = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/GoToE"}
ACTING_KEYS = {"/JS", "/JavaScript", "/XFA"}
CARRYING_KEYS = {"/EF", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent"}
CARRYING = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/3D", "/Screen", "/EmbeddedFile"}


def examine(part: Path) -> Verdict:
    _ends_as_it_should(part)
    try:
        with pikepdf.open(part) as document:
            if document.is_encrypted:
                raise Unfit(LOCKED)
            if len(document.objects) > MOST_OBJECTS or not len(document.pages):
                raise Unfit(BROKEN)
            steps = Steps()
            for thing in chain([document.trailer], document.objects):
                _walk(thing, steps)
    except pikepdf.PasswordError:
        raise Unfit(LOCKED) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        raise Unfit(BROKEN) from None
    return Verdict("application/pdf")


def _ends_as_it_should(part: Path) -> None:
    """Readers look for the last bytes of a PDF; an archive glued behind it has its own directory there."""
    with part.open("rb") as file:
        file.seek(max(0, part.stat().st_size - 66_000))
        tail = file.read()
    if b"%%EOF" not in tail[-2048:] or b"PK\x05\x06" in tail:
        raise Unfit(TWO_IN_ONE if b"PK\x05\x06" in tail else BROKEN)


class Steps:
    """How far a walk has come: a few kilobytes can unfold into millions of things to look at."""

    def __init__(self) -> None:
        self.taken = 0
        self.until = time.process_time() + MOST_SECONDS

    def take(self, many: int) -> None:
        before, self.taken = self.taken, self.taken + many
        if self.taken > MOST_STEPS:
            raise Unfit(TOO_HARD)
        if before // AT_ONCE != self.taken // AT_ONCE and time.process_time() > self.until:
            raise Unfit(TOO_HARD)


def _walk(root: object, steps: Steps) -> None:
    """This object and what lies directly in it; objects of their own come by themselves."""
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        steps.take(1)
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            keys = set(thing.keys())
            if keys & ACTING_KEYS or str(thing.get("/S", "")) in ACTING:
                raise Unfit(ACTS)
            if (
                keys & CARRYING_KEYS
                or str(thing.get("/Subtype", "")) in CARRYING
                or thing.get("/Type") == "/EmbeddedFile"
            ):
                raise Unfit(CARRIES)
            steps.take(len(keys))
            waiting += [value for key in keys if not _apart(value := thing[key])]
        elif isinstance(thing, pikepdf.Array):
            steps.take(len(thing))
            waiting += [value for value in thing if not _apart(value)]


def _apart(value: object) -> bool:
    return not isinstance(value, pikepdf.Object) or value.is_indirect
