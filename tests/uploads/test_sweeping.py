"""What a stop left behind goes after a while; what a row names, or what is young, stays."""

import os
import time

import pytest

from foundation.refused import Refused
from tests.builders.uploads import a_jpeg, a_pdf, an_upload
from uploads import storing
from uploads.actions import keep, read_bytes
from uploads.receiving import receive_bytes
from uploads.sweeping import OBJECTS_AFTER, PARTS_AFTER, sweep


def grow_old(path, seconds):
    then = time.time() - seconds - 60
    os.utime(path, (then, then))


async def test_old_parts_go_and_young_ones_stay(db):
    old, young = storing.new_part(), storing.new_part()
    for part in (old, young):
        part.write_bytes(b"half")
    grow_old(old, PARTS_AFTER)
    assert await sweep() == (1, 0)
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


async def test_objects_without_a_row_go_and_kept_ones_stay(cast):
    orphan = storing.path_of((await receive_bytes(a_pdf(), "a.pdf")).stored.sha256)
    fresh = storing.path_of((await receive_bytes(a_pdf(), "b.pdf")).stored.sha256)
    data = a_jpeg()
    kept = await an_upload(cast.curator, data, "c.jpg")
    for path in (orphan, storing.path_of(kept.blob_sha256), storing.path_of(kept.thumbnail_sha256)):
        grow_old(path, OBJECTS_AFTER)
    parts, objects = await sweep()
    assert (parts, objects >= 1) == (0, True)
    assert (orphan.exists(), fresh.exists()) == (False, True)
    assert await read_bytes(kept)


async def test_bytes_that_come_again_are_young_again(cast):
    data = a_pdf()
    path = storing.path_of((await receive_bytes(data, "a.pdf")).stored.sha256)
    grow_old(path, OBJECTS_AFTER)
    again = await receive_bytes(data, "a.pdf")
    await sweep()
    assert await read_bytes(await keep(again, cast.editor)) == data


async def test_a_file_swept_before_it_was_kept_is_asked_for_again(cast):
    received = await receive_bytes(a_pdf(), "a.pdf")
    storing.path_of(received.stored.sha256).unlink()
    with pytest.raises(Refused):
        await keep(received, cast.editor)
