"""Modules whose faults cost money, fairness, evidence or somebody's privacy, and the tests that must notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """Modules that are tried in one go, since the same tests come through them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


def _room(path: str, modules: str, *more: str) -> Trial:
    """A room's own tests, and those of the house that hold what rooms declare."""
    return Trial(path, tuple(f"{path}/{each}.py" for each in modules.split()), (f"tests/{path}", *HOUSE, *more))


HOUSE = (
    "tests/house/test_lifecycles.py", "tests/house/test_list_promises.py",
    "tests/house/test_frozen.py::test_a_step_writes_what_is_free_with_it_and_nothing_else_is",
)  # fmt: skip


TRIALS = (
    Trial("foundation", ("foundation/money.py",), ("tests/foundation/test_money.py",)),
    Trial(
        "monitoring/indicators/calculator",
        tuple(f"monitoring/indicators/{name}.py" for name in ("terms", "points", "beside", "calculator")),
        ("tests/monitoring/indicators/test_calculator.py", "tests/monitoring/indicators/test_summary.py"),
    ),
    Trial(
        "monitoring/indicators", ("monitoring/indicators/numbers.py", "monitoring/indicators/queries.py"),
        ("tests/monitoring/indicators", "tests/monitoring/results/test_scope.py"),
    ),
    _room(
        "grants/disbursements",
        "lifecycle transitions obstacles queries listing notices ledger/posting ledger/queries ledger/listing"
        " bank/transitions",
    ),
    _room("grants/awards", "lifecycle transitions approvals queries notices listing", "tests/grants/reviews"),
    _room(
        "grants/reviews",
        "lifecycle transitions queries notices listing export committee/actions committee/transitions",
    ),
    _room("grants/applications", "lifecycle transitions queries notices listing"),
    _room("grants/calls", "lifecycle transitions queries notices listing"),
    _room("monitoring/reports", "lifecycle transitions queries notices listing"),
    _room(
        "monitoring/visits", "lifecycle transitions queries notices listing", "tests/monitoring/results",
        "tests/grants/awards",
    ),
    _room("monitoring/recommendations", "lifecycle transitions queries notices listing"),
    _room("monitoring/publications", "lifecycle transitions listing"),
    _room("monitoring/meetings", "kinds queries telling listing"),
    _room(
        "monitoring/results", "privacy groups counting publishing money queries listing donors/files donors/listing",
        "tests/monitoring/test_paid_everywhere.py",
    ),
    Trial(
        "accounts",
        ("accounts/rights.py", "accounts/person.py", "accounts/people/transitions.py", "accounts/people/listing.py",
         "accounts/organisations/transitions.py", "accounts/organisations/listing.py"),
        ("tests/accounts", *HOUSE),
    ),
    Trial(
        "web", ("web/lists/listing.py", "web/sheets.py", "lifecycle/transition.py"),
        ("tests/web", "tests/lifecycle"),
    ),
)  # fmt: skip
