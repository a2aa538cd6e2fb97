"""Publications with a life of their own: editions, whom they reached; what was brought in from the sources comes along."""

from foundation.migrating import sql_migration

ID = "2026-12-01T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "publications, their editions and reach"

SQL = r"""
INSERT INTO transition VALUES ('publication', 'draft', 'published'), ('publication', 'published', 'withdrawn'),
  ('publication', 'withdrawn', 'draft');
DROP INDEX IF EXISTS publication_search;
DROP INDEX IF EXISTS publication_when;
ALTER TABLE publication RENAME COLUMN code TO reference;
ALTER TABLE publication RENAME COLUMN content TO about_en;
ALTER TABLE publication
  ADD state text NOT NULL DEFAULT 'published' CHECK (state IN ('draft', 'published', 'withdrawn')), ADD about_ka text,
  ADD when_first date, ADD when_last date, ADD when_precision text NOT NULL DEFAULT 'unknown'
    CHECK (when_precision IN ('day', 'month', 'year', 'range', 'unknown')), ADD when_note text,
  ADD basis text NOT NULL DEFAULT 'stated' CHECK (basis IN ('ours', 'stated', 'inferred')),
  ADD past boolean NOT NULL DEFAULT true,
  ADD published_by uuid REFERENCES account, ADD published_at timestamptz, ADD withdrawn_by uuid REFERENCES account,
  ADD withdrawn_at timestamptz, ADD withdrawn_ka text, ADD withdrawn_en text, ADD created_by uuid REFERENCES account,
  ADD created timestamptz NOT NULL DEFAULT clock_timestamp(), ADD revision int NOT NULL DEFAULT 1,
  ADD updated timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE TABLE publication_edition (
  id uuid PRIMARY KEY DEFAULT uuidv7(), publication_id uuid NOT NULL REFERENCES publication ON DELETE CASCADE,
  language text NOT NULL CHECK (language IN ('ka', 'en', 'ru', 'other')), upload_id uuid REFERENCES upload ON DELETE RESTRICT,
  address text CHECK (address ~ '^https?://'), issued_on date, pages int CHECK (pages > 0), minutes int CHECK (minutes > 0),
  basis text NOT NULL DEFAULT 'ours' CHECK (basis IN ('ours', 'stated', 'inferred', 'not_found')),
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- of ours there is one thing to read; of others it is known that they exist, or that nobody found them
  CONSTRAINT publication_edition_one CHECK (num_nonnulls(upload_id, address) = CASE WHEN basis = 'ours' THEN 1 ELSE 0 END));
CREATE INDEX publication_edition_of ON publication_edition (publication_id);
CREATE INDEX publication_edition_upload ON publication_edition (upload_id);
CREATE TABLE publication_reach (
  id uuid PRIMARY KEY DEFAULT uuidv7(), publication_id uuid NOT NULL REFERENCES publication ON DELETE CASCADE,
  channel text NOT NULL CHECK (channel IN ('newspaper_insert', 'handed_out', 'tv', 'web', 'social_network', 'event')),
  number int CHECK (number >= 0), unit text NOT NULL CHECK (unit IN ('copies', 'subscribers', 'viewers', 'views', 'downloads')),
  units_told int CHECK (units_told >= 0), counted_on date,
  basis text NOT NULL CHECK (basis IN ('stated', 'counted', 'estimated')), source text NOT NULL,
  created timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX publication_reach_of ON publication_reach (publication_id);
INSERT INTO table_right VALUES ('publication_edition', 'SELECT, INSERT, DELETE'), ('publication_reach', 'SELECT, INSERT, DELETE');

-- what the sources tell: languages become editions, a date the days it can mean, its words kept where they say more
INSERT INTO publication_edition (publication_id, language, basis)
  SELECT id, 'ka', CASE WHEN languages LIKE '%ka (inferred)%' THEN 'inferred' WHEN languages LIKE '%ka not found%' THEN 'not_found' ELSE 'stated' END
    FROM publication WHERE languages ~ '\mka\M'
  UNION ALL SELECT id, 'en', CASE WHEN languages LIKE '%en (inferred)%' THEN 'inferred' ELSE 'stated' END
    FROM publication WHERE languages ~ '\men\M';
INSERT INTO publication_reach (publication_id, channel, number, unit, units_told, basis, source)
  SELECT id, 'newspaper_insert', replace(told[1], ',', '')::int, 'subscribers', told[2]::int, 'stated', coalesce(source, reference, id::text)
    FROM publication, regexp_match(about_en, 'delivered to ([0-9,]+) newspaper subscribers in ([0-9]+) units') told WHERE told IS NOT NULL;
UPDATE publication SET
  when_first = to_date(rpad(found[1], 10, '-01-01'), 'YYYY-MM-DD'),
  when_last = CASE WHEN found[1] !~ '-' THEN make_date(found[1]::int, 12, 31)
    WHEN found[1] ~ '-.*-' THEN found[1]::date
    ELSE (to_date(left(found[1], 5) || coalesce(found[2], substring(found[1] from 6)), 'YYYY-MM') + interval '1 month - 1 day')::date END,
  when_precision = CASE WHEN found[2] IS NOT NULL THEN 'range' WHEN found[1] !~ '-' THEN 'year' WHEN found[1] ~ '-.*-' THEN 'day' ELSE 'month' END
  FROM (SELECT id AS which, regexp_match(date_text, '^([0-9]{4}(?:-[0-9]{2}){0,2})(?: or ([0-9]{2}))?') AS found FROM publication) told
  WHERE which = id AND found IS NOT NULL;
UPDATE publication SET when_note = date_text WHERE date_text !~ '^[0-9]{4}(-[0-9]{2}){0,2}$';
UPDATE publication SET reference = 'PB-' || left(id::text, 13) WHERE reference IS NULL;
UPDATE publication SET kind = CASE kind WHEN 'TV' THEN 'tv' WHEN 'local news article' THEN 'article' WHEN 'monitoring reports' THEN 'monitoring_report'
  WHEN 'monitoring report' THEN 'monitoring_report' WHEN 'press release' THEN 'press_release' WHEN 'research report' THEN 'research_report'
  WHEN 'success story' THEN 'success_story' WHEN 'booklet' THEN 'booklet' WHEN 'brochure' THEN 'brochure' ELSE 'other' END,
  about_en = CASE WHEN kind IN ('TV', 'local news article', 'monitoring reports', 'monitoring report', 'press release', 'research report',
    'success story', 'booklet', 'brochure') THEN about_en ELSE concat_ws('; ', about_en, kind) END;
ALTER TABLE publication DROP COLUMN date_text, DROP COLUMN languages, ALTER reference SET NOT NULL,
  ALTER state SET DEFAULT 'draft', ALTER basis SET DEFAULT 'ours', ALTER past SET DEFAULT false,
  ADD CONSTRAINT publication_kind CHECK (kind IN ('report', 'monitoring_report', 'research_report', 'booklet', 'brochure', 'article',
    'press_release', 'success_story', 'tv', 'radio', 'web_post', 'video', 'other')),
  ADD CONSTRAINT publication_title CHECK (past OR coalesce(title_ka, '') <> '' OR coalesce(title_en, '') <> ''),
  ADD CONSTRAINT publication_days CHECK (when_last >= when_first),
  ADD CONSTRAINT publication_published_facts CHECK (past OR state = 'draft' OR (published_by IS NOT NULL AND published_at IS NOT NULL)),
  ADD CONSTRAINT publication_withdrawn_facts CHECK (
    (state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_by IS NOT NULL)
    AND (state = 'withdrawn') = (coalesce(withdrawn_ka, withdrawn_en) IS NOT NULL));
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
