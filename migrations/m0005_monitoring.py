"""Visits, findings, recommendations, indicators, reports, and the programme's meetings and publications."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "monitoring"

SQL = r"""
-- visits: ids are made on the curator's phone --------------------------------------------------------------------
INSERT INTO transition VALUES
  ('visit','planned','confirmed'), ('visit','confirmed','in_field'), ('visit','planned','in_field'), ('visit','in_field','received'),
  ('visit','received','complete'), ('visit','complete','in_review'), ('visit','in_review','in_field'), ('visit','in_review','approved'),
  ('visit','approved','in_review'), ('visit','planned','cancelled'), ('visit','confirmed','cancelled');
CREATE TABLE visit (
  id uuid PRIMARY KEY DEFAULT uuidv7(), reference text NOT NULL UNIQUE, award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT,
  municipality_id uuid NOT NULL REFERENCES municipality ON DELETE RESTRICT,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'confirmed', 'in_field', 'received', 'complete', 'in_review', 'approved', 'cancelled')),
  purpose_ka text, purpose_en text, planned_from date, planned_to date, lead_id uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  planned_by uuid REFERENCES account, form_version int NOT NULL DEFAULT 1, answers jsonb NOT NULL DEFAULT '{}',
  place text, latitude numeric(8,5) CHECK (latitude BETWEEN -90 AND 90), longitude numeric(8,5) CHECK (longitude BETWEEN -180 AND 180),
  accuracy_m int CHECK (accuracy_m BETWEEN 0 AND 100000), no_position_reason text,
  visited_on date, device_at timestamptz, women int CHECK (women BETWEEN 0 AND 100000), men int CHECK (men BETWEEN 0 AND 100000),
  notes text, manifest jsonb NOT NULL DEFAULT '[]', client_sha256 sha256, loss_reason text,
  received_at timestamptz, completed_at timestamptz, reviewed_by uuid REFERENCES account, reviewed_at timestamptz,
  cancel_reason text, summary_ka text, summary_en text, source text, created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (id, award_id),
  FOREIGN KEY (award_id, municipality_id) REFERENCES award (id, municipality_id) ON DELETE RESTRICT,
  CONSTRAINT visit_second_person CHECK (reviewed_by IS NULL OR reviewed_by <> lead_id),
  CONSTRAINT visit_approved_facts CHECK (state <> 'approved' OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)),
  CONSTRAINT visit_not_future CHECK (visited_on IS NULL OR visited_on <= (updated AT TIME ZONE 'Asia/Tbilisi')::date));
CREATE INDEX visit_award ON visit (award_id); CREATE INDEX visit_lead ON visit (lead_id, state);
CREATE INDEX visit_municipality ON visit (municipality_id, visited_on);
CREATE TABLE visit_photo (
  id uuid PRIMARY KEY DEFAULT uuidv7(), visit_id uuid NOT NULL REFERENCES visit ON DELETE RESTRICT,
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, client_sha256 sha256, taken_at timestamptz,
  consent boolean NOT NULL DEFAULT false, public boolean NOT NULL DEFAULT false, caption_ka text, caption_en text,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (id, visit_id),
  CONSTRAINT visit_photo_public_with_consent CHECK (NOT public OR consent));
CREATE INDEX visit_photo_visit ON visit_photo (visit_id); CREATE INDEX visit_photo_upload ON visit_photo (upload_id);

INSERT INTO transition VALUES
  ('finding','draft','shared'), ('finding','shared','responded'), ('finding','responded','final'), ('finding','final','closed'),
  ('finding','draft','withdrawn'), ('finding','shared','withdrawn'), ('finding','responded','withdrawn');
