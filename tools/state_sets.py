"""python -m tools.state_sets: writes the sets of states as functions of the database, from the rooms' own enums."""

from pathlib import Path

from entrypoints.web import litestar_app
from lifecycle.states import functions

FILE = Path(__file__).parents[1] / "migrations/repeatable/00_state_sets.sql"
HEAD = """-- Written by `python -m tools.state_sets` from the enums of states; change those, never this.
-- <table>_<set>(state) for a set of states, <table>_is_<state>(state) for one.
"""


def text() -> str:
    litestar_app(manage_pool=False)  # imports every room
    return HEAD + "".join(f"\n{each}" for each in functions().values()) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
