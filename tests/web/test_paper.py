"""Documents for everybody are made once of the same words, and while one is made nobody else waits."""

import asyncio
import threading
import time

import pytest

from accounts.passwords import hash_password
from tests.builders.calls import a_call
from web import paper


@pytest.fixture
def made(monkeypatch):
    counted = []
    monkeypatch.setattr(paper, "_made", type(paper._made)())
    monkeypatch.setattr(paper, "_compiled", lambda template, data: counted.append(data) or b"%PDF-" + data.encode())
    return counted


async def test_the_same_words_are_made_into_a_document_once(made):
    template = "grants/calls/templates/questions.typ"
    both = await asyncio.gather(*(paper.public_pdf(template, {"a": 1}) for _ in range(20)))
    await paper.public_pdf(template, {"a": 1})
    assert len(made) == 1 and len(set(both)) == 1
    assert await paper.public_pdf(template, {"a": 2}) not in both and len(made) == 2


async def test_one_that_fails_is_tried_again(made, monkeypatch):
    template = "grants/calls/templates/questions.typ"

    def fails(template, data):
        raise RuntimeError("no such font")

    with monkeypatch.context() as once:
        once.setattr(paper, "_compiled", fails)
        with pytest.raises(RuntimeError):
            await paper.public_pdf(template, {"a": 1})
    assert await paper.public_pdf(template, {"a": 1})


async def test_so_many_bytes_are_kept_and_no_more(made, monkeypatch):
    monkeypatch.setattr(paper, "MOST_BYTES", 60)
    for n in range(10):
        await paper.public_pdf("grants/calls/templates/questions.typ", {"a": n})
    assert len(paper._made) < 10


async def test_the_questions_of_a_call_are_kept_until_the_call_changes(made, cast, client):
    call = await a_call(cast, "open")
    for _ in range(3):
        assert (await client.get(f"/en/calls/{call.reference}/questions.pdf")).status_code == 200
    assert len(made) == 1
    await client.get(f"/ka/calls/{call.reference}/questions.pdf")
    assert len(made) == 2


def ticks_while(work) -> int:
    """How often this thread came to run while another one worked: hardly ever where that one never lets go."""
    other = threading.Thread(target=work)
    other.start()
    count = 0
    while other.is_alive():
        time.sleep(0)
        count += 1
    return count


def test_making_a_document_lets_others_run():
    text = " ".join(f"Question {n}." for n in range(20_000))
    template = paper.ROOT / "tests" / "web" / "long.typ"
    template.write_text("#let data = json(bytes(sys.inputs.data))\n#data.text", "utf-8")
    try:
        alone = ticks_while(lambda: None)
        assert ticks_while(lambda: paper._compiled("tests/web/long.typ", f'{{"text": "{text}"}}')) > alone + 50
    finally:
        template.unlink()


async def test_a_password_is_hashed_beside_the_loop():
    count, hashing = 0, asyncio.ensure_future(hash_password("a long enough password of nobody"))
    while not hashing.done():
        await asyncio.sleep(0)
        count += 1
    assert count > 20
