-- what was posted and not taken back by a reversing entry
CREATE OR REPLACE VIEW standing_entry AS SELECT * FROM ledger_entry e WHERE e.kind <> 'reversal'
  AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses = e.id);

-- money leaves only for a tranche that finance has just sent to the bank, and never more than the award
CREATE OR REPLACE FUNCTION ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_tranche tranche%ROWTYPE; its_award award%ROWTYPE; paid numeric; left_over numeric; the_call text; before ledger_entry%ROWTYPE;
BEGIN
  PERFORM read_committed();
  SELECT * INTO its_award FROM award WHERE id = NEW.award_id FOR UPDATE;
  SELECT reference INTO the_call FROM call WHERE id = its_award.call_id;
  IF NOT importing() THEN NEW.at := clock_timestamp(); END IF;
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
        WHEN 'write_off' THEN 'losses:programme' ELSE 'costs:' || its_award.reference END,
      CASE NEW.kind WHEN 'commitment' THEN 'envelope:' || the_call WHEN 'decommitment' THEN 'commitments:' || its_award.reference
        WHEN 'payment' THEN 'bank:programme' ELSE 'grantee:' || its_award.reference END, its_award.currency, its_award.call_id) THEN
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
    IF tranche_is_recovery_due(its_tranche.state) IS NOT TRUE OR (its_tranche.award_id, its_tranche.recovery_amount::numeric)
       IS DISTINCT FROM (NEW.award_id, NEW.amount::numeric) THEN
      PERFORM refuse('ledger_recovery_of_tranche', 'what comes back or is lost is what was ordered back');
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
     OR NEW.tranche_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tranche WHERE id = NEW.tranche_id AND CASE NEW.kind
       WHEN 'payment' THEN tranche_paid(state)
       WHEN 'recovery' THEN tranche_is_recovered(state) WHEN 'write_off' THEN tranche_is_written_off(state)
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
