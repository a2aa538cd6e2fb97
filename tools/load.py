"""Sends the same kind of request over and over on connections that stay open, and takes the time of each."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import brotli


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def plain(self) -> bytes:
        return brotli.decompress(self.body) if self.headers.get("content-encoding") == "br" else self.body

    def said(self) -> str:
        """The words of a page, for messages."""
        text = re.sub(r"<[^>]+>", " ", self.plain().decode(errors="replace").partition("<main")[2])
        return " ".join(text.split())[:300]


@dataclass
class Times:
    """Seconds of each answer, a list for each run one by one; how many, in how long, of each round at full load."""

    runs: list[list[float]] = field(default_factory=list)
    rounds: list[tuple[int, float]] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """In milliseconds, of the quietest run: others shared the machine."""
        return min((_at(run, 0.5) for run in self.runs), default=float("nan"))

    @property
    def p99(self) -> float:
        """In milliseconds, of all runs together."""
        return _at([each for run in self.runs for each in run], 0.99)

    @property
    def per_second(self) -> float:
        """The quietest round: others shared the machine."""
        return max((count / seconds for count, seconds in self.rounds), default=float("nan"))


def _at(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")


class Connection:
    """One HTTP/1.1 connection, as little work as can be so that the server is what is measured."""

    def __init__(self, address: str):
        parts = urlsplit(address)
        self.host, self.port = parts.hostname, parts.port
        self.first = 0.0  # when the first bytes of the last answer came
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> Answer:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 22)
        assert self.reader is not None
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.first = time.perf_counter()
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): content for name, _, content in (line.partition(": ") for line in lines if line)}
        if headers.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        else:
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(first.split()[1]), headers, body)

    async def _chunks(self) -> bytes:
        assert self.reader is not None
        taken = bytearray()
        while size := int((await self.reader.readline()).strip() or b"0", 16):
            taken += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return bytes(taken)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


def request(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    said = {"host": "127.0.0.1", "accept-encoding": "br, gzip", **(headers or {})}
    if body or method != "GET":
        said["content-length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {content}" for name, content in said.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def form(fields: dict[str, str], files: dict[str, tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """A multipart form: its content type and its body."""
    boundary = "bench-boundary-7f3a"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{content}\r\n'.encode()
        for name, content in fields.items()
    ]
    for name, (filename, kind, content) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


Steps = Callable[[], list[bytes]]  # one operation: its requests, one after the other


async def one_by_one(address: str, steps: Steps, count: int, times: Times, good: Callable[[Answer], bool]) -> None:
    connection, run = Connection(address), list[float]()
    times.runs.append(run)
    for _ in range(count):
        await _operation(connection, steps(), run, good)
    connection.close()


async def together(
    address: str, steps: Steps, seconds: float, times: Times, good: Callable[[Answer], bool], clients: int = 8
) -> None:
    """So many clients at once for so long; only the number of answers a second counts here."""
    done = list[float]()
    end = time.perf_counter() + seconds

    async def client() -> None:
        connection = Connection(address)
        while time.perf_counter() < end:
            asked = steps()
            if not asked:
                break
            await _operation(connection, asked, done, good)
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    times.rounds.append((len(done), time.perf_counter() - started))


async def _operation(
    connection: Connection, requests: list[bytes], taken: list[float], good: Callable[[Answer], bool]
) -> None:
    started = time.perf_counter()
    for each in requests:
        answer = await connection.ask(each)
        if not good(answer):
            where = answer.headers.get("location", "")
            raise RuntimeError(f"{answer.status} for {each[:80]!r}: {where} {answer.said()}")
    taken.append(time.perf_counter() - started)
