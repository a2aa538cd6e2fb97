"""The file a step of a lifecycle takes: `file=Attached("scan")` in its declaration."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from uploads.receiving import PAPERS, Received, Receiving, file_of, files_of, receive
from web.forms import Form


@dataclass(frozen=True)
class Attached:
    """`name` is its field in the form and the argument of the verb."""

    name: str
    optional: bool = False
    kinds: Collection[str] = PAPERS
    label: str = ""
    hint: str = ""

    def sink(self) -> Receiving:
        return Receiving(kinds=self.kinds)

    def of(self, form: Form) -> Received | None:
        if self.optional:
            return next(iter(files_of(form, self.name, most=1)), None)
        return file_of(form, self.name)

    async def of_body(self, chunks: AsyncIterator[bytes], filename: str) -> Received:
        """Over JSON the body is the file itself; its name comes in the header X-Filename."""
        return await receive(chunks, filename, kinds=self.kinds)
