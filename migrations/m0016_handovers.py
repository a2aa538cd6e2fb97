"""Work changes hands: who had it before stays known; a finding goes back to its author; who keeps a call or reviews it."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "work changes hands"

SQL = r"""
ALTER TABLE visit ADD COLUMN earlier_owners uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT visit_reviewed_by_no_part CHECK (reviewed_by IS NULL OR reviewed_by <> ALL(earlier_owners));
ALTER TABLE finding ADD COLUMN earlier_owners uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT finding_reviewed_by_no_part CHECK (reviewed_by IS NULL OR reviewed_by <> ALL(earlier_owners));
ALTER TABLE recommendation ADD COLUMN earlier_owners uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT recommendation_verified_by_no_part CHECK (verified_by IS NULL OR verified_by <> ALL(earlier_owners));
ALTER TABLE report ADD COLUMN correct_by date;
ALTER TABLE call ADD COLUMN owner_id uuid REFERENCES account ON DELETE RESTRICT,
  ADD COLUMN earlier_owners uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT call_approved_by_no_part CHECK (approved_by IS NULL OR approved_by <> ALL(earlier_owners));
INSERT INTO transition VALUES ('finding', 'responded', 'draft'), ('review', 'locked', 'conflicted'),
  ('review', 'reopened', 'conflicted'), ('review', 'locked', 'replaced'), ('call', 'scheduled', 'draft');
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
