"""Reads, once a minute, what every page shows of the installation: example or not, the ribbon, whom to ask."""

from __future__ import annotations

import re
import time

from foundation.database import keep_time, row, rows
from web.shell import SITE

KEPT_FOR = 60.0


def is_the_union(donor: str | None) -> bool:
    return re.search(r"ევროკავშირ|European Union|\bEU\b", donor or "") is not None


async def refresh_site(force: bool = False) -> None:
    if not force and time.monotonic() - SITE.read_at < KEPT_FOR:
        return
    SITE.read_at = time.monotonic()  # at once, so that no two ask at the same time
    await keep_time()
    programme = await row(
        "SELECT example, help_phone, help_email, donor_ka, donor_en, name_ka, name_en FROM programme LIMIT 1"
    )
    if programme is None:
        SITE.example, SITE.ribbon, SITE.eu = False, None, False
        return
    SITE.example = programme["example"]
    SITE.eu = any(is_the_union(programme[donor]) for donor in ("donor_ka", "donor_en"))
    names = {code: programme[f"name_{code}"] for code in ("ka", "en")}
    SITE.programme = {code: name or "".join(filter(None, names.values())) for code, name in names.items()}
    SITE.help_phone, SITE.help_email = programme["help_phone"], programme["help_email"]
    shares = await rows(
        "SELECT m.slug, coalesce(sum(a.amount), 0) AS share FROM municipality m LEFT JOIN award a"
        " ON a.municipality_id = m.id AND award_signed(a.state)"
        " GROUP BY m.slug, m.position ORDER BY m.position"
    )
    whole = sum(r["share"] for r in shares)
    SITE.ribbon = [{"slug": r["slug"], "share": float(r["share"] / whole)} for r in shares] if whole else None
