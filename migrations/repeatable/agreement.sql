CREATE OR REPLACE TRIGGER agreement_append_only BEFORE UPDATE OR DELETE ON agreement FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE OR REPLACE TRIGGER signature_append_only BEFORE UPDATE OR DELETE ON signature FOR EACH ROW EXECUTE FUNCTION append_only();

-- a document is made to be offered, and each side signs the offered one in its turn
CREATE OR REPLACE FUNCTION agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  SELECT state INTO its_state FROM award WHERE id = NEW.award_id FOR SHARE;
  IF TG_TABLE_NAME = 'agreement' THEN
    NEW.made_at := clock_timestamp();
    IF NOT award_is_drafting(its_state) THEN PERFORM refuse('agreement_while_drafting', 'an agreement is made while it is drafted'); END IF;
    RETURN NEW;
  END IF;
  NEW.signed_at := clock_timestamp();
  IF NOT (CASE NEW.party WHEN 'cso' THEN award_is_offered(its_state) ELSE award_is_signed_cso(its_state) END) THEN
    PERFORM refuse('signature_in_turn', 'the organisation signs what is offered, the programme what is signed by the organisation');
  END IF;
  IF EXISTS (SELECT 1 FROM signature WHERE agreement_id = NEW.agreement_id AND signed_by = NEW.signed_by) THEN
    PERFORM refuse('signature_second_person', 'nobody signs for both sides');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreement_guard BEFORE INSERT ON agreement FOR EACH ROW EXECUTE FUNCTION agreement_guard();
CREATE OR REPLACE TRIGGER signature_guard BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION agreement_guard();

CREATE OR REPLACE TRIGGER agreement_apart BEFORE INSERT ON agreement
  FOR EACH ROW EXECUTE FUNCTION apart('made_by');

CREATE OR REPLACE TRIGGER signature_apart BEFORE INSERT ON signature
  FOR EACH ROW
  WHEN (NEW.party = 'funder') EXECUTE FUNCTION apart('signed_by');
