CREATE OR REPLACE TRIGGER publication_state BEFORE INSERT OR UPDATE ON publication FOR EACH ROW EXECUTE FUNCTION guard_state('draft');
CREATE OR REPLACE TRIGGER publication_touch BEFORE UPDATE ON publication FOR EACH ROW EXECUTE FUNCTION touch();

-- published is what can be read in at least one edition; when, says the database's own clock
CREATE OR REPLACE FUNCTION publication_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF importing() THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.past THEN PERFORM refuse('publication_past', 'what is past is brought in by the owner'); END IF;
    RETURN NEW;
  END IF;
  IF publication_public(NEW.state) AND NOT publication_public(OLD.state) THEN
    IF NOT EXISTS (SELECT 1 FROM publication_edition WHERE publication_id = NEW.id) THEN
      PERFORM refuse('publication_with_edition', 'what is published has an edition');
    END IF;
    NEW.published_at := clock_timestamp();
  END IF;
  IF publication_is_withdrawn(NEW.state) AND NOT publication_is_withdrawn(OLD.state) THEN
    NEW.withdrawn_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publication_guard BEFORE INSERT OR UPDATE ON publication FOR EACH ROW EXECUTE FUNCTION publication_guard();

CREATE OR REPLACE TRIGGER publication_stays BEFORE UPDATE ON publication FOR EACH ROW EXECUTE FUNCTION frozen('{
  "draft, published": ["title_ka", "title_en", "kind", "when_first", "when_last", "when_precision", "publisher", "about_ka",
    "about_en", "source"],
  "draft>published": ["published_by", "published_at"],
  "published>withdrawn": ["withdrawn_by", "withdrawn_at", "withdrawn_ka", "withdrawn_en"],
  "withdrawn>draft": ["published_by", "published_at", "withdrawn_by", "withdrawn_at", "withdrawn_ka", "withdrawn_en"]
}');

-- an edition is never changed, and while it is public, or was and is withdrawn, it is not taken away either
CREATE OR REPLACE FUNCTION publication_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
  IF importing() THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP = 'UPDATE' THEN PERFORM refuse('publication_edition_stays', 'an edition stays as it came'); END IF;
  SELECT state INTO its_state FROM publication WHERE id = coalesce(NEW.publication_id, OLD.publication_id) FOR SHARE;
  IF publication_is_withdrawn(its_state) OR (TG_OP = 'DELETE' AND publication_public(its_state)) THEN
    PERFORM refuse('publication_edition_stays', 'the editions of what is published or withdrawn stay');
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE OR REPLACE TRIGGER publication_edition_stays BEFORE INSERT OR UPDATE OR DELETE ON publication_edition
  FOR EACH ROW EXECUTE FUNCTION publication_edition_stays();

CREATE OR REPLACE FUNCTION publication_reach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse('publication_reach_stays', 'a number is taken away and written anew, never changed');
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER publication_reach_stays BEFORE UPDATE ON publication_reach
  FOR EACH ROW EXECUTE FUNCTION publication_reach_stays();
