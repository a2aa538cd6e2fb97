"""A closed grant is opened again by its director before anything of its money changes; an order noted wrongly is mended."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "closed grants are opened again; payment orders are corrected by a second person"

SQL = r"""
INSERT INTO transition VALUES ('award', 'closed', 'closing'), ('award', 'closed', 'terminated');
-- what was noted of an order at the bank is mended by somebody else than who noted it
ALTER TABLE tranche ADD order_corrected_by uuid REFERENCES account,
  ADD CONSTRAINT tranche_order_second_person CHECK (order_corrected_by IS NULL OR order_corrected_by <> sent_by);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
