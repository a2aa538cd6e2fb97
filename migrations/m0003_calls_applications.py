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
CREATE TRIGGER call_state BEFORE INSERT OR UPDATE ON call FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE TRIGGER call_touch BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION touch();

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

-- terms are frozen once a call has left the drawing board; its parts with it
CREATE FUNCTION call_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_programme programme%ROWTYPE; promised numeric;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF NEW.state = 'scheduled' AND OLD.state <> 'scheduled' AND NEW.approved_by IS NULL THEN
    PERFORM refuse('call_second_person', 'a call is scheduled by a second person');
  END IF;
  IF NEW.created_by IS DISTINCT FROM OLD.created_by OR (OLD.state <> 'draft' AND NEW.state <> 'draft'
      AND NEW.submitted_by IS DISTINCT FROM OLD.submitted_by) OR (OLD.state NOT IN ('draft', 'in_approval')
      AND (NEW.approved_by, NEW.programme_id) IS DISTINCT FROM (OLD.approved_by, OLD.programme_id)) THEN
    PERFORM refuse('call_persons_stay', 'who wrote, handed in and approved a call stays');
  END IF;
  IF NEW.state NOT IN ('draft', 'in_approval', 'cancelled') AND (OLD.state = 'in_approval' OR NEW.envelope > OLD.envelope) THEN
    -- one approval at a time: all calls draw on the same budget
    SELECT * INTO its_programme FROM programme WHERE id = NEW.programme_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(envelope), 0) INTO promised FROM call WHERE programme_id = NEW.programme_id AND id <> NEW.id
      AND currency = its_programme.currency AND state NOT IN ('draft', 'in_approval', 'cancelled');
    IF NEW.currency = its_programme.currency AND promised + NEW.envelope > its_programme.budget THEN
      PERFORM refuse('call_within_programme', 'the envelopes of the calls exceed the budget of the programme');
    END IF;
  END IF;
  IF NEW.state = 'open' AND OLD.state = 'scheduled' AND clock_timestamp() < NEW.opens_at THEN
    PERFORM refuse('call_opens_on_time', 'a call opens at its opening time');
  END IF;
  IF NEW.state = 'closed' AND OLD.state = 'open' AND clock_timestamp() < NEW.deadline THEN
    PERFORM refuse('call_closes_on_time', 'a call closes at its deadline');
  END IF;
  -- the clock of the database says how long a call stood still, and gives that time back to its applicants
  IF NEW.state = 'suspended' AND OLD.state = 'open' THEN
    IF clock_timestamp() >= OLD.deadline THEN
      PERFORM refuse('call_deadline_only_later', 'a call whose deadline has passed is not suspended');
    END IF;
    NEW.suspended_at := clock_timestamp();
  ELSIF OLD.state = 'suspended' AND NEW.state = 'open' THEN
    NEW.deadline := date_trunc('minute', OLD.deadline + (clock_timestamp() - OLD.suspended_at)) + interval '1 minute';
    NEW.suspended_at := NULL;
    NEW.suspend_reason := NULL;
  ELSIF NEW.state <> 'suspended' THEN
    NEW.suspended_at := NULL;
  ELSE
    NEW.suspended_at := OLD.suspended_at;
  END IF;
  IF OLD.state NOT IN ('draft', 'in_approval') THEN
    IF (NEW.currency, NEW.opens_at, NEW.min_award, NEW.max_award, NEW.invited_only, NEW.min_reviews, NEW.wide_spread,
        NEW.complaint_days)
       IS DISTINCT FROM (OLD.currency, OLD.opens_at, OLD.min_award, OLD.max_award, OLD.invited_only, OLD.min_reviews,
         OLD.wide_spread, OLD.complaint_days) THEN
      PERFORM refuse('call_terms_frozen', 'the terms of a published call are frozen');
    END IF;
    IF NEW.deadline < OLD.deadline OR (NEW.deadline <> OLD.deadline AND OLD.state <> 'suspended'
        AND clock_timestamp() >= OLD.deadline) OR (NEW.deadline <> OLD.deadline AND NEW.state = 'suspended') THEN
      PERFORM refuse('call_deadline_only_later', 'a deadline may only be extended, and only before it passes');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER call_terms BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION call_terms();
