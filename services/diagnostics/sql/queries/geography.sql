-- name: known_national_communes
-- The communes of the country that are known among these codes.
-- $1 codes
SELECT commune, name, population, department, department_name, region, epci, epci_name,
       postal_codes, longitude, latitude
  FROM national_communes
 WHERE commune = ANY($1::text[]);

-- name: put_national_communes
-- Communes as the national file has them; coordinates that it does not give stay.
-- $1 codes, $2 names, $3 populations, $4 départements, $5 their names, $6 régions, $7 EPCI, $8 their names, $9 postal codes joined by |, $10 longitudes, $11 latitudes
INSERT INTO national_communes (commune, name, population, department, department_name, region,
                               epci, epci_name, postal_codes, longitude, latitude)
SELECT commune, name, population, department, department_name, region, epci, epci_name,
       string_to_array(postal_codes, '|'), longitude, latitude
  FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[],
              $7::text[], $8::text[], $9::text[], $10::float8[], $11::float8[])
       AS a (commune, name, population, department, department_name, region, epci, epci_name,
             postal_codes, longitude, latitude)
    ON CONFLICT (commune) DO UPDATE
   SET name = excluded.name,
       population = excluded.population,
       department = excluded.department,
       department_name = excluded.department_name,
       region = excluded.region,
       epci = excluded.epci,
       epci_name = excluded.epci_name,
       postal_codes = excluded.postal_codes,
       longitude = coalesce(excluded.longitude, national_communes.longitude),
       latitude = coalesce(excluded.latitude, national_communes.latitude);

-- name: name_communes
-- Name, count and place the communes of every coordination as the national file does, those loaded by hand aside.
-- $1 codes, $2 the file's name
UPDATE communes AS c
   SET name = n.name,
       population = coalesce(n.population, 0),
       longitude = coalesce(n.longitude, c.longitude),
       latitude = coalesce(n.latitude, c.latitude),
       source = $2
  FROM national_communes AS n
 WHERE n.commune = c.code
   AND c.code = ANY($1::text[])
   AND c.source IN ('', $2)
   AND (c.name, c.population, c.longitude, c.latitude, c.source)
       IS DISTINCT FROM
       (n.name, coalesce(n.population, 0), coalesce(n.longitude, c.longitude),
        coalesce(n.latitude, c.latitude), $2);

-- name: known_national_movements
-- The movements of these codes that are known.
-- $1 codes before
SELECT code_before, effective_on, code_after, name_before
  FROM national_movements
 WHERE code_before = ANY($1::text[]);

-- name: put_national_movements
-- Codes that gave way to others.
-- $1 codes before, $2 days, $3 codes after, $4 names before
INSERT INTO national_movements (code_before, effective_on, code_after, name_before)
SELECT code_before, effective_on, code_after, name_before
  FROM unnest($1::text[], $2::date[], $3::text[], $4::text[])
       AS a (code_before, effective_on, code_after, name_before)
    ON CONFLICT (code_before, effective_on, code_after) DO UPDATE
   SET name_before = excluded.name_before;

-- name: national_successors
-- What each code that is no commune of today became, its last movement alone; nothing before the national file is there.
-- $1 codes
SELECT DISTINCT ON (asked.code)
       asked.code AS code_before, coalesce(m.code_after, '') AS code_after
  FROM unnest($1::text[]) AS asked (code)
  LEFT JOIN national_communes AS n ON n.commune = asked.code
  LEFT JOIN national_movements AS m ON m.code_before = asked.code
 WHERE n.commune IS NULL
   AND EXISTS (SELECT FROM national_communes)
 ORDER BY asked.code, m.effective_on DESC NULLS LAST, m.code_after;

-- name: national_epcis
-- Some EPCI, each with what its communes add up to.
-- $1 SIREN
SELECT epci, max(epci_name) AS name, coalesce(sum(population), 0)::bigint AS population,
       count(*) AS communes
  FROM national_communes
 WHERE epci = ANY($1::text[])
 GROUP BY epci
 ORDER BY epci;

-- name: communes_of_departments
-- The communes of some départements, by which the names of a file are found.
-- $1 départements
SELECT commune, name, department
  FROM national_communes
 WHERE department = ANY($1::text[]);

-- name: put_districts
-- Communes that QPV are in; the same again changes nothing.
-- $1 coordination or empty, $2 QPV, $3 communes
INSERT INTO districts (coordination, district, commune)
SELECT $1, district, commune
  FROM unnest($2::text[], $3::text[]) AS a (district, commune)
    ON CONFLICT DO NOTHING;

-- name: districts
-- QPV of some communes, each with those of them that it is in.
-- $1 coordination, $2 communes
SELECT DISTINCT district, commune
  FROM districts
 WHERE commune = ANY($2::text[])
   AND coordination IN ('', $1)
 ORDER BY district, commune;

-- name: former_communes
-- Communes that gave way to some of today and to no other, with the postal codes of those.
-- $1 codes of today
WITH RECURSIVE former (code, name, effective_on, today) AS (
    SELECT m.code_before, m.name_before, m.effective_on, m.code_after
      FROM national_movements AS m
     WHERE m.code_after = ANY($1::text[])
     UNION
    SELECT m.code_before, m.name_before, m.effective_on, f.today
      FROM former AS f
      JOIN national_movements AS m ON m.code_after = f.code AND m.effective_on <= f.effective_on
)
SELECT DISTINCT f.code, f.name, f.today AS commune, n.postal_codes
  FROM former AS f
  JOIN national_communes AS n ON n.commune = f.today
 WHERE NOT EXISTS (SELECT FROM national_communes AS t WHERE t.commune = f.code)
   AND NOT EXISTS (SELECT
                     FROM national_movements AS o
                    WHERE o.code_before = f.code
                      AND (o.effective_on > f.effective_on
                           OR (o.effective_on = f.effective_on AND o.code_after <> f.today
                               AND EXISTS (SELECT FROM national_communes AS t
                                            WHERE t.commune = o.code_after))));
