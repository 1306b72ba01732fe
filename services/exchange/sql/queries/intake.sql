-- name: open_request
-- Take an idempotency key for this request; nothing comes back when another request has it.
-- $1 institution, $2 coordination, $3 key, $4 digest of the body, $5 instant
INSERT INTO requests (institution, coordination, key, digest, at)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
RETURNING key;

-- name: request
-- The request that took a key, and what it was answered.
-- $1 institution, $2 coordination, $3 key
SELECT digest, answer
  FROM requests
 WHERE institution = $1
   AND coordination = $2
   AND key = $3;

-- name: answer_request
-- Keep the answer that a retry will be given.
-- $1 institution, $2 coordination, $3 key, $4 answer
UPDATE requests
   SET answer = $4
 WHERE institution = $1
   AND coordination = $2
   AND key = $3;

-- name: forget_requests
-- Keys older than what the guide promises are free again.
-- $1 before this instant
DELETE FROM requests
 WHERE at < $1;

-- name: refill_allowance
-- Hold an institution's allowance until the end of the transaction, with what time gave back.
-- $1 institution, $2 signals per second, $3 most at once, $4 instant
INSERT INTO allowances AS own (institution, left_over, at)
VALUES ($1, $3, $4)
    ON CONFLICT (institution) DO UPDATE
   SET left_over = least($3, own.left_over
                             + greatest(0, extract(epoch FROM $4 - own.at)::float8) * $2),
       at = greatest(own.at, $4)
RETURNING left_over;

-- name: take_allowance
-- These signals were taken.
-- $1 institution, $2 signals
UPDATE allowances
   SET left_over = left_over - $2
 WHERE institution = $1;
