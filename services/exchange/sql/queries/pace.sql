-- name: note_seen
-- A partner sent something; a gap over a minute is one of its usual waits.
-- $1 coordination, $2 institution, $3 instant, $4 whether it went beyond its quota
INSERT INTO paces AS own (coordination, institution, last_at, flooded_at)
VALUES ($1, $2, $3::timestamptz, CASE WHEN $4 THEN $3::timestamptz END)
    ON CONFLICT (coordination, institution) DO UPDATE
   SET usual_seconds = CASE
           WHEN $3::timestamptz - own.last_at <= interval '60 seconds' THEN own.usual_seconds
           WHEN own.usual_seconds IS NULL THEN extract(epoch FROM $3::timestamptz - own.last_at)::float8
           ELSE 0.7 * own.usual_seconds + 0.3 * extract(epoch FROM $3::timestamptz - own.last_at)::float8
       END,
       last_at = greatest(own.last_at, $3::timestamptz),
       flooded_at = CASE WHEN $4 THEN $3::timestamptz ELSE own.flooded_at END;

-- name: paces
-- How each partner of a coordination keeps in touch.
-- $1 coordination
SELECT institution, last_at, usual_seconds, quiet_since, flooding_since
  FROM paces
 WHERE coordination = $1
 ORDER BY institution;

-- name: fell_silent
-- Partners that fall silent now: twice their usual wait, and never under a least one.
-- $1 instant, $2 least seconds
UPDATE paces
   SET quiet_since = $1
 WHERE quiet_since IS NULL
   AND usual_seconds IS NOT NULL
   AND extract(epoch FROM $1 - last_at) > greatest(2 * usual_seconds, $2::float8)
RETURNING coordination, institution, last_at, usual_seconds;

-- name: came_back
-- Partners that were silent and sent something since.
UPDATE paces
   SET quiet_since = NULL
  FROM paces AS before
 WHERE before.coordination = paces.coordination
   AND before.institution = paces.institution
   AND paces.quiet_since IS NOT NULL
   AND paces.last_at > paces.quiet_since
RETURNING paces.coordination, paces.institution, before.quiet_since AS since;

-- name: began_flood
-- Partners that went beyond their quota and were not known to.
-- $1 no earlier than this
UPDATE paces
   SET flooding_since = flooded_at
 WHERE flooding_since IS NULL
   AND flooded_at >= $1
RETURNING coordination, institution, flooding_since AS since;

-- name: ended_flood
-- Partners that were beyond their quota and have kept within it since.
-- $1 since this instant
UPDATE paces
   SET flooding_since = NULL
  FROM paces AS before
 WHERE before.coordination = paces.coordination
   AND before.institution = paces.institution
   AND paces.flooding_since IS NOT NULL
   AND paces.flooded_at < $1
RETURNING paces.coordination, paces.institution, before.flooding_since AS since;

-- name: add_agreement_tallies
-- Count what became of signals by what opened them.
-- $1 coordinations, $2 agreements or licences, $3 institutions, $4 statuses, $5 codes, $6 counts, $7 instant
INSERT INTO agreement_tallies (coordination, opened_by, institution, status, code, n, last_at)
SELECT a.coordination, a.opened_by, a.institution, a.status, a.code, a.n, $7
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
       AS a (coordination, opened_by, institution, status, code, n)
    ON CONFLICT (coordination, opened_by, institution, status, code) DO UPDATE
   SET n = agreement_tallies.n + excluded.n,
       last_at = excluded.last_at;

-- name: agreement_tallies
-- What became of a coordination's signals, by agreement or licence.
-- $1 coordination
SELECT opened_by, institution, status, code, n, last_at
  FROM agreement_tallies
 WHERE coordination = $1
 ORDER BY opened_by, institution, status, code;

-- name: delays
-- How long the last signals of a partner waited for their decision, in milliseconds.
-- $1 coordination, $2 institution, $3 how many of the last
SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY took_ms), 0)::float8 AS p50_ms,
       coalesce(percentile_disc(0.99) WITHIN GROUP (ORDER BY took_ms), 0)::float8 AS p99_ms,
       count(took_ms) AS decided
  FROM (SELECT extract(epoch FROM decided_at - received_at)::float8 * 1000 AS took_ms
          FROM receipts
         WHERE coordination = $1
           AND institution = $2
         ORDER BY receipt DESC
         LIMIT $3) AS lately;

-- name: parked_of_partners
-- Messages of partners that are set aside here.
-- $1 coordination
SELECT split_part(subject, '.', 2) AS institution, count(*) AS waiting
  FROM parked
 WHERE consumer = 'exchange-in'
   AND state = 'parked'
   AND split_part(subject, '.', 3) = $1
 GROUP BY 1;

-- name: figures
-- Counts by partner and status over all coordinations, for the metrics; bounded.
-- $1 most rows
SELECT institution, status, sum(n)::bigint AS n, max(last_at) AS last_at
  FROM tallies
 GROUP BY institution, status
 ORDER BY institution, status
 LIMIT $1;

-- name: episodes
-- Partners that are silent or flood, over all coordinations, for the metrics.
SELECT count(*) FILTER (WHERE quiet_since IS NOT NULL) AS silent,
       count(*) FILTER (WHERE flooding_since IS NOT NULL) AS flooding
  FROM paces;
