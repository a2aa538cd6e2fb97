-- The kept sums of a cell are what the statements of monitoring/results and monitoring/indicators give for its grants alone.
CREATE OR REPLACE FUNCTION result_cell_of(its_award uuid) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a record; found int;
BEGIN
  SELECT call_id, municipality_id, abs(hashtext(id::text) % 8) AS bucket INTO a FROM award WHERE id = its_award;
  SELECT id INTO found FROM result_cell WHERE call_id = a.call_id
    AND municipality_id IS NOT DISTINCT FROM a.municipality_id AND bucket = a.bucket;
  IF found IS NULL THEN
    INSERT INTO result_cell (call_id, municipality_id, bucket) VALUES (a.call_id, a.municipality_id, a.bucket)
      ON CONFLICT (call_id, municipality_id, bucket) DO UPDATE SET bucket = a.bucket RETURNING id INTO found;
  END IF;
  RETURN found;
END $$;

-- the mark is held until the transaction ends, so that nobody sums the cell up from what was there before
CREATE OR REPLACE FUNCTION mark_result(its_award uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE its_cell int;
BEGIN
  IF its_award IS NULL THEN RETURN; END IF;
  its_cell := result_cell_of(its_award);
  IF NOT EXISTS (SELECT 1 FROM result_mark WHERE cell_id = its_cell AND xmin = pg_current_xact_id()::xid) THEN
    INSERT INTO result_mark VALUES (its_cell) ON CONFLICT (cell_id) DO UPDATE SET cell_id = EXCLUDED.cell_id;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION sum_up_cell(its_cell int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE its uuid[]; signed uuid[];
BEGIN
  DELETE FROM result_mark WHERE cell_id = its_cell;
  SELECT array_agg(a.id), array_agg(a.id) FILTER (WHERE award_signed(a.state))
    INTO its, signed FROM award a JOIN result_cell c ON c.id = its_cell AND a.call_id = c.call_id
    AND a.municipality_id IS NOT DISTINCT FROM c.municipality_id AND abs(hashtext(a.id::text) % 8) = c.bucket;
  DELETE FROM result_money WHERE cell_id = its_cell; DELETE FROM result_month WHERE cell_id = its_cell;
  DELETE FROM result_work WHERE cell_id = its_cell; DELETE FROM result_day WHERE cell_id = its_cell;
  DELETE FROM result_indicator WHERE cell_id = its_cell; DELETE FROM result_newest WHERE cell_id = its_cell;
  DELETE FROM result_picture WHERE cell_id = its_cell;

  INSERT INTO result_money
  SELECT its_cell, step, currency, sum(amount), count(*), count(DISTINCT award_id) FROM (
    SELECT 'awarded' AS step, a.id AS award_id, a.currency, a.amount FROM award a WHERE a.id = ANY(signed)
    UNION ALL SELECT 'paid', t.award_id, t.currency, t.amount FROM tranche t WHERE t.award_id = ANY(signed)
      AND tranche_paid(t.state)
    UNION ALL SELECT 'reportable', t.award_id, t.currency, t.amount FROM tranche t JOIN award a ON a.id = t.award_id
      WHERE t.award_id = ANY(signed) AND tranche_paid(t.state) AND (a.source IS NULL
        OR EXISTS (SELECT 1 FROM report q WHERE q.award_id = a.id AND report_is_accepted(q.state)))
    UNION ALL SELECT p.step, r.award_id, r.currency, p.amount FROM spending_line s JOIN report r ON r.id = s.report_id
      CROSS JOIN LATERAL (VALUES ('reported', s.spent_grant::numeric), ('verified', s.accepted_grant::numeric),
        ('own_reported', s.spent::numeric - s.spent_grant::numeric), ('own_verified', s.accepted::numeric - s.accepted_grant::numeric)) p (step, amount)
      WHERE r.award_id = ANY(signed) AND report_is_accepted(r.state) AND p.amount > 0
    UNION ALL SELECT CASE e.kind WHEN 'recovery' THEN 'returned' ELSE 'given_back' END, e.award_id, e.currency, e.amount
      FROM ledger_entry e WHERE e.award_id = ANY(signed) AND e.kind IN ('recovery', 'decommitment')) x GROUP BY step, currency;

  INSERT INTO result_month
  SELECT its_cell, kind, currency, date_trunc('month', day)::date, sum(amount) FROM (
    SELECT 'paid' AS kind, t.currency, t.paid_on AS day, t.amount FROM tranche t WHERE t.award_id = ANY(signed)
      AND tranche_paid(t.state)
    UNION ALL SELECT 'planned', t.currency, t.planned_on, t.amount FROM tranche t
      WHERE t.award_id = ANY(signed) AND NOT tranche_is_cancelled(t.state) AND t.planned_on IS NOT NULL) x GROUP BY kind, currency, 4;

  INSERT INTO result_work (cell_id, organisations, grants, running, visits_planned, visits_made, visits_approved, visits_evidenced,
    risks, unscheduled)
  SELECT its_cell, coalesce((SELECT array_agg(DISTINCT t.organisation_id) FROM tranche t WHERE t.award_id = ANY(signed)
      AND tranche_paid(t.state)), '{}'),
    (SELECT count(*) FROM award a WHERE a.id = ANY(signed)),
    (SELECT count(*) FROM award a WHERE a.id = ANY(signed) AND award_running(a.state)),
    count(*), count(*) FILTER (WHERE made), count(*) FILTER (WHERE visit_is_approved(state)),
    count(*) FILTER (WHERE made AND latitude IS NOT NULL AND EXISTS (SELECT 1 FROM visit_photo f WHERE f.visit_id = v.id)),
    (SELECT count(*) FROM finding f WHERE f.award_id = ANY(signed) AND f.kind IN ('problem', 'risk')
      AND f.severity IN ('high', 'critical') AND finding_is_final(f.state)),
    (SELECT count(*) FROM report_due d WHERE d.award_id = ANY(signed) AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id))
  FROM (SELECT *, visit_told(state) AS made FROM visit
    WHERE award_id = ANY(signed) AND NOT visit_is_cancelled(state)) v;

  WITH promised AS (
    SELECT p.indicator_id, d.due_on, d.period_to, s.silent, s.periods, p.award_id
    FROM award_indicator p JOIN award a ON a.id = p.award_id JOIN report_due d ON d.award_id = p.award_id
    LEFT JOIN result_sum s ON s.award_id = p.award_id AND s.indicator_id = p.indicator_id
    WHERE p.award_id = ANY(signed) AND a.municipality_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id AND report_given_up(r.state)))
  INSERT INTO result_day
  SELECT its_cell, kind, indicator_id, day, count(*) FROM (
    SELECT 'due' AS kind, NULL::uuid AS indicator_id, d.due_on AS day FROM report_due d LEFT JOIN report r ON r.report_due_id = d.id
      WHERE d.award_id = ANY(signed) AND report_is_waived(r.state) IS NOT TRUE
    UNION ALL SELECT 'on_time', NULL, d.due_on FROM report_due d JOIN report r ON r.report_due_id = d.id
      WHERE d.award_id = ANY(signed) AND NOT report_is_waived(r.state)
      AND (r.first_submitted_at AT TIME ZONE 'Asia/Tbilisi')::date <= d.due_on
    UNION ALL SELECT 'risk', NULL, (f.shared_at AT TIME ZONE 'Asia/Tbilisi')::date FROM finding f WHERE f.award_id = ANY(signed)
      AND f.kind IN ('problem', 'risk') AND f.severity IN ('high', 'critical') AND finding_is_final(f.state) AND f.shared_at IS NOT NULL
    UNION ALL SELECT 'expected', indicator_id, min(due_on) FROM promised WHERE cardinality(coalesce(periods, '{}')) = 0
      AND NOT coalesce(silent, false) GROUP BY indicator_id, award_id
    UNION ALL SELECT 'absent', indicator_id, due_on FROM promised WHERE cardinality(periods) > 0 AND period_to <> ALL (periods)
  ) x GROUP BY kind, indicator_id, day;

  INSERT INTO result_indicator
  SELECT its_cell, i.id, coalesce(s.grants, 0), s.reported, s.reported_of, s.verified, s.verified_of, s.best, s.best_of,
    coalesce(s.chosen, 0), coalesce(s.checked, 0), coalesce(s.whole, 0), coalesce(s.covered, 0), coalesce(s.confirmed, 0),
    s.women, s.men, coalesce(s.inside, 0), coalesce(s.told, 0), coalesce(s.silent, 0), coalesce(p.promises, 0),
    coalesce(p.targets, 0), p.target, p.target_of, coalesce(p.without_of, 0), coalesce(p.baselines, 0), p.baseline, p.baseline_of,
    coalesce(e.documents, 0), coalesce(e.visits, 0), coalesce(e.photos, 0)
  FROM indicator i
  LEFT JOIN (SELECT s.indicator_id, count(*) AS grants,
      CASE i.kind WHEN 'unique' THEN max(s.reported) ELSE sum(s.reported) END AS reported, sum(s.reported_of) AS reported_of,
      CASE i.kind WHEN 'unique' THEN max(s.verified) ELSE sum(s.verified) END AS verified, sum(s.verified_of) AS verified_of,
      CASE i.kind WHEN 'unique' THEN max(s.best) ELSE sum(s.best) END AS best, sum(s.best_of) AS best_of,
      sum(s.chosen) AS chosen, sum(s.checked) AS checked, sum(s.whole) AS whole, sum(s.covered) AS covered,
      sum(s.confirmed) AS confirmed, sum(s.women) AS women, sum(s.men) AS men,
      count(*) FILTER (WHERE cardinality(s.periods) > 0) AS inside,
      count(*) FILTER (WHERE cardinality(s.periods) > 0 OR s.silent) AS told,
      count(*) FILTER (WHERE s.silent AND cardinality(s.periods) = 0) AS silent
    FROM result_sum s JOIN indicator i ON i.id = s.indicator_id WHERE s.award_id = ANY(its) GROUP BY s.indicator_id, i.kind) s
    ON s.indicator_id = i.id
  -- a part above its whole counts as nothing, as in the calculator
  LEFT JOIN (SELECT p.indicator_id, count(*) AS promises, count(p.target) AS targets,
      sum(CASE i.kind WHEN 'mean' THEN p.target * p.target_of ELSE p.target END)
        FILTER (WHERE i.kind <> 'ratio' OR p.target <= p.target_of) AS target,
      sum(CASE WHEN i.kind IN ('ratio', 'mean') THEN p.target_of ELSE 0 END)
        FILTER (WHERE p.target IS NOT NULL AND (i.kind <> 'ratio' OR p.target <= p.target_of)) AS target_of,
      count(*) FILTER (WHERE i.kind IN ('ratio', 'mean') AND p.target_of IS NULL) AS without_of,
      count(p.baseline) FILTER (WHERE i.kind <> 'ratio' OR p.baseline_of IS NOT NULL) AS baselines,
      sum(CASE i.kind WHEN 'mean' THEN p.baseline * p.target_of ELSE p.baseline END)
        FILTER (WHERE i.kind <> 'ratio' OR p.baseline <= p.baseline_of) AS baseline,
      sum(CASE i.kind WHEN 'ratio' THEN p.baseline_of WHEN 'mean' THEN p.target_of ELSE 0 END)
        FILTER (WHERE p.baseline IS NOT NULL AND (i.kind <> 'ratio' OR p.baseline <= p.baseline_of)) AS baseline_of
    FROM award_indicator p JOIN award a ON a.id = p.award_id JOIN indicator i ON i.id = p.indicator_id
    WHERE p.award_id = ANY(signed) AND a.municipality_id IS NOT NULL GROUP BY p.indicator_id) p ON p.indicator_id = i.id
  LEFT JOIN (SELECT v.indicator_id, count(DISTINCT e.upload_id) FILTER (WHERE b.media_type NOT LIKE 'image/%') AS documents,
      count(DISTINCT e.visit_id) AS visits,
      count(DISTINCT e.upload_id) FILTER (WHERE b.media_type LIKE 'image/%') + count(DISTINCT f.id) AS photos
    FROM report_value v JOIN value_evidence e ON e.value_id = v.id JOIN report r ON r.id = v.report_id
    LEFT JOIN upload u ON u.id = e.upload_id LEFT JOIN blob b ON b.sha256 = u.blob_sha256
    LEFT JOIN visit_photo f ON f.visit_id = e.visit_id
    WHERE v.award_id = ANY(its) AND report_is_accepted(r.state) GROUP BY v.indicator_id) e ON e.indicator_id = i.id
  WHERE s.indicator_id IS NOT NULL OR p.indicator_id IS NOT NULL OR e.indicator_id IS NOT NULL;

  -- four of each indicator, the verified and newest first
  INSERT INTO result_newest
  SELECT its_cell, indicator_id, id, unverified, period_to, reference FROM (
    SELECT v.indicator_id, v.id, v.verified IS NULL AS unverified, d.period_to, a.reference,
      row_number() OVER (PARTITION BY v.indicator_id ORDER BY v.verified IS NULL, d.period_to DESC, a.reference) AS place
    FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = v.award_id
    WHERE v.award_id = ANY(signed) AND report_is_accepted(r.state) AND v.cell = 'total' AND v.reported IS NOT NULL
      AND v.municipality_id IS NOT NULL) x WHERE place <= 4;

  -- four that may be seen by all, and four that may be seen by those who look after the programme
  INSERT INTO result_picture
  SELECT its_cell, indicator_id, id, public, visited_on, taken_at FROM (
    SELECT p.indicator_id, f.id, f.public, v.visited_on, f.taken_at,
      row_number() OVER (PARTITION BY p.indicator_id, f.public ORDER BY v.visited_on DESC, f.taken_at, f.id) AS place
    FROM (SELECT DISTINCT x.indicator_id, e.visit_id FROM report_value x JOIN value_evidence e ON e.value_id = x.id
        JOIN report r ON r.id = x.report_id WHERE x.award_id = ANY(signed) AND report_is_accepted(r.state) AND e.visit_id IS NOT NULL) p
    JOIN visit v ON v.id = p.visit_id JOIN visit_photo f ON f.visit_id = v.id WHERE visit_is_approved(v.state) AND f.consent) y
  WHERE place <= 4;
