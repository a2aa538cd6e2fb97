CREATE OR REPLACE TRIGGER indicator_touch BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION touch();

-- a kind changed after values have come in would change what is accepted already
CREATE OR REPLACE FUNCTION stage(its indicator) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM report_value WHERE indicator_id = its.id) THEN 'new'
  WHEN its.proposed IS NULL THEN 'reported_on' ELSE 'proposed' END $$;
CREATE OR REPLACE TRIGGER indicator_stays BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION frozen('{
  "new": ["*"],
  "never": ["programme_id"],
  "reported_on": ["position", "people"],
  "proposed": ["position", "people"],
  "reported_on>proposed": ["position", "people", "proposed", "proposed_by", "proposed_at", "proposed_reason"],
  "proposed>reported_on": ["proposed", "proposed_by", "proposed_at", "proposed_reason", "confirmed_by", "code", "name_ka", "name_en",
    "definition_ka", "definition_en", "unit_ka", "unit_en", "direction", "baseline", "baseline_of", "target", "target_of", "active"]
}', '{"indicator_by_two": ["code", "name_ka", "name_en", "definition_ka", "definition_en", "unit_ka", "unit_en", "direction",
  "baseline", "baseline_of", "target", "target_of", "active"], "indicator_rules_stay": ["*"]}');

-- after values have come in, a second person confirms what one has proposed, as it was proposed, and what stood there
-- before is kept; and what counts people goes on counting people, for others were hidden for its sake
CREATE OR REPLACE FUNCTION indicator_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was jsonb; becomes jsonb; changed jsonb;
BEGIN
  IF importing() OR stage(OLD) = 'new' THEN RETURN NEW; END IF;
  IF OLD.people AND NOT NEW.people THEN PERFORM refuse('indicator_counts_people', 'what counts people goes on counting people'); END IF;
  IF OLD.proposed IS NULL OR NEW.proposed IS NOT NULL THEN RETURN NEW; END IF;
  was := to_jsonb(OLD); becomes := to_jsonb(NEW);
  SELECT jsonb_object_agg(key, value) INTO changed FROM jsonb_each(becomes)
    WHERE value IS DISTINCT FROM was->key AND key NOT LIKE 'proposed%' AND key NOT IN ('confirmed_by', 'revision', 'updated');
  IF changed IS NULL THEN RETURN NEW; END IF;  -- refused
  IF NEW.confirmed_by IS NULL OR NEW.confirmed_by = OLD.proposed_by THEN
    PERFORM refuse('indicator_second_person', 'somebody else confirms than who proposed');
  END IF;
  IF EXISTS (SELECT 1 FROM jsonb_each_text(becomes) b WHERE changed ? b.key
      AND b.value IS DISTINCT FROM to_jsonb(jsonb_populate_record(OLD, OLD.proposed))->>b.key) THEN
    PERFORM refuse('indicator_as_proposed', 'what is confirmed is what was proposed');
  END IF;
  INSERT INTO indicator_change (indicator_id, before, after, reason, proposed_by, confirmed_by)
    SELECT OLD.id, (SELECT jsonb_object_agg(key, was->key) FROM jsonb_object_keys(changed) key), changed, OLD.proposed_reason,
      OLD.proposed_by, NEW.confirmed_by;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER indicator_by_two BEFORE UPDATE ON indicator FOR EACH ROW EXECUTE FUNCTION indicator_by_two();
CREATE OR REPLACE TRIGGER indicator_change_stays BEFORE UPDATE OR DELETE ON indicator_change FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE OR REPLACE FUNCTION award_indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its indicator%ROWTYPE;
BEGIN
  IF importing() THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.award_id, NEW.indicator_id) IS DISTINCT FROM (OLD.award_id, OLD.indicator_id) THEN
    PERFORM refuse('award_indicator_frozen', 'a promise does not move to another grant');
  END IF;
  IF (SELECT state FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END FOR SHARE)
     IN ('closed', 'terminated', 'declined', 'withdrawn_by_funder') THEN
    PERFORM refuse('award_indicator_frozen', 'what a finished grant promised stays');
  END IF;
  -- the agreement says it, from its offer on; what was never agreed can still be added once it is signed and before
  -- anything was told
  IF (SELECT award_is_offered(state) FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END)
      AND (TG_OP <> 'UPDATE' OR (NEW.baseline, NEW.baseline_of, NEW.target, NEW.target_of)
        IS DISTINCT FROM (OLD.baseline, OLD.baseline_of, OLD.target, OLD.target_of)) THEN
    PERFORM refuse('award_indicator_offered', 'what was offered is what is signed');
  END IF;
  IF NOT (SELECT award_is_drafting(state) OR award_is_offered(state) FROM award
      WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END) THEN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (NEW.baseline, NEW.baseline_of, NEW.target, NEW.target_of)
        IS DISTINCT FROM (OLD.baseline, OLD.baseline_of, OLD.target, OLD.target_of)) THEN
      PERFORM refuse('award_indicator_signed', 'what a signed grant promises stays');
    ELSIF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM report WHERE award_id = NEW.award_id AND report_sent(state))
        AND NOT EXISTS (SELECT 1 FROM award_indicator WHERE award_id = NEW.award_id AND indicator_id = NEW.indicator_id) THEN
      PERFORM refuse('award_indicator_signed', 'after a report nothing is added to what a grant promises');
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT * INTO its FROM indicator WHERE id = NEW.indicator_id;
  -- what stands in an agreement already stays as it was written
  IF TG_OP = 'UPDATE' AND (NEW.baseline, NEW.baseline_of, NEW.target, NEW.target_of)
      IS NOT DISTINCT FROM (OLD.baseline, OLD.baseline_of, OLD.target, OLD.target_of) THEN RETURN NEW; END IF;
  IF its.kind = 'ratio' AND ((NEW.target IS NULL) <> (NEW.target_of IS NULL) OR (NEW.baseline IS NULL) <> (NEW.baseline_of IS NULL)
      OR NEW.target NOT BETWEEN 0 AND NEW.target_of OR NEW.baseline NOT BETWEEN 0 AND NEW.baseline_of) THEN
    PERFORM refuse('award_indicator_share', 'of a share the part and its whole');
  ELSIF its.kind = 'text' AND num_nonnulls(NEW.baseline, NEW.baseline_of, NEW.target, NEW.target_of) > 0
      OR its.kind = 'ordinal' AND (NEW.target <> trunc(NEW.target) OR NEW.target NOT BETWEEN 1 AND cardinality(its.grades_ka)
        OR NEW.baseline <> trunc(NEW.baseline) OR NEW.baseline NOT BETWEEN 1 AND cardinality(its.grades_ka)) THEN
    PERFORM refuse('award_indicator_kind', 'a grade of this indicator, and no number for words');
  END IF;
  IF (its.direction = 'up' AND NEW.target / coalesce(CASE its.kind WHEN 'ratio' THEN NEW.target_of END, 1)
        < NEW.baseline / coalesce(NEW.baseline_of, 1))
      OR (its.direction = 'down' AND NEW.target / coalesce(CASE its.kind WHEN 'ratio' THEN NEW.target_of END, 1)
        > NEW.baseline / coalesce(NEW.baseline_of, 1)) THEN
    PERFORM refuse('award_indicator_direction', 'the target lies against the direction');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER award_indicator_guard BEFORE INSERT OR UPDATE OR DELETE ON award_indicator FOR EACH ROW EXECUTE FUNCTION award_indicator_guard();
