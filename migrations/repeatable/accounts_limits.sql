-- the limits of a programme in every currency it gives money in; without a row there is none, and nothing is given in it
CREATE OR REPLACE VIEW programme_limit AS
  SELECT id AS programme_id, currency, budget, director_threshold, most_per_organisation FROM programme
  UNION ALL SELECT programme_id, currency, budget, director_threshold, most_per_organisation FROM currency_limit;
