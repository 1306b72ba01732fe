-- name: keep_for
-- How long what comes under an agreement is kept; the same fact again changes nothing.
-- $1 agreement, $2 coordination, $3 months
INSERT INTO agreements (agreement_id, coordination, retention_months)
VALUES ($1, $2, $3)
    ON CONFLICT (agreement_id) DO UPDATE
   SET retention_months = excluded.retention_months;

-- name: coordinations
-- Coordinations that have communes here.
SELECT DISTINCT coordination
  FROM communes
 ORDER BY coordination;

-- name: expired_cells
-- Cells whose term is over, the oldest first; open data has none.
-- $1 coordination, $2 instant, $3 months without an agreement's own, $4 most rows
SELECT c.coordination, c.institution, c.signal_id, c.revision, c.cell_key, c.measure, c.unit,
       c.period, c.grid, c.area_code, c.commune, c.breakdown, c.count, c.denominator, c.label,
       c.in_seq, c.agreement, c.is_open, c.received_at, c.withdrawn
  FROM cells AS c
  LEFT JOIN agreements AS a ON a.agreement_id = c.agreement
 WHERE c.coordination = $1
   AND NOT c.is_open
   AND c.received_at < $2::timestamptz - interval '1 month'
   AND c.received_at
       < $2::timestamptz - make_interval(months => coalesce(a.retention_months, $3::integer))
 ORDER BY c.received_at
 LIMIT $4;

-- name: expired_needs
-- Reported needs whose term is over, the oldest first.
-- $1 coordination, $2 instant, $3 months without an agreement's own, $4 most rows
SELECT n.coordination, n.institution, n.signal_id, n.revision, n.reporter_kind, n.problem, n.theme,
       n.public, n.unit, n.period, n.grid, n.area_code, n.commune, n.count, n.place_kind,
       n.time_slots, n.label, n.in_seq, n.agreement, n.is_open, n.received_at, n.withdrawn
  FROM needs AS n
  LEFT JOIN agreements AS a ON a.agreement_id = n.agreement
 WHERE n.coordination = $1
   AND NOT n.is_open
   AND n.received_at < $2::timestamptz - interval '1 month'
   AND n.received_at
       < $2::timestamptz - make_interval(months => coalesce(a.retention_months, $3::integer))
 ORDER BY n.received_at
 LIMIT $4;

-- name: forget_cells
-- Their term is over.
-- $1 coordinations, $2 signals, $3 institutions
DELETE FROM cells
 USING unnest($1::text[], $2::uuid[], $3::text[]) AS a (coordination, signal_id, institution)
 WHERE (cells.coordination, cells.signal_id, cells.institution)
       = (a.coordination, a.signal_id, a.institution);

-- name: forget_needs
-- Their term is over.
-- $1 coordinations, $2 signals, $3 institutions
DELETE FROM needs
 USING unnest($1::text[], $2::uuid[], $3::text[]) AS a (coordination, signal_id, institution)
 WHERE (needs.coordination, needs.signal_id, needs.institution)
       = (a.coordination, a.signal_id, a.institution);
