"""What is installed is what the locks say: nothing is resolved again, and the service imports nothing outside its lock."""

import os
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from tests import as_installed
from tests.builders.uploads import a_jpeg, a_pdf
from tests.uploads.hostile import WORD, a_docx
from tools.locking import LEFT_OUT, pinned, without

ROOT = Path(__file__).parent.parent.parent
RUNTIME = ROOT / "requirements.lock"
WHOLE = ROOT / "requirements-dev.lock"

IMPORTS = """
import importlib, pkgutil, sys
for name in "foundation web lifecycle accounts uploads grants monitoring entrypoints migrations".split():
    for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        importlib.import_module(module.name)
from entrypoints.cli import parser
from entrypoints.web import litestar_app
from entrypoints.rooms import open_house
parser(), open_house(), litestar_app(manage_pool=False).openapi_schema
print(*sys.modules)
"""


def alone(code: str) -> subprocess.CompletedProcess[str]:
    """The code in a Python that has only what requirements.lock installs."""
    surroundings = {**os.environ, "PYTHONPATH": as_installed.PATH}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=surroundings, capture_output=True, text=True)


def test_everything_is_imported_with_the_locked_packages_alone():
    done = alone(IMPORTS)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"entrypoints.worker", "monitoring.results", "litestar.app", "piccolo.table"} <= loaded
    assert loaded & {"httpx", "rich", "faker", "pytest"} == set()


def test_a_package_outside_the_lock_is_missing_there():
    for package in ("pytest", "httpx"):
        done = alone(f"import {package}")
        assert done.returncode == 1 and "is not in requirements.lock" in done.stderr


def test_files_are_examined_with_the_locked_packages_alone(tmp_path):
    for name, content in (("a.pdf", a_pdf()), ("a.jpg", a_jpeg()), ("a.docx", a_docx()), ("a.csv", b"a,b\n1,2\n")):
        (tmp_path / name).write_bytes(content)
    done = alone(
        "from pathlib import Path\nfrom uploads.filetypes import decide\n"
        f"for part in sorted(Path({str(tmp_path)!r}).iterdir()): print(decide.examine(part, part.name).media_type)"
    )
    assert done.returncode == 0, done.stderr
    types = [
        "text/csv",
        "application/" + WORD.removesuffix(".main+xml").partition("/")[2],
        "image/jpeg",
        "application/pdf",
    ]
    assert done.stdout.split() == types


def test_nothing_that_installs_resolves_again():
    lines = [
        (name, line)
        for name in ("Makefile", "Dockerfile", ".ci/installs")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if re.search(r"\binstall\b.* -r ", line)
    ]
    assert {name for name, _ in lines} == {"Makefile", "Dockerfile", ".ci/installs"}
    assert [each for each in lines if "--no-deps" not in each[1] or "--require-hashes" not in each[1]] == []


def test_what_is_left_out_is_locked_for_tests_and_asked_for_by_libraries_alone():
    assert LEFT_OUT.keys() & pinned(RUNTIME.read_text(encoding="utf-8")) == set()
    assert LEFT_OUT.keys() - pinned(WHOLE.read_text(encoding="utf-8")) == set()
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.optional")[0]
    ours = re.findall(r'^    "([a-z0-9-]+)', declared, re.M)
    assert "litestar" in ours and LEFT_OUT.keys() & set(ours) == set()


def test_the_runtime_lock_is_whole_but_for_what_is_left_out():
    """Nothing that a locked package asks for on every machine is missing by accident."""
    locked = pinned(RUNTIME.read_text(encoding="utf-8"))
    asked = {
        re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text).group()).lower()
        for package in locked
        for text in requires(package) or ()
        if ";" not in text
    }
    assert asked - locked - set(LEFT_OUT) == set()


def test_a_block_is_left_out_with_its_hashes_and_nothing_else():
    text = "a==1 \\\n    --hash=sha256:1\n    # via b\nb==2 ; x == 'y' \\\n    --hash=sha256:2\n\n# The end\nc==3 \\\n    --hash=sha256:3\n"
    assert (
        without(text, {"b"}) == "a==1 \\\n    --hash=sha256:1\n    # via b\n\n# The end\nc==3 \\\n    --hash=sha256:3\n"
    )
    assert without(text, set()) == text
