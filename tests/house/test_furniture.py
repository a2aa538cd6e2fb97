"""Layout promises: imports fall downwards, templates obey the content security policy, settings are documented."""

import re
import subprocess
import sys
from pathlib import Path

from entrypoints.web import create_app
from foundation.settings import Settings
from lifecycle.waiting import WAITS
from web.templating import environment

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("foundation", "web", "lifecycle", "accounts", "uploads", "grants", "monitoring", "entrypoints")


def test_imports_fall_downwards():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


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


def test_the_page_of_today_knows_what_every_room_says_waits():
    """A duty told only by a module the worker imports would never be seen."""
    create_app()
    told = {asked.__module__ for asked in WAITS}
    said = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"^@waits$", path.read_text(encoding="utf-8"), re.M)
    }
    assert told == said
    loaded = "import sys; from entrypoints.web import create_app; create_app(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True)
    assert said <= set(done.stdout.split()), done.stderr


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
