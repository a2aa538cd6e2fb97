"""`python -m tools.mutants [PART OF A NAME]`: fails when a guard of the database can go, or a fault be written into a
module, without a test noticing, and neither accepted.csv nor accepted_python.csv says why. A part of the name of
modules (`money`, `grants/awards`) tries the faults of these alone, `database` the guards alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tools.mutants.python import chosen

COUNTED = re.compile(r": (\d+) (?:faults|guards), (\d+) noticed, (\d+) need no test, (\d+) left")
SAID = ("no test", "listed as", "No guard")


def main(wanted: str = "") -> int:
    commands = [
        ["tools.mutants.python", wanted, each.name] for each, _modules in chosen(wanted) if wanted != "database"
    ]
    if not commands or not wanted:
        commands.insert(0, ["tools.mutants.guards", "" if wanted == "database" else wanted])
    # each in a process with a PostgreSQL of its own, which faults cannot outlive
    with ThreadPoolExecutor(int(os.environ.get("JOBS", 0)) or os.cpu_count()) as at_once:
        done = list(at_once.map(_run, commands))
    print("\n" + "".join(said for said, _code in done), end="")
    counts = [map(int, each) for said, _code in done for each in COUNTED.findall(said)]
    tried, noticed, formal, left = map(sum, zip(*counts, strict=True)) if counts else (0, 0, 0, 0)
    print(f"in all: {tried} tried, {noticed} noticed, {formal} need no test, {left} left")
    return max(code for _said, code in done)


def _run(command: list[str]) -> tuple[str, int]:
    """Progress goes by on the standard error; what was found is told together at the end."""
    ran = subprocess.run([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    told = [line for line in ran.stdout.splitlines(keepends=True) if COUNTED.search(line) or line.startswith(SAID)]
    return "".join(told), ran.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
