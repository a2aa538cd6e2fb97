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
  WHEN (NEW.state = 'submitted' AND OLD.state IN ('open', 'returned')) EXECUTE FUNCTION report_submitted();

CREATE OR REPLACE FUNCTION report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE TRIGGER report_guard BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION report_guard();
