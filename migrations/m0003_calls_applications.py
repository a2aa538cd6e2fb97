"""Calls with their questions and criteria; applications, their answers, budget, checks and clarifications."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls and applications"

SQL = r"""
INSERT INTO transition VALUES
  ('call','draft','in_approval'), ('call','in_approval','draft'), ('call','in_approval','scheduled'),
  ('call','scheduled','open'), ('call','open','closed'), ('call','closed','evaluating'),
  ('call','evaluating','decided'), ('call','decided','evaluating'), ('call','decided','completed'),
  ('call','draft','cancelled'), ('call','in_approval','cancelled'), ('call','scheduled','cancelled'),
  ('call','open','cancelled'), ('call','closed','cancelled'), ('call','evaluating','cancelled'),
  ('call','open','suspended'), ('call','suspended','open'), ('call','suspended','cancelled');

CREATE TABLE call (
  id uuid PRIMARY KEY DEFAULT uuidv7(), programme_id uuid NOT NULL REFERENCES programme ON DELETE RESTRICT,
  reference text NOT NULL UNIQUE, state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in_approval', 'scheduled',
    'open', 'suspended', 'closed', 'evaluating', 'decided', 'completed', 'cancelled')),
  title_ka text, title_en text, summary_ka text, summary_en text, text_ka text, text_en text,
  eligibility_ka text, eligibility_en text,
  currency currency NOT NULL, envelope money_above_zero NOT NULL, min_award money_above_zero NOT NULL,
  max_award money_above_zero NOT NULL, opens_at timestamptz NOT NULL, deadline timestamptz NOT NULL,
  invited_only boolean NOT NULL DEFAULT false, min_reviews int NOT NULL DEFAULT 2 CHECK (min_reviews BETWEEN 1 AND 9),
  -- reviewers more points apart than this have read different applications; the committee is told
  wide_spread int NOT NULL DEFAULT 25 CHECK (wide_spread BETWEEN 1 AND 100),
  decision_due date, complaint_days int NOT NULL DEFAULT 10 CHECK (complaint_days BETWEEN 0 AND 90), cancel_reason text,
  created_by uuid REFERENCES account, submitted_by uuid REFERENCES account, approved_by uuid REFERENCES account, opened_at timestamptz, closed_at timestamptz,
  suspended_at timestamptz, suspend_reason text,
  decided_at timestamptz, created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (id, currency),
  CONSTRAINT call_suspended CHECK ((state = 'suspended') = (suspended_at IS NOT NULL)),
  CONSTRAINT call_dates CHECK (opens_at < deadline),
  CONSTRAINT call_amounts CHECK (min_award <= max_award AND max_award <= envelope),
  CONSTRAINT call_both_languages CHECK (state IN ('draft', 'cancelled') OR (
    btrim(title_ka) <> '' AND btrim(title_en) <> '' AND btrim(summary_ka) <> '' AND btrim(summary_en) <> ''
    AND title_ka IS NOT NULL AND title_en IS NOT NULL AND summary_ka IS NOT NULL AND summary_en IS NOT NULL)),
  CONSTRAINT call_second_person CHECK (approved_by IS NULL
    OR (approved_by IS DISTINCT FROM created_by AND approved_by IS DISTINCT FROM submitted_by)));
CREATE INDEX call_state ON call (state, deadline);

CREATE TABLE call_municipality (
  call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, municipality_id uuid NOT NULL REFERENCES municipality,
  PRIMARY KEY (call_id, municipality_id));
CREATE TABLE call_invitation (
  call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, organisation_id uuid NOT NULL REFERENCES organisation,
  PRIMARY KEY (call_id, organisation_id));
CREATE TABLE section (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, position int NOT NULL,
  title_ka text, title_en text, help_ka text, help_en text,
  CONSTRAINT section_position UNIQUE (call_id, position) DEFERRABLE INITIALLY IMMEDIATE);
CREATE TABLE question (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE,
  section_id uuid NOT NULL REFERENCES section ON DELETE CASCADE, position int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('text', 'long_text', 'number', 'money', 'date', 'choice', 'yes_no')),
  label_ka text, label_en text, help_ka text, help_en text, required boolean NOT NULL DEFAULT true,
  word_guide int CHECK (word_guide BETWEEN 10 AND 5000), options jsonb NOT NULL DEFAULT '[]');
