-- name: lock_lineage
-- Let one coordination be placed at a time: two at once could make a circle.
SELECT pg_advisory_xact_lock(hashtext('coordinations.parent'));

-- name: place_coordination
-- Put a coordination under another, or take it out.
-- $1 coordination, $2 parent or null
UPDATE coordinations
   SET parent = $2
 WHERE coordination = $1;

-- name: lineage_above
-- The slugs from a coordination upwards, itself first.
-- $1 coordination
WITH RECURSIVE line AS (
    SELECT coordination, parent, 0 AS steps
      FROM coordinations
     WHERE coordination = $1
     UNION ALL
    SELECT c.coordination, c.parent, l.steps + 1
      FROM line AS l
      JOIN coordinations AS c ON c.coordination = l.parent
     WHERE l.steps < 20
)
SELECT coordination
  FROM line
 ORDER BY steps;

-- name: children
-- A page of the coordinations right under one, by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT coordination, name, level, siren, communes, department, epcis, parent, experiment,
       starts_on, ends_on, strategy, process
  FROM coordinations
 WHERE parent = $1
   AND coordination > $2
 ORDER BY coordination
 LIMIT $3;

-- name: summary_of_communes
-- What a coordination and all those below cover, each commune once.
-- $1 coordination
WITH RECURSIVE family AS (
    SELECT coordination, communes
      FROM coordinations
     WHERE coordination = $1
     UNION
    SELECT c.coordination, c.communes
      FROM family AS f
      JOIN coordinations AS c ON c.parent = f.coordination
), covered AS (
    SELECT DISTINCT unnest(communes) AS commune
      FROM family
)
SELECT (SELECT count(*) FROM family) AS coordinations, count(*) AS communes,
       COALESCE(sum(k.population), 0)::bigint AS population,
       count(*) FILTER (WHERE k.population IS NULL) AS communes_without_population
  FROM covered
  LEFT JOIN communes AS k USING (commune);

-- name: summary_of_members
-- How many organisations sit in each college of a coordination and those below, each once; the college is null on the line of all.
-- $1 coordination
WITH RECURSIVE family AS (
    SELECT coordination
      FROM coordinations
     WHERE coordination = $1
     UNION
    SELECT c.coordination
      FROM family AS f
      JOIN coordinations AS c ON c.parent = f.coordination
)
SELECT m.college, count(DISTINCT m.organization) AS organizations
  FROM family
  JOIN members AS m USING (coordination)
 WHERE m.state = 'CONFIRMED'
 GROUP BY GROUPING SETS ((m.college), ())
 ORDER BY m.college;
