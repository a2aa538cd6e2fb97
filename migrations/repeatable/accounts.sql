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

-- whether this person may act today: an open account, and the role for this place, or the role at all
CREATE OR REPLACE FUNCTION curates(who uuid, place uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM account a JOIN role r ON r.account_id = a.id
    JOIN curated_municipality c ON c.organisation_id = r.organisation_id AND c.municipality_id = place
    WHERE a.id = who AND a.active AND r.kind = 'curator' AND (r.until IS NULL OR r.until > day_here())
      AND (NOT EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id)
        OR EXISTS (SELECT 1 FROM role_municipality m WHERE m.role_id = r.id AND m.municipality_id = place))) $$;

CREATE OR REPLACE FUNCTION holds(who uuid, VARIADIC kinds text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM account a JOIN role r ON r.account_id = a.id
    WHERE a.id = who AND a.active AND r.kind = ANY(kinds) AND (r.until IS NULL OR r.until > day_here())) $$;
