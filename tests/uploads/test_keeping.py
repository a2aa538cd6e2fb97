"""A file that comes is stored once under its hash, and kept only by a committed row."""

import os

from foundation.database import value
from tests.builders.uploads import a_jpeg, a_pdf, an_upload
from uploads import storing
from uploads.actions import keep, keep_bytes, read_bytes
from uploads.receiving import receive_bytes


async def test_a_document_is_kept_as_it_came(cast):
    data = a_pdf()
    upload = await keep_bytes(data, "წესდება.pdf", cast.signatory)
    assert (upload.filename, upload.uploaded_by, upload.thumbnail_sha256) == ("წესდება.pdf", cast.signatory.id, None)
    assert await read_bytes(upload) == data
    assert storing.path_of(upload.blob_sha256).stat().st_mode & 0o777 == 0o400


async def test_the_same_bytes_lie_on_the_disk_once(cast):
    data = a_pdf()
    first = await an_upload(cast.editor, data)
    second = await an_upload(cast.other_editor, data, "other.pdf")
    assert first.id != second.id and first.blob_sha256 == second.blob_sha256
    assert await value("SELECT count(*) FROM blob WHERE sha256 = $1", first.blob_sha256) == 1
    assert storing.path_of(first.blob_sha256).stat().st_nlink == 1


async def test_a_picture_gets_a_small_one_beside_it(cast):
    upload = await an_upload(cast.curator, a_jpeg(2400, 1800), "ფოტო.JPG")
    assert upload.filename == "ფოტო.jpg"
    small = storing.path_of(upload.thumbnail_sha256).read_bytes()
    assert small[8:12] == b"WEBP" and len(small) <= 40 * 1024
    assert await value("SELECT width FROM blob WHERE sha256 = $1", upload.thumbnail_sha256) == 560


async def test_bytes_without_a_row_are_nobodys_and_the_file_can_be_sent_again(cast):
    """What a stop between storing and commit leaves behind: an object, and no upload that shows it."""
    data = a_pdf()
    received = await receive_bytes(data, "report.pdf")
    assert storing.path_of(received.stored.sha256).exists()
    assert await value("SELECT count(*) FROM blob WHERE sha256 = $1", received.stored.sha256) == 0
    upload = await keep_bytes(data, "report.pdf", cast.editor)
    assert await read_bytes(upload) == data


async def test_no_part_is_left_behind(cast):
    storing.new_part()  # makes the folder
    before = set(os.listdir(storing.folder() / "parts"))
    await keep(await receive_bytes(a_jpeg(), "photo.jpg"), cast.curator)
    assert set(os.listdir(storing.folder() / "parts")) == before
