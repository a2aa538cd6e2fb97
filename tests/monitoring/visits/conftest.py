"""What phones send, in short."""

import base64
import hashlib
import json
from uuid import uuid4

import pytest

from foundation.clock import today
from tests.builders.awards import an_award
from tests.builders.uploads import a_jpeg


def a_text(**over) -> dict:
    """All that a complete visit needs."""
    told = {
        "form_version": 1, "visited_on": str(today()), "on_track": "partly", "eu_visibility": "yes", "documents_seen": "no",
        "women": 14, "men": 9, "notes": "დარბაზი გარემონტებულია.", "place": "დიხაშხო", "latitude": "42.112345",
        "longitude": 42.556789, "accuracy_m": 12.6,
    }  # fmt: skip
    return told | over


def digest_of(data: bytes) -> dict[str, str]:
    return {"content-digest": f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"}


def announced(*pictures: bytes, **over) -> list[dict]:
    return [
        {"id": str(uuid4()), "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "consent": True} | over
        for data in pictures
    ]


class Phone:
    """A curator's phone: tells visits and sends photos."""

    def __init__(self, client):
        self.client = client

    async def tell(self, visit_id, told: dict, **headers):
        body = json.dumps(told, ensure_ascii=False).encode()
        said = {"content-type": "application/json", **digest_of(body), **headers}
        return await self.client.put(f"/api/v1/visits/{visit_id}", content=body, headers=said)

    async def photo(self, visit_id, photo_id, data: bytes, **headers):
        said = {"content-type": "image/jpeg", **digest_of(data), **headers}
        return await self.client.put(f"/api/v1/visits/{visit_id}/photos/{photo_id}", content=data, headers=said)


@pytest.fixture
async def award(cast):
    return await an_award(cast, state="active")


@pytest.fixture
async def phone(client, cast):
    await client.sign_in(cast.curator)
    return Phone(client)


@pytest.fixture
def picture():
    return a_jpeg(640, 480)
