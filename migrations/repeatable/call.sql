CREATE OR REPLACE TRIGGER call_state BEFORE INSERT OR UPDATE ON call FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER call_touch BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION call_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most numeric; promised numeric;
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF call_is_scheduled(NEW.state) AND call_is_in_approval(OLD.state) AND NEW.approved_by IS NULL THEN
    PERFORM refuse('call_second_person', 'a call is scheduled by a second person');
  END IF;
  IF NOT (call_unapproved(NEW.state) OR call_is_cancelled(NEW.state)) AND (call_is_in_approval(OLD.state) OR NEW.envelope > OLD.envelope) THEN
    -- one approval at a time: all calls draw on the same budget
    PERFORM 1 FROM programme WHERE id = NEW.programme_id FOR NO KEY UPDATE;
    SELECT budget INTO most FROM programme_limit WHERE programme_id = NEW.programme_id AND currency = NEW.currency;
    SELECT coalesce(sum(envelope), 0) INTO promised FROM call WHERE programme_id = NEW.programme_id AND id <> NEW.id
      AND currency = NEW.currency AND NOT (call_unapproved(state) OR call_is_cancelled(state));
    IF most IS NULL THEN PERFORM refuse('call_currency_limits', 'the programme has no limits in this currency'); END IF;
    IF promised + NEW.envelope > most THEN
      PERFORM refuse('call_within_programme', 'the envelopes of the calls exceed the budget of the programme');
    END IF;
  END IF;
  IF call_is_open(NEW.state) AND call_is_scheduled(OLD.state) AND clock_timestamp() < NEW.opens_at THEN
    PERFORM refuse('call_opens_on_time', 'a call opens at its opening time');
  END IF;
  IF call_is_closed(NEW.state) AND call_is_open(OLD.state) AND clock_timestamp() < NEW.deadline THEN
    PERFORM refuse('call_closes_on_time', 'a call closes at its deadline');
  END IF;
  -- the clock of the database says how long a call stood still, and gives that time back to its applicants
  IF call_is_suspended(NEW.state) AND call_is_open(OLD.state) THEN
    IF clock_timestamp() >= OLD.deadline THEN
      PERFORM refuse('call_deadline_only_later', 'a call whose deadline has passed is not suspended');
    END IF;
    NEW.suspended_at := clock_timestamp();
  ELSIF call_is_suspended(OLD.state) AND call_is_open(NEW.state) THEN
    NEW.deadline := date_trunc('minute', OLD.deadline + (clock_timestamp() - OLD.suspended_at)) + interval '1 minute';
    NEW.suspended_at := NULL;
    NEW.suspend_reason := NULL;
  ELSIF NOT call_is_suspended(NEW.state) THEN
    NEW.suspended_at := NULL;
  ELSE
    NEW.suspended_at := OLD.suspended_at;
  END IF;
  IF NOT call_unapproved(OLD.state) THEN
    IF NEW.deadline < OLD.deadline OR (NEW.deadline <> OLD.deadline AND NOT call_is_suspended(OLD.state)
        AND clock_timestamp() >= OLD.deadline) OR (NEW.deadline <> OLD.deadline AND call_is_suspended(NEW.state)) THEN
      PERFORM refuse('call_deadline_only_later', 'a deadline may only be extended, and only before it passes');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER call_guard BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION call_guard();

-- a call is written by a curator; who wrote it before is kept, and never approves it
CREATE OR REPLACE FUNCTION call_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  NEW.earlier_owners := OLD.earlier_owners;
  IF NEW.owner_id IS NOT DISTINCT FROM OLD.owner_id THEN RETURN NEW; END IF;
  NEW.earlier_owners := array_append(OLD.earlier_owners, coalesce(OLD.owner_id, OLD.created_by));
  IF NOT holds(NEW.owner_id, 'curator') THEN
    PERFORM refuse('call_owner_curates', 'a call is written by a curator');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER call_hands BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION call_hands();

CREATE OR REPLACE FUNCTION call_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.call_id <> OLD.call_id THEN
    PERFORM refuse('call_part_stays', 'a part of a call does not move to another call');
  END IF;
  SELECT state INTO its_state FROM call WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.call_id ELSE NEW.call_id END FOR SHARE;
  IF its_state IS NOT NULL AND NOT call_is_draft(its_state) AND NOT importing() THEN
    PERFORM refuse('call_terms_frozen', 'the parts of a published call are frozen');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER call_municipality_frozen BEFORE INSERT OR UPDATE OR DELETE ON call_municipality FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER call_invitation_frozen BEFORE INSERT OR UPDATE OR DELETE ON call_invitation FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER section_frozen BEFORE INSERT OR UPDATE OR DELETE ON section FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER question_frozen BEFORE INSERT OR UPDATE OR DELETE ON question FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON criterion FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER required_document_frozen BEFORE INSERT OR UPDATE OR DELETE ON required_document FOR EACH ROW EXECUTE FUNCTION call_part_frozen();
CREATE OR REPLACE TRIGGER eligibility_criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON eligibility_criterion FOR EACH ROW EXECUTE FUNCTION call_part_frozen();

CREATE OR REPLACE FUNCTION call_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.envelope < OLD.envelope AND NEW.envelope < (SELECT coalesce(sum(award_takes(award)), 0) FROM award
      WHERE call_id = NEW.id AND NOT award_never_signed(state)) THEN
    PERFORM refuse('call_envelope_covers_awards', 'the envelope cannot go below what is awarded');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER call_envelope BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION call_envelope();

-- terms are frozen once a call has left the drawing board; its parts with it
CREATE OR REPLACE TRIGGER call_stays BEFORE UPDATE ON call FOR EACH ROW EXECUTE FUNCTION frozen('{
  "draft": ["*", "owner_id", "earlier_owners"],
  "never": ["programme_id", "reference", "created_by", "submitted_by", "approved_by", "opened_at", "closed_at",
    "suspended_at", "suspend_reason", "decided_at", "cancel_reason"],
  "in_approval": ["owner_id", "earlier_owners"],
  "scheduled>draft": ["approved_by"],
  "draft>in_approval": ["submitted_by"],
  "in_approval>scheduled": ["approved_by"],
  "scheduled>open": ["opened_at"],
  "open": ["deadline"],
  "scheduled, open, suspended, closed, evaluating, decided": ["envelope"],
  "open>suspended": ["suspended_at", "suspend_reason"],
  "suspended>open": ["deadline", "suspended_at", "suspend_reason"],
  "open>closed": ["closed_at"],
  "evaluating>decided": ["decided_at"],
  "decided>evaluating": ["decided_at"],
  "draft, in_approval, scheduled, open, closed, evaluating>cancelled": ["cancel_reason"],
  "suspended>cancelled": ["cancel_reason", "suspended_at"]
}', '{
  "call_persons_stay": ["programme_id", "created_by", "submitted_by", "approved_by"],
  "call_deadline_only_later": ["deadline"],
  "call_terms_frozen": ["*"]
}');
