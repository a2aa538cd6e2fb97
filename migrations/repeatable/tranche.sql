CREATE OR REPLACE TRIGGER tranche_state BEFORE INSERT OR UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION guard_state('planned');
CREATE OR REPLACE TRIGGER tranche_touch BEFORE UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION touch();

-- what a condition asks for is there now; later a report may be reopened or a visit taken up again, and it is not any more
CREATE OR REPLACE FUNCTION condition_stands(c tranche_condition) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE its_award award%ROWTYPE;
BEGIN
  SELECT a.* INTO its_award FROM tranche t JOIN award a ON a.id = t.award_id WHERE t.id = c.tranche_id;
  RETURN coalesce(CASE c.kind
      WHEN 'agreement_active' THEN award_running(its_award.state)
      WHEN 'report_accepted' THEN EXISTS (SELECT 1 FROM report WHERE report_due_id = c.report_due_id AND award_id = its_award.id AND report_is_accepted(state))
      WHEN 'visit_approved' THEN EXISTS (SELECT 1 FROM visit WHERE award_id = its_award.id AND visit_is_approved(state))
      WHEN 'date' THEN c.due_on <= (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date
      ELSE c.fulfilled_by IS NOT NULL AND (c.evidence_upload_id IS NOT NULL OR btrim(c.note) <> '') END, false);
END $$;

-- what is asked is fixed with the agreement; only whether it is fulfilled is written later, and once
CREATE OR REPLACE FUNCTION tranche_condition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF importing() THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
  SELECT a.state INTO its_state FROM tranche t JOIN award a ON a.id = t.award_id
    WHERE t.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.tranche_id ELSE NEW.tranche_id END FOR SHARE OF a;
  IF TG_OP <> 'DELETE' AND NEW.fulfilled_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.fulfilled_at IS NULL) AND NOT condition_stands(NEW) THEN
    PERFORM refuse('tranche_condition_true', 'a condition is fulfilled when what it asks for is there');
  END IF;
  IF TG_OP <> 'UPDATE' AND NOT award_is_drafting(its_state) THEN
    PERFORM refuse('tranche_terms_frozen', 'conditions change only while the agreement is drafted');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER tranche_condition_guard BEFORE INSERT OR UPDATE OR DELETE ON tranche_condition
  FOR EACH ROW EXECUTE FUNCTION tranche_condition_guard();
CREATE OR REPLACE FUNCTION stage(its tranche_condition) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN its.fulfilled_at IS NOT NULL THEN 'fulfilled' WHEN award_is_drafting(a.state) THEN 'drafted' ELSE 'agreed' END
  FROM tranche t JOIN award a ON a.id = t.award_id WHERE t.id = its.tranche_id $$;
CREATE OR REPLACE TRIGGER tranche_condition_stays BEFORE UPDATE ON tranche_condition FOR EACH ROW EXECUTE FUNCTION frozen('{
  "drafted": ["kind", "description_ka", "description_en", "report_due_id", "due_on"],
  "drafted, agreed>fulfilled": ["fulfilled_at", "fulfilled_by", "evidence_upload_id", "note"]
}', '{
  "tranche_condition_fulfilled": ["fulfilled_at", "fulfilled_by", "evidence_upload_id", "note"],
  "tranche_terms_frozen": ["*"]
}');

CREATE OR REPLACE FUNCTION tranche_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_award award%ROWTYPE; its_account bank_account%ROWTYPE; used numeric; threshold numeric; cooling interval;
  reversed boolean := false;
