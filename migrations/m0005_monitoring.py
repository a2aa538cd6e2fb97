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
CREATE TRIGGER visit_state BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION guard_state('planned');
CREATE TRIGGER visit_touch BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION touch();
-- what an approved visit says can be relied on; only its summary is still translated
CREATE FUNCTION visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['summary_ka', 'summary_en', 'state', 'revision', 'updated'];
BEGIN
  IF OLD.state IN ('approved', 'cancelled') AND NOT importing() AND to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
    PERFORM refuse('visit_frozen', 'an approved or cancelled visit is frozen');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_guard BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION visit_guard();
CREATE TABLE visit_photo (
  id uuid PRIMARY KEY DEFAULT uuidv7(), visit_id uuid NOT NULL REFERENCES visit ON DELETE RESTRICT,
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, client_sha256 sha256, taken_at timestamptz,
  consent boolean NOT NULL DEFAULT false, public boolean NOT NULL DEFAULT false, caption_ka text, caption_en text,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (id, visit_id),
  CONSTRAINT visit_photo_public_with_consent CHECK (NOT public OR consent));
CREATE INDEX visit_photo_visit ON visit_photo (visit_id); CREATE INDEX visit_photo_upload ON visit_photo (upload_id);
CREATE FUNCTION visit_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.visit_id <> OLD.visit_id THEN
    PERFORM refuse('visit_photo_frozen', 'a photo stays with its visit');
  END IF;
  SELECT state INTO its_state FROM visit WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.visit_id ELSE NEW.visit_id END FOR SHARE;
  IF its_state IN ('approved', 'cancelled') AND NOT importing() AND (TG_OP <> 'UPDATE'
      OR (NEW.visit_id, NEW.upload_id, NEW.consent) IS DISTINCT FROM (OLD.visit_id, OLD.upload_id, OLD.consent)) THEN
    PERFORM refuse('visit_photo_frozen', 'the photos of an approved visit are frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON visit_photo FOR EACH ROW EXECUTE FUNCTION visit_photo_guard();

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
CREATE TRIGGER finding_state BEFORE INSERT OR UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE TRIGGER finding_touch BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION touch();
-- photos a finding rests on: of the same visit
CREATE TABLE finding_photo (
  finding_id uuid NOT NULL, photo_id uuid NOT NULL, visit_id uuid NOT NULL, PRIMARY KEY (finding_id, photo_id),
  FOREIGN KEY (finding_id, visit_id) REFERENCES finding (id, visit_id) ON DELETE RESTRICT,
  FOREIGN KEY (photo_id, visit_id) REFERENCES visit_photo (id, visit_id) ON DELETE RESTRICT);
CREATE INDEX finding_photo_photo ON finding_photo (photo_id);
CREATE FUNCTION finding_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF OLD.state <> 'draft' AND (NEW.visit_id, NEW.kind, NEW.severity, NEW.text, NEW.author_id)
     IS DISTINCT FROM (OLD.visit_id, OLD.kind, OLD.severity, OLD.text, OLD.author_id) THEN
    PERFORM refuse('finding_frozen', 'a finding stays as it was shared');
  END IF;
  IF OLD.state NOT IN ('draft', 'shared') AND (NEW.response_kind, NEW.response, NEW.responded_by)
     IS DISTINCT FROM (OLD.response_kind, OLD.response, OLD.responded_by) THEN
    PERFORM refuse('finding_response_frozen', 'a response stays as it was given');
  END IF;
  IF NEW.state = 'final' AND OLD.state <> 'final' AND NEW.severity IN ('high', 'critical') AND NEW.kind <> 'good_practice' THEN
    IF NOT EXISTS (SELECT 1 FROM finding_photo WHERE finding_id = NEW.id) THEN
      PERFORM refuse('finding_with_evidence', 'a grave finding needs evidence');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM recommendation WHERE finding_id = NEW.id AND state <> 'withdrawn') THEN
      PERFORM refuse('finding_with_recommendation', 'a grave finding needs a recommendation');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finding_guard BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION finding_guard();
