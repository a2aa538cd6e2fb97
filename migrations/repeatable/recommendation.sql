CREATE OR REPLACE TRIGGER recommendation_state BEFORE INSERT OR UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER recommendation_touch BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION recommendation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF NOT recommendation_is_draft(OLD.state) THEN
    IF OLD.due_current IS NOT NULL AND NEW.due_current IS DISTINCT FROM OLD.due_current AND NOT EXISTS (
        SELECT 1 FROM follow_up WHERE recommendation_id = NEW.id AND kind = 'extension' AND new_due = NEW.due_current) THEN
      PERFORM refuse('recommendation_due_by_extension', 'a due date changes only by an approved extension');
    END IF;
  END IF;
  IF recommendation_is_issued(NEW.state) AND NEW.due_current IS NULL THEN
    PERFORM refuse('recommendation_with_due_date', 'a recommendation is issued with a due date');
  END IF;
  IF recommendation_is_reported_done(NEW.state) AND NOT recommendation_is_reported_done(OLD.state) AND NOT EXISTS (
      SELECT 1 FROM follow_up WHERE recommendation_id = NEW.id AND kind = 'evidence') THEN
    PERFORM refuse('recommendation_with_evidence', 'what is reported done has evidence');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER recommendation_guard BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION recommendation_guard();

-- what one of the staff owns may go to another of them; who owned it before is kept, and never verifies it
CREATE OR REPLACE FUNCTION recommendation_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  NEW.earlier_owners := OLD.earlier_owners;
  IF NEW.state <> OLD.state OR recommendation_is_draft(OLD.state) OR NEW.owner_id IS NOT DISTINCT FROM OLD.owner_id THEN
    RETURN NEW;
  END IF;
  IF NEW.addressee <> 'staff' OR NOT holds(NEW.owner_id, 'curator', 'manager', 'finance', 'director', 'chair') THEN
    PERFORM refuse('recommendation_owner_of_staff', 'a recommendation goes from one of the staff to another');
  END IF;
  NEW.earlier_owners := array_append(OLD.earlier_owners, OLD.owner_id);
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER recommendation_hands BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION recommendation_hands();

CREATE OR REPLACE TRIGGER recommendation_stays BEFORE UPDATE ON recommendation FOR EACH ROW EXECUTE FUNCTION frozen('{
  "draft": ["text_ka", "text_en", "addressee", "organisation_id", "owner_id", "municipality_id", "award_id", "finding_id",
    "theme", "priority", "due_original", "due_current"],
  "draft>issued": ["issued_by", "issued_at"],
  "issued, accepted, disputed, in_progress, reported_done, partly, reopened": ["due_current"],
  "issued, accepted, in_progress, partly, reopened": ["adopted_on", "adoption_kind"],
  "issued, accepted, disputed, in_progress, partly, reopened": ["owner_id", "earlier_owners"],
  "issued, disputed>accepted": ["owner_id"],
  "disputed>issued": ["issued_by", "issued_at", "text_ka", "text_en"],
  "accepted, partly, reopened>in_progress": ["reported_by", "reported_at", "verified_by", "verified_at"],
  "in_progress>reported_done": ["reported_by", "reported_at"],
  "reported_done>verified, partly, reopened": ["verified_by", "verified_at"],
  "draft, issued, accepted, disputed, in_progress, reported_done, partly, reopened>superseded": ["superseded_by"]
}', '{
  "recommendation_due_stays": ["due_original"],
  "recommendation_due_by_extension": ["due_current"],
  "recommendation_text_stays": ["text_ka", "text_en"],
  "recommendation_stays": ["*"]
}');
CREATE OR REPLACE TRIGGER follow_up_append_only BEFORE UPDATE OR DELETE ON follow_up FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE OR REPLACE FUNCTION follow_up_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its recommendation%ROWTYPE;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  NEW.at := clock_timestamp();
  SELECT * INTO its FROM recommendation WHERE id = NEW.recommendation_id FOR SHARE;
  IF (recommendation_final(its.state) OR recommendation_is_draft(its.state)) AND NEW.kind <> 'verification' THEN
    PERFORM refuse('follow_up_while_open', 'only an open recommendation is followed up');
  END IF;
  IF NEW.kind = 'evidence' AND num_nonnulls(NEW.upload_id, NEW.visit_id) = 0 AND its.adopted_on IS NULL THEN
    PERFORM refuse('follow_up_evidence', 'evidence is a file, a visit or a dated adoption');
  END IF;
  IF NEW.kind = 'extension' THEN
    IF NEW.approved_by = its.owner_id THEN PERFORM refuse('follow_up_second_person', 'nobody extends their own due date'); END IF;
    IF NEW.new_due <= its.due_current THEN PERFORM refuse('follow_up_later', 'an extension is to a later day'); END IF;
    IF (SELECT count(*) FROM follow_up WHERE recommendation_id = its.id AND kind = 'extension') >= 2 THEN
      PERFORM refuse('follow_up_two_extensions', 'a due date is extended twice at most');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER follow_up_guard BEFORE INSERT ON follow_up FOR EACH ROW EXECUTE FUNCTION follow_up_guard();

CREATE OR REPLACE TRIGGER recommendation_apart BEFORE INSERT OR UPDATE OF created_by, issued_by, verified_by ON recommendation
  FOR EACH ROW EXECUTE FUNCTION apart('created_by', 'issued_by', 'verified_by');
-- what is addressed to the organisation is its own people's
CREATE OR REPLACE TRIGGER recommendation_owner_apart BEFORE INSERT OR UPDATE OF owner_id ON recommendation
  FOR EACH ROW WHEN (NEW.addressee = 'staff') EXECUTE FUNCTION apart('owner_id');

CREATE OR REPLACE TRIGGER follow_up_apart BEFORE INSERT ON follow_up
  FOR EACH ROW EXECUTE FUNCTION apart('approved_by');
