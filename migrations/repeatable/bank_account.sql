CREATE OR REPLACE FUNCTION bank_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF importing() THEN RETURN NEW; END IF;
    IF NEW.verified_at IS NOT NULL OR NEW.retired_at IS NOT NULL THEN
      PERFORM refuse('bank_account_starts_unverified', 'a bank account starts unverified');
    END IF;
    NEW.entered_at := clock_timestamp(); RETURN NEW;
  END IF;
  IF (NEW.iban, NEW.holder, NEW.organisation_id, NEW.entered_by, NEW.entered_at)
     IS DISTINCT FROM (OLD.iban, OLD.holder, OLD.organisation_id, OLD.entered_by, OLD.entered_at)
     OR (NEW.bank_name, NEW.letter_upload_id) IS DISTINCT FROM (OLD.bank_name, OLD.letter_upload_id)
     OR (OLD.verified_at IS NOT NULL AND (NEW.verified_at, NEW.verified_by, NEW.verification_note)
       IS DISTINCT FROM (OLD.verified_at, OLD.verified_by, OLD.verification_note))
     OR (OLD.retired_at IS NOT NULL AND (NEW.retired_at, NEW.retired_by) IS DISTINCT FROM (OLD.retired_at, OLD.retired_by)) THEN
    PERFORM refuse('bank_account_versioned', 'bank details are versioned: enter a new account');
  END IF;
  IF NEW.verified_at IS NOT NULL AND OLD.verified_at IS NULL AND OLD.retired_at IS NOT NULL THEN
    PERFORM refuse('bank_account_versioned', 'a retired bank account is not verified any more');
  END IF;
  IF OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL THEN
    IF btrim(coalesce(NEW.verification_note, '')) = '' THEN
      PERFORM refuse('bank_account_called_back', 'an account is verified by a call back, with a note of it');
    END IF;
    NEW.verified_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER bank_account_guard BEFORE INSERT OR UPDATE ON bank_account FOR EACH ROW EXECUTE FUNCTION bank_account_guard();
