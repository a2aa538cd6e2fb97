CREATE OR REPLACE TRIGGER report_value_touch BEFORE UPDATE ON report_value FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER report_return_append_only BEFORE UPDATE OR DELETE ON report_return FOR EACH ROW EXECUTE FUNCTION append_only();

-- what was reported stays as it was submitted; only the curator's verdict is added while under review
CREATE OR REPLACE FUNCTION report_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text; its_report uuid; o jsonb; n jsonb;
  judged text[] := ARRAY['verdict', 'verified', 'verified_of', 'verdict_note', 'verified_by', 'verified_at', 'accepted', 'revision', 'updated'];
  told text[] := ARRAY['note', 'revision', 'updated'];
BEGIN
  IF importing() THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF;
  IF TG_OP <> 'INSERT' THEN o := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN n := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND (n->'report_id', n->'award_id', n->'value_id', n->'spending_line_id', n->'upload_id')
      IS DISTINCT FROM (o->'report_id', o->'award_id', o->'value_id', o->'spending_line_id', o->'upload_id') THEN
    PERFORM refuse('report_locked', 'what was reported stays in its report');
  END IF;
  IF TG_TABLE_NAME IN ('report_value', 'spending_line', 'report_document') THEN its_report := (coalesce(n, o)->>'report_id')::uuid;
  ELSIF TG_TABLE_NAME = 'value_evidence' THEN SELECT report_id INTO its_report FROM report_value WHERE id = (coalesce(n, o)->>'value_id')::uuid;
  ELSE SELECT report_id INTO its_report FROM spending_line WHERE id = (coalesce(n, o)->>'spending_line_id')::uuid; END IF;
  SELECT state INTO its_state FROM report WHERE id = its_report FOR SHARE;
  IF report_writable(its_state) THEN
    -- a verdict belongs to the value it judged: a changed value loses it, and nobody gives one before review
    IF TG_TABLE_NAME = 'report_value' AND n->>'verdict' <> 'unverified'
        AND (o IS NULL OR (n - told) <> (o - told)) THEN
      PERFORM refuse('report_verdict_under_review', 'a verdict is given while the report is under review');
    END IF;
    IF TG_TABLE_NAME = 'spending_line' AND n->>'accepted' IS NOT NULL
        AND (o IS NULL OR (n - told) <> (o - told)) THEN
      PERFORM refuse('report_verdict_under_review', 'an amount is accepted while the report is under review');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF report_is_under_review(its_state) THEN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('report_value', 'spending_line') AND (n - judged) = (o - judged) THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'value_evidence' AND n->>'visit_id' IS NOT NULL THEN RETURN NEW; END IF;
  END IF;
  PERFORM refuse('report_locked', 'what was reported is locked');
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_value_guard BEFORE INSERT OR UPDATE OR DELETE ON report_value FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER value_evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON value_evidence FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER spending_line_guard BEFORE INSERT OR UPDATE OR DELETE ON spending_line FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER spending_evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON spending_evidence FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER report_document_guard BEFORE INSERT OR UPDATE OR DELETE ON report_document FOR EACH ROW EXECUTE FUNCTION report_part_guard();

-- spending is told against the budget of the grant's own application
CREATE OR REPLACE FUNCTION spending_line_of_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM report r JOIN award a ON a.id = r.award_id JOIN budget_line b ON b.application_id = a.application_id
      WHERE r.id = NEW.report_id AND b.id = NEW.budget_line_id) THEN
    PERFORM refuse('spending_line_of_award', 'the budget line belongs to another grant');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER spending_line_of_award BEFORE INSERT OR UPDATE ON spending_line FOR EACH ROW EXECUTE FUNCTION spending_line_of_award();
