"""Layout promises: imports fall downwards, templates obey the content security policy, settings are documented."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from entrypoints.rooms import HALL, ROOMS
from foundation.extension import ExtensionPoint, NotOpen
from foundation.settings import Settings
from grants.awards import extensions
from lifecycle.record import SENTENCES
from lifecycle.room import Misnamed, Room, open_rooms
from web.templating import environment

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("foundation", "web", "lifecycle", "accounts", "uploads", "grants", "monitoring", "entrypoints")


def test_imports_fall_downwards():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_files_import_each_other_in_a_circle():
    """Nor through others, nor inside a function: whoever reads one file need not have read the other first."""
    imports = {name: imported_by(name, path) for name, path in modules().items()}
    assert len(imports) > 200 and any("lifecycle.transition" in each for each in imports.values())
    assert circles(imports) == []


def test_a_circle_of_files_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def modules() -> dict[str, Path]:
    found = {}
    for package in (*PACKAGES, "migrations", "tools"):
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_by(name: str, path: Path) -> set[str]:
    known = modules_known()
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{each.name}" for each in node.names}
            # `from room import pages` needs the file, not the package it stands in
            found |= inside & known if inside <= known else inside & known | {node.module}
    return found & known - {name}


@lru_cache
def modules_known() -> frozenset[str]:
    return frozenset(modules())


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Files taken away as long as any imports nothing that is left, or is imported by nothing: what stays is circles."""
    left = dict(imports)
    while True:
        wanted = {each for name in left for each in left[name] if each in left}
        ends = {name for name in left if name not in wanted or not left[name] & left.keys()}
        if not ends:
            return [sorted(left)] if left else []
        left = {name: each for name, each in left.items() if name not in ends}


def test_no_module_without_a_name():
    banned = {"utils", "helpers", "common", "manager", "misc"}
    found = [
        str(p.relative_to(ROOT)) for package in PACKAGES for p in (ROOT / package).rglob("*.py") if p.stem in banned
    ]
    assert found == []


def test_every_module_says_what_it_is_for():
    silent = [
        str(p.relative_to(ROOT))
        for package in (*PACKAGES, "migrations")
        for p in (ROOT / package).rglob("*.py")
        if not p.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert silent == []


FRONTS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in PACKAGES
    for path in (ROOT / package).rglob("room.py")
    if package != "lifecycle"
)


def test_every_room_is_named_once():
    """A front nobody names brings nothing."""
    fronts = [importlib.import_module(front).ROOM for front in FRONTS]
    assert sorted(room.name for room in (HALL, *fronts)) == sorted(room.name for room in ROOMS)
    assert len({room.name for room in ROOMS}) == len(ROOMS)


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("started", ["worker", "web"])
def test_a_room_that_is_missing_stops_the_start(front, started, monkeypatch):
    """Nothing goes on without its letters, or without what the clock brings in it."""
    monkeypatch.setitem(sys.modules, front, None)
    for name in ("entrypoints.rooms", f"entrypoints.{started}"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ImportError, match=front):
        importlib.import_module(f"entrypoints.{started}")


def test_what_a_room_keeps_stands_in_its_front():
    """A letter, task or verb of the clock that no front names would never be called."""
    named = {
        f"{each.__module__}.{each.__qualname__}"
        for room in ROOMS
        for each in (
            *(letter for letters in room.letters.values() for letter in letters),
            *(timed.verb for timed in room.timed),
            *room.tasks,
        )
    }
    kept = {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{found[1]}"
        for package in PACKAGES
        for name in ("notices", "tasks")
        for path in (ROOT / package).rglob(f"{name}.py")
        if package != "lifecycle"
        for found in re.finditer(r"^async def ([a-z]\w*)\(", path.read_text(encoding="utf-8"), re.M)
    }
    assert kept - named == {"monitoring.recommendations.notices.owners_of"}


def test_every_event_has_a_letter_or_a_reason_to_have_none():
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.startswith("entrypoints.piccolo"):
                importlib.import_module(module.name)
    told = {event for room in ROOMS for event in room.letters}
    silent = [event for room in ROOMS for events in room.no_letter.values() for event in events]
    events = {event for event in SENTENCES if not event.startswith("test.")}
    assert len(silent) == len(set(silent)), "one reason is enough"
    assert told & set(silent) == set()
    assert told | set(silent) == events


def test_a_front_that_speaks_of_an_unknown_event_does_not_open(rooms):
    async def write(event):
        raise AssertionError("nobody calls it")

    with pytest.raises(Misnamed, match="nobody records"):
        open_rooms([Room("calls", letters={"call.opend": [write]})])
    open_rooms(rooms)


def test_what_rooms_add_is_never_silently_missing(rooms, monkeypatch):
    monkeypatch.setattr(ExtensionPoint, "is_open", False)
    with pytest.raises(NotOpen):
        list(extensions.before_closing)


def test_templates_compile_and_obey_the_policy():
    wrong = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.html"):
            name = str(path.relative_to(ROOT))
            environment().get_template(name)
            text = path.read_text(encoding="utf-8")
            if re.search(r"<[^>]*\sstyle\s*=|<style|\son\w+\s*=\s*\"|<script(?![^>]*\bsrc=)|javascript:", text):
                wrong.append(name)
    assert wrong == []


def test_nothing_is_kept_in_a_session_of_the_database():
    """A connection goes back to the pool as it is, so whatever is set or locked ends with its transaction."""
    lasting = re.compile(
        r"\"SET (?!LOCAL|TRANSACTION|CONSTRAINTS|\{)|pg_advisory_lock\(|\"LISTEN |set_config\([^)]*, false\)"
    )
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if lasting.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_setting_is_documented():
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        variable = "PORT" if name == "port" else f"SUBGRANTS_{name.upper()}"
        assert f"`{variable}`" in told, variable


def test_nothing_names_another_place():
    found = subprocess.run(
        ["git", "grep", "-nIE", "://[^/ ]*(pypi|hosted|npmjs)[^/ ]*/", "--", ".", ":!.ci", ":!*.svg", ":!tests/house"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert found.stdout == ""


def test_who_asks_is_read_in_one_place():
    """A guard that looked where the session used to be found nobody, and turned everybody away."""
    reading = re.compile(r"""scope(\.get\(|\[)["'](user|auth|person|session_token)["']""")
    found = {
        path.relative_to(ROOT).as_posix()
        for top in ("accounts", "uploads", "grants", "monitoring", "lifecycle", "web", "entrypoints")
        for path in (ROOT / top).rglob("*.py")
        if reading.search(path.read_text("utf-8"))
    }
    assert found == {"accounts/person.py", "web/guards.py", "web/middleware/session.py"}


def test_what_an_unknown_name_is_stands_in_two_bases():
    """Strict or Lenient, never a configuration of a form's own; the records below the web say so by themselves."""
    rooms = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    own = {
        str(path.relative_to(ROOT))
        for path in rooms
        if re.search(r"\bConfigDict\([^)]*extra=", path.read_text("utf-8"))
    }
    assert own == {"web/forms/models.py", "foundation/merging.py"}
