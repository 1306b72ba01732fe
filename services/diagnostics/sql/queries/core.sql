-- name: cover_communes
-- These communes are a coordination's, as members told.
-- $1 coordination, $2 codes
INSERT INTO communes (coordination, code, covered)
SELECT $1, code, true
  FROM unnest($2::text[]) AS a (code)
    ON CONFLICT (coordination, code) DO UPDATE
   SET covered = true;

-- name: put_communes
-- Name, population and place of communes; those that change are returned.
-- $1 coordination, $2 codes, $3 names, $4 populations, $5 longitudes, $6 latitudes, $7 source
INSERT INTO communes (coordination, code, name, population, longitude, latitude, source)
SELECT $1, code, name, population, longitude, latitude, $7
  FROM unnest($2::text[], $3::text[], $4::integer[], $5::float8[], $6::float8[])
       AS a (code, name, population, longitude, latitude)
    ON CONFLICT (coordination, code) DO UPDATE
   SET name = excluded.name,
       population = excluded.population,
       longitude = excluded.longitude,
       latitude = excluded.latitude,
       source = excluded.source
 WHERE (communes.name, communes.population, communes.longitude, communes.latitude, communes.source)
       IS DISTINCT FROM
       (excluded.name, excluded.population, excluded.longitude, excluded.latitude, excluded.source)
RETURNING code;

-- name: communes
-- The communes of a coordination, or those of a list.
-- $1 coordination, $2 codes or null for all
SELECT code, name, population, longitude, latitude, as_of_seq, updated_at
  FROM communes
 WHERE coordination = $1
   AND covered
   AND ($2::text[] IS NULL OR code = ANY($2::text[]))
 ORDER BY code;

-- name: covered_codes
-- Codes alone, for the rules.
-- $1 coordination
SELECT code
  FROM communes
 WHERE coordination = $1
   AND covered;

-- name: touch_communes
-- Their figures changed: keep how far, and whether the update is out or waits.
-- $1 coordination, $2 codes, $3 sequences, $4 waits, $5 instant
UPDATE communes
   SET as_of_seq = greatest(communes.as_of_seq, a.in_seq),
       dirty_since = CASE WHEN $4::boolean THEN coalesce(communes.dirty_since, $5::timestamptz) END,
       updated_at = greatest(communes.updated_at, $5::timestamptz)
  FROM unnest($2::text[], $3::bigint[]) AS a (code, in_seq)
 WHERE communes.coordination = $1
   AND communes.code = a.code;

