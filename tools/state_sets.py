"""python -m tools.state_sets: writes the sets of states as functions of the database, from the rooms' own enums."""

from pathlib import Path

import entrypoints.worker  # noqa: F401  its jobs have states, too
from entrypoints.web import litestar_app
from lifecycle.states import STATUSES, Status

litestar_app(manage_pool=False)  # imports every room

FILE = Path(__file__).parents[1] / "migrations/repeatable/00_state_sets.sql"
HEAD = """-- Written by `python -m tools.state_sets` from the enums of states; change those, never this.
-- <table>_<set>(state) for a set of states, <table>_is_<state>(state) for one.
"""


def functions() -> dict[str, str]:
    """Name → definition: `award_signed(a.state)` for a set, `award_is_active(a.state)` for one state. Plain and
    immutable, so the planner puts the comparison in their place and partial indexes serve as before."""
    made: dict[str, str] = {}
    for entity, states in sorted(STATUSES.items()):
        sets = {f"{entity}_{name}": members for name, members in states.by_set.items()}
        for name, members in (sets | {f"{entity}_is_{state}": frozenset({state}) for state in states}).items():
            made[name] = (
                f"CREATE OR REPLACE FUNCTION {name}(state text) RETURNS boolean\n"
                f"  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN {_comparison(states, members)};"
            )
    return made


def _comparison(states: type[Status], members: frozenset[Status]) -> str:
    """In the order of the enum, so that the file changes only where the states do."""
    values = [f"'{state}'" for state in states if state in members]
    return f"state = {values[0]}" if len(values) == 1 else f"state IN ({', '.join(values)})"


def text() -> str:
    return HEAD + "".join(f"\n{each}" for each in functions().values()) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