END $$;

CREATE OR REPLACE FUNCTION sum_up_marked() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one int; done int := 0;
BEGIN
  FOR one IN SELECT cell_id FROM result_mark ORDER BY cell_id LOOP PERFORM sum_up_cell(one); done := done + 1; END LOOP;
  RETURN done;
END $$;

CREATE OR REPLACE FUNCTION result_marked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM result_mark WHERE cell_id = NEW.cell_id) THEN PERFORM sum_up_cell(NEW.cell_id); END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS result_marked ON result_mark;
CREATE CONSTRAINT TRIGGER result_marked AFTER INSERT ON result_mark DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION result_marked();

-- whatever these pages count marks its grant
CREATE OR REPLACE FUNCTION marks_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM mark_result(OLD.award_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.award_id <> OLD.award_id) THEN PERFORM mark_result(NEW.award_id); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tranche_marks AFTER INSERT OR DELETE OR UPDATE OF state, amount, paid_on, planned_on ON tranche
  FOR EACH ROW EXECUTE FUNCTION marks_result();
-- what goes back for good, or comes back, is told beside what was awarded and paid
CREATE OR REPLACE TRIGGER ledger_marks AFTER INSERT ON ledger_entry FOR EACH ROW
  WHEN (NEW.kind IN ('recovery', 'decommitment')) EXECUTE FUNCTION marks_result();