-- name: take_dirty
-- Communes whose update waits, the longest first; from now on it is out.
-- $1 most rows
UPDATE communes
   SET dirty_since = NULL
  FROM (SELECT coordination, code
          FROM communes
         WHERE dirty_since IS NOT NULL
         ORDER BY dirty_since, coordination, code
         LIMIT $1
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE communes.coordination = waiting.coordination
   AND communes.code = waiting.code
RETURNING communes.coordination, communes.code;

-- name: lock_coordination
-- One folding of a coordination at a time: each counts on what it read until it is written.
-- $1 coordination
SELECT pg_advisory_xact_lock(hashtextextended('fold ' || $1, 0));

-- name: cells
-- Cells a batch may meet again: by signal, or by the place they fill. Each is looked up by its key,
-- whatever the planner believes of the table: OFFSET keeps the two sides from being joined whole.
-- $1 coordination, $2 signals, $3 cell keys
SELECT c.coordination, c.institution, c.signal_id, c.revision, c.cell_key, c.measure, c.unit, c.period,
       c.grid, c.area_code, c.commune, c.breakdown, c.count, c.denominator, c.label, c.in_seq,
       c.agreement, c.is_open, c.received_at, c.withdrawn
  FROM unnest($2::uuid[]) AS a (signal_id)
 CROSS JOIN LATERAL
       (SELECT coordination, institution, signal_id, revision, cell_key, measure, unit, period, grid,
               area_code, commune, breakdown, count, denominator, label, in_seq, agreement,
               is_open, received_at, withdrawn
          FROM cells
         WHERE coordination = $1
           AND signal_id = a.signal_id
        OFFSET 0) AS c
 UNION
SELECT c.coordination, c.institution, c.signal_id, c.revision, c.cell_key, c.measure, c.unit, c.period,
       c.grid, c.area_code, c.commune, c.breakdown, c.count, c.denominator, c.label, c.in_seq,
       c.agreement, c.is_open, c.received_at, c.withdrawn
  FROM unnest($3::text[]) AS a (cell_key)
 CROSS JOIN LATERAL
       (SELECT coordination, institution, signal_id, revision, cell_key, measure, unit, period, grid,
               area_code, commune, breakdown, count, denominator, label, in_seq, agreement,
               is_open, received_at, withdrawn
          FROM cells
         WHERE coordination = $1
           AND cell_key = a.cell_key
        OFFSET 0) AS c;

-- name: put_cells
-- Cells as a batch leaves them.
-- $1 coordinations, $2 institutions, $3 signals, $4 revisions, $5 keys, $6 measures, $7 units, $8 periods, $9 grids, $10 areas, $11 communes, $12 breakdowns, $13 counts, $14 denominators, $15 labels, $16 sequences, $17 agreements, $18 open ones, $19 instants, $20 withdrawn ones
INSERT INTO cells (coordination, institution, signal_id, revision, cell_key, measure, unit, period,
                   grid, area_code, commune, breakdown, count, denominator, label, in_seq,
                   agreement, is_open, received_at, withdrawn)
SELECT a.*
  FROM unnest($1::text[], $2::text[], $3::uuid[], $4::integer[], $5::text[], $6::text[],
              $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
              $13::bigint[], $14::bigint[], $15::text[], $16::bigint[], $17::uuid[],
              $18::boolean[], $19::timestamptz[], $20::boolean[]) AS a
    ON CONFLICT (coordination, signal_id, institution) DO UPDATE
   SET revision = excluded.revision,
       count = excluded.count,
       denominator = excluded.denominator,
       label = excluded.label,
       in_seq = excluded.in_seq,
       agreement = excluded.agreement,
       is_open = excluded.is_open,
       received_at = excluded.received_at,
       withdrawn = excluded.withdrawn;

-- name: needs
-- Reported needs a batch may meet again, each looked up by its key.
-- $1 coordination, $2 signals
SELECT n.coordination, n.institution, n.signal_id, n.revision, n.reporter_kind, n.problem, n.theme,
       n.public, n.unit, n.period, n.grid, n.area_code, n.commune, n.count, n.place_kind,
       n.time_slots, n.label, n.in_seq, n.agreement, n.is_open, n.received_at, n.withdrawn
  FROM unnest($2::uuid[]) AS a (signal_id)
 CROSS JOIN LATERAL
       (SELECT coordination, institution, signal_id, revision, reporter_kind, problem, theme,
               public, unit, period, grid, area_code, commune, count, place_kind, time_slots,
               label, in_seq, agreement, is_open, received_at, withdrawn
          FROM needs
         WHERE coordination = $1
           AND signal_id = a.signal_id
        OFFSET 0) AS n;

-- name: put_need
-- A reported need as a batch leaves it.
-- $1 coordination, $2 institution, $3 signal, $4 revision, $5 reporter, $6 problem, $7 theme, $8 public, $9 unit, $10 period, $11 grid, $12 area, $13 commune, $14 count, $15 place, $16 slots, $17 label, $18 sequence, $19 agreement, $20 open, $21 instant, $22 withdrawn, $23 day of the first reminder
INSERT INTO needs (coordination, institution, signal_id, revision, reporter_kind, problem, theme,
                   public, unit, period, grid, area_code, commune, count, place_kind, time_slots,
                   label, in_seq, agreement, is_open, received_at, withdrawn, reported_at,
                   reminder_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $21, $23)
    ON CONFLICT (coordination, signal_id, institution) DO UPDATE
   SET revision = excluded.revision,
       reporter_kind = excluded.reporter_kind,
       problem = excluded.problem,
       theme = excluded.theme,
       public = excluded.public,
       unit = excluded.unit,
       period = excluded.period,
       grid = excluded.grid,
       area_code = excluded.area_code,
       commune = excluded.commune,
       count = excluded.count,
       place_kind = excluded.place_kind,
       time_slots = excluded.time_slots,
       label = excluded.label,
       in_seq = excluded.in_seq,
       agreement = excluded.agreement,
       is_open = excluded.is_open,
       received_at = excluded.received_at,
       withdrawn = excluded.withdrawn;

-- name: add_figures
-- Fold a batch into the exposures of communes, in one order for every writer.
-- $1 coordinations, $2 communes, $3 institutions, $4 measures, $5 units, $6 periods, $7 grids, $8 breakdowns, $9 labels, $10 sums, $11 known parts, $12 secret parts, $13 denominators
INSERT INTO exposure_figures AS f
       (coordination, commune, institution, measure, unit, period, grid, breakdown, label,
        known_sum, known_parts, secret_parts, denominator_sum)
SELECT a.*
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::text[], $10::bigint[], $11::integer[], $12::integer[],
              $13::bigint[]) AS a
    ON CONFLICT (coordination, commune, institution, measure, unit, period, grid, breakdown)
    DO UPDATE
   SET label = excluded.label,
       known_sum = f.known_sum + excluded.known_sum,
       known_parts = f.known_parts + excluded.known_parts,
       secret_parts = f.secret_parts + excluded.secret_parts,
       denominator_sum = f.denominator_sum + excluded.denominator_sum,
       told = false;

