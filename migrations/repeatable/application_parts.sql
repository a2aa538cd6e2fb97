CREATE OR REPLACE TRIGGER answer_touch BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION application_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.application_id <> OLD.application_id THEN
    PERFORM refuse('application_part_stays', 'a part of an application does not move to another application');
  END IF;
  SELECT state INTO its_state FROM application
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END FOR SHARE;
  IF its_state IS NOT NULL AND its_state <> 'draft' AND NOT importing()
     AND NOT (TG_TABLE_NAME = 'attachment' AND TG_OP = 'INSERT' AND its_state IN ('clarification', 'correction')) THEN
    PERFORM refuse('application_frozen', 'a submitted application is frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER answer_frozen BEFORE INSERT OR UPDATE OR DELETE ON answer FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE OR REPLACE TRIGGER budget_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON budget_line FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE OR REPLACE TRIGGER attachment_frozen BEFORE INSERT OR UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION application_part_frozen();

CREATE OR REPLACE FUNCTION clarification_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF OLD.replied_at IS NOT NULL OR (NEW.application_id, NEW.kind, NEW.question, NEW.section_ids, NEW.asked_by, NEW.asked_at,
      NEW.due_on) IS DISTINCT FROM (OLD.application_id, OLD.kind, OLD.question, OLD.section_ids, OLD.asked_by, OLD.asked_at,
      OLD.due_on) THEN
    PERFORM refuse('clarification_frozen', 'what was asked and answered stays as it is');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER clarification_frozen BEFORE UPDATE ON clarification FOR EACH ROW EXECUTE FUNCTION clarification_frozen();

CREATE OR REPLACE FUNCTION eligibility_in_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  SELECT state INTO its_state FROM application WHERE id = NEW.application_id FOR SHARE;
  IF its_state NOT IN ('admin_check', 'clarification') AND NOT importing() THEN
    PERFORM refuse('eligibility_in_check', 'eligibility is judged during the check');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER eligibility_in_check BEFORE INSERT OR UPDATE ON eligibility_check
  FOR EACH ROW EXECUTE FUNCTION eligibility_in_check();
