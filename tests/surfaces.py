"""One step taken the two ways people and programs take it: the form of a page, the operation of the API."""

from uuid import UUID

import pytest

from foundation.database import row

by_page_and_api = pytest.mark.parametrize("surface", ["page", "api"])


async def take(client, surface: str, path: str, given: dict | None = None, *, at: str | None = None, files=None):
    """Send what is given to the path of the page, or the same to the operation (at its own path where they differ)."""
    given = given or {}
    if surface == "page":
        answer = await client.send_form(f"/en{path}", given, files)
        assert answer.status_code == 303, (answer.status_code, answer.text)
    else:
        answer = await client.post(f"/api/v1{at or path}", json=given)
        assert answer.status_code in (200, 201, 204), (answer.status_code, answer.text)
    return answer


async def last_event(object_id: UUID) -> tuple[str, UUID | None]:
    """What was written down about this thing last that a person did, and which; what follows by itself comes after."""
    found = await row(
        "SELECT name, actor FROM event WHERE object_id = $1 AND actor IS NOT NULL ORDER BY seq DESC LIMIT 1", object_id
    )
    assert found, object_id
    return found["name"], found["actor"]
