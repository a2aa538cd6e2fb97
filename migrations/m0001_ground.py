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

CREATE FUNCTION refuse(rule text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', what USING ERRCODE = '23514', CONSTRAINT = rule; END $$;

-- History may be brought in by the owner of the tables, who says so first; the service's own role never can.
CREATE FUNCTION importing() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT current_user <> 'subgrants_app' AND coalesce(current_setting('subgrants.importing', true), '') = 'on' $$;

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = '23001', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  -- history that is brought in says itself when something last changed
  IF NOT (importing() AND NEW.updated <> OLD.updated) THEN NEW.updated := clock_timestamp(); END IF;
  RETURN NEW;
END $$;

-- states move only along these arrows
CREATE TABLE transition (entity text, source text, target text, PRIMARY KEY (entity, source, target));
INSERT INTO table_right VALUES ('transition', 'SELECT');
CREATE FUNCTION guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> TG_ARGV[0] AND NOT importing() THEN
      PERFORM refuse(TG_TABLE_NAME || '_state', format('%s starts as %s', TG_TABLE_NAME, TG_ARGV[0]));
    END IF;
  ELSIF NEW.state IS DISTINCT FROM OLD.state AND NOT EXISTS (
      SELECT 1 FROM transition WHERE entity = TG_TABLE_NAME AND source = OLD.state AND target = NEW.state) THEN
    PERFORM refuse(TG_TABLE_NAME || '_state', format('%s cannot go from %s to %s', TG_TABLE_NAME, OLD.state, NEW.state));
  END IF;
  RETURN NEW;
END $$;

-- numbers for people: A-2026-0001; gaps are possible and mean nothing
CREATE TABLE counter (name text PRIMARY KEY, last bigint NOT NULL);
CREATE FUNCTION next_number(series text) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO counter VALUES (series, 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last $$;

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

CREATE FUNCTION event_link(seq bigint, at timestamptz, actor uuid, actor_name text, actor_role text, name text,
  object_type text, object_id uuid, request_id uuid, payload_commit bytea, prev bytea) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(prev || payload_commit || convert_to(jsonb_build_array(seq,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, actor_name, actor_role, name,
    object_type, object_id, request_id)::text, 'UTF8')) $$;
CREATE FUNCTION event_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head event_head%ROWTYPE;
BEGIN
  -- held until commit: the order is gapless and cannot fork, so events are written last
  SELECT * INTO head FROM event_head FOR UPDATE;
  NEW.seq := head.seq + 1; NEW.prev := head.hash;
  NEW.hash := event_link(NEW.seq, NEW.at, NEW.actor, NEW.actor_name, NEW.actor_role, NEW.name, NEW.object_type,
    NEW.object_id, NEW.request_id, NEW.payload_commit, NEW.prev);
  UPDATE event_head SET seq = NEW.seq, hash = NEW.hash;
  RETURN NEW;
END $$;
-- fires before event_chain, which runs as the owner and could not tell who asks
CREATE FUNCTION event_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.at IS NULL OR NOT importing() THEN NEW.at := clock_timestamp(); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_at BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_at();
CREATE TRIGGER event_chain BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_chain();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE FUNCTION event_verify() RETURNS TABLE (bad_seq bigint, why text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH e AS (SELECT *, lag(seq) OVER w AS seq_before, lag(hash) OVER w AS hash_before FROM event WINDOW w AS (ORDER BY seq))
  SELECT seq, CASE WHEN seq <> coalesce(seq_before, 0) + 1 THEN 'gap'
                   WHEN prev <> coalesce(hash_before, decode(repeat('00', 32), 'hex')) THEN 'link' ELSE 'content' END
  FROM e WHERE seq <> coalesce(seq_before, 0) + 1 OR prev <> coalesce(hash_before, decode(repeat('00', 32), 'hex'))
    OR hash <> event_link(seq, at, actor, actor_name, actor_role, name, object_type, object_id, request_id, payload_commit, prev)
  UNION ALL
  SELECT p.seq, 'payload' FROM event_payload p JOIN event USING (seq)
  WHERE sha256(p.salt || convert_to(p.body::text, 'UTF8')) <> event.payload_commit
  UNION ALL
  SELECT h.seq, 'head' FROM event_head h
  WHERE h.hash <> coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), decode(repeat('00', 32), 'hex'))
     OR h.seq <> coalesce((SELECT max(seq) FROM event), 0) $$;
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
