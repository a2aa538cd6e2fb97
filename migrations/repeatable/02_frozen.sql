-- What a row says stays, unless something here makes it free. A trigger `<table>_stays` names what may be written, as JSON:
--   "drafting": ["title_ka", …]         in this state; several states are parted by commas
--   "offered>signed_cso": ["signed_by"] with this step alone; several states on either side are parted by commas
--   "draft": ["*"]                      everything, but for what "never" lists
-- A table without a column `state` has a function stage(its row) that says which of these a row is in. The second argument
-- names a rule other than `<table>_frozen` for some columns, for some states, or ("*") for the rest, so that people read
-- why. The triggers of a table fire by name: after the guards, so what a guard writes counts as written by its step.
CREATE OR REPLACE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  o jsonb; n jsonb; was text; becomes text; free text[]; touched text[]; rule text;
  always CONSTANT text[] := ARRAY['state', 'revision', 'updated'];
  never CONSTANT text[] := ARRAY['id', 'created'];
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  o := to_jsonb(OLD); n := to_jsonb(NEW);
  IF o - always = n - always THEN RETURN NEW; END IF;
  IF o ? 'state' THEN was := o->>'state'; becomes := n->>'state';
  ELSE
    EXECUTE 'SELECT stage($1)' INTO was USING OLD;
    EXECUTE 'SELECT stage($1)' INTO becomes USING NEW;
  END IF;
  SELECT array_agg(free_column) INTO free FROM jsonb_each(TG_ARGV[0]::jsonb) r(named, columns),
      jsonb_array_elements_text(columns) free_column
    WHERE named <> 'never' AND was = ANY(string_to_array(split_part(named, '>', 1), ', ')) AND CASE
      WHEN was = becomes THEN named NOT LIKE '%>%' ELSE becomes = ANY(string_to_array(split_part(named, '>', 2), ', ')) END;
  IF '*' = ANY(free) THEN
    SELECT array_agg(key) INTO touched FROM jsonb_each(n) WHERE value IS DISTINCT FROM o->key AND key <> ALL(always)
      AND (key = ANY(never) OR coalesce(TG_ARGV[0]::jsonb->'never' ? key, false));
    IF touched IS NULL THEN RETURN NEW; END IF;
  ELSIF o - always - free = n - always - free THEN RETURN NEW;
  ELSE
    SELECT array_agg(key) INTO touched FROM jsonb_each(n)
      WHERE value IS DISTINCT FROM o->key AND key <> ALL(always || coalesce(free, '{}'));
  END IF;
  SELECT named INTO rule FROM jsonb_each(coalesce(TG_ARGV[1], '{}')::jsonb) r(named, speaks_for)
    WHERE speaks_for ?| (touched || ARRAY[was, '*'])
    ORDER BY speaks_for ?| touched DESC, speaks_for ? was DESC, named LIMIT 1;
  PERFORM refuse(coalesce(rule, TG_TABLE_NAME || '_frozen'), format('%s of a row of %s that is %s',
    array_to_string(touched, ', '), TG_TABLE_NAME, was)
    || CASE WHEN was = becomes THEN ' stays as it is' ELSE ' stays as it is on the way to ' || becomes END);
  RETURN NULL;
END $$;
