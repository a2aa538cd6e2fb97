"""The lock files pin what pyproject.toml asks for, by hash, and name no place to get it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WANTED = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": [
        *PROJECT["dependencies"],
        *(each for group in PROJECT["optional-dependencies"].values() for each in group),
    ],
}


def pins(name: str) -> dict[str, str]:
    """Package → version, of a file whose every entry starts a line as `name==version`."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", WANTED)
def test_everything_asked_for_is_pinned_within_its_range(name: str) -> None:
    pinned = pins(name)
    wanted = {canonicalize_name(each.name): each.specifier for each in map(Requirement, WANTED[name])}
    assert {
        each: pinned.get(each) for each, range_ in wanted.items() if not range_.contains(pinned.get(each, "0"))
    } == {}


@pytest.mark.parametrize("name", WANTED)
def test_every_pin_has_a_hash_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"\S*://\S*|--(?:extra-)?index-url.*|--find-links.*|--trusted-host.*", text) == []


def test_running_and_developing_use_the_same_versions() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