-- name: take_from_figures
-- Fold into exposures what makes one of their sums smaller: an upsert would check the change as a row.
-- $1 coordinations, $2 communes, $3 institutions, $4 measures, $5 units, $6 periods, $7 grids, $8 breakdowns, $9 labels, $10 sums, $11 known parts, $12 secret parts, $13 denominators
UPDATE exposure_figures AS f
   SET label = a.label,
       known_sum = f.known_sum + a.known_sum,
       known_parts = f.known_parts + a.known_parts,
       secret_parts = f.secret_parts + a.secret_parts,
       denominator_sum = f.denominator_sum + a.denominator_sum,
       told = false
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::text[], $10::bigint[], $11::integer[], $12::integer[], $13::bigint[])
       AS a (coordination, commune, institution, measure, unit, period, grid, breakdown, label,
             known_sum, known_parts, secret_parts, denominator_sum)
 WHERE (f.coordination, f.commune, f.institution, f.measure, f.unit, f.period, f.grid, f.breakdown)
       = (a.coordination, a.commune, a.institution, a.measure, a.unit, a.period, a.grid,
          a.breakdown);

-- name: add_need_figures
-- Fold a batch into the needs of communes.
-- $1 coordinations, $2 communes, $3 problems, $4 themes, $5 publics, $6 units, $7 periods, $8 sums
INSERT INTO need_figures AS f
       (coordination, commune, problem, theme, public, unit, period, count_sum)
SELECT a.*
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::bigint[]) AS a
    ON CONFLICT (coordination, commune, problem, theme, public, unit, period) DO UPDATE
   SET count_sum = f.count_sum + excluded.count_sum,
       told = false;

-- name: take_from_need_figures
-- Fold into needs what makes their sums smaller.
-- $1 coordinations, $2 communes, $3 problems, $4 themes, $5 publics, $6 units, $7 periods, $8 sums
UPDATE need_figures AS f
   SET count_sum = f.count_sum + a.count_sum,
       told = false
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::bigint[])
       AS a (coordination, commune, problem, theme, public, unit, period, count_sum)
 WHERE (f.coordination, f.commune, f.problem, f.theme, f.public, f.unit, f.period)
       = (a.coordination, a.commune, a.problem, a.theme, a.public, a.unit, a.period);