CREATE TABLE finding (
  id uuid PRIMARY KEY DEFAULT uuidv7(), visit_id uuid NOT NULL, award_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'shared', 'responded', 'final', 'closed', 'withdrawn')),
  kind text NOT NULL CHECK (kind IN ('problem', 'risk', 'good_practice')), severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  text text NOT NULL CHECK (btrim(text) <> ''), author_id uuid NOT NULL REFERENCES account,
  response_kind text CHECK (response_kind IN ('agrees', 'partly', 'disagrees', 'no_response')), response text, responded_by uuid REFERENCES account,
  responded_at timestamptz, shared_at timestamptz, reviewed_by uuid REFERENCES account, reviewed_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (visit_id, award_id) REFERENCES visit (id, award_id) ON DELETE RESTRICT, UNIQUE (id, award_id), UNIQUE (id, visit_id),
  CONSTRAINT finding_second_person CHECK (reviewed_by IS NULL OR reviewed_by <> author_id),
  CONSTRAINT finding_answered CHECK (state NOT IN ('responded', 'final', 'closed') OR (response_kind IS NOT NULL AND responded_at IS NOT NULL)),
  CONSTRAINT finding_final_facts CHECK (state NOT IN ('final', 'closed') OR (reviewed_by IS NOT NULL AND reviewed_at IS NOT NULL)));
CREATE INDEX finding_visit ON finding (visit_id); CREATE INDEX finding_award ON finding (award_id, state);
-- photos a finding rests on: of the same visit
CREATE TABLE finding_photo (
  finding_id uuid NOT NULL, photo_id uuid NOT NULL, visit_id uuid NOT NULL, PRIMARY KEY (finding_id, photo_id),
  FOREIGN KEY (finding_id, visit_id) REFERENCES finding (id, visit_id) ON DELETE RESTRICT,
  FOREIGN KEY (photo_id, visit_id) REFERENCES visit_photo (id, visit_id) ON DELETE RESTRICT);
CREATE INDEX finding_photo_photo ON finding_photo (photo_id);

-- recommendations: to an organisation, or to a municipality by the curator's hand ---------------------------------
INSERT INTO transition VALUES
  ('recommendation','draft','issued'), ('recommendation','issued','accepted'), ('recommendation','issued','disputed'),
  ('recommendation','disputed','accepted'), ('recommendation','disputed','issued'), ('recommendation','disputed','withdrawn'),
  ('recommendation','accepted','in_progress'), ('recommendation','in_progress','reported_done'),
  ('recommendation','reported_done','verified'), ('recommendation','reported_done','partly'), ('recommendation','reported_done','reopened'),
  ('recommendation','partly','in_progress'), ('recommendation','reopened','in_progress');
INSERT INTO transition SELECT 'recommendation', s, t FROM unnest(ARRAY['draft', 'issued', 'accepted', 'in_progress', 'reported_done', 'partly', 'reopened']) s,
  unnest(ARRAY['withdrawn', 'superseded', 'risk_accepted']) t;
