"""What changed between two submissions of a report, line by line, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from foundation.language import N_, pick_text
from foundation.language import gettext as _


@dataclass(frozen=True)
class Change:
    section: str
    what: str
    before: str
    after: str


CELLS = {
    "total": N_("Total"),
    "of": N_("Out of"),
    "women": N_("Women"),
    "men": N_("Men"),
    "unknown": N_("Not known"),
    "words_ka": N_("In words, in Georgian"),
    "words_en": N_("In words, in English"),
    "no_data": N_("Why there is no number"),
    "note": N_("Note"),
    "evidence": N_("Evidence"),
}
STORY = {
    "done": N_("What was done"),
    "changed": N_("What has changed"),
    "problems": N_("What was difficult"),
    "next": N_("What comes next"),
}
SPENDING = {"spent": N_("Spent"), "note": N_("Note"), "receipts": N_("Receipts")}


def changes(before: dict[str, object] | None, after: dict[str, Any]) -> list[Change]:
    """Every field that differs, in the order of the report."""
    old = {(section, what): text for section, what, text in _told(before or {})}
    new = {(section, what): text for section, what, text in _told(after)}
    return [
        Change(*where, old.get(where, ""), new.get(where, ""))
        for where in dict.fromkeys([*new, *old])
        if old.get(where, "") != new.get(where, "")
    ]


def told_in(body: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Section, what and words of all that a report says, in its order."""
    return [each for each in _told(body) if each[2]]


def _told(body: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for claim in body.get("results", []):
        for name, word in CELLS.items():
            yield "results", f"{pick_text(claim, 'name')}: {_(word)}", _text(claim.get(name))
    for line in body.get("spending", []):
        for name, word in SPENDING.items():
            yield "spending", f"{line.get('item')}: {_(word)}", _text(line.get(name))
    for field, text in body.get("story", {}).items():
        part, _dash, code = field.rpartition("_")
        if part in STORY:
            yield "story", f"{_(STORY[part])} ({code})", _text(text)
    yield "documents", _("Documents"), _text(body.get("documents"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(one.get("file") or one.get("visit")) for one in value)
    return str(value).strip()
