"""The reference of a payment order stays taken whatever becomes of the money afterwards."""

from foundation.migrating import sql_migration

ID = "2026-11-30T10:08:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "order references stay taken"

SQL = r"""
-- Money that is to come back, or came back, was sent by an order of the bank all the same.
DROP INDEX tranche_order_reference;
CREATE UNIQUE INDEX tranche_order_reference ON tranche (order_reference) WHERE order_reference IS NOT NULL
  AND state IN ('sent', 'paid', 'confirmed', 'recovery_due', 'recovered', 'written_off');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
