"""Text is compressed on its way out; files people download are sent as they lie on the disk."""

from __future__ import annotations

from typing import Any

from litestar.middleware.compression import CompressionMiddleware

TEXT = (b"text/", b"application/json", b"application/problem+json", b"application/vnd.oai", b"image/svg")


class TextCompression(CompressionMiddleware):
    def create_compression_send_wrapper(self, send: Any, compression_encoding: Any, scope: Any) -> Any:
        compressing = super().create_compression_send_wrapper(send, compression_encoding, scope)
        chosen = compressing

        async def choose(message: Any) -> None:
            nonlocal chosen
            if message["type"] == "http.response.start" and not _is_text(message["headers"]):
                chosen = send
            await chosen(message)

        return choose


def _is_text(headers: Any) -> bool:
    said = {name.lower(): value for name, value in headers}
    if b"content-encoding" in said or b"content-disposition" in said:
        return False  # compressed already, or a file
    return said.get(b"content-type", b"").startswith(TEXT)
