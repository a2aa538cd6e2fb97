"""Review and decision, awards and agreements, tranches, bank accounts and the ledger."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reviews, awards, disbursements"

SQL = r"""
-- reviews -----------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES
  ('review','invited','clear'), ('review','invited','conflicted'), ('review','clear','drafting'), ('review','drafting','locked'),
  ('review','clear','conflicted'), ('review','drafting','conflicted'),
  ('review','locked','reopened'), ('review','reopened','drafting'), ('review','invited','replaced'), ('review','clear','replaced'),
  ('review','conflicted','replaced'), ('review','drafting','replaced'), ('review','reopened','replaced');
CREATE TABLE review (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL, call_id uuid NOT NULL,
  reviewer_id uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'clear', 'conflicted', 'drafting', 'locked', 'reopened', 'replaced')),
  assigned_by uuid NOT NULL REFERENCES account, due_on date, conflict boolean, declaration text, declared_at timestamptz,
  comment text, total numeric(7,3) CHECK (total >= 0 AND total <= 100), locked_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  UNIQUE (application_id, reviewer_id), UNIQUE (id, call_id),
  CONSTRAINT review_after_clean_declaration CHECK (
    state IN ('invited', 'replaced') OR (declared_at IS NOT NULL AND conflict IS NOT NULL AND conflict = (state = 'conflicted'))),
  CONSTRAINT review_second_person CHECK (assigned_by <> reviewer_id),
  CONSTRAINT review_locked_facts CHECK (state <> 'locked' OR (locked_at IS NOT NULL AND total IS NOT NULL)));
CREATE INDEX review_reviewer ON review (reviewer_id, state);
CREATE TRIGGER review_state BEFORE INSERT OR UPDATE ON review FOR EACH ROW EXECUTE FUNCTION guard_state('invited');
CREATE TRIGGER review_touch BEFORE UPDATE ON review FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lacking int;
BEGIN
  IF TG_OP = 'INSERT' AND NOT importing() AND (SELECT state FROM application WHERE id = NEW.application_id FOR SHARE) <> 'in_review' THEN
    PERFORM refuse('review_of_application_in_review', 'reviewers are assigned while the application is in review');
  END IF;
  IF TG_OP = 'UPDATE' AND NOT importing() AND (NEW.application_id, NEW.call_id, NEW.reviewer_id, NEW.assigned_by)
      IS DISTINCT FROM (OLD.application_id, OLD.call_id, OLD.reviewer_id, OLD.assigned_by) THEN
    PERFORM refuse('review_stays', 'a review does not change its application or its reviewer');
  END IF;
  -- asked again before each step: who became one of the applicant's people meanwhile does not go on
  IF TG_OP = 'INSERT' OR NEW.reviewer_id <> OLD.reviewer_id OR (NEW.state <> OLD.state AND NEW.state IN ('clear', 'drafting', 'locked')) THEN
    IF NOT EXISTS (SELECT 1 FROM role WHERE account_id = NEW.reviewer_id AND kind = 'reviewer' AND until IS NULL) THEN
      PERFORM refuse('review_by_reviewer', 'only a reviewer reviews');
    END IF;
    IF EXISTS (SELECT 1 FROM role r JOIN application a ON a.id = NEW.application_id
               WHERE r.account_id = NEW.reviewer_id AND r.organisation_id = a.organisation_id) THEN
      PERFORM refuse('review_not_own_organisation', 'nobody reviews their own organisation');
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'locked' AND (NEW.total, NEW.comment, NEW.locked_at, NEW.reviewer_id)
     IS DISTINCT FROM (OLD.total, OLD.comment, OLD.locked_at, OLD.reviewer_id) AND NEW.state = 'locked' THEN
    PERFORM refuse('review_frozen', 'a locked review is frozen');
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state = 'locked' AND OLD.state = 'drafting' AND NOT importing() THEN
    IF (SELECT state FROM call WHERE id = NEW.call_id FOR SHARE) <> 'evaluating' THEN
      PERFORM refuse('review_while_evaluating', 'reviews are locked while the call is being evaluated');
    END IF;
    IF (SELECT state FROM application WHERE id = NEW.application_id FOR SHARE) <> 'in_review' THEN
      PERFORM refuse('review_while_in_review', 'reviews are locked while the application is in review');
    END IF;
    -- the total is made of the scores and of nothing else
    SELECT count(*) FILTER (WHERE s.points IS NULL), sum(s.points / c.max_points * c.weight) / sum(c.weight) * 100
      INTO lacking, NEW.total FROM criterion c
      LEFT JOIN score s ON s.criterion_id = c.id AND s.review_id = NEW.id WHERE c.call_id = NEW.call_id;
    IF lacking > 0 OR NEW.total IS NULL THEN PERFORM refuse('review_complete', 'every criterion is scored before a review is locked'); END IF;
    NEW.locked_at := clock_timestamp();
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.declared_at IS NOT NULL AND NOT OLD.conflict IS NOT DISTINCT FROM NEW.conflict
     AND NEW.state NOT IN ('conflicted', 'replaced') THEN
    PERFORM refuse('review_declaration_stays', 'a declaration is not taken back');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_guard BEFORE INSERT OR UPDATE ON review FOR EACH ROW EXECUTE FUNCTION review_guard();
CREATE TABLE score (
  review_id uuid NOT NULL, call_id uuid NOT NULL, criterion_id uuid NOT NULL, points numeric(5,1) CHECK (points >= 0 AND points <= 100),
  comment text, PRIMARY KEY (review_id, criterion_id),
  FOREIGN KEY (review_id, call_id) REFERENCES review (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (criterion_id, call_id) REFERENCES criterion (id, call_id) ON DELETE RESTRICT);
CREATE FUNCTION score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.review_id, NEW.criterion_id) IS DISTINCT FROM (OLD.review_id, OLD.criterion_id) THEN
    PERFORM refuse('score_stays', 'a score does not move to another review or criterion');
  END IF;
  SELECT state INTO its_state FROM review WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END FOR SHARE;
  IF its_state <> 'drafting' AND NOT importing() THEN
    PERFORM refuse('score_while_drafting', 'scores are written after a clean declaration and before locking');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.points > (SELECT max_points FROM criterion WHERE id = NEW.criterion_id) THEN
    PERFORM refuse('score_within_criterion', 'points above the criterion''s maximum');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER score_guard BEFORE INSERT OR UPDATE OR DELETE ON score FOR EACH ROW EXECUTE FUNCTION score_guard();

