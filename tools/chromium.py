"""Print the path of a real Chromium for browser tests, installing one where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
PACKAGES = ["chromium-headless-shell", "chromium"]  # the first draws no windows

HOW = (
    "The browser tests need Chromium, and none was found or could be installed here. Install it (Debian: "
    "sudo apt install chromium; others: .venv/bin/playwright install chromium) or set SUBGRANTS_CHROMIUM to its path, "
    "then run the tests again."
)


def main() -> None:
    path = chromium()
    if path is None:
        sys.exit(HOW)
    print(path)


def chromium() -> str | None:
    """A browser that answers, looked for where it costs least first."""
    return installed() or from_packages() or from_playwright()


def installed() -> str | None:
    chosen = os.environ.get("SUBGRANTS_CHROMIUM")
    if chosen:
        return chosen if answers(chosen) else None
    for name in NAMES:
        path = shutil.which(name)
        if path and answers(path):
            return path
    path = playwrights_own()
    return path if path and answers(path) else None


def from_packages() -> str | None:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    apt_get("update", "-q")
    for package in PACKAGES:
        apt_get("install", "-q", "-y", "--no-install-recommends", package)
        if path := installed():
            return path
    return None


def apt_get(*words: str) -> None:
    say(" ".join(("apt-get", *words)))
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    # Output goes beside ours: the path alone is for standard output.
    subprocess.run(["apt-get", *words], env=quiet, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)


def from_playwright() -> str | None:
    say("playwright install chromium")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)
    return installed()


def playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def answers(path: str) -> bool:
    """Some systems ship a `chromium` that only tells how to install another one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def say(text: str) -> None:
    print(f"Looking for a browser: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
