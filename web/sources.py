"""Where a statement comes from: the text of a source as links a reader can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from foundation.language import gettext as _


@dataclass(frozen=True)
class Source:
    """`href` is None where the source is named but has no public address."""

    text: str
    href: str | None = None


def sources(told: str | None) -> list[Source]:
    """Addresses become links with the name of their site; anything but http(s) stays plain text."""
    found = []
    for part in re.split(r"\s*;\s+", (told or "").strip()):
        if not part:
            continue
        if re.match(r"https?://", part):
            host = urlsplit(part).hostname or part
            found.append(Source(host.removeprefix("www."), part))
        elif part == "curator news page":
            found.append(Source(_("news page of a curator")))
        else:
            found.append(Source(part))
    return list(dict.fromkeys(found))