CREATE FUNCTION finding_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' THEN PERFORM refuse('finding_frozen', 'evidence is added or taken away, not moved'); END IF;
  SELECT state INTO its_state FROM finding WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.finding_id ELSE NEW.finding_id END FOR SHARE;
  IF its_state IN ('final', 'closed', 'withdrawn') AND NOT importing() THEN
    PERFORM refuse('finding_frozen', 'the evidence of a final finding stays');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finding_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON finding_photo FOR EACH ROW EXECUTE FUNCTION finding_photo_guard();

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
CREATE TRIGGER recommendation_state BEFORE INSERT OR UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE TRIGGER recommendation_touch BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION recommendation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF OLD.state <> 'draft' THEN
    IF OLD.due_original IS NOT NULL AND NEW.due_original IS DISTINCT FROM OLD.due_original THEN
      PERFORM refuse('recommendation_due_stays', 'the original due date stays');
    END IF;
    IF OLD.due_current IS NOT NULL AND NEW.due_current IS DISTINCT FROM OLD.due_current AND NOT EXISTS (
        SELECT 1 FROM follow_up WHERE recommendation_id = NEW.id AND kind = 'extension' AND new_due = NEW.due_current) THEN
      PERFORM refuse('recommendation_due_by_extension', 'a due date changes only by an approved extension');
    END IF;
    IF OLD.state <> 'disputed' AND (NEW.text_ka, NEW.text_en) IS DISTINCT FROM (OLD.text_ka, OLD.text_en) THEN
      PERFORM refuse('recommendation_text_stays', 'an issued recommendation keeps its words');
    END IF;
    IF (NEW.municipality_id, NEW.award_id, NEW.finding_id, NEW.addressee, NEW.organisation_id)
       IS DISTINCT FROM (OLD.municipality_id, OLD.award_id, OLD.finding_id, OLD.addressee, OLD.organisation_id) THEN
      PERFORM refuse('recommendation_stays', 'an issued recommendation keeps its addressee');
    END IF;
  END IF;
  IF NEW.state = 'issued' AND NEW.due_current IS NULL THEN
    PERFORM refuse('recommendation_with_due_date', 'a recommendation is issued with a due date');
  END IF;
  IF NEW.state = 'reported_done' AND OLD.state <> 'reported_done' AND NOT EXISTS (
      SELECT 1 FROM follow_up WHERE recommendation_id = NEW.id AND kind = 'evidence') THEN
    PERFORM refuse('recommendation_with_evidence', 'what is reported done has evidence');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recommendation_guard BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION recommendation_guard();
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
CREATE TRIGGER follow_up_append_only BEFORE UPDATE OR DELETE ON follow_up FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE FUNCTION follow_up_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its recommendation%ROWTYPE;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  NEW.at := clock_timestamp();
  SELECT * INTO its FROM recommendation WHERE id = NEW.recommendation_id FOR SHARE;
  IF its.state IN ('draft', 'verified', 'superseded', 'withdrawn', 'risk_accepted') AND NEW.kind <> 'verification' THEN
    PERFORM refuse('follow_up_while_open', 'only an open recommendation is followed up');
  END IF;
  IF NEW.kind = 'evidence' AND num_nonnulls(NEW.upload_id, NEW.visit_id) = 0 AND its.adopted_on IS NULL THEN
    PERFORM refuse('follow_up_evidence', 'evidence is a file, a visit or a dated adoption');
  END IF;
  IF NEW.kind = 'extension' THEN
    IF NEW.approved_by = its.owner_id THEN PERFORM refuse('follow_up_second_person', 'nobody extends their own due date'); END IF;
    IF NEW.new_due <= its.due_current THEN PERFORM refuse('follow_up_later', 'an extension is to a later day'); END IF;
    IF (SELECT count(*) FROM follow_up WHERE recommendation_id = its.id AND kind = 'extension') >= 2 THEN
      PERFORM refuse('follow_up_two_extensions', 'a due date is extended twice at most');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follow_up_guard BEFORE INSERT ON follow_up FOR EACH ROW EXECUTE FUNCTION follow_up_guard();
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
CREATE TRIGGER indicator_touch BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE award_indicator (
  award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE RESTRICT,
  baseline numeric(18,4), target numeric(18,4), target_of numeric(18,4) CONSTRAINT award_indicator_of CHECK (target_of > 0),
  PRIMARY KEY (award_id, indicator_id),
  CONSTRAINT award_indicator_finite CHECK (baseline > -1e13 AND baseline < 1e13 AND target > -1e13 AND target < 1e13 AND target_of < 1e13));