CREATE INDEX question_call ON question (call_id, position);
CREATE TABLE criterion (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, position int NOT NULL,
  title_ka text, title_en text, help_ka text, help_en text, max_points int NOT NULL CHECK (max_points BETWEEN 1 AND 100),
  weight numeric(6,2) NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 100), UNIQUE (id, call_id));
CREATE INDEX criterion_call ON criterion (call_id, position);
CREATE TABLE required_document (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, position int NOT NULL,
  title_ka text, title_en text, help_ka text, help_en text, required boolean NOT NULL DEFAULT true);
CREATE INDEX required_document_call ON required_document (call_id, position);
CREATE TABLE eligibility_criterion (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE, position int NOT NULL,
  title_ka text, title_en text);
CREATE INDEX eligibility_criterion_call ON eligibility_criterion (call_id, position);
INSERT INTO table_right SELECT t, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'call_municipality', 'call_invitation', 'section', 'question', 'criterion', 'required_document', 'eligibility_criterion']) t;

-- applications ------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES
  ('application','draft','awaiting_signoff'), ('application','awaiting_signoff','draft'),
  ('application','draft','submitted'), ('application','awaiting_signoff','submitted'), ('application','submitted','draft'),
  ('application','draft','expired'), ('application','awaiting_signoff','expired'),
  ('application','submitted','admin_check'), ('application','admin_check','clarification'),
  ('application','clarification','admin_check'), ('application','admin_check','in_review'),
  ('application','admin_check','ineligible'), ('application','clarification','ineligible'),
  ('application','in_review','ineligible'), ('application','scored','ineligible'),
  ('application','recommended','ineligible'), ('application','reserve','ineligible'),
  ('application','ineligible','admin_check'), ('application','rejected','admin_check'),
  ('application','in_review','scored'), ('application','scored','in_review'),
  ('application','scored','recommended'), ('application','scored','reserve'), ('application','scored','rejected'),
  ('application','scored','correction'), ('application','correction','corrected'),
  ('application','corrected','recommended'), ('application','corrected','rejected'),
  ('application','reserve','recommended'), ('application','reserve','rejected'),
  ('application','recommended','approved'), ('application','recommended','rejected');
INSERT INTO transition SELECT 'application', s, 'withdrawn' FROM unnest(ARRAY['submitted', 'admin_check', 'clarification',
  'in_review', 'scored', 'correction', 'corrected', 'recommended', 'reserve']) s;
INSERT INTO transition SELECT 'application', s, 'closed_by_cancellation' FROM unnest(ARRAY['draft', 'awaiting_signoff',
  'submitted', 'admin_check', 'clarification', 'in_review', 'scored', 'correction', 'corrected', 'recommended', 'reserve']) s;

CREATE TABLE application (
  id uuid PRIMARY KEY DEFAULT uuidv7(), number text NOT NULL UNIQUE, call_id uuid NOT NULL,
  organisation_id uuid NOT NULL REFERENCES organisation ON DELETE RESTRICT,
  municipality_id uuid REFERENCES municipality ON DELETE RESTRICT, currency currency NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'awaiting_signoff', 'submitted', 'expired', 'admin_check',
    'clarification', 'ineligible', 'in_review', 'scored', 'correction', 'corrected', 'recommended', 'reserve', 'rejected',
    'approved', 'withdrawn', 'closed_by_cancellation')),
  title_ka text, title_en text, summary_ka text, summary_en text,
  requested money_or_zero NOT NULL DEFAULT 0, own_contribution money_or_zero NOT NULL DEFAULT 0, starts_on date, ends_on date,
  declared boolean NOT NULL DEFAULT false, language text NOT NULL DEFAULT 'ka' CHECK (language IN ('ka', 'en')),
  submitted_at timestamptz, submitted_by uuid REFERENCES account, body jsonb, body_sha256 sha256,
  ineligible_proposed_by uuid REFERENCES account, ineligible_reason text,
  ineligible_criterion_id uuid REFERENCES eligibility_criterion ON DELETE RESTRICT,
  ineligible_confirmed_by uuid REFERENCES account, checked_by uuid REFERENCES account,
  -- what was typed into a draft and does not parse yet: kept, so that nothing is lost
  typed jsonb NOT NULL DEFAULT '{}',
  created_by uuid REFERENCES account, created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (call_id, currency) REFERENCES call (id, currency) ON DELETE RESTRICT,
  UNIQUE (id, call_id), UNIQUE (id, organisation_id), UNIQUE (id, currency),
  CONSTRAINT application_submission_facts CHECK (
    (state IN ('draft', 'awaiting_signoff', 'expired', 'closed_by_cancellation') OR submitted_at IS NOT NULL)
    AND (submitted_at IS NULL OR (body IS NOT NULL AND body_sha256 IS NOT NULL))),
  CONSTRAINT application_ineligible CHECK (state <> 'ineligible' OR (ineligible_reason IS NOT NULL
    AND num_nonnulls(ineligible_confirmed_by, ineligible_proposed_by) = 2
    AND ineligible_confirmed_by <> ineligible_proposed_by)),
  CONSTRAINT application_dates CHECK (starts_on <= ends_on));
