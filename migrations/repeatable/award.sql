CREATE OR REPLACE TRIGGER award_state BEFORE INSERT OR UPDATE ON award FOR EACH ROW EXECUTE FUNCTION guard_state('drafting');
CREATE OR REPLACE TRIGGER award_touch BEFORE UPDATE ON award FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE FUNCTION award_money() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_call call%ROWTYPE; its_application application%ROWTYPE; used numeric; planned numeric;
BEGIN
  PERFORM read_committed();
  IF TG_OP = 'UPDATE' THEN
    IF award_is_closed(NEW.state) AND (award_is_closing(OLD.state) OR award_is_terminated(OLD.state)) AND NOT importing() THEN
      IF NEW.closing_finance_id IS NULL OR num_nonnulls(NEW.closing_manager_id, NEW.closing_director_id) = 0 THEN
        PERFORM refuse('award_closed_by_two', 'a grant is closed by two people');
      END IF;
      IF EXISTS (SELECT 1 FROM tranche WHERE award_id = NEW.id AND NOT tranche_settled(state)) THEN
        PERFORM refuse('award_tranches_settled', 'a tranche is not settled yet');
      END IF;
      -- a terminated grant may never see its final report
      IF award_is_closing(OLD.state) AND EXISTS (SELECT 1 FROM report_due d WHERE d.award_id = NEW.id AND d.kind = 'final' AND NOT EXISTS (
          SELECT 1 FROM report WHERE report_due_id = d.id AND (report_is_accepted(state) OR report_is_waived(state)))) THEN
        PERFORM refuse('award_final_report', 'the final report is not accepted yet');
      END IF;
      IF with_grantee(NEW.id) <> 0 THEN
        PERFORM refuse('award_accounted_for', 'what was paid is neither accepted, returned nor written off');
      END IF;
      IF (SELECT sum(CASE kind WHEN 'commitment' THEN amount ELSE -amount END) FROM standing_entry
          WHERE award_id = NEW.id AND kind IN ('commitment', 'payment', 'decommitment')) <> 0 THEN
        PERFORM refuse('award_decommitted', 'what is not paid has not gone back to the envelope');
      END IF;
    END IF;
    IF award_is_offered(NEW.state) AND award_is_drafting(OLD.state) THEN
      SELECT coalesce(sum(amount), 0) INTO planned FROM tranche WHERE award_id = NEW.id AND NOT tranche_is_cancelled(state);
      IF planned <> NEW.amount THEN PERFORM refuse('award_tranches_add_up', format('tranches %s do not add up to the award %s', planned, NEW.amount)); END IF;
      IF EXISTS (SELECT 1 FROM award_line WHERE award_id = NEW.id)
         AND (SELECT sum(amount - own_share) FROM award_line WHERE award_id = NEW.id) <> NEW.amount THEN
        PERFORM refuse('award_lines_add_up', 'the lines of the budget do not add up to the award');
      END IF;
      IF NOT EXISTS (SELECT 1 FROM agreement WHERE award_id = NEW.id) THEN PERFORM refuse('award_agreement_made', 'no agreement document'); END IF;
    END IF;
    IF award_is_signed_cso(NEW.state) AND award_is_offered(OLD.state) AND NOT EXISTS (
        SELECT 1 FROM signature s JOIN agreement g ON g.id = s.agreement_id WHERE s.award_id = NEW.id AND s.party = 'cso'
        AND g.version = (SELECT max(version) FROM agreement WHERE award_id = NEW.id)) THEN
      PERFORM refuse('award_signed', 'no signature of the organisation on the latest agreement');
    END IF;
    IF award_is_active(NEW.state) AND award_is_signed_cso(OLD.state) AND (SELECT count(DISTINCT s.party) FROM signature s JOIN agreement g ON g.id = s.agreement_id
        WHERE s.award_id = NEW.id AND g.version = (SELECT max(version) FROM agreement WHERE award_id = NEW.id)) < 2 THEN
      PERFORM refuse('award_signed', 'both signatures are needed on the latest agreement');
    END IF;
    IF award_is_active(NEW.state) AND award_is_signed_cso(OLD.state) AND NOT EXISTS (
        SELECT 1 FROM ledger_entry WHERE award_id = NEW.id AND kind = 'commitment' AND amount = NEW.amount) THEN
      PERFORM refuse('award_committed', 'the ledger does not carry the commitment');
    END IF;
    IF NEW.amount = OLD.amount AND NOT (award_never_signed(OLD.state) AND NOT award_never_signed(NEW.state)) THEN
      RETURN NEW;
    END IF;
  END IF;
  -- the serialisation point: one award decision per call at a time
  SELECT * INTO its_call FROM call WHERE id = NEW.call_id FOR UPDATE;
  SELECT coalesce(sum(award_takes(award)), 0) INTO used FROM award
    WHERE call_id = NEW.call_id AND NOT award_never_signed(state) AND id <> NEW.id;
  IF NOT award_never_signed(NEW.state) AND used + NEW.amount > its_call.envelope THEN
    PERFORM refuse('award_within_envelope', format('envelope exceeded: %s + %s > %s', used, NEW.amount, its_call.envelope));
  END IF;
  IF NEW.amount NOT BETWEEN its_call.min_award AND its_call.max_award THEN
    PERFORM refuse('award_within_limits', 'the award is outside the limits of the call');
  END IF;
  SELECT * INTO its_application FROM application WHERE id = NEW.application_id FOR SHARE;
  IF NEW.amount > its_application.requested THEN PERFORM refuse('award_within_request', 'the award is above the request'); END IF;
  IF TG_OP = 'INSERT' AND NOT importing() THEN
    IF NOT application_is_approved(its_application.state) THEN PERFORM refuse('award_of_approved', 'only an approved application is awarded'); END IF;
    IF (SELECT count(*) FROM review WHERE application_id = its_application.id AND review_is_locked(state)) < its_call.min_reviews THEN
      PERFORM refuse('award_after_reviews', 'not enough locked reviews');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
        WHERE d.application_id = its_application.id AND d.outcome IN ('approve', 'correction', 'reserve') AND meeting_minutes_is_signed(m.state)) THEN
      PERFORM refuse('award_after_minutes', 'no signed minutes decide this award');
    END IF;
  END IF;
  IF NOT importing() AND NEW.amount > (SELECT coalesce(d.amount, 0) FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id
      WHERE d.application_id = NEW.application_id AND meeting_minutes_is_signed(m.state) ORDER BY m.number DESC LIMIT 1) THEN
    PERFORM refuse('award_within_decision', 'the award is above what the committee decided');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER award_money BEFORE INSERT OR UPDATE ON award FOR EACH ROW EXECUTE FUNCTION award_money();

