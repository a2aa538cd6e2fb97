"""Hands a file to the limited process and brings back what it said. The process starts with the first file."""

from __future__ import annotations

import asyncio
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Hashable
from pathlib import Path

from uploads.fair import Fair
from uploads.filetypes.verdict import Unfit, Verdict
from uploads.sandbox import SECONDS, TOO_HARD

HOME = Path(__file__).parent.parent


class Cell:
    """One limited process; it takes one file at a time, and is replaced when it does not answer."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, part: Path, filename: str) -> Verdict:
        with self.lock:
            answer = self._answer(json.dumps({"part": str(part), "filename": filename}).encode() + b"\n")
        if "verdict" in answer:
            return Verdict(**answer["verdict"])
        if answer.get("errno"):
            raise OSError(answer["errno"], os.strerror(answer["errno"]))
        raise Unfit(answer.get("unfit", TOO_HARD))

    def _answer(self, question: bytes) -> dict:
        if self.process is None or self.process.poll() is not None:
            self.process = self._start()
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(question)
            stdin.flush()
            if select.select([stdout], [], [], SECONDS * 6)[0] and (line := stdout.readline()):
                return json.loads(line)
        except BrokenPipeError:
            pass
        self.process.kill()
        self.process.wait()
        self.process = None
        return {"unfit": TOO_HARD}

    def _start(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", "uploads.sandbox"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=HOME, env=kept, start_new_session=True,
        )  # fmt: skip


# While one is busy with a hard file, everybody else's go through the other.
CELLS = [Cell(), Cell()]
QUEUE = Fair(len(CELLS))


async def examine(part: Path, filename: str, who: Hashable = None) -> Verdict:
    """The file's type and what was derived from it, or Unfit. Others are served meanwhile: `who` has one file examined
    at a time."""
    async with QUEUE.turn(who):
        cell = CELLS.pop()
        try:
            return await asyncio.to_thread(cell.ask, part, filename)
        finally:
            CELLS.append(cell)
