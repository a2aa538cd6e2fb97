"""Organisations that texts of the sources call by their code, by name."""

from __future__ import annotations

import json
import re

from foundation.language import pick_text

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
