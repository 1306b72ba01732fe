-- name: drop_exposures
-- Exposures of a coordination as they were folded, to be folded again.
-- $1 coordination
DELETE FROM exposure_figures
 WHERE coordination = $1
RETURNING commune, institution, measure, unit, period, grid, breakdown, label, known_sum,
          known_parts, secret_parts, denominator_sum, told;

-- name: refold_exposures
-- What the cells that are kept fold to.
-- $1 coordination
INSERT INTO exposure_figures
       (coordination, commune, institution, measure, unit, period, grid, breakdown, label,
        known_sum, known_parts, secret_parts, denominator_sum, told)
SELECT coordination, commune, institution, measure, unit, period, grid, breakdown,
       (array_agg(label ORDER BY received_at DESC, in_seq DESC, signal_id DESC))[1],
       coalesce(sum(count), 0), count(count), count(*) - count(count),
       coalesce(sum(denominator) FILTER (WHERE count IS NOT NULL), 0), true
  FROM cells
 WHERE coordination = $1
   AND commune IS NOT NULL
   AND NOT withdrawn
 GROUP BY coordination, commune, institution, measure, unit, period, grid, breakdown
RETURNING commune, institution, measure, unit, period, grid, breakdown, label, known_sum,
          known_parts, secret_parts, denominator_sum, told;

-- name: put_back_exposures
-- Figures that an update is still to carry: those that differ, and those that no cell holds.
-- $1 coordination, $2 communes, $3 institutions, $4 measures, $5 units, $6 periods, $7 grids, $8 breakdowns, $9 labels
INSERT INTO exposure_figures
       (coordination, commune, institution, measure, unit, period, grid, breakdown, label,
        known_sum, known_parts, secret_parts, denominator_sum, told)
SELECT $1, a.*, 0, 0, 0, 0, false
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[]) AS a
    ON CONFLICT (coordination, commune, institution, measure, unit, period, grid, breakdown)
    DO UPDATE
   SET told = false;

-- name: drop_need_figures
-- Needs of a coordination as they were folded, to be folded again.
-- $1 coordination
DELETE FROM need_figures
 WHERE coordination = $1
RETURNING commune, problem, theme, public, unit, period, count_sum, told;

-- name: refold_needs
-- What the reported needs that are kept fold to.
-- $1 coordination
INSERT INTO need_figures
       (coordination, commune, problem, theme, public, unit, period, count_sum, told)
SELECT coordination, commune, problem, theme, public, unit, period, sum(count), true
  FROM needs
 WHERE coordination = $1
   AND commune IS NOT NULL
   AND NOT withdrawn
 GROUP BY coordination, commune, problem, theme, public, unit, period
RETURNING commune, problem, theme, public, unit, period, count_sum, told;

-- name: put_back_needs
-- Sums that an update is still to carry: those that differ, and those that no need holds.
-- $1 coordination, $2 communes, $3 problems, $4 themes, $5 publics, $6 units, $7 periods
INSERT INTO need_figures
       (coordination, commune, problem, theme, public, unit, period, count_sum, told)
SELECT $1, a.*, 0, false
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS a
    ON CONFLICT (coordination, commune, problem, theme, public, unit, period) DO UPDATE
   SET told = false;

-- name: empty_series
-- Until they are counted again, series have no cell.
-- $1 coordination
UPDATE series
   SET cells = 0
 WHERE coordination = $1;

-- name: recount_series
-- How many cells each series has: counted once, then found by key.
-- $1 coordination
INSERT INTO series AS s
       (coordination, institution, measure, unit, period, grid, breakdown, label, cells)
SELECT coordination, institution, measure, unit, period, grid, breakdown,
       (array_agg(label ORDER BY received_at DESC, in_seq DESC, signal_id DESC))[1], count(*)
  FROM cells
 WHERE coordination = $1
   AND commune IS NOT NULL
   AND NOT withdrawn
 GROUP BY coordination, institution, measure, unit, period, grid, breakdown
    ON CONFLICT (coordination, institution, measure, unit, period, grid, breakdown) DO UPDATE
   SET cells = excluded.cells;
