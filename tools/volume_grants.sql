-- What became of the applications of tools/volume.py. Every word is made up and says so; the same rows come each time.
-- Rows are written as they would stand after every step; tables are analysed as they fill, for joins to be planned well.
-- What begins with a colon is filled in by tools/volume_grants.py.

-- reviews and decisions ------------------------------------------------------------------------------------
INSERT INTO criterion (call_id, position, title_ka, title_en, max_points, weight)
SELECT c.id, n, ':ka: კრიტერიუმი ' || n, ':en: criterion ' || n, 10, n
FROM call c, generate_series(1, 3) n WHERE c.reference LIKE 'C-B-%';
ANALYZE criterion;
INSERT INTO review (application_id, call_id, reviewer_id, state, assigned_by, due_on, conflict, declared_at, comment,
  total, locked_at)
SELECT a.id, a.call_id, r.id, CASE WHEN locked THEN 'locked' ELSE 'invited' END, :manager, current_date + 20,
  CASE WHEN locked THEN false END, CASE WHEN locked THEN a.submitted_at + interval '3 days' END, ':en comment',
  CASE WHEN locked THEN 30 + (:quality + :opinion) * 0.5 * 0.68 END,
  CASE WHEN locked THEN a.submitted_at + interval '5 days' END
FROM application a CROSS JOIN (VALUES (:reviewer::uuid, 1), (:reviewer2::uuid, 2)) r (id, n)
CROSS JOIN LATERAL (SELECT a.state <> 'in_review' OR r.n = 1 AND :opinion < 50 AS locked) l
WHERE a.number LIKE 'A-B-%' AND a.state IN ('in_review', 'scored', 'rejected', 'approved');
ANALYZE review;
INSERT INTO score (review_id, call_id, criterion_id, points, comment)
SELECT v.id, v.call_id, c.id, least(10, round((v.total / 10)::numeric, 1)), ':en'
FROM review v JOIN criterion c ON c.call_id = v.call_id JOIN call k ON k.id = v.call_id
WHERE k.reference LIKE 'C-B-%' AND v.state = 'locked';
ANALYZE score;
INSERT INTO meeting_minutes (call_id, number, held_on, present, text, state, opened_by, signed_by, signed_at, body,
  body_sha256)
SELECT c.id, 1, c.deadline::date + 30, ':en', ':en', 'signed', :manager, :chair, c.deadline + interval '30 days',
  '{}', sha256(convert_to('{}', 'UTF8')) FROM call c WHERE c.reference LIKE 'C-B-%';
ANALYZE meeting_minutes;
INSERT INTO decision (minutes_id, call_id, application_id, outcome, amount, reason, decided_by, decided_at)
SELECT m.id, a.call_id, a.id, CASE a.state WHEN 'approved' THEN 'approve' ELSE 'reject' END,
  CASE a.state WHEN 'approved' THEN a.requested END, ':en', :chair, m.signed_at
FROM application a JOIN meeting_minutes m ON m.call_id = a.call_id JOIN call c ON c.id = a.call_id
WHERE c.reference LIKE 'C-B-%' AND a.state IN ('approved', 'rejected');
ANALYZE decision;

-- grants and their money ------------------------------------------------------------------------------------
INSERT INTO award (reference, application_id, call_id, organisation_id, municipality_id, currency, amount, state,
  title_ka, title_en, summary_ka, summary_en, starts_on, ends_on, curator_id, proposed_by, approved_by, approved_at,
  offered_by, offered_at, signed_by, signed_at, countersigned_by, countersigned_at, closing_manager_id,
  closing_finance_id, closed_at)
SELECT replace(a.number, 'A-B', 'G-B'), a.id, a.call_id, a.organisation_id, a.municipality_id, a.currency, a.requested,
  s.state, a.title_ka, a.title_en, a.summary_ka, a.summary_en, day, day + 380, :curator, :manager, :director, at,
  :manager, at, :signatory, at, :director, at, CASE s.state WHEN 'closed' THEN :manager::uuid END,
  CASE s.state WHEN 'closed' THEN :finance::uuid END, CASE s.state WHEN 'closed' THEN day + interval '400 days' END
