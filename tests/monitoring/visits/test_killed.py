"""A phone keeps sending while the server is killed again and again: nothing it was told is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import re
import subprocess
import threading
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest

from foundation.clock import today
from tests.builders.uploads import a_jpeg
from tests.patience import PATIENCE
from tools.site import Site, cli, free_port, start, wait_until_ready

KILLS = 4
PASSWORD = "khoni-vani-terjola-8"


class Mortal:
    """A web server that can be killed and stands up again at the same address."""

    def __init__(self, site: Site):
        self.port = free_port()
        self.site = Site(f"http://127.0.0.1:{self.port}", site.dsn, site.data_dir)
        self.stand_up()

    def stand_up(self) -> None:
        with (self.site.data_dir / "processes.log").open("ab") as log:
            self.process = start(cli("serve"), self.site.dsn, self.site.data_dir, log, PORT=str(self.port))
        wait_until_ready(self.site, [self.process])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Phone:
    """Repeats each sending until the server has said yes."""

    def __init__(self, address: str):
        self.http = httpx.Client(base_url=address, timeout=PATIENCE, headers={"Origin": address})
        shown = self.http.post("/en/sign-in", data={"email": "curator@example.org", "password": PASSWORD})
        assert shown.status_code == 303, shown.text
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.http.get("/en/visits/new").text)
        assert token
        self.http.headers["X-CSRF-Token"] = token[1]

    def put(self, path: str, body: bytes, kind: str) -> tuple[int, dict]:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": kind, "Content-Digest": f"sha-256=:{digest}:"}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self.http.put(path, content=body, headers=headers)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code < 500:
                return answer.status_code, answer.json()
            time.sleep(0.1)
        raise AssertionError(f"{path} was never taken")

    def tell(self, award: str, photos: dict[str, bytes]) -> str:
        visit, finding = str(uuid4()), str(uuid4())
        manifest = [{"id": key, "sha256": hashlib.sha256(data).hexdigest()} for key, data in photos.items()]
        text = json.dumps({
            "award_id": award, "visited_on": str(today()), "notes": "ნახვა", "women": 3, "men": 4, "place": "ვანი",
            "manifest": manifest, "findings": [{"id": finding, "kind": "risk", "severity": "low", "text": "რისკი"}],
        }).encode()  # fmt: skip
        for _ in range(2):  # the second time as if the answer to the first had been lost
            assert self.put(f"/api/v1/visits/{visit}", text, "application/json")[0] in (200, 201)
            for key, data in photos.items():
                status, receipt = self.put(f"/api/v1/visits/{visit}/photos/{key}", data, "image/jpeg")
                assert status in (200, 201) and key in {held["id"] for held in receipt["attachments"]}
        return visit


@pytest.fixture
def mortal(new_site):
    server = Mortal(new_site("killed"))
    yield server
    server.end()


async def test_kill_9_in_the_middle_loses_and_doubles_nothing(mortal):
    connection = await asyncpg.connect(mortal.site.dsn)
    award = str(await connection.fetchval("SELECT id FROM award WHERE reference LIKE 'G-%-001' AND state = 'active'"))
    phone, chance, over = Phone(mortal.site.address), random.Random(9), threading.Event()
    told: dict[str, dict[str, bytes]] = {}

    def telling() -> None:
        while not over.is_set() or not told:
            photos = {str(uuid4()): a_jpeg(900 + len(told), 600) for _ in range(2)}
            told[phone.tell(award, photos)] = photos

    sending = asyncio.create_task(asyncio.to_thread(telling))
    # from this thread, because a server ends with the thread that started it
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.05, 0.5))
        mortal.kill()
        mortal.stand_up()
    over.set()
    await sending
    for visit, photos in told.items():
        here = await connection.fetch(
            "SELECT p.id, p.client_sha256, u.blob_sha256 FROM visit_photo p JOIN upload u ON u.id = p.upload_id"
            " WHERE p.visit_id = $1", visit,
        )  # fmt: skip
        sent = {key: hashlib.sha256(data).digest() for key, data in photos.items()}
        assert {str(each["id"]): each["client_sha256"] for each in here} == sent
        for each in here:
            stored = next(mortal.site.data_dir.rglob(f"{each['blob_sha256'].hex()}*"))
            assert hashlib.sha256(stored.read_bytes()).digest() == each["blob_sha256"]
        assert await connection.fetchval("SELECT count(*) FROM finding WHERE visit_id = $1", visit) == 1
        events = await connection.fetch("SELECT name, count(*) AS n FROM event WHERE object_id = $1 GROUP BY 1", visit)
        assert {each["name"]: each["n"] for each in events} == {
            "visit.planned": 1, "visit.started": 1, "visit.received": 1, "visit.photo_received": 2,
        }  # fmt: skip
    await connection.close()
