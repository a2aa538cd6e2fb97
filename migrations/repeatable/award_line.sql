-- The budget of a grant begins as the organisation asked for it, each line cut alike where the committee gave less: what
-- the organisation promised to pay itself stays. Cents go where most of one is lost, so that the lines add up to the grant.
CREATE OR REPLACE FUNCTION begin_award_lines(its_award award) RETURNS void LANGUAGE sql AS $$
  INSERT INTO award_line (award_id, budget_line_id, amount, own_share)
  SELECT its_award.id, id, own + (cents + CASE WHEN row_number() OVER (ORDER BY lost DESC, position, id) <= missing THEN 1 ELSE 0 END) / 100, own
  FROM (
    SELECT *, trunc(exact) AS cents, exact - trunc(exact) AS lost,
      round(sum(exact) OVER ()) - sum(trunc(exact)) OVER () AS missing
    FROM (
      SELECT id, position, own_share::numeric AS own, (amount::numeric - own_share::numeric) * 100
        * least(coalesce(its_award.amount::numeric / nullif(sum(amount::numeric - own_share::numeric) OVER (), 0), 1), 1) AS exact
      FROM budget_line WHERE application_id = its_award.application_id) asked) cut
  ON CONFLICT (award_id, budget_line_id) DO NOTHING
$$;
CREATE OR REPLACE FUNCTION award_lines_begin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM begin_award_lines(NEW);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER award_lines_begin AFTER INSERT ON award FOR EACH ROW EXECUTE FUNCTION award_lines_begin();
CREATE OR REPLACE TRIGGER award_line_touch BEFORE UPDATE ON award_line FOR EACH ROW EXECUTE FUNCTION touch();

-- the lines stand in the agreement: they change while it is drafted
CREATE OR REPLACE FUNCTION stage(its award_line) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT state FROM award WHERE id = its.award_id FOR SHARE $$;
CREATE OR REPLACE TRIGGER award_line_stays BEFORE UPDATE ON award_line FOR EACH ROW EXECUTE FUNCTION frozen('{
  "drafting": ["amount", "own_share"]
}', '{"award_lines_frozen": ["*"]}');

-- grants from before there were lines
DO $$ BEGIN
  PERFORM begin_award_lines(a) FROM award a WHERE NOT EXISTS (SELECT 1 FROM award_line WHERE award_id = a.id);
END $$;
