"""What somebody else saved while a person was writing, to stand beside what they typed: nothing is lost by either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation.language import gettext as _
from foundation.language import label, number
from grants.calls.kinds import Kind
from grants.calls.tables import Call


def sentence() -> str:
    return _(
        "Somebody else saved this page while you were writing. What you typed is still in the fields; what they saved"
        " stands below. Save again to put yours in its place."
    )


def texts(call: Call, form: Mapping[str, str]) -> list[tuple[str, str]]:
    names = {
        "title": _("Title"),
        "summary": _("Summary"),
        "text": _("Text of the call"),
        "eligibility": _("Who may apply"),
    }
    return _differing(call, form, names)


def part(row: Any, form: Mapping[str, str]) -> list[tuple[str, str]]:
    names = {"title": _("Title"), "label": _("Question"), "help": _("Explanation")}
    found = _differing(row, form, names)
    if hasattr(row, "kind") and form.get("kind") != row.kind:
        found.append((_("The answer is"), label(Kind(row.kind))))
    for name, word in (("max_points", _("Most points")), ("weight", _("Weight"))):
        if hasattr(row, name) and form.get(name, "").strip() != str(getattr(row, name)):
            found.append((word, number(getattr(row, name))))
    return found


def _differing(row: Any, form: Mapping[str, str], names: dict[str, str]) -> list[tuple[str, str]]:
    """What is saved now, where it is not what was typed."""
    found = []
    for name, word in names.items():
        for code, titled in (
            ("ka", _("{label}, in Georgian", label=word)),
            ("en", _("{label}, in English", label=word)),
        ):
            saved = getattr(row, f"{name}_{code}", None) or ""
            if hasattr(row, f"{name}_{code}") and saved != form.get(f"{name}_{code}", "").strip():
                found.append((titled, saved))
    return found
