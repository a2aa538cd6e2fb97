CREATE OR REPLACE TRIGGER review_state BEFORE INSERT OR UPDATE ON review FOR EACH ROW EXECUTE FUNCTION guard_state('invited');
CREATE OR REPLACE TRIGGER review_touch BEFORE UPDATE ON review FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lacking int;
BEGIN
  IF TG_OP = 'INSERT' AND NOT importing() AND (SELECT state FROM application WHERE id = NEW.application_id FOR SHARE) <> 'in_review' THEN
    PERFORM refuse('review_of_application_in_review', 'reviewers are assigned while the application is in review');
  END IF;
  -- asked again before each step: who became one of the applicant's people meanwhile does not go on
  IF TG_OP = 'INSERT' OR NEW.reviewer_id <> OLD.reviewer_id OR (NEW.state <> OLD.state
      AND (review_is_clear(NEW.state) OR review_is_drafting(NEW.state) OR review_is_locked(NEW.state))) THEN
    IF NOT EXISTS (SELECT 1 FROM role WHERE account_id = NEW.reviewer_id AND kind = 'reviewer' AND until IS NULL) THEN
      PERFORM refuse('review_by_reviewer', 'only a reviewer reviews');
    END IF;
    IF EXISTS (SELECT 1 FROM role r JOIN application a ON a.id = NEW.application_id
               WHERE r.account_id = NEW.reviewer_id AND r.organisation_id = a.organisation_id) THEN
      PERFORM refuse('review_not_own_organisation', 'nobody reviews their own organisation');
    END IF;
    IF NOT importing() AND connected(NEW.reviewer_id, NEW.call_id)
        AND NOT (TG_OP = 'UPDATE' AND review_is_conflicted(OLD.state)) THEN -- which no arrow leads out of
      PERFORM refuse('review_of_no_competitor', 'nobody reviews who competes with those they have to do with');
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND review_is_locked(NEW.state) AND review_is_drafting(OLD.state) AND NOT importing() THEN
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
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER review_guard BEFORE INSERT OR UPDATE ON review FOR EACH ROW EXECUTE FUNCTION review_guard();

CREATE OR REPLACE TRIGGER review_stays BEFORE UPDATE ON review FOR EACH ROW EXECUTE FUNCTION frozen('{
  "invited>clear": ["conflict", "declaration", "declared_at"],
  "invited, clear, drafting, locked, reopened>conflicted": ["conflict", "declaration", "declared_at"],
  "drafting": ["comment"],
  "drafting>locked": ["total", "locked_at"],
  "locked>reopened": ["total", "locked_at"]
}', '{
  "review_stays": ["id", "application_id", "call_id", "reviewer_id", "assigned_by", "created"],
  "review_declaration_stays": ["conflict", "declaration", "declared_at"]
}');

CREATE OR REPLACE FUNCTION score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text; its_reviewer uuid; its_call uuid;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.review_id, NEW.criterion_id) IS DISTINCT FROM (OLD.review_id, OLD.criterion_id) THEN
    PERFORM refuse('score_stays', 'a score does not move to another review or criterion');
  END IF;
  SELECT state, reviewer_id, call_id INTO its_state, its_reviewer, its_call FROM review WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END FOR SHARE;
  IF NOT review_is_drafting(its_state) AND NOT importing() THEN
    PERFORM refuse('score_while_drafting', 'scores are written after a clean declaration and before locking');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF NOT importing() AND connected(its_reviewer, its_call) THEN
    PERFORM refuse('review_of_no_competitor', 'nobody scores who competes with those they have to do with');
  END IF;
  IF NEW.points > (SELECT max_points FROM criterion WHERE id = NEW.criterion_id) THEN
    PERFORM refuse('score_within_criterion', 'points above the criterion''s maximum');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER score_guard BEFORE INSERT OR UPDATE OR DELETE ON score FOR EACH ROW EXECUTE FUNCTION score_guard();