FROM application a JOIN call c ON c.id = a.call_id
CROSS JOIN LATERAL (SELECT CASE WHEN :of_application < 50 THEN 'closed' WHEN :of_application < 90 THEN 'active' WHEN :of_application < 97
  THEN 'closing' WHEN :of_application < 99 THEN 'suspended' ELSE 'terminated' END AS state) s
CROSS JOIN LATERAL (SELECT date_trunc('month', current_date)::date - CASE s.state WHEN 'closed' THEN 450 ELSE 380 END
  - (substr(c.reference, 5)::int * 31) AS day) d
CROSS JOIN LATERAL (SELECT day - interval '10 days' AS at) t
WHERE a.number LIKE 'A-B-%' AND a.state = 'approved';
ANALYZE award;
INSERT INTO bank_account (organisation_id, holder, iban, bank_name, entered_by, entered_at, verified_by, verified_at,
  verification_note)
SELECT o.id, o.name_ka, 'GE29XX' || lpad(right(o.identification_code, 9), 16, '0'), ':en bank', :signatory,
  now() - interval '500 days', :finance, now() - interval '490 days', ':en'
FROM organisation o WHERE EXISTS (SELECT 1 FROM award a WHERE a.organisation_id = o.id AND a.reference LIKE 'G-B-%');
ANALYZE bank_account;
INSERT INTO tranche (award_id, organisation_id, currency, number, amount, state, planned_on, bank_account_id, requested_by,
  requested_at, certified_by, certified_at, approved_by, approved_at, sent_by, sent_at, order_reference, paid_by, paid_on,
  bank_reference, confirmed_by, confirmed_at)
SELECT a.id, a.organisation_id, a.currency, n, CASE n WHEN 1 THEN half ELSE a.amount - half END, s.state,
  a.starts_on + n * 60, CASE WHEN asked THEN b.id END, CASE WHEN asked THEN :signatory::uuid END,
  CASE WHEN asked THEN day END, CASE WHEN went THEN :manager::uuid END, CASE WHEN went THEN day END,
  CASE WHEN went THEN :director::uuid END, CASE WHEN went THEN day END, CASE WHEN went THEN :finance::uuid END,
  CASE WHEN went THEN day END, CASE WHEN went THEN a.reference || '/' || n || ' order' END,
  CASE WHEN went THEN :finance::uuid END, CASE WHEN went THEN a.starts_on + n * 60 + 4 END,
  CASE WHEN went THEN a.reference || '/' || n || ' bank' END, CASE WHEN went THEN :signatory::uuid END,
  CASE WHEN went THEN day END
FROM award a JOIN bank_account b ON b.organisation_id = a.organisation_id AND b.retired_at IS NULL
CROSS JOIN generate_series(1, 2) n
CROSS JOIN LATERAL (SELECT round(a.amount * 0.6, 2) AS half, a.starts_on + n * 60 + interval '12 hours' AS day) h
CROSS JOIN LATERAL (SELECT CASE WHEN n = 1 OR a.state IN ('closed', 'closing') OR :of_grant % 10 < 8 THEN 'confirmed'
  WHEN a.state = 'terminated' THEN 'cancelled' WHEN a.state = 'suspended' THEN 'planned'
  WHEN :of_grant % 10 = 9 THEN 'requested' ELSE 'due' END AS state) s