CREATE INDEX award_indicator_indicator ON award_indicator (indicator_id);
-- a kind changed after values have come in would change what is accepted already
CREATE FUNCTION indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.time_rule, NEW.place_rule, NEW.missing) IS DISTINCT FROM (OLD.kind, OLD.time_rule, OLD.place_rule, OLD.missing)
     AND NOT importing() AND EXISTS (SELECT 1 FROM report_value WHERE indicator_id = NEW.id) THEN
    PERFORM refuse('indicator_rules_stay', 'the rules of an indicator stay once it is reported on');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER indicator_guard BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION indicator_guard();
CREATE FUNCTION award_indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_direction text;
BEGIN
  IF importing() THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.award_id, NEW.indicator_id) IS DISTINCT FROM (OLD.award_id, OLD.indicator_id) THEN
    PERFORM refuse('award_indicator_frozen', 'a promise does not move to another grant');
  END IF;
  IF (SELECT state FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END FOR SHARE)
     IN ('closed', 'terminated', 'declined', 'withdrawn_by_funder') THEN
    PERFORM refuse('award_indicator_frozen', 'what a finished grant promised stays');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT direction INTO its_direction FROM indicator WHERE id = NEW.indicator_id;
  IF (its_direction = 'up' AND NEW.target < NEW.baseline) OR (its_direction = 'down' AND NEW.target > NEW.baseline) THEN
    PERFORM refuse('award_indicator_direction', 'the target lies against the direction');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER award_indicator_guard BEFORE INSERT OR UPDATE OR DELETE ON award_indicator FOR EACH ROW EXECUTE FUNCTION award_indicator_guard();

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
CREATE TRIGGER report_state BEFORE INSERT OR UPDATE ON report FOR EACH ROW EXECUTE FUNCTION guard_state('scheduled');
CREATE TRIGGER report_touch BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION touch();

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
CREATE TRIGGER report_value_touch BEFORE UPDATE ON report_value FOR EACH ROW EXECUTE FUNCTION touch();
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
-- the grant is held, so that nobody sums it up from what was there before
CREATE FUNCTION sum_up_again(its_award uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM award WHERE id = its_award FOR NO KEY UPDATE;
  INSERT INTO result_unsummed VALUES (its_award) ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION report_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sum_up_again(NEW.award_id);
  IF TG_OP = 'UPDATE' AND OLD.award_id <> NEW.award_id THEN PERFORM sum_up_again(OLD.award_id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER report_begins_to_count AFTER INSERT ON report FOR EACH ROW WHEN (NEW.state = 'accepted')
  EXECUTE FUNCTION report_counts_differently();
CREATE TRIGGER report_counts_differently AFTER UPDATE ON report FOR EACH ROW
  WHEN ((NEW.state = 'accepted' OR OLD.state = 'accepted')
    AND (NEW.state, NEW.award_id, NEW.report_due_id) IS DISTINCT FROM (OLD.state, OLD.award_id, OLD.report_due_id))
  EXECUTE FUNCTION report_counts_differently();
CREATE FUNCTION value_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT award_id FROM report WHERE state = 'accepted'
      AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.report_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.report_id END) LOOP
    PERFORM sum_up_again(one.award_id);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER report_value_counts AFTER INSERT OR UPDATE OR DELETE ON report_value FOR EACH ROW EXECUTE FUNCTION value_counts_differently();
CREATE FUNCTION period_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM report WHERE report_due_id = NEW.id AND state = 'accepted') THEN PERFORM sum_up_again(NEW.award_id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER report_due_counts AFTER UPDATE OF period_to ON report_due FOR EACH ROW EXECUTE FUNCTION period_counts_differently();
CREATE FUNCTION indicator_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT DISTINCT award_id FROM report_value WHERE indicator_id = NEW.id ORDER BY award_id LOOP
    PERFORM sum_up_again(one.award_id);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER indicator_counts AFTER UPDATE OF kind, time_rule ON indicator FOR EACH ROW
  WHEN ((NEW.kind, NEW.time_rule) IS DISTINCT FROM (OLD.kind, OLD.time_rule)) EXECUTE FUNCTION indicator_counts_differently();

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
CREATE TRIGGER report_return_append_only BEFORE UPDATE OR DELETE ON report_return FOR EACH ROW EXECUTE FUNCTION append_only();

-- every submission is kept as it was signed, so that a later one can be shown against it
CREATE TABLE report_submission (
  id uuid PRIMARY KEY DEFAULT uuidv7(), report_id uuid NOT NULL REFERENCES report ON DELETE RESTRICT, number int NOT NULL,
  body jsonb NOT NULL, body_sha256 sha256 NOT NULL, submitted_by uuid NOT NULL REFERENCES account, submitted_at timestamptz NOT NULL,
  UNIQUE (report_id, number));
INSERT INTO table_right VALUES ('report_submission', 'SELECT');
CREATE TRIGGER report_submission_append_only BEFORE UPDATE OR DELETE ON report_submission FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE FUNCTION report_submitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_submission (report_id, number, body, body_sha256, submitted_by, submitted_at)
    SELECT NEW.id, count(*) + 1, NEW.body, NEW.body_sha256, NEW.submitted_by, NEW.submitted_at FROM report_submission WHERE report_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER report_submitted AFTER UPDATE ON report FOR EACH ROW
  WHEN (NEW.state = 'submitted' AND OLD.state IN ('open', 'returned')) EXECUTE FUNCTION report_submitted();

-- what was reported stays as it was submitted; only the curator's verdict is added while under review
CREATE FUNCTION report_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text; its_report uuid; o jsonb; n jsonb;
  judged text[] := ARRAY['verdict', 'verified', 'verified_of', 'verdict_note', 'verified_by', 'verified_at', 'accepted', 'revision', 'updated'];
  told text[] := ARRAY['note', 'revision', 'updated'];
BEGIN
  IF importing() THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;
  IF TG_OP <> 'INSERT' THEN o := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN n := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND (n->'report_id', n->'award_id', n->'value_id', n->'spending_line_id', n->'upload_id')
      IS DISTINCT FROM (o->'report_id', o->'award_id', o->'value_id', o->'spending_line_id', o->'upload_id') THEN
    PERFORM refuse('report_locked', 'what was reported stays in its report');
  END IF;
  IF TG_TABLE_NAME IN ('report_value', 'spending_line', 'report_document') THEN its_report := (coalesce(n, o)->>'report_id')::uuid;
  ELSIF TG_TABLE_NAME = 'value_evidence' THEN SELECT report_id INTO its_report FROM report_value WHERE id = (coalesce(n, o)->>'value_id')::uuid;
  ELSE SELECT report_id INTO its_report FROM spending_line WHERE id = (coalesce(n, o)->>'spending_line_id')::uuid; END IF;
  SELECT state INTO its_state FROM report WHERE id = its_report FOR SHARE;
  IF its_state IN ('open', 'returned') THEN
    -- a verdict belongs to the value it judged: a changed value loses it, and nobody gives one before review
    IF TG_TABLE_NAME = 'report_value' AND n->>'verdict' <> 'unverified'
        AND (o IS NULL OR (n - told) <> (o - told)) THEN
      PERFORM refuse('report_verdict_under_review', 'a verdict is given while the report is under review');
    END IF;
    IF TG_TABLE_NAME = 'spending_line' AND n->>'accepted' IS NOT NULL
        AND (o IS NULL OR (n - told) <> (o - told)) THEN
      PERFORM refuse('report_verdict_under_review', 'an amount is accepted while the report is under review');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF its_state = 'under_review' THEN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('report_value', 'spending_line') AND (n - judged) = (o - judged) THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'value_evidence' AND n->>'visit_id' IS NOT NULL THEN RETURN NEW; END IF;
  END IF;
  PERFORM refuse('report_locked', 'what was reported is locked');
  RETURN NULL;
END $$;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['report_value', 'value_evidence', 'spending_line', 'spending_evidence', 'report_document'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION report_part_guard()', t || '_guard', t);
    IF t <> 'spending_line' THEN INSERT INTO table_right VALUES (t, 'SELECT, INSERT, UPDATE, DELETE'); END IF;
  END LOOP;
END $$;

-- spending is told against the budget of the grant's own application
CREATE FUNCTION spending_line_of_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM report r JOIN award a ON a.id = r.award_id JOIN budget_line b ON b.application_id = a.application_id
      WHERE r.id = NEW.report_id AND b.id = NEW.budget_line_id) THEN
    PERFORM refuse('spending_line_of_award', 'the budget line belongs to another grant');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER spending_line_of_award BEFORE INSERT OR UPDATE ON spending_line FOR EACH ROW EXECUTE FUNCTION spending_line_of_award();

CREATE FUNCTION report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF (NEW.award_id, NEW.report_due_id, NEW.currency) IS DISTINCT FROM (OLD.award_id, OLD.report_due_id, OLD.currency) THEN
    PERFORM refuse('report_stays', 'a report does not change its grant or period');
  END IF;
  IF OLD.state NOT IN ('open', 'returned') AND (NEW.done_ka, NEW.done_en, NEW.changed_ka, NEW.changed_en, NEW.problems_ka, NEW.problems_en,
      NEW.next_ka, NEW.next_en) IS DISTINCT FROM (OLD.done_ka, OLD.done_en, OLD.changed_ka, OLD.changed_en, OLD.problems_ka, OLD.problems_en,
      OLD.next_ka, OLD.next_en) THEN
    PERFORM refuse('report_locked', 'what was reported is locked');
  END IF;
  IF NEW.state = 'submitted' AND OLD.state IN ('open', 'returned') THEN
    IF NEW.body IS NULL OR NEW.submitted_by IS NULL THEN PERFORM refuse('report_signed', 'a signatory submits the whole report'); END IF;
    NEW.submitted_at := clock_timestamp();
    NEW.first_submitted_at := coalesce(OLD.first_submitted_at, NEW.submitted_at);
    NEW.body_sha256 := sha256(convert_to(NEW.body::text, 'UTF8'));
  ELSIF NEW.state = 'open' AND OLD.state = 'submitted' THEN
    IF EXISTS (SELECT 1 FROM report_return WHERE report_id = NEW.id) THEN
      PERFORM refuse('report_taken_back_once', 'only a first submission is taken back');
    END IF;
    NEW.submitted_at := NULL; NEW.first_submitted_at := NULL; NEW.submitted_by := NULL; NEW.body := NULL; NEW.body_sha256 := NULL;
  ELSIF (NEW.body, NEW.body_sha256, NEW.submitted_at, NEW.first_submitted_at, NEW.submitted_by)
      IS DISTINCT FROM (OLD.body, OLD.body_sha256, OLD.submitted_at, OLD.first_submitted_at, OLD.submitted_by) THEN
    PERFORM refuse('report_locked', 'what was reported is locked');
  END IF;
  IF NEW.state = 'returned' AND OLD.state = 'under_review' AND NOT EXISTS (
      SELECT 1 FROM report_return WHERE report_id = NEW.id AND at >= OLD.submitted_at) THEN
    PERFORM refuse('report_returned_with_reason', 'a report is returned with sections and a reason');
  END IF;
  IF NEW.state = 'verified' AND OLD.state = 'under_review' AND EXISTS (
      SELECT 1 FROM spending_line WHERE report_id = NEW.id AND accepted IS NULL) THEN
    PERFORM refuse('report_spending_judged', 'a spending line has no accepted amount');
  END IF;
  IF NEW.state = 'accepted' AND OLD.state = 'verified' AND NEW.accepted_cost
      IS DISTINCT FROM (SELECT coalesce(sum(accepted), 0) FROM spending_line WHERE report_id = NEW.id) THEN
    PERFORM refuse('report_accepted_cost', 'the accepted cost is the sum of what was accepted');
  END IF;
  IF OLD.state = 'accepted' AND NEW.state = 'accepted' THEN PERFORM refuse('report_locked', 'an accepted report is locked'); END IF;
  IF NEW.state NOT IN ('verified', 'accepted') AND num_nonnulls(NEW.manager_id, NEW.finance_id, NEW.accepted_at, NEW.accepted_cost) > 0 THEN
    PERFORM refuse('report_consent_of_verified', 'only a verified report is agreed to');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_guard BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION report_guard();

-- around the grants -------------------------------------------------------------------------------------------------
CREATE TABLE meeting (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, kind text NOT NULL, date_from date, date_to date,
  date_precision text NOT NULL DEFAULT 'day' CHECK (date_precision IN ('day', 'month', 'year', 'unknown')), date_note text, date_basis text,
  place text, organiser text, participants text, subject_ka text, subject_en text, decision_ka text, decision_en text, source text,
  created timestamptz NOT NULL DEFAULT clock_timestamp(), revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX meeting_date ON meeting (date_from);
CREATE TRIGGER meeting_touch BEFORE UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE meeting_municipality (
  meeting_id uuid NOT NULL REFERENCES meeting ON DELETE CASCADE, municipality_id uuid NOT NULL REFERENCES municipality, PRIMARY KEY (meeting_id, municipality_id));
CREATE TABLE publication (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, title_ka text, title_en text, kind text NOT NULL, date_text text, publisher text, languages text, content text, source text);
CREATE TABLE achievement (
  id uuid PRIMARY KEY DEFAULT uuidv7(), code text UNIQUE, municipality_id uuid REFERENCES municipality, text_ka text, text_en text, numbers text, period text, source text);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
