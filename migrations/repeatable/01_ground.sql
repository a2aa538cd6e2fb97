CREATE OR REPLACE FUNCTION refuse(rule text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', what USING ERRCODE = '23514', CONSTRAINT = rule; END $$;

-- History may be brought in by the owner of the tables, who says so first; the service's own role never can.
CREATE OR REPLACE FUNCTION importing() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT current_user <> 'subgrants_app' AND coalesce(current_setting('subgrants.importing', true), '') = 'on' $$;

-- The day it is in Georgia, four hours before London's: what ends today has not ended there at midnight of another place.
CREATE OR REPLACE FUNCTION day_here() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (now() AT TIME ZONE 'Asia/Tbilisi')::date $$;

CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = '23001', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  -- history that is brought in says itself when something last changed
  IF NOT (importing() AND NEW.updated <> OLD.updated) THEN NEW.updated := clock_timestamp(); END IF;
  RETURN NEW;
END $$;

-- states move only along the arrows of the table `transition`
CREATE OR REPLACE FUNCTION guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> TG_ARGV[0] AND NOT importing() THEN
      PERFORM refuse(TG_TABLE_NAME || '_state', format('%s starts as %s', TG_TABLE_NAME, TG_ARGV[0]));
    END IF;
  ELSIF NEW.state IS DISTINCT FROM OLD.state AND NOT EXISTS (
      SELECT 1 FROM transition WHERE entity = TG_TABLE_NAME AND source = OLD.state AND target = NEW.state) THEN
    PERFORM refuse(TG_TABLE_NAME || '_state', format('%s cannot go from %s to %s', TG_TABLE_NAME, OLD.state, NEW.state));
  END IF;
  RETURN NEW;
END $$;

-- numbers for people: A-2026-0001; gaps are possible and mean nothing
CREATE OR REPLACE FUNCTION next_number(series text) RETURNS bigint LANGUAGE sql AS $$
  INSERT INTO counter VALUES (series, 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last $$;

-- lock order for money: call, then award, then tranche, the event chain last
CREATE OR REPLACE FUNCTION read_committed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- a stale snapshot would not see what others have just awarded or paid
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'money moves only under READ COMMITTED' USING ERRCODE = '25001';
  END IF;
END $$;