CROSS JOIN LATERAL (SELECT s.state IN ('confirmed', 'requested') AS asked, s.state = 'confirmed' AS went) w
WHERE a.reference LIKE 'G-B-%';
ANALYZE tranche;
INSERT INTO ledger_entry (at, debit, credit, amount, currency, kind, call_id, award_id, tranche_id, actor)
SELECT x.* FROM (
  SELECT a.countersigned_at AS at, 'commitments:' || a.reference, 'envelope:' || c.reference, a.amount, a.currency,
    'commitment', a.call_id, a.id, NULL::uuid, :director::uuid
  FROM award a JOIN call c ON c.id = a.call_id WHERE a.reference LIKE 'G-B-%'
  UNION ALL
  SELECT t.confirmed_at, 'grantee:' || a.reference, 'bank:programme', t.amount, t.currency, 'payment', a.call_id, a.id,
    t.id, :finance
  FROM tranche t JOIN award a ON a.id = t.award_id WHERE a.reference LIKE 'G-B-%' AND t.state = 'confirmed') x
ORDER BY at;
ANALYZE ledger_entry;

-- reports: four of every grant are accepted; a running one has a fifth ahead, late, or on its way -----------
INSERT INTO report_due (award_id, number, kind, period_from, period_to, due_on)
SELECT a.id, n, CASE WHEN n = last THEN 'final' ELSE 'interim' END, a.starts_on + (n - 1) * 76, a.starts_on + n * 76 - 1,
  a.starts_on + n * 76 + 14
FROM award a CROSS JOIN LATERAL (SELECT CASE a.state WHEN 'closed' THEN 4 ELSE 5 END AS last) l
CROSS JOIN LATERAL generate_series(1, last) n WHERE a.reference LIKE 'G-B-%';
ANALYZE report_due;
INSERT INTO report (award_id, report_due_id, currency, state, done_ka, done_en, submitted_by, first_submitted_at,
  submitted_at, body, body_sha256, verified_by, verified_at, manager_id, manager_at, finance_id, finance_at, accepted_at,
  accepted_cost, updated)
SELECT a.id, d.id, a.currency, s.state, ':ka ტექსტი', ':en text', CASE WHEN sent THEN :signatory::uuid END,
  CASE WHEN sent THEN day END, CASE WHEN sent THEN day END, CASE WHEN sent THEN '{}'::jsonb END,
  CASE WHEN sent THEN sha256(convert_to('{}', 'UTF8')) END, CASE WHEN seen THEN :curator::uuid END, CASE WHEN seen THEN day END,
  CASE WHEN done THEN :manager::uuid END, CASE WHEN done THEN day END, CASE WHEN done THEN :finance::uuid END,
  CASE WHEN done THEN day END, CASE WHEN done THEN day END, CASE WHEN done THEN 0 END, day
FROM report_due d JOIN award a ON a.id = d.award_id
CROSS JOIN LATERAL (SELECT CASE WHEN d.number < 5 THEN 'accepted' WHEN a.state = 'terminated' THEN 'waived'
  WHEN d.due_on > current_date OR :of_grant < 2 THEN 'open' WHEN :of_grant % 20 = 3 THEN 'submitted'
  WHEN :of_grant % 20 = 4 THEN 'under_review' WHEN :of_grant % 20 = 5 THEN 'verified' ELSE 'accepted' END AS state) s
CROSS JOIN LATERAL (SELECT s.state IN ('submitted', 'under_review', 'verified', 'accepted') AS sent,
  s.state IN ('verified', 'accepted') AS seen, s.state = 'accepted' AS done,
  d.due_on - :of_grant % 12 + 2 + interval '10 hours' AS day) f
WHERE a.reference LIKE 'G-B-%';
ANALYZE report;
INSERT INTO award_indicator (award_id, indicator_id, baseline, target, target_of)
SELECT a.id, i.id, 0, 200 + :of_grant, CASE WHEN i.kind IN ('ratio', 'mean') THEN 500 END
FROM award a CROSS JOIN indicator i WHERE a.reference LIKE 'G-B-%' AND i.active;
ANALYZE award_indicator;
INSERT INTO report_value (report_id, award_id, indicator_id, municipality_id, cell, reported, reported_of, verdict,
  verified, verified_of, verdict_note, verified_by, verified_at)
