-- name: lock_feeds
-- Hold feeds that are about to be numbered, in one order for every writer.
-- $1 subscriptions
SELECT subscription, through_seq, last_subseq, gap_subseq, snapshots
  FROM feeds
 WHERE subscription = ANY($1::uuid[])
 ORDER BY subscription
   FOR UPDATE;

-- name: add_deliveries
-- Give the next numbers of feeds to messages, in the order of the stream.
-- $1 subscriptions, $2 numbers, $3 sequences, $4 event ids
INSERT INTO deliveries (subscription, subseq, stream_seq, event_id)
SELECT subscription, subseq, stream_seq, event_id
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[])
       AS a (subscription, subseq, stream_seq, event_id);

-- name: move_feeds
-- Messages up to here are numbered.
-- $1 subscriptions, $2 sequences, $3 last numbers
UPDATE feeds
   SET through_seq = a.through_seq,
       last_subseq = a.last_subseq
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[])
       AS a (subscription, through_seq, last_subseq)
 WHERE feeds.subscription = a.subscription;

-- name: deliveries
-- What the numbers of a feed are, in order.
-- $1 subscription, $2 after this number, $3 until this number, $4 most rows
SELECT subseq, stream_seq, event_id
  FROM deliveries
 WHERE subscription = $1
   AND subseq > $2
   AND subseq <= $3
 ORDER BY subseq
 LIMIT $4;

-- name: feeds_after
-- A page of feeds, in order.
-- $1 after this subscription, $2 most rows
SELECT subscription
  FROM feeds
 WHERE subscription > $1
 ORDER BY subscription
 LIMIT $2;

-- name: forget_deliveries
-- Forget the oldest numbers of feeds: confirmed long ago, or of messages that the stream lost to
-- retention. What is not confirmed and may still be delivered stays.
-- $1 subscriptions, $2 first sequence of the stream, $3 confirmed and numbered before, $4 most rows of a feed
  WITH old AS (
       SELECT d.subscription, d.subseq
         FROM feeds AS f
              CROSS JOIN LATERAL (
                  SELECT subscription, subseq, stream_seq, numbered_at
                    FROM deliveries
                   WHERE subscription = f.subscription
                   ORDER BY subseq
                   LIMIT $4) AS d
        WHERE f.subscription = ANY($1::uuid[])
          AND (d.stream_seq < $2 OR (d.subseq <= f.acked AND d.numbered_at < $3)))
DELETE FROM deliveries
 USING old
 WHERE deliveries.subscription = old.subscription
   AND deliveries.subseq = old.subseq
RETURNING deliveries.subseq;

-- name: ack_feed
-- Numbers up to here had their effect; an older word changes nothing.
-- $1 subscription, $2 number
UPDATE feeds
   SET acked = greatest(acked, least($2, last_subseq))
 WHERE subscription = $1
RETURNING acked, last_subseq;

-- name: tell_success
-- A message reached its endpoint.
-- $1 subscription, $2 number it ended at, $3 messages, $4 instant
UPDATE feeds
   SET acked = greatest(acked, least($2, last_subseq)),
       sent = sent + $3,
       attempts = 0,
       last_success_at = $4,
       next_attempt_at = NULL
 WHERE subscription = $1;

-- name: tell_failure
-- A message did not reach its endpoint; when to try again.
-- $1 subscription, $2 reason, $3 instant, $4 next attempt or null
UPDATE feeds
   SET failed = failed + 1,
       attempts = attempts + 1,
       last_failure_at = $3,
       last_failure = $2,
       next_attempt_at = $4
 WHERE subscription = $1;

-- name: forget_attempts
-- Begin the table of attempts anew, at once.
-- $1 subscription
UPDATE feeds
   SET attempts = 0,
       next_attempt_at = NULL
 WHERE subscription = $1;

-- name: restart_feed
-- Read the stream again from this place; numbers go on, or are counted anew from nothing.
-- $1 subscription, $2 first sequence, $3 whether to count anew
UPDATE feeds
   SET start_seq = $2,
       through_seq = $2::bigint - 1,
       beaten = 0,
       acked = CASE WHEN $3 THEN 0 ELSE acked END,
       last_subseq = CASE WHEN $3 THEN 0 ELSE last_subseq END
 WHERE subscription = $1;

-- name: note_snapshot
-- A snapshot was asked for what is lost up to this number; the last eight are remembered.
-- $1 subscription, $2 snapshot, $3 number
UPDATE feeds
   SET snapshots = (array_prepend($2::uuid, snapshots))[1:8],
       gap_subseq = greatest(gap_subseq, $3)
 WHERE subscription = $1;

-- name: owe
-- Remember the oldest message that a subscriber over NATS has not confirmed.
-- $1 subscription, $2 sequence or null
UPDATE feeds
   SET owed_seq = $2
 WHERE subscription = $1;

-- name: tell_beats
-- Remember the count that each subscriber was last told.
-- $1 subscriptions, $2 counts
UPDATE feeds
   SET beaten = a.beaten
  FROM unnest($1::uuid[], $2::bigint[]) AS a (subscription, beaten)
 WHERE feeds.subscription = a.subscription;
