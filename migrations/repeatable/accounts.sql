CREATE OR REPLACE TRIGGER programme_touch BEFORE UPDATE ON programme FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER organisation_touch BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER account_touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();

-- editors and signatories belong to a civil society organisation, curators to a curator; nobody stands on both sides
CREATE OR REPLACE FUNCTION role_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('editor', 'signatory', 'curator') AND NOT EXISTS (
      SELECT 1 FROM organisation WHERE id = NEW.organisation_id
      AND kind = CASE NEW.kind WHEN 'curator' THEN 'curator' ELSE 'cso' END) THEN
    PERFORM refuse('role_of_its_kind', format('an organisation of this kind has no %s', NEW.kind));
  END IF;
  PERFORM 1 FROM account WHERE id = NEW.account_id FOR NO KEY UPDATE;
  IF NEW.until IS NULL AND EXISTS (
      SELECT 1 FROM role r WHERE r.account_id = NEW.account_id AND r.id <> NEW.id
      AND (r.until IS NULL OR r.until > day_here())
      AND (r.kind IN ('editor', 'signatory') AND NEW.kind IN ('curator', 'chair', 'manager', 'finance', 'director', 'admin')
        OR NEW.kind IN ('editor', 'signatory') AND r.kind IN ('curator', 'chair', 'manager', 'finance', 'director', 'admin'))) THEN
    PERFORM refuse('role_on_one_side', 'who works for an applicant cannot work for the programme as well');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER role_fits BEFORE INSERT OR UPDATE ON role FOR EACH ROW EXECUTE FUNCTION role_fits();
