"""What sums of people everybody was told hold of counts that are hidden; when they were looked at last."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:17:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "told counts"

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
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
