-- name: supply_communes
-- A page of communes with the places they have, those around, and how far the nearest is.
-- $1 coordination, $2 département or null, $3 kilometres, $4 degrees around that are looked at, $5 after this commune, $6 most rows
SELECT c.code, c.name, c.population, c.latitude, c.longitude,
       (SELECT count(*) FROM places AS h WHERE h.coordination = $1 AND h.commune = c.code) AS here,
       n.near, n.nearest_km
  FROM communes AS c
  JOIN LATERAL (
       SELECT count(*) FILTER (WHERE a.km <= $3::float8) AS near, min(a.km) AS nearest_km
         FROM (SELECT 2 * 6371.0088 * asin(least(1, sqrt(
                          sin(radians(p.latitude - c.latitude) / 2) ^ 2
                          + cos(radians(c.latitude)) * cos(radians(p.latitude))
                            * sin(radians(p.longitude - c.longitude) / 2) ^ 2))) AS km
                 FROM places AS p
                WHERE p.coordination = $1
                  AND p.latitude BETWEEN c.latitude - $4::float8 AND c.latitude + $4) AS a
       ) AS n ON true
 WHERE c.coordination = $1
   AND c.covered
   AND ($2::text IS NULL OR starts_with(c.code, $2))
   AND c.code > $5
 ORDER BY c.code
 LIMIT $6;

-- name: supply_services
-- What is offered in communes and around them, by service; a place without a point counts where it is.
-- $1 coordination, $2 communes, $3 kilometres, $4 degrees around that are looked at
SELECT c.code AS commune, s.service, a.publics = '{}' AS for_all, a.publics,
       count(*) FILTER (WHERE a.commune = c.code) AS here,
       count(*) FILTER (WHERE a.commune = c.code OR a.km <= $3::float8) AS near
  FROM communes AS c
  JOIN LATERAL (
       SELECT p.commune, p.services, p.publics,
              2 * 6371.0088 * asin(least(1, sqrt(
                  sin(radians(p.latitude - c.latitude) / 2) ^ 2
                  + cos(radians(c.latitude)) * cos(radians(p.latitude))
                    * sin(radians(p.longitude - c.longitude) / 2) ^ 2))) AS km
         FROM places AS p
        WHERE p.coordination = $1
          AND p.latitude BETWEEN c.latitude - $4::float8 AND c.latitude + $4
          AND p.commune <> c.code
        UNION ALL
       SELECT h.commune, h.services, h.publics, 0 AS km
         FROM places AS h
        WHERE h.coordination = $1
          AND h.commune = c.code
       ) AS a ON true
 CROSS JOIN LATERAL unnest(a.services) AS s (service)
 WHERE c.coordination = $1
   AND c.code = ANY($2::text[])
 GROUP BY c.code, s.service, a.publics
 ORDER BY c.code, s.service, a.publics;

-- name: supply_needs
-- What was reported in communes, by theme and public, over the problems it was reported under.
-- $1 coordination, $2 communes
SELECT commune, theme, public, unit, period, sum(count_sum)::bigint AS count_sum
  FROM need_figures
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND count_sum > 0
 GROUP BY commune, theme, public, unit, period
 ORDER BY commune, theme, public, unit, period;
