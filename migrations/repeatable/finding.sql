CREATE OR REPLACE TRIGGER finding_state BEFORE INSERT OR UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER finding_touch BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION finding_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF finding_is_shared(NEW.state) AND NOT finding_is_shared(OLD.state) AND NEW.severity IN ('high', 'critical')
      AND NEW.kind <> 'good_practice' AND NOT EXISTS (SELECT 1 FROM finding_photo WHERE finding_id = NEW.id) THEN
    PERFORM refuse('finding_shared_with_evidence', 'a grave finding is shared with evidence');
  END IF;
  IF finding_is_final(NEW.state) AND NOT finding_is_final(OLD.state) AND NEW.severity IN ('high', 'critical') AND NEW.kind <> 'good_practice' THEN
    IF NOT EXISTS (SELECT 1 FROM finding_photo WHERE finding_id = NEW.id) THEN
      PERFORM refuse('finding_with_evidence', 'a grave finding needs evidence');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM recommendation WHERE finding_id = NEW.id AND NOT recommendation_is_withdrawn(state)) THEN
      PERFORM refuse('finding_with_recommendation', 'a grave finding needs a recommendation');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finding_guard BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION finding_guard();

-- a finding is kept by somebody who looks after its place; who kept it before never makes it final
CREATE OR REPLACE FUNCTION finding_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  NEW.earlier_owners := OLD.earlier_owners;
  IF NEW.author_id = OLD.author_id THEN RETURN NEW; END IF;
  NEW.earlier_owners := array_append(OLD.earlier_owners, OLD.author_id);
  IF NOT curates(NEW.author_id, (SELECT municipality_id FROM visit WHERE id = NEW.visit_id)) THEN
    PERFORM refuse('finding_author_curates', 'a finding is kept by somebody who looks after its municipality');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finding_hands BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION finding_hands();

-- a finding stays as it was shared, a response as it was given
CREATE OR REPLACE TRIGGER finding_stays BEFORE UPDATE ON finding FOR EACH ROW EXECUTE FUNCTION frozen('{
  "draft": ["kind", "severity", "text"],
  "draft, shared, responded": ["author_id", "earlier_owners"],
  "draft>shared": ["shared_at"],
  "responded>draft": ["shared_at", "response_kind", "response", "responded_by", "responded_at"],
  "shared>responded": ["response_kind", "response", "responded_by", "responded_at"],
  "responded>final": ["reviewed_by", "reviewed_at"]
}', '{"finding_response_frozen": ["response_kind", "response", "responded_by", "responded_at"]}');

CREATE OR REPLACE FUNCTION finding_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' THEN PERFORM refuse('finding_frozen', 'evidence is added or taken away, not moved'); END IF;
  SELECT state INTO its_state FROM finding WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.finding_id ELSE NEW.finding_id END FOR SHARE;
  IF (finding_settled(its_state) OR finding_is_withdrawn(its_state)) AND NOT importing() THEN
    PERFORM refuse('finding_frozen', 'the evidence of a final finding stays');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER finding_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON finding_photo FOR EACH ROW EXECUTE FUNCTION finding_photo_guard();

CREATE OR REPLACE TRIGGER finding_apart BEFORE INSERT OR UPDATE OF author_id, reviewed_by ON finding
  FOR EACH ROW EXECUTE FUNCTION apart('author_id', 'reviewed_by');
