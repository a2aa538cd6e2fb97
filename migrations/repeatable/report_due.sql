CREATE OR REPLACE FUNCTION report_due_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.award_id <> OLD.award_id THEN
    PERFORM refuse('report_due_frozen', 'a line of the report calendar stays with its grant');
  END IF;
  IF NOT importing() AND (SELECT state FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END
      FOR SHARE) <> 'drafting' THEN
    PERFORM refuse('report_due_frozen', 'the report calendar changes only while the agreement is drafted');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER report_due_frozen BEFORE INSERT OR UPDATE OR DELETE ON report_due FOR EACH ROW EXECUTE FUNCTION report_due_frozen();
