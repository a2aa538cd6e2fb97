CREATE OR REPLACE TRIGGER application_state BEFORE INSERT OR UPDATE ON application FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER application_touch BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION application_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_call call%ROWTYPE;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF (NEW.checked_by IS DISTINCT FROM OLD.checked_by AND connected(NEW.checked_by, NEW.call_id))
      OR (NEW.ineligible_proposed_by IS DISTINCT FROM OLD.ineligible_proposed_by AND connected(NEW.ineligible_proposed_by, NEW.call_id))
      OR (NEW.ineligible_confirmed_by IS DISTINCT FROM OLD.ineligible_confirmed_by AND connected(NEW.ineligible_confirmed_by, NEW.call_id)) THEN
    PERFORM refuse('application_checked_by_no_competitor', 'nobody checks who competes with those they have to do with');
  END IF;
  IF application_is_submitted(NEW.state) AND application_unsent(OLD.state) THEN
    -- shared lock: nobody closes or extends the call meanwhile
    SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR SHARE;
    -- clock_timestamp() is now; now() would be when the transaction began
    NEW.submitted_at := clock_timestamp();
    IF NOT call_is_open(its_call.state) OR NEW.submitted_at < its_call.opens_at OR NEW.submitted_at >= its_call.deadline THEN
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
  ELSIF NOT application_unsent(OLD.state) THEN
    IF application_is_draft(NEW.state) THEN
      SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR SHARE;
      IF NOT call_is_open(its_call.state) OR clock_timestamp() >= its_call.deadline THEN
        PERFORM refuse('application_in_time', 'the call is not open');
      END IF;
      NEW.submitted_at := NULL; NEW.submitted_by := NULL; NEW.body := NULL; NEW.body_sha256 := NULL;
    END IF;
    IF application_is_in_review(NEW.state) AND application_is_admin_check(OLD.state) AND EXISTS (
        SELECT 1 FROM eligibility_criterion c LEFT JOIN eligibility_check k ON k.criterion_id = c.id AND k.application_id = NEW.id
        WHERE c.call_id = NEW.call_id AND k.passed IS NOT TRUE) THEN
      PERFORM refuse('application_eligible', 'an eligibility criterion has not passed');
    END IF;
    IF application_is_scored(NEW.state) AND application_is_in_review(OLD.state)
        AND (SELECT count(*) FROM review WHERE application_id = NEW.id AND review_is_locked(state)) < (SELECT min_reviews FROM call WHERE id = NEW.call_id) THEN
      PERFORM refuse('application_after_reviews', 'not enough locked reviews');
    END IF;
    IF application_for_committee(OLD.state) AND (application_is_recommended(NEW.state) OR application_is_rejected(NEW.state)
        OR application_is_reserve(NEW.state) OR application_is_correction(NEW.state)) AND NOT EXISTS (
        SELECT 1 FROM (SELECT d.outcome FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
          WHERE d.application_id = NEW.id AND meeting_minutes_is_signed(m.state) ORDER BY m.number DESC LIMIT 1) said
        WHERE CASE said.outcome WHEN 'approve' THEN application_is_recommended(NEW.state)
          WHEN 'reject' THEN application_is_rejected(NEW.state) WHEN 'reserve' THEN application_is_reserve(NEW.state)
          WHEN 'correction' THEN application_is_correction(NEW.state) END) THEN
      PERFORM refuse('application_after_minutes', 'no signed minutes say so');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER application_guard BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION application_guard();

CREATE OR REPLACE TRIGGER application_stays BEFORE UPDATE ON application FOR EACH ROW EXECUTE FUNCTION frozen('{
  "draft": ["*"],
  "never": ["number", "call_id", "organisation_id", "currency", "created_by", "submitted_at", "submitted_by", "body",
    "body_sha256", "checked_by", "ineligible_proposed_by", "ineligible_reason", "ineligible_criterion_id",
    "ineligible_confirmed_by"],
  "awaiting_signoff": ["declared"],
  "awaiting_signoff>draft": ["declared"],
  "draft, awaiting_signoff>submitted": ["submitted_at", "submitted_by", "body", "body_sha256", "declared", "requested",
    "own_contribution", "typed"],
  "submitted>draft": ["submitted_at", "submitted_by", "body", "body_sha256", "declared"],
  "submitted>admin_check": ["checked_by"],
  "admin_check, clarification": ["checked_by"],
  "admin_check, clarification, in_review, scored, recommended, reserve": ["ineligible_proposed_by",
    "ineligible_criterion_id", "ineligible_reason"],
  "admin_check, clarification, in_review, scored, recommended, reserve>ineligible": ["ineligible_reason",
    "ineligible_confirmed_by"],
  "ineligible, rejected>admin_check": ["ineligible_proposed_by", "ineligible_criterion_id", "ineligible_reason",
    "ineligible_confirmed_by"]
}', '{"application_stays": ["call_id", "organisation_id"]}');
