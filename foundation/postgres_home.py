"""The folder the embedded PostgreSQL lives in: who owns it, its data, its password and its socket."""

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from foundation.postgres_binaries import SERVER_MAJOR, Account, DatabaseUnavailable

NAME = "subgrants"  # of the database and of its owner
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes on Linux and 103 on macOS
SOCKET = ".s.PGSQL.5432"

INITDB = [
    f"--username={NAME}",
    "--encoding=UTF8",
    # With --locale=C trigram search finds nothing in Georgian; code-point order is the alphabet's order.
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-instructions",
]


def make_home(folder: Path, account: Account) -> None:
    """A folder only the server's account may enter, at this path or, where that account cannot come, linked from it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not folder.exists():
            _make(folder, account)
        home = folder.resolve()
        account.own(home)
        home.chmod(0o700)
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"The folder {folder} cannot be used: {error.strerror}. It belongs to another account: start the service "
            "with the account that made it, or set SUBGRANTS_DATA_DIR to a folder of your own."
        ) from error
    if not account.reaches(home.parent):
        raise DatabaseUnavailable(
            f"The account {account.name}, which runs PostgreSQL, cannot open {home}. "
            "Set SUBGRANTS_DATA_DIR to a folder that every account may enter, for example /srv/subgrants."
        )


def _make(folder: Path, account: Account) -> None:
    folder.unlink(missing_ok=True)  # a link whose target is gone
    if account.reaches(folder.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
        return
    # Root's own home is closed to the account that runs the server, so the data lies where servers keep theirs.
    base = Path("/var/lib/subgrants")
    base.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = Path(tempfile.mkdtemp(prefix="postgres-", dir=base))
    try:
        folder.symlink_to(target)
    except FileExistsError:  # another process was quicker
        target.rmdir()


def make_cluster(home: Path, binaries: Path, account: Account) -> None:
    """Create the data once; a half-made cluster is never mistaken for a whole one, because it is renamed last."""
    cluster = home / "cluster"
    if (cluster / "PG_VERSION").exists():
        refuse_other_version(cluster)
        return
    unfinished = home / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    password_file = _make_password(home, account)
    done = account.run([binaries / "initdb", *INITDB, f"--pwfile={password_file}", f"--pgdata={unfinished}"])
    if done.returncode:
        raise DatabaseUnavailable(f"PostgreSQL could not create its data folder: {last_words(done)}")
    unfinished.rename(cluster)


def refuse_other_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != str(SERVER_MAJOR):
        raise DatabaseUnavailable(
            f"The data in {cluster} was made by PostgreSQL {found}, and this version of Subgrants brings "
            f"PostgreSQL {SERVER_MAJOR}. Nothing was changed. Dump it with the older version's pg_dump, move the "
            "folder away, start again and restore the dump; or set SUBGRANTS_DATABASE_URL to another server."
        )


def _make_password(home: Path, account: Account) -> Path:
    path = home / "password"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    account.own(path)
    return path


def make_database(home: Path, binaries: Path, account: Account) -> None:
    # The password travels in the environment, because everybody can read a process's arguments.
    environment = {
        "PGHOST": str(socket_folder(home)),
        "PGUSER": NAME,
        "PGPASSWORD": (home / "password").read_text().strip(),
        "PGDATABASE": "postgres",
    }

    def ask(statement: str) -> bytes:
        done = account.run([binaries / "psql", "-XAtqc", statement], env=environment)
        if done.returncode:
            raise DatabaseUnavailable(f"PostgreSQL runs but cannot be used: {last_words(done)}")
        return done.stdout.strip()

    if ask(f"select 1 from pg_database where datname = '{NAME}'") != b"1":
        ask(f"create database {NAME}")


def socket_folder(home: Path) -> Path:
    folder = home / "socket"
    if len(os.fsencode(folder / SOCKET)) <= SOCKET_PATH_LIMIT:
        return folder
    return Path("/tmp") / f"subgrants-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"


def make_socket_folder(home: Path, account: Account) -> Path:
    folder = socket_folder(home)
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        found = folder.lstat()
        # Anybody can make a folder in /tmp and wait for a server to put its socket there.
        if folder.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
            raise DatabaseUnavailable(
                f"The folder {folder} for the database's socket belongs to somebody else. Remove it and start again."
            ) from None
    return folder


def remove_socket_folder(home: Path) -> None:
    """Leaves nothing behind in /tmp; a folder that is not empty is still somebody's."""
    with contextlib.suppress(OSError):
        socket_folder(home).rmdir()


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stderr or done.stdout).decode(errors="replace").strip()[-600:]
