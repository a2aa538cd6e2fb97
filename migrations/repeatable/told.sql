-- what was told stays told: groups and what sums held of them are only added to, and looking again is always later
CREATE OR REPLACE FUNCTION told_indicator_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.indicator_id <> OLD.indicator_id OR NEW.looked_at < OLD.looked_at OR (NEW.looked_at IS NULL AND OLD.looked_at IS NOT NULL) THEN
    PERFORM refuse('told_indicator_forward', 'what everybody was told was told then');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER told_indicator_guard BEFORE UPDATE ON told_indicator FOR EACH ROW EXECUTE FUNCTION told_indicator_guard();
