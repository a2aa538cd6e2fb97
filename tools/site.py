"""A whole service of its own with the example programme: for browser tests, pictures and measurements."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foundation.processes import end_with_parent

ROOT = Path(__file__).parent.parent
READY_TIMEOUT = 240.0
# Chromium as tests need it: nothing of its own on the network, and no sandbox where there can be none.
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--font-render-hinting=none",
]  # fmt: skip


@dataclass
class Site:
    """A running service: where it answers, its database, its files."""

    address: str
    dsn: str
    data_dir: Path

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


@contextmanager
def running_site(
    dsn: str, data_dir: Path, *, worker: bool = False, serve: list[str] | None = None, **settings: str
) -> Iterator[Site]:
    """The web server (and the worker) as real processes on a free port; they end with us."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", dsn, data_dir)
    commands = [serve or cli("serve")] + ([cli("worker")] if worker else [])
    log = (data_dir / "processes.log").open("ab")
    processes = [start(command, dsn, data_dir, log, PORT=str(port), **settings) for command in commands]
    try:
        wait_until_ready(site, processes)
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
        log.close()


def load_example(dsn: str, data_dir: Path, **more: str) -> None:
    """Through the command an operator would type, in a process that has no pool of ours."""
    subprocess.run(
        cli("example", "load"), cwd=ROOT, env=surroundings(dsn, data_dir, **more), check=True, capture_output=True
    )


def copy_files(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def cli(*words: str) -> list[str]:
    return [sys.executable, "-m", "entrypoints.cli", *words]


def start(command: list[str], dsn: str, data_dir: Path, log, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings(dsn, data_dir, **more),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=end_with_parent(15),
    )


def surroundings(dsn: str, data_dir: Path, **more: str) -> dict[str, str]:
    """Only what is said here counts, whatever settings surround us."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SUBGRANTS_") and name != "PORT"}
    ours = {
        "SUBGRANTS_DATABASE_URL": dsn,
        "SUBGRANTS_DATA_DIR": str(data_dir),
        "SUBGRANTS_ENVIRONMENT": "test",
        "PYTHONPATH": str(ROOT),
    }
    return kept | ours | more


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def wait_until_ready(site: Site, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    told = ""
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(site.url("/health/ready"), timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            told = error.read().decode(errors="replace")  # which of its needs is not met
        except (urllib.error.URLError, OSError):
            pass
        if any(process.poll() is not None for process in processes):
            break
        time.sleep(0.05)
    words = (site.data_dir / "processes.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"The service did not become ready: {told}\n{words}")
