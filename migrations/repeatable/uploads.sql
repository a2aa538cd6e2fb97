CREATE OR REPLACE TRIGGER blob_state BEFORE INSERT OR UPDATE ON blob FOR EACH ROW EXECUTE FUNCTION guard_state('received');

-- a file is examined before its row is written; the row of a new one tells the same story, step by step
CREATE OR REPLACE FUNCTION keep_clean_blob(its_sha256 bytea, its_size bigint, its_type text, its_width int, its_height int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO blob (sha256, size, media_type, width, height) VALUES (its_sha256, its_size, its_type, its_width, its_height)
    ON CONFLICT (sha256) DO NOTHING;
  IF FOUND THEN
    UPDATE blob SET state = 'quarantined' WHERE sha256 = its_sha256;
    UPDATE blob SET state = 'clean' WHERE sha256 = its_sha256;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION upload_clean() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.blob_sha256 AND blob_is_clean(state)) THEN
    PERFORM refuse('upload_of_clean_blob', 'only a checked file can be attached');
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER upload_clean BEFORE INSERT OR UPDATE ON upload FOR EACH ROW EXECUTE FUNCTION upload_clean();