CREATE FUNCTION call_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.call_id <> OLD.call_id THEN
    PERFORM refuse('call_part_stays', 'a part of a call does not move to another call');
  END IF;
  SELECT state INTO its_state FROM call WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.call_id ELSE NEW.call_id END FOR SHARE;
  IF its_state IS NOT NULL AND its_state <> 'draft' AND NOT importing() THEN
    PERFORM refuse('call_terms_frozen', 'the parts of a published call are frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['call_municipality', 'call_invitation', 'section', 'question', 'criterion',
    'required_document', 'eligibility_criterion'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION call_part_frozen()',
      t || '_frozen', t);
    INSERT INTO table_right VALUES (t, 'SELECT, INSERT, UPDATE, DELETE');
  END LOOP;
END $$;

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
CREATE TRIGGER application_state BEFORE INSERT OR UPDATE ON application FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE TRIGGER application_touch BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION touch();

CREATE FUNCTION application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_call call%ROWTYPE;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF (NEW.call_id, NEW.organisation_id) IS DISTINCT FROM (OLD.call_id, OLD.organisation_id) THEN
    PERFORM refuse('application_stays', 'an application cannot move to another call or organisation');
  END IF;
  IF NEW.state = 'submitted' AND OLD.state IN ('draft', 'awaiting_signoff') THEN
    -- shared lock: nobody closes or extends the call meanwhile
    SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR SHARE;
    -- clock_timestamp() is now; now() would be when the transaction began
    NEW.submitted_at := clock_timestamp();
    IF its_call.state <> 'open' OR NEW.submitted_at < its_call.opens_at OR NEW.submitted_at >= its_call.deadline THEN
      PERFORM refuse('application_in_time', 'the call is not open');
    END IF;
    IF NEW.requested NOT BETWEEN its_call.min_award AND its_call.max_award THEN
      PERFORM refuse('application_within_limits', 'the request is outside the limits of the call');
    END IF;
    IF its_call.invited_only AND NOT EXISTS (
        SELECT 1 FROM call_invitation WHERE call_id = NEW.call_id AND organisation_id = NEW.organisation_id) THEN
      PERFORM refuse('application_invited', 'the call is for invited organisations');
    END IF;
    IF NEW.requested <> (SELECT coalesce(sum(amount - own_share), 0) FROM budget_line WHERE application_id = NEW.id) THEN
      PERFORM refuse('application_adds_up', 'the request is what the budget lines add up to');
    END IF;
    IF NEW.submitted_by IS NULL OR NOT NEW.declared OR NEW.body IS NULL THEN
      PERFORM refuse('application_signed', 'a signatory signs the declaration');
    END IF;
    NEW.body_sha256 := sha256(convert_to(NEW.body::text, 'UTF8'));
  ELSIF OLD.state NOT IN ('draft', 'awaiting_signoff') THEN
    IF NEW.state = 'draft' THEN
      SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR SHARE;
      IF its_call.state <> 'open' OR clock_timestamp() >= its_call.deadline THEN
        PERFORM refuse('application_in_time', 'the call is not open');
      END IF;
      NEW.submitted_at := NULL; NEW.submitted_by := NULL; NEW.body := NULL; NEW.body_sha256 := NULL;
    ELSIF (NEW.body, NEW.body_sha256, NEW.submitted_at, NEW.submitted_by, NEW.requested, NEW.own_contribution, NEW.title_ka,
           NEW.title_en, NEW.summary_ka, NEW.summary_en, NEW.starts_on, NEW.ends_on, NEW.municipality_id, NEW.currency,
           NEW.declared, NEW.number)
       IS DISTINCT FROM (OLD.body, OLD.body_sha256, OLD.submitted_at, OLD.submitted_by, OLD.requested, OLD.own_contribution,
           OLD.title_ka, OLD.title_en, OLD.summary_ka, OLD.summary_en, OLD.starts_on, OLD.ends_on, OLD.municipality_id,
           OLD.currency, OLD.declared, OLD.number) THEN
      PERFORM refuse('application_frozen', 'a submitted application is frozen');
    END IF;
    IF NEW.state = 'in_review' AND OLD.state = 'admin_check' AND EXISTS (
        SELECT 1 FROM eligibility_criterion c LEFT JOIN eligibility_check k ON k.criterion_id = c.id AND k.application_id = NEW.id
        WHERE c.call_id = NEW.call_id AND k.passed IS NOT TRUE) THEN
      PERFORM refuse('application_eligible', 'an eligibility criterion has not passed');
    END IF;
    IF NEW.state = 'scored' AND OLD.state = 'in_review' AND (SELECT count(*) FROM review WHERE application_id = NEW.id AND state = 'locked')
        < (SELECT min_reviews FROM call WHERE id = NEW.call_id) THEN
      PERFORM refuse('application_after_reviews', 'not enough locked reviews');
    END IF;
    IF OLD.state IN ('scored', 'corrected') AND NEW.state IN ('recommended', 'reserve', 'rejected', 'correction') AND NOT EXISTS (
        SELECT 1 FROM (SELECT d.outcome FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
          WHERE d.application_id = NEW.id AND m.state = 'signed' ORDER BY m.number DESC LIMIT 1) said
        WHERE said.outcome = CASE NEW.state WHEN 'recommended' THEN 'approve' WHEN 'rejected' THEN 'reject' ELSE NEW.state END) THEN
      PERFORM refuse('application_after_minutes', 'no signed minutes say so');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER application_guard BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION application_guard();