SELECT r.id, r.award_id, i.id, a.municipality_id, c.cell, told, of, v.verdict,
  CASE v.verdict WHEN 'verified' THEN told WHEN 'corrected' THEN greatest(told - 1, 0) END,
  CASE WHEN v.verdict IN ('verified', 'corrected') THEN of END,
  CASE WHEN v.verdict IN ('corrected', 'contradicted', 'not_verifiable') THEN ':en note' END,
  CASE WHEN v.verdict <> 'unverified' THEN :curator::uuid END,
  CASE WHEN v.verdict <> 'unverified' THEN r.submitted_at END
FROM report r JOIN award a ON a.id = r.award_id CROSS JOIN indicator i
CROSS JOIN LATERAL (SELECT unnest(CASE WHEN i.people AND i.kind <> 'unique' THEN ARRAY['total', 'women', 'men']
  ELSE ARRAY['total'] END) AS cell) c
CROSS JOIN LATERAL (SELECT abs(hashtext(r.id::text || i.code)) AS h) x
CROSS JOIN LATERAL (SELECT CASE WHEN i.kind IN ('ratio', 'mean') THEN 100 + h % 50 END AS of,
  -- now and then a count so small that it is not told to everybody
  CASE WHEN i.people AND h % 400 = 7 THEN CASE c.cell WHEN 'total' THEN 3 WHEN 'women' THEN 2 ELSE 1 END
    WHEN c.cell = 'women' THEN (h % 90 + 10) / 2 WHEN c.cell = 'men' THEN h % 90 + 10 - (h % 90 + 10) / 2
    ELSE h % 90 + 10 END AS told) y
CROSS JOIN LATERAL (SELECT CASE WHEN r.state IN ('submitted', 'under_review') OR h % 1000 < 200 THEN 'unverified'
  WHEN h % 1000 < 300 THEN 'corrected' WHEN h % 1000 < 320 THEN 'not_verifiable'
  WHEN h % 1000 = 321 THEN 'contradicted' ELSE 'verified' END AS verdict) v
WHERE a.reference LIKE 'G-B-%' AND i.active AND r.state IN ('submitted', 'under_review', 'verified', 'accepted');
ANALYZE report_value;
INSERT INTO award_line (award_id, budget_line_id, amount, own_share)
SELECT a.id, b.id, b.amount, b.own_share FROM award a JOIN budget_line b ON b.application_id = a.application_id
WHERE a.reference LIKE 'G-B-%';
INSERT INTO spending_line (report_id, budget_line_id, spent, accepted, spent_grant, accepted_grant)
SELECT r.id, b.id, round(b.amount / 5, 2), CASE WHEN r.state IN ('verified', 'accepted') THEN round(b.amount * 0.19, 2) END,
  CASE WHEN r.state = 'accepted' THEN round(b.amount / 5, 2) END, CASE WHEN r.state = 'accepted' THEN round(b.amount * 0.19, 2) END
FROM report r JOIN award a ON a.id = r.award_id JOIN budget_line b ON b.application_id = a.application_id
WHERE a.reference LIKE 'G-B-%' AND r.state IN ('submitted', 'under_review', 'verified', 'accepted');
ANALYZE spending_line;
UPDATE report r SET accepted_cost = s.cost
FROM (SELECT report_id, sum(accepted) AS cost FROM spending_line GROUP BY report_id) s
WHERE s.report_id = r.id AND r.state = 'accepted' AND r.accepted_cost = 0;

-- visits, evidence, recommendations -------------------------------------------------------------------------
INSERT INTO visit (reference, award_id, municipality_id, state, purpose_ka, purpose_en, planned_from, planned_to, lead_id,
  planned_by, place, latitude, longitude, visited_on, women, men, notes, received_at, completed_at, reviewed_by,
  reviewed_at, summary_ka, summary_en, updated)
