"""What an order by place or by grant puts first: the one row for whatever has none, found by an index like the others."""

from foundation.migrating import sql_migration

ID = "2026-11-30T10:09:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "orders of what has no place and no grant"

SQL = r"""
CREATE TABLE no_place (
  id uuid PRIMARY KEY CHECK (id = '00000000-0000-0000-0000-000000000000'), position int NOT NULL UNIQUE CHECK (position = -1));
INSERT INTO no_place VALUES ('00000000-0000-0000-0000-000000000000', -1);
CREATE TABLE no_award (
  id uuid PRIMARY KEY CHECK (id = '00000000-0000-0000-0000-000000000000'), reference text NOT NULL UNIQUE CHECK (reference = ''));
INSERT INTO no_award VALUES ('00000000-0000-0000-0000-000000000000', '');
INSERT INTO table_right VALUES ('no_place', 'SELECT'), ('no_award', 'SELECT');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
