"""The PostgreSQL server this service brings along: made, started, recovered and stopped here.

The process that starts the server owns it: PostgreSQL stops when its owner stops or dies. Others attach.
Start it from the main thread, because Linux counts the end of the starting thread as the owner's death.
"""

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from foundation.postgres_binaries import SERVER_MAJOR, Account, DatabaseUnavailable, find_binaries, server_account

NAME = "subgrants"  # of the database and of its owner
START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes on Linux and 103 on macOS
LOG_LIMIT = 10 * 1024 * 1024

INITDB = [
    "--username=" + NAME,
    "--encoding=UTF8",
    # With --locale=C trigram search finds nothing in Georgian; code-point order is the alphabet's order.
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-instructions",
]

SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    # Statements and row details can hold names and amounts; the log holds neither.
    "log_checkpoints": "off",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Cluster:
    """One PostgreSQL server with its data under `data_dir`; `durable=False` trades safety for speed in tests."""

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
        """The address of a server that answers, started if none runs on this data yet."""
        account = server_account()
        self._make_home(account)
        with self._starting():
            binaries = find_binaries(account, self.home)
            self._refuse_other_version()
            self._make_cluster(binaries, account)
            if not self._attach():
                self._launch(binaries, account)
            self._make_database(binaries, account)
        return self.dsn

    def stop(self) -> None:
        """Stop the server cleanly if this process owns it; somebody else's server goes on."""
        if self._ownership is None:
            return
        try:
            pid = self._process.pid if self._process else self.running_pid()
            if pid is not None:
                self._shut_down(pid)
        finally:
            self._process = None
            os.close(self._ownership)
            self._ownership = None

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
    def bin(self) -> Path:
        return find_binaries(server_account(), self.home)

    @property
    def dsn(self) -> str:
        """For asyncpg and for psql alike."""
        password = (self.home / "password").read_text().strip()
        return f"postgresql://{NAME}:{password}@/{NAME}?host={quote(str(self._socket_dir()), safe='/')}"

    def running_pid(self) -> int | None:
        """The postmaster that works on this data, if one is alive."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None  # reaps it, so that its number means nothing any more
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if _works_in(pid, self.cluster) else None

    # Making the folder, the cluster and the database

    def _make_home(self, account: Account) -> None:
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if not self.data_dir.exists():
            if self.data_dir.is_symlink():
                self.data_dir.unlink()  # what it pointed to is gone
            if account.reaches(self.data_dir.parent):
                self.data_dir.mkdir(mode=0o700)
            else:
                # Root's home is closed to the account the server runs as, so the data lives beside other servers'.
                base = Path("/var/lib/subgrants")
                base.mkdir(mode=0o755, parents=True, exist_ok=True)
                self.data_dir.symlink_to(tempfile.mkdtemp(prefix="postgres-", dir=base))
        if not account.reaches(self.home.parent):
            raise DatabaseUnavailable(
                f"The account {account.name} that runs PostgreSQL cannot open {self.home}. "
                "Set SUBGRANTS_DATA_DIR to a folder that every account may enter, for example /srv/subgrants."
            )
        account.own(self.home)
        self.home.chmod(0o700)

    def _refuse_other_version(self) -> None:
        version_file = self.cluster / "PG_VERSION"
        if not version_file.exists():
            return
        found = version_file.read_text().strip()
        if found != str(SERVER_MAJOR):
            raise DatabaseUnavailable(
                f"The data in {self.cluster} was made by PostgreSQL {found}, and this version of Subgrants brings "
                f"PostgreSQL {SERVER_MAJOR}. Nothing was changed. Dump it with the older version's pg_dump, move the "
                "folder away, start again and restore the dump; or set SUBGRANTS_DATABASE_URL to another server."
            )

    def _make_cluster(self, binaries: Path, account: Account) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.home / "password"
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        account.own(password_file)
        done = account.run([binaries / "initdb", *INITDB, f"--pwfile={password_file}", f"--pgdata={unfinished}"])
        if done.returncode:
            raise DatabaseUnavailable(f"PostgreSQL could not create its data folder: {_last_words(done)}")
        # Renamed last, so that a half-made cluster is never mistaken for a whole one.
        unfinished.rename(self.cluster)

    def _make_database(self, binaries: Path, account: Account) -> None:
        dsn = self.dsn.replace(f"@/{NAME}?", "@/postgres?")
        question = f"select 1 from pg_database where datname = '{NAME}'"
        for statement, wanted in ((question, True), (f"create database {NAME}", False)):
            # The address holds the password, and arguments are visible to everybody: it travels in the environment.
            done = account.run([binaries / "psql", "-XAtqc", statement], env=_psql_environment(dsn))
            if done.returncode:
                raise DatabaseUnavailable(f"PostgreSQL runs but cannot be used: {_last_words(done)}")
            if wanted and done.stdout.strip() == b"1":
                return

    # Starting, attaching, stopping

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """One process at a time looks, makes and starts."""
        descriptor = _lock(self.home / "starting.lock", wait=True)
        try:
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _attach(self) -> bool:
        """True when a running server answers; waits while one is still starting or stopping."""
        deadline = time.monotonic() + START_TIMEOUT
        while (pid := self.running_pid()) is not None:
            status = self._status()
            if status == "ready" and self._socket().exists():
                if self._ownership is None:
                    # Whoever started it is gone without stopping it: it is ours to stop now.
                    self._ownership = _lock(self.home / "owner.lock", wait=False)
                return True
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"PostgreSQL (process {pid}) neither starts nor stops. See {self._log()}.")
            time.sleep(0.05)
        return False

    def _launch(self, binaries: Path, account: Account) -> None:
        if self._ownership is None:
            # The last owner holds this until it has seen its server end.
            self._ownership = _lock(self.home / "owner.lock", wait=True)
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            self._remove_stale_pid_file()
            self._process = self._spawn(binaries, account)
            while self._process.poll() is None and time.monotonic() < deadline:
                if self.running_pid() == self._process.pid and self._status() == "ready":
                    return
                time.sleep(0.02)
            if self._process.poll() is None:
                self._shut_down(self._process.pid)
                self._let_go()
                raise DatabaseUnavailable(
                    f"PostgreSQL did not become ready in {START_TIMEOUT:.0f} seconds. See {self._log()}."
                )
            # After kill -9 of a postmaster its children need a moment to notice and let go of the memory.
            if "shared memory block" in self._log_end() and time.monotonic() < deadline:
                time.sleep(0.3)
                continue
            self._let_go()
            raise DatabaseUnavailable(f"PostgreSQL did not start: {self._log_end().strip()[-600:]}")

    def _let_go(self) -> None:
        self._process = None
        if self._ownership is not None:
            os.close(self._ownership)
            self._ownership = None

    def _spawn(self, binaries: Path, account: Account) -> subprocess.Popen[bytes]:
        socket_dir = self._make_socket_dir(account)
        options = SERVER | ({} if self.durable else CARELESS) | {"unix_socket_directories": f'"{socket_dir}"'}
        command = [str(binaries / "postgres"), "-D", str(self.cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        log = self._log()
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            account.own(log)
            self._log_start = log.stat().st_size
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home,
                # Ctrl-C in the terminal is for the owner, which stops the server last.
                start_new_session=True,
                preexec_fn=_end_with(os.getpid()),
                **account.popen(),
            )

    def _shut_down(self, pid: int) -> None:
        """Fast shutdown: sessions are ended, data is written, nothing is left to recover."""
        deadline = time.monotonic() + STOP_TIMEOUT
        stop = signal.SIGINT
        _send(pid, stop)
        while self._alive(pid):
            if time.monotonic() > deadline:
                if stop is signal.SIGQUIT:
                    raise DatabaseUnavailable(f"PostgreSQL (process {pid}) does not stop. See {self._log()}.")
                stop, deadline = signal.SIGQUIT, time.monotonic() + STOP_TIMEOUT
                _send(pid, stop)
            time.sleep(0.02)

    def _alive(self, pid: int) -> bool:
        if self._process is not None and self._process.pid == pid:
            return self._process.poll() is None
        return _works_in(pid, self.cluster)

    # The small files that tell what is going on

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _status(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else "starting"

    def _remove_stale_pid_file(self) -> None:
        """After a power cut another process may carry the old number, and PostgreSQL would refuse to start."""
        if self._pid_file() and self.running_pid() is None:
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _log(self) -> Path:
        return self.home / "postgres.log"

    def _log_end(self) -> str:
        with self._log().open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _socket_dir(self) -> Path:
        folder = self.home / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return folder
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"subgrants-{digest}"

    def _socket(self) -> Path:
        return self._socket_dir() / ".s.PGSQL.5432"

    def _make_socket_dir(self, account: Account) -> Path:
        folder = self._socket_dir()
        try:
            folder.mkdir(mode=0o700)
            account.own(folder)
        except FileExistsError:
            found = folder.lstat()
            # Anybody can make a folder in /tmp and wait for a server to put its socket there.
            if folder.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
                raise DatabaseUnavailable(
                    f"The folder {folder} for the database socket belongs to somebody else. Remove it and start again."
                ) from None
        return folder


def _lock(path: Path, *, wait: bool) -> int | None:
    """A descriptor that holds the lock until it is closed or the process ends; None when another holds it."""
    import fcntl  # not on Windows, where this server is refused earlier

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + 2 * START_TIMEOUT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if not wait:
                os.close(descriptor)
                return None
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise DatabaseUnavailable(f"Another process has held {path} for two minutes.") from None
            time.sleep(0.05)


def _works_in(pid: int, cluster: Path) -> bool:
    """Whether this process is alive and is a PostgreSQL on that folder, not a stranger with a re-used number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not sys.platform.startswith("linux"):
        command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
        return "postgres" in command and str(cluster) in command
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    is_zombie = stat.rpartition(")")[2].split()[0] == "Z"
    return not is_zombie and command[0].endswith(b"postgres") and os.fsencode(cluster) in command


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _end_with(owner: int):
    """Run in the child: ask Linux to stop PostgreSQL, cleanly, when its owner dies, even by kill -9."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl  # looked up before the fork
    set_death_signal = 1

    def ask() -> None:
        prctl(set_death_signal, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != owner:
            os._exit(1)

    return ask


def _psql_environment(dsn: str) -> dict[str, str]:
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(dsn)
    return {
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.path.lstrip("/"),
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGCONNECT_TIMEOUT": "10",
    }


def _last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stderr or done.stdout).decode(errors="replace").strip()[-600:]
