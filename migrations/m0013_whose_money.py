"""The grant's own money is told apart from what the organisation adds: budget lines of a grant, the grant's part of costs."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "budget lines of a grant and the grant's part of every cost"

SQL = r"""
-- what each line of the budget costs, and who pays what of it, once the committee has decided
CREATE TABLE award_line (
  id uuid PRIMARY KEY DEFAULT uuidv7(), award_id uuid NOT NULL REFERENCES award ON DELETE RESTRICT,
  budget_line_id uuid NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
  amount money_or_zero NOT NULL, own_share money_or_zero NOT NULL,
  revision int NOT NULL DEFAULT 1, updated timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (award_id, budget_line_id),
  CONSTRAINT award_line_own_share CHECK (own_share <= amount));
CREATE INDEX award_line_budget_line ON award_line (budget_line_id);
INSERT INTO table_right VALUES ('award_line', 'SELECT, UPDATE');
-- known while the report is accepted, and written by the database alone
ALTER TABLE spending_line ADD spent_grant money_or_zero, ADD accepted_grant money_or_zero;
ALTER TABLE award_money ADD given_back numeric NOT NULL DEFAULT 0, ADD returned numeric NOT NULL DEFAULT 0, ADD own_reported numeric NOT NULL DEFAULT 0,
  ADD own_verified numeric NOT NULL DEFAULT 0;
DROP INDEX IF EXISTS spending_spent_order, spending_accepted_order;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
