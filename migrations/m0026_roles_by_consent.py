"""A role is offered and held once it is accepted."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:26:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "roles by consent"

SQL = r"""
INSERT INTO transition VALUES ('role_offer', 'pending', 'accepted'), ('role_offer', 'pending', 'declined'),
  ('role_offer', 'pending', 'withdrawn');
-- name and e-mail as whoever invites has typed them: what an account says of itself is not for them to learn
CREATE TABLE role_offer (
  id uuid PRIMARY KEY DEFAULT uuidv7(), account_id uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('editor', 'signatory', 'reviewer', 'chair', 'curator', 'manager', 'finance',
    'director', 'donor', 'auditor', 'admin')),
  organisation_id uuid REFERENCES organisation ON DELETE RESTRICT, municipality_ids uuid[] NOT NULL DEFAULT '{}',
  name text NOT NULL CHECK (btrim(name) <> ''), email citext NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn')),
  offered_by uuid REFERENCES account ON DELETE RESTRICT, answered_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT role_offer_second_person CHECK (offered_by <> account_id),
  CONSTRAINT role_offer_answered CHECK ((state = 'pending') = (answered_at IS NULL)));
CREATE UNIQUE INDEX role_offer_once ON role_offer (account_id, kind, organisation_id) NULLS NOT DISTINCT
  WHERE state = 'pending';
CREATE INDEX role_offer_account ON role_offer (account_id);
CREATE INDEX role_offer_organisation ON role_offer (organisation_id) WHERE state = 'pending';
ALTER TABLE role ADD COLUMN offer_id uuid CONSTRAINT role_of_one_offer UNIQUE REFERENCES role_offer ON DELETE RESTRICT;
-- the link of a letter is about the role that letter told of
ALTER TABLE access_token ADD COLUMN offer_id uuid REFERENCES role_offer ON DELETE CASCADE;
-- a browser somebody signed in from before is judged by its own failures
ALTER TABLE sign_in_attempt ADD COLUMN device_key sha256, DROP CONSTRAINT sign_in_attempt_purpose_check,
  ADD CONSTRAINT sign_in_attempt_purpose_check
    CHECK (purpose IN ('sign_in', 'reset', 'registration', 'password', 'invitation'));
CREATE INDEX role_account ON role (account_id);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
