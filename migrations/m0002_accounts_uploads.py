"""Municipalities, the programme, organisations, accounts and their roles, sessions, tokens; files by hash."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "accounts and uploads"

SQL = r"""
CREATE TABLE municipality (
  id uuid PRIMARY KEY DEFAULT uuidv7(), slug text NOT NULL UNIQUE, position int NOT NULL UNIQUE,
  name_ka text NOT NULL, name_en text NOT NULL, full_name_ka text NOT NULL, full_name_en text NOT NULL,
  region text NOT NULL, latitude numeric(8,5) NOT NULL, longitude numeric(8,5) NOT NULL);
-- where the service is at home, from the sea to the mountains; towns and names: GeoNames, CC BY 4.0
INSERT INTO municipality (slug, position, name_ka, name_en, full_name_ka, full_name_en, region, latitude, longitude) VALUES
  ('lanchkhuti', 1, 'ლანჩხუთი', 'Lanchkhuti', 'ლანჩხუთის მუნიციპალიტეტი', 'Lanchkhuti Municipality', 'guria', 42.08744, 42.03611),
  ('ozurgeti', 2, 'ოზურგეთი', 'Ozurgeti', 'ოზურგეთის მუნიციპალიტეტი', 'Ozurgeti Municipality', 'guria', 41.92336, 42.00525),
  ('khoni', 3, 'ხონი', 'Khoni', 'ხონის მუნიციპალიტეტი', 'Khoni Municipality', 'imereti', 42.32535, 42.42243),
  ('vani', 4, 'ვანი', 'Vani', 'ვანის მუნიციპალიტეტი', 'Vani Municipality', 'imereti', 42.08408, 42.51189),
  ('bagdati', 5, 'ბაღდათი', 'Bagdati', 'ბაღდათის მუნიციპალიტეტი', 'Bagdati Municipality', 'imereti', 42.06943, 42.82505),
  ('terjola', 6, 'თერჯოლა', 'Terjola', 'თერჯოლის მუნიციპალიტეტი', 'Terjola Municipality', 'imereti', 42.18058, 42.97760),
  ('tsageri', 7, 'ცაგერი', 'Tsageri', 'ცაგერის მუნიციპალიტეტი', 'Tsageri Municipality', 'racha', 42.64534, 42.76911),
  ('ambrolauri', 8, 'ამბროლაური', 'Ambrolauri', 'ამბროლაურის მუნიციპალიტეტი', 'Ambrolauri Municipality', 'racha', 42.52322, 43.14982);

CREATE TABLE programme (
  id uuid PRIMARY KEY DEFAULT uuidv7(), name_ka text NOT NULL, name_en text NOT NULL, donor_ka text NOT NULL,
  donor_en text NOT NULL, contract_number text, currency currency NOT NULL, budget money_above_zero NOT NULL,
  starts_on date, ends_on date, director_threshold money_or_zero NOT NULL, most_per_organisation money_above_zero,
  bank_cooling interval NOT NULL DEFAULT '72 hours' CHECK (bank_cooling >= interval '0'),
  help_phone text, help_email text, example boolean NOT NULL DEFAULT false, example_loaded_at timestamptz,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE TABLE organisation (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, kind text NOT NULL CHECK (kind IN ('curator', 'cso', 'donor')),
  name_ka text, name_en text, other_names text,
  identification_code text UNIQUE CONSTRAINT organisation_identification_code CHECK (identification_code ~ '^[0-9]{9}$'),
  municipality_id uuid REFERENCES municipality ON DELETE RESTRICT,
  experience text CHECK (experience IN ('experienced', 'new')), established text, website text, note text, source text,
  curator_id uuid REFERENCES organisation ON DELETE RESTRICT,
  -- one that registered itself is looked at by the programme's people once
  registered_by uuid, confirmed_at timestamptz CHECK (confirmed_at IS NULL OR registered_by IS NOT NULL),
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX organisation_municipality ON organisation (municipality_id);
-- which municipalities a curator organisation looks after
CREATE TABLE curated_municipality (
  organisation_id uuid NOT NULL REFERENCES organisation, municipality_id uuid NOT NULL REFERENCES municipality,
  PRIMARY KEY (organisation_id, municipality_id));

CREATE TABLE account (
  id uuid PRIMARY KEY DEFAULT uuidv7(), email citext NOT NULL UNIQUE CHECK (email ~ '^[^@\s]+@[^@\s]+$'),
  name text NOT NULL CHECK (btrim(name) <> ''), phone text, language text NOT NULL DEFAULT 'ka' CHECK (language IN ('ka', 'en')),
  password_hash text, active boolean NOT NULL DEFAULT true, example boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp());

ALTER TABLE organisation ADD CONSTRAINT organisation_registered_by FOREIGN KEY (registered_by)
  REFERENCES account ON DELETE RESTRICT;

CREATE TABLE role (
  id uuid PRIMARY KEY DEFAULT uuidv7(), account_id uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('editor', 'signatory', 'reviewer', 'chair', 'curator', 'manager', 'finance',
    'director', 'donor', 'auditor', 'admin')),
  organisation_id uuid REFERENCES organisation ON DELETE RESTRICT, since date NOT NULL DEFAULT CURRENT_DATE, until date,
  CONSTRAINT role_organisation CHECK (kind NOT IN ('editor', 'signatory', 'curator') OR organisation_id IS NOT NULL),
  CONSTRAINT role_dates CHECK (until >= since));
CREATE UNIQUE INDEX role_once ON role (account_id, kind, organisation_id) NULLS NOT DISTINCT WHERE until IS NULL;
CREATE INDEX role_organisation_id ON role (organisation_id);
-- a curator may look after fewer municipalities than their organisation; no rows here means all of its
CREATE TABLE role_municipality (
  role_id uuid NOT NULL REFERENCES role ON DELETE CASCADE, municipality_id uuid NOT NULL REFERENCES municipality,
  PRIMARY KEY (role_id, municipality_id));

CREATE TABLE session (
  token_sha256 sha256 PRIMARY KEY, id uuid NOT NULL UNIQUE DEFAULT uuidv7(), account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), seen timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires timestamptz NOT NULL, agent text, CHECK (expires > created));
