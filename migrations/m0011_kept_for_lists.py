"""What long lists and the page of today are put in order and narrowed by, kept beside the rows it is counted from."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the money of each grant and the reviews of each application, counted as they change"

SQL = r"""
CREATE TABLE award_money (
  award_id uuid PRIMARY KEY REFERENCES award ON DELETE CASCADE,
  planned numeric NOT NULL DEFAULT 0, cancelled numeric NOT NULL DEFAULT 0, paid numeric NOT NULL DEFAULT 0,
  committed numeric NOT NULL DEFAULT 0, posted numeric NOT NULL DEFAULT 0,
  reported numeric NOT NULL DEFAULT 0, verified numeric NOT NULL DEFAULT 0);
CREATE INDEX award_money_paid ON award_money (paid, award_id);
CREATE INDEX award_money_reported ON award_money (reported, award_id);
CREATE INDEX award_money_verified ON award_money (verified, award_id);
-- an application that is in review, by how many read it and how many of those have not stepped back
CREATE TABLE application_reviews (
  application_id uuid PRIMARY KEY REFERENCES application ON DELETE CASCADE, call_id uuid NOT NULL REFERENCES call ON DELETE CASCADE,
  counting int NOT NULL, reading int NOT NULL);
CREATE INDEX application_reviews_counting ON application_reviews (call_id, counting);
CREATE INDEX application_reviews_reading ON application_reviews (call_id, reading);
INSERT INTO table_right VALUES ('award_money', 'SELECT'), ('application_reviews', 'SELECT');
CREATE INDEX bank_account_unverified ON bank_account (entered_at) WHERE verified_at IS NULL AND retired_at IS NULL;
CREATE INDEX organisation_unconfirmed ON organisation (created) WHERE confirmed_at IS NULL AND registered_by IS NOT NULL;
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
