"""The command line: sentences instead of tracebacks, and everything that is started is stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE, until_now

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One installation for the whole module, because making one takes longest."""
    with tempfile.TemporaryDirectory(prefix="sg-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: content for name, content in os.environ.items() if not name.startswith("SUBGRANTS_")}
    return kept | {"SUBGRANTS_DATA_DIR": str(folder / "var"), "SUBGRANTS_EXAMPLE": "false"} | more


def subgrants(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "entrypoints.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(folder, **more), capture_output=True, text=True)


def test_migrate_check_and_verify_on_a_new_installation(folder: Path) -> None:
    assert subgrants(folder, "migrate").stdout == "The database is up to date.\n"
    assert subgrants(folder, "migrate").returncode == 0
    checked = subgrants(folder, "check", "--database")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "The database reads and sorts Georgian." in checked.stdout
    assert "Results are what the accepted values come to." in checked.stdout
    assert subgrants(folder, "results", "rebuild").stdout == "The results of 0 grants were added up anew.\n"
    verified = subgrants(folder, "audit", "verify")
    assert (verified.returncode, verified.stdout) == (0, "The chain of events is whole.\n")


def test_check_says_what_to_do_about_missing_tables(folder: Path) -> None:
    checked = subgrants(folder / "empty", "check", "--database")
    assert checked.returncode == 1
    assert "NO  The database has no tables yet: run `subgrants migrate`." in checked.stdout


def test_alone_it_lists_its_commands(folder: Path) -> None:
    said = subgrants(folder)
    assert said.returncode == 2 and "migrate" in said.stderr and "Traceback" not in said.stderr


def test_bad_settings_are_answered_with_a_sentence_and_without_their_content(folder: Path) -> None:
    said = subgrants(folder, "check", PORT="canary")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("PORT: ")
    assert "canary" not in said.stderr


def test_a_database_that_is_not_there_is_a_sentence(folder: Path) -> None:
    said = subgrants(folder, "check", SUBGRANTS_DATABASE_URL="postgresql://a:canary@127.0.0.1:1/c")
    assert said.returncode == 1
    assert said.stderr.startswith("The database cannot be reached: ")
    assert "canary" not in said.stderr


def test_a_port_in_use_is_a_sentence(folder: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        said = subgrants(folder, "run", PORT=str(port))
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith(f"Port {port} on 127.0.0.1 is in use.")
    assert f"make run PORT={port + 1}" in said.stderr


@contextlib.contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "entrypoints.cli", "run"]
    started = subprocess.Popen(
        command, cwd=ROOT, env=environment(folder, PORT=str(port)), stdout=subprocess.PIPE, text=True
    )
    try:
        assert started.stdout
        for line in started.stdout:
            if "Ctrl-C stops everything." in line:
                break
        else:
            raise AssertionError(f"`subgrants run` ended with {started.wait()}")
        yield started
    finally:
        started.kill()
        started.wait()
        if started.stdout:
            started.stdout.close()


def parts_of(folder: Path) -> list[str]:
    """What still runs on this installation, by its environment or its arguments."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            command = process.joinpath("cmdline").read_bytes()
            if str(folder).encode() in command + process.joinpath("environ").read_bytes():
                found.append(command.replace(b"\0", b" ").decode())
    return found


def wait_until_nothing_runs(folder: Path) -> None:
    until_now(lambda: not parts_of(folder), lambda: parts_of(folder))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_and_stops_everything(folder: Path, port: int, number: signal.Signals) -> None:
    with running(folder, port) as started:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            assert answer.status == 200
        started.send_signal(number)
        assert started.wait(PATIENCE) == 0
    assert parts_of(folder) == []


def test_after_kill_9_nothing_is_left_and_the_next_run_recovers(folder: Path, port: int) -> None:
    with running(folder, port) as started:
        started.kill()
    wait_until_nothing_runs(folder)
    with running(folder, port) as again:
        again.send_signal(signal.SIGINT)
        assert again.wait(PATIENCE) == 0


def test_run_brings_the_database_back_when_it_is_killed(folder: Path, port: int) -> None:
    with running(folder, port) as started:
        pid_file = folder / "var" / "postgres" / "cluster" / "postmaster.pid"
        killed = int(pid_file.read_text().splitlines()[0])
        os.kill(killed, signal.SIGKILL)

        def back() -> bool:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer,
            ):
                return answer.status == 200 and int(pid_file.read_text().splitlines()[0]) != killed
            return False

        until_now(back)
        started.send_signal(signal.SIGINT)
        assert started.wait(PATIENCE) == 0
    assert parts_of(folder) == []


def test_an_operator_begins_a_programme_and_invites_people(folder: Path) -> None:
    missing = subgrants(folder, "programme", "set", "--budget", "12x")
    assert missing.returncode == 1
    assert "--name-ka: is needed" in missing.stderr and "--budget: Write the number in digits alone" in missing.stderr
    words = ("--name-ka", "ა", "--name-en", "A", "--donor-ka", "ბ", "--donor-en", "B", "--currency", "EUR")
    done = subgrants(folder, "programme", "set", *words, "--budget", "1000", "--director-threshold", "100")
    assert (done.returncode, done.stdout) == (0, "The programme is set: A, €1,000.\n")
    limits = ("programme", "limits", "--currency", "GEL", "--director-threshold", "300")
    assert "--budget: is needed" in subgrants(folder, *limits).stderr
    done = subgrants(folder, *limits, "--budget", "3000")
    assert (done.returncode, done.stdout) == (0, "The programme may give GEL\u00a03,000.\n")
    own = subgrants(folder, *limits[:2], "--currency", "EUR", "--director-threshold", "1", "--budget", "1")
    assert own.returncode == 1 and "are set with the programme" in own.stderr
    invited = subgrants(folder, "user", "add", "x@example.org", "--name", "X", "--role", "admin", "--language", "en")
    assert invited.returncode == 0 and "/en/invitation/" in invited.stdout
    again = subgrants(folder, "user", "add", "x@example.org", "--name", "X", "--role", "admin")
    assert again.returncode == 0 and "/invitation/" in again.stdout, "an offer nobody has answered is sent again"
    wrong = subgrants(folder, "user", "add", "canary", "--name", "X", "--role", "admin")
    assert wrong.returncode == 2 and "write an e-mail address" in wrong.stderr and "Traceback" not in wrong.stderr


def test_commands_that_need_tables_say_so(folder: Path) -> None:
    for command in (("serve",), ("worker",), ("audit", "verify")):
        said = subgrants(folder / "none", *command)
        assert (said.returncode, said.stderr) == (1, "The database has no tables yet: run `subgrants migrate`.\n")


def test_an_address_that_is_none_is_a_sentence(folder: Path) -> None:
    said = subgrants(folder, "check", SUBGRANTS_DATABASE_URL="mysql://a:canary@b/c")
    assert (said.returncode, "canary" in said.stderr) == (1, False)
    assert said.stderr.startswith("SUBGRANTS_DATABASE_URL cannot be read")


def test_production_takes_no_example(folder: Path) -> None:
    production = {
        "SUBGRANTS_ENVIRONMENT": "production", "SUBGRANTS_SECRET": "x" * 40, "SUBGRANTS_BASE_URL": "https://a.example",
    }  # fmt: skip
    for word in ("load", "reset"):
        said = subgrants(folder, "example", word, **production)
        assert said.returncode == 1 and "does not take the example programme" in said.stderr
    assert "SUBGRANTS_EXAMPLE is on" in subgrants(folder, "check", **production | {"SUBGRANTS_EXAMPLE": "true"}).stderr