-- committee ----------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES ('meeting_minutes', 'open', 'signed');
CREATE TABLE meeting_minutes (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE RESTRICT, number int NOT NULL,
  held_on date NOT NULL, present text, text text, state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'signed')),
  reserve_until date, opened_by uuid NOT NULL REFERENCES account, signed_by uuid REFERENCES account, signed_at timestamptz,
  body jsonb, body_sha256 sha256,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (call_id, number), UNIQUE (id, call_id),
  CONSTRAINT minutes_signed_facts CHECK ((state = 'signed') = (signed_by IS NOT NULL AND signed_at IS NOT NULL AND body_sha256 IS NOT NULL)));
CREATE TRIGGER meeting_minutes_state BEFORE INSERT OR UPDATE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION guard_state('open');
CREATE TRIGGER meeting_minutes_touch BEFORE UPDATE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION touch();
CREATE UNIQUE INDEX minutes_one_open ON meeting_minutes (call_id) WHERE state = 'open';
CREATE FUNCTION minutes_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'signed' THEN PERFORM refuse('minutes_frozen', 'signed minutes are frozen'); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NEW.state = 'signed' AND NOT importing() THEN
    IF EXISTS (SELECT 1 FROM call WHERE id = NEW.call_id AND NEW.signed_by IN (created_by, submitted_by, approved_by)) OR NOT EXISTS (
        SELECT 1 FROM role WHERE account_id = NEW.signed_by AND kind = 'chair' AND until IS NULL) THEN
      PERFORM refuse('minutes_by_chair', 'the chair signs, who neither wrote nor approved the call');
    END IF;
    IF NEW.body IS NULL THEN PERFORM refuse('minutes_signed_facts', 'minutes are signed with what they say'); END IF;
    NEW.body_sha256 := sha256(convert_to(NEW.body::text, 'UTF8'));
    NEW.signed_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER minutes_frozen BEFORE UPDATE OR DELETE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION minutes_frozen();
CREATE TABLE decision (
  id uuid PRIMARY KEY DEFAULT uuidv7(), minutes_id uuid NOT NULL, call_id uuid NOT NULL, application_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('approve', 'correction', 'reserve', 'reject')), rank int, amount money_above_zero,
  reason text NOT NULL CHECK (btrim(reason) <> ''), exception_note text, correction text,
  section_ids uuid[] NOT NULL DEFAULT '{}', correct_by date, decided_by uuid NOT NULL REFERENCES account,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (minutes_id, call_id) REFERENCES meeting_minutes (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  UNIQUE (minutes_id, application_id),
  CONSTRAINT decision_amount CHECK ((amount IS NOT NULL) = (outcome IN ('approve', 'correction', 'reserve'))));