-- name: take_from_series
-- Fewer cells than there were.
-- $1 coordinations, $2 institutions, $3 measures, $4 units, $5 periods, $6 grids, $7 breakdowns, $8 labels, $9 cells more or fewer
UPDATE series AS s
   SET label = a.label,
       cells = s.cells + a.cells
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::bigint[])
       AS a (coordination, institution, measure, unit, period, grid, breakdown, label, cells)
 WHERE (s.coordination, s.institution, s.measure, s.unit, s.period, s.grid, s.breakdown)
       = (a.coordination, a.institution, a.measure, a.unit, a.period, a.grid, a.breakdown);

-- name: add_series
-- Remember what a coordination receives, and how many cells of it there are now.
-- $1 coordinations, $2 institutions, $3 measures, $4 units, $5 periods, $6 grids, $7 breakdowns, $8 labels, $9 cells more or fewer
INSERT INTO series AS s
       (coordination, institution, measure, unit, period, grid, breakdown, label, cells)
SELECT a.*
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
              $8::text[], $9::bigint[]) AS a
    ON CONFLICT (coordination, institution, measure, unit, period, grid, breakdown) DO UPDATE
   SET label = excluded.label,
       cells = s.cells + excluded.cells;

-- name: series
-- What a coordination has figures of, somewhere.
-- $1 coordination
SELECT institution, measure, unit, period, grid, breakdown, label
  FROM series
 WHERE coordination = $1
   AND cells > 0
 ORDER BY institution, measure, period, grid, breakdown;

-- name: exposures
-- Folded exposures of communes; with $3, those alone that no update has carried yet.
-- $1 coordination, $2 communes, $3 changed alone
SELECT commune, institution, measure, unit, period, grid, breakdown, label, known_sum,
       known_parts, secret_parts, denominator_sum
  FROM exposure_figures
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND NOT ($3::boolean AND told)
 ORDER BY commune, institution, measure, period, grid, breakdown;

-- name: need_sums
-- Folded needs of communes; with $3, those alone that no update has carried yet.
-- $1 coordination, $2 communes, $3 changed alone
SELECT commune, problem, theme, public, unit, period, count_sum
  FROM need_figures
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND (count_sum > 0 OR $3::boolean)
   AND NOT ($3::boolean AND told)
 ORDER BY commune, problem, theme, public, unit, period;

-- name: tell_exposures
-- An update carries these figures: they wait no more.
-- $1 coordination, $2 communes
UPDATE exposure_figures
   SET told = true
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND NOT told;

-- name: tell_needs
-- The same of needs.
-- $1 coordination, $2 communes
UPDATE need_figures
   SET told = true
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND NOT told;

-- name: forget_empty_exposures
-- What has no part left is told once, then gone.
-- $1 coordination, $2 communes
DELETE FROM exposure_figures
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND known_parts = 0
   AND secret_parts = 0;

-- name: forget_empty_needs
-- What has no need left is told once, then gone.
-- $1 coordination, $2 communes
DELETE FROM need_figures
 WHERE coordination = $1
   AND commune = ANY($2::text[])
   AND count_sum = 0;

-- name: coverage
-- How many communes each undivided series covers, and its latest period.
-- $1 coordination
SELECT measure, institution, unit, grid, max(period) AS period, count(DISTINCT commune) AS communes
  FROM exposure_figures
 WHERE coordination = $1
   AND breakdown = ''
   AND known_parts + secret_parts > 0
 GROUP BY measure, institution, unit, grid
 ORDER BY measure, institution, unit, grid;

-- name: map_figures
-- One series on every commune that has it.
-- $1 coordination, $2 institution, $3 measure, $4 unit, $5 grid, $6 period
SELECT commune, label, known_sum, known_parts, secret_parts, denominator_sum
  FROM exposure_figures
 WHERE coordination = $1
   AND institution = $2
   AND measure = $3
   AND unit = $4
   AND grid = $5
   AND period = $6
   AND breakdown = '';
