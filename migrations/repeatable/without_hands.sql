-- unfinished work that stays with somebody who can no longer act: their role has ended, or their account is closed
CREATE OR REPLACE FUNCTION without_hands() RETURNS TABLE (entity text, id uuid) LANGUAGE sql STABLE AS $$
  SELECT 'visit', v.id FROM visit v WHERE visit_pending(v.state) AND NOT curates(v.lead_id, v.municipality_id)
  UNION ALL
  SELECT 'finding', f.id FROM finding f JOIN visit v ON v.id = f.visit_id
    WHERE finding_is_draft(f.state) AND NOT visit_pending(v.state) AND NOT curates(f.author_id, v.municipality_id)
  UNION ALL
  SELECT 'recommendation', x.id FROM recommendation x WHERE x.addressee = 'staff' AND recommendation_running(x.state)
    AND x.source IS NULL AND x.owner_id IS NOT NULL
    AND NOT holds(x.owner_id, 'curator', 'manager', 'finance', 'director', 'chair')
  UNION ALL
  SELECT 'call', c.id FROM call c WHERE call_unapproved(c.state) AND NOT holds(coalesce(c.owner_id, c.created_by), 'curator')
  UNION ALL
  SELECT 'review', r.id FROM review r JOIN application a ON a.id = r.application_id
    WHERE review_under_way(r.state) AND application_is_in_review(a.state) AND NOT holds(r.reviewer_id, 'reviewer') $$;
