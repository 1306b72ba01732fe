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
-- The claimed batch is in the stream, which ends there: forget it and its rows.
-- $1 batch, $2 last sequence of the stream
WITH finished AS (
    DELETE FROM ev_claim WHERE batch = $1 RETURNING answer, seqs
), ended AS (
    INSERT INTO ev_stream (answer, last_seq)
    SELECT answer, $2
      FROM finished
        ON CONFLICT (answer) DO UPDATE
       SET last_seq = greatest(ev_stream.last_seq, excluded.last_seq)
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
-- $1 consumer, $2 event id, $3 aggregate, $4 type, $5 attempts, $6 error, $7 headers, $8 subject, $9 data, $10 stream sequence, $11 its instant
INSERT INTO parked (consumer, event_id, aggregate, type, attempts, error, headers, subject, data,
                    stream_seq, at_ns)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (consumer, event_id) DO NOTHING;

-- name: parked_count
-- How many events wait aside.
SELECT count(*) AS waiting
  FROM parked
 WHERE state = 'parked';

-- name: parked_events
-- Events that wait aside, in the order they came; of one coordination, or of all (*).
-- $1 coordination, $2 after this place, $3 most rows
SELECT n, consumer, event_id, aggregate, type, subject, attempts, error, at
  FROM parked
 WHERE state = 'parked'
   AND n > $2
   AND ($1 = '*' OR split_part(subject, '.', 3) = $1)
 ORDER BY n
 LIMIT $3;

-- name: parked_queue
-- An event that waits aside and all of its aggregate that do, in order, held until it is settled.
-- $1 consumer, $2 event id, $3 coordination or all (*)
SELECT n, event_id, aggregate, type, headers, subject, data, stream_seq, at_ns
  FROM parked
 WHERE consumer = $1
   AND state = 'parked'
   AND ($3 = '*' OR split_part(subject, '.', 3) = $3)
   AND aggregate = (SELECT one.aggregate
                      FROM parked AS one
                     WHERE one.consumer = $1
                       AND one.event_id = $2
                       AND one.state = 'parked')
 ORDER BY n
   FOR UPDATE;

-- name: settle
-- Write what became of a parked event that was tried again, dropped or replaced.
-- $1 consumer, $2 event id, $3 state, $4 error or null, $5 who and why or null
UPDATE parked
   SET state = $3,
       attempts = attempts + 1,
       error = coalesce($4, error),
       told = coalesce($5, told)
 WHERE consumer = $1
   AND event_id = $2;

-- name: stream_end
-- Where a stream ended, and how many facts it should hold since an instant.
-- $1 answers or the rest, $2 since
SELECT (SELECT last_seq FROM ev_stream WHERE answer = $1) AS last_seq,
       count(*) AS facts
  FROM ev
 WHERE (ev.subject LIKE 'out.%') = $1
   AND ev.at > $2
   AND NOT EXISTS (SELECT FROM ev_pending WHERE ev_pending.answer = $1 AND ev_pending.seq = ev.seq);

-- name: void_claim
-- The stream is gone, so no claim can be in it: its rows are claimed again, in order.
-- $1 answers or the rest
DELETE FROM ev_claim
 WHERE answer = $1;

-- name: forget_seen
-- Begin a round of the reconciler.
TRUNCATE ev_seen;

-- name: add_seen
-- Note events found in the stream.
-- $1 event ids
INSERT INTO ev_seen (event_id, times)
SELECT event_id, count(*)
  FROM unnest($1::uuid[]) AS asked (event_id)
 GROUP BY event_id
    ON CONFLICT (event_id) DO UPDATE
   SET times = ev_seen.times + excluded.times;

-- name: unseen
-- Facts that left the outbox and were not found in the stream.
-- $1 answers or the rest, $2 since
SELECT ev.seq
  FROM ev
 WHERE (ev.subject LIKE 'out.%') = $1
   AND ev.at > $2
   AND NOT EXISTS (SELECT FROM ev_seen WHERE ev_seen.event_id = ev.event_id)
   AND NOT EXISTS (SELECT FROM ev_pending WHERE ev_pending.answer = $1 AND ev_pending.seq = ev.seq)
 ORDER BY ev.seq;

-- name: put_again
-- Queue for the relay what is still not found.
-- $1 answers or the rest, $2 places in the table
INSERT INTO ev_pending (answer, seq)
SELECT $1, ev.seq
  FROM unnest($2::bigint[]) AS asked (seq)
  JOIN ev USING (seq)
 WHERE NOT EXISTS (SELECT FROM ev_seen WHERE ev_seen.event_id = ev.event_id)
    ON CONFLICT DO NOTHING
RETURNING seq;

-- name: seen_figures
-- What was found: events, those found twice or more, those this service never told.
SELECT count(*) AS found,
       count(*) FILTER (WHERE times > 1) AS doubled,
       count(*) FILTER (WHERE NOT EXISTS (SELECT FROM ev WHERE ev.event_id = ev_seen.event_id))
           AS strangers
  FROM ev_seen;
