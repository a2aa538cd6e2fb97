"""A request that comes again with the same key is carried out once, and answered the same both times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from foundation.database import execute, row, transaction, value
from foundation.language import gettext as _
from foundation.refused import Refused

Answer = tuple[int, Any]


async def once(account_id: UUID, key: UUID, asked: bytes, do: Callable[[], Awaitable[Answer]]) -> Answer:
    """`asked` is all that makes the request what it is. What is refused leaves no trace, so it may be tried again."""
    digest = hashlib.sha256(asked).digest()
    async with transaction():
        # Whoever comes second waits here until the first has been carried out.
        first = await value(
            "INSERT INTO idempotency (account_id, key, request_sha256) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING RETURNING true",
            account_id,
            key,
            digest,
        )
        if not first:
            return await _again(account_id, key, digest)
        status, answer = await do()
        await execute(
            "UPDATE idempotency SET status = $3, answer = $4 WHERE account_id = $1 AND key = $2",
            account_id,
            key,
            status,
            json.dumps(answer, ensure_ascii=False, default=str),
        )
        return status, answer


async def _again(account_id: UUID, key: UUID, digest: bytes) -> Answer:
    kept = await row(
        "SELECT request_sha256, status, answer FROM idempotency WHERE account_id = $1 AND key = $2", account_id, key
    )
    if kept is None or kept["request_sha256"] != digest:
        raise Refused(_("This key was already used for another request. Use a new one."))
    return kept["status"], json.loads(kept["answer"])
