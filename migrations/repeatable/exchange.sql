-- What was published stays as it was.
CREATE OR REPLACE TRIGGER exchange_rate_append_only BEFORE UPDATE OR DELETE ON exchange_rate FOR EACH ROW EXECUTE FUNCTION append_only();

-- Units of `b` for one of `a` on a day, by one source: as it says, turned round, or by way of the currency in which the
-- source tells all of its rates. NULL where it tells none for that day.
CREATE OR REPLACE FUNCTION rate_told(its_source text, a text, b text, on_day date) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN a = b THEN 1 ELSE (
    SELECT CASE WHEN base::text = a THEN rate ELSE 1 / rate END FROM exchange_rate
    WHERE source = its_source AND valid_from <= on_day AND coalesce(valid_to, valid_from + 14) >= on_day
      AND (base::text, currency::text) IN ((a, b), (b, a)) ORDER BY valid_from DESC LIMIT 1) END $$;
CREATE OR REPLACE FUNCTION rate_between(its_source text, a text, b text, on_day date) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(rate_told(its_source, a, b, on_day),
    rate_told(its_source, a, pivot, on_day) * rate_told(its_source, pivot, b, on_day))
  FROM (SELECT CASE its_source WHEN 'nbg' THEN 'GEL' ELSE 'EUR' END AS pivot) x $$;
CREATE OR REPLACE FUNCTION exchanged(amount numeric, its_source text, a text, b text, on_day date) RETURNS numeric LANGUAGE sql STABLE AS
$$ SELECT round(amount * rate_between(its_source, a, b, on_day), 2) $$;

-- Where a programme has a method of exchange, its own limits hold for all currencies together: what one organisation is
-- given, and the envelopes of its calls, each by the rate of the day on which it was approved.
CREATE OR REPLACE FUNCTION award_across_currencies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p record; total numeric; unknown boolean;
BEGIN
  IF importing() THEN RETURN NULL; END IF;
  SELECT r.* INTO p FROM programme r JOIN call c ON c.programme_id = r.id WHERE c.id = NEW.call_id;
  IF p.exchange_method IS NULL OR p.most_per_organisation IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM organisation WHERE id = NEW.organisation_id FOR UPDATE;
  SELECT sum(told), bool_or(told IS NULL) INTO total, unknown FROM (
    SELECT exchanged(a.amount, p.exchange_method, a.currency, p.currency, (a.approved_at AT TIME ZONE 'Asia/Tbilisi')::date) AS told
    FROM award a JOIN call c ON c.id = a.call_id
    WHERE a.organisation_id = NEW.organisation_id AND c.programme_id = p.id AND NOT award_never_signed(a.state)) x;
  IF unknown THEN PERFORM refuse('exchange_rate_missing', 'no rate of the programme''s source for this day'); END IF;
  IF total > p.most_per_organisation THEN
    PERFORM refuse('award_across_currencies', 'in all currencies together the organisation would have more than the programme gives one');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER award_across_currencies AFTER INSERT OR UPDATE OF amount, organisation_id ON award
  FOR EACH ROW EXECUTE FUNCTION award_across_currencies();

CREATE OR REPLACE FUNCTION call_across_currencies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p record; total numeric; unknown boolean;
BEGIN
  IF importing() OR call_unapproved(NEW.state) OR call_is_cancelled(NEW.state)
      OR NOT (call_is_in_approval(OLD.state) OR NEW.envelope > OLD.envelope) THEN RETURN NULL; END IF;
  SELECT * INTO p FROM programme WHERE id = NEW.programme_id FOR NO KEY UPDATE;
  IF p.exchange_method IS NULL THEN RETURN NULL; END IF;
  SELECT sum(told), bool_or(told IS NULL) INTO total, unknown FROM (
    SELECT exchanged(c.envelope, p.exchange_method, c.currency, p.currency, (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date) AS told
    FROM call c WHERE c.programme_id = p.id AND NOT (call_unapproved(c.state) OR call_is_cancelled(c.state))) x;
  IF unknown THEN PERFORM refuse('exchange_rate_missing', 'no rate of the programme''s source for this day'); END IF;
  IF total > p.budget THEN
    PERFORM refuse('call_across_currencies', 'in all currencies together the envelopes exceed the budget of the programme');
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER call_across_currencies AFTER UPDATE OF state, envelope ON call
  FOR EACH ROW EXECUTE FUNCTION call_across_currencies();
