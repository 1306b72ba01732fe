-- name: lock_versions
-- One version of a coordination is made at a time; held until it is let go.
-- $1 coordination
SELECT pg_advisory_lock(hashtextextended('diagnostic ' || $1::text, 0));

-- name: unlock_versions
-- The version is made.
-- $1 coordination
SELECT pg_advisory_unlock(hashtextextended('diagnostic ' || $1::text, 0));

-- name: add_version
-- Freeze a version of both tiers.
-- $1 coordination, $2 number, $3 id, $4 title, $5 instant, $6 hash, $7 public hash, $8 elements, $9 document, $10 public document
INSERT INTO versions (coordination, number, id, title, published_at, hash, public_hash, elements,
                      document, public_document)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: version_of_id
-- The version an id made, if it made one.
-- $1 coordination, $2 id
SELECT coordination, number, id, title, published_at, hash, public_hash, elements
  FROM versions
 WHERE coordination = $1
   AND id = $2;

-- name: versions
-- A page of versions, the latest first.
-- $1 coordination, $2 below this number, $3 most rows
SELECT coordination, number, id, title, published_at, hash, public_hash, elements
  FROM versions
 WHERE coordination = $1
   AND number < $2
 ORDER BY number DESC
 LIMIT $3;

-- name: version_document
-- A version of one tier, as it was sealed.
-- $1 coordination, $2 number, $3 whether the public one
SELECT CASE WHEN $3::boolean THEN public_hash ELSE hash END AS hash,
       CASE WHEN $3::boolean THEN public_document ELSE document END AS document
  FROM versions
 WHERE coordination = $1
   AND number = $2;

-- name: open_reader
-- A signed agreement opens exact counts to its institution; told again, nothing changes.
-- $1 agreement, $2 coordination, $3 institution, $4 first day, $5 last day
INSERT INTO readers (agreement_id, coordination, institution, valid_from, valid_until)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING;

-- name: close_reader
-- An ended agreement opens nothing any more.
-- $1 agreement
UPDATE readers
   SET ended = true
 WHERE agreement_id = $1;

-- name: suspend_reader
-- A suspended agreement opens nothing, until it is resumed.
-- $1 agreement, $2 whether it is suspended
UPDATE readers
   SET suspended = $2
 WHERE agreement_id = $1;

-- name: is_reader
-- Whether an agreement of today opens exact counts to an institution.
-- $1 coordination, $2 institution, $3 day
SELECT EXISTS (
       SELECT
         FROM readers
        WHERE coordination = $1
          AND institution = $2
          AND $3 BETWEEN valid_from AND valid_until
          AND NOT suspended
          AND NOT ended);

-- name: open_source
-- Under this licence data are open; the label is what their figures carry.
-- $1 coordination, $2 licence, $3 label
INSERT INTO open_sources (coordination, licence, label)
VALUES ($1, $2, $3)
    ON CONFLICT (coordination, licence) DO UPDATE
   SET label = excluded.label;

-- name: open_sources
-- Labels of the open data of a coordination.
-- $1 coordination
SELECT label
  FROM open_sources
 WHERE coordination = $1;

-- name: open_licences
-- Labels of the open data of a coordination, with the licence that opens each.
-- $1 coordination
SELECT label, licence
  FROM open_sources
 WHERE coordination = $1;

-- name: exposures_beside
-- Every folded count that stands beside a changed one of its commune: a total, its parts, its grids.
-- $1 coordination, $2 communes, $3 institutions, $4 measures, $5 units, $6 periods
SELECT f.commune, f.institution, f.measure, f.unit, f.period, f.grid, f.breakdown, f.label,
       f.known_sum, f.known_parts, f.secret_parts, f.denominator_sum
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS a (commune, institution, measure, unit, period)
 CROSS JOIN LATERAL (
       SELECT commune, institution, measure, unit, period, grid, breakdown, label, known_sum,
              known_parts, secret_parts, denominator_sum
         FROM exposure_figures
        WHERE coordination = $1
          AND commune = a.commune
          AND institution = a.institution
          AND measure = a.measure
          AND unit = a.unit
          AND period = a.period) AS f;

-- name: place_ages
-- How many places communes have, and the latest update of one of them.
-- $1 coordination, $2 communes
SELECT commune, count(*) AS places, max(updated_on)::text AS updated_on
  FROM places
 WHERE coordination = $1
   AND commune = ANY($2::text[])
 GROUP BY commune
 ORDER BY commune;

-- name: has_places
-- Whether a directory of places was ever brought here.
-- $1 coordination
SELECT EXISTS (SELECT FROM places WHERE coordination = $1);

-- name: add_told_counts
-- What a version tells of series that changed, and what it hides of them.
-- $1 coordination, $2 number, $3 communes, $4 institutions, $5 measures, $6 units, $7 periods, $8 counts
INSERT INTO told_counts (coordination, number, commune, institution, measure, unit, period, counts)
SELECT $1, $2, a.*
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS a;

-- name: told_counts
-- What versions told of some communes, in their order; of one measure if one is given.
-- $1 coordination, $2 communes, $3 measure or null
SELECT commune, institution, measure, unit, period, number, counts
  FROM told_counts
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND ($3::text IS NULL OR measure = $3)
 ORDER BY commune, institution, measure, unit, period, number;

-- name: exposures_of_measure
-- Every folded count of one measure in all communes, on both grids and divided or not.
-- $1 coordination, $2 measure
SELECT commune, institution, measure, unit, period, grid, breakdown, label, known_sum,
       known_parts, secret_parts, denominator_sum
  FROM exposure_figures
 WHERE coordination = $1
   AND measure = $2;
