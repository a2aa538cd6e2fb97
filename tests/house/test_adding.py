"""docs/adding.md is true: what it says is built in a copy of the repository, and runs; what it leaves out is named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/adding.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAMES = "Now the tests name what is missing:"
# who else looks at what the page adds
WHOLE = [
    "tests/monitoring/publications/test_isbn.py", "tests/monitoring/publications/test_archiving.py",
    "tests/monitoring/lessons", "tests/monitoring/publications/test_every_step.py::test_who_may_take_which_step_from_where[archive]",
    "tests/house/test_access.py::test_every_route_has_a_row", "tests/house/test_access.py::test_access[lessons]",
    "tests/house/test_lifecycles.py", "tests/house/test_frozen.py::test_every_lifecycle_is_frozen_by_default",
    "tests/house/test_frozen.py::test_what_the_triggers_name_is_there", "tests/house/test_tables.py",
    "tests/house/test_listings.py::test_every_list_answers_in_every_order_and_with_every_filter[reach]",
    "tests/house/test_listings.py::test_every_list_answers_in_every_order_and_with_every_filter[lessons]",
    "tests/house/test_listings.py::test_every_order_has_an_index[reach-added]",
    "tests/house/test_listings.py::test_every_order_has_an_index[lessons-added]",
]  # fmt: skip


@dataclass(frozen=True)
class Block:
    kind: str
    text: str

    def apply(self, copy: Path) -> None:
        first, _, rest = self.text.partition("\n")
        path = copy / first.removeprefix("# ").removeprefix("-- ")
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.kind != "diff":
            assert not path.exists(), f"{first} is there already"
            path.write_text(rest, "utf-8")
        elif all(line.startswith("+") for line in rest.splitlines()):
            path.write_text(path.read_text("utf-8") + "".join(f"{line[1:]}\n" for line in rest.splitlines()), "utf-8")
        else:
            text = path.read_text("utf-8")
            for hunk in rest.split("@@\n"):
                text = changed(text, hunk.splitlines(), first)
            path.write_text(text, "utf-8")


def changed(text: str, hunk: list[str], name: str) -> str:
    """Lines with a minus or without a sign stand there once; those with a plus or without stand there afterwards."""
    before, after = (
        "\n".join(line[1:] for line in hunk if line[:1] in signs).replace("\n\n\n\n", "\n\n\n")
        for signs in (" -", " +")
    )
    assert text.count(before) == 1, f"{name} does not have, once: {before}"
    return text.replace(before, after)


def sections() -> dict[str, tuple[list[Block], list[str], list[Block]]]:
    """Of each example the blocks before its tests are named, those tests, and the other blocks."""
    found = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        first, _, rest = part.partition(NAMES)
        listed = re.match(r"\s*((?:- `.*`\n)*)", rest)
        names = re.findall(r"`(.*)`", listed[1]) if listed else []
        blocks = [[Block(*each) for each in FENCE.findall(text)] for text in (first, rest)]
        found[part.partition("\n")[0]] = (blocks[0], names, blocks[1])
    return found


def run(copy: Path, arguments: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, capture_output=True, text=True, env={**os.environ, **settings}
    )
    if arguments[0] == "-c":
        assert done.returncode == 0, done.stderr
    return done


def carry_out(copy: Path, commands: Iterable[str]) -> None:
    """`python -m tools.NAME`, all in one process: each of them would load the whole house."""
    modules = [command.removeprefix("python -m ") for command in commands]
    assert all(module.startswith("tools.") for module in modules)
    run(copy, ["-c", f"import runpy\nfor each in {modules}: runpy.run_module(each, run_name='__main__')"])


def judged(copy: Path, dsn: str, tests: list[str]) -> dict[str, bool]:
    """Name → whether it passed; a file or a function of several cases stands for all of them."""
    done = run(
        copy, ["-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "-rA", "-q", *tests], SUBGRANTS_TEST_DATABASE_URL=dsn
    )  # fmt: skip
    said = re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", done.stdout, re.M)
    assert said, done.stdout + done.stderr
    return {
        name: all(word == "PASSED" for word in words)
        for name in tests
        if (
            words := [
                word for word, case in said if case == name or case.startswith((f"{name}::", f"{name}[", f"{name}/"))
            ]
        )
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """What is tracked, as it stands here."""
    made = tmp_path_factory.mktemp("copy")
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for name in tracked.stdout.split("\n"):
        if name and (ROOT / name).is_file():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made / name)
    return made


@pytest.mark.drill
def test_the_tests_name_what_is_missing_and_the_whole_runs(copy, dsn):
    """One copy, one database server, two runs: with the first lines of a field and a state, and with everything."""
    examples = sections()
    assert list(examples) == ["A field", "A state", "A step", "A list", "A room"]
    named = [name for _before, names, _after in examples.values() for name in names]
    assert len(named) == 8
    for before, names, _after in examples.values():
        for block in before if names else []:
            block.apply(copy)
    assert judged(copy, dsn, named) == dict.fromkeys(named, False)
    commands: dict[str, None] = {}  # each may be given again and again, so here it is given once
    for before, names, after in examples.values():
        for block in after if names else before:
            if block.kind == "sh":
                commands |= dict.fromkeys(block.text.splitlines())
            else:
                block.apply(copy)
    carry_out(copy, commands)
    assert judged(copy, dsn, [*named, *WHOLE]) == dict.fromkeys([*named, *WHOLE], True)
