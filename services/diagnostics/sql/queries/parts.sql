-- name: part_cells
-- What is kept of areas that are no communes: those of a list, or the IRIS of a commune.
-- $1 coordination, $2 first code, $3 code before which to stop
SELECT grid, area_code, institution, measure, unit, period, breakdown, count, denominator, label,
       in_seq, received_at
  FROM cells
 WHERE coordination = $1
   AND grid <> 'commune'
   AND area_code >= $2
   AND area_code < $3
   AND NOT withdrawn
 ORDER BY area_code, institution, measure, period, breakdown
 LIMIT 5000;

-- name: iris_cells
-- What is kept of the IRIS of some communes; of one measure if one is given.
-- $1 coordination, $2 communes, $3 code before which the IRIS of each stop, $4 measure or null
SELECT c.grid, c.area_code, c.institution, c.measure, c.unit, c.period, c.breakdown, c.count,
       c.denominator, c.label, c.in_seq, c.received_at
  FROM unnest($2::text[], $3::text[]) AS a (first, stop)
 CROSS JOIN LATERAL
       (SELECT grid, area_code, institution, measure, unit, period, breakdown, count, denominator,
               label, in_seq, received_at
          FROM cells
         WHERE coordination = $1
           AND grid <> 'commune'
           AND grid = 'iris'
           AND area_code >= a.first
           AND area_code < a.stop
           AND ($4::text IS NULL OR measure = $4)
           AND NOT withdrawn) AS c;

-- name: part_needs
-- Reported needs of areas that are no communes, summed by kind.
-- $1 coordination, $2 first code, $3 code before which to stop
SELECT grid, area_code, problem, theme, public, unit, period, sum(count)::bigint AS count_sum,
       max(in_seq) AS in_seq, max(received_at) AS received_at
  FROM needs
 WHERE coordination = $1
   AND grid <> 'commune'
   AND area_code >= $2
   AND area_code < $3
   AND NOT withdrawn
 GROUP BY grid, area_code, problem, theme, public, unit, period
 ORDER BY area_code, problem, theme, public, unit, period
 LIMIT 5000;

-- name: part_codes
-- A page of the EPCI and QPV that something is known of.
-- $1 coordination, $2 code to go on after, $3 most rows
SELECT area_code
  FROM (SELECT area_code
          FROM cells
         WHERE coordination = $1
           AND grid <> 'commune'
           AND grid <> 'iris'
           AND area_code > $2
           AND NOT withdrawn
         UNION
        SELECT area_code
          FROM needs
         WHERE coordination = $1
           AND grid <> 'commune'
           AND grid <> 'iris'
           AND area_code > $2
           AND NOT withdrawn) AS found
 ORDER BY area_code
 LIMIT $3;

-- name: wider_cells
-- What is kept of some EPCI and QPV, at their own level.
-- $1 coordination, $2 codes
SELECT grid, area_code, institution, measure, unit, period, breakdown, count, denominator, label,
       in_seq, received_at
  FROM cells
 WHERE coordination = $1
   AND grid <> 'commune'
   AND area_code = ANY($2::text[])
   AND NOT withdrawn
 ORDER BY area_code, institution, measure, period, breakdown
 LIMIT 5000;

-- name: wider_needs
-- Reported needs of some EPCI and QPV, summed by kind.
-- $1 coordination, $2 codes
SELECT grid, area_code, problem, theme, public, unit, period, sum(count)::bigint AS count_sum,
       max(in_seq) AS in_seq, max(received_at) AS received_at
  FROM needs
 WHERE coordination = $1
   AND grid <> 'commune'
   AND area_code = ANY($2::text[])
   AND NOT withdrawn
 GROUP BY grid, area_code, problem, theme, public, unit, period
 ORDER BY area_code, problem, theme, public, unit, period
 LIMIT 5000;
