CREATE OR REPLACE TRIGGER report_value_touch BEFORE UPDATE ON report_value FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER report_return_append_only BEFORE UPDATE OR DELETE ON report_return FOR EACH ROW EXECUTE FUNCTION append_only();

-- what was reported is put in and taken out while its report is written, and carries no verdict before one is given
CREATE OR REPLACE FUNCTION report_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text; its_report uuid; o jsonb; n jsonb;
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
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'INSERT' AND (n->>'verdict' <> 'unverified' OR n->>'accepted' IS NOT NULL) THEN
      PERFORM refuse('report_verdict_under_review', 'a verdict is given while the report is under review');
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'value_evidence' AND n->>'visit_id' IS NOT NULL AND report_is_under_review(its_state) THEN
    RETURN NEW;
  END IF;
  PERFORM refuse('report_locked', 'what was reported is locked');
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_value_guard BEFORE INSERT OR DELETE ON report_value FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER value_evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON value_evidence FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER spending_line_guard BEFORE INSERT OR DELETE ON spending_line FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER spending_evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON spending_evidence FOR EACH ROW EXECUTE FUNCTION report_part_guard();
CREATE OR REPLACE TRIGGER report_document_guard BEFORE INSERT OR UPDATE OR DELETE ON report_document FOR EACH ROW EXECUTE FUNCTION report_part_guard();

-- A value and an amount are in the state of their report, which waits for us as we wait for it; `judged` is what came
-- back with its verdict. That belongs to the number it judged: a changed number loses it.
CREATE OR REPLACE FUNCTION stage(its report_value) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT CASE WHEN its.verified_by IS NOT NULL AND report_writable(state) THEN 'judged' ELSE state END
   FROM report WHERE id = its.report_id FOR SHARE $$;
CREATE OR REPLACE TRIGGER report_value_stays BEFORE UPDATE ON report_value FOR EACH ROW EXECUTE FUNCTION frozen('{
  "open, returned": ["reported", "reported_of", "words_ka", "words_en", "sure", "no_data_reason", "note"],
  "judged": ["note", "sure"],
  "judged>open, returned": ["reported", "reported_of", "words_ka", "words_en", "sure", "no_data_reason", "note", "verdict", "verified", "verified_of",
    "verdict_note", "verified_by", "verified_at"],
  "under_review": ["verdict", "verified", "verified_of", "verdict_note", "verified_by", "verified_at"]
}', '{
  "report_verdict_under_review": ["open", "returned", "judged"],
  "report_locked": ["report_id", "award_id", "indicator_id", "municipality_id", "cell", "*"]
}');
-- a grade is one of its indicator's; words count one, and stand nowhere else
CREATE OR REPLACE FUNCTION report_value_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its record; said boolean;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  SELECT kind, cardinality(grades_ka) AS grades INTO its FROM indicator WHERE id = NEW.indicator_id;
  said := coalesce(btrim(NEW.words_ka), '') || coalesce(btrim(NEW.words_en), '') <> '';
  IF said <> (its.kind = 'text' AND NEW.reported IS NOT NULL) OR its.kind = 'text' AND NEW.verified <> 1
      OR its.kind IN ('ordinal', 'text') AND NEW.cell <> 'total'
      OR its.kind = 'ordinal' AND (NEW.reported NOT BETWEEN 1 AND its.grades OR NEW.reported <> trunc(NEW.reported)
        OR NEW.verified NOT BETWEEN 1 AND its.grades OR NEW.verified <> trunc(NEW.verified)) THEN
    PERFORM refuse('report_value_kind', 'a value is told as its indicator says');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER report_value_of_kind BEFORE INSERT OR UPDATE OF reported, verified, words_ka, words_en ON report_value
  FOR EACH ROW EXECUTE FUNCTION report_value_of_kind();
CREATE OR REPLACE FUNCTION stage(its spending_line) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT CASE WHEN its.accepted IS NOT NULL AND report_writable(state) THEN 'judged' ELSE state END
   FROM report WHERE id = its.report_id FOR SHARE $$;
CREATE OR REPLACE TRIGGER spending_line_stays BEFORE UPDATE ON spending_line FOR EACH ROW EXECUTE FUNCTION frozen('{
  "open, returned": ["spent", "note"],
  "judged": ["note"],
  "judged>open, returned": ["spent", "note", "accepted", "verdict_note"],
  "under_review": ["accepted", "verdict_note", "spent_grant", "accepted_grant"],
  "accepted": ["spent_grant", "accepted_grant"]
}', '{
  "report_verdict_under_review": ["open", "returned", "judged"],
  "report_locked": ["report_id", "budget_line_id", "*"]
}');

-- what proves a verdict is not younger than it; this holds for whoever brings in history, too
CREATE OR REPLACE FUNCTION proof_before_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM report_value v JOIN value_evidence e ON e.value_id = v.id JOIN visit s ON s.id = e.visit_id
      WHERE v.id = CASE TG_TABLE_NAME WHEN 'report_value' THEN (to_jsonb(NEW)->>'id')::uuid ELSE (to_jsonb(NEW)->>'value_id')::uuid END
        AND s.visited_on > (v.verified_at AT TIME ZONE 'Asia/Tbilisi')::date) THEN
    PERFORM refuse('value_evidence_younger', 'a verdict does not rest on a visit that came after it');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER value_evidence_before AFTER INSERT OR UPDATE ON value_evidence FOR EACH ROW
  WHEN (NEW.visit_id IS NOT NULL) EXECUTE FUNCTION proof_before_verdict();