INSERT INTO transition VALUES ('recommendation','disputed','superseded'), ('recommendation','disputed','risk_accepted');
CREATE TABLE recommendation (
  id uuid PRIMARY KEY DEFAULT uuidv7(), reference text NOT NULL UNIQUE, municipality_id uuid NOT NULL REFERENCES municipality ON DELETE RESTRICT,
  award_id uuid REFERENCES award ON DELETE RESTRICT, finding_id uuid REFERENCES finding ON DELETE RESTRICT,
  addressee text NOT NULL CHECK (addressee IN ('cso', 'municipality', 'staff')), organisation_id uuid REFERENCES organisation,
  owner_id uuid REFERENCES account, origin text, theme text, text_ka text, text_en text,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'issued', 'accepted', 'disputed', 'in_progress', 'reported_done', 'verified',
    'partly', 'reopened', 'superseded', 'withdrawn', 'risk_accepted')),
  priority text NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'critical')),
  due_original date, due_current date, issued_by uuid REFERENCES account, issued_at timestamptz,
  reported_by uuid REFERENCES account, reported_at timestamptz, adopted_on date, adoption_kind text,
  verified_by uuid REFERENCES account, verified_at timestamptz, superseded_by uuid REFERENCES recommendation,
  source_status text, status_when text, detail text, source text, created_by uuid REFERENCES account,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT recommendation_text CHECK (coalesce(btrim(text_ka), '') <> '' OR coalesce(btrim(text_en), '') <> ''),
  CONSTRAINT recommendation_second_person CHECK (verified_by IS NULL OR (verified_by IS DISTINCT FROM owner_id AND verified_by IS DISTINCT FROM reported_by)),
  CONSTRAINT recommendation_verified_facts CHECK (state NOT IN ('verified', 'partly') OR verified_by IS NOT NULL OR source IS NOT NULL),
  CONSTRAINT recommendation_superseded_facts CHECK ((state = 'superseded') = (superseded_by IS NOT NULL) AND superseded_by <> id),
  CONSTRAINT recommendation_reported_facts CHECK (state <> 'reported_done' OR reported_by IS NOT NULL OR source IS NOT NULL),
  CONSTRAINT recommendation_adoption CHECK ((adopted_on IS NULL) = (adoption_kind IS NULL)),
  CONSTRAINT recommendation_due CHECK (due_current >= due_original));
CREATE INDEX recommendation_state ON recommendation (state, due_current); CREATE INDEX recommendation_municipality ON recommendation (municipality_id);
CREATE INDEX recommendation_award ON recommendation (award_id); CREATE INDEX recommendation_finding ON recommendation (finding_id);
-- whose hand answers: an organisation's people, or the curator for a municipality; nobody verifies their own
CREATE TABLE follow_up (
  id uuid PRIMARY KEY DEFAULT uuidv7(), recommendation_id uuid NOT NULL REFERENCES recommendation ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('answer', 'progress', 'evidence', 'extension_asked', 'extension', 'extension_refused', 'verification')),
  text text NOT NULL CHECK (btrim(text) <> ''),
  upload_id uuid REFERENCES upload ON DELETE RESTRICT, visit_id uuid REFERENCES visit, new_due date, author_id uuid REFERENCES account,
  approved_by uuid REFERENCES account, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT follow_up_extension CHECK ((kind IN ('extension_asked', 'extension')) = (new_due IS NOT NULL)),
  CONSTRAINT follow_up_approved CHECK ((kind IN ('extension', 'extension_refused')) = (approved_by IS NOT NULL)),
  CONSTRAINT follow_up_second_person CHECK (approved_by IS NULL OR approved_by <> author_id));
CREATE INDEX follow_up_recommendation ON follow_up (recommendation_id, at);
INSERT INTO table_right VALUES ('follow_up', 'SELECT, INSERT'), ('visit_photo', 'SELECT, INSERT, UPDATE, DELETE'),
  ('finding_photo', 'SELECT, INSERT, DELETE'), ('award_indicator', 'SELECT, INSERT, UPDATE, DELETE');

-- indicators and reports ------------------------------------------------------------------------------------------
CREATE TABLE indicator (
  id uuid PRIMARY KEY DEFAULT uuidv7(), programme_id uuid NOT NULL REFERENCES programme, code text NOT NULL, position int NOT NULL,
  name_ka text, name_en text, definition_ka text, definition_en text, unit_ka text, unit_en text,
  kind text NOT NULL CHECK (kind IN ('flow', 'stock', 'running_total', 'ratio', 'mean', 'unique', 'ordinal', 'text')),
  time_rule text NOT NULL CHECK (time_rule IN ('sum', 'last', 'max', 'mean')), place_rule text NOT NULL CHECK (place_rule IN ('sum', 'mean', 'max', 'min')),
  direction text NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down')), missing text NOT NULL DEFAULT 'ignore' CHECK (missing IN ('ignore', 'carry', 'require_all')),
  people boolean NOT NULL DEFAULT false, baseline numeric(18,4), target numeric(18,4), active boolean NOT NULL DEFAULT true,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (programme_id, code),
  CONSTRAINT indicator_name CHECK (NOT active OR (coalesce(btrim(name_ka), '') <> '' AND coalesce(btrim(name_en), '') <> '')),
  CONSTRAINT indicator_finite CHECK (baseline > -1e13 AND baseline < 1e13 AND target > -1e13 AND target < 1e13),
  CONSTRAINT indicator_target_direction CHECK (baseline IS NULL OR target IS NULL OR (direction = 'up' AND target >= baseline) OR (direction = 'down' AND target <= baseline)));