CREATE OR REPLACE TRIGGER report_due_marks AFTER INSERT OR DELETE OR UPDATE ON report_due FOR EACH ROW EXECUTE FUNCTION marks_result();
CREATE OR REPLACE TRIGGER report_marks AFTER INSERT OR DELETE OR UPDATE OF state, first_submitted_at, report_due_id, award_id ON report
  FOR EACH ROW EXECUTE FUNCTION marks_result();
CREATE OR REPLACE TRIGGER award_indicator_marks AFTER INSERT OR DELETE OR UPDATE ON award_indicator
  FOR EACH ROW EXECUTE FUNCTION marks_result();
-- many at once, when a grant is summed up
CREATE OR REPLACE FUNCTION sums_mark_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_result(award_id) FROM (SELECT DISTINCT award_id FROM changed) x;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER result_sum_added AFTER INSERT ON result_sum REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION sums_mark_result();
CREATE OR REPLACE TRIGGER result_sum_taken AFTER DELETE ON result_sum REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION sums_mark_result();
CREATE OR REPLACE TRIGGER result_sum_changed AFTER UPDATE ON result_sum REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION sums_mark_result();
CREATE OR REPLACE TRIGGER visit_marks AFTER INSERT OR DELETE OR UPDATE OF state, award_id, visited_on, latitude ON visit
  FOR EACH ROW EXECUTE FUNCTION marks_result();
