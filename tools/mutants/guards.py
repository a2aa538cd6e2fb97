"""`python -m tools.mutants.guards [PART]`: each guard of the database, or those with this in their name, taken away."""

from __future__ import annotations

import csv
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tools.mutants.trial import Trial

TESTS = Path("tests")
MORE = [
    TESTS / "lifecycle/test_events.py",
    TESTS / "house/test_tables.py",
    TESTS / "house/test_frozen.py",
    TESTS / "foundation/test_mail.py",
    TESTS / "monitoring/indicators/test_actions.py",
    TESTS / "monitoring/indicators/test_summary.py",
    TESTS / "monitoring/results/test_kept.py",
]
ACCEPTED = Path(__file__).with_name("accepted.csv")


def guards(wanted: str = "") -> int:
    files = sorted([*TESTS.rglob("test_invariants.py"), *TESTS.glob("house/test_past_*.py"), *MORE])
    trial = Trial(wanted)
    pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", "--no-summary", *map(str, files)], plugins=[trial])
    if not trial.tried:
        print("No guard was tried.")
        return 2
    accepted = [each["guard"] for each in csv.DictReader(ACCEPTED.open(encoding="utf-8"))]
    survivors = sorted(each.name for each in trial.survivors)
    left = [name for name in survivors if not any(fnmatchcase(name, pattern) for pattern in accepted)]
    for name in left:
        print(f"no test notices when this is gone: {name}")
    idle = [each for each in accepted if not any(fnmatchcase(name, each) for name in survivors)] if not wanted else []
    for pattern in idle:
        print(f"listed as needing no test, yet nothing of this name goes unnoticed: {pattern}")
    noticed, formal = trial.tried - len(survivors), len(survivors) - len(left)
    print(f"the database: {trial.tried} guards, {noticed} noticed, {formal} need no test, {len(left)} left")
    return 1 if left or idle else 0


if __name__ == "__main__":
    sys.exit(guards(*sys.argv[1:2]))