CREATE INDEX decision_application ON decision (application_id);
CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_call call%ROWTYPE; its_application application%ROWTYPE;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.minutes_id, NEW.application_id) IS DISTINCT FROM (OLD.minutes_id, OLD.application_id) THEN
    PERFORM refuse('decision_stays', 'a decision does not move to other minutes or another application');
  END IF;
  IF (SELECT state FROM meeting_minutes WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.minutes_id ELSE NEW.minutes_id END) = 'signed'
     AND NOT importing() THEN
    PERFORM refuse('minutes_frozen', 'signed minutes are frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF importing() THEN RETURN NEW; END IF;
  SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR SHARE;
  SELECT * INTO its_application FROM application WHERE id = NEW.application_id FOR SHARE;
  IF its_call.state <> 'evaluating' OR its_application.state NOT IN ('scored', 'corrected') THEN
    PERFORM refuse('decision_of_scored', 'the committee decides on scored applications of a call being evaluated');
  END IF;
  IF its_application.state = 'corrected' AND NEW.outcome NOT IN ('approve', 'reject') THEN
    PERFORM refuse('decision_after_correction', 'a corrected application is approved or rejected');
  END IF;
  IF NEW.amount IS NOT NULL AND (NEW.amount > its_application.requested OR NEW.amount NOT BETWEEN its_call.min_award AND its_call.max_award) THEN
    PERFORM refuse('decision_within_limits', 'the amount is above the request or outside the limits of the call');
  END IF;
  IF NEW.outcome = 'correction' AND (NEW.correct_by IS NULL OR btrim(coalesce(NEW.correction, '')) = '') THEN
    PERFORM refuse('decision_correction_facts', 'a correction says what to correct and by when');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_guard BEFORE INSERT OR UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard();
INSERT INTO table_right VALUES ('decision', 'SELECT, INSERT, UPDATE, DELETE');

-- awards -------------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES
  ('award','drafting','offered'), ('award','offered','drafting'), ('award','offered','declined'),
  ('award','drafting','withdrawn_by_funder'), ('award','offered','withdrawn_by_funder'), ('award','signed_cso','withdrawn_by_funder'),
  ('award','offered','signed_cso'), ('award','signed_cso','active'), ('award','signed_cso','drafting'),
  ('award','active','suspended'), ('award','suspended','active'), ('award','active','closing'), ('award','suspended','closing'),
  ('award','active','terminated'), ('award','suspended','terminated'), ('award','closing','terminated'),
  ('award','closing','closed'), ('award','terminated','closed');
CREATE TABLE award (
  id uuid PRIMARY KEY DEFAULT uuidv7(), reference text NOT NULL UNIQUE, application_id uuid NOT NULL UNIQUE, call_id uuid NOT NULL,
  organisation_id uuid NOT NULL REFERENCES organisation ON DELETE RESTRICT,
  -- not known for some grants of the past, whose sources do not say
  municipality_id uuid REFERENCES municipality ON DELETE RESTRICT CONSTRAINT award_municipality CHECK (municipality_id IS NOT NULL OR source IS NOT NULL),
  currency currency NOT NULL, amount money_above_zero NOT NULL, state text NOT NULL DEFAULT 'drafting' CHECK (state IN ('drafting', 'offered', 'declined',
    'withdrawn_by_funder', 'signed_cso', 'active', 'suspended', 'closing', 'terminated', 'closed')),
  title_ka text, title_en text, summary_ka text, summary_en text, starts_on date, ends_on date,
  date_precision text NOT NULL DEFAULT 'day' CHECK (date_precision IN ('day', 'month', 'year')), date_note text, source text,
  prevailing_language text NOT NULL DEFAULT 'ka' CHECK (prevailing_language IN ('ka', 'en')),
  agreement_language text NOT NULL DEFAULT 'both' CHECK (agreement_language IN ('ka', 'en', 'both')),
  special_conditions_ka text, special_conditions_en text,
  curator_id uuid REFERENCES account, proposed_by uuid NOT NULL REFERENCES account, approved_by uuid REFERENCES account,
  approved_at timestamptz, offered_by uuid REFERENCES account, offered_at timestamptz, offer_expires_on date,
  signed_by uuid REFERENCES account, signed_at timestamptz, countersigned_by uuid REFERENCES account, countersigned_at timestamptz,
  closing_manager_id uuid REFERENCES account, closing_finance_id uuid REFERENCES account,
  closing_director_id uuid REFERENCES account, closed_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (application_id, organisation_id) REFERENCES application (id, organisation_id) ON DELETE RESTRICT,
  FOREIGN KEY (call_id, currency) REFERENCES call (id, currency) ON DELETE RESTRICT,
  UNIQUE (id, currency), UNIQUE (id, organisation_id), UNIQUE (id, municipality_id),
  CONSTRAINT award_second_person CHECK (approved_by IS NOT NULL AND approved_by <> proposed_by),
  CONSTRAINT award_countersigned CHECK (state NOT IN ('active', 'suspended', 'closing', 'closed', 'terminated')
    OR (countersigned_by IS NOT NULL AND signed_at IS NOT NULL)),
  CONSTRAINT award_closed_by_two CHECK (closing_finance_id IS NULL OR (closing_finance_id IS DISTINCT FROM closing_manager_id
    AND closing_finance_id IS DISTINCT FROM closing_director_id)),
  CONSTRAINT award_prevailing_language CHECK (agreement_language IN ('both', prevailing_language)),
  CONSTRAINT award_dates CHECK (starts_on <= ends_on));
CREATE INDEX award_state ON award (state); CREATE INDEX award_call ON award (call_id);
CREATE INDEX award_organisation ON award (organisation_id); CREATE INDEX award_municipality ON award (municipality_id);
CREATE TRIGGER award_state BEFORE INSERT OR UPDATE ON award FOR EACH ROW EXECUTE FUNCTION guard_state('drafting');
CREATE TRIGGER award_touch BEFORE UPDATE ON award FOR EACH ROW EXECUTE FUNCTION touch();

-- the document both sides sign, version by version; never changed
CREATE TABLE agreement (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, version int NOT NULL CHECK (version > 0),
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, document_sha256 sha256 NOT NULL, body jsonb NOT NULL,
  made_by uuid REFERENCES account, made_at timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (award_id, version), UNIQUE (id, award_id));
CREATE TABLE signature (
  id uuid PRIMARY KEY DEFAULT uuidv7(), agreement_id uuid NOT NULL, award_id uuid NOT NULL, party text NOT NULL CHECK (party IN ('cso', 'funder')),
  upload_id uuid REFERENCES upload ON DELETE RESTRICT, signed_by uuid NOT NULL REFERENCES account,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (agreement_id, party),
  FOREIGN KEY (agreement_id, award_id) REFERENCES agreement (id, award_id) ON DELETE RESTRICT,
  CONSTRAINT signature_scan CHECK (party = 'funder' OR upload_id IS NOT NULL));
CREATE TRIGGER agreement_append_only BEFORE UPDATE OR DELETE ON agreement FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER signature_append_only BEFORE UPDATE OR DELETE ON signature FOR EACH ROW EXECUTE FUNCTION append_only();
INSERT INTO table_right VALUES ('agreement', 'SELECT, INSERT'), ('signature', 'SELECT, INSERT');
-- a document is made to be offered, and each side signs the offered one in its turn
CREATE FUNCTION agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  SELECT state INTO its_state FROM award WHERE id = NEW.award_id FOR SHARE;
  IF TG_TABLE_NAME = 'agreement' THEN
    NEW.made_at := clock_timestamp();
    IF its_state <> 'drafting' THEN PERFORM refuse('agreement_while_drafting', 'an agreement is made while it is drafted'); END IF;
    RETURN NEW;
  END IF;
  NEW.signed_at := clock_timestamp();
  IF its_state <> (CASE NEW.party WHEN 'cso' THEN 'offered' ELSE 'signed_cso' END) THEN
    PERFORM refuse('signature_in_turn', 'the organisation signs what is offered, the programme what is signed by the organisation');
  END IF;
  IF EXISTS (SELECT 1 FROM signature WHERE agreement_id = NEW.agreement_id AND signed_by = NEW.signed_by) THEN
    PERFORM refuse('signature_second_person', 'nobody signs for both sides');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreement_guard BEFORE INSERT ON agreement FOR EACH ROW EXECUTE FUNCTION agreement_guard();
CREATE TRIGGER signature_guard BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION agreement_guard();

CREATE TABLE report_due (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, number int NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('interim', 'final')), period_from date NOT NULL, period_to date NOT NULL, due_on date NOT NULL,
  UNIQUE (award_id, number), UNIQUE (id, award_id), CONSTRAINT report_due_dates CHECK (period_from <= period_to),
  CONSTRAINT report_due_periods EXCLUDE USING gist (award_id WITH =, daterange(period_from, period_to, '[]') WITH &&));
CREATE FUNCTION report_due_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.award_id <> OLD.award_id THEN
    PERFORM refuse('report_due_frozen', 'a line of the report calendar stays with its grant');
  END IF;
  IF NOT importing() AND (SELECT state FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END
      FOR SHARE) <> 'drafting' THEN
    PERFORM refuse('report_due_frozen', 'the report calendar changes only while the agreement is drafted');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_due_frozen BEFORE INSERT OR UPDATE OR DELETE ON report_due FOR EACH ROW EXECUTE FUNCTION report_due_frozen();
INSERT INTO table_right VALUES ('report_due', 'SELECT, INSERT, UPDATE, DELETE');
-- what the grantee promises to change: the programme's indicators with a target of its own
-- (indicators live with monitoring; the promise is theirs, see migration of monitoring)

-- bank accounts and tranches -----------------------------------------------------------------------------------
CREATE TABLE bank_account (
  id uuid PRIMARY KEY DEFAULT uuidv7(), organisation_id uuid NOT NULL REFERENCES organisation ON DELETE RESTRICT,
  holder text NOT NULL CHECK (btrim(holder) <> ''), iban text NOT NULL CONSTRAINT bank_account_iban CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  bank_name text, letter_upload_id uuid REFERENCES upload, entered_by uuid NOT NULL REFERENCES account,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(), verified_by uuid REFERENCES account, verified_at timestamptz,
  verification_note text, retired_at timestamptz, retired_by uuid REFERENCES account,
  UNIQUE (id, organisation_id),
  CONSTRAINT bank_account_second_person CHECK (verified_by IS DISTINCT FROM entered_by),
  CONSTRAINT bank_account_verified CHECK ((verified_by IS NULL) = (verified_at IS NULL)));
