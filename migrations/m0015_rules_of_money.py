"""Limits of the programme per currency; why two organisations share an account, and why a report comes before its time."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "limits per currency, shared bank accounts, early reports"

SQL = r"""
-- beside the programme's own currency: what it may give in another one, and from where on the director decides there
CREATE TABLE currency_limit (
  programme_id uuid NOT NULL REFERENCES programme ON DELETE RESTRICT, currency currency NOT NULL, budget money_above_zero NOT NULL,
  director_threshold money_or_zero NOT NULL, most_per_organisation money_above_zero, PRIMARY KEY (programme_id, currency));
INSERT INTO table_right VALUES ('currency_limit', 'SELECT'), ('programme_limit', 'SELECT');
ALTER TABLE bank_account ADD shared_note text CHECK (btrim(shared_note) <> '');
CREATE INDEX bank_account_by_iban ON bank_account (iban);
ALTER TABLE report ADD early_reason text CHECK (btrim(early_reason) <> '');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
