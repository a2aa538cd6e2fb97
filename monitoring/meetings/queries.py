"""What the lists of meetings, publications and achievements ask beside their rows; all of it is public."""

from __future__ import annotations

import json
import re

from foundation.database import Row, rows
from foundation.language import pick_text
from monitoring.meetings.kinds import Kind, kind_of

ORGANISATION = re.compile(r"ORG-\d+")


def names_in(*texts: str) -> str:
    """SQL for the organisations that texts of the sources call by their code, as JSON; None where there are none."""
    told = f"concat_ws(' ', {', '.join(texts)})"
    return (
        "(SELECT json_object_agg(f.code, json_build_object('name_ka', f.name_ka, 'name_en', f.name_en))::text"
        f" FROM organisation f WHERE f.code = ANY(ARRAY(SELECT s[1] FROM regexp_matches({told}, 'ORG-\\d+', 'g') s)))"
    )


def read_names(told: str | None) -> dict[str, str]:
    """By the code the sources' tables use, in the current language."""
    return {code: pick_text(each, "name") for code, each in json.loads(told or "{}").items()}


def named(told: str | None, names: dict[str, str]) -> str:
    """The source's text with organisations called by their names."""
    return ORGANISATION.sub(lambda code: names.get(code[0], code[0]), told or "")


async def kinds_told() -> list[Kind]:
    """Those of our kinds that occur."""
    told: set[Kind] = {kind_of(each["kind"]) for each in await rows("SELECT DISTINCT kind FROM meeting")}
    return [kind for kind in Kind if kind in told]


async def publication_kinds() -> list[str]:
    found: list[Row] = await rows("SELECT DISTINCT kind FROM publication ORDER BY kind")
    return [each["kind"] for each in found]