CREATE UNIQUE INDEX bank_account_one_active ON bank_account (organisation_id) WHERE verified_at IS NOT NULL AND retired_at IS NULL;
CREATE FUNCTION bank_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF importing() THEN RETURN NEW; END IF;
    IF NEW.verified_at IS NOT NULL OR NEW.retired_at IS NOT NULL THEN
      PERFORM refuse('bank_account_starts_unverified', 'a bank account starts unverified');
    END IF;
    NEW.entered_at := clock_timestamp(); RETURN NEW;
  END IF;
  IF (NEW.iban, NEW.holder, NEW.organisation_id, NEW.entered_by, NEW.entered_at)
     IS DISTINCT FROM (OLD.iban, OLD.holder, OLD.organisation_id, OLD.entered_by, OLD.entered_at)
     OR (NEW.bank_name, NEW.letter_upload_id) IS DISTINCT FROM (OLD.bank_name, OLD.letter_upload_id)
     OR (OLD.verified_at IS NOT NULL AND (NEW.verified_at, NEW.verified_by, NEW.verification_note)
       IS DISTINCT FROM (OLD.verified_at, OLD.verified_by, OLD.verification_note))
     OR (OLD.retired_at IS NOT NULL AND (NEW.retired_at, NEW.retired_by) IS DISTINCT FROM (OLD.retired_at, OLD.retired_by)) THEN
    PERFORM refuse('bank_account_versioned', 'bank details are versioned: enter a new account');
  END IF;
  IF NEW.verified_at IS NOT NULL AND OLD.verified_at IS NULL AND OLD.retired_at IS NOT NULL THEN
    PERFORM refuse('bank_account_versioned', 'a retired bank account is not verified any more');
  END IF;
  IF OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL THEN
    IF btrim(coalesce(NEW.verification_note, '')) = '' THEN
      PERFORM refuse('bank_account_called_back', 'an account is verified by a call back, with a note of it');
    END IF;
    NEW.verified_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_account_guard BEFORE INSERT OR UPDATE ON bank_account FOR EACH ROW EXECUTE FUNCTION bank_account_guard();
INSERT INTO table_right VALUES ('bank_account', 'SELECT, INSERT, UPDATE');

INSERT INTO transition VALUES
  ('tranche','planned','due'), ('tranche','due','requested'), ('tranche','requested','due'), ('tranche','requested','certified'),
  ('tranche','certified','approved'), ('tranche','certified','due'), ('tranche','approved','due'), ('tranche','approved','authorised'),
  ('tranche','authorised','due'), ('tranche','approved','sent'), ('tranche','authorised','sent'), ('tranche','sent','paid'),
  ('tranche','sent','failed'), ('tranche','failed','due'), ('tranche','paid','confirmed'), ('tranche','paid','sent'),
  ('tranche','paid','recovery_due'), ('tranche','confirmed','recovery_due'), ('tranche','recovery_due','recovered'), ('tranche','recovery_due','written_off');
INSERT INTO transition SELECT 'tranche', s, 'cancelled' FROM unnest(ARRAY['planned', 'due', 'requested', 'certified', 'approved', 'authorised', 'failed']) s;
CREATE TABLE tranche (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL, organisation_id uuid NOT NULL, currency currency NOT NULL,
  number int NOT NULL CHECK (number BETWEEN 1 AND 24), amount money_above_zero NOT NULL,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'due', 'requested', 'certified', 'approved', 'authorised', 'sent', 'paid',
    'failed', 'confirmed', 'cancelled', 'recovery_due', 'recovered', 'written_off')),
  planned_on date, bank_account_id uuid, due_at timestamptz, requested_by uuid REFERENCES account, requested_at timestamptz,
  certified_by uuid REFERENCES account, certified_at timestamptz, certificate text, approved_by uuid REFERENCES account, approved_at timestamptz,
  authorised_by uuid REFERENCES account, authorised_at timestamptz, sent_by uuid REFERENCES account, sent_at timestamptz, order_reference text,
  exchange_rate numeric(14,6) CONSTRAINT tranche_exchange_rate CHECK (exchange_rate > 0 AND exchange_rate < 1e7),
  paid_by uuid REFERENCES account, paid_on date, bank_reference text, confirmed_by uuid REFERENCES account, confirmed_at timestamptz,
  recovery_amount money_above_zero, recovered_on date, recovery_reference text,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (award_id, currency) REFERENCES award (id, currency) ON DELETE RESTRICT,
  FOREIGN KEY (award_id, organisation_id) REFERENCES award (id, organisation_id) ON DELETE RESTRICT,
  FOREIGN KEY (bank_account_id, organisation_id) REFERENCES bank_account (id, organisation_id) ON DELETE RESTRICT,
  CONSTRAINT tranche_number UNIQUE (award_id, number), UNIQUE (id, award_id),
  CONSTRAINT tranche_second_person CHECK (approved_by IS NULL OR (approved_by IS DISTINCT FROM requested_by AND approved_by IS DISTINCT FROM certified_by)),
  CONSTRAINT tranche_third_person CHECK (authorised_by IS NULL OR (authorised_by IS DISTINCT FROM approved_by AND authorised_by IS DISTINCT FROM certified_by)),
  CONSTRAINT tranche_requested_facts CHECK (state NOT IN ('requested', 'certified', 'approved', 'authorised', 'sent', 'paid', 'confirmed')
    OR (requested_by IS NOT NULL AND bank_account_id IS NOT NULL)),
  CONSTRAINT tranche_certified_facts CHECK (state NOT IN ('certified', 'approved', 'authorised', 'sent', 'paid', 'confirmed') OR certified_by IS NOT NULL),
  CONSTRAINT tranche_approved_facts CHECK (state NOT IN ('approved', 'authorised', 'sent', 'paid', 'confirmed') OR approved_by IS NOT NULL),
  CONSTRAINT tranche_sent_facts CHECK (state NOT IN ('sent', 'paid', 'confirmed') OR (sent_by IS NOT NULL AND order_reference IS NOT NULL)),
  CONSTRAINT tranche_paid_facts CHECK ((state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off'))
    = (paid_on IS NOT NULL AND bank_reference IS NOT NULL AND paid_by IS NOT NULL)),
  CONSTRAINT tranche_recovery_facts CHECK (state NOT IN ('recovery_due', 'recovered', 'written_off')
    OR (recovery_amount IS NOT NULL AND recovery_amount <= amount)),
  CONSTRAINT tranche_recovered_facts CHECK (state <> 'recovered' OR (recovered_on IS NOT NULL AND recovery_reference IS NOT NULL)));
CREATE UNIQUE INDEX tranche_bank_reference ON tranche (bank_reference) WHERE bank_reference IS NOT NULL;
CREATE UNIQUE INDEX tranche_order_reference ON tranche (order_reference) WHERE order_reference IS NOT NULL AND state IN ('sent', 'paid', 'confirmed');
CREATE INDEX tranche_state ON tranche (state);
CREATE TRIGGER tranche_state BEFORE INSERT OR UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION guard_state('planned');
CREATE TRIGGER tranche_touch BEFORE UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE tranche_condition (
  id uuid PRIMARY KEY DEFAULT uuidv7(), tranche_id uuid NOT NULL REFERENCES tranche ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('agreement_active', 'report_accepted', 'visit_approved', 'document', 'date')),
  description_ka text, description_en text, report_due_id uuid REFERENCES report_due, due_on date,
  fulfilled_at timestamptz, fulfilled_by uuid REFERENCES account, evidence_upload_id uuid REFERENCES upload, note text);