CREATE OR REPLACE TRIGGER report_value_after_proof AFTER INSERT OR UPDATE OF verified_at ON report_value FOR EACH ROW
  WHEN (NEW.verified_at IS NOT NULL) EXECUTE FUNCTION proof_before_verdict();

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

-- of what a line cost, the part that its share of the grant pays
CREATE OR REPLACE FUNCTION grant_part(cost numeric, line numeric, own_share numeric) RETURNS numeric LANGUAGE sql IMMUTABLE
RETURN least(coalesce(round(cost * (line - own_share) / nullif(line, 0), 2), 0), line - own_share);

-- Known while the report is accepted. All accepted reports of a line are taken together, so that the last one takes what
-- rounding left over, and never more than the grant gives for the line.
CREATE OR REPLACE FUNCTION spending_line_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its award_line%ROWTYPE; before record;
BEGIN
  NEW.spent_grant := NULL; NEW.accepted_grant := NULL;
  SELECT l.* INTO its FROM report r JOIN award_line l ON l.award_id = r.award_id AND l.budget_line_id = NEW.budget_line_id
    WHERE r.id = NEW.report_id AND report_is_accepted(r.state);
  IF its.id IS NULL THEN RETURN NEW; END IF;
  SELECT coalesce(sum(spent), 0) AS spent, coalesce(sum(spent_grant), 0) AS spent_grant,
      coalesce(sum(accepted), 0) AS accepted, coalesce(sum(accepted_grant), 0) AS accepted_grant INTO before
    FROM spending_line s JOIN report r ON r.id = s.report_id
    WHERE s.budget_line_id = NEW.budget_line_id AND s.id <> NEW.id AND report_is_accepted(r.state);
  NEW.spent_grant := greatest(0, least(NEW.spent::numeric, its.amount::numeric - its.own_share::numeric - before.spent_grant,
    grant_part(before.spent + NEW.spent::numeric, its.amount, its.own_share) - before.spent_grant));
  NEW.accepted_grant := greatest(0, least(NEW.accepted::numeric, its.amount::numeric - its.own_share::numeric - before.accepted_grant,
    grant_part(before.accepted + NEW.accepted::numeric, its.amount, its.own_share) - before.accepted_grant));
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER spending_line_grant BEFORE INSERT OR UPDATE ON spending_line FOR EACH ROW EXECUTE FUNCTION spending_line_grant();

CREATE OR REPLACE FUNCTION report_grant_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE spending_line SET accepted = accepted WHERE report_id = NEW.id;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER report_grant_part AFTER UPDATE OF state ON report FOR EACH ROW
  WHEN (report_is_accepted(NEW.state) <> report_is_accepted(OLD.state)) EXECUTE FUNCTION report_grant_part();

-- Reports that were accepted when the whole cost was taken for the grant's: told apart now, in the order of their
-- periods, and corrected in the ledger as any mistake is, by a reversing entry and the right one.
DO $$
DECLARE one record; part numeric;
BEGIN
  FOR one IN SELECT r.id, e.id AS entry FROM report r JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = r.award_id
      LEFT JOIN standing_entry e ON e.award_id = a.id AND e.kind = 'accepted_cost' AND e.note = format('report:%s/%s', a.reference, d.number)
      WHERE report_is_accepted(r.state) AND EXISTS (SELECT 1 FROM spending_line WHERE report_id = r.id AND accepted_grant IS NULL)
      ORDER BY r.award_id, d.number LOOP
    UPDATE spending_line SET accepted = accepted WHERE report_id = one.id;
    SELECT coalesce(sum(accepted_grant), 0) INTO part FROM spending_line WHERE report_id = one.id;
    IF one.entry IS NOT NULL AND part <> (SELECT amount FROM ledger_entry WHERE id = one.entry) THEN
      INSERT INTO ledger_entry (kind, debit, credit, amount, currency, call_id, award_id, actor, note, reverses)
        SELECT 'reversal', credit, debit, amount, currency, call_id, award_id, actor, note, id FROM ledger_entry WHERE id = one.entry;
      INSERT INTO ledger_entry (kind, debit, credit, amount, currency, call_id, award_id, actor, note)
        SELECT kind, debit, credit, part, currency, call_id, award_id, actor, note FROM ledger_entry WHERE id = one.entry AND part > 0;
    END IF;
  END LOOP;
END $$;

CREATE OR REPLACE TRIGGER report_value_apart BEFORE INSERT OR UPDATE OF verified_by ON report_value
  FOR EACH ROW EXECUTE FUNCTION apart('verified_by');

CREATE OR REPLACE TRIGGER report_return_apart BEFORE INSERT ON report_return
  FOR EACH ROW EXECUTE FUNCTION apart('author_id');
