"""Grades, words and parts of a whole: what these kinds of indicators need to be promised, reported and counted."""

from foundation.migrating import sql_migration

ID = "2026-12-01T12:00:00:000000"
VERSION = "1.43.0"
DESCRIPTION = "grades, words and targets of shares as part and whole"

SQL = r"""
SELECT set_config('subgrants.importing', 'on', true);
-- The words of grades, from the lowest to the highest; what a share is of, for target and baseline.
ALTER TABLE indicator ADD grades_ka text[] NOT NULL DEFAULT '{}', ADD grades_en text[] NOT NULL DEFAULT '{}',
  ADD target_of numeric(18,4), ADD baseline_of numeric(18,4);
ALTER TABLE award_indicator ADD baseline_of numeric(18,4);
ALTER TABLE report_value ADD words_ka text, ADD words_en text,
-- a number that was asked about, and that is right as whoever reports it says
  ADD sure boolean NOT NULL DEFAULT false;
ALTER TABLE visit ADD place_sure boolean NOT NULL DEFAULT false;
-- only to ask about counts of more people than live there, so in round thousands
ALTER TABLE municipality ADD population int CHECK (population > 0);
UPDATE municipality m SET population = told.n FROM (VALUES ('lanchkhuti', 31000), ('ozurgeti', 63000), ('khoni', 24000),
  ('vani', 25000), ('bagdati', 22000), ('terjola', 36000), ('tsageri', 10000), ('ambrolauri', 11000)) told (slug, n)
  WHERE m.slug = told.slug;

-- a share was written as a part of one
UPDATE indicator SET target = target * 100, target_of = CASE WHEN target IS NOT NULL THEN 100 END,
  baseline = baseline * 100, baseline_of = CASE WHEN baseline IS NOT NULL THEN 100 END WHERE kind = 'ratio';
UPDATE award_indicator p SET baseline_of = p.target_of FROM indicator i
  WHERE i.id = p.indicator_id AND i.kind = 'ratio' AND p.baseline IS NOT NULL;
UPDATE indicator SET grades_ka = ARRAY(SELECT n::text FROM generate_series(1, 5) n),
  grades_en = ARRAY(SELECT n::text FROM generate_series(1, 5) n) WHERE kind = 'ordinal';
UPDATE indicator SET people = false WHERE kind IN ('ordinal', 'text');
UPDATE indicator SET target = NULL, baseline = NULL WHERE kind IN ('ordinal', 'text');
-- a level is always carried
UPDATE indicator SET missing = 'ignore' WHERE missing = 'carry';

-- the moment a photo was sent from the page is not the moment it was taken
UPDATE visit_photo p SET taken_at = NULL FROM upload u, visit v WHERE u.id = p.upload_id AND v.id = p.visit_id
  AND p.taken_at BETWEEN u.created - interval '1 minute' AND u.created + interval '1 minute'
  AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v.manifest) sent WHERE sent->>'id' = p.id::text);
ALTER TABLE indicator DROP CONSTRAINT indicator_target_direction, DROP CONSTRAINT indicator_missing_check,
  ADD CONSTRAINT indicator_missing_check CHECK (missing IN ('ignore', 'require_all')),
  ADD CONSTRAINT indicator_target_direction CHECK (CASE WHEN direction = 'up'
    THEN target / coalesce(target_of, 1) >= baseline / coalesce(baseline_of, 1)
    ELSE target / coalesce(target_of, 1) <= baseline / coalesce(baseline_of, 1) END IS NOT FALSE),
  ADD CONSTRAINT indicator_share CHECK (CASE WHEN kind = 'ratio'
    THEN (target IS NULL) = (target_of IS NULL) AND (baseline IS NULL) = (baseline_of IS NULL)
      AND coalesce(target BETWEEN 0 AND target_of, true) AND coalesce(baseline BETWEEN 0 AND baseline_of, true)
      AND coalesce(target_of > 0 AND target_of < 1e13, true) AND coalesce(baseline_of > 0 AND baseline_of < 1e13, true)
    ELSE target_of IS NULL AND baseline_of IS NULL END),
  ADD CONSTRAINT indicator_grades CHECK (CASE WHEN kind = 'ordinal'
    THEN cardinality(grades_ka) BETWEEN 2 AND 12 AND cardinality(grades_en) = cardinality(grades_ka)
    ELSE cardinality(grades_ka) + cardinality(grades_en) = 0 END),
  ADD CONSTRAINT indicator_not_added CHECK (kind NOT IN ('ordinal', 'text') OR NOT people),
  ADD CONSTRAINT indicator_own_targets CHECK (kind NOT IN ('ordinal', 'text') OR target IS NULL AND baseline IS NULL);
ALTER TABLE award_indicator ADD CONSTRAINT award_indicator_baseline_of CHECK (baseline_of > 0 AND baseline_of < 1e13);
ALTER TABLE report_value ADD CONSTRAINT report_value_words CHECK (
  coalesce(btrim(words_ka), '') || coalesce(btrim(words_en), '') = '' OR (reported = 1 AND cell = 'total'));
-- what counts as checked has changed: every verdict does
INSERT INTO result_unsummed SELECT DISTINCT award_id FROM report_value ON CONFLICT DO NOTHING;
SELECT set_config('subgrants.importing', '', true);
"""


async def forwards():
    return sql_migration(ID, DESCRIPTION, SQL)
