CREATE OR REPLACE TRIGGER answer_touch BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION application_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.application_id <> OLD.application_id THEN
    PERFORM refuse('application_part_stays', 'a part of an application does not move to another application');
  END IF;
  SELECT state INTO its_state FROM application
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END FOR SHARE;
  IF its_state IS NOT NULL AND NOT application_is_draft(its_state) AND NOT importing()
     AND NOT (TG_TABLE_NAME = 'attachment' AND TG_OP = 'INSERT' AND application_asked(its_state)) THEN
    PERFORM refuse('application_frozen', 'a submitted application is frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER answer_frozen BEFORE INSERT OR UPDATE OR DELETE ON answer FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE OR REPLACE TRIGGER budget_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON budget_line FOR EACH ROW EXECUTE FUNCTION application_part_frozen();
CREATE OR REPLACE TRIGGER attachment_frozen BEFORE INSERT OR UPDATE OR DELETE ON attachment FOR EACH ROW EXECUTE FUNCTION application_part_frozen();

-- what was asked and answered stays as it is
CREATE OR REPLACE FUNCTION stage(its clarification) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN its.replied_at IS NULL THEN 'asked' ELSE 'replied' END $$;
CREATE OR REPLACE TRIGGER clarification_stays BEFORE UPDATE ON clarification FOR EACH ROW EXECUTE FUNCTION frozen('{
  "asked": ["draft"],
  "asked>replied": ["draft", "reply", "changes", "replied_by", "replied_at"]
}');

CREATE OR REPLACE FUNCTION eligibility_check_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  SELECT state INTO its_state FROM application WHERE id = NEW.application_id FOR SHARE;
  IF NOT application_in_check(its_state) AND NOT importing() THEN
    PERFORM refuse('eligibility_in_check', 'eligibility is judged during the check');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER eligibility_check_guard BEFORE INSERT OR UPDATE ON eligibility_check
  FOR EACH ROW EXECUTE FUNCTION eligibility_check_guard();

CREATE OR REPLACE FUNCTION stage(its eligibility_check) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT state FROM application WHERE id = its.application_id $$;
CREATE OR REPLACE TRIGGER eligibility_check_stays BEFORE UPDATE ON eligibility_check FOR EACH ROW EXECUTE FUNCTION frozen('{
  "admin_check, clarification": ["passed", "note", "checked_by", "checked_at"]
}', '{"eligibility_in_check": ["*"]}');
