-- What a grant's money has come to, step by step, counted anew whenever a row it is counted from changes. The kept row is
-- held first, so that of two who change the same grant the second counts what the first has written.
CREATE OR REPLACE FUNCTION count_award_money(its_award uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM award_money WHERE award_id = its_award FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO award_money (award_id) SELECT id FROM award WHERE id = its_award ON CONFLICT (award_id) DO UPDATE SET award_id = EXCLUDED.award_id;
  END IF;
  UPDATE award_money SET (planned, cancelled, paid) = (
      SELECT coalesce(sum(amount) FILTER (WHERE NOT tranche_dropped(state)), 0), coalesce(sum(amount) FILTER (WHERE tranche_dropped(state)), 0),
        coalesce(sum(amount) FILTER (WHERE tranche_paid(state)), 0) FROM tranche WHERE award_id = its_award),
    (committed, posted, returned, given_back) = (
      SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount WHEN 'decommitment' THEN -amount END), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0), coalesce(sum(amount) FILTER (WHERE kind = 'recovery'), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'decommitment'), 0)
      FROM standing_entry WHERE award_id = its_award),
    -- of the grant, and beside it what the organisation paid itself
    (reported, verified, own_reported, own_verified) = (
      SELECT coalesce(sum(s.spent_grant), 0), coalesce(sum(s.accepted_grant), 0), coalesce(sum(s.spent - s.spent_grant), 0),
        coalesce(sum(s.accepted - s.accepted_grant), 0) FROM spending_line s JOIN report r ON r.id = s.report_id
      WHERE r.award_id = its_award AND report_is_accepted(r.state))
  WHERE award_id = its_award;
END $$;

CREATE OR REPLACE FUNCTION changes_award_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM count_award_money(OLD.award_id); END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.award_id IS DISTINCT FROM OLD.award_id) THEN PERFORM count_award_money(NEW.award_id); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER tranche_award_money AFTER INSERT OR DELETE OR UPDATE OF state, amount, award_id ON tranche
  FOR EACH ROW EXECUTE FUNCTION changes_award_money();
CREATE OR REPLACE TRIGGER ledger_award_money AFTER INSERT OR DELETE OR UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION changes_award_money();
CREATE OR REPLACE TRIGGER report_award_money AFTER INSERT OR DELETE OR UPDATE OF state, award_id ON report
  FOR EACH ROW EXECUTE FUNCTION changes_award_money();

CREATE OR REPLACE FUNCTION new_award_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_award_money(NEW.id);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER award_money_kept AFTER INSERT ON award FOR EACH ROW EXECUTE FUNCTION new_award_money();

CREATE OR REPLACE FUNCTION spending_award_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_award_money(award_id) FROM report WHERE report_is_accepted(state) AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.report_id END,
    CASE WHEN TG_OP <> 'DELETE' THEN NEW.report_id END);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER spending_award_money AFTER INSERT OR DELETE OR UPDATE OF spent, accepted, report_id ON spending_line
  FOR EACH ROW EXECUTE FUNCTION spending_award_money();

-- whenever this file has changed, or is carried out for the first time, everything is counted as it says now
DO $$ BEGIN PERFORM count_award_money(id) FROM award; END $$;
