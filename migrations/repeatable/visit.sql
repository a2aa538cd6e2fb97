CREATE OR REPLACE TRIGGER visit_state BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION guard_state('planned');
CREATE OR REPLACE TRIGGER visit_touch BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION touch();

-- a visit is in the hands of somebody who looks after its place; who had it before is kept, and never reviews it
CREATE OR REPLACE FUNCTION visit_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN
    NEW.earlier_owners := OLD.earlier_owners;
    IF NEW.lead_id = OLD.lead_id OR NOT visit_pending(OLD.state) THEN RETURN NEW; END IF;
    NEW.earlier_owners := array_append(OLD.earlier_owners, OLD.lead_id);
  END IF;
  IF NOT curates(NEW.lead_id, NEW.municipality_id) THEN
    PERFORM refuse('visit_lead_curates', 'a visit is led by somebody who looks after its municipality');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER visit_hands BEFORE INSERT OR UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION visit_hands();

-- what a visit that was handed in says can be relied on; only its summary is still translated
CREATE OR REPLACE TRIGGER visit_stays BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION frozen('{
  "planned, confirmed": ["planned_from", "planned_to"],
  "planned, confirmed>cancelled": ["cancel_reason"],
  "in_field, received, complete": ["form_version", "visited_on", "women", "men", "notes", "place", "latitude", "longitude",
    "accuracy_m", "no_position_reason", "place_sure", "answers", "manifest", "client_sha256", "device_at"],
  "in_field, received, complete, in_review, approved, cancelled": ["summary_ka", "summary_en"],
  "planned, confirmed, in_field, received, complete, in_review": ["lead_id", "earlier_owners"],
  "in_field>received": ["received_at"],
  "received>complete": ["completed_at", "loss_reason"],
  "in_review>approved": ["reviewed_by", "reviewed_at"]
}');

CREATE OR REPLACE FUNCTION visit_photo_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  SELECT state INTO its_state FROM visit WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.visit_id ELSE NEW.visit_id END FOR SHARE;
  IF (visit_is_approved(its_state) OR visit_is_cancelled(its_state)) AND NOT importing() AND TG_OP <> 'UPDATE' THEN
    PERFORM refuse('visit_photo_frozen', 'the photos of an approved visit are frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER visit_photo_guard BEFORE INSERT OR UPDATE OR DELETE ON visit_photo FOR EACH ROW EXECUTE FUNCTION visit_photo_guard();

CREATE OR REPLACE FUNCTION stage(its visit_photo) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT state FROM visit WHERE id = its.visit_id $$;
CREATE OR REPLACE TRIGGER visit_photo_stays BEFORE UPDATE ON visit_photo FOR EACH ROW EXECUTE FUNCTION frozen('{
  "planned, confirmed, in_field, received, complete": ["consent", "public", "caption_ka", "caption_en"],
  "in_review, approved": ["public", "caption_ka", "caption_en"]
}');

CREATE OR REPLACE TRIGGER visit_apart BEFORE INSERT OR UPDATE OF planned_by, lead_id, reviewed_by ON visit
  FOR EACH ROW EXECUTE FUNCTION apart('planned_by', 'lead_id', 'reviewed_by');
