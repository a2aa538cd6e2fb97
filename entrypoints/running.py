"""`make run`: database, tables, example, web and worker from one command, and all of them stopped by Ctrl-C."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import asyncpg

from entrypoints.reaching import embedded, prepared_database
from foundation.processes import end_with_parent
from foundation.settings import settings

READY_TIMEOUT = 60.0
STOP_TIMEOUT = 25.0
# A child that ends this often within so many seconds will not get better by itself.
TIMES, WITHIN = 5, 60.0


def run_everything() -> int:
    if not _port_is_free():
        other = settings().port + 1
        print(
            f"Port {settings().port} on {settings().host} is in use. Stop what uses it, or choose another: "
            f"make run PORT={other}",
            file=sys.stderr,
        )
        return 1
    print("Starting the database …", flush=True)
    with ExitStack() as stack:
        cluster = None if settings().database_url else embedded()
        if cluster is not None:
            # Entered here too, because only its owner can bring it back when it breaks.
            stack.enter_context(cluster)
        dsn = stack.enter_context(prepared_database())
        _first_start(dsn)
        try:
            with children() as running:
                _wait_until_ready(running)
                _greet(dsn)
                while True:
                    time.sleep(0.5)
                    if cluster is not None and cluster.running_pid() is None:
                        print("The database ended unexpectedly; starting it again.", file=sys.stderr, flush=True)
                        cluster.start()
                    for child in running:
                        child.keep_alive()
        except KeyboardInterrupt:
            print("\nStopped. Everything is saved; `make run` goes on from here.", flush=True)
            return 0


class Child:
    """One of our own commands as a process that ends with us."""

    def __init__(self, command: str) -> None:
        self.command = command
        self._ends: list[float] = []
        self._again_at: float | None = None
        self._start()

    def _start(self) -> None:
        self._again_at = None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli", self.command],
            stdin=subprocess.DEVNULL,
            # Ctrl-C in the terminal is for us; we tell the children, in order.
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )

    def keep_alive(self) -> None:
        """Started again after a pause that grows, so that a database in recovery has time to come back."""
        now = time.monotonic()
        if self._again_at is not None:
            if now >= self._again_at:
                self._start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._ends = [end for end in self._ends if now - end < WITHIN] + [now]
        if len(self._ends) >= TIMES:
            raise SystemExit(f"`subgrants {self.command}` ended {TIMES} times within a minute (exit code {code}).")
        print(f"`subgrants {self.command}` ended (exit code {code}); starting it again.", file=sys.stderr, flush=True)
        self._again_at = now + 0.5 * 2 ** len(self._ends)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def children() -> Iterator[list[Child]]:
    started: list[Child] = []
    try:
        for command in ("serve", "worker"):
            started.append(Child(command))
        yield started
    finally:
        # A second Ctrl-C must not leave anything running.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        for child in started:
            child.stop()
        deadline = time.monotonic() + STOP_TIMEOUT
        for child in started:
            child.wait(deadline)
        for number, handler in before.items():
            signal.signal(number, handler)


def _port_is_free() -> bool:
    family = socket.AF_INET6 if ":" in settings().host else socket.AF_INET
    with socket.socket(family) as asked:
        # As the servers do: a port that is only waiting for old connections to end counts as free.
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((settings().host, settings().port))
        except OSError:
            return False
    return True


def _first_start(dsn: str) -> None:
    if not settings().loads_example or not asyncio.run(_is_empty(dsn)):
        return
    from entrypoints.example import load

    print("Loading the example programme; this happens once …", flush=True)
    asyncio.run(load(dsn))


async def _is_empty(dsn: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        # An example that was only half loaded is loaded again; a programme of one's own is left alone.
        return await connection.fetchval(
            "SELECT NOT EXISTS (SELECT 1 FROM programme WHERE NOT example OR example_loaded_at IS NOT NULL)"
        )
    finally:
        await connection.close()


def _wait_until_ready(running: list[Child]) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    url = f"{_local()}/health/ready"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        for child in running:
            child.keep_alive()
        time.sleep(0.2)
    raise SystemExit(f"The web server did not become ready in {READY_TIMEOUT:.0f} seconds; its messages are above.")


def _local() -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings().host, settings().host)
    return f"http://{host}:{settings().port}"


def _greet(dsn: str) -> None:
    print(f"\nSubgrants is running: {settings().address}/", flush=True)
    emails = asyncio.run(_example_sign_ins(dsn))
    if emails and not settings().production:
        from entrypoints.example import PASSWORD

        print("\nThis is an example programme. Sign in as any of these:\n")
        for email in emails:
            print(f"  {email}")
        print(f"\nwith the password: {PASSWORD}")
    print("\nCtrl-C stops everything.", flush=True)


async def _example_sign_ins(dsn: str) -> list[str]:
    connection = await asyncpg.connect(dsn)
    try:
        found = await connection.fetch(
            "SELECT email::text FROM account WHERE example AND active AND password_hash IS NOT NULL ORDER BY id"
        )
    finally:
        await connection.close()
    return [record["email"] for record in found]
