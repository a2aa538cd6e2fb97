"""The PostgreSQL server that comes along: made, started, recovered and stopped here.

The process that starts it owns it: PostgreSQL stops when its owner stops or dies, and others attach to it.
Start it from the main thread, because Linux takes the end of the starting thread for the owner's death.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from foundation.postgres_binaries import DatabaseUnavailable, find_binaries, server_account
from foundation.postgres_home import (
    NAME,
    SOCKET,
    make_cluster,
    make_database,
    make_home,
    make_socket_folder,
    refuse_other_version,
    remove_socket_folder,
    socket_folder,
)
from foundation.processes import end_with_parent, exists, is_running, send, take_lock

__all__ = ["Cluster", "DatabaseUnavailable"]

START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0
LOG_LIMIT = 10 * 1024 * 1024

SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # Short questions all day: compiling one costs more than it saves.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_checkpoints": "off",
    # Statements and row details can hold names and amounts; the log holds neither.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Cluster:
    """One server with its data under `data_dir`; `durable=False` gives up safety for speed, for tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = Path(data_dir).absolute()
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._ownership: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop()

    def start(self) -> str:
        """The address of a server that answers; started here unless another process owns a running one."""
        make_home(self.data_dir, server_account(self.data_dir))
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            with self._alone(deadline):
                if self._ownership is None:
                    self._ownership = take_lock(self.home / "owner.lock")
                if self._ownership is not None:
                    self._start_own(deadline)
                    return self.dsn
                if self.running_pid() is not None and self._status() == "ready":
                    return self.dsn
            time.sleep(0.05)  # its owner is just starting, stopping or recovering it
        raise DatabaseUnavailable(f"Another process owns the database in {self.home}, but no server answers there.")

    def stop(self) -> None:
        """Stop the server cleanly if this process owns it; somebody else's server goes on."""
        if self._ownership is None:
            return
        try:
            pid = self.running_pid()
            if pid is not None:
                self._shut_down(pid)
            remove_socket_folder(self.home)
        finally:
            self._let_go()

    @property
    def owned(self) -> bool:
        return self._ownership is not None

    @property
    def home(self) -> Path:
        return self.data_dir.resolve()

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def binaries(self) -> Path:
        """Where psql and pg_dump of the same version are."""
        return find_binaries(server_account(self.data_dir), self.home)

    @property
    def dsn(self) -> str:
        """The address for asyncpg and for psql alike; it holds the password."""
        password = (self.home / "password").read_text().strip()
        return f"postgresql://{NAME}:{password}@/{NAME}?host={quote(str(socket_folder(self.home)), safe='/')}"

    def running_pid(self) -> int | None:
        """The number of the server that works on this data, if one is alive."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None  # reaped, so that its number means nothing any more
        number = _first_line(self.cluster / "postmaster.pid")
        return int(number) if number.isdigit() and is_running(int(number), "postgres", self.cluster) else None

    @contextmanager
    def _alone(self, deadline: float) -> Iterator[None]:
        """One process at a time looks, makes and starts."""
        while (held := take_lock(self.home / "starting.lock")) is None:
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"Another process has been starting the database in {self.home} for long.")
            time.sleep(0.05)
        try:
            yield
        finally:
            os.close(held)

    def _start_own(self, deadline: float) -> None:
        pid = self.running_pid()
        if pid is not None and self._process is not None and self._process.pid == pid:
            return
        try:
            if (self.cluster / "PG_VERSION").exists():
                refuse_other_version(self.cluster)
            account, binaries = server_account(self.data_dir), self.binaries
            if pid is not None:
                # Its owner is gone, and it may just have been told so: one that ends with us takes its place.
                self._shut_down(pid)
            make_cluster(self.home, binaries, account)
            self._launch(deadline)
            make_database(self.home, binaries, account)
        except BaseException:
            self.stop()
            raise

    def _launch(self, deadline: float) -> None:
        while True:
            self._forget_strangers_number()
            log_start = self._spawn()
            if self._becomes_ready(deadline):
                return
            said = self._log_since(log_start)
            if self._process is not None and self._process.poll() is None:
                raise DatabaseUnavailable(f"PostgreSQL did not become ready in {START_TIMEOUT:.0f} s; see {self._log}.")
            # After kill -9 of a server its children need a moment to notice and let go of the memory.
            if "shared memory block" not in said or time.monotonic() > deadline:
                raise DatabaseUnavailable(f"PostgreSQL did not start: {said.strip()[-600:]}")
            time.sleep(0.3)

    def _forget_strangers_number(self) -> None:
        """After a power cut another process may carry the old server's number, and right after kill -9 the dead server
        itself may still be listed: PostgreSQL would take either for a server at work and refuse to start."""
        for path in (self.cluster / "postmaster.pid", socket_folder(self.home) / f"{SOCKET}.lock"):
            number = _first_line(path)
            if number.isdigit() and exists(int(number)) and not is_running(int(number), "postgres", self.cluster):
                path.unlink(missing_ok=True)

    def _spawn(self) -> int:
        """Start the program; where its words begin in the log is returned."""
        account = server_account(self.data_dir)
        options = SERVER | ({} if self.durable else CARELESS)
        options["unix_socket_directories"] = f'"{make_socket_folder(self.home, account)}"'
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster)]
        for name, setting in options.items():
            command += ["-c", f"{name}={setting}"]
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
            self._log.replace(self._log.with_suffix(".log.1"))
        with os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            account.own(self._log)
            begins = self._log.stat().st_size
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=account.environment(),
                # Ctrl-C in the terminal is for the owner, which stops the server last.
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),
                **account.popen(),
            )
        return begins

    def _becomes_ready(self, deadline: float) -> bool:
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            if self.running_pid() == self._process.pid and self._status() == "ready":
                return True
            time.sleep(0.02)
        return False

    def _shut_down(self, pid: int) -> None:
        """Fast shutdown: sessions are ended, data is written, nothing is left to recover."""
        for number in (signal.SIGINT, signal.SIGQUIT):
            send(pid, number)
            deadline = time.monotonic() + STOP_TIMEOUT
            while time.monotonic() < deadline:
                if self.running_pid() != pid:
                    return
                time.sleep(0.02)
        raise DatabaseUnavailable(f"PostgreSQL (process {pid}) does not stop; see {self._log}.")

    def _let_go(self) -> None:
        self._process = None
        if self._ownership is not None:
            os.close(self._ownership)
            self._ownership = None

    def _status(self) -> str:
        """What the server says of itself in the eighth line: starting, ready, stopping."""
        lines = _lines(self.cluster / "postmaster.pid")
        return lines[7].strip() if len(lines) > 7 else "starting"

    @property
    def _log(self) -> Path:
        return self.home / "postgres.log"

    def _log_since(self, begins: int) -> str:
        with self._log.open("rb") as log:
            log.seek(begins)
            return log.read().decode(errors="replace")


def _first_line(path: Path) -> str:
    return next(iter(_lines(path)), "").strip()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
