-- the same account has the same one, and nobody works out the number from it
CREATE OR REPLACE FUNCTION bank_account_fingerprint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT sha256(key || sha256(key || convert_to(NEW.iban, 'UTF8'))) INTO NEW.fingerprint FROM fingerprint_key;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER bank_account_fingerprint BEFORE INSERT OR UPDATE OF iban, fingerprint ON bank_account
  FOR EACH ROW EXECUTE FUNCTION bank_account_fingerprint();

CREATE OR REPLACE FUNCTION bank_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF importing() THEN RETURN NEW; END IF;
    IF NEW.verified_at IS NOT NULL OR NEW.retired_at IS NOT NULL THEN
      PERFORM refuse('bank_account_starts_unverified', 'a bank account starts unverified');
    END IF;
    NEW.entered_at := clock_timestamp(); RETURN NEW;
  END IF;
  IF OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL THEN
    IF btrim(coalesce(NEW.verification_note, '')) = '' THEN
      PERFORM refuse('bank_account_called_back', 'an account is verified by a call back, with a note of it');
    END IF;
    IF coalesce(NEW.shared_note, '') = '' AND NOT importing() AND EXISTS (SELECT 1 FROM bank_account
        WHERE fingerprint = NEW.fingerprint AND organisation_id <> NEW.organisation_id AND (retired_at IS NULL OR verified_at IS NOT NULL)) THEN
      PERFORM refuse('bank_account_shared', 'another organisation has this account: it is verified once somebody wrote why');
    END IF;
    NEW.verified_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER bank_account_guard BEFORE INSERT OR UPDATE ON bank_account FOR EACH ROW EXECUTE FUNCTION bank_account_guard();

-- bank details are versioned: others are entered as a new account, and a retired one is not verified any more
CREATE OR REPLACE FUNCTION stage(its bank_account) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN its.retired_at IS NOT NULL THEN 'retired' WHEN its.verified_at IS NOT NULL THEN 'verified' ELSE 'entered' END $$;
CREATE OR REPLACE TRIGGER bank_account_stays BEFORE UPDATE ON bank_account FOR EACH ROW EXECUTE FUNCTION frozen('{
  "entered>verified": ["verified_by", "verified_at", "verification_note", "shared_note"],
  "entered, verified>retired": ["retired_by", "retired_at"]
}', '{"bank_account_versioned": ["*"]}');

CREATE OR REPLACE TRIGGER bank_account_apart BEFORE INSERT OR UPDATE OF verified_by ON bank_account
  FOR EACH ROW EXECUTE FUNCTION apart('verified_by');