SELECT replace(a.reference, 'G-B', 'V-B') || '-' || n, a.id, a.municipality_id, s.state, ':ka ვიზიტი', ':en visit', day,
  day + 3, CASE WHEN s.state = 'approved' THEN :curator ELSE coalesce(k.lead, :curator) END, :manager, ':ka ადგილი', CASE WHEN made THEN 42.1 END, CASE WHEN made THEN 42.7 END,
  CASE WHEN made THEN day END, CASE WHEN made THEN 12 END, CASE WHEN made THEN 11 END, ':en',
  CASE WHEN made THEN day + interval '1 day' END, CASE WHEN made THEN day + interval '2 days' END,
  CASE WHEN s.state = 'approved' THEN :curator2::uuid END, CASE WHEN s.state = 'approved' THEN day + interval '3 days' END,
  ':ka დასკვნა', ':en summary', now()
FROM award a CROSS JOIN generate_series(1, 2) n
-- what is not finished lies with somebody who looks after the place
LEFT JOIN (SELECT m.id, coalesce(max(r.account_id::text) FILTER (WHERE r.account_id = :curator), min(r.account_id::text))::uuid AS lead
  FROM municipality m JOIN role r ON r.kind = 'curator' AND curates(r.account_id, m.id) GROUP BY m.id) k ON k.id = a.municipality_id
CROSS JOIN LATERAL (SELECT CASE WHEN n = 1 OR a.state IN ('closed', 'closing') OR :of_grant % 10 < 8 THEN 'confirmed'
  WHEN a.state = 'terminated' THEN 'cancelled' WHEN a.state = 'suspended' THEN 'planned'
  WHEN :of_grant % 10 = 9 THEN 'requested' ELSE 'due' END AS state) s
CROSS JOIN LATERAL (SELECT s.state IN ('confirmed', 'requested') AS asked, s.state = 'confirmed' AS went) w
WHERE a.reference LIKE 'G-B-%';
ANALYZE tranche;
INSERT INTO ledger_entry (at, debit, credit, amount, currency, kind, call_id, award_id, tranche_id, actor)
SELECT x.* FROM (
  SELECT a.countersigned_at AS at, 'commitments:' || a.reference, 'envelope:' || c.reference, a.amount, a.currency,
    'commitment', a.call_id, a.id, NULL::uuid, :director::uuid
  FROM award a JOIN call c ON c.id = a.call_id WHERE a.reference LIKE 'G-B-%'
  UNION ALL
  SELECT t.confirmed_at, 'grantee:' || a.reference, 'bank:programme', t.amount, t.currency, 'payment', a.call_id, a.id,
    t.id, :finance
  FROM tranche t JOIN award a ON a.id = t.award_id WHERE a.reference LIKE 'G-B-%' AND t.state = 'confirmed') x
ORDER BY at;
ANALYZE ledger_entry;

-- reports: four of every grant are accepted; a running one has a fifth ahead, late, or on its way -----------
INSERT INTO report_due (award_id, number, kind, period_from, period_to, due_on)
SELECT a.id, n, CASE WHEN n = last THEN 'final' ELSE 'interim' END, a.starts_on + (n - 1) * 76, a.starts_on + n * 76 - 1,
  a.starts_on + n * 76 + 14
FROM award a CROSS JOIN LATERAL (SELECT CASE a.state WHEN 'closed' THEN 4 ELSE 5 END AS last) l
CROSS JOIN LATERAL generate_series(1, last) n WHERE a.reference LIKE 'G-B-%';
ANALYZE report_due;
INSERT INTO report (award_id, report_due_id, currency, state, done_ka, done_en, submitted_by, first_submitted_at,
  submitted_at, body, body_sha256, verified_by, verified_at, manager_id, manager_at, finance_id, finance_at, accepted_at,
  accepted_cost, updated)
SELECT a.id, d.id, a.currency, s.state, ':ka ტექსტი', ':en text', CASE WHEN sent THEN :signatory::uuid END,
  CASE WHEN sent THEN day END, CASE WHEN sent THEN day END, CASE WHEN sent THEN '{}'::jsonb END,
  CASE WHEN sent THEN sha256(convert_to('{}', 'UTF8')) END, CASE WHEN seen THEN :curator::uuid END, CASE WHEN seen THEN day END,
  CASE WHEN done THEN :manager::uuid END, CASE WHEN done THEN day END, CASE WHEN done THEN :finance::uuid END,
  CASE WHEN done THEN day END, CASE WHEN done THEN day END, CASE WHEN done THEN 0 END, day