CREATE OR REPLACE TRIGGER award_stays BEFORE UPDATE ON award FOR EACH ROW EXECUTE FUNCTION frozen('{
  "drafting": ["title_ka", "title_en", "summary_ka", "summary_en", "amount", "starts_on", "ends_on", "offer_expires_on",
    "agreement_language", "prevailing_language", "special_conditions_ka", "special_conditions_en"],
  "drafting>offered": ["offered_by", "offered_at"],
  "offered>signed_cso": ["signed_by", "signed_at"],
  "signed_cso>drafting": ["signed_by", "signed_at"],
  "signed_cso>active": ["countersigned_by", "countersigned_at"],
  "closing": ["closing_manager_id", "closing_finance_id"],
  "closing>closed": ["closing_manager_id", "closing_finance_id", "closed_at"],
  "active, suspended, closing>terminated": ["closing_manager_id", "closing_finance_id", "closing_director_id"],
  "terminated": ["closing_director_id", "closing_finance_id"],
  "terminated>closed": ["closing_director_id", "closing_finance_id", "closed_at"],
  "closed>closing, terminated": ["closing_manager_id", "closing_director_id", "closing_finance_id", "closed_at"]
}', '{
  "award_stays": ["id", "reference", "call_id", "application_id", "organisation_id", "municipality_id", "currency",
    "proposed_by", "approved_by", "approved_at"],
  "award_amount_frozen": ["amount"],
  "award_signatures_stay": ["signed_by", "signed_at", "countersigned_by", "countersigned_at"],
  "award_closed_by_two": ["closing_manager_id", "closing_finance_id", "closing_director_id", "closed_at"],
  "award_terms_frozen": ["*"]
}');

-- whether nothing of a grant is on its way any more; the page says what is missing besides, such as money to be ordered back
CREATE OR REPLACE FUNCTION award_can_close(its uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT 1 FROM report r JOIN report_due d ON d.id = r.report_due_id WHERE r.award_id = its
      AND (NOT report_settled(r.state) OR d.kind = 'final' AND report_is_lapsed(r.state)))
    AND NOT EXISTS (SELECT 1 FROM tranche t WHERE t.award_id = its
      AND NOT (tranche_settled(t.state) OR tranche_ahead(t.state) OR tranche_is_due(t.state) OR tranche_is_failed(t.state))) $$;

CREATE OR REPLACE TRIGGER award_apart BEFORE INSERT OR UPDATE OF approved_by, offered_by, countersigned_by, closing_manager_id, closing_finance_id, closing_director_id ON award
  FOR EACH ROW EXECUTE FUNCTION apart('approved_by', 'offered_by', 'countersigned_by', 'closing_manager_id', 'closing_finance_id', 'closing_director_id');
