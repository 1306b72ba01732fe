-- name: put_edition
-- One edition of an indicator; its row is locked, so that two files of one edition wait.
-- $1 coordination or empty, $2 indicator, $3 vintage, $4 label, $5 unit, $6 source, $7 licence, $8 instant
INSERT INTO indicators (coordination, indicator, vintage, label, unit, source, licence, brought_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (coordination, indicator, vintage) DO UPDATE
   SET label = excluded.label,
       unit = excluded.unit,
       source = excluded.source,
       licence = excluded.licence;

-- name: changed_observations
-- Which values of a batch are new or say something else, by their place in it; each is looked up alone by its key.
-- $1 coordination, $2 areas, $3 indicators, $4 vintages, $5 values, $6 whether secret
SELECT a.nth::integer AS nth, o.revision IS NOT NULL AS is_known
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
       WITH ORDINALITY AS a (area, indicator, vintage, value, secret, nth)
  LEFT JOIN LATERAL (SELECT revision, value, secret
                       FROM observations
                      WHERE coordination = $1
                        AND commune = a.area
                        AND indicator = a.indicator
                        AND vintage = a.vintage
                      LIMIT 1) AS o ON true
 WHERE o.revision IS NULL
    OR (o.value, o.secret) IS DISTINCT FROM (a.value, a.secret)
 ORDER BY a.nth;

-- name: keep_replaced
-- Keep the values that a batch is about to replace, each looked up alone by its key.
-- $1 coordination, $2 areas, $3 indicators, $4 vintages, $5 instant
INSERT INTO observation_revisions (coordination, commune, indicator, vintage, revision, value,
                                   secret, observed_at, replaced_at)
SELECT $1, a.area, a.indicator, a.vintage, o.revision, o.value, o.secret, o.observed_at, $5
  FROM unnest($2::text[], $3::text[], $4::text[]) AS a (area, indicator, vintage)
 CROSS JOIN LATERAL (SELECT revision, value, secret, observed_at
                       FROM observations
                      WHERE coordination = $1
                        AND commune = a.area
                        AND indicator = a.indicator
                        AND vintage = a.vintage
                      LIMIT 1) AS o
    ON CONFLICT DO NOTHING;

-- name: put_observed
-- Values that are new or changed.
-- $1 coordination, $2 areas, $3 indicators, $4 vintages, $5 values, $6 whether secret, $7 instant
INSERT INTO observations (coordination, commune, indicator, vintage, value, secret, observed_at)
SELECT $1, area, indicator, vintage, value, secret, $7
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
       AS a (area, indicator, vintage, value, secret)
    ON CONFLICT (coordination, commune, indicator, vintage) DO UPDATE
   SET value = excluded.value,
       secret = excluded.secret,
       revision = observations.revision + 1,
       observed_at = excluded.observed_at
 WHERE (observations.value, observations.secret)
       IS DISTINCT FROM (excluded.value, excluded.secret);

-- name: touch_everywhere
-- Figures of these communes changed: their update waits, in one coordination or in all; rows are taken in one order, as by those who fold.
-- $1 codes, $2 coordination or empty for all, $3 instant
UPDATE communes AS c
   SET dirty_since = coalesce(c.dirty_since, $3::timestamptz),
       updated_at = $3::timestamptz
  FROM (SELECT coordination, code
          FROM communes
         WHERE code = ANY($1::text[])
           AND covered
           AND ($2 = '' OR coordination = $2)
         ORDER BY coordination, code
           FOR UPDATE) AS waiting
 WHERE c.coordination = waiting.coordination
   AND c.code = waiting.code;

-- name: observations
-- The latest edition of each indicator on areas, a coordination's own before the national one.
-- $1 coordination, $2 areas
SELECT DISTINCT ON (o.commune, o.indicator)
       o.commune, o.indicator, o.vintage, o.value, i.label, i.unit, i.source, i.licence, o.secret,
       o.revision, o.observed_at
  FROM observations AS o
  JOIN indicators AS i USING (coordination, indicator, vintage)
 WHERE o.coordination IN ('', $1)
   AND o.commune = ANY($2::text[])
 ORDER BY o.commune, o.indicator, o.vintage DESC, o.coordination DESC;

-- name: editions
-- What was brought of some areas: a coordination's own editions and the national ones.
-- $1 coordination, $2 areas, $3 indicator or null for all
SELECT i.coordination, i.indicator, i.vintage, i.label, i.unit, i.source, i.licence, i.brought_at,
       o.areas, o.known, o.secret
  FROM (SELECT coordination, indicator, vintage, count(*) AS areas, count(value) AS known,
               count(*) FILTER (WHERE secret) AS secret
          FROM observations
         WHERE coordination IN ('', $1)
           AND commune = ANY($2::text[])
           AND ($3::text IS NULL OR indicator = $3)
         GROUP BY coordination, indicator, vintage) AS o
  JOIN indicators AS i USING (coordination, indicator, vintage)
 ORDER BY i.indicator, i.vintage DESC, i.coordination DESC;

-- name: area_values
-- One edition of an indicator on some areas.
-- $1 coordination or empty, $2 indicator, $3 vintage, $4 areas
SELECT commune, value, secret, revision, observed_at
  FROM observations
 WHERE coordination = $1
   AND indicator = $2
   AND vintage = $3
   AND commune = ANY($4::text[])
 ORDER BY commune;

-- name: area_history
-- Every value ever told of one indicator on one area, the latest edition and revision first.
-- $1 coordination, $2 area, $3 indicator
SELECT i.coordination, i.vintage, i.label, i.unit, i.source, i.licence, o.revision, o.value,
       o.secret, o.observed_at, o.replaced_at
  FROM (SELECT coordination, vintage, revision, value, secret, observed_at,
               NULL::timestamptz AS replaced_at
          FROM observations
         WHERE coordination IN ('', $1)
           AND commune = $2
           AND indicator = $3
         UNION ALL
        SELECT coordination, vintage, revision, value, secret, observed_at, replaced_at
          FROM observation_revisions
         WHERE coordination IN ('', $1)
           AND commune = $2
           AND indicator = $3) AS o
  JOIN indicators AS i
    ON i.coordination = o.coordination
   AND i.indicator = $3
   AND i.vintage = o.vintage
 ORDER BY i.vintage DESC, i.coordination DESC, o.revision DESC;

-- name: similar_communes
-- Communes of one class that an edition gives, the nearest in inhabitants first, found from the commune outwards.
-- $1 commune, $2 its inhabitants, $3 least of the class, $4 most of the class, $5 coordination or empty, $6 indicator, $7 vintage, $8 most rows
SELECT n.commune, n.name, n.population, o.value
  FROM ((SELECT commune, name, population
           FROM national_communes
          WHERE population BETWEEN $2::integer AND $4::integer
            AND commune <> $1
          ORDER BY population, commune
          LIMIT 200)
         UNION ALL
        (SELECT commune, name, population
           FROM national_communes
          WHERE population BETWEEN $3::integer AND $2::integer - 1
          ORDER BY population DESC, commune DESC
          LIMIT 200)) AS n
 CROSS JOIN LATERAL (SELECT value
                       FROM observations
                      WHERE coordination = $5
                        AND commune = n.commune
                        AND indicator = $6
                        AND vintage = $7
                        AND value IS NOT NULL
                      LIMIT 1) AS o
 ORDER BY abs(n.population - $2::integer), n.commune
 LIMIT $8;
