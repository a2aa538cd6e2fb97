CREATE OR REPLACE TRIGGER visit_state BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION guard_state('planned');
CREATE OR REPLACE TRIGGER visit_touch BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION touch();

-- what an approved visit says can be relied on; only its summary is still translated
CREATE OR REPLACE FUNCTION visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['summary_ka', 'summary_en', 'state', 'revision', 'updated'];
BEGIN
  IF OLD.state IN ('approved', 'cancelled') AND NOT importing() AND to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
    PERFORM refuse('visit_frozen', 'an approved or cancelled visit is frozen');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER visit_guard BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION visit_guard();

CREATE OR REPLACE FUNCTION visit_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE TRIGGER visit_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON visit_photo FOR EACH ROW EXECUTE FUNCTION visit_photo_guard();
