"""Packages outside requirements.lock cannot be imported here, as where the service is installed alone."""

import re
import sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

LOCK = Path(__file__).parent.parent.parent / "requirements.lock"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def missing() -> frozenset[str]:
    """The importable names of which no distribution is in the lock."""
    locked = {line.partition("==")[0] for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line}
    return frozenset(
        name for name, owners in packages_distributions().items() if not {plain(owner) for owner in owners} & locked
    )


class OnlyLocked(MetaPathFinder):
    def __init__(self) -> None:
        self.missing = missing() - {"_distutils_hack"}  # the environment's own, put before us

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.missing:
            raise ModuleNotFoundError(f"No module named {name!r}: it is not in requirements.lock", name=name)
        return None


sys.meta_path.insert(0, OnlyLocked())
