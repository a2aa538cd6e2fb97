CREATE OR REPLACE FUNCTION event_link(seq bigint, at timestamptz, actor uuid, actor_name text, actor_role text, name text,
  object_type text, object_id uuid, request_id uuid, payload_commit bytea, prev bytea) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT sha256(prev || payload_commit || convert_to(jsonb_build_array(seq,
    to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, actor_name, actor_role, name,
    object_type, object_id, request_id)::text, 'UTF8')) $$;

CREATE OR REPLACE FUNCTION event_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head event_head%ROWTYPE;
BEGIN
  -- held until commit: the order is gapless and cannot fork, so events are written last
  SELECT * INTO head FROM event_head FOR UPDATE;
  NEW.seq := head.seq + 1; NEW.prev := head.hash;
  NEW.hash := event_link(NEW.seq, NEW.at, NEW.actor, NEW.actor_name, NEW.actor_role, NEW.name, NEW.object_type,
    NEW.object_id, NEW.request_id, NEW.payload_commit, NEW.prev);
  UPDATE event_head SET seq = NEW.seq, hash = NEW.hash;
  RETURN NEW;
END $$;

-- fires before event_chain, which runs as the owner and could not tell who asks
CREATE OR REPLACE FUNCTION event_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.at IS NULL OR NOT importing() THEN NEW.at := clock_timestamp(); END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER event_at BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_at();
CREATE OR REPLACE TRIGGER event_chain BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_chain();
CREATE OR REPLACE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE OR REPLACE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE OR REPLACE FUNCTION event_verify() RETURNS TABLE (bad_seq bigint, why text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH e AS (SELECT *, lag(seq) OVER w AS seq_before, lag(hash) OVER w AS hash_before FROM event WINDOW w AS (ORDER BY seq))
  SELECT seq, CASE WHEN seq <> coalesce(seq_before, 0) + 1 THEN 'gap'
                   WHEN prev <> coalesce(hash_before, decode(repeat('00', 32), 'hex')) THEN 'link' ELSE 'content' END
  FROM e WHERE seq <> coalesce(seq_before, 0) + 1 OR prev <> coalesce(hash_before, decode(repeat('00', 32), 'hex'))
    OR hash <> event_link(seq, at, actor, actor_name, actor_role, name, object_type, object_id, request_id, payload_commit, prev)
  UNION ALL
  SELECT p.seq, 'payload' FROM event_payload p JOIN event USING (seq)
  WHERE sha256(p.salt || convert_to(p.body::text, 'UTF8')) <> event.payload_commit
  UNION ALL
  SELECT h.seq, 'head' FROM event_head h
  WHERE h.hash <> coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), decode(repeat('00', 32), 'hex'))
     OR h.seq <> coalesce((SELECT max(seq) FROM event), 0) $$;