CREATE TABLE award_indicator (
  award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE RESTRICT,
  baseline numeric(18,4), target numeric(18,4), target_of numeric(18,4) CONSTRAINT award_indicator_of CHECK (target_of > 0),
  PRIMARY KEY (award_id, indicator_id),
  CONSTRAINT award_indicator_finite CHECK (baseline > -1e13 AND baseline < 1e13 AND target > -1e13 AND target < 1e13 AND target_of < 1e13));
CREATE INDEX award_indicator_indicator ON award_indicator (indicator_id);

INSERT INTO transition VALUES
  ('report','scheduled','open'), ('report','open','submitted'), ('report','submitted','open'), ('report','submitted','under_review'),
  ('report','under_review','returned'), ('report','returned','submitted'), ('report','returned','lapsed'), ('report','under_review','verified'),
  ('report','verified','accepted'), ('report','verified','under_review'), ('report','scheduled','waived'), ('report','open','waived'),
  ('report','accepted','under_review');
CREATE TABLE report (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL, report_due_id uuid NOT NULL UNIQUE, currency currency NOT NULL,
  state text NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'open', 'submitted', 'under_review', 'returned', 'lapsed', 'verified', 'accepted', 'waived')),
  done_ka text, done_en text, changed_ka text, changed_en text, problems_ka text, problems_en text, next_ka text, next_en text,
  submitted_by uuid REFERENCES account, first_submitted_at timestamptz, submitted_at timestamptz, body jsonb, body_sha256 sha256,
  verified_by uuid REFERENCES account, verified_at timestamptz, manager_id uuid REFERENCES account, manager_at timestamptz,
  finance_id uuid REFERENCES account, finance_at timestamptz, accepted_at timestamptz, accepted_cost money_or_zero,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (id, award_id), UNIQUE (id, currency),
  FOREIGN KEY (report_due_id, award_id) REFERENCES report_due (id, award_id) ON DELETE RESTRICT,
  FOREIGN KEY (award_id, currency) REFERENCES award (id, currency) ON DELETE RESTRICT,
  CONSTRAINT report_second_person CHECK (
    (manager_id IS NULL OR manager_id IS DISTINCT FROM verified_by) AND (finance_id IS NULL OR finance_id IS DISTINCT FROM verified_by)
    AND (manager_id IS NULL OR finance_id IS NULL OR manager_id <> finance_id)
    AND (submitted_by IS NULL OR num_nonnulls(verified_by, manager_id, finance_id) = 0
      OR (submitted_by IS DISTINCT FROM verified_by AND submitted_by IS DISTINCT FROM manager_id AND submitted_by IS DISTINCT FROM finance_id))),
  CONSTRAINT report_submitted_facts CHECK (state NOT IN ('submitted', 'under_review', 'returned', 'lapsed', 'verified', 'accepted')
    OR (submitted_by IS NOT NULL AND submitted_at IS NOT NULL AND body IS NOT NULL AND body_sha256 IS NOT NULL)),
  CONSTRAINT report_verified_facts CHECK (state NOT IN ('verified', 'accepted') OR (verified_by IS NOT NULL AND verified_at IS NOT NULL)),
  CONSTRAINT report_accepted_facts CHECK (state <> 'accepted' OR (manager_id IS NOT NULL AND finance_id IS NOT NULL AND verified_by IS NOT NULL AND accepted_cost IS NOT NULL)));
