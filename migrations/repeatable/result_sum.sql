-- the grant is held, so that nobody sums it up from what was there before
CREATE OR REPLACE FUNCTION sum_up_again(its_award uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM award WHERE id = its_award FOR NO KEY UPDATE;
  INSERT INTO result_unsummed VALUES (its_award) ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION report_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sum_up_again(NEW.award_id);
  IF TG_OP = 'UPDATE' AND OLD.award_id <> NEW.award_id THEN PERFORM sum_up_again(OLD.award_id); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_begins_to_count AFTER INSERT ON report FOR EACH ROW WHEN (report_is_accepted(NEW.state))
  EXECUTE FUNCTION report_counts_differently();
CREATE OR REPLACE TRIGGER report_counts_differently AFTER UPDATE ON report FOR EACH ROW
  WHEN ((report_is_accepted(NEW.state) OR report_is_accepted(OLD.state))
    AND (NEW.state, NEW.award_id, NEW.report_due_id) IS DISTINCT FROM (OLD.state, OLD.award_id, OLD.report_due_id))
  EXECUTE FUNCTION report_counts_differently();

CREATE OR REPLACE FUNCTION value_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT award_id FROM report WHERE report_is_accepted(state)
      AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.report_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.report_id END) LOOP
    PERFORM sum_up_again(one.award_id);
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_value_counts AFTER INSERT OR UPDATE OR DELETE ON report_value FOR EACH ROW EXECUTE FUNCTION value_counts_differently();

CREATE OR REPLACE FUNCTION period_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM report WHERE report_due_id = NEW.id AND report_is_accepted(state)) THEN PERFORM sum_up_again(NEW.award_id); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_due_counts AFTER UPDATE OF period_to ON report_due FOR EACH ROW EXECUTE FUNCTION period_counts_differently();

CREATE OR REPLACE FUNCTION indicator_counts_differently() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT DISTINCT award_id FROM report_value WHERE indicator_id = NEW.id ORDER BY award_id LOOP
    PERFORM sum_up_again(one.award_id);
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER indicator_counts AFTER UPDATE OF kind, time_rule ON indicator FOR EACH ROW
  WHEN ((NEW.kind, NEW.time_rule) IS DISTINCT FROM (OLD.kind, OLD.time_rule)) EXECUTE FUNCTION indicator_counts_differently();
