CREATE OR REPLACE TRIGGER report_state BEFORE INSERT OR UPDATE ON report FOR EACH ROW EXECUTE FUNCTION guard_state('scheduled');
CREATE OR REPLACE TRIGGER report_touch BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER report_submission_append_only BEFORE UPDATE OR DELETE ON report_submission FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE OR REPLACE FUNCTION report_submitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO report_submission (report_id, number, body, body_sha256, submitted_by, submitted_at)
    SELECT NEW.id, count(*) + 1, NEW.body, NEW.body_sha256, NEW.submitted_by, NEW.submitted_at FROM report_submission WHERE report_id = NEW.id;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_submitted AFTER UPDATE ON report FOR EACH ROW
  WHEN (report_is_submitted(NEW.state) AND report_writable(OLD.state)) EXECUTE FUNCTION report_submitted();

CREATE OR REPLACE FUNCTION report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF report_is_submitted(NEW.state) AND report_writable(OLD.state) THEN
    IF NEW.early_reason IS NULL AND (SELECT period_to FROM report_due WHERE id = NEW.report_due_id)
        >= (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date THEN
      PERFORM refuse('report_before_its_time', 'a report comes after its period, or says why it comes before');
    END IF;
    IF NEW.body IS NULL OR NEW.submitted_by IS NULL THEN PERFORM refuse('report_signed', 'a signatory submits the whole report'); END IF;
    NEW.submitted_at := clock_timestamp();
    NEW.first_submitted_at := coalesce(OLD.first_submitted_at, NEW.submitted_at);
    NEW.body_sha256 := sha256(convert_to(NEW.body::text, 'UTF8'));
  ELSIF report_is_open(NEW.state) AND report_is_submitted(OLD.state) THEN
    IF EXISTS (SELECT 1 FROM report_return WHERE report_id = NEW.id) THEN
      PERFORM refuse('report_taken_back_once', 'only a first submission is taken back');
    END IF;
    NEW.submitted_at := NULL; NEW.first_submitted_at := NULL; NEW.submitted_by := NULL; NEW.body := NULL; NEW.body_sha256 := NULL; NEW.early_reason := NULL;
  END IF;
  IF report_is_returned(NEW.state) AND report_is_under_review(OLD.state) AND NOT EXISTS (
      SELECT 1 FROM report_return WHERE report_id = NEW.id AND at >= OLD.submitted_at) THEN
    PERFORM refuse('report_returned_with_reason', 'a report is returned with sections and a reason');
  END IF;
  IF report_is_verified(NEW.state) AND report_is_under_review(OLD.state) AND EXISTS (
      SELECT 1 FROM spending_line WHERE report_id = NEW.id AND accepted IS NULL) THEN
    PERFORM refuse('report_spending_judged', 'a spending line has no accepted amount');
  END IF;
  IF report_is_accepted(NEW.state) AND report_is_verified(OLD.state) AND NEW.accepted_cost
      IS DISTINCT FROM (SELECT coalesce(sum(accepted), 0) FROM spending_line WHERE report_id = NEW.id) THEN
    PERFORM refuse('report_accepted_cost', 'the accepted cost is the sum of what was accepted');
  END IF;
  IF NOT (report_is_verified(NEW.state) OR report_is_accepted(NEW.state)) AND num_nonnulls(NEW.manager_id, NEW.finance_id, NEW.accepted_at, NEW.accepted_cost) > 0 THEN
    PERFORM refuse('report_consent_of_verified', 'only a verified report is agreed to');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER report_guard BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION report_guard();

CREATE OR REPLACE TRIGGER report_stays BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION frozen('{
  "open, returned": ["done_ka", "done_en", "changed_ka", "changed_en", "problems_ka", "problems_en", "next_ka", "next_en"],
  "open, returned>submitted": ["submitted_by", "submitted_at", "first_submitted_at", "body", "body_sha256", "early_reason"],
  "submitted>open": ["submitted_by", "submitted_at", "first_submitted_at", "body", "body_sha256", "early_reason"],
  "under_review>returned": ["correct_by"],
  "under_review>verified": ["verified_by", "verified_at"],
  "verified": ["manager_id", "manager_at", "finance_id", "finance_at"],
  "verified>accepted": ["manager_id", "manager_at", "finance_id", "finance_at", "accepted_at", "accepted_cost"],
  "verified, accepted>under_review": ["verified_by", "verified_at", "manager_id", "manager_at", "finance_id", "finance_at",
    "accepted_at", "accepted_cost"]
}', '{"report_stays": ["id", "award_id", "report_due_id", "currency"], "report_locked": ["*"]}');

CREATE OR REPLACE TRIGGER report_apart BEFORE INSERT OR UPDATE OF verified_by, manager_id, finance_id ON report
  FOR EACH ROW EXECUTE FUNCTION apart('verified_by', 'manager_id', 'finance_id');
