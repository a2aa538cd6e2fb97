"""Domains, the append-only event chain, the mail outbox, and the machinery every room's tables stand on."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ground: domains, states, events, outbox"

SQL = r"""
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- numeric(14,2) lets NaN past "> 0"; NaN sorts above every number, so the upper bound keeps it out
CREATE DOMAIN money_above_zero AS numeric(14,2) CHECK (VALUE > 0 AND VALUE <= 999999999999.99);
CREATE DOMAIN money_or_zero AS numeric(14,2) CHECK (VALUE >= 0 AND VALUE <= 999999999999.99);
CREATE DOMAIN currency AS char(3) CHECK (VALUE IN ('EUR', 'GEL', 'USD'));
CREATE DOMAIN sha256 AS bytea CHECK (octet_length(VALUE) = 32);

-- what the service's own role may do to a table, where that is not just to read, add and change
CREATE TABLE table_right (table_name text PRIMARY KEY, rights text NOT NULL);
INSERT INTO table_right VALUES ('table_right', 'SELECT');

-- states move only along these arrows
CREATE TABLE transition (entity text, source text, target text, PRIMARY KEY (entity, source, target));
INSERT INTO table_right VALUES ('transition', 'SELECT');

-- numbers for people: A-2026-0001; gaps are possible and mean nothing
CREATE TABLE counter (name text PRIMARY KEY, last bigint NOT NULL);

-- events ---------------------------------------------------------------------------------------------------
CREATE TABLE event_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, hash sha256 NOT NULL);
INSERT INTO event_head VALUES (true, 0, decode(repeat('00', 32), 'hex'));
CREATE TABLE event (
  seq bigint PRIMARY KEY, at timestamptz NOT NULL, actor uuid, actor_name text NOT NULL, actor_role text NOT NULL,
  name text NOT NULL, object_type text NOT NULL, object_id uuid, request_id uuid NOT NULL,
  payload_commit sha256 NOT NULL, prev sha256 NOT NULL, hash sha256 NOT NULL UNIQUE);
CREATE INDEX event_object ON event (object_id, seq);
CREATE INDEX event_at ON event (at);
CREATE TABLE event_payload (
  seq bigint PRIMARY KEY REFERENCES event, salt bytea NOT NULL CHECK (octet_length(salt) = 16), body jsonb NOT NULL);
CREATE TABLE event_job (
  seq bigint PRIMARY KEY REFERENCES event,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  attempts int NOT NULL DEFAULT 0, next_at timestamptz NOT NULL DEFAULT clock_timestamp(), last_error text);
CREATE INDEX event_job_waiting ON event_job (next_at) WHERE state = 'waiting';
INSERT INTO table_right VALUES ('event', 'SELECT, INSERT'), ('event_payload', 'SELECT, INSERT, DELETE'),
  ('event_head', 'SELECT'), ('event_job', 'SELECT, INSERT, UPDATE');

-- mail: written in the same transaction as its cause, sent after commit -------------------------------------
CREATE TABLE mail (
  id uuid PRIMARY KEY DEFAULT uuidv7(), key text UNIQUE, to_address text NOT NULL, subject text NOT NULL,
  body text NOT NULL, language text NOT NULL CHECK (language IN ('ka', 'en')), secret boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), sent_at timestamptz, attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(), last_error text);
CREATE INDEX mail_waiting ON mail (next_at) WHERE sent_at IS NULL;

-- which facts of which rows an example invented, so that no page can pass them off as known
CREATE TABLE invented (table_name text, row_id uuid, fields text[] NOT NULL, PRIMARY KEY (table_name, row_id));
INSERT INTO table_right VALUES ('invented', 'SELECT');

-- replays of a client's request get the first answer
CREATE TABLE idempotency (
  account_id uuid NOT NULL, key uuid NOT NULL, request_sha256 sha256 NOT NULL, status int, answer jsonb,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (account_id, key));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