FROM report_due d JOIN award a ON a.id = d.award_id
CROSS JOIN LATERAL (SELECT CASE WHEN d.number < 5 THEN 'accepted' WHEN a.state = 'terminated' THEN 'waived'
  WHEN d.due_on > current_date OR :of_grant < 2 THEN 'open' WHEN :of_grant % 20 = 3 THEN 'submitted'
  WHEN :of_grant % 20 = 4 THEN 'under_review' WHEN :of_grant % 20 = 5 THEN 'verified' ELSE 'accepted' END AS state) s
CROSS JOIN LATERAL (SELECT s.state IN ('submitted', 'under_review', 'verified', 'accepted') AS sent,
  s.state IN ('verified', 'accepted') AS seen, s.state = 'accepted' AS done,
  d.due_on - :of_grant % 12 + 2 + interval '10 hours' AS day) f
WHERE a.reference LIKE 'G-B-%';
ANALYZE report;
INSERT INTO award_indicator (award_id, indicator_id, baseline, target, target_of)
SELECT a.id, i.id, 0, 200 + :of_grant, CASE WHEN i.kind IN ('ratio', 'mean') THEN 500 END
FROM award a CROSS JOIN indicator i WHERE a.reference LIKE 'G-B-%' AND i.active;
ANALYZE award_indicator;
INSERT INTO report_value (report_id, award_id, indicator_id, municipality_id, cell, reported, reported_of, verdict,
  verified, verified_of, verdict_note, verified_by, verified_at)
SELECT r.id, r.award_id, i.id, a.municipality_id, c.cell, told, of, v.verdict,
  CASE v.verdict WHEN 'verified' THEN told WHEN 'corrected' THEN greatest(told - 1, 0) END,
  CASE WHEN v.verdict IN ('verified', 'corrected') THEN of END,
  CASE WHEN v.verdict IN ('corrected', 'contradicted', 'not_verifiable') THEN ':en note' END,
  CASE WHEN v.verdict <> 'unverified' THEN :curator::uuid END,
  CASE WHEN v.verdict <> 'unverified' THEN r.submitted_at END
FROM report r JOIN award a ON a.id = r.award_id CROSS JOIN indicator i
CROSS JOIN LATERAL (SELECT unnest(CASE WHEN i.people AND i.kind <> 'unique' THEN ARRAY['total', 'women', 'men']
  ELSE ARRAY['total'] END) AS cell) c
CROSS JOIN LATERAL (SELECT abs(hashtext(r.id::text || i.code)) AS h) x
CROSS JOIN LATERAL (SELECT CASE WHEN i.kind IN ('ratio', 'mean') THEN 100 + h % 50 END AS of,
  -- now and then a count so small that it is not told to everybody
  CASE WHEN i.people AND h % 400 = 7 THEN CASE c.cell WHEN 'total' THEN 3 WHEN 'women' THEN 2 ELSE 1 END
    WHEN c.cell = 'women' THEN (h % 90 + 10) / 2 WHEN c.cell = 'men' THEN h % 90 + 10 - (h % 90 + 10) / 2
    ELSE h % 90 + 10 END AS told) y
CROSS JOIN LATERAL (SELECT CASE WHEN r.state IN ('submitted', 'under_review') OR h % 1000 < 200 THEN 'unverified'
  WHEN h % 1000 < 300 THEN 'corrected' WHEN h % 1000 < 320 THEN 'not_verifiable'
  WHEN h % 1000 = 321 THEN 'contradicted' ELSE 'verified' END AS verdict) v
