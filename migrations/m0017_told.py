"""What everybody was told: of hidden counts, what sums of people hold of them; of indicators, how they were before."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:17:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what everybody was told"

SQL = r"""
CREATE TABLE told_indicator (
  indicator_id uuid PRIMARY KEY REFERENCES indicator ON DELETE CASCADE, looked_at timestamptz);
-- counts that are told in sums only, and there all together
CREATE TABLE told_group (
  id uuid PRIMARY KEY DEFAULT uuidv7(), indicator_id uuid NOT NULL REFERENCES indicator ON DELETE CASCADE,
  verified boolean NOT NULL, created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX told_group_indicator ON told_group (indicator_id);
-- what those sums held of each, the newest last; slot: the value of a report, or the grant whose latest value it is
CREATE TABLE told_slot (
  id uuid PRIMARY KEY DEFAULT uuidv7(), group_id uuid NOT NULL REFERENCES told_group ON DELETE CASCADE, slot uuid NOT NULL,
  award_id uuid NOT NULL REFERENCES award ON DELETE CASCADE, municipality_id uuid NOT NULL REFERENCES municipality,
  reported numeric NOT NULL, verified numeric, told_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX told_slot_group ON told_slot (group_id);
CREATE INDEX told_slot_award ON told_slot (award_id);
CREATE INDEX told_slot_municipality ON told_slot (municipality_id);
INSERT INTO table_right VALUES ('told_indicator', 'SELECT, INSERT, UPDATE'), ('told_group', 'SELECT, INSERT'),
  ('told_slot', 'SELECT, INSERT');

CREATE INDEX report_accepted ON report (accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX report_value_few ON report_value (indicator_id, award_id) WHERE cell = 'total'
  AND (reported < 5 AND reported <> 0 OR verified > 0 AND verified < 5);
DROP INDEX report_value_small;

-- how an indicator is to be counted, once there are values of it, is changed by two people, and the change is told
ALTER TABLE indicator ADD COLUMN proposed jsonb, ADD COLUMN proposed_by uuid REFERENCES account ON DELETE RESTRICT,
  ADD COLUMN proposed_at timestamptz, ADD COLUMN proposed_reason text, ADD COLUMN confirmed_by uuid REFERENCES account ON DELETE RESTRICT,
  ADD CONSTRAINT indicator_proposed_whole CHECK (num_nonnulls(proposed, proposed_by, proposed_at, proposed_reason) IN (0, 4)
    AND coalesce(btrim(proposed_reason), 'x') <> '');
CREATE INDEX indicator_proposed_by ON indicator (proposed_by);
CREATE INDEX indicator_confirmed_by ON indicator (confirmed_by);
CREATE INDEX indicator_proposed ON indicator (proposed_at) WHERE proposed IS NOT NULL;
CREATE TABLE indicator_change (
  id uuid PRIMARY KEY DEFAULT uuidv7(), indicator_id uuid NOT NULL REFERENCES indicator ON DELETE CASCADE,
  before jsonb NOT NULL, after jsonb NOT NULL, reason text NOT NULL,
  proposed_by uuid NOT NULL REFERENCES account ON DELETE RESTRICT,
  confirmed_by uuid NOT NULL REFERENCES account ON DELETE RESTRICT CHECK (confirmed_by <> proposed_by),
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX indicator_change_indicator ON indicator_change (indicator_id, at);
CREATE INDEX indicator_change_proposed_by ON indicator_change (proposed_by);
CREATE INDEX indicator_change_confirmed_by ON indicator_change (confirmed_by);
INSERT INTO table_right VALUES ('indicator_change', 'SELECT, INSERT');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