-- one draft and one live submission for an organisation and a call
CREATE UNIQUE INDEX application_one_live ON application (call_id, organisation_id)
  WHERE state NOT IN ('withdrawn', 'expired', 'closed_by_cancellation');
CREATE INDEX application_state ON application (state, call_id);
CREATE INDEX application_submitted ON application (submitted_at DESC NULLS LAST);
CREATE INDEX application_organisation ON application (organisation_id);
CREATE INDEX application_municipality ON application (municipality_id);
CREATE INDEX application_title_ka ON application USING gin (title_ka gin_trgm_ops);
CREATE INDEX application_title_en ON application USING gin (title_en gin_trgm_ops);

CREATE TABLE answer (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
  question_id uuid NOT NULL REFERENCES question ON DELETE RESTRICT, value text, updated_by uuid REFERENCES account,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (application_id, question_id));
CREATE TABLE budget_line (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
  position int NOT NULL, category text NOT NULL CHECK (category IN ('people', 'travel', 'equipment', 'services', 'events',
    'publications', 'other')),
  item text NOT NULL CHECK (btrim(item) <> ''), unit text, quantity numeric(12,2) NOT NULL CHECK (quantity > 0 AND quantity < 1e9),
  unit_cost money_above_zero NOT NULL, amount money_above_zero NOT NULL,
  own_share money_or_zero NOT NULL DEFAULT 0, note text,
  CONSTRAINT budget_line_amount CHECK (amount = round(quantity * unit_cost, 2)),
  CONSTRAINT budget_line_own_share CHECK (own_share <= amount));
CREATE INDEX budget_line_application ON budget_line (application_id, position);
CREATE TABLE attachment (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
  document_id uuid REFERENCES required_document ON DELETE RESTRICT, upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT,
  clarification boolean NOT NULL DEFAULT false, created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX attachment_application ON attachment (application_id);
CREATE INDEX attachment_upload ON attachment (upload_id);

CREATE TABLE eligibility_check (
  application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
  criterion_id uuid NOT NULL REFERENCES eligibility_criterion ON DELETE RESTRICT, passed boolean, note text,
  checked_by uuid NOT NULL REFERENCES account, checked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (application_id, criterion_id));
-- a question back to the organisation on named sections: before review (clarification) or from the committee (correction)
CREATE TABLE clarification (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL REFERENCES application ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('clarification', 'correction')), question text NOT NULL CHECK (btrim(question) <> ''),
  section_ids uuid[] NOT NULL DEFAULT '{}', asked_by uuid NOT NULL REFERENCES account,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(), due_on date NOT NULL,
  -- `draft` is what the organisation's own people have typed so far; nobody else reads it
  draft jsonb NOT NULL DEFAULT '{}',
  reply text, changes jsonb NOT NULL DEFAULT '[]', replied_by uuid REFERENCES account, replied_at timestamptz,
  CONSTRAINT clarification_reply CHECK ((replied_at IS NULL) = (reply IS NULL)));
CREATE INDEX clarification_application ON clarification (application_id);
INSERT INTO table_right VALUES ('budget_line', 'SELECT, INSERT, UPDATE, DELETE'), ('attachment', 'SELECT, INSERT, UPDATE, DELETE');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
