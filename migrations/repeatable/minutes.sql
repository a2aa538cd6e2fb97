CREATE OR REPLACE TRIGGER meeting_minutes_state BEFORE INSERT OR UPDATE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION guard_state('open');
CREATE OR REPLACE TRIGGER meeting_minutes_touch BEFORE UPDATE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION meeting_minutes_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF meeting_minutes_is_signed(OLD.state) THEN PERFORM refuse('minutes_frozen', 'signed minutes are frozen'); END IF;
    RETURN OLD;
  END IF;
  IF meeting_minutes_is_signed(NEW.state) AND meeting_minutes_is_open(OLD.state) AND NOT importing() THEN
    IF EXISTS (SELECT 1 FROM call WHERE id = NEW.call_id AND NEW.signed_by IN (created_by, submitted_by, approved_by)) OR NOT EXISTS (
        SELECT 1 FROM role WHERE account_id = NEW.signed_by AND kind = 'chair' AND until IS NULL) THEN
      PERFORM refuse('minutes_by_chair', 'the chair signs, who neither wrote nor approved the call');
    END IF;
    IF connected(NEW.signed_by, NEW.call_id) THEN
      PERFORM refuse('minutes_by_no_competitor', 'nobody decides who competes with those they have to do with');
    END IF;
    -- minutes that say nothing get no sum, and the table takes none signed without
    NEW.body_sha256 := sha256(convert_to(NEW.body::text, 'UTF8'));
    NEW.signed_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER meeting_minutes_guard BEFORE UPDATE OR DELETE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION meeting_minutes_guard();

CREATE OR REPLACE TRIGGER meeting_minutes_stays BEFORE UPDATE ON meeting_minutes FOR EACH ROW EXECUTE FUNCTION frozen('{
  "open": ["held_on", "present", "text", "reserve_until"],
  "open>signed": ["body", "body_sha256", "signed_by", "signed_at"]
}', '{"minutes_frozen": ["*"]}');

CREATE OR REPLACE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NOT call_is_evaluating(its_call.state) OR NOT application_for_committee(its_application.state) THEN
    PERFORM refuse('decision_of_scored', 'the committee decides on scored applications of a call being evaluated');
  END IF;
  IF application_is_corrected(its_application.state) AND NEW.outcome NOT IN ('approve', 'reject') THEN
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
CREATE OR REPLACE TRIGGER decision_guard BEFORE INSERT OR UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_guard();