CREATE INDEX tranche_condition_tranche ON tranche_condition (tranche_id);
CREATE INDEX tranche_condition_report ON tranche_condition (report_due_id);
-- what a condition asks for is there now; later a report may be reopened or a visit taken up again, and it is not any more
CREATE FUNCTION condition_stands(c tranche_condition) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE its_award award%ROWTYPE;
BEGIN
  SELECT a.* INTO its_award FROM tranche t JOIN award a ON a.id = t.award_id WHERE t.id = c.tranche_id;
  RETURN coalesce(CASE c.kind
      WHEN 'agreement_active' THEN its_award.state IN ('active', 'suspended', 'closing')
      WHEN 'report_accepted' THEN EXISTS (SELECT 1 FROM report WHERE report_due_id = c.report_due_id AND award_id = its_award.id AND state = 'accepted')
      WHEN 'visit_approved' THEN EXISTS (SELECT 1 FROM visit WHERE award_id = its_award.id AND state = 'approved')
      WHEN 'date' THEN c.due_on <= (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date
      ELSE c.fulfilled_by IS NOT NULL AND (c.evidence_upload_id IS NOT NULL OR btrim(c.note) <> '') END, false);
END $$;
-- what is asked is fixed with the agreement; only whether it is fulfilled is written later, and once
CREATE FUNCTION tranche_condition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF importing() THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'UPDATE' AND NEW.tranche_id <> OLD.tranche_id THEN
    PERFORM refuse('tranche_terms_frozen', 'a condition stays with its tranche');
  END IF;
  SELECT a.state INTO its_state FROM tranche t JOIN award a ON a.id = t.award_id
    WHERE t.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.tranche_id ELSE NEW.tranche_id END FOR SHARE OF a;
  IF TG_OP = 'UPDATE' AND OLD.fulfilled_at IS NOT NULL AND (NEW.fulfilled_at, NEW.fulfilled_by, NEW.evidence_upload_id, NEW.note)
      IS DISTINCT FROM (OLD.fulfilled_at, OLD.fulfilled_by, OLD.evidence_upload_id, OLD.note) THEN
    PERFORM refuse('tranche_condition_fulfilled', 'a fulfilled condition stays fulfilled');
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.fulfilled_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.fulfilled_at IS NULL) AND NOT condition_stands(NEW) THEN
    PERFORM refuse('tranche_condition_true', 'a condition is fulfilled when what it asks for is there');
  END IF;
  IF its_state <> 'drafting' AND (TG_OP <> 'UPDATE' OR (NEW.tranche_id, NEW.kind, NEW.report_due_id, NEW.due_on, NEW.description_ka,
       NEW.description_en) IS DISTINCT FROM (OLD.tranche_id, OLD.kind, OLD.report_due_id, OLD.due_on, OLD.description_ka, OLD.description_en)) THEN
    PERFORM refuse('tranche_terms_frozen', 'conditions change only while the agreement is drafted');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
INSERT INTO table_right VALUES ('tranche', 'SELECT, INSERT, UPDATE, DELETE'), ('tranche_condition', 'SELECT, INSERT, UPDATE, DELETE');
CREATE TRIGGER tranche_condition_guard BEFORE INSERT OR UPDATE OR DELETE ON tranche_condition
  FOR EACH ROW EXECUTE FUNCTION tranche_condition_guard();

-- one row is one transfer between two named accounts, so the book balances by construction; corrections reverse
CREATE TABLE ledger_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  debit text NOT NULL, credit text NOT NULL, amount money_above_zero NOT NULL, currency currency NOT NULL,
  kind text NOT NULL CHECK (kind IN ('commitment', 'payment', 'decommitment', 'recovery', 'write_off', 'accepted_cost', 'reversal')),
  call_id uuid REFERENCES call, award_id uuid REFERENCES award, tranche_id uuid REFERENCES tranche,
  actor uuid REFERENCES account, note text, reverses bigint UNIQUE REFERENCES ledger_entry,
  CONSTRAINT ledger_two_sides CHECK (debit <> credit), CONSTRAINT ledger_reversal CHECK ((kind = 'reversal') = (reverses IS NOT NULL)));
CREATE INDEX ledger_tranche ON ledger_entry (tranche_id);
CREATE UNIQUE INDEX ledger_recovery_once ON ledger_entry (tranche_id) WHERE kind IN ('recovery', 'write_off');
CREATE UNIQUE INDEX ledger_commitment_once ON ledger_entry (award_id) WHERE kind = 'commitment';
CREATE INDEX ledger_award ON ledger_entry (award_id);
-- what was posted and not taken back by a reversing entry
CREATE VIEW standing_entry AS SELECT * FROM ledger_entry e WHERE e.kind <> 'reversal'
  AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.id);
