"""What the first visitor would wait for, and everybody with them: words and templates, read before anybody asks."""

from __future__ import annotations

from foundation.language import LANGUAGES, catalogue, speaking
from web.templating import ROOT, environment

ROOMS = ("accounts", "entrypoints", "grants", "lifecycle", "monitoring", "uploads", "web")


def warm() -> int:
    """How many templates there are now; beside the loop, for it takes seconds."""
    names = [
        str(path.relative_to(ROOT)) for room in ROOMS for path in (ROOT / room).rglob("templates/*.html")
    ]  # fmt: skip
    for code in LANGUAGES:
        catalogue(code)
        with speaking(code):
            for name in names:
                environment().get_template(name)
    return len(names)
