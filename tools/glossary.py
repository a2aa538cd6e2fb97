"""Writes the states of every lifecycle into the glossary: `python -m tools.glossary`."""

from __future__ import annotations

import importlib
from enum import StrEnum
from pathlib import Path

from foundation.language import LABELS, speaking
from foundation.language import gettext as _

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
ROOT = GLOSSARY.parent.parent
HEADING = "## States · მდგომარეობები\n"


def states() -> str:
    """One table for each lifecycle, in the order of its life."""
    for path in sorted((*ROOT.glob("*/lifecycle.py"), *ROOT.glob("*/*/lifecycle.py"))):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    parts = [HEADING, "Written by `python -m tools.glossary` from each room's `lifecycle.py`.\n"]
    for kind, words in sorted(LABELS.items(), key=lambda each: (each[0].__module__, each[0].__qualname__)):
        if not (
            issubclass(kind, StrEnum) and kind.__module__.endswith("lifecycle") and kind.__name__.endswith("State")
        ):
            continue
        room = kind.__module__.split(".")[-2]
        parts.append(
            f"\n### {room}{'' if kind.__name__ == 'State' else ': ' + kind.__name__.removesuffix('State').lower()}\n"
        )
        parts.append("\n| code | English | ქართულად |\n|---|---|---|\n")
        for member, word in words.items():
            with speaking("ka"):
                parts.append(f"| `{member.value}` | {word} | {_(word)} |\n")
    return "".join(parts)


def main() -> None:
    kept = GLOSSARY.read_text(encoding="utf-8").split(HEADING)[0].rstrip("\n")
    GLOSSARY.write_text(f"{kept}\n\n{states()}", encoding="utf-8")


if __name__ == "__main__":
    main()
