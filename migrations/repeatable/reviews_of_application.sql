-- Of each application that is in review, how many reviews of it stand and how many of those are read. The kept row is
-- held first, so that of two who change its reviews the second counts what the first has written.
CREATE OR REPLACE FUNCTION count_reviews(its_application uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM application WHERE id = its_application AND application_is_in_review(state)) THEN
    DELETE FROM application_reviews WHERE application_id = its_application;
    RETURN;
  END IF;
  PERFORM 1 FROM application_reviews WHERE application_id = its_application FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO application_reviews SELECT id, call_id, 0, 0 FROM application
      WHERE id = its_application AND application_is_in_review(state) -- it may have gone on while somebody held the row
      ON CONFLICT (application_id) DO UPDATE SET call_id = EXCLUDED.call_id;
  END IF;
  UPDATE application_reviews SET (counting, reading) = (
    SELECT count(*) FILTER (WHERE review_counting(state)), count(*) FILTER (WHERE review_reading(state))
    FROM review WHERE application_id = its_application) WHERE application_id = its_application;
END $$;

CREATE OR REPLACE FUNCTION review_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_reviews(CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER review_counts AFTER INSERT OR DELETE OR UPDATE OF state ON review FOR EACH ROW EXECUTE FUNCTION review_counts();

CREATE OR REPLACE FUNCTION application_comes_to_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_reviews(NEW.id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER application_begins_in_review AFTER INSERT ON application FOR EACH ROW
  WHEN (application_is_in_review(NEW.state)) EXECUTE FUNCTION application_comes_to_review();
CREATE OR REPLACE TRIGGER application_comes_to_review AFTER UPDATE OF state ON application FOR EACH ROW
  WHEN (application_is_in_review(NEW.state) IS DISTINCT FROM application_is_in_review(OLD.state)) EXECUTE FUNCTION application_comes_to_review();

-- whenever this file has changed, or is carried out for the first time, everything is counted as it says now
DO $$ BEGIN PERFORM count_reviews(id) FROM application WHERE application_is_in_review(state); END $$;
