"""The limited process in which files are examined: it forks for each one, and a child that grows or hangs is ended.

Run as `python -m uploads.sandbox`; one JSON line in is one file to examine, one JSON line out is the answer.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from foundation.language import N_
from uploads.filetypes import decide
from uploads.filetypes.verdict import Unfit

MEMORY = 512 * 1024 * 1024
SECONDS = 20  # of a processor: a large photo takes a few on a small machine
SECONDS_OF_A_PDF = 6
LARGEST = 160 * 1024 * 1024
TOO_HARD = N_("“{filename}” could not be examined: it is damaged or far too complicated. Save it again as PDF or JPEG.")


def serve() -> None:
    # Loaded once here, so that every child has them without loading.
    import pikepdf  # noqa: F401
    from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    from uploads.filetypes import office, pdf, pictures, table  # noqa: F401

    for line in sys.stdin.buffer:
        asked = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _child(writing, Path(asked["part"]), asked["filename"])
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        sys.stdout.buffer.write((answer or json.dumps({"unfit": TOO_HARD}).encode()) + b"\n")
        sys.stdout.buffer.flush()


def _child(writing: int, part: Path, filename: str) -> None:
    """Never returns. Whatever kills it, the parent finds an empty answer and says so."""
    try:
        with part.open("rb") as file:
            seconds = SECONDS_OF_A_PDF if file.read(5) == b"%PDF-" else SECONDS
        _limit(seconds)
        try:
            answer: dict[str, object] = {"verdict": asdict(decide.examine(part, filename))}
        except Unfit as unfit:
            answer = {"unfit": str(unfit)}
        except OSError as error:
            answer = {"errno": error.errno or 0}
        os.write(writing, json.dumps(answer).encode())
    except BaseException:  # the child's end is its only way out
        os._exit(1)
    os._exit(0)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.alarm(seconds * 5)


if __name__ == "__main__":
    serve()
