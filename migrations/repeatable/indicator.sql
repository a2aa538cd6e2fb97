CREATE OR REPLACE TRIGGER indicator_touch BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION touch();

-- a kind changed after values have come in would change what is accepted already
CREATE OR REPLACE FUNCTION stage(its indicator) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN EXISTS (SELECT 1 FROM report_value WHERE indicator_id = its.id) THEN 'reported_on' ELSE 'new' END $$;
CREATE OR REPLACE TRIGGER indicator_stays BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION frozen('{
  "new": ["*"],
  "never": ["programme_id"],
  "reported_on": ["code", "position", "name_ka", "name_en", "definition_ka", "definition_en", "unit_ka", "unit_en",
    "direction", "people", "baseline", "target", "active"]
}', '{"indicator_rules_stay": ["*"]}');

CREATE OR REPLACE FUNCTION award_indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
  -- what the organisation signed to achieve is neither lowered nor taken away; what was never agreed can still be added
  -- before anything was told
  IF NOT (SELECT award_is_drafting(state) OR award_is_offered(state) FROM award
      WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END) THEN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (NEW.baseline, NEW.target, NEW.target_of) IS DISTINCT FROM (OLD.baseline, OLD.target, OLD.target_of)) THEN
      PERFORM refuse('award_indicator_signed', 'what a signed grant promises stays');
    ELSIF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM report WHERE award_id = NEW.award_id AND report_sent(state))
        AND NOT EXISTS (SELECT 1 FROM award_indicator WHERE award_id = NEW.award_id AND indicator_id = NEW.indicator_id) THEN
      PERFORM refuse('award_indicator_signed', 'after a report nothing is added to what a grant promises');
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT direction INTO its_direction FROM indicator WHERE id = NEW.indicator_id;
  IF (its_direction = 'up' AND NEW.target < NEW.baseline) OR (its_direction = 'down' AND NEW.target > NEW.baseline) THEN
    PERFORM refuse('award_indicator_direction', 'the target lies against the direction');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER award_indicator_guard BEFORE INSERT OR UPDATE OR DELETE ON award_indicator FOR EACH ROW EXECUTE FUNCTION award_indicator_guard();
