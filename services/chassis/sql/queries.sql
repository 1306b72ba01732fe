-- name: durability
-- Settings that decide whether a commit survives a power cut.
-- $1 names
SELECT name, setting
  FROM pg_settings
 WHERE name = ANY($1::text[]);

-- name: make_migrations
-- Where the steps already run are kept; the only table made outside a step.
CREATE TABLE IF NOT EXISTS migrations (
    name text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

-- name: has_migrations
-- Whether this database was ever migrated.
SELECT to_regclass('migrations') IS NOT NULL AS found;

-- name: lock_migrations
-- One process migrates at a time.
-- $1 key
SELECT pg_advisory_lock($1::bigint);

-- name: unlock_migrations
-- Let the next one in.
-- $1 key
SELECT pg_advisory_unlock($1::bigint);

-- name: migrations
-- Steps already run.
SELECT name
  FROM migrations
 ORDER BY name;

-- name: add_migration
-- Remember a step in its own transaction.
-- $1 name
INSERT INTO migrations (name)
VALUES ($1);

-- name: put_facts
-- Append facts in the order given, numbered inside their aggregate, and queue them for the relay.
-- The caller holds the aggregate's row, so the next version is free; the unique key is the proof.
-- $1 event ids, $2 aggregates, $3 subjects, $4 types, $5 data, $6 causes, $7 chains, $8 source, $9 instant
WITH asked AS (
    SELECT a.event_id, a.aggregate, a.subject, a.type, a.data, a.cause, a.chain, a.n
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[],
                  $7::text[])
           WITH ORDINALITY AS a (event_id, aggregate, subject, type, data, cause, chain, n)
), added AS (
    INSERT INTO ev (event_id, aggregate, version, subject, type, source, causation_id,
                    correlation_id, data, at)
    SELECT asked.event_id, asked.aggregate,
           coalesce((SELECT max(ev.version) FROM ev WHERE ev.aggregate = asked.aggregate), 0)
           + row_number() OVER (PARTITION BY asked.aggregate ORDER BY asked.n),
           asked.subject, asked.type, $8, asked.cause, asked.chain, asked.data, $9
      FROM asked
     ORDER BY asked.n
    RETURNING seq, subject
)
INSERT INTO ev_pending (answer, seq)
SELECT subject LIKE 'out.%', seq
  FROM added;

-- name: lead_relay
-- Become the one relay of this service; held until the connection ends.
-- $1 key
SELECT pg_try_advisory_lock($1::bigint) AS leads;

-- name: open_claim
-- The batch a relay was publishing when it stopped, if any, with its rows in order.
-- $1 answers or the rest
SELECT ev_claim.batch, ev.seq, ev.event_id, ev.aggregate, ev.version, ev.subject, ev.type,
       ev.source, ev.causation_id, ev.correlation_id, ev.data, ev.at
  FROM ev_claim
  JOIN ev ON ev.seq = ANY(ev_claim.seqs)
 WHERE ev_claim.answer = $1
 ORDER BY ev.seq;

-- name: finish_claim
-- The claimed batch is in the stream: forget it and its rows.
-- $1 batch
WITH finished AS (
    DELETE FROM ev_claim WHERE batch = $1 RETURNING answer, seqs
)
DELETE FROM ev_pending
 USING finished
 WHERE ev_pending.answer = finished.answer
   AND ev_pending.seq = ANY(finished.seqs);

-- name: claim
-- Take the oldest facts that wait, under a fresh batch id, as one row.
-- $1 answers or the rest, $2 batch, $3 most rows
WITH picked AS (
    SELECT seq
      FROM ev_pending
     WHERE answer = $1
     ORDER BY seq
     LIMIT $3
), claimed AS (
    INSERT INTO ev_claim (answer, batch, seqs)
    SELECT $1, $2, array_agg(seq ORDER BY seq)
      FROM picked
    HAVING count(*) > 0
    RETURNING batch
)
SELECT claimed.batch, ev.seq, ev.event_id, ev.aggregate, ev.version, ev.subject, ev.type,
       ev.source, ev.causation_id, ev.correlation_id, ev.data, ev.at
  FROM claimed, picked
  JOIN ev USING (seq)
 ORDER BY ev.seq;

-- name: pending_count
-- How many facts wait for the relay.
SELECT count(*) AS waiting
  FROM ev_pending;

-- name: add_to_inbox
-- Keep the events not seen before; those alone are handled.
-- $1 consumer, $2 event ids
INSERT INTO inbox (consumer, event_id)
SELECT $1, event_id
  FROM unnest($2::text[]) AS asked (event_id)
    ON CONFLICT DO NOTHING
RETURNING event_id;

-- name: blocked_aggregates
-- Aggregates with a parked event: later events of theirs queue behind it.
-- $1 consumer
SELECT DISTINCT aggregate
  FROM parked
 WHERE consumer = $1
   AND state = 'parked';

-- name: park
-- Set an event aside with its reason; it is redriven later, in order.
-- $1 consumer, $2 event id, $3 aggregate, $4 type, $5 attempts, $6 error, $7 headers, $8 subject, $9 data
INSERT INTO parked (consumer, event_id, aggregate, type, attempts, error, headers, subject, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (consumer, event_id) DO NOTHING;

-- name: parked_count
-- How many events wait aside.
SELECT count(*) AS waiting
  FROM parked
 WHERE state = 'parked';
