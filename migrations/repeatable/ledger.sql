-- what was posted and not taken back by a reversing entry
CREATE OR REPLACE VIEW standing_entry AS SELECT * FROM ledger_entry e WHERE e.kind <> 'reversal'
  AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.id);

-- of what was ordered back of a tranche: what has come back so far, or was given up
CREATE OR REPLACE FUNCTION came_back(its_tranche uuid) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(amount), 0)::numeric FROM standing_entry WHERE tranche_id = its_tranche AND kind IN ('recovery', 'write_off') $$;
-- what the organisation holds of the grant: paid, and neither accepted nor returned nor written off. Below zero: what was
-- accepted beyond what was paid.
CREATE OR REPLACE FUNCTION with_grantee(its_award uuid) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(CASE WHEN debit LIKE 'grantee:%' THEN amount WHEN credit LIKE 'grantee:%' THEN -amount END), 0)::numeric
  FROM ledger_entry WHERE award_id = its_award $$;

-- what a grant takes of its call's envelope: what was given back for good is free for others
CREATE OR REPLACE FUNCTION award_takes(its award) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT its.amount::numeric - coalesce((SELECT sum(amount) FROM standing_entry WHERE award_id = its.id AND kind = 'decommitment'), 0)::numeric $$;

-- money leaves only for a tranche that finance has just sent to the bank, and never more than the award
CREATE OR REPLACE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_tranche tranche%ROWTYPE; its_award award%ROWTYPE; paid numeric; left_over numeric; the_call text; before ledger_entry%ROWTYPE;
BEGIN
  PERFORM read_committed();
  SELECT * INTO its_award FROM award WHERE id = NEW.award_id FOR UPDATE;
  SELECT reference INTO the_call FROM call WHERE id = its_award.call_id;
  IF NOT importing() THEN NEW.at := clock_timestamp(); END IF;
  IF award_is_closed(its_award.state) AND NOT importing() THEN
    PERFORM refuse('ledger_of_closed_grant', 'a closed grant is opened again before its money changes');
  END IF;
  IF NEW.kind = 'reversal' THEN
    SELECT * INTO before FROM ledger_entry WHERE id = NEW.reverses;
    IF before.kind NOT IN ('accepted_cost', 'payment') OR (NEW.debit, NEW.credit, NEW.amount::numeric, NEW.currency, NEW.call_id, NEW.award_id, NEW.tranche_id)
       IS DISTINCT FROM (before.credit, before.debit, before.amount::numeric, before.currency, before.call_id, before.award_id, before.tranche_id) THEN
      PERFORM refuse('ledger_reversal', 'a reversal is the same transfer of an accepted cost or a payment the other way round');
    END IF;
    IF before.kind = 'payment' THEN
      SELECT * INTO its_tranche FROM tranche WHERE id = before.tranche_id FOR UPDATE;
      IF NOT tranche_is_paid(its_tranche.state) THEN
        PERFORM refuse('ledger_reversal_of_paid', 'a payment is reversed only while its receipt is not confirmed');
      END IF;
      IF NEW.actor IS NULL OR NEW.actor = before.actor THEN
        PERFORM refuse('ledger_reversal_second_person', 'who noted a payment does not reverse it');
      END IF;
    END IF;
    RETURN NEW;
  END IF;
  -- every transfer goes between the two accounts of its kind, named after its grant, in history too
  IF (NEW.debit, NEW.credit, NEW.currency, NEW.call_id) IS DISTINCT FROM (
      CASE NEW.kind WHEN 'commitment' THEN 'commitments:' || its_award.reference WHEN 'decommitment' THEN 'envelope:' || the_call
        WHEN 'payment' THEN 'grantee:' || its_award.reference WHEN 'recovery' THEN 'bank:programme'
        WHEN 'write_off' THEN 'losses:programme' WHEN 'own_cost' THEN 'grantee:' || its_award.reference ELSE 'costs:' || its_award.reference END,
      CASE NEW.kind WHEN 'commitment' THEN 'envelope:' || the_call WHEN 'decommitment' THEN 'commitments:' || its_award.reference
        WHEN 'payment' THEN 'bank:programme' WHEN 'own_cost' THEN 'costs:' || its_award.reference ELSE 'grantee:' || its_award.reference END, its_award.currency, its_award.call_id) THEN
    PERFORM refuse('ledger_accounts', 'the accounts of an entry are those of its kind and its grant');
  END IF;
  IF NEW.kind = 'payment' THEN
    SELECT * INTO its_tranche FROM tranche WHERE id = NEW.tranche_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM standing_entry WHERE tranche_id = NEW.tranche_id AND kind = 'payment') THEN
      PERFORM refuse('ledger_payment_once', 'this tranche is paid already');
    END IF;
  END IF;
  IF importing() THEN RETURN NEW; END IF;
  IF NEW.kind = 'commitment' AND (NOT award_is_signed_cso(its_award.state) OR NEW.amount <> its_award.amount) THEN
    PERFORM refuse('ledger_commitment_of_award', 'what is committed is the grant, when both sides have signed');
  ELSIF NEW.kind = 'decommitment' THEN
    SELECT coalesce(sum(CASE kind WHEN 'commitment' THEN amount ELSE -amount END), 0) INTO left_over
      FROM standing_entry WHERE award_id = NEW.award_id AND kind IN ('commitment', 'decommitment', 'payment');
    IF NEW.amount > left_over THEN PERFORM refuse('ledger_decommitment_of_rest', 'no more goes back than is left of the commitment'); END IF;
  ELSIF NEW.kind IN ('recovery', 'write_off') THEN
    SELECT * INTO its_tranche FROM tranche WHERE id = NEW.tranche_id FOR UPDATE;
    IF tranche_is_recovery_due(its_tranche.state) IS NOT TRUE OR its_tranche.award_id IS DISTINCT FROM NEW.award_id
       OR NEW.amount::numeric + came_back(NEW.tranche_id) > its_tranche.recovery_amount::numeric THEN
      PERFORM refuse('ledger_recovery_of_tranche', 'no more comes back or is lost than was ordered back');
    END IF;
    IF NEW.kind = 'recovery' AND (NEW.day IS NULL OR NEW.reference IS NULL OR NEW.day < its_tranche.paid_on
        OR NEW.day > (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date) THEN
      PERFORM refuse('ledger_refund_by_bank_line', 'money comes back by a line of the bank, after it was paid and not later than today');
    END IF;
  ELSIF NEW.kind = 'own_cost' THEN
    IF NOT (award_is_closing(its_award.state) OR award_is_terminated(its_award.state)) OR NEW.amount::numeric <> -with_grantee(NEW.award_id) THEN
      PERFORM refuse('ledger_own_cost_of_closing', 'what was accepted and not paid stays with the organisation when the grant closes');
    END IF;
  ELSIF NEW.kind = 'payment' THEN
    IF tranche_is_sent(its_tranche.state) IS NOT TRUE OR (its_tranche.award_id, its_tranche.amount, its_tranche.currency)
       IS DISTINCT FROM (NEW.award_id, NEW.amount::numeric, NEW.currency) THEN
      PERFORM refuse('ledger_payment_of_sent_tranche', 'a payment is posted for a tranche that was sent, with its amount');
    END IF;
    SELECT coalesce(sum(amount), 0) INTO paid FROM standing_entry WHERE award_id = NEW.award_id AND kind = 'payment';
    IF paid + NEW.amount > its_award.amount THEN
      PERFORM refuse('ledger_paid_within_award', 'payments exceed the award');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ledger_guard BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_guard();

-- what the book says has happened by the end of the same transaction: no payment is posted and its tranche left as it was
CREATE OR REPLACE FUNCTION ledger_carried_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.id) THEN RETURN NULL; END IF;
  IF NEW.kind = 'commitment' AND (SELECT state FROM award WHERE id = NEW.award_id)
       IN ('drafting', 'offered', 'signed_cso', 'declined', 'withdrawn_by_funder')
     OR NEW.kind = 'own_cost' AND NOT (SELECT award_is_closed(state) FROM award WHERE id = NEW.award_id)
     OR NEW.tranche_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tranche WHERE id = NEW.tranche_id AND CASE NEW.kind
       WHEN 'payment' THEN tranche_paid(state)
       WHEN 'recovery' THEN tranche_recalled(state)
         AND (NOT tranche_is_recovery_due(state) OR came_back(id) < recovery_amount::numeric) WHEN 'write_off' THEN tranche_is_written_off(state)
       WHEN 'decommitment' THEN tranche_is_cancelled(state) WHEN 'reversal' THEN
         (tranche_paid(state))
         = EXISTS (SELECT 1 FROM standing_entry s WHERE s.tranche_id = NEW.tranche_id AND s.kind = 'payment') ELSE true END) THEN
    PERFORM refuse('ledger_carried_out', 'what is posted also happens');
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS ledger_carried_out ON ledger_entry;
CREATE CONSTRAINT TRIGGER ledger_carried_out AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_carried_out();
CREATE OR REPLACE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE OR REPLACE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE OR REPLACE TRIGGER ledger_entry_apart BEFORE INSERT ON ledger_entry
  FOR EACH ROW
  WHEN (NEW.kind IN ('payment', 'recovery', 'write_off') OR NEW.kind = 'reversal' AND NEW.tranche_id IS NOT NULL) EXECUTE FUNCTION apart('actor');