INSERT INTO table_right VALUES ('standing_entry', 'SELECT');
-- money leaves only for a tranche that finance has just sent to the bank, and never more than the award
CREATE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_tranche tranche%ROWTYPE; its_award award%ROWTYPE; paid numeric; left_over numeric; the_call text; before ledger_entry%ROWTYPE;
BEGIN
  PERFORM read_committed();
  SELECT * INTO its_award FROM award WHERE id = NEW.award_id FOR UPDATE;
  SELECT reference INTO the_call FROM call WHERE id = its_award.call_id;
  IF NOT importing() THEN NEW.at := clock_timestamp(); END IF;
  IF NEW.kind = 'reversal' THEN
    SELECT * INTO before FROM ledger_entry WHERE id = NEW.reverses;
    IF before.kind NOT IN ('accepted_cost', 'payment') OR (NEW.debit, NEW.credit, NEW.amount::numeric, NEW.currency, NEW.call_id, NEW.award_id, NEW.tranche_id)
       IS DISTINCT FROM (before.credit, before.debit, before.amount::numeric, before.currency, before.call_id, before.award_id, before.tranche_id) THEN
      PERFORM refuse('ledger_reversal', 'a reversal is the same transfer of an accepted cost or a payment the other way round');
    END IF;
    IF before.kind = 'payment' THEN
      SELECT * INTO its_tranche FROM tranche WHERE id = before.tranche_id FOR UPDATE;
      IF its_tranche.state <> 'paid' THEN
        PERFORM refuse('ledger_reversal_of_paid', 'a payment is reversed only while its receipt is not confirmed');
      END IF;
      IF NEW.actor IS NULL OR NEW.actor = before.actor THEN
        PERFORM refuse('ledger_reversal_second_person', 'who noted a payment does not reverse it');
      END IF;
    END IF;
    RETURN NEW;
  END IF;
  -- every transfer goes between the two accounts of its kind, named after its grant, in history too
  IF (NEW.debit, NEW.credit, NEW.currency, NEW.call_id) IS DISTINCT FROM (
      CASE NEW.kind WHEN 'commitment' THEN 'commitments:' || its_award.reference WHEN 'decommitment' THEN 'envelope:' || the_call
        WHEN 'payment' THEN 'grantee:' || its_award.reference WHEN 'recovery' THEN 'bank:programme'
        WHEN 'write_off' THEN 'losses:programme' ELSE 'costs:' || its_award.reference END,
      CASE NEW.kind WHEN 'commitment' THEN 'envelope:' || the_call WHEN 'decommitment' THEN 'commitments:' || its_award.reference
        WHEN 'payment' THEN 'bank:programme' ELSE 'grantee:' || its_award.reference END, its_award.currency, its_award.call_id) THEN
    PERFORM refuse('ledger_accounts', 'the accounts of an entry are those of its kind and its grant');
  END IF;
  IF NEW.kind = 'payment' THEN
    SELECT * INTO its_tranche FROM tranche WHERE id = NEW.tranche_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM standing_entry WHERE tranche_id = NEW.tranche_id AND kind = 'payment') THEN
      PERFORM refuse('ledger_payment_once', 'this tranche is paid already');
    END IF;
  END IF;
  IF importing() THEN RETURN NEW; END IF;
  IF NEW.kind = 'commitment' AND (its_award.state <> 'signed_cso' OR NEW.amount <> its_award.amount) THEN
    PERFORM refuse('ledger_commitment_of_award', 'what is committed is the grant, when both sides have signed');
  ELSIF NEW.kind = 'decommitment' THEN
    SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount ELSE -amount END), 0) INTO left_over
      FROM standing_entry WHERE award_id = NEW.award_id AND kind IN ('commitment', 'decommitment', 'payment');
    IF NEW.amount > left_over THEN PERFORM refuse('ledger_decommitment_of_rest', 'no more goes back than is left of the commitment'); END IF;
  ELSIF NEW.kind IN ('recovery', 'write_off') THEN
    SELECT * INTO its_tranche FROM tranche WHERE id = NEW.tranche_id FOR UPDATE;
    IF its_tranche.state IS DISTINCT FROM 'recovery_due' OR (its_tranche.award_id, its_tranche.recovery_amount::numeric)
       IS DISTINCT FROM (NEW.award_id, NEW.amount::numeric) THEN
      PERFORM refuse('ledger_recovery_of_tranche', 'what comes back or is lost is what was ordered back');
    END IF;
  ELSIF NEW.kind = 'payment' THEN
    IF its_tranche.state IS DISTINCT FROM 'sent' OR (its_tranche.award_id, its_tranche.amount, its_tranche.currency)
       IS DISTINCT FROM (NEW.award_id, NEW.amount::numeric, NEW.currency) THEN
      PERFORM refuse('ledger_payment_of_sent_tranche', 'a payment is posted for a tranche that was sent, with its amount');
    END IF;
    SELECT coalesce(sum(amount), 0) INTO paid FROM standing_entry WHERE award_id = NEW.award_id AND kind = 'payment';
    IF paid + NEW.amount > its_award.amount THEN
      PERFORM refuse('ledger_paid_within_award', 'payments exceed the award');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_guard BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_guard();
-- what the book says has happened by the end of the same transaction: no payment is posted and its tranche left as it was
CREATE FUNCTION ledger_carried_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.id) THEN RETURN NULL; END IF;
  IF NEW.kind = 'commitment' AND (SELECT state FROM award WHERE id = NEW.award_id)
       IN ('drafting', 'offered', 'signed_cso', 'declined', 'withdrawn_by_funder')
     OR NEW.tranche_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tranche WHERE id = NEW.tranche_id AND CASE NEW.kind
       WHEN 'payment' THEN state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off')
       WHEN 'recovery' THEN state = 'recovered' WHEN 'write_off' THEN state = 'written_off'
       WHEN 'decommitment' THEN state = 'cancelled' WHEN 'reversal' THEN
         (state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off'))
         = EXISTS (SELECT 1 FROM standing_entry s WHERE s.tranche_id = NEW.tranche_id AND s.kind = 'payment') ELSE true END) THEN
    PERFORM refuse('ledger_carried_out', 'what is posted also happens');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_carried_out AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_carried_out();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION append_only();
INSERT INTO table_right VALUES ('ledger_entry', 'SELECT, INSERT');

-- lock order for money: call, then award, then tranche, the event chain last
CREATE FUNCTION read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- a stale snapshot would not see what others have just awarded or paid
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'money moves only under READ COMMITTED' USING ERRCODE = '25001';
  END IF;