CREATE INDEX report_award ON report (award_id); CREATE INDEX report_state ON report (state);

CREATE TABLE report_value (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL, award_id uuid NOT NULL, indicator_id uuid NOT NULL,
  municipality_id uuid NOT NULL, cell text NOT NULL DEFAULT 'total' CHECK (cell IN ('total', 'women', 'men', 'unknown')),
  reported numeric(18,4) CHECK (reported > -1e13 AND reported < 1e13), no_data_reason text, note text,
  -- what a ratio is a part of, what a mean is the mean of
  reported_of numeric(18,4) CHECK (reported_of >= 0 AND reported_of < 1e13),
  verified_of numeric(18,4) CHECK (verified_of >= 0 AND verified_of < 1e13),
  verdict text NOT NULL DEFAULT 'unverified' CHECK (verdict IN ('unverified', 'sampled', 'verified', 'corrected', 'contradicted', 'not_verifiable')),
  verified numeric(18,4) CHECK (verified > -1e13 AND verified < 1e13), verdict_note text, verified_by uuid REFERENCES account, verified_at timestamptz,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (report_id, indicator_id, municipality_id, cell), UNIQUE (id, award_id),
  FOREIGN KEY (report_id, award_id) REFERENCES report (id, award_id) ON DELETE RESTRICT,
  FOREIGN KEY (award_id, indicator_id) REFERENCES award_indicator (award_id, indicator_id) ON DELETE RESTRICT,
  FOREIGN KEY (award_id, municipality_id) REFERENCES award (id, municipality_id) ON DELETE RESTRICT,
  CONSTRAINT report_value_verdict CHECK (
    (verdict = 'unverified') = (verified_by IS NULL) AND (verified IS NULL OR verdict IN ('sampled', 'verified', 'corrected', 'contradicted'))
    AND (verdict NOT IN ('verified', 'corrected') OR verified IS NOT NULL)
    AND (verdict <> 'verified' OR (verified = reported AND verified_of IS NOT DISTINCT FROM reported_of))
    AND (verdict IN ('unverified', 'sampled', 'verified') OR coalesce(btrim(verdict_note), '') <> '')),
  -- null is not zero: a value that is not there says why
  CONSTRAINT report_value_no_data CHECK (no_data_reason IS NULL OR (reported IS NULL AND btrim(no_data_reason) <> '')));
CREATE INDEX report_value_indicator ON report_value (indicator_id); CREATE INDEX report_value_award ON report_value (award_id, indicator_id);
CREATE INDEX report_value_report ON report_value (report_id);
-- what the accepted values of a grant come to, one row for each indicator: pages of the whole programme add these up.
-- A row is made by the calculator in the transaction that accepts or reopens a report; whatever else touches a value
-- that counts marks the grant here, and as long as one is marked everything is counted from the values themselves.
CREATE TABLE result_sum (
  award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE RESTRICT,
  reported numeric, reported_of numeric, verified numeric, verified_of numeric, best numeric, best_of numeric,
  chosen int NOT NULL, checked int NOT NULL, whole numeric NOT NULL, covered numeric NOT NULL, confirmed numeric NOT NULL,
  women numeric, men numeric, periods date[] NOT NULL, silent boolean NOT NULL, PRIMARY KEY (award_id, indicator_id),
  CONSTRAINT result_sum_pairs CHECK ((reported IS NULL) = (reported_of IS NULL) AND (verified IS NULL) = (verified_of IS NULL)
    AND (best IS NULL) = (best_of IS NULL)));
CREATE INDEX result_sum_indicator ON result_sum (indicator_id);
CREATE TABLE result_unsummed (award_id uuid PRIMARY KEY REFERENCES award ON DELETE CASCADE);
INSERT INTO table_right VALUES ('result_sum', 'SELECT, INSERT, UPDATE, DELETE'), ('result_unsummed', 'SELECT, INSERT, DELETE');

