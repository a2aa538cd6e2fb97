"""A role is held since the day it is in Georgia, not since that of the database's clock."""

from foundation.migrating import sql_migration

ID = "2026-12-01T06:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "days are those of Georgia"

SQL = r"""
ALTER TABLE role ALTER COLUMN since SET DEFAULT (now() AT TIME ZONE 'Asia/Tbilisi')::date;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
