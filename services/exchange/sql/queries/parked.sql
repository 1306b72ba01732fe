-- name: add_redrive
-- Freeze a set; nothing comes back when its id is known.
-- $1 id, $2 verb, $3 who, $4 why, $5 text that replaces or null, $6 instant
INSERT INTO redrives (redrive_id, verb, who, why, edited, asked_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
RETURNING redrive_id;

-- name: add_redrive_items
-- The events of a set, in the order they are dealt with.
-- $1 id, $2 services, $3 consumers, $4 event ids
INSERT INTO redrive_items (redrive_id, n, service, consumer, event_id)
SELECT $1, n, service, consumer, event_id
  FROM unnest($2::text[], $3::text[], $4::text[])
       WITH ORDINALITY AS a (service, consumer, event_id, n);

-- name: redrive
-- A set, and who asked what.
-- $1 id
SELECT redrive_id, verb, who, why, edited, asked_at, finished_at
  FROM redrives
 WHERE redrive_id = $1;

-- name: redrive_items
-- The events of a set and what became of each.
-- $1 id
SELECT n, service, consumer, event_id, outcome, error, behind
  FROM redrive_items
 WHERE redrive_id = $1
 ORDER BY n;

-- name: note_outcome
-- What became of an event of a set; the first word stands, but one that failed may be tried again.
-- $1 id, $2 service, $3 consumer, $4 event id, $5 outcome, $6 error or null, $7 how many followed
UPDATE redrive_items
   SET outcome = $5,
       error = $6,
       behind = $7
 WHERE redrive_id = $1
   AND service = $2
   AND consumer = $3
   AND event_id = $4
   AND outcome IS NULL;

-- name: finish_redrive
-- Every event of the set was dealt with.
-- $1 id, $2 instant
UPDATE redrives
   SET finished_at = $2
 WHERE redrive_id = $1
   AND finished_at IS NULL
   AND NOT EXISTS (SELECT FROM redrive_items WHERE redrive_id = $1 AND outcome IS NULL);

-- name: redrive_log
-- Who dealt with what and why, latest first.
-- $1 before this id or null, $2 most rows
SELECT redrives.redrive_id, redrives.verb, redrives.who, redrives.why, redrives.asked_at,
       redrives.finished_at,
       (SELECT count(*) FROM redrive_items WHERE redrive_items.redrive_id = redrives.redrive_id)
           AS events
  FROM redrives
 WHERE $1::timestamptz IS NULL
    OR redrives.asked_at < $1
 ORDER BY redrives.asked_at DESC
 LIMIT $2;
