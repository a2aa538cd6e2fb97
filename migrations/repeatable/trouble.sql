-- What is not going well in signed grants, each with the key of the row that says so. What is late is here as soon as it
-- has a day: whoever asks compares it (`late_from`) with their own today.
-- `told` is what everybody may read: no finding, and no recommendation but those to municipalities.
CREATE OR REPLACE VIEW trouble AS
-- A report that was sent back is late again once its day has passed.
SELECT 'report' AS kind, r.id, a.reference, a.title_ka, a.title_en, a.organisation_id, a.municipality_id, a.call_id,
  2 AS rank, d.due_on AS since, d.due_on AS late_from, d.number, NULL::text AS severity, NULL::text AS text_ka,
  NULL::text AS text_en, r.state AS other, NULL::text AS addressee, true AS told
FROM report r JOIN report_due d ON d.id = r.report_due_id JOIN award a ON a.id = d.award_id
WHERE (report_ahead(r.state) OR report_writable(r.state)) AND award_signed(a.state) AND NOT award_is_closed(a.state)
UNION ALL
-- One without a row waits for the worker to set the calendar of its grant; nearly always there is none.
SELECT 'report', d.id, a.reference, a.title_ka, a.title_en, a.organisation_id, a.municipality_id, a.call_id,
  2, d.due_on, d.due_on, d.number, NULL::text, NULL::text, NULL::text, '', NULL::text, true
FROM report_due d JOIN award a ON a.id = d.award_id
WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.report_due_id = d.id)
  AND (EXISTS (SELECT 1 FROM result_mark) OR EXISTS (SELECT 1 FROM result_work WHERE unscheduled > 0))
  AND award_signed(a.state) AND NOT award_is_closed(a.state)
UNION ALL
SELECT 'finding', f.id, a.reference, a.title_ka, a.title_en, a.organisation_id, a.municipality_id, a.call_id,
  CASE f.severity WHEN 'critical' THEN 0 ELSE 1 END, (f.shared_at AT TIME ZONE 'Asia/Tbilisi')::date, '-infinity'::date,
  NULL::int, f.severity, f.text, f.text, v.reference, NULL::text, false
FROM finding f JOIN award a ON a.id = f.award_id JOIN visit v ON v.id = f.visit_id
WHERE f.kind IN ('problem', 'risk') AND f.severity IN ('high', 'critical') AND finding_is_final(f.state) AND award_signed(a.state)
UNION ALL
SELECT 'recommendation', c.id, a.reference, a.title_ka, a.title_en, c.organisation_id, c.municipality_id, a.call_id,
  CASE c.priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, c.due_current, c.due_current,
  NULL::int, c.priority, c.text_ka, c.text_en, c.reference, c.addressee, c.addressee = 'municipality'
FROM recommendation c LEFT JOIN award a ON a.id = c.award_id
WHERE recommendation_running(c.state) AND (a.id IS NULL OR award_signed(a.state))
UNION ALL
SELECT a.state, a.id, a.reference, a.title_ka, a.title_en, a.organisation_id, a.municipality_id, a.call_id,
  2, (SELECT max(e.at AT TIME ZONE 'Asia/Tbilisi')::date FROM event e WHERE e.object_id = a.id AND e.name = 'award.' || a.state),
  '-infinity'::date, NULL::int, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, true
FROM award a WHERE award_halted(a.state) AND award_signed(a.state)
UNION ALL
SELECT 'contradicted', v.id, a.reference, a.title_ka, a.title_en, a.organisation_id, a.municipality_id, a.call_id,
  2, (v.verified_at AT TIME ZONE 'Asia/Tbilisi')::date, '-infinity'::date,
  d.number, NULL::text, i.name_ka, i.name_en, v.id::text, NULL::text, true
FROM report_value v JOIN report r ON r.id = v.report_id JOIN report_due d ON d.id = r.report_due_id
JOIN indicator i ON i.id = v.indicator_id JOIN award a ON a.id = v.award_id
WHERE report_is_accepted(r.state) AND v.verdict = 'contradicted' AND v.cell = 'total' AND award_signed(a.state);