END $$;
CREATE FUNCTION award_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_call call%ROWTYPE; its_application application%ROWTYPE; used numeric; planned numeric;
BEGIN
  PERFORM read_committed();
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.call_id, NEW.application_id, NEW.currency, NEW.organisation_id, NEW.municipality_id, NEW.proposed_by, NEW.approved_by)
       IS DISTINCT FROM (OLD.call_id, OLD.application_id, OLD.currency, OLD.organisation_id, OLD.municipality_id, OLD.proposed_by, OLD.approved_by) THEN
      PERFORM refuse('award_stays', 'an award does not change its application, organisation, currency or who decided it');
    END IF;
    IF OLD.state <> 'drafting' AND NEW.amount <> OLD.amount THEN
      PERFORM refuse('award_amount_frozen', 'an offered amount is frozen; it changes by amendment');
    END IF;
    IF OLD.state <> 'drafting' AND NOT importing() AND (NEW.starts_on, NEW.ends_on, NEW.prevailing_language, NEW.agreement_language,
        NEW.special_conditions_ka, NEW.special_conditions_en, NEW.offered_by, NEW.offered_at)
       IS DISTINCT FROM (OLD.starts_on, OLD.ends_on, OLD.prevailing_language, OLD.agreement_language,
        OLD.special_conditions_ka, OLD.special_conditions_en, OLD.offered_by, OLD.offered_at) THEN
      PERFORM refuse('award_terms_frozen', 'the terms of an offered agreement are frozen');
    END IF;
    IF OLD.state IN ('active', 'suspended', 'closing', 'terminated', 'closed') AND NOT importing()
       AND (NEW.signed_by, NEW.signed_at, NEW.countersigned_by, NEW.countersigned_at)
       IS DISTINCT FROM (OLD.signed_by, OLD.signed_at, OLD.countersigned_by, OLD.countersigned_at) THEN
      PERFORM refuse('award_signatures_stay', 'who signed, and when, stays');
    END IF;
    IF NEW.state = 'closed' AND OLD.state IN ('closing', 'terminated', 'closed') AND NOT importing() AND (NEW.closing_finance_id IS NULL
        OR num_nonnulls(NEW.closing_manager_id, NEW.closing_director_id) = 0 OR (OLD.state = 'closed'
        AND (NEW.closing_finance_id, NEW.closing_manager_id, NEW.closing_director_id, NEW.closed_at)
        IS DISTINCT FROM (OLD.closing_finance_id, OLD.closing_manager_id, OLD.closing_director_id, OLD.closed_at))) THEN
      PERFORM refuse('award_closed_by_two', 'a grant is closed by two people');
    END IF;
    IF NEW.state = 'closed' AND OLD.state IN ('closing', 'terminated') AND NOT importing() THEN
      IF EXISTS (SELECT 1 FROM tranche WHERE award_id = NEW.id AND state NOT IN ('confirmed', 'cancelled', 'recovered', 'written_off')) THEN
        PERFORM refuse('award_tranches_settled', 'a tranche is not settled yet');
      END IF;
      -- a terminated grant may never see its final report
      IF OLD.state = 'closing' AND EXISTS (SELECT 1 FROM report_due d WHERE d.award_id = NEW.id AND d.kind = 'final' AND NOT EXISTS (
          SELECT 1 FROM report WHERE report_due_id = d.id AND state IN ('accepted', 'waived'))) THEN
        PERFORM refuse('award_final_report', 'the final report is not accepted yet');
      END IF;
    END IF;
    IF NEW.state = 'offered' AND OLD.state = 'drafting' THEN
      SELECT coalesce(sum(amount), 0) INTO planned FROM tranche WHERE award_id = NEW.id AND state <> 'cancelled';
      IF planned <> NEW.amount THEN PERFORM refuse('award_tranches_add_up', format('tranches %s do not add up to the award %s', planned, NEW.amount)); END IF;
      IF NOT EXISTS (SELECT 1 FROM agreement WHERE award_id = NEW.id) THEN PERFORM refuse('award_agreement_made', 'no agreement document'); END IF;
    END IF;
    IF NEW.state = 'signed_cso' AND OLD.state = 'offered' AND NOT EXISTS (
        SELECT 1 FROM signature s JOIN agreement g ON g.id = s.agreement_id WHERE s.award_id = NEW.id AND s.party = 'cso'
        AND g.version = (SELECT max(version) FROM agreement WHERE award_id = NEW.id)) THEN
      PERFORM refuse('award_signed', 'no signature of the organisation on the latest agreement');
    END IF;
    IF NEW.state = 'active' AND OLD.state = 'signed_cso' AND (SELECT count(DISTINCT s.party) FROM signature s JOIN agreement g ON g.id = s.agreement_id
        WHERE s.award_id = NEW.id AND g.version = (SELECT max(version) FROM agreement WHERE award_id = NEW.id)) < 2 THEN
      PERFORM refuse('award_signed', 'both signatures are needed on the latest agreement');
    END IF;
    IF NEW.state = 'active' AND OLD.state = 'signed_cso' AND NOT EXISTS (
        SELECT 1 FROM ledger_entry WHERE award_id = NEW.id AND kind = 'commitment' AND amount = NEW.amount) THEN
      PERFORM refuse('award_committed', 'the ledger does not carry the commitment');
    END IF;
    IF NEW.amount = OLD.amount AND NOT (OLD.state IN ('declined', 'withdrawn_by_funder') AND NEW.state NOT IN ('declined', 'withdrawn_by_funder')) THEN
      RETURN NEW;
    END IF;
  END IF;
  -- the serialisation point: one award decision per call at a time
  SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR UPDATE;
  SELECT coalesce(sum(amount), 0) INTO used FROM award
    WHERE call_id = NEW.call_id AND state NOT IN ('declined', 'withdrawn_by_funder') AND id <> NEW.id;
  IF NEW.state NOT IN ('declined', 'withdrawn_by_funder') AND used + NEW.amount > its_call.envelope THEN
    PERFORM refuse('award_within_envelope', format('envelope exceeded: %s + %s > %s', used, NEW.amount, its_call.envelope));
  END IF;
  IF NEW.amount NOT BETWEEN its_call.min_award AND its_call.max_award THEN
    PERFORM refuse('award_within_limits', 'the award is outside the limits of the call');
  END IF;
  SELECT * INTO its_application FROM application WHERE id = NEW.application_id FOR SHARE;
  IF NEW.amount > its_application.requested THEN PERFORM refuse('award_within_request', 'the award is above the request'); END IF;
  IF TG_OP = 'INSERT' AND NOT importing() THEN
    IF its_application.state <> 'approved' THEN PERFORM refuse('award_of_approved', 'only an approved application is awarded'); END IF;
    IF (SELECT count(*) FROM review WHERE application_id = its_application.id AND state = 'locked') < its_call.min_reviews THEN
      PERFORM refuse('award_after_reviews', 'not enough locked reviews');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
        WHERE d.application_id = its_application.id AND d.outcome IN ('approve', 'correction', 'reserve') AND m.state = 'signed') THEN
      PERFORM refuse('award_after_minutes', 'no signed minutes decide this award');
    END IF;
  END IF;
  IF NOT importing() AND NEW.amount > (SELECT coalesce(d.amount, 0) FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
      WHERE d.application_id = NEW.application_id AND m.state = 'signed' ORDER BY m.number DESC LIMIT 1) THEN
    PERFORM refuse('award_within_decision', 'the award is above what the committee decided');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER award_money BEFORE INSERT OR UPDATE ON award FOR EACH ROW EXECUTE FUNCTION award_money();
CREATE FUNCTION call_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.envelope < OLD.envelope AND NEW.envelope < (SELECT coalesce(sum(amount), 0) FROM award
      WHERE call_id = NEW.id AND state NOT IN ('declined', 'withdrawn_by_funder')) THEN
    PERFORM refuse('call_envelope_covers_awards', 'the envelope cannot go below what is awarded');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER call_envelope BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION call_envelope();

CREATE FUNCTION tranche_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_award award%ROWTYPE; its_account bank_account%ROWTYPE; used numeric; threshold numeric; cooling interval;
  reversed boolean := false;
