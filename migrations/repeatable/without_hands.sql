-- Unfinished work that stays with somebody who can no longer act: their role has ended, their account is closed, or they have
-- to do with the organisation it is about. Who may
-- act is asked once of each person and place, however much work they have (OFFSET 0 keeps the question behind the DISTINCT).
CREATE OR REPLACE FUNCTION without_hands() RETURNS TABLE (entity text, id uuid) LANGUAGE sql STABLE AS $$
  SELECT 'visit', v.id FROM (SELECT DISTINCT lead_id, municipality_id FROM visit WHERE visit_pending(state) OFFSET 0) led
    JOIN visit v USING (lead_id, municipality_id) WHERE NOT curates(led.lead_id, led.municipality_id) AND visit_pending(v.state)
  UNION ALL
  SELECT 'finding', f.id FROM (
      SELECT DISTINCT f.author_id, v.municipality_id FROM finding f JOIN visit v ON v.id = f.visit_id
      WHERE finding_is_draft(f.state) AND NOT visit_pending(v.state) OFFSET 0) written
    JOIN visit v USING (municipality_id) JOIN finding f ON f.visit_id = v.id AND f.author_id = written.author_id
    WHERE NOT curates(written.author_id, written.municipality_id) AND finding_is_draft(f.state) AND NOT visit_pending(v.state)
  UNION ALL
  SELECT 'recommendation', x.id FROM (
      SELECT DISTINCT owner_id FROM recommendation WHERE addressee = 'staff' AND recommendation_running(state) AND source IS NULL OFFSET 0) owned
    JOIN recommendation x USING (owner_id) WHERE x.addressee = 'staff' AND recommendation_running(x.state) AND x.source IS NULL
      AND NOT holds(owned.owner_id, 'curator', 'manager', 'finance', 'director', 'chair')
  UNION ALL
  SELECT w.entity, w.id FROM (
      SELECT 'visit' AS entity, v.id, v.award_id, v.lead_id AS who FROM visit v WHERE visit_pending(v.state)
      UNION ALL SELECT 'finding', f.id, f.award_id, f.author_id FROM finding f JOIN visit v ON v.id = f.visit_id
        WHERE finding_is_draft(f.state) AND NOT visit_pending(v.state)
      UNION ALL SELECT 'recommendation', x.id, x.award_id, x.owner_id FROM recommendation x
        WHERE x.addressee = 'staff' AND recommendation_running(x.state) AND x.source IS NULL) w
    JOIN award a ON a.id = w.award_id
    JOIN (SELECT s.account_id, tied FROM (
        SELECT DISTINCT account_id FROM role WHERE kind NOT IN ('editor', 'signatory') OFFSET 0) s
      CROSS JOIN LATERAL tied_organisations(s.account_id) tied) t ON t.account_id = w.who AND t.tied = a.organisation_id
  UNION ALL
  SELECT 'call', c.id FROM call c WHERE call_unapproved(c.state) AND NOT holds(coalesce(c.owner_id, c.created_by), 'curator')
  UNION ALL
  -- whoever reviews held the role when the review was given to them
  SELECT 'review', r.id FROM (SELECT DISTINCT account_id FROM role WHERE kind = 'reviewer' OFFSET 0) held
    JOIN review r ON r.reviewer_id = held.account_id JOIN application a ON a.id = r.application_id
    WHERE NOT holds(held.account_id, 'reviewer') AND review_under_way(r.state) AND application_is_in_review(a.state) $$;