BEGIN
  PERFORM read_committed();
  SELECT * INTO its_award FROM award WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END FOR UPDATE;
  IF TG_OP = 'DELETE' THEN
    IF NOT award_is_drafting(its_award.state) THEN PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted'); END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT award_is_drafting(its_award.state) AND NOT importing() THEN
      PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted');
    END IF;
  ELSE
    IF NOT award_is_drafting(its_award.state) AND (NEW.amount, NEW.planned_on) IS DISTINCT FROM (OLD.amount, OLD.planned_on) THEN
      PERFORM refuse('tranche_terms_frozen', 'tranches change only while the agreement is drafted');
    END IF;
    reversed := tranche_is_paid(OLD.state) AND tranche_is_sent(NEW.state);
    IF reversed AND ((NEW.paid_on, NEW.bank_reference, NEW.paid_by) IS DISTINCT FROM (NULL::date, NULL::text, NULL::uuid) OR EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment')) THEN
      PERFORM refuse('tranche_reversed_in_ledger', 'the ledger still carries this payment');
    END IF;
    IF tranche_is_failed(NEW.state) AND tranche_is_sent(OLD.state) AND EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment') THEN
      PERFORM refuse('tranche_paid_in_ledger', 'the ledger carries the payment of this tranche');
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state IS DISTINCT FROM OLD.state AND NOT importing()
     AND (tranche_is_recovered(NEW.state) OR tranche_is_written_off(NEW.state) OR tranche_is_cancelled(NEW.state))
     AND (NOT tranche_is_cancelled(NEW.state) OR EXISTS (
       SELECT 1 FROM ledger_entry WHERE award_id = NEW.award_id AND kind = 'commitment'))
     AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE tranche_id = NEW.id AND kind = CASE
       WHEN tranche_is_recovered(NEW.state) THEN 'recovery' WHEN tranche_is_written_off(NEW.state) THEN 'write_off' ELSE 'decommitment' END
       AND CASE WHEN tranche_is_cancelled(NEW.state) THEN amount = NEW.amount ELSE came_back(NEW.id) = NEW.recovery_amount::numeric END) THEN
    PERFORM refuse('tranche_settled_in_ledger', 'the ledger does not say what became of this money');
  END IF;
  IF TG_OP = 'UPDATE' AND NOT importing() AND award_is_closed(its_award.state) AND NEW.state IS DISTINCT FROM OLD.state THEN
    PERFORM refuse('tranche_of_closed_grant', 'a closed grant is opened again before its money changes');
  END IF;
  IF TG_OP = 'UPDATE' AND NOT importing() AND tranche_is_sent(OLD.state) AND tranche_is_sent(NEW.state)
     AND (NEW.order_reference, NEW.sent_on) IS DISTINCT FROM (OLD.order_reference, OLD.sent_on) THEN
    IF NEW.order_corrected_by IS NULL THEN
      PERFORM refuse('tranche_order_second_person', 'an order noted wrongly is mended by somebody else than who noted it');
    END IF;
    IF NEW.sent_on > (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date OR NEW.sent_on < (its_award.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date THEN
      PERFORM refuse('tranche_sent_day', 'a payment order is sent after the agreement and not in the future');
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state IS DISTINCT FROM OLD.state AND NOT importing() THEN
    IF tranche_is_recovery_due(NEW.state) AND NEW.recovery_amount::numeric <= came_back(NEW.id) THEN
      PERFORM refuse('tranche_recovery_of_more', 'more is ordered back than came back already');
    END IF;
    -- the true days, whenever they are noted: an order after the agreement, a payment after its order, none in the future
    IF tranche_is_sent(NEW.state) AND NOT tranche_is_paid(OLD.state) THEN
      NEW.sent_on := coalesce(NEW.sent_on, (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date);
      IF NEW.sent_on > (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date
         OR NEW.sent_on < (its_award.countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date THEN
        PERFORM refuse('tranche_sent_day', 'a payment order is sent after the agreement and not in the future');
      END IF;
    END IF;
    IF tranche_is_paid(NEW.state) AND tranche_is_sent(OLD.state) AND (NEW.paid_on > (clock_timestamp() AT TIME ZONE 'Asia/Tbilisi')::date
        OR NEW.paid_on < coalesce(NEW.sent_on, (NEW.sent_at AT TIME ZONE 'Asia/Tbilisi')::date)) THEN
      PERFORM refuse('tranche_paid_day', 'the bank pays between the day of the order and today');
    END IF;
  END IF;
  IF NOT tranche_is_cancelled(NEW.state) THEN
    SELECT coalesce(sum(amount), 0) INTO used FROM tranche WHERE award_id = NEW.award_id AND NOT tranche_is_cancelled(state) AND id <> NEW.id;
    IF used + NEW.amount > its_award.amount THEN PERFORM refuse('tranche_within_award', 'tranches exceed the award'); END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NOT reversed AND NEW.state IS DISTINCT FROM OLD.state
     AND (tranche_is_due(NEW.state) OR tranche_on_the_way(NEW.state) OR tranche_is_sent(NEW.state)
       OR tranche_is_paid(NEW.state)) THEN
    IF NOT award_going_on(its_award.state) AND NOT ((tranche_is_due(NEW.state) OR tranche_is_paid(NEW.state)) AND award_halted(its_award.state)) THEN
      PERFORM refuse('tranche_after_signature', 'nothing is paid before the agreement is signed by both, nor while it is suspended');
    END IF;
    IF award_is_closing(its_award.state) AND NOT (tranche_is_due(NEW.state) OR tranche_is_paid(NEW.state)) AND EXISTS (
        SELECT 1 FROM tranche WHERE award_id = NEW.award_id AND number > NEW.number AND NOT tranche_is_cancelled(state)) THEN
      PERFORM refuse('tranche_final_only', 'after the end date only the final tranche is paid');
    END IF;
    IF tranche_is_paid(NEW.state) AND NOT importing() AND NOT EXISTS (
        SELECT 1 FROM standing_entry WHERE tranche_id = NEW.id AND kind = 'payment') THEN
      PERFORM refuse('tranche_paid_in_ledger', 'the ledger does not carry the payment');
    END IF;
    IF (tranche_on_the_way(NEW.state) OR tranche_is_sent(NEW.state)) AND EXISTS (
        SELECT 1 FROM tranche_condition c WHERE c.tranche_id = NEW.id AND (c.fulfilled_at IS NULL
        OR (c.kind IN ('report_accepted', 'visit_approved') AND NOT condition_stands(c)))) THEN
      PERFORM refuse('tranche_conditions_fulfilled', 'a condition of this tranche is not fulfilled, or not any more');
    END IF;
    IF (tranche_is_approved(NEW.state) OR tranche_is_authorised(NEW.state) OR tranche_is_sent(NEW.state) OR tranche_is_paid(NEW.state)) THEN
      SELECT * INTO its_account FROM bank_account WHERE id = NEW.bank_account_id FOR SHARE;
      IF NOT tranche_is_paid(NEW.state) AND (its_account.verified_at IS NULL OR its_account.retired_at IS NOT NULL) THEN
        PERFORM refuse('tranche_account_verified', 'the bank account is not verified');
      END IF;
      IF its_account.verified_by IN (NEW.requested_by, NEW.certified_by, NEW.approved_by, NEW.authorised_by) THEN
        PERFORM refuse('tranche_verifier_apart', 'who verified the account neither asks for nor agrees to payments to it');
      END IF;
      -- where no limit is set in a currency, every amount is a large one
      SELECT coalesce(l.director_threshold, 0), p.bank_cooling INTO threshold, cooling
        FROM call c JOIN programme p ON p.id = c.programme_id
        LEFT JOIN programme_limit l ON l.programme_id = p.id AND l.currency = NEW.currency WHERE c.id = its_award.call_id;
      IF tranche_is_sent(NEW.state) AND its_account.verified_at > clock_timestamp() - cooling THEN
        PERFORM refuse('tranche_account_cooling', 'the bank account was verified too recently');
      END IF;
      IF tranche_is_sent(NEW.state) AND tranche_is_approved(OLD.state) AND NEW.amount >= threshold THEN
        PERFORM refuse('tranche_director_threshold', 'an amount this large needs the director');
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER tranche_money BEFORE INSERT OR UPDATE OR DELETE ON tranche FOR EACH ROW EXECUTE FUNCTION tranche_money();

CREATE OR REPLACE TRIGGER tranche_stays BEFORE UPDATE ON tranche FOR EACH ROW EXECUTE FUNCTION frozen('{
  "planned": ["amount", "planned_on"],
  "planned>due": ["due_at"],
  "due>requested": ["requested_by", "requested_at", "bank_account_id"],
  "requested>certified": ["certified_by", "certified_at", "certificate"],
  "certified>approved": ["approved_by", "approved_at"],
  "approved>authorised": ["authorised_by", "authorised_at"],
  "approved, authorised>sent": ["sent_by", "sent_at", "sent_on", "order_reference", "exchange_rate", "exchange_currency", "exchange_source"],
  "sent": ["sent_on", "order_reference", "order_corrected_by"],
  "sent>paid": ["paid_by", "paid_on", "bank_reference"],
  "paid>sent": ["paid_by", "paid_on", "bank_reference"],
  "paid>confirmed": ["confirmed_by", "confirmed_at"],
  "paid, confirmed, recovered, written_off>recovery_due": ["recovery_amount"],
  "recovery_due>recovered": ["recovered_on", "recovery_reference"],
  "requested, certified, approved, authorised, failed>due": ["requested_by", "requested_at", "bank_account_id",
    "certified_by", "certified_at", "certificate", "approved_by", "approved_at", "authorised_by", "authorised_at",
    "sent_by", "sent_at", "sent_on", "order_reference", "order_corrected_by", "exchange_rate", "exchange_currency",
    "exchange_source"]
}', '{
  "tranche_terms_frozen": ["id", "award_id", "organisation_id", "currency", "number", "amount", "planned_on"],
  "tranche_paid_frozen": ["paid_by", "paid_on", "bank_reference", "recovery_amount", "recovered_on", "recovery_reference",
    "paid", "confirmed", "recovery_due", "recovered", "written_off"],
  "tranche_persons_frozen": ["*"]
}');

CREATE OR REPLACE TRIGGER tranche_apart BEFORE INSERT OR UPDATE OF certified_by, approved_by, authorised_by, sent_by, order_corrected_by, paid_by ON tranche
  FOR EACH ROW EXECUTE FUNCTION apart('certified_by', 'approved_by', 'authorised_by', 'sent_by', 'order_corrected_by', 'paid_by');

CREATE OR REPLACE TRIGGER tranche_condition_apart BEFORE INSERT OR UPDATE OF fulfilled_by ON tranche_condition
  FOR EACH ROW EXECUTE FUNCTION apart('fulfilled_by');