CREATE TABLE answer (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL REFERENCES application ON DELETE CASCADE,
  question_id uuid NOT NULL REFERENCES question ON DELETE RESTRICT, value text, updated_by uuid REFERENCES account,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (application_id, question_id));
CREATE TRIGGER answer_touch BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION touch();
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

CREATE FUNCTION application_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.application_id <> OLD.application_id THEN
    PERFORM refuse('application_part_stays', 'a part of an application does not move to another application');
  END IF;
  SELECT state INTO its_state FROM application
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END FOR SHARE;
  IF its_state IS NOT NULL AND its_state <> 'draft' AND NOT importing()
     AND NOT (TG_TABLE_NAME = 'attachment' AND TG_OP = 'INSERT' AND its_state IN ('clarification', 'correction')) THEN
    PERFORM refuse('application_frozen', 'a submitted application is frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER answer_frozen BEFORE INSERT OR UPDATE OR DELETE ON answer FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE TRIGGER budget_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON budget_line FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE TRIGGER attachment_frozen BEFORE INSERT OR UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION application_part_frozen();

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
CREATE FUNCTION clarification_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF OLD.replied_at IS NOT NULL OR (NEW.application_id, NEW.kind, NEW.question, NEW.section_ids, NEW.asked_by, NEW.asked_at,
      NEW.due_on) IS DISTINCT FROM (OLD.application_id, OLD.kind, OLD.question, OLD.section_ids, OLD.asked_by, OLD.asked_at,
      OLD.due_on) THEN
    PERFORM refuse('clarification_frozen', 'what was asked and answered stays as it is');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER clarification_frozen BEFORE UPDATE ON clarification FOR EACH ROW EXECUTE FUNCTION clarification_frozen();
CREATE FUNCTION eligibility_in_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  SELECT state INTO its_state FROM application WHERE id = NEW.application_id FOR SHARE;
  IF its_state NOT IN ('admin_check', 'clarification') AND NOT importing() THEN
    PERFORM refuse('eligibility_in_check', 'eligibility is judged during the check');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER eligibility_in_check BEFORE INSERT OR UPDATE ON eligibility_check
  FOR EACH ROW EXECUTE FUNCTION eligibility_in_check();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
