"""Official exchange rates and the programme's method; fingerprints by which bank accounts are told to be the same."""

from foundation.migrating import sql_migration

ID = "2026-12-01T12:30:00:000000"
VERSION = "1.44.0"
DESCRIPTION = "exchange rates, fingerprints of bank accounts"

SQL = r"""
-- `rate` units of `currency` for one of `base`
CREATE TABLE exchange_rate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text NOT NULL CHECK (source IN ('inforeuro', 'nbg')),
  base currency NOT NULL, currency currency NOT NULL, rate numeric(18,8) NOT NULL CHECK (rate > 0 AND rate < 1e9),
  valid_from date NOT NULL, valid_to date, imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT exchange_rate_two CHECK (base <> currency), CONSTRAINT exchange_rate_days CHECK (valid_to >= valid_from),
  UNIQUE (source, base, currency, valid_from));
INSERT INTO table_right VALUES ('exchange_rate', 'SELECT');
ALTER TABLE programme ADD exchange_method text CHECK (exchange_method IN ('inforeuro', 'nbg'));
ALTER TABLE tranche ADD exchange_currency currency, ADD exchange_source text CHECK (btrim(exchange_source) <> '');
SELECT set_config('subgrants.importing', 'on', true);
UPDATE tranche SET exchange_source = 'as noted with the order' WHERE exchange_rate IS NOT NULL;
-- Accounts are compared by a keyed fingerprint; its key stays in the database, where the service cannot read it.
CREATE TABLE fingerprint_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), key bytea NOT NULL CHECK (length(key) = 32));
INSERT INTO fingerprint_key (key) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
INSERT INTO table_right VALUES ('fingerprint_key', '');
ALTER TABLE bank_account ADD fingerprint sha256;
UPDATE bank_account SET fingerprint = sha256(key || sha256(key || convert_to(iban, 'UTF8'))) FROM fingerprint_key;
ALTER TABLE bank_account ALTER fingerprint SET NOT NULL;
DROP INDEX bank_account_by_iban;
CREATE INDEX bank_account_fingerprint ON bank_account (fingerprint);
SELECT set_config('subgrants.importing', '', true);
ALTER TABLE tranche ADD CONSTRAINT tranche_exchange_said CHECK ((exchange_rate IS NULL) = (exchange_source IS NULL)
  AND (exchange_currency IS NULL OR exchange_rate IS NOT NULL AND exchange_currency <> currency));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
