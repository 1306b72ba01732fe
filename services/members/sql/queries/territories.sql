-- name: known_communes
-- The communes of these codes that are known, with their territories, to tell which lines are new.
-- $1 codes
SELECT c.commune AS code, c.name, c.population, c.department, d.name AS department_name,
       d.region, r.name AS region_name, c.epci, e.name AS epci_name, e.kind AS epci_kind
  FROM communes AS c
  JOIN departments AS d USING (department)
  JOIN regions AS r USING (region)
  LEFT JOIN epcis AS e USING (epci)
 WHERE c.commune = ANY($1::text[])
 ORDER BY c.commune;

-- name: put_regions
-- Write régions, each once.
-- $1 codes, $2 names
INSERT INTO regions (region, name)
SELECT code, name FROM unnest($1::text[], $2::text[]) AS told (code, name)
    ON CONFLICT (region) DO UPDATE SET name = excluded.name;

-- name: put_departments
-- Write départements, each once, after their régions.
-- $1 codes, $2 names, $3 régions
INSERT INTO departments (department, name, region)
SELECT code, name, region
  FROM unnest($1::text[], $2::text[], $3::text[]) AS told (code, name, region)
    ON CONFLICT (department) DO UPDATE SET name = excluded.name, region = excluded.region;

-- name: put_epcis
-- Write EPCI, each once.
-- $1 SIREN, $2 names, $3 kinds
INSERT INTO epcis (epci, name, kind)
SELECT code, name, kind
  FROM unnest($1::text[], $2::text[], $3::text[]) AS told (code, name, kind)
    ON CONFLICT (epci) DO UPDATE SET name = excluded.name, kind = excluded.kind;

-- name: put_communes
-- Write communes, each once, after their territories.
-- $1 codes, $2 names, $3 keys, $4 populations, $5 départements, $6 EPCI
INSERT INTO communes (commune, name, name_key, population, department, epci)
SELECT code, name, key, population, department, epci
  FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[])
       AS told (code, name, key, population, department, epci)
    ON CONFLICT (commune) DO UPDATE
   SET name = excluded.name, name_key = excluded.name_key, population = excluded.population,
       department = excluded.department, epci = excluded.epci;

-- name: known_movements
-- The movements of these codes that are known, to tell which lines are new.
-- $1 codes before
SELECT code_before, effective_on, kind, type_before, type_after, code_after, name_before,
       name_after
  FROM commune_movements
 WHERE code_before = ANY($1::text[]);

-- name: put_movements
-- Write movements, each once; a name that INSEE corrects is corrected.
-- $1 codes before, $2 days, $3 kinds, $4 types before, $5 types after, $6 codes after, $7 names before, $8 names after
INSERT INTO commune_movements (code_before, effective_on, kind, type_before, type_after,
                               code_after, name_before, name_after)
SELECT code_before, effective_on, kind, type_before, type_after, code_after, name_before,
       name_after
  FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[],
              $7::text[], $8::text[])
       AS told (code_before, effective_on, kind, type_before, type_after, code_after,
                name_before, name_after)
    ON CONFLICT (code_before, effective_on, kind, type_before, type_after, code_after) DO UPDATE
   SET name_before = excluded.name_before, name_after = excluded.name_after;

-- name: successors
-- The communes of today that answer to a code: itself, or what its last movements made of it, however many times it moved.
-- $1 code
WITH RECURSIVE path AS (
    SELECT $1::text AS code, NULL::date AS since, NULL::date AS replaced_on, 0 AS steps
     UNION
    SELECT m.code_after, m.effective_on, COALESCE(p.replaced_on, m.effective_on), p.steps + 1
      FROM path AS p
      JOIN commune_movements AS m
        ON m.code_before = p.code
       AND m.type_before = 'COM'
       AND m.type_after = 'COM'
       AND m.code_after <> m.code_before
       AND m.effective_on = (SELECT max(last.effective_on)
                               FROM commune_movements AS last
                              WHERE last.code_before = p.code
                                AND last.type_before = 'COM'
                                AND last.type_after = 'COM'
                                AND last.code_after <> last.code_before
                                AND (p.since IS NULL OR last.effective_on >= p.since))
     WHERE p.steps < 12
       AND NOT EXISTS (SELECT FROM communes AS c WHERE c.commune = p.code)
)
SELECT p.code, min(p.replaced_on) AS replaced_on
  FROM path AS p
  JOIN communes AS c ON c.commune = p.code
 GROUP BY p.code
 ORDER BY p.code;

-- name: communes_of_epcis
-- Every commune of some EPCI, by code.
-- $1 SIREN
SELECT c.commune AS code, c.name, c.population, c.department, d.name AS department_name,
       d.region, r.name AS region_name, c.epci, e.name AS epci_name, e.kind AS epci_kind
  FROM communes AS c
  JOIN departments AS d USING (department)
  JOIN regions AS r USING (region)
  LEFT JOIN epcis AS e USING (epci)
 WHERE c.epci = ANY($1::text[])
 ORDER BY c.commune;

-- name: communes_of_department
-- Every commune of a département, by code.
-- $1 département
SELECT c.commune AS code, c.name, c.population, c.department, d.name AS department_name,
       d.region, r.name AS region_name, c.epci, e.name AS epci_name, e.kind AS epci_kind
  FROM communes AS c
  JOIN departments AS d USING (department)
  JOIN regions AS r USING (region)
  LEFT JOIN epcis AS e USING (epci)
 WHERE c.department = $1
 ORDER BY c.commune;

-- name: communes_named
-- A page of communes whose name begins so, by code; homonyms are all there.
-- $1 beginning of the key, as a pattern, $2 département or null, $3 after this code, $4 most rows
SELECT c.commune AS code, c.name, c.population, c.department, d.name AS department_name,
       d.region, r.name AS region_name, c.epci, e.name AS epci_name, e.kind AS epci_kind
  FROM communes AS c
  JOIN departments AS d USING (department)
  JOIN regions AS r USING (region)
  LEFT JOIN epcis AS e USING (epci)
 WHERE c.name_key LIKE $1
   AND ($2::text IS NULL OR c.department = $2)
   AND c.commune > $3
 ORDER BY c.commune
 LIMIT $4;

-- name: epci
-- One EPCI.
-- $1 SIREN
SELECT epci, name, kind
  FROM epcis
 WHERE epci = $1;