WHERE a.reference LIKE 'G-B-%' AND i.active AND r.state IN ('submitted', 'under_review', 'verified', 'accepted');
ANALYZE report_value;
INSERT INTO award_line (award_id, budget_line_id, amount, own_share)
SELECT a.id, b.id, b.amount, b.own_share FROM award a JOIN budget_line b ON b.application_id = a.application_id
WHERE a.reference LIKE 'G-B-%';
INSERT INTO spending_line (report_id, budget_line_id, spent, accepted, spent_grant, accepted_grant)
SELECT r.id, b.id, round(b.amount / 5, 2), CASE WHEN r.state IN ('verified', 'accepted') THEN round(b.amount * 0.19, 2) END,
  CASE WHEN r.state = 'accepted' THEN round(b.amount / 5, 2) END, CASE WHEN r.state = 'accepted' THEN round(b.amount * 0.19, 2) END
FROM report r JOIN award a ON a.id = r.award_id JOIN budget_line b ON b.application_id = a.application_id
WHERE a.reference LIKE 'G-B-%' AND r.state IN ('submitted', 'under_review', 'verified', 'accepted');
ANALYZE spending_line;
UPDATE report r SET accepted_cost = s.cost
FROM (SELECT report_id, sum(accepted) AS cost FROM spending_line GROUP BY report_id) s
WHERE s.report_id = r.id AND r.state = 'accepted' AND r.accepted_cost = 0;

-- visits, evidence, recommendations -------------------------------------------------------------------------
INSERT INTO visit (reference, award_id, municipality_id, state, purpose_ka, purpose_en, planned_from, planned_to, lead_id,
  planned_by, place, latitude, longitude, visited_on, women, men, notes, received_at, completed_at, reviewed_by,
  reviewed_at, summary_ka, summary_en, updated)
SELECT replace(a.reference, 'G-B', 'V-B') || '-' || n, a.id, a.municipality_id, s.state, ':ka ვიზიტი', ':en visit', day,
  day + 3, CASE WHEN s.state = 'approved' THEN :curator ELSE coalesce(k.lead, :curator) END, :manager, ':ka ადგილი', CASE WHEN made THEN 42.1 END, CASE WHEN made THEN 42.7 END,
  CASE WHEN made THEN day END, CASE WHEN made THEN 12 END, CASE WHEN made THEN 11 END, ':en',
  CASE WHEN made THEN day + interval '1 day' END, CASE WHEN made THEN day + interval '2 days' END,
  CASE WHEN s.state = 'approved' THEN :curator2::uuid END, CASE WHEN s.state = 'approved' THEN day + interval '3 days' END,
  ':ka დასკვნა', ':en summary', now()
FROM award a CROSS JOIN generate_series(1, 2) n
-- somebody who looks after the place
LEFT JOIN LATERAL (SELECT CASE WHEN curates(:curator, a.municipality_id) THEN :curator ELSE min(r.account_id::text)::uuid END AS lead
  FROM role r WHERE r.kind = 'curator' AND curates(r.account_id, a.municipality_id)) k ON true
CROSS JOIN LATERAL (SELECT CASE WHEN n = 1 OR a.state = 'closed' OR :of_grant % 10 < 7 THEN 'approved'
  WHEN :of_grant % 10 = 9 AND :of_grant < 50 THEN 'in_review' ELSE 'planned' END AS state) s
CROSS JOIN LATERAL (SELECT s.state <> 'planned' AS made,
  CASE s.state WHEN 'planned' THEN current_date + 5 + :of_grant ELSE a.starts_on + n * 100 + :of_grant % 60 END AS day) d
WHERE a.reference LIKE 'G-B-%';
ANALYZE visit;
INSERT INTO visit_photo (visit_id, upload_id, taken_at, consent, public, caption_ka, caption_en)
SELECT v.id, (SELECT f.upload_id FROM visit_photo f ORDER BY f.id LIMIT 1), v.received_at, true, :of_visit < 30,
  ':ka ფოტო', ':en photo'