CREATE INDEX session_account ON session (account_id);

CREATE TABLE access_token (
  token_sha256 sha256 PRIMARY KEY, account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset')), created timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires timestamptz NOT NULL, used_at timestamptz);
CREATE INDEX access_token_account ON access_token (account_id);

-- an organisation that wants to register: nothing else is made before its person has shown that the e-mail is theirs
CREATE TABLE registration (
  id uuid PRIMARY KEY DEFAULT uuidv7(), token_sha256 sha256 NOT NULL UNIQUE, email citext NOT NULL, facts jsonb NOT NULL,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), expires timestamptz NOT NULL, used_at timestamptz);

CREATE TABLE sign_in_attempt (
  id uuid PRIMARY KEY DEFAULT uuidv7(), email_key sha256 NOT NULL, address_key sha256 NOT NULL, purpose text NOT NULL
    CHECK (purpose IN ('sign_in', 'reset', 'registration', 'password')),
  at timestamptz NOT NULL DEFAULT clock_timestamp(), succeeded boolean NOT NULL);
CREATE INDEX sign_in_attempt_email ON sign_in_attempt (email_key, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address_key, at);

INSERT INTO table_right SELECT t, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY['session', 'access_token',
  'registration', 'sign_in_attempt']) t;
-- the limits of the money are set with the programme, not from within the service
INSERT INTO table_right VALUES ('programme', 'SELECT, UPDATE (help_phone, help_email)'), ('municipality', 'SELECT'),
  ('curated_municipality', 'SELECT, INSERT, DELETE');

-- files: bytes by hash, uploads by owner ---------------------------------------------------------------------
INSERT INTO transition VALUES ('blob', 'received', 'quarantined'), ('blob', 'quarantined', 'clean'),
  ('blob', 'quarantined', 'rejected'), ('blob', 'clean', 'rejected');
CREATE TABLE blob (
  sha256 sha256 PRIMARY KEY, size bigint NOT NULL CHECK (size BETWEEN 1 AND 52428800),
  media_type text NOT NULL CONSTRAINT blob_media_type CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png',
    'image/webp', 'text/csv', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')),
  state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'quarantined', 'clean', 'rejected')),
  width int, height int, created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE upload (
  id uuid PRIMARY KEY DEFAULT uuidv7(), blob_sha256 sha256 NOT NULL REFERENCES blob ON DELETE RESTRICT,
  thumbnail_sha256 sha256 REFERENCES blob ON DELETE RESTRICT,
  filename text NOT NULL CHECK (char_length(filename) BETWEEN 1 AND 200 AND filename !~ '[\x01-\x1f/\\]'),
  original_sha256 sha256, uploaded_by uuid REFERENCES account ON DELETE RESTRICT, illustration boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX upload_blob ON upload (blob_sha256);
-- what a person attached stays what it was: other bytes are another upload
INSERT INTO table_right VALUES ('upload', 'SELECT, INSERT'), ('blob', 'SELECT, INSERT, UPDATE (state)');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