CREATE OR REPLACE TRIGGER finding_marks AFTER INSERT OR DELETE OR UPDATE OF state, kind, severity, shared_at, award_id ON finding
  FOR EACH ROW EXECUTE FUNCTION marks_result();
CREATE OR REPLACE TRIGGER value_evidence_marks AFTER INSERT OR DELETE OR UPDATE ON value_evidence
  FOR EACH ROW EXECUTE FUNCTION marks_result();

CREATE OR REPLACE FUNCTION award_marks_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_result(NEW.id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER award_marks AFTER INSERT OR UPDATE OF state, amount, currency, organisation_id, reference ON award
  FOR EACH ROW EXECUTE FUNCTION award_marks_result();

CREATE OR REPLACE FUNCTION photo_marks_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_result(award_id) FROM visit WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.visit_id END,
    CASE WHEN TG_OP <> 'DELETE' THEN NEW.visit_id END);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER visit_photo_marks AFTER INSERT OR DELETE OR UPDATE OF visit_id, consent, public, taken_at ON visit_photo
  FOR EACH ROW EXECUTE FUNCTION photo_marks_result();

CREATE OR REPLACE FUNCTION spending_marks_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM mark_result(award_id) FROM report WHERE report_is_accepted(state) AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.report_id END,
    CASE WHEN TG_OP <> 'DELETE' THEN NEW.report_id END);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER spending_line_marks AFTER INSERT OR DELETE OR UPDATE ON spending_line
  FOR EACH ROW EXECUTE FUNCTION spending_marks_result();
CREATE OR REPLACE TRIGGER report_value_marks AFTER INSERT OR DELETE OR UPDATE ON report_value
  FOR EACH ROW EXECUTE FUNCTION spending_marks_result();

-- whenever this file has changed, or is carried out for the first time, everything is summed up as it says now
DO $$ BEGIN PERFORM mark_result(id) FROM award; END $$;
