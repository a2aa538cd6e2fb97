"""Small truths about processes: who is alive, who holds a lock, who ends with whom."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

LINUX = sys.platform.startswith("linux")
SET_DEATH_SIGNAL = 1  # of prctl


def take_lock(path: Path) -> int | None:
    """A descriptor that holds the lock until it is closed or its process ends; None when another holds it."""
    import fcntl  # not on Windows, where the embedded database is refused earlier

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: Linux sends the child this signal when its parent dies, even by kill -9."""
    if not LINUX:
        return None
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork

    def ask() -> None:
        prctl(SET_DEATH_SIGNAL, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the question
            os._exit(1)

    return ask


def is_running(pid: int, program: str, argument: Path) -> bool:
    """Whether this very program is alive under the number, not a stranger that was given it later."""
    if LINUX:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        is_zombie = stat.rpartition(")")[2].split()[0] == "Z"
        return not is_zombie and command[0].endswith(program.encode()) and os.fsencode(argument) in command
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return program in listed and str(argument) in listed


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended already, which is what signals are sent for here
