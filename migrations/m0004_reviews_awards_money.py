"""Review and decision, awards and agreements, tranches, bank accounts and the ledger."""

from foundation.migrating import sql_migration

ID = "2026-11-21T10:03:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reviews, awards, disbursements"

SQL = r"""
-- reviews -----------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES
  ('review','invited','clear'), ('review','invited','conflicted'), ('review','clear','drafting'), ('review','drafting','locked'),
  ('review','clear','conflicted'), ('review','drafting','conflicted'),
  ('review','locked','reopened'), ('review','reopened','drafting'), ('review','invited','replaced'), ('review','clear','replaced'),
  ('review','conflicted','replaced'), ('review','drafting','replaced'), ('review','reopened','replaced');
CREATE TABLE review (
  id uuid PRIMARY KEY DEFAULT uuidv7(), application_id uuid NOT NULL, call_id uuid NOT NULL,
  reviewer_id uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'clear', 'conflicted', 'drafting', 'locked', 'reopened', 'replaced')),
  assigned_by uuid NOT NULL REFERENCES account, due_on date, conflict boolean, declaration text, declared_at timestamptz,
  comment text, total numeric(7,3) CHECK (total >= 0 AND total <= 100), locked_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  UNIQUE (application_id, reviewer_id), UNIQUE (id, call_id),
  CONSTRAINT review_after_clean_declaration CHECK (
    state IN ('invited', 'replaced') OR (declared_at IS NOT NULL AND conflict IS NOT NULL AND conflict = (state = 'conflicted'))),
  CONSTRAINT review_second_person CHECK (assigned_by <> reviewer_id),
  CONSTRAINT review_locked_facts CHECK (state <> 'locked' OR (locked_at IS NOT NULL AND total IS NOT NULL)));
CREATE INDEX review_reviewer ON review (reviewer_id, state);
CREATE TABLE score (
  review_id uuid NOT NULL, call_id uuid NOT NULL, criterion_id uuid NOT NULL, points numeric(5,1) CHECK (points >= 0 AND points <= 100),
  comment text, PRIMARY KEY (review_id, criterion_id),
  FOREIGN KEY (review_id, call_id) REFERENCES review (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (criterion_id, call_id) REFERENCES criterion (id, call_id) ON DELETE RESTRICT);

-- committee ----------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES ('meeting_minutes', 'open', 'signed');
CREATE TABLE meeting_minutes (
  id uuid PRIMARY KEY DEFAULT uuidv7(), call_id uuid NOT NULL REFERENCES call ON DELETE RESTRICT, number int NOT NULL,
  held_on date NOT NULL, present text, text text, state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'signed')),
  reserve_until date, opened_by uuid NOT NULL REFERENCES account, signed_by uuid REFERENCES account, signed_at timestamptz,
  body jsonb, body_sha256 sha256,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (call_id, number), UNIQUE (id, call_id),
  CONSTRAINT minutes_signed_facts CHECK ((state = 'signed') = (signed_by IS NOT NULL AND signed_at IS NOT NULL AND body_sha256 IS NOT NULL)));
CREATE UNIQUE INDEX minutes_one_open ON meeting_minutes (call_id) WHERE state = 'open';
CREATE TABLE decision (
  id uuid PRIMARY KEY DEFAULT uuidv7(), minutes_id uuid NOT NULL, call_id uuid NOT NULL, application_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('approve', 'correction', 'reserve', 'reject')), rank int, amount money_above_zero,
  reason text NOT NULL CHECK (btrim(reason) <> ''), exception_note text, correction text,
  section_ids uuid[] NOT NULL DEFAULT '{}', correct_by date, decided_by uuid NOT NULL REFERENCES account,
  decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (minutes_id, call_id) REFERENCES meeting_minutes (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  UNIQUE (minutes_id, application_id),
  CONSTRAINT decision_amount CHECK ((amount IS NOT NULL) = (outcome IN ('approve', 'correction', 'reserve'))));
CREATE INDEX decision_application ON decision (application_id);
INSERT INTO table_right VALUES ('decision', 'SELECT, INSERT, UPDATE, DELETE');

-- awards -------------------------------------------------------------------------------------------------------
INSERT INTO transition VALUES
  ('award','drafting','offered'), ('award','offered','drafting'), ('award','offered','declined'),
  ('award','drafting','withdrawn_by_funder'), ('award','offered','withdrawn_by_funder'), ('award','signed_cso','withdrawn_by_funder'),
  ('award','offered','signed_cso'), ('award','signed_cso','active'), ('award','signed_cso','drafting'),
  ('award','active','suspended'), ('award','suspended','active'), ('award','active','closing'), ('award','suspended','closing'),
  ('award','active','terminated'), ('award','suspended','terminated'), ('award','closing','terminated'),
  ('award','closing','closed'), ('award','terminated','closed');
CREATE TABLE award (
  id uuid PRIMARY KEY DEFAULT uuidv7(), reference text NOT NULL UNIQUE, application_id uuid NOT NULL UNIQUE, call_id uuid NOT NULL,
  organisation_id uuid NOT NULL REFERENCES organisation ON DELETE RESTRICT,
  -- not known for some grants of the past, whose sources do not say
  municipality_id uuid REFERENCES municipality ON DELETE RESTRICT CONSTRAINT award_municipality CHECK (municipality_id IS NOT NULL OR source IS NOT NULL),
  currency currency NOT NULL, amount money_above_zero NOT NULL, state text NOT NULL DEFAULT 'drafting' CHECK (state IN ('drafting', 'offered', 'declined',
    'withdrawn_by_funder', 'signed_cso', 'active', 'suspended', 'closing', 'terminated', 'closed')),
  title_ka text, title_en text, summary_ka text, summary_en text, starts_on date, ends_on date,
  date_precision text NOT NULL DEFAULT 'day' CHECK (date_precision IN ('day', 'month', 'year')), date_note text, source text,
  prevailing_language text NOT NULL DEFAULT 'ka' CHECK (prevailing_language IN ('ka', 'en')),
  agreement_language text NOT NULL DEFAULT 'both' CHECK (agreement_language IN ('ka', 'en', 'both')),
  special_conditions_ka text, special_conditions_en text,
  curator_id uuid REFERENCES account, proposed_by uuid NOT NULL REFERENCES account, approved_by uuid REFERENCES account,
  approved_at timestamptz, offered_by uuid REFERENCES account, offered_at timestamptz, offer_expires_on date,
  signed_by uuid REFERENCES account, signed_at timestamptz, countersigned_by uuid REFERENCES account, countersigned_at timestamptz,
  closing_manager_id uuid REFERENCES account, closing_finance_id uuid REFERENCES account,
  closing_director_id uuid REFERENCES account, closed_at timestamptz,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (application_id, call_id) REFERENCES application (id, call_id) ON DELETE RESTRICT,
  FOREIGN KEY (application_id, organisation_id) REFERENCES application (id, organisation_id) ON DELETE RESTRICT,
  FOREIGN KEY (call_id, currency) REFERENCES call (id, currency) ON DELETE RESTRICT,
  UNIQUE (id, currency), UNIQUE (id, organisation_id), UNIQUE (id, municipality_id),
  CONSTRAINT award_second_person CHECK (approved_by IS NOT NULL AND approved_by <> proposed_by),
  CONSTRAINT award_countersigned CHECK (state NOT IN ('active', 'suspended', 'closing', 'closed', 'terminated')
    OR (countersigned_by IS NOT NULL AND signed_at IS NOT NULL)),
  CONSTRAINT award_closed_by_two CHECK (closing_finance_id IS NULL OR (closing_finance_id IS DISTINCT FROM closing_manager_id
    AND closing_finance_id IS DISTINCT FROM closing_director_id)),
  CONSTRAINT award_prevailing_language CHECK (agreement_language IN ('both', prevailing_language)),
  CONSTRAINT award_dates CHECK (starts_on <= ends_on));
CREATE INDEX award_state ON award (state); CREATE INDEX award_call ON award (call_id);
CREATE INDEX award_organisation ON award (organisation_id); CREATE INDEX award_municipality ON award (municipality_id);

-- the document both sides sign, version by version; never changed
CREATE TABLE agreement (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, version int NOT NULL CHECK (version > 0),
  upload_id uuid NOT NULL REFERENCES upload ON DELETE RESTRICT, document_sha256 sha256 NOT NULL, body jsonb NOT NULL,
  made_by uuid REFERENCES account, made_at timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (award_id, version), UNIQUE (id, award_id));
CREATE TABLE signature (
  id uuid PRIMARY KEY DEFAULT uuidv7(), agreement_id uuid NOT NULL, award_id uuid NOT NULL, party text NOT NULL CHECK (party IN ('cso', 'funder')),
  upload_id uuid REFERENCES upload ON DELETE RESTRICT, signed_by uuid NOT NULL REFERENCES account,
  signed_at timestamptz NOT NULL DEFAULT clock_timestamp(), UNIQUE (agreement_id, party),
  FOREIGN KEY (agreement_id, award_id) REFERENCES agreement (id, award_id) ON DELETE RESTRICT,
  CONSTRAINT signature_scan CHECK (party = 'funder' OR upload_id IS NOT NULL));
INSERT INTO table_right VALUES ('agreement', 'SELECT, INSERT'), ('signature', 'SELECT, INSERT');

CREATE TABLE report_due (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT, number int NOT NULL CHECK (number > 0),
  kind text NOT NULL CHECK (kind IN ('interim', 'final')), period_from date NOT NULL, period_to date NOT NULL, due_on date NOT NULL,
  UNIQUE (award_id, number), UNIQUE (id, award_id), CONSTRAINT report_due_dates CHECK (period_from <= period_to),
  CONSTRAINT report_due_periods EXCLUDE USING gist (award_id WITH =, daterange(period_from, period_to, '[]') WITH &&));
INSERT INTO table_right VALUES ('report_due', 'SELECT, INSERT, UPDATE, DELETE');
-- what the grantee promises to change: the programme's indicators with a target of its own
-- (indicators live with monitoring; the promise is theirs, see migration of monitoring)

-- bank accounts and tranches -----------------------------------------------------------------------------------
CREATE TABLE bank_account (
  id uuid PRIMARY KEY DEFAULT uuidv7(), organisation_id uuid NOT NULL REFERENCES organisation ON DELETE RESTRICT,
  holder text NOT NULL CHECK (btrim(holder) <> ''), iban text NOT NULL CONSTRAINT bank_account_iban CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  bank_name text, letter_upload_id uuid REFERENCES upload, entered_by uuid NOT NULL REFERENCES account,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(), verified_by uuid REFERENCES account, verified_at timestamptz,
  verification_note text, retired_at timestamptz, retired_by uuid REFERENCES account,
  UNIQUE (id, organisation_id),
  CONSTRAINT bank_account_second_person CHECK (verified_by IS DISTINCT FROM entered_by),
  CONSTRAINT bank_account_verified CHECK ((verified_by IS NULL) = (verified_at IS NULL)));
CREATE UNIQUE INDEX bank_account_one_active ON bank_account (organisation_id) WHERE verified_at IS NOT NULL AND retired_at IS NULL;
INSERT INTO table_right VALUES ('bank_account', 'SELECT, INSERT, UPDATE');

INSERT INTO transition VALUES
  ('tranche','planned','due'), ('tranche','due','requested'), ('tranche','requested','due'), ('tranche','requested','certified'),
  ('tranche','certified','approved'), ('tranche','certified','due'), ('tranche','approved','due'), ('tranche','approved','authorised'),
  ('tranche','authorised','due'), ('tranche','approved','sent'), ('tranche','authorised','sent'), ('tranche','sent','paid'),
  ('tranche','sent','failed'), ('tranche','failed','due'), ('tranche','paid','confirmed'), ('tranche','paid','sent'),
  ('tranche','paid','recovery_due'), ('tranche','confirmed','recovery_due'), ('tranche','recovery_due','recovered'), ('tranche','recovery_due','written_off');
INSERT INTO transition SELECT 'tranche', s, 'cancelled' FROM unnest(ARRAY['planned', 'due', 'requested', 'certified', 'approved', 'authorised', 'failed']) s;
CREATE TABLE tranche (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL, organisation_id uuid NOT NULL, currency currency NOT NULL,
  number int NOT NULL CHECK (number BETWEEN 1 AND 24), amount money_above_zero NOT NULL,
  state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'due', 'requested', 'certified', 'approved', 'authorised', 'sent', 'paid',
    'failed', 'confirmed', 'cancelled', 'recovery_due', 'recovered', 'written_off')),
  planned_on date, bank_account_id uuid, due_at timestamptz, requested_by uuid REFERENCES account, requested_at timestamptz,
  certified_by uuid REFERENCES account, certified_at timestamptz, certificate text, approved_by uuid REFERENCES account, approved_at timestamptz,
  authorised_by uuid REFERENCES account, authorised_at timestamptz, sent_by uuid REFERENCES account, sent_at timestamptz, order_reference text,
  exchange_rate numeric(14,6) CONSTRAINT tranche_exchange_rate CHECK (exchange_rate > 0 AND exchange_rate < 1e7),
  paid_by uuid REFERENCES account, paid_on date, bank_reference text, confirmed_by uuid REFERENCES account, confirmed_at timestamptz,
  recovery_amount money_above_zero, recovered_on date, recovery_reference text,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (award_id, currency) REFERENCES award (id, currency) ON DELETE RESTRICT,
  FOREIGN KEY (award_id, organisation_id) REFERENCES award (id, organisation_id) ON DELETE RESTRICT,
  FOREIGN KEY (bank_account_id, organisation_id) REFERENCES bank_account (id, organisation_id) ON DELETE RESTRICT,
  CONSTRAINT tranche_number UNIQUE (award_id, number), UNIQUE (id, award_id),
  CONSTRAINT tranche_second_person CHECK (approved_by IS NULL OR (approved_by IS DISTINCT FROM requested_by AND approved_by IS DISTINCT FROM certified_by)),
  CONSTRAINT tranche_third_person CHECK (authorised_by IS NULL OR (authorised_by IS DISTINCT FROM approved_by AND authorised_by IS DISTINCT FROM certified_by)),
  CONSTRAINT tranche_requested_facts CHECK (state NOT IN ('requested', 'certified', 'approved', 'authorised', 'sent', 'paid', 'confirmed')
    OR (requested_by IS NOT NULL AND bank_account_id IS NOT NULL)),
  CONSTRAINT tranche_certified_facts CHECK (state NOT IN ('certified', 'approved', 'authorised', 'sent', 'paid', 'confirmed') OR certified_by IS NOT NULL),
  CONSTRAINT tranche_approved_facts CHECK (state NOT IN ('approved', 'authorised', 'sent', 'paid', 'confirmed') OR approved_by IS NOT NULL),
  CONSTRAINT tranche_sent_facts CHECK (state NOT IN ('sent', 'paid', 'confirmed') OR (sent_by IS NOT NULL AND order_reference IS NOT NULL)),
  CONSTRAINT tranche_paid_facts CHECK ((state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off'))
    = (paid_on IS NOT NULL AND bank_reference IS NOT NULL AND paid_by IS NOT NULL)),
  CONSTRAINT tranche_recovery_facts CHECK (state NOT IN ('recovery_due', 'recovered', 'written_off')
    OR (recovery_amount IS NOT NULL AND recovery_amount <= amount)),
  CONSTRAINT tranche_recovered_facts CHECK (state <> 'recovered' OR (recovered_on IS NOT NULL AND recovery_reference IS NOT NULL)));
CREATE UNIQUE INDEX tranche_bank_reference ON tranche (bank_reference) WHERE bank_reference IS NOT NULL;
CREATE UNIQUE INDEX tranche_order_reference ON tranche (order_reference) WHERE order_reference IS NOT NULL AND state IN ('sent', 'paid', 'confirmed');
CREATE INDEX tranche_state ON tranche (state);
CREATE TABLE tranche_condition (
  id uuid PRIMARY KEY DEFAULT uuidv7(), tranche_id uuid NOT NULL REFERENCES tranche ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('agreement_active', 'report_accepted', 'visit_approved', 'document', 'date')),
  description_ka text, description_en text, report_due_id uuid REFERENCES report_due, due_on date,
  fulfilled_at timestamptz, fulfilled_by uuid REFERENCES account, evidence_upload_id uuid REFERENCES upload, note text);
CREATE INDEX tranche_condition_tranche ON tranche_condition (tranche_id);
CREATE INDEX tranche_condition_report ON tranche_condition (report_due_id);
INSERT INTO table_right VALUES ('tranche', 'SELECT, INSERT, UPDATE, DELETE'), ('tranche_condition', 'SELECT, INSERT, UPDATE, DELETE');

-- one row is one transfer between two named accounts, so the book balances by construction; corrections reverse
CREATE TABLE ledger_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
  debit text NOT NULL, credit text NOT NULL, amount money_above_zero NOT NULL, currency currency NOT NULL,
  kind text NOT NULL CHECK (kind IN ('commitment', 'payment', 'decommitment', 'recovery', 'write_off', 'accepted_cost', 'reversal')),
  call_id uuid REFERENCES call, award_id uuid REFERENCES award, tranche_id uuid REFERENCES tranche,
  actor uuid REFERENCES account, note text, reverses bigint UNIQUE REFERENCES ledger_entry,
  CONSTRAINT ledger_two_sides CHECK (debit <> credit), CONSTRAINT ledger_reversal CHECK ((kind = 'reversal') = (reverses IS NOT NULL)));
CREATE INDEX ledger_tranche ON ledger_entry (tranche_id);
CREATE UNIQUE INDEX ledger_recovery_once ON ledger_entry (tranche_id) WHERE kind IN ('recovery', 'write_off');
CREATE UNIQUE INDEX ledger_commitment_once ON ledger_entry (award_id) WHERE kind = 'commitment';
CREATE INDEX ledger_award ON ledger_entry (award_id);
INSERT INTO table_right VALUES ('standing_entry', 'SELECT');
INSERT INTO table_right VALUES ('ledger_entry', 'SELECT, INSERT');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
