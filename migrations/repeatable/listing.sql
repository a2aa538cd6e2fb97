-- Lists: every order that is offered has an index (what it orders by and the row's key), every search one text with its
-- trigrams. An index is made once: one that should be different gets another name, and the old one is dropped here.

-- one text of several columns to search in; plain enough for the planner to put it in place of the call
CREATE OR REPLACE FUNCTION words(text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '') || ' ' || coalesce($2, '');
CREATE OR REPLACE FUNCTION words(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '') || ' ' || coalesce($2, '') || ' ' || coalesce($3, '');
CREATE OR REPLACE FUNCTION words(text, text, text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '') || ' ' || coalesce($2, '') || ' ' || coalesce($3, '') || ' ' || coalesce($4, '');
CREATE OR REPLACE FUNCTION words(text, text, text, text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '') || ' ' || coalesce($2, '') || ' ' || coalesce($3, '') || ' ' || coalesce($4, '') || ' ' || coalesce($5, '');
CREATE OR REPLACE FUNCTION words(text, text, text, text, text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '') || ' ' || coalesce($2, '') || ' ' || coalesce($3, '') || ' ' || coalesce($4, '') || ' ' || coalesce($5, '') || ' ' || coalesce($6, '');
-- made for a function that no plan could see into
DROP INDEX IF EXISTS organisation_words, account_words, application_words, award_words, tranche_words, call_words, visit_words,
  recommendation_words, meeting_words, application_place, application_submitted_order;
-- a place has a position; what has no place comes before them all
CREATE OR REPLACE VIEW position_of_place AS SELECT id, position FROM municipality
  UNION ALL SELECT id, position FROM no_place;
CREATE OR REPLACE FUNCTION place_or_none(uuid) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce($1, '00000000-0000-0000-0000-000000000000');

CREATE INDEX IF NOT EXISTS organisation_search ON organisation USING gin (words(name_ka, name_en, other_names, identification_code) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS organisation_name_ka ON organisation (lower(coalesce(name_ka, name_en, '')), id);
CREATE INDEX IF NOT EXISTS organisation_name_en ON organisation (lower(coalesce(name_en, name_ka, '')), id);
CREATE INDEX IF NOT EXISTS organisation_code_order ON organisation (coalesce(identification_code, ''), id);
CREATE INDEX IF NOT EXISTS organisation_created_order ON organisation (created, id);
CREATE INDEX IF NOT EXISTS organisation_place ON organisation (place_or_none(municipality_id), id);
CREATE INDEX IF NOT EXISTS account_search ON account USING gin (words(name, email::text) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS account_name_search ON account USING gin (name gin_trgm_ops);
CREATE INDEX IF NOT EXISTS account_name_order ON account (lower(name), id);
CREATE INDEX IF NOT EXISTS account_email_order ON account (lower(email::text), id);
CREATE INDEX IF NOT EXISTS account_created_order ON account (created, id);

-- applications: only what was submitted stands in a list; who sees it is read from the index alone, for it is counted
DROP INDEX IF EXISTS application_title_ka; DROP INDEX IF EXISTS application_title_en; DROP INDEX IF EXISTS application_submitted;
CREATE INDEX IF NOT EXISTS application_search ON application USING gin (words(number, title_ka, title_en) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS application_sent_order ON application (submitted_at, id)
  INCLUDE (organisation_id, municipality_id, state, call_id) WHERE submitted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS application_requested_order ON application (requested, id) WHERE submitted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS application_state_order ON application (state, id) WHERE submitted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS application_title_ka_order ON application (lower(coalesce(title_ka, title_en, '')), id) WHERE submitted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS application_title_en_order ON application (lower(coalesce(title_en, title_ka, '')), id) WHERE submitted_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS application_place_order ON application (place_or_none(municipality_id), id)
  INCLUDE (submitted_at, organisation_id, municipality_id) WHERE submitted_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS award_search ON award USING gin (words(reference, title_ka, title_en) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS award_amount_order ON award (amount, id);
CREATE INDEX IF NOT EXISTS award_ends_order ON award (coalesce(ends_on, 'infinity'), id);
CREATE INDEX IF NOT EXISTS award_state_order ON award (state, id);
CREATE INDEX IF NOT EXISTS award_title_ka_order ON award (lower(coalesce(title_ka, title_en, '')), id);
CREATE INDEX IF NOT EXISTS award_title_en_order ON award (lower(coalesce(title_en, title_ka, '')), id);
CREATE INDEX IF NOT EXISTS award_starts_order ON award (coalesce(starts_on, '-infinity'), id);
CREATE INDEX IF NOT EXISTS award_newest_order ON award
  ((extract(year FROM coalesce(starts_on, (countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date))::int), reference, id) WHERE award_signed(state);
CREATE INDEX IF NOT EXISTS award_public_search ON award USING gin (words(reference, title_ka, title_en, summary_ka, summary_en) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS award_place ON award (place_or_none(municipality_id), id);

CREATE INDEX IF NOT EXISTS tranche_search ON tranche USING gin (words(order_reference, bank_reference) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS tranche_amount_order ON tranche (amount, id);
CREATE INDEX IF NOT EXISTS tranche_planned_order ON tranche (coalesce(planned_on, 'infinity'), id);
-- since when it stands as it does: the moment of the step that brought it there, as the row keeps it
CREATE OR REPLACE FUNCTION tranche_since(state text, due timestamptz, requested timestamptz, certified timestamptz, approved timestamptz,
  authorised timestamptz, sent timestamptz, confirmed timestamptz, updated timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(CASE WHEN tranche_is_due(state) THEN due WHEN tranche_is_requested(state) THEN requested
    WHEN tranche_is_certified(state) THEN certified WHEN tranche_is_approved(state) THEN approved
    WHEN tranche_is_authorised(state) THEN authorised WHEN tranche_is_sent(state) THEN sent
    WHEN tranche_is_confirmed(state) THEN confirmed END, updated);
CREATE INDEX IF NOT EXISTS tranche_since_order ON tranche
  (tranche_since(state, due_at, requested_at, certified_at, approved_at, authorised_at, sent_at, confirmed_at, updated), id);
CREATE INDEX IF NOT EXISTS tranche_paid_order ON tranche (coalesce(paid_on, '-infinity'), id);
CREATE INDEX IF NOT EXISTS spending_spent_grant_order ON spending_line (coalesce(spent_grant, 0), id);
CREATE INDEX IF NOT EXISTS spending_accepted_grant_order ON spending_line (coalesce(accepted_grant, 0), id);
CREATE INDEX IF NOT EXISTS award_signed_order ON award
  (coalesce((countersigned_at AT TIME ZONE 'Asia/Tbilisi')::date, '-infinity'), id);
CREATE INDEX IF NOT EXISTS tranche_organisation ON tranche (organisation_id);

-- the same for entries that belong to no grant
CREATE OR REPLACE VIEW reference_of_award AS SELECT id, reference FROM award
  UNION ALL SELECT id, reference FROM no_award;
CREATE INDEX IF NOT EXISTS ledger_grant_order ON ledger_entry (coalesce(award_id, '00000000-0000-0000-0000-000000000000'), id);
CREATE INDEX IF NOT EXISTS ledger_amount_order ON ledger_entry (amount, id);
CREATE INDEX IF NOT EXISTS ledger_search ON ledger_entry USING gin (words(debit, credit, note) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS ledger_at ON ledger_entry (at);
CREATE INDEX IF NOT EXISTS ledger_call ON ledger_entry (call_id);

CREATE INDEX IF NOT EXISTS call_search ON call USING gin (words(reference, title_ka, title_en, summary_ka, summary_en) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS call_deadline_order ON call (deadline, id);
CREATE INDEX IF NOT EXISTS call_envelope_order ON call (envelope, id);
CREATE INDEX IF NOT EXISTS call_created_order ON call (created, id);

CREATE INDEX IF NOT EXISTS visit_search ON visit USING gin (words(reference, place, purpose_ka, purpose_en) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS visit_day_order ON visit (coalesce(visited_on, planned_from, '-infinity'), id);
CREATE INDEX IF NOT EXISTS visit_state_order ON visit (state, id);

-- a recommendation nobody has to do anything about any more stands at the end
CREATE OR REPLACE FUNCTION recommendation_settled(text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN $1 IN ('verified', 'superseded', 'withdrawn', 'risk_accepted');
CREATE OR REPLACE FUNCTION priority_rank(text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_position(ARRAY['low', 'medium', 'high', 'critical'], $1);
CREATE INDEX IF NOT EXISTS recommendation_search ON recommendation USING gin (words(reference, text_ka, text_en, theme) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS recommendation_first ON recommendation
  (recommendation_settled(state), coalesce(due_current, 'infinity'), reference, id);
CREATE INDEX IF NOT EXISTS recommendation_due_order ON recommendation (coalesce(due_current, 'infinity'), id);
CREATE INDEX IF NOT EXISTS recommendation_state_order ON recommendation (state, coalesce(due_current, 'infinity'), id);
CREATE INDEX IF NOT EXISTS recommendation_priority_order ON recommendation (priority_rank(priority), coalesce(due_current, 'infinity'), id);
CREATE INDEX IF NOT EXISTS recommendation_place ON recommendation (municipality_id, coalesce(due_current, 'infinity'), id);
CREATE INDEX IF NOT EXISTS recommendation_organisation ON recommendation (organisation_id);

CREATE INDEX IF NOT EXISTS report_state_order ON report (state, id);
CREATE INDEX IF NOT EXISTS report_due_order ON report_due (due_on, id);
CREATE INDEX IF NOT EXISTS report_due_period ON report_due (period_to, id);

CREATE INDEX IF NOT EXISTS meeting_search ON meeting USING gin
  (words(subject_ka, subject_en, decision_ka, decision_en, place, participants) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS meeting_day ON meeting (coalesce(date_from, '-infinity'), id);
CREATE INDEX IF NOT EXISTS meeting_kind_order ON meeting (kind, id);

CREATE INDEX IF NOT EXISTS publication_search ON publication USING gin
  (words(reference, title_ka, title_en, about_ka, about_en, publisher) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS publication_when ON publication (coalesce(when_first, '-infinity'), id);
CREATE INDEX IF NOT EXISTS achievement_search ON achievement USING gin (words(text_ka, text_en, numbers) gin_trgm_ops);
CREATE INDEX IF NOT EXISTS achievement_when ON achievement (coalesce(substring(period from '[0-9]{4}[0-9-]*'), ''), id);

-- What waits for a reviewer, and what of the money waits for staff, the oldest first. Made anew whenever this file is
-- carried out, which is after every numbered migration: a new state comes with one, and changes what a set says.
DROP INDEX IF EXISTS review_to_be_done;
CREATE INDEX review_to_be_done ON review (reviewer_id, due_on, id) WHERE review_under_way(state);
DROP INDEX IF EXISTS tranche_to_do_first;
CREATE INDEX tranche_to_do_first ON tranche
  (tranche_since(state, due_at, requested_at, certified_at, approved_at, authorised_at, sent_at, confirmed_at, updated), id)
  WHERE tranche_to_do(state);