BEGIN
  PERFORM read_committed();
  SELECT * INTO its_award FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END FOR UPDATE;
  IF TG_OP = 'DELETE' THEN
    IF its_award.state <> 'drafting' THEN PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted'); END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF its_award.state <> 'drafting' AND NOT importing() THEN
      PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted');
    END IF;
  ELSE
    IF (NEW.award_id, NEW.number) IS DISTINCT FROM (OLD.award_id, OLD.number)
       OR (its_award.state <> 'drafting' AND NEW.amount <> OLD.amount) THEN
      PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted');
    END IF;
    reversed := OLD.state = 'paid' AND NEW.state = 'sent';
    IF OLD.state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off') AND (
        (NOT reversed AND (NEW.paid_on, NEW.bank_reference, NEW.paid_by) IS DISTINCT FROM (OLD.paid_on, OLD.bank_reference, OLD.paid_by))
        OR (NEW.bank_account_id, NEW.sent_by, NEW.order_reference, NEW.authorised_by, NEW.approved_by, NEW.certified_by, NEW.requested_by)
       IS DISTINCT FROM (OLD.bank_account_id, OLD.sent_by, OLD.order_reference,
        OLD.authorised_by, OLD.approved_by, OLD.certified_by, OLD.requested_by)) THEN
      PERFORM refuse('tranche_paid_frozen', 'a paid tranche is frozen');
    END IF;
    IF reversed AND ((NEW.paid_on, NEW.bank_reference, NEW.paid_by) IS DISTINCT FROM (NULL::date, NULL::text, NULL::uuid) OR EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment')) THEN
      PERFORM refuse('tranche_reversed_in_ledger', 'the ledger still carries this payment');
    END IF;
    IF OLD.state IN ('recovery_due', 'recovered', 'written_off') AND (NEW.recovery_amount IS DISTINCT FROM OLD.recovery_amount
        OR (OLD.state <> 'recovery_due' AND (NEW.recovered_on, NEW.recovery_reference)
          IS DISTINCT FROM (OLD.recovered_on, OLD.recovery_reference))) THEN
      PERFORM refuse('tranche_paid_frozen', 'what is ordered back stays as it was ordered');
    END IF;
    -- they may only be forgotten all together, when the tranche goes back to be requested anew
    IF OLD.state IN ('requested', 'certified', 'approved', 'authorised', 'sent', 'failed') AND NEW.state <> 'due' AND (
       NEW.requested_by IS DISTINCT FROM OLD.requested_by OR NEW.bank_account_id IS DISTINCT FROM OLD.bank_account_id
       OR (OLD.certified_by IS NOT NULL AND NEW.certified_by IS DISTINCT FROM OLD.certified_by)
       OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by)
       OR (OLD.authorised_by IS NOT NULL AND NEW.authorised_by IS DISTINCT FROM OLD.authorised_by)
       OR (OLD.sent_by IS NOT NULL AND (NEW.sent_by, NEW.order_reference) IS DISTINCT FROM (OLD.sent_by, OLD.order_reference))) THEN
      PERFORM refuse('tranche_persons_frozen', 'who asked, certified and approved stays');
    END IF;
    IF NEW.state = 'failed' AND OLD.state = 'sent' AND EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment') THEN
      PERFORM refuse('tranche_paid_in_ledger', 'the ledger carries the payment of this tranche');
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state IS DISTINCT FROM OLD.state AND NEW.state IN ('recovered', 'written_off', 'cancelled')
     AND NOT importing() AND (NEW.state <> 'cancelled' OR EXISTS (
       SELECT 1 FROM ledger_entry WHERE award_id = NEW.award_id AND kind = 'commitment'))
     AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE tranche_id = NEW.id AND kind = CASE NEW.state
       WHEN 'recovered' THEN 'recovery' WHEN 'written_off' THEN 'write_off' ELSE 'decommitment' END
       AND amount::numeric = CASE NEW.state WHEN 'cancelled' THEN NEW.amount::numeric ELSE NEW.recovery_amount::numeric END) THEN
    PERFORM refuse('tranche_settled_in_ledger', 'the ledger does not say what became of this money');
  END IF;
  IF NEW.state <> 'cancelled' THEN
    SELECT coalesce(sum(amount), 0) INTO used FROM tranche WHERE award_id = NEW.award_id AND state <> 'cancelled' AND id <> NEW.id;
    IF used + NEW.amount > its_award.amount THEN PERFORM refuse('tranche_within_award', 'tranches exceed the award'); END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NOT reversed AND NEW.state IS DISTINCT FROM OLD.state
     AND NEW.state IN ('due', 'requested', 'certified', 'approved', 'authorised', 'sent', 'paid') THEN
    IF its_award.state NOT IN ('active', 'closing') AND NOT (NEW.state IN ('due', 'paid') AND its_award.state IN ('suspended', 'terminated')) THEN
      PERFORM refuse('tranche_after_signature', 'nothing is paid before the agreement is signed by both, nor while it is suspended');
    END IF;
    IF its_award.state = 'closing' AND NEW.state NOT IN ('due', 'paid') AND EXISTS (
        SELECT 1 FROM tranche WHERE award_id = NEW.award_id AND number > NEW.number AND state <> 'cancelled') THEN
      PERFORM refuse('tranche_final_only', 'after the end date only the final tranche is paid');
    END IF;
    IF NEW.state = 'paid' AND NOT importing() AND NOT EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment') THEN
      PERFORM refuse('tranche_paid_in_ledger', 'the ledger does not carry the payment');
    END IF;
    IF NEW.state IN ('requested', 'certified', 'approved', 'authorised', 'sent') AND EXISTS (
        SELECT 1 FROM tranche_condition c WHERE c.tranche_id = NEW.id AND (c.fulfilled_at IS NULL
        OR (c.kind IN ('report_accepted', 'visit_approved') AND NOT condition_stands(c)))) THEN
      PERFORM refuse('tranche_conditions_fulfilled', 'a condition of this tranche is not fulfilled, or not any more');
    END IF;
    IF NEW.state IN ('approved', 'authorised', 'sent', 'paid') THEN
      SELECT * INTO its_account FROM bank_account WHERE id = NEW.bank_account_id FOR SHARE;
      IF NEW.state <> 'paid' AND (its_account.verified_at IS NULL OR its_account.retired_at IS NOT NULL) THEN
        PERFORM refuse('tranche_account_verified', 'the bank account is not verified');
      END IF;
      IF its_account.verified_by IN (NEW.requested_by, NEW.certified_by, NEW.approved_by, NEW.authorised_by) THEN
        PERFORM refuse('tranche_verifier_apart', 'who verified the account neither asks for nor agrees to payments to it');
      END IF;
      SELECT p.director_threshold, p.bank_cooling INTO threshold, cooling
        FROM call c JOIN programme p ON p.id = c.programme_id WHERE c.id = its_award.call_id;
      IF NEW.state = 'sent' AND its_account.verified_at > clock_timestamp() - cooling THEN
        PERFORM refuse('tranche_account_cooling', 'the bank account was verified too recently');
      END IF;
      IF NEW.state = 'sent' AND OLD.state = 'approved' AND NEW.amount >= threshold THEN
        PERFORM refuse('tranche_director_threshold', 'an amount this large needs the director');
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tranche_money BEFORE INSERT OR UPDATE OR DELETE ON tranche FOR EACH ROW EXECUTE FUNCTION tranche_money();
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
