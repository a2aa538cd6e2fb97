"""What the database itself refuses about files, asked past the application."""

import os

import asyncpg
import pytest

from foundation.database import execute, transaction
from tests.builders.uploads import an_upload
from tests.importing import importing


async def refused(name: str, sql: str, *args):
    with pytest.raises(asyncpg.PostgresError) as error:
        await execute(sql, *args)
    assert error.value.constraint_name == name


async def refused_to_the_owner(name: str, sql: str, *args):
    """What not even the owner of the tables may do; the service's own role has no right to try."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute(sql, *args)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as error:
        async with importing():
            await execute(sql, *args)
    assert error.value.constraint_name == name


@pytest.fixture
async def blob(db):
    sha256 = os.urandom(32)
    await execute("INSERT INTO blob (sha256, size, media_type) VALUES ($1, 10, 'application/pdf')", sha256)
    return sha256


async def test_only_a_clean_file_can_be_attached(blob):
    sql = "INSERT INTO upload (blob_sha256, filename) VALUES ($1, 'a.pdf')"
    await refused("upload_of_clean_blob", sql, blob)


async def test_a_file_becomes_clean_only_through_quarantine(blob):
    await refused("blob_state", "UPDATE blob SET state = 'clean' WHERE sha256 = $1", blob)


async def test_no_file_is_born_clean(db):
    sql = "INSERT INTO blob (sha256, size, media_type, state) VALUES ($1, 1, 'text/csv', 'clean')"
    await refused("blob_state", sql, os.urandom(32))


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/zip", "image/heic"])
async def test_no_other_type_is_kept(db, kind):
    await refused(
        "blob_media_type", "INSERT INTO blob (sha256, size, media_type) VALUES ($1, 1, $2)", os.urandom(32), kind
    )


@pytest.mark.parametrize("size", [0, -1, 52428801])
async def test_its_size_has_bounds(db, size):
    sql = "INSERT INTO blob (sha256, size, media_type) VALUES ($1, $2, 'text/csv')"
    await refused("blob_size_check", sql, os.urandom(32), size)


async def test_a_file_in_use_is_not_deleted(cast):
    upload = await an_upload(cast.editor)
    await refused_to_the_owner("upload_blob_sha256_fkey", "DELETE FROM blob WHERE sha256 = $1", upload.blob_sha256)


@pytest.mark.parametrize("name", ["a/b.pdf", "a\\b.pdf", "a\nb.pdf", "", "x" * 201])
async def test_a_name_holds_no_path(cast, name):
    upload = await an_upload(cast.editor)
    await refused_to_the_owner(
        "upload_filename_check", "UPDATE upload SET filename = $2 WHERE id = $1", upload.id, name
    )
