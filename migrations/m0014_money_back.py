"""Money comes back in parts, each by the bank's line; a grant closes when nothing is left with the organisation."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:14:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "money back in parts, bank days in the ledger, the day of a payment order"

SQL = r"""
-- the bank's line behind an entry: what happened on a day is booked on that day, whenever somebody notes it
ALTER TABLE ledger_entry ADD day date CHECK (day >= '2000-01-01' AND day < '2101-01-01'), ADD reference text CHECK (btrim(reference) <> '');
DROP INDEX ledger_recovery_once;
CREATE UNIQUE INDEX ledger_refund_once ON ledger_entry (reference) WHERE kind = 'recovery' AND reference IS NOT NULL;
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check, ADD CONSTRAINT ledger_entry_kind_check CHECK (kind IN (
  'commitment', 'payment', 'decommitment', 'recovery', 'write_off', 'accepted_cost', 'own_cost', 'reversal'));
ALTER TABLE tranche ADD sent_on date;
INSERT INTO transition VALUES ('tranche', 'recovered', 'recovery_due'), ('tranche', 'written_off', 'recovery_due');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
