-- name: add_subscription
-- Keep what an institution wants to be told; the same id again changes nothing.
-- $1 subscription, $2 institution, $3 channel, $4 coordinations, $5 types, $6 areas, $7 themes, $8 publics, $9 payload, $10 url, $11 most events per message, $12 status, $13 instant, $14 expiry
INSERT INTO subscriptions (subscription, institution, channel, coordinations, types, areas, themes,
                           publics, payload, url, batch_max, status, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (subscription) DO NOTHING;

-- name: add_feed
-- Start the feed of a subscription at a place in the stream.
-- $1 subscription, $2 first sequence
INSERT INTO feeds (subscription, start_seq, through_seq)
VALUES ($1, $2, $2::bigint - 1)
    ON CONFLICT (subscription) DO NOTHING;

-- name: subscription
-- One subscription and how its feed stands.
-- $1 subscription
SELECT s.subscription, s.institution, s.channel, s.coordinations, s.types, s.areas, s.themes,
       s.publics, s.payload, s.url, s.batch_max, s.key_version, s.previous_until, s.status,
       s.reason, s.created_at, s.expires_at, f.start_seq, f.through_seq, f.last_subseq, f.acked,
       f.sent, f.failed, f.attempts, f.last_success_at, f.last_failure_at, f.last_failure,
       f.next_attempt_at, f.beaten, f.snapshots, f.gap_subseq, f.owed_seq
  FROM subscriptions AS s
  JOIN feeds AS f ON f.subscription = s.subscription
 WHERE s.subscription = $1;

-- name: subscriptions
-- A page of an institution's subscriptions, or of everyone's; oldest first.
-- $1 institution or null, $2 coordinations or null, $3 after this one or null, $4 most rows
SELECT s.subscription, s.institution, s.channel, s.coordinations, s.types, s.areas, s.themes,
       s.publics, s.payload, s.url, s.batch_max, s.key_version, s.previous_until, s.status,
       s.reason, s.created_at, s.expires_at, f.start_seq, f.through_seq, f.last_subseq, f.acked,
       f.sent, f.failed, f.attempts, f.last_success_at, f.last_failure_at, f.last_failure,
       f.next_attempt_at, f.beaten, f.snapshots, f.gap_subseq, f.owed_seq
  FROM subscriptions AS s
  JOIN feeds AS f ON f.subscription = s.subscription
 WHERE ($1::text IS NULL OR s.institution = $1)
   AND ($2::text[] IS NULL OR s.coordinations <@ $2)
   AND ($3::uuid IS NULL OR s.subscription > $3)
 ORDER BY s.subscription
 LIMIT $4;

-- name: subscriptions_named
-- Those of these ids that still exist.
-- $1 subscriptions
SELECT s.subscription, s.institution, s.channel, s.coordinations, s.types, s.areas, s.themes,
       s.publics, s.payload, s.url, s.batch_max, s.key_version, s.previous_until, s.status,
       s.reason, s.created_at, s.expires_at, f.start_seq, f.through_seq, f.last_subseq, f.acked,
       f.sent, f.failed, f.attempts, f.last_success_at, f.last_failure_at, f.last_failure,
       f.next_attempt_at, f.beaten, f.snapshots, f.gap_subseq, f.owed_seq
  FROM subscriptions AS s
  JOIN feeds AS f ON f.subscription = s.subscription
 WHERE s.subscription = ANY($1::uuid[])
 ORDER BY s.subscription;

-- name: subscriptions_of_channels
-- Those that may be delivered by these channels now; their expiry is checked by the rules.
-- $1 channels, $2 statuses
SELECT s.subscription, s.institution, s.channel, s.coordinations, s.types, s.areas, s.themes,
       s.publics, s.payload, s.url, s.batch_max, s.key_version, s.previous_until, s.status,
       s.reason, s.created_at, s.expires_at, f.start_seq, f.through_seq, f.last_subseq, f.acked,
       f.sent, f.failed, f.attempts, f.last_success_at, f.last_failure_at, f.last_failure,
       f.next_attempt_at, f.beaten, f.snapshots, f.gap_subseq, f.owed_seq
  FROM subscriptions AS s
  JOIN feeds AS f ON f.subscription = s.subscription
 WHERE s.channel = ANY($1::text[])
   AND s.status = ANY($2::text[])
 ORDER BY s.subscription;

-- name: count_subscriptions
-- How many an institution has.
-- $1 institution
SELECT count(*) AS n
  FROM subscriptions
 WHERE institution = $1;

-- name: set_subscription_status
-- Pause, resume, disable or open.
-- $1 subscription, $2 status, $3 reason or null
UPDATE subscriptions
   SET status = $2,
       reason = $3
 WHERE subscription = $1;

-- name: set_subscription_expiry
-- Give it another end.
-- $1 subscription, $2 instant or null
UPDATE subscriptions
   SET expires_at = $2
 WHERE subscription = $1;

-- name: rotate_subscription_key
-- Sign with the next secret from now on, and with the one before until it is over.
-- $1 subscription, $2 until when the one before signs too
UPDATE subscriptions
   SET key_version = key_version + 1,
       previous_until = $2
 WHERE subscription = $1;

-- name: drop_subscription
-- Forget a subscription, its feed and its numbers.
-- $1 subscription
DELETE FROM subscriptions
 WHERE subscription = $1;

-- name: next_attempts
-- When each institution's webhooks are tried again, the first of them, where one failed.
-- $1 coordination
SELECT s.institution, min(f.next_attempt_at) AS next_attempt_at
  FROM subscriptions AS s
  JOIN feeds AS f ON f.subscription = s.subscription
 WHERE s.status IN ('pending', 'active')
   AND $1 = ANY(s.coordinations)
   AND f.next_attempt_at IS NOT NULL
 GROUP BY s.institution;