CREATE TABLE value_evidence (
  id uuid PRIMARY KEY DEFAULT uuidv7(), value_id uuid NOT NULL, award_id uuid NOT NULL, upload_id uuid REFERENCES upload ON DELETE RESTRICT,
  visit_id uuid, note text, added_by uuid REFERENCES account, created timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (value_id, award_id) REFERENCES report_value (id, award_id) ON DELETE RESTRICT,
  FOREIGN KEY (visit_id, award_id) REFERENCES visit (id, award_id) ON DELETE RESTRICT,
  CONSTRAINT value_evidence_one CHECK (num_nonnulls(upload_id, visit_id) = 1));
CREATE INDEX value_evidence_upload ON value_evidence (upload_id); CREATE INDEX value_evidence_value ON value_evidence (value_id); CREATE INDEX value_evidence_visit ON value_evidence (visit_id);
CREATE TABLE spending_line (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL REFERENCES report ON DELETE RESTRICT, budget_line_id uuid NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
  spent money_or_zero, accepted money_or_zero, note text, verdict_note text, UNIQUE (report_id, budget_line_id),
  -- not told yet is not zero
  CONSTRAINT spending_accepted CHECK (accepted IS NULL OR (spent IS NOT NULL AND accepted <= spent)));
CREATE TABLE spending_evidence (
  id uuid PRIMARY KEY DEFAULT uuidv7(), spending_line_id uuid NOT NULL REFERENCES spending_line ON DELETE RESTRICT,
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX spending_evidence_line ON spending_evidence (spending_line_id);
CREATE INDEX spending_evidence_upload ON spending_evidence (upload_id);
CREATE TABLE report_document (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL REFERENCES report ON DELETE RESTRICT,
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, note text, created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX report_document_report ON report_document (report_id); CREATE INDEX report_document_upload ON report_document (upload_id);
CREATE TABLE report_return (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL REFERENCES report ON DELETE RESTRICT, sections text[] NOT NULL,
  reason text NOT NULL CHECK (btrim(reason) <> ''), author_id uuid NOT NULL REFERENCES account, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX report_return_report ON report_return (report_id);
INSERT INTO table_right VALUES ('report_return', 'SELECT, INSERT');

-- every submission is kept as it was signed, so that a later one can be shown against it
CREATE TABLE report_submission (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL REFERENCES report ON DELETE RESTRICT, number int NOT NULL,
  body jsonb NOT NULL, body_sha256 sha256 NOT NULL, submitted_by uuid NOT NULL REFERENCES account, submitted_at timestamptz NOT NULL,
  UNIQUE (report_id, number));
INSERT INTO table_right VALUES ('report_submission', 'SELECT');
INSERT INTO table_right SELECT t, 'SELECT, INSERT, UPDATE, DELETE' FROM unnest(ARRAY[
  'report_value', 'value_evidence', 'spending_evidence', 'report_document']) t;

-- around the grants -------------------------------------------------------------------------------------------------
CREATE TABLE meeting (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, kind text NOT NULL, date_from date, date_to date,
  date_precision text NOT NULL DEFAULT 'day' CHECK (date_precision IN ('day', 'month', 'year', 'unknown')), date_note text, date_basis text,
  place text, organiser text, participants text, subject_ka text, subject_en text, decision_ka text, decision_en text, source text,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX meeting_date ON meeting (date_from);
CREATE TABLE meeting_municipality (
  meeting_id uuid NOT NULL REFERENCES meeting ON DELETE CASCADE, municipality_id uuid NOT NULL REFERENCES municipality, PRIMARY KEY (meeting_id, municipality_id));
CREATE TABLE publication (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, title_ka text, title_en text, kind text NOT NULL, date_text text, publisher text, languages text, content text, source text);
CREATE TABLE achievement (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, municipality_id uuid REFERENCES municipality, text_ka text, text_en text, numbers text, period text, source text);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
