CREATE OR REPLACE TRIGGER finding_state BEFORE INSERT OR UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER finding_touch BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION finding_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF OLD.state <> 'draft' AND (NEW.visit_id, NEW.kind, NEW.severity, NEW.text, NEW.author_id)
     IS DISTINCT FROM (OLD.visit_id, OLD.kind, OLD.severity, OLD.text, OLD.author_id) THEN
    PERFORM refuse('finding_frozen', 'a finding stays as it was shared');
  END IF;
  IF OLD.state NOT IN ('draft', 'shared') AND (NEW.response_kind, NEW.response, NEW.responded_by)
     IS DISTINCT FROM (OLD.response_kind, OLD.response, OLD.responded_by) THEN
    PERFORM refuse('finding_response_frozen', 'a response stays as it was given');
  END IF;
  IF NEW.state = 'final' AND OLD.state <> 'final' AND NEW.severity IN ('high', 'critical') AND NEW.kind <> 'good_practice' THEN
    IF NOT EXISTS (SELECT 1 FROM finding_photo WHERE finding_id = NEW.id) THEN
      PERFORM refuse('finding_with_evidence', 'a grave finding needs evidence');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM recommendation WHERE finding_id = NEW.id AND state <> 'withdrawn') THEN
      PERFORM refuse('finding_with_recommendation', 'a grave finding needs a recommendation');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finding_guard BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION finding_guard();

CREATE OR REPLACE FUNCTION finding_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' THEN PERFORM refuse('finding_frozen', 'evidence is added or taken away, not moved'); END IF;
  SELECT state INTO its_state FROM finding WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.finding_id ELSE NEW.finding_id END FOR SHARE;
  IF its_state IN ('final', 'closed', 'withdrawn') AND NOT importing() THEN
    PERFORM refuse('finding_frozen', 'the evidence of a final finding stays');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finding_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON finding_photo FOR EACH ROW EXECUTE FUNCTION finding_photo_guard();
