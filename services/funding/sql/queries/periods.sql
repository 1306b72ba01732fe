-- name: lock_ledger
-- Wait for the batches under way and hold those that follow: the guard on transfers takes it shared.
-- $1 coordination
SELECT pg_advisory_xact_lock(hashtextextended('ledger ' || $1::text, 0));

-- name: closed_through
-- The last day on which nothing is effective any more; null while nothing is closed.
-- $1 coordination
SELECT max(last_day) AS day
  FROM closings
 WHERE coordination = $1;

-- name: add_period
-- Write a period; nothing when its name is taken or another has some of its days.
-- $1 coordination, $2 period, $3 first day, $4 last day
INSERT INTO periods (coordination, period, first_day, last_day)
VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING;

-- name: period
-- One period, with the head of the chain at its closing; nulls while it is open.
-- $1 coordination, $2 period
SELECT periods.period, periods.first_day, periods.last_day, closings.seq, closings.hash,
       closings.at
  FROM periods
  LEFT JOIN closings USING (coordination, period)
 WHERE periods.coordination = $1
   AND periods.period = $2;

-- name: periods
-- A page of periods, first days first.
-- $1 coordination, $2 after this first day, $3 most rows
SELECT periods.period, periods.first_day, periods.last_day, closings.seq, closings.hash,
       closings.at
  FROM periods
  LEFT JOIN closings USING (coordination, period)
 WHERE periods.coordination = $1
   AND periods.first_day > $2
 ORDER BY periods.first_day
 LIMIT $3;

-- name: period_over
-- The first period that has one of these days.
-- $1 coordination, $2 first day, $3 last day
SELECT period, first_day, last_day
  FROM periods
 WHERE coordination = $1
   AND first_day <= $3
   AND last_day >= $2
 ORDER BY first_day
 LIMIT 1;

-- name: open_before
-- The first period still open that ends before a day: it must be closed first.
-- $1 coordination, $2 day
SELECT periods.period
  FROM periods
  LEFT JOIN closings USING (coordination, period)
 WHERE periods.coordination = $1
   AND periods.last_day < $2
   AND closings.period IS NULL
 ORDER BY periods.first_day
 LIMIT 1;

-- name: add_closing
-- Close a period over the head of the chain.
-- $1 coordination, $2 period, $3 first day, $4 last day, $5 seq, $6 hash, $7 instant
INSERT INTO closings (coordination, period, first_day, last_day, seq, hash, at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: add_checkpoints
-- Keep what each account held at the end of a closed period.
-- $1 coordination, $2 period, $3 codes, $4 debits pending, $5 debits posted, $6 credits pending, $7 credits posted
INSERT INTO checkpoints (coordination, period, account_id, debits_pending, debits_posted,
                         credits_pending, credits_posted)
SELECT $1, $2, accounts.account_id, kept.debits_pending, kept.debits_posted,
       kept.credits_pending, kept.credits_posted
  FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       AS kept (code, debits_pending, debits_posted, credits_pending, credits_posted)
  JOIN accounts ON accounts.coordination = $1 AND accounts.code = kept.code;

-- name: checkpoints
-- What each account held at the end of a closed period.
-- $1 coordination, $2 period
SELECT accounts.code, checkpoints.debits_pending, checkpoints.debits_posted,
       checkpoints.credits_pending, checkpoints.credits_posted
  FROM checkpoints
  JOIN accounts USING (account_id)
 WHERE checkpoints.coordination = $1
   AND checkpoints.period = $2
 ORDER BY accounts.code;

-- name: closings
-- Closed periods by the block they sealed, for a journal that tells them.
-- $1 coordination
SELECT period, first_day, last_day, seq, hash, at
  FROM closings
 WHERE coordination = $1
 ORDER BY seq, last_day;
