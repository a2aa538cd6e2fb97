"""Files: the bytes by hash, and each act of uploading them. The constraints are in migrations/."""

from piccolo.columns import UUID as Uuid
from piccolo.columns import BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class Blob(Table, tablename="blob"):
    sha256 = Bytea(primary_key=True)
    size = BigInt()
    media_type = Text()
    state = Text()
    width = Integer(null=True)
    height = Integer(null=True)
    created = Timestamptz()


class Upload(Table, tablename="upload"):
    id = Uuid(primary_key=True)
    blob_sha256 = Bytea()
    thumbnail_sha256 = Bytea(null=True)
    filename = Text()
    original_sha256 = Bytea(null=True)
    uploaded_by = Uuid(null=True)
    illustration = Boolean()
    created = Timestamptz()
