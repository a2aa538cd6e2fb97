"""What the pages of results add up, kept for a few grants together; indexes for what waits and for what is newest."""

from foundation.migrating import sql_migration

ID = "2026-11-30T10:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "kept results"

SQL = r"""
-- Some grants of one call in one municipality: every filter of these pages but the period picks whole cells. What
-- changes in a cell marks it, and the same transaction sums it up anew as it commits. While there is a mark, pages count.
CREATE TABLE result_cell (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE,
  municipality_id uuid REFERENCES municipality ON DELETE CASCADE, bucket int NOT NULL,
  UNIQUE NULLS NOT DISTINCT (call_id, municipality_id, bucket));
CREATE TABLE result_mark (cell_id int PRIMARY KEY REFERENCES result_cell ON DELETE CASCADE);
CREATE TABLE result_money (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, step text NOT NULL, currency text NOT NULL,
  amount numeric NOT NULL, parts int NOT NULL, grants int NOT NULL, PRIMARY KEY (cell_id, step, currency));
CREATE TABLE result_month (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, kind text NOT NULL, currency text NOT NULL,
  month date NOT NULL, amount numeric NOT NULL, PRIMARY KEY (cell_id, kind, currency, month));
CREATE TABLE result_work (
  cell_id int PRIMARY KEY REFERENCES result_cell ON DELETE CASCADE, organisations uuid[] NOT NULL, grants int NOT NULL,
  running int NOT NULL, visits_planned int NOT NULL, visits_made int NOT NULL, visits_approved int NOT NULL,
  visits_evidenced int NOT NULL, risks int NOT NULL, unscheduled int NOT NULL,
  made timestamptz NOT NULL DEFAULT clock_timestamp());
-- what begins to count on a day: reports due, those sent in time, grave findings, promises to be reported on
CREATE TABLE result_day (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, kind text NOT NULL,
  indicator_id uuid REFERENCES indicator ON DELETE CASCADE, day date NOT NULL, n int NOT NULL,
  UNIQUE NULLS NOT DISTINCT (cell_id, kind, indicator_id, day));
CREATE TABLE result_indicator (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE CASCADE,
  grants int NOT NULL, reported numeric, reported_of numeric, verified numeric, verified_of numeric, best numeric, best_of numeric,
  chosen int NOT NULL, checked int NOT NULL, whole numeric NOT NULL, covered numeric NOT NULL, confirmed numeric NOT NULL,
  women numeric, men numeric, inside int NOT NULL, told int NOT NULL, silent int NOT NULL,
  promises int NOT NULL, targets int NOT NULL, target numeric, target_of numeric, without_of int NOT NULL,
  baselines int NOT NULL, baseline numeric, baseline_of numeric,
  documents int NOT NULL, visits int NOT NULL, photos int NOT NULL, PRIMARY KEY (cell_id, indicator_id));
CREATE TABLE result_newest (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE CASCADE,
  value_id uuid NOT NULL, unverified boolean NOT NULL, period_to date NOT NULL, reference text NOT NULL,
  PRIMARY KEY (cell_id, indicator_id, value_id));
CREATE INDEX result_newest_first ON result_newest (indicator_id, unverified, period_to DESC, reference);
CREATE TABLE result_picture (
  cell_id int NOT NULL REFERENCES result_cell ON DELETE CASCADE, indicator_id uuid NOT NULL REFERENCES indicator ON DELETE CASCADE,
  photo_id uuid NOT NULL, public boolean NOT NULL, visited_on date, taken_at timestamptz, PRIMARY KEY (cell_id, indicator_id, photo_id));
CREATE INDEX result_picture_first ON result_picture (indicator_id, visited_on DESC, taken_at, photo_id);
INSERT INTO table_right SELECT t, 'SELECT' FROM unnest(ARRAY['result_cell', 'result_mark', 'result_money', 'result_month',
  'result_work', 'result_day', 'result_indicator', 'result_newest', 'result_picture']) t;

CREATE INDEX award_cell ON award (call_id, municipality_id);
-- what goes wrong is rare among what went well
CREATE INDEX report_value_contradicted ON report_value (award_id) WHERE verdict = 'contradicted' AND cell = 'total';
-- counts of people so small that they are not told to everybody
CREATE INDEX report_value_small ON report_value (award_id, indicator_id) WHERE cell = 'total'
  AND (reported > 0 AND reported < 5 OR verified > 0 AND verified < 5);
CREATE INDEX report_late ON report (report_due_id) WHERE state IN ('scheduled', 'open', 'returned');
CREATE INDEX finding_open_risk ON finding (award_id) WHERE state = 'final' AND severity IN ('high', 'critical');
-- the ranking of a call
CREATE INDEX review_locked ON review (call_id) INCLUDE (application_id, total) WHERE state = 'locked';
CREATE INDEX application_ranked ON application (call_id, state) INCLUDE (id, number, requested);
CREATE INDEX decision_call ON decision (call_id);
-- what waits for somebody, the oldest first
CREATE INDEX application_checking ON application (updated) WHERE state = 'admin_check';
CREATE INDEX application_proposed ON application (updated)
  WHERE ineligible_proposed_by IS NOT NULL AND ineligible_confirmed_by IS NULL;
CREATE INDEX review_open ON review (application_id) WHERE state NOT IN ('conflicted', 'replaced');
CREATE INDEX recommendation_waiting ON recommendation (due_current) WHERE source IS NULL
  AND state NOT IN ('verified', 'superseded', 'withdrawn', 'risk_accepted');
CREATE INDEX visit_in_review ON visit (municipality_id) WHERE state = 'in_review';
CREATE INDEX report_waiting ON report (award_id) WHERE state IN ('submitted', 'under_review', 'verified');
CREATE INDEX report_due_day ON report_due (due_on);
CREATE INDEX visit_newest ON visit (coalesce(visited_on, planned_from) DESC NULLS LAST, reference DESC) WHERE state = 'approved';
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
