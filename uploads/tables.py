"""Files: the bytes by hash, and each act of uploading them. The constraints are in migrations/."""

from piccolo.columns import UUID as Uuid
from piccolo.columns import BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class Blob(Table, tablename="blob"):
    sha256 = Bytea(primary_key=True)
    size = BigInt(default=None)
    media_type = Text(default=None)
    state = Text(default=None)
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    created = Timestamptz(default=None)


class Upload(Table, tablename="upload"):
    id = Uuid(primary_key=True)
    blob_sha256 = Bytea(default=None)
    thumbnail_sha256 = Bytea(null=True, default=None)
    filename = Text(default=None)
    original_sha256 = Bytea(null=True, default=None)
    uploaded_by = Uuid(null=True, default=None)
    illustration = Boolean(default=None)
    created = Timestamptz(default=None)
