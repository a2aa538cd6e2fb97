CREATE OR REPLACE TRIGGER programme_touch BEFORE UPDATE ON programme FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER organisation_touch BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER account_touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();

CREATE OR REPLACE TRIGGER role_offer_state BEFORE INSERT OR UPDATE ON role_offer FOR EACH ROW EXECUTE FUNCTION guard_state('pending');
CREATE OR REPLACE TRIGGER role_offer_touch BEFORE UPDATE ON role_offer FOR EACH ROW EXECUTE FUNCTION touch();
CREATE OR REPLACE TRIGGER role_offer_stays BEFORE UPDATE ON role_offer FOR EACH ROW EXECUTE FUNCTION frozen('{
  "pending>accepted, declined, withdrawn": ["answered_at"]
}');

-- Editors and signatories belong to a civil society organisation, curators to a curator; nobody stands on both sides, and
-- nobody holds a role they have not accepted: only whoever registers an organisation signs for it without being asked.
CREATE OR REPLACE FUNCTION role_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NOT importing() AND (NEW.id, NEW.account_id, NEW.kind, NEW.organisation_id, NEW.since, NEW.offer_id)
      IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.kind, OLD.organisation_id, OLD.since, OLD.offer_id) THEN
    PERFORM refuse('role_stays', 'a role that was given ends, and changes in nothing else');
  END IF;
  IF NEW.kind IN ('editor', 'signatory', 'curator') AND NOT EXISTS (
      SELECT 1 FROM organisation WHERE id = NEW.organisation_id
      AND kind = CASE NEW.kind WHEN 'curator' THEN 'curator' ELSE 'cso' END) THEN
    PERFORM refuse('role_of_its_kind', format('an organisation of this kind has no %s', NEW.kind));
  END IF;
  PERFORM 1 FROM account WHERE id = NEW.account_id FOR NO KEY UPDATE;
  IF (NEW.until IS NULL OR NEW.until > day_here()) AND EXISTS (
      SELECT 1 FROM role r WHERE r.account_id = NEW.account_id AND r.id <> NEW.id
      AND (r.until IS NULL OR r.until > day_here())
      AND (r.kind IN ('editor', 'signatory')) <> (NEW.kind IN ('editor', 'signatory'))) THEN
    PERFORM refuse('role_on_one_side', 'who works for an applicant neither judges nor pays nor watches applicants');
  END IF;
  IF TG_OP = 'INSERT' AND NOT importing() AND NOT EXISTS (
      SELECT 1 FROM role_offer f WHERE f.id = NEW.offer_id AND role_offer_is_accepted(f.state)
      AND (f.account_id, f.kind) = (NEW.account_id, NEW.kind) AND f.organisation_id IS NOT DISTINCT FROM NEW.organisation_id)
    AND NOT (NEW.kind = 'signatory' AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = NEW.organisation_id
      AND o.registered_by = NEW.account_id) AND NOT EXISTS (SELECT 1 FROM role r WHERE r.organisation_id = NEW.organisation_id)) THEN
    PERFORM refuse('role_by_consent', 'a role is held once it is accepted');
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

-- Whoever has to do with an organisation: who works for it or did within two years, who declared an interest in it, and any
-- account that is the same person's, by mail box or phone. They see and judge nothing of a call it competes in, and take no
-- part in what follows once it has a grant.
CREATE OR REPLACE FUNCTION mail_box(email text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN split_part(lower(email), '@', 2) IN ('gmail.com', 'googlemail.com')
    THEN replace(split_part(split_part(lower(email), '@', 1), '+', 1), '.', '') || '@gmail.com'
    ELSE split_part(split_part(lower(email), '@', 1), '+', 1) || '@' || split_part(lower(email), '@', 2) END $$;
CREATE OR REPLACE FUNCTION phone_digits(phone text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(regexp_replace(phone, '\D', '', 'g')) >= 6
    THEN right(regexp_replace(phone, '\D', '', 'g'), 9) END $$;
CREATE INDEX IF NOT EXISTS account_mail_box ON account (mail_box(email::text));
CREATE INDEX IF NOT EXISTS account_phone_digits ON account (phone_digits(phone));

CREATE OR REPLACE FUNCTION same_person(who uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT who UNION
  SELECT o.id FROM account a JOIN account o ON mail_box(o.email::text) = mail_box(a.email::text) WHERE a.id = who UNION
  SELECT o.id FROM account a JOIN account o ON phone_digits(o.phone) = phone_digits(a.phone) WHERE a.id = who $$;

-- a review that ended with another of its call tells of no interest in its own applicant
CREATE OR REPLACE FUNCTION tied_organisations(who uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT r.organisation_id FROM same_person(who) same JOIN role r ON r.account_id = same
    WHERE r.kind IN ('editor', 'signatory') AND (r.until IS NULL OR r.until > day_here() - interval '2 years')
  UNION SELECT a.organisation_id FROM same_person(who) same JOIN review v ON v.reviewer_id = same
    JOIN application a ON a.id = v.application_id WHERE v.conflict
      AND NOT EXISTS (SELECT 1 FROM event e WHERE e.object_id = v.id AND e.name = 'review.closed_with_another') $$;

CREATE OR REPLACE FUNCTION calls_closed_to(who uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT a.call_id FROM tied_organisations(who) tied JOIN application a ON a.organisation_id = tied
    WHERE NOT application_dropped(a.state)
  UNION SELECT v.call_id FROM same_person(who) same JOIN review v ON v.reviewer_id = same WHERE v.conflict $$;

CREATE OR REPLACE FUNCTION connected(who uuid, its_call uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM calls_closed_to(who) closed WHERE closed = its_call) $$;

-- The columns that a trigger `<table>_apart` names take nobody who has to do with the organisation the row is about, or with
-- the one whose grant it belongs to.
CREATE OR REPLACE FUNCTION apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE n jsonb; o jsonb; written uuid[]; about uuid[];
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  n := to_jsonb(NEW);
  IF TG_OP = 'UPDATE' THEN o := to_jsonb(OLD); END IF;
  SELECT array_agg((n->>named)::uuid) INTO written FROM unnest(TG_ARGV) named
    WHERE n->>named IS NOT NULL AND n->>named IS DISTINCT FROM o->>named;
  IF written IS NULL THEN RETURN NEW; END IF;
  SELECT array_agg(organisation) INTO about FROM (
    SELECT (n->>'organisation_id')::uuid AS organisation
    UNION SELECT organisation_id FROM award WHERE id = (n->>'award_id')::uuid
    UNION SELECT organisation_id FROM tranche WHERE id = (n->>'tranche_id')::uuid
    UNION SELECT w.organisation_id FROM report r JOIN award w ON w.id = r.award_id WHERE r.id = (n->>'report_id')::uuid
    UNION SELECT unnest(ARRAY[x.organisation_id, w.organisation_id]) FROM recommendation x LEFT JOIN award w ON w.id = x.award_id
      WHERE x.id = (n->>'recommendation_id')::uuid) its;
  IF EXISTS (SELECT 1 FROM unnest(written) who CROSS JOIN LATERAL tied_organisations(who) tied WHERE tied = ANY(about)) THEN
    PERFORM refuse('apart_from_organisation', 'who has to do with an organisation takes no part in what the programme does about it');
  END IF;
  RETURN NEW;
END $$;