FROM visit v JOIN award a ON a.id = v.award_id WHERE a.reference LIKE 'G-B-%' AND v.visited_on IS NOT NULL;
ANALYZE visit_photo;
WITH paper AS (SELECT b.sha256 FROM blob b WHERE b.media_type = 'application/pdf' ORDER BY sha256 LIMIT 1),
one AS (SELECT v.id, v.award_id, md5(v.id::text)::uuid AS file FROM report_value v JOIN report r ON r.id = v.report_id
  JOIN award a ON a.id = r.award_id JOIN indicator i ON i.id = v.indicator_id
  WHERE a.reference LIKE 'G-B-%' AND r.state = 'accepted' AND v.cell = 'total' AND i.position % 4 = 1),
kept AS (INSERT INTO upload (id, blob_sha256, filename, uploaded_by)
  SELECT file, sha256, 'made-up.pdf', :signatory FROM one, paper)
INSERT INTO value_evidence (value_id, award_id, upload_id, added_by) SELECT id, award_id, file, :signatory FROM one;
ANALYZE upload, value_evidence;
INSERT INTO value_evidence (value_id, award_id, visit_id, added_by)
SELECT v.id, v.award_id, w.id, :curator FROM visit w JOIN award a ON a.id = w.award_id
JOIN report_due d ON d.award_id = a.id AND d.number = 2 JOIN report_value v ON v.report_id = (
  SELECT r.id FROM report r WHERE r.report_due_id = d.id)
WHERE a.reference LIKE 'G-B-%' AND w.reference LIKE '%-1' AND v.cell = 'total';
ANALYZE value_evidence;
INSERT INTO finding (visit_id, award_id, state, kind, severity, text, author_id, response_kind, response, responded_by,
  responded_at, shared_at, reviewed_by, reviewed_at)
SELECT v.id, v.award_id, CASE WHEN :of_visit < 2 THEN 'final' ELSE 'closed' END, 'risk',
  CASE WHEN :of_visit < 1 THEN 'critical' WHEN :of_visit < 4 THEN 'high' ELSE 'low' END, ':ka დასკვნა', :curator, 'agrees',
  ':ka პასუხი', :signatory, v.reviewed_at, v.reviewed_at - interval '1 day', :curator2, v.reviewed_at
FROM visit v JOIN award a ON a.id = v.award_id
WHERE a.reference LIKE 'G-B-%' AND v.state = 'approved' AND :of_visit < 30;
ANALYZE finding;
INSERT INTO recommendation (reference, municipality_id, award_id, addressee, organisation_id, origin, text_ka, text_en,
  state, priority, due_original, due_current, issued_by, issued_at, reported_by, reported_at, verified_by, verified_at,
  created_by)
SELECT replace(v.reference, 'V-B', 'R-B'), v.municipality_id, CASE WHEN town THEN NULL ELSE v.award_id END,
  CASE WHEN town THEN 'municipality' ELSE 'cso' END, CASE WHEN town THEN NULL ELSE a.organisation_id END, ':en',
  ':ka რეკომენდაცია', ':en recommendation', s.state, 'medium', day, day, :curator, v.reviewed_at,
  CASE WHEN s.state IN ('verified', 'reported_done') THEN :signatory::uuid END,
  CASE WHEN s.state IN ('verified', 'reported_done') THEN v.reviewed_at + interval '9 days' END,
  CASE s.state WHEN 'verified' THEN :curator2::uuid END,
  CASE s.state WHEN 'verified' THEN v.reviewed_at + interval '19 days' END, :curator
FROM visit v JOIN award a ON a.id = v.award_id
CROSS JOIN LATERAL (SELECT :of_visit % 50 = 0 AS town, CASE WHEN :of_visit < 2 THEN 'in_progress' WHEN :of_visit < 5
  THEN 'reported_done' WHEN :of_visit < 15 THEN 'accepted' ELSE 'verified' END AS state) s
CROSS JOIN LATERAL (SELECT CASE s.state WHEN 'accepted' THEN current_date + 90 ELSE v.visited_on + 60 END AS day) d
WHERE a.reference LIKE 'G-B-%' AND v.state = 'approved' AND v.reference LIKE '%-1';
ANALYZE recommendation;
